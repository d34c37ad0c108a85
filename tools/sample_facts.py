"""Material from a YAML file of sample facts: for previews and tests, where there is no formation."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from mutualflow.documents.library import Template
from mutualflow.domain.material import (
    ChoiceView,
    FactView,
    ListView,
    Mark,
    Material,
    PrescribedText,
    RowView,
    TermView,
    draft_line,
    long_view,
    say_date,
)
from mutualflow.domain.tri import Tri


def read_facts(path: Path) -> Mapping[str, object]:
    """The file: formation, number, as_on, step, mark, facts, choices, lists, terms, prescribed (all optional)."""
    return mapping(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def mapping(value: object) -> Mapping[str, object]:
    """The value as a mapping, empty where there is none."""
    return value if isinstance(value, Mapping) else {}


def fact(key: str, value: object) -> FactView:
    """One fact of the file: words; dates as 2025-04-01; {text:, label:, by:, bare:, raw:}; nothing = a blank."""
    label, by = key.replace("_", " "), "staff lead"
    if isinstance(value, Mapping):
        label, by = str(value.get("label", label)), str(value.get("by", by))
        said = value.get("text")
        if said is None:
            return FactView(key, None, (), label, by)
        return FactView(key, str(said), (), label, by, str(value.get("bare", said)), str(value.get("raw", said)))
    if value is None:
        return FactView(key, None, (), label, by)
    text = str(value)
    try:
        return FactView(key, say_date(text), (), label, by, text, text)
    except ValueError:
        return long_view(key, text, label, by)


def material(template: Template, said: Mapping[str, object], step: str = "") -> Material:
    """The material of the file; declared facts and lists that it leaves out are blanks."""
    about = template.about
    facts, lists, choices = mapping(said.get("facts")), mapping(said.get("lists")), mapping(said.get("choices"))
    terms = {key: Tri(str(mapping(said.get("terms")).get(key, "maybe"))) for key in about.terms}
    rows: dict[str, ListView] = {}
    for key, columns in about.lists.items():
        given = lists.get(key)
        lines = given if isinstance(given, list) else []
        views = tuple(
            RowView(str(mapping(line).get("row", f"r{n}")), {c: fact(c, mapping(line).get(c)) for c in columns})
            for n, line in enumerate(lines, 1)
        )
        names = {c: c.replace("_", " ") for c in columns}
        rows[key] = ListView(key, views, names, key.replace("_", " "), "staff lead", complete=given is not None)
    offered = {
        key: ChoiceView(
            str(facts[key]) if facts.get(key) is not None else None,
            {str(k): str(v) for k, v in mapping(choices.get(key)).items()},
            key.replace("_", " "),
            "staff lead",
        )
        for key in about.facts
    }
    prescribed = {
        key: PrescribedText(key, tuple(str(text).strip().split("\n\n")), "0" * 64, sample=True)
        for key, text in mapping(said.get("prescribed")).items()
    }
    printed = {
        key: fact(key, mapping(choices.get(key)).get(str(facts.get(key)), facts.get(key))) for key in about.facts
    }
    on = date.fromisoformat(str(said.get("as_on", "2025-01-06")))
    return Material(
        printed, rows, {k: TermView(v, about.terms[k], "staff lead") for k, v in terms.items()}, offered, prescribed,
        step or str(said.get("step", "")), str(said.get("formation", "Riverside Care (sample)")),
        str(said.get("number", f"{about.catalogue}-001")), str(said.get("version", draft_line(on))), on,
        Mark(str(said.get("mark", "SAMPLE"))),
    )  # fmt: skip
