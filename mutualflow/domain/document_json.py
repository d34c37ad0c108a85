"""The document model read back from its JSON (document.to_json): what was kept is shown again, word for word."""

import json
import types
import typing
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, cast

from mutualflow.domain import document as d
from mutualflow.domain.document import Document

KINDS: dict[str, type] = {
    "text": d.Text, "value": d.Value, "blank": d.Blank, "ref": d.Ref, "term": d.TermUse, "para": d.Para,
    "heading": d.Heading, "note": d.Note, "line": d.Line, "define": d.Define, "table": d.Table, "figure": d.Figure,
    "prescribed": d.Prescribed, "sign": d.Sign, "undecided": d.Undecided, "cell": d.Cell, "task": d.Task,
}  # fmt: skip
"""The names that to_json gives; a clause has none."""


class NotOurs(ValueError):
    """The text is not a model that to_json wrote."""


def from_json(text: str) -> Document:
    """The document of a kept model; NotOurs where the text is none. Its hash is the one it was kept with."""
    try:
        whole = json.loads(text)
        found = cast(Document, _made(Document, whole["model"]))
    except (ValueError, TypeError, KeyError) as error:
        raise NotOurs(str(error)) from None
    if d.document_hash(found) != whole["hash"]:
        raise NotOurs("the words do not have the hash that is kept with them")
    return found


def _made(kind: type, data: dict[str, Any]) -> object:
    hints = _hints(kind)
    values = {name: _read(hint, data[name]) for name, hint in hints.items() if name in data}
    for name, hint in hints.items():
        if name not in values and typing.get_origin(hint) is tuple:
            values[name] = ()
        elif name not in values and hint is str:
            values[name] = ""
    return cast(Callable[..., object], kind)(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    found = typing.get_type_hints(kind, vars(d))
    return {name: hint for name, hint in found.items() if name != "where"}


def _read(hint: Any, data: Any) -> object:
    origin = typing.get_origin(hint)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_read(inner, one) for one in data)
    if origin in (typing.Union, types.UnionType):
        return _made(KINDS[data["kind"]] if "kind" in data else d.Clause, data)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(data)
    return _made(hint, data) if isinstance(data, dict) else data
