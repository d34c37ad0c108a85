"""What all tests share: how hard Hypothesis tries, and a fresh database of either kind."""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from mutualflow.storage import migrating
from mutualflow.storage.database import open_engine
from tests import postgres
from tests.postgres import Server

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile("test", derandomize=True, max_examples=12, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("soak", max_examples=300, deadline=None, suppress_health_check=_SLOW, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

DATABASES = ("sqlite", "postgresql")
TEMPLATE = "migrated"
_count = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A server of this run's own; it is started by the first test that wants it."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    """Name of a migrated database that others are copied from."""
    _migrate(postgres_server.create(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrating.upgrade(engine)
    engine.dispose()  # the last connection folds SQLite's log into the file, and frees a template for copying


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh database with all tables and no rows; the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "mutualflow.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = f"t{next(_count)}"
    yield server.create(name, request.getfixturevalue("postgres_template"))
    server.drop(name)


@pytest.fixture(params=DATABASES)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = f"t{next(_count)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh migrated database."""
    made = open_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def blank(blank_url: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    made = open_engine(blank_url)
    yield made
    made.dispose()
