"""Forms that were sent and could not be taken yet: kept for their sender until she has shown who she is."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from mutualflow.storage import door_tables as d


@dataclass(frozen=True, slots=True)
class KeptForm:
    """One form: where it is sent, and its fields in their order."""

    id: int
    path: str
    fields: tuple[tuple[str, str], ...]


_MINE = select(d.kept_form).where(d.kept_form.c.person == bindparam("person"))
_ONE = _MINE.where(d.kept_form.c.id == bindparam("at"))
_LATEST = _MINE.order_by(d.kept_form.c.id.desc()).limit(1)


def keep(db: Connection, person: str, path: str, fields: Iterable[tuple[str, str]], now: datetime) -> int:
    """Keep a form; its number. An older one of the same person for the same place is gone."""
    db.execute(delete(d.kept_form).where(d.kept_form.c.person == person, d.kept_form.c.path == path))
    row = {"person": person, "path": path, "fields": json.dumps(list(fields)), "kept_at": now}
    return int(db.execute(insert(d.kept_form).values(row).returning(d.kept_form.c.id)).scalar_one())


def find(db: Connection, person: str, number: int) -> KeptForm | None:
    """One of a person's kept forms."""
    row = db.execute(_ONE, {"person": person, "at": number}).one_or_none()
    return KeptForm(row.id, row.path, tuple((a, b) for a, b in json.loads(row.fields))) if row else None


def latest(db: Connection, person: str) -> int | None:
    """Number of the form that was kept last for a person."""
    row = db.execute(_LATEST, {"person": person}).one_or_none()
    return int(row.id) if row else None


def forget(db: Connection, person: str, number: int) -> None:
    """The form was taken."""
    db.execute(delete(d.kept_form).where(d.kept_form.c.person == person, d.kept_form.c.id == number))
