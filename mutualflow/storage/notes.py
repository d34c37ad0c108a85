"""Notes, questions, answers and statements on steps."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain.keys import Audience
from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a thread."""

    key: str
    step: str
    kind: str  # note, ask, answer, statement
    by: str
    text: str
    audience: Audience
    event: int
    asked_of: str
    answers: str


_ALL = select(t.note).where(t.note.c.formation_id == bindparam("formation")).order_by(t.note.c.event, t.note.c.id)


def of(db: Connection, formation: int) -> list[Note]:
    """Every note of a formation, oldest first."""
    return [
        Note(r.key, r.step, r.kind, r.by or "", r.text, Audience(r.audience), r.event, r.asked_of or "", r.answers)
        for r in db.execute(_ALL, {"formation": formation})
    ]
