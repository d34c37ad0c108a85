"""The one table of acts: who does what to which thing, and the function that does it.

The command line, the replay format and every later face are made from ACTS (model.md 5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from mutualflow.domain import (
    acts,
    answering,
    approving,
    deciding,
    filework,
    filing,
    living,
    membering,
    noting,
    stepping,
    submitting,
    taskwork,
)
from mutualflow.domain.checks import fit
from mutualflow.domain.desk import Desk, Moved

A = TypeVar("A", bound=acts.Act)


@dataclass(frozen=True, slots=True)
class Move:
    """One row: the act's class, the thing it is done to, where it leads, who does it, and the function."""

    name: str
    act: type[acts.Act]
    on: str  # fact, evidence, document, step, slot, task, milestone, note, membership, formation
    leads: str  # from -> to in words, of the thing or (after its name and a colon) of another; docs/acts.md draws them
    by: str  # who, in words
    do: Callable[[Desk, acts.Act], None]


def _row(name: str, act: type[A], on: str, leads: str, by: str, do: Callable[[Desk, A], None]) -> Move:
    return Move(name, act, on, leads, by, cast(Callable[[Desk, acts.Act], None], do))


_OWNER = "owner or helper"
_SLOT = "holder of the slot's role"

ACTS: Mapping[str, Move] = {
    row.name: row
    for row in (
        _row("answer", acts.Answer, "fact", "step: open -> in hand", _OWNER, answering.answer),
        _row("add_row", acts.AddRow, "fact", "step: open -> in hand", _OWNER, answering.add_row),
        _row("retire_row", acts.RetireRow, "fact", "step: open -> in hand", _OWNER, answering.retire_row),
        _row("complete_list", acts.CompleteList, "fact", "step: open -> in hand", _OWNER, answering.complete_list),
        _row("attach", acts.Attach, "evidence", "step: open -> in hand", f"{_OWNER}, recorder", filework.attach),
        _row(
            "take_out",
            acts.TakeOut,
            "evidence",
            "step: submitted -> in hand; step: approved -> open",
            f"{_OWNER}, recorder",
            filework.take_out,
        ),
        _row("keep_version", acts.KeepVersion, "document", "any", f"{_OWNER}, recorder", filework.keep_version),
        _row(
            "hand_over",
            acts.HandOver,
            "step",
            "any unfinished",
            "assignee, owner, programme manager",
            stepping.hand_over,
        ),
        _row("submit", acts.Submit, "step", "open, in hand -> submitted or approved", "owner", submitting.submit),
        _row(
            "withdraw",
            acts.Withdraw,
            "step",
            "submitted -> in hand; slot: waiting, to be checked -> lapsed",
            "submitter",
            submitting.withdraw,
        ),
        _row("take", acts.Take, "slot", "waiting -> waiting", _SLOT, approving.take),
        _row(
            "approve",
            acts.Approve,
            "slot",
            "waiting -> approved; step: submitted -> approved",
            _SLOT,
            approving.approve,
        ),
        _row(
            "approve_subject_to",
            acts.ApproveSubjectTo,
            "slot",
            "waiting -> approved subject to; step: submitted -> approved",
            _SLOT,
            approving.approve_subject_to,
        ),
        _row(
            "return",
            acts.Return,
            "slot",
            "waiting, to be checked -> returned; step: submitted -> in hand",
            _SLOT,
            approving.give_back,
        ),
        _row(
            "record_decision",
            acts.RecordDecision,
            "slot",
            "waiting -> to be checked, approved, approved subject to or returned; "
            "step: submitted -> approved or in hand",
            "who speaks for the body",
            deciding.record_decision,
        ),
        _row(
            "check_decision",
            acts.CheckDecision,
            "slot",
            "to be checked -> approved, approved subject to or returned; step: submitted -> approved or in hand",
            "somebody of another side",
            deciding.check_decision,
        ),
        _row("waive", acts.Waive, "step", "open, in hand -> waived", "owner", stepping.waive),
        _row("reopen", acts.Reopen, "step", "approved, waived -> open", "owner", stepping.reopen),
        _row("confirm", acts.Confirm, "step", "standing: overtaken -> confirmed", "owner", stepping.confirm),
        _row("file", acts.File, "step", "filing: -> sent", "owner, legal adviser, chair", filing.file),
        _row(
            "record_answer",
            acts.RecordAnswer,
            "step",
            "filing: sent -> registered or refused; slot: waiting -> approved; step: submitted -> approved",
            "owner, legal adviser, chair",
            filing.record_answer,
        ),
        _row("lay_task", acts.LayTask, "task", "-> open", "anyone of the group; holder of a slot", taskwork.lay_task),
        _row("done", acts.Done, "task", "open -> done", "its owner", taskwork.done),
        _row("accept", acts.Accept, "task", "done -> accepted", "holder of the slot that laid it", taskwork.accept),
        _row(
            "withdraw_task", acts.WithdrawTask, "task", "open, done -> withdrawn", "who laid it", taskwork.withdraw_task
        ),
        _row(
            "plan", acts.Plan, "milestone", "a planned date", "staff lead, host sponsor, programme manager", living.plan
        ),
        _row("agree_due_date", acts.AgreeDueDate, "step", "open, in hand", "assignee", stepping.agree_due_date),
        _row("note", acts.Note, "note", "any", "whoever may see it", noting.note),
        _row("ask", acts.Ask, "note", "any", "whoever may see it", noting.ask),
        _row("answer_note", acts.AnswerNote, "note", "any", "whoever may see it", noting.answer_note),
        _row("make_statement", acts.MakeStatement, "note", "any", "whoever may see it", noting.make_statement),
        _row(
            "give_role",
            acts.GiveRole,
            "membership",
            "-> held",
            "the same side; staff lead invites",
            membering.give_role,
        ),
        _row(
            "confirm_role",
            acts.ConfirmRole,
            "membership",
            "invited -> confirmed",
            "programme manager, administrator",
            membering.confirm_role,
        ),
        _row(
            "end_role",
            acts.EndRole,
            "membership",
            "held -> ended",
            "oneself, the same side, administrator",
            membering.end_role,
        ),
        _row("be_away", acts.BeAway, "membership", "any", "oneself", membering.be_away),
        _row("pause", acts.Pause, "formation", "forming -> paused", "staff lead", living.pause),
        _row("resume", acts.Resume, "formation", "paused -> forming", "staff lead", living.resume),
        _row("end", acts.End, "formation", "-> ended", "staff lead; host sponsor after a refusal", living.end),
        _row("adopt", acts.Adopt, "formation", "step: open -> approved", "staff lead", living.adopt),
        _row(
            "open_put_right",
            acts.OpenPutRight,
            "step",
            "put-right step: closed, approved -> open",
            "owner, legal adviser",
            stepping.open_put_right,
        ),
    )
}
BY_CLASS: Mapping[type[acts.Act], Move] = {row.act: row for row in ACTS.values()}


def perform(desk: Desk, act: acts.Act) -> Moved:
    """Do one act; what comes back is written as a whole, or a Refused leaves nothing behind."""
    fit(act)
    BY_CLASS[type(act)].do(desk, act)
    deciding.fill_kept(desk)
    return desk.done()
