"""My work over all formations: people with the same work to do, where there are few formations and where many."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import Engine

from bench import stopwatch
from bench.clones import person_of
from bench.ground import CAST, Crowds
from bench.row import Row
from mutualflow.services import work
from mutualflow.services.work import Work
from mutualflow.storage.database import open_engine, reading
from tests.honest import START

FEW, MANY = 100, 10_000
PEOPLE = 4
"""So many different people ask in turn, far from one another in the tables."""
TURNS = 100
FLAT = 1.2
LEAD = "staff_lead-group-1"


def rows(crowds: Crowds) -> Iterator[Row]:
    """`next --as PERSON`."""
    engines = {n: open_engine(crowds.of(n)) for n in (FEW, MANY)}
    lines = {n: len(_look(engine, n, 0).lines) for n, engine in engines.items()}
    assert lines[FEW] == lines[MANY] == CAST, lines
    found = stopwatch.in_turns({str(n): partial(_look, engine, n) for n, engine in engines.items()}, TURNS)
    name = f"{crowds.place.name}: my work ({CAST} lines) over {MANY:,} formations beside {FEW}"
    yield Row(name, stopwatch.ms(found[str(MANY)]), "ms", stopwatch.ms(found[str(FEW)]), FLAT)
    for engine in engines.values():
        engine.dispose()


def _look(engine: Engine, count: int, turn: int) -> Work:
    """The staff lead of one of the casts."""
    number = 1 + (turn % PEOPLE) * (count // PEOPLE)
    with reading(engine) as db:
        return work.mine(db, person_of(LEAD, number, CAST), START)
