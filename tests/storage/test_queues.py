"""Queues are read by indexes: nobody's work costs a look at every formation, whatever scope her roles have."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from mutualflow.storage import queues
from mutualflow.storage.database import open_engine, reading


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database that tells beforehand how it will read; PostgreSQL decides that by what a table holds."""
    path = tmp_path / "plans.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def plans(engine: Engine, read: Any) -> list[str]:
    """How the database reads, one line for each table."""
    said: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    with reading(engine) as db:
        event.listen(engine, "before_cursor_execute", note)
        read(db)
        event.remove(engine, "before_cursor_execute", note)
        (statement, parameters) = said[-1]
        return [row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


@pytest.mark.parametrize("ask", [queues.by_role, queues.by_name])
def test_no_large_table_is_read_whole(sqlite: Engine, ask: Any) -> None:
    lines = plans(sqlite, lambda db: ask(db, "manager", date(2024, 1, 8)))
    read = [line for line in lines if line.startswith(("SCAN", "SEARCH"))]
    assert len(read) > 5
    assert not [line for line in read if line.startswith("SCAN")], lines
    assert not [line for line in read if "AUTOMATIC" in line], lines
