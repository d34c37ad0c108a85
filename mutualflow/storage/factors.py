"""Second factors, recovery codes and challenges: loads and saves. Secrets arrive here encrypted or as hashes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from mutualflow.storage import door_tables as d
from mutualflow.storage import tables as t
from mutualflow.storage.doors import ACTIVE


class Kind(StrEnum):
    """What a factor is."""

    APP = "app"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor that nobody ended. `confirmed_at`: None until its first code was entered."""

    id: int
    person: str
    kind: Kind
    name: str
    secret: str
    handle: str
    counter: int
    made_at: datetime
    confirmed_at: datetime | None
    used_at: datetime | None


_STANDING = select(d.factor).where(d.factor.c.ended_at.is_(None))
_OF_PERSON = _STANDING.where(d.factor.c.person == bindparam("at")).order_by(d.factor.c.id)
_BY_HANDLE = _STANDING.join(t.person_row, t.person_row.c.key == d.factor.c.person).where(
    d.factor.c.handle == bindparam("at"), t.person_row.c.status == ACTIVE
)
_CODES = select(d.recovery_code.c.id, d.recovery_code.c.code_hash).where(
    d.recovery_code.c.person == bindparam("at"), d.recovery_code.c.used_at.is_(None)
)


def _factor(row: Row[Any]) -> Factor:
    return Factor(
        row.id, row.person, Kind(row.kind), row.name, row.secret, row.handle or "", row.counter, row.made_at,
        row.confirmed_at, row.used_at,
    )  # fmt: skip


def of_person(db: Connection, person: str) -> tuple[Factor, ...]:
    """Somebody's factors that stand, the oldest first; one that waits for its first code among them."""
    return tuple(_factor(row) for row in db.execute(_OF_PERSON, {"at": person}))


def by_handle(db: Connection, handle: str) -> Factor | None:
    """The passkey with this id, unless it was ended or its person is disabled."""
    row = db.execute(_BY_HANDLE, {"at": handle}).one_or_none()
    return _factor(row) if row else None


def keep(db: Connection, values: dict[str, Any]) -> None:
    """Keep a new factor; an older one of the same person that was never confirmed is gone."""
    unconfirmed = d.factor.c.confirmed_at.is_(None)
    db.execute(delete(d.factor).where(d.factor.c.person == values["person"], unconfirmed))
    db.execute(insert(d.factor), [{"handle": None, "counter": 0, "confirmed_at": None, "used_at": None, **values}])


def confirm(db: Connection, factor: int, now: datetime) -> None:
    """The first code of a factor was entered."""
    db.execute(update(d.factor).where(d.factor.c.id == factor).values(confirmed_at=now))


def advance(db: Connection, factor: int, counter: int, now: datetime) -> bool:
    """A factor was used at this count; False where it was used at it, or later, before. One of two at once wins."""
    statement = update(d.factor).where(
        d.factor.c.id == factor, d.factor.c.ended_at.is_(None), d.factor.c.counter < counter
    )
    return bool(db.execute(statement.values(counter=counter, used_at=now).returning(d.factor.c.id)).all())


def used(db: Connection, factor: int, now: datetime) -> bool:
    """A factor that does not count was used; False where it was ended meanwhile."""
    statement = update(d.factor).where(d.factor.c.id == factor, d.factor.c.ended_at.is_(None))
    return bool(db.execute(statement.values(used_at=now).returning(d.factor.c.id)).all())


def end(db: Connection, person: str, factor: int, now: datetime) -> str:
    """End one factor of a person, its secret gone with it; its name, or '' where there is none."""
    statement = update(d.factor).where(
        d.factor.c.id == factor, d.factor.c.person == person, d.factor.c.ended_at.is_(None)
    )
    gone = statement.values(ended_at=now, secret="", handle=None).returning(d.factor.c.name)
    return str(db.execute(gone).scalar_one_or_none() or "")


def replace_codes(db: Connection, person: str, hashes: Iterable[str], now: datetime) -> None:
    """New recovery codes; the old ones are gone."""
    db.execute(delete(d.recovery_code).where(d.recovery_code.c.person == person))
    rows = [{"person": person, "code_hash": one, "made_at": now, "used_at": None} for one in hashes]
    if rows:
        db.execute(insert(d.recovery_code), rows)


def codes(db: Connection, person: str) -> tuple[tuple[int, str], ...]:
    """Id and hash of the recovery codes that somebody has left."""
    return tuple((row.id, row.code_hash) for row in db.execute(_CODES, {"at": person}))


def count_codes(db: Connection, person: str) -> int:
    """How many recovery codes somebody has left."""
    return int(db.execute(select(func.count()).select_from(_CODES.subquery()), {"at": person}).scalar_one())


def use_code(db: Connection, code: int, now: datetime) -> bool:
    """Use a recovery code up; False where somebody else just did."""
    statement = update(d.recovery_code).where(d.recovery_code.c.id == code, d.recovery_code.c.used_at.is_(None))
    return bool(db.execute(statement.values(used_at=now).returning(d.recovery_code.c.id)).all())


def keep_challenge(db: Connection, holder: str, challenge: str, expires_at: datetime) -> None:
    """Keep the challenge that a session or browser has to answer; an older one of its is gone."""
    db.execute(delete(d.challenge).where(d.challenge.c.holder == holder))
    db.execute(insert(d.challenge), [{"holder": holder, "challenge": challenge, "expires_at": expires_at}])


def take_challenge(db: Connection, holder: str, now: datetime) -> str:
    """Use up the challenge of a session or browser; '' where there is none that still holds."""
    statement = delete(d.challenge).where(d.challenge.c.holder == holder)
    row = db.execute(statement.returning(d.challenge.c.challenge, d.challenge.c.expires_at)).one_or_none()
    return str(row.challenge) if row is not None and row.expires_at > now else ""
