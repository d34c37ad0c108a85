"""Releases: a compiled pathway with its document sources as canonical JSON, known by its SHA-256, and back.

Canonical: keys sorted, no spaces, no floats, UTF-8. Where order counts (steps, questions, choices) a mapping stands as
a list of [key, value]; words by language stand as an object.
"""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache

from mutualflow.domain import conditions, pathway
from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.pathway import Pathway

FORMAT = 1
KINDS: dict[str, Callable[..., object]] = {
    c.__name__: c
    for c in (
        conditions.FactIs, conditions.FactAtLeast, conditions.FactBelow, conditions.CountAtLeast,
        conditions.MilestoneFrom, conditions.MilestoneBefore, conditions.Term, conditions.Not, conditions.AllOf,
        conditions.AnyOf, conditions.RuleValue, Decimal,
    )
}  # fmt: skip
"""What stands in JSON as [name, argument, ...]."""
WORDS = Mapping[str, str]


def to_json(whole: Pathway, texts: Mapping[str, str] | None = None) -> bytes:
    """Canonical JSON of a pathway and the document sources ("articles/document.xml" -> text) that belong to it."""
    body = _plain(None, dataclasses.replace(whole, sha256=""))
    return _canonical({"format": FORMAT, "pathway": body, "documents": dict(texts or {})})


def sha256(body: bytes) -> str:
    """What a formation is pinned to."""
    return hashlib.sha256(body).hexdigest()


def from_json(body: bytes) -> Pathway:
    """The pathway of a stored release, with its SHA-256; FileFault where it is not one of ours."""
    said = _said(body)
    found = _typed(Pathway, said["pathway"])
    assert isinstance(found, Pathway)
    return dataclasses.replace(found, sha256=sha256(body))


def document_texts(body: bytes) -> dict[str, str]:
    """The document sources of a release: "articles/document.xml" -> text."""
    return {str(k): str(v) for k, v in _object(_said(body)["documents"]).items()}


def _said(body: bytes) -> Mapping[str, object]:
    try:
        said = _object(json.loads(body))
    except ValueError:
        raise FileFault((Fault("release", 0, sha256(body)[:12], "is not JSON"),)) from None
    if said.get("format") != FORMAT or "pathway" not in said or "documents" not in said:
        wrong = f"is of a format that this version does not read: {said.get('format')!r}"
        raise FileFault((Fault("release", 0, sha256(body)[:12], wrong, str(FORMAT)),))
    return said


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _plain(hint: object, value: object) -> object:
    """A value as JSON; the hint tells mappings in order from words by language."""
    name = type(value).__name__
    if isinstance(value, Decimal):
        return [name, str(value)]
    if isinstance(value, StrEnum):
        return value.value
    if name in KINDS and dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [name, *(_plain(None, getattr(value, f.name)) for f in dataclasses.fields(value))]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            key: _plain(hint_, getattr(value, key))
            for key, hint_, default in _fields(type(value))
            if getattr(value, key) != default
        }
    if isinstance(value, Mapping):
        if hint == WORDS:
            return dict(value)
        inner = typing.get_args(hint)[1]
        return [[key, _plain(inner, one)] for key, one in value.items()]
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)
    if isinstance(value, tuple):
        inner = (typing.get_args(hint) or (None,))[0]
        return ["()", *(_plain(inner, one) for one in value)] if hint is None else [_plain(inner, one) for one in value]
    if isinstance(value, str | int | bool) or value is None:
        return value
    raise TypeError(f"a release holds no {name}")


def _typed(hint: object, value: object) -> object:
    """JSON as the value that the hint says."""
    if isinstance(value, list) and hint == conditions.Condition:
        return _kind(value)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        real = [a for a in inner if a is not type(None)]
        return None if value is None else _typed(real[0], value)
    if hint is Decimal and isinstance(value, list):
        return _kind(value)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(inner[0], one) for one in value)
    if origin is frozenset and isinstance(value, list):
        return frozenset(str(one) for one in value)
    if isinstance(value, list):
        return {key: _typed(inner[1], one) for key, one in value}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(str(value))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, dict):
        hints = {key: hint_ for key, hint_, _ in _fields(hint)}
        return hint(**{key: _typed(hints[key], one) for key, one in value.items()})
    return value


def _kind(value: list[object]) -> object:
    """[name, argument, ...] as the condition (or Decimal) it stands for; ["()", ...] as a plain tuple."""
    name, *arguments = value
    read = [_kind(one) if isinstance(one, list) else one for one in arguments]
    return tuple(read) if name == "()" else KINDS[str(name)](*read)


@cache
def _fields(kind: type) -> tuple[tuple[str, object, object], ...]:
    """(name, hint, default) of each field of a dataclass; the default is a value of its own where there is none."""
    hints = typing.get_type_hints(kind, vars(pathway))
    found = []
    for one in dataclasses.fields(kind):
        default: object = object()
        if one.default is not dataclasses.MISSING:
            default = one.default
        elif one.default_factory is not dataclasses.MISSING:
            default = one.default_factory()
        found.append((one.name, hints[one.name], default))
    return tuple(found)
