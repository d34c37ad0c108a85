"""Passkeys: made and shown by the person's own device, which checks that it is she (W3C Web Authentication, level 3).

A challenge is kept in the database for the one session or browser that has to answer it, for five minutes, and is used
up by the first answer, right or wrong. User verification is required: a passkey alone is two factors.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import Connection
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from mutualflow.services.factors import ISSUER
from mutualflow.storage import factors
from mutualflow.storage.factors import Factor, Kind

CHALLENGE_LIVES = timedelta(minutes=5)
LONGEST_ANSWER = 20_000  # characters of JSON
MOST = 10
_FAULTS = (WebAuthnException, ValueError, RecursionError)
"""What an answer of a device that is none can bring up: ValueError from its base64, RecursionError from its JSON."""


@dataclass(frozen=True, slots=True)
class Home:
    """The site for which passkeys are made, by its origin as configured."""

    origin: str

    @property
    def host(self) -> str:
        """The id of the relying party: the origin's host."""
        return urlsplit(self.origin).hostname or ""


def options_to_make(db: Connection, home: Home, person: str, name: str, *, holder: str, now: datetime) -> str:
    """What the browser is asked, as JSON, so that a device makes a passkey for somebody."""
    held = [f for f in factors.of_person(db, person) if f.kind is Kind.PASSKEY]
    options = webauthn.generate_registration_options(
        rp_id=home.host,
        rp_name=ISSUER,
        user_id=_handle(person),
        user_name=name,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(f.handle)) for f in held],
    )
    _keep(db, holder, options.challenge, now)
    return webauthn.options_to_json(options)


def options_to_show(db: Connection, home: Home, *, holder: str, now: datetime) -> str:
    """What the browser is asked, as JSON, so that somebody shows a passkey; whose it is comes with the answer."""
    options = webauthn.generate_authentication_options(
        rp_id=home.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    _keep(db, holder, options.challenge, now)
    return webauthn.options_to_json(options)


def take_challenge(db: Connection, *, holder: str, now: datetime) -> str:
    """Use up the challenge of a session or browser; '' where there is none. Commit it whatever the answer is worth."""
    return factors.take_challenge(db, holder, now)


def check_made(home: Home, answer: str, challenge: str) -> VerifiedRegistration | None:
    """What a device says that made a passkey, checked; None where it does not hold."""
    if not challenge or len(answer) > LONGEST_ANSWER:
        return None
    try:
        return webauthn.verify_registration_response(
            credential=parse_registration_credential_json(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=home.host,
            expected_origin=home.origin,
            require_user_verification=True,
        )
    except _FAULTS:
        return None


def keep(db: Connection, person: str, made: VerifiedRegistration, name: str, now: datetime) -> bool:
    """Keep a new passkey; False where she has too many, or where it is known already."""
    handle = bytes_to_base64url(made.credential_id)
    held = [f for f in factors.of_person(db, person) if f.kind is Kind.PASSKEY]
    if len(held) >= MOST or factors.by_handle(db, handle) is not None:
        return False
    factors.keep(
        db,
        {
            "person": person,
            "kind": Kind.PASSKEY,
            "name": name,
            "secret": bytes_to_base64url(made.credential_public_key),
            "handle": handle,
            "counter": made.sign_count,
            "made_at": now,
            "confirmed_at": now,
        },
    )
    return True


def find(db: Connection, answer: str) -> Factor | None:
    """The passkey that an answer names; None where there is none of ours."""
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        return factors.by_handle(db, parse_authentication_credential_json(answer).id)
    except _FAULTS:
        return None


def check_shown(home: Home, answer: str, challenge: str, passkey: Factor) -> VerifiedAuthentication | None:
    """What a device says that showed a passkey, checked against the key that is kept; None where it does not hold."""
    if not challenge:
        return None
    try:
        said = parse_authentication_credential_json(answer)
        if said.response.user_handle not in (None, _handle(passkey.person)):
            return None
        return webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=home.host,
            expected_origin=home.origin,
            credential_public_key=base64url_to_bytes(passkey.secret),
            credential_current_sign_count=passkey.counter,
            require_user_verification=True,
        )
    except _FAULTS:
        return None


def use(db: Connection, passkey: Factor, shown: VerifiedAuthentication, now: datetime) -> bool:
    """Note that a passkey was shown; False where it was ended meanwhile, or shown at the same count by a copy."""
    if shown.new_sign_count == 0 and passkey.counter == 0:  # most devices of today do not count
        return factors.used(db, passkey.id, now)
    return factors.advance(db, passkey.id, shown.new_sign_count, now)


def _keep(db: Connection, holder: str, challenge: bytes, now: datetime) -> None:
    factors.keep_challenge(db, holder, bytes_to_base64url(challenge), now + CHALLENGE_LIVES)


def _handle(person: str) -> bytes:
    """What a device keeps to tell a site's people apart. It names nobody, and outlasts a change of the site's key."""
    return hashlib.sha256(f"mutualflow passkey:{person}".encode()).digest()
