"""A question put to somebody is in her queue until she answers, and its answer is read by whoever may read it."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.keys import Audience
from mutualflow.storage import notes
from mutualflow.storage.database import reading
from tests import stored
from tests.honest import START

LEAD, COLLEAGUE, SPONSOR = "staff_lead-group-1", "staff_member-group-1", "host_sponsor-host-1"


def test_who_is_asked_is_waited_for_until_she_answers(engine: Engine) -> None:
    stored.publish(engine, stored.everybody())
    stored.start(engine)
    question = acts.Ask(step="vision", text="Is this what we want?", of=COLLEAGUE, audience=Audience.GROUP, key="q1")
    stored.act(engine, "riverside", LEAD, question, START)
    assert stored.load(engine).awaited["answer:q1"].person == COLLEAGUE
    stored.act(engine, "riverside", COLLEAGUE, acts.AnswerNote(note="q1", text="Yes."), START)
    assert "answer:q1" not in stored.load(engine).awaited
    with reading(engine) as db:
        last = notes.of(db, stored.load(engine).id)[-1]
    assert (last.kind, last.step, last.audience) == ("answer", "vision", Audience.GROUP)


def test_nobody_answers_on_a_thread_that_she_may_not_read(engine: Engine) -> None:
    stored.publish(engine, stored.everybody())
    stored.start(engine)
    private = acts.Note(step="vision", text="Between us.", audience=Audience.GROUP, key="n")
    stored.act(engine, "riverside", LEAD, private, START)
    with pytest.raises(Refused) as refused:
        stored.act(engine, "riverside", SPONSOR, acts.AnswerNote(note="n", text="I saw that."), START)
    assert refused.value.code is Refusal.NOT_PERMITTED
    with pytest.raises(Refused) as unknown:
        stored.act(engine, "riverside", LEAD, acts.AnswerNote(note="nothing", text="?"), START)
    assert unknown.value.code is Refusal.UNKNOWN_KEY


def test_a_key_names_one_thread(engine: Engine) -> None:
    """Other words, another step or another person under the same key are refused; the same again is said once."""
    stored.publish(engine, stored.everybody())
    stored.start(engine)
    question = acts.Ask(step="vision", text="Is this what we want?", of=COLLEAGUE, audience=Audience.GROUP, key="q1")
    stored.act(engine, "riverside", LEAD, question, START)
    before = stored.load(engine)
    for by, other in (
        (LEAD, replace(question, text="Or that?")),
        (LEAD, replace(question, of="staff_lead-group-2")),
        (LEAD, replace(question, step="service_scope")),
        (COLLEAGUE, replace(question, of=LEAD)),
        (LEAD, acts.Note(step="vision", text="Is this what we want?", audience=Audience.GROUP, key="q1")),
    ):
        with pytest.raises(Refused, match="already a thread “q1”") as refused:
            stored.act(engine, "riverside", by, other, START)
        assert refused.value.code is Refusal.INVALID_VALUE
    assert stored.act(engine, "riverside", LEAD, question, START).moved.events == ()
    assert stored.load(engine) == before
    with reading(engine) as db:
        assert [n.text for n in notes.of(db, before.id)] == ["Is this what we want?"]


def test_nobody_takes_a_name_that_the_house_gives(engine: Engine) -> None:
    """An entry without a name is called after its event; one named so by a person could be meant by either."""
    stored.publish(engine, stored.everybody())
    stored.start(engine)
    for what in (acts.Note(step="vision", text="x", key="n3"), acts.Ask(step="vision", text="x", of=LEAD, key="n3")):
        with pytest.raises(Refused) as refused:
            stored.act(engine, "riverside", LEAD, what, START)
        assert refused.value.code is Refusal.INVALID_VALUE
