"""What bodies decide: recorded, checked by another side, kept while requirements are open, deferred, partly, no."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal
from mutualflow.domain.formation import (
    Basis,
    Condition,
    DecisionOutcome,
    Holds,
    Organisation,
    SlotState,
    Status,
    TaskState,
)
from mutualflow.domain.keys import OrganisationKind, Part, Side
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import Span, on
from tests.domain.test_moves import LEAD, SPONSOR, W, at, code, first_question, people, walk_to
from tests.honest import Honest

GATE = "permission_given"
AT = (GATE, "host_board", "host")
BOARD = "host_board_member-host-1"
CONDITION = Condition("c", "Show the pension costs", "pension_adviser-group-1", None, Holds.STEP, "pension_route")


def decided(honest: Honest, step: str = GATE, by: str = BOARD, **said: object) -> acts.RecordDecision:
    """A body's yes of today, with its minute attached."""
    minute = honest.attach(step, With.RECORD_DECISION, by)
    words: dict[str, object] = {
        "outcome": DecisionOutcome.YES,
        "decided_on": on(honest.today),
        "minute": minute,
        **said,
    }
    return acts.RecordDecision(step=step, **words)  # type: ignore[arg-type]


def slot_state(honest: Honest, where: tuple[str, str, str] = AT) -> SlotState:
    return honest.f.approvals[where].state


def test_a_decision_at_a_gate_counts_once_another_side_has_checked_its_minute() -> None:
    honest = at("permission submitted")
    honest.do(BOARD, decided(honest))
    assert slot_state(honest) is SlotState.TO_BE_CHECKED
    assert honest.status(GATE) is Status.SUBMITTED
    check = acts.CheckDecision(step=GATE)
    submission = honest.f.submissions[GATE]
    assert code(honest, BOARD, check) is Refusal.FOUR_EYES  # recorded it
    assert code(honest, submission.by, check) is Refusal.FOUR_EYES  # put it forward
    assert code(honest, "legal_adviser-host-1", check) is Refusal.NOT_PERMITTED  # the same side
    assert code(honest, "a-stranger", check) is Refusal.NOT_PERMITTED
    honest.do("union_representative-union-1", check)
    honest.do("union_representative-union-1", check)  # the same again
    assert honest.status(GATE) is Status.APPROVED
    assert honest.f.decisions[AT].checked_by == "union_representative-union-1"
    assert honest.f.approvals[AT].by == BOARD


def test_whoever_answered_a_question_of_the_step_does_not_check_it() -> None:
    honest = at("case submitted")
    walk_to(honest, "final_decision", Status.SUBMITTED)
    honest.do(honest.f.submissions["final_decision"].by, acts.Withdraw(step="final_decision"))
    say_again(honest, "final_decision", LEAD)
    honest.submit("final_decision", SPONSOR)
    honest.do(BOARD, decided(honest, "final_decision"))
    check = acts.CheckDecision(step="final_decision")
    assert code(honest, LEAD, check) is Refusal.FOUR_EYES
    assert code(honest, "staff_lead-group-2", check) is None


def say_again(honest: Honest, step: str, by: str) -> None:
    """The first answer of a step said again by another person: it is hers from then on."""
    fact = first_question(step)
    honest.do(by, acts.Answer(fact=fact, value=honest.f.answers[(fact, "")].text))


def test_whoever_answered_does_not_check_what_was_decided_outside() -> None:
    honest = at("case submitted")
    walk_to(honest, "final_decision", Status.SUBMITTED)
    honest.do(honest.f.submissions["final_decision"].by, acts.Withdraw(step="final_decision"))
    say_again(honest, "final_decision", LEAD)
    honest.do(BOARD, decided(honest, "final_decision", outside=True))
    assert honest.f.submissions["final_decision"].basis is Basis.OUTSIDE
    assert slot_state(honest, ("final_decision", "host_board", "host")) is SlotState.TO_BE_CHECKED
    check = acts.CheckDecision(step="final_decision")
    assert code(honest, LEAD, check) is Refusal.FOUR_EYES
    assert code(honest, "staff_lead-group-2", check) is None


