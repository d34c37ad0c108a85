"""Acts spelled in words: from a mapping of names and words (a command's options, a history's row) to an act."""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from enum import StrEnum
from typing import cast

from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Condition, DocumentRef, Holds
from mutualflow.domain.moves import ACTS, Move
from mutualflow.domain.spans import Span
from mutualflow.domain.spans import day as one_day
from mutualflow.domain.spans import parse as parse_span

LONGEST_COUNT = 9  # digits of a revision

MADE_BY_US = frozenset(
    {
        "documents",
        "facts_seen",
        "document_audience",
        "begun",
        "thread_step",
        "thread_audience",
        "last_event",
        "said_then",
        "statements",
    }
)
"""Fields that the house fills in itself."""


_HINTS: dict[str, dict[str, object]] = {}


def act_of(name: str, said: Mapping[str, object]) -> acts.Act:
    """The act `name` with the words given; Refused says which word cannot be used, and what is allowed."""
    move = ACTS.get(name)
    if move is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no act “{name}”. There are: {', '.join(ACTS)}.")
    known = arguments(move)
    strange = sorted(set(said) - set(known))
    if strange:
        allowed = ", ".join(known)
        raise Refused(Refusal.UNKNOWN_KEY, f"“{name}” takes no {', '.join(strange)}. It takes {allowed}.")
    values: dict[str, object] = {}
    for key, (field, hint) in known.items():
        if key in said and said[key] is not None:
            values[key] = _value(key, hint, said[key])
        elif required(field):
            raise Refused(Refusal.MISSING, f"“{name}” needs {key}: {words(field)}.")
    return cast(Callable[..., acts.Act], move.act)(**values)


def arguments(move: Move) -> dict[str, tuple[Field[object], object]]:
    """The arguments of an act that a person gives: name -> (field, type)."""
    hints = _HINTS.setdefault(move.name, {})
    if not hints:
        hints.update(typing.get_type_hints(move.act))
    return {f.name: (f, hints[f.name]) for f in fields(move.act) if f.name not in MADE_BY_US}


def required(field: Field[object]) -> bool:
    """Has it no default?"""
    return field.default is MISSING and field.default_factory is MISSING


def words(field: Field[object]) -> str:
    """What the argument is, for help texts."""
    return str(field.metadata.get("words", field.name.replace("_", " ")))


def _value(key: str, hint: object, said: object) -> object:
    """One argument by its type; ValueErrors become sentences."""
    try:
        return _converted(hint, said)
    except Refused:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(Refusal.INVALID_VALUE, f"{key}: {error}.") from None


def _converted(hint: object, said: object) -> object:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [a for a in typing.get_args(hint) if a is not type(None)]
        return _converted(inner[0], said)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        rows = said if isinstance(said, (list, tuple)) else [said]
        return tuple(_converted(inner, row) for row in rows)
    if origin is not None:  # a mapping of words
        if not isinstance(said, Mapping):
            raise ValueError("give it as name=value")
        return {str(k): str(v) for k, v in said.items()}
    return _single(hint, said)


def _single(hint: object, said: object) -> object:
    if hint is str:
        return str(said)
    if hint is bool:
        return _yes(str(said).lower())
    if hint is int:
        return _count(str(said))
    if hint is date:
        return said if isinstance(said, date) else one_day(str(said))
    if hint is Span:
        return said if isinstance(said, Span) else parse_span(str(said))
    if hint is Condition:
        return condition_of(said)
    if hint is acts.AdoptedStep:
        return adopted_of(said)
    if hint is DocumentRef:
        return DocumentRef(str(said), "", "")
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        try:
            return hint(str(said))
        except ValueError:
            raise ValueError(f"{str(said)[:40]!r} is not one of {', '.join(hint)}") from None
    raise TypeError(f"nothing is known of {hint!r}")


def _yes(said: str) -> bool:
    if said not in ("yes", "true", "1", "no", "false", "0", ""):
        raise ValueError(f"{said[:40]!r} is neither yes nor no")
    return said in ("yes", "true", "1")


def _count(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= LONGEST_COUNT):
        raise ValueError(f"{said[:40]!r} is not a whole number")
    return int(said)


def condition_of(said: object) -> Condition:
    """A condition from a row {key, title, owner, due, holds: {milestone: x}} or "key: title: owner: due: holds"."""
    if isinstance(said, Condition):
        return said
    if isinstance(said, str):
        parts = [p.strip() for p in said.split("|")]
        if len(parts) < 3:
            raise ValueError("write a condition as key|title|owner|due|step:KEY or milestone:KEY")
        said = dict(zip(("key", "title", "owner", "due", "holds"), parts, strict=False))
    if not isinstance(said, Mapping):
        raise ValueError("a condition has a key, a title and an owner")
    holds, holds_key = holds_of(said.get("holds"))
    due = said.get("due")
    return Condition(
        key=str(said["key"]),
        title=str(said["title"]),
        owner=str(said["owner"]),
        due_on=one_day(str(due)) if due else None,
        holds=holds,
        holds_key=holds_key,
    )


def holds_of(said: object) -> tuple[Holds, str]:
    """What a task holds: {milestone: key}, {step: key}, "milestone:key" or nothing."""
    if not said or said == "none":
        return Holds.NONE, ""
    if isinstance(said, Mapping):
        kind, key = next(iter(said.items()))
    else:
        kind, _, key = str(said).partition(":")
    return Holds(str(kind)), str(key)


def adopted_of(said: object) -> acts.AdoptedStep:
    """A step that was done before: {step, on, evidence} or "step=day"."""
    if isinstance(said, acts.AdoptedStep):
        return said
    if isinstance(said, Mapping):
        return acts.AdoptedStep(
            str(said["step"]), parse_span(str(said.get("on", "unknown"))), str(said.get("evidence", ""))
        )
    step, _, day = str(said).partition("=")
    return acts.AdoptedStep(step, parse_span(day or "unknown"))
