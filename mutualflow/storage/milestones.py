"""The series of a milestone's days: every plan and every actual day, oldest first."""

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain.formation import MilestoneDate
from mutualflow.storage import rows
from mutualflow.storage import tables as t

_SERIES = (
    select(*(t.milestone_date.c[name] for name in rows.DATE))
    .where(t.milestone_date.c.formation_id == bindparam("formation"), t.milestone_date.c.kind != "forecast")
    .order_by(t.milestone_date.c.id)
)


def series(db: Connection, formation: int) -> list[MilestoneDate]:
    """Planned and actual days as they were said, oldest first."""
    return [rows.date_of(r) for r in db.execute(_SERIES, {"formation": formation})]
