"""Pulse rows: what the timetable did."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mutualflow.storage import tables as t

KILLED = "Killed"


def begin(db: Connection, flow: str, run_id: str, now: datetime) -> int:
    """A flow began; the row's id."""
    statement = insert(t.pulse).values(
        flow=flow, started_at=now, finished_at=None, counts="", error="", run_id=run_id, heads=""
    )
    return int(db.execute(statement.returning(t.pulse.c.id)).scalar_one())


def end(db: Connection, ident: int, now: datetime, counts: str, error: str, heads: str) -> None:
    """It ended, with what it counted."""
    db.execute(
        update(t.pulse).where(t.pulse.c.id == ident).values(finished_at=now, counts=counts, error=error, heads=heads)
    )


def close_dead(db: Connection, before: datetime) -> int:
    """Rows that began before then and have no end get the error "Killed" and still no end; how many."""
    gone = (t.pulse.c.finished_at.is_(None), t.pulse.c.error == "", t.pulse.c.started_at < before)
    return db.execute(update(t.pulse).where(*gone).values(error=KILLED)).rowcount


def noted_heads(db: Connection) -> str:
    """Heads of chains as the last sweep noted them, however many pulses have come since; '' before the first."""
    noted = select(t.pulse.c.heads).where(t.pulse.c.heads != "").order_by(t.pulse.c.id.desc()).limit(1)
    return db.execute(noted).scalar_one_or_none() or ""


def last(db: Connection, most: int = 10) -> list[dict[str, object]]:
    """The newest rows, newest first."""
    rows = db.execute(select(t.pulse).order_by(t.pulse.c.id.desc()).limit(most))
    return [dict(r._mapping) for r in rows]