@pytest.mark.parametrize("prepared", ["answered", "attached", "nothing"])
def test_a_decision_taken_outside_is_checked_where_its_recorder_prepared_the_step(prepared: str) -> None:
    honest = at("registration approved")
    step, at_ = "contract_signed", ("contract_signed", "new_body_board", "")
    walk_to(honest, step, Status.SUBMITTED)
    honest.do(honest.f.submissions[step].by, acts.Withdraw(step=step))
    if prepared == "answered":
        say_again(honest, step, LEAD)
    elif prepared == "attached":
        honest.do(LEAD, acts.Attach(step=step, key="draft", sha256="a" * 64))
    honest.do(LEAD, decided(honest, step, LEAD, slot="new_body_board", outside=True))
    expected = SlotState.APPROVED if prepared == "nothing" else SlotState.TO_BE_CHECKED
    assert slot_state(honest, at_) is expected


# a requirement that opened again


def test_a_minute_is_not_checked_on_ground_that_has_opened_again() -> None:
    honest = at("permission submitted")
    honest.do(BOARD, decided(honest))
    honest.do(LEAD, acts.Reopen(step="route_choice", reason="another route came up"))
    assert "route_choice" in honest.f.steps[GATE].waits_for
    check = acts.CheckDecision(step=GATE)
    assert code(honest, "union_representative-union-1", check) is Refusal.WAITS
    assert code(honest, BOARD, check) is Refusal.FOUR_EYES  # who may not at all is told that
    assert code(honest, BOARD, acts.Return(step=GATE, reason="r")) is Refusal.WAITS
    walk_to(honest, "route_choice", Status.APPROVED)
    for _ in range(10):
        if not honest.f.steps[GATE].waits_for:
            break
        assert any(honest.work(key) for key in honest.pathway.steps if key != GATE), honest.stuck()
    honest.do("union_representative-union-1", check)
    assert honest.status(GATE) is Status.APPROVED


def test_a_decision_that_is_kept_may_be_taken_back_before_it_counts() -> None:
    honest = at("readiness approved")
    honest.do(BOARD, decided(honest, outside=True))
    assert honest.f.decisions[AT].kept
    honest.do(BOARD, acts.Return(step=GATE, reason="the minute is of another meeting"))
    assert slot_state(honest) is SlotState.RETURNED
    assert not honest.f.decisions[AT].kept


# the minute


def test_the_minute_is_a_file_of_the_step_that_came_with_the_decision_and_is_still_there() -> None:
    honest = at("registration approved")
    walk_to(honest, "contract_award", Status.SUBMITTED)
    clerk = "legal_adviser-commissioner-1"
    act = decided(honest, "contract_award", clerk)
    elsewhere = next(e.key for e in honest.f.evidence.values() if e.step == "registration")
    award = next(e.key for e in honest.f.evidence.values() if e.step == "contract_award" and e.comes_with == "submit")
    minute = next(e.key for e in honest.f.evidence.values() if e.step == GATE)
    for wrong in (elsewhere, award, minute):
        refused = honest.refused(clerk, replace(act, minute=wrong))
        assert refused is not None
        assert refused.code is Refusal.MISSING, wrong
    assert code(honest, clerk, act) is None
    honest.do(clerk, acts.TakeOut(step="contract_award", key=act.minute, reason="another meeting's"))
    assert code(honest, clerk, act) is Refusal.MISSING


def test_a_minute_that_was_taken_out_is_not_checked() -> None:
    honest = at("permission submitted")
    act = decided(honest)
    honest.do(BOARD, act)
    honest.do(BOARD, acts.TakeOut(step=GATE, key=act.minute, reason="another meeting's"))
    assert code(honest, "union_representative-union-1", acts.CheckDecision(step=GATE)) is Refusal.MISSING
    honest.do("union_representative-union-1", acts.Return(step=GATE, reason="there is no minute"))
    assert honest.status(GATE) is Status.IN_HAND


