"""Prefect's settings: every name is one that Prefect knows, every value one that it takes, nothing is sent outside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflows.conftest import bare_environment
from workflows import prefect_env

TABLES = (prefect_env.QUIET, prefect_env.LEAN, prefect_env.KEEP, prefect_env.SAFE, prefect_env.UNSCHEDULED)
CHOSEN = {k: v for table in TABLES for k, v in table.items()}

SAY = """
import json, os, sys
from pathlib import Path
from workflows import prefect_env
for name, value in prefect_env.UNSCHEDULED.items():
    os.environ.setdefault(name, value)
prefect_env.apply(Path(sys.argv[1]))
assert "prefect" not in sys.modules
from prefect.settings import get_current_settings
settings = get_current_settings()
said = settings.to_environment_variables(exclude_unset=True)
said["home"] = str(settings.home)
said["analytics"] = str(settings.server.analytics_enabled)
said["retention"] = str(settings.server.services.db_vacuum.retention_period)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What Prefect, in a process of its own, says of its settings."""
    data = tmp_path_factory.mktemp("settings") / "not" / "there" / "yet"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SAY, str(data)],
        capture_output=True, text=True, check=False, env=bare_environment(PREFECT_RUNNER_POLL_FREQUENCY="12"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    assert found["home"] == str(data / "prefect")
    assert (data / "prefect").is_dir()
    return found


SPELT = {"PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"}
"""Names that Prefect gives back in full."""


def same(ours: str, theirs: str) -> bool:
    """Are they one value? Prefect writes booleans, numbers and periods in its own way."""
    if ours.lower() == theirs.lower():
        return True
    try:
        return float(ours) == float(theirs)
    except ValueError:
        pass
    if theirs.startswith("P") and theirs.endswith("D") and ours.isdigit():
        return int(ours) == int(theirs[1:-1]) * 86400
    return set(ours.split(",")) == set(json.loads(theirs.replace("'", '"'))) if theirs.startswith("[") else False


@pytest.mark.parametrize("name", sorted(set(CHOSEN) - {"DO_NOT_TRACK", "PREFECT_RUNNER_POLL_FREQUENCY"}))
def test_prefect_knows_the_name_and_takes_the_value(said: dict[str, str], name: str) -> None:
    theirs = said.get(SPELT.get(name, name))
    assert theirs is not None, f"Prefect does not know {name}: a misspelt name is ignored in silence"
    assert same(CHOSEN[name], theirs), (CHOSEN[name], theirs)


def test_nothing_is_sent_outside(said: dict[str, str]) -> None:
    assert CHOSEN["DO_NOT_TRACK"] == "1"
    assert said["analytics"] == "False"
    assert CHOSEN["PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS"] == "false"
    assert CHOSEN["PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY"] == "false"
    assert CHOSEN["PREFECT_SERVER_UI_ENABLED"] == "false"


def test_what_the_operator_says_wins(said: dict[str, str]) -> None:
    assert float(said["PREFECT_RUNNER_POLL_FREQUENCY"]) == 12


def test_the_demo_has_a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"PREFECT_HOME": "/somewhere/else"})
    prefect_env.for_demo(tmp_path)
    import os

    assert os.environ["PREFECT_HOME"] == str(tmp_path / "prefect")


def test_an_outside_server_keeps_its_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "outside"
    monkeypatch.setattr("os.environ", {"PREFECT_HOME": str(home), "PREFECT_API_URL": "http://127.0.0.1:1/api"})
    prefect_env.for_demo(tmp_path)
    import os

    assert os.environ["PREFECT_HOME"] == str(home)
