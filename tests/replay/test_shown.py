"""What a thin history shows and leaves open: imprecise days, sources that differ, the end of the record."""

import pytest

from mutualflow.domain.spans import parse
from tests.replay.thin import PLAIN, actual, replayed


@pytest.mark.parametrize(
    ("planned", "happened", "slip", "late"),
    [
        ("2012-04-07", "2012-08-01", (116, 116), True),
        ("2012-04-07", "2012-04-07", (0, 0), None),
        ("2012-04-07", "2012-04-01", (-6, -6), None),
        ("2012-06", "2012-06-15", (-15, 14), False),
        ("2012", "2012", (-365, 365), False),
        ("2012-06..2012-09", "2012-08", (-60, 91), False),
        ("2012-04-07", "2012-08-02..", None, True),
        ("2012-04-07", "..2012-08-02", None, False),
        ("2012-04-07", "unknown", None, None),
        ("unknown", "2012-08-01", None, False),
    ],
)
def test_slip_and_late(planned: str, happened: str, slip: tuple[int, int] | None, late: bool | None) -> None:
    rows = [{"key": "go_live", "planned": planned}, *actual(go_live=happened)]
    shown = replayed(milestones=rows, states=[])
    assert shown.accepted, shown.refused
    (live,) = shown.milestones
    assert live.slip == slip
    assert [one.certain for one in shown.late] == ([] if late is None else [late])


def test_a_plan_without_an_actual_is_never_late() -> None:
    shown = replayed(milestones=[{"key": "go_live", "planned": "2012-04-07"}], states=[])
    assert shown.late == ()
    assert "it is not recorded" in next(c.why for c in shown.cannot_say if c.about == "go_live")


def test_after_the_record_stops_it_cannot_be_said() -> None:
    rows = [{"key": "go_live", "planned": "2012-04-07"}]
    shown = replayed(milestones=rows, states=[], known_until="2012-03-01")
    assert "the record stops before it" in next(c.why for c in shown.cannot_say if c.about == "go_live")


def test_the_record_stops_with_the_last_day_that_is_no_plan() -> None:
    rows = [*actual(idea="2011-05"), {"key": "go_live", "planned": "2015-01-01"}]
    shown = replayed(milestones=rows, states=[], known_until=None)
    assert shown.known_until == parse("2011-05-31")


def test_a_word_that_was_said_tells_how_far_the_record_goes() -> None:
    facts = [{"key": "sector", "value": "libraries_leisure", "said_on": "2014-03", "source": "A"}]
    assert replayed(facts=facts, known_until=None).known_until == parse("2014-03-31")


def test_a_role_may_act_without_a_name() -> None:
    rows = [
        {"date": "2012-02-03", "step": "business_plan", "move": "submit", "by": "staff_lead"},
        {"date": "2012-02-04", "step": "business_plan", "move": "approve", "by": "new_body_chair"},
    ]
    shown = replayed(happened=rows)
    assert shown.accepted, shown.refused
    assert "business_plan" not in shown.assumed


def test_plans_stand_in_the_order_in_which_they_were_said() -> None:
    rows = [
        {"key": "go_live", "planned": "2013-01-01", "said_on": "2012-03-01"},
        {"key": "go_live", "planned": "2012-06-01", "said_on": "2011-03-01"},
        {"key": "go_live", "planned": "2013-02-01", "said_on": "unknown"},
        *actual(go_live="2013-02-01"),
    ]
    (live,) = replayed(milestones=rows, states=[]).milestones
    assert (live.first_plan, live.last_plan) == (parse("2012-06-01"), parse("2013-02-01"))


def test_two_sources_that_differ_cannot_be_said() -> None:
    facts = [
        {"key": "staff_transferring", "value": "90", "source": "A"},
        {"key": "staff_transferring", "value": "120", "source": "B"},
    ]
    shown = replayed(facts=facts)
    assert shown.accepted
    assert "A says 90; B says 120" in next(c.why for c in shown.cannot_say if c.about == "staff_transferring")


@pytest.mark.parametrize(
    "values",
    [("90", "90"), ({"between": [90, 120]}, "100"), ({"at_least": 80}, {"between": [90, 120]})],
)
def test_two_sources_that_agree_as_far_as_they_go_are_one(values: tuple[object, object]) -> None:
    facts = [{"key": "staff_transferring", "value": v, "source": s} for v, s in zip(values, "AB", strict=True)]
    assert not [c for c in replayed(facts=facts).cannot_say if c.about == "staff_transferring"]


def test_of_one_source_the_later_word_counts() -> None:
    facts = [
        {"key": "staff_transferring", "value": "90", "said_on": "2011", "source": "A"},
        {"key": "staff_transferring", "value": "120", "said_on": "2012", "source": "A"},
    ]
    assert not [c for c in replayed(facts=facts).cannot_say if c.about == "staff_transferring"]


def test_steps_named_as_complete_are_assumed_wherever_they_are() -> None:
    shown = replayed(happened=[{"date": "unknown", "after": "go_live", "complete": ["first_hundred_days"]}])
    assert "first_hundred_days" in shown.assumed


def test_what_may_not_have_been_needed_is_not_assumed() -> None:
    shown = replayed()
    assert "pension_secured" not in shown.assumed
    assert "pension_secured" in {c.about for c in shown.cannot_say}
    with_pension = replayed(facts=[{"key": "pension_scheme", "value": "lgps"}])
    assert "pension_secured" in with_pension.assumed
    without = replayed(facts=[{"key": "pension_scheme", "value": "none"}])
    assert "pension_secured" not in {*without.assumed, *(c.about for c in without.cannot_say)}


