"""A formation that honest people walked to its launch, once per kind of database, for tests that only read."""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from mutualflow.storage.database import open_engine
from tests import stored
from tests.conftest import DATABASES
from tests.postgres import Server
from tests.stored import Stored

_count = itertools.count(1)


@dataclass(frozen=True)
class Walked:
    """An engine and the walk that was made on it."""

    engine: Engine
    walk: Stored


@pytest.fixture(scope="package", params=DATABASES)
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """From the first idea to the launch; nothing may be written to it."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("walked") / "mutualflow.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = _sqlite(path)
    else:
        server: Server = request.getfixturevalue("postgres_server")
        url = server.create(f"walked{next(_count)}", request.getfixturevalue("postgres_template"))
    engine = open_engine(url)
    stored.publish(engine, stored.everybody())
    walk = Stored(engine, {"recognised_union": "no"})
    walk.walk()
    yield Walked(engine, walk)
    engine.dispose()


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def begun(engine: Engine) -> Walked:
    """A formation on its first day, for tests that write."""
    stored.publish(engine, stored.everybody())
    return Walked(engine, Stored(engine))
