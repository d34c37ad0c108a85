"""The second, independent statement about a legal form (expected/<form>.yaml), read for the fifth proof."""

from datetime import date
from pathlib import Path

from mutualflow.domain.errors import FileFault
from mutualflow.domain.keys import FORMS, Milestone
from mutualflow.domain.prove import Expected, ExpectedCase
from mutualflow.pathways.yamlfile import Map, Node, Notes, Seq, load

FOLDER = Path(__file__).resolve().parent / "expected"
STEP_LISTS = ("gates", "irrevocable", "law_steps")
TOP = ("form", "see", "cases", "before", *STEP_LISTS)
CASE = ("name", "facts", "lists", "days", "on", "applies", "not", "maybe", "slots", "see")


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
    made = Expected(
        form=form,
        cases=tuple(_case(node) for node in top.nodes("cases")),
        before=_before(top),
        gates=top.words("gates"),
        irrevocable=top.words("irrevocable"),
        law_steps=top.words("law_steps"),
    )
    if notes.faults:
        raise FileFault(tuple(notes.faults))
    return made


def _before(top: Node) -> tuple[tuple[str, str], ...]:
    rows = top.data.get("before", Seq())
    found: list[tuple[str, str]] = []
    for row in rows if isinstance(rows, Seq) else ():
        if isinstance(row, Seq) and len(row) == 2 and all(isinstance(one, str) for one in row):
            found.append((str(row[0]), str(row[1])))
        else:
            top.fault("before", "has a row that is no pair of steps", "[first, second]")
    return tuple(found)


def _case(node: Node) -> ExpectedCase:
    node.only(CASE)
    if not node.word("name"):
        node.fault("name", "a case has a name")
    if not node.word("see"):
        node.fault("see", "a case names its place in the domain notes")
    facts, lists, days = node.node("facts"), node.node("lists"), node.node("days")
    return ExpectedCase(
        name=node.word("name"),
        facts={key: facts.word(key) for key in facts.data} if facts else {},
        counts={key: int(lists.word(key)) for key in lists.data if lists.word(key).isdigit()} if lists else {},
        days={str(Milestone(key)): _day(days, key) for key in days.data} if days else {},
        on=_day(node, "on") if "on" in node.data else None,
        applies=node.words("applies"),
        does_not=node.words("not"),
        may=node.words("maybe"),
        slots=_slots(node),
        see=node.word("see"),
    )


def _slots(node: Node) -> dict[str, tuple[str, ...]]:
    inner = node.node("slots")
    return {key: inner.words(key) for key in inner.data} if inner else {}


def _day(node: Node, key: str) -> date:
    if isinstance(node.data.get(key), Map):
        node.fault(key, "is no day", "2024-07-01")
        return date.min
    try:
        return date.fromisoformat(node.word(key))
    except ValueError:
        node.fault(key, f"{node.word(key)[:40]!r} is no day", "2024-07-01")
        return date.min
