"""Second factors: an app that shows codes, and recovery codes. Passkeys have a module of their own.

Levels and limits follow OWASP ASVS 5.0 (6.3.3, 6.4.3, 6.5.1 to 6.5.5, 6.6.3): a seed has 160 bits and is kept
encrypted, bound to its person; a code of the app works once, for its half minute and for ten seconds after it, for
those who type slowly; a recovery code has 49 bits, works once and is kept as a keyed scrypt hash.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import Connection

from mutualflow.services import door
from mutualflow.services.door import ALPHABET, tidy
from mutualflow.storage import doors, factors
from mutualflow.storage.doors import Session
from mutualflow.storage.factors import Factor, Kind

ISSUER = "mutualflow"
SEED_CHARACTERS = 32  # of base32: 160 bits
APP_DIGITS = 6
SLOW_TYPING = timedelta(seconds=10)
TRIES_AN_HOUR = 5
WHAT = "second"
"""Under which a person's wrong codes are counted."""
FRESH = timedelta(hours=1)
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
_NONCE = 12  # bytes, of AES-GCM
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


@dataclass(frozen=True, slots=True)
class Pending:
    """An app that waits for its first code: the key to type, and the address that a picture carries."""

    seed: str
    uri: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has: her factors, and how many recovery codes are left."""

    factors: tuple[Factor, ...]
    codes: int

    @property
    def any(self) -> bool:
        """Has she a strong factor at all?"""
        return bool(self.factors)

    @property
    def has_passkey(self) -> bool:
        """Has she a passkey?"""
        return any(f.kind is Kind.PASSKEY for f in self.factors)

    @property
    def takes_code(self) -> bool:
        """Has she something of which a code can be typed?"""
        return bool(self.codes) or any(f.kind is Kind.APP for f in self.factors)


def standing(db: Connection, person: str) -> Standing:
    """What somebody has to show that it is she."""
    held = tuple(f for f in factors.of_person(db, person) if f.confirmed_at)
    return Standing(held, factors.count_codes(db, person) if held else 0)


def is_fresh(session: Session, now: datetime) -> bool:
    """Was the session begun so lately that a first factor may be set up in it?"""
    return now < session.begun_at + FRESH


def begin_app(db: Connection, person: str, *, key: bytes, now: datetime) -> None:
    """Make a seed; it is a factor once its first code was entered."""
    seed = pyotp.random_base32(SEED_CHARACTERS)
    values = {"person": person, "kind": Kind.APP, "name": "Code app", "made_at": now}
    factors.keep(db, {**values, "secret": seal(key, person, seed)})


def pending_app(db: Connection, person: str, *, label: str, key: bytes) -> Pending | None:
    """The app that waits for its first code; None where none does."""
    waiting = _waiting(db, person)
    if waiting is None:
        return None
    seed = _unseal(key, person, waiting.secret)
    return Pending(seed, pyotp.TOTP(seed).provisioning_uri(name=label, issuer_name=ISSUER))


def confirm_app(db: Connection, person: str, said: str, *, key: bytes, now: datetime) -> bool:
    """Enter the first code of an app; False for a wrong one. DoorClosed after too many wrong ones."""
    _count(db, person, now)
    waiting = _waiting(db, person)
    if waiting is None or not _app_code(db, waiting, tidy(said), key, now):
        return False
    factors.confirm(db, waiting.id, now)
    _uncount(db, person)
    return True


def show(db: Connection, person: str, said: str, *, key: bytes, now: datetime) -> bool:
    """Enter a code of an app, or a recovery code, as the second factor; False for a wrong one, which is counted.

    DoorClosed after too many wrong ones. Commits must follow a False too.
    """
    _count(db, person, now)
    code = tidy(said)
    right = False
    if len(code) == RECOVERY_LENGTH:
        right = _recovery_code(db, person, code, key, now)
    elif len(code) == APP_DIGITS:
        apps = (f for f in factors.of_person(db, person) if f.kind is Kind.APP and f.confirmed_at)
        right = any(_app_code(db, app, code, key, now) for app in apps)
    if right:
        _uncount(db, person)
    return right


def fresh_codes() -> tuple[str, ...]:
    """Ten new recovery codes, to be shown once."""
    return tuple("".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))


def hash_codes(key: bytes, person: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """What is kept of recovery codes. Slow by design: do it before the transaction."""
    return tuple(_hash(key, person, code) for code in codes)


def seal(key: bytes, person: str, seed: str) -> str:
    """A seed, encrypted for its person alone."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, seed.encode(), person.encode())).decode()


def _unseal(key: bytes, person: str, sealed: str) -> str:
    whole = base64.b64decode(sealed)
    return _cipher(key).decrypt(whole[:_NONCE], whole[_NONCE:], person.encode()).decode()


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mutualflow: seeds of factors").derive(key))


def _waiting(db: Connection, person: str) -> Factor | None:
    return next((f for f in factors.of_person(db, person) if f.kind is Kind.APP and not f.confirmed_at), None)


def _app_code(db: Connection, app: Factor, code: str, key: bytes, now: datetime) -> bool:
    """Is this the app's code of this half minute, or of the one that has just ended, and not used before?"""
    try:
        totp = pyotp.TOTP(_unseal(key, app.person, app.secret))
    except InvalidTag:  # the site's key was changed, or the row is another person's
        return False
    for at in (now, now - SLOW_TYPING):
        try:
            timecode = totp.verify_and_get_timecode(code, for_time=at)
        except OTPVerificationError:
            continue
        return factors.advance(db, app.id, timecode, now)
    return False


def _recovery_code(db: Connection, person: str, code: str, key: bytes, now: datetime) -> bool:
    said = _hash(key, person, code)
    found = [number for number, kept in factors.codes(db, person) if hmac.compare_digest(said, kept)]
    return bool(found) and factors.use_code(db, found[0], now)


def _count(db: Connection, person: str, now: datetime) -> None:
    told = "A wrong code was entered five times. Wait an hour, or use a passkey if you have one."
    door.limit(db, WHAT, person, most=TRIES_AN_HOUR, now=now, told=told)


def _uncount(db: Connection, person: str) -> None:
    doors.uncount(db, f"{WHAT}:{person}")


def _hash(key: bytes, person: str, code: str) -> str:
    salt = hmac.new(key, f"recovery:{person}".encode(), hashlib.sha256).digest()
    return hashlib.scrypt(code.encode(), salt=salt, **_SCRYPT).hex()
