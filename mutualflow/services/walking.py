"""The walk: what time does to a formation, and nothing that a person does (model.md 9)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain import reminders
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.computed import recompute
from mutualflow.domain.desk import Desk
from mutualflow.domain.formation import DateKind, Formation, Life, MilestoneDate
from mutualflow.domain.keys import Milestone
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.plan import shifts
from mutualflow.domain.reminders import NoticeKind, Owed
from mutualflow.domain.spans import on
from mutualflow.services import acting, pathways
from mutualflow.storage import clocks as clock_rows
from mutualflow.storage import formations, notices, saving
from mutualflow.storage import tables as t

WALK = "walk"
MOST = 500
"""Ids in one batch: one task of the flow, one transaction per formation inside it."""


@dataclass(slots=True)
class Walked:
    """What one walk, or many, did: counts by kind, and roles waited for."""

    walked: int = 0
    changed: int = 0
    told: int = 0
    mended: int = 0
    failed: int = 0
    held: list[str] = field(default_factory=list)  # keys left alone: somebody was working on them
    kinds: Counter[str] = field(default_factory=Counter)
    waiting_for: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Walked") -> None:
        """Add another's counts."""
        self.walked += other.walked
        self.changed += other.changed
        self.told += other.told
        self.mended += other.mended
        self.failed += other.failed
        self.held += other.held
        self.kinds.update(other.kinds)
        self.waiting_for.update(other.waiting_for)
        self.stages.update(other.stages)

    def as_counts(self) -> dict[str, int]:
        """For the pulse row: numbers only."""
        return {
            "walked": self.walked,
            "changed": self.changed,
            "told": self.told,
            "mended": self.mended,
            "failed": self.failed,
            "held": len(self.held),
            **{f"kind.{k}": n for k, n in sorted(self.kinds.items())},
        }


_DUE = (
    select(t.formation.c.key)
    .where(t.formation.c.next_due_on <= bindparam("today"))
    .where(t.formation.c.kind != "history")
    .order_by(t.formation.c.next_due_on, t.formation.c.id)
)


def due(db: Connection, today: date, *, shard: int = 0, of: int = 1) -> list[str]:
    """Formations with something due, by one indexed query; shard k of n by id."""
    statement = _DUE if of == 1 else _DUE.where(t.formation.c.id % of == shard)
    return list(db.execute(statement, {"today": today}).scalars())


def walk(db: Connection, key: str, *, today: date, now: datetime, law: LawBook, force: bool = False) -> Walked:
    """Walk one formation: everything due today, told once; a second walk on the same day does nothing.

    `next_due_on` is read again under the row's lock, so that two sweeps do not do the same work. A sweep waits for
    nobody: a formation on which somebody is working stays due. `force` walks one that was named, and waits its turn.
    """
    formation = formations.load(db, key, to_write=True) if force else formations.load_if_free(db, key)
    if formation is None:
        return Walked() if force else Walked(held=[key])
    if not force and (formation.next_due_on is None or formation.next_due_on > today):
        return Walked()
    pathway = pathways.of(db, formation.release)
    result = Walked(walked=1)
    desk = Desk(pathway, formation, by="", now=now, today=today, law=law.thresholds, via=WALK)
    held = clock_rows.of(db, formation.id)
    owed = [*_law_changed(desk, law, held), *_came_into_force(desk, law)]
    _mend(desk, result)
    clocks = law.clocks(pathway, desk.f, today, desk.reading)
    owed += _missed(desk, held, clocks)
    owed += _forecast(desk, law)
    moved = desk.done()
    base = moved.after if moved.events else desk.f
    after = acting.with_awaited(pathway, base, desk.reading, today, clocks=law.legal_days(clocks))
    due_next = reminders.next_due(after, today, law.open_days(clocks))
    after = replace(after, next_due_on=due_next)
    if moved.events:
        after = saving.save(db, replace(moved, after=after), rulebook=law.sha256)
    else:
        saving.save_quietly(db, formation, after, now)
    clock_rows.replace_all(db, formation.id, clocks, held)
    told = [*owed, *reminders.opened(pathway, formation, after, today), *reminders.owed(pathway, after, today)]
    for one in told:
        result.kinds[one.kind.value] += 1
    result.told = notices.tell(db, formation.id, after.events, told, today)
    result.changed = 1 if moved.events else 0
    _summary(pathway, after, result)
    return result


