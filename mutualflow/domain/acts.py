"""What a person can do to a formation: one frozen value per act, its fields worded for every face.

The command line, the replay format and later pages and API are made from these classes (moves.py says who may).
Days are `Span` where they may be imprecise, `date` where they are plans.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mutualflow.domain.formation import Condition, DecisionOutcome, DocumentRef, Holds, Statement, TaskOrigin
from mutualflow.domain.keys import Audience, Milestone, Outcome, Role, Side
from mutualflow.domain.spans import Span


def _says(words: str) -> dict[str, str]:
    return {"words": words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Any act; `seen` is the revision that the person had before her eyes."""

    seen: int | None = field(default=None, metadata=_says("revision you read; refused if it has moved on"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAct(Act):
    """An act on one step."""

    step: str = field(metadata=_says("key of the step"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotAct(StepAct):
    """An act on one approver slot of a step's current round."""

    slot: str = field(default="", metadata=_says("key of the slot; found by your role when left out"))
    organisation: str = field(default="", metadata=_says("organisation, where each host answers for itself"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Act):
    """Answer one question."""

    fact: str = field(metadata=_says("key of the question"))
    value: str = field(metadata=_says("the answer; not_known for 'we do not know'"))
    row: str = field(default="", metadata=_says("list/row, for a column of a record list"))
    correction: str = field(default="", metadata=_says("why these words mean the same as before"))
    confirm: tuple[str, ...] = field(default=(), metadata=_says("gates that you accept to reopen"))
    said_on: str = field(default="", metadata=_says("day on which it was said"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRow(Act):
    """Add a row to a record list, or change the columns named."""

    list: str = field(metadata=_says("key of the list"))
    row: str = field(metadata=_says("your short name for the row"))
    values: Mapping[str, str] = field(default_factory=dict, metadata=_says("column=answer"))
    confirm: tuple[str, ...] = field(default=(), metadata=_says("gates that you accept to reopen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireRow(Act):
    """Take a row out of a list; it stays readable."""

    list: str = field(metadata=_says("key of the list"))
    row: str = field(metadata=_says("the row"))
    confirm: tuple[str, ...] = field(default=(), metadata=_says("gates that you accept to reopen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteList(Act):
    """Say "that is all of them"."""

    list: str = field(metadata=_says("key of the list"))
    confirm: tuple[str, ...] = field(default=(), metadata=_says("gates that you accept to reopen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach(StepAct):
    """Attach a file to a step."""

    key: str = field(metadata=_says("your short name for the file"))
    evidence: str = field(default="", metadata=_says("which file asked for this is"))
    sha256: str = field(default="", metadata=_says("SHA-256 of its bytes"))
    name: str = field(default="", metadata=_says("file name"))
    comes_with: str = field(default="submit", metadata=_says("submit, record_decision or record_answer"))
    valid_until: date | None = field(default=None, metadata=_says("last day on which it is valid, where it has one"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOut(StepAct):
    """Take out a wrong file."""

    key: str = field(metadata=_says("the file"))
    reason: str = field(default="", metadata=_says("why"))
    confirm: tuple[str, ...] = field(default=(), metadata=_says("gates that you accept to reopen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepVersion(StepAct):
    """Keep a version of a document, with its blanks: "this version goes to the board"."""

    document: DocumentRef = field(metadata=_says("the document"))
    document_audience: Audience = Audience.EVERYONE  # who may read it: filled in by the house


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(StepAct):
    """Hand a step over to somebody else who holds the role."""

    to: str = field(metadata=_says("the person"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(StepAct):
    """Put a step forward."""

    documents: tuple[DocumentRef, ...] = ()
    facts_seen: str = ""
    statements: tuple[Statement, ...] = ()  # made on the step so far: filled in by the house
    happened_on: Span | None = field(default=None, metadata=_says("day it happened, where nobody approves the step"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(StepAct):
    """Take back what you put forward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(SlotAct):
    """Say that you are looking at it; others still may act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(SlotAct):
    """Approve what was put forward."""

    note: str = field(default="", metadata=_says("a note for the group"))
    happened_on: Span | None = field(default=None, metadata=_says("day it happened, with the last approval"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSubjectTo(SlotAct):
    """Approve subject to conditions; each becomes a task."""

    conditions: tuple[Condition, ...] = field(metadata=_says("key: title, owner, due, holds"))
    note: str = field(default="", metadata=_says("a note for the group"))
    happened_on: Span | None = field(default=None, metadata=_says("day it happened, with the last approval"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(SlotAct):
    """Return what was put forward, with a reason."""

    reason: str = field(default="", metadata=_says("why, for the person who has to mend it"))
    points: tuple[str, ...] = field(default=(), metadata=_says("questions, clauses or files pointed at"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecision(SlotAct):
    """Record what a body decided."""

    outcome: DecisionOutcome = field(metadata=_says("yes, yes_subject_to, partly, no or deferred"))
    decided_on: Span | None = field(default=None, metadata=_says("day of the decision"))
    minute: str = field(default="", metadata=_says("key of the attached minute or letter"))
    votes: str = field(default="", metadata=_says("votes, as the minute gives them"))
    conditions: tuple[Condition, ...] = field(default=(), metadata=_says("key: title, owner, due, holds"))
    next_on: date | None = field(default=None, metadata=_says("next meeting, where it was deferred"))
    version: str = field(default="", metadata=_says("number of the document version the body had"))
    delegations: str = field(default="", metadata=_says("what was delegated to which post"))
    reason: str = field(default="", metadata=_says("reason, where the answer is no"))
    outside: bool = field(default=False, metadata=_says("decided outside this system"))
    last_event: int | None = None  # of the day it was decided, or of the version the body had; None: nothing is newer
    said_then: Mapping[tuple[str, str], str] = field(default_factory=dict)  # what has been said anew since, as it was
    statements: tuple[Statement, ...] = ()  # as in Submit


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDecision(SlotAct):
    """Say that the minute is genuine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(StepAct):
    """Leave out an optional step, with a reason."""

    reason: str = field(default="", metadata=_says("why"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(StepAct):
    """Open a finished step again."""

    reason: str = field(default="", metadata=_says("why"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(StepAct):
    """Say that a finished step still stands after what overtook it."""

    reason: str = field(default="", metadata=_says("why it still stands"))


@dataclass(frozen=True, slots=True, kw_only=True)
class File(StepAct):
    """Say what was sent to the register."""

    reference: str = field(default="", metadata=_says("the sender's or register's reference"))
    sent_on: date | None = field(default=None, metadata=_says("day it was sent"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer(StepAct):
    """Record the register's answer."""

    answer: str = field(metadata=_says("registered or refused"))
    answered_on: Span | None = field(default=None, metadata=_says("day on the certificate or letter"))
    certificate: str = field(default="", metadata=_says("key of the attached certificate or letter"))
    reasons: str = field(default="", metadata=_says("why it was refused"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LayTask(Act):
    """Give somebody a task."""

    key: str = field(metadata=_says("your short name for it"))
    title: str = field(metadata=_says("what has to be done"))
    owner: str = field(metadata=_says("the person who owes it"))
    due_on: date | None = field(default=None, metadata=_says("by which day"))
    holds: Holds = field(default=Holds.NONE, metadata=_says("step, milestone or none"))
    holds_key: str = field(default="", metadata=_says("which step or milestone it holds up"))
    origin: TaskOrigin = field(default=TaskOrigin.OWN, metadata=_says("own, evidence_asked_for or gap"))
    step: str = field(default="", metadata=_says("step whose slot asks for it"))
    slot: str = field(default="", metadata=_says("slot that asks for it"))
    organisation: str = field(default="", metadata=_says("organisation of the slot"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAct(Act):
    """An act on one task."""

    task: str = field(metadata=_says("key of the task"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(TaskAct):
    """Say that your task is done."""

    evidence: str = field(default="", metadata=_says("the file that shows it"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(TaskAct):
    """Accept that a task is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawTask(TaskAct):
    """Take a task back."""

    reason: str = field(default="", metadata=_says("why"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Act):
    """Plan a milestone."""

    milestone: Milestone = field(metadata=_says("the milestone"))
    day: Span = field(metadata=_says("the planned day"))
    reason: str = field(default="", metadata=_says("why, when it moves"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeDueDate(StepAct):
    """Agree the day by which you will have done a step."""

    due_on: date = field(metadata=_says("the day"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(StepAct):
    """Write a note on a step."""

    text: str = field(metadata=_says("the words"))
    audience: Audience = field(default=Audience.EVERYONE, metadata=_says("who may read it"))
    key: str = field(default="", metadata=_says("your short name for the thread"))
    begun: tuple[str, ...] = ()  # as in Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(StepAct):
    """Ask somebody before sending."""

    text: str = field(metadata=_says("the question"))
    of: str = field(metadata=_says("the person asked"))
    audience: Audience = field(default=Audience.EVERYONE, metadata=_says("who may read it"))
    key: str = field(default="", metadata=_says("your short name for the thread"))
    begun: tuple[str, ...] = ()  # what a thread of that key begins with (noting.py: Beginning); filled in by the house


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNote(Act):
    """Answer a question that was put to you."""

    note: str = field(metadata=_says("the thread"))
    text: str = field(metadata=_says("the words"))
    thread_step: str = ""  # where the thread stands and who may read it: filled in by the house
    thread_audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStatement(StepAct):
    """Put your own words on a step's record; nobody else can take them off."""

    text: str = field(metadata=_says("the words"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRole(Act):
    """Give somebody a role."""

    person: str = field(metadata=_says("the person"))
    role: Role = field(metadata=_says("the role"))
    side: Side = field(metadata=_says("for whom she acts"))
    organisation: str = field(default="", metadata=_says("her organisation"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRole(Act):
    """Confirm the first person of a side."""

    person: str = field(metadata=_says("the person"))
    role: Role = field(metadata=_says("the role"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRole(Act):
    """End a role."""

    person: str = field(metadata=_says("the person"))
    role: Role = field(metadata=_says("the role"))
    successor: str = field(default="", metadata=_says("who follows, or 'nobody yet' for the last holder"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BeAway(Act):
    """Say that you are away, and who stands in."""

    since: date = field(metadata=_says("first day away"))
    until: date = field(metadata=_says("first day back"))
    stand_in: str = field(default="", metadata=_says("who stands in"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Act):
    """Pause the formation."""

    reason: str = field(default="", metadata=_says("why"))
    where: str = field(default="", metadata=_says("key of the step at which it stopped"))
    review_on: date | None = field(default=None, metadata=_says("day on which it is looked at again"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Act):
    """Take a paused formation up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Act):
    """End the formation."""

    outcome: Outcome = field(metadata=_says("how it ended"))
    reason: str = field(default="", metadata=_says("why"))


@dataclass(frozen=True, slots=True)
class AdoptedStep:
    """One step that was done before the group came here."""

    step: str
    on: Span
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopt(Act):
    """Start half-way: take over what was done before."""

    steps: tuple[AdoptedStep, ...] = field(metadata=_says("step: day [evidence]"))
    statements: tuple[Statement, ...] = ()  # as in Submit


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPutRight(StepAct):
    """Open the correction of what was filed or signed."""

    reason: str = field(default="", metadata=_says("what was wrong"))
