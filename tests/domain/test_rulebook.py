"""Which version of a rule is in force: each side of each change, on imprecise days, and before the first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualflow.domain.rulebook import Length, Rulebook, Version, gaps
from mutualflow.domain.spans import UNKNOWN_DAY, Span, on, parse
from mutualflow.rules import load

BOOK = load()
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
RULES = st.sampled_from(sorted(BOOK.rules))


def value(key: str, day: str) -> object:
    (only,) = BOOK.versions(key, parse(day))
    return "never" if only.never else only.value


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        ("tupe_direct_employer", "1999-01-01", "never"),
        ("tupe_direct_employer", "2014-07-30", "never"),
        ("tupe_direct_employer", "2014-07-31", 10),
        ("tupe_direct_employer", "2024-06-30", 10),
        ("tupe_direct_employer", "2024-07-01", 50),
        ("tupe_direct_transferring", "1999-01-01", "never"),
        ("tupe_direct_transferring", "2024-06-30", "never"),
        ("tupe_direct_transferring", "2024-07-01", 10),
        ("cic_registration_fee", "2024-05-01", Decimal("65.00")),
        ("cic_registration_fee", "2026-01-31", Decimal("65.00")),
        ("cic_registration_fee", "2026-02-01", Decimal("115.00")),
        ("cic_registration_fee_post", "2026-01-31", Decimal("86.00")),
        ("cic_registration_fee_post", "2026-02-01", Decimal("139.00")),
        ("company_registers", "2025-11-17", "company"),
        ("company_registers", "2025-11-18", "companies_house"),
        ("protective_award_days", "2026-04-05", 90),
        ("protective_award_days", "2026-04-06", 180),
        ("ico_fee", "2025-02-16", Decimal("40.00")),
        ("ico_fee", "2025-02-17", Decimal("52.00")),
        ("ico_fee_middle", "2025-02-17", Decimal("78.00")),
        ("ico_fee_largest", "2025-02-17", Decimal("3763.00")),
        ("reserved_contract_longest", "2015-02-25", "never"),
        ("reserved_contract_longest", "2025-02-23", 3),
        ("reserved_contract_longest", "2025-02-24", 5),
        ("procurement_regime", "2025-02-23", "pcr2015"),
        ("procurement_regime", "2025-02-24", "pa2023"),
        ("health_procurement_regime", "2023-12-31", "pcr2015"),
        ("health_procurement_regime", "2024-01-01", "psr2023"),
    ],
)
def test_each_side_of_each_change_has_its_own_value(key: str, day: str, expected: object) -> None:
    assert value(key, day) == expected


@pytest.mark.parametrize(
    "key",
    ["procurement_regime", "health_procurement_regime", "reserved_contract_longest", "reserved_contract_look_back"],
)
def test_the_law_of_an_award_is_that_of_the_day_on_which_the_procedure_began(key: str) -> None:
    assert BOOK.rules[key].counted_from == "procurement start"


@pytest.mark.parametrize(
    ("day", "days"), [("2014-04-30", 14), ("2014-05-01", 28), ("2026-11-01", 28)]
)  # regulation 11(6) as first made and as amended
def test_liability_information_is_due_earlier_since_may_2014(day: str, days: int) -> None:
    (only,) = BOOK.versions("employee_liability_information", parse(day))
    assert only.length == Length(calendar_days=days)


@pytest.mark.parametrize(
    ("key", "day"),
    [("cic_registration_fee", "2024-04-30"), ("tupe_inform", "2006-04-05"), ("confirmation_statement", "2016-06-29")],
)
def test_a_day_before_the_first_version_gives_no_rule_and_not_todays(key: str, day: str) -> None:
    assert BOOK.versions(key, parse(day)) == ()
    assert BOOK.version(key, parse(day)) is None


def test_an_imprecise_day_gives_every_version_that_may_hold() -> None:
    assert [v.value for v in BOOK.versions("tupe_direct_employer", parse("2024"))] == [10, 50]
    assert [v.value for v in BOOK.versions("tupe_direct_employer", parse("2024-07.."))] == [50]
    assert [v.never for v in BOOK.versions("tupe_direct_employer", parse("..2014-01-01"))] == [True]
    assert len(BOOK.versions("tupe_direct_employer", None)) == 3
    assert len(BOOK.versions("tupe_direct_employer", UNKNOWN_DAY)) == 3


def test_one_version_that_may_hold_is_not_yet_one_that_surely_holds() -> None:
    assert len(BOOK.versions("cic_registration_fee", parse("2024-04..2024-06"))) == 1
    assert BOOK.version("cic_registration_fee", parse("2024-04..2024-06")) is None
    assert BOOK.version("cic_registration_fee", parse("2024-06")) is not None


def test_a_rule_that_is_not_there_is_an_error_and_not_an_absence() -> None:
    with pytest.raises(KeyError):
        BOOK.versions("no_such_rule", None)


def test_what_has_not_been_checked_stays_unchecked() -> None:
    unchecked = {v.key for r in BOOK.rules.values() for v in r.versions if not v.verified}
    assert "cic_registration_fee@2026-02-01" in unchecked
    assert "cqc_registration@2023-06-15" in unchecked
    assert "crtc_decision_notice@2012-06-27" in unchecked
    assert "cic_registration_fee@2024-05-01" not in unchecked


@given(RULES, DAYS)
def test_a_known_day_has_one_version_at_most(key: str, day: date) -> None:
    found = BOOK.versions(key, on(day))
    assert len(found) <= 1
    assert BOOK.version(key, on(day)) == (found[0] if found else None)


@given(RULES, DAYS, st.integers(0, 4000))
def test_a_span_gives_the_versions_of_its_days_and_no_others(key: str, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = BOOK.versions(key, Span(first, last))
    edges = {first, last}
    for version in BOOK.rules[key].versions:
        edges |= {d for d in (version.in_force_from, version.in_force_to) if d and first <= d <= last}
    assert set(found) == {v for d in edges for v in BOOK.versions(key, on(d))}


@given(RULES, DAYS, st.integers(0, 400))
def test_to_know_less_never_takes_a_version_away(key: str, day: date, days: int) -> None:
    wider = Span(day - timedelta(days=days), day + timedelta(days=days))
    assert set(BOOK.versions(key, on(day))) <= set(BOOK.versions(key, wider)) <= set(BOOK.versions(key, None))


def test_neighbours_that_overlap_or_leave_days_between_are_found() -> None:
    one = Version("one", date(2020, 1, 1), date(2020, 12, 31))
    assert gaps([Version("two", date(2021, 1, 1)), one]) == []
    assert gaps([one, Version("late", date(2021, 1, 2))]) != []
    assert gaps([one, Version("early", date(2020, 12, 31))]) != []
    assert gaps([Version("open"), one]) != []


def test_lengths_are_said_in_words() -> None:
    assert str(Length(months=12, calendar_days=14)) == "12 months and 14 days"
    assert str(Length(working_days=1)) == "1 working day"
    assert str(Length()) == "no days"


def test_a_rulebook_without_rules_is_possible() -> None:
    assert Rulebook({}, {}).sha256 == ""
