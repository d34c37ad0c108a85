"""What one may do to a step: every act tried on a trial desk, so that the answer is the act's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from mutualflow.domain import acts, moves
from mutualflow.domain.acts import Act
from mutualflow.domain.desk import Desk
from mutualflow.domain.errors import Conflict, Refusal, Refused
from mutualflow.domain.formation import Condition, DecisionOutcome, DocumentRef, Status
from mutualflow.domain.moves import ACTS, Move
from mutualflow.domain.pathway import Produced, QuestionType, Step, With
from mutualflow.domain.reasons import unsettled_within
from mutualflow.domain.spans import on
from mutualflow.domain.submitting import facts_fingerprint
from mutualflow.domain.tri import NO, YES
from mutualflow.services.looking import Look

TRIAL = "trial"
ON_A_STEP = frozenset({"fact", "evidence", "document", "step", "slot"})
PLACEHOLDERS = frozenset({Refusal.MISSING, Refusal.INVALID_VALUE})
"""Refusals of what only stands in for the person's own words; they come after who may act and when."""

LATER = frozenset({Refusal.IMPOSSIBLE, Refusal.NEEDS_CONFIRMATION})
"""Refusals that depend on the value given."""

OUTSIDE = "taken outside"


@dataclass(frozen=True, slots=True)
class Offer:
    """One act: may she do it now, if not why, and who could. `how`: a word on the way it has to be done."""

    act: str
    command: str
    words: str
    allowed: bool
    code: str
    why_not: str
    who_can: str
    how: str = ""


def offers(look: Look, key: str) -> tuple[Offer, ...]:
    """Every act on a step, its slots, questions and files, for her who looks; no query."""
    step = look.pathway.steps[key]
    found = []
    for move in ACTS.values():
        made = _made(look, step, move) if move.on in ON_A_STEP else None
        if made is not None:
            found.append(_offer(look, step, move, made))
    return tuple(found)


def _offer(look: Look, step: Step, move: Move, made: Act) -> Offer:
    refused = _tried(look, move, made)
    how = ""
    if (
        isinstance(made, acts.RecordDecision)
        and refused is not None
        and refused.code is Refusal.WRONG_STATUS
        and look.formation.steps[step.key].status in (Status.OPEN, Status.IN_HAND)
    ):
        outside = acts.RecordDecision(
            step=made.step, outcome=made.outcome, decided_on=made.decided_on, minute=made.minute, outside=True
        )
        refused = _tried(look, move, outside)
        how = OUTSIDE if refused is None else ""
    words = (move.act.__doc__ or "").strip()
    command = move.name.replace("_", "-")
    if refused is None:
        return Offer(move.name, command, words, True, "", "", "", how)
    who = refused.who_can or (move.by if refused.code is Refusal.NOT_PERMITTED else "")
    why_not = _sentence(look, step, refused)
    return Offer(move.name, command, words, False, refused.code.value, why_not, look.names.get(who, who))


def _sentence(look: Look, step: Step, refused: Refused) -> str:
    """The refusal's own words, unless they name a question that she may not see."""
    asked = [a.key for a in (*step.asks, *step.lists)]
    if refused.code in (Refusal.UNANSWERED, Refusal.BLANKS) and not all(look.sees_key(key) for key in asked):
        return "Questions of this step are still open."
    unknown = unsettled_within(look.reading, step) if refused.code is Refusal.MAYBE else ()
    if not all(look.sees_key(one.key) for one in unknown if one.key in look.pathway.asker):
        return "It is not known yet what this step needs."
    return refused.sentence


def _tried(look: Look, move: Move, made: Act) -> Refused | None:
    """Do it on a desk of its own and throw the result away; what refuses it, or None."""
    now = datetime.combine(look.today, time(12), UTC)
    desk = Desk(look.pathway, look.formation, by=look.by, now=now, today=look.today, law=look.law.thresholds, via=TRIAL)
    try:
        moved = moves.perform(desk, made)
    except Conflict:
        return None  # the documents would be made anew
    except Refused as refused:
        forgiven = LATER if isinstance(made, acts.Submit | acts.HandOver) else LATER | PLACEHOLDERS
        if isinstance(made, acts.HandOver) and not made.to and refused.code is Refusal.INVALID_VALUE:
            return Refused(Refusal.INVALID_VALUE, "Nobody else holds the role that this step needs.")
        return None if refused.code in forgiven else refused
    if not moved.events:
        return Refused(Refusal.WRONG_STATUS, "That is how it stands already.")
    return None


def _made(look: Look, step: Step, move: Move) -> Act | None:
    """The act with placeholders for what a person would give; None where it has nothing to be done to."""
    maker = MAKERS.get(move.name)
    return maker(look, step) if maker else None


def _answer(look: Look, step: Step) -> Act | None:
    """An answer that would be new: the first question that is or may be asked, with another value than its own."""
    for asked in step.asks:
        question = look.question(asked.key)
        if question is None or look.reading.holds(asked.when) is NO:
            continue
        said = look.formation.answers.get((asked.key, ""))
        value = "not_known"
        if said is not None and said.text == value:
            value = {QuestionType.YES_NO: "yes", QuestionType.NUMBER: "1", QuestionType.MONEY: "1"}.get(
                question.type, next(iter(question.choices), look.today.isoformat())
            )
        return acts.Answer(fact=asked.key, value=value)
    return None


def _list_of(look: Look, step: Step) -> str:
    return next((a.key for a in step.lists if look.sees_key(a.key) and look.reading.holds(a.when) is not NO), "")


def _add_row(look: Look, step: Step) -> Act | None:
    name = _list_of(look, step)
    return acts.AddRow(list=name, row=f"{TRIAL}-row") if name else None


