"""Replaying a history: what it shows, what it leaves open, and what of it cannot have been (model.md 10)."""

from mutualflow.domain.errors import Refusal
from mutualflow.domain.figures import late_rows, milestone_rows, open_questions
from mutualflow.domain.history import History
from mutualflow.domain.implied import missed_clocks, reading_of, walked
from mutualflow.domain.impossible import combinations, ends, launch, one_truth, orders, possible
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.record import Record, gather
from mutualflow.domain.replayed import Replayed


def replay(history: History, pathway: Pathway, law: LawBook, *, strict: bool = False) -> Replayed:
    """Replay a thin history; `strict` also refuses what had to be assumed. Nothing is raised: `refused` says it."""
    return judge(history, gather(history, pathway), pathway, law, strict=strict)


def judge(history: History, record: Record, pathway: Pathway, law: LawBook, *, strict: bool = False) -> Replayed:
    """What a gathered record shows."""
    one_truth(record)
    orders(record, pathway)
    ends(record)
    launch(record, pathway)
    possible(record, law)
    reading = reading_of(record, pathway, law)
    combinations(record, reading, pathway)
    assumed, reported = walked(record, reading, pathway)
    missed = tuple(missed_clocks(record, reading, law))
    milestones = tuple(milestone_rows(record))
    late = tuple(late_rows(record, milestones))
    open_questions(record, history)
    if strict and assumed:
        sentence = (
            f"{len(assumed)} steps had to be assumed, which --strict does not allow: {', '.join(assumed[:3])} ..."
        )
        record.refuse(Refusal.ASSUMED, sentence)
    ended = record.ended
    return Replayed(
        case=history.case,
        kind=history.kind.value,
        form=history.form,
        form_status=history.form_status,
        states=tuple(record.states),
        outcome=ended.outcome if ended else "",
        known_until=record.known_until,
        milestones=milestones,
        late=late,
        missed_clocks=missed,
        missing_evidence=tuple(record.lacking),
        assumed=assumed,
        cannot_say=tuple(record.cannot_say),
        reported=reported,
        refused=tuple(record.no),
    )
