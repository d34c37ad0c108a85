"""Working days by nation and calendar months, as the law counts them."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

NATIONS: Mapping[str, str] = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
"""Nation of a formation -> the part of the United Kingdom by which its bank holidays are known."""

SATURDAY = 5
MONTHS_IN_YEAR = 12


def is_working_day(day: date, nation: str) -> bool:
    """Neither a weekend nor a bank or public holiday of the nation; ValueError for a nation not in NATIONS."""
    return day.weekday() < SATURDAY and day not in _holidays(nation, day.year)


def add_working_days(start: date, days: int, nation: str, *, inclusive: bool = False) -> date:
    """The last of `days` working days after `start`, or before it where `days` is below nought.

    `inclusive`: the start is itself counted as the first, if it is a working day. No days give the start back.
    """
    one = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    day = start
    if inclusive and left and is_working_day(day, nation):
        left -= 1
    while left:
        day += one
        if is_working_day(day, nation):
            left -= 1
    return day


def next_working_day(day: date, nation: str) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day, nation):
        day += timedelta(days=1)
    return day


def last_working_day(day: date, nation: str) -> date:
    """The day itself, or the first working day before it."""
    while not is_working_day(day, nation):
        day -= timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter (31 January + 1 = 28 February)."""
    whole = day.year * MONTHS_IN_YEAR + day.month - 1 + months
    year, month = whole // MONTHS_IN_YEAR, whole % MONTHS_IN_YEAR + 1
    return date(year, month, min(day.day, _days_in(year, month)))


def _days_in(year: int, month: int) -> int:
    first_of_next = date(year + month // MONTHS_IN_YEAR, month % MONTHS_IN_YEAR + 1, 1)
    return (first_of_next - timedelta(days=1)).day


@lru_cache(maxsize=512)
def _holidays(nation: str, year: int) -> frozenset[date]:
    if nation not in NATIONS:
        raise ValueError(f"no bank holidays are known for {nation!r}: {', '.join(NATIONS)}")
    return frozenset(holidays.country_holidays("GB", subdiv=NATIONS[nation], years=year))
