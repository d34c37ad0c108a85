"""Putting a step forward, taking it back, and finishing it."""

import hashlib
import json
from collections.abc import Iterable

from mutualflow.domain.acts import Submit, Withdraw
from mutualflow.domain.checks import (
    applies_surely,
    fresh,
    just_done,
    not_ended,
    not_to_come,
    nothing_sent,
    permitted,
    status_in,
    waits_for_nothing,
)
from mutualflow.domain.desk import Desk, title, words
from mutualflow.domain.effect import take_back
from mutualflow.domain.errors import Conflict, Refusal, Refused
from mutualflow.domain.formation import (
    GIVEN,
    Approval,
    Basis,
    DocumentRef,
    Formation,
    Holds,
    Statement,
    Status,
    Submission,
)
from mutualflow.domain.ground import applying_slots, material
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Brought, Produced, RecordList, Step, With, say
from mutualflow.domain.reasons import Unsettled, unsettled_within
from mutualflow.domain.spans import Span
from mutualflow.domain.tri import YES

FORWARDABLE = (Status.OPEN, Status.IN_HAND)


def submit(desk: Desk, act: Submit) -> None:
    """Put a step forward with its facts, documents and files; without an applying slot that finishes it."""
    step = desk.step(act.step)
    not_to_come(desk, act.happened_on, "That it happened")
    state = desk.f.steps[step.key]
    submission = desk.f.submissions.get(step.key)
    if state.status is Status.SUBMITTED and submission is not None and submission.by == desk.by:
        return  # the same form sent twice
    if state.status is Status.APPROVED and _finished_by_herself(desk, step, submission):
        return
    not_ended(desk)
    fresh(act, state.revision, title(desk.pathway, step.key))
    permitted(desk, (step.owner,), f"put {title(desk.pathway, step.key)} forward")
    status_in(desk, step, FORWARDABLE, "put forward")
    all_there(desk, step)
    slots = applying_slots(desk.reading, step, desk.f)
    if not slots:
        needs_day(step, act.happened_on)
    if documents_wanted(desk, step) and act.facts_seen != facts_fingerprint(desk.f):
        raise Conflict("the documents were made from facts that have moved on")
    check_made(desk, step, act.documents)
    check_known(desk, step)
    check_blanks(desk, step, act.documents)
    check_not_held(desk, step)
    forward(desk, step, Basis.PUT_FORWARD, act.documents, by=desk.by, statements=act.statements)
    if not slots:
        finish(desk, step, act.happened_on)


def _finished_by_herself(desk: Desk, step: Step, submission: Submission | None) -> bool:
    """A step that nobody approves was finished by putting it forward: did this person do that?"""
    alone = all(approval.step != step.key for approval in desk.f.approvals.values())
    return alone and submission is not None and submission.basis is Basis.PUT_FORWARD and submission.by == desk.by


def all_there(desk: Desk, step: Step) -> None:
    """The step applies, waits for nothing, its approvers are known, its questions answered and its files attached."""
    waits_for_nothing(desk, step, "put forward")
    applies_surely(desk, step)
    check_settled(desk, step)
    missing = open_questions(desk, step)
    if missing:
        shown = "; ".join(missing[:6]) + (f"; and {len(missing) - 6} more" if len(missing) > 6 else "")
        raise Refused(Refusal.UNANSWERED, f"Still to be answered: {shown}.")
    files = open_files(desk, step, With.SUBMIT)
    if files:
        raise Refused(Refusal.MISSING, f"Still to be attached: {'; '.join(say(b.title) for b in files)}.")


def check_settled(desk: Desk, step: Step) -> None:
    """It is known what belongs to the step and who answers it: what may be needed is never silently left out."""
    open_ = unsettled_within(desk.reading, step)
    if open_:
        known = "; ".join(dict.fromkeys(_in_words(desk, one) for one in open_))
        raise Refused(
            Refusal.MAYBE,
            f"Before {title(desk.pathway, step.key)} goes forward it must be known what it needs: {known}.",
        )


def _in_words(desk: Desk, one: Unsettled) -> str:
    """What has to be known, and the step that asks it."""
    if one.kind in ("milestone", "rule"):
        return f"the day of {words(one.key)}" if one.kind == "milestone" else f"what counts for {words(one.key)}"
    thing = desk.pathway.lists[one.key] if one.kind == "list" else desk.pathway.questions[one.key]
    return f"“{say(thing.label)}” (asked in {title(desk.pathway, desk.pathway.asker[one.key])})"


def open_questions(desk: Desk, step: Step) -> list[str]:
    """The step's questions without an answer, lists not declared complete, and what is open in their rows."""
    found = []
    for asked in step.asks:
        if not asked.optional and desk.reading.asked(asked.key) is YES and not desk.reading.answered(asked.key):
            found.append(say(desk.pathway.questions[asked.key].label))
    for asked in step.lists:
        if asked.optional or desk.reading.asked(asked.key) is not YES:
            continue
        records = desk.pathway.lists[asked.key]
        if not desk.reading.complete(asked.key):
            found.append(f"{say(records.label)} (say that it is complete)")
        found += open_rows(desk.f, records) if desk.reading.complete(asked.key) else []
    return found


