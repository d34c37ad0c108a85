"""Migrations: up, down and up again, no difference left, and the same statements as the tables make by themselves."""

import re
import subprocess

import pytest
from sqlalchemy import Engine, inspect, text

from mutualflow.storage import migrating, revision, schema, tables
from mutualflow.storage.database import DatabaseFault, reading, writing
from tests import postgres


def schema_of(engine: Engine) -> list[str]:
    """Everything that makes the database what it is, as statements; the migrations' own table left out."""
    if engine.dialect.name == "sqlite":
        with reading(engine) as db:
            rows = db.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"))
            return sorted(_plain(sql) for (sql,) in rows)
    url = engine.url
    dump = subprocess.run(
        [
            postgres.binary("pg_dump"),
            *("-s", "-T", "alembic_version", "-h", str(url.query["host"]), "-U", str(url.username), str(url.database)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(_plain(sql) for sql in dump.stdout.split(";\n"))


def _plain(sql: str) -> str:
    """One line, without comments and the dump's password of the day; columns in order, then constraints by name.

    Alembic writes constraints in another order than the tables do, which means the same.
    """
    line = re.sub(r"\s+", " ", re.sub(r"^(--|\\).*$", "", sql, flags=re.MULTILINE)).strip()
    columns, *constraints = re.split(r", CONSTRAINT ", line.removesuffix(" )"))
    return ", CONSTRAINT ".join([columns, *sorted(constraints)])


def test_up_down_and_up_again(blank: Engine) -> None:
    nothing = schema_of(blank)
    migrating.upgrade(blank)
    once = schema_of(blank)
    assert inspect(blank).has_table("formation")
    migrating.downgrade(blank, "base")
    assert schema_of(blank) == nothing
    migrating.upgrade(blank)
    assert schema_of(blank) == once


def test_nothing_is_left_to_migrate(engine: Engine) -> None:
    with reading(engine) as db:
        assert migrating.differences(db) == []
        assert migrating.current(db) == revision.REVISIONS[-1]
        revision.check(db)


def test_the_revisions_named_are_those_of_the_migrations() -> None:
    assert migrating.revisions() == revision.REVISIONS


def test_tables_made_directly_are_the_migrated_ones(blank: Engine) -> None:
    with writing(blank) as db:
        schema.metadata.create_all(db)
    made = schema_of(blank)
    with writing(blank) as db:
        schema.metadata.drop_all(db)
    migrating.upgrade(blank)
    assert made == schema_of(blank)
    assert sum("CREATE TRIGGER" in sql for sql in made) == 2 * len(tables.ADDED_ONLY)


def test_upgrading_again_changes_nothing(engine: Engine) -> None:
    before = schema_of(engine)
    migrating.upgrade(engine)
    assert schema_of(engine) == before


def test_a_database_without_tables_is_told(blank: Engine) -> None:
    with pytest.raises(DatabaseFault, match="tables"), reading(blank) as db:
        revision.check(db)


def test_a_newer_database_is_refused(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseFault, match="newer version of this program"):
        migrating.upgrade(engine)
    with reading(engine) as db, pytest.raises(DatabaseFault, match="newer version of this program"):
        revision.check(db)


def test_an_earlier_database_is_told_to_be_upgraded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "REVISIONS", (*revision.REVISIONS, "9999"))
    with reading(engine) as db, pytest.raises(DatabaseFault, match="earlier version of this program"):
        revision.check(db)


def test_a_missing_program_of_the_server_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="not installed"):
        postgres.binary("no_such_program")


@pytest.mark.parametrize("_time", [1, 2])
def test_each_test_has_a_database_of_its_own(engine: Engine, _time: int) -> None:
    with writing(engine) as db:
        assert db.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
        db.execute(text("INSERT INTO person (key, name) VALUES ('x', 'X')"))
