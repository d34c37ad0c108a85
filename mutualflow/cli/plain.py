"""Words for a terminal: nothing in them acts on it, whatever it says and wherever it came from."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters but tab and line feed, and marks that turn the direction of writing."""


def visible(text: str) -> str:
    """The text with every such character shown as its name, like <U+001B>."""
    return _CONTROL.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def escaped(json_text: str) -> str:
    """A JSON document with every such character written as its escape: the same document, safe to look at."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)


def whole(text: str) -> bool:
    """Is this text, and not the remains of bytes that are no UTF-8?"""
    return not any(unicodedata.category(sign) == "Cs" for sign in text)
