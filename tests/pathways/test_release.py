"""Releases: canonical JSON that gives the same pathway back, and a hash that changes with every word."""

import json
from dataclasses import replace

import pytest

from mutualflow.domain.errors import FileFault
from mutualflow.domain.pathway import Pathway
from mutualflow.pathways import release
from tests.pathways import real

TEXTS = {"articles/document.xml": "<document/>"}


def body() -> bytes:
    """The shipped pathway as a release."""
    return release.to_json(real.whole().pathway, TEXTS)


def test_a_release_gives_the_same_pathway_back() -> None:
    whole = real.whole().pathway
    again = release.from_json(body())
    assert again.sha256 == release.sha256(body())
    assert replace(again, sha256="") == whole
    for one, other in ((again.steps, whole.steps), (again.questions, whole.questions), (again.terms, whole.terms)):
        assert list(one) == list(other)  # the order is part of it
    for key, question in whole.questions.items():
        assert list(again.questions[key].choices) == list(question.choices)
    for key, records in whole.lists.items():
        assert list(again.lists[key].columns) == list(records.columns)
    assert release.to_json(again, TEXTS) == body()
    assert release.document_texts(body()) == TEXTS


def test_the_json_is_canonical() -> None:
    text = body().decode()
    assert text == json.dumps(
        json.loads(text, parse_float=lambda _: pytest.fail("a float")), sort_keys=True, ensure_ascii=False,
        separators=(",", ":"),
    )  # fmt: skip


def test_every_word_counts_for_the_hash() -> None:
    seen = {release.sha256(body()), release.sha256(release.to_json(real.whole().pathway, {}))}
    for old, new in (("Open the doors", "Open all doors"), ("each: host", "each:  host")):
        file = "stages/launch.yaml" if "doors" in old else "stages/plan.yaml"
        changed = real.compile_files(real.changed(file, old, new)).pathway
        seen.add(release.sha256(release.to_json(changed, TEXTS)))
    assert len(seen) == 3  # a space in a file that changes no word is no change


def test_what_is_no_release_is_refused_with_a_sentence() -> None:
    for wrong, words in ((b"x", "is not JSON"), (b"[]", "is not JSON"), (b'{"format":2}', "does not read: 2")):
        with pytest.raises(FileFault, match=words):
            release.from_json(wrong)


def test_an_old_release_without_a_newer_field_is_read_with_its_default() -> None:
    said = json.loads(body())
    for _, step in said["pathway"]["steps"]:
        step.pop("clock_when", None)
    assert isinstance(release.from_json(json.dumps(said).encode()), Pathway)
