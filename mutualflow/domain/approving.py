"""Answering a submission as the holder of a personal slot: take, approve, approve subject to, return."""

from dataclasses import replace

from mutualflow.domain.acts import Approve, ApproveSubjectTo, Return, SlotAct, Take
from mutualflow.domain.checks import (
    applies_surely,
    for_organisation,
    four_eyes,
    fresh,
    not_ended,
    not_to_come,
    nothing_sent,
    one_side,
    prepared,
    reason_given,
    recorder_sides,
    slot_parties,
    waits_for_nothing,
)
from mutualflow.domain.desk import Desk, role_words, title, words
from mutualflow.domain.effect import lapse
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import (
    GIVEN,
    Approval,
    Condition,
    Decision,
    Holds,
    SlotState,
    Status,
    Submission,
    Task,
    TaskOrigin,
)
from mutualflow.domain.keys import Body, Side
from mutualflow.domain.pathway import Slot, Step
from mutualflow.domain.spans import Span
from mutualflow.domain.submitting import finish_if_all_given, needs_day
from mutualflow.domain.taskwork import check_holdable, check_named

NO_ANSWERS_YET = frozenset({SlotState.WAITING})


def take(desk: Desk, act: Take) -> None:
    """Say that one is looking at it."""
    step, slot, approval = find_slot(desk, act, personal=True)
    not_ended(desk)
    again = approval.taken_by == desk.by
    if not again:
        fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    _may_answer(desk, step, slot, approval, "take")
    _in_state(desk, step, approval, NO_ANSWERS_YET, "take")
    waits_for_nothing(desk, step, "take")
    if again:
        return
    number = desk.event("take", _refs(approval))
    put_approval(desk, replace(approval, taken_by=desk.by, event=number))


def approve(desk: Desk, act: Approve) -> None:
    """Approve exactly what was put forward."""
    step, slot, approval = find_slot(desk, act, personal=True)
    not_to_come(desk, act.happened_on, "That it happened")
    if approval.state is SlotState.APPROVED and approval.by == desk.by:
        return  # the same form sent twice
    _ready(desk, act, step, slot, approval, "approve")
    _last_brings_day(desk, step, approval, act.happened_on)
    _printed(desk.f.submissions[step.key])
    number = desk.event("approve", _refs(approval), text=act.note)
    put_approval(desk, _answered(desk, approval, slot, SlotState.APPROVED, number, act.note))
    finish_if_all_given(desk, step, act.happened_on)


def approve_subject_to(desk: Desk, act: ApproveSubjectTo) -> None:
    """Approve subject to conditions, each of which becomes a task."""
    step, slot, approval = find_slot(desk, act, personal=True)
    if approval.state is SlotState.APPROVED_SUBJECT_TO and approval.by == desk.by:
        return
    check_named(desk, act.conditions)
    not_to_come(desk, act.happened_on, "That it happened")
    _ready(desk, act, step, slot, approval, "approve")
    if not act.conditions:
        raise Refused(Refusal.MISSING, "Say what the approval is subject to: at least one condition with its owner.")
    _last_brings_day(desk, step, approval, act.happened_on)
    _printed(desk.f.submissions[step.key])
    for condition in act.conditions:
        check_holdable(desk, condition.holds, condition.holds_key, laid_at=step.key)
    number = desk.event("approve_subject_to", _refs(approval), text=act.note)
    put_approval(desk, _answered(desk, approval, slot, SlotState.APPROVED_SUBJECT_TO, number, act.note))
    lay_conditions(desk, act.conditions, approval, number)
    finish_if_all_given(desk, step, act.happened_on)


def give_back(desk: Desk, act: Return) -> None:
    """Return what was put forward, with a reason; on ground that has opened again it waits like any other answer."""
    if _returned_already(desk, act):
        return  # the same form sent twice
    step, slot, approval = find_slot(desk, act, personal=False)
    not_ended(desk)
    fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    recorded = desk.f.decisions.get(approval.at) if approval.state is SlotState.TO_BE_CHECKED else None
    if recorded is None or recorded.recorded_by != desk.by:
        if recorded is not None:
            may_check(desk, step, recorded)
        else:
            _may_answer(desk, step, slot, approval, "return")
    _in_state(desk, step, approval, frozenset({SlotState.WAITING, SlotState.TO_BE_CHECKED}), "return")
    if slot.body is Body.REGISTRAR:
        nothing_sent(desk, step, "return")
    if not _kept(desk, approval):
        waits_for_nothing(desk, step, "return")
    reason_given(act.reason, "return something")
    number = desk.event("return", {**_refs(approval), "points": list(act.points)}, text=act.reason)
    returned(
        desk,
        approval,
        number,
        by=desk.by,
        on=Span(desk.today, desk.today),
        note=act.reason,
        points=act.points,
        capacity=_capacity(slot),
    )


