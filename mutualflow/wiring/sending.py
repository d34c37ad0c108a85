"""Digests: gathered one transaction a person, sent outside any transaction, at least once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from mutualflow.domain.material import say_date
from mutualflow.domain.messages import Message, Undeliverable
from mutualflow.domain.pathway import say
from mutualflow.domain.reminders import NoticeKind
from mutualflow.messages.write import Line, digest
from mutualflow.services import pathways
from mutualflow.storage import formations, notices
from mutualflow.storage.notices import Delivery, Notice
from mutualflow.wiring.app import App

log = logging.getLogger("mutualflow")

LEASE = timedelta(minutes=15)
BATCH = 50
MOST_TRIES = 8
URGENT = frozenset({NoticeKind.LEGAL_DATE_NEAR.value, NoticeKind.LEGAL_DATE_MISSED.value, NoticeKind.OVERDUE.value})


@dataclass(slots=True)
class Sent:
    """What one sending did."""

    digests: int = 0
    sent: int = 0
    failed: int = 0
    unprinted: int = 0  # documents that wait for their PDF
    unreachable: int = 0  # people with notices and no address that works

    def as_counts(self) -> dict[str, int]:
        """For the pulse row: numbers only."""
        return {"sent": self.sent, "unsent": self.failed, "unprinted": self.unprinted, "unreachable": self.unreachable}


def gather(app: App, *, today: date, now: datetime) -> int:
    """Put everybody's waiting notices into today's digests; how many notices."""
    people = app.read(notices.people_waiting)
    return sum(app.write(_gather_one(person, today, now, app.settings.mail_domain)) for person in people)


def _gather_one(person: str, today: date, now: datetime, domain: str) -> Callable[[Connection], int]:
    return lambda db: notices.gather(db, person, today, now, domain)


def send_waiting(app: App, *, now: datetime) -> Sent:
    """Send every digest that waits."""
    result = Sent()
    while leased := app.write(lambda db: notices.lease(db, now, BATCH, LEASE)):
        result.digests += len(leased)
        for delivery in leased:
            _send_one(app, delivery, now, result)
    return result


def _send_one(app: App, delivery: Delivery, now: datetime, result: Sent) -> None:
    try:
        if not delivery.email:
            raise Undeliverable("no address is known", for_good=True)
        receipt = app.channel.send(_message(app, delivery))
    except Undeliverable as error:
        _not_sent(app, delivery, now, result, str(error), for_good=error.for_good)
        return
    except Exception as error:  # one digest that cannot be worded must not keep the others waiting
        log.error("a digest could not be made", exc_info=error, extra={"kind": "send", "delivery": delivery.id})
        _not_sent(app, delivery, now, result, f"could not be made: {type(error).__name__}", for_good=False)
        return
    app.between(delivery)
    app.write(lambda db: notices.mark_sent(db, delivery.id, now, app.channel.name, receipt))
    result.sent += 1


def _not_sent(app: App, delivery: Delivery, now: datetime, result: Sent, why: str, *, for_good: bool) -> None:
    """Written down with the time of the next try, which comes later each time; after the last there is none."""
    result.failed += 1
    given_up = for_good or delivery.attempts >= MOST_TRIES
    retry = now + timedelta(minutes=min(5 * 2**delivery.attempts, 24 * 60))
    app.write(lambda db: notices.mark_failed(db, delivery.id, for_good=given_up, receipt=why, retry_at=retry))


def _message(app: App, delivery: Delivery) -> Message:
    def use_case(db: Connection) -> list[Line]:
        return [_line(app, db, notice) for notice in notices.inside(db, delivery.id)]

    return digest(
        to=delivery.email,
        name=delivery.name,
        day=delivery.day,
        lines=app.read(use_case),
        message_id=delivery.message_id,
        urgent=URGENT,
    )


def _line(app: App, db: Connection, notice: Notice) -> Line:
    facts = notice.facts
    day = facts.get("legal_on") if notice.kind.startswith("legal") else facts.get("due_on") or facts.get("day")
    return Line(
        kind=notice.kind,
        formation=notice.formation_name,
        title=title_of(db, notice),
        what=facts.get("what", ""),
        day=say_date(day) if day else "",
        late=bool(day) and str(day) < notice.written_on.isoformat(),
        since=say_date(facts["since"]) if facts.get("since") else "",
        rule=app.law.title(facts.get("rule", "")),
        was=say_date(facts["day_was"]) if facts.get("day_was") else "",
        now=say_date(facts["day_now"]) if facts.get("day_now") else "",
        needed=facts.get("needed", ""),
        milestone=facts.get("milestone", "").replace("_", " "),
        held_by=_step_title(db, notice, facts.get("held_by", "")),
    )


def title_of(db: Connection, notice: Notice) -> str:
    """What a notice is about, in words: the task's or step's title, else the key as words."""
    kind, _, rest = notice.subject.partition(":")
    if kind in ("task", "accept"):
        return formations.task_title(db, notice.formation, rest) or rest
    return _step_title(db, notice, notice.facts.get("step", "")) or notice.subject.replace("_", " ")


def _step_title(db: Connection, notice: Notice, step: str) -> str:
    """A step of the formation's pathway in words; '' where there is none of that key."""
    release = formations.release_of(db, notice.formation) if step else None
    known = pathways.of(db, release).steps.get(step) if release else None
    return say(known.title) if known else ""
