"""A newer rulebook reaches a formation: whoever touches it first writes down what that changes."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from mutualflow.domain import elapsing
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.desk import Desk
from mutualflow.domain.formation import Formation
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.reminders import Owed
from mutualflow.storage import clocks as clock_rows
from mutualflow.storage import saving

WALK = "walk"


def take_up(
    db: Connection, pathway: Pathway, formation: Formation, law: LawBook, *, today: date, now: datetime
) -> tuple[Formation, list[Owed]]:
    """The formation under this law, with what has to be told of the difference; as it was where the law is the same.

    What is written names no person: nobody did it. A rulebook that changes nothing here leaves no event.
    """
    if formation.rulebook == law.sha256:
        return formation, []
    desk = Desk(pathway, formation, by="", now=now, today=today, law=law.thresholds, via=WALK)
    held = clock_rows.of(db, formation.id)
    owed = list(elapsing.new_law(desk, law, held))
    moved = desk.done()
    if not moved.events:
        return desk.f, []
    clocks = [_told(clock, held) for clock in law.clocks(pathway, desk.f, today, desk.reading)]
    clock_rows.replace_all(db, formation.id, clocks, held)
    return saving.save(db, moved, rulebook=law.sha256), owed


def _told(clock: Clock, held: list[Clock]) -> Clock:
    """A clock with the version and days that have been told; that a day was missed is for the walk to say."""
    before = next((c for c in held if (c.rule, c.step) == (clock.rule, clock.step)), None)
    if before is not None and before.counts_from != clock.counts_from:
        return before
    if clock.state is ClockState.MISSED and (before is None or before.state is not ClockState.MISSED):
        return replace(clock, state=ClockState.RUNNING)
    return clock
