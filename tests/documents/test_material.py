"""Facts as words: by type, unit and language; and what an answer may hold."""

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from mutualflow.documents.fetcher import font_folder
from mutualflow.domain.material import (
    draft_line,
    kept_line,
    say_date,
    say_number,
    view_fact,
    with_unit,
)
from mutualflow.domain.pathway import Question, QuestionType
from mutualflow.domain.words import PRINTABLE, UnfitWords, clean, clean_paragraphs


def question(kind: QuestionType, unit: str = "", **choices: str) -> Question:
    words = {key: {"en": said} for key, said in choices.items()}
    return Question("q", kind, {"en": "a label"}, {"en": "A question?"}, choices=words, unit=unit)


@pytest.mark.parametrize(
    ("kind", "unit", "text", "printed"),
    [
        (QuestionType.MONEY, "", "1200", "£1,200"),
        (QuestionType.MONEY, "", "1200.5", "£1,200.50"),
        (QuestionType.MONEY, "", "-3", "−£3"),
        (QuestionType.NUMBER, "days", "14", "14 days"),
        (QuestionType.NUMBER, "days", "1", "1 day"),
        (QuestionType.NUMBER, "people", "1", "1 person"),
        (QuestionType.NUMBER, "percent", "62.5", "62.5%"),
        (QuestionType.NUMBER, "people", "90..120", "90 to 120 people"),
        (QuestionType.NUMBER, "", "90..", "90 or more"),
        (QuestionType.DATE, "", "2025-04-01", "1 April 2025"),
        (QuestionType.DATE, "", "2025-04", "April 2025"),
        (QuestionType.DATE, "", "2012", "2012"),
        (QuestionType.DATE, "", "2024-01-05..2024-02-01", "between 5 January 2024 and 1 February 2024"),
        (QuestionType.DATE, "", "..2024-02-01", "on or before 1 February 2024"),
        (QuestionType.YES_NO, "", "yes", "yes"),
        (QuestionType.TEXT, "", "  Tŷ\tDŵr ", "Tŷ Dŵr"),
    ],
)
def test_facts_are_printed_by_type(kind: QuestionType, unit: str, text: str, printed: str) -> None:
    assert view_fact(question(kind, unit), text, "staff lead").text == printed


def test_a_choice_prints_its_words_and_keeps_its_key() -> None:
    view = view_fact(question(QuestionType.CHOICE, lgps="Local Government Pension Scheme"), "lgps", "staff lead")
    assert (view.text, view.raw) == ("Local Government Pension Scheme", "lgps")


@pytest.mark.parametrize("text", [None, "not_known", " \n "])
def test_what_nobody_knows_is_a_blank_with_label_and_person(text: str | None) -> None:
    view = view_fact(question(QuestionType.LONG_TEXT), text, "staff lead")
    assert (view.known, view.label, view.by) == (False, "a label", "staff lead")


def test_long_text_keeps_paragraphs_and_joins_lines() -> None:
    view = view_fact(question(QuestionType.LONG_TEXT), "One\r\nline.\r\n \r\nTwo.\n\n\n", "x")
    assert view.paragraphs == ("One line.", "Two.")
    assert view.text == "One line. Two."
    assert view_fact(question(QuestionType.LONG_TEXT), "One.", "x").paragraphs == ()


def test_numbers_dates_and_units_have_their_own_words() -> None:
    assert say_date("2025-04-01", "cy") == "1 Ebrill 2025"
    assert say_number(str(Decimal("0.10")), "£") == "£0.10"
    assert with_unit("1", "members of staff") == "1 member of staff"
    assert draft_line(date(2025, 1, 6)) == "Draft made on 6 January 2025"
    assert kept_line(2, date(2024, 5, 3)) == "Version 2, put forward on 3 May 2024"


@pytest.mark.parametrize("text", ["twelve", "NaN", "Infinity", "1e", ""])
def test_what_is_no_number_is_not_printed(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        view_fact(question(QuestionType.NUMBER), text, "")


def test_answers_are_held_to_what_can_be_printed() -> None:
    with pytest.raises(UnfitWords, match="cannot be seen"):
        view_fact(question(QuestionType.TEXT), "a\u202eb", "")
    with pytest.raises(UnfitWords, match="cannot print: grinning face"):
        view_fact(question(QuestionType.LONG_TEXT), "well \U0001f600", "")
    fit = "Tŷ Dŵr: ½ of £3, “quoted” – and more…"
    assert view_fact(question(QuestionType.LONG_TEXT), fit, "").text == fit


def test_too_much_is_refused() -> None:
    with pytest.raises(UnfitWords, match="more than 200 paragraphs"):
        clean_paragraphs("a\n\n" * 201)
    with pytest.raises(UnfitWords, match="longer than 20,000"):
        clean("a " * 10_001)


def test_every_sign_that_is_allowed_is_in_all_house_fonts() -> None:
    assert importlib.util.find_spec("fontTools") is not None
    for family in ("SourceSerifPro", "SourceSansPro"):
        for weight in ("Regular", "Semibold"):
            with TTFont(Path(font_folder(family)) / f"{family}-{weight}.ttf") as font:
                lacking = PRINTABLE - set(map(chr, font.getBestCmap()))
            assert not lacking, (family, weight, sorted(lacking))
    assert set("ŵŷŴŶâêîôûïẃẁẅỳ£€–—‘’“”•…§→☐☑✓½") <= PRINTABLE
