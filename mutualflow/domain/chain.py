"""The hash chain of a history: canonical bodies, salted hashes, and the check that finds the first bad event.

Format 1. A body is JSON with sorted keys, no spaces, no floats; `hash` = SHA-256 of the body, which holds the hash
before it. A person's words stand beside the chain: only SHA-256(salt + text) is in it, so they can be erased.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FORMAT = 1
START = "0" * 64


def salted(salt: str, text: str) -> str:
    """Hash of a person's words, not to be guessed without the salt."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def moment(at: datetime) -> str:
    """An aware moment as UTC ISO text to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def canonical(value: object) -> str:
    """Sorted, compact JSON; floats are refused by never being used."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def body(
    *,
    chain: str,
    number: int,
    kind: str,
    by: str,
    happened_on: str,
    recorded_at: datetime,
    via: str,
    release: str,
    rulebook: str,
    refs: Mapping[str, object],
    facts: Sequence[tuple[str, str, str]],
    text: str,
    before: str,
) -> str:
    """The chained body of one event. `facts`: (key, subject, salted hash); `text`: salted hash or ''."""
    return canonical(
        {
            "v": FORMAT,
            "chain": chain,
            "n": number,
            "kind": kind,
            "by": by,
            "on": happened_on,
            "at": moment(recorded_at),
            "via": via,
            "release": release,
            "rulebook": rulebook,
            "refs": refs,
            "facts": [list(f) for f in facts],
            "text": text,
            "before": before,
        }
    )


def link(text: str) -> str:
    """The hash of a body."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One stored event: its number, body and hash."""

    number: int
    body: str
    hash: str


@dataclass(frozen=True, slots=True)
class BadEvent:
    """The first event that does not verify, and why."""

    number: int
    why: str


def first_bad(links: Iterable[Link], *, chain: str, head: str, length: int) -> BadEvent | None:
    """Walk a chain from its start; the head and length of the formation's row must be met."""
    before, expected = START, 1
    for one in links:
        if one.number != expected:
            return BadEvent(expected, f"event {expected} is missing")
        if link(one.body) != one.hash:
            return BadEvent(one.number, "its body has been changed")
        said = _said(one.body)
        if said.get("v") != FORMAT:
            return BadEvent(one.number, "its body is not in a format that this program knows")
        if said.get("chain") != chain or said.get("n") != one.number:
            return BadEvent(one.number, "it belongs to another place")
        if said.get("before") != before:
            return BadEvent(one.number, "it does not follow the event before it")
        before, expected = one.hash, expected + 1
    if expected - 1 != length:
        return BadEvent(expected, f"the chain ends at {expected - 1} and should hold {length} events")
    if before != head:
        return BadEvent(length, "the head kept with the formation is another one")
    return None


def _said(text: str) -> dict[str, object]:
    """A body as it was written; {} where it is none."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
