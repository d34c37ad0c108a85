"""Sixteen writers race for the last steps of formations: no event is lost, every opening is told exactly once."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine, func, select

from mutualflow.domain import acts
from mutualflow.domain.formation import Formation, Status
from mutualflow.domain.pathway import With
from mutualflow.domain.reminders import OPENED
from mutualflow.domain.spans import Span
from mutualflow.services import auditing
from mutualflow.storage import tables as t
from mutualflow.storage.database import reading
from tests.honest import Honest, real_pathway
from tests.services.racing import APPROVERS, NOTE, STEP, WALK, WRITERS, race
from tests.stored import GUARANTEE, act, everybody, load, publish, start, the_law

BEFORE = ("due_diligence", "legal_form_choice", "business_plan")
OPENS = "staff_ballot"
PROCESSES = 2


class Ready(Honest):
    """One formation whose pension route has been put forward, and after which the ballot opens."""

    def __init__(self, engine: Engine, key: str) -> None:
        super().__init__(real_pathway(), GUARANTEE, law=the_law().thresholds, formation=start(engine, key))
        self.engine = engine
        self.today += timedelta(days=10)
        adopted = tuple(acts.AdoptedStep(step, Span(None, self.today)) for step in BEFORE)
        self.do("staff_lead-group-1", acts.Adopt(steps=adopted))
        owner = "pension_adviser-group-1"
        self.answer_all(STEP, owner)
        self.attach(STEP, With.SUBMIT, owner)
        self.submit(STEP, owner)

    def do(self, by: str, what: acts.Act) -> None:
        """Through the service."""
        self.f: Formation = act(self.engine, self.f.key, by, what, self.today).formation


@pytest.mark.parametrize("count", [4, pytest.param(500, marks=pytest.mark.soak)])
def test_sixteen_writers_lose_nothing_and_tell_everything_once(engine: Engine, database_url: str, count: int) -> None:
    assert len(WRITERS) == 16
    publish(engine, everybody())
    ready = [Ready(engine, f"group-{n}") for n in range(count)]
    before = {one.f.key: one.f.events for one in ready}
    today = ready[0].today + timedelta(days=1)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        raced = [pool.submit(race, database_url, list(before), n, PROCESSES, today) for n in range(PROCESSES)]
        tallies = [one.result() for one in raced]
    done: Counter[tuple[str, str]] = Counter()
    for tally in tallies:
        assert tally.wrong == []
        done.update(tally.done)
    for key, events in before.items():
        assert done[(key, "approve")] == 3, key  # one for each slot, whoever came first
        assert (done[(key, NOTE)], done[(key, WALK)]) == (2, 2)
        formation = load(engine, key)
        assert formation.steps[STEP].status is Status.APPROVED
        assert {a.by for a in formation.approvals.values() if a.step == STEP} < set(APPROVERS)
        assert f"submit:{OPENS}" in formation.awaited
        told = kinds_of(engine, formation)
        assert (told["approve"], told["approved"], told["note"]) == (3, 1, 2)
        walked = formation.events - events - 6  # a walk may write events of its own
        assert 0 <= walked == sum(told[kind] for kind in ("law_changed", "clock_missed"))
        assert openings(engine, formation) == {"staff_lead-group-1": 1, "staff_lead-group-2": 1}
    with reading(engine) as db:
        found = auditing.verify(db, replay=True)
    assert found.findings == ()  # numbers without a gap, each event on the one before it


def kinds_of(engine: Engine, formation: Formation) -> Counter[str]:
    """How many events of each kind there are since the last submission."""
    number = formation.submissions[STEP].event
    with reading(engine) as db:
        rows = db.execute(
            select(t.event_row.c.kind).where(t.event_row.c.formation_id == formation.id, t.event_row.c.number > number)
        )
        return Counter(rows.scalars())


def openings(engine: Engine, formation: Formation) -> dict[str, int]:
    """Person -> how often she was told that the step after it is open; nobody was told of anything twice."""
    notice = t.notice.c
    with reading(engine) as db:
        rows = db.execute(
            select(notice.person, notice.kind, notice.subject, func.count())
            .where(notice.formation_id == formation.id, notice.kind.in_({kind.value for kind in OPENED.values()}))
            .group_by(notice.person, notice.kind, notice.subject)
        ).all()
    assert all(times == 1 for *_, times in rows), rows
    return {person: times for person, _, subject, times in rows if subject == f"submit:{OPENS}"}
