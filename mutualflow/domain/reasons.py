"""Conditions in words, each part with its present truth, and the answers that would settle what is not known."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mutualflow.domain.applies import Reading
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
from mutualflow.domain.material import say_date, say_number, with_unit
from mutualflow.domain.pathway import Question, QuestionType, Step, say
from mutualflow.domain.tri import MAYBE, NO, YES, Tri


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition in words and whether it holds. `joined`: how its parts belong together (all, any, not, term)."""

    words: str
    truth: Tri
    joined: str = ""
    parts: tuple["Reason", ...] = ()
    fact: str = ""  # key of the question or list that it reads
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Something that must be known before a condition can be read: a question, a list, a milestone's or rule's day."""

    kind: str  # fact, list, milestone, rule
    key: str


def explain(reading: Reading, condition: Condition) -> Reason:
    """The condition in words, down to the facts that it reads."""
    truth = reading.holds(condition)
    match condition:
        case AllOf(of) if not of:
            return Reason("always", truth)
        case AllOf(of):
            return Reason("all of these", truth, "all", tuple(explain(reading, c) for c in of))
        case AnyOf(of):
            return Reason("at least one of these", truth, "any", tuple(explain(reading, c) for c in of))
        case Not(of):
            return Reason("not this", truth, "not", (explain(reading, of),))
        case Term(name):
            term = reading.pathway.terms[name]
            return Reason(say(term.words), truth, "term", (explain(reading, term.when),))
        case FactIs(fact) | FactAtLeast(fact) | FactBelow(fact):
            return Reason(_fact_words(reading, condition), truth, fact=fact)
        case CountAtLeast(name, bound):
            rows = "one row" if bound == 1 else f"{bound} rows"
            return Reason(f"“{say(reading.pathway.lists[name].label)}” has at least {rows}", truth, fact=name)
        case MilestoneFrom(milestone, day):
            words = f"the {_words(milestone)} is on or after {_day_words(reading, day)}"
            return Reason(words, truth, milestone=milestone)
        case MilestoneBefore(milestone, day):
            return Reason(f"the {_words(milestone)} is before {_day_words(reading, day)}", truth, milestone=milestone)


def _fact_words(reading: Reading, condition: FactIs | FactAtLeast | FactBelow) -> str:
    question = reading.pathway.questions.get(condition.fact)
    label = f"“{say(question.label)}”" if question else _words(condition.fact)
    if isinstance(condition, FactIs):
        choices = question.choices if question else {}
        return f"{label} is {' or '.join(say(choices.get(v, {})) or _words(v) for v in condition.values)}"
    bound = _bound_words(reading, condition.bound, question)
    if question is not None and question.type is QuestionType.DATE:
        return f"{label} is {'on or after' if isinstance(condition, FactAtLeast) else 'before'} {bound}"
    return f"{label} is {bound} or more" if isinstance(condition, FactAtLeast) else f"{label} is less than {bound}"


def _bound_words(reading: Reading, bound: Bound, question: Question | None) -> str:
    if not isinstance(bound, RuleValue):
        return _number(bound, question)
    said = sorted({_number(v, question) for v in reading.thresholds(bound.rule) if v is not None})
    return f"{' or '.join(said) or 'a number not on file'} (rule “{_words(bound.rule)}”)"


def _number(value: int | Decimal | str, question: Question | None) -> str:
    if question is not None and question.type is QuestionType.MONEY:
        return say_number(str(value), "£")
    if question is not None and question.type is QuestionType.DATE:
        return say_date(str(value))
    return with_unit(str(value), question.unit if question else "")


def _day_words(reading: Reading, day: str | RuleValue) -> str:
    if not isinstance(day, RuleValue):
        return say_date(day)
    values = reading.thresholds(day.rule)
    said = [say_date(str(v)) for v in values if v is not None]
    return f"{' or '.join(said) or 'a day not on file'} (rule “{_words(day.rule)}”)"


def _words(key: str) -> str:
    return key.replace("_", " ")


def unsettled(reading: Reading, condition: Condition) -> tuple[Unsettled, ...]:
    """What must be known before a *maybe* becomes a yes or no, nearest first; nothing where it is known."""
    return tuple(dict.fromkeys(_unsettled(reading, condition, frozenset())))


def unsettled_within(reading: Reading, step: Step) -> tuple[Unsettled, ...]:
    """What must be known before it is clear what the step asks, brings and prints, whom it files with and who answers.

    What may be left open (`optional`) is left out, and what stands or falls with an open question of the step itself.
    "We do not know" to such a question stands in what is put forward, and a later answer opens the step again: only
    who answers has to be known even so, and everything where nothing opens again.
    """
    own = [a.key for a in (*step.asks, *step.lists) if not a.optional]
    unsaid = {key for key in own if not _said(reading, key)}
    whole = [a.when for a in (*step.asks, *step.lists) if not a.optional]
    whole += [b.when for b in step.brings if not b.optional] + [p.when for p in step.produces]
    whole += [step.files.when] if step.files else []
    found = [one for when in whole for one in unsettled(reading, when) if step.irrevocable or one.key not in own]
    found += [one for slot in step.slots for one in unsettled(reading, slot.when)]
    return tuple(one for one in dict.fromkeys(found) if one.key not in unsaid)


def _said(reading: Reading, key: str) -> bool:
    return reading.complete(key) if key in reading.pathway.lists else reading.answered(key)


def _unsettled(reading: Reading, condition: Condition, seen: frozenset[str]) -> Iterator[Unsettled]:
    if reading.holds(condition) is not MAYBE:
        return
    match condition:
        case AllOf(of) | AnyOf(of):
            for part in of:
                yield from _unsettled(reading, part, seen)
        case Not(of):
            yield from _unsettled(reading, of, seen)
        case Term(name):
            yield from _unsettled(reading, reading.pathway.terms[name].when, seen)
        case FactIs(fact) | FactAtLeast(fact) | FactBelow(fact):
            yield from _of_key(reading, "fact", fact, seen)
            if isinstance(condition, FactAtLeast | FactBelow) and isinstance(condition.bound, RuleValue):
                yield from _of_rule(reading, condition.bound)
        case CountAtLeast(name):
            yield from _of_key(reading, "list", name, seen)
        case MilestoneFrom(milestone) | MilestoneBefore(milestone):
            yield Unsettled("milestone", milestone)


def _of_key(reading: Reading, kind: str, key: str, seen: frozenset[str]) -> Iterator[Unsettled]:
    """A question that is asked and unanswered; where it is not certain that it is asked, what decides that."""
    truth = reading.asked(key)
    if key in seen or truth is NO:
        return
    if truth is YES:
        if kind == "list" or reading.fact(key) is None:
            yield Unsettled(kind, key)
        return
    seen = seen | {key}
    asker = reading.pathway.asker[key]
    yield from _unsettled(reading, reading.pathway.steps[asker].when, seen)
    yield from _unsettled(reading, reading.pathway.asked[key].when, seen)


def _of_rule(reading: Reading, bound: RuleValue) -> Iterator[Unsettled]:
    """A rule with several versions that may be in force waits for its own base date; one not on file, for the house."""
    if len(set(reading.thresholds(bound.rule))) != 1:
        yield Unsettled("rule", bound.rule)
