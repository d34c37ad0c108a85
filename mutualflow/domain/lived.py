"""A formation that was lived here, as a record: so that samples and thin histories are judged by one set of rules."""

from collections.abc import Iterable

from mutualflow.domain.desk import read
from mutualflow.domain.formation import FINISHED, Basis, DateKind, Formation, MilestoneDate, Status
from mutualflow.domain.history import SaidState
from mutualflow.domain.keys import FORMS, NOT_KNOWN
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.record import Lacking, Record, short
from mutualflow.domain.spans import Span, on
from mutualflow.domain.tri import YES


def record_of(
    formation: Formation,
    series: Iterable[MilestoneDate],
    states: Iterable[SaidState],
    pathway: Pathway,
    law: LawBook,
    known_until: Span,
) -> Record:
    """What a formation's rows show. `series`: plans and actual days, `states`: its states; both oldest first."""
    record = Record(known_until, states=list(states))
    for row in series:
        key = row.milestone.value
        if row.kind is DateKind.PLANNED:
            record.plans.setdefault(key, []).append(row.span)
        elif row.kind is DateKind.ACTUAL:
            record.actual[key] = row.span
            record.rows.append((key.replace("_", " "), row.span, 0))
    for (key, subject), answer in formation.answers.items():
        if not subject and answer.text != NOT_KNOWN:
            record.said[key] = answer.text
    for held in formation.rows.values():
        if not held.retired:
            record.counts[held.list] = record.counts.get(held.list, 0) + 1
    form = record.said.get("legal_form", "")
    record.form, record.forms = form or "undecided", (form,) if form in FORMS else ()
    for step, state in formation.steps.items():
        _step(record, formation, pathway, step, state.status)
    for step, filing in formation.filings.items():
        record.acts[(step, "filed")] = on(filing.sent_on)
        if filing.answered_on is not None:
            record.acts[(step, "answered")] = on(filing.answered_on)
    _lacking(record, formation, pathway, law)
    return record


def _step(record: Record, formation: Formation, pathway: Pathway, step: str, status: Status) -> None:
    submission = formation.submissions.get(step)
    if submission is not None and status in (Status.SUBMITTED, *FINISHED):
        record.acts[(step, "submitted")] = on(submission.on)
    if status not in FINISHED or pathway.steps[step].puts_right:
        return
    if submission is not None and submission.basis is Basis.ASSUMED:
        record.complete[step] = on(submission.on)
        return
    reaches = pathway.steps[step].reaches
    given = [a.decided_on for a in formation.approvals.values() if a.step == step and a.decided_on is not None]
    days = [s.latest for s in given if s.latest is not None]
    if reaches is not None and reaches.value in record.actual:
        record.done[step] = record.actual[reaches.value]
    elif days:
        record.done[step] = on(max(days))
    elif submission is not None:
        record.done[step] = on(submission.on)
    else:
        record.done[step] = Span(None, record.known_until.latest)  # waived: on which day stands in the history
    record.acts[(step, "approved")] = record.done[step]


def _lacking(record: Record, formation: Formation, pathway: Pathway, law: LawBook) -> None:
    """Files that a finished step asked for and does not have."""
    reading = read(pathway, formation, law.thresholds)
    held = {(e.step, e.evidence) for e in formation.evidence.values() if not e.taken_out}
    for step, day in record.done.items():
        for brought in pathway.steps[step].brings:
            wanted = not brought.optional and reading.holds(brought.when) is YES
            if wanted and formation.steps[step].status is Status.APPROVED and (step, brought.evidence) not in held:
                record.lacking.append(Lacking(f"{step} {brought.evidence}", short(day)))