def open_rows(formation: Formation, records: RecordList) -> list[str]:
    """What a list still lacks: rows, or columns of a row. A list that was complete may have changed since."""
    rows = [r for r in formation.rows.values() if r.list == records.key and not r.retired]
    label = say(records.label)
    if len(rows) < records.at_least:
        return [f"{label}: at least {records.at_least} wanted, {len(rows)} given"]
    wanted = [c for c in records.columns.values() if not c.optional]
    lacking = {
        row.key: [say(c.label) for c in wanted if (c.key, f"{records.key}/{row.key}") not in formation.answers]
        for row in rows
    }
    return [f"{label}: the row {row} lacks {', '.join(columns)}" for row, columns in lacking.items() if columns]


def open_files(desk: Desk, step: Step, comes_with: With) -> list[Brought]:
    """Files that the step asks for and nobody has attached."""
    held = {e.evidence for e in desk.f.evidence.values() if e.step == step.key and not e.taken_out}
    return [
        brought
        for brought in step.brings
        if brought.comes_with is comes_with
        and not brought.optional
        and brought.evidence not in held
        and desk.reading.holds(brought.when) is YES
    ]


def check_known(desk: Desk, step: Step) -> None:
    """What is filed, the first time or to put it right, may not rest on "we do not know"."""
    source = desk.pathway.steps[step.puts_right] if step.puts_right else step
    if not (source.irrevocable and step.files is not None):
        return
    blank = [
        say(desk.pathway.questions[a.key].label)
        for a in source.asks
        if not a.optional and desk.reading.asked(a.key) is YES and _not_known(desk, a.key, "")
    ]
    lists = [desk.pathway.lists[a.key] for a in source.lists if not a.optional and desk.reading.asked(a.key) is YES]
    blank += [
        f"{say(column.label)} of the row {row.key}"
        for records in lists
        for row in desk.f.rows.values()
        for column in records.columns.values()
        if row.list == records.key and not row.retired and not column.optional
        if _not_known(desk, column.key, f"{records.key}/{row.key}")
    ]
    if blank:
        raise Refused(Refusal.BLANKS, f"This is filed, so it must be known: {'; '.join(blank)}.")


def _not_known(desk: Desk, key: str, subject: str) -> bool:
    said = desk.f.answers.get((key, subject))
    return said is not None and said.text == NOT_KNOWN


def check_not_held(desk: Desk, step: Step) -> None:
    """A task may hold up a step, or the milestone that it reaches."""
    for task in desk.f.tasks.values():
        held = (task.holds is Holds.STEP and task.holds_key == step.key) or (
            task.holds is Holds.MILESTONE and step.reaches is not None and task.holds_key == step.reaches.value
        )
        if held and task.held:
            raise Refused(
                Refusal.HELD_BY_TASK,
                f"{title(desk.pathway, step.key)} is held up by the task “{task.title}”.",
                who_can=task.owner,
            )


def documents_wanted(desk: Desk, step: Step) -> list[Produced]:
    """The documents that the step prints in this formation."""
    return [produced for produced in step.produces if desk.reading.holds(produced.when) is YES]


def check_made(desk: Desk, step: Step, documents: tuple[DocumentRef, ...]) -> None:
    """Every document that the step prints is there."""
    made = {ref.document for ref in documents}
    for produced in documents_wanted(desk, step):
        if produced.document not in made:
            raise Refused(Refusal.MISSING, f"The document {produced.document} has not been made.")


def check_blanks(desk: Desk, step: Step, documents: tuple[DocumentRef, ...]) -> None:
    """A document for filing has neither blanks nor unloaded official text."""
    made = {ref.document: ref for ref in documents}
    for produced in documents_wanted(desk, step):
        ref = made[produced.document]
        if produced.for_filing and ref.gaps:
            raise Refused(
                Refusal.BLANKS,
                f"The document {produced.document} still lacks {ref.gaps} official text(s). The operator loads them "
                "with “mutualflow prescribed load”.",
            )
        if produced.for_filing and ref.blanks:
            raise Refused(
                Refusal.BLANKS, f"The document {produced.document} is for filing and has {ref.blanks} blank(s)."
            )


def facts_fingerprint(formation: Formation) -> str:
    """Equal as long as no answer and no row has moved on since the documents were made."""
    said = sorted((*place, a.revision) for place, a in formation.answers.items())
    rows = sorted((*place, r.retired) for place, r in formation.rows.items())
    return hashlib.sha256(json.dumps([said, rows]).encode()).hexdigest()


