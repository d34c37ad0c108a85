"""Clocks as computed: one row per rule and step of a formation."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select

from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.storage import tables as t

_HELD = select(t.clock).where(t.clock.c.formation_id == bindparam("formation")).order_by(t.clock.c.rule, t.clock.c.step)
_FORGET = t.clock.delete().where(t.clock.c.formation_id == bindparam("formation"))


def of(db: Connection, formation: int) -> list[Clock]:
    """The clocks of a formation as last computed."""
    return [
        Clock(
            r.rule,
            r.step,
            r.version,
            r.counts_from,
            r.legal_on,
            r.advisory_on,
            ClockState(r.state),
            r.why,
            r.source,
            r.nature,
            bool(r.verified),
        )
        for r in db.execute(_HELD, {"formation": formation})
    ]


def replace_all(db: Connection, formation: int, found: Iterable[Clock]) -> None:
    """Write the clocks as they are now; rows that are the same are left alone.

    A clock that the walk has written down as missed stays so in the eyes of an act: acts recompute dates and "met",
    only the walk writes "missed" (services/walking.py compares with what is held before it calls this).
    """
    new = sorted(found, key=lambda clock: (clock.rule, clock.step))  # as they are read back
    if new == of(db, formation):
        return
    db.execute(_FORGET, {"formation": formation})
    rows = [
        {
            "formation_id": formation,
            "rule": c.rule,
            "step": c.step,
            "version": c.version,
            "counts_from": c.counts_from,
            "legal_on": c.legal_on,
            "advisory_on": c.advisory_on,
            "state": c.state.value,
            "why": c.why,
            "source": c.source,
            "nature": str(c.nature),
            "verified": c.verified,
        }
        for c in new
    ]
    if rows:
        db.execute(insert(t.clock), rows)
