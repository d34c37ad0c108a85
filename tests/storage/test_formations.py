"""Formations: what is saved is loaded equal, by a number of queries that does not grow with age."""

import re

from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.keys import Milestone
from mutualflow.storage import formations
from mutualflow.storage.database import reading
from tests.stored import Stored, act, counted, everybody, load, publish

LOAD = 16
"""Queries of a load: the formation, and one for each kind of thing that belongs to it."""

NOTE = LOAD + 8
"""Statements of the smallest act: load, the formation's compare-and-set, event, its words, note; clocks; no notice."""


def test_a_whole_walk_is_loaded_as_it_was_saved_at_a_cost_that_age_does_not_raise(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine, compare=True)
    honest.answer_all("vision", "staff_lead-group-1")
    young = costs(honest)
    honest.walk(Milestone.FIRST_YEAR_REVIEW)
    assert honest.compared > 300
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
