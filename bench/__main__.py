"""`make bench`: every figure on SQLite and PostgreSQL in one run; `python -m bench PART ...` for some of them."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial

from rich.console import Console

from bench import command, demo_parts, growth, move, my_work, places, queries, race, table, walks
from bench.ground import Crowds, Ground
from bench.row import Row

Part = Callable[[Crowds], Iterator[Row]]
ON_BOTH: dict[str, Part] = {
    "move": move.rows,
    "growth": growth.rows,
    "work": my_work.rows,
    "queries": queries.rows,
    "race": race.rows,
    "walks": walks.rows,
}
ONCE: dict[str, Callable[[], Iterator[Row]]] = {"command": command.rows, "demo": demo_parts.rows}


def main() -> int:
    """0 when every target is met; 1 says that one is missed."""
    said = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    said.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join((*ONCE, *ON_BOTH))}; all without")
    wanted = said.parse_args().parts or [*ONCE, *ON_BOTH]
    unknown = sorted(set(wanted) - {*ONCE, *ON_BOTH})
    if unknown:
        said.error(f"unknown: {', '.join(unknown)}")
    console = Console(stderr=True)
    found: list[Row] = []
    for name in wanted:
        if name in ONCE:
            found += _measured(console, name, ONCE[name])
    if set(wanted) & set(ON_BOTH):
        found += _on_both(console, wanted)
    table.show(found)
    table.keep(found)
    return 1 if any(row.met is False for row in found) else 0


def _on_both(console: Console, wanted: list[str]) -> list[Row]:
    found: list[Row] = []
    with places.both() as (sqlite, postgres):
        made = Ground(sqlite)
        crowds = [Crowds(place, made) for place in (sqlite, postgres)]
        for name in (name for name in ON_BOTH if name in wanted):
            with walks.prefect() if name == "walks" else nullcontext():
                for crowd in crowds:
                    found += _measured(console, f"{name} on {crowd.place.name}", partial(ON_BOTH[name], crowd))
    return found


def _measured(console: Console, name: str, part: Callable[[], Iterator[Row]]) -> list[Row]:
    began = time.perf_counter()
    with console.status(name):
        found = list(part())
    console.print(f"{name}: {time.perf_counter() - began:.0f} s")
    return found


if __name__ == "__main__":
    sys.exit(main())