def test_a_kept_decision_whose_minute_was_taken_out_does_not_count_by_itself() -> None:
    honest = at("registration approved")
    walk_to(honest, "contract_award", Status.SUBMITTED)
    clerk, step = "legal_adviser-commissioner-1", "contract_signed"
    act = decided(honest, step, clerk, slot="commissioner_board", outside=True)
    honest.do(clerk, act)
    assert honest.f.decisions[(step, "commissioner_board", "")].kept
    honest.do(clerk, acts.TakeOut(step=step, key=act.minute, reason="not signed yet"))
    honest.do(clerk, decided(honest, "contract_award", clerk))
    assert honest.status("contract_award") is Status.APPROVED
    assert slot_state(honest, (step, "commissioner_board", "")) is SlotState.TO_BE_CHECKED


def test_a_checker_may_return_what_she_was_asked_to_check() -> None:
    honest = at("permission submitted")
    honest.do(BOARD, decided(honest))
    back = acts.Return(step=GATE, reason="the minute is of another meeting")
    assert code(honest, "legal_adviser-host-1", back) is Refusal.NOT_PERMITTED
    assert code(honest, BOARD, back) is None  # who recorded it may take it back
    honest.do("union_representative-union-1", back)
    assert slot_state(honest) is SlotState.RETURNED
    assert honest.status(GATE) is Status.IN_HAND


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"decided_on": None}, Refusal.MISSING),
        ({"minute": ""}, Refusal.MISSING),
        ({"minute": "none"}, Refusal.MISSING),
        ({"outcome": DecisionOutcome.PARTLY}, Refusal.MISSING),
        ({"outcome": DecisionOutcome.YES_SUBJECT_TO}, Refusal.MISSING),
        ({"outcome": DecisionOutcome.NO}, Refusal.MISSING),
        ({"outcome": DecisionOutcome.DEFERRED}, Refusal.MISSING),
        ({"decided_on": on(date(2090, 1, 1))}, Refusal.INVALID_VALUE),
        ({"slot": "nobody"}, Refusal.UNKNOWN_KEY),
        ({"outcome": DecisionOutcome.PARTLY, "conditions": (replace(CONDITION, owner="x"),)}, Refusal.UNKNOWN_KEY),
        ({"outcome": DecisionOutcome.PARTLY, "conditions": (replace(CONDITION, holds_key="vision"),)}, W),
        ({"outcome": DecisionOutcome.PARTLY, "conditions": (replace(CONDITION, key="a b"),)}, Refusal.INVALID_VALUE),
    ],
)
def test_a_decision_needs_its_day_its_minute_and_what_its_outcome_asks(
    changed: dict[str, object], expected: Refusal
) -> None:
    honest = at("permission submitted")
    assert code(honest, BOARD, replace(decided(honest), **changed)) is expected  # type: ignore[arg-type]


def test_only_who_speaks_for_the_body_records_it() -> None:
    honest = at("permission submitted")
    act = decided(honest)
    assert code(honest, LEAD, act) is Refusal.NOT_PERMITTED
    assert code(honest, BOARD, replace(act, organisation="elsewhere")) is Refusal.NOT_PERMITTED
    assert code(honest, BOARD, replace(act, step="readiness")) is Refusal.UNKNOWN_KEY
    assert code(honest, LEAD, acts.Approve(step=GATE)) is W  # a body's slot takes no personal answer


def test_deferred_stays_waiting_until_the_next_meeting() -> None:
    honest = at("permission submitted")
    next_on = honest.today + timedelta(days=60)
    honest.do(BOARD, decided(honest, outcome=DecisionOutcome.DEFERRED, next_on=next_on))
    assert slot_state(honest) is SlotState.WAITING
    assert honest.f.decisions[AT].next_on == next_on
    honest.today = next_on
    honest.do(BOARD, decided(honest))
    assert slot_state(honest) is SlotState.TO_BE_CHECKED


