"""The tables of signing in: sessions, codes, factors, counts against guessing, and forms already taken or kept."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from mutualflow.storage.columns import UtcDateTime, words
from mutualflow.storage.tables import metadata


def _person() -> Column[str]:
    return Column("person", Text, ForeignKey("person.key"), nullable=False, index=True)


session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_sha256", Text, nullable=False, unique=True),
    _person(),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("idle_minutes", Integer, nullable=False),
    words("device"),
    Column("ended_at", UtcDateTime),
    Column("strong_at", UtcDateTime),
)

sign_in_code = Table(
    "sign_in_code",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("browser_sha256", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", UtcDateTime),
    Index("ix_sign_in_code_browser", "browser_sha256"),
)

count = Table(
    "count_of_tries",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("window", Integer, primary_key=True),
    Column("tries", Integer, nullable=False),
)

taken_form = Table(
    "taken_form",
    metadata,
    Column("token", Text, primary_key=True),
    _person(),
    words("place"),
    words("answer"),
    Column("taken_at", UtcDateTime, nullable=False),
)

factor = Table(
    "factor",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    words("kind"),
    words("name"),
    words("secret"),  # of an app: its seed, encrypted; of a passkey: its public key
    Column("handle", Text, unique=True),  # of a passkey: the id by which it is found
    Column("counter", Integer, nullable=False),  # the last time code taken, or what a passkey counted last
    Column("made_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("used_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("code_hash", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

challenge = Table(
    "challenge",
    metadata,
    Column("holder", Text, primary_key=True),  # the session or browser that has to answer it
    Column("challenge", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

kept_form = Table(
    "kept_form",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    words("path"),
    words("fields"),
    Column("kept_at", UtcDateTime, nullable=False),
)
