"""Publishing: what administrators do for every formation, each with an event of the installation's own chain."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mutualflow.domain.calendar import NATIONS
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.values import LONGEST_LINE, key_like
from mutualflow.domain.words import UnfitWords, clean, visible
from mutualflow.storage import installation, people, releases
from mutualflow.storage.people import Person
from mutualflow.storage.releases import Prescribed

PERSON_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)
LONGEST_MAIL = 254
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,28}[0-9]")


@dataclass(frozen=True, slots=True)
class Published:
    """What this program ships: a release and a rulebook, each by its hash, with its canonical words."""

    release: str
    release_body: str
    rulebook: str
    rulebook_body: str


@dataclass(frozen=True, slots=True)
class News:
    """What was new to this database."""

    release: bool
    rulebook: bool


def publish(db: Connection, new: Published, *, by: str, now: datetime, via: str = "cli") -> News:
    """Publish a release for formations to come, and a rulebook for all; what is there already is left alone."""
    release = releases.publish(db, new.release, new.release_body, now)
    if release:
        installation.append(db, "publish_release", {"release": new.release}, by=by, now=now, via=via)
    rulebook = releases.publish_rulebook(db, new.rulebook, new.rulebook_body, now)
    if rulebook:
        installation.append(db, "publish_rulebook", {"rulebook": new.rulebook}, by=by, now=now, via=via)
    return News(release, rulebook)


def add_person(db: Connection, person: Person, *, by: str, now: datetime, via: str = "cli") -> bool:
    """Add a person or renew her contact; True where she is new. The chain holds her key, never her contact."""
    person = checked(person)
    new = people.keep(db, person)
    installation.append(db, "add_person" if new else "renew_person", {"person": person.key}, by=by, now=now, via=via)
    return new


def checked(person: Person) -> Person:
    """The person with her name tidied; INVALID_VALUE for a key, name or contact that cannot be used."""
    if not PERSON_KEY.fullmatch(person.key):
        raise Refused(
            Refusal.INVALID_VALUE,
            f"{person.key[:60]!r} cannot name a person: use small letters, digits, dots, hyphens and underscores"
            + (f", for example {near}." if (near := key_like(person.key)) else "."),
        )
    if person.email and (len(person.email) > LONGEST_MAIL or not MAIL.fullmatch(person.email)):
        raise Refused(Refusal.INVALID_VALUE, f"{person.email[:60]!r} is no e-mail address.")
    if person.phone and not PHONE.fullmatch(person.phone):
        raise Refused(Refusal.INVALID_VALUE, f"{person.phone[:60]!r} is no telephone number; write digits and spaces.")
    nation_known(person.nation)
    try:
        ZoneInfo(person.time_zone)
    except (KeyError, OSError, ValueError):  # an unknown zone, a folder of zones, a path that is none
        raise Refused(
            Refusal.INVALID_VALUE, f"{person.time_zone[:60]!r} is no time zone; write one like Europe/London."
        ) from None
    return replace(person, name=name_of(person.name, "name"))


def nation_known(nation: str) -> None:
    """INVALID_VALUE for a nation whose holidays are not known."""
    if nation not in NATIONS:
        raise Refused(Refusal.INVALID_VALUE, f"{nation[:60]!r} is no nation here; choose {', '.join(NATIONS)}.")


def name_of(said: str, what: str) -> str:
    """A name in one line, as documents and mails can print it; INVALID_VALUE says why not."""
    try:
        name = clean(said)
    except UnfitWords as error:
        raise Refused(Refusal.INVALID_VALUE, f"The {what} {error}.") from None
    if not name:
        raise Refused(Refusal.INVALID_VALUE, f"The {what} is empty.")
    if len(name) > LONGEST_LINE:
        raise Refused(Refusal.INVALID_VALUE, f"The {what} has {len(name):,} characters; the most is {LONGEST_LINE}.")
    return name


def load_prescribed(
    db: Connection, key: str, text: str, official_source: str, *, sample: bool, by: str, now: datetime, via: str = "cli"
) -> bool:
    """Load official wording (or an invented stand-in, `sample`), by its checksum; False where it is loaded already."""
    for words in (key, text, official_source):
        try:
            visible(words)
        except UnfitWords as error:
            raise Refused(Refusal.INVALID_VALUE, f"The official wording {error}.") from None
    sha = hashlib.sha256(text.encode()).hexdigest()
    loaded = releases.load_prescribed(db, Prescribed(key, text, official_source, by, now, sha, sample))
    if loaded:
        refs = {"key": key, "sha256": sha, "official_source": official_source, "sample": sample}
        installation.append(db, "load_prescribed", refs, by=by, now=now, via=via)
    return loaded
