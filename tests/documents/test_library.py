"""Document folders: found, read with clear faults, and free of faults as shipped."""

import shutil
from pathlib import Path

import pytest

from mutualflow.documents import about, checks, library
from mutualflow.documents.library import Template
from mutualflow.domain.errors import FileFault
from tests.documents.founding import FIXTURES, template

ABOUT = (FIXTURES / "founding_rules" / "about.yaml").read_text(encoding="utf-8")

RENAMED = ABOUT.replace("key: founding_rules", "key: other")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: founding_rules", "", "key: is missing"),
        ("kind: articles", "kind: novel", "'novel' is no kind of document. Allowed: articles, rules"),
        ("audience: everyone", "audience: nobody", "'nobody' is no audience"),
        ("contents: yes", "content: yes", "content: is not known"),
        ("role: new_body_director", "role: king", "'king' is no role"),
        ("verified: no", "verified: perhaps", "REGB: is no source"),
        ("{should: who the directors are,", "{could: who the directors are,", "is no heading"),
        ("unverified: [LAWA s.12]", "unverified: [LAWB s.12]", "begins with no key of sources"),
        ("founders: [name]", "founders: name", "is not a mapping of lists to columns"),
        ("title: {en: Founding rules of the members}", "title: {cy: Rheolau}", "has no English words"),
        ("terms:\n", "terms: [\n", "YAML"),
        ("facts: [body_name", "facts: [body_name, body_name", "names a fact twice"),
        ("catalogue: T01", "catalogue: T01\ncatalogue: T02", "YAML"),
    ],
)
def test_a_fault_of_about_yaml_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert old in ABOUT
    with pytest.raises(FileFault) as raised:
        about.parse(ABOUT.replace(old, new, 1), "founding_rules/about.yaml")
    fault = next(one for one in raised.value.faults if said in str(one))
    assert fault.line > 0


def test_all_faults_are_told_at_once() -> None:
    spoilt = ABOUT.replace("kind: articles", "kind: novel").replace("audience: everyone", "audience: nobody")
    with pytest.raises(FileFault) as raised:
        about.parse(spoilt, "x/about.yaml")
    assert len(raised.value.faults) == 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "about.yaml").unlink(), "has no about.yaml"),
        (lambda folder: (folder / "document.xml").unlink(), "has no document.xml"),
        (lambda folder: (folder / "document.xml").write_bytes(b"\xff\xfe"), "is not UTF-8"),
        (lambda folder: (folder / "about.yaml").write_text(RENAMED), "the key is"),
        (lambda folder: (folder / "about.yaml").write_text(""), "is empty"),
    ],
)  # fmt: skip
def test_a_broken_folder_is_told(spoil: object, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "founding_rules"
    shutil.copytree(FIXTURES / "founding_rules", folder)
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(FileFault, match=said):
        library.load(folder)


def test_a_template_is_texts_only_so_that_a_release_can_hold_it() -> None:
    one = template()
    assert "document.xml" in one.texts
    again = Template(about.parse(ABOUT, "founding_rules/about.yaml"), dict(one.texts))
    assert checks.check(again) == ()


def test_sentences_of_two_documents_may_not_be_the_same() -> None:
    one = template()
    other = Template(one.about, one.texts)
    found = checks.repeated({"founding_rules": one, "copy": other})
    assert any("A Director serves three years" in f.sentence for f in found)
    assert checks.repeated({"founding_rules": one, "notice_letter": template("notice_letter")}) == ()


def test_the_house_has_its_style_sheets() -> None:
    css = library.house_css()
    assert "pkg:fonts/SourceSerifPro-Regular.ttf" in css
    assert "http" not in css


def test_a_release_keeps_every_source_so_that_a_pinned_formation_prints_from_its_own() -> None:
    shipped = library.load_all()
    again = library.from_texts(library.to_texts(shipped))
    assert again == dict(shipped)
