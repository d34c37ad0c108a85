"""A statement is listed in what is put forward from the moment it is made; a later one changes nothing of it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.formation import DecisionOutcome, SlotState, Statement, Status
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from mutualflow.domain.submitting import submission_hash
from mutualflow.services import looking, rounds
from mutualflow.services.rounds import Difference, RoundLine
from mutualflow.storage.database import reading
from tests import stored
from tests.honest import START
from tests.stored import Stored, the_law

LEAD, COLLEAGUE, NURSE = "staff_lead-group-1", "staff_member-group-1", "staff_member-group-2"
SPONSOR, BOARD = "host_sponsor-host-1", "host_board_member-host-1"


@pytest.fixture
def walk(engine: Engine) -> Stored:
    """A formation on its first day."""
    stored.publish(engine, stored.everybody())
    return Stored(engine)


def say(walk: Stored, by: str, text: str, step: str = "vision") -> int:
    """Make a statement; the number of its event."""
    walk.do(by, acts.MakeStatement(step=step, text=text))
    return walk.f.events


def shown(walk: Stored, by: str = SPONSOR, step: str = "vision") -> tuple[RoundLine, ...]:
    """The rounds as somebody of another side reads them."""
    with reading(walk.engine) as db:
        return rounds.of(looking.look(db, walk.f.key, by=by, today=walk.today, law=the_law()), step)


def changed(walk: Stored, earlier: int = 0, later: int = 0) -> Difference:
    """What changed, as an approver reads it."""
    with reading(walk.engine) as db:
        look = looking.look(db, walk.f.key, by=COLLEAGUE, today=walk.today, law=the_law())
        return rounds.difference(look, "vision", earlier, later)


def forward(walk: Stored) -> None:
    """Answer what is open and put the vision forward."""
    walk.answer_all("vision", LEAD)
    walk.submit("vision", LEAD)


def test_a_round_lists_who_said_what_and_when(walk: Stored) -> None:
    say(walk, NURSE, "The night shift was not asked.")
    say(walk, SPONSOR, "Of another step.", "service_scope")
    walk.today += timedelta(days=1)
    forward(walk)
    (one,) = shown(walk)
    assert [(s.by, s.on, s.text) for s in one.statements] == [
        (NURSE.replace("_", " "), START.isoformat(), "The night shift was not asked.")
    ]
    assert one.since_then == ()
    held = walk.f.submissions["vision"]
    assert held.statements == (one.statements[0].event,)
    said = (Statement("vision", held.statements[0], NURSE, START.isoformat(), "The night shift was not asked."),)
    assert held.sha256 == submission_hash("vision", dict(held.material), held.documents, held.evidence, said)


def test_one_made_afterwards_stands_beside_the_round_and_opens_nothing(walk: Stored) -> None:
    forward(walk)
    before = walk.f.submissions["vision"]
    late = say(walk, NURSE, "We were told afterwards.")
    assert walk.f.submissions["vision"] == before
    assert walk.status("vision") is Status.SUBMITTED
    walk.do(COLLEAGUE, acts.Approve(step="vision", happened_on=on(walk.today)))
    done = walk.f.steps["vision"]
    later = say(walk, LEAD, "Thank you all.")
    assert (walk.f.steps["vision"], walk.f.submissions["vision"]) == (done, before)
    assert done.status is Status.APPROVED
    assert {a.state for a in walk.f.approvals.values() if a.step == "vision"} == {SlotState.APPROVED}
    assert stored.load(walk.engine).steps["vision"] == done
    (one,) = shown(walk)
    assert (one.sha256, one.statements) == (before.sha256, ())
    assert [s.event for s in one.since_then] == [late, later]


def test_the_next_round_lists_it_and_the_difference_names_it(walk: Stored) -> None:
    first = say(walk, NURSE, "Before the first round.")
    forward(walk)
    second = say(walk, NURSE, "While it was looked at.")
    assert [s.event for s in changed(walk).statements_added] == [second], "what would go forward today"
    walk.do(COLLEAGUE, acts.Return(step="vision", reason="Say more."))
    walk.submit("vision", LEAD)
    third = say(walk, NURSE, "After the second round.")
    one, two = shown(walk)
    assert ([s.event for s in one.statements], [s.event for s in one.since_then]) == ([first], [second])
    assert ([s.event for s in two.statements], [s.event for s in two.since_then]) == ([first, second], [third])
    assert one.sha256 != two.sha256
    found = changed(walk)
    assert ((found.earlier, found.later), found.nothing) == ((1, 2), False)
    assert [s.text for s in found.statements_added] == ["While it was looked at."]
    assert found.statements_missing == ()
    assert [s.text for s in changed(walk, 2, 1).statements_missing] == ["While it was looked at."]


def test_a_body_that_decided_elsewhere_had_what_was_said_by_then(walk: Stored) -> None:
    step = "permission_given"
    heard = say(walk, NURSE, "Before the meeting.", step)
    met = walk.today
    walk.today += timedelta(days=9)
    unheard = say(walk, NURSE, "After the meeting.", step)
    minute = walk.attach(step, With.RECORD_DECISION, BOARD)
    yes = acts.RecordDecision(
        step=step, outcome=DecisionOutcome.YES, decided_on=on(met), minute=minute, outside=True, slot="host_board"
    )
    walk.do(BOARD, yes)
    (one,) = shown(walk, step=step)
    assert one.basis == "outside"
    assert [s.event for s in one.statements] == [heard]
    assert [s.event for s in one.since_then] == [unheard]
