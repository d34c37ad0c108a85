"""The commands that need Prefect: walk, timetable, demo; each parses, calls, shows. Prefect is imported late."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from mutualflow.cli import codes
from mutualflow.cli.common import AsJson, On, application, console, now, print_json, say_unreachable, today
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.material import say_day
from mutualflow.settings import Settings, from_environment
from mutualflow.storage import formations
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from workflows import prefect_env
from workflows.server import ADDRESS, ServerFault, address, api_server, healthy

Key = Annotated[str, typer.Argument(help="key of one formation; without it everything that is due", show_default=False)]
Out = Annotated[Path, typer.Option("--out", help="folder for the database, mails and papers")]


@contextmanager
def _in_a_sentence(*faults: type[Exception]) -> Iterator[None]:
    """Faults that only workflows know, told as every command tells what went wrong."""
    try:
        yield
    except faults as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(codes.FAULT) from None


def walk(formation: Key = "", on: On = "", json_: AsJson = False) -> None:
    """Do what time makes due: as a Prefect flow where a server answers, else by the same functions without it."""
    settings = from_environment()
    day, moment = today(on), now()
    with application() as app:
        if not app.read(lambda db: formation == "" or formations.release_of(db, formation) is not None):
            raise Refused(Refusal.UNKNOWN_KEY, f"There is no formation “{formation[:60]}”.")
        url, why = _server(settings)
        counts = _as_flow(app, settings, url, formation, day, moment) if url else _plainly(app, formation, day, moment)
    if json_:
        print_json({"on": day, "server": url, **counts})
        return
    out = console()
    out.print(
        f"[green]✔[/] {say_day(day)}: {counts.get('walked', 0)} walked, {counts.get('changed', 0)} changed, "
        f"{counts.get('told', 0)} reminders written, {counts.get('sent', 0)} mails sent; "
        + (f"as a flow run of {url}." if url else f"without Prefect, because {why}.")
    )
    if held := counts.get("held"):
        out.print(f"{held} left for the next walk: somebody was working on {'it' if held == 1 else 'them'}.")
    say_unreachable(out, counts.get("unreachable", 0))
    if counts.get("failed"):
        out.print(f"[red]{counts['failed']} could not be walked; the log says why, and they stay due.[/]")
        raise typer.Exit(codes.FAULT)


def _server(settings: Settings) -> tuple[str, str]:
    """The address of a server that answers; else '' and why there is none."""
    if find_spec("prefect") is None:
        return "", "it is not installed"
    named = settings.prefect_api_url
    if named:
        return (named, "") if healthy(named) else ("", f"no server answers at {named}")
    usual = address(settings.prefect_port)
    return (usual, "") if healthy(usual) else ("", f"{ADDRESS} is not set and nothing answers at {usual}")


def _as_flow(app: App, settings: Settings, url: str, formation: str, day: date, moment: datetime) -> dict[str, int]:
    os.environ[ADDRESS] = url
    prefect_env.apply(settings.data_dir)
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # late: its settings are chosen

    from workflows import flows

    flows.use(app)
    with _in_a_sentence(flows.PulseFault), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        if formation:
            return flows.walk_one(formation, day.isoformat(), moment.isoformat())
        return flows.walk_all(day.isoformat(), moment.isoformat())


def _plainly(app: App, formation: str, day: date, moment: datetime) -> dict[str, int]:
    if formation:
        return pulses.walk_by_name(app, formation, today=day, now=moment).as_counts()
    return pulses.sweep_plainly(app, today=day, now=moment).counts


def timetable() -> None:
    """Serve the timetable until it is told to stop: walks at seven, sending every five minutes, looks for dead runs.

    With a Prefect server of its own, unless PREFECT_API_URL names another.
    """
    settings = from_environment()
    with application() as app:
        app.read(formations.heads)  # a database that cannot be read is told now, not at seven
    os.environ["MUTUALFLOW_DATA_DIR"] = str(settings.data_dir.resolve())  # for the processes of the runs
    prefect_env.apply(settings.data_dir)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # while the server starts; afterwards Prefect's own handler
    for other in (signal.SIGINT, signal.SIGHUP):  # Prefect knows neither: a run would stay "Running", a server behind
        signal.signal(other, lambda *_: signal.raise_signal(signal.SIGTERM))
    with _in_a_sentence(ServerFault), api_server(settings.prefect_port):
        from workflows import timetable as served  # late: Prefect reads the address above when it is imported

        served.run()


def demo(out: Out = Path("out")) -> None:
    """Walk a sample from a first idea to the end of its first year: real flows, SQLite, papers as PDFs."""
    from workflows import demo as shown  # late: it needs much that no other command does
    from workflows.outcome import DemoFault

    for one in (signal.SIGTERM, signal.SIGHUP):  # so that the server is stopped too
        signal.signal(one, lambda number, _: sys.exit(128 + number))
    with _in_a_sentence(ServerFault, DemoFault):
        shown.run(out)
