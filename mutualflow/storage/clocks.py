"""Clocks as computed: one row per rule and step of a formation."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select

from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.storage import tables as t

_COLUMNS = (
    "rule", "step", "version", "counts_from", "legal_on", "advisory_on", "state", "why", "source", "nature", "verified",
)  # fmt: skip
_HELD = (
    select(*(t.clock.c[name] for name in _COLUMNS))
    .where(t.clock.c.formation_id == bindparam("formation"))
    .order_by(t.clock.c.rule, t.clock.c.step)
)
_STATE = {s.value: s for s in ClockState}
_FORGET = t.clock.delete().where(
    t.clock.c.formation_id == bindparam("formation"),
    t.clock.c.rule == bindparam("at_rule"),
    t.clock.c.step == bindparam("at_step"),
)


def of(db: Connection, formation: int) -> list[Clock]:
    """The clocks of a formation as last computed."""
    return [
        Clock(rule, step, version, base, legal_on, advisory_on, _STATE[state], why, source, nature, bool(verified))
        for rule, step, version, base, legal_on, advisory_on, state, why, source, nature, verified in db.execute(
            _HELD, {"formation": formation}
        )
    ]


def replace_all(db: Connection, formation: int, found: Iterable[Clock], held: Iterable[Clock] | None = None) -> None:
    """Write the clocks as they are now; rows that are the same are left alone. `held`: as read before in the same
    transaction, where the caller has them.

    A clock that the walk has written down as missed stays so in the eyes of an act: acts recompute dates and "met",
    only the walk writes "missed" (services/walking.py compares with what is held before it calls this).
    """
    was = {(c.rule, c.step): c for c in (of(db, formation) if held is None else held)}
    now = {(c.rule, c.step): c for c in found}
    gone = [place for place, clock in was.items() if now.get(place) != clock]
    if gone:
        db.execute(_FORGET, [{"formation": formation, "at_rule": rule, "at_step": step} for rule, step in gone])
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
        for place, c in now.items()
        if was.get(place) != c
    ]
    if rows:
        db.execute(insert(t.clock), rows)
