"""How the cost of a move grows: with age, with the number of formations, with steps and facts, with width."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, Engine, insert, select, update

from bench import ground, stopwatch, synthetic
from bench.clones import clone, key_of, person_of
from bench.ground import Answering, Crowds, Ground
from bench.places import Place, settle
from bench.row import Row
from mutualflow.storage import tables as t
from mutualflow.storage.database import open_engine, write
from tests import stored
from tests.honest import START

TURNS = 100
YOUNG, OLD = 10, 1000
MANY = 10_000
LENGTHS = (24, 48, 96)
WIDTHS = (2, 64)
FLAT, STRAIGHT, WIDE = 1.2, 1.25, 2.0


def age(place: Place, made: Ground) -> Iterator[Row]:
    """Two formations alike in one database, but for the length of their histories."""
    engine = open_engine(ground.carry(made.begun, place))
    lead = ground.answering(engine)
    first = stored.load(engine)
    for turn in range(-200, YOUNG - first.events - 200):
        lead.answer(turn)
    clone(engine, first.id, 1)
    old = key_of(ground.KEY, 1)
    _grow_old(engine, old, lead)
    settle(engine)
    held = stored.load(engine), stored.load(engine, old)
    found = stopwatch.in_turns({"young": lead.answer, "old": replace(lead, key=old).answer}, TURNS)
    name = f"{place.name}: a move at {held[1].events} events beside one at {held[0].events}"
    yield Row(name, stopwatch.ms(found["old"]), "ms", stopwatch.ms(found["young"]), FLAT)
    engine.dispose()


def _grow_old(engine: Engine, key: str, lead: Answering) -> None:
    """As if the question had been answered anew until there were 1,000 events (their hashes are not chained)."""
    formation = stored.load(engine, key)
    numbers = range(formation.events + 1, OLD + 1)
    own = {"formation_id": formation.id}

    def use_case(db: Connection) -> None:
        event = dict(
            db.execute(select(t.event_row).where(t.event_row.c.formation_id == formation.id)).mappings().all()[-1]
        )
        fact_at = (t.fact.c.formation_id == formation.id, t.fact.c.key == lead.fact)
        fact = dict(db.execute(select(t.fact).where(*fact_at)).mappings().all()[-1])
        del fact["id"]
        db.execute(insert(t.event_row), [{**event, "number": n} for n in numbers])
        db.execute(insert(t.fact), [{**fact, **own, "event": n} for n in numbers])
        db.execute(
            update(t.answer)
            .where(t.answer.c.formation_id == formation.id, t.answer.c.key == lead.fact, t.answer.c.subject == "")
            .values(fact_event=OLD)
        )
        db.execute(update(t.formation).where(t.formation.c.id == formation.id).values(events=OLD, version=OLD))

    write(engine, use_case)


def crowd(crowds: Crowds) -> Iterator[Row]:
    """The same formation alone, and among 10,000."""
    place = crowds.place
    alone = open_engine(ground.carry(crowds.made.begun, place))
    settle(alone)
    among = open_engine(crowds.of(MANY))
    one, number = ground.answering(alone), MANY // 2
    many = replace(one, engine=among, key=key_of(ground.KEY, number), by=person_of(one.by, number, ground.CAST))
    found = stopwatch.in_turns({"alone": one.answer, "among": many.answer}, TURNS)
    name = f"{place.name}: a move among {MANY:,} formations beside one alone"
    yield Row(name, stopwatch.ms(found["among"]), "ms", stopwatch.ms(found["alone"]), FLAT)
    alone.dispose()
    among.dispose()


def length(place: Place, made: Ground) -> Iterator[Row]:
    """Made-up chains: what 48 more steps cost beside twice what 24 more cost; 1 is a straight line."""
    leads = {n: _on_chain(place, made, n) for n in LENGTHS}
    found = stopwatch.in_turns({str(n): lead.answer for n, lead in leads.items()}, TURNS)
    cost = {n: stopwatch.lower(found[str(n)]) for n in LENGTHS}
    short, middle, long = LENGTHS
    facts = synthetic.ASKS
    for n in LENGTHS:
        yield Row(f"{place.name}: a move on a chain of {n} steps, {facts} questions each", cost[n], "ms", cost[short])
    yield Row(
        f"{place.name}: from {middle} to {long} steps beside twice {short} to {middle}",
        cost[long] - cost[middle],
        "ms",
        max(2 * (cost[middle] - cost[short]), 0.001),
        STRAIGHT,
    )
    for lead in leads.values():
        lead.engine.dispose()


def _on_chain(place: Place, made: Ground, n: int) -> Answering:
    engine = open_engine(ground.carry(made.chain(n), place))
    settle(engine)
    return ground.answering(engine, pathway=synthetic.chain(n), key=synthetic.KEY)


def width(place: Place, made: Ground) -> Iterator[Row]:
    """Steps that are open beside one another: 64 beside 2."""
    leads = {n: _abreast(place, made, n) for n in WIDTHS}
    found = stopwatch.in_turns({str(n): lead.answer for n, lead in leads.items()}, TURNS)
    few, many = WIDTHS
    name = f"{place.name}: a move with {many} steps side by side beside one with {few}"
    yield Row(name, stopwatch.ms(found[str(many)]), "ms", stopwatch.ms(found[str(few)]), WIDE)
    for lead in leads.values():
        lead.engine.dispose()


def _abreast(place: Place, made: Ground, n: int) -> Answering:
    engine = open_engine(ground.carry(made.beside(n), place))
    synthetic.work(engine, "s1", forward=False)
    settle(engine)
    return Answering(engine, synthetic.KEY, synthetic.question("s1", 1), synthetic.LEAD, START)


def rows(crowds: Crowds) -> Iterator[Row]:
    """All of it."""
    yield from age(crowds.place, crowds.made)
    yield from crowd(crowds)
    yield from length(crowds.place, crowds.made)
    yield from width(crowds.place, crowds.made)
