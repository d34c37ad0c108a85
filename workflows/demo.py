"""The demo: a sample lived day by day, each day followed by the walk as a real flow run."""

import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mutualflow.cli import picture
from mutualflow.domain.errors import Fault, FileFault, Refusal, Refused
from mutualflow.domain.history import Happening, History
from mutualflow.domain.material import say_day
from mutualflow.services.acting import LONDON
from mutualflow.settings import from_environment
from mutualflow.wiring import histories, living, replaying, samples
from mutualflow.wiring.app import App
from mutualflow.wiring.living import Unlike
from mutualflow.wiring.publishing import ship
from workflows import prefect_env, records
from workflows.crash import ROW, Crash, SenderKilled
from workflows.narration import Narrator
from workflows.outcome import Outcome
from workflows.server import free_port, launched

SAMPLE = "homeless-health.yaml"
UNSEEN_WIDTH = 100  # columns of a narration that goes to a file
MARK = ".mutualflow-demo"
EVENING = time(18)


def run(out: Path) -> None:
    """Live the shipped sample in a fresh folder under `out`, and show what came of it."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else UNSEEN_WIDTH)
    history = histories.load(samples.folder() / SAMPLE)
    data = fresh(out)
    prefect_env.for_demo(data)
    console.print(f"[bold]{history.title}[/bold], a sample. {history.note}")
    with application(data) as app, launched(free_port()) as server:
        with console.status("Making a database, publishing pathways and law, starting a Prefect server"):
            prepare(app, history)
            import_module("workflows.flows")  # Prefect's import, too, goes on while its server starts
            server.ready()
        crash = live(app, history, console)
        Outcome(app, history, crash, data / MARK).show(out, console)
        console.print(
            picture.section("Real histories, as thin as their records", records.shown(app, datetime.now(UTC)))
        )


def fresh(out: Path) -> Path:
    """An empty data folder under `out`: what an earlier demo left there is removed, nothing else."""
    data = out / "data"
    mark = data / MARK
    if data.exists() and any(data.iterdir()):
        if not mark.is_file():
            raise Refused(
                Refusal.NOT_ON_FILE, f"{data} is there and is not of an earlier demo; name another folder with --out."
            )
        for name in mark.read_text(encoding="utf-8").splitlines():
            (out / Path(name).name).unlink(missing_ok=True)
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return data


@contextmanager
def application(data: Path) -> Iterator[App]:
    """An application on SQLite in the data folder, with mails as files; errors go to a log beside them."""
    log = logging.getLogger("mutualflow")
    handler = logging.FileHandler(data / "demo.log", encoding="utf-8", delay=True)
    log.addHandler(handler)
    log.propagate = False
    app = App(from_environment({"MUTUALFLOW_DATA_DIR": str(data.resolve())}))
    try:
        yield app
    finally:
        app.close()
        log.propagate = True
        log.removeHandler(handler)
        handler.close()


def prepare(app: App, history: History) -> None:
    """Everything that stands before the first day, and a press that is warm."""
    replaying.begin(app, history, ship(app))
    app.press.ready()


def live(app: App, history: History, console: Console) -> Crash:
    """Each day: first the people's acts, each as its own person, then one walk over everything, as a flow run."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # late: the server is known now

    from workflows import flows

    flows.use(app)
    days = list(living.days(history))
    narrator, crash = Narrator(app, history, console), Crash(days[0][0])
    app.between = crash.passed
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        bar = progress.add_task("", total=len(days))
        for day, rows in days:
            progress.update(bar, description=say_day(day).rjust(17))
            narrator.acts(day, [_row(app, history, row) for row in rows])
            crash.today = day
            crash.armed = crash.armed or any(row.row.get("machine") == ROW for row in rows)
            counts: dict[str, int] | None = None
            with suppress(SenderKilled):
                counts = flows.walk_all(on=day.isoformat(), now=evening(day).isoformat())
            narrator.walk(day, counts or {}, crash)
            progress.advance(bar)
    return crash


def _row(app: App, history: History, row: Happening) -> living.Told:
    try:
        return living.live(app, history, row)
    except Unlike as unlike:
        raise FileFault((Fault(SAMPLE, row.line, "happened", str(unlike)),)) from None


def evening(day: date) -> datetime:
    """When the walk of a day runs: after the people have acted."""
    return datetime.combine(day, EVENING, LONDON)
