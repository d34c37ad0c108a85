"""Conditions read from data; the names in them are noted, and checked when everything is read."""

import re
from decimal import Decimal, InvalidOperation

from mutualflow.domain.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountAtLeast,
    FactAtLeast,
    FactBelow,
    FactIs,
    MilestoneBefore,
    MilestoneFrom,
    Not,
    RuleValue,
    Term,
)
from mutualflow.domain.keys import Milestone
from mutualflow.pathways.yamlfile import Map, Node

WORDS = ("all", "any", "not", "term", "count_of", "milestone")
COMPARISONS = ("is", "one_of", "at_least", "below", "from", "before")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(node: Node, key: str = "when") -> Condition:
    """The condition under a key; without one it always holds."""
    inner = node.node(key)
    return _mapping(inner) if inner is not None else ALWAYS


def _mapping(node: Node) -> Condition:
    """A mapping with several keys holds where all of them do."""
    found = tuple(_single(node, key) for key in node.data)
    if not found:
        node.fault("", "an empty condition says nothing", ", ".join((*WORDS, "a fact")))
    return found[0] if len(found) == 1 else AllOf(found)


def _single(node: Node, key: str) -> Condition:
    match key:
        case "all" | "any":
            inner = tuple(_mapping(n) for n in node.nodes(key))
            if not inner:
                node.fault(key, "names no condition", "a list of conditions")
            return AllOf(inner) if key == "all" else AnyOf(inner)
        case "not":
            of = node.node(key)
            return Not(_mapping(of)) if of is not None else ALWAYS
        case "term":
            node.refer("term", node.word(key), key)
            return Term(node.word(key))
        case "count_of":
            return _count(node, key)
        case "milestone":
            return _milestone(node, key)
        case _:
            return _fact(node, key)


def _count(node: Node, key: str) -> Condition:
    inner = node.node(key)
    if inner is None:
        return ALWAYS
    inner.only(("list", "at_least"))
    inner.refer("list", inner.word("list"), "list")
    bound = inner.word("at_least")
    if not bound.isdigit() or int(bound) < 1:
        inner.fault("at_least", "a count has a whole number of rows", "1 or more")
        return ALWAYS
    return CountAtLeast(inner.word("list"), int(bound))


def _milestone(node: Node, key: str) -> Condition:
    inner = node.node(key)
    if inner is None:
        return ALWAYS
    inner.only(("key", "from", "before"))
    milestone = inner.one_of("key", Milestone)
    if not milestone or ("from" in inner.data) == ("before" in inner.data):
        inner.fault("", "names a milestone and one day", "{key: milestone, from: day} or {key: milestone, before: day}")
        return ALWAYS
    which = "from" if "from" in inner.data else "before"
    made = MilestoneFrom if which == "from" else MilestoneBefore
    if isinstance(inner.data[which], Map):
        return made(milestone, _rule(inner, which))
    if not DAY.fullmatch(inner.word(which)):
        inner.fault(which, f"{inner.word(which)[:40]!r} is no day", "2024-07-01 or {rule: key}")
    return made(milestone, inner.word(which))


def _fact(node: Node, key: str) -> Condition:
    inner = node.node(key)
    if inner is None:
        return ALWAYS
    inner.only(COMPARISONS)
    said = [c for c in COMPARISONS if c in inner.data]
    if len(said) != 1:
        inner.fault("", "a fact is compared in one way", ", ".join(COMPARISONS))
        return ALWAYS
    match said[0]:
        case "is" | "one_of":
            values = (inner.word("is"),) if said[0] == "is" else inner.words("one_of")
            if not values:
                inner.fault("one_of", "names no answer")
            for value in values:
                inner.refer("value", key, said[0], value)
            return FactIs(key, values)
        case "from" | "before" as how:
            inner.refer("day", key, how)
            if not isinstance(inner.data[how], Map):
                inner.fault(how, "a day that the law sets stands in a rule", "{rule: key}")
                return ALWAYS
            day = _rule(inner, how)
            return FactAtLeast(key, day) if how == "from" else FactBelow(key, day)
        case how:
            inner.refer("number", key, how)
            bound = _bound(inner, how)
            return FactAtLeast(key, bound) if how == "at_least" else FactBelow(key, bound)


def _bound(node: Node, key: str) -> Bound:
    if isinstance(node.data.get(key), Map):
        return _rule(node, key)
    try:
        number = Decimal(node.word(key))
    except InvalidOperation:
        node.fault(key, f"{node.word(key)[:40]!r} is not a number", "a number, {rule: key}")
        return 0
    return int(number) if number == number.to_integral_value() else number


def _rule(node: Node, key: str) -> RuleValue:
    inner = node.node(key)
    if inner is None:
        return RuleValue("")
    inner.only(("rule",))
    inner.refer("rule", inner.word("rule"), "rule")
    return RuleValue(inner.word("rule"))
