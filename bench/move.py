"""A move beside the yardstick: the same rows read and written, in turns on the same database."""

from collections.abc import Iterator

from bench import ground, stopwatch
from bench.ground import Crowds
from bench.places import settle
from bench.row import Row
from bench.yardstick import Yardstick, watched
from mutualflow.storage.database import open_engine
from tests import stored

TURNS = 120
TARGET = 2.5


def rows(crowds: Crowds) -> Iterator[Row]:
    """The whole move, and its load alone for comparison, on a formation shortly before its transfer."""
    engine = open_engine(ground.carry(crowds.made.walked, crowds.place))
    settle(engine)
    lead = ground.answering(engine)
    formation = stored.load(engine)
    size = f"{len(formation.answers)} answers, {formation.events} events"
    bare = Yardstick(engine, ground.KEY, lead.fact, lead.by, stored.moment(lead.today))
    _same_rows(lead, bare)
    found = stopwatch.in_turns(
        {
            "move": lead.answer,
            "bare": lambda turn: bare.answer(ground.words(turn)),
            "load": lambda turn: stored.load(engine),
        },
        TURNS,
    )
    base = stopwatch.ms(found["bare"])
    yield Row(
        f"{crowds.place.name}: a move beside its bare rows ({size})", stopwatch.ms(found["move"]), "ms", base, TARGET
    )
    yield Row(f"{crowds.place.name}: the load in it", stopwatch.ms(found["load"]), "ms", base)
    engine.dispose()


def _same_rows(lead: ground.Answering, bare: Yardstick) -> None:
    """A yardstick that writes other rows measures nothing."""
    lead.answer(-100)
    with watched(lead.engine) as ours:
        lead.answer(-101)
    with watched(lead.engine) as theirs:
        bare.answer(ground.words(-102))
    if ours.written != theirs.written:
        raise AssertionError(f"a move writes {ours.written}, the yardstick {theirs.written}")
