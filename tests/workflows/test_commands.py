"""The commands at the edge: what they import, say and return, with a server, without one, and with one that is dead."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mutualflow.cli.main import main
from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring.app import App
from tests import stored
from tests.workflows.conftest import bare_environment
from workflows.server import address, free_port

HEAVY = "prefect weasyprint fastapi"
LOOK = """
import sys
from mutualflow.cli.main import main
code = main(sys.argv[2:])
heavy = sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1].split()))
sys.stderr.write(",".join(heavy))
sys.exit(code)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["walk", "--help"], ["timetable", "--help"], ["demo", "--help"], ["status", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, HEAVY, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=bare_environment(),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


@pytest.fixture
def here(sqlite_app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    """An installation named by the environment, with one formation and no Prefect server."""
    stored.start(sqlite_app.engine)
    monkeypatch.setenv("MUTUALFLOW_DATABASE_URL", sqlite_app.settings.database_url)
    monkeypatch.setenv("MUTUALFLOW_DATA_DIR", str(sqlite_app.settings.data_dir))
    monkeypatch.setenv("MUTUALFLOW_PREFECT_PORT", str(free_port()))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return sqlite_app


def last_run(app: App) -> tuple[str, str]:
    """Flow and run id of the newest pulse."""
    (pulse,) = app.read(lambda db: pulse_rows.last(db, 1))
    return str(pulse["flow"]), str(pulse["run_id"])


def test_without_a_server_the_same_is_done_and_said(here: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "--on", "2024-03-02"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 March 2024: 1 walked, 1 changed" in said
    assert "without Prefect, because PREFECT_API_URL is not set and nothing answers at http://127.0.0.1:" in said
    assert last_run(here) == ("walk all", "")
    assert list(here.settings.mail_dir.glob("*.eml"))


def test_a_dead_server_is_named(here: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    dead = address(free_port())
    monkeypatch.setenv("PREFECT_API_URL", dead)
    assert main(["walk", "riverside", "--on", "2024-03-02"]) == 0
    assert f"no server answers at {dead}" in " ".join(capsys.readouterr().out.split())
    assert last_run(here) == ("walk one", "")


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
@pytest.mark.parametrize(("key", "flow"), [("", "walk all"), ("riverside", "walk one")])
def test_with_a_server_it_is_a_flow_run(
    here: App,
    prefect_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    key: str,
    flow: str,
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    assert main(["walk", *([key] if key else []), "--on", "2024-03-02", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["walked"] == 1
    assert said["server"] == prefect_url
    found, run_id = last_run(here)
    assert found == flow
    assert len(run_id) == 36


def test_an_unknown_formation_is_not_found(here: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "nobody-knows-it"]) == 4
    assert capsys.readouterr().err == "There is no formation “nobody-knows-it”.\n"


@pytest.mark.parametrize("command", ["walk", "timetable"])
def test_a_database_without_tables_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("MUTUALFLOW_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MUTUALFLOW_DATABASE_URL", raising=False)
    assert main([command]) == 1
    assert capsys.readouterr().err == "The database has no tables yet; run “mutualflow init”.\n"


def test_a_day_that_is_none_is_told(here: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", "--on", "yesterday"]) == 3
    assert "is not a day" in capsys.readouterr().err
