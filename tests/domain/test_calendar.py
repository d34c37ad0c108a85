"""Working days by nation, and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutualflow.domain.calendar import (
    NATIONS,
    add_months,
    add_working_days,
    is_working_day,
    last_working_day,
    next_working_day,
)

DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))
NATION = st.sampled_from(sorted(NATIONS))


@pytest.mark.parametrize(
    ("day", "open_in"),
    [
        (date(2026, 4, 3), frozenset()),  # Good Friday
        (date(2026, 4, 6), {"scotland"}),  # Easter Monday is no bank holiday in Scotland
        (date(2026, 1, 2), {"england", "wales", "northern_ireland"}),
        (date(2026, 3, 17), {"england", "wales", "scotland"}),  # St Patrick's Day
        (date(2026, 7, 13), {"england", "wales", "scotland"}),  # the Boyne, moved from a Sunday
        (date(2026, 8, 3), {"england", "wales", "northern_ireland"}),
        (date(2026, 8, 31), {"scotland"}),
        (date(2026, 11, 30), {"england", "wales", "northern_ireland"}),  # St Andrew's Day
        (date(2026, 12, 28), frozenset()),  # in the place of Boxing Day, a Saturday
        (date(2022, 9, 19), frozenset()),  # the funeral of the late Queen
        (date(2023, 5, 8), frozenset()),  # the coronation
        (date(2026, 6, 13), frozenset()),  # a Saturday
    ],
)
def test_each_nation_has_holidays_of_its_own(day: date, open_in: set[str]) -> None:
    assert {n for n in NATIONS if is_working_day(day, n)} == set(open_in)


def test_an_unknown_nation_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"'not_known'.*england, wales, scotland, northern_ireland"):
        is_working_day(date(2026, 6, 15), "not_known")


def test_days_are_counted_over_easter_and_christmas() -> None:
    assert add_working_days(date(2026, 3, 26), 8, "england") == date(2026, 4, 9)
    assert add_working_days(date(2025, 12, 19), 8, "england") == date(2026, 1, 5)
    assert add_working_days(date(2025, 12, 19), 8, "scotland") == date(2026, 1, 6)


def test_an_inclusive_count_begins_on_the_day_itself_if_it_is_a_working_day() -> None:
    monday, saturday = date(2026, 6, 15), date(2026, 6, 13)
    assert add_working_days(monday, 1, "england", inclusive=True) == monday
    assert add_working_days(saturday, 1, "england", inclusive=True) == monday
    assert add_working_days(monday, 0, "england", inclusive=True) == monday


@given(DAYS, st.integers(1, 60), NATION)
def test_the_last_day_counted_is_a_working_day_and_there_are_as_many_as_asked(day: date, n: int, nation: str) -> None:
    end = add_working_days(day, n, nation)
    between = [day + timedelta(days=k) for k in range(1, (end - day).days + 1)]
    assert is_working_day(end, nation)
    assert sum(is_working_day(d, nation) for d in between) == n


@given(DAYS, st.integers(1, 60), NATION)
def test_counting_back_undoes_counting_on(day: date, n: int, nation: str) -> None:
    start = next_working_day(day, nation)
    assert add_working_days(add_working_days(start, n, nation), -n, nation) == start


@given(DAYS, st.integers(1, 60), NATION)
def test_inclusive_is_one_working_day_sooner_from_a_working_day(day: date, n: int, nation: str) -> None:
    inclusive = add_working_days(day, n, nation, inclusive=True)
    after = add_working_days(day, n, nation)
    if is_working_day(day, nation):
        assert add_working_days(inclusive, 1, nation) == after
    else:
        assert inclusive == after


@given(DAYS, NATION)
def test_the_working_days_around_a_day_hold_it_between_them(day: date, nation: str) -> None:
    before, after = last_working_day(day, nation), next_working_day(day, nation)
    assert before <= day <= after
    assert (before == after) is is_working_day(day, nation)


def test_a_shorter_month_ends_on_its_own_last_day() -> None:
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)


@given(DAYS, st.integers(-240, 240))
def test_months_move_the_month_and_keep_the_day_where_there_is_one(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
