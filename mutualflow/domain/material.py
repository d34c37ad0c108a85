"""Material: all that a document is made of besides its source, as words ready to print."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Question, QuestionType, say
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.tri import Tri
from mutualflow.domain.words import clean, clean_paragraphs

MOST_ROWS = 500


class Mark(StrEnum):
    """What stands across every page."""

    NONE = ""
    DRAFT = "DRAFT"
    SAMPLE = "SAMPLE"


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as a document sees it. `text` None: a visible blank that `by` (in words) must fill."""

    key: str
    text: str | None = None
    paragraphs: tuple[str, ...] = ()  # of a long text with more than one
    label: str = ""
    by: str = ""
    bare: str = ""  # the number or amount without its unit
    raw: str = ""  # as stored: an ISO date, a number
    whole: str = ""  # its name in a list of blanks, where the label alone would not do

    @property
    def known(self) -> bool:
        """Is there something to print?"""
        return self.text is not None


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a record list: its key (stable, so fit for ids) and its cells by column."""

    key: str
    cells: Mapping[str, FactView]


@dataclass(frozen=True, slots=True)
class ListView:
    """A record list. Without rows and not complete it prints one row of blanks; complete and empty, no row."""

    key: str
    rows: tuple[RowView, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # column -> label
    label: str = ""
    by: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class TermView:
    """A named condition of the pathway: its truth now, its words, and who can settle it."""

    value: Tri
    words: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A fact with a closed list of answers, for <choose>: the answer's key, and the words of each allowed answer."""

    said: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class PrescribedText:
    """Official wording as loaded by the operator, or an invented stand-in (`sample`)."""

    key: str
    paragraphs: tuple[str, ...]
    sha256: str
    sample: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """What one rendering is made from. A fact that the document declares and that is missing here is a fault."""

    facts: Mapping[str, FactView]
    lists: Mapping[str, ListView]
    terms: Mapping[str, TermView]
    choices: Mapping[str, ChoiceView]
    prescribed: Mapping[str, PrescribedText]
    step: str
    formation: str
    number: str
    version: str  # the line that says which version this is: draft_line() or kept_line()
    as_on: date
    mark: Mark = Mark.NONE
    lang: str = "en"


MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "cy": (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
        "Rhagfyr",
    ),
}  # fmt: skip

IRREGULAR = {"people": "person", "members of staff": "member of staff"}
NO_SPACE = {"percent": "%", "per cent": "%", "%": "%"}


def say_day(day: date, lang: str = "en") -> str:
    """`1 April 2025`."""
    return f"{day.day} {MONTHS.get(lang, MONTHS['en'])[day.month - 1]} {day.year}"


def say_date(text: str, lang: str = "en") -> str:
    """The words of a date as stored (day, month, year, stretch); ValueError where it is none."""
    months = MONTHS.get(lang, MONTHS["en"])
    if re.fullmatch(r"\d{4}", text):
        return text
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return f"{months[int(text[5:]) - 1]} {text[:4]}"
    span = parse_span(text)
    if span.day:
        return say_day(span.day, lang)
    if span.earliest and span.latest:
        return f"between {say_day(span.earliest, lang)} and {say_day(span.latest, lang)}"
    if span.earliest:
        return f"on or after {say_day(span.earliest, lang)}"
    return f"on or before {say_day(span.latest, lang)}" if span.latest else "not known"


def say_number(text: str, sign: str = "") -> str:
    """`1,200`, `£1,200.50`, `90 to 120`, `90 or more`; ValueError where it is no number."""
    low, dots, high = text.partition("..")
    try:
        first = _digits(Decimal(low), sign)
        if not dots:
            return first
        return f"{first} to {_digits(Decimal(high), sign)}" if high else f"{first} or more"
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number") from None


def _digits(value: Decimal, sign: str) -> str:
    if not value.is_finite():
        raise InvalidOperation
    minus = "−" if value < 0 else ""
    whole = value == value.to_integral_value()
    places = 0 if whole else (2 if sign else None)
    digits = f"{abs(value):,.{places}f}" if places is not None else f"{abs(value):,f}"
    return f"{minus}{sign}{digits}"


def with_unit(number: str, unit: str) -> str:
    """`1 day`, `14 days`, `55%`: units are written in the plural where the question stands."""
    if not unit:
        return number
    if unit in NO_SPACE:
        return number + NO_SPACE[unit]
    return f"{number} {singular(unit) if number == '1' else unit}"


def singular(unit: str) -> str:
    """`day` for `days`."""
    if unit in IRREGULAR:
        return IRREGULAR[unit]
    first, _, rest = unit.partition(" ")
    if first.endswith("ies"):
        first = first[:-3] + "y"
    elif first.endswith("s") and not first.endswith("ss"):
        first = first[:-1]
    return f"{first} {rest}".strip()


def view_fact(question: Question, text: str | None, by: str, lang: str = "en") -> FactView:
    """The fact as it is printed, by its type and the language. "We do not know" prints as a blank (model.md 3).

    UnfitWords where the text cannot be printed, ValueError where it is not of the question's type.
    """
    label = say(question.label, lang)
    if text is None or text == NOT_KNOWN:
        return FactView(question.key, None, (), label, by)
    match question.type:
        case QuestionType.MONEY:
            printed = say_number(text, "£")
            return FactView(question.key, printed, (), label, by, printed.replace("£", ""), text)
        case QuestionType.NUMBER:
            bare = say_number(text)
            return FactView(question.key, with_unit(bare, question.unit), (), label, by, bare, text)
        case QuestionType.DATE:
            printed = say_date(text, lang)
            return FactView(question.key, printed, (), label, by, printed, text)
        case QuestionType.CHOICE:
            words = say(question.choices.get(text, {}), lang) or text
            return FactView(question.key, clean(words), (), label, by, raw=text)
        case QuestionType.LONG_TEXT:
            return long_view(question.key, text, label, by)
        case _:
            return FactView(question.key, clean(text), (), label, by, raw=text)


def long_view(key: str, text: str, label: str = "", by: str = "") -> FactView:
    """A text in paragraphs; a blank where there is nothing but white space."""
    parts = clean_paragraphs(text)
    return FactView(key, " ".join(parts) or None, parts if len(parts) > 1 else (), label, by, raw=text)


def draft_line(as_on: date, lang: str = "en") -> str:
    """What a draft says of itself."""
    return f"Draft made on {say_day(as_on, lang)}"


def kept_line(version: int, put_forward_on: date, lang: str = "en") -> str:
    """What is kept says which version it is and when it was put forward."""
    return f"Version {version}, put forward on {say_day(put_forward_on, lang)}"
