"""Boxes of a form: what kind each is, what was sent in it, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mutualflow.domain.material import MONTHS
from mutualflow.domain.spans import Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.web.forms import Form

_MONTH = {name.lower(): number for number, name in enumerate(MONTHS["en"], 1)}
_MONTH |= {name[:3].lower(): number for number, name in enumerate(MONTHS["en"], 1)}
PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the id of the field, and what to do in words."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    """One field. `kind`: text, long, number, money, date, choice, choices, yes, select, conditions."""

    name: str
    kind: str
    label: str
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""

    @property
    def at(self) -> str:
        """The id that an error leads to."""
        return f"{self.name}-day" if self.kind == "date" else self.name


def sent(form: Form, box: Box) -> str:
    """What was sent in a box of one value, as the core reads it; ValueError says what is missing in a date."""
    return date_text(form, box.name) if box.kind == "date" else form.text(box.name)


def date_text(form: Form, name: str) -> str:
    """Day, month and year of three boxes as ISO text, imprecise where the day or month was left out; '' for none.

    ValueError in words for anything that is no date.
    """
    day, month, year = (form.text(f"{name}-{part}") for part in PARTS)
    if not (day or month or year):
        return ""
    if not re.fullmatch(r"\d{4}", year):
        raise ValueError("the date must include a year, with four digits")
    number = _MONTH.get(month.lower(), _number(month))
    if day and not number:
        raise ValueError("the date must include a month")
    if not month:
        return year
    if not 1 <= number <= 12:
        raise ValueError("the month must be a number from 1 to 12, or its name")
    if not day:
        return f"{year}-{number:02}"
    text = f"{year}-{number:02}-{_number(day):02}"
    parse_span(text)  # there is no 31 June
    return text


def date_parts(text: str) -> dict[str, str]:
    """Stored text of a date as its three boxes; empty where it is imprecise in a way that has no boxes."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if not found:
        return {}
    year, month, day = found.groups()
    return {"day": str(int(day)) if day else "", "month": str(int(month)) if month else "", "year": year}


def span(form: Form, name: str) -> Span | None:
    """A day as a span; None where the boxes are empty."""
    text = date_text(form, name)
    return parse_span(text) if text else None


def as_sent(form: Form) -> dict[str, str]:
    """Every field by its name, to show a form again as it was sent."""
    return dict(form.fields)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,2}", text) else 0
