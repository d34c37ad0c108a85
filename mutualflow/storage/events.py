"""Events read back: a page of a history for an audience, and whole chains for an audit."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from mutualflow.domain.formation import Event
from mutualflow.domain.keys import Audience
from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Told:
    """One event as its history tells it; `text` is None where it was erased, '' where there was none."""

    number: int
    kind: str
    by: str
    happened_on: str
    recorded_at: datetime
    via: str
    refs: Mapping[str, object]
    text: str | None
    audience: Audience


_FORMATION = t.event_row.c.formation_id == bindparam("formation")
_AUDIENCE = t.event_row.c.audience.in_(bindparam("audiences", expanding=True))
_WITH_TEXT = (
    select(t.event_row, t.event_text.c.text, t.event_text.c.salt)
    .outerjoin(
        t.event_text,
        (t.event_text.c.formation_id == t.event_row.c.formation_id) & (t.event_text.c.number == t.event_row.c.number),
    )
    .where(_FORMATION)
)
_PAGE = (
    _WITH_TEXT.where(_AUDIENCE, t.event_row.c.number < bindparam("before"))
    .order_by(t.event_row.c.number.desc())
    .limit(bindparam("most"))
)
_SINCE = _WITH_TEXT.where(
    _AUDIENCE, t.event_row.c.number > bindparam("after"), func.coalesce(t.event_row.c.by, "") != bindparam("but")
)
_NEWEST_SINCE = _SINCE.order_by(t.event_row.c.number.desc()).limit(bindparam("most"))
_COUNT_SINCE = (
    select(func.count())
    .select_from(t.event_row)
    .where(_FORMATION, _AUDIENCE, t.event_row.c.number > bindparam("after"))
    .where(func.coalesce(t.event_row.c.by, "") != bindparam("but"))
)


def page(db: Connection, formation: int, audiences: Iterable[Audience], before: int, most: int) -> list[Told]:
    """Up to `most` events before a number, newest first, of these audiences."""
    at = {"formation": formation, "audiences": _values(audiences), "before": before, "most": most}
    return [_told(r) for r in db.execute(_PAGE, at)]


def since(
    db: Connection, formation: int, audiences: Iterable[Audience], after: int, *, but: str, most: int
) -> tuple[list[Told], int]:
    """The newest events after a number that somebody else wrote, and how many there are."""
    at = {"formation": formation, "audiences": _values(audiences), "after": after, "but": but}
    count = int(db.execute(_COUNT_SINCE, at).scalar_one())
    return [_told(r) for r in db.execute(_NEWEST_SINCE, {**at, "most": most})] if count else [], count


def _values(audiences: Iterable[Audience]) -> list[str]:
    return [audience.value for audience in audiences]


def _told(r: Any) -> Told:
    text = "" if r.salt is None else r.text
    refs = json.loads(r.body)["refs"]
    audience = Audience(r.audience or "everyone")
    return Told(r.number, r.kind, r.by or "", r.happened_on, r.recorded_at, r.via, refs, text, audience)


LATELY = 60
"""So far back the newest line about a step is looked for: a form that is sent twice comes twice within a moment."""

_NEWEST = _WITH_TEXT.order_by(t.event_row.c.number.desc()).limit(LATELY)


def newest_of(db: Connection, formation: int, step: str) -> Event | None:
    """The newest event that names a step, where it is one of the formation's last `LATELY`."""
    told = (_told(r) for r in db.execute(_NEWEST, {"formation": formation}))
    one = next((e for e in told if e.refs.get("step") == step), None)
    if one is None:
        return None
    return Event(
        one.number, one.kind, one.by, one.happened_on, one.recorded_at, one.via, one.refs, one.text or "", one.audience
    )


# what was known on a day

