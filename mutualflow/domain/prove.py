"""What is proved of a pathway before anybody walks it (model.md 4): by cases, each fault with its smallest example."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from mutualflow.domain.applies import Reading
from mutualflow.domain.cases import NO_LAW, Case, Cases, Law, operands, read, step_conditions
from mutualflow.domain.conditions import ALWAYS, Condition
from mutualflow.domain.keys import Milestone
from mutualflow.domain.pathway import Pathway, Step, say
from mutualflow.domain.tri import MAYBE, NO, YES

AFTER_LAUNCH = frozenset({"launch", "sustain"})
GOALS = (Milestone.GO_LIVE, Milestone.STAFF_TRANSFER)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold; `about` is its place as the compiler marks it: ("step", key), (part, step, key)."""

    about: tuple[str, ...]
    wrong: str
    example: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        case = ", ".join(f"{k} = {v}" for k, v in self.example.items())
        return f"{'.'.join(self.about)}: {self.wrong}" + (f" (as when {case})" if case else "")


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof: what it says, how many cases were tried, and what does not hold."""

    number: int
    says: str
    cases: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """A case worked out from the domain notes: what applies, what does not, and who answers.

    `days`: milestone -> planned day. `on`: the day whose law counts; None: the newest.
    """

    name: str
    facts: Mapping[str, str]
    applies: tuple[str, ...] = ()
    does_not: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    on: date | None = None
    see: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The second, independent statement about one legal form. The three tuples are closed lists of step keys."""

    form: str
    cases: tuple[ExpectedCase, ...]
    before: tuple[tuple[str, str], ...]
    gates: tuple[str, ...]
    irrevocable: tuple[str, ...]
    law_steps: tuple[str, ...]


class _Tally:
    """Counts cases and keeps for each fault its smallest example."""

    def __init__(self) -> None:
        self.cases = 0
        self._found: dict[tuple[tuple[str, ...], str], Case] = {}

    def fault(self, about: tuple[str, ...], wrong: str, case: Case | None = None) -> None:
        """Note a fault; of two examples the smaller stays."""
        known = self._found.get((about, wrong))
        if known is None or len(case or known) < len(known):
            self._found[(about, wrong)] = case or Case()

    def proof(self, number: int, says: str) -> Proof:
        """What came of it."""
        found = tuple(Finding(about, wrong, case.words()) for (about, wrong), case in self._found.items())
        return Proof(number, says, self.cases, found)


