"""The shipped documents, the questions of the pathway files, and the invented samples that tests print."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from mutualflow.documents import checks, library, source
from mutualflow.documents.library import Template
from mutualflow.domain.document import Blank, Block, Clause, Document, Note, Para, Sign, Text, runs_of, walk
from mutualflow.domain.keys import Audience
from mutualflow.domain.material import FactView, ListView, Material, RowView, TermView, kept_line, view_fact
from mutualflow.domain.pathway import Question, QuestionType
from mutualflow.domain.tri import Tri

HERE = Path(__file__).resolve().parent
PATHWAYS = HERE.parent.parent / "mutualflow" / "pathways"
SUPPLIED = {  # lists that the service makes from plan and evidence, not from questions
    "plan_steps": {"name": "text", "from": "date", "to": "date", "owner": "text", "milestone": "text"},
    "evidence_on_file": {"step": "text", "evidence": "text", "reference": "text"},
}
AS_ON = date(2024, 6, 20)


def mapping(value: object) -> Mapping[str, object]:
    """The value as a mapping, empty where there is none."""
    return {str(k): v for k, v in value.items()} if isinstance(value, Mapping) else {}


def rows(value: object) -> list[object]:
    """The value as a list, empty where there is none."""
    return list(value) if isinstance(value, list) else []


@cache
def read_yaml(path: Path) -> Mapping[str, object]:
    """A YAML file as a mapping."""
    return mapping(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


@cache
def headings() -> Mapping[str, Mapping[str, object]]:
    """The table of headings that law and practice ask of each document."""
    return {key: mapping(value) for key, value in read_yaml(HERE / "headings.yaml").items()}


def words(value: object) -> Mapping[str, str]:
    """A text of a pathway file in its languages."""
    return {k: str(v) for k, v in mapping(value).items()} if isinstance(value, Mapping) else {"en": str(value or "")}


def question(key: str, row: Mapping[str, object]) -> Question:
    """A question as its file says it, as far as printing needs it."""
    return Question(
        key=key,
        type=QuestionType(str(row["type"])),
        label=words(row.get("label")),
        words=words(row.get("words")),
        choices={k: words(v) for k, v in mapping(row.get("choices")).items()},
        at_least=Decimal(str(row["at_least"])) if "at_least" in row else None,
        unit=str(row.get("unit", "")),
        audience=Audience(str(row.get("audience", "everyone"))),
    )


def fact_files() -> Iterator[Mapping[str, object]]:
    """Every file of questions."""
    for path in sorted((PATHWAYS / "facts").glob("*.yaml")):
        yield read_yaml(path)


@cache
def questions() -> Mapping[str, Question]:
    """Every question of the pathway by key."""
    return {k: question(k, mapping(v)) for file in fact_files() for k, v in mapping(file.get("facts")).items()}


@cache
def lists() -> Mapping[str, Mapping[str, Question]]:
    """Every record list with its columns, those the service supplies included."""
    said = {
        key: {c: question(c, mapping(column)) for c, column in mapping(mapping(one).get("columns")).items()}
        for file in fact_files()
        for key, one in mapping(file.get("lists")).items()
    }
    made = {
        key: {c: question(c, {"type": kind, "label": c}) for c, kind in columns.items()}
        for key, columns in SUPPLIED.items()
    }
    return {**said, **made}


@cache
def steps() -> Mapping[str, list[Mapping[str, object]]]:
    """Every step: its row in the stage file, then what forms add to it."""
    out: dict[str, list[Mapping[str, object]]] = {}
    for folder in ("stages", "forms"):
        for path in sorted((PATHWAYS / folder).glob("*.yaml")):
            file = read_yaml(path)
            for key, row in mapping(file.get("steps")).items():
                out.setdefault(key, []).append({"stage": file.get("stage", ""), **mapping(row)})
    return out


def names_in(value: object, name: str) -> set[str]:
    """Keys of a list whose rows are a key or a mapping that has it under `name`."""
    return {one if isinstance(one, str) else str(mapping(one).get(name, "")) for one in rows(value)} - {""}


@cache
def producers() -> Mapping[str, tuple[str, ...]]:
    """Document -> the steps that produce it."""
    out: dict[str, list[str]] = {}
    for step, parts in steps().items():
        for part in parts:
            for key in names_in(part.get("produces"), "document"):
                out.setdefault(key, []).append(step)
    return {key: tuple(dict.fromkeys(found)) for key, found in out.items()}


@cache
def asked_in(kind: str) -> Mapping[str, set[str]]:
    """Fact (kind asks) or list (kind lists) -> the steps that ask it."""
    out: dict[str, set[str]] = {}
    for step, parts in steps().items():
        for part in parts:
            for key in names_in(part.get(kind), "fact" if kind == "asks" else "list"):
                out.setdefault(key, set()).add(step)
    return out


@cache
def behind(step: str) -> set[str]:
    """The step and all that it waits for, all the way."""
    whole, found, open_steps = steps(), {step}, [step]
    while open_steps:
        here = open_steps.pop()
        for part in whole.get(here, []):
            for one in rows(part.get("after")):
                row = mapping(one)
                near = {str(one)} if isinstance(one, str) else {str(row.get("step", ""))}
                if stage := row.get("all_of"):
                    near |= {key for key, parts in whole.items() if parts[0]["stage"] == stage and key != step}
                fresh = (near & set(whole)) - found
                found |= fresh
                open_steps += fresh
    return found


def versions(template: Template) -> tuple[str, ...]:
    """The steps whose versions of a document differ; one empty name where they do not."""
    return template.about.steps or ("",)


def bare_document(template: Template, step: str = "") -> Document:
    """The document of one step with nothing known: every fact a blank, nothing dropped but what other steps keep."""
    return source.read(template, replace(checks.open_material(template.about, choices()), step=step))


@cache
def choices() -> Mapping[str, Mapping[str, str]]:
    """Allowed answers of every choice."""
    return {key: {k: v["en"] for k, v in one.choices.items()} for key, one in questions().items() if one.choices}


def blanks(document: Document) -> set[str]:
    """Keys of the facts and record lists that a document prints as blanks."""
    found: set[str] = set()
    for block, _ in walk(document.body):
        for runs in runs_of(block):
            found |= {run.key for run in runs if isinstance(run, Blank)}
    return found


def own_words(block: Block) -> int:
    """How many words of the source stand in the paragraphs of a clause and below it; tables and titles do not count."""
    count = 0
    for one, _ in walk((block,)):
        if isinstance(one, Para | Note | Sign) and not isinstance(one, Clause):
            for runs in runs_of(one):
                count += sum(len(run.text.split()) for run in runs if isinstance(run, Text))
    return count


def sample(name: str) -> Mapping[str, Mapping[str, object]]:
    """A sample with what it is based on: facts, lists, terms."""
    whole = read_yaml(HERE / "samples" / f"{name}.yaml")
    base = sample(str(whole["based_on"])) if "based_on" in whole else {}
    return {part: {**base.get(part, {}), **mapping(whole.get(part))} for part in ("facts", "lists", "terms")}


def material(template: Template, step: str, said: Mapping[str, Mapping[str, object]]) -> Material:
    """What a sample's formation would give: values by the questions' types, blanks where the sample is silent."""
    asked, columns = questions(), lists()

    def view(one: Question, value: object) -> FactView:
        return view_fact(one, None if value is None else str(value), "staff lead")

    facts = {key: view(asked[key], said["facts"].get(key)) for key in template.about.facts}
    views = {}
    for key, names in template.about.lists.items():
        found = tuple(
            RowView(f"r{n}", {c: view(columns[key][c], mapping(row).get(c)) for c in names})
            for n, row in enumerate(rows(said["lists"].get(key)), 1)
        )
        views[key] = ListView(
            key, found, {c: columns[key][c].label["en"] for c in names}, key, "staff lead", bool(found)
        )
    terms = {key: TermView(Tri(str(said["terms"].get(key, "maybe")))) for key in template.about.terms}
    return Material(
        facts=facts, lists=views, terms=terms, choices={}, prescribed={}, step=step,
        formation="Alderport homeless health", number=f"ALDER/{template.about.catalogue}/1",
        version=kept_line(1, AS_ON), as_on=AS_ON,
    )  # fmt: skip


@cache
def shipped() -> Mapping[str, Template]:
    """The documents that the table of headings names."""
    return {key: library.load(library.templates_folder() / key) for key in headings()}