def test_partly_lays_tasks_that_who_speaks_for_the_body_accepts() -> None:
    honest = at("permission submitted")
    honest.do(BOARD, decided(honest, outcome=DecisionOutcome.PARTLY, conditions=(CONDITION,)))
    assert "c" not in honest.f.tasks  # it counts once it is checked
    honest.do("union_representative-union-1", acts.CheckDecision(step=GATE))
    assert slot_state(honest) is SlotState.APPROVED_SUBJECT_TO
    assert honest.status(GATE) is Status.APPROVED
    assert honest.f.tasks["c"].slot == "host_board"
    honest.do("pension_adviser-group-1", acts.Done(task="c"))
    assert code(honest, LEAD, acts.Accept(task="c")) is Refusal.NOT_PERMITTED
    honest.do("host_board_member-host-2", acts.Accept(task="c"))
    assert honest.f.tasks["c"].state is TaskState.ACCEPTED


def test_no_returns_the_step_and_the_group_may_try_again() -> None:
    honest = at("permission submitted")
    day = on(honest.today - timedelta(days=5))
    honest.do(BOARD, decided(honest, outcome=DecisionOutcome.NO, reason="too early", decided_on=day))
    honest.do("union_representative-union-1", acts.CheckDecision(step=GATE))
    returned = honest.f.approvals[AT]
    assert (returned.state, returned.by, returned.note) == (SlotState.RETURNED, BOARD, "too early")
    assert returned.decided_on == day
    assert honest.status(GATE) is Status.IN_HAND
    walk_to(honest, GATE, Status.APPROVED)
    assert honest.f.steps[GATE].round == 2


def test_a_decision_elsewhere_than_at_a_gate_counts_at_once_unless_its_recorder_prepared_it() -> None:
    honest = at("registration approved")
    walk_to(honest, "contract_award", Status.SUBMITTED)
    by = honest.f.submissions["contract_award"].by
    clerk = "legal_adviser-commissioner-1"
    same = people(honest.f, honest.today)
    same.do(by, decided(same, "contract_award", by))
    assert same.status("contract_award") is Status.SUBMITTED  # who recorded it had put it forward
    honest.do(clerk, decided(honest, "contract_award", clerk))
    assert honest.status("contract_award") is Status.APPROVED


def test_each_host_decides_for_itself_and_one_no_returns_the_round() -> None:
    honest = at("permission submitted")
    second = Organisation("second", "The second host", OrganisationKind.COUNCIL, Part.HOST)
    twins = tuple(
        replace(m, person=f"{m.person}-second", organisation="second") for m in honest.f.members if m.side is Side.HOST
    )
    honest.do(honest.f.submissions[GATE].by, acts.Withdraw(step=GATE))
    f = replace(honest.f, organisations={**honest.f.organisations, "second": second}, members=honest.f.members + twins)
    honest = people(f, honest.today)
    honest.submit(GATE, SPONSOR)
    assert {a[2] for a in honest.f.approvals if a[0] == GATE} == {"host", "second"}
    hers = decided(honest, organisation="host")
    assert code(honest, f"{BOARD}-second", hers) is Refusal.NOT_PERMITTED
    assert code(honest, f"{BOARD}-second", replace(hers, organisation="")) is None  # her own host's is found
    honest.do(BOARD, hers)
    honest.do(
        f"{BOARD}-second", decided(honest, by=BOARD, organisation="second", outcome=DecisionOutcome.NO, reason="no")
    )
    honest.do("union_representative-union-1", acts.CheckDecision(step=GATE, organisation="host"))
    assert honest.status(GATE) is Status.SUBMITTED  # the other host has still to answer
    honest.do("union_representative-union-2", acts.CheckDecision(step=GATE, organisation="second"))
    assert honest.status(GATE) is Status.IN_HAND
    assert slot_state(honest) is SlotState.LAPSED


def test_each_hosts_decision_is_recorded_by_its_own_people() -> None:
    honest = at("permission submitted")
    nobodys = tuple(replace(m, organisation="") if m.person == BOARD else m for m in honest.f.members)
    honest = people(replace(honest.f, members=nobodys), honest.today)
    act = decided(honest, by="host_board_member-host-2")
    assert code(honest, BOARD, act) is Refusal.NOT_PERMITTED
    assert code(honest, BOARD, replace(act, outside=True)) is Refusal.NOT_PERMITTED
    assert code(honest, BOARD, replace(act, organisation="host")) is Refusal.NOT_PERMITTED
    assert code(honest, "host_board_member-host-2", act) is None


