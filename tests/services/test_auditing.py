"""Audits name the first bad event, whatever was changed: a body, an answer, words, a head, a status."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, func, select, text, update

from mutualflow.domain import chain
from mutualflow.domain.acts import Answer, Attach, Plan
from mutualflow.domain.keys import Milestone
from mutualflow.domain.spans import on
from mutualflow.services import auditing, publishing
from mutualflow.services.auditing import Verified
from mutualflow.services.publishing import Published
from mutualflow.storage import installation, migrating, pulses
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


def note_heads(engine: Engine) -> None:
    """What the daily sweep leaves in its pulse row."""

    def use_case(db: Connection) -> None:
        ident = pulses.begin(db, "walk all", "", stored.moment(START))
        pulses.end(db, ident, stored.moment(START), "{}", "", auditing.to_note(db))

    write(engine, use_case)


def cut_tail(db: Connection) -> None:
    """The last event is gone, and the row says that there never was one."""
    last, before = db.execute(select(t.event_row).order_by(t.event_row.c.number.desc()).limit(2)).all()
    for table in (t.event_text, t.event_row):
        db.execute(delete(table).where(table.c.number == last.number))
    db.execute(update(t.formation).values(events=before.number, head=before.hash))


def rewrite(db: Connection) -> None:
    """The last event says something else, and every hash after it agrees."""
    last = db.execute(select(t.event_row).order_by(t.event_row.c.number.desc()).limit(1)).one()
    body = chain.canonical({**json.loads(last.body), "via": "api"})
    changed = {"body": body, "via": "api", "hash": chain.link(body)}
    db.execute(update(t.event_row).where(t.event_row.c.number == last.number).values(changed))
    db.execute(update(t.formation).values(head=chain.link(body)))


def cut_installation(db: Connection) -> None:
    """What an administrator did last is gone."""
    row = t.installation_event
    db.execute(delete(row).where(row.c.number == select(func.max(row.c.number)).scalar_subquery()))


def remove_whole(db: Connection) -> None:
    """The formation is known by another key: nothing is left under its own."""
    db.execute(delete(t.notice))
    for table in reversed(t.metadata.sorted_tables):
        if "formation_id" in table.c:
            db.execute(delete(table).where(table.c.formation_id.is_not(None)))
    db.execute(delete(t.formation))


@pytest.mark.parametrize(
    ("change", "where", "why"),
    [
        (cut_tail, "riverside", "no part of this chain"),
        (rewrite, "riverside", "no part of this chain"),
        (cut_installation, "installation", "no part of this chain"),
        (remove_whole, "riverside", "not here any more"),
    ],
)
def test_what_agrees_with_itself_is_found_by_the_heads_that_a_walk_noted(
    walk: Stored, change: Callable[[Connection], object], where: str, why: str
) -> None:
    """A chain rewritten consistently verifies by itself; a copy of its head outside it does not agree."""

    def two(db: Connection) -> None:
        for person in ("ada", "eve"):
            publishing.add_person(db, Person(person, person, ""), by="operator", now=stored.moment(START))

    write(walk.engine, two)
    note_heads(walk.engine)
    assert verified(walk.engine, replay=False).findings == ()
    tamper(walk.engine, change)
    assert [(f.chain, why in f.why) for f in verified(walk.engine, replay=False).findings] == [(where, True)]
    tamper(walk.engine, lambda db: db.execute(delete(t.pulse)))
    assert verified(walk.engine, replay=False).findings == (), "by itself it agrees"


def test_a_chain_that_has_grown_since_it_was_noted_verifies(walk: Stored) -> None:
    """The head of then is a part of it."""
    note_heads(walk.engine)
    walk.do(LEAD, Answer(fact="why_leave", value="Because"))
    assert verified(walk.engine).findings == ()


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
