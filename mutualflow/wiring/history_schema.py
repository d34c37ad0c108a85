"""JSON Schema of histories and samples, for editors and for reading them; `python -m` writes it to docs/schemas."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from mutualflow.domain.calendar import NATIONS
from mutualflow.domain.formation import DecisionOutcome, Life
from mutualflow.domain.keys import (
    FORMS,
    ROUTES,
    Milestone,
    OrganisationKind,
    Outcome,
    Part,
    Registrar,
    Role,
    Side,
)
from mutualflow.domain.moves import ACTS
from mutualflow.domain.spelling import arguments

FILE = Path(__file__).resolve().parent.parent.parent / "docs" / "schemas" / "history.schema.json"

Schema = Mapping[str, object]

DAY_WORDS = "a day as 2012-03-04, a month as 2012-03, a year, a..b, ..b, a.. or unknown"
_ONE = r"\d{4}(-\d{2}(-\d{2})?)?"
SOURCE_KINDS = ("minute", "letter", "report", "press", "statute", "website", "interview", "invented")
FORM_WORDS = ("undecided", "unknown", "none")
SEQUELS = ("registered", "refused")


def _words(allowed: Iterable[str]) -> Schema:
    return {"enum": [str(one) for one in allowed]}


def _rows(of: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": of, **({"minItems": least} if least else {})}


def _object(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    made: dict[str, object] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if needed := list(required):
        made["required"] = needed
    return made


LINE: Schema = {"type": "string", "minLength": 1}
KEY: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"}
DATE: Schema = {
    "description": DAY_WORDS,
    "type": ["string", "integer"],
    "pattern": rf"^(unknown|{_ONE}|\.\.{_ONE}|{_ONE}\.\.({_ONE})?)$",
}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
NUMBER: Schema = {"type": ["string", "integer"], "pattern": r"^\d+(\.\d+)?$"}
COUNT: Schema = {"type": ["string", "integer"], "pattern": r"^\d+$"}
NOTHING: Schema = {"not": {}}
ANYTHING: Schema = {"type": ["string", "integer", "object", "array"]}

ROLE: Mapping[str, Schema] = {"role": _words(Role), "side": _words(Side), "organisation": KEY}
PERSON = _object(
    {"key": KEY, "name": LINE, "roles": _rows(_object(ROLE, ("role",)), 1), **ROLE, "from": DATE, "to": DATE}, ("key",)
)
ORGANISATION = _object(
    {"key": KEY, "name": LINE, "kind": _words(OrganisationKind), "part": _words(Part), "count": COUNT}, ("key", "kind")
)
FACT = _object(
    {
        "key": KEY,
        "value": {
            "anyOf": [
                {"type": ["string", "integer"]},
                _object({"between": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}}, ("between",)),
                _object({"at_least": NUMBER}, ("at_least",)),
            ]
        },
        "said_on": DATE,
        "source": LINE,
        "note": LINE,
    },
    ("key", "value"),
)
MILESTONE: Schema = {
    **_object(
        {"key": _words(Milestone), "planned": DATE, "actual": DATE, "said_on": DATE, "source": LINE, "note": LINE},
        ("key",),
    ),
    "anyOf": [{"required": ["planned"]}, {"required": ["actual"]}],
}
STATE = _object(
    {
        "date": DATE,
        "state": _words(Life),
        "outcome": _words(Outcome),
        "reason": LINE,
        "review_on": DATE,
        "source": LINE,
        "note": LINE,
    },
    ("date", "state"),
)
FORM: Schema = {
    "anyOf": [
        _words((*FORMS, *FORM_WORDS)),
        _object({"one_of": _rows(_words(FORMS), 2)}, ("one_of",)),
        _object({"other": LINE}, ("other",)),
    ]
}
HISTORY_ROW = _object(
    {
        "date": DATE,
        "step": KEY,
        "move": _words(ACTS),
        "by": KEY,
        "of": KEY,
        "slot": KEY,
        "side": _words(Side),
        "part": _words(Part),
        "decision": _words(DecisionOutcome),
        "votes": LINE,
        "reason": LINE,
        "person": KEY,
        "left": LINE,
        "filing": _words(Registrar),
        "sent": DATE,
        "answered": DATE,
        "answer": _words(SEQUELS),
        "before": KEY,
        "after": KEY,
        "complete": _rows(KEY, 1),
        "evidence": LINE,
        "source": LINE,
        "note": LINE,
    },
    ("date",),
)


def _sample_row() -> Schema:
    """A row of a sample: an act with its arguments, whichever act it is, and what only samples say."""
    said_with_acts = {name.rstrip("_"): ANYTHING for row in ACTS.values() for name in arguments(row)}
    said = {
        "move": _words(ACTS),
        "by": KEY,
        "recorded_by": KEY,
        "decision": _words(DecisionOutcome),
        "of": KEY,
        "task": ANYTHING,
        "tasks": ANYTHING,
        "due": DAY,
        "refused": LINE,
        "seen": _words(("stale",)),
        "machine": _words(("crash_between_queue_and_mark",)),
        "before": KEY,
        "after": KEY,
        "source": LINE,
        "note": LINE,
    }
    return _object({**said_with_acts, **said, "date": DAY}, ("date",))


def _kind(kind: str) -> Schema:
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}}


def schema() -> Schema:
    """The schema; rows of `happened` differ between histories and samples."""
    whole = _object(
        {
            "case": {"type": "string", "pattern": r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$"},
            "kind": _words(("history", "sample")),
            "title": LINE,
            "note": LINE,
            "law": _words(("as_on_date",)),
            "nation": _words(NATIONS),
            "form": FORM,
            "form_status": _words(("chosen", "planned")),
            "route": _words(ROUTES),
            "host_kind": _words(OrganisationKind),
            "known_until": DATE,
            "sources": _rows(
                _object({"key": LINE, "title": LINE, "kind": _words(SOURCE_KINDS)}, ("key", "title", "kind"))
            ),
            "organisations": _rows(ORGANISATION),
            "people": _rows(PERSON),
            "prescribed": _rows(KEY),
            "facts": _rows(FACT),
            "milestones": _rows(MILESTONE),
            "happened": {"type": "array"},
            "states": _rows(STATE),
        },
        ("case", "kind", "form"),
    )
    history: Schema = {"happened": {"items": {"$ref": "#/$defs/history_row"}}, "prescribed": NOTHING}
    sample: Schema = {"happened": {"items": {"$ref": "#/$defs/sample_row"}, "minItems": 1}, "states": NOTHING}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A history (recorded) or a sample (lived)",
        **whole,
        "allOf": [
            {**_kind("history"), "then": {"properties": history}},
            {
                **_kind("sample"),
                "then": {"properties": sample, "required": ["nation", "people", "organisations", "happened"]},
            },
        ],
        "$defs": {"history_row": HISTORY_ROW, "sample_row": _sample_row()},
    }


def to_json() -> str:
    """The published file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(to_json(), encoding="utf-8")
