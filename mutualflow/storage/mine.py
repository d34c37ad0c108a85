"""Which formations somebody has a part in: by a role there, or by one over its programme or the whole installation."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from mutualflow.storage import tables as t

_OURS = (
    select(
        t.formation.c.key,
        t.formation.c.name,
        t.formation.c.life,
        t.formation.c.life_since,
        t.membership.c.role,
        t.membership.c.side,
    )
    .select_from(t.membership)
    .join(
        t.formation,
        or_(
            t.membership.c.formation_id == t.formation.c.id,
            and_(t.membership.c.scope == "programme", t.membership.c.programme_id == t.formation.c.programme_id),
            t.membership.c.scope == "installation",
        ),
    )
    .where(
        t.membership.c.person == bindparam("person"),
        t.membership.c.since <= bindparam("today"),
        or_(t.membership.c.until.is_(None), t.membership.c.until > bindparam("today")),
        t.formation.c.kind != "history",
    )
    .order_by(t.formation.c.name, t.formation.c.key, t.membership.c.id)
)


def formations(db: Connection, person: str, today: date) -> Sequence[Any]:
    """key, name, life, life_since, role, side: a row for every role."""
    return db.execute(_OURS, {"person": person, "today": today}).all()
