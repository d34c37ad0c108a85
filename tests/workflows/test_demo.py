"""The demo: run whole in a process of its own, without its flows, and what it may touch on the disk."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from mutualflow.domain.errors import Refused
from mutualflow.domain.history import History
from mutualflow.domain.spans import on
from mutualflow.services import auditing
from mutualflow.storage import notices
from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring import histories, living, pulses, samples
from mutualflow.wiring.app import App
from tests.workflows import processes
from tests.workflows.conftest import application, bare_environment
from workflows import demo, flows
from workflows.crash import ROW
from workflows.outcome import DemoFault, Outcome

PROGRAM = Path(sys.executable).parent / "mutualflow"
PAPERS = {
    "D04-expression_of_interest-v1.pdf",
    "D07-business_case-v1.pdf",
    "D07-business_case-v2.pdf",
    "D12-host_decision_paper-v1.pdf",
    "D12-host_decision_paper-v2.pdf",
    "D13-staff_ballot_record-v1.pdf",
    "D15-tupe_information_letter-v1.pdf",
    "D22b-articles-v1.pdf",
    "D46-implementation_plan-v1.pdf",
    "D46-implementation_plan-v2.pdf",
}


@pytest.fixture(scope="module")
def sample() -> History:
    """The sample that ships."""
    return histories.load(samples.folder() / demo.SAMPLE)


@dataclass
class Shown:
    """A demo that has ended."""

    folder: Path
    code: int
    words: str
    errors: str

    @property
    def out(self) -> Path:
        """What it was told to write into."""
        return self.folder / "out"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """`mutualflow demo` as anybody runs it."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [str(PROGRAM), "demo", "--out", "out"],
        cwd=folder, env=bare_environment(), capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    return Shown(folder, done.returncode, " ".join(done.stdout.split()), done.stderr)


@pytest.fixture
def lived(shown: Shown) -> Iterator[App]:
    """The installation that it left."""
    data = shown.out / "data"
    made = application(f"sqlite:///{data / 'mutualflow.db'}", data)
    yield made
    made.close()


pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.prefect
def test_it_ends_well_and_in_silence(shown: Shown) -> None:
    assert shown.errors == ""
    assert shown.code == 0
    assert not (shown.out / "data" / "demo.log").exists(), "nothing went wrong that had to be logged"


@pytest.mark.prefect
@pytest.mark.parametrize(
    "words",
    [
        "Alderport homeless health service, a sample. Invented from beginning to end",
        "approve “Check honestly how ready you are” is refused. You cannot approve",
        "Nobody approves what she put forward herself.",
        "The chief operating officer returned “Check honestly how ready you are”",
        "approved “Write the business case” subject to conditions",
        "The condition is met, eleven days late.",
        "“Write the business case” opened again: its ground has changed",
        "Somebody has changed “money to set up and start” since you read it",
        "A community interest company cannot be a charity as well",
        "A correction of words reopens nothing.",
        "The board met without this system; its minute is attached.",
        "checked the minute of “Obtain the host's final decision”",
        "“Put right: register the new body” opened",
        "the law has changed:",
        "Provider Selection Regime",
        "a date of law has passed: confirmation statement",
        "the sender was killed after a mail had gone and before that was written down",
        "put right: the same mail went again, as <digest.homeless-health.",
        "staff transfer and go live expected on",
        "ended since 29 April 2026 (first year complete)",
        "Staff transfer 1 April 2025 7 April 2025 1 April 2025 on the day",
        "69 walks as flow runs of Prefect, 1 broken off and put right by the next",
    ],
)
def test_it_says_what_happens(shown: Shown, words: str) -> None:
    assert words in shown.words


@pytest.mark.prefect
def test_its_papers_lie_open(shown: Shown) -> None:
    found = {path.name: path.read_bytes() for path in shown.out.glob("*.pdf")}
    assert set(found) == PAPERS
    assert all(data.startswith(b"%PDF-1.7") for data in found.values())
    assert all(name in shown.words for name in PAPERS)


