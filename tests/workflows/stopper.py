"""One sweep in a process of its own that stands still at a point, to be killed there; run by test_killed.py.

Arguments: the day, the moment, the point, a file that it makes when it stands there.
"""

import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mutualflow.services import walking
from mutualflow.storage import notices
from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring import app as wiring
from mutualflow.wiring import pulses, sending

POINTS: dict[str, tuple[Any, str, int, bool]] = {
    "all is found, nothing is walked": (walking, "due", 1, True),
    "inside the first walk": (walking, "walk", 1, True),
    "inside the third walk": (walking, "walk", 3, True),
    "all is walked": (sending, "gather", 1, False),
    "inside a digest": (notices, "gather", 1, True),
    "between two digests": (sending, "_gather_one", 2, False),
    "all is gathered": (sending, "send_waiting", 1, False),
    "inside the lease": (notices, "lease", 1, True),
    "leased, nothing is sent": (sending, "_send_one", 1, False),
    "a mail has gone and nobody wrote it down": (notices, "mark_sent", 2, False),
    "inside the note that a mail has gone": (notices, "mark_sent", 2, True),
    "all is sent, the pulse has no end": (pulse_rows, "end", 1, True),
}
"""Point -> module, function, at which of its calls, after its work or before."""


def stand_still(module: Any, name: str, at: int, after: bool, sign: Path) -> None:
    """Let a function stand still for ever at one of its calls."""
    usual: Callable[..., Any] = getattr(module, name)
    calls = 0

    def watched(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        here = calls == at
        done = usual(*args, **more) if after or not here else None
        if here:
            sign.touch()
            time.sleep(600)
        return done

    setattr(module, name, watched)


def main(on: str, now: str, point: str, sign: Path) -> None:
    """Sweep, as far as the point."""
    stand_still(*POINTS[point], sign)
    with_all = wiring.build()
    pulses.sweep_plainly(with_all, today=date.fromisoformat(on), now=datetime.fromisoformat(now))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
