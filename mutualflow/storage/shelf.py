"""Kept documents without their words: what lists and comparisons need."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain.keys import Audience
from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Shelved:
    """One kept document: where it belongs, how many blanks it has, and the hash of its printed bytes ('' = none)."""

    key: str
    catalogue: str
    number: str
    step: str
    round: int
    kept_on: date
    blanks: int
    gaps: int
    state: str
    sha256: str
    pdf_sha256: str
    audience: Audience


_OF = (
    select(
        t.document.c.key, t.document.c.catalogue, t.document.c.number, t.document.c.step, t.document.c.round,
        t.document.c.kept_on, t.document.c.blanks, t.document.c.gaps, t.document.c.state, t.document.c.sha256,
        t.document.c.pdf_sha256, t.document.c.audience,
    )
    .where(t.document.c.formation_id == bindparam("formation"))
    .order_by(t.document.c.id)
)  # fmt: skip


def of(db: Connection, formation: int) -> list[Shelved]:
    """Every kept document of a formation, oldest first."""
    return [
        Shelved(*r[:10], pdf_sha256=r.pdf_sha256 or "", audience=Audience(r.audience or "everyone"))
        for r in db.execute(_OF, {"formation": formation})
    ]