@pytest.mark.prefect
def test_it_writes_nowhere_else_and_leaves_no_process(shown: Shown) -> None:
    assert [path.name for path in shown.folder.iterdir()] == ["out"]
    assert {path.name for path in shown.out.iterdir()} == PAPERS | {"data"}
    assert processes.gone(str(shown.folder)) == {}


@pytest.mark.prefect
def test_each_day_was_walked_by_a_flow_run_and_all_was_sent(shown: Shown, lived: App, sample: History) -> None:
    rows = [p for p in lived.read(lambda db: pulse_rows.last(db, 1000)) if p["flow"] == "walk all"]
    assert len(rows) == len(list(living.days(sample)))
    assert all(row["run_id"] for row in rows)
    assert [row["error"] for row in rows if row["error"]] == ["SenderKilled"]
    assert sum(json.loads(str(row["counts"])).get("failed", 0) for row in rows) == 0
    assert lived.read(notices.unsent)[0] == 0
    assert list(lived.settings.mail_dir.glob("*.eml"))


@pytest.mark.prefect
def test_its_history_holds(lived: App) -> None:
    assert lived.read(lambda db: auditing.verify(db, replay=True)).findings == ()


def everything_in(database: Path, only: str = "") -> str:
    """Every word that a database file holds, table by table, or in one table only."""
    with sqlite3.connect(database) as db:
        found = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [name for name in found if only in ("", name)]
        rows = [row for table in tables for row in db.execute(f'SELECT * FROM "{table}"')]
    db.close()
    return "\n".join(
        str(value if not isinstance(value, bytes) else value.decode(errors="replace")) for row in rows for value in row
    )


@pytest.mark.prefect
def test_nothing_personal_reached_prefects_database(shown: Shown, sample: History) -> None:
    home = shown.out / "data" / "prefect"
    said = everything_in(home / "prefect.db")
    assert said.count("walk-all-20") >= 69, "this is where the runs are"
    assert '"kind: law changed"' in said.replace("\\", ""), "and this is where the artifacts are"
    for table in ("flow_run", "flow_run_state", "task_run", "artifact", "events", "event_resources"):
        assert everything_in(home / "prefect.db", only=table), f"{table} has rows to be searched"
    private = set[str]().union(*map(names_in, map(histories.load, samples.folder().glob("*.yaml"))))
    private |= {str(row.row["value"]) for row in sample.happened if len(str(row.row.get("value", ""))) > 20}
    assert len(private) > 200
    assert found_in(said, private) == []
    for path in home.rglob("*"):
        if path.is_file():
            assert found_in(path.read_text(encoding="utf-8", errors="replace"), private) == [], path.name


def names_in(history: History) -> set[str]:
    """Names, keys and addresses of people, bodies and the formation of one history."""
    people = {p.name for p in history.people} | {history.person(p.key) for p in history.people}
    people |= {f"{p.key}@{history.case}.example.org" for p in history.people}
    return {history.case, history.title, *people, *(o.name for o in history.organisations)} - {""}


def found_in(said: str, private: set[str]) -> list[str]:
    """Which of them stand there, as they are or as JSON inside JSON spells them, large or small."""
    low = said.lower()
    spelt = {one: (one, json.dumps(one)[1:-1], json.dumps(json.dumps(one)[1:-1])[1:-1]) for one in private}
    return sorted(one for one, ways in spelt.items() if any(way.lower() in low for way in ways))


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "some.db") as db:
        for table in ("parameters", "logs", "blobs"):
            db.execute(f"CREATE TABLE {table} (what)")
        db.execute("INSERT INTO parameters VALUES (?)", (json.dumps(json.dumps({"to": "Zoë “Q” Doe"})),))
        db.execute("INSERT INTO logs VALUES ('walked RIVER-SIDE')")
        db.execute("INSERT INTO blobs VALUES (?)", (b"by jane@example.org",))
    db.close()
    said = everything_in(tmp_path / "some.db")
    private = {"Zoë “Q” Doe", "river-side", "jane@example.org", "somebody else"}
    assert set(found_in(said, private)) == private - {"somebody else"}


