"""The proofs over the shipped pathway, and how many wrong pathways they notice."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mutualflow import rules
from mutualflow.domain import prove
from mutualflow.domain.cases import Case, Cases, law_sets, read
from mutualflow.domain.errors import FileFault
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.prove import Proof
from mutualflow.domain.rulebook import Rulebook
from mutualflow.domain.tri import MAYBE, YES
from mutualflow.pathways import expected, proving
from tests.pathways import real

RULES = Path(rules.__file__).parent
STATED = proving.statements()


@dataclass(frozen=True)
class Mutation:
    """One wrong but well-formed change to a shipped file; `survives` says why nothing can notice it."""

    name: str
    file: str
    old: str
    new: str
    survives: str = ""


MUTATIONS = tuple(
    Mutation(**{key: str(value) for key, value in row.items()})
    for row in YAML(typ="safe", pure=True).load(Path(__file__).with_name("mutations.yaml").read_text(encoding="utf-8"))
)


def proofs_of(pathway: Pathway, book: Rulebook) -> Iterator[Proof]:
    """One proof after the other, the likeliest to find something first."""
    laws = law_sets(book, proving.rules_read(pathway))
    for one in STATED:
        yield prove.agrees(pathway, one, LawBook(book).thresholds)
    cases = Cases(pathway, laws)
    later: tuple[Callable[[], Proof], ...] = (
        lambda: prove.order(pathway, cases),
        lambda: prove.applies(pathway, cases),
        lambda: prove.uses(pathway, laws),
    )
    for proof in later:
        yield proof()


def noticed(mutation: Mutation, folder: Path) -> bool:
    """Does the compiler or a proof notice the change?"""
    book = real.book()
    try:
        if mutation.file.startswith("rules/"):
            for path in RULES.glob("*.yaml"):
                shutil.copy(path, folder)
            file = folder / mutation.file.removeprefix("rules/")
            text = file.read_text(encoding="utf-8")
            assert mutation.old in text, f"{mutation.file} no longer says {mutation.old!r}: mend the test"
            file.write_text(text.replace(mutation.old, mutation.new, 1), encoding="utf-8")
            book, pathway = rules.load(folder), real.whole().pathway
        else:
            pathway = real.compile_files(real.changed(mutation.file, mutation.old, mutation.new)).pathway
    except FileFault:
        return True
    return any(proof.findings for proof in proofs_of(pathway, book))


def test_every_proof_holds_for_the_shipped_pathway() -> None:
    found = proving.proofs(real.whole().pathway, real.book(), STATED)
    assert [proof.number for proof in found] == [1, 2, 3, 5]
    assert [str(finding) for finding in prove.failures(found)] == []
    assert all(proof.cases > 100 for proof in found)  # something was looked at
    assert sum(proof.cases for proof in found) < 50_000


def test_every_form_with_a_file_has_an_independent_statement() -> None:
    assert {one.form for one in STATED} == set(real.whole().pathway.forms)


@pytest.mark.parametrize("mutation", [m for m in MUTATIONS if not m.survives], ids=lambda m: m.name)
def test_wrong_content_that_is_well_formed_is_noticed(mutation: Mutation, tmp_path: Path) -> None:
    assert noticed(mutation, tmp_path)


@pytest.mark.parametrize("mutation", [m for m in MUTATIONS if m.survives], ids=lambda m: m.name)
def test_survivors_are_named_with_why(mutation: Mutation, tmp_path: Path) -> None:
    assert not noticed(mutation, tmp_path), "this one is noticed now: take its `survives` away"


def test_enough_mutations_are_tried() -> None:
    assert len(MUTATIONS) >= 60
    assert len([m for m in MUTATIONS if m.survives]) <= 2
    assert len({m.name for m in MUTATIONS}) == len(MUTATIONS)


def test_a_finding_is_told_with_its_place_and_smallest_example() -> None:
    old = "after: [go_live_readiness]\n    asks: [staff_moved"
    texts = real.changed("stages/launch.yaml", old, "after: [registration]\n    asks: [staff_moved")
    compiled = real.compile_files(texts)
    faults = proving.faults(compiled, proving.proofs(compiled.pathway, real.book(), ()))
    told = next(f for f in faults if f.key == "steps.pension_secured")
    assert (told.file, told.line) == ("stages/transfer.yaml", real.line_of(texts[told.file], "  pension_secured:"))
    assert told.wrong == ("staff_transfer does not wait for it (as when staff_transferring = 1, pension_scheme = lgps)")


def test_a_statement_with_faults_is_refused_with_every_line() -> None:
    with pytest.raises(FileFault) as refused:
        expected.read(
            "form: cic\ncases:\n  - {name: x, facts: {}, on: {launch: soon}}\nbefore: [[a]]\n", "expected/x.yaml"
        )
    told = "\n".join(map(str, refused.value.faults))
    for words in ("'cic' is not allowed", "see: is missing", "is no milestone", "'soon' is no day", "is no pair"):
        assert words in told


# cases ---------------------------------------------------------------------------------------------------------------


def test_numbers_are_cut_at_the_bounds_of_conditions_in_every_version_of_the_law() -> None:
    pathway = real.whole().pathway
    cases = Cases(pathway, law_sets(real.book(), proving.rules_read(pathway)))
    assert cases.values("employer_headcount") == ("9", "10", "50")
    assert cases.values("staff_transferring") == ("0", "1", "10")
    assert cases.values("recognised_union") == ("yes", "no")
    assert cases.values("sector") == ("health", "adult_care", "children", "libraries_leisure", "other")


def test_rules_with_one_base_date_change_together() -> None:
    sets = law_sets(real.book(), {"tupe_direct_employer", "tupe_direct_transferring"})
    assert {(s["tupe_direct_employer"], s["tupe_direct_transferring"]) for s in sets} == {
        (None, None),
        (10, None),
        (50, 10),
    }


def test_what_is_not_asked_is_not_in_a_case() -> None:
    pathway = real.whole().pathway
    cases = Cases(pathway)
    asked = pathway.asked["window_opens"].when
    found = [case.facts for case, _ in cases.of([pathway.steps["challenge_window"].when, asked])]
    assert {"window_published"} == {k for f in found for k in f if f.get("route") == "community_right_to_challenge"} - {
        "route", "nation", "host_kind", "employees_challenging",
    }  # fmt: skip
    assert all("window_published" not in f for f in found if f["route"] != "community_right_to_challenge")


def test_no_case_is_impossible() -> None:
    pathway = real.whole().pathway
    form = pathway.steps["registration"].slots[1].when
    for case, reading in Cases(pathway).of([form]):
        assert (case.facts["legal_form"], case.facts["charity_status_wanted"]) != ("cic_guarantee", "yes")
        assert reading.holds(form) is not MAYBE
    both = Case({"legal_form": "cic_guarantee", "charity_status_wanted": "yes"})
    assert any(read(pathway, both).holds(row.when) is YES for row in pathway.impossible)
