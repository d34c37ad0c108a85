"""Who holds which role for whom, who is away, and roles that nobody holds."""

from dataclasses import dataclass
from datetime import date

from mutualflow.domain.awaited import nobody_can
from mutualflow.domain.desk import role_words
from mutualflow.domain.formation import FINISHED, Kind, Membership
from mutualflow.domain.pathway import Party
from mutualflow.domain.tri import NO
from mutualflow.services.looking import Look
from mutualflow.services.waits import DOING, about, role_of


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One role that somebody holds or held. `standing`: holds, invited, ended or coming."""

    person: str
    name: str
    role: str
    side: str
    words: str
    organisation: str
    since: date
    until: date | None
    standing: str
    invited_by: str
    confirmed_by: str
    away_until: date | None
    stand_in: str


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """Somebody is or will be away."""

    person: str
    name: str
    since: date
    until: date
    stand_in: str


@dataclass(frozen=True, slots=True)
class EmptyRole:
    """A role that unfinished steps need and nobody holds; `steps`: their titles in walking order."""

    role: str
    side: str
    words: str
    steps: tuple[str, ...]
    waited_for: bool


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of a formation."""

    formation: str
    name: str
    members: tuple[MemberLine, ...]
    former: tuple[MemberLine, ...]
    absences: tuple[AbsenceLine, ...]
    organisations: tuple[tuple[str, str, str], ...]  # name, kind, part
    nobody: tuple[EmptyRole, ...]
    stuck: tuple[str, ...]


def people(look: Look) -> People:
    """Everybody with a role, absences, organisations, and what nobody can do; no query."""
    lines = [_member(look, m) for m in look.formation.members if m.scope != "installation"]
    lines.sort(key=lambda m: (m.side != "group", m.side, m.role, m.since))
    organisations = look.formation.organisations.values()
    return People(
        formation=look.formation.key,
        name=look.formation.name,
        members=tuple(m for m in lines if m.standing != "ended"),
        former=tuple(m for m in lines if m.standing == "ended"),
        absences=tuple(
            AbsenceLine(a.person, look.name(a.person), a.since, a.until, look.name(a.stand_in))
            for a in look.formation.absences
            if a.until > look.today
        ),
        organisations=tuple(sorted((o.name, o.kind.value, o.part.value) for o in organisations)),
        nobody=empty_roles(look),
        stuck=stuck(look),
    )


def _member(look: Look, m: Membership) -> MemberLine:
    away = next((a for a in look.formation.absences if a.person == m.person and a.since <= look.today < a.until), None)
    if m.until is not None and m.until <= look.today:
        standing = "ended"
    elif m.since > look.today:
        standing = "coming"
    else:
        standing = "holds" if m.moves else "invited"
    return MemberLine(
        person=m.person,
        name=look.name(m.person),
        role=m.role.value,
        side=m.side.value,
        words=role_words(m.role, m.side),
        organisation=look.organisation(m.organisation),
        since=m.since,
        until=m.until,
        standing=standing,
        invited_by=look.name(m.invited_by),
        confirmed_by=look.name(m.confirmed_by),
        away_until=away.until if away else None,
        stand_in=look.name(away.stand_in) if away else "",
    )


def empty_roles(look: Look) -> tuple[EmptyRole, ...]:
    """Roles that an unfinished step needs, as owner or for a slot, and that nobody holds; what is waited for first."""
    wanted: dict[Party, list[str]] = {}
    if look.formation.kind is Kind.HISTORY:
        return ()  # nobody works on what is only recorded
    for stage in look.pathway.stages:
        for key in stage.steps:
            step, state = look.pathway.steps[key], look.formation.steps[key]
            if state.status in FINISHED or step.puts_right or state.applies is NO:
                continue
            slots = [s for s in step.slots if s.role and s.side and look.reading.holds(s.when) is not NO]
            for party in (step.owner, *(Party(s.role, s.side) for s in slots if s.role and s.side)):
                wanted.setdefault(party, []).append(look.title(key))
    waited = {(e.role, e.side) for e in look.waits()}
    found = [
        EmptyRole(
            party.role.value,
            party.side.value,
            role_words(party.role, party.side),
            tuple(dict.fromkeys(titles)),
            (party.role.value, party.side.value) in waited,
        )
        for party, titles in wanted.items()
        if not look.held_by(party)
    ]
    return tuple(sorted(found, key=lambda r: not r.waited_for))


def stuck(look: Look) -> tuple[str, ...]:
    """Sentences for what waits and nobody can do: no holder, or the only one prepared it."""
    visible = {e.key for e in look.waits()}
    found = []
    for entry, why in nobody_can(look.pathway, look.formation, look.today):
        if entry.key in visible:
            doing = DOING[entry.what].lower()
            role = role_of(look.pathway, entry)
            who = f" ({role})" if role else ""
            found.append(f"Nobody can {doing} “{about(look.pathway, look.formation, entry)}”{who}: {why}.")
    return tuple(found)
