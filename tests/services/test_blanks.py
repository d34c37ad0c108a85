"""Blanks with the question and the person for each."""

import pytest
from sqlalchemy import Engine

from mutualflow.domain.document import Lack, Missing
from mutualflow.services import looking
from mutualflow.services.blanks import BlankLine, blanks
from mutualflow.storage.database import reading
from tests import stored
from tests.stored import Stored, the_law


@pytest.fixture
def walk(engine: Engine) -> Stored:
    """A formation on its first day."""
    stored.publish(engine, stored.everybody())
    return Stored(engine)


def filled(walk: Stored, by: str, *missing: Missing) -> tuple[BlankLine, ...]:
    """The blanks as somebody sees them."""
    with reading(walk.engine) as db:
        return blanks(looking.look(db, "riverside", by=by, today=walk.today, law=the_law()), missing)


def test_a_blank_names_its_question_and_who_answers_it(walk: Stored) -> None:
    """A fact, a list, a cell of a list, and an official text."""
    lines = filled(
        walk,
        "staff_lead-group-1",
        Missing(Lack.FACT, "service_name", "name of the service", "staff lead", "s1"),
        Missing(Lack.FACT, "board_people.name", "name (people on the first board)", "chair", "s2"),
        Missing(Lack.PRESCRIBED, "cic_asset_lock_guarantee", "The asset lock", "", "s3"),
        Missing(Lack.DECISION, "route", "route", "staff lead", "s4"),
    )
    assert lines[0].question == "What is the service called?"
    assert lines[0].step == "service_scope"
    assert "staff lead-group-1" in lines[0].people
    assert "--fact service_name" in lines[0].command
    assert lines[1].step == walk.pathway.asker["board_people"]
    assert "--list board_people" in lines[1].command
    assert lines[2].who == "the operator"
    assert "prescribed load" in lines[2].command
    assert lines[3].question


def test_a_question_that_is_not_for_her_is_counted_and_not_named(walk: Stored) -> None:
    """Who prints a document of everyone's sees that something is missing, not what."""
    line = filled(
        walk, "commissioner-commissioner-1", Missing(Lack.FACT, "disclosure_gaps", "gaps in the papers", "", "s1")
    )[0]
    assert (line.key, line.question, line.command) == ("", "", "")
    assert line.words == "a question that you do not see"
