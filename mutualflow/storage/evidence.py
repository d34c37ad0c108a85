"""Evidence: what is known of a file whose bytes lie under its hash."""

from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from mutualflow.storage import tables as t
from mutualflow.storage.notices import insert_or_ignore

_TAKEN_OUT = (
    select(t.evidence.c.sha256)
    .where(t.evidence.c.destroyed_at.is_(None))
    .where(exists().where(t.evidence_use.c.sha256 == t.evidence.c.sha256, t.evidence_use.c.taken_out != 0))
    .where(~exists().where(t.evidence_use.c.sha256 == t.evidence.c.sha256, t.evidence_use.c.taken_out == 0))
)


def keep(db: Connection, sha256: str, name: str, kind: str, size: int, at: datetime) -> None:
    """Note a file once, whatever it is attached to; bytes that were destroyed are there again."""
    insert_or_ignore(
        db,
        t.evidence,
        [{"sha256": sha256, "name": name, "type": kind, "size": size, "stored_at": at, "destroyed_at": None}],
    )
    # whoever destroys the same bytes now waits for this row
    db.execute(update(t.evidence).where(t.evidence.c.sha256 == sha256).values(destroyed_at=None))


def taken_out(db: Connection) -> list[str]:
    """Hashes of files that were taken out everywhere they stood, and whose bytes still lie there."""
    return list(db.execute(_TAKEN_OUT).scalars())


def destroyed(db: Connection, sha256: str, at: datetime) -> bool:
    """Note that the bytes go; False where somebody has attached them again meanwhile. The hash stays.

    The row is locked by a statement of its own, so that the next one sees what whoever held it has written.
    """
    db.execute(select(t.evidence.c.sha256).where(t.evidence.c.sha256 == sha256).with_for_update())
    statement = update(t.evidence).where(t.evidence.c.sha256 == sha256, t.evidence.c.sha256.in_(_TAKEN_OUT))
    return bool(db.execute(statement.values(destroyed_at=at).returning(t.evidence.c.sha256)).all())
