"""Publishing: what administrators do for every formation, each with an event of the installation's own chain."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from mutualflow.domain.errors import Refusal, Refused
from mutualflow.storage import installation, people, releases
from mutualflow.storage.people import Person
from mutualflow.storage.releases import Prescribed

PERSON_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")


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
    if not PERSON_KEY.fullmatch(person.key):
        raise Refused(
            Refusal.INVALID_VALUE,
            f"{person.key[:60]!r} cannot name a person: use small letters, digits, dots, hyphens and underscores.",
        )
    new = people.keep(db, person)
    installation.append(db, "add_person" if new else "renew_person", {"person": person.key}, by=by, now=now, via=via)
    return new


def load_prescribed(
    db: Connection, key: str, text: str, official_source: str, *, sample: bool, by: str, now: datetime, via: str = "cli"
) -> bool:
    """Load official wording (or an invented stand-in, `sample`), by its checksum; False where it is loaded already."""
    sha = hashlib.sha256(text.encode()).hexdigest()
    loaded = releases.load_prescribed(db, Prescribed(key, text, official_source, by, now, sha, sample))
    if loaded:
        refs = {"key": key, "sha256": sha, "official_source": official_source, "sample": sample}
        installation.append(db, "load_prescribed", refs, by=by, now=now, via=via)
    return loaded