# taken outside


def test_a_decision_taken_before_its_time_is_kept_and_fills_its_slot_when_the_last_requirement_closes() -> None:
    honest = at("readiness approved")
    assert honest.f.steps[GATE].waits_for
    assert code(honest, BOARD, decided(honest)) is W  # it has not been put forward
    honest.do(BOARD, decided(honest, outside=True))
    submission = honest.f.submissions[GATE]
    assert (submission.basis, submission.by) == (Basis.OUTSIDE, "")
    assert honest.f.decisions[AT].kept
    assert slot_state(honest) is SlotState.WAITING
    assert code(honest, "union_representative-union-1", acts.CheckDecision(step=GATE)) is W
    for _ in range(40):
        if not honest.f.decisions[AT].kept:
            break
        honest.today += timedelta(days=3)
        assert any(honest.work(key) for key in honest.pathway.steps if key != GATE), honest.stuck()
    assert slot_state(honest) is SlotState.TO_BE_CHECKED
    honest.do("union_representative-union-1", acts.CheckDecision(step=GATE))
    assert honest.status(GATE) is Status.APPROVED
    assert honest.f.submissions[GATE].basis is Basis.OUTSIDE  # it stays marked: nobody says the body saw these facts


def test_one_decision_that_counts_lets_a_kept_one_count_with_the_same_act() -> None:
    honest = at("registration approved")
    walk_to(honest, "contract_award", Status.SUBMITTED)
    clerk = "legal_adviser-commissioner-1"
    for by, slot, organisation in (
        (BOARD, "host_board", "host"),
        ("new_body_director-group-1", "new_body_board", ""),
        (clerk, "commissioner_board", ""),
    ):
        signed = decided(honest, "contract_signed", by, slot=slot, organisation=organisation, outside=True)
        honest.do(by, signed)
    assert honest.f.steps["contract_signed"].waits_for == ("contract_award",)
    assert all(d.kept for d in honest.f.decisions.values() if d.step == "contract_signed")
    honest.do(clerk, decided(honest, "contract_award", clerk))
    assert honest.status("contract_award") is Status.APPROVED
    assert honest.status("contract_signed") is Status.APPROVED


def test_what_the_body_did_not_know_is_no_change_and_what_it_knew_is() -> None:
    honest = at("new")
    questions = [a.key for a in honest.pathway.steps[GATE].asks]
    host = SPONSOR
    known = honest.pathway.questions[questions[0]]
    honest.do(host, acts.Answer(fact=known.key, value=honest.value(known)))
    honest.do(BOARD, decided(honest, outside=True))
    for key in questions[1:]:
        question = honest.pathway.questions[key]
        if honest.desk(host).reading.asked(key).value == "yes":
            honest.do(host, acts.Answer(fact=key, value=honest.value(question)))
    assert honest.status(GATE) is Status.SUBMITTED
    assert not set(honest.f.submissions[GATE].material) & set(questions[1:])
    honest.do(host, acts.Answer(fact=known.key, value="not_known"))
    assert honest.status(GATE) is Status.IN_HAND
    assert slot_state(honest) is SlotState.LAPSED
    assert not honest.f.decisions[AT].kept


def test_a_decision_rests_on_what_was_in_force_when_the_body_met() -> None:
    honest = at("new")
    key = first_question(GATE)
    honest.do(SPONSOR, acts.Answer(fact=key, value="not_known"))
    met, then = on(honest.today), honest.f.events
    honest.today += timedelta(days=10)
    question = honest.pathway.questions[key]
    honest.do(SPONSOR, acts.Answer(fact=key, value=honest.value(question)))
    late = decided(honest, outside=True, decided_on=met)
    late = replace(late, last_event=then, said_then={(key, ""): "not_known"})
    honest.do(BOARD, late)
    assert honest.f.submissions[GATE].material[key] == ("not_known", "not_known")
    assert honest.status(GATE) is Status.IN_HAND  # what has changed since counts at once
    assert honest.f.decisions[AT].outcome is DecisionOutcome.YES  # and the decision stays readable
    assert slot_state(honest) is SlotState.LAPSED


