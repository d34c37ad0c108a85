"""JSON Schemas of the pathway files, for editors; `python -m mutualflow.pathways.schema` writes them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from mutualflow.domain.keys import FORMS, Audience, Body, Milestone, Registrar, Role, Side
from mutualflow.domain.pathway import QuestionType, With
from mutualflow.pathways import expected, questions, steps

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "schemas"

Schema = Mapping[str, object]

KEY: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
LINE: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _words(allowed: Iterable[str]) -> Schema:
    return {"enum": [str(one) for one in allowed]}


def _rows(of: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": of, **({"minItems": least} if least else {})}


def _object(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    made: dict[str, object] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if needed := list(required):
        made["required"] = needed
    return made


def _named(of: Schema) -> Schema:
    return {"type": "object", "propertyNames": KEY, "additionalProperties": of}


def _key_or(properties: Mapping[str, Schema], required: str) -> Schema:
    return {"anyOf": [KEY, _object(properties, (required,))]}


FLAG = _words(("yes", "no"))
RULE = _object({"rule": KEY}, ("rule",))
BOUND: Schema = {"anyOf": [NUMBER, RULE]}
COMPARISONS: Mapping[str, Schema] = {
    "is": {"type": "string"},
    "one_of": _rows({"type": "string"}, 1),
    "at_least": BOUND,
    "below": BOUND,
    "from": RULE,
    "before": RULE,
}
CONDITION: Schema = {
    "description": "A mapping with several keys holds where all of them do. Other keys are facts.",
    "type": "object",
    "minProperties": 1,
    "properties": {
        "all": _rows(_ref("condition"), 1),
        "any": _rows(_ref("condition"), 1),
        "not": _ref("condition"),
        "term": KEY,
        "count_of": _object({"list": KEY, "at_least": {"type": "integer", "minimum": 1}}, ("list", "at_least")),
        "milestone": {
            **_object(
                {"key": _words(Milestone), "from": {"anyOf": [DAY, RULE]}, "before": {"anyOf": [DAY, RULE]}}, ("key",)
            ),
            "oneOf": [{"required": ["from"]}, {"required": ["before"]}],
        },
    },
    "additionalProperties": {**_object(COMPARISONS), "minProperties": 1, "maxProperties": 1},
}
WHEN = _ref("condition")
PARTY = _object({"role": _words(Role), "side": _words(Side)}, ("role", "side"))
STEP: Mapping[str, Schema] = {
    "title": _ref("text"),
    "why": _ref("text"),
    "how": _ref("text"),
    "goes_wrong": _ref("text"),
    "owner": PARTY,
    "helpers": _rows(PARTY),
    "when": WHEN,
    "after": _rows(
        {
            "anyOf": [
                KEY,
                _object({"step": KEY, "when": WHEN}, ("step",)),
                _object({"all_of": _words(steps.STAGES), "when": WHEN}, ("all_of",)),
            ]
        }
    ),
    "asks": _rows(_key_or({"fact": KEY, "optional": FLAG, "when": WHEN}, "fact")),
    "lists": _rows(_key_or({"list": KEY, "optional": FLAG, "when": WHEN}, "list")),
    "produces": _rows(
        _object({"document": KEY, "catalogue": LINE, "for_filing": FLAG, "when": WHEN}, ("document", "catalogue"))
    ),
    "brings": _rows(
        _object(
            {
                "evidence": KEY,
                "title": _ref("text"),
                "catalogue": LINE,
                "with": _words(With),
                "optional": FLAG,
                "audience": _words(Audience),
                "when": WHEN,
            },
            ("evidence", "title"),
        )
    ),
    "slots": _rows(
        {
            **_object(
                {
                    "key": KEY,
                    "role": _words(Role),
                    "body": _words(Body),
                    "side": _words(Side),
                    "organisation": _words(Registrar),
                    "each": _words(("host",)),
                    "when": WHEN,
                },
                ("key",),
            ),
            "oneOf": [{"required": ["role", "side"]}, {"required": ["body"]}],
        }
    ),
    "files": _object({"registrar": _words(Registrar), "fee": RULE, "when": WHEN}, ("registrar",)),
    "reaches": _words(Milestone),
    "gate": FLAG,
    "irrevocable": FLAG,
    "optional": FLAG,
    "immaterial": _rows(KEY),
    "duration": _object({"weeks": {**_rows({"type": "integer", "minimum": 0}, 3), "maxItems": 3}}, ("weeks",)),
    "clocks": _rows(_key_or({"clock": KEY, "when": WHEN}, "clock")),
    "law": _rows(
        _object(
            {
                "text": _ref("text"),
                "source": LINE,
                "from": DAY,
                "to": DAY,
                "verified": FLAG,
                "when": WHEN,
                "rules": _rows(KEY),
            },
            ("text", "source", "from", "verified"),
        )
    ),
    "retired": FLAG,
}
QUESTION: Mapping[str, Schema] = {
    "type": _words(QuestionType),
    "label": _ref("text"),
    "words": _ref("text"),
    "hint": _ref("text"),
    "choices": _named(_ref("text")),
    "at_least": NUMBER,
    "at_most": NUMBER,
    "unit": LINE,
    "audience": _words(Audience),
    "if_not_known": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    "for_the_record": LINE,
    "optional": FLAG,
}
IMPOSSIBLE = _rows(
    _object({"key": KEY, "when": WHEN, "sentence": _ref("text"), "source": LINE}, ("key", "when", "sentence", "source"))
)


def _step(keys: Iterable[str], required: Iterable[str] = ()) -> Schema:
    return _object({key: STEP[key] for key in keys}, required)


def _question(keys: Iterable[str], required: Iterable[str]) -> Schema:
    return _object({key: QUESTION[key] for key in keys}, required)


def _list() -> Schema:
    column = _question(questions.COLUMN, ("type", "label"))
    properties: dict[str, Schema] = {key: QUESTION[key] for key in questions.LIST if key != "columns"}
    return _object({**properties, "columns": {**_named(column), "minProperties": 1}}, ("label", "words", "columns"))


WHOLE = ("title", "why", "how", "goes_wrong", "owner")


def schemas() -> Mapping[str, Schema]:
    """File name -> the schema of a kind of pathway file."""
    new_step = _object({**{key: STEP[key] for key in steps.STEP}, "stage": _words(steps.STAGES)}, ("stage", *WHOLE))
    facts = {"type": "object", "propertyNames": KEY, "additionalProperties": {"type": ["string", "integer"]}}
    by_step = _named(_rows(KEY))
    case: dict[str, Schema] = {
        "name": LINE,
        "facts": facts,
        "on": {"type": "object", "propertyNames": _words(Milestone), "additionalProperties": DAY},
        "applies": _rows(KEY),
        "not": _rows(KEY),
        "see": LINE,
        **{word: by_step for part in expected.PARTS for word in (part, f"no_{part}")},
    }
    roots = {
        "stage": _object(
            {
                "stage": _words(steps.STAGES),
                "title": _ref("text"),
                "summary": _ref("text"),
                "steps": _named(_step(steps.STEP, WHOLE)),
            },
            ("stage", "title", "summary", "steps"),
        ),
        "form": _object(
            {
                "form": _words(FORMS),
                "title": _ref("text"),
                "summary": _ref("text"),
                "steps": _named({"anyOf": [_step(steps.ADDABLE), new_step]}),
                "impossible": IMPOSSIBLE,
            },
            ("form", "title", "summary"),
        ),
        "facts": _object(
            {"facts": _named(_question(questions.QUESTION, ("type", "label", "words"))), "lists": _named(_list())}
        ),
        "terms": _object(
            {"terms": _named(_object({"words": _ref("text"), "when": WHEN}, ("words", "when")))}, ("terms",)
        ),
        "impossible": _object({"impossible": IMPOSSIBLE}, ("impossible",)),
        "never": _object(
            {
                "never": _rows(
                    _object(
                        {"first": _words(Milestone), "second": _words(Milestone), "source": LINE},
                        ("first", "second", "source"),
                    )
                )
            },
            ("never",),
        ),
        "expected": _object(
            {
                "form": _words(FORMS),
                "cases": _rows(_object({key: case[key] for key in expected.CASE}, ("name", "facts", "see"))),
                "before": _rows({**_rows(KEY, 2), "maxItems": 2}),
                "never": _rows({**_rows(_words(Milestone), 2), "maxItems": 2}),
                "for_filing": _rows(KEY),
                "gates": _rows(KEY),
                "irrevocable": _rows(KEY),
                "law_steps": _named(LINE),
                "impossible": _rows(_object({"facts": facts, "see": LINE}, ("facts", "see"))),
                "reaches": {"type": "object", "propertyNames": _words(Milestone), "additionalProperties": KEY},
                "produces": by_step,
                "files": _named(_words(Registrar)),
                "owners": by_step,
            },
            expected.TOP,
        ),
    }
    return {f"{name}.schema.json": _finished(name, root) for name, root in roots.items()}


def _finished(name: str, root: Schema) -> Schema:
    text: Schema = {"anyOf": [LINE, _object({"en": LINE, "cy": LINE}, ("en",))]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Pathway file: {name}",
        **root,
        "$defs": {"condition": CONDITION, "text": text},
    }


def text_of(schema: Schema) -> str:
    """A schema as its file says it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def write(folder: Path = FOLDER) -> None:
    """Write every schema into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    write()
