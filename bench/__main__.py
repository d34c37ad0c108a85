"""The bench: figures side by side in one run, as a table and as out/bench.json."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import ground, move, stopwatch
from bench.ground import Ground
from bench.places import Place, Sqlite, both
from bench.row import Row
from mutualflow.storage.database import open_engine

OUT = Path("out") / "bench.json"
HELP_TURNS = 15
HELP_TARGET = 6.0


def main() -> int:
    """Measure everything, print it, keep it."""
    rows: list[Row] = []
    with both() as places:
        sqlite = next(p for p in places if isinstance(p, Sqlite))
        made = Ground(sqlite)
        for place in places:
            rows += move.rows(place, made)
            rows += age(place, made)
    rows += start_up()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False), encoding="utf-8")
    Console().print(shown(rows))
    return 0


def age(place: Place, made: Ground) -> Iterator[Row]:
    """The same answer in the same formation, early in its history and three hundred events later."""
    young = ground.answering(open_engine(ground.carry(made.begun, place)))
    old = ground.answering(open_engine(ground.carry(made.begun, place)))
    for turn in range(300):
        old.answer(-1000 - turn)
    found = stopwatch.in_turns({"young": young.answer, "old": old.answer}, 60)
    yield Row(
        f"{place.name}: a move after 300 more events",
        stopwatch.ms(found["old"]),
        "ms",
        stopwatch.ms(found["young"]),
        1.2,
    )


def start_up() -> Iterator[Row]:
    """`mutualflow --help` beside an interpreter that does nothing."""

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    found = stopwatch.in_turns(
        {
            "help": lambda turn: run("-m", "mutualflow", "--help"),
            "pass": lambda turn: run("-c", "pass"),
        },
        HELP_TURNS,
    )
    yield Row("mutualflow --help", stopwatch.ms(found["help"]), "ms", stopwatch.ms(found["pass"]), HELP_TARGET)


def shown(rows: list[Row]) -> Table:
    """The rows as a table."""
    table = Table("What", "Value", "Baseline", "Ratio", "Target", "Met", box=None, header_style="bold")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        base = "" if row.baseline is None else f"{row.baseline:.2f} {row.unit}"
        met = {True: "yes", False: "no", None: ""}[row.met]
        table.add_row(row.name, f"{row.value:.2f} {row.unit}", base, ratio, f"{row.target or ''}", met)
    return table


if __name__ == "__main__":
    sys.exit(main())