def _returned_already(desk: Desk, act: Return) -> bool:
    """Has this person returned a slot of the round with these words, and has nothing been put forward since?"""
    return any(
        a.state is SlotState.RETURNED
        and (a.by, a.note, a.points) == (desk.by, act.reason, act.points)
        and act.slot in ("", a.slot)
        and act.organisation in ("", a.organisation)
        for a in desk.f.approvals.values()
        if a.step == desk.step(act.step).key
    )


def _kept(desk: Desk, approval: Approval) -> bool:
    """What a body decided before its time does not count yet: until then it can be taken back."""
    decision = desk.f.decisions.get(approval.at)
    return decision is not None and decision.kept


def returned(
    desk: Desk,
    approval: Approval,
    number: int,
    *,
    by: str,
    on: Span,
    note: str,
    points: tuple[str, ...] = (),
    capacity: str = "",
) -> None:
    """The slot says no: the step goes back in hand and the other slots lapse. `by`: who said or recorded it."""
    put_approval(
        desk,
        replace(
            approval,
            state=SlotState.RETURNED,
            by=by,
            event=number,
            note=note,
            points=points,
            capacity=capacity,
            decided_on=on,
        ),
    )
    lapse(desk, approval.step, but=approval.at)
    desk.move(approval.step, Status.IN_HAND, cause="returned")


def find_slot(desk: Desk, act: SlotAct, *, personal: bool) -> tuple[Step, Slot, Approval]:
    """The slot named, or the one of the round that fits the person; `personal` leaves bodies' slots out."""
    step = desk.step(act.step)
    slots = {s.key: s for s in step.slots}
    name = title(desk.pathway, step.key)
    if act.slot and act.slot not in slots:
        raise Refused(Refusal.UNKNOWN_KEY, f"{name} has no slot “{act.slot}”; it has {', '.join(slots) or 'none'}.")
    found = [
        a
        for a in desk.f.approvals.values()
        if a.step == step.key
        and act.slot in ("", a.slot)
        and act.organisation in ("", a.organisation)
        and not (personal and slots[a.slot].body)
    ]
    if not found:
        _refuse_nothing_to_answer(desk, act, step, slots)
    fitting = [a for a in found if for_organisation(desk, slot_parties(slots[a.slot]), a.organisation)]
    chosen = min(fitting or found, key=lambda a: (a.state is not SlotState.WAITING, a.by != desk.by))
    return step, slots[chosen.slot], chosen


def _refuse_nothing_to_answer(desk: Desk, act: SlotAct, step: Step, slots: dict[str, Slot]) -> None:
    """No such slot stands in the present round: say why."""
    name = title(desk.pathway, step.key)
    if act.slot and not for_organisation(desk, slot_parties(slots[act.slot]), act.organisation):
        _refuse_role(slots[act.slot])
    status = desk.f.steps[step.key].status
    if status is not Status.SUBMITTED:
        raise Refused(Refusal.WRONG_STATUS, f"{name} is {words(status.value)}: nothing has been put forward to answer.")
    raise Refused(Refusal.WRONG_STATUS, f"That slot of {name} is a body's: record what the body decided.")


def _ready(desk: Desk, act: SlotAct, step: Step, slot: Slot, approval: Approval, doing: str) -> None:
    not_ended(desk)
    fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    _may_answer(desk, step, slot, approval, doing)
    _in_state(desk, step, approval, NO_ANSWERS_YET, doing)
    waits_for_nothing(desk, step, doing)
    applies_surely(desk, step)


def _may_answer(desk: Desk, step: Step, slot: Slot, approval: Approval, doing: str) -> None:
    submission = desk.f.submissions.get(step.key)
    fits = for_organisation(desk, slot_parties(slot), approval.organisation)
    if fits and submission is not None and slot.body is None:
        four_eyes(desk, submission, f"{doing} {title(desk.pathway, step.key)}")
        _one_slot_each(desk, step, approval)
    if not fits:
        if submission is not None and submission.by == desk.by:
            four_eyes(desk, submission, f"{doing} {title(desk.pathway, step.key)}")
        _refuse_role(slot)
    one_side(desk, slot)


