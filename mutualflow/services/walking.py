"""The walk: what time does to a formation, and nothing that a person does (model.md 9)."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain import elapsing, reminders
from mutualflow.domain.desk import Desk
from mutualflow.domain.formation import Formation
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.services import acting, mending, newlaw, pathways
from mutualflow.storage import clocks as clock_rows
from mutualflow.storage import formations, notices, saving
from mutualflow.storage import tables as t

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
    rows: Counter[str] = field(default_factory=Counter)  # of `mended`: rows of who is awaited, and of clocks

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
        self.rows.update(other.rows)

    def as_counts(self) -> dict[str, int]:
        """For the pulse row: numbers only."""
        return {
            "walked": self.walked,
            "changed": self.changed,
            "told": self.told,
            "mended": self.mended,
            "failed": self.failed,
            "held": len(self.held),
            **{f"mended.{k}": n for k, n in sorted(self.rows.items())},
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
    known, owed = newlaw.take_up(db, pathway, formation, law, today=today, now=now)
    result.changed = 1 if known.events != formation.events else 0
    desk = Desk(pathway, known, by="", now=now, today=today, law=law.thresholds, via=newlaw.WALK)
    held = clock_rows.of(db, formation.id)
    owed += [*elapsing.other_version(desk, law, held), *elapsing.ran_out(desk), *elapsing.came_into_force(desk, law)]
    result.mended = elapsing.mend(desk)
    walked = desk.f
    clocks = law.clocks(pathway, desk.f, today, desk.reading)
    owed += [*elapsing.missed(desk, law, held, clocks), *elapsing.forecast(desk)]
    moved = desk.done()
    base = moved.after if moved.events else desk.f
    after = acting.with_awaited(pathway, base, desk.reading, today, clocks=law.legal_days(clocks))
    if formation.rulebook == law.sha256:
        was, right = mending.computed(known.awaited, held), mending.computed(after.awaited, clocks)
        last = known.law_told_to
        defects = mending.wrong(db, pathway, walked, desk.reading, law, held=was, now=right, last_walk=last)
        result.rows.update(defects)
        result.mended += result.rows.total()
    due_next = reminders.next_due(after, today, law.open_days(clocks))
    after = replace(after, next_due_on=due_next)
    if moved.events:
        result.changed = 1
        after = saving.save(db, replace(moved, after=after), rulebook=law.sha256)
    else:
        saving.save_quietly(db, known, after, now)
    clock_rows.replace_all(db, formation.id, clocks, held)
    due_today = reminders.owed(pathway, after, today, law.legal_rules(clocks))
    told = [*owed, *reminders.opened(pathway, formation, after, today), *due_today]
    for one in told:
        result.kinds[one.kind.value] += 1
    result.told = notices.tell(db, formation.id, after.events, told, today)
    _summary(pathway, after, result)
    return result


def _summary(pathway: Pathway, formation: Formation, result: Walked) -> None:
    for entry in formation.awaited.values():
        result.waiting_for[entry.role or ("person" if entry.person else "another side")] += 1
        if entry.step:
            result.stages[pathway.steps[entry.step].stage] += 1
