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
from mutualflow.settings import from_environment
from mutualflow.web import application, practice
from mutualflow.web.site import Site
from mutualflow.wiring.app import App

LOOPBACK = "127.0.0.1"
PRACTICE_DATA = Path("out") / "practice"


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
    site = Site(app=app, calendar=calendar, key=secrets.token_bytes(32), origin=origin, practice=True)
    console.print(f"The practice site is open at [bold]{origin}/practice[/bold]. Stop it with Ctrl+C.")
    logging.getLogger("mutualflow").setLevel(logging.WARNING)
    try:
        uvicorn.run(application.build(site), host=LOOPBACK, port=port, log_level="warning", server_header=False)
    finally:
        app.close()
