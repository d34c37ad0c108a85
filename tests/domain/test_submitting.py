"""What goes forward is whole: nothing is left out of it because nobody has said yet whether it is needed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mutualflow.domain import acts, awaited, moves
from mutualflow.domain.desk import read
from mutualflow.domain.errors import Refusal
from mutualflow.domain.formation import Formation, Status
from mutualflow.domain.ground import facts_in, material_keys
from mutualflow.domain.keys import Role
from mutualflow.domain.pathway import With, say
from mutualflow.domain.spans import on
from mutualflow.domain.tri import NO
from tests.domain.test_moves import at, code
from tests.honest import Honest, name_of, real_pathway
from tests.stored import GUARANTEE

LEAD, COLLEAGUE = "staff_lead-group-1", "staff_member-group-1"


def arrived(step: str) -> Honest:
    """A group for which everything behind a step was done before it came here; none of its questions is answered."""
    honest = Honest(real_pathway(), GUARANTEE)
    for _ in range(6):
        reading = honest.desk(LEAD).reading
        wanted = tuple(
            acts.AdoptedStep(key, on(honest.today))
            for key in honest.pathway.steps
            if key in honest.pathway.behind[step]
            and honest.status(key) is Status.OPEN
            and reading.applies(key) is not NO
        )
        if not wanted:
            break
        honest.do(LEAD, acts.Adopt(steps=wanted))
    return honest


def waits(honest: Honest) -> set[str]:
    reading = read(honest.pathway, honest.f, honest.law)
    return set(awaited.compute(honest.pathway, honest.f, reading, honest.today, due={}, legal={}))


@pytest.mark.parametrize(
    ("step", "facts"),
    [
        ("transfer_agreement", ("premises", "personal_data")),  # files that it brings
        ("governing_document", ("legal_form", "ownership_model")),  # documents that it prints
        ("equality_and_data", ("personal_data",)),  # questions that it asks, and who answers
    ],
)
def test_what_may_be_needed_is_known_before_a_step_goes_forward(step: str, facts: tuple[str, ...]) -> None:
    honest = arrived(step)
    owner = name_of(honest.pathway.steps[step].owner)
    honest.answer_all(step, owner)
    for fact in facts:
        refused = honest.refused(owner, acts.Submit(step=step))
        assert refused is not None
        assert refused.code is Refusal.MAYBE
        assert say(honest.pathway.questions[fact].label) in refused.sentence
        assert f"find_out:{honest.pathway.asker[fact]}" in waits(honest)
        question = honest.pathway.questions[fact]
        honest.do(name_of(honest.pathway.steps[honest.pathway.asker[fact]].owner),
                  acts.Answer(fact=fact, value=honest.value(question)))  # fmt: skip
    refused = honest.refused(owner, acts.Submit(step=step))
    assert refused is None or refused.code is not Refusal.MAYBE


def ready() -> Honest:
    honest = Honest(real_pathway(), GUARANTEE)
    honest.answer_all("vision", LEAD)
    return honest


def test_a_list_that_was_complete_is_looked_at_again_when_it_goes_forward() -> None:
    rows = [key for name, key in ready().f.rows if name == "group_members"]
    emptied = ready()
    for row in rows:
        emptied.do(LEAD, acts.RetireRow(list="group_members", row=row))
    added = ready()
    added.do(LEAD, acts.AddRow(list="group_members", row="new"))
    for honest in (emptied, added):
        refused = honest.refused(LEAD, acts.Submit(step="vision"))
        assert refused is not None
        assert refused.code is Refusal.UNANSWERED
    added.do(LEAD, acts.RetireRow(list="group_members", row="new"))
    added.submit("vision", LEAD)
    assert added.status("vision") is Status.SUBMITTED


def test_who_completed_a_list_does_not_approve_it() -> None:
    honest = ready()
    honest.do(COLLEAGUE, acts.CompleteList(list="group_members"))
    honest.submit("vision", LEAD)
    assert code(honest, COLLEAGUE, acts.Approve(step="vision", happened_on=on(honest.today))) is Refusal.FOUR_EYES


def cell(honest: Honest, value: str, correction: str = "") -> acts.Answer:
    row = next(row for name, row in honest.f.rows if name == "group_members")
    return acts.Answer(fact="name", row=f"group_members/{row}", value=value, correction=correction)


def test_a_correction_in_a_row_is_told_to_who_reads_the_list() -> None:
    honest = ready()
    honest.submit("vision", LEAD)
    moved = moves.perform(honest.desk(LEAD), cell(honest, "Another spelling", "spelling"))
    assert [e.refs["step"] for e in moved.events if e.kind == "corrected"] == ["vision"]
    assert moved.after.steps["vision"].status is Status.SUBMITTED


def test_a_correction_neither_takes_words_away_nor_brings_the_first() -> None:
    honest = ready()
    honest.submit("vision", LEAD)
    gone = acts.Answer(fact="why_leave", value="not_known", correction="spelling")
    assert code(honest, LEAD, gone) is Refusal.INVALID_VALUE
    assert code(honest, LEAD, cell(honest, "not_known", "spelling")) is Refusal.INVALID_VALUE
    honest.do(LEAD, acts.Answer(fact="why_leave", value="not_known"))
    assert code(honest, LEAD, replace(gone, value="words after all")) is Refusal.INVALID_VALUE


def test_a_correction_in_a_row_that_was_filed_is_refused() -> None:
    honest = at("registration approved")
    filed = honest.f.submissions["registration"]
    assert code(honest, LEAD, cell(honest, "Another spelling", "spelling")) is None
    rests = replace(filed, material={**filed.material, "group_members": ("rows", "rows")})
    honest.f = replace(honest.f, submissions={**honest.f.submissions, "registration": rests})
    assert code(honest, LEAD, cell(honest, "Another spelling", "spelling")) is Refusal.FROZEN


def test_a_row_whose_cell_was_said_anew_has_moved_on() -> None:
    honest = Honest(real_pathway(), GUARANTEE)
    honest.do(LEAD, acts.AddRow(list="group_members", row="r1", values={"name": "A"}))
    seen = honest.f.rows[("group_members", "r1")].event
    honest.do(COLLEAGUE, cell(honest, "B"))
    over = acts.AddRow(list="group_members", row="r1", values={"name": "C"}, seen=seen)
    assert code(honest, LEAD, over) is Refusal.STALE
    honest.do(LEAD, replace(over, seen=honest.f.rows[("group_members", "r1")].event))


def test_what_puts_a_filing_right_rests_on_what_is_known_and_on_two_people() -> None:
    honest = at("registration approved")
    adviser, chair, put_right = "legal_adviser-group-1", "new_body_chair-group-2", "put_right_registration"
    honest.do(adviser, acts.Answer(fact="registered_office", value="not_known"))
    assert honest.status(put_right) is Status.OPEN
    honest.attach(put_right, With.SUBMIT, adviser)
    assert code(honest, adviser, acts.Submit(step=put_right)) is Refusal.BLANKS
    honest.do(adviser, acts.Answer(fact="registered_office", value="1 New Street"))
    honest.submit(put_right, name_of(honest.pathway.steps[put_right].owner, 2))
    assert adviser in honest.f.submissions[put_right].answered_by
    assert chair not in honest.f.submissions[put_right].answered_by


@pytest.mark.parametrize(
    ("step", "fact", "why"),
    [
        ("decision_in_principle", "premises", "the paper speaks of premises only where there are any"),
        ("tupe_information", "unrepresented_groups", "the letter speaks of those for whom no union is recognised"),
    ],
)
def test_a_fact_by_which_a_document_says_more_or_less_is_material(step: str, fact: str, why: str) -> None:
    pathway = real_pathway()
    assert fact in material_keys(pathway, pathway.steps[step]), why


def test_what_is_asked_later_is_a_blank_of_the_version_and_not_material() -> None:
    pathway = real_pathway()
    for step in pathway.steps.values():
        known = pathway.behind[step.puts_right or step.key] | {step.puts_right or step.key}
        printed = {key for p in step.produces for key in pathway.document_facts[p.document]}
        later = {key for key in printed if pathway.asker.get(key) not in known}
        read = {key for slot in step.slots for key in facts_in(pathway, slot.when)}
        assert not (later - read) & set(material_keys(pathway, step)), step.key


def test_an_answer_that_counts_again_is_named_where_it_makes_the_impossible() -> None:
    honest = Honest(real_pathway())
    for fact, value in (("nation", "england"), ("host_kind", "council"), ("route", "host_led")):
        honest.do(LEAD, acts.Answer(fact=fact, value=value))
    honest.do(LEAD, acts.Answer(fact="employees_challenging", value="1"))  # not asked now, so it does not count
    label = say(honest.pathway.questions["employees_challenging"].label)
    refused = honest.refused(LEAD, acts.Answer(fact="route", value="community_right_to_challenge"))
    assert refused is not None
    assert refused.code is Refusal.IMPOSSIBLE
    assert f"an answer given before counts again: “{label}”" in refused.sentence
    honest.do(LEAD, acts.Answer(fact="employees_challenging", value="2"))
    honest.do(LEAD, acts.Answer(fact="route", value="community_right_to_challenge"))
    refused = honest.refused(LEAD, acts.Answer(fact="employees_challenging", value="1"))
    assert refused is not None
    assert "counts again" not in refused.sentence


def test_who_stands_in_is_asked_only_for_what_her_role_covers() -> None:
    honest = at("readiness submitted")
    sponsor, other, stand_in = "host_sponsor-host-1", "host_sponsor-host-2", "host_board_member-host-1"
    absent = next(m for m in honest.f.members if m.person == sponsor)
    honest.f = replace(honest.f, members=(*honest.f.members, replace(absent, role=Role.HOST_BOARD_MEMBER)))
    back = honest.today + timedelta(days=9)
    honest.do(sponsor, acts.BeAway(since=honest.today, until=back, stand_in=stand_in))
    reading = read(honest.pathway, honest.f, honest.law)
    found = awaited.compute(honest.pathway, honest.f, reading, honest.today, due={}, legal={})
    entry = next(e for e in found.values() if (e.step, e.what) == ("readiness", "approve"))

    def asked(formation: Formation) -> tuple[str, ...]:
        return awaited.people_for(honest.pathway, formation, entry, honest.today)

    assert asked(honest.f) == (other,)  # who stands in is of the board and no sponsor
    alone = replace(honest.f, members=tuple(m for m in honest.f.members if m.person != other))
    assert asked(alone) == (sponsor,)
    fitting = (*honest.f.members, replace(absent, person=stand_in))
    assert asked(replace(honest.f, members=fitting)) == (stand_in, other)
