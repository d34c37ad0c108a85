"""Auditing: every chain walked from its start, what stands beside it compared, and statuses folded from events."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from mutualflow.domain import chain
from mutualflow.domain.chain import Link
from mutualflow.domain.formation import Status
from mutualflow.domain.pathway import Pathway
from mutualflow.services import pathways
from mutualflow.storage import events, formations, installation, pulses
from mutualflow.storage.events import Kept, Owner

TAKES_IN_HAND = frozenset({"answer", "add_row", "retire_row", "complete_list", "attach"})
"""Events that begin work: an open step is in hand from then on."""


LOST = "the head noted by the last walk is no part of this chain any more"
GONE = "the last walk noted the head of this chain, and it is not here any more"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing of a chain that does not verify. `number`: the event; 0 where it is a stored row."""

    chain: str
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What an audit looked at and what it found; `heads`: chain -> (length, head)."""

    chains: int
    events: int
    replayed: bool
    findings: tuple[Finding, ...]
    heads: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def verify(db: Connection, *, replay: bool = False) -> Verified:
    """Walk every formation's chain and the installation's; `replay` also folds the events into statuses.

    One query lists the chains; three read each (events, facts, statuses), so that memory stays with one formation.
    """
    noted = _noted_heads(db)
    findings, heads, count = [], {}, 0
    for owner in events.owners(db):
        found = _formation(db, owner, noted.get(owner.key), replay)
        heads[owner.key] = (owner.events, owner.head)
        count += owner.events
        if found is not None:
            findings.append(found)
    length, head = heads[installation.CHAIN] = installation.last(db)
    found = _installation(db, length, head, noted.get(installation.CHAIN))
    if found is not None:
        findings.append(found)
    findings += [Finding(key, 0, GONE) for key in noted if key not in heads]
    return Verified(len(heads), count + length, replay, tuple(findings), heads)


def _formation(db: Connection, owner: Owner, noted: str | None, replay: bool) -> Finding | None:
    kept = list(events.chain_of(db, owner.id))
    links = [Link(k.number, k.body, k.hash) for k in kept]
    bad = chain.first_bad(links, chain=owner.key, head=owner.head, length=owner.events)
    if bad is not None:
        return Finding(owner.key, bad.number, bad.why)
    if _lost(noted, links):
        return Finding(owner.key, owner.events, LOST)
    beside = next(_beside(kept, events.facts_of(db, owner.id)), None)
    if beside is not None:
        return Finding(owner.key, *beside)
    if replay:
        folded = _fold(kept, pathways.of(db, owner.release), events.statuses(db, owner.id))
        if folded is not None:
            return Finding(owner.key, *folded)
    return None


def _installation(db: Connection, length: int, head: str, noted: str | None) -> Finding | None:
    links = installation.links(db)
    bad = chain.first_bad(links, chain=installation.CHAIN, head=head, length=length)
    if bad is not None:
        return Finding(installation.CHAIN, bad.number, bad.why)
    return Finding(installation.CHAIN, length, LOST) if _lost(noted, links) else None


def _lost(noted: str | None, links: list[Link]) -> bool:
    """A chain only grows: the head that it had at the last walk is a part of it for ever."""
    return noted is not None and noted not in {chain.START, *(link.hash for link in links)}


def _beside(kept: list[Kept], facts: Mapping[int, list[tuple[str, str, str, str]]]) -> Iterator[tuple[int, str]]:
    """Columns, facts and words that stand beside the chain and do not agree with it."""
    for one in kept:
        body = json.loads(one.body)
        for column, value in one.columns.items():
            if body[column] != value:
                yield one.number, f"its column “{column}” says something else than its chained body"
        stored = [[key, subject, chain.salted(salt, value)] for key, subject, value, salt in facts.get(one.number, ())]
        if sorted(stored) != sorted(body["facts"]):
            yield one.number, "an answer that it holds has been changed, added or taken away"
        erased = one.salt is not None and one.text is None
        said = chain.salted(one.salt, one.text) if one.salt is not None and one.text is not None else ""
        if not erased and said != body["text"]:
            yield one.number, "the words that belong to it have been changed"


def _fold(kept: list[Kept], pathway: Pathway, stored: Mapping[str, str]) -> tuple[int, str] | None:
    """Every step's status from its events; the first that does not follow, or differs from the stored one."""
    now = {key: (Status.CLOSED if step.puts_right else Status.OPEN).value for key, step in pathway.steps.items()}
    for one in kept:
        refs = json.loads(one.body)["refs"]
        step = str(refs.get("step", ""))
        if one.columns["kind"] in TAKES_IN_HAND and now.get(step) == Status.OPEN and _material(refs):
            now[step] = Status.IN_HAND.value
        if "from" not in refs or "to" not in refs or step not in now:
            continue
        if now[step] != refs["from"]:
            return one.number, f"it moves {step} from {refs['from']}, and that step was {now[step]}"
        now[step] = str(refs["to"])
    for key, status in now.items():
        if stored.get(key) != status:
            return 0, f"the events leave {key} {status}, and it is stored as {stored.get(key, 'missing')}"
    return None


def _material(refs: Mapping[str, object]) -> bool:
    """A minute or certificate begins no work."""
    return refs.get("with", "submit") == "submit"


def to_note(db: Connection) -> str:
    """The heads of all chains, for the pulse row of the daily walk: JSON, chain -> head."""
    return json.dumps({**formations.heads(db), installation.CHAIN: installation.last(db)[1]}, sort_keys=True)


def _noted_heads(db: Connection) -> Mapping[str, str]:
    """Heads as the last daily walk noted them, chain -> head."""
    said = pulses.noted_heads(db)
    return {str(k): str(v) for k, v in json.loads(said).items()} if said else {}
