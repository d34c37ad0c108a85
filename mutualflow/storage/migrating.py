"""Migrations: a database brought to the newest form, and one that is newer than this program refused."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from mutualflow.storage.database import DatabaseFault, plain_faults, writing
from mutualflow.storage.revision import NEWER
from mutualflow.storage.schema import metadata
from mutualflow.storage.tables import ADDED_ONLY, trigger_ddl

PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """`migrations/` beside the package in a checkout, `_data/migrations` inside it in a wheel."""
    for place in (PACKAGE / "_data" / "migrations", PACKAGE.parent / "migrations"):
        if (place / "env.py").is_file():
            return place
    raise DatabaseFault("The migrations are not installed with this program.")


def config(connection: Connection) -> Config:
    """Alembic's configuration for one connection."""
    made = Config()
    made.set_main_option("script_location", str(folder()))
    made.attributes["connection"] = connection
    return made


def revisions() -> tuple[str, ...]:
    """Every revision of the migrations, oldest first; the last is what this program wants."""
    made = Config()
    made.set_main_option("script_location", str(folder()))
    return tuple(r.revision for r in ScriptDirectory.from_config(made).walk_revisions())[::-1]


def current(connection: Connection) -> str:
    """The revision of a database; '' for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision; DatabaseFault where it is newer than this program."""
    with plain_faults(), writing(engine) as connection:
        _not_newer(connection)
        command.upgrade(config(connection), revision)


def _not_newer(connection: Connection) -> None:
    here = current(connection)
    if here and here not in revisions():
        raise DatabaseFault(NEWER)


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back, down to a revision ("base" = empty)."""
    with writing(engine) as connection:
        command.downgrade(config(connection), revision)


def differences(connection: Connection) -> list[object]:
    """What autogenerate would still change: nothing, when migrations and tables agree."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def make_triggers(connection: Connection, tables: tuple[str, ...] = ADDED_ONLY) -> None:
    """Create the triggers of added-only tables (again after a migration that rebuilt one)."""
    for table in tables:
        for statement in trigger_ddl(connection.dialect.name, table):
            connection.execute(text(statement))


def drop_triggers(connection: Connection, tables: tuple[str, ...] = ADDED_ONLY) -> None:
    """Drop them, before a migration that rebuilds a table."""
    for table in tables:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            for name in ("added_only", "never_emptied"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"))
    if connection.dialect.name != "sqlite" and set(tables) == set(ADDED_ONLY):
        connection.execute(text("DROP FUNCTION IF EXISTS added_only()"))
