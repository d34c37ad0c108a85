"""Releases, rulebooks and prescribed texts: what is published to every formation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from mutualflow.storage import tables as t


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One official text as loaded, or an invented stand-in for samples."""

    key: str
    text: str
    official_source: str
    loaded_by: str
    loaded_at: datetime
    sha256: str
    sample: bool


_RELEASE = select(t.release.c.body).where(t.release.c.sha256 == bindparam("sha"))
_NEWEST_RULEBOOK = select(t.rulebook.c.sha256, t.rulebook.c.body).order_by(t.rulebook.c.id.desc()).limit(1)
_NEWEST_RELEASE = select(t.release.c.sha256).order_by(t.release.c.published_at.desc(), t.release.c.sha256).limit(1)


def body(db: Connection, sha256: str) -> str | None:
    """A release's canonical JSON."""
    return db.execute(_RELEASE, {"sha": sha256}).scalar_one_or_none()


def newest(db: Connection) -> str | None:
    """SHA-256 of the release published last."""
    return db.execute(_NEWEST_RELEASE).scalar_one_or_none()


def publish(db: Connection, sha256: str, text: str, at: datetime) -> bool:
    """Keep a release; False where it is there already."""
    if body(db, sha256) is not None:
        return False
    db.execute(insert(t.release), [{"sha256": sha256, "body": text, "published_at": at}])
    return True


def rulebook(db: Connection) -> tuple[str, str] | None:
    """SHA-256 and body of the newest rulebook."""
    row = db.execute(_NEWEST_RULEBOOK).one_or_none()
    return None if row is None else (row[0], row[1])


def publish_rulebook(db: Connection, sha256: str, text: str, at: datetime) -> bool:
    """Make a rulebook the newest; False where it is the newest already."""
    now = rulebook(db)
    if now is not None and now[0] == sha256:
        return False
    db.execute(insert(t.rulebook), [{"sha256": sha256, "body": text, "published_at": at}])
    return True


def load_prescribed(db: Connection, one: Prescribed) -> bool:
    """Add an official text; False where the same text is the newest of its key already."""
    held = prescribed(db, sample=one.sample).get(one.key)
    if held is not None and held.sha256 == one.sha256:
        return False
    db.execute(
        insert(t.prescribed_text),
        [
            {
                "key": one.key,
                "text": one.text,
                "official_source": one.official_source,
                "loaded_by": one.loaded_by,
                "loaded_at": one.loaded_at,
                "sha256": one.sha256,
                "sample": one.sample,
            }
        ],
    )
    return True


def prescribed(db: Connection, *, sample: bool) -> dict[str, Prescribed]:
    """The newest text of every key; stand-ins only where `sample`, and never over an official text."""
    newest_of = select(func.max(t.prescribed_text.c.id)).group_by(t.prescribed_text.c.key, t.prescribed_text.c.sample)
    rows = db.execute(select(t.prescribed_text).where(t.prescribed_text.c.id.in_(newest_of))).all()
    found: dict[str, Prescribed] = {}
    for row in sorted(rows, key=lambda r: not r.sample):
        if row.sample and not sample:
            continue
        found[row.key] = Prescribed(
            row.key, row.text, row.official_source, row.loaded_by, row.loaded_at, row.sha256, bool(row.sample)
        )
    return found
