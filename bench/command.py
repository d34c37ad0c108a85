"""Starting up: `mutualflow --help` beside an interpreter that does nothing."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import stopwatch
from bench.row import Row

TURNS = 15
TARGET = 6.0


def rows() -> Iterator[Row]:
    """Wall time of whole processes."""
    program = Path(sys.executable).with_name("mutualflow")
    found = stopwatch.in_turns(
        {
            "help": lambda turn: _run([str(program), "--help"]),
            "nothing": lambda turn: _run([sys.executable, "-c", "pass"]),
        },
        TURNS,
    )
    yield Row(
        "mutualflow --help beside python -c pass",
        stopwatch.ms(found["help"]),
        "ms",
        stopwatch.ms(found["nothing"]),
        TARGET,
    )


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
