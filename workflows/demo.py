"""The demo: a sample lived day by day, each day followed by the walk as a real flow run."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from ruamel.yaml import YAML

import mutualflow
from mutualflow.cli.operator import ship
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import DateKind, Formation
from mutualflow.domain.history import Happening, History
from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.pathway import Pathway
from mutualflow.services import pathways, publishing
from mutualflow.settings import from_environment
from mutualflow.storage import documents, files, formations, migrating, notices
from mutualflow.storage import pulses as pulse_rows
from mutualflow.storage.notices import Delivery
from mutualflow.wiring import histories, living
from mutualflow.wiring.app import App
from mutualflow.wiring.living import Told
from workflows import flows
from workflows.server import api_server

SAMPLE = "homeless-health.yaml"
CRASH = "crash_between_queue_and_mark"


class SenderKilled(BaseException):
    """The sender dies between the channel and the mark (a sample's own row asks for it)."""


def run(out: Path) -> None:
    """Live the sample in a fresh data folder under `out`, walk after each day, and show what came of it."""
    console = Console(highlight=False)
    folder = samples_folder()
    history = histories.load(folder / SAMPLE)
    data = fresh(out)
    environment = {"MUTUALFLOW_DATA_DIR": str(data), "MUTUALFLOW_MAIL_SENDER": "mutualflow@example.org"}
    app = App(from_environment(environment))
    flows.use(app)
    try:
        prepare(app, history, folder)
        with api_server(free_port()), temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            live(app, history, console)
        show(app, history, out, console)
    finally:
        app.close()


def fresh(out: Path) -> Path:
    """An empty data folder under `out`; what an earlier demo left there is removed, nothing else."""
    data = out / "data"
    if data.exists():
        shutil.rmtree(data)
    for old in out.glob("D*-*.pdf"):
        old.unlink()
    data.mkdir(parents=True)
    return data


def samples_folder() -> Path:
    """`samples/` beside the package in a checkout, `_data/samples` inside it in a wheel."""
    package = Path(mutualflow.__file__).resolve().parent
    inside = package / "_data" / "samples"
    return inside if inside.is_dir() else package.parent / "samples"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def prepare(app: App, history: History, folder: Path) -> None:
    """Database, release, rulebook, the sample's stand-ins for official wording, and the formation itself."""
    first = history.happened[0].on.earliest
    moment = datetime.combine(first or date.min, time(8), UTC)
    migrating.upgrade(app.engine)
    new = ship(app)
    app.write(lambda db: publishing.publish(db, new, by="operator", now=moment, via="replay"))
    for key in history.prescribed:
        said = YAML(typ="safe").load((folder / "prescribed" / f"{key}.yaml").read_text(encoding="utf-8"))
        text, source = str(said["text"]), str(said["official_source"])
        app.write(
            lambda db, key=key, text=text, source=source: publishing.load_prescribed(  # type: ignore[misc]
                db, key, text, source, sample=True, by="operator", now=moment, via="replay"
            )
        )
    living.begin(app, history, law_now=moment)


def live(app: App, history: History, console: Console) -> None:
    """Each day: first the people's acts, each as its own person, then one walk over everything, as a flow run."""
    days = list(living.days(history))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console.print(f"[bold]{history.title}[/bold] (invented), from {say_day(days[0][0])} to {say_day(days[-1][0])}\n")
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("walking", total=len(days))
        for day, rows in days:
            progress.update(bar, description=say_day(day).rjust(17))
            for row in rows:
                living.live(app, history, row, lambda told: _narrate(console, told))
            _walk(app, day, rows, console)
            progress.advance(bar)


def _walk(app: App, day: date, rows: tuple[Happening, ...], console: Console) -> None:
    moment = living.moment(day).isoformat()
    if any(row.row.get("machine") == CRASH for row in rows):
        with killed_sender(app):
            try:
                flows.walk_all(day.isoformat(), moment)
            except SenderKilled:
                console.print(
                    "   [yellow]the sender was killed after the server had taken a mail; nothing is marked[/yellow]"
                )
        return
    flows.walk_all(day.isoformat(), moment)


@contextmanager
def killed_sender(app: App) -> Iterator[None]:
    """Within this block the next sending dies right after the channel has taken a message."""

    def die(delivery: Delivery) -> None:
        raise SenderKilled

    usual = app.between
    app.between = die
    try:
        yield
    finally:
        app.between = usual


def _narrate(console: Console, told: Told) -> None:
    if told.refused:
        console.print(f"   [red]refused[/red] {told.words}: {told.refused}", soft_wrap=True)
    elif told.note:
        words = "" if told.note == told.words else f"{told.words}. "
        console.print(f"   {words}[dim]{told.note}[/dim]", soft_wrap=True)


def show(app: App, history: History, out: Path, console: Console) -> None:
    """What came of it: state, milestones, documents, mails, pulses; and a refusal where no walk did its work."""
    formation = app.read(lambda db: formations.load(db, history.case))
    assert formation is not None
    pathway = app.read(lambda db: pathways.of(db, formation.release))
    check_walked(app, formation)
    outcome = formation.state.outcome.value.replace("_", " ") if formation.state.outcome else formation.state.life.value
    console.print(f"\n[bold]{formation.name}[/bold]: {outcome}, {say_day(formation.state.since)}\n")
    console.print(milestones(pathway, formation))
    console.print()
    for path in print_out(app, history.case, out):
        console.print(f"  {path}")
    count, _ = app.read(notices.unsent)
    console.print(
        f"\nMails in {app.settings.mail_dir} ({len(list(app.settings.mail_dir.glob('*.eml')))}, {count} unsent)"
    )
    walks = [p for p in app.read(lambda db: pulse_rows.last(db, 1000)) if p["flow"] == "walk all"]
    console.print(f"{len(walks)} walks as flow runs, {formation.events} events in the history.")


def check_walked(app: App, formation: Formation) -> None:
    """Without walks there are no forecasts, no digests and no pulse: then the demo has not shown what it should."""
    pulse = [p for p in app.read(lambda db: pulse_rows.last(db, 1000)) if p["flow"] == "walk all" and p["run_id"]]
    forecasts = [d for (_, kind), d in formation.dates.items() if kind is DateKind.FORECAST]
    mails = list(app.settings.mail_dir.glob("*.eml"))
    missing = [
        name for name, found in (("flow runs", pulse), ("forecasts", forecasts), ("digests", mails)) if not found
    ]
    if missing:
        raise Refused(Refusal.NOT_ON_FILE, f"The walks did not do their work: there are no {' and no '.join(missing)}.")


def milestones(pathway: Pathway, formation: Formation) -> Table:
    """Planned, forecast and actual days."""
    table = Table(
        "Milestone", "Planned", "Last forecast", "Happened", box=None, header_style="bold", padding=(0, 3, 0, 0)
    )
    for milestone in pathway.reached_by:
        days = []
        for kind in (DateKind.PLANNED, DateKind.FORECAST, DateKind.ACTUAL):
            row = formation.dates.get((milestone, kind))
            days.append(say_date(str(row.span)) if row else "–")
        if days != ["–"] * 3:
            table.add_row(milestone.value.replace("_", " ").capitalize(), *days)
    return table


def print_out(app: App, case: str, out: Path) -> list[Path]:
    """Every kept document as a file a person can open: D07-business_case-2.pdf."""
    found = []
    for kept in app.read(lambda db: documents.of(db, case)):
        if kept.pdf_sha256:
            target = out / f"{kept.catalogue}-{kept.key}-{kept.number.rpartition('/')[2]}.pdf"
            target.write_bytes(files.read(app.settings.printed_dir, kept.pdf_sha256))
            found.append(target)
    return found
