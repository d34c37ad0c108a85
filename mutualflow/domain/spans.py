"""Days that may be imprecise: a day, a month, a year, a stretch, or not known."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

DAY, MONTH, YEAR = (re.compile(p, re.ASCII) for p in (r"\d{4}-\d{2}-\d{2}", r"\d{4}-\d{2}", r"\d{4}"))
LONGEST = len("2012-03-04..2013-04-05")
YEARS = range(1800, 2200)
"""Of every day that is said here; beyond them it is a slip of the pen, and nothing could be counted from it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Earliest and latest day, each None where it is open; a known day has both equal."""

    earliest: date | None
    latest: date | None

    @property
    def day(self) -> date | None:
        """The day, where it is known exactly."""
        return self.earliest if self.earliest == self.latest else None

    def __str__(self) -> str:
        if self.earliest is None and self.latest is None:
            return "unknown"
        if self.day is not None:
            return self.day.isoformat()
        low = self.earliest.isoformat() if self.earliest else ""
        high = self.latest.isoformat() if self.latest else ""
        return f"{low}..{high}"


UNKNOWN_DAY = Span(None, None)


def on(day: date) -> Span:
    """The span of one known day."""
    return Span(day, day)


def day(text: str) -> date:
    """Read one exact day, `2012-03-04`; ValueError says what is allowed."""
    text = text.strip()
    if not DAY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a day; write YYYY-MM-DD")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar") from None
    _in_our_time(found.year)
    return found


def _in_our_time(year: int) -> None:
    if year not in YEARS:
        raise ValueError(f"the year {year} cannot be meant; write one from {YEARS.start} to {YEARS.stop - 1}")


def parse(text: str) -> Span:
    """Read `2012-03-04`, `2011-12`, `2011`, `a..b`, `..b`, `a..` or `unknown`; ValueError says what is allowed."""
    text = text.strip()
    if len(text) > LONGEST:
        raise ValueError(f"{text[:LONGEST]!r}... is not a date: write 2012-03-04, 2012-03, 2012, a..b or unknown")
    if text == "unknown":
        return UNKNOWN_DAY
    if ".." in text:
        low, _, high = text.partition("..")
        span = Span(parse(low).earliest if low else None, parse(high).latest if high else None)
        if span.earliest and span.latest and span.latest < span.earliest:
            raise ValueError(f"{text!r} ends before it begins")
        return span
    if DAY.fullmatch(text):
        return on(day(text))
    if MONTH.fullmatch(text) or YEAR.fullmatch(text):
        _in_our_time(int(text[:4]))
    try:
        if MONTH.fullmatch(text):
            year, month = int(text[:4]), int(text[5:])
            return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        if YEAR.fullmatch(text):
            return Span(date(int(text), 1, 1), date(int(text), 12, 31))
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar") from None
    raise ValueError(f"{text!r} is not a date: write 2012-03-04, 2012-03, 2012, a..b or unknown")


def slip(plan: Span | None, actual: Span | None) -> tuple[int, int] | None:
    """Days from plan to actual, least and most, late positive; None where an end is open or missing."""
    if plan is None or actual is None:
        return None
    if plan.earliest is None or plan.latest is None or actual.earliest is None or actual.latest is None:
        return None
    return (actual.earliest - plan.latest).days, (actual.latest - plan.earliest).days
