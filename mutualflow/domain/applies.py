"""What applies: three-valued reading of conditions over facts that may be unknown.

An answer counts only while the step and question that ask it surely apply (model.md 3).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from mutualflow.domain.conditions import (
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
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Asked, Pathway
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.tri import MAYBE, NO, YES, Tri, both, either, opposite, tri

Threshold = int | Decimal | str | None
"""A rule's value in one version: a number, an ISO date, or None where the rule did not exist ("never")."""

Thresholds = Callable[[str], tuple[Threshold, ...]]
"""Rule key -> its values in every version that may be in force on its base date."""


Required = tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]
"""Step -> steps that it requires itself, step -> everything behind it."""


def no_thresholds(rule: str) -> tuple[Threshold, ...]:
    """For readings without a rulebook: nothing is known of any rule."""
    return ()


class Reading:
    """One look at a formation's facts through its pathway; every result is remembered.

    `said`: (fact, subject) -> text in force. `counts`: list -> rows not retired.
    `milestones`: milestone key -> actual, else planned span. `carried_out`: irrevocable steps that are approved;
    they apply whatever is said afterwards.
    """

    def __init__(
        self,
        pathway: Pathway,
        said: Mapping[tuple[str, str], str],
        counts: Mapping[str, int],
        milestones: Mapping[str, Span],
        thresholds: Thresholds = no_thresholds,
        carried_out: frozenset[str] = frozenset(),
    ) -> None:
        self.pathway = pathway
        self.said = said
        self.counts = counts
        self.milestones = milestones
        self.thresholds = thresholds
        self._applies: dict[str, Tri] = dict.fromkeys(carried_out, YES)
        self._asked: dict[str, Tri] = {}
        self._terms: dict[str, Tri] = {}
        self.values: dict[str, tuple[str, str] | None] = {}  # material values, remembered by ground.py
        self.required: dict[frozenset[str], Required] = {}  # by closed steps, remembered by computed.py

    def remember(self, before: "Reading", but: Collection[str]) -> None:
        """Take over what another reading found out. Only facts and lists of `but` may differ between the two, and no
        condition of the pathway may read them (`Pathway.decisive`)."""
        self._applies, self._asked, self._terms = before._applies, before._asked, before._terms
        self.required = before.required
        self.values = {key: value for key, value in before.values.items() if key not in but}

    def applies(self, step: str) -> Tri:
        """Does the step apply?"""
        known = self._applies.get(step)
        if known is None:
            one = self.pathway.steps[step]
            known = self.holds(one.when) if not one.puts_right else self.applies(one.puts_right)
            self._applies[step] = known
        return known

    def asked(self, key: str) -> Tri:
        """Is the fact or list asked: does its step apply, and its own condition hold?"""
        known = self._asked.get(key)
        if known is None:
            asker = self.pathway.asker.get(key)
            if asker is None:
                known = NO
            else:
                known = both((self.applies(asker), self.holds(self.pathway.asked[key].when)))
            self._asked[key] = known
        return known

    def fact(self, key: str) -> str | None:
        """The text that counts; None where unanswered, not asked (yet), or not known without a cautious value."""
        text = self.said.get((key, ""))
        if text is None or self.asked(key) is not YES:
            return None
        if text == NOT_KNOWN:
            return self.pathway.questions[key].if_not_known
        return text

    def answered(self, key: str) -> bool:
        """Has the question an answer that counts? "We do not know" is one."""
        return (key, "") in self.said and self.asked(key) is YES

    def complete(self, key: str) -> bool:
        """Is the list declared complete?"""
        return self.said.get((f"{key}_complete", "")) == "yes" and self.asked(key) is YES

    def holds(self, condition: Condition) -> Tri:
        """Evaluate one condition."""
        match condition:
            case AllOf(of):
                return both(self.holds(c) for c in of)
            case AnyOf(of):
                return either(self.holds(c) for c in of)
            case Not(of):
                return opposite(self.holds(of))
            case Term(name):
                if name not in self._terms:
                    self._terms[name] = self.holds(self.pathway.terms[name].when)
                return self._terms[name]
            case FactIs(fact, values):
                text = self.fact(fact)
                return MAYBE if text is None else tri(text in values)
            case FactAtLeast(fact, bound):
                return self._compare(fact, bound, _at_least)
            case FactBelow(fact, bound):
                return self._compare(fact, bound, _below)
            case CountAtLeast(name, bound):
                return self._count(name, bound)
            case MilestoneFrom(milestone, day):
                return self._day(milestone, day, after=True)
            case MilestoneBefore(milestone, day):
                return self._day(milestone, day, after=False)

    def _compare(self, fact: str, bound: Bound, compare: Callable[[Decimal, Decimal, Decimal], Tri]) -> Tri:
        text = self.fact(fact)
        values = self.thresholds(bound.rule) if isinstance(bound, RuleValue) else (bound,)
        if values and all(value is None for value in values):
            return NO  # a comparison with "never" is no, whatever the fact
        if text is None or not values:
            return MAYBE
        low, high = _day_range(text) if any(isinstance(v, str) for v in values) else number_range(text)
        if low is None:
            return MAYBE
        most = high if high is not None else Decimal("Infinity")
        return _agreed(NO if v is None else compare(low, most, on_scale(v)) for v in values)

    def _count(self, name: str, bound: int) -> Tri:
        if self.asked(name) is not YES:
            return MAYBE
        if self.counts.get(name, 0) >= bound:
            return YES
        return NO if self.complete(name) else MAYBE

    def _day(self, milestone: str, day: str | RuleValue, *, after: bool) -> Tri:
        days = self.thresholds(day.rule) if isinstance(day, RuleValue) else (day,)
        if days and all(value is None for value in days):
            return NO
        span = self.milestones.get(milestone)
        if span is None or not days:
            return MAYBE
        return _agreed(NO if d is None else _on_or_after(span, str(d), after) for d in days)


