"""Three-valued truth: yes, no, or maybe while something is not known yet."""

from collections.abc import Iterable
from enum import StrEnum


class Tri(StrEnum):
    """The answer of a condition over facts that may be unknown (Kleene's strong logic)."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


YES, NO, MAYBE = Tri.YES, Tri.NO, Tri.MAYBE


def tri(known: bool) -> Tri:
    """YES or NO for something that is known."""
    return YES if known else NO


def opposite(value: Tri) -> Tri:
    """NO for YES, YES for NO, MAYBE stays."""
    if value is MAYBE:
        return MAYBE
    return NO if value is YES else YES


def both(values: Iterable[Tri]) -> Tri:
    """NO as soon as one is NO, else MAYBE as soon as one is, else YES (also of nothing)."""
    result = YES
    for value in values:
        if value is NO:
            return NO
        if value is MAYBE:
            result = MAYBE
    return result


def either(values: Iterable[Tri]) -> Tri:
    """YES as soon as one is YES, else MAYBE as soon as one is, else NO (also of nothing)."""
    result = NO
    for value in values:
        if value is YES:
            return YES
        if value is MAYBE:
            result = MAYBE
    return result
