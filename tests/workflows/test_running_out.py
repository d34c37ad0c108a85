"""A file that is valid for a time, and an absence that ends: the walk comes on the day, writes it down and tells."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from mutualflow.domain import acts
from mutualflow.domain.formation import Formation
from mutualflow.domain.keys import Audience
from mutualflow.domain.reminders import NoticeKind
from mutualflow.services import auditing, history, looking, step_page, walking
from mutualflow.services.step_page import HeldFile
from mutualflow.storage import events
from mutualflow.storage import tables as t
from mutualflow.storage.events import Told
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests import stored
from tests.honest import START

KEY = "riverside"
LEAD, SECOND = "staff_lead-group-1", "staff_lead-group-2"
LAST = START + timedelta(days=3)
LETTER = acts.Attach(step="vision", key="letter", sha256="a" * 64, name="letter.pdf", valid_until=LAST)


@pytest.fixture
def begun(app: App) -> App:
    """A formation on its first day, walked once."""
    stored.start(app.engine, KEY)
    walk(app, START)
    return app


def walk(app: App, day: date) -> None:
    """One sweep over everything that is due."""
    pulses.sweep_plainly(app, today=day, now=stored.moment(day))


def act(app: App, what: acts.Act, by: str = LEAD, day: date = START) -> None:
    """An act, and the walk of the evening."""
    stored.act(app.engine, KEY, by, what, day)
    walk(app, day)


def formation(app: App) -> Formation:
    """As it is held."""
    return stored.load(app.engine, KEY)


def written(app: App, kind: str) -> list[Told]:
    """Events of a kind."""
    ident = formation(app).id
    return [e for e in app.read(lambda db: events.page(db, ident, tuple(Audience), 999, 999)) if e.kind == kind]


def told(app: App) -> list[str]:
    """Who was told that a file is no longer valid."""
    chosen = select(t.notice.c.person).where(t.notice.c.kind == NoticeKind.EVIDENCE_EXPIRED.value)
    return sorted(app.read(lambda db: db.execute(chosen).scalars().all()))


def test_a_file_whose_validity_has_passed_is_written_down_once_and_told_to_the_owner_of_its_step(begun: App) -> None:
    act(begun, LETTER)
    assert formation(begun).evidence["letter"].valid_until == LAST
    assert formation(begun).next_due_on == LAST + timedelta(days=1)
    walk(begun, LAST)
    assert written(begun, "evidence_expired") == []
    after = LAST + timedelta(days=1)
    for day in (after, after, after + timedelta(days=30)):
        walk(begun, day)
        (event,) = written(begun, "evidence_expired")
    assert (event.refs, event.via, event.by) == (
        {"step": "vision", "key": "letter", "valid_until": LAST.isoformat()}, "walk", "",
    )  # fmt: skip
    assert told(begun) == [LEAD, SECOND]
    (line,) = [e for e in sentences(begun, after) if "was valid until" in e]
    assert LAST.isoformat() not in line, "a person reads a day in words"
    assert begun.read(lambda db: auditing.verify(db, replay=True)).findings == ()
    mails = [p.read_text(encoding="utf-8") for p in begun.settings.mail_dir.glob("*.eml")]
    assert any("is so no longer" in " ".join(m.replace("=\n", "").split()) for m in mails)


def sentences(app: App, day: date) -> list[str]:
    """The history as a person reads it."""

    def use_case(db: Connection) -> list[str]:
        look = looking.look(db, KEY, by=LEAD, today=day, law=app.law)
        told = events.page(db, look.formation.id, tuple(Audience), 999, 999)
        return [history.line(look, one).sentence for one in told]

    return app.read(use_case)


def test_the_step_shows_until_when_a_file_is_valid(begun: App) -> None:
    act(begun, LETTER)
    for day, expired in ((LAST, False), (LAST + timedelta(days=1), True)):
        (held,) = held_files(begun, day)
        assert (held.valid_until, held.expired) == (LAST.isoformat(), expired)


def held_files(app: App, day: date) -> list[HeldFile]:
    """Files on the page of the step."""

    def use_case(db: Connection) -> list[HeldFile]:
        page = step_page.step_page(looking.look(db, KEY, by=LEAD, today=day, law=app.law), "vision")
        return [held for line in page.files for held in line.held]

    return app.read(use_case)


def test_a_file_that_was_taken_out_runs_out_for_nobody(begun: App) -> None:
    act(begun, LETTER)
    act(begun, acts.TakeOut(step="vision", key="letter", reason="the wrong one"))
    walk(begun, LAST + timedelta(days=30))
    assert written(begun, "evidence_expired") == []
    assert told(begun) == []


def test_an_absence_that_ends_is_written_down_once(begun: App) -> None:
    back = START + timedelta(days=2)
    act(begun, acts.BeAway(since=START, until=back, stand_in=SECOND))
    walk(begun, back - timedelta(days=1))
    assert written(begun, "absence_over") == []
    assert KEY in begun.read(lambda db: walking.due(db, back))
    for day in (back, back, back + timedelta(days=30)):
        walk(begun, day)
        (event,) = written(begun, "absence_over")
    assert event.refs == {"person": LEAD, "until": back.isoformat(), "stand_in": SECOND}
    assert any(line.startswith("The absence of ") for line in sentences(begun, back))
