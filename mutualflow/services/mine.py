"""My projects: every formation in which somebody has a part, and the roles in which she has it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection

from mutualflow.domain.desk import role_words
from mutualflow.domain.keys import Role, Side
from mutualflow.storage import mine


@dataclass(frozen=True, slots=True)
class Project:
    """One formation in a line."""

    key: str
    name: str
    life: str
    since: date
    roles: tuple[str, ...]


def projects(db: Connection, person: str, today: date) -> tuple[Project, ...]:
    """One query, whatever their number."""
    rows = mine.formations(db, person, today)
    found = []
    for key, of_one in groupby(rows, key=lambda row: row.key):
        held = list(of_one)
        roles = dict.fromkeys(role_words(Role(r.role), Side(r.side)) for r in held)
        found.append(Project(str(key), held[0].name, held[0].life, held[0].life_since, tuple(roles)))
    return tuple(found)