def forward(
    desk: Desk,
    step: Step,
    basis: Basis,
    documents: tuple[DocumentRef, ...],
    *,
    by: str,
    values: dict[str, tuple[str, str]] | None = None,
    statements: Iterable[Statement] = (),
) -> Submission:
    """Write a new round: the submission, and a waiting approval for each applying slot.

    `values`: its material facts, where they are not those in force now. `statements`: those made so far, on whatever
    step.
    """
    listed = tuple(s for s in statements if s.step == step.key)
    values = material(desk.reading, step, desk.f) if values is None else values
    brought = [
        e for e in desk.f.evidence.values() if e.step == step.key and not e.taken_out and e.comes_with == With.SUBMIT
    ]
    files = tuple(sorted(e.sha256 for e in brought))
    own = _asked_by(desk, step)
    answered = {a.by for (key, subject), a in desk.f.answers.items() if (subject.partition("/")[0] or key) in own}
    attached = {e.by for e in brought}
    round_ = desk.f.steps[step.key].round + 1
    sha = submission_hash(step.key, values, documents, files, listed)
    number = desk.event(
        "submit" if basis is Basis.PUT_FORWARD else basis.value,
        {
            "step": step.key,
            "round": round_,
            "basis": basis.value,
            "sha256": sha,
            "from": desk.f.steps[step.key].status.value,
            "to": Status.SUBMITTED.value,
        },
    )
    submission = Submission(
        step=step.key,
        round=round_,
        basis=basis,
        material=values,
        documents=documents,
        evidence=files,
        sha256=sha,
        by=by,
        event=number,
        on=desk.today,
        answered_by=tuple(sorted(answered)) if basis is not Basis.ASSUMED else (),
        statements=tuple(s.event for s in listed),
        attached_by=tuple(sorted(attached)) if basis is not Basis.ASSUMED else (),
    )
    approvals = {at: a for at, a in desk.f.approvals.items() if a.step != step.key}
    if basis is not Basis.ASSUMED:
        for slot, host in applying_slots(desk.reading, step, desk.f):
            approvals[(step.key, slot.key, host)] = Approval(step.key, round_, slot.key, host)
    decisions = {at: d for at, d in desk.f.decisions.items() if d.step != step.key}
    desk.put(submissions={**desk.f.submissions, step.key: submission}, approvals=approvals, decisions=decisions)
    desk.put_step(step.key, status=Status.SUBMITTED, round=round_, waiting_since=desk.today)
    return submission


def _asked_by(desk: Desk, step: Step) -> set[str]:
    """The facts, lists and declarations of lists that a step asks; what puts right asks what it corrects."""
    source = desk.pathway.steps[step.puts_right] if step.puts_right else step
    complete = (desk.pathway.lists[a.key].complete_fact for a in source.lists)
    return {*(a.key for a in (*source.asks, *source.lists)), *complete}


def submission_hash(
    step: str,
    values: dict[str, tuple[str, str]],
    documents: tuple[DocumentRef, ...],
    files: tuple[str, ...],
    statements: tuple[Statement, ...],
) -> str:
    """One SHA-256 over what was put forward: values, words of documents, bytes of files, and people's own words."""
    body = {
        "step": step,
        "values": values,
        "documents": [[d.document, d.sha256] for d in documents],
        "files": files,
        "statements": [[s.event, s.by, s.on, s.text] for s in statements],
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def finish(desk: Desk, step: Step, happened_on: Span | None) -> None:
    """The step is approved; the milestone that it reaches has its day."""
    number = desk.event(
        "approved",
        {"step": step.key, "from": desk.f.steps[step.key].status.value, "to": Status.APPROVED.value},
        happened_on=str(happened_on) if happened_on else "",
    )
    desk.put_step(step.key, status=Status.APPROVED, done_at=number, confirmed_at=0, waiting_since=None)
    desk.changed_facts()
    if step.reaches is not None and happened_on is not None:
        desk.reach(step.reaches, happened_on, number)


def finish_if_all_given(desk: Desk, step: Step, happened_on: Span | None) -> None:
    """Finish the step once every slot of its round has approved; the last one brings the day."""
    mine = [a for a in desk.f.approvals.values() if a.step == step.key]
    if mine and all(a.state in GIVEN for a in mine):
        needs_day(step, happened_on)
        finish(desk, step, happened_on)


def needs_day(step: Step, happened_on: Span | None) -> None:
    """A step that reaches a milestone is finished on a day."""
    if step.reaches is not None and happened_on is None:
        raise Refused(
            Refusal.MISSING,
            f"Say on which day it happened: this reaches the milestone {step.reaches.value.replace('_', ' ')}.",
        )


def withdraw(desk: Desk, act: Withdraw) -> None:
    """Take back what one put forward."""
    step = desk.step(act.step)
    not_ended(desk)
    state = desk.f.steps[step.key]
    submission = desk.f.submissions.get(step.key)
    if state.status is Status.IN_HAND and just_done(desk, step, "withdraw"):
        return  # the same form sent twice
    fresh(act, state.revision, title(desk.pathway, step.key))
    if submission is not None and submission.by != desk.by and state.status is Status.SUBMITTED:
        raise Refused(
            Refusal.NOT_PERMITTED, "Only the person who put it forward can take it back.", who_can=submission.by
        )
    status_in(desk, step, (Status.SUBMITTED,), "take back")
    nothing_sent(desk, step, "take back")
    take_back(desk, step.key, "withdraw")
