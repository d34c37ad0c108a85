"""The revisions of the tables, known without Alembic: every command asks, and has to start quickly."""

from sqlalchemy import Connection, text

from mutualflow.storage.database import DatabaseFault

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Oldest first, as in migrations/versions; the last is what this program wants."""

EMPTY = "The database has no tables yet; run “mutualflow init”."
NEWER = "The database was made by a newer version of this program. Install that version, or use another database."
EARLIER = "The database is of an earlier version of this program; run “mutualflow init”."


def check(db: Connection) -> None:
    """DatabaseFault unless the database is of this program's revision. One statement."""
    here = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if here is None:
        raise DatabaseFault(EMPTY)
    if here not in REVISIONS:
        raise DatabaseFault(NEWER)
    if here != REVISIONS[-1]:
        raise DatabaseFault(EARLIER)
