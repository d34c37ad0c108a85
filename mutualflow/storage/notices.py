"""Notices and deliveries: written with their cause, gathered once a day, sent at least once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mutualflow.domain.reminders import Owed
from mutualflow.storage import tables as t

DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice that waits for, or is in, a digest."""

    id: int
    person: str
    kind: str
    formation: str
    formation_name: str
    subject: str
    mark: str
    facts: dict[str, str]
    written_on: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest for one person on one day."""

    id: int
    person: str
    name: str
    email: str
    day: date
    message_id: str
    attempts: int


def insert_or_ignore(db: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Add rows whose unique key is new; how many were."""
    if not rows:
        return 0
    make = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    added = 0
    for row in rows:
        # counted by what comes back: PostgreSQL's driver does not say how many rows an INSERT added
        statement = make(table).on_conflict_do_nothing().returning(*table.primary_key)
        added += len(db.execute(statement, row).all())
    return added


def tell(db: Connection, formation: int, event: int, owed: Iterable[Owed], today: date) -> int:
    """Write notices; what was told already is not told again. How many were new."""
    rows = [
        {
            "person": one.person,
            "kind": one.kind.value,
            "formation_id": formation,
            "subject": one.subject,
            "mark": one.mark,
            "facts": json.dumps(dict(one.facts), sort_keys=True),
            "event": event,
            "written_on": today,
            "delivery_id": None,
        }
        for one in owed
    ]
    return insert_or_ignore(db, t.notice, rows)


_WAITING = (
    select(t.notice.c.person)
    .join(t.person_row, t.person_row.c.key == t.notice.c.person)
    .where(t.notice.c.delivery_id.is_(None))
    .distinct()
)
_REACHABLE = _WAITING.where(t.person_row.c.email != "").order_by(t.notice.c.person)
_earlier = t.delivery.alias("earlier")
_NEWEST = (
    select(func.max(_earlier.c.id))
    .where(_earlier.c.person == t.person_row.c.key)
    .correlate(t.person_row)
    .scalar_subquery()
)
_REFUSED = (
    select(t.delivery.c.id)
    .where(t.delivery.c.id == _NEWEST, t.delivery.c.failed_for_good.is_(True))
    .correlate(t.person_row)
    .exists()
)
_UNREACHABLE = select(func.count()).select_from(
    _WAITING.where(or_(t.person_row.c.email == "", _REFUSED)).subquery("unreachable")
)


def people_waiting(db: Connection) -> list[str]:
    """Everybody with an address and a notice that is in no digest yet."""
    return list(db.execute(_REACHABLE).scalars())


def unreachable(db: Connection) -> int:
    """How many people have notices that wait until they have an address that works."""
    return int(db.execute(_UNREACHABLE).scalar_one())


def gather(db: Connection, person: str, day: date, now: datetime, domain: str) -> int:
    """Put a person's waiting notices into today's digest; how many. A digest that was sent stays as it is."""
    insert_or_ignore(
        db,
        t.delivery,
        [
            {
                "person": person,
                "day": day,
                "kind": DIGEST,
                "channel": "",
                "message_id": f"<{DIGEST}.{person}.{day.isoformat()}@{domain}>",
                "queued_at": now,
                "lease_until": None,
                "attempts": 0,
                "sent_at": None,
                "failed_for_good": False,
                "receipt": "",
            }
        ],
    )
    row = db.execute(
        select(t.delivery.c.id, t.delivery.c.sent_at, t.delivery.c.attempts)
        .where(t.delivery.c.person == person, t.delivery.c.day == day, t.delivery.c.kind == DIGEST)
        .with_for_update()
    ).one()
    if row.sent_at is not None or row.attempts:
        return 0  # one digest a person a day: the rest goes with tomorrow's
    done = db.execute(
        update(t.notice).where(t.notice.c.person == person, t.notice.c.delivery_id.is_(None)).values(delivery_id=row.id)
    )
    return done.rowcount


_LEASABLE = (
    select(t.delivery.c.id)
    .where(t.delivery.c.sent_at.is_(None), t.delivery.c.failed_for_good.is_(False))
    .where(or_(t.delivery.c.lease_until.is_(None), t.delivery.c.lease_until < bindparam("now")))
    .where(select(t.notice.c.id).where(t.notice.c.delivery_id == t.delivery.c.id).exists())
    .order_by(t.delivery.c.id)
    .limit(bindparam("most"))
)


def lease(db: Connection, now: datetime, most: int, for_: timedelta) -> list[Delivery]:
    """Take unsent deliveries for a while, so that two senders do not send the same one at once."""
    statement = _LEASABLE if db.dialect.name == "sqlite" else _LEASABLE.with_for_update(skip_locked=True)
    ids = list(db.execute(statement, {"now": now, "most": most}).scalars())
    if not ids:
        return []
    db.execute(
        update(t.delivery)
        .where(t.delivery.c.id.in_(ids))
        .values(lease_until=now + for_, attempts=t.delivery.c.attempts + 1)
    )
    rows = db.execute(
        select(t.delivery, t.person_row.c.name, t.person_row.c.email)
        .join(t.person_row, t.person_row.c.key == t.delivery.c.person)
        .where(t.delivery.c.id.in_(ids))
        .order_by(t.delivery.c.id)
    )
    return [Delivery(r.id, r.person, r.name, r.email, r.day, r.message_id, r.attempts) for r in rows]


def inside(db: Connection, delivery: int) -> list[Notice]:
    """The notices of one digest, oldest first."""
    rows = db.execute(
        select(t.notice, t.formation.c.key.label("formation"), t.formation.c.name.label("formation_name"))
        .join(t.formation, t.formation.c.id == t.notice.c.formation_id)
        .where(t.notice.c.delivery_id == delivery)
        .order_by(t.notice.c.id)
    )
    return [
        Notice(
            r.id, r.person, r.kind, r.formation, r.formation_name, r.subject, r.mark, json.loads(r.facts), r.written_on
        )
        for r in rows
    ]


def mark_sent(db: Connection, delivery: int, now: datetime, channel: str, receipt: str) -> None:
    """The channel took it."""
    db.execute(
        update(t.delivery)
        .where(t.delivery.c.id == delivery)
        .values(sent_at=now, channel=channel, receipt=receipt, lease_until=None)
    )


def mark_failed(db: Connection, delivery: int, *, for_good: bool, receipt: str, retry_at: datetime) -> None:
    """It could not be sent; it is tried again at `retry_at` unless it failed for good: then its notices go with the
    next day's digest, when the person may have an address that works.
    """
    db.execute(
        update(t.delivery)
        .where(t.delivery.c.id == delivery)
        .values(lease_until=retry_at, failed_for_good=for_good, receipt=receipt)
    )
    if for_good:
        db.execute(update(t.notice).where(t.notice.c.delivery_id == delivery).values(delivery_id=None))


def unsent(db: Connection) -> tuple[int, datetime | None]:
    """How many digests wait, and since when the oldest does."""
    row = db.execute(
        select(func.count(), func.min(t.delivery.c.queued_at)).where(
            t.delivery.c.sent_at.is_(None), t.delivery.c.failed_for_good.is_(False)
        )
    ).one()
    return int(row[0]), row[1]
