"""`mutualflow serve`: the site itself; `mutualflow practise`: a practice site with a sample lived half-way."""

import logging
import secrets
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from mutualflow.domain.material import say_day
from mutualflow.settings import from_environment, web_from_environment
from mutualflow.storage import revision
from mutualflow.web import application, practice
from mutualflow.web.calendar import RealCalendar
from mutualflow.web.site import Site
from mutualflow.wiring.app import App

LOOPBACK = "127.0.0.1"
PRACTICE_DATA = Path("out") / "practice"


def serve(
    host: Annotated[str, typer.Option(help="address to listen on, behind your own proxy")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="port to listen on", min=1, max=65535)] = 8000,
) -> None:
    """Open the site for everybody in it; settings come from MUTUALFLOW_*, and what is missing is named."""
    web = web_from_environment()
    app = App(from_environment())
    app.read(revision.check)
    site = Site(
        app=app, calendar=RealCalendar(), key=web.secret_key, origin=web.address, operator=web.operator,
        contact=web.contact,
    )  # fmt: skip
    run(site, host, port)


def run(site: Site, host: str, port: int) -> None:
    """Serve until stopped; only a proxy on this computer is believed about where a request comes from."""
    logging.getLogger("mutualflow").setLevel(logging.WARNING)
    try:
        uvicorn.run(application.build(site), host=host, port=port, log_level="warning", server_header=False)
    finally:
        site.app.close()


def practise(port: Annotated[int, typer.Option(help="port on this computer", min=1, max=65535)] = 8000) -> None:
    """Open a practice site on this computer: a sample half-way, everybody in it, mails on a page."""
    console = Console(highlight=False)
    shutil.rmtree(PRACTICE_DATA, ignore_errors=True)
    app = App(from_environment({"MUTUALFLOW_DATA_DIR": str(PRACTICE_DATA.resolve())}))
    history = practice.load()
    with console.status("") as status:

        def told(day: date) -> None:
            status.update(f"Living the sample up to {say_day(practice.UNTIL)}: {say_day(day)}")

        calendar = practice.prepare(app, history, told)
    origin = f"http://localhost:{port}"
    site = Site(
        app=app, calendar=calendar, key=secrets.token_bytes(32), origin=origin, practice=True,
        operator="you, on this computer", contact="nobody@example.org",
    )  # fmt: skip
    console.print(f"The practice site is open at [bold]{origin}/practice[/bold]. Stop it with Ctrl+C.")
    run(site, LOOPBACK, port)
