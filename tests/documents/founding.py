"""The fixture document that holds every element, and its material."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mutualflow.documents import library, page, source
from mutualflow.documents.library import Template
from mutualflow.domain.document import Document, to_json
from mutualflow.domain.material import ChoiceView, FactView, ListView, Mark, Material, TermView
from mutualflow.domain.numbering import number
from mutualflow.domain.tri import Tri
from tools.sample_facts import material, read_facts

FIXTURES = Path(__file__).resolve().parent / "fixtures"
WHEN = datetime(2025, 1, 6, tzinfo=UTC)


def template(name: str = "founding_rules") -> Template:
    """A fixture document."""
    return library.load(FIXTURES / name)


def edited(folder: Path, *pairs: tuple[str, str], file: str = "document.xml") -> Template:
    """The founding rules with words of a source replaced, in a folder of the test's own."""
    made = folder / "founding_rules"
    if not made.exists():
        shutil.copytree(FIXTURES / "founding_rules", made)
    text = (made / file).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    (made / file).write_text(text, encoding="utf-8")
    return library.load(made)


def full(name: str = "founding_rules") -> Material:
    """Material in which nothing is missing (founding rules) or a little is (letter)."""
    return material(template(name), read_facts(FIXTURES / name / "facts.yaml"))


def draft() -> Material:
    """Material with a fact, a choice, a term, a list and an official text missing."""
    whole = full()
    locked = FactView("locked_body", None, (), "body that receives what is left", "founders")
    model = ChoiceView(None, whole.choices["board_model"].words, "how the board is made up", "staff lead")
    founders = ListView("founders", (), {"name": "name"}, "the founders", "staff lead", complete=False)
    return replace(
        whole,
        facts={**whole.facts, "locked_body": locked},
        choices={**whole.choices, "board_model": model},
        terms={"has_council": TermView(Tri.MAYBE, "the council may be a member", "host sponsor")},
        lists={**whole.lists, "founders": founders},
        prescribed={},
        mark=Mark.DRAFT,
    )


def with_fact(key: str, view: FactView) -> Material:
    """Full material with one fact said otherwise."""
    whole = full()
    return replace(whole, facts={**whole.facts, key: view})


def read(said: Material | None = None, one: Template | None = None) -> Document:
    """The model."""
    return source.read(one or template(), said or full())


def paper_of(said: Material, name: str = "founding_rules") -> tuple[str, bytes]:
    """What the press is given: the page and the data."""
    one = template(name)
    document = source.read(one, said)
    numbers = number(document)
    words: Mapping[str, str] = {"number": said.number, "version": said.version}
    return page.paper(document, one.about, numbers, said), to_json(document, numbers.beside, words)
