"""Invitations: loads and saves. Codes arrive here as hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from mutualflow.storage import tables as t
from mutualflow.storage.invitation_table import invitation

OPEN = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invitation; `answer` is '', accepted or declined."""

    id: int
    formation: str
    formation_name: str
    person: str
    role: str
    side: str
    invited_by: str
    code_hash: str
    tries: int
    expires_at: datetime
    used_at: datetime | None
    answer: str


_ALL = select(
    invitation.c.id,
    t.formation.c.key,
    t.formation.c.name,
    invitation.c.person,
    invitation.c.role,
    invitation.c.side,
    invitation.c.invited_by,
    invitation.c.code_hash,
    invitation.c.tries,
    invitation.c.expires_at,
    invitation.c.used_at,
    invitation.c.answer,
).join(t.formation, t.formation.c.id == invitation.c.formation_id)
_OF_PERSON = _ALL.where(invitation.c.person == bindparam("person")).order_by(invitation.c.id.desc())
_FORMATION = select(t.formation.c.id).where(t.formation.c.key == bindparam("at"))


def of_person(db: Connection, person: str) -> list[Invitation]:
    """Everything that somebody was ever asked to, the newest first."""
    rows: Sequence[Any] = db.execute(_OF_PERSON, {"person": person}).all()
    return [Invitation(*row) for row in rows]


def keep(
    db: Connection,
    formation: str,
    person: str,
    role: str,
    side: str,
    *,
    invited_by: str,
    code_hash: str,
    expires_at: datetime,
) -> None:
    """Keep a new invitation; an open one to the same role is replaced, so that its code works no more."""
    at = db.execute(_FORMATION, {"at": formation}).scalar_one()
    same = (invitation.c.formation_id == at) & (invitation.c.person == person) & (invitation.c.role == role)
    db.execute(
        update(invitation).where(same, invitation.c.answer == OPEN, invitation.c.used_at.is_(None)).values(tries=99)
    )
    db.execute(
        insert(invitation),
        [
            {
                "formation_id": at,
                "person": person,
                "role": role,
                "side": side,
                "invited_by": invited_by,
                "code_hash": code_hash,
                "tries": 0,
                "expires_at": expires_at,
                "used_at": None,
                "answer": OPEN,
            }
        ],
    )


def tried(db: Connection, id: int) -> None:
    """One more wrong try at a code."""
    db.execute(update(invitation).where(invitation.c.id == id).values(tries=invitation.c.tries + 1))


def use(db: Connection, id: int, now: datetime) -> bool:
    """Use a code up; False where it was used just before."""
    statement = update(invitation).where(invitation.c.id == id, invitation.c.used_at.is_(None))
    return bool(db.execute(statement.values(used_at=now).returning(invitation.c.id)).all())


def answer(db: Connection, id: int, word: str) -> None:
    """What the person said to it."""
    db.execute(update(invitation).where(invitation.c.id == id, invitation.c.answer == OPEN).values(answer=word))
