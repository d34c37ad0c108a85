"""Acting: one person does one thing to one formation, and everything that follows from it is written with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mutualflow.domain import awaited, elapsing, moves, reminders
from mutualflow.domain.acts import Act, Adopt, AnswerNote, Ask, EndRole, GiveRole, Note, RecordDecision, Submit
from mutualflow.domain.applies import Reading
from mutualflow.domain.checks import fit
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.desk import Desk, Moved
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Formation
from mutualflow.domain.law import LawBook
from mutualflow.domain.membering import NOBODY_YET
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.plan import latest_finishes
from mutualflow.services import newlaw, pathways
from mutualflow.storage import clocks as clock_rows
from mutualflow.storage import events, formations, notes, notices, people, saving

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act left: the formation as it is now, what was written, how many people were told."""

    formation: Formation
    moved: Moved
    told: int


def day_of(now: datetime) -> date:
    """The day in London at a moment: what everybody here calls today."""
    return now.astimezone(LONDON).date()


def act(
    db: Connection,
    key: str,
    what: Act,
    *,
    by: str,
    now: datetime,
    law: LawBook,
    via: str = "cli",
    today: date | None = None,
) -> Acted:
    """Do one act. Refused leaves nothing behind; Conflict asks the edge to run it all again."""
    today = today or day_of(now)
    formation = formations.load(db, key, to_write=True)
    check_member(formation, key, by, today)
    assert formation is not None
    pathway = pathways.of(db, formation.release)
    formation, owed = newlaw.take_up(db, pathway, formation, law, today=today, now=now)
    notices.tell(db, formation.id, formation.events, owed, today)
    if isinstance(what, AnswerNote):
        what = _on_its_thread(db, formation, what)
    elif isinstance(what, (Ask, Note)) and what.key:
        what = replace(what, begun=_beginning(db, formation, what.key))
    elif isinstance(what, (Submit, RecordDecision, Adopt)):
        what = replace(what, statements=notes.statements(db, formation.id))
    fit(what)
    _known_person(db, what)
    if isinstance(what, RecordDecision):
        what = _on_what_was_known(db, formation, what)
    desk = Desk(
        pathway, formation, by=by, now=now, today=today, law=law.thresholds, via=via,
        lately=lambda step: events.newest_of(db, formation.id, step),
    )  # fmt: skip
    moved = moves.perform(desk, what)
    if not moved.events:
        return Acted(formation, moved, 0)
    return finish(db, pathway, moved, law, today)


def _on_what_was_known(db: Connection, formation: Formation, what: RecordDecision) -> RecordDecision:
    """A decision taken elsewhere rests on the version that the body had, else on what had been said by that day."""
    last: int | None = None
    if what.version:
        last = events.of_version(db, formation.id, what.version)
        if last is None:
            raise Refused(Refusal.UNKNOWN_KEY, f"No version “{what.version[:60]}” of a document is kept here.")
    elif what.outside and what.decided_on is not None and what.decided_on.latest is not None:
        end = datetime.combine(what.decided_on.latest + timedelta(days=1), time(), LONDON)
        last = events.last_before(db, formation.id, end)
    if not what.outside or last is None or last == formation.events:
        return replace(what, last_event=None, said_then={})
    return replace(what, last_event=last, said_then=events.said_by(db, formation.id, last))


def _known_person(db: Connection, what: Act) -> None:
    """A role goes to somebody whom the installation knows: how else would she be told?"""
    named = what.person if isinstance(what, GiveRole) else what.successor if isinstance(what, EndRole) else ""
    if named in ("", NOBODY_YET) or people.person(db, named) is not None:
        return
    raise Refused(Refusal.UNKNOWN_KEY, f"Nobody is known here as “{named[:60]}”. The operator adds people.")


def _on_its_thread(db: Connection, formation: Formation, what: AnswerNote) -> AnswerNote:
    """An answer stands where its thread stands, and is read by whoever may read that."""
    thread = next((n for n in notes.of(db, formation.id) if n.key == what.note), None)
    if thread is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no note “{what.note[:60]}” in this formation.")
    return replace(what, thread_step=thread.step, thread_audience=thread.audience)


def _beginning(db: Connection, formation: Formation, key: str) -> tuple[str, ...]:
    """What a thread of that key begins with; () where the key is free."""
    held = next((n for n in notes.of(db, formation.id) if n.key == key), None)
    return (held.by, held.kind, held.step, held.text, held.audience.value, held.asked_of) if held else ()


def finish(db: Connection, pathway: Pathway, moved: Moved, law: LawBook, today: date) -> Acted:
    """Compute what follows from a change - clocks, who is awaited, what is next due - and write it all."""
    after = moved.after
    reading = moved.reading or law.read(pathway, after)
    clocks = law.clocks(pathway, after, today, reading)
    after = with_awaited(pathway, after, reading, today, clocks=law.legal_days(clocks))
    moved = replace(moved, after=replace(after, next_due_on=today))  # the next walk looks at what has changed
    saved = saving.save(db, moved, rulebook=law.sha256)
    held = clock_rows.of(db, saved.id)
    clock_rows.replace_all(db, saved.id, as_the_walk_left_them(clocks, held), held)
    owed = [*reminders.opened(pathway, moved.before, saved, today), *reminders.corrected(moved)]
    owed += elapsing.crossed(moved, today)
    told = notices.tell(db, saved.id, saved.events, owed, today)
    return Acted(saved, moved, told)


def as_the_walk_left_them(clocks: list[Clock], held: list[Clock]) -> list[Clock]:
    """Acts recompute dates and "met"; that a day was missed or a version changed is for the walk to say, once."""
    before = {(c.rule, c.step): c for c in held}
    found = []
    for clock in clocks:
        was = before.get((clock.rule, clock.step))
        if clock.state is ClockState.MISSED and (was is None or was.state is not ClockState.MISSED):
            clock = replace(clock, state=ClockState.RUNNING)
        if was is not None and was.version and clock.version and was.version != clock.version:
            clock = replace(clock, version=was.version)
        found.append(clock)
    return found


def with_awaited(
    pathway: Pathway, formation: Formation, reading: Reading, today: date, *, clocks: Mapping[str, date]
) -> Formation:
    """The formation with its table of who is awaited; `reading` is its own."""
    due = latest_finishes(pathway, formation, reading)
    return replace(formation, awaited=awaited.compute(pathway, formation, reading, today, due=due, legal=clocks))


def check_member(formation: Formation | None, key: str, by: str, today: date) -> None:
    """Whoever has no role in a formation is told that there is none."""
    if formation is None or not any(m.person == by and m.current(today) for m in formation.members):
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no formation “{key[:60]}” in which you have a role.")
