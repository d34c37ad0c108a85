"""Answers as canonical text: what each type of question accepts, and the sentence that refuses the rest."""

import re
from decimal import Decimal, InvalidOperation

from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Question, QuestionType, say
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.words import UnfitWords, clean, clean_paragraphs

FORMATION_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
LONGEST_LINE = 300

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
RANGE = re.compile(r"(\d{1,15})\.\.(\d{1,15})?", re.ASCII)


def key_like(said: str) -> str:
    """A key near to what was said: "Brook Street" gives brook-street; '' where nothing of it can stay."""
    return re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")[:60].strip("-")


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
            return _words(question, text, long=True)
        case QuestionType.TEXT | QuestionType.PERSON | QuestionType.ORGANISATION:
            return _words(question, text, long=False)


def _invalid(question: Question, why: str) -> Refused:
    return Refused(Refusal.INVALID_VALUE, f"“{say(question.label)}”: {why}.")


def _one_of(question: Question, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _invalid(question, f"{text[:60]!r} is not one of {', '.join(allowed)} or not_known")
    return text


def _number(question: Question, text: str) -> str:
    bare = text.replace(",", "")
    between = RANGE.fullmatch(bare)
    if between:
        low, high = Decimal(between[1]), Decimal(between[2]) if between[2] else None
        if high is not None and high < low:
            raise _invalid(question, f"{text[:60]!r} ends before it begins; write the smaller number first")
        for end in (low, high if high is not None else low):
            _bounds(question, end)
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


def _words(question: Question, text: str, *, long: bool) -> str:
    """Words that the documents can print (words.py); a single line is short."""
    try:
        said = "\n\n".join(clean_paragraphs(text)) if long else clean(text)
    except UnfitWords as error:
        raise _invalid(question, f"the answer {error}") from None
    if not long and len(said) > LONGEST_LINE:
        raise _invalid(question, f"the answer has {len(said):,} characters; the most is {LONGEST_LINE}")
    return said
