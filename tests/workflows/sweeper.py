"""One sweep in a process of its own, slowed down so that it can be killed in the middle; run by test_sweeps.py.

Arguments: the day, the moment, a file to which the key of each walked formation is added before its transaction ends.
It begins when a file `go` lies beside that one, so that two begin together.
"""

import sys
import time
from pathlib import Path

from mutualflow.services import walking
from mutualflow.settings import from_environment
from workflows import prefect_env

PAUSE_S = 0.15


def main(on: str, now: str, trace: Path) -> None:
    """Walk everything that is due, as the timetable would."""
    prefect_env.apply(from_environment().data_dir)
    from workflows import flows

    usual = walking.walk

    def slowly(db: object, key: str, **rest: object) -> object:
        done = usual(db, key, **rest)  # type: ignore[arg-type]
        with trace.open("a", encoding="utf-8") as out:
            out.write(f"{key} {done.walked}\n")
        time.sleep(PAUSE_S)  # inside the transaction: whoever is killed now holds the row and has not committed
        return done

    walking.walk = slowly  # type: ignore[assignment]
    trace.touch()
    while not trace.with_name("go").exists():
        time.sleep(0.01)
    flows.walk_all(on=on, now=now)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
