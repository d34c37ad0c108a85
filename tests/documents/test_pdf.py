"""The printed file: PDF/A-3a and PDF/UA-1 in one, with its data, bookmarks, marks and page numbers."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import page as page_validation
import pikepdf
import pytest

from mutualflow.documents.press import Press
from mutualflow.domain.material import Mark, long_view
from tests.documents.founding import WHEN, draft, full, paper_of, with_fact
from tests.verapdf.runner import verify

FALSE_ALARM = "PDFA3A-STREAM-LENGTH-001"  # whenever a compressed stream happens to end in 0x0D

LONG = "\n\n".join(
    f"Paragraph {n} of a purpose that goes on over pages. " + "Words and more words. " * 20 for n in range(30)
)


@pytest.fixture(scope="module")
def files(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each kind of paper, printed once."""
    folder = tmp_path_factory.mktemp("printed")
    papers = {
        "full": paper_of(full()),
        "draft": paper_of(draft()),
        "plain": paper_of(replace(full(), mark=Mark.NONE)),
        "letter": paper_of(full("notice_letter"), "notice_letter"),
        "long": paper_of(with_fact("purpose", long_view("purpose", LONG))),
    }
    made = {}
    for name, (html, data) in papers.items():
        made[name] = folder / f"{name}.pdf"
        made[name].write_bytes(press.print(html, data, WHEN))
    return made


def words(file: Path, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", "-raw", *options, str(file), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_verapdf_passes_both_profiles(files: Mapping[str, Path]) -> None:
    verdicts = verify(files.values())
    assert len(verdicts) == 2 * len(files)
    assert [v for v in verdicts if not v.passed] == []


def test_verapdf_can_fail(files: Mapping[str, Path]) -> None:
    assert not verify([files["letter"]], "ua2")[0].passed


@pytest.mark.parametrize("name", ["full", "draft", "plain", "letter", "long"])
def test_page_validation_and_qpdf_pass(name: str, files: Mapping[str, Path]) -> None:
    data = files[name].read_bytes()
    for profile in ("3a", "ua1"):
        found = page_validation.validate_pdf_bytes(data, profile=profile)
        assert [f.rule_id for f in found.failures if f.rule_id != FALSE_ALARM] == []
    subprocess.run(["qpdf", "--check", str(files[name])], capture_output=True, check=True)


def test_the_model_is_attached(files: Mapping[str, Path]) -> None:
    with pikepdf.open(files["full"]) as pdf:
        assert list(pdf.attachments) == ["model.json"]
        assert pdf.attachments["model.json"].get_file().read_bytes() == paper_of(full())[1]
        assert json.loads(paper_of(full())[1])["paper"]["number"] == "T01-0007"
        assert str(pdf.Root.AF[0].AFRelationship) == "/Source"


def test_every_page_says_which_page_of_which_version_of_what(files: Mapping[str, Path]) -> None:
    with pikepdf.open(files["full"]) as pdf:
        pages = len(pdf.pages)
    for n in range(1, pages + 1):
        said = words(files["full"], "-f", str(n), "-l", str(n))
        assert f"Page {n} of {pages}" in said
        assert "T01-0007" in said
        assert "Draft made on 6 January 2025" in said
        assert "SAMPLE" in said
    assert "SAMPLE" not in words(files["plain"])
    assert "DRAFT" in words(files["draft"], "-l", "1")


def test_headings_are_bookmarks_with_their_numbers(files: Mapping[str, Path]) -> None:
    titles: list[str] = []
    with pikepdf.open(files["full"]) as pdf, pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            one = waiting.pop(0)
            titles.append(one.title)
            waiting = [*one.children, *waiting]
    assert "Part 1 Meaning and liability" in titles
    assert "7 How many must be there" in titles


def test_nothing_that_repeats_is_read_out(files: Mapping[str, Path]) -> None:
    """Running heads, the mark and signature lines are artifacts: no structure element holds them."""
    with pikepdf.open(files["long"]) as pdf:
        for sheet in pdf.pages:
            content = b"".join(
                c.read_bytes()
                for c in (sheet.Contents if isinstance(sheet.Contents, pikepdf.Array) else [sheet.Contents])
            )
            assert content.count(b"/Artifact") >= 5


def test_a_paragraph_broken_by_a_page_end_is_one_paragraph(files: Mapping[str, Path]) -> None:
    """The long purpose is thirty paragraphs, however many page ends cut them."""
    assert paragraphs(files["long"]) - paragraphs(files["full"]) == 28


def paragraphs(file: Path) -> int:
    """How many P elements the structure tree holds."""
    with pikepdf.open(file) as pdf:
        found, waiting = 0, [pdf.Root.StructTreeRoot.K]
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.Array):
                waiting += list(one)
            elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
                found += str(one.S) == "/P"
                waiting.append(one.get("/K", pikepdf.Array()))
        return found


def test_last_page_lists_the_blanks(files: Mapping[str, Path]) -> None:
    with pikepdf.open(files["draft"]) as pdf:
        last = len(pdf.pages)
    said = re.sub(r"\s+", " ", words(files["draft"], "-f", str(last)))
    assert "Still to be supplied" in said
    assert "Body that receives what is left founders Article 11" in said
    assert "It is not legal advice" in words(files["draft"])


def test_welsh_letters_come_back_as_they_went_in(files: Mapping[str, Path]) -> None:
    assert "Tŷ Dŵr Care CIC" in words(files["full"])
    assert "Siân Ŵyn Example" in words(files["full"])
