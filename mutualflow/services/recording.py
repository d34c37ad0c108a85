"""Recording: a thin history becomes a formation of its own kind, read like any other and waited for by nobody."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from mutualflow.domain.desk import Desk
from mutualflow.domain.formation import Formation, Kind, Membership, Organisation
from mutualflow.domain.history import History
from mutualflow.domain.keys import Role, Side
from mutualflow.domain.law import LawBook
from mutualflow.domain.recording import Line, put_down, settled
from mutualflow.services import pathways, starting
from mutualflow.services.starting import Start
from mutualflow.storage import clocks as clock_rows
from mutualflow.storage import formations, saving
from mutualflow.storage.people import Person

VIA = "replay"


def record(
    db: Connection, history: History, lines: Iterable[Line], *, by: Person, now: datetime, law: LawBook
) -> Formation:
    """Write a history down, `by` the person who does it; each line is an event of its own, recorded now."""
    first = _first_day(history, now)
    people = [Person(history.person(p.key), p.name, "") for p in history.people]
    starting.keep_people(db, [by, *people])
    new = Start(history.case, history.title, Kind.HISTORY, history.nation, _members(history, by, first), _orgs(history))
    formation = starting.start(db, new, by=by.key, now=now, law=law, via=VIA, today=first)
    pathway = pathways.of(db, formation.release)
    for line in lines:
        today = line.on.latest or line.on.earliest or first
        desk = Desk(pathway, formation, by=by.key, now=now, today=today, law=law.thresholds, via=VIA)
        put_down(desk, line)
        formation = saving.save(db, settled(desk, desk.done()), rulebook=law.sha256)
    until = history.known_until.latest or first
    clock_rows.replace_all(db, formation.id, law.clocks(pathway, formation, until))
    quiet = replace(formation, next_due_on=None, awaited={})
    saving.save_quietly(db, formation, quiet, now)
    found = formations.load(db, history.case)
    assert found is not None
    return found


def _first_day(history: History, now: datetime) -> date:
    days = [d for row in history.happened for d in (row.on.earliest,) if d is not None]
    days += [d for m in history.milestones if m.actual for d in (m.actual.earliest,) if d is not None]
    days += [d for s in history.states for d in (s.on.earliest,) if d is not None]
    return min(days, default=now.date())


def _members(history: History, by: Person, first: date) -> tuple[Membership, ...]:
    """Who records may look; the people of the file hold their roles from the day on which they are known."""
    keeper = Membership(by.key, Role.PROGRAMME_MANAGER, Side.INDEPENDENT, first, invited_by=by.key, confirmed_by=by.key)
    left = {str(r.row["person"]): r.on for r in history.happened if "left" in r.row and "person" in r.row}
    held = []
    for person in history.people:
        gone = left.get(person.key) or person.until
        for role in person.roles:
            held.append(
                Membership(
                    person=history.person(person.key),
                    role=role.role,
                    side=role.side,
                    since=person.since.earliest or first,
                    organisation=history.organisation(role.organisation),
                    until=(gone.latest or gone.earliest or history.known_until.latest) if gone else None,
                    invited_by=by.key,
                    confirmed_by=by.key,
                )
            )
    return (keeper, *held)


def _orgs(history: History) -> tuple[Organisation, ...]:
    return tuple(
        Organisation(history.organisation(o.key), o.name, o.kind, o.part) for o in history.organisations if o.part
    )