def _agreed(results: Iterable[Tri]) -> Tri:
    distinct = set(results)
    return distinct.pop() if len(distinct) == 1 else MAYBE


def _on_or_after(span: Span, day: str, after: bool) -> Tri:
    bound = parse_span(day).earliest
    if bound is None:
        return MAYBE
    if span.earliest is not None and span.earliest >= bound:
        result = YES
    elif span.latest is not None and span.latest < bound:
        result = NO
    else:
        result = MAYBE
    return result if after else opposite(result)


def _at_least(low: Decimal, high: Decimal, bound: Decimal) -> Tri:
    if low >= bound:
        return YES
    return NO if high < bound else MAYBE


def _below(low: Decimal, high: Decimal, bound: Decimal) -> Tri:
    return opposite(_at_least(low, high, bound))


def on_scale(bound: int | Decimal | str) -> Decimal:
    """A bound as a number: of a day (ISO text) its place in the calendar, so that days are compared as numbers are."""
    return Decimal(date.fromisoformat(bound).toordinal()) if isinstance(bound, str) else Decimal(bound)


def _day_range(text: str) -> tuple[Decimal | None, Decimal | None]:
    """The earliest and latest day of an answer on the same scale; (None, None) where it is no day."""
    try:
        span = parse_span(text)
    except ValueError:
        return None, None
    if span == UNKNOWN_DAY:
        return None, None
    low, high = (Decimal(d.toordinal()) if d else None for d in (span.earliest, span.latest))
    return low if low is not None else Decimal(0), high


def number_range(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Read "12", "90..120" or "90.." as lowest and highest; (None, None) where it is no number."""
    low, dots, high = text.partition("..")
    try:
        first = Decimal(low)
        return first, (Decimal(high) if high else None) if dots else first
    except InvalidOperation:
        return None, None


def applying(reading: Reading, asked: tuple[Asked, ...]) -> list[tuple[Asked, Tri]]:
    """The questions or lists of a step that are or may be asked, with their truth."""
    return [(a, truth) for a in asked if (truth := reading.holds(a.when)) is not NO]
