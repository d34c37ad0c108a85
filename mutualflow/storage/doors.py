"""Sessions, sign-in codes, counts of tries and forms already taken: loads and saves. Secrets arrive here as hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mutualflow.storage import door_tables as d
from mutualflow.storage import tables as t
from mutualflow.storage.notices import insert_or_ignore

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. `token_sha256` is the hash of what its cookie holds."""

    id: int
    token_sha256: str
    person: str
    name: str
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    idle_minutes: int
    device: str
    strong_at: datetime | None
    """When a second factor or a passkey was last shown in it."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code that was asked for and is neither used nor replaced."""

    id: int
    person: str
    code_hash: str
    expires_at: datetime
    tries: int


_SESSION: Select[Any] = (
    select(
        d.session.c.id,
        d.session.c.token_sha256,
        d.session.c.person,
        t.person_row.c.name,
        d.session.c.begun_at,
        d.session.c.seen_at,
        d.session.c.ends_at,
        d.session.c.idle_minutes,
        d.session.c.device,
        d.session.c.strong_at,
    )
    .join(t.person_row, t.person_row.c.key == d.session.c.person)
    .where(d.session.c.ended_at.is_(None), t.person_row.c.status == ACTIVE)
)
_BY_TOKEN = _SESSION.where(d.session.c.token_sha256 == bindparam("at"))
_OF_PERSON = _SESSION.where(d.session.c.person == bindparam("at")).order_by(d.session.c.seen_at.desc())
_CODE = (
    select(d.sign_in_code)
    .where(d.sign_in_code.c.browser_sha256 == bindparam("at"), d.sign_in_code.c.used_at.is_(None))
    .order_by(d.sign_in_code.c.id.desc())
    .limit(1)
)
_BY_EMAIL = select(t.person_row.c.key, t.person_row.c.name, t.person_row.c.email).where(
    func.lower(t.person_row.c.email) == bindparam("at"), t.person_row.c.status == ACTIVE
)


def people_at(db: Connection, email: str) -> Sequence[Any]:
    """Key, name and address of everybody active at an address, in lower case."""
    return db.execute(_BY_EMAIL, {"at": email}).all()


def session(db: Connection, token_sha256: str) -> Session | None:
    """A session that nobody ended, of a person who is not disabled; whether it ran out is for the caller to say."""
    row = db.execute(_BY_TOKEN, {"at": token_sha256}).one_or_none()
    return Session(*row) if row else None


def sessions(db: Connection, person: str) -> list[Session]:
    """Everywhere that somebody is signed in, the last used first."""
    return [Session(*row) for row in db.execute(_OF_PERSON, {"at": person})]


def begin_session(db: Connection, values: dict[str, Any]) -> None:
    """Keep a new session."""
    db.execute(insert(d.session), [values])


def seen(db: Connection, session: int, now: datetime) -> None:
    """A session was used."""
    db.execute(update(d.session).where(d.session.c.id == session).values(seen_at=now))


def strengthen(db: Connection, session: int, token_sha256: str, now: datetime) -> None:
    """A strong factor was shown in a session; its cookie is another one from now on."""
    statement = update(d.session).where(d.session.c.id == session)
    db.execute(statement.values(token_sha256=token_sha256, strong_at=now, seen_at=now))


def end_sessions(db: Connection, person: str, now: datetime, *, only: int | None = None, but: int | None = None) -> int:
    """End a person's sessions: all, `only` one, or all `but` one; how many were ended."""
    statement = update(d.session).where(d.session.c.person == person, d.session.c.ended_at.is_(None))
    if only is not None:
        statement = statement.where(d.session.c.id == only)
    if but is not None:
        statement = statement.where(d.session.c.id != but)
    return len(db.execute(statement.values(ended_at=now).returning(d.session.c.id)).all())


def keep_code(db: Connection, values: dict[str, Any]) -> None:
    """Keep a new code; an older one of the same browser is gone."""
    db.execute(delete(d.sign_in_code).where(d.sign_in_code.c.browser_sha256 == values["browser_sha256"]))
    db.execute(insert(d.sign_in_code), [{"tries": 0, "used_at": None, **values}])


def code(db: Connection, browser_sha256: str) -> Code | None:
    """The code that a browser asked for last."""
    row = db.execute(_CODE, {"at": browser_sha256}).one_or_none()
    return Code(row.id, row.person, row.code_hash, row.expires_at, row.tries) if row else None


def tried(db: Connection, code: int) -> int:
    """One more try at a code; how many that makes. Written before the try is judged."""
    statement = update(d.sign_in_code).where(d.sign_in_code.c.id == code)
    return int(
        db.execute(statement.values(tries=d.sign_in_code.c.tries + 1).returning(d.sign_in_code.c.tries)).scalar_one()
    )


def use_code(db: Connection, code: int, now: datetime) -> bool:
    """Use a code up; False where somebody else just did."""
    statement = update(d.sign_in_code).where(d.sign_in_code.c.id == code, d.sign_in_code.c.used_at.is_(None))
    return bool(db.execute(statement.values(used_at=now).returning(d.sign_in_code.c.id)).all())


def count(db: Connection, subject: str, window: int) -> int:
    """Count one try of a subject within a window of time; how many that makes. Exact whoever else counts."""
    make = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    added = make(d.count).values(subject=subject, window=window, tries=1)
    statement = added.on_conflict_do_update(
        index_elements=["subject", "window"], set_={"tries": d.count.c.tries + 1}
    ).returning(d.count.c.tries)
    return int(db.execute(statement).scalar_one())


def uncount(db: Connection, subject: str) -> None:
    """A subject got it right: its tries count no longer."""
    db.execute(delete(d.count).where(d.count.c.subject == subject))


def forget(db: Connection, *, codes_before: datetime, window_before: int, forms_before: datetime) -> None:
    """Take out what nobody can use any more."""
    db.execute(delete(d.sign_in_code).where(d.sign_in_code.c.expires_at < codes_before))
    db.execute(delete(d.count).where(d.count.c.window < window_before))
    db.execute(delete(d.challenge).where(d.challenge.c.expires_at < codes_before))
    db.execute(delete(d.taken_form).where(d.taken_form.c.taken_at < forms_before))
    db.execute(delete(d.kept_form).where(d.kept_form.c.kept_at < forms_before))


_TAKEN = select(d.taken_form.c.answer).where(
    d.taken_form.c.token == bindparam("token"), d.taken_form.c.person == bindparam("person")
)


def taken(db: Connection, token: str, person: str) -> str | None:
    """Where the sender of this very form was led when it was taken; None where it was not."""
    found = db.execute(_TAKEN, {"token": token, "person": person}).scalar_one_or_none()
    return None if found is None else str(found)


def take(db: Connection, token: str, person: str, place: str, answer: str, now: datetime) -> bool:
    """Note that a form was taken; False where it was taken before."""
    row = {"token": token, "person": person, "place": place, "answer": answer, "taken_at": now}
    return insert_or_ignore(db, d.taken_form, [row]) == 1
