"""Writers in several processes and threads who all want the same formations at once."""

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.errors import Conflict, Refused
from mutualflow.domain.spans import on
from mutualflow.services import walking
from mutualflow.storage.database import open_engine, write
from tests.stored import act, moment, the_law

STEP = "pension_route"
APPROVERS = (
    *("pension_adviser-host-1", "pension_adviser-host-2"),
    *("hr_adviser-group-1", "hr_adviser-group-2"),
    *("legal_adviser-group-1", "legal_adviser-group-2"),
)
NOTE, WALK = "writes a note", "walks"
WRITERS = (*APPROVERS, *APPROVERS, NOTE, NOTE, WALK, WALK)
"""Sixteen: each approver twice at once, two who write notes meanwhile, two sweeps."""

_counting = threading.Lock()


@dataclass
class Tally:
    """What one process's writers did, by formation and kind of act; `wrong` must stay empty."""

    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, key: str, kind: str) -> None:
        """Count one."""
        with _counting:
            self.done[(key, kind)] += 1


def race(url: str, keys: list[str], first: int, every: int, today: date) -> Tally:
    """The writers first, first + every, ... of the sixteen, each over all formations in an order of its own."""
    engine = open_engine(url)
    tally = Tally()
    mine = range(first, len(WRITERS), every)
    barrier = threading.Barrier(len(mine))
    threads = [threading.Thread(target=_write_all, args=(engine, keys, n, today, tally, barrier)) for n in mine]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    return tally


def _write_all(
    engine: Engine, keys: list[str], number: int, today: date, tally: Tally, barrier: threading.Barrier
) -> None:
    order = list(keys)
    random.Random(number // 3).shuffle(order)  # some meet at the same formation, some come later
    barrier.wait()
    for key in order:
        try:
            kind = _write_one(engine, key, WRITERS[number], number, today)
        except (Refused, Conflict) as told:
            kind = type(told).__name__
        except Exception as error:
            tally.wrong.append(f"{WRITERS[number]} at {key}: {error!r}")
            continue
        tally.add(key, kind)


def _write_one(engine: Engine, key: str, who: str, number: int, today: date) -> str:
    if who == WALK:
        write(
            engine,
            lambda db: walking.walk(db, key, today=today, now=moment(today), law=the_law(), force=True),
        )
        return WALK
    if who == NOTE:
        act(engine, key, "staff_member-group-1", acts.Note(step=STEP, text=f"Note {number}."), today)
        return NOTE
    acted = act(engine, key, who, acts.Approve(step=STEP, happened_on=on(today)), today)
    return "approve" if acted.moved.events else "the same again"
