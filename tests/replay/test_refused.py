"""Everything that cannot have been is refused, each with its code and a sentence that says why."""

import pytest

from tests.replay.thin import PLAIN, actual, replayed

END = {"date": "2014-01-31", "state": "ended", "outcome": "wound_up", "source": "NS-MINUTES"}
LIVE = {"go_live": "2012-08-01"}


def pair(first: str, second: str) -> dict[str, object]:
    """A file in which the first is dated a day after the second."""
    return {"milestones": actual(**{first: "2012-08-02", second: "2012-08-01"}), "states": []}


def row(**said: str) -> dict[str, object]:
    """A file with one row more."""
    return {"happened": [{"date": "2012", **said}]}


CASES: list[tuple[str, dict[str, object], str, str]] = [
    *(
        (f"{a} after {b}", pair(a, b), "order", a.replace("_", " ").capitalize())
        for a, b in (
            ("permission_sought", "permission_given"), ("decision_in_principle", "final_decision"),
            ("final_decision", "go_live"), ("contract_award", "contract_signed"),
            ("registration", "charity_registration"), ("registration", "regulator_registration"),
            ("registration", "go_live"), ("registration", "staff_transfer"), ("go_live", "first_year_review"),
            ("contract_signed", "contract_end"),
        )
    ),
    (
        "some day from the day after",
        {"milestones": actual(final_decision="2012-08-02..", go_live="2012-08-01")},
        "order", "Final decision",
    ),
    (
        "two actual days",
        {"milestones": [*actual(go_live="2012-08-01"), *actual(go_live="2012-08-02")]},
        "invalid_value", "two actual days: 2012-08-01 and 2012-08-02",
    ),
    (
        "two actual days, one in a decision",
        {
            "milestones": actual(final_decision="2011-12-06", **LIVE),
            "happened": [{"date": "2012-01", "step": "final_decision", "decision": "yes"}],
        },
        "invalid_value", "Final decision has two actual days",
    ),
    (
        "launched on another day than live",
        {"states": [{"date": "2012-08-02", "state": "launched"}]},
        "invalid_value", "they are one",
    ),
    (
        "launched on a vaguer day than live",
        {"states": [{"date": "2012", "state": "launched"}]},
        "invalid_value", "they are one",
    ),
    ("launched undecided", {"form": "undecided"}, "impossible", "no form has been decided"),
    ("launched without a body", {"form": "none"}, "impossible", "there is no body"),
    (
        "staff moved to nobody",
        {"form": "none", "milestones": actual(staff_transfer="2012-08-01"), "states": []},
        "impossible", "A transfer of staff needs somebody",
    ),
    (
        "registered as nothing",
        {"form": "none", "milestones": actual(registration="2012-08-01"), "states": []},
        "impossible", "Something was registered",
    ),
    (
        "launched although the register refused",
        {"happened": [{"date": "2012-07-01", "filing": "fca", "answer": "refused"}]},
        "impossible", "the register refused the body",
    ),
    (
        "live although the host refused",
        {"happened": [{"date": "2012-07-01", "step": "final_decision", "decision": "no", "source": "x"}]},
        "order", "was refused on 1 July 2012",
    ),
    (
        "a community interest company before there were any",
        {
            "form": "cic_guarantee", "milestones": actual(go_live="2005-06-30"),
            "states": [{"date": "2005-06-30", "state": "launched"}],
        },
        "not_on_file", "was not in force",
    ),
    (
        "either kind of company before there were any",
        {
            "form": {"one_of": ["cic_guarantee", "cic_shares"]}, "milestones": actual(registration="2004-03"),
            "states": [],
        },
        "not_on_file", "SI2005",
    ),
    (
        "a charitable incorporated organisation before there were any",
        {"form": "cio"}, "not_on_file", "charitable incorporated organisation",
    ),
    (
        "a partnership with limited liability before there were any",
        {"form": "llp", "milestones": actual(registration="2001-04-05"), "states": []},
        "not_on_file", "limited liability partnership",
    ),
    (
        "a challenge before the right was in force",
        {
            "route": "community_right_to_challenge", "milestones": actual(permission_sought="2012-06-26", **LIVE),
        },
        "not_on_file", "community right to challenge",
    ),
    (
        "a request after the right was closed",
        {"route": "right_to_request", "milestones": actual(permission_sought="2011-01", **LIVE)},
        "not_on_file", "right to request",
    ),
    (
        "a contract reserved under law to come",
        {
            "facts": [{"key": "reserved_contract", "value": "pa2023_s33"}],
            "milestones": actual(contract_award="2012-03", **LIVE),
        },
        "not_on_file", "reserved contract",
    ),
    (
        "informed directly before that was allowed",
        {
            "facts": [{"key": "tupe_information_route", "value": "direct_13a"}],
            "milestones": actual(staff_transfer="2012-08-01", **LIVE),
        },
        "not_on_file", "SI2014-16",
    ),
    (
        "a company for the community that is a charity",
        {
            "form": "cic_guarantee", "milestones": actual(charity_registration="2012-09-01", **LIVE),
        },
        "impossible", "charity",
    ),
    (
        "who put it forward approved it",
        {
            "happened": [
                {"date": "2012-02-03", "step": "business_plan", "move": "submit", "by": "lead1"},
                {"date": "2012-02-04", "step": "business_plan", "move": "approve", "by": "lead1"},
            ]
        },
        "four_eyes", "“lead1” put",
    ),
    (
        "one person in two slots",
        {
            "happened": [
                {"date": "2012-02-03", "step": "business_case", "move": "submit", "by": "lead1"},
                {"date": "2012-02-04", "step": "business_case", "move": "approve", "slot": "sponsor", "by": "sponsor1"},
                {"date": "2012-02-05", "step": "business_case", "move": "approve", "slot": "host_hr", "by": "sponsor1"},
            ]
        },
        "four_eyes", "two slots",
    ),
    (
        "an adviser of two sides",
        {
            "people": [
                {
                    "key": "lawyer",
                    "roles": [{"role": "legal_adviser", "side": "group"}, {"role": "legal_adviser", "side": "host"}],
                }
            ]
        },
        "not_permitted", "advises two sides",
    ),
    (
        "acted before she came",
        {"happened": [{"date": "2011-01", "step": "identity", "move": "submit", "by": "chair1"}]},
        "not_permitted", "was there only from",
    ),
    (
        "acted after she left",
        {
            "happened": [
                {"date": "2012-05", "person": "chair1", "left": "resigned"},
                {"date": "2012-06", "step": "identity", "move": "submit", "by": "chair1"},
            ]
        },
        "not_permitted", "had left",
    ),
    ("somebody unknown", row(step="vision", move="submit", by="x"), "unknown_key", "“x”"),
    ("a step unknown", row(step="x", move="submit"), "unknown_key", "neither a step"),
    ("a fact unknown", {"facts": [{"key": "x", "value": "y"}]}, "unknown_key", "no question “x”"),
    ("a host unknown", row(step="final_decision", decision="yes", of="x"), "unknown_key", "“x”"),
    ("an answer not allowed", {"facts": [{"key": "sector", "value": "y"}]}, "invalid_value", "is not one of"),
    (
        "the head contradicts a fact",
        {"route": "host_led", "facts": [{"key": "route", "value": "right_to_provide"}]},
        "invalid_value", "at its head",
    ),
    (
        "the form contradicts a fact",
        {"facts": [{"key": "legal_form", "value": "llp"}]}, "invalid_value", "at its head",
    ),
    (
        "the form's kinds contradict a fact",
        {"form": {"one_of": ["cic_guarantee", "cic_shares"]}, "facts": [{"key": "legal_form", "value": "llp"}]},
        "invalid_value", "a fact says",
    ),
    ("the host contradicts itself", {"host_kind": "nhs_body"}, "invalid_value", "kind of the host"),
    (
        "something after the end",
        {"states": [*PLAIN["states"], END], "milestones": actual(first_year_review="2014-02-01", **LIVE)},  # type: ignore[misc]
        "ended", "nothing comes after it",
    ),
    (
        "a row after the end",
        {
            "states": [*PLAIN["states"], END],  # type: ignore[misc]
            "happened": [{"date": "2014-03", "step": "retender_plan", "move": "submit", "by": "lead1"}],
        },
        "ended", "nothing comes after it",
    ),
    (
        "two ends",
        {"states": [*PLAIN["states"], END, {**END, "date": "2014-02-01"}]},  # type: ignore[misc]
        "invalid_value", "“ended” has two days",
    ),
    (
        "forming again after the launch",
        {"states": [*PLAIN["states"], {"date": "2013", "state": "forming"}]},  # type: ignore[misc]
        "order", "It cannot be forming",
    ),
    (
        "a first year without a launch",
        {"milestones": [], "states": [{**END, "outcome": "first_year_complete"}]},
        "order", "only after the launch",
    ),
    ("something after the record stops", {"known_until": "2012-07"}, "invalid_value", "said to stop at 2012-07"),
    (
        "before and not before",
        {"happened": [{"date": "2012-09", "before": "go_live", "complete": ["vision"]}]},
        "order", "before go live",
    ),
    (
        "answered before it was sent",
        {"happened": [{"date": "2012-07-01", "filing": "fca", "sent": "2012-07-02", "answer": "registered"}]},
        "order", "cannot have been answered",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "says"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_cannot_have_been_is_refused(changes: dict[str, object], code: str, says: str) -> None:
    shown = replayed(**changes)
    assert not shown.accepted
    assert {no.code.value for no in shown.refused} == {code}, shown.refused
    assert says in shown.refused[0].sentence


@pytest.mark.parametrize(
    ("first", "second"),
    [("registration", "go_live"), ("final_decision", "go_live"), ("registration", "staff_transfer")],
)
def test_the_same_day_is_no_wrong_order(first: str, second: str) -> None:
    rows = {first: "2012-08-01", second: "2012-08-01"}
    shown = replayed(milestones=actual(**rows), states=[])
    assert shown.accepted, shown.refused


def test_notes_may_come_after_the_end() -> None:
    note = {"date": "2015", "note": "A book was written about it."}
    assert replayed(states=[*PLAIN["states"], END], happened=[note]).accepted  # type: ignore[misc]


def test_a_no_that_was_followed_by_a_yes_is_no_refusal() -> None:
    rows = [
        {"date": "2011-10", "step": "final_decision", "decision": "no", "source": "x"},
        {"date": "2012-02", "step": "final_decision", "decision": "yes", "source": "x"},
    ]
    assert replayed(happened=rows).accepted


def test_a_new_round_is_another_pair_of_eyes() -> None:
    rows = [
        {"date": "2012-02-01", "step": "business_case", "move": "submit", "by": "lead1"},
        {"date": "2012-02-04", "step": "business_case", "move": "approve", "slot": "sponsor", "by": "sponsor1"},
        {"date": "2012-02-05", "step": "business_case", "move": "submit", "by": "lead1"},
        {"date": "2012-02-06", "step": "business_case", "move": "approve", "by": "sponsor1"},
        {"date": "2012-02-07", "step": "business_case", "move": "approve", "by": "finance1"},
    ]
    assert replayed(happened=rows).accepted
