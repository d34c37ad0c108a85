"""The installation's own chain: what administrators did, for every formation alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from mutualflow.domain import chain
from mutualflow.storage import tables as t

CHAIN = "installation"


@dataclass(frozen=True, slots=True)
class Done:
    """One event of the installation."""

    number: int
    kind: str
    by: str
    recorded_at: datetime
    refs: Mapping[str, object]


_LAST = select(t.installation_event.c.number, t.installation_event.c.hash).order_by(
    t.installation_event.c.number.desc()
).limit(1)  # fmt: skip
_ALL = select(t.installation_event).order_by(t.installation_event.c.number)


def last(db: Connection) -> tuple[int, str]:
    """Length and head of the chain."""
    row = db.execute(_LAST).one_or_none()
    return (0, chain.START) if row is None else (row[0], row[1])


def append(db: Connection, kind: str, refs: Mapping[str, object], *, by: str, now: datetime, via: str) -> int:
    """Add an event; two at once collide on the number, and the edge runs the use case again."""
    length, head = last(db)
    body = chain.body(
        chain=CHAIN,
        number=length + 1,
        kind=kind,
        by=by,
        happened_on="",
        recorded_at=now,
        via=via,
        release="",
        rulebook="",
        refs=refs,
        facts=(),
        text="",
        before=head,
    )
    row = {"number": length + 1, "kind": kind, "by": by, "recorded_at": now, "via": via, "body": body,
           "hash": chain.link(body)}  # fmt: skip
    db.execute(insert(t.installation_event), [row])
    return length + 1


def links(db: Connection) -> list[chain.Link]:
    """The whole chain, from its first event."""
    return [chain.Link(r.number, r.body, r.hash) for r in db.execute(_ALL)]


def done(db: Connection) -> list[Done]:
    """What administrators did, oldest first."""
    return [Done(r.number, r.kind, r.by, r.recorded_at, json.loads(r.body)["refs"]) for r in db.execute(_ALL)]