@pytest.mark.prefect
def test_stopped_in_the_middle_it_leaves_no_process(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [str(PROGRAM), "demo", "--out", "out"],
        cwd=tmp_path, env=bare_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        assert any(line.startswith("4 September 2023") for line in process.stdout), "it has begun to walk"
        assert processes.alive(str(tmp_path)), "the server runs beside it"
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
    assert process.wait(60) == 128 + signal.SIGTERM
    assert processes.gone(str(tmp_path)) == {}


# without the flows


def short(sample: History, rows: int = 46) -> History:
    """Its first days, then a transfer planned so soon that a day of law has passed, and a sender that is killed."""
    soon = {"move": "plan", "milestone": "staff_transfer", "day": "2023-11-30", "reason": "sooner", "by": "lead"}
    later: list[tuple[date, dict[str, object]]] = [
        (date(2023, 11, 13), soon),
        (date(2023, 11, 20), {"machine": ROW}),
        (date(2023, 11, 27), {"step": "vision", "move": "note", "audience": "everyone", "text": "on", "by": "lead"}),
    ]
    last = sample.happened[rows - 1]
    added = (replace(last, on=on(day), row={"date": day.isoformat(), **row}) for day, row in later)
    return replace(sample, happened=(*sample.happened[:rows], *added))


def lived_with(sample: History, folder: Path) -> None:
    """Live the first days, and look at what came of them."""
    history = short(sample)
    data = demo.fresh(folder)
    console = Console(quiet=True)
    with demo.application(data) as app:
        demo.prepare(app, history)
        crash = demo.live(app, history, console)
        Outcome(app, history, crash, data / demo.MARK).show(folder, console)


def test_without_its_flows_it_fails_and_says_what_is_missing(
    sample: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows, "walk_all", lambda **_: None)
    with pytest.raises(DemoFault) as caught:
        lived_with(sample, tmp_path)
    assert str(caught.value) == (
        "The demo is not whole: 0 of 8 days were walked by a flow run; no reminder was written to anybody; no day was "
        "ever forecast; nobody noticed that a date of law had passed; no sender was killed, or what it had not written "
        "down was never sent again. This is what time does, and the flows do it: without them nothing of it happens."
    )


def test_walks_that_are_no_flow_runs_do_all_of_it_and_do_not_do(
    sample: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plainly(*, on: str, now: str) -> dict[str, int]:
        day, moment = living.date.fromisoformat(on), living.datetime.fromisoformat(now)
        return pulses.sweep_plainly(flows._app(), today=day, now=moment).counts

    monkeypatch.setattr(flows, "walk_all", plainly)
    with pytest.raises(DemoFault, match=r"not whole: 0 of 8 days were walked by a flow run\. This is"):
        lived_with(sample, tmp_path)


# its folder


def test_a_second_demo_takes_away_what_the_first_wrote_and_nothing_else(tmp_path: Path) -> None:
    data = demo.fresh(tmp_path)
    (data / demo.MARK).write_text("D04-one-v1.pdf\n../outside.pdf", encoding="utf-8")
    (data / "mutualflow.db").touch()
    for name in ("D04-one-v1.pdf", "D04-mine.pdf", "bench.json"):
        (tmp_path / name).touch()
    outside = tmp_path.parent / "outside.pdf"
    outside.touch()
    assert demo.fresh(tmp_path) == data
    assert {path.name for path in tmp_path.iterdir()} == {"data", "D04-mine.pdf", "bench.json"}
    assert [path.name for path in data.iterdir()] == [demo.MARK]
    assert outside.exists()


def test_a_folder_that_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "data" / "mutualflow.db"
    theirs.parent.mkdir()
    theirs.write_bytes(b"a real installation")
    with pytest.raises(Refused) as caught:
        demo.fresh(tmp_path)
    assert caught.value.sentence.endswith("is not of an earlier demo; name another folder with --out.")
    assert theirs.read_bytes() == b"a real installation"
