"""What bodies decide: recorded by who speaks for them, checked by another side, kept while requirements are open."""

from dataclasses import replace

from mutualflow.domain.acts import CheckDecision, RecordDecision
from mutualflow.domain.approving import find_slot, lay_conditions, may_check, put_approval, returned
from mutualflow.domain.checks import (
    applies_surely,
    comes_along,
    for_organisation,
    fresh,
    may_apply,
    not_ended,
    not_to_come,
    permitted,
    slot_parties,
    waits_for_nothing,
)
from mutualflow.domain.desk import Desk, read, title, words
from mutualflow.domain.effect import Effect, carry_out, effect
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import (
    FINISHED,
    Approval,
    Basis,
    Decision,
    DecisionOutcome,
    Formation,
    SlotState,
    Status,
)
from mutualflow.domain.ground import material
from mutualflow.domain.pathway import Slot, Step, With
from mutualflow.domain.submitting import finish_if_all_given, forward
from mutualflow.domain.taskwork import check_holdable, check_named
from mutualflow.domain.tri import YES

OWN_PEOPLE = "Each organisation's decision is recorded by its own people."
SUBJECT_TO = frozenset({DecisionOutcome.YES_SUBJECT_TO, DecisionOutcome.PARTLY})


def record_decision(desk: Desk, act: RecordDecision) -> None:
    """Record a body's decision; what was decided outside makes its own submission."""
    step, slot = _body_slot(desk, act)
    if _recorded_already(desk, act):
        return  # the same form sent twice
    then: Formation | None = None
    check_named(desk, act.conditions)
    not_to_come(desk, act.decided_on, "A decision")
    not_ended(desk)
    state = desk.f.steps[step.key]
    fresh(act, state.revision, title(desk.pathway, step.key))
    if not _speaks(desk, slot, act.organisation):
        permitted(desk, slot_parties(slot), f"record what the {words(str(slot.body))} decided")
        raise Refused(Refusal.NOT_PERMITTED, OWN_PEOPLE)
    may_apply(desk, step)
    if act.outside and state.status in (Status.OPEN, Status.IN_HAND):
        _check_complete(desk, step, act)
        then = as_it_was(desk.f, act)
        values = material(read(desk.pathway, then, desk.law), step, then)
        heard = [s for s in act.statements if act.last_event is None or s.event <= act.last_event]
        forward(desk, step, Basis.OUTSIDE, (), by="", values=values, statements=heard)
    if desk.f.steps[step.key].status in FINISHED:
        raise Refused(Refusal.WRONG_STATUS, f"{title(desk.pathway, step.key)} has been decided already.")
    if desk.f.steps[step.key].status is not Status.SUBMITTED:
        raise Refused(
            Refusal.WRONG_STATUS,
            f"{title(desk.pathway, step.key)} has not been put forward. If the decision was taken elsewhere, record it "
            "as taken outside.",
        )
    step, slot, approval = find_slot(desk, act, personal=False)
    if not for_organisation(desk, slot_parties(slot), approval.organisation):
        raise Refused(Refusal.NOT_PERMITTED, OWN_PEOPLE)
    if approval.state is not SlotState.WAITING:
        raise Refused(Refusal.WRONG_STATUS, f"This slot is {words(approval.state.value)}; there is nothing to record.")
    _check_complete(desk, step, act)
    assert act.decided_on is not None  # _check_complete has refused anything else
    assert slot.body is not None  # _body_slot found it
    number = desk.event(
        "record_decision",
        {
            "step": step.key,
            "round": approval.round,
            "slot": slot.key,
            "organisation": approval.organisation,
            "outcome": act.outcome.value,
            "minute": act.minute,
            "version": act.version,
        },
        happened_on=str(act.decided_on),
        text=act.reason,
    )
    decision = Decision(
        step=step.key,
        round=approval.round,
        slot=slot.key,
        organisation=approval.organisation,
        body=slot.body,
        outcome=act.outcome,
        decided_on=act.decided_on,
        minute=act.minute,
        recorded_by=desk.by,
        event=number,
        votes=act.votes,
        next_on=act.next_on,
        version=act.version,
        delegations=act.delegations,
        reason=act.reason,
        conditions=act.conditions,
    )
    _settle(desk, step, approval, decision)
    if then is not None:
        _compare_at_once(desk, step, then)


