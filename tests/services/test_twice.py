"""The same act sent twice by the same person answers as once: what only the history can tell is read from it."""

from dataclasses import replace

from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.formation import Status
from mutualflow.domain.keys import Role
from mutualflow.domain.spans import on
from tests.stored import Stored, act, everybody, load, publish

LEAD, SPONSOR, MEMBER = "staff_lead-group-1", "host_sponsor-host-1", "staff_member-group-1"
LAWYER, STEP = "legal_adviser-group-1", "service_scope"


def twice(honest: Stored, by: str, what: acts.Act) -> None:
    """Send an act twice over, with the revision that was read and without: the second time nothing moves."""
    for seen in (None, honest.f.steps[STEP].revision):
        sent = replace(what, seen=seen)
        if seen is None:
            honest.do(by, sent)
        before = load(honest.engine)
        again = act(honest.engine, honest.f.key, by, sent, honest.today)
        assert again.moved.events == (), sent
        assert again.told == 0
        assert load(honest.engine) == before


def test_a_form_sent_twice_moves_once(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine)
    while honest.status("vision") is not Status.APPROVED:
        assert honest.work("vision")
    honest.answer_all(STEP, LEAD)
    submit = acts.Submit(step=STEP, happened_on=on(honest.today))
    twice(honest, LEAD, submit)
    twice(honest, LEAD, acts.Withdraw(step=STEP))
    honest.do(LEAD, submit)
    twice(honest, SPONSOR, acts.Return(step=STEP, reason="say more about the nights", points=("service_summary",)))
    honest.do(LEAD, submit)
    honest.do(SPONSOR, acts.Approve(step=STEP))
    honest.do(LAWYER, acts.Approve(step=STEP))
    twice(honest, LEAD, acts.Reopen(step=STEP, reason="a ward was forgotten"))
    twice(honest, LEAD, acts.EndRole(person=MEMBER, role=Role.STAFF_MEMBER))