def test_what_a_list_gained_since_the_body_met_is_left_out_of_what_it_knew() -> None:
    honest = at("case submitted")
    name, step = "proposed_conditions", "decision_in_principle"
    values = {c.key: honest.value(c) for c in honest.pathway.lists[name].columns.values()}
    honest.do(SPONSOR, acts.AddRow(list=name, row="r1", values=values))
    then = honest.f.events
    honest.do(SPONSOR, acts.AddRow(list=name, row="r2", values=values))
    board = "host_board_member-host-1"
    act = replace(decided(honest, step, board, outside=True), last_event=then)
    honest.do(board, act)
    assert '"proposed_conditions/r1"' in honest.f.submissions[step].material[name][0]
    assert "r2" not in honest.f.submissions[step].material[name][0]


def test_a_condition_that_can_no_longer_be_held_up_refuses_nobody_elses_act() -> None:
    honest = at("readiness approved")
    condition = Condition("c", "Show it", LEAD, None, Holds.STEP, "data_security_toolkit")
    honest.do(BOARD, decided(honest, outside=True, outcome=DecisionOutcome.PARTLY, conditions=(condition,)))
    honest.facts["sector"] = "other"  # for which that step is not needed
    honest.do(LEAD, acts.LayTask(key="c", title="Another of that name", owner=LEAD))
    for _ in range(40):
        if not honest.f.decisions[AT].kept:
            break
        honest.today += timedelta(days=3)
        assert any(honest.work(key) for key in honest.pathway.steps if key != GATE), honest.stuck()
    honest.do("union_representative-union-1", acts.CheckDecision(step=GATE))
    laid = next(t for t in honest.f.tasks.values() if t.slot == "host_board")
    assert laid.holds is Holds.NONE
    assert laid.key != "c"


def test_an_outside_decision_on_a_submitted_step_uses_its_submission() -> None:
    honest = at("permission submitted")
    before = honest.f.submissions[GATE]
    honest.do(BOARD, decided(honest, outside=True))
    assert honest.f.submissions[GATE] is before
    assert slot_state(honest) is SlotState.TO_BE_CHECKED


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"outcome": DecisionOutcome.NO, "reason": "too early"},
        {"outcome": DecisionOutcome.DEFERRED, "next_on": date(2030, 1, 1)},
    ],
    ids=["yes", "no", "deferred"],
)
@pytest.mark.parametrize("step", [GATE, "contract_award"])
def test_the_same_decision_recorded_twice_is_one(step: str, said: dict[str, object]) -> None:
    honest = at("permission submitted" if step == GATE else "registration approved")
    walk_to(honest, step, Status.SUBMITTED)
    by = BOARD if step == GATE else "legal_adviser-commissioner-1"
    other = "host_board_member-host-2" if step == GATE else "legal_adviser-commissioner-2"
    act = replace(decided(honest, step, by, **said), seen=honest.f.steps[step].revision)
    honest.do(by, act)
    once = honest.f
    honest.do(by, act)
    assert honest.f == once
    assert code(honest, other, act) is Refusal.STALE
    if said.get("outcome") is not DecisionOutcome.DEFERRED:
        assert code(honest, other, replace(act, seen=None)) is W


def test_the_same_check_sent_twice_is_one() -> None:
    honest = at("permission submitted")
    honest.do(BOARD, decided(honest))
    check = acts.CheckDecision(step=GATE, seen=honest.f.steps[GATE].revision)
    honest.do("union_representative-union-1", check)
    once = honest.f
    honest.do("union_representative-union-1", check)
    assert honest.f == once
    assert code(honest, "union_representative-union-2", check) is Refusal.STALE


def test_an_imprecise_day_is_a_day_that_may_have_been() -> None:
    honest = at("permission submitted")
    year = Span(date(honest.today.year, 1, 1), date(honest.today.year, 12, 31))
    assert code(honest, BOARD, decided(honest, decided_on=year)) is None
