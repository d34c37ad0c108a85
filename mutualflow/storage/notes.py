"""Notes, questions, answers and statements on steps."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain.formation import Statement
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


_STATEMENTS = (
    select(t.note.c.step, t.note.c.event, t.note.c.by, t.event_row.c.happened_on, t.note.c.text)
    .join(
        t.event_row,
        (t.event_row.c.formation_id == t.note.c.formation_id) & (t.event_row.c.number == t.note.c.event),
    )
    .where(t.note.c.formation_id == bindparam("formation"), t.note.c.kind == "statement")
    .order_by(t.note.c.event)
)


def statements(db: Connection, formation: int) -> tuple[Statement, ...]:
    """Everybody's statements on the steps of a formation, oldest first."""
    return tuple(
        Statement(step, event, by or "", on, text)
        for step, event, by, on, text in db.execute(_STATEMENTS, {"formation": formation})
    )


def of(db: Connection, formation: int) -> list[Note]:
    """Every note of a formation, oldest first."""
    return [
        Note(r.key, r.step, r.kind, r.by or "", r.text, Audience(r.audience), r.event, r.asked_of or "", r.answers)
        for r in db.execute(_ALL, {"formation": formation})
    ]