def as_it_was(formation: Formation, act: RecordDecision) -> Formation:
    """The formation with the facts that the body had: none said, added or taken away after `last_event`."""
    if act.last_event is None:
        return formation
    answers = {at: a for at, a in formation.answers.items() if a.event <= act.last_event}
    for at, text in act.said_then.items():
        if at in formation.answers:
            answers[at] = replace(formation.answers[at], text=text, meaning="", event=act.last_event)
    rows = {
        at: replace(r, retired=r.retired if r.retired <= act.last_event else 0)
        for at, r in formation.rows.items()
        if r.event <= act.last_event
    }
    return replace(formation, answers=answers, rows=rows)


def _compare_at_once(desk: Desk, step: Step, then: Formation) -> None:
    """What has changed since the body decided counts now: the step goes back in hand, or opens again."""
    found = effect(desk.pathway, then, read(desk.pathway, then, desk.law), desk.f, desk.reading)
    correction = desk.pathway.put_right.get(step.key, step.key)
    mine = Effect(
        tuple(key for key in found.taken_back if key == step.key),
        tuple(key for key in found.reopened if key == step.key),
        tuple(key for key in found.put_right if key == correction),
        tuple(key for key in found.listed if key == step.key),
    )
    carry_out(desk, mine, step.key)


def check_decision(desk: Desk, act: CheckDecision) -> None:
    """Somebody of another side says that the minute is genuine; then the outcome counts."""
    step, _, _ = find_slot(desk, act, personal=False)
    not_ended(desk)
    candidates = [
        a
        for a in desk.f.approvals.values()
        if a.step == step.key
        and a.state is SlotState.TO_BE_CHECKED
        and act.slot in ("", a.slot)
        and act.organisation in ("", a.organisation)
    ]
    if not candidates and _checked_already(desk, act):
        return
    fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    if not candidates:
        raise Refused(
            Refusal.WRONG_STATUS, f"There is no recorded decision of {title(desk.pathway, step.key)} to check."
        )
    approval = candidates[0]
    decision = desk.f.decisions[approval.at]
    may_check(desk, step, decision)
    waits_for_nothing(desk, step, "check the minute of")
    applies_surely(desk, step)
    if not comes_along(desk, step, decision.minute, With.RECORD_DECISION):
        raise Refused(
            Refusal.MISSING,
            f"The minute or letter “{decision.minute}” has been taken out, so there is nothing to check. Return the "
            "decision; it is recorded again with the right one.",
        )
    desk.event(
        "check_decision",
        {
            "step": step.key,
            "round": approval.round,
            "slot": approval.slot,
            "organisation": approval.organisation,
            "minute": decision.minute,
        },
    )
    decision = replace(decision, checked_by=desk.by)
    desk.put(decisions={**desk.f.decisions, decision.at: decision})
    apply_outcome(desk, step, approval, decision)


def _checked_already(desk: Desk, act: CheckDecision) -> bool:
    return any(
        d.checked_by == desk.by and act.slot in ("", d.slot) and act.organisation in ("", d.organisation)
        for d in desk.f.decisions.values()
        if d.step == act.step
    )


def fill_kept(desk: Desk) -> None:
    """Decisions kept while requirements were open fill their slots as soon as nothing is waited for.

    One that counts now may close the last requirement of another.
    """
    while (decision := _next_kept(desk)) is not None:
        step = desk.pathway.steps[decision.step]
        desk.event("decision_counts", {"step": step.key, "slot": decision.slot, "organisation": decision.organisation})
        _settle(desk, step, desk.f.approvals[decision.at], replace(decision, kept=False))


def _next_kept(desk: Desk) -> Decision | None:
    kept = [d for d in desk.f.decisions.values() if d.kept and desk.f.steps[d.step].status is Status.SUBMITTED]
    if kept:
        desk.settle()
    for decision in kept:
        state = desk.f.steps[decision.step]
        if state.applies is YES and not state.waits_for:
            return decision
    return None


def apply_outcome(desk: Desk, step: Step, approval: Approval, decision: Decision) -> None:
    """Let the outcome count: yes, subject to conditions, or no."""
    if decision.outcome is DecisionOutcome.NO:
        number = desk.event("returned_by_body", {"step": step.key, "slot": decision.slot}, text=decision.reason)
        returned(
            desk,
            approval,
            number,
            by=decision.recorded_by,
            on=decision.decided_on,
            note=decision.reason,
            capacity=words(decision.body.value),
        )
        return
    subject = decision.outcome in SUBJECT_TO
    state = SlotState.APPROVED_SUBJECT_TO if subject else SlotState.APPROVED
    put_approval(
        desk,
        replace(
            approval,
            state=state,
            by=decision.recorded_by,
            event=decision.event,
            capacity=words(decision.body.value),
            decided_on=decision.decided_on,
        ),
    )
    if subject:
        lay_conditions(desk, decision.conditions, approval, decision.event)
    finish_if_all_given(desk, step, decision.decided_on)


