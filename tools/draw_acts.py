"""Writes docs/acts.md from the table of acts: who does what to which thing, and a picture of the statuses."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mutualflow.domain.formation import SlotState, Status, TaskState
from mutualflow.domain.moves import ACTS, Move

TARGET = Path(__file__).resolve().parent.parent / "docs" / "acts.md"
DRAWN: Mapping[str, type[StrEnum]] = {"step": Status, "slot": SlotState, "task": TaskState}
CHANGE = "(a changed answer)"
FOLLOWS = (  # what a changed answer does to what rests on it (domain/effect.py); a person answers, nobody does this
    ("step", "submitted", "in_hand", CHANGE),
    ("step", "approved", "open", CHANGE),
    ("step", "closed", "open", CHANGE),
    ("slot", "waiting", "lapsed", CHANGE),
    ("slot", "to_be_checked", "lapsed", CHANGE),
    ("slot", "approved", "lapsed", CHANGE),
    ("slot", "approved_subject_to", "lapsed", CHANGE),
)
BEGINS = {"step": ("open", "closed"), "slot": ("waiting",), "task": ()}
WORDS = {
    "step": "What a step waits for, whether it applies and whether it is overtaken is computed, never set by an act. "
    "A put-right step begins closed. A step taken over half-way is approved and listed as assumed.",
    "slot": "One approver's answer to what was put forward. The last one that is given approves the step; "
    "one that is returned sends it back.",
    "task": "A condition, something asked for, or the group's own; without a slot behind it, done is the end.",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow: of which thing, from where ('' = its beginning) to where, by which act."""

    thing: str
    before: str
    after: str
    act: str


def edges(move: Move) -> Iterator[Edge]:
    """The arrows that an act's words tell; ValueError where they name a status that does not exist."""
    for part in move.leads.split(";"):
        if "->" not in part:
            continue
        said, _, tail = part.rpartition(":")
        thing = (said.strip() or move.on).rpartition(" ")[2]
        known = DRAWN.get(thing)
        if known is None:
            continue
        before, _, after = tail.partition("->")
        for one in _statuses(known, before, move) or [""]:
            for other in _statuses(known, after, move):
                yield Edge(thing, one, other, move.name)


def _statuses(known: type[StrEnum], said: str, move: Move) -> list[str]:
    names = [name.strip().replace(" ", "_") for name in said.replace(" or ", ",").split(",") if name.strip()]
    strange = [name for name in names if name not in set(known)]
    if strange:
        raise ValueError(f"{move.name}: {', '.join(strange)} is no status of {known.__name__}")
    return names


def picture(thing: str, drawn: list[Edge]) -> list[str]:
    """A Mermaid state diagram of one kind of thing; acts on the same arrow share it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in drawn:
        if edge.thing == thing:
            arrows.setdefault((edge.before, edge.after), []).append(edge.act.replace("_", " "))
    used = {name for ends in arrows for name in ends} | set(BEGINS[thing])
    missing = [status.value for status in DRAWN[thing] if status.value not in used]
    if missing:
        raise ValueError(f"no act leads a {thing} to or from {', '.join(missing)}")
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{s.value.replace("_", " ")}" as {s.value}' for s in DRAWN[thing] if "_" in s.value]
    lines += [f"    [*] --> {name}" for name in BEGINS[thing]]
    for (before, after), names in arrows.items():
        lines.append(f"    {before or '[*]'} --> {after}: {', '.join(dict.fromkeys(names))}")
    return [*lines, "```"]


def page() -> str:
    """The whole page."""
    drawn = [edge for move in ACTS.values() for edge in edges(move)] + [Edge(*one) for one in FOLLOWS]
    lines = [
        "# What a person can do",
        "",
        "Made by `tools/draw_acts.py` from the table of acts (`mutualflow/domain/moves.py`); `make check` compares.",
        "Each act is a command of the same name, with hyphens. The reasons for which one is refused stand in",
        "`mutualflow/domain/errors.py`.",
        "",
        "| act | does | on | leads | who |",
        "|---|---|---|---|---|",
    ]
    for move in ACTS.values():
        does = (move.act.__doc__ or "").strip().splitlines()[0].rstrip(".")
        lines.append(f"| {move.name.replace('_', ' ')} | {does} | {move.on} | {move.leads} | {move.by} |")
    for thing in DRAWN:
        lines += ["", f"## {thing.capitalize()}", "", WORDS[thing], "", *picture(thing, drawn)]
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> int:
    """Write the page; with --check only say whether it is up to date."""
    made = page()
    if "--check" not in arguments:
        TARGET.write_text(made, encoding="utf-8")
        print(f"{TARGET.name} written")
        return 0
    current = TARGET.read_text(encoding="utf-8") if TARGET.is_file() else ""
    print(
        "docs/acts.md is up to date"
        if current == made
        else "docs/acts.md is behind the table of acts: run python tools/draw_acts.py"
    )
    return 0 if current == made else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
