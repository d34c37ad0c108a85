"""Tables: columns that fit, or a paragraph for every row; no word is broken and nothing is cut."""

import io

import pytest
from rich.console import Console
from rich.text import Text

from mutualflow.cli.rows import Rows


def shown(rows: Rows, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width).print(rows)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def made() -> Rows:
    rows = Rows("", "Person", "Role", "Since", "Away", whole=("Since",))
    rows.add_row("●", "The commissioner", "commissioner (commissioner)", "4 Sep 2023", "")
    rows.add_row("○", Text("The [data] protection officer"), "information governance lead (host)", "14 Oct 2023", "")
    return rows


@pytest.mark.parametrize("width", range(20, 120))
def test_no_word_is_broken_and_no_line_is_too_long(width: int) -> None:
    """Whatever the width: in columns or in paragraphs every word is whole, and nothing is lost."""
    lines = shown(made(), width)
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    for word in ("commissioner", "(commissioner)", "governance", "protection", "[data]", "2023", "Oct"):
        assert word in words, (width, lines)


def test_a_column_without_anything_is_left_out() -> None:
    """Its heading would say nothing."""
    assert shown(made(), 100)[0].split() == ["Person", "Role", "Since"]


def test_what_stays_on_one_line_does() -> None:
    """A day is one thing."""
    assert any("14 Oct 2023" in line for line in shown(made(), 60))


def test_narrow_rows_are_paragraphs() -> None:
    """The first cell with its sign, the others under it with their names."""
    lines = shown(made(), 30)
    assert lines[0] == "● The commissioner"
    assert lines[1].strip().startswith("Role: commissioner")
    assert "Away" not in " ".join(lines)


def test_a_long_word_is_folded_and_not_lost() -> None:
    """A key longer than any column."""
    rows = Rows("Key", "What")
    rows.add_row("x" * 200, "y")
    assert "".join(shown(rows, 50)).count("x") == 200
