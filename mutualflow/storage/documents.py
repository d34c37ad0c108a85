"""Documents that are kept: their words when put forward, their printed bytes added once."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept rendering; `model` is canonical JSON of its words."""

    key: str
    catalogue: str
    number: str
    step: str
    round: int
    model: str
    sha256: str
    clauses: Mapping[str, str]
    facts: str
    blanks: int
    gaps: int
    kept_on: date
    audience: str
    paper: str | None = None
    pdf_sha256: str | None = None
    formation: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many renderings of a formation are kept: of each catalogue number, and of each document for each step."""

    catalogues: Mapping[str, int]
    versions: Mapping[tuple[str, str], int]  # (step, document)

    def next_number(self, formation: str, catalogue: str) -> str:
        """`<formation key>/<catalogue>/<n>` for the next one of its catalogue number."""
        return f"{formation}/{catalogue}/{self.catalogues.get(catalogue, 0) + 1}"

    def next_version(self, step: str, document: str) -> int:
        """The version that the next one of a step's document will be."""
        return self.versions.get((step, document), 0) + 1


_COUNTED = (
    select(t.document.c.catalogue, t.document.c.step, t.document.c.key, func.count())
    .where(t.document.c.formation_id == bindparam("formation"))
    .group_by(t.document.c.catalogue, t.document.c.step, t.document.c.key)
)


def counted(db: Connection, formation: int) -> Counted:
    """What is kept of a formation, counted in one query."""
    catalogues: Counter[str] = Counter()
    versions: Counter[tuple[str, str]] = Counter()
    for catalogue, step, key, count in db.execute(_COUNTED, {"formation": formation}):
        catalogues[catalogue] += count
        versions[step, key] += count
    return Counted(catalogues, versions)


def keep(db: Connection, formation: int, one: Kept, *, put_forward: Collection[str] = ()) -> None:
    """Keep a rendering; earlier ones of the same document and step are superseded.

    `put_forward`: numbers in the step's latest submission, which a copy for a board does not supersede.
    """
    earlier = update(t.document).where(
        t.document.c.formation_id == formation, t.document.c.key == one.key, t.document.c.step == one.step
    )
    db.execute(earlier.where(t.document.c.number.not_in(put_forward)).values(state="superseded"))
    db.execute(
        insert(t.document),
        [
            {
                "formation_id": formation,
                "key": one.key,
                "catalogue": one.catalogue,
                "number": one.number,
                "step": one.step,
                "round": one.round,
                "model": one.model,
                "paper": one.paper,
                "sha256": one.sha256,
                "clauses": json.dumps(dict(one.clauses), sort_keys=True),
                "facts": one.facts,
                "blanks": one.blanks,
                "gaps": one.gaps,
                "pdf_sha256": None,
                "state": "kept",
                "audience": one.audience,
                "kept_on": one.kept_on,
                "lease_until": None,
            }
        ],
    )


_ALL = (
    select(t.document, t.formation.c.key.label("formation"))
    .join(t.formation, t.formation.c.id == t.document.c.formation_id)
    .order_by(t.document.c.id)
)
_UNPRINTED = _ALL.where(t.document.c.pdf_sha256.is_(None)).where(
    or_(t.document.c.lease_until.is_(None), t.document.c.lease_until < bindparam("now"))
)


def of(db: Connection, formation: str) -> list[Kept]:
    """Every kept rendering of a formation, oldest first."""
    return [_kept(r) for r in db.execute(_ALL.where(t.formation.c.key == formation))]


def by_number(db: Connection, number: str) -> Kept | None:
    """One kept rendering."""
    row = db.execute(_ALL.where(t.document.c.number == number)).one_or_none()
    return None if row is None else _kept(row)


def lease_unprinted(db: Connection, now: datetime, for_: timedelta, formation: str = "") -> list[Kept]:
    """Take documents that wait for their PDF, for a while."""
    statement = _UNPRINTED.where(t.formation.c.key == formation) if formation else _UNPRINTED
    rows = db.execute(statement, {"now": now}).all()
    if rows:
        db.execute(update(t.document).where(t.document.c.id.in_([r.id for r in rows])).values(lease_until=now + for_))
    return [_kept(r) for r in rows]


def printed(db: Connection, number: str, pdf_sha256: str) -> None:
    """Add the hash of the printed bytes, once."""
    db.execute(
        update(t.document)
        .where(t.document.c.number == number, t.document.c.pdf_sha256.is_(None))
        .values(pdf_sha256=pdf_sha256, paper=None, lease_until=None)
    )


def let_go(db: Connection, number: str) -> None:
    """Give back what was taken for printing and could not be printed."""
    db.execute(update(t.document).where(t.document.c.number == number).values(lease_until=None))


def _kept(r: object) -> Kept:
    row = r._mapping  # type: ignore[attr-defined]
    return Kept(
        row["key"],
        row["catalogue"],
        row["number"],
        row["step"],
        row["round"],
        row["model"],
        row["sha256"],
        json.loads(row["clauses"]) if row["clauses"] else {},
        row["facts"],
        row["blanks"],
        row["gaps"],
        row["kept_on"],
        row["audience"],
        row["paper"],
        row["pdf_sha256"],
        row["formation"],
    )
