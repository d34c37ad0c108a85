"""Digests on their way: at least once to a real SMTP server on loopback, always with the same Message-ID."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from mutualflow.storage import notices
from mutualflow.storage import tables as t
from mutualflow.wiring import pulses, sending
from mutualflow.wiring.app import App
from tests import stored
from workflows.crash import Crash, SenderKilled
from workflows.server import free_port

DAY = date(2024, 3, 2)
"""A day on which a walk has much to tell: law has come into force since the formation began."""


class Postbox:
    """What the server took, and the answers that it gives to some addresses instead."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Message]] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """One addressee."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One message."""
        assert isinstance(envelope.content, bytes)
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=default)))
        return "250 taken"

    def ids(self, address: str = "") -> list[str]:
        """Message-IDs in the order of their coming."""
        return [str(mail["Message-ID"]) for to, mail in self.taken if address in ("", to)]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """An SMTP server on loopback."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port  # type: ignore[attr-defined]
    yield box
    controller.stop()


@pytest.fixture
def told(app: App, postbox: Postbox) -> App:
    """An application that sends by SMTP, with digests that wait."""
    app.settings = replace(app.settings, smtp_host="127.0.0.1", smtp_port=postbox.port)  # type: ignore[attr-defined]
    stored.start(app.engine)
    pulses.walk_some(app, ["riverside"], today=DAY, now=moment())
    assert sending.gather(app, today=DAY, now=moment()) > 0
    return app


def moment(minutes: int = 0) -> datetime:
    """A moment of the day."""
    return stored.moment(DAY) + timedelta(minutes=minutes)


def deliveries(app: App) -> dict[str, tuple[str, datetime | None, int, bool]]:
    """Message-ID, when sent, tries, given up: by person."""
    rows = app.read(lambda db: db.execute(select(t.delivery)).all())
    return {r.person: (r.message_id, r.sent_at, r.attempts, r.failed_for_good) for r in rows}


def test_everybody_gets_one_mail_with_her_own_id(told: App, postbox: Postbox) -> None:
    sent = sending.send_waiting(told, now=moment())
    rows = deliveries(told)
    assert sent.sent == len(rows) == len(postbox.taken)
    for to, mail in postbox.taken:
        person = to.partition("@")[0]
        assert mail["Message-ID"] == rows[person][0] == f"<digest.{person}.{DAY}@example.org>"
        assert mail["To"] == f"{person.replace('_', ' ')} <{to}>"
        body = mail.get_body(("plain",))  # type: ignore[attr-defined]
        assert "Riverside" in body.get_content()
    assert sending.send_waiting(told, now=moment(60)).digests == 0, "what has gone does not go again"


def test_a_sender_killed_before_the_mark_sends_the_same_mail_again(told: App, postbox: Postbox) -> None:
    crash = Crash(DAY, armed=True)
    told.between = crash.passed
    with pytest.raises(SenderKilled):
        sending.send_waiting(told, now=moment())
    (first,) = postbox.ids()
    assert first == crash.message_id
    assert all(sent_at is None for _, sent_at, _, _ in deliveries(told).values()), "nothing was written down"

    assert sending.send_waiting(told, now=moment(5)).digests == 0, "somebody may still be at it"
    sending.send_waiting(told, now=moment(16))
    assert crash.again_on == DAY
    assert postbox.ids().count(first) == 2
    rows = deliveries(told)
    assert set(postbox.ids()) == {message_id for message_id, _, _, _ in rows.values()}
    assert all(sent_at is not None for _, sent_at, _, _ in rows.values())
    others = [one for one in postbox.ids() if one != first]
    assert len(others) == len(set(others)), "only the one whose fate was unknown went twice"


def test_what_is_told_after_a_digest_was_taken_waits_for_the_next(told: App, postbox: Postbox) -> None:
    crash = Crash(DAY, armed=True)
    told.between = crash.passed
    with pytest.raises(SenderKilled):
        sending.send_waiting(told, now=moment())
    stored.start(told.engine, "hillside", today=DAY)
    assert sending.gather(told, today=DAY, now=moment(10)) == 0, "a mail that may have gone keeps its words"
    sending.send_waiting(told, now=moment(20))
    tomorrow = DAY + timedelta(days=1)
    assert sending.gather(told, today=tomorrow, now=stored.moment(tomorrow)) > 0
    sending.send_waiting(told, now=stored.moment(tomorrow))
    waiting = told.read(lambda db: db.execute(select(t.notice).where(t.notice.c.delivery_id.is_(None))).all())
    assert waiting == []
    assert len(set(postbox.ids())) == len(deliveries_by_day(told))


def deliveries_by_day(app: App) -> set[tuple[str, date]]:
    """One digest a person a day."""
    return {(r.person, r.day) for r in app.read(lambda db: db.execute(select(t.delivery)).all())}


def test_refused_for_good_is_not_tried_again_and_for_now_is(told: App, postbox: Postbox) -> None:
    for_good, for_now = sorted(deliveries(told))[:2]
    postbox.answers = {f"{for_good}@example.org": "550 no such box", f"{for_now}@example.org": "451 try later"}
    assert sending.send_waiting(told, now=moment()).failed == 2
    assert deliveries(told)[for_good][3]
    assert not deliveries(told)[for_now][3]

    postbox.answers = {}
    assert sending.send_waiting(told, now=moment(9)).digests == 0, "the next try comes after ten minutes"
    assert sending.send_waiting(told, now=moment(11)).sent == 1
    assert postbox.ids(f"{for_now}@example.org") == [deliveries(told)[for_now][0]]
    assert postbox.ids(f"{for_good}@example.org") == []


def test_what_could_not_be_told_goes_with_the_first_digest_that_arrives(told: App, postbox: Postbox) -> None:
    refused, nowhere = sorted(deliveries(told))[:2]
    first = {p: told_in_digests(told, p) for p in (refused, nowhere)}
    assert all(first.values())
    postbox.answers = {f"{refused}@example.org": "550 no such box"}
    give_address(told, nowhere, "")
    assert sending.send_waiting(told, now=moment()).failed == 2
    assert told.read(notices.unreachable) == 2
    assert sending.gather(told, today=DAY, now=moment(1)) == 0, "one digest a day"

    tomorrow = DAY + timedelta(days=1)
    sending.gather(told, today=tomorrow, now=stored.moment(tomorrow))
    assert pulses.send_pulse(told, now=stored.moment(tomorrow))["unreachable"] == 2, "still refused, still nowhere"

    postbox.answers = {}
    give_address(told, nowhere, "new@example.org")
    later = DAY + timedelta(days=2)
    sending.gather(told, today=later, now=stored.moment(later))
    assert pulses.send_pulse(told, now=stored.moment(later))["unreachable"] == 0
    assert {p: told_in_digests(told, p) for p in (refused, nowhere)} == first
    assert postbox.ids("new@example.org") == [f"<digest.{nowhere}.{later}@example.org>"]
    assert postbox.ids(f"{refused}@example.org") == [f"<digest.{refused}.{later}@example.org>"]


def give_address(app: App, person: str, email: str) -> None:
    """The operator changes where somebody is reached."""
    app.write(lambda db: db.execute(update(t.person_row).where(t.person_row.c.key == person).values(email=email)))


def told_in_digests(app: App, person: str) -> set[int]:
    """Notices of a person that are in a digest which has gone, or may still go."""
    rows = app.read(
        lambda db: db.execute(
            select(t.notice.c.id)
            .join(t.delivery, t.delivery.c.id == t.notice.c.delivery_id)
            .where(t.notice.c.person == person, t.delivery.c.failed_for_good.is_(False))
        ).all()
    )
    return {r.id for r in rows}


def test_a_server_that_is_down_loses_nothing(told: App, postbox: Postbox) -> None:
    told.settings = replace(told.settings, smtp_port=free_port())
    failed = sending.send_waiting(told, now=moment())
    assert failed.sent == 0
    assert failed.failed == len(deliveries(told))
    del told.__dict__["channel"]
    told.settings = replace(told.settings, smtp_port=postbox.port)  # type: ignore[attr-defined]
    assert sending.send_waiting(told, now=moment(11)).sent == len(deliveries(told))


def test_one_digest_that_cannot_be_worded_keeps_nobody_elses_waiting(
    told: App, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned, *others = sorted(deliveries(told))
    usual = sending.digest

    def digest(*, name: str, **rest: object) -> object:
        if name == poisoned.replace("_", " "):
            raise KeyError("a word that is not there")
        return usual(name=name, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "digest", digest)
    sent = sending.send_waiting(told, now=moment())
    assert (sent.sent, sent.failed) == (len(others), 1)
    assert not deliveries(told)[poisoned][3], "it is tried again when the program has been mended"
    assert "a digest could not be made" in caplog.text