def _body_slot(desk: Desk, act: RecordDecision) -> tuple[Step, Slot]:
    step = desk.step(act.step)
    bodies = [s for s in step.slots if s.body is not None and act.slot in ("", s.key)]
    if not bodies:
        raise Refused(Refusal.UNKNOWN_KEY, f"{title(desk.pathway, step.key)} has no body that decides it.")
    if bodies[0].body is not None and bodies[0].body.value == "registrar":
        raise Refused(Refusal.WRONG_STATUS, "A register's answer is recorded as an answer to the filing.")
    mine = [s for s in bodies if for_organisation(desk, slot_parties(s), "")]
    return step, (mine or bodies)[0]


def _settle(desk: Desk, step: Step, approval: Approval, decision: Decision) -> None:
    """Keep, defer, wait for a check, or let it count."""
    desk.settle()
    state = desk.f.steps[step.key]
    open_still = bool(state.waits_for) or state.applies is not YES
    decision = replace(decision, kept=open_still and decision.outcome is not DecisionOutcome.DEFERRED)
    desk.put(decisions={**desk.f.decisions, decision.at: decision})
    if decision.outcome is DecisionOutcome.DEFERRED or decision.kept:
        desk.put_step(step.key)
    elif _must_be_checked(desk, step, decision):
        put_approval(
            desk,
            replace(
                approval,
                state=SlotState.TO_BE_CHECKED,
                by=decision.recorded_by,
                event=decision.event,
                decided_on=decision.decided_on,
            ),
        )
    else:
        apply_outcome(desk, step, approval, decision)


def _must_be_checked(desk: Desk, step: Step, decision: Decision) -> bool:
    """At gates always; elsewhere where the recorder submitted, answered or attached in the step.

    A kept decision whose minute was taken out meanwhile does not count unseen either.
    """
    submission = desk.f.submissions[step.key]
    recorder = decision.recorded_by
    prepared = recorder in (submission.by, *submission.answered_by, *submission.attached_by)
    return step.gate or prepared or not comes_along(desk, step, decision.minute, With.RECORD_DECISION)


def _check_complete(desk: Desk, step: Step, act: RecordDecision) -> None:
    if act.decided_on is None:
        raise Refused(Refusal.MISSING, "Say on which day it was decided.")
    if not comes_along(desk, step, act.minute, With.RECORD_DECISION):
        raise Refused(
            Refusal.MISSING,
            f"Attach the minute or letter of this decision to {title(desk.pathway, step.key)} first, and name it.",
        )
    if act.outcome is DecisionOutcome.PARTLY and not act.conditions:
        raise Refused(Refusal.MISSING, "A partial yes needs at least one condition that says what is still wanted.")
    if act.outcome is DecisionOutcome.YES_SUBJECT_TO and not act.conditions:
        raise Refused(Refusal.MISSING, "Say what the yes was made subject to.")
    if act.outcome is DecisionOutcome.NO and not act.reason.strip():
        raise Refused(Refusal.MISSING, "Give the reason that the body gave.")
    if act.outcome is DecisionOutcome.DEFERRED and act.next_on is None:
        raise Refused(Refusal.MISSING, "Say when the body meets again.")
    for condition in act.conditions:
        check_holdable(desk, condition.holds, condition.holds_key, laid_at=step.key)


def _speaks(desk: Desk, slot: Slot, organisation: str) -> bool:
    """Does the person speak for the body: of that organisation, or where each host decides, of one of the hosts?"""
    hosts = [host.key for host in desk.f.hosts] if slot.each_host and not organisation else []
    return any(for_organisation(desk, slot_parties(slot), one) for one in hosts or [organisation])


def _recorded_already(desk: Desk, act: RecordDecision) -> bool:
    """Has this person recorded the same for a slot of this round, and does that still stand as she left it?"""
    for decision in desk.f.decisions.values():
        if (
            decision.step == desk.step(act.step).key
            and act.slot in ("", decision.slot)
            and act.organisation in ("", decision.organisation)
            and (decision.recorded_by, decision.outcome, decision.minute) == (desk.by, act.outcome, act.minute)
            and (decision.decided_on, decision.next_on) == (act.decided_on, act.next_on)
        ):
            state = desk.f.approvals[decision.at].state
            said_no = state is SlotState.RETURNED and decision.outcome is DecisionOutcome.NO
            return said_no or state not in (SlotState.RETURNED, SlotState.LAPSED)
    return False