def _retire_row(look: Look, step: Step) -> Act | None:
    name = _list_of(look, step)
    row = next((r.key for r in look.formation.rows.values() if r.list == name and not r.retired), "")
    return acts.RetireRow(list=name, row=row) if name and row else None


def _complete_list(look: Look, step: Step) -> Act | None:
    wanted = [a.key for a in step.lists if look.sees_key(a.key) and look.reading.holds(a.when) is not NO]
    still_open = [key for key in wanted if not look.reading.complete(key)]
    return acts.CompleteList(list=still_open[0]) if still_open else None


def _attach(look: Look, step: Step) -> Act:
    """A file still wanted: what comes with the submission while the step is worked on, afterwards what comes later."""
    held = {e.evidence for e in look.formation.evidence.values() if e.step == step.key and not e.taken_out}
    early = look.formation.steps[step.key].status in (Status.OPEN, Status.IN_HAND)
    wanted = sorted(
        (b for b in step.brings if b.evidence not in held), key=lambda b: (b.comes_with is With.SUBMIT) is not early
    )
    evidence = wanted[0].evidence if wanted else ""
    return acts.Attach(step=step.key, key=f"{TRIAL}-file", evidence=evidence, sha256="0" * 64)


def _take_out(look: Look, step: Step) -> Act | None:
    held = next((e for e in look.files(step.key) if not e.taken_out), None)
    return acts.TakeOut(step=step.key, key=held.key, reason=TRIAL) if held else None


def _printed(look: Look, step: Step) -> list[Produced]:
    return [p for p in step.produces if look.reading.holds(p.when) is YES]


def _keep_version(look: Look, step: Step) -> Act | None:
    papers = _printed(look, step)
    if not papers:
        return None
    return acts.KeepVersion(step=step.key, document=DocumentRef(papers[0].document, TRIAL, "0" * 64))


def _hand_over(look: Look, step: Step) -> Act:
    assignee = look.formation.steps[step.key].assignee
    others = [p for p in look.held_by(step.owner) if p not in (assignee, look.by)]
    return acts.HandOver(step=step.key, to=others[0] if others else "")


def _submit(look: Look, step: Step) -> Act:
    documents = tuple(DocumentRef(p.document, TRIAL, "0" * 64) for p in _printed(look, step))
    return acts.Submit(
        step=step.key,
        documents=documents,
        facts_seen=facts_fingerprint(look.formation),
        happened_on=on(look.today),
    )


def _conditions(look: Look) -> tuple[Condition, ...]:
    return (Condition(f"{TRIAL}-condition", TRIAL, look.by, None),)


def _approve_subject_to(look: Look, step: Step) -> Act | None:
    if not _personal(step):
        return None
    return acts.ApproveSubjectTo(step=step.key, conditions=_conditions(look), happened_on=on(look.today))


def _personal(step: Step) -> bool:
    return any(s.body is None for s in step.slots)


def _some_file(look: Look, step: Step, comes_with: With) -> str:
    files = (e for e in look.formation.evidence.values() if e.step == step.key and e.comes_with == comes_with)
    return next((e.key for e in files if not e.taken_out), "")


def _record_decision(look: Look, step: Step) -> Act | None:
    if all(s.body is None or s.organisation for s in step.slots):
        return None
    return acts.RecordDecision(
        step=step.key,
        outcome=DecisionOutcome.YES,
        decided_on=on(look.today),
        minute=_some_file(look, step, With.RECORD_DECISION),
    )


def _check_decision(look: Look, step: Step) -> Act | None:
    return acts.CheckDecision(step=step.key) if any(s.body and not s.organisation for s in step.slots) else None


def _record_answer(look: Look, step: Step) -> Act | None:
    if step.files is None:
        return None
    return acts.RecordAnswer(
        step=step.key,
        answer="registered",
        answered_on=on(look.today),
        certificate=_some_file(look, step, With.RECORD_ANSWER),
    )


def _agree_due_date(look: Look, step: Step) -> Act:
    day = look.today + timedelta(days=1)
    return acts.AgreeDueDate(step=step.key, due_on=day if look.formation.steps[step.key].due_on != day else look.today)


def _open_put_right(look: Look, step: Step) -> Act | None:
    return acts.OpenPutRight(step=step.key, reason=TRIAL) if step.irrevocable or step.puts_right else None


Maker = Callable[[Look, Step], Act | None]

MAKERS: Mapping[str, Maker] = {
    "answer": _answer,
    "add_row": _add_row,
    "retire_row": _retire_row,
    "complete_list": _complete_list,
    "attach": _attach,
    "take_out": _take_out,
    "keep_version": _keep_version,
    "hand_over": _hand_over,
    "submit": _submit,
    "withdraw": lambda look, step: acts.Withdraw(step=step.key),
    "take": lambda look, step: acts.Take(step=step.key) if _personal(step) else None,
    "approve": lambda look, step: acts.Approve(step=step.key, happened_on=on(look.today)) if _personal(step) else None,
    "approve_subject_to": _approve_subject_to,
    "return": lambda look, step: acts.Return(step=step.key, reason=TRIAL) if step.slots else None,
    "record_decision": _record_decision,
    "check_decision": _check_decision,
    "waive": lambda look, step: acts.Waive(step=step.key, reason=TRIAL) if step.optional else None,
    "reopen": lambda look, step: acts.Reopen(step=step.key, reason=TRIAL),
    "confirm": lambda look, step: acts.Confirm(step=step.key, reason=TRIAL),
    "file": lambda look, step: acts.File(step=step.key, reference=TRIAL) if step.files else None,
    "record_answer": _record_answer,
    "agree_due_date": _agree_due_date,
    "open_put_right": _open_put_right,
}
