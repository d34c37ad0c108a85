"""What one person may not see stands nowhere: not in a page, a wait, a refusal, a difference, or a line of history."""

import json
from dataclasses import asdict
from datetime import date

import pytest

from mutualflow.domain.acts import AnswerNote, Note
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Membership
from mutualflow.domain.keys import Audience, Role, Side
from mutualflow.domain.permissions import sees
from mutualflow.services import dates, history, home, looking, people, rounds, step_page, why
from mutualflow.services import documents as shelf
from mutualflow.services.looking import Look
from mutualflow.storage.database import reading
from tests.honest import name_of, parties
from tests.services.reading.conftest import Walked
from tests.stored import the_law


def everything(look: Look) -> str:
    """All that the reading services say to her, as one text."""
    pages: list[object] = [
        home.home(look), people.people(look), dates.plan(look), *dates.clocks(look), *dates.milestones(look),
        history.page(look, most=2000), *step_page.tasks(look), *shelf.kept(look), *shelf.to_print(look),
    ]  # fmt: skip
    for key, state in look.formation.steps.items():
        if state.status.value == "closed":
            continue
        pages += [step_page.step_page(look, key), why.why(look, key), *rounds.of(look, key)]
        if state.round:
            pages.append(rounds.difference(look, key))
    return json.dumps([asdict(p) for p in pages], default=str, ensure_ascii=False)  # type: ignore[call-overload]


def test_nobody_reads_what_is_for_others(walked: Walked) -> None:
    """For one person of every kind of reader: no answer, no label and no file that is not for her."""
    f = walked.walk.f
    checked = 0
    kinds: set[tuple[Audience, ...]] = set()
    with reading(walked.engine) as db:
        for party in parties(walked.walk.pathway):
            look = looking.look(db, f.key, by=name_of(party), today=walked.walk.today, law=the_law())
            if look.audiences in kinds:
                continue
            kinds.add(look.audiences)
            said = everything(look)
            for key, question in walked.walk.pathway.questions.items():
                if (key, "") in f.answers and not look.sees(question.audience):
                    assert f"words for {key.replace('_', ' ')}" not in said, (party, key)
                    assert f"“{question.label['en']}”" not in said, (party, key)
                    checked += 1
            for file in f.evidence.values():
                if not look.sees(file.audience):
                    assert file.name not in said, (party, file.key)
                    assert file.sha256 not in said, (party, file.key)
                    checked += 1
    assert len(kinds) > 5
    assert checked > 15


def test_who_may_see_it_does(walked: Walked) -> None:
    """The wall is not simply closed: those for whom a thing is find it."""
    f = walked.walk.f
    hidden = [e for e in f.evidence.values() if e.audience is not Audience.EVERYONE]
    assert hidden
    with reading(walked.engine) as db:
        for party in parties(walked.walk.pathway):
            look = looking.look(db, f.key, by=name_of(party), today=walked.walk.today, law=the_law())
            for file in hidden:
                if look.sees(file.audience):
                    page = step_page.step_page(look, file.step)
                    assert file.key in {h.key for line in page.files for h in line.held}


def test_whoever_has_no_role_is_told_that_there_is_no_such_formation(walked: Walked) -> None:
    """Not "forbidden": even the existence is not said, and a formation that is not there sounds the same."""
    with reading(walked.engine) as db:
        for key, by in (("riverside", "nobody"), ("elsewhere", "staff_lead-group-1")):
            with pytest.raises(Refused) as refused:
                looking.look(db, key, by=by, today=walked.walk.today, law=the_law())
            assert refused.value.code is Refusal.UNKNOWN_KEY
            assert refused.value.sentence == f"There is no formation “{key}” in which you have a role."


def test_an_invited_member_reads_what_is_for_everyone_and_does_nothing() -> None:
    """Until another side's first person is confirmed, she sees the open things only."""
    invited = (Membership("new", Role.HOST_SPONSOR, Side.HOST, date(2024, 1, 1)),)
    assert sees(invited, Audience.EVERYONE)
    assert not any(sees(invited, a) for a in Audience if a is not Audience.EVERYONE)


def test_a_note_to_one_side_is_read_by_that_side(begun: Walked) -> None:
    """In the step and in the history, in the words and in the count."""
    begun.walk.do("staff_lead-group-1", Note(step="vision", text="Between ourselves", audience=Audience.GROUP, key="n"))
    with reading(begun.engine) as db:
        for by, may in (("staff_lead-group-2", True), ("host_sponsor-host-1", False)):
            look = looking.look(db, "riverside", by=by, today=begun.walk.today, law=the_law())
            assert ("Between ourselves" in everything(look)) is may
            assert len(history.page(look).lines) == (2 if may else 1)


def test_an_answer_stands_behind_the_wall_of_what_it_answers(begun: Walked) -> None:
    """A thread of one side stays there, whatever is written on it."""
    begun.walk.do("staff_lead-group-1", Note(step="vision", text="Dare we?", audience=Audience.GROUP, key="n"))
    begun.walk.do("staff_lead-group-2", AnswerNote(note="n", text="We dare"))
    with reading(begun.engine) as db:
        for by, may in (("staff_member-group-1", True), ("host_sponsor-host-1", False)):
            look = looking.look(db, "riverside", by=by, today=begun.walk.today, law=the_law())
            assert ("We dare" in everything(look)) is may
