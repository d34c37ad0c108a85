"""People and organisations, whatever formation they belong to."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from mutualflow.domain.keys import OrganisationKind
from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and how she is reached."""

    key: str
    name: str
    email: str = ""
    phone: str = ""
    nation: str = "england"
    time_zone: str = "Europe/London"
    status: str = "active"


_BY_KEY = select(t.person_row).where(t.person_row.c.key == bindparam("at"))
_ORGANISATION = select(t.organisation.c.id).where(t.organisation.c.key == bindparam("at"))


def person(db: Connection, key: str) -> Person | None:
    """One person."""
    row = db.execute(_BY_KEY, {"at": key}).one_or_none()
    if row is None:
        return None
    return Person(row.key, row.name, row.email, row.phone, row.nation, row.time_zone, row.status)


def names(db: Connection, keys: Iterable[str] | None = None) -> dict[str, str]:
    """Person key -> name; all of them, or those asked for."""
    statement = select(t.person_row.c.key, t.person_row.c.name)
    if keys is not None:
        statement = statement.where(t.person_row.c.key.in_(sorted(set(keys))))
    return {row[0]: row[1] for row in db.execute(statement)}


def keep(db: Connection, one: Person) -> bool:
    """Add a person or renew her contact; True where she is new."""
    values = {
        "key": one.key,
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "nation": one.nation,
        "time_zone": one.time_zone,
        "status": one.status,
    }
    if person(db, one.key) is None:
        db.execute(insert(t.person_row), [values])
        return True
    db.execute(update(t.person_row).where(t.person_row.c.key == one.key).values(**values))
    return False


def keep_organisation(db: Connection, key: str, name: str, kind: OrganisationKind, nation: str) -> int:
    """The id of an organisation, added where it is new."""
    known = db.execute(_ORGANISATION, {"at": key}).scalar_one_or_none()
    if known is not None:
        return int(known)
    db.execute(insert(t.organisation), [{"key": key, "name": name, "kind": kind.value, "nation": nation}])
    return int(db.execute(_ORGANISATION, {"at": key}).scalar_one())