_LAST_BEFORE = select(func.coalesce(func.max(t.event_row.c.number), 0)).where(
    _FORMATION, t.event_row.c.recorded_at < bindparam("end")
)
_OF_SUBMISSION = (
    select(t.submission.c.event)
    .join(
        t.document,
        (t.document.c.formation_id == t.submission.c.formation_id)
        & (t.document.c.step == t.submission.c.step)
        & (t.document.c.round == t.submission.c.round),
    )
    .where(t.document.c.formation_id == bindparam("formation"), t.document.c.number == bindparam("number"))
)
_KEPT_VERSIONS = select(t.event_row.c.number, t.event_row.c.body).where(
    _FORMATION, t.event_row.c.kind == "keep_version"
)
_SAID_BY = (
    select(t.fact.c.key, t.fact.c.subject, t.fact.c.value)
    .join(
        t.answer,
        (t.answer.c.formation_id == t.fact.c.formation_id)
        & (t.answer.c.key == t.fact.c.key)
        & (t.answer.c.subject == t.fact.c.subject),
    )
    .where(t.fact.c.formation_id == bindparam("formation"))
    .where(t.fact.c.event <= bindparam("last"), t.answer.c.fact_event > bindparam("last"))
    .order_by(t.fact.c.event)
)


def last_before(db: Connection, formation: int, end: datetime) -> int:
    """Number of the last event recorded before a moment; 0 where there was none."""
    return int(db.execute(_LAST_BEFORE, {"formation": formation, "end": end}).scalar_one())


_LAST_RECORDED = select(func.max(t.event_row.c.recorded_at)).where(_FORMATION)


def last_recorded(db: Connection, formation: int) -> datetime:
    """When the last event of a formation was recorded; its start is one, so there always is one."""
    moment: datetime = db.execute(_LAST_RECORDED, {"formation": formation}).scalar_one()
    return moment


def of_version(db: Connection, formation: int, number: str) -> int | None:
    """The event with which a version of a document was put forward or kept; None where it is not one of these."""
    versions = db.execute(_KEPT_VERSIONS, {"formation": formation})
    kept = next((n for n, body in versions if json.loads(body)["refs"].get("number") == number), None)
    if kept is not None:
        return int(kept)  # asked first: what is kept after a round came back still bears that round's number
    found = db.execute(_OF_SUBMISSION, {"formation": formation, "number": number}).scalars().first()
    return int(found) if found is not None else None


def said_by(db: Connection, formation: int, last: int) -> dict[tuple[str, str], str]:
    """(fact, subject) -> what was in force at an event, for facts that have been said anew since."""
    rows = db.execute(_SAID_BY, {"formation": formation, "last": last})
    return {(key, subject): value for key, subject, value in rows}


# whole chains


@dataclass(frozen=True, slots=True)
class Kept:
    """One event as it is kept: its chained body, and the columns beside it that say the same."""

    number: int
    body: str
    hash: str
    columns: Mapping[str, str]
    text: str | None
    salt: str | None


@dataclass(frozen=True, slots=True)
class Owner:
    """The formation that a chain belongs to: what its row says of head and length."""

    id: int
    key: str
    release: str
    head: str
    events: int


_OWNERS = select(
    t.formation.c.id, t.formation.c.key, t.formation.c.release, t.formation.c.head, t.formation.c.events
).order_by(t.formation.c.key)
_CHAIN = _WITH_TEXT.order_by(t.event_row.c.number)
_FACTS = (
    select(t.fact.c.event, t.fact.c.key, t.fact.c.subject, t.fact.c.value, t.fact.c.salt)
    .where(t.fact.c.formation_id == bindparam("formation"))
    .order_by(t.fact.c.event, t.fact.c.id)
)
_STATUSES = select(t.step.c.key, t.step.c.status).where(t.step.c.formation_id == bindparam("formation"))


def owners(db: Connection) -> list[Owner]:
    """Every formation with the head and length that its row keeps."""
    return [Owner(*r) for r in db.execute(_OWNERS)]


def chain_of(db: Connection, formation: int) -> Iterator[Kept]:
    """A formation's events from the first, read as they are walked."""
    for r in db.execute(_CHAIN, {"formation": formation}):
        columns = {"kind": r.kind, "by": r.by or "", "on": r.happened_on, "via": r.via}
        yield Kept(r.number, r.body, r.hash, columns, r.text, r.salt)


def facts_of(db: Connection, formation: int) -> dict[int, list[tuple[str, str, str, str]]]:
    """Event number -> its facts as (key, subject, value, salt), in the order in which they were chained."""
    found: dict[int, list[tuple[str, str, str, str]]] = {}
    for event, key, subject, value, salt in db.execute(_FACTS, {"formation": formation}):
        found.setdefault(event, []).append((key, subject, value, salt))
    return found


def statuses(db: Connection, formation: int) -> dict[str, str]:
    """Step -> its stored status."""
    return {r.key: r.status for r in db.execute(_STATUSES, {"formation": formation})}
