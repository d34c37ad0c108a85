"""Up to which event somebody has read a formation: the one thing that looking changes."""

from sqlalchemy import Connection, bindparam, select, update

from mutualflow.storage import tables as t
from mutualflow.storage.notices import insert_or_ignore

_SEEN = select(t.seen.c.event).where(
    t.seen.c.person == bindparam("person"), t.seen.c.formation_id == bindparam("formation")
)


def of(db: Connection, person: str, formation: int) -> int | None:
    """The number of the last event that she had before her; None on a first visit."""
    return db.execute(_SEEN, {"person": person, "formation": formation}).scalar_one_or_none()


def mark(db: Connection, person: str, formation: int, event: int) -> None:
    """She has read up to this event; never backwards."""
    row = {"person": person, "formation_id": formation, "event": event}
    if not insert_or_ignore(db, t.seen, [row]):
        db.execute(
            update(t.seen)
            .where(t.seen.c.person == person, t.seen.c.formation_id == formation, t.seen.c.event < event)
            .values(event=event)
        )
