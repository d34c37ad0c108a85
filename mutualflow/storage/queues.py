"""Who waits for whom over all formations: the awaited table read by person and by role, each by an index.

A role is held in one formation, in all of a programme, or in every formation there is. Each is a query of its own, and
those of the wider scopes are sent only for people who hold such a role.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from mutualflow.domain.awaited import CHECKERS
from mutualflow.domain.formation import Awaited
from mutualflow.domain.keys import Role, Side
from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Queued:
    """One thing that is waited for, its formation, and what decides whether this person may do it."""

    formation: str
    name: str
    release: str
    life: str
    entry: Awaited
    role: Role | None = None  # the role in which the person is asked; None where she is named
    side: Side | None = None
    organisation: str = ""
    prepared_by: tuple[str, ...] = ()  # who submitted, answered or attached in the round
    recorded_by: str = ""  # who recorded the decision that is to be checked
    recorder_on_side: bool = False
    taken_by_name: str = ""
    person_name: str = ""


_PERSON: BindParameter[str] = bindparam("person")
_TODAY: BindParameter[date] = bindparam("today")
_taker = t.person_row.alias("taker")
_named = t.person_row.alias("named")
_AWAITED = (
    t.awaited.c.key, t.awaited.c.step, t.awaited.c.what, t.awaited.c.since, t.awaited.c.role, t.awaited.c.side,
    t.awaited.c.person, t.awaited.c.slot, t.awaited.c.organisation, t.awaited.c.due_on, t.awaited.c.legal_on,
    t.awaited.c.weighty, t.awaited.c.taken_by,
)  # fmt: skip
_OF_FORMATION = (
    t.formation.c.key.label("formation"),
    t.formation.c.name,
    t.formation.c.release,
    t.formation.c.life,
)
_LIVED = t.formation.c.kind != "history"


def _current(member: Any) -> Any:
    return and_(member.c.since <= _TODAY, or_(member.c.until.is_(None), member.c.until > _TODAY))


def _held_here(member: FromClause, person: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Has somebody a role in the formation of what is waited for: in it alone, in its programme, or everywhere?"""
    held = exists().where(member.c.person == person, _current(member), *more)
    wide = member.c.formation_id.is_(None)
    return or_(
        held.where(member.c.formation_id == t.awaited.c.formation_id),
        held.where(wide, member.c.scope == "programme", member.c.programme_id == t.formation.c.programme_id),
        held.where(wide, member.c.scope == "installation"),
    )


_NAMED: Select[Any] = (
    select(*_OF_FORMATION, *_AWAITED, _taker.c.name.label("taken_by_name"), literal("").label("person_name"))
    .join(t.formation, t.formation.c.id == t.awaited.c.formation_id)
    .outerjoin(_taker, _taker.c.key == t.awaited.c.taken_by)
    .where(t.awaited.c.person == _PERSON)
    .where(_LIVED)
)
# what waits for somebody who is away and for whom this person stands in
_STANDING_IN: Select[Any] = (
    select(*_OF_FORMATION, *_AWAITED, _taker.c.name.label("taken_by_name"), _named.c.name.label("person_name"))
    .select_from(t.absence)
    .join(
        t.awaited,
        and_(t.awaited.c.formation_id == t.absence.c.formation_id, t.awaited.c.person == t.absence.c.person),
    )
    .join(t.formation, t.formation.c.id == t.awaited.c.formation_id)
    .join(_named, _named.c.key == t.awaited.c.person)
    .outerjoin(_taker, _taker.c.key == t.awaited.c.taken_by)
    .where(t.absence.c.stand_in == _PERSON, t.absence.c.since <= _TODAY, t.absence.c.until > _TODAY)
    .where(_held_here(t.membership.alias("stand_in"), _PERSON))
    .where(_LIVED)
    .distinct()
)
_BY_NAME = union_all(_NAMED, _STANDING_IN)

_MINE = and_(
    t.membership.c.person == _PERSON,
    _current(t.membership),
    or_(t.membership.c.side == Side.GROUP.value, t.membership.c.confirmed_by.is_not(None)),
)
_WIDE = t.membership.c.formation_id.is_(None)
# a function keeps SQLite from reading the index of persons, where all that waits for roles lies under NULL
_BY_NOBODY_NAMED = func.coalesce(t.awaited.c.person, "") == ""
_ROLE = and_(t.awaited.c.role == t.membership.c.role, t.awaited.c.side == t.membership.c.side)
_ROLE_OR_SLOT = or_(_ROLE, t.awaited.c.what.in_(("decide", "check", "accept")))
_recorder = t.membership.alias("recorder")


