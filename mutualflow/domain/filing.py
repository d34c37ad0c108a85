"""What is sent to a register, and the register's answer: it may be refused and sent again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mutualflow.domain.acts import File, RecordAnswer
from mutualflow.domain.approving import put_approval
from mutualflow.domain.checks import (
    applies_surely,
    comes_along,
    fresh,
    not_ended,
    not_to_come,
    permitted,
    status_in,
    waits_for_nothing,
)
from mutualflow.domain.desk import Desk, milestone_spans, title
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import GIVEN, Approval, Filing, SlotState, Status
from mutualflow.domain.keys import Body, Role, Side
from mutualflow.domain.material import say_day
from mutualflow.domain.pathway import Party, Step, With
from mutualflow.domain.spans import Span, on
from mutualflow.domain.submitting import finish_if_all_given

ANSWERABLE = {"registered": (Status.SUBMITTED,), "refused": (Status.SUBMITTED, Status.IN_HAND)}
"""Answer -> where the step may stand: a refusal is kept too where a change took back what lay with the register."""


def file(desk: Desk, act: File) -> None:
    """Say what was sent; every other slot has approved, the fee is the one in force on that day."""
    step = desk.step(act.step)
    not_to_come(desk, on(act.sent_on) if act.sent_on else None, "What was sent")
    not_ended(desk)
    old = desk.f.filings.get(step.key)
    again = old is not None and not old.answer and (old.reference, old.by) == (act.reference, desk.by)
    if not again:
        fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    _may_file(desk, step)
    if again:
        return
    if old is not None and not old.answer:
        raise Refused(Refusal.WRONG_STATUS, "This has been sent and not been answered yet; record the answer first.")
    status_in(desk, step, (Status.SUBMITTED,), "file")
    waits_for_nothing(desk, step, "file")
    applies_surely(desk, step)
    _others_approved(desk, step, "this is sent")
    if not act.reference.strip():
        raise Refused(Refusal.MISSING, "Give the reference under which it was sent.")
    assert step.files is not None
    sent_on = act.sent_on or desk.today
    fee = _fee(desk, step, step.files.fee_rule, sent_on)
    number = desk.event(
        "file",
        {
            "step": step.key,
            "registrar": step.files.registrar.value,
            "attempt": (old.attempt if old else 0) + 1,
            "fee_rule": step.files.fee_rule,
        },
        happened_on=sent_on.isoformat(),
        text=act.reference,
    )
    filing = Filing(
        step=step.key,
        attempt=(old.attempt if old else 0) + 1,
        registrar=step.files.registrar,
        sent_on=sent_on,
        reference=act.reference,
        fee=fee,
        fee_rule=step.files.fee_rule,
        by=desk.by,
        event=number,
    )
    desk.put(filings={**desk.f.filings, step.key: filing})
    desk.put_step(step.key)


def record_answer(desk: Desk, act: RecordAnswer) -> None:
    """The register's answer is its decision: no check, no second pair of eyes."""
    step = desk.step(act.step)
    if act.answer not in ANSWERABLE:
        raise Refused(Refusal.INVALID_VALUE, f"A register answers registered or refused, not {act.answer[:40]!r}.")
    not_to_come(desk, act.answered_on, "The answer of a register")
    filing = desk.f.filings.get(step.key)
    again = filing is not None and (filing.answer, filing.certificate) == (act.answer, act.certificate)
    if filing is not None and not again:
        _after_sending(filing, act.answered_on)
    not_ended(desk)
    if not again:
        fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    _may_file(desk, step)
    if again:
        return
    status_in(desk, step, ANSWERABLE[act.answer], "record the answer to")
    if filing is None or filing.answer:
        raise Refused(
            Refusal.WRONG_STATUS, f"Nothing of {title(desk.pathway, step.key)} has been sent that could be answered."
        )
    if act.answer == "registered":
        waits_for_nothing(desk, step, "record the answer to")
        applies_surely(desk, step)
        _others_approved(desk, step, "the register's answer counts")
    if act.answered_on is None:
        raise Refused(Refusal.MISSING, "Say which day is on the certificate or letter.")
    if not comes_along(desk, step, act.certificate, With.RECORD_ANSWER):
        raise Refused(
            Refusal.MISSING,
            f"Attach the certificate or letter of this answer to {title(desk.pathway, step.key)} first, and name it.",
        )
    if act.answer == "refused" and not act.reasons.strip():
        raise Refused(Refusal.MISSING, "Give the reasons of the register.")
    number = desk.event(
        "record_answer",
        {"step": step.key, "attempt": filing.attempt, "answer": act.answer, "certificate": act.certificate},
        happened_on=str(act.answered_on),
        text=act.reasons,
    )
    answered = replace(
        filing,
        answer=act.answer,
        answered_on=act.answered_on.latest,
        reasons=act.reasons,
        certificate=act.certificate,
        event=number,
    )
    desk.put(filings={**desk.f.filings, step.key: answered})
    desk.put_step(step.key)
    if act.answer == "registered":
        _registered(desk, step, number, act.answered_on)


