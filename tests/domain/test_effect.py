"""What a changed fact does: the preview and the change are one, gates are named, what was filed is put right."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mutualflow.domain import acts, answering, awaited, moves
from mutualflow.domain.desk import read
from mutualflow.domain.effect import Effect, effect
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Basis, Holds, SlotState, Status, TaskOrigin
from mutualflow.domain.ground import material
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import QuestionType
from mutualflow.domain.tri import YES
from tests.domain.test_moves import LEAD, at, code, people, walk_to
from tests.honest import Honest, name_of
from tests.wanderers import seen_in

GATES = ("permission_given", "decision_in_principle", "final_decision", "go_live_readiness")
FINAL = "final_decision"


def asked_in(honest: Honest, step: str, *types: QuestionType) -> str:
    """A question of the step that is asked and answered here."""
    reading = honest.desk("").reading
    pathway = honest.pathway
    return next(
        a.key
        for a in pathway.steps[step].asks
        if reading.answered(a.key)
        and (not types or pathway.questions[a.key].type in types)
        and a.key not in pathway.steps[step].immaterial
    )


def another(honest: Honest, fact: str) -> str:
    """Another answer to a question than the one in force."""
    question = honest.pathway.questions[fact]
    now = honest.f.answers[(fact, "")].text
    low = int(question.at_least or 0)
    offered: list[str] = {
        QuestionType.YES_NO: ["yes", "no"],
        QuestionType.CHOICE: list(question.choices),
        QuestionType.NUMBER: [str(low), str(low + 1)],
        QuestionType.MONEY: [f"{low}.00", f"{low + 1}.00"],
        QuestionType.DATE: ["2020-01-01", "2020-01-02"],
    }.get(question.type, ["other words", "words of another kind"])
    return next(v for v in offered if v != now)


def owner_of(honest: Honest, fact: str) -> str:
    return name_of(honest.pathway.steps[honest.pathway.asker[fact]].owner)


def change(honest: Honest, fact: str, **more: object) -> acts.Answer:
    return acts.Answer(fact=fact, value=another(honest, fact), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["case submitted", "registration approved", "launched"])
def test_the_preview_of_every_answer_is_what_its_change_does(place: str) -> None:
    honest = at(place)
    tried = 0
    kinds: set[int] = set()
    for fact, subject in list(honest.f.answers):
        if subject or fact not in honest.pathway.questions or honest.desk("").reading.asked(fact) is not YES:
            continue
        by, act = owner_of(honest, fact), change(honest, fact, confirm=GATES)
        if honest.refused(by, act) is not None:
            with pytest.raises(Refused):
                answering.preview(honest.desk(by), act)
            continue
        foreseen = answering.preview(honest.desk(by), act)
        moved = moves.perform(honest.desk(by), act)
        sets = (foreseen.taken_back, foreseen.reopened, foreseen.put_right, foreseen.listed)
        assert tuple(map(set, sets)) == seen_in(moved.events), fact
        kinds |= {n for n, steps in enumerate(sets) if steps}
        tried += 1
    assert tried > 30
    assert kinds == {"case submitted": {0, 1}, "registration approved": {1, 2}, "launched": {2, 3}}[place]


def test_a_preview_changes_nothing_and_its_fingerprint_follows_its_effect() -> None:
    honest = at("registration approved")
    fact = asked_in(honest, FINAL)
    by, act = owner_of(honest, fact), change(honest, fact)
    before = honest.f
    found = answering.preview(honest.desk(by), act)
    assert honest.f is before
    assert found.reopened == (FINAL,)
    assert dict(found.because)[FINAL] == (fact,)
    assert found.fingerprint == answering.preview(honest.desk(by), act).fingerprint
    assert found.fingerprint != Effect().fingerprint
    assert Effect().nothing
    assert not found.nothing
    honest.do("legal_adviser-group-1", acts.OpenPutRight(step="registration", reason="a name"))
    assert answering.preview(honest.desk(by), act).fingerprint == found.fingerprint  # what does not bear on it


def test_a_gate_reopens_only_where_it_is_named() -> None:
    honest = at("registration approved")
    fact = asked_in(honest, FINAL)
    by, act = owner_of(honest, fact), change(honest, fact)
    refused = honest.refused(by, act)
    assert refused is not None
    assert refused.code is Refusal.NEEDS_CONFIRMATION
    assert FINAL in refused.sentence
    assert code(honest, by, replace(act, confirm=("permission_given",))) is Refusal.NEEDS_CONFIRMATION
    honest.do(by, replace(act, confirm=(FINAL,)))
    assert honest.status(FINAL) is Status.OPEN
    assert honest.f.approvals[(FINAL, "host_board", "host")].state is SlotState.APPROVED  # it stays readable
    assert honest.f.steps["registration"].overtaken
    assert honest.status("registration") is Status.APPROVED


def test_the_same_value_again_is_no_change() -> None:
    honest = at("registration approved")
    fact = asked_in(honest, FINAL)
    said = honest.f.answers[(fact, "")].text
    honest.do(name_of(honest.pathway.steps[FINAL].owner, 2), acts.Answer(fact=fact, value=said))
    assert honest.status(FINAL) is Status.APPROVED


def test_a_submitted_step_goes_back_in_hand_and_its_slots_lapse() -> None:
    honest = at("case submitted")
    honest.do("finance_adviser-host-1", acts.Approve(step="business_case", slot="host_finance"))
    fact = asked_in(honest, "business_case")
    honest.do(owner_of(honest, fact), change(honest, fact))
    assert honest.status("business_case") is Status.IN_HAND
    assert {a.state for a in honest.f.approvals.values() if a.step == "business_case"} == {SlotState.LAPSED}


def test_a_slot_that_applies_now_counts_as_material() -> None:
    honest = at("case submitted")
    walk_to(honest, "equality_and_data", Status.APPROVED)
    by = owner_of(honest, "personal_data")
    assert honest.f.answers[("personal_data", "")].text == "yes"
    found = answering.preview(honest.desk(by), acts.Answer(fact="personal_data", value="no", confirm=GATES))
    assert "equality_and_data" in found.reopened


def test_corrected_words_reopen_nothing_and_whoever_approved_them_is_told() -> None:
    honest = at("case submitted")
    fact = asked_in(honest, "business_case", QuestionType.LONG_TEXT, QuestionType.TEXT)
    by = owner_of(honest, fact)
    before = honest.f.steps
    corrected = acts.Answer(fact=fact, value="the same, spelt rightly", correction="spelling")
    assert code(honest, by, replace(corrected, correction="")) is None
    moved = moves.perform(honest.desk(by), corrected)
    assert {k: s.status for k, s in moved.after.steps.items()} == {k: s.status for k, s in before.items()}
    assert "business_case" in {e.refs["step"] for e in moved.events if e.kind == "corrected"}
    answer = moved.after.answers[(fact, "")]
    assert (answer.text, answer.means) == ("the same, spelt rightly", honest.f.answers[(fact, "")].text)
    number = "staff_transferring"
    assert code(honest, owner_of(honest, number), change(honest, number, correction="r")) is Refusal.INVALID_VALUE


def test_a_correction_needs_an_answer_and_leaves_what_was_filed_alone() -> None:
    honest = at("new")
    text = next(
        a.key
        for a in honest.pathway.steps["vision"].asks
        if honest.pathway.questions[a.key].type is QuestionType.LONG_TEXT
    )
    assert code(honest, LEAD, acts.Answer(fact=text, value="words", correction="spelling")) is Refusal.UNANSWERED
    honest = at("registration approved")
    filed = asked_in(honest, "registration", QuestionType.TEXT, QuestionType.LONG_TEXT)
    assert code(honest, owner_of(honest, filed), change(honest, filed, correction="spelling")) is Refusal.FROZEN
    assert code(honest, owner_of(honest, filed), change(honest, filed, confirm=GATES)) is None


def test_what_was_filed_stands_and_its_put_right_step_opens_once() -> None:
    honest = at("registration approved")
    fact = asked_in(honest, "registration")
    by = owner_of(honest, fact)
    filed = honest.f.submissions["registration"]
    honest.do(by, change(honest, fact, confirm=GATES))
    assert honest.status("registration") is Status.APPROVED
    assert honest.f.submissions["registration"] is filed
    assert honest.status("put_right_registration") is Status.OPEN
    first = honest.f.steps["put_right_registration"].revision
    honest.do(by, acts.Answer(fact=fact, value=NOT_KNOWN, confirm=GATES))
    assert honest.f.steps["put_right_registration"].revision == first  # open already: nothing more opens
    honest.do(by, change(honest, fact, confirm=GATES))
    walk_to(honest, "put_right_registration", Status.APPROVED)
    assert honest.f.submissions["put_right_registration"].material[fact][0] == honest.f.answers[(fact, "")].text
    honest.do(by, acts.Answer(fact=fact, value=filed.material[fact][0], confirm=GATES))
    assert (
        honest.status("put_right_registration") is Status.OPEN
    )  # compared with what put it right, not with what was filed


def test_what_was_carried_out_applies_whatever_is_said_later() -> None:
    honest = at("registration approved")
    walk_to(honest, "pension_secured", Status.APPROVED)
    assert honest.f.steps["pension_secured"].applies is YES
    honest.do(owner_of(honest, "pension_scheme"), acts.Answer(fact="pension_scheme", value="none", confirm=GATES))
    assert honest.f.steps["pension_secured"].applies is YES
    assert honest.desk("").reading.applies("put_right_pension_secured") is YES
    fact = asked_in(honest, "pension_secured")
    honest.do(owner_of(honest, fact), change(honest, fact, confirm=GATES))
    assert honest.status("put_right_pension_secured") is Status.OPEN


def test_an_overtaken_filing_is_waited_for_until_somebody_says_that_it_still_stands() -> None:
    honest = at("registration approved")
    honest.do(LEAD, acts.Reopen(step="governing_document", reason="an article was left out"))
    walk_to(honest, "governing_document", Status.APPROVED)
    assert honest.f.steps["registration"].overtaken
    found = awaited.compute(honest.pathway, honest.f, honest.desk("").reading, honest.today, due={}, legal={})
    assert "confirm:registration" in found
    honest.do("legal_adviser-group-1", acts.Confirm(step="registration", reason="filed as it stands"))
    assert not honest.f.steps["registration"].overtaken
    honest.walk()


def test_an_answer_that_is_not_known_and_holds_up_what_comes_next_is_waited_for() -> None:
    honest = at("readiness approved")
    honest.facts["route"] = NOT_KNOWN
    for _ in range(60):
        honest.today += timedelta(days=3)
        if not any(honest.work(key) for key in honest.pathway.steps):
            break
    assert honest.f.steps["challenge_window"].applies.value == "maybe"
    found = awaited.compute(honest.pathway, honest.f, honest.desk("").reading, honest.today, due={}, legal={})
    assert set(found) == {"find_out:route_choice"}
    assert awaited.people_for(honest.pathway, honest.f, found["find_out:route_choice"], honest.today) == (LEAD,)
    honest.do(LEAD, acts.Answer(fact="route", value="host_led", confirm=GATES))
    honest.facts["route"] = "host_led"
    honest.walk()


# after the launch


def launched_before_the_transfer() -> Honest:
    """A body that trades before its staff move."""
    honest = at("registration approved")
    walk_to(honest, "go_live_readiness", Status.APPROVED)
    for _ in range(6):
        honest.today += timedelta(days=3)
        honest.work("go_live")
    assert honest.f.launched
    assert honest.status("staff_transfer") is not Status.APPROVED
    return honest


def test_a_late_change_lists_what_it_touches_in_one_task_that_holds_the_transfer() -> None:
    honest = launched_before_the_transfer()
    fact = asked_in(honest, FINAL)
    by = owner_of(honest, fact)
    honest.do(by, change(honest, fact))  # no gate reopens, so none is named
    (task,) = (t for t in honest.f.tasks.values() if t.origin is TaskOrigin.LATE_CHANGE)
    assert honest.status(FINAL) is Status.APPROVED
    assert (task.owner, task.holds, task.holds_key) == (LEAD, Holds.MILESTONE, "staff_transfer")
    owner = name_of(honest.pathway.steps["staff_transfer"].owner)
    honest.answer_all("staff_transfer", owner)
    assert code(honest, owner, acts.Submit(step="staff_transfer")) is Refusal.HELD_BY_TASK
    honest.do(LEAD, acts.Done(task=task.key))
    assert code(honest, owner, acts.Submit(step="staff_transfer")) is None
    honest.do(by, change(honest, fact))
    assert sum(t.origin is TaskOrigin.LATE_CHANGE for t in honest.f.tasks.values()) == 2


def test_after_the_transfer_a_late_change_holds_nothing_and_the_filed_is_put_right() -> None:
    honest = at("launched")
    fact = asked_in(honest, FINAL)
    honest.do(owner_of(honest, fact), change(honest, fact))
    (task,) = (t for t in honest.f.tasks.values() if t.origin is TaskOrigin.LATE_CHANGE)
    assert task.holds is Holds.NONE
    filed = asked_in(honest, "registration")
    honest.do(owner_of(honest, filed), change(honest, filed))
    assert honest.status("put_right_registration") is Status.OPEN


def test_the_first_year_can_still_be_opened_again() -> None:
    honest = at("launched")
    walk_to(honest, "first_hundred_days", Status.APPROVED)
    fact = asked_in(honest, "first_hundred_days")
    honest.do(owner_of(honest, fact), change(honest, fact))
    assert honest.status("first_hundred_days") is Status.OPEN


# steps that go and come back


def test_a_step_that_is_not_needed_for_a_while_is_as_it_was_when_it_returns() -> None:
    honest = at("registration approved")
    walk_to(honest, "data_security_toolkit", Status.APPROVED)
    by = owner_of(honest, "sector")
    honest.do(by, acts.Answer(fact="sector", value="libraries_leisure", confirm=GATES))
    assert honest.f.steps["data_security_toolkit"].applies.value == "no"
    fact = asked_in(at("launched"), "data_security_toolkit")
    assert code(honest, owner_of(honest, fact), change(honest, fact)) is Refusal.WRONG_STATUS
    assert not honest.desk("").reading.answered(fact)  # kept, but it counts as unanswered
    honest.do(by, acts.Answer(fact="sector", value="health", confirm=GATES))
    assert honest.status("data_security_toolkit") is Status.APPROVED
    assert honest.desk("").reading.answered(fact)


def test_a_returning_step_is_judged_by_what_changed_while_it_was_away() -> None:
    honest = at("registration approved")
    walk_to(honest, "data_security_toolkit", Status.APPROVED)
    away = people(honest.f, honest.today)
    away.do(owner_of(honest, "sector"), acts.Answer(fact="sector", value="libraries_leisure", confirm=GATES))
    fact = asked_in(honest, "data_security_toolkit")
    old = honest.f.answers[(fact, "")]
    after = replace(honest.f, answers={**honest.f.answers, (fact, ""): replace(old, text="changed meanwhile")})
    was, now = read(away.pathway, away.f, away.law), read(away.pathway, after, away.law)
    found = effect(away.pathway, away.f, was, after, now)
    assert "data_security_toolkit" in found.reopened
    assert dict(found.because)["data_security_toolkit"] == (fact,)


def test_only_what_the_step_rests_on_is_material() -> None:
    honest = at("case submitted")
    step = honest.pathway.steps["business_case"]
    values = material(honest.desk("").reading, step, honest.f)
    submission = honest.f.submissions["business_case"]
    assert submission.basis is Basis.PUT_FORWARD
    assert dict(submission.material) == values
    assert not set(values) & step.immaterial
    outside = next(k for k in honest.pathway.questions if k not in values and (k, "") in honest.f.answers)
    found = answering.preview(honest.desk(owner_of(honest, outside)), change(honest, outside, confirm=GATES))
    assert "business_case" not in found.taken_back
