"""Lines of plain text for help: what is named on the left, its words on the right, folded at the window's edge."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable

WIDEST = 110  # signs; longer lines are hard to read
NARROW = 60  # below this the words stand under what they explain


def width() -> int:
    """How wide the window is, in signs."""
    return max(20, min(WIDEST, shutil.get_terminal_size().columns))


def bold(words: str) -> str:
    """Words that stand out, where the terminal can show it and nobody has asked for plain text."""
    return f"\x1b[1m{words}\x1b[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else words


def folded(words: str, indent: int = 0, hanging: int | None = None) -> list[str]:
    """One paragraph folded at the edge; `hanging`: how far its later lines are set in."""
    later = indent if hanging is None else hanging
    return textwrap.wrap(
        words,
        width(),
        initial_indent=" " * indent,
        subsequent_indent=" " * later,
        break_on_hyphens=False,
        break_long_words=True,
    )


def pairs(found: Iterable[tuple[str, str]], indent: int = 2, least: int = 0) -> list[str]:
    """Names with their words beside them, or under them where the window is narrow. `least`: signs left for names."""
    rows = list(found)
    left = max([least, *(len(name) for name, _ in rows)])
    lines: list[str] = []
    for name, words in rows:
        if width() < NARROW or left > width() // 2:
            lines += [" " * indent + bold(name), *folded(words, indent + 4)]
            continue
        said = folded(words, indent + left + 2) or [""]
        lines += [" " * indent + bold(name) + " " * (left - len(name)) + said[0][indent + left :], *said[1:]]
    return lines
