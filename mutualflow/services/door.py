"""Signing in and out: a code by e-mail, typed in the browser that asked, then a session that is a row.

Levels and limits follow OWASP ASVS 5.0 (6.5, 6.6, 7.2 to 7.4): a code has 39 bits, lives ten minutes, stands five
tries, works once and in one browser, and is kept as a keyed scrypt hash; a session's token has 256 bits and is kept as
SHA-256.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mutualflow.storage import doors
from mutualflow.storage.doors import Session

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, 1, I or O: a code is read on one screen and typed on another."""
LENGTH = 8
LONGEST_ADDRESS = 254
CODE_LIVES = timedelta(minutes=10)
TRIES = 5
ASKS_AN_HOUR = 6
"""Codes that one address, or ten that one network address, may ask for in an hour."""
NETWORK_FACTOR = 10
SESSION_LIVES = timedelta(hours=12)
IDLE_MINUTES = 8 * 60
SHARED_IDLE_MINUTES = 15
STRONG_LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
FORMS_KEPT = timedelta(days=2)
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class DoorClosed(Exception):
    """It does not go on this way; `sentence` says to the person why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """A code for somebody, to be mailed and then forgotten."""

    person: str
    name: str
    email: str
    code: str


def fresh_token() -> str:
    """A secret of 256 bits for a cookie."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def limit(db: Connection, what: str, subject: str, *, most: int, now: datetime, told: str) -> None:
    """Count one try of a subject in this hour; DoorClosed, with what is told, beyond the most that may be."""
    if doors.count(db, f"{what}:{subject}", _hour(now)) > most:
        raise DoorClosed(told)


def limit_network(db: Connection, what: str, network: str, *, key: bytes, most: int, now: datetime, told: str) -> None:
    """The same by network address, of which only a keyed hash is kept."""
    limit(db, what, _keyed(key, network), most=most, now=now, told=told)


def ask(db: Connection, email: str, *, browser: str, network: str, key: bytes, now: datetime) -> Asked | None:
    """A new code for whoever is at an address; None where nobody is, at the same cost. DoorClosed after too many."""
    at = email.strip().lower()
    told = "Too many codes have been asked for. Wait an hour, then ask again."
    limit(db, "ask", _keyed(key, at), most=ASKS_AN_HOUR, now=now, told=told)
    limit_network(db, "ask-from", network, key=key, most=ASKS_AN_HOUR * NETWORK_FACTOR, now=now, told=told)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    hashed = code_hash(key, browser, code)
    doors.forget(db, codes_before=now - timedelta(days=1), window_before=_hour(now) - 48, forms_before=now - FORMS_KEPT)
    found = doors.people_at(db, at)
    if len(found) != 1:  # nobody, or an address that several share: neither may sign in with it
        return None
    row = found[0]
    doors.keep_code(
        db,
        {
            "person": row.key,
            "browser_sha256": fingerprint(browser),
            "code_hash": hashed,
            "expires_at": now + CODE_LIVES,
        },
    )
    return Asked(row.key, row.name, row.email, code)


def tidy(code: str) -> str:
    """A code as it was meant: without spaces and dashes, in capitals."""
    return "".join(c for c in code.upper() if c.isalnum())


def enter(db: Connection, code: str, *, browser: str, key: bytes, now: datetime) -> str | None:
    """The person whose code this is, the code used up; None for a wrong one, which is counted.

    DoorClosed where this browser asked for none, or the one it asked for has run out or was tried too often. Commits
    must follow a None too: a try that is not written down is not counted.
    """
    known = doors.code(db, fingerprint(browser))
    if known is None:
        raise DoorClosed("This browser has not asked for a code, or the code was used already. Ask for a new one.")
    if known.expires_at <= now:
        raise DoorClosed("The code has run out: a code works for 10 minutes. Ask for a new one.")
    if known.tries >= TRIES:
        raise DoorClosed("The code was entered wrongly five times and no longer works. Ask for a new one.")
    doors.tried(db, known.id)
    if not hmac.compare_digest(code_hash(key, browser, tidy(code)), known.code_hash):
        return None
    return known.person if doors.use_code(db, known.id, now) else None


def begin(db: Connection, person: str, *, device: str, shared: bool, now: datetime, strong: bool = False) -> str:
    """Begin a session; the token for the cookie, which is nowhere else. On a shared computer it is short.

    `strong`: it begins with a factor that is more than a code by e-mail.
    """
    token = fresh_token()
    doors.begin_session(
        db,
        {
            "token_sha256": fingerprint(token),
            "person": person,
            "begun_at": now,
            "seen_at": now,
            "ends_at": now + SESSION_LIVES,
            "idle_minutes": SHARED_IDLE_MINUTES if shared else IDLE_MINUTES,
            "device": device[:80],
            "strong_at": now if strong else None,
        },
    )
    return token


def whose(db: Connection, token: str, now: datetime) -> Session | None:
    """The session of a cookie, unless it was ended, ran out, lay idle too long, or its person is disabled."""
    found = doors.session(db, fingerprint(token)) if token else None
    if found is None or now >= found.ends_at:
        return None
    return found if now < found.seen_at + timedelta(minutes=found.idle_minutes) else None


def whose_ran_out(db: Connection, token: str, now: datetime) -> str:
    """Whose session it was that ran out or lay idle too long; '' for one that holds, or that somebody ended."""
    found = doors.session(db, fingerprint(token)) if token else None
    return found.person if found is not None and whose(db, token, now) is None else ""


def is_strong(session: Session, now: datetime) -> bool:
    """Was a strong factor shown in this session, and not too long ago?"""
    return session.strong_at is not None and now < session.strong_at + STRONG_LASTS


def strengthen(db: Connection, session: Session, now: datetime) -> str:
    """A strong factor was shown: the session goes on under a new token, which is returned; its end stays."""
    token = fresh_token()
    doors.strengthen(db, session.id, fingerprint(token), now)
    return token


def is_stale(session: Session, now: datetime) -> bool:
    """Is it time to write down that the session was used?"""
    return now - session.seen_at >= SEEN_EVERY


def _hour(now: datetime) -> int:
    return int(now.timestamp() // 3600)


def _keyed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def code_hash(key: bytes, place: str, code: str) -> str:
    """What is kept of a short code: slow to guess, useless without the key, and good for one place only."""
    salt = hmac.new(key, f"code:{place}".encode(), hashlib.sha256).digest()
    return hashlib.scrypt(code.encode(), salt=salt, **_SCRYPT).hex()