def _registered(desk: Desk, step: Step, number: int, on_day: Span) -> None:
    """The register's slot is filled with its answer."""
    for approval in tuple(desk.f.approvals.values()):
        if approval.step == step.key and _registrar(step, approval):
            put_approval(
                desk,
                replace(
                    approval,
                    state=SlotState.APPROVED,
                    by=desk.by,
                    event=number,
                    capacity="registrar",
                    decided_on=on_day,
                ),
            )
    finish_if_all_given(desk, step, on_day)


def _after_sending(filing: Filing, answered_on: Span | None) -> None:
    if answered_on is not None and answered_on.latest is not None and answered_on.latest < filing.sent_on:
        raise Refused(
            Refusal.INVALID_VALUE,
            f"This was sent on {say_day(filing.sent_on)}; the register's answer cannot be older than that.",
        )


def _others_approved(desk: Desk, step: Step, what: str) -> None:
    waiting = [
        a.slot
        for a in desk.f.approvals.values()
        if a.step == step.key and not _registrar(step, a) and a.state not in GIVEN
    ]
    if waiting:
        raise Refused(Refusal.WAITS, f"Before {what} it has to be approved by: {', '.join(waiting)}.")


def _may_file(desk: Desk, step: Step) -> None:
    permitted(
        desk,
        (step.owner, Party(Role.LEGAL_ADVISER, Side.GROUP), Party(Role.NEW_BODY_CHAIR, Side.GROUP)),
        "deal with the register",
    )
    if step.files is None:
        raise Refused(Refusal.WRONG_STATUS, f"{title(desk.pathway, step.key)} files nothing with a register.")


def _registrar(step: Step, approval: Approval) -> bool:
    return any(s.key == approval.slot and s.body is Body.REGISTRAR for s in step.slots)


def _fee(desk: Desk, step: Step, rule: str, sent_on: date) -> Decimal | None:
    """The fee in force on the day it is sent; None for a step without a fee, or on a day when there was none.

    NOT_ON_FILE where the step has a fee and no one amount is on file for that day: never today's, never nothing.
    """
    if not rule:
        return None
    spans = milestone_spans(desk.f)
    if step.reaches is not None:
        spans[step.reaches.value] = on(sent_on)
    spans["filing"] = on(sent_on)
    amounts = set(desk.law(spans)(rule))
    if len(amounts) != 1:
        raise Refused(
            Refusal.NOT_ON_FILE,
            f"{title(desk.pathway, step.key)} costs a fee, and no rule on file says how much it was on "
            f"{say_day(sent_on)}. Whoever runs the installation adds it to the rule “{rule}”, with its source.",
            who_can="whoever runs the installation",
        )
    amount = amounts.pop()
    return None if amount is None else Decimal(str(amount))
