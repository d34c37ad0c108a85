"""Releases: a compiled pathway as canonical JSON, by its SHA-256, and back."""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from mutualflow.domain import conditions, pathway
from mutualflow.domain.pathway import Pathway

KINDS = {
    c.__name__: c
    for c in (
        conditions.FactIs, conditions.FactAtLeast, conditions.FactBelow, conditions.CountAtLeast,
        conditions.MilestoneFrom, conditions.MilestoneBefore, conditions.Term, conditions.Not, conditions.AllOf,
        conditions.AnyOf, conditions.RuleValue,
    )
}  # fmt: skip


def to_json(whole: Pathway, texts: Mapping[str, str] | None = None) -> bytes:
    """Canonical JSON of a pathway and the document sources that belong to it."""
    body = {f.name: _plain(getattr(whole, f.name)) for f in dataclasses.fields(whole) if f.name != "sha256"}
    return json.dumps(
        {"format": 1, "pathway": body, "documents": dict(texts or {})}, sort_keys=False, ensure_ascii=False,
        separators=(",", ":"),
    ).encode()  # fmt: skip  # the order of steps, questions and choices is part of it


def sha256(body: bytes) -> str:
    """What a formation is pinned to."""
    return hashlib.sha256(body).hexdigest()


def from_json(body: bytes) -> Pathway:
    """The pathway of a stored release."""
    said = json.loads(body)["pathway"]
    hints = typing.get_type_hints(Pathway)
    values = {name: _typed(hints[name], value) for name, value in said.items()}
    return Pathway(**values, sha256=sha256(body))  # type: ignore[arg-type]


def document_texts(body: bytes) -> dict[str, str]:
    """The document sources of a release: "articles/document.xml" -> text."""
    return dict(json.loads(body)["documents"])


def _plain(value: object) -> object:
    if isinstance(value, tuple(KINDS.values())):
        return {
            "?": type(value).__name__,
            **{f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)},
        }
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if getattr(value, f.name) != _default(f)
        }
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(_plain(v) for v in value)  # type: ignore[type-var]
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    if isinstance(value, Decimal):
        return {"?": "Decimal", "text": str(value)}
    return value.value if isinstance(value, StrEnum) else value


def _default(field: "dataclasses.Field[object]") -> object:
    if field.default is not dataclasses.MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else dataclasses.MISSING


_HINTS: dict[type, dict[str, object]] = {}


def _typed(hint: object, value: object) -> object:
    if isinstance(value, dict) and "?" in value:
        return _condition(value)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        real = [a for a in inner if a is not type(None)]
        return None if value is None else _typed(real[0], value)
    if origin is tuple and isinstance(value, list):
        return tuple(_typed(inner[0], v) for v in value)
    if origin is frozenset and isinstance(value, list):
        return frozenset(value)
    if origin is not None and isinstance(value, dict):
        return {k: _typed(inner[1], v) for k, v in value.items()}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(str(value))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, dict):
        hints = _HINTS.get(hint)
        if hints is None:
            hints = _HINTS[hint] = typing.get_type_hints(hint, vars(pathway))
        return hint(**{k: _typed(hints[k], v) for k, v in value.items()})
    return value


def _condition(value: Mapping[str, object]) -> object:
    name = str(value["?"])
    if name == "Decimal":
        return Decimal(str(value["text"]))

    def inside(one: object) -> object:
        if isinstance(one, list):
            return tuple(inside(v) for v in one)
        return _condition(one) if isinstance(one, dict) else one

    return KINDS[name](**{k: inside(v) for k, v in value.items() if k != "?"})
