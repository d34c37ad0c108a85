"""Starting: a new formation on the newest release, with its people and organisations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, insert

from mutualflow.domain import chain
from mutualflow.domain.desk import Desk
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import (
    Formation,
    Kind,
    Life,
    LifeState,
    Membership,
    Organisation,
    Status,
    StepState,
)
from mutualflow.domain.keys import Role
from mutualflow.domain.law import LawBook
from mutualflow.domain.membering import check_fits
from mutualflow.domain.values import FORMATION_KEY, key_like
from mutualflow.services import acting, pathways
from mutualflow.services.publishing import checked, name_of, nation_known
from mutualflow.storage import formations, people, releases
from mutualflow.storage import tables as t
from mutualflow.storage.people import Person


@dataclass(frozen=True, slots=True)
class Start:
    """What a formation starts with."""

    key: str
    name: str
    kind: Kind
    nation: str
    members: tuple[Membership, ...]
    organisations: tuple[Organisation, ...] = ()


def start(
    db: Connection, new: Start, *, by: str, now: datetime, law: LawBook, via: str = "cli", today: date | None = None
) -> Formation:
    """Start a formation: its steps, people and organisations; the first event says who started it."""
    today = today or acting.day_of(now)
    if not FORMATION_KEY.fullmatch(new.key):
        raise _no_key(new.key, "a formation")
    new = _checked(new)
    if formations.load(db, new.key) is not None:
        raise Refused(Refusal.INVALID_VALUE, f"There is already a formation “{new.key}”.")
    release = releases.newest(db)
    if release is None:
        raise Refused(Refusal.NOT_ON_FILE, "No release has been published; run “mutualflow init”.")
    pathway = pathways.of(db, release)
    first = {
        key: StepState(key, Status.CLOSED if step.puts_right else Status.OPEN) for key, step in pathway.steps.items()
    }
    row = {
        "key": new.key,
        "name": new.name,
        "kind": new.kind.value,
        "release": release,
        "version": 0,
        "head": chain.START,
        "events": 0,
        "life": Life.FORMING.value,
        "life_since": today,
        "life_reason": "",
        "life_where": "",
        "outcome": "",
    }
    db.execute(insert(t.formation), [row])
    formation = formations.load(db, new.key, to_write=True)
    assert formation is not None
    for organisation in new.organisations:
        ident = people.keep_organisation(db, organisation.key, organisation.name, organisation.kind, new.nation)
        db.execute(
            insert(t.party), [{"formation_id": formation.id, "organisation_id": ident, "part": organisation.part.value}]
        )
    desk = Desk(pathway, replace(formation, steps={}), by=by, now=now, today=today, law=law.thresholds, via=via)
    desk.event("start", {"kind": new.kind.value, "release": release, "name": new.key})
    desk.put(
        steps=first,
        members=new.members,
        organisations={o.key: o for o in new.organisations},
        state=LifeState(Life.FORMING, today),
        law_told_to=today,
    )
    return acting.finish(db, pathway, desk.done(), law, today).formation


def _checked(new: Start) -> Start:
    """What it starts with, its names tidied; INVALID_VALUE for what cannot be used."""
    nation_known(new.nation)
    named: set[str] = set()
    for one in new.organisations:
        if not FORMATION_KEY.fullmatch(one.key):
            raise _no_key(one.key, "an organisation")
        if one.key in named:
            raise Refused(Refusal.INVALID_VALUE, f"The organisation “{one.key}” is named twice.")
        named.add(one.key)
    for member in new.members:
        if new.kind is not Kind.HISTORY:
            check_fits(member.role, member.side)
        if member.organisation and member.organisation not in named:
            known = ", ".join(sorted(named)) or "none"
            raise Refused(
                Refusal.UNKNOWN_KEY,
                f"There is no organisation “{member.organisation[:60]}” in this formation; there are: {known}.",
            )
    return replace(
        new,
        name=name_of(new.name, "name of the formation"),
        members=tuple(dict.fromkeys(new.members)),
        organisations=tuple(
            replace(one, name=name_of(one.name, f"name of the organisation {one.key}")) for one in new.organisations
        ),
    )


def _no_key(said: str, what: str) -> Refused:
    near = key_like(said)
    tail = f", for example {near}" if near else ""
    return Refused(
        Refusal.INVALID_VALUE, f"{said[:60]!r} cannot name {what}: use small letters, digits and hyphens{tail}."
    )


def vouch(
    db: Connection, key: str, person: str, role: Role, *, by: str, now: datetime, law: LawBook, via: str = "cli"
) -> Formation:
    """Confirm a role in the name of whoever runs the installation: the way in where nobody of the formation can.

    UNKNOWN_KEY where there is no such formation, or nobody was invited to that role.
    """
    today = acting.day_of(now)
    formation = formations.load(db, key, to_write=True)
    if formation is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no formation “{key[:60]}”.")
    found = [m for m in formation.members if (m.person, m.role) == (person, role) and m.current(today)]
    if not found:
        raise Refused(
            Refusal.UNKNOWN_KEY, f"Nobody has invited “{person[:60]}” as {role.value.replace('_', ' ')} in “{key}”."
        )
    waiting = next((m for m in found if not m.confirmed_by), None)
    if waiting is None:
        return formation
    if people.person(db, by) is None:  # a membership names who confirmed it
        people.keep(db, Person(by, by))
    pathway = pathways.of(db, formation.release)
    desk = Desk(pathway, formation, by=by, now=now, today=today, law=law.thresholds, via=via)
    desk.event("confirm_role", {"person": person, "role": role.value, "side": waiting.side.value})
    desk.put(members=tuple(replace(m, confirmed_by=by) if m is waiting else m for m in formation.members))
    return acting.finish(db, pathway, desk.done(), law, today).formation


def keep_people(db: Connection, known: Iterable[Person]) -> None:
    """Add people or renew their contacts."""
    for person in known:
        people.keep(db, checked(person))
