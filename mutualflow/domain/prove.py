"""What is proved of a pathway before anybody walks it (model.md 4): by cases, each fault with its smallest example."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from mutualflow.domain.applies import Reading, Thresholds
from mutualflow.domain.cases import NO_LAW, Case, Cases, Law, operands, step_conditions
from mutualflow.domain.conditions import ALWAYS, Condition
from mutualflow.domain.keys import Milestone
from mutualflow.domain.pathway import Pathway, Step, say
from mutualflow.domain.spans import Span, on
from mutualflow.domain.tri import MAYBE, NO, YES, Tri

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
    """A case worked out from the domain notes: what applies and what does not, who answers, what is brought, printed.

    `has` and `lacks`: part of a step ("slots", "brings", "produces", "clocks") -> step -> keys that surely apply, or do
    not.
    `on`: milestone -> its planned day; the law of a rule whose day is not given is tried in every version.
    """

    name: str
    facts: Mapping[str, str]
    on: Mapping[str, date] = field(default_factory=dict)
    applies: tuple[str, ...] = ()
    does_not: tuple[str, ...] = ()
    has: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    lacks: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expected:
    """The second, independent statement about one legal form.

    Exactly these: gates, irrevocable, reaches (milestone -> step), produces (document -> steps), files (step ->
    register), never (pairs of milestones), for_filing (documents). At least these: law_steps, owners (step -> role and
    side), impossible (sets of answers that are refused).
    """

    form: str
    cases: tuple[ExpectedCase, ...] = ()
    before: tuple[tuple[str, str], ...] = ()
    gates: tuple[str, ...] = ()
    irrevocable: tuple[str, ...] = ()
    law_steps: tuple[str, ...] = ()
    impossible: tuple[Mapping[str, str], ...] = ()
    reaches: Mapping[str, str] = field(default_factory=dict)
    produces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: tuple[tuple[str, str], ...] = ()
    for_filing: tuple[str, ...] = ()


Versions = Callable[[Mapping[str, Span]], Thresholds]
"""Days of milestones -> the values of rules in every version that may be in force (LawBook.thresholds)."""


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
    for pair in pathway.never:
        first, second = (pathway.reached_by.get(Milestone(m)) for m in (pair.first, pair.second))
        if first and second:
            wrong = f"{second} need not wait for {first}, although {pair.first} is never after {pair.second}"
            _waits(pathway, cases, sure, tally, first, second, wrong, ("never", pair.first, pair.second))
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
    seen: set[bool] = set()
    for _, reading in cases.of([condition], forbidden=True):
        tally.cases += 1
        seen.add(reading.holds(condition) is YES)
        if len(seen) > 1:
            return
    always, never = "holds whatever is said, so nothing is allowed", "can never be said, so nothing is refused"
    tally.fault(("impossible", key), always if True in seen else never)


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


def agrees(pathway: Pathway, expected: Expected, versions: Versions) -> Proof:
    """The pathway does what the independent statement of a form says."""
    tally = _Tally()
    _closed(pathway, expected, tally)
    for case in expected.cases:
        _expected_case(pathway, case, versions, tally)
    for facts in expected.impossible:
        tally.cases += 1
        case_ = Case(facts)
        reading = Reading(pathway, {(key, ""): text for key, text in facts.items()}, {}, {}, versions({}))
        if not any(reading.holds(row.when) is YES for row in pathway.impossible):
            tally.fault(("impossible",), f"nothing refuses {', '.join(f'{k} {v}' for k, v in facts.items())}", case_)
    cases = Cases(pathway)
    sure = always_behind(pathway)
    for first, second in expected.before:
        if first not in pathway.steps or second not in pathway.steps:
            tally.fault(("before", first, second), "names a step that there is not")
        else:
            _waits(pathway, cases, sure, tally, first, second, f"{first} should come before it", ("step", second))
    return tally.proof(5, f"the pathway does what is expected of {expected.form}")


def _closed(pathway: Pathway, expected: Expected, tally: _Tally) -> None:
    """The lists that are compared as a whole."""
    steps = list(own_steps(pathway))
    produced: dict[str, set[str]] = {}
    for step in steps:
        for one in step.produces:
            produced.setdefault(one.document, set()).add(step.key)
    parties = {s.key: f"{s.owner.role.value} ({s.owner.side.value})" for s in steps}
    pairs: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
        ("is a gate", dict.fromkeys(expected.gates, "yes"), {s.key: "yes" for s in steps if s.gate}),
        ("is irrevocable", dict.fromkeys(expected.irrevocable, "yes"), {s.key: "yes" for s in steps if s.irrevocable}),
        (
            "reaches",
            {step: milestone for milestone, step in expected.reaches.items()},
            {s.key: s.reaches.value for s in steps if s.reaches},
        ),
        ("files", dict(expected.files), {s.key: s.files.registrar.value for s in steps if s.files}),
        (
            "is produced in",
            {k: ", ".join(sorted(v)) for k, v in expected.produces.items()},
            {k: ", ".join(sorted(v)) for k, v in produced.items()},
        ),
        (
            "is for filing",
            dict.fromkeys(expected.for_filing, "yes"),
            {p.document: "yes" for s in steps for p in s.produces if p.for_filing},
        ),
        (
            "is never after",
            {f"{a} {b}": "yes" for a, b in expected.never},
            {f"{pair.first} {pair.second}": "yes" for pair in pathway.never},
        ),
        (
            "is owned by",
            {k: f"{v[0]} ({v[1]})" for k, v in expected.owners.items()},
            {k: party for k, party in parties.items() if k in expected.owners},
        ),
        (
            "carries law",
            dict.fromkeys(expected.law_steps, "yes"),
            {s.key: "yes" for s in steps if s.law and s.key in expected.law_steps},
        ),
    )
    for what, wanted, found in pairs:
        for key in dict.fromkeys((*wanted, *found)):
            tally.cases += 1
            if wanted.get(key) != found.get(key):
                here = ("step", key) if key in pathway.steps else ("document", key)
                tally.fault(here, f"{what}: {found.get(key, 'no')}, expected {wanted.get(key, 'no')}")


def _expected_case(pathway: Pathway, one: ExpectedCase, versions: Versions, tally: _Tally) -> None:
    tally.cases += 1
    case = Case(one.facts, days=one.on)
    spans = {key: on(day) for key, day in one.on.items()}
    said = {(key, ""): text for key, text in one.facts.items()}
    reading = Reading(pathway, said, {}, spans, versions(spans))
    about = ("case", one.name)
    for key in (k for k in one.facts if k not in pathway.asker):
        tally.fault(about, f"answers {key}, which nobody asks")
    for row in pathway.impossible:
        if reading.holds(row.when) is YES:
            tally.fault(about, f"is refused: {row.key}")
    for keys, truth in ((one.applies, YES), (one.does_not, NO)):
        for key in keys:
            now = reading.applies(key) if key in pathway.steps else None
            if now is not truth:
                said_ = "no such step" if now is None else now.value
                tally.fault(("step", key), f"applies: {said_}, expected {truth.value} ({one.name})", case)
    for parts_, truth in ((one.has, YES), (one.lacks, NO)):
        for part, key, name in _each(parts_):
            now = _truth(reading, part, key, name)
            if now is not truth:
                wrong = f"{part} {name}: {now.value}, expected {truth.value} ({one.name})"
                tally.fault(("step", key), wrong, case)


def _each(parts_: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[tuple[str, str, str]]:
    return ((part, step, name) for part, steps in parts_.items() for step, names in steps.items() for name in names)


def _truth(reading: Reading, part: str, step: str, name: str) -> Tri:
    """Does a slot, file, document or clock of a step apply? What is not there does not."""
    one = reading.pathway.steps.get(step)
    if one is None or reading.applies(step) is NO:
        return NO
    conditions: dict[str, dict[str, Condition]] = {
        "slots": {s.key: s.when for s in one.slots},
        "brings": {b.evidence: b.when for b in one.brings},
        "produces": {p.document: p.when for p in one.produces},
        "clocks": {c: one.clock_when.get(c, ALWAYS) for c in one.clocks},
    }
    return reading.holds(conditions[part][name]) if name in conditions[part] else NO


def failures(proofs: Iterable[Proof]) -> list[Finding]:
    """Every finding of every proof."""
    return [finding for proof in proofs for finding in proof.findings]
