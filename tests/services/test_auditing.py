"""Audits name the first bad event, whatever was changed: a body, an answer, words, a head, a status."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, text, update

from mutualflow.domain.acts import Answer, Attach, Plan
from mutualflow.domain.keys import Milestone
from mutualflow.domain.spans import on
from mutualflow.services import auditing, publishing
from mutualflow.services.auditing import Verified
from mutualflow.services.publishing import Published
from mutualflow.storage import installation, migrating
from mutualflow.storage import tables as t
from mutualflow.storage.database import reading, write
from mutualflow.storage.people import Person
from tests import stored
from tests.honest import START
from tests.stored import Stored

LEAD = "staff_lead-group-1"


@pytest.fixture
def walk(engine: Engine) -> Stored:
    """A formation with a finished step, an answer, a minute-like file and a plan with words."""
    stored.publish(engine, stored.everybody())
    made = Stored(engine)
    while made.work("vision"):
        pass
    made.do(LEAD, Plan(milestone=Milestone.GO_LIVE, day=on(START)))
    made.do(
        LEAD, Plan(milestone=Milestone.GO_LIVE, day=on(START + timedelta(days=30)), reason="the first guess was wrong")
    )
    return made


def verified(engine: Engine, *, replay: bool = True) -> Verified:
    """One audit."""
    with reading(engine) as db:
        return auditing.verify(db, replay=replay)


def tamper(engine: Engine, change: Callable[[Connection], object]) -> None:
    """Change what may not be changed, as somebody with the database in her hands could."""

    def use_case(db: Connection) -> None:
        migrating.drop_triggers(db)
        change(db)

    write(engine, use_case)


def test_an_untouched_history_verifies_and_folds(walk: Stored) -> None:
    """Every chain, and every status from its events."""
    found = verified(walk.engine)
    assert found.findings == ()
    assert found.heads["riverside"] == (walk.f.events, walk.f.head)
    assert found.events == walk.f.events + found.heads["installation"][0]


@pytest.mark.parametrize(
    ("change", "number", "why"),
    [
        (lambda db: db.execute(update(t.event_row).where(t.event_row.c.number == 3).values(body="{}")), 3, "body"),
        (lambda db: db.execute(update(t.event_row).where(t.event_row.c.number == 3).values(kind="note")), 3, "kind"),
        (lambda db: db.execute(delete(t.event_text)), 0, "words"),
        (lambda db: db.execute(update(t.event_text).values(text="other words")), 0, "words"),
        (lambda db: db.execute(update(t.formation).values(head="0" * 64)), 0, "head"),
        (lambda db: db.execute(update(t.formation).values(events=t.formation.c.events + 1)), 0, "should hold"),
        (lambda db: db.execute(update(t.step).where(t.step.c.key == "vision").values(status="open")), 0, "vision"),
    ],
    ids=["body", "column", "words gone", "words changed", "head", "length", "status"],
)
def test_a_change_is_found_at_its_event(
    walk: Stored, change: Callable[[Connection], object], number: int, why: str
) -> None:
    """The first bad event is named, with what is wrong."""
    tamper(walk.engine, change)
    found = verified(walk.engine).findings
    assert len(found) == 1
    assert found[0].chain == "riverside"
    assert not number or found[0].number == number
    assert why in found[0].why


def test_a_changed_answer_is_found(walk: Stored) -> None:
    """Values stand beside the chain, which holds their salted hash."""
    tamper(walk.engine, lambda db: db.execute(update(t.fact).where(t.fact.c.key == "why_leave").values(value="else")))
    found = verified(walk.engine).findings
    answered = next(a.event for (key, _), a in walk.f.answers.items() if key == "why_leave")
    assert [(f.number, "an answer" in f.why) for f in found] == [(answered, True)]


def test_erased_words_leave_a_chain_that_verifies(walk: Stored) -> None:
    """A person's words may be erased: the salted hash stays."""
    write(walk.engine, lambda db: db.execute(update(t.event_text).values(text=None, erased_at=stored.moment(START))))
    assert verified(walk.engine).findings == ()


def test_a_file_that_comes_with_a_decision_begins_no_work(walk: Stored) -> None:
    """Folding knows it: a minute on an open step leaves it open."""
    sha = "a" * 64
    walk.do(
        "host_sponsor-host-1", Attach(step="permission_given", key="letter", evidence="decision_letter", sha256=sha)
    )
    assert walk.status("permission_given").value == "open"
    assert verified(walk.engine).findings == ()


def test_the_rows_of_a_history_cannot_be_changed_in_passing(walk: Stored) -> None:
    """Triggers refuse it on both databases."""
    with pytest.raises(Exception, match="only ever added"), walk.engine.begin() as db:
        db.execute(text("UPDATE event SET kind = 'note'"))


def test_what_administrators_do_is_a_chain_of_its_own(engine: Engine) -> None:
    """A release, a rulebook, a person, an official text: each once, each an event; a change is found."""
    now = stored.moment(START)
    new = Published("r" * 64, "{}", "l" * 64, "{}")
    assert write(engine, lambda db: publishing.publish(db, new, by="operator", now=now)) == publishing.News(True, True)
    assert write(engine, lambda db: publishing.publish(db, new, by="operator", now=now)) == publishing.News(
        False, False
    )
    ada = Person("ada", "Ada", "ada@example.org")
    assert write(engine, lambda db: publishing.add_person(db, ada, by="operator", now=now))
    assert not write(engine, lambda db: publishing.add_person(db, ada, by="operator", now=now))

    def load(db: Connection) -> bool:
        return publishing.load_prescribed(db, "lock", "Words.", "SI 1", sample=False, by="operator", now=now)

    assert write(engine, load)
    assert not write(engine, load)
    with reading(engine) as db:
        done = installation.done(db)
    assert [d.kind for d in done] == [
        "publish_release", "publish_rulebook", "add_person", "renew_person", "load_prescribed",
    ]  # fmt: skip
    assert "ada@example.org" not in str([d.refs for d in done])
    assert verified(engine).findings == ()
    tamper(
        engine,
        lambda db: db.execute(update(t.installation_event).where(t.installation_event.c.number == 2).values(body="{}")),
    )
    assert [(f.chain, f.number) for f in verified(engine).findings] == [("installation", 2)]


def test_an_answer_is_all_it_takes_to_begin(engine: Engine) -> None:
    """The fold follows open -> in hand without a line of its own."""
    stored.publish(engine, stored.everybody())
    walk = Stored(engine)
    walk.do(LEAD, Answer(fact="why_leave", value="Because"))
    assert walk.status("vision").value == "in_hand"
    assert verified(engine).findings == ()
