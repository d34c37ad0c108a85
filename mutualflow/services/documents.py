"""Documents of a formation: versions that are kept, and what steps still print."""

from dataclasses import dataclass
from datetime import date

from mutualflow.domain.pathway import Produced
from mutualflow.domain.tri import NO, Tri
from mutualflow.services.looking import Look
from mutualflow.storage import shelf


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One kept version."""

    number: str
    document: str
    catalogue: str
    step: str
    step_title: str
    round: int
    kept_on: date
    blanks: int
    gaps: int
    superseded: bool
    printed: bool
    pdf_sha256: str


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A document that a step prints when it is put forward."""

    document: str
    catalogue: str
    step: str
    step_title: str
    for_filing: bool
    wanted: Tri


def kept(look: Look) -> tuple[KeptLine, ...]:
    """Every kept version that she may see, oldest first; one query."""
    return tuple(
        KeptLine(
            d.number,
            d.key,
            d.catalogue,
            d.step,
            look.title(d.step),
            d.round,
            d.kept_on,
            d.blanks,
            d.gaps,
            d.state != "kept",
            bool(d.pdf_sha256),
            d.pdf_sha256,
        )
        for d in shelf.of(look.db, look.formation.id)
        if look.sees(d.audience)
    )


def to_print(look: Look) -> tuple[ToPrint, ...]:
    """What steps print that are or may be needed, in walking order; no query."""
    return tuple(
        _to_print(look, key, produced)
        for stage in look.pathway.stages
        for key in stage.steps
        if not look.pathway.steps[key].puts_right and look.formation.steps[key].applies is not NO
        for produced in look.pathway.steps[key].produces
        if look.reading.holds(produced.when) is not NO
    )


def _to_print(look: Look, step: str, produced: Produced) -> ToPrint:
    wanted = look.reading.holds(produced.when)
    return ToPrint(produced.document, produced.catalogue, step, look.title(step), produced.for_filing, wanted)
