"""Every case that matters: the answers, counts, days and versions of law between which conditions can tell.

The product of all deciding facts is out of reach and not needed (model.md 4): a question is settled over the facts that
its own conditions read, those that decide whether these are asked, and those of impossible combinations that touch
them. Numbers are cut at the bounds that conditions use.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from mutualflow.domain.applies import Reading, Threshold, on_scale
from mutualflow.domain.conditions import (
    Bound,
    Condition,
    CountAtLeast,
    FactAtLeast,
    FactBelow,
    FactIs,
    MilestoneBefore,
    MilestoneFrom,
    RuleValue,
    Term,
    parts,
)
from mutualflow.domain.pathway import Pathway, Question, QuestionType, Step
from mutualflow.domain.rulebook import Rulebook
from mutualflow.domain.spans import Span, on
from mutualflow.domain.tri import NO, YES

Law = Mapping[str, Threshold]
"""The values of rules at one time; a rule without a version on file is not in it."""

NO_LAW: tuple[Law, ...] = ({},)

Operand = tuple[str, str]
"""What a condition reads: ("fact" | "list" | "milestone" | "rule", key)."""

BEFORE_ALL_LAW = date(1900, 1, 1)
ALIKE = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Case:
    """One set of answers. `counts`: rows of a list declared complete."""

    facts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    law: Law = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.facts) + len(self.counts) + len(self.days)

    def words(self) -> dict[str, str]:
        """The case for a person to read."""
        found = dict(self.facts)
        found.update({key: f"{count} rows" for key, count in self.counts.items()})
        found.update({key: day.isoformat() for key, day in self.days.items()})
        found.update({f"rule {key}": "never" if v is None else str(v) for key, v in self.law.items()})
        return found


def read(pathway: Pathway, case: Case) -> Reading:
    """The reading of a formation in which the case is so."""
    said = {(key, ""): text for key, text in case.facts.items()}
    said.update({(f"{key}_complete", ""): "yes" for key in case.counts})
    days: dict[str, Span] = {key: on(day) for key, day in case.days.items()}
    return Reading(pathway, said, case.counts, days, _thresholds(case.law))


def _thresholds(law: Law) -> Callable[[str], tuple[Threshold, ...]]:
    return lambda rule: (law[rule],) if rule in law else ()


def law_sets(book: Rulebook, rules: Iterable[str]) -> tuple[Law, ...]:
    """Every combination of versions that can be in force together; rules with one base date change by the same day."""
    groups: dict[str, list[str]] = {}
    for key in sorted(set(rules)):
        if key in book.rules:
            groups.setdefault(book.rules[key].counted_from, []).append(key)
    sets: list[list[Law]] = []
    for keys in groups.values():
        days = {v.in_force_from or BEFORE_ALL_LAW for key in keys for v in book.rules[key].versions}
        laws = [law_on(book, keys, day) for day in sorted(days)]
        sets.append([law for place, law in enumerate(laws) if law not in laws[:place]])
    return tuple({k: v for part in chosen for k, v in part.items()} for chosen in product(*sets))


def law_on(book: Rulebook, rules: Iterable[str], day: date) -> Law:
    """The values of rules on one day."""
    found: dict[str, Threshold] = {}
    for key in rules:
        version = book.version(key, on(day)) if key in book.rules else None
        if version is not None:
            found[key] = None if version.never else version.value
    return found


def operands(pathway: Pathway, condition: Condition) -> Iterator[Operand]:
    """What a condition reads, through terms."""
    for part in parts(condition):
        match part:
            case FactIs(fact):
                yield "fact", fact
            case FactAtLeast(fact, bound) | FactBelow(fact, bound):
                yield "fact", fact
                if isinstance(bound, RuleValue):
                    yield "rule", bound.rule
            case CountAtLeast(name):
                yield "list", name
            case MilestoneFrom(milestone, day) | MilestoneBefore(milestone, day):
                yield "milestone", milestone
                if isinstance(day, RuleValue):
                    yield "rule", day.rule
            case Term(name):
                yield from operands(pathway, pathway.terms[name].when)
            case _:
                pass


def step_conditions(step: Step) -> Iterator[tuple[str, str, Condition]]:
    """Every condition of a step: the part it stands in, the key there, and the condition."""
    yield "step", "", step.when
    for after in step.after:
        yield "after", after.step, after.when
    for asked in (*step.asks, *step.lists):
        yield "asks", asked.key, asked.when
    for produced in step.produces:
        yield "produces", produced.document, produced.when
    for brought in step.brings:
        yield "brings", brought.evidence, brought.when
    for slot in step.slots:
        yield "slots", slot.key, slot.when
    if step.files is not None:
        yield "files", "", step.files.when
    for clock, guard in step.clock_when.items():
        yield "clocks", clock, guard
    for law in step.law:
        yield "law", law.source, law.when


class Cases:
    """Makes the cases of any set of conditions of one pathway."""

    def __init__(self, pathway: Pathway, laws: tuple[Law, ...] = NO_LAW) -> None:
        self.pathway = pathway
        self.laws = laws
        self._place = {key: n for n, key in enumerate(k for step in pathway.steps for k in self._asked_in(step))}
        self._words: dict[str, dict[str, None]] = {}
        self._bounds: dict[str, set[Decimal]] = {}
        self._counts: dict[str, set[int]] = {}
        self._days: dict[str, set[date]] = {}
        for condition in self._every_condition():
            self._cut(condition)

    def _asked_in(self, step: str) -> list[str]:
        one = self.pathway.steps[step]
        return [] if one.puts_right else [a.key for a in (*one.asks, *one.lists)]

    def _every_condition(self) -> Iterator[Condition]:
        for step in self.pathway.steps.values():
            for _, _, condition in step_conditions(step):
                yield condition
        for term in self.pathway.terms.values():
            yield term.when
        for row in self.pathway.impossible:
            yield row.when

    def _cut(self, condition: Condition) -> None:
        for part in parts(condition):
            match part:
                case FactIs(fact, values):
                    self._words.setdefault(fact, {}).update(dict.fromkeys(values))
                case FactAtLeast(fact, bound) | FactBelow(fact, bound):
                    self._bounds.setdefault(fact, set()).update(self._numbers(bound))
                case CountAtLeast(name, count):
                    self._counts.setdefault(name, set()).add(count)
                case MilestoneFrom(milestone, day) | MilestoneBefore(milestone, day):
                    self._days.setdefault(milestone, set()).update(self._dates(day))
                case _:
                    pass

    def _numbers(self, bound: Bound) -> set[Decimal]:
        if not isinstance(bound, RuleValue):
            return {Decimal(bound)}
        values = [law.get(bound.rule) for law in self.laws]
        return {on_scale(v) for v in values if v is not None}

    def _dates(self, day: str | RuleValue) -> set[date]:
        texts = [law.get(day.rule) for law in self.laws] if isinstance(day, RuleValue) else [day]
        return {date.fromisoformat(str(text)) for text in texts if text is not None}

    def values(self, fact: str) -> tuple[str, ...]:
        """Answers that conditions can tell apart, one of each kind."""
        question = self.pathway.questions[fact]
        named = tuple(self._words.get(fact, ()))
        match question.type:
            case QuestionType.YES_NO:
                return ALIKE
            case QuestionType.CHOICE:
                others = [c for c in question.choices if c not in named]
                return (*(c for c in question.choices if c in named), *others[:1])
            case QuestionType.NUMBER | QuestionType.MONEY:
                return _numbers(question, self._bounds.get(fact, set()))
            case QuestionType.DATE if self._bounds.get(fact):
                return tuple(date.fromordinal(int(n)).isoformat() for n in _numbers(question, self._bounds[fact]))
            case _:
                return (*named, "something else")

    def closure(self, conditions: Iterable[Condition]) -> tuple[Operand, ...]:
        """What conditions read, what decides whether it is asked, and impossible combinations that touch any of it."""
        found: dict[Operand, None] = {}
        self._add(conditions, found)
        touching = [
            row.when for row in self.pathway.impossible if any(o in found for o in operands(self.pathway, row.when))
        ]
        self._add(touching, found)
        return tuple(sorted(found, key=lambda o: (self._place.get(o[1], -1), o)))

    def _add(self, conditions: Iterable[Condition], found: dict[Operand, None]) -> None:
        left = list(conditions)
        while left:
            for operand in operands(self.pathway, left.pop()):
                if operand in found:
                    continue
                found[operand] = None
                asker = self.pathway.asker.get(operand[1]) if operand[0] in ("fact", "list") else None
                if asker is not None:
                    left += [self.pathway.steps[asker].when, self.pathway.asked[operand[1]].when]

    def of(self, conditions: Iterable[Condition], *, forbidden: bool = False) -> Iterator[tuple[Case, Reading]]:
        """Every allowed case of the conditions (forbidden: of the others too); what is not asked is not in it."""
        wanted = self.closure(conditions)
        rules = [key for kind, key in wanted if kind == "rule"]
        laws: list[Law] = []
        for law in self.laws:
            seen = {key: law[key] for key in rules if key in law}
            if seen not in laws:
                laws.append(seen)
        answers = [o for o in wanted if o[0] != "rule"]
        for law in laws:
            for case, reading in self._grow(Case(law=law), answers):
                if forbidden or not any(reading.holds(row.when) is YES for row in self.pathway.impossible):
                    yield case, reading

    def _grow(self, case: Case, left: list[Operand]) -> Iterator[tuple[Case, Reading]]:
        reading = read(self.pathway, case)
        if not left:
            yield case, reading
            return
        (kind, key), rest = left[0], left[1:]
        if kind == "milestone":
            for day in _days(self._days.get(key, set())):
                yield from self._grow(Case(case.facts, case.counts, {**case.days, key: day}, case.law), rest)
        elif reading.asked(key) is NO:
            yield from self._grow(case, rest)
        elif kind == "list":
            for count in sorted({0, *self._counts.get(key, set())}):
                yield from self._grow(Case(case.facts, {**case.counts, key: count}, case.days, case.law), rest)
        else:
            for value in self.values(key):
                yield from self._grow(Case({**case.facts, key: value}, case.counts, case.days, case.law), rest)


def _numbers(question: Question, bounds: set[Decimal]) -> tuple[str, ...]:
    """One number below the lowest bound, and each bound itself, as far as the question allows them."""
    least = Decimal("0.01") if question.type is QuestionType.MONEY else Decimal(1)
    found = {min(bounds) - least, *bounds} if bounds else {question.at_least or Decimal(0)}
    low, high = question.at_least, question.at_most
    fitting = [n for n in sorted(found) if (low is None or n >= low) and (high is None or n <= high)]
    return tuple(str(n) for n in fitting)


def _days(days: set[date]) -> list[date]:
    return [min(days) - timedelta(days=1), *sorted(days)] if days else [BEFORE_ALL_LAW]
