"""The second, independent statement about a legal form (expected/<form>.yaml), read for the fifth proof."""

from datetime import date
from pathlib import Path

from mutualflow.domain.errors import FileFault
from mutualflow.domain.keys import FORMS, Milestone, Role, Side
from mutualflow.domain.prove import Expected, ExpectedCase
from mutualflow.pathways.yamlfile import Node, Notes, Seq, load

FOLDER = Path(__file__).resolve().parent / "expected"
TOP = (
    "form", "cases", "before", "gates", "irrevocable", "law_steps", "impossible", "reaches", "produces", "files",
    "owners", "never", "for_filing",
)  # fmt: skip
PARTS = {"slots": "slots", "evidence": "brings", "documents": "produces", "clocks": "clocks"}
"""Words of the file -> parts of a step; with `no_` before them: what does not apply."""
CASE = ("name", "facts", "on", "applies", "not", *PARTS, *(f"no_{part}" for part in PARTS), "see")


def read_file(path: Path) -> Expected:
    """An expected file; FileFault says everything that is wrong with it."""
    return read(path.read_text(encoding="utf-8"), f"expected/{path.name}")


def read(text: str, file: str) -> Expected:
    """An expected file from its text."""
    notes = Notes()
    top = load(text, file, notes)
    top.only(TOP)
    form = top.one_of("form", FORMS)
    if not form:
        top.fault("form", "is missing", ", ".join(FORMS))
    law_steps = top.node("law_steps")
    made = Expected(
        form=form,
        cases=tuple(_case(node) for node in top.nodes("cases")),
        before=_pairs(top, "before"),
        gates=top.words("gates"),
        irrevocable=top.words("irrevocable"),
        law_steps=tuple(law_steps.data) if law_steps else (),
        impossible=tuple(_impossible(node) for node in top.nodes("impossible")),
        reaches=_names(top, "reaches"),
        produces=_lists(top, "produces"),
        files=_names(top, "files"),
        owners=_owners(top),
        never=_pairs(top, "never"),
        for_filing=top.words("for_filing"),
    )
    if notes.faults:
        raise FileFault(tuple(notes.faults))
    return made


def _pairs(top: Node, key: str) -> tuple[tuple[str, str], ...]:
    """Pairs of words."""
    rows = top.data.get(key, Seq())
    found: list[tuple[str, str]] = []
    for row in rows if isinstance(rows, Seq) else ():
        if isinstance(row, Seq) and len(row) == 2 and all(isinstance(one, str) for one in row):
            found.append((str(row[0]), str(row[1])))
        else:
            top.fault(key, "has a row that is no pair", "[first, second]")
    return tuple(found)


def _case(node: Node) -> ExpectedCase:
    node.only(CASE)
    for key in ("name", "see"):
        if not node.word(key):
            node.fault(key, "is missing", "what the case is; its place in the domain notes")
    days = node.node("on")
    return ExpectedCase(
        name=node.word("name"),
        facts=_names(node, "facts"),
        on={key: _day(days, key) for key in days.data} if days else {},
        applies=node.words("applies"),
        does_not=node.words("not"),
        has={part: _lists(node, word) for word, part in PARTS.items() if word in node.data},
        lacks={part: _lists(node, f"no_{word}") for word, part in PARTS.items() if f"no_{word}" in node.data},
    )


def _impossible(node: Node) -> dict[str, str]:
    node.only(("facts", "see"))
    return _names(node, "facts")


def _owners(top: Node) -> dict[str, tuple[str, ...]]:
    found = _lists(top, "owners")
    for key, party in found.items():
        if len(party) != 2 or party[0] not in set(Role) or party[1] not in set(Side):
            top.fault("owners", f"{key} is owned by a role and a side", "step: [role, side]")
    return found


def _names(node: Node, key: str) -> dict[str, str]:
    """Words by name."""
    inner = node.node(key)
    return {name: inner.word(name) for name in inner.data} if inner else {}


def _lists(node: Node, key: str) -> dict[str, tuple[str, ...]]:
    """Lists of words by name."""
    inner = node.node(key)
    return {name: inner.words(name) for name in inner.data} if inner else {}


def _day(node: Node, key: str) -> date:
    if key not in set(Milestone):
        node.fault(key, "is no milestone", ", ".join(Milestone))
    try:
        return date.fromisoformat(node.word(key))
    except ValueError:
        node.fault(key, f"{node.word(key)[:40]!r} is no day", "2024-07-01")
        return date.min
