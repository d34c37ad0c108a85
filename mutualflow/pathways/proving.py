"""All proofs of a compiled pathway together, and their findings as faults with file and line."""

from collections.abc import Iterable
from pathlib import Path

from mutualflow.domain import prove
from mutualflow.domain.cases import law_sets, operands, step_conditions
from mutualflow.domain.errors import Fault
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.prove import Expected, Proof
from mutualflow.domain.rulebook import Rulebook
from mutualflow.pathways import expected
from mutualflow.pathways.compile import Compiled


def statements(folder: Path = expected.FOLDER) -> tuple[Expected, ...]:
    """The independent statements that ship; FileFault says what is wrong with one."""
    return tuple(expected.read_file(path) for path in sorted(folder.glob("*.yaml")))


def rules_read(pathway: Pathway) -> frozenset[str]:
    """Every rule that a condition reads."""
    found = [c for step in pathway.steps.values() for _, _, c in step_conditions(step)]
    found += [row.when for row in pathway.impossible]
    return frozenset(name for condition in found for kind, name in operands(pathway, condition) if kind == "rule")


def proofs(pathway: Pathway, book: Rulebook, stated: Iterable[Expected]) -> tuple[Proof, ...]:
    """Proofs 1 to 3 under every version of the law, and the fifth for each form with a statement."""
    laws = law_sets(book, rules_read(pathway))
    own = prove.prove(pathway, laws)
    return (*own, *(prove.agrees(pathway, one, LawBook(book).thresholds) for one in stated))


def faults(compiled: Compiled, proved: Iterable[Proof]) -> tuple[Fault, ...]:
    """What does not hold, each with its place and its smallest example."""
    found = []
    for finding in prove.failures(proved):
        words = ", ".join(f"{key} = {value}" for key, value in finding.example.items())
        wrong = f"{finding.wrong} (as when {words})" if words else finding.wrong
        ends = range(len(finding.about), 0, -1)
        place = next((compiled.places[finding.about[:n]] for n in ends if finding.about[:n] in compiled.places), None)
        if place is None:
            found.append(Fault("pathways", 0, ".".join(finding.about), wrong))
        else:
            found.append(Fault(place.file, place.line, place.key, wrong))
    return tuple(found)
