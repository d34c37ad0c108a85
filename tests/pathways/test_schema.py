"""The JSON Schemas for editors: up to date, true of the shipped files, and with the keys that the compiler knows."""

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from mutualflow.pathways import compile as compiler
from mutualflow.pathways import expected, questions, schema, steps
from tests.pathways import real

KINDS = {"stages": "stage", "forms": "form", "facts": "facts", "expected": "expected"}
FILES = {
    **real.files(),
    **{f"expected/{p.name}": p.read_text(encoding="utf-8") for p in expected.FOLDER.glob("*.yaml")},
}


def plain(text: str) -> object:
    """A file as an editor reads it: days are text."""
    loader = YAML(typ="safe", pure=True)
    loader.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    return json.loads(json.dumps(loader.load(text)))


@pytest.mark.parametrize("name", schema.schemas())
def test_the_schemas_are_up_to_date(name: str) -> None:
    shipped = (schema.FOLDER / name).read_text(encoding="utf-8")
    assert shipped == schema.text_of(schema.schemas()[name]), "run python -m mutualflow.pathways.schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(shipped))


@pytest.mark.parametrize("file", FILES)
def test_the_shipped_files_fit_their_schema(file: str) -> None:
    kind = KINDS.get(file.partition("/")[0], file.removesuffix(".yaml"))
    validator = jsonschema.Draft202012Validator(schema.schemas()[f"{kind}.schema.json"])
    assert [f"{list(e.path)}: {e.message}" for e in validator.iter_errors(plain(FILES[file]))] == []


def test_schemas_and_compiler_know_the_same_keys() -> None:
    assert set(schema.STEP) == set(steps.STEP) >= set(steps.ADDABLE)
    assert set(schema.QUESTION) == set(questions.QUESTION) | set(questions.COLUMN)
    assert compiler.STAGES == steps.STAGES


def test_writing_gives_the_same_files(tmp_path: Path) -> None:
    schema.write(tmp_path)
    written = {p.name for p in tmp_path.iterdir()}
    assert written == {p.name for p in schema.FOLDER.iterdir()} - {"history.schema.json"}  # of replays, not pathways
