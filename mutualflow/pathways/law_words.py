"""The lint that keeps statements of law out of plain words: law is said in `law:` entries, dated and with a source."""

import re
from collections.abc import Iterable

from mutualflow.pathways.yamlfile import Node

LAW_WORDS = re.compile(
    r"\b(?:Acts?\b|[Rr]egulations?\b|[Ss]tatut\w*|must by law\b|ss?\. ?\d+|[Rr]egs?\.? ?\d+|[Ss]ections? \d+)"
)
"""("regulator", "regulated" and the verb "act" are no law words.)"""


def check(node: Node, keys: Iterable[str]) -> None:
    """A fault for each text that says law outside a `law:` entry."""
    for key in keys:
        value = node.data.get(key, "")
        texts = value.values() if isinstance(value, dict) else (value,)
        for text in texts:
            found = LAW_WORDS.search(text) if isinstance(text, str) else None
            if found:
                node.fault(key, f"{found.group()!r} speaks of law in plain words", "law is said in law: entries only")
