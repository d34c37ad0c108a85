"""The commands that need Prefect: walk, timetable, demo; each parses, calls, shows."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from mutualflow.cli.common import On, application, console, now, today
from mutualflow.services import walking
from mutualflow.settings import from_environment
from mutualflow.wiring import pulses
from workflows import prefect_env
from workflows.server import api_server, healthy

Key = Annotated[str, typer.Argument(help="key of one formation; without it everything that is due", show_default=False)]
Out = Annotated[Path, typer.Option("--out", help="folder for database, mails and documents")]


def walk(formation: Key = "", on: On = "") -> None:
    """Do what time makes due: as a Prefect flow where a server answers, else as the same plain functions."""
    settings = from_environment()
    prefect_env.apply(settings.data_dir)
    url = os.environ.get("PREFECT_API_URL", "")
    day, moment = today(on), now()
    if url and healthy(url):
        from workflows import flows  # late: Prefect costs more than a second, and only this branch needs it

        if formation:
            flows.walk_one(formation, day.isoformat(), moment.isoformat())
        else:
            flows.walk_all(day.isoformat(), moment.isoformat())
        console().print(f"Walked as a flow run for {day.isoformat()}.")
        return
    with application() as app:
        if formation:
            done = app.write(lambda db: walking.walk(db, formation, today=day, now=moment, law=app.law, force=True))
        else:
            done = pulses.walk_everything(app, today=day, now=moment)
    why = "no server answers at PREFECT_API_URL" if url else "no Prefect server is named"
    console().print(f"Walked {done.walked}, told {done.told} ({why}, so without Prefect).")


def timetable() -> None:
    """Serve the timetable until it is told to stop."""
    settings = from_environment()
    prefect_env.apply(settings.data_dir)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # also while the server starts: it is not left behind
    signal.signal(signal.SIGINT, lambda *_: signal.raise_signal(signal.SIGTERM))
    with api_server(settings.prefect_port):
        from workflows import timetable as served  # late: Prefect reads its settings, the address too, when imported

        served.run()


def demo(out: Out = Path("out")) -> None:
    """Walk the sample from first idea to first year, with real flows on SQLite."""
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")  # the sample kills a sender on purpose
    prefect_env.apply(out / "data")
    from workflows import demo as shown  # late: reads Prefect's settings, which are chosen above

    shown.run(out)