def test_a_decision_makes_its_milestone() -> None:
    row = {"date": "2011-12", "step": "final_decision", "by": "host_board", "of": "host", "decision": "yes_subject_to"}
    shown = replayed(happened=[{**row, "evidence": "NS-MINUTES"}])
    assert shown.accepted
    assert next(m.actual for m in shown.milestones if m.key == "final_decision") == parse("2011-12")
    assert not [e for e in shown.missing_evidence if e.about == "final_decision"]
    bare = replayed(happened=[row])
    assert [e.about for e in bare.missing_evidence if e.about == "final_decision"]


def test_a_milestone_names_the_step_that_reaches_it() -> None:
    row = {"date": "2012-02", "step": "staff_vote", "move": "approve", "source": "NS-MINUTES"}
    assert next(m for m in replayed(happened=[row]).milestones if m.key == "staff_vote").actual == parse("2012-02")


def test_the_answer_of_a_register_is_the_registration() -> None:
    row = {
        "date": "2012-07-20",
        "filing": "fca",
        "sent": "2012-07-02",
        "answered": "2012-07-20",
        "answer": "registered",
    }
    shown = replayed(happened=[row])
    assert shown.accepted
    assert next(m for m in shown.milestones if m.key == "registration").actual == parse("2012-07-20")


def test_two_hosts_decide_each_for_itself() -> None:
    hosts = [{"key": key, "kind": "council", "part": "host"} for key in ("north", "south")]
    row = {"date": "2012-01", "step": "final_decision", "decision": "yes", "source": "NS-MINUTES"}
    one = replayed(organisations=hosts, happened=[{**row, "of": "north"}])
    assert "south" in next(c.why for c in one.cannot_say if c.about == "final_decision")
    both = replayed(organisations=hosts, happened=[{**row, "of": "north"}, {**row, "of": "south", "date": "2012-02"}])
    assert next(m for m in both.milestones if m.key == "final_decision").actual == parse("2012-02")
    all_of_them = replayed(organisations=hosts, happened=[row])
    assert not [c for c in all_of_them.cannot_say if c.about == "final_decision"]


def test_an_order_that_is_not_known_cannot_be_said() -> None:
    shown = replayed(milestones=actual(registration="2012", go_live="2012"), states=[])
    assert shown.accepted
    assert "go live" in next(c.why for c in shown.cannot_say if c.about == "registration")


def test_pensions_settled_after_the_transfer_are_reported() -> None:
    rows = actual(staff_transfer="2012-08-01", go_live="2012-08-01", pension_secured="2012-11-05")
    shown = replayed(milestones=rows, facts=[{"key": "pension_scheme", "value": "lgps"}])
    assert shown.accepted
    assert [r.about for r in shown.reported if "Move the staff" in r.sentence] == ["pension_secured"]


def test_a_day_of_law_that_was_missed_is_said_with_its_day() -> None:
    rows = actual(staff_transfer="2012-08-01", go_live="2012-08-01")
    told = {"date": "2012-07-25", "step": "employee_liability_information", "move": "submit"}
    facts = [{"key": "staff_transferring", "value": "46"}]
    (missed,) = replayed(milestones=rows, happened=[told], facts=facts).missed_clocks
    assert (missed.rule, str(missed.legal_on), missed.certain) == ("employee_liability_information", "2012-07-18", True)
    loose = {**told, "date": "2012-07"}
    (perhaps,) = replayed(milestones=rows, happened=[loose], facts=facts).missed_clocks
    assert not perhaps.certain
    untold = replayed(milestones=rows, facts=facts)
    assert untold.missed_clocks == ()
    assert "employee_liability_information" in {c.about for c in untold.cannot_say}


def test_the_version_of_a_rule_is_that_of_its_own_day() -> None:
    facts = [{"key": "staff_transferring", "value": "46"}]
    told = {"date": "2014-07-15", "step": "employee_liability_information", "move": "submit"}  # 17 days before
    for day, missed in (("2014-08-01", True), ("2012-08-01", False)):
        on = told["date"].replace("2014", day[:4])
        rows = actual(staff_transfer=day, go_live=day)
        states = [{"date": day, "state": "launched"}]
        shown = replayed(milestones=rows, happened=[{**told, "date": on}], facts=facts, states=states)
        assert bool(shown.missed_clocks) is missed, day  # 28 days since May 2014, 14 before


def test_a_form_of_its_own_words_is_kept() -> None:
    shown = replayed(form={"other": "trust under council control"})
    assert shown.accepted
    assert shown.form == "other trust under council control"


def test_a_launch_of_an_unknown_form_is_fine() -> None:
    shown = replayed(form="unknown")
    assert shown.accepted
    assert "legal_form" in {c.about for c in shown.cannot_say}


def test_going_live_and_launched_are_one_truth() -> None:
    from_state = replayed(milestones=[])
    assert next(m for m in from_state.milestones if m.key == "go_live").actual == parse("2012-08-01")
    from_day = replayed(states=[])
    assert [s.state for s in from_day.states] == ["launched"]
    end = {"date": "2019-01-31", "state": "ended", "outcome": "wound_up"}
    assert [s.state for s in replayed(states=[end]).states] == ["launched", "ended"]


def test_the_plain_history_is_accepted_and_says_what_it_assumes() -> None:
    shown = replayed()
    assert shown.accepted
    assert len(shown.assumed) > 30
    strict = replayed(strict=True)
    assert [no.code.value for no in strict.refused] == ["assumed"]
    assert PLAIN["case"] == shown.case
