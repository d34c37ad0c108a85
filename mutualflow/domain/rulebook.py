"""Dated law as data: clocks, fees, thresholds and regimes, each in versions in force from and to a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from mutualflow.domain.spans import UNKNOWN_DAY, Span


class RuleKind(StrEnum):
    """What a rule gives: a clock's day, an amount of money, a number or day to compare with, or the governing law."""

    CLOCK = "clock"
    FEE = "fee"
    THRESHOLD = "threshold"
    REGIME = "regime"


class Nature(StrEnum):
    """Whose rule it is."""

    LAW = "law"
    SERVICE_STANDARD = "service_standard"
    OUR_ESTIMATE = "our_estimate"


class Direction(StrEnum):
    """What the day is: a last day, the end of a wait, or the end of something that lasts."""

    NOT_LATER_THAN = "not_later_than"
    NOT_EARLIER_THAN = "not_earlier_than"
    LASTING = "lasting"


class NonWorkingDay(StrEnum):
    """What becomes of a day that falls on a weekend or a bank holiday."""

    STAYS = "stays"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a statement is taken from."""

    key: str
    title: str
    kind: str  # law, guidance, official_code, published_document, third_party, practice
    place: str  # an address, or words where there is none


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of time; years and months are counted first, then calendar days, then working days."""

    calendar_days: int = 0
    working_days: int = 0
    months: int = 0
    years: int = 0

    def __str__(self) -> str:
        parts = (
            _many(self.years, "year"),
            _many(self.months, "month"),
            _many(self.calendar_days, "day"),
            _many(self.working_days, "working day"),
        )
        return " and ".join(p for p in parts if p) or "no days"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stands from one day to another, both included; None is open.

    `value` is whole (a number), Decimal (pounds), a day as ISO text, words, or None; of a clock it is the day of the
    year, as 06-30, on which it falls due. `length` None with a clock = the source names no number of days. `advisory`
    and `longest` are counted from the same base. `never` = the rule did not exist in this time.
    """

    key: str
    in_force_from: date | None = None
    in_force_to: date | None = None
    value: int | Decimal | str | None = None
    never: bool = False
    length: Length | None = None
    advisory: Length | None = None
    longest: Length | None = None
    source: str = ""
    verified: bool = False
    note: str = ""

    def may_hold(self, base: Span) -> bool:
        """Is some day of the span, as far as it is known, a day on which this version is in force?"""
        ends_before = self.in_force_to is not None and base.earliest is not None and self.in_force_to < base.earliest
        begins_after = self.in_force_from is not None and base.latest is not None and self.in_force_from > base.latest
        return not ends_before and not begins_after

    def surely_holds(self, base: Span) -> bool:
        """Is every day of the span a day on which this version is in force?"""
        from_the_first = self.in_force_from is None or (
            base.earliest is not None and base.earliest >= self.in_force_from
        )
        to_the_last = self.in_force_to is None or (base.latest is not None and base.latest <= self.in_force_to)
        return from_the_first and to_the_last


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of law, of a register's practice, or of ours; what it counts from and what meets it.

    It counts from a milestone, or from an act on a step, or from the question whose answer is the day
    (`counts_from_step` then holds the question's key). `starts_after`: so many calendar days lie between that day and
    the one from which its length is counted. With neither `met_by_step` nor `met_by_act`, nothing recorded meets it;
    with `met_by_act` alone, that act on the step at which the clock is shown. `version_by`: the question whose answer
    is the day that decides which version governs, where that is another day than the one counted from.
    """

    key: str
    kind: RuleKind
    title: str
    nature: Nature = Nature.LAW
    counts_from_milestone: str = ""
    counts_from_step: str = ""
    counts_from_act: str = ""
    met_by_step: str = ""
    met_by_act: str = ""
    direction: Direction = Direction.NOT_LATER_THAN
    before: bool = False
    inclusive: bool = False
    on_non_working_day: str = NonWorkingDay.STAYS.value
    versions: tuple[Version, ...] = ()
    starts_after: int = 0
    version_by: str = ""

    @property
    def is_met_by_something(self) -> bool:
        """Is there an act in the product by which the rule is met?"""
        return bool(self.met_by_step or self.met_by_act)

    @property
    def counted_from(self) -> str:
        """What it counts from, in words: "staff transfer", "registration (filed)"."""
        anchor = self.counts_from_milestone or self.counts_from_step
        act = f" ({self.counts_from_act})" if self.counts_from_act else ""
        return anchor.replace("_", " ") + act


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules and sources, by the hash of their canonical JSON; never pinned, the newest is read by everybody."""

    rules: Mapping[str, Rule]
    sources: Mapping[str, Source]
    sha256: str = ""

    def versions(self, key: str, base: Span | None) -> tuple[Version, ...]:
        """Every version that may be in force on a base that is imprecise or not known; KeyError for no such rule.

        Empty: no rule is on file for that date. Today's rule never stands in for it.
        """
        span = base or UNKNOWN_DAY
        return tuple(v for v in self.rules[key].versions if v.may_hold(span))

    def version(self, key: str, base: Span | None) -> Version | None:
        """The one version that is surely in force on the base, else None; KeyError for no such rule."""
        found = self.versions(key, base)
        return found[0] if len(found) == 1 and found[0].surely_holds(base or UNKNOWN_DAY) else None


def gaps(versions: Iterable[Version]) -> list[tuple[Version, Version]]:
    """Neighbours in time that overlap or leave days between them, for the loader to refuse."""
    ordered = sorted(versions, key=lambda v: v.in_force_from or date.min)
    return [
        (one, two)
        for one, two in pairwise(ordered)
        if one.in_force_to is None or two.in_force_from is None or (two.in_force_from - one.in_force_to).days != 1
    ]
