"""What tests of the flows share: Prefect's settings chosen first, one server a session, an application to walk."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mutualflow.settings import from_environment
from mutualflow.wiring.app import App
from tests import stored
from workflows import prefect_env

# before anything here imports Prefect, which reads them then
prefect_env.apply(Path(tempfile.mkdtemp(prefix="mutualflow-prefect-")))


@pytest.fixture(scope="session")
def prefect_url() -> Iterator[str]:
    """Address of one throw-away server for all tests that run real flows; its start is the cost."""
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield str(PREFECT_API_URL.value())


def application(url: str, data: Path) -> App:
    """An application on a database, with everything else in a folder."""
    return App(from_environment({"MUTUALFLOW_DATABASE_URL": url, "MUTUALFLOW_DATA_DIR": str(data)}))


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """An application on a fresh database of either kind, with the release and people of honest walks."""
    made = application(database_url, tmp_path / "data")
    stored.publish(made.engine, stored.everybody())
    yield made
    made.close()


@pytest.fixture
def sqlite_app(sqlite_template: Path, tmp_path: Path) -> Iterator[App]:
    """The same on SQLite alone, for what does not touch the database's own ways."""
    path = tmp_path / "mutualflow.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = application(f"sqlite:///{path}", tmp_path / "data")
    stored.publish(made.engine, stored.everybody())
    yield made
    made.close()


def bare_environment(**said: str) -> dict[str, str]:
    """The environment for a process of its own: nothing of ours or Prefect's but what is said."""
    ours = ("PREFECT_", "MUTUALFLOW_", "DO_NOT_TRACK")
    return {**{k: v for k, v in os.environ.items() if not k.startswith(ours)}, **said}
