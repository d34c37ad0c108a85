"""Awards that the law rules out: the answer that would make one is refused with its sentence, its neighbour is not."""

from dataclasses import dataclass

import pytest

from mutualflow.domain.acts import Answer
from mutualflow.domain.errors import Refusal
from mutualflow.domain.ground import facts_in
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import say
from tests.honest import Honest, name_of, real_pathway
from tests.pathways import real

PATHWAY = real_pathway()
BOOK = real.book()


@dataclass(frozen=True)
class Ruled:
    """Answers of which the last is refused, and what may be said in its place."""

    out: str  # key of the combination
    before: tuple[tuple[str, str], ...]
    last: tuple[str, str]
    instead: str


ENGLAND = ("nation", "england")
HEALTH, LIBRARY = ("sector", "health"), ("sector", "libraries_leisure")
S33, REG77, PSR = (("reserved_contract", rule) for rule in ("pa2023_s33", "pcr2015_reg77", "psr_direct_award"))


def began(day: str) -> tuple[str, str]:
    return "procurement_start", day


RULED_OUT = (
    Ruled("newer_reservation_before_its_time", (LIBRARY, S33), began("2025-02-23"), "2025-02-24"),
    Ruled("newer_reservation_before_its_time", (LIBRARY, began("2025-02-23")), S33, "pcr2015_reg77"),
    Ruled("earlier_reservation_after_its_time", (LIBRARY, REG77), began("2025-02-24"), "2025-02-23"),
    Ruled("earlier_reservation_before_its_time", (LIBRARY, REG77), began("2015-02-25"), "2015-02-26"),
    Ruled("earlier_reservation_of_health_care", (ENGLAND, HEALTH, REG77), began("2024-01-01"), "2023-12-31"),
    Ruled("newer_reservation_of_health_care", (ENGLAND, HEALTH), S33, "psr_direct_award"),
    Ruled("health_award_before_its_time", (ENGLAND, HEALTH, PSR), began("2023-12-31"), "2024-01-01"),
    Ruled("health_award_of_a_library", (LIBRARY,), PSR, "pa2023_s33"),
    Ruled("health_award_of_a_library", (LIBRARY,), ("award_route_choice", "most_suitable_provider"), "competition"),
    Ruled("reserved_without_competition", (LIBRARY, S33), ("award_route_choice", "direct_award"), "reserved_contract"),
)


def say_it(people: Honest, fact: str, value: str) -> None:
    people.do(name_of(PATHWAY.steps[PATHWAY.asker[fact]].owner), Answer(fact=fact, value=value))


@pytest.mark.parametrize("ruled", RULED_OUT, ids=lambda r: r.out)
def test_the_answer_is_refused_with_its_sentence_and_its_neighbour_is_not(ruled: Ruled) -> None:
    people = Honest(PATHWAY, law=LawBook(BOOK).thresholds)
    for fact, value in ruled.before:
        say_it(people, fact, value)
    fact, value = ruled.last
    by = name_of(PATHWAY.steps[PATHWAY.asker[fact]].owner)
    refused = people.refused(by, Answer(fact=fact, value=value))
    row = next(r for r in PATHWAY.impossible if r.key == ruled.out)
    assert refused is not None
    assert (refused.code, refused.sentence) == (Refusal.IMPOSSIBLE, f"{say(row.sentence)} (source: {row.source})")
    say_it(people, fact, ruled.instead)


def test_a_day_that_may_lie_on_either_side_refuses_nothing() -> None:
    people = Honest(PATHWAY, law=LawBook(BOOK).thresholds)
    for fact, value in (LIBRARY, began("2025-02"), S33):
        say_it(people, fact, value)
    assert people.refused("commissioner-commissioner-1", Answer(fact="procurement_start", value="2025-01")) is not None


def test_every_combination_about_awards_is_tried() -> None:
    award = {"reserved_contract", "award_route_choice", "procurement_start"}
    about = {row.key for row in PATHWAY.impossible if award & set(facts_in(PATHWAY, row.when))}
    assert about == {ruled.out for ruled in RULED_OUT}


@pytest.mark.parametrize(
    ("first_day", "clock", "version"),
    [
        ("procurement_act_from", "pa23_standstill", -1),
        ("procurement_act_from", "reserved_contract_pa2023_s33", -1),
        ("procurement_act_from", "procurement_regime", -1),
        ("provider_selection_from", "psr_standstill", -1),
        ("provider_selection_from", "reserved_contract_psr_direct_award", -1),
        ("public_contracts_from", "reserved_contract_pcr2015_reg77", 1),
        ("public_contracts_from", "pcr2015_standstill", 1),
    ],
)
def test_the_first_day_of_a_law_is_the_same_wherever_it_stands(first_day: str, clock: str, version: int) -> None:
    (only,) = BOOK.rules[first_day].versions
    assert only.value == str(BOOK.rules[clock].versions[version].in_force_from)
