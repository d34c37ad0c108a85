"""What one person may not see stands nowhere: not in a page, a wait, a refusal, a difference, or a line of history."""

import json
from dataclasses import asdict
from datetime import date

import pytest

from mutualflow.domain.acts import AnswerNote, Attach, KeepVersion, Note, TakeOut
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import DocumentRef, Membership
from mutualflow.domain.keys import Audience, Role, Side
from mutualflow.domain.permissions import sees
from mutualflow.services import dates, history, home, looking, people, rounds, step_page, why
from mutualflow.services import documents as shelf
from mutualflow.services.looking import Look
from mutualflow.storage import seen
from mutualflow.storage.database import reading, write
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


COMMISSIONER, SPONSOR = "commissioner-commissioner-1", "host_sponsor-host-1"


def told_of(one: Walked, by: str) -> tuple[str, int, int]:
    """What the history says to somebody, the count of her news, and how many lines of it she is given."""
    with reading(one.engine) as db:
        look = looking.look(db, "riverside", by=by, today=one.walk.today, law=the_law())
        news = history.news(look)
        return json.dumps([asdict(line) for line in history.page(look).lines], default=str), news.count, len(news.lines)


def test_a_file_for_some_is_attached_and_taken_out_unheard_by_the_others(begun: Walked) -> None:
    """Neither a line nor the count of news tells somebody outside its audience."""
    walk = begun.walk
    owner = name_of(walk.pathway.steps["business_plan"].owner)
    for by in (COMMISSIONER, SPONSOR):
        write(begun.engine, lambda db, by=by: seen.mark(db, by, walk.f.id, walk.f.events))  # type: ignore[misc]
    walk.do(owner, Attach(step="business_plan", key="plan-7", evidence="business_plan", sha256="7" * 64, name="P7.pdf"))
    assert walk.f.evidence["plan-7"].audience is Audience.NOT_COMMISSIONER
    walk.do(owner, TakeOut(step="business_plan", key="plan-7", reason="Figures of last year"))
    text, count, lines = told_of(begun, SPONSOR)
    assert "plan-7" in text
    assert "Figures of last year" in text
    assert (count, lines) == (2, 2)
    text, count, lines = told_of(begun, COMMISSIONER)
    assert "plan-7" not in text
    assert "Figures of last year" not in text
    assert (count, lines) == (0, 0)


def test_a_version_for_some_is_kept_unheard_by_the_others(begun: Walked) -> None:
    """The event is read by whoever may read the document."""
    walk = begun.walk
    for by in ("staff_lead-group-2", SPONSOR):
        write(begun.engine, lambda db, by=by: seen.mark(db, by, walk.f.id, walk.f.events))  # type: ignore[misc]
    step = walk.pathway.steps["business_case"]
    paper = DocumentRef(step.produces[0].document, "riverside/D09/77", "0" * 64)
    keep = KeepVersion(step=step.key, document=paper, document_audience=Audience.GROUP)
    walk.do("staff_lead-group-1", keep)
    for by, told in (("staff_lead-group-2", 1), (SPONSOR, 0)):
        text, count, lines = told_of(begun, by)
        assert ("D09/77" in text, count, lines) == (bool(told), told, told)
