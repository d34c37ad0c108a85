"""Answers as canonical text: what each type of question accepts, and the sentence that refuses the rest."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Question, QuestionType, say
from mutualflow.domain.spans import parse as parse_span

LONGEST_TEXT, LONGEST_LINE, LONGEST_WORD = 20_000, 300, 60
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
RANGE = re.compile(r"\d{1,15}\.\.(\d{1,15})?")
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def canonical(question: Question, raw: str) -> str:
    """The answer as it is stored; INVALID_VALUE says in a sentence what is allowed.

    Text is NFC with single spaces; long text keeps its paragraphs (a blank line). Numbers are decimal digits,
    money two decimal places of pounds, dates ISO text that may be imprecise.
    """
    text = raw.strip()
    if text == NOT_KNOWN:
        return NOT_KNOWN
    if not text:
        raise _invalid(question, "an empty answer says nothing; answer not_known if you do not know")
    match question.type:
        case QuestionType.YES_NO:
            return _one_of(question, text, ("yes", "no"))
        case QuestionType.CHOICE:
            return _one_of(question, text, tuple(question.choices))
        case QuestionType.NUMBER:
            return _number(question, text)
        case QuestionType.MONEY:
            return _money(question, text)
        case QuestionType.DATE:
            try:
                return str(parse_span(text))
            except ValueError as error:
                raise _invalid(question, str(error)) from None
        case QuestionType.LONG_TEXT:
            paragraphs = [clean(part) for part in re.split(r"\n\s*\n", _printable(question, text, LONGEST_TEXT))]
            return "\n\n".join(part for part in paragraphs if part)
        case QuestionType.TEXT:
            return clean(_printable(question, text, LONGEST_LINE))
        case QuestionType.PERSON | QuestionType.ORGANISATION:
            return clean(_printable(question, text, LONGEST_LINE))


def clean(text: str) -> str:
    """NFC, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _invalid(question: Question, why: str) -> Refused:
    return Refused(Refusal.INVALID_VALUE, f"“{say(question.label)}”: {why}.")


def _one_of(question: Question, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _invalid(question, f"{text[:60]!r} is not one of {', '.join(allowed)} or not_known")
    return text


def _number(question: Question, text: str) -> str:
    bare = text.replace(",", "")
    if RANGE.fullmatch(bare):
        return bare
    if not NUMBER.fullmatch(bare):
        raise _invalid(question, f"{text[:60]!r} is not a number; write digits only")
    number = Decimal(bare)
    _bounds(question, number)
    return format(number.normalize(), "f")


def _money(question: Question, text: str) -> str:
    bare = text.removeprefix("£").replace(",", "")
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        raise _invalid(question, f"{text[:60]!r} is not an amount; write pounds, like 250000 or 12.50") from None
    if not NUMBER.fullmatch(bare) or amount != amount.quantize(Decimal("0.01")):
        raise _invalid(question, f"{text[:60]!r} is not an amount; write pounds, like 250000 or 12.50")
    _bounds(question, amount)
    return str(amount.quantize(Decimal("0.01")))


def _bounds(question: Question, number: Decimal) -> None:
    if question.at_least is not None and number < question.at_least:
        raise _invalid(question, f"{number} is too small; the least is {question.at_least}")
    if question.at_most is not None and number > question.at_most:
        raise _invalid(question, f"{number} is too large; the most is {question.at_most}")


def _printable(question: Question, text: str, longest: int) -> str:
    """Refuse what could not be printed or would mislead a reader (documents.md 6)."""
    if len(text) > longest:
        raise _invalid(question, f"the answer has {len(text):,} characters; the most is {longest:,}")
    for sign in text:
        kind = unicodedata.category(sign)
        if kind[0] == "C" and sign not in "\t\n\r":
            raise _invalid(question, "the answer holds control, direction or invisible characters; type it again")
        if unicodedata.bidirectional(sign) in RIGHT_TO_LEFT:
            raise _invalid(question, "the answer holds right-to-left letters, which our documents cannot print")
    if any(len(word) > LONGEST_WORD for word in text.split()):
        raise _invalid(question, f"the answer holds a word of more than {LONGEST_WORD} characters")
    return text