def _mend(desk: Desk, result: Walked) -> None:
    """Repair computed columns that differ from what they should be; a defect, never silent."""
    right = recompute(desk.reading, desk.f.steps)
    wrong = sorted(key for key, state in right.items() if state != desk.f.steps[key])
    if wrong:
        desk.event("mended", {"steps": wrong})
        desk.put(steps=right)
        result.mended = len(wrong)


def _missed(desk: Desk, held: list[Clock], now: list[Clock]) -> list[Owed]:
    """Only the walk writes "missed": each once, told to who was waited for and to the staff lead."""
    was = {(c.rule, c.step): c.state for c in held}
    owed: list[Owed] = []
    for clock in now:
        if clock.state is ClockState.MISSED and was.get((clock.rule, clock.step)) is not ClockState.MISSED:
            desk.event(
                "clock_missed",
                {
                    "rule": clock.rule,
                    "version": clock.version,
                    "step": clock.step,
                    "legal_on": clock.legal_on.isoformat() if clock.legal_on else "",
                },
            )
            for person in _leads(desk):
                owed.append(
                    Owed(
                        person,
                        NoticeKind.LEGAL_DATE_MISSED,
                        clock.rule,
                        clock.legal_on.isoformat() if clock.legal_on else "",
                        (("step", clock.step),),
                    )
                )
    return owed


def _forecast(desk: Desk, law: LawBook) -> list[Owed]:
    """Add forecast rows that moved by a week or more, and tell the leads why."""
    owed: list[Owed] = []
    if desk.f.state.life in (Life.ENDED, Life.PAUSED):
        return owed
    dates = dict(desk.f.dates)
    for shift in shifts(desk.pathway, desk.f, desk.reading, desk.today):
        first = dates.get((shift.milestone, DateKind.FORECAST))
        dates[(shift.milestone, DateKind.FORECAST)] = MilestoneDate(
            shift.milestone, DateKind.FORECAST, on(shift.finish.likely), desk.f.events, "", shift.why,
            shift.finish.pessimistic, shift.finish.optimistic,
        )  # fmt: skip
        month = shift.finish.likely.strftime("%Y-%m")
        moved = first is None or first.span.latest is None or first.span.latest.strftime("%Y-%m") != month
        if first is not None and moved and shift.milestone is Milestone.STAFF_TRANSFER:
            day = (("day", shift.finish.likely.isoformat()),)
            owed += [Owed(p, NoticeKind.FORECAST_MOVED, shift.milestone.value, month, day) for p in _leads(desk)]
    desk.put(dates=dates)
    return owed


def _law_changed(desk: Desk, law: LawBook, held: list[Clock]) -> Iterator[Owed]:
    """Where a newer rulebook or a planned day gives another version of a rule, say so."""
    was = {(c.rule, c.step): c.version for c in held}
    for clock in law.clocks(desk.pathway, desk.f, desk.today, desk.reading):
        before = was.get((clock.rule, clock.step))
        if before and clock.version and before != clock.version:
            desk.event("law_changed", {"rule": clock.rule, "from": before, "to": clock.version, "step": clock.step})
            for person in _leads(desk):
                yield Owed(person, NoticeKind.LAW_CHANGED, clock.rule, clock.version, (("step", clock.step),))


def _came_into_force(desk: Desk, law: LawBook) -> Iterator[Owed]:
    """Law that has come into force since the last walk and touches what is still to be done."""
    since = desk.f.law_told_to
    desk.put(law_told_to=desk.today)
    if since is None or desk.f.state.life is Life.ENDED:
        return
    for change in law.changes(desk.pathway, desk.f, since, desk.today, desk.reading):
        day = change.on.isoformat()
        desk.event("law_changed", {"step": change.step, "rule": change.what, "in_force_from": day})
        for person in _leads(desk):
            yield Owed(
                person,
                NoticeKind.LAW_CHANGED,
                f"{change.step}:{change.what}",
                day,
                (("step", change.step), ("day", day)),
            )


def _leads(desk: Desk) -> list[str]:
    return [
        m.person
        for m in desk.f.members
        if m.role.value in ("staff_lead", "legal_adviser")
        and m.side.value == "group"
        and m.current(desk.today)
        and m.moves
    ]


def _summary(pathway: Pathway, formation: Formation, result: Walked) -> None:
    for entry in formation.awaited.values():
        result.waiting_for[entry.role or ("person" if entry.person else "another side")] += 1
        if entry.step:
            result.stages[pathway.steps[entry.step].stage] += 1
