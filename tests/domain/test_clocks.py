"""Clocks: lengths, directions and states; standstills were counted by hand against the published bank holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualflow.domain.calendar import NATIONS, is_working_day
from mutualflow.domain.clocks import Clock, ClockState, run
from mutualflow.domain.rulebook import Direction, Length, Nature, Rule, Rulebook, RuleKind, Version
from mutualflow.domain.spans import UNKNOWN_DAY, Span, on, parse
from mutualflow.rules import load

BOOK = load()
CLOCKS = sorted(key for key, rule in BOOK.rules.items() if rule.kind is RuleKind.CLOCK)
DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))
NEARBY = st.integers(-500, 900)


def clock(
    key: str,
    base: str | None,
    *,
    met: str = "",
    today: str = "2000-01-01",
    nation: str = "england",
    book: Rulebook = BOOK,
    begun: str | None = None,
) -> Clock:
    """`begun`: the day that decides which version governs, where the rule has one; by default the day counted from."""
    span = parse(base) if base is not None else None
    done = date.fromisoformat(met) if met else None
    governed_on = parse(begun) if begun is not None else span
    return run(book, key, "a_step", span, done, date.fromisoformat(today), nation, governed_on)


def one_rule(rule: Rule) -> Rulebook:
    return Rulebook({rule.key: rule}, {})


@pytest.mark.parametrize(
    ("notice", "ends"),
    [
        ("2026-06-15", "2026-06-26"),  # Monday; begins on Tuesday the 16th, then eight working days
        ("2026-06-19", "2026-07-01"),  # Friday; begins on a Saturday
        ("2026-03-25", "2026-04-09"),  # over Good Friday and Easter Monday
        ("2025-12-18", "2026-01-05"),  # over Christmas, Boxing Day and New Year's Day
        ("2024-01-01", "2024-01-12"),  # the first day of the regime
    ],
)
def test_the_health_standstill_ends_on_the_eighth_working_day_after_the_day_it_begins(notice: str, ends: str) -> None:
    found = clock("psr_standstill", notice)
    assert found.legal_on == date.fromisoformat(ends)
    assert found.state is ClockState.RUNNING


@pytest.mark.parametrize(
    ("notice", "ends"),
    [
        ("2026-06-15", "2026-06-24"),  # Monday counts as the first
        ("2026-03-30", "2026-04-10"),  # over Easter
        ("2025-12-19", "2026-01-02"),  # over Christmas
        ("2026-06-13", "2026-06-24"),  # a Saturday is no working day: Monday is the first
        ("2025-02-24", "2025-03-05"),  # the first day of the Act
    ],
)
def test_the_standstill_of_the_procurement_act_counts_the_day_of_the_notice(notice: str, ends: str) -> None:
    assert clock("pa23_standstill", notice).legal_on == date.fromisoformat(ends)


def test_standstills_differ_by_nation_where_the_bank_holidays_do() -> None:
    assert clock("pa23_standstill", "2026-03-30", nation="wales").legal_on == date(2026, 4, 10)
    assert clock("pa23_standstill", "2026-03-30", nation="northern_ireland").legal_on == date(2026, 4, 10)
    assert clock("pa23_standstill", "2026-03-30", nation="scotland").legal_on == date(2026, 4, 9)


def test_a_wait_is_broken_by_signing_within_it_and_over_when_it_has_ended() -> None:
    early = clock("psr_standstill", "2026-06-15", met="2026-06-26", today="2026-07-10")
    assert early.state is ClockState.MISSED
    assert "26 June 2026" in early.why
    assert clock("psr_standstill", "2026-06-15", met="2026-06-27", today="2026-07-10").state is ClockState.MET
    assert clock("psr_standstill", "2026-06-15", today="2026-06-26").state is ClockState.RUNNING
    assert clock("psr_standstill", "2026-06-15", today="2026-06-27").state is ClockState.MET


def test_a_law_not_yet_in_force_makes_a_void_clock() -> None:
    for key, before in (
        ("psr_standstill", "2023-12-31"),
        ("pa23_standstill", "2025-02-23"),
        ("identity_verification", "2025-11-17"),
        ("psc_verification", "2025-11-17"),
    ):
        found = clock(key, before)
        assert (found.state, found.legal_on, found.advisory_on) == (ClockState.VOID, None, None)


@pytest.mark.parametrize(
    ("transfer", "last"),
    [
        ("2014-04-30", "2014-04-16"),
        ("2014-05-01", "2014-04-03"),
        ("2026-04-01", "2026-03-04"),
        ("2024-03-29", "2024-03-01"),  # calendar days, over the end of a leap February
    ],
)
def test_liability_information_counts_calendar_days_back_from_the_transfer(transfer: str, last: str) -> None:
    found = clock("employee_liability_information", transfer)
    assert found.legal_on == date.fromisoformat(last)
    assert found.nature == "law"


def test_a_last_day_is_met_on_it_and_missed_after_it() -> None:
    key = "employee_liability_information"
    assert clock(key, "2026-04-01", met="2026-03-04", today="2026-03-10").state is ClockState.MET
    assert clock(key, "2026-04-01", met="2026-03-05", today="2026-03-10").state is ClockState.MISSED
    assert clock(key, "2026-04-01", today="2026-03-04").state is ClockState.RUNNING
    assert clock(key, "2026-04-01", today="2026-03-05").state is ClockState.MISSED


def test_long_enough_before_names_no_day_of_law() -> None:
    found = clock("tupe_inform", "2026-04-01", today="2026-01-01")
    assert found.legal_on is None
    assert found.advisory_on == date(2026, 1, 31)
    assert (found.state, found.nature) == (ClockState.RUNNING, "our_estimate")
    assert "60 days before 1 April 2026 is our estimate" in found.why
    assert "1 January 2026" in found.why  # ninety days before


def test_long_enough_before_is_missed_by_the_transfer_itself_and_by_nothing_sooner() -> None:
    assert clock("tupe_inform", "2026-04-01", today="2026-03-31").state is ClockState.RUNNING
    assert clock("tupe_inform", "2026-04-01", today="2026-04-01").state is ClockState.MISSED
    assert clock("tupe_inform", "2026-04-01", met="2026-03-31", today="2026-05-01").state is ClockState.MET
    assert clock("tupe_inform", "2026-04-01", met="2026-04-01", today="2026-05-01").state is ClockState.MISSED


@pytest.mark.parametrize("base", [None, "unknown"])
def test_a_day_that_is_not_known_gives_a_reason_and_no_date(base: str | None) -> None:
    found = clock("employee_liability_information", base)
    assert (found.state, found.legal_on, found.advisory_on) == (ClockState.CANNOT_SAY, None, None)
    assert "staff transfer" in found.why
    assert found.version == ""


def test_a_day_before_the_first_version_gives_no_rule_and_says_so() -> None:
    found = clock("confirmation_statement", "2016-06-29")
    assert found.state is ClockState.CANNOT_SAY
    assert found.why == "There is no rule on file for that date: 29 June 2016."


def test_a_month_across_a_change_of_law_cannot_be_said() -> None:
    found = clock("employee_liability_information", "2014-04..2014-05")
    assert (found.state, found.legal_on) == (ClockState.CANNOT_SAY, None)
    assert "not the same throughout" in found.why


def test_a_day_known_by_month_has_a_careful_day_and_never_a_day_of_law() -> None:
    key = "employee_liability_information"
    found = clock(key, "2026-04", today="2026-01-01")
    assert (found.legal_on, found.advisory_on, found.state) == (None, date(2026, 3, 4), ClockState.RUNNING)
    assert clock(key, "2026-04", today="2026-03-20").state is ClockState.CANNOT_SAY
    assert clock(key, "2026-04", today="2026-04-03").state is ClockState.MISSED
    assert clock(key, "2026-04", met="2026-03-01", today="2026-04-03").state is ClockState.MET


def test_a_day_open_on_one_side_cannot_be_said() -> None:
    found = clock("employee_liability_information", "2026-04..")
    assert (found.state, found.version) == (ClockState.CANNOT_SAY, "employee_liability_information@2014-05-01")
    assert "not before 1 April 2026" in found.why


def test_working_days_wait_for_the_nation_and_calendar_days_do_not() -> None:
    found = clock("psr_standstill", "2026-06-15", nation="not_known")
    assert found.state is ClockState.CANNOT_SAY
    assert "nation" in found.why
    assert clock("employee_liability_information", "2026-04-01", nation="not_known").legal_on == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("incorporated", "last"),
    [
        ("2017-01-01", "2018-01-14"),  # review period to 31 December 2017, then 14 days
        ("2024-02-29", "2025-03-14"),
        ("2023-03-01", "2024-03-14"),  # the period ends on 29 February 2024
    ],
)
def test_the_first_confirmation_statement_follows_its_review_period(incorporated: str, last: str) -> None:
    assert clock("confirmation_statement", incorporated).legal_on == date.fromisoformat(last)


def test_first_accounts_come_within_twenty_one_months() -> None:
    assert clock("cic_first_accounts", "2026-01-31").legal_on == date(2027, 10, 31)
    assert clock("cic_yearly_accounts", "2026-05-31").legal_on == date(2027, 2, 28)


def test_a_challenge_is_made_by_the_last_day_of_the_published_period() -> None:
    key = "challenge_window_end"
    assert clock(key, "2026-04-30", met="2026-04-30", today="2026-05-02").state is ClockState.MET
    assert clock(key, "2026-04-30", met="2026-05-01", today="2026-05-02").state is ClockState.MISSED
    assert clock(key, "2012-06-26").state is ClockState.VOID


def test_a_notice_of_details_counts_the_day_of_the_contract() -> None:
    assert clock("pa23_contract_details", "2026-01-01").legal_on == date(2026, 4, 30)  # the 120th day of the year


# Which law governs an award goes by the day on which its procedure began (SI 2024/716 reg 5; SI 2023/1348 reg 29), and
# not by the day of the notice or of the contract.
@pytest.mark.parametrize("key", ["pa23_standstill", "pa23_contract_details"])
def test_a_procedure_begun_under_the_old_law_stays_there(key: str) -> None:
    found = clock(key, "2025-06-02", begun="2025-02-23", today="2025-06-02")
    assert (found.state, found.legal_on) == (ClockState.VOID, None)
    assert found.why.startswith("It goes by the procurement start. Not in force on 23 February 2025. A procedure begun")
    assert "stays under the Public Contracts Regulations 2015" in found.why
    assert found.source == "SI2024-716"
    assert clock(key, "2025-06-02", begun="2025-02-24").legal_on is not None


def test_the_old_law_has_a_standstill_of_its_own() -> None:
    found = clock("pcr2015_standstill", "2025-03-03", begun="2025-02-23", met="2025-03-13", today="2025-03-20")
    assert (found.legal_on, found.state) == (date(2025, 3, 13), ClockState.MISSED)  # ten calendar days, to their end
    assert clock("pcr2015_standstill", "2025-03-03", begun="2025-02-23", met="2025-03-14").state is ClockState.MET
    assert clock("pcr2015_standstill", "2025-03-03", begun="2025-02-24").state is ClockState.VOID
    assert clock("pcr2015_standstill", "2025-03-03", begun="2015-02-25").state is ClockState.VOID


def test_a_health_procedure_begun_before_the_regime_stays_outside_it() -> None:
    assert clock("psr_standstill", "2024-02-05", begun="2023-12-31").state is ClockState.VOID
    assert clock("psr_standstill", "2024-02-05", begun="2024-01-01").legal_on == date(2024, 2, 16)


def test_without_the_day_on_which_the_procedure_began_nothing_is_said() -> None:
    found = clock("pa23_standstill", "2025-06-02", begun="unknown")
    assert (found.state, found.version, found.legal_on) == (ClockState.CANNOT_SAY, "", None)
    assert found.why == "Which law governs goes by another day, which is not known yet: procurement start."
    vague = clock("pa23_standstill", "2025-06-02", begun="2025-02")
    assert vague.state is ClockState.CANNOT_SAY
    assert "not the same throughout" in vague.why


def test_the_law_is_told_before_the_day_that_it_counts_from() -> None:
    found = clock("pa23_standstill", None, begun="2025-03-01")
    assert (found.state, found.version) == (ClockState.CANNOT_SAY, "pa23_standstill@2025-02-24")
    assert found.why == "The day from which it counts is not known yet: intention notice on."
    assert clock("pa23_standstill", None, begun="2025-02-01").state is ClockState.VOID


def test_a_key_decision_is_announced_with_twenty_eight_days_clear_between() -> None:
    found = clock("key_decision_notice", "2026-06-30", today="2026-05-01")
    assert found.legal_on == date(2026, 6, 1)  # 2 to 29 June are 28 days, and neither end counts
    assert not found.verified
    assert clock("final_key_decision_notice", "2026-06-30", today="2026-06-02").state is ClockState.CANNOT_SAY


def test_a_complaint_after_september_2026_is_not_counted_as_if_that_were_settled() -> None:
    assert clock("tupe_complaint", "2026-09-30").verified
    later = clock("tupe_complaint", "2026-10-01")
    assert (later.legal_on, later.verified) == (date(2026, 12, 31), False)
    assert "With the longest time, 6 months, it would be 31 March 2027." in later.why


def test_what_nothing_recorded_can_meet_is_never_called_missed() -> None:
    found = clock("pa23_contract_details", "2026-01-01", met="2026-01-01", today="2026-05-01")
    assert found.state is ClockState.CANNOT_SAY
    assert "not recorded here" in found.why
    assert clock("psc_verification", "2026-01-01", today="2026-01-16").state is ClockState.CANNOT_SAY


def test_a_service_standard_is_no_day_of_law_and_cannot_be_missed() -> None:
    found = clock("companies_house_post", "2026-03-25", today="2026-12-01")
    assert (found.legal_on, found.advisory_on, found.state) == (None, date(2026, 4, 17), ClockState.RUNNING)
    assert clock("companies_house_post", "2026-03-25", met="2026-05-01", today="2026-12-01").state is ClockState.MET


def test_the_longest_time_of_a_source_is_the_one_to_plan_with() -> None:
    found = clock("cqc_registration", "2026-01-01")
    assert found.advisory_on == date(2026, 7, 2)
    assert not found.verified


def test_the_yearly_day_is_the_next_one() -> None:
    assert clock("dspt_yearly", "2026-06-30").advisory_on == date(2026, 6, 30)
    assert clock("dspt_yearly", "2026-07-01").advisory_on == date(2027, 6, 30)


def test_what_lasts_runs_through_its_last_day() -> None:
    assert clock("minutes_kept", "2026-03-25", today="2036-03-25").state is ClockState.RUNNING
    assert clock("minutes_kept", "2026-03-25", today="2036-03-26").state is ClockState.MET


@pytest.mark.parametrize(("moves", "day"), [("stays", 27), ("next", 29), ("previous", 26)])
def test_a_day_on_a_weekend_moves_as_the_rule_says(moves: str, day: int) -> None:
    rule = Rule(
        "r", RuleKind.CLOCK, "r", counts_from_milestone="go_live", on_non_working_day=moves,
        versions=(Version("v", length=Length(calendar_days=12)),),
    )  # fmt: skip
    assert clock("r", "2026-06-15", book=one_rule(rule)).legal_on == date(2026, 6, day)


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        clock("no_such_rule", "2026-01-01")


@given(st.sampled_from(CLOCKS), DAYS, st.one_of(st.none(), NEARBY), NEARBY, st.sampled_from(sorted(NATIONS)))
def test_every_clock_of_every_day_says_why(key: str, base: date, met: int | None, now: int, nation: str) -> None:
    met_on = base + timedelta(days=met) if met is not None else None
    found = run(BOOK, key, "a_step", on(base), met_on, base + timedelta(days=now), nation)
    assert found.why.endswith(".")
    assert found.source in BOOK.sources or (not found.source and found.state is ClockState.CANNOT_SAY)
    if found.legal_on is not None:
        assert found.nature == Nature.LAW
        assert found.version
    if found.state is ClockState.MISSED:
        assert BOOK.rules[key].nature is Nature.LAW
        assert BOOK.rules[key].is_met_by_something


@given(st.sampled_from(CLOCKS), DAYS, st.integers(1, 200), st.one_of(st.none(), NEARBY), NEARBY)
def test_to_know_less_never_gives_a_state_that_a_day_within_would_contradict(
    key: str, first: date, days: int, met: int | None, now: int
) -> None:
    met_on = first + timedelta(days=met) if met is not None else None
    today = first + timedelta(days=now)
    loose = run(BOOK, key, "a_step", Span(first, first + timedelta(days=days)), met_on, today, "england")
    assert loose.legal_on is None
    if loose.state is not ClockState.CANNOT_SAY:
        for k in range(0, days + 1, 7):
            exact = run(BOOK, key, "a_step", on(first + timedelta(days=k)), met_on, today, "england")
            assert exact.state is loose.state


@given(st.sampled_from(CLOCKS), DAYS, NEARBY, st.integers(0, 500))
def test_time_alone_never_takes_a_missed_day_back(key: str, base: date, now: int, later: int) -> None:
    today = base + timedelta(days=now)
    first = run(BOOK, key, "a_step", on(base), None, today, "england")
    after = run(BOOK, key, "a_step", on(base), None, today + timedelta(days=later), "england")
    if first.state is ClockState.MISSED:
        assert after.state is ClockState.MISSED
    assert (first.legal_on, first.advisory_on) == (after.legal_on, after.advisory_on)


@given(st.dates(date(2025, 2, 24), date(2035, 12, 31)), st.sampled_from(sorted(NATIONS)))
def test_both_standstills_end_on_a_working_day_and_the_health_one_no_sooner(notice: date, nation: str) -> None:
    health = run(BOOK, "psr_standstill", "s", on(notice), None, notice, nation, on(notice)).legal_on
    act = run(BOOK, "pa23_standstill", "s", on(notice), None, notice, nation, on(notice)).legal_on
    assert health is not None
    assert act is not None
    assert act <= health  # the same only where the day after the notice is no working day either
    assert is_working_day(health, nation)
    assert is_working_day(act, nation)


def test_no_rule_counts_from_an_unknown_day_silently() -> None:
    for key in CLOCKS:
        assert run(BOOK, key, "s", UNKNOWN_DAY, None, date(2026, 1, 1), "england").state is ClockState.CANNOT_SAY


def test_a_wait_without_an_end_and_a_duty_without_an_end() -> None:
    open_end = (Version("v"),)
    wait = Rule("w", RuleKind.CLOCK, "w", direction=Direction.NOT_EARLIER_THAN, versions=open_end)
    lasts = Rule("l", RuleKind.CLOCK, "l", direction=Direction.LASTING, versions=open_end)
    assert clock("w", "2026-01-01", book=one_rule(wait)).state is ClockState.CANNOT_SAY
    assert clock("l", "2026-01-01", book=one_rule(lasts)).state is ClockState.RUNNING
