"""Asking somebody in: a role is given, a mail with a code goes out, and she accepts it or says that it is not for her.

The mail names the site and a code to type, never a link with a secret. The code works once, for 14 days.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from mutualflow.domain.acts import EndRole, GiveRole
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.keys import Role, Side
from mutualflow.domain.law import LawBook
from mutualflow.services import acting, door
from mutualflow.storage import doors, invitations, people
from mutualflow.storage.invitations import Invitation
from mutualflow.storage.people import Person

LIVES = timedelta(days=14)
TRIES = 10
NAME_MOST = 120
ACCEPTED, DECLINED = "accepted", "declined"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody asked in: her code is in the mail and nowhere else."""

    person: str
    name: str
    email: str
    code: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is asked in, and for what."""

    name: str
    email: str
    role: Role
    side: Side
    organisation: str = ""

    @property
    def address(self) -> str:
        """Her address as it is kept and looked for."""
        return self.email.strip().lower()

    def faults(self) -> tuple[tuple[str, str], ...]:
        """What is wrong with what was typed: the field, and what to do."""
        found = []
        if not self.name.strip() or len(self.name) > NAME_MOST:
            found.append(("name", f"Enter the person’s name, in at most {NAME_MOST} characters"))
        if "@" not in self.address or len(self.address) > door.LONGEST_ADDRESS:
            found.append(("email", "Enter an e-mail address in the right form, like name@example.org"))
        return tuple(found)


def invite(
    db: Connection, key: str, wanted: Wanted, *, by: str, now: datetime, today: date, law: LawBook, secret: bytes
) -> Invited:
    """Give the role and keep the invitation; Refused as giving a role is. A person new here is added by her address.

    `wanted` has no faults.
    """
    email = wanted.address
    known = doors.people_at(db, email)
    if len(known) > 1:
        raise Refused(Refusal.INVALID_VALUE, "Several people share this address. Each person needs one of her own.")
    if known:
        person, name = str(known[0].key), str(known[0].name)
    else:
        person, name = f"p-{secrets.token_hex(5)}", " ".join(wanted.name.split())
        people.keep(db, Person(person, name, email))
    role = GiveRole(person=person, role=wanted.role, side=wanted.side, organisation=wanted.organisation)
    acting.act(db, key, role, by=by, now=now, law=law, via="web", today=today)
    code = "".join(secrets.choice(door.ALPHABET) for _ in range(door.LENGTH))
    invitations.keep(
        db, key, person, wanted.role.value, wanted.side.value,
        invited_by=by, code_hash=_hash(secret, person, code), expires_at=now + LIVES,
    )  # fmt: skip
    return Invited(person, name, email, code)


def enter(db: Connection, email: str, code: str, *, network: str, secret: bytes, now: datetime) -> str | None:
    """The person whose invitation this is, its code used up; None where it does not fit, whatever the reason.

    Tries are counted by network address and by invitation, and have to be committed.
    """
    told = "Too many codes have been tried. Wait an hour, then try again."
    most = door.ASKS_AN_HOUR * door.NETWORK_FACTOR
    door.limit_network(db, "invited-from", network, key=secret, most=most, now=now, told=told)
    found = doors.people_at(db, email.strip().lower())
    said = door.tidy(code)
    person = str(found[0].key) if len(found) == 1 else ""
    guess = _hash(secret, person, said)  # at the same cost whether or not anybody is there
    for one in invitations.of_person(db, person) if person else ():
        if one.used_at or one.tries >= TRIES or one.expires_at <= now:
            continue
        if hmac.compare_digest(guess, one.code_hash):
            return person if invitations.use(db, one.id, now) else None
        invitations.tried(db, one.id)
    return None


def waiting(db: Connection, person: str) -> tuple[Invitation, ...]:
    """What somebody was asked to and has not answered."""
    return tuple(one for one in invitations.of_person(db, person) if one.answer == invitations.OPEN)


def accept(db: Connection, person: str, id: int) -> None:
    """She takes the role. UNKNOWN_KEY where it is not hers to take."""
    _mine(db, person, id)
    invitations.answer(db, id, ACCEPTED)


def decline(db: Connection, person: str, id: int, *, now: datetime, today: date, law: LawBook) -> None:
    """It is not for her: the role ends as if nobody held it."""
    one = _mine(db, person, id)
    invitations.answer(db, id, DECLINED)
    end = EndRole(person=person, role=Role(one.role), successor="nobody yet")
    acting.act(db, one.formation, end, by=person, now=now, law=law, via="web", today=today)


def _mine(db: Connection, person: str, id: int) -> Invitation:
    for one in waiting(db, person):
        if one.id == id:
            return one
    raise Refused(Refusal.UNKNOWN_KEY, "There is no such invitation.")


def _hash(secret: bytes, person: str, code: str) -> str:
    return door.code_hash(secret, f"invitation:{person}", code)
