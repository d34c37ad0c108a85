"""The demo's parts: one run in a process of its own, with a stopwatch around each part; seconds as JSON.

A part's time is its own: what another part takes inside it is not counted twice.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from bench.row import Row

TARGET_S = 60.0
ELSE = "everything else: imports, narration, the closing tables"
LINE = "parts: "


class Parts:
    """Seconds by part; parts lie inside one another like brackets."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner: list[float] = []

    def watch(self, owner: Any, name: str, part: str) -> None:
        """Put a stopwatch around a function or method."""
        plain: Callable[..., Any] = getattr(owner, name)

        @wraps(plain)
        def timed(*args: Any, **more: Any) -> Any:
            began = time.perf_counter()
            self._inner.append(0.0)
            try:
                return plain(*args, **more)
            finally:
                whole = time.perf_counter() - began
                own = whole - self._inner.pop()
                self.seconds[part] = self.seconds.get(part, 0.0) + own
                if self._inner:
                    self._inner[-1] += whole

        setattr(owner, name, timed)


def rows() -> Iterator[Row]:
    """The whole, and each part beside the whole."""
    with tempfile.TemporaryDirectory(prefix="mutualflow-bench-") as folder:
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "bench.demo_parts", folder], stdout=subprocess.PIPE, text=True, check=True
        )
        whole = time.perf_counter() - began
    line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith(LINE))
    seconds: dict[str, float] = json.loads(line.removeprefix(LINE))
    seconds[ELSE] = whole - sum(seconds.values())
    yield Row("the demo, after set-up", whole, "s", None, TARGET_S)
    for part, spent in seconds.items():
        yield Row(f"of the demo: {part}", spent, "s", whole)


def run(out: Path) -> Parts:
    """The demo as it is, watched."""
    from mutualflow.wiring import living, papers, pulses
    from workflows import demo, narration
    from workflows.server import Server

    parts = Parts()
    parts.watch(demo, "prepare", "a fresh database, release and law")
    parts.watch(Server, "ready", "waiting for the Prefect server")
    parts.watch(living, "live", "the people's acts")
    parts.watch(papers, "make_all", "the documents' words")
    parts.watch(papers, "print_waiting", "printing PDFs")
    for name in ("acts", "walk"):
        parts.watch(narration.Narrator, name, "telling what happened")
    parts.watch(pulses, "walk_some", "walks of formations")
    parts.watch(pulses, "sweep", "digests, mails and pulse rows")
    parts.watch(demo, "live", "Prefect around the walks")
    demo.run(out)
    return parts


if __name__ == "__main__":
    sys.stdout.write(f"{LINE}{json.dumps(run(Path(sys.argv[1])).seconds)}\n")
