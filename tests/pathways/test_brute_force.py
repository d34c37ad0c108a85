"""Proofs by cases agree with brute force over every answer, on small random pathways."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

import pytest

from mutualflow.domain import prove
from mutualflow.domain.applies import Reading
from mutualflow.domain.cases import Case, Cases, read, step_conditions
from mutualflow.domain.conditions import ALWAYS, AllOf, AnyOf, Condition, FactAtLeast, FactBelow, FactIs, Not, Term
from mutualflow.domain.keys import Milestone, Role, Side
from mutualflow.domain.pathway import (
    After,
    Asked,
    Impossible,
    NamedTerm,
    Party,
    Pathway,
    Question,
    QuestionType,
    Slot,
    Stage,
    Step,
)
from mutualflow.domain.tri import MAYBE, NO, YES

FACTS: Mapping[str, tuple[str, ...]] = {
    "union": ("yes", "no"),
    "data": ("yes", "no"),
    "sector": ("health", "care", "other", "more"),
    "people": ("0", "1", "2", "3", "4", "5"),
}
WORDS = {"en": "words"}
GOALS = ("go_live", "staff_transfer")
LEAD, SPONSOR = Party(Role.STAFF_LEAD, Side.GROUP), Slot("sponsor", role=Role.HOST_SPONSOR, side=Side.HOST)


def question(key: str) -> Question:
    """One of the four questions."""
    if key == "people":
        return Question(key, QuestionType.NUMBER, WORDS, WORDS)
    if key == "sector":
        return Question(key, QuestionType.CHOICE, WORDS, WORDS, choices=dict.fromkeys(FACTS[key], WORDS))
    return Question(key, QuestionType.YES_NO, WORDS, WORDS)


def leaf(dice: random.Random, facts: list[str]) -> Condition:
    """One comparison, or the term."""
    fact = dice.choice([*facts, *(["term"] if "union" in facts else [])])
    match fact:
        case "term":
            return Term("named")
        case "people":
            return dice.choice((FactAtLeast, FactBelow))(fact, dice.randint(1, 5))
        case "sector":
            return FactIs(fact, tuple(dice.sample(FACTS[fact], dice.randint(1, 2))))
        case _:
            return FactIs(fact, (dice.choice(FACTS[fact]),))


def condition(dice: random.Random, facts: list[str], often: float = 0.5) -> Condition:
    """Mostly none; else one to three comparisons in some way together."""
    if not facts or dice.random() > often:
        return ALWAYS
    parts = tuple(leaf(dice, facts) for _ in range(dice.randint(1, 3)))
    whole: Condition = dice.choice((AllOf, AnyOf))(parts) if len(parts) > 1 else parts[0]
    return Not(whole) if dice.random() < 0.2 else whole


def slots(dice: random.Random, facts: list[str], tame: bool) -> tuple[Slot, ...]:
    """None, one or two; in a tame step the first always applies."""
    keys = ("one", "two")[: dice.randint(0, 2)]
    often = {"one": 0.0 if tame else 0.7, "two": 0.3 if tame else 0.7}
    return tuple(replace(SPONSOR, key=key, when=condition(dice, facts, often[key])) for key in keys)


def random_pathway(seed: int) -> Pathway:
    """Six to eight steps with conditions, four questions, a term and sometimes an impossible combination."""
    dice = random.Random(seed)
    tame = seed % 3 == 0  # every third is meant to be mostly right: everybody waits for everything before
    count = dice.randint(4, 6)
    keys = [f"s{n}" for n in range(count)] + list(GOALS)
    asked_in = {fact: dice.choice(keys[:-2]) for fact in FACTS}
    facts = list(FACTS)
    steps: dict[str, Step] = {}
    for n, key in enumerate(keys):
        before = list(steps)
        last = key in GOALS
        near = before if tame or (last and n % 2) else dice.sample(before, min(len(before), dice.randint(1, 3)))
        near = [k for k in near if not (tame and k in GOALS)]
        known = [f for f in facts if asked_in[f] in before]
        mine = sorted(f for f, step in asked_in.items() if step == key)
        steps[key] = Step(
            key=key,
            stage="launch" if last else "explore",
            title=WORDS,
            why=WORDS,
            how=WORDS,
            goes_wrong=WORDS,
            owner=LEAD,
            when=condition(dice, known, 0.15 if tame else 0.5),
            after=tuple(After(k, when=ALWAYS if tame else condition(dice, facts, 0.3)) for k in near),
            asks=tuple(Asked(f, ALWAYS if tame else condition(dice, [o for o in mine if o < f], 0.3)) for f in mine),
            slots=slots(dice, known if tame else facts, tame),
            reaches=Milestone(key) if last else None,
        )
    banned = condition(dice, facts, 0.4)
    rows = () if banned == ALWAYS else (Impossible("banned", banned, WORDS, "X"),)
    terms = {"named": NamedTerm("named", WORDS, FactIs("union", ("yes",)))}
    stages = (
        Stage("explore", WORDS, WORDS, tuple(k for k in keys if steps[k].stage == "explore")),
        Stage("launch", WORDS, WORDS, GOALS),
    )
    return Pathway(stages, steps, {f: question(f) for f in FACTS}, {}, terms, rows, (), {}, {})


def readings(pathway: Pathway, *, forbidden: bool = False) -> Iterator[Reading]:
    """Every answer to every question, impossible ones left out."""
    for values in product(*FACTS.values()):
        reading = read(pathway, Case(dict(zip(FACTS, values, strict=True))))
        if forbidden or not any(reading.holds(row.when) is YES for row in pathway.impossible):
            yield reading


def brute_order(pathway: Pathway, whole: list[Reading]) -> set[tuple[str, ...]]:
    """What is wrong with the order of a pathway, by trying everything."""
    found: set[tuple[str, ...]] = set()
    for reading in whole:
        requires = prove.Requires(reading)

        def late(first: str, last: str, reading: Reading = reading, requires: prove.Requires = requires) -> bool:
            both = reading.applies(first) is YES and reading.applies(last) is YES
            return both and first not in requires.behind(last)

        for key, step in pathway.steps.items():
            if step.stage == "explore" and (late(key, "go_live") or late(key, "staff_transfer")):
                found.add(("step", key))
            for part, name, when in step_conditions(step):
                about = tuple(p for p in (part, key, name) if p)
                for _, fact in set(prove.operands(pathway, when)):
                    asker = pathway.asker[fact]
                    if late(asker, key) if asker != key else part in ("step", "after"):
                        found.add(about)
    return found


def brute_applies(pathway: Pathway, whole: list[Reading], said: list[Reading]) -> set[tuple[str, ...]]:
    """What can never apply, stays open or is answered by nobody, by trying everything."""
    found: set[tuple[str, ...]] = set()
    for key, step in pathway.steps.items():
        here = [r for r in whole if r.applies(key) is YES]
        if not here:
            found.add(("step", key))
        if any(step.slots and all(r.holds(s.when) is NO for s in step.slots) for r in here):
            found.add(("step", key))
        found |= {("slots", key, s.key) for s in step.slots if not any(r.holds(s.when) is YES for r in here)}
        for part, name, when in step_conditions(step):
            if when != ALWAYS:
                about = tuple(p for p in (part, key, name) if p)
                seen = [r.holds(when) for r in whole if part == "step" or r.applies(key) is not NO]
                if MAYBE in seen or (part != "step" and YES not in seen):
                    found.add(about)
    for row in pathway.impossible:
        if {r.holds(row.when) is YES for r in said} != {True, False}:
            found.add(("impossible", row.key))
    return found


@pytest.mark.parametrize("seed", range(120))
def test_proofs_by_cases_agree_with_brute_force(seed: int) -> None:
    pathway = random_pathway(seed)
    cases = Cases(pathway)
    whole, said = list(readings(pathway)), list(readings(pathway, forbidden=True))
    order, applies = prove.order(pathway, cases), prove.applies(pathway, cases)
    if not whole:  # nothing may be said at all, which is told, and all the rest follows from it
        assert ("impossible", "banned") in {f.about for f in applies.findings}
        return
    assert {f.about for f in order.findings} == brute_order(pathway, whole)
    assert {f.about for f in applies.findings} == brute_applies(pathway, whole, said)


def test_random_pathways_have_faults_of_every_kind_and_some_have_none() -> None:
    kinds = {"order": 0, "applies": 0, "neither": 0}
    for seed in range(120):
        pathway = random_pathway(seed)
        order, applies = prove.order(pathway, Cases(pathway)), prove.applies(pathway, Cases(pathway))
        kinds["order"] += bool(order.findings)
        kinds["applies"] += bool(applies.findings)
        kinds["neither"] += not order.findings and not applies.findings
    assert all(kinds.values()), kinds
