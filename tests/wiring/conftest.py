"""Formations that came half-way, built once for each kind of database and copied for each test.

`riverside` is a sample before its staff ballot; `brookside` (a sample) and `lakeside` (lived) are before their
articles.
"""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mutualflow.domain.formation import Kind
from mutualflow.wiring.app import App
from tests import stored
from tests.conftest import DATABASES
from tests.halfway import Halfway, app_of, begin
from tests.postgres import Server
from tests.stored import load

FACTS = {"recognised_union": "no"}
UNTIL = {
    "riverside": (Kind.SAMPLE, "staff_ballot"),
    "brookside": (Kind.SAMPLE, "governing_document"),
    "lakeside": (Kind.LIVED, "governing_document"),
}
_count = itertools.count(1)


def _build(url: str, folder: Path) -> None:
    app = app_of(url, folder)
    stored.publish(app.engine, stored.everybody())
    for key, (kind, until) in UNTIL.items():
        group = Halfway(app, key, FACTS, formation=begin(app, key, kind))
        group.take_over(until)
    app.close()


@pytest.fixture(scope="session")
def sqlite_halfway(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the three formations."""
    folder = tmp_path_factory.mktemp("halfway")
    path = folder / "halfway.db"
    shutil.copy(sqlite_template, path)
    _build(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def postgres_halfway(postgres_server: Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of a database with the three formations."""
    _build(postgres_server.create("halfway", postgres_template), tmp_path_factory.mktemp("halfway"))
    return "halfway"


@dataclass(frozen=True)
class Place:
    """An application over a copy of its own, and the formations in it."""

    app: App

    def group(self, key: str) -> Halfway:
        """The people of one formation, as they stand."""
        return Halfway(self.app, key, FACTS, formation=load(self.app.engine, key))


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """The three formations in a fresh copy, on each kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "mutualflow.db"
        shutil.copy(request.getfixturevalue("sqlite_halfway"), path)
        app = app_of(f"sqlite:///{path}", tmp_path)
        yield Place(app)
        app.close()
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = f"halfway{next(_count)}"
    app = app_of(server.create(name, request.getfixturevalue("postgres_halfway")), tmp_path)
    yield Place(app)
    app.close()
    server.drop(name)