def may_check(desk: Desk, step: Step, decision: Decision) -> None:
    """A recorded decision is checked, or returned, by somebody of another side who prepared nothing of it."""
    submission = desk.f.submissions[step.key]
    if desk.by == decision.recorded_by or prepared(submission, desk.by):
        raise Refused(
            Refusal.FOUR_EYES, "You recorded or prepared this yourself; somebody of another side checks the minute."
        )
    slot = next(s for s in step.slots if s.key == decision.slot)
    barred = recorder_sides(desk.f, slot, decision.recorded_by, desk.today)
    if not {m.side for m in desk.roles()} - barred:
        sides = ", ".join(sorted(words(s.value) for s in set(Side) - barred))
        raise Refused(Refusal.NOT_PERMITTED, "The minute is checked by somebody of another side.", who_can=sides)


def _refuse_role(slot: Slot) -> None:
    who = " or ".join(dict.fromkeys(role_words(p.role, p.side) for p in slot_parties(slot)))
    raise Refused(Refusal.NOT_PERMITTED, f"This is for the {who} to answer.", who_can=who)


def _in_state(desk: Desk, step: Step, approval: Approval, allowed: frozenset[SlotState], doing: str) -> None:
    if desk.f.steps[step.key].status is not Status.SUBMITTED or approval.state not in allowed:
        raise Refused(
            Refusal.WRONG_STATUS,
            f"You cannot {doing} {title(desk.pathway, step.key)} now: the step is "
            f"{words(desk.f.steps[step.key].status.value)} and this slot is {words(approval.state.value)}.",
        )


def _one_slot_each(desk: Desk, step: Step, approval: Approval) -> None:
    """One person fills one personal slot of a step."""
    for other in desk.f.approvals.values():
        if other.step == step.key and other.at != approval.at and other.by == desk.by and other.state in GIVEN:
            raise Refused(
                Refusal.FOUR_EYES,
                f"You have already answered this step as {words(other.slot)}; somebody else answers here.",
            )


def _last_brings_day(desk: Desk, step: Step, approval: Approval, happened_on: Span | None) -> None:
    """Where this answer is the last one wanted, it says on which day the step happened."""
    others = (a for a in desk.f.approvals.values() if a.step == step.key and a.at != approval.at)
    if all(a.state in GIVEN for a in others):
        needs_day(step, happened_on)


def _printed(submission: Submission) -> None:
    waiting = [d.document for d in submission.documents if not d.printed]
    if waiting:
        raise Refused(
            Refusal.NOT_PRINTED, f"The document {', '.join(waiting)} is still being printed. Try again in a moment."
        )


def _capacity(slot: Slot) -> str:
    return role_words(slot.role, slot.side) if slot.role else words(slot.body.value) if slot.body else ""


def _refs(approval: Approval) -> dict[str, object]:
    return {
        "step": approval.step,
        "round": approval.round,
        "slot": approval.slot,
        "organisation": approval.organisation,
    }


def _answered(desk: Desk, approval: Approval, slot: Slot, state: SlotState, number: int, note: str) -> Approval:
    return replace(
        approval,
        state=state,
        by=desk.by,
        event=number,
        note=note,
        capacity=_capacity(slot),
        decided_on=Span(desk.today, desk.today),
    )


def put_approval(desk: Desk, approval: Approval) -> None:
    """Write one slot back."""
    desk.put(approvals={**desk.f.approvals, approval.at: approval})
    desk.put_step(approval.step)


def lay_conditions(desk: Desk, conditions: tuple[Condition, ...], approval: Approval, number: int) -> None:
    """Each condition becomes a task that names the slot it came from.

    They were checked when they were said. A decision may count only later: what can be held up no longer is not, and
    a key that was taken meanwhile gets the number of this event.
    """
    tasks = dict(desk.f.tasks)
    for condition in conditions:
        if condition.key in tasks:
            condition = replace(condition, key=f"{condition.key}-{number}")
        try:
            check_holdable(desk, condition.holds, condition.holds_key, laid_at=approval.step)
        except Refused:
            condition = replace(condition, holds=Holds.NONE, holds_key="")
        tasks[condition.key] = Task(
            key=condition.key,
            title=condition.title,
            owner=condition.owner,
            due_on=condition.due_on,
            origin=TaskOrigin.CONDITION,
            laid_by=desk.by,
            event=number,
            holds=condition.holds,
            holds_key=condition.holds_key,
            step=approval.step,
            slot=approval.slot,
            organisation=approval.organisation,
        )
        desk.event(
            "lay_task",
            {
                "task": condition.key,
                "step": approval.step,
                "slot": approval.slot,
                "holds": condition.holds.value,
                "holds_key": condition.holds_key,
            },
        )
    desk.put(tasks=tasks)
