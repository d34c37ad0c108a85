"""What a desk remembers over a changed answer: the same as if everything had been found out anew."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mutualflow.domain import acts, moves
from mutualflow.domain.computed import Requirements, recompute
from mutualflow.domain.desk import Desk, read
from mutualflow.domain.effect import effect
from mutualflow.domain.errors import Refused
from mutualflow.domain.formation import FINISHED, Formation, Status
from mutualflow.domain.ground import material
from mutualflow.domain.keys import NOT_KNOWN, Milestone
from mutualflow.domain.pathway import QuestionType
from tests.honest import Honest, name_of, real_pathway
from tests.stored import GUARANTEE


class Watched(Honest):
    """Honest people behind whom somebody checks that every act leaves the reading that one made anew would be."""

    checked = 0

    def do(self, by: str, act: acts.Act) -> None:
        moved = moves.perform(self.desk(by), act)
        fresh, kept = read(self.pathway, moved.after, self.law), moved.reading
        assert kept is not None
        for key in self.pathway.steps:
            assert kept.applies(key) is fresh.applies(key), (act, key)
        for key in self.pathway.asker:
            assert kept.asked(key) is fresh.asked(key), (act, key)
        assert (kept.said, kept.counts, kept.milestones) == (fresh.said, fresh.counts, fresh.milestones), act
        self.f = moved.after
        self.log.append((by, act))
        self.checked += 1


UNTIL = (Milestone.PERMISSION_SOUGHT, Milestone.DECISION_IN_PRINCIPLE, Milestone.REGISTRATION)


@pytest.fixture(scope="module", params=UNTIL)
def group(request: pytest.FixtureRequest) -> Watched:
    """Honest people at one point of their walk."""
    honest = Watched(real_pathway(), {**GUARANTEE, "recognised_union": "no"})
    honest.walk(request.param)
    return honest


def changes(group: Honest) -> Iterator[tuple[str, str, acts.Act]]:
    """(material key, who, act): each answer in force said otherwise, each row answered otherwise, each row retired."""
    pathway = group.pathway
    gates = tuple(key for key, step in pathway.steps.items() if step.gate)
    for (key, subject), held in group.f.answers.items():
        name = subject.partition("/")[0]
        question = pathway.lists[name].columns.get(key) if name else pathway.questions.get(key)
        if question is None or (name or key) not in pathway.asker:
            continue  # "that is all of them" is said, not answered
        asker = pathway.steps[pathway.asker[name or key]]
        other = {
            QuestionType.YES_NO: "no" if held.text == "yes" else "yes",
            QuestionType.CHOICE: next((c for c in question.choices if c != held.text), NOT_KNOWN),
            QuestionType.NUMBER: "1" if held.text != "1" else "2",
            QuestionType.MONEY: "1" if held.text != "1" else "2",
            QuestionType.DATE: "2023-01-05",
        }.get(question.type, f"other {held.text}")
        said = acts.Answer(fact=key, row=subject, value=other, confirm=gates)
        yield name or key, name_of(asker.owner), said
    for name, row in group.f.rows:
        asker = pathway.steps[pathway.asker[name]]
        yield name, name_of(asker.owner), acts.RetireRow(list=name, row=row, confirm=gates)
        yield name, name_of(asker.owner), acts.AddRow(list=name, row="one-more", confirm=gates)


def performed(group: Honest, by: str, act: acts.Act) -> Desk | None:
    """The desk after an act; None where the act is refused."""
    desk = Desk(
        group.pathway, group.f, by=by, now=datetime.combine(group.today, datetime.min.time(), UTC), today=group.today,
        law=group.law,
    )  # fmt: skip
    try:
        moves.perform(desk, act)
    except Refused:
        return None
    return desk


def test_whatever_is_answered_otherwise_is_computed_as_if_anew(group: Honest) -> None:
    """Steps, requirements and grounds, whether a condition reads the changed key or not."""
    inert = 0
    for key, by, act in changes(group):
        desk = performed(group, by, act)
        if desk is None:
            continue
        inert += key not in group.pathway.decisive
        fresh = read(group.pathway, desk.f, group.law)
        assert desk.f.steps == recompute(fresh, desk.f.steps), act
        kept, anew = Requirements(desk.reading, desk.f.steps), Requirements(fresh, desk.f.steps)
        for name, step in group.pathway.steps.items():
            assert kept.direct(name) == anew.direct(name)
            assert material(desk.reading, step, desk.f) == material(fresh, step, desk.f), (act, name)
    assert inert > 20


def test_every_act_of_a_walk_leaves_its_reading(group: Watched) -> None:
    """It is handed on to the clocks and to who is waited for."""
    assert group.checked == len(group.log) > 20


def test_only_what_rests_on_a_change_is_judged_and_nothing_else_would_be(group: Honest) -> None:
    """The narrow judgement finds what the full one finds."""
    was = read(group.pathway, group.f, group.law)
    found = 0
    for key, by, act in changes(group):
        desk = performed(group, by, act)
        if desk is None:
            continue
        after = unmoved(group.f, desk.f)
        fresh = read(group.pathway, after, group.law)
        whole = effect(group.pathway, group.f, was, after, fresh)
        assert effect(group.pathway, group.f, was, after, fresh, key) == whole, act
        if not whole.nothing:
            found += 1
            assert any(desk.f.steps[s] != group.f.steps[s] for s in (*whole.taken_back, *whole.reopened)) or (
                whole.put_right or whole.listed
            ), act
    assert found or not any(s.status in {Status.SUBMITTED, *FINISHED} for s in group.f.steps.values())


def unmoved(before: Formation, after: Formation) -> Formation:
    """The changed facts with the statuses as they were."""
    return replace(before, answers=after.answers, rows=after.rows)


def test_a_row_taken_out_of_an_approved_list_reopens_what_rests_on_it(group: Honest) -> None:
    """As an answer does."""
    approved = [
        (name, row)
        for name, row in group.f.rows
        if group.f.steps[group.pathway.asker[name]].status is Status.APPROVED
        and group.pathway.asker[name] not in group.pathway.put_right
    ]
    if not approved:
        assert group.f.steps["vision"].status in FINISHED
        return
    for name, row in approved:
        step = group.pathway.asker[name]
        gates = tuple(key for key, one in group.pathway.steps.items() if one.gate)
        by = name_of(group.pathway.steps[step].owner)
        desk = performed(group, by, acts.RetireRow(list=name, row=row, confirm=gates))
        assert desk is not None
        assert desk.f.steps[step].status is Status.OPEN, (name, row)
