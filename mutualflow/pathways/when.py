"""Conditions read from data."""

from collections.abc import Mapping
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
from mutualflow.pathways.yamlfile import Node

WORDS = ("all", "any", "not", "term", "count_of", "milestone")
COMPARISONS = ("is", "one_of", "at_least", "below")


def read(node: Node, key: str = "when") -> Condition:
    """The condition under a key; without one it always holds."""
    if key not in node.data:
        return ALWAYS
    inner = node.node(key)
    return _mapping(inner) if inner is not None else ALWAYS


def _mapping(node: Node) -> Condition:
    """A mapping with several keys holds where all of them do."""
    found = tuple(_single(node, str(key)) for key in node.data)
    if not found:
        node.fault("", "an empty condition says nothing", ", ".join((*WORDS, "a fact")))
    return found[0] if len(found) == 1 else AllOf(found)


def _single(node: Node, key: str) -> Condition:
    match key:
        case "all" | "any":
            inner = tuple(_mapping(n) for n in node.nodes(key))
            return AllOf(inner) if key == "all" else AnyOf(inner)
        case "not":
            of = node.node(key)
            return Not(_mapping(of)) if of is not None else ALWAYS
        case "term":
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
    bound = _bound(inner, "at_least")
    return CountAtLeast(inner.word("list"), bound if isinstance(bound, int) else 1)


def _milestone(node: Node, key: str) -> Condition:
    inner = node.node(key)
    if inner is None:
        return ALWAYS
    inner.only(("key", "from", "before"))
    which = "from" if "from" in inner.data else "before"
    value = inner.data.get(which)
    day = RuleValue(str(value["rule"])) if isinstance(value, Mapping) and "rule" in value else str(value)
    made = MilestoneFrom if which == "from" else MilestoneBefore
    return made(inner.word("key"), day)


def _fact(node: Node, key: str) -> Condition:
    inner = node.node(key)
    if inner is None:
        return ALWAYS
    inner.only(COMPARISONS)
    if len(inner.data) != 1:
        inner.fault("", "one comparison each", ", ".join(COMPARISONS))
        return ALWAYS
    if "is" in inner.data:
        return FactIs(key, (inner.word("is"),))
    if "one_of" in inner.data:
        return FactIs(key, inner.words("one_of"))
    if "at_least" in inner.data:
        return FactAtLeast(key, _bound(inner, "at_least"))
    return FactBelow(key, _bound(inner, "below"))


def _bound(node: Node, key: str) -> Bound:
    value = node.data.get(key)
    if isinstance(value, Mapping):
        if set(value) != {"rule"}:
            node.fault(key, "a bound is a number or {rule: key}")
        return RuleValue(str(value.get("rule", "")))
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        node.fault(key, f"{str(value)[:40]!r} is not a number", "a number, {rule: key}")
        return 0
    return int(number) if number == number.to_integral_value() else number
