"""Formations: what is saved is loaded equal, by a number of queries that does not grow with age."""

import random
import re
from collections import Counter

import pytest
from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.errors import Refused
from mutualflow.domain.keys import Milestone
from mutualflow.services import auditing
from mutualflow.storage import formations
from mutualflow.storage.database import reading
from tests.honest import real_pathway
from tests.stored import GUARANTEE, Stored, act, counted, differing, everybody, load, publish, start, the_law
from tests.wanderers import Choices, Wanderers

LOAD = 16
"""Queries of a load: the formation, and one for each kind of thing that belongs to it."""

NOTE = LOAD + 5
"""Statements of the smallest act: load, the formation's compare-and-set, event, its words, note; clocks as held."""


def test_a_whole_walk_is_loaded_as_it_was_saved_at_a_cost_that_age_does_not_raise(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine, compare=3)
    honest.answer_all("vision", "staff_lead-group-1")
    young = costs(honest)
    honest.walk(Milestone.FIRST_YEAR_REVIEW)
    assert honest.compared > 100
    old = costs(honest)
    assert old == young
    assert old[0] == LOAD
    assert old[1] == NOTE


def costs(honest: Stored) -> tuple[int, int]:
    """Statements of a load, and of a note from its load to its commit."""
    engine = honest.engine
    with counted(engine) as loading:
        load(engine)
    with counted(engine) as noting:
        act(engine, "riverside", "staff_lead-group-2", acts.Note(step="vision", text="A word."), honest.today)
    return statements(loading), statements(noting)


def statements(said: list[str]) -> int:
    """How many there were, transactions' own words not counted."""
    return sum(not re.match(r"BEGIN|COMMIT|ROLLBACK", s) for s in said)


def test_an_unknown_formation_is_none(engine: Engine) -> None:
    with reading(engine) as db:
        assert formations.load(db, "nowhere") is None
        assert formations.release_of(db, "nowhere") is None
        assert formations.task_title(db, "nowhere", "x") is None


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 30))])
def test_whatever_people_do_is_loaded_as_it_was_saved(engine: Engine, seed: int) -> None:
    """People who do anything at all, first in memory, then the same acts through the database."""
    publish(engine, everybody())
    people = Wanderers(real_pathway(), GUARANTEE, law=the_law().thresholds, formation=start(engine))
    numbers = random.Random(seed)
    choices = Choices([numbers.randrange(2**20) for _ in range(1200)])
    people.set_out(choices, most=12)
    for _ in range(90):
        people.wander(choices)
    kinds: Counter[str] = Counter()
    for (by, what), day in zip(people.log, people.days, strict=True):
        try:
            acted = act(engine, "riverside", by, what, day)
        except Refused:
            continue  # the service knows more than the core: who is known, which notes and versions there are
        kinds[type(what).__name__] += 1
        found = differing(load(engine), acted.formation)
        assert not found, (what, found)
    assert len(kinds) > 12, kinds
    assert load(engine).steps.keys() == people.f.steps.keys()
    with reading(engine) as db:
        assert auditing.verify(db, replay=True).findings == ()


def test_every_reading_is_one_snapshot(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine)
    with reading(engine) as db:
        before = formations.load(db, "riverside")
        honest.do("staff_lead-group-1", acts.Note(step="vision", text="Meanwhile."))
        assert formations.load(db, "riverside") == before
    assert load(engine) != before
