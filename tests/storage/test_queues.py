"""Queues are read by indexes: nobody's work costs a look at every formation, whatever scope her roles have."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from mutualflow.storage import people, queues
from mutualflow.storage import tables as t
from mutualflow.storage.database import open_engine, reading, write
from mutualflow.storage.people import Person
from mutualflow.storage.queues import Queued


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database that tells beforehand how it will read; PostgreSQL decides that by what a table holds."""
    path = tmp_path / "plans.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


Asked = Callable[[Connection, str, date], list[Queued]]


def plans(engine: Engine, ask: Asked) -> list[list[str]]:
    """How the database reads for each query that is sent, one line for each table."""
    said: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    with reading(engine) as db:
        event.listen(engine, "before_cursor_execute", note)
        ask(db, "manager", date(2024, 1, 8))
        event.remove(engine, "before_cursor_execute", note)
        return [
            [row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in said
        ]


def hold_everywhere(db: Connection) -> None:
    """Somebody with a role of every scope."""
    people.keep(db, Person("manager", "Manager"))
    db.execute(insert(t.programme), [{"id": 1, "key": "south", "name": "South"}])
    role = {"person": "manager", "role": "programme_manager", "side": "independent", "since": date(2020, 1, 1)}
    held = {**role, "confirmed_by": "manager"}
    db.execute(insert(t.membership), [{**held, "scope": "programme", "programme_id": 1}])
    db.execute(insert(t.membership), [{**held, "scope": "installation"}])


@pytest.mark.parametrize(("ask", "queries"), [(queues.by_role, 5), (queues.by_name, 1)], ids=["by role", "by name"])
def test_no_large_table_is_read_whole(sqlite: Engine, ask: Asked, queries: int) -> None:
    """Neither by a scan nor by an index whose every entry fits: what waits for roles has no person."""
    write(sqlite, hold_everywhere)
    found = plans(sqlite, ask)
    assert len(found) == queries
    for lines in found:
        assert lines
        assert not [line for line in lines if line.startswith("SCAN") or "AUTOMATIC" in line], lines
        if queries > 1:
            assert not [line for line in lines if "ix_awaited_person" in line], lines


def test_a_person_of_one_formation_costs_no_query_for_wider_roles(sqlite: Engine) -> None:
    assert len(plans(sqlite, queues.by_role)) == 2