class Requires:
    """Who requires whom in one case: conditions read, steps that do not apply passed through, put-rights aside."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._behind: dict[str, frozenset[str]] = {}

    def behind(self, key: str) -> frozenset[str]:
        """Every step that applies or may, and that this one waits for, all the way."""
        known = self._behind.get(key)
        if known is None:
            found: set[str] = set()
            for after in self._reading.pathway.steps[key].after:
                if self._reading.pathway.steps[after.step].puts_right or self._reading.holds(after.when) is NO:
                    continue
                found |= self.behind(after.step)
                if self._reading.applies(after.step) is not NO:
                    found.add(after.step)
            known = self._behind[key] = frozenset(found)
        return known


def own_steps(pathway: Pathway) -> Iterator[Step]:
    """The steps that somebody wrote, put-rights aside."""
    return (step for step in pathway.steps.values() if not step.puts_right)


def always_behind(pathway: Pathway) -> dict[str, frozenset[str]]:
    """Step -> the steps behind it whatever is answered: over dependencies without a condition."""
    found: dict[str, frozenset[str]] = {}
    for key, step in pathway.steps.items():
        near = {a.step for a in step.after if a.when == ALWAYS}
        found[key] = frozenset(near.union(*(found[n] for n in near)))
    return found


def prove(pathway: Pathway, laws: tuple[Law, ...] = NO_LAW) -> tuple[Proof, ...]:
    """Proofs 1 to 3 of a compiled pathway; `laws` are the sets of rule values that can be in force together."""
    cases = Cases(pathway, laws)
    return order(pathway, cases), applies(pathway, cases), uses(pathway, laws)


# 1 ----------------------------------------------------------------------------------------------------------------


def order(pathway: Pathway, cases: Cases) -> Proof:
    """Everything before launch stands behind going live; a reader comes after its asker, in every case."""
    tally = _Tally()
    sure = always_behind(pathway)
    _launch_waits(pathway, cases, sure, tally)
    for step in own_steps(pathway):
        for part, key, condition in step_conditions(step):
            about = tuple(p for p in (part, step.key, key) if p)
            for _, name in dict.fromkeys(operands(pathway, condition)):
                _reader(pathway, cases, sure, tally, about, name)
        for produced in step.produces:
            about = ("produces", step.key, produced.document)
            for name in pathway.document_facts.get(produced.document, ()):
                if pathway.asker.get(name) in pathway.behind[step.key]:  # asked later: a blank of this version
                    _reader(pathway, cases, sure, tally, about, name, produced.when)
    says = "no step waits in a circle, launch waits for everything before it, and whoever reads comes after who asks"
    return tally.proof(1, says)


def _launch_waits(pathway: Pathway, cases: Cases, sure: Mapping[str, frozenset[str]], tally: _Tally) -> None:
    for milestone in GOALS:
        goal = pathway.reached_by.get(milestone)
        if goal is None:
            tally.fault(("stage", "launch"), f"no step reaches {milestone.value}")
            continue
        for step in own_steps(pathway):
            if step.stage not in AFTER_LAUNCH and step.key != goal:
                _waits(pathway, cases, sure, tally, step.key, goal, f"{goal} does not wait for it")
            elif step.stage == "sustain" and milestone is Milestone.GO_LIVE:
                wrong = f"does not wait for {goal}, though it is in the stage after launch"
                _waits(pathway, cases, sure, tally, goal, step.key, wrong)


def _waits(
    pathway: Pathway,
    cases: Cases,
    sure: Mapping[str, frozenset[str]],
    tally: _Tally,
    first: str,
    last: str,
    wrong: str,
    about: tuple[str, ...] = (),
    when: Condition = ALWAYS,
) -> None:
    """A fault for the case in which both steps apply, and the condition holds, and the last waits not for the first."""
    tally.cases += 1
    if first in sure[last]:
        return
    here = about or ("step", last if pathway.steps[last].stage == "sustain" else first)
    edges = _edges_between(pathway, first, last)
    for case, reading in cases.of([when, pathway.steps[first].when, pathway.steps[last].when, *edges]):
        tally.cases += 1
        counts = reading.applies(first) is YES and reading.applies(last) is YES and reading.holds(when) is not NO
        if counts and first not in Requires(reading).behind(last):
            tally.fault(here, wrong, case)


def _edges_between(pathway: Pathway, first: str, last: str) -> list[Condition]:
    """The conditions of dependencies on the ways from one step back to another."""
    between = {k for k in (*pathway.behind[last], last) if first in pathway.behind[k]}
    return [
        a.when
        for k in between
        for a in pathway.steps[k].after
        if a.when != ALWAYS and not pathway.steps[a.step].puts_right
    ]


def _reader(
    pathway: Pathway,
    cases: Cases,
    sure: Mapping[str, frozenset[str]],
    tally: _Tally,
    about: tuple[str, ...],
    name: str,
    when: Condition = ALWAYS,
) -> None:
    """What is read at a place (`when` the place counts) is asked before, or, inside a step, in that step."""
    asker, step = pathway.asker.get(name), about[1]
    if asker is None:
        return
    if asker != step:
        wrong = f"reads {name} and need not wait for {asker}, which asks it"
        _waits(pathway, cases, sure, tally, asker, step, wrong, about, when)
    elif about[0] in ("step", "after"):
        tally.fault(about, f"reads {name}, which is asked only here")


# 2 ----------------------------------------------------------------------------------------------------------------


def applies(pathway: Pathway, cases: Cases) -> Proof:
    """Every step, slot and impossible combination can come about; with all answered nothing stays open."""
    tally = _Tally()
    for step in own_steps(pathway):
        _can_apply(cases, step, tally)
        _slots(cases, step, tally)
        for part, key, condition in step_conditions(step):
            if condition != ALWAYS:
                about = tuple(p for p in (part, step.key, key) if p)
                _settled(cases, step, about, condition, tally)
    for row in pathway.impossible:
        _can_be(cases, row.key, row.when, tally)
    says = "every step and slot applies in some case, somebody answers in every case, and no condition stays open"
    return tally.proof(2, says)


def _can_apply(cases: Cases, step: Step, tally: _Tally) -> None:
    for _, reading in cases.of([step.when]):
        tally.cases += 1
        if reading.applies(step.key) is YES:
            return
    tally.fault(("step", step.key), "applies in no allowed case")


def _slots(cases: Cases, step: Step, tally: _Tally) -> None:
    if not step.slots:
        return
    seen: set[str] = set()
    for case, reading in cases.of([step.when, *(s.when for s in step.slots)]):
        tally.cases += 1
        if reading.applies(step.key) is not YES:
            continue
        now = {s.key for s in step.slots if reading.holds(s.when) is not NO}
        seen |= {s.key for s in step.slots if reading.holds(s.when) is YES}
        if not now:
            tally.fault(("step", step.key), "has slots, and in this case nobody answers", case)
    for slot in step.slots:
        if slot.key not in seen:
            tally.fault(("slots", step.key, slot.key), "applies in no allowed case in which the step does")


def _settled(cases: Cases, step: Step, about: tuple[str, ...], condition: Condition, tally: _Tally) -> None:
    ever = about[0] == "step"
    for case, reading in cases.of([step.when, condition]):
        tally.cases += 1
        if reading.applies(step.key) is NO and about[0] != "step":
            continue
        truth = reading.holds(condition)
        ever = ever or truth is YES
        if truth is MAYBE:
            tally.fault(about, "stays open in this case, although everything that is asked has been answered", case)
    if not ever:
        tally.fault(about, "its condition holds in no allowed case in which the step applies")


def _can_be(cases: Cases, key: str, condition: Condition, tally: _Tally) -> None:
    for _, reading in cases.of([condition], forbidden=True):
        tally.cases += 1
        if reading.holds(condition) is YES:
            return
    tally.fault(("impossible", key), "can never be said, so nothing is forbidden")


# 3 ----------------------------------------------------------------------------------------------------------------


def uses(pathway: Pathway, laws: tuple[Law, ...] = NO_LAW) -> Proof:
    """Every fact read is asked, every fact asked is used or for the record, every text has words, every rule exists."""
    tally = _Tally()
    rules = {key for law in laws for key in law}
    used: set[str] = {key for printed in pathway.document_facts.values() for key in printed}
    for about, condition in _places(pathway):
        for kind, name in operands(pathway, condition):
            tally.cases += 1
            used.add(name)
            if kind in ("fact", "list") and name not in pathway.asker:
                tally.fault(about, f"reads {name}, which no step asks")
            if kind == "rule" and laws != NO_LAW and name not in rules:
                tally.fault(about, f"reads the rule {name}, of which no version is on file")
    for key, question in pathway.questions.items():
        tally.cases += 1
        if key in pathway.asker and key not in used and not question.for_the_record:
            tally.fault(("fact", key), "is asked, neither read nor printed, and not said to be for the record")
        if key not in pathway.asker and key.removesuffix("_complete") not in pathway.lists:
            tally.fault(("fact", key), "is asked by no step")
        _words(tally, ("fact", key), {"label": say(question.label), "words": say(question.words)})
    for step in own_steps(pathway):
        tally.cases += 1
        texts = {"title": step.title, "why": step.why, "how": step.how, "goes_wrong": step.goes_wrong}
        _words(tally, ("step", step.key), {name: say(text) for name, text in texts.items()})
        for produced in step.produces:
            if pathway.document_facts and produced.document not in pathway.document_facts:
                tally.fault(("produces", step.key, produced.document), "is a document that there is not")
    return tally.proof(3, "every fact read is asked, every fact asked is used, and every text has words")


def _places(pathway: Pathway) -> Iterator[tuple[tuple[str, ...], Condition]]:
    for step in own_steps(pathway):
        for part, key, condition in step_conditions(step):
            yield tuple(p for p in (part, step.key, key) if p), condition
    for row in pathway.impossible:
        yield ("impossible", row.key), row.when
    for term in pathway.terms.values():
        yield ("term", term.name), term.when


def _words(tally: _Tally, about: tuple[str, ...], texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if not text.strip():
            tally.fault(about, f"has no words for {name}")


# 5 ----------------------------------------------------------------------------------------------------------------


def agrees(pathway: Pathway, expected: Expected, law_on: Callable[[date | None], Law]) -> Proof:
    """The pathway does what the independent statement of a form says.

    `law_on`: a day (None: the newest law) -> rule values.
    """
    tally = _Tally()
    for closed, words, found in (
        (expected.gates, "a gate", [s.key for s in own_steps(pathway) if s.gate]),
        (expected.irrevocable, "irrevocable", [s.key for s in own_steps(pathway) if s.irrevocable]),
        (expected.law_steps, "a step with a duty of law", [s.key for s in own_steps(pathway) if s.law]),
    ):
        for key in sorted(set(closed) ^ set(found)):
            tally.cases += 1
            should = "should be" if key in closed else "should not be"
            tally.fault(("step", key), f"{should} {words}")
    for case in expected.cases:
        _expected_case(pathway, expected, case, law_on(case.on), tally)
    cases = Cases(pathway)
    sure = always_behind(pathway)
    for first, second in expected.before:
        if first not in pathway.steps or second not in pathway.steps:
            tally.fault(("before", first, second), "names a step that there is not")
        else:
            wrong = f"{first} should come before {second}"
            _waits(pathway, cases, sure, tally, first, second, wrong, ("step", second))
    return tally.proof(5, f"the pathway does what is expected of {expected.form}")


def _expected_case(pathway: Pathway, expected: Expected, one: ExpectedCase, law: Law, tally: _Tally) -> None:
    tally.cases += 1
    case = Case({"legal_form": expected.form, **one.facts}, one.counts, one.days, law)
    reading = read(pathway, case)
    for key in one.facts:
        if key not in pathway.questions:
            tally.fault(("case", one.name), f"answers {key}, which nobody asks")
        elif reading.asked(key) is NO:
            tally.fault(("case", one.name), f"answers {key}, which is not asked in this case")
    for keys, truth in ((one.applies, YES), (one.does_not, NO), (one.may, MAYBE)):
        for key in keys:
            if key not in pathway.steps:
                tally.fault(("case", one.name), f"names a step {key} that there is not")
            elif reading.applies(key) is not truth:
                tally.fault(
                    ("step", key), f"applies: {reading.applies(key).value}, expected {truth.value} ({one.name})", case
                )
    for key, slots in one.slots.items():
        if key not in pathway.steps:
            tally.fault(("case", one.name), f"names a step {key} that there is not")
            continue
        now = {s.key for s in pathway.steps[key].slots if reading.holds(s.when) is YES}
        if now != set(slots):
            found, wanted = ", ".join(sorted(now)) or "nobody", ", ".join(sorted(slots)) or "nobody"
            tally.fault(("step", key), f"is answered by {found}, expected {wanted} ({one.name})", case)


def failures(proofs: Iterable[Proof]) -> list[Finding]:
    """Every finding of every proof."""
    return [finding for proof in proofs for finding in proof.findings]
