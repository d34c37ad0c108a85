"""What a record says in figures, milestones and how late they were, and what it leaves open."""

from collections.abc import Iterator
from dataclasses import replace

from mutualflow.domain.formation import Kind
from mutualflow.domain.history import History
from mutualflow.domain.keys import FORMS, Milestone
from mutualflow.domain.record import STOPS_BEFORE, Record, after, perhaps_after, short
from mutualflow.domain.replayed import LateRow, MilestoneRow
from mutualflow.domain.spans import UNKNOWN_DAY, Span, slip


def milestone_rows(record: Record) -> Iterator[MilestoneRow]:
    """Every milestone that was planned or reached."""
    for milestone in Milestone:
        plans, actual = record.plans.get(milestone.value, []), record.actual.get(milestone.value)
        if plans or actual is not None:
            first, last = (plans[0], plans[-1]) if plans else (None, None)
            yield MilestoneRow(milestone.value, first, last, actual, slip(first, actual), slip(last, actual))


def late_rows(record: Record, rows: tuple[MilestoneRow, ...]) -> Iterator[LateRow]:
    """Later than first planned. A plan without an actual is never late, and after the record stops nothing is."""
    for row in rows:
        if row.first_plan is None:
            continue
        if row.actual is None:
            whether = STOPS_BEFORE if after(row.first_plan, record.known_until) else "it is not recorded"
            record.unsaid(
                row.key,
                f"Planned for {short(row.last_plan or row.first_plan)}; whether it happened cannot be said: {whether}.",
            )
        elif row.actual == UNKNOWN_DAY:
            record.unsaid(row.key, "It happened on a day that is not recorded, so whether it was late cannot be said.")
        elif after(row.actual, row.first_plan):
            yield LateRow(row.key, certain=True)
        else:
            known = replace(row.actual, latest=row.actual.latest or record.known_until.latest)
            if perhaps_after(known, row.first_plan) and not _same(known, row.first_plan):
                yield LateRow(row.key, certain=False)


def _same(one: Span, other: Span) -> bool:
    return one.day is not None and one == other


def open_questions(record: Record, history: History) -> None:
    """What the head of the file leaves open, and what no thin file shows."""
    if record.form == "unknown":
        record.unsaid("legal_form", "Which legal form the new body has is not recorded.")
    elif len(record.forms) > 1:
        record.unsaid("legal_form", f"It is one of {', '.join(FORMS[f] for f in record.forms)}; which is not recorded.")
    if history.form_status == "planned" and record.launched is not None:
        record.unsaid("legal_form", "The form is recorded as planned; whether it became that is not.")
    if record.done and history.kind is Kind.HISTORY:
        record.unsaid("four_eyes", "Who put steps forward and who approved them is not recorded for most of them.")
