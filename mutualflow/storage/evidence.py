"""Evidence: what is known of a file whose bytes lie under its hash."""

from datetime import datetime

from sqlalchemy import Connection

from mutualflow.storage import tables as t
from mutualflow.storage.notices import insert_or_ignore


def keep(db: Connection, sha256: str, name: str, kind: str, size: int, at: datetime) -> None:
    """Note a file once, whatever it is attached to."""
    insert_or_ignore(
        db,
        t.evidence,
        [{"sha256": sha256, "name": name, "type": kind, "size": size, "stored_at": at, "destroyed_at": None}],
    )
