"""Conditions as data: what may stand in a `when`."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A number or date that the law sets: read from the rulebook on the rule's own base date."""

    rule: str


Bound = int | Decimal | RuleValue


@dataclass(frozen=True, slots=True)
class FactIs:
    """The fact's value is one of `values` (words)."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactAtLeast:
    """The fact's number is `bound` or more, or its day is on or after the day that the rule sets."""

    fact: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class FactBelow:
    """The fact's number is less than `bound`, or its day is before the day that the rule sets."""

    fact: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """The record list holds `bound` rows or more; "at least n" until it is declared complete."""

    list: str
    bound: int


@dataclass(frozen=True, slots=True)
class MilestoneFrom:
    """The planned or actual day of the milestone is on or after the day (ISO text) or the rule's first day in force."""

    milestone: str
    day: str | RuleValue


@dataclass(frozen=True, slots=True)
class MilestoneBefore:
    """The planned or actual day of the milestone is before the day."""

    milestone: str
    day: str | RuleValue


@dataclass(frozen=True, slots=True)
class Term:
    """A named condition of terms.yaml."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    of: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of them; of nothing: always."""

    of: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them."""

    of: tuple["Condition", ...]


Condition = (
    FactIs | FactAtLeast | FactBelow | CountAtLeast | MilestoneFrom | MilestoneBefore | Term | Not | AllOf | AnyOf
)

ALWAYS = AllOf()


def parts(condition: Condition) -> Iterator[Condition]:
    """The condition and everything inside it; terms are not looked into."""
    yield condition
    match condition:
        case Not(of):
            yield from parts(of)
        case AllOf(of) | AnyOf(of):
            for inner in of:
                yield from parts(inner)
        case _:
            pass


def read_by(condition: Condition) -> Iterator[str]:
    """Keys of the facts and lists that a condition reads itself; terms are not looked into."""
    for part in parts(condition):
        match part:
            case FactIs(key) | FactAtLeast(key) | FactBelow(key) | CountAtLeast(key):
                yield key
            case _:
                pass