def _asked_for(waiting: FromClause, *where: ColumnElement[bool]) -> Select[Any]:
    """What waits for a role of this person. `waiting`: her memberships joined to it and to its formation."""
    return (
        select(
            *_OF_FORMATION,
            *_AWAITED,
            t.membership.c.role.label("my_role"),
            t.membership.c.side.label("my_side"),
            t.membership.c.organisation.label("my_organisation"),
            func.coalesce(t.submission.c.by, "").label("put_forward_by"),
            func.coalesce(t.submission.c.answered_by, "").label("answered_by"),
            func.coalesce(t.submission.c.attached_by, "").label("attached_by"),
            func.coalesce(t.decision.c.recorded_by, "").label("recorded_by"),
            _held_here(_recorder, t.decision.c.recorded_by, _recorder.c.side == t.membership.c.side).label(
                "recorder_on_side"
            ),
            _taker.c.name.label("taken_by_name"),
        )
        .select_from(waiting)
        .outerjoin(_taker, _taker.c.key == t.awaited.c.taken_by)
        .outerjoin(t.step, and_(t.step.c.formation_id == t.awaited.c.formation_id, t.step.c.key == t.awaited.c.step))
        .outerjoin(
            t.submission,
            and_(
                t.submission.c.formation_id == t.step.c.formation_id,
                t.submission.c.step == t.step.c.key,
                t.submission.c.round == t.step.c.round,
            ),
        )
        .outerjoin(
            t.decision,
            and_(
                t.awaited.c.what == "check",
                t.decision.c.formation_id == t.step.c.formation_id,
                t.decision.c.step == t.step.c.key,
                t.decision.c.round == t.step.c.round,
                t.decision.c.slot == t.awaited.c.slot,
                t.decision.c.organisation == t.awaited.c.organisation,
            ),
        )
        .where(_MINE, _BY_NOBODY_NAMED, _LIVED, *where)
    )


_OF_IT = t.formation.c.id == t.awaited.c.formation_id
_IN_A_FORMATION = _asked_for(
    t.membership.join(t.awaited, t.awaited.c.formation_id == t.membership.c.formation_id).join(t.formation, _OF_IT),
    _ROLE_OR_SLOT,
)
_IN_A_PROGRAMME = _asked_for(
    t.membership.join(t.formation, t.formation.c.programme_id == t.membership.c.programme_id).join(t.awaited, _OF_IT),
    _WIDE,
    t.membership.c.scope == "programme",
    _ROLE_OR_SLOT,
)
_EVERYWHERE = _asked_for(
    t.membership.join(t.awaited, _ROLE).join(t.formation, _OF_IT), _WIDE, t.membership.c.scope == "installation"
)
_EVERY_CHECK = _asked_for(
    t.membership.join(t.awaited, and_(t.awaited.c.role == "", t.awaited.c.side == "")).join(t.formation, _OF_IT),
    _WIDE,
    t.membership.c.scope == "installation",
    t.membership.c.role.in_(sorted(CHECKERS)),
    t.awaited.c.what == "check",
)
_WIDER_ROLES = select(t.membership.c.scope, t.membership.c.role).where(_MINE, _WIDE)

_ANYBODY = (
    select(*_OF_FORMATION, *_AWAITED, _taker.c.name.label("taken_by_name"), _named.c.name.label("person_name"))
    .join(t.formation, t.formation.c.id == t.awaited.c.formation_id)
    .outerjoin(_taker, _taker.c.key == t.awaited.c.taken_by)
    .outerjoin(_named, _named.c.key == t.awaited.c.person)
    .where(_LIVED)
    .order_by(
        func.coalesce(t.awaited.c.legal_on, date(9999, 1, 1)),
        t.awaited.c.weighty.is_(false()),
        func.coalesce(t.awaited.c.due_on, date(9999, 1, 1)),
        t.awaited.c.since,
        t.awaited.c.formation_id,
        t.awaited.c.key,
    )
    .limit(bindparam("most"))
)


def by_name(db: Connection, person: str, today: date) -> list[Queued]:
    """What waits for this person by name, and for those for whom she stands in."""
    rows = db.execute(_BY_NAME, {"person": person, "today": today})
    return [_queued(r, person_name=r.person_name or "", taken_by_name=r.taken_by_name or "") for r in rows]


def by_role(db: Connection, person: str, today: date) -> list[Queued]:
    """What may wait for this person by a role that she holds; the caller looks at slots and four-eyes.

    Two queries, and for roles held over a programme or everywhere one or two more. A role held everywhere is asked by
    its name, and for minutes where it is one that checks them; bodies are spoken for in a formation or a programme.
    """
    at = {"person": person, "today": today}
    rows = list(db.execute(_IN_A_FORMATION, at))
    wider = {(scope, Role(role)) for scope, role in db.execute(_WIDER_ROLES, at)}
    everywhere = {role for scope, role in wider if scope == "installation"}
    if any(scope == "programme" for scope, _ in wider):
        rows += db.execute(_IN_A_PROGRAMME, at)
    if everywhere:
        rows += db.execute(_EVERYWHERE, at)
    if everywhere & CHECKERS:
        rows += db.execute(_EVERY_CHECK, at)
    return [
        _queued(
            r,
            role=Role(r.my_role),
            side=Side(r.my_side),
            organisation=r.my_organisation,
            prepared_by=tuple(p for p in (r.put_forward_by, *r.answered_by.split(","), *r.attached_by.split(",")) if p),
            recorded_by=r.recorded_by,
            recorder_on_side=bool(r.recorder_on_side),
            taken_by_name=r.taken_by_name or "",
        )
        for r in rows
    ]


def anybody(db: Connection, most: int) -> list[Queued]:
    """What waits for whomever, over all formations, in the order of `services/work.py`."""
    return [
        _queued(r, person_name=r.person_name or "", taken_by_name=r.taken_by_name or "")
        for r in db.execute(_ANYBODY, {"most": most})
    ]


def _queued(r: Any, **more: Any) -> Queued:
    entry = Awaited(
        key=r.key,
        step=r.step,
        what=r.what,
        since=r.since,
        role=r.role,
        side=r.side,
        person=r.person or "",
        slot=r.slot,
        organisation=r.organisation,
        due_on=r.due_on,
        legal_on=r.legal_on,
        weighty=bool(r.weighty),
        taken_by=r.taken_by or "",
    )
    return Queued(r.formation, r.name, r.release, r.life, entry, **more)
