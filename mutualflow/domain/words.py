"""Words that people bring in: what is kept, what is tidied, and what is refused with a sentence.

The same check runs when an answer is given and when a document is made, so that an answer that was accepted can
always be printed.
"""

import re
import unicodedata

LONGEST_TEXT = 20_000
LONGEST_WORD = 60
MOST_PARAGRAPHS = 200

# Every sign that all four house fonts hold (Source Serif Pro and Source Sans Pro, regular and semibold), as ranges of
# code points. A sign outside would be set in whatever font the machine happens to have. A test compares the fonts.
_IN_THE_FONTS = (
    "20-7e a0-ac ae-12b 12e-131 134-149 14c-165 168-17e 18f 192 1a0-1a1 1af-1b0 1cd-1dc 1e6-1e7 1f8-1f9 218-21b 237 "
    "251 259 261 2bb-2bc 2be-2bf 2c6-2cc 2d8-2dd 37e 384-38a 38c 38e-3a1 3a3-3ce 400-45f 462-463 472-475 490-493 "
    "496-49b 4a0-4a3 4aa-4ab 4ae-4b3 4b6-4b7 4ba-4bb 4c0-4c2 4cf-4d1 4d4-4d9 4e2-4e3 4e6-4e9 4ee-4ef 4f2-4f3 "
    "1e0c-1e0f 1e20-1e21 1e24-1e25 1e2a-1e2b 1e36-1e3b 1e3e-1e3f 1e42-1e49 1e5a-1e63 1e6c-1e6f 1e80-1e85 1e8e-1e8f "
    "1e92-1e93 1e97 1e9e 1ea0-1ef9 2012-2015 2018-201a 201c-201e 2020-2022 2026 2030 2032-2033 2039-203a 203c 2044 "
    "2047-2049 2070-2071 2074-2079 2080-2089 20a1 20a4 20a6-20a7 20a9 20ab-20ac 20ae 20b1-20b2 20b4-20b5 20b8-20ba "
    "20bd 2113 2116-2117 2120 2122 2126 212e 2153-2154 215b-215e 2190-2193 2202 2206 220f 2211-2212 2215 2219-221a "
    "221e 222b 2248 2260 2264-2265 25a0 25b2-25b3 25b6-25b7 25bc-25bd 25c6 25ca 2610-2611 2713 fb00-fb04"
)


def _signs() -> frozenset[str]:
    signs: set[str] = set()
    for stretch in _IN_THE_FONTS.split():
        first, _, last = stretch.partition("-")
        signs.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(signs)


PRINTABLE = _signs()


class UnfitWords(ValueError):
    """Words that cannot be kept without changing their meaning; str() goes on from "The answer ..."."""


def clean(text: str) -> str:
    """One line of words: NFC, every stretch of white space one space. UnfitWords where that is not enough."""
    return _fit(" ".join(_open(text).split()))


def clean_paragraphs(text: str) -> tuple[str, ...]:
    """Words in paragraphs: a blank line begins a new one, single line breaks become spaces. UnfitWords as in clean."""
    whole = re.sub(r"\r\n?", "\n", _open(text))
    parts = tuple(_fit(" ".join(part.split())) for part in re.split(r"\n[^\S\n]*\n", whole) if part.strip())
    if len(parts) > MOST_PARAGRAPHS:
        raise UnfitWords(f"has more than {MOST_PARAGRAPHS} paragraphs")
    return parts


def visible(text: str) -> None:
    """UnfitWords where the text holds a character that cannot be seen; tabs and line ends are none."""
    for sign in text:
        if unicodedata.category(sign)[0] == "C" and sign not in "\t\n\r":
            raise UnfitWords(
                f"holds a character that cannot be seen (U+{ord(sign):04X}): a control, direction or zero-width mark"
            )


def _open(text: str) -> str:
    """The text in NFC, once it is short enough and holds nothing that cannot be seen."""
    if len(text) > LONGEST_TEXT:
        raise UnfitWords(f"is longer than {LONGEST_TEXT:,} characters")
    visible(text)
    return unicodedata.normalize("NFC", text)


def _fit(text: str) -> str:
    if any(len(word) > LONGEST_WORD for word in text.split(" ")):
        raise UnfitWords(f"holds a word longer than {LONGEST_WORD} characters")
    for sign in text:
        if sign not in PRINTABLE:
            raise UnfitWords(f"holds a sign that the documents cannot print: {_named(sign)}")
    return text


def _named(sign: str) -> str:
    return f"{unicodedata.name(sign, 'no name').lower()} (U+{ord(sign):04X})"
