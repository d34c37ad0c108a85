"""The race: 16 writers, each a process of its own, put forward the last steps of the same formations at once."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from sqlalchemy import Engine, func, select

from bench import ground, synthetic
from bench.clones import clone, key_of
from bench.ground import Crowds
from bench.places import settle
from bench.row import Row
from mutualflow.domain import acts, chain
from mutualflow.domain.errors import Conflict, Refused
from mutualflow.domain.formation import Status
from mutualflow.storage import events
from mutualflow.storage import tables as t
from mutualflow.storage.database import DatabaseFault, open_engine, reading
from tests import stored
from tests.honest import START

WRITERS = 16
LAST = 4
"""Steps that are left in each formation: two writers contend for each, all eight for the one that opens next."""
LEADS = 2
"""People who hold the role that owns the next step: each is to be told of it once."""
FORMATIONS = 500
"""Half of the writers take the odd ones, half the even ones, each half in the same order."""


def rows(crowds: Crowds) -> Iterator[Row]:
    """Writers who are done; events, openings and notices that should be there and are not, or are there twice."""
    url = ground.carry(crowds.made.beside(LAST, LEADS), crowds.place)
    engine = open_engine(url)
    for n in range(1, LAST + 1):
        synthetic.work(engine, f"s{n}", forward=False)
    before = stored.load(engine, synthetic.KEY)
    clone(engine, before.id, FORMATIONS)
    settle(engine)
    engine.dispose()  # nothing of it may reach the children
    began = time.perf_counter()
    tally = _run(url)
    spent = time.perf_counter() - began
    engine = open_engine(url)
    name = f"{crowds.place.name}: {WRITERS} writers, {FORMATIONS} formations"
    yield Row(f"{name}: acts that won", tally["won"], "acts", FORMATIONS * LAST)
    yield Row(f"{name}: acts that came second and were told so", tally["refused"], "acts")
    yield Row(f"{name}: acts that gave up", tally["gave up"], "acts", None, 0)
    yield from _judged(name, engine, before.events)
    yield Row(f"{name}: acts a second", sum(tally.values()) / spent, "acts/s")
    engine.dispose()


def _run(url: str) -> Counter[str]:
    """Start all writers at one moment and add up what they saw."""
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(WRITERS), context.SimpleQueue()
    writers = [context.Process(target=_write, args=(url, n, gate, results)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    tally: Counter[str] = Counter()
    for _ in writers:
        tally.update(results.get())
    for writer in writers:
        writer.join()
    return tally


def _write(url: str, number: int, gate: Barrier, results: "SimpleQueue[Counter[str]]") -> None:
    """One writer: the same step of every formation, in the same order as everybody."""
    tally: Counter[str] = Counter()
    engine = open_engine(url)
    act = acts.Submit(step=f"s{number % LAST + 1}")
    by = (synthetic.LEAD, f"{synthetic.LEAD}-2")[number // LAST % LEADS]
    own = range(1 + number // (LAST * LEADS), FORMATIONS + 1, WRITERS // (LAST * LEADS))
    gate.wait()
    try:
        for n in own:
            tally[_once(engine, key_of(synthetic.KEY, n), by, act)] += 1
    finally:
        engine.dispose()
        results.put(tally)


def _once(engine: Engine, key: str, by: str, act: acts.Submit) -> str:
    """How one act went."""
    try:
        stored.act(engine, key, by, act, START)
    except Refused:
        return "refused"
    except (Conflict, DatabaseFault):
        return "gave up"
    return "won"


def _judged(name: str, engine: Engine, before: int) -> Iterator[Row]:
    """What the database says afterwards."""
    lost = broken = 0
    with reading(engine) as db:
        for owner in events.owners(db):
            if owner.key == synthetic.KEY:
                continue
            links = [chain.Link(e.number, e.body, e.hash) for e in events.chain_of(db, owner.id)]
            lost += max(before + 2 * LAST - len(links), 0)  # a submission and its approval each
            tail = links[before:]
            follows = all(f'"before":"{a.hash}"' in b.body for a, b in zip(links[before - 1 :], tail, strict=False))
            broken += not (follows and all(chain.link(x.body) == x.hash for x in tail) and links[-1].hash == owner.head)
        open_ = (
            select(func.count()).select_from(t.step).where(t.step.c.key == "last", t.step.c.status == Status.OPEN.value)
        )
        closed = FORMATIONS - int(
            db.execute(open_.where(t.step.c.waits_for == "", t.step.c.formation_id > 1)).scalar_one()
        )
        told = Counter(
            db.execute(
                select(t.notice.c.formation_id, t.notice.c.person).where(t.notice.c.subject == "submit:last")
            ).tuples()
        )
    yield Row(f"{name}: events lost", lost, "events", None, 0)
    yield Row(f"{name}: chains broken", broken, "chains", None, 0)
    yield Row(f"{name}: openings that did not come", closed, "steps", None, 0)
    missing = FORMATIONS * LEADS - len(told)
    yield Row(
        f"{name}: openings not noticed, or noticed twice",
        missing + sum(n - 1 for n in told.values()),
        "notices",
        None,
        0,
    )
