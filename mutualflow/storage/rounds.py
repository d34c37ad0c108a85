"""Earlier rounds of a step: what was put forward then and how it was answered. A move never loads these."""

import json
from typing import Any

from sqlalchemy import Connection, bindparam, select

from mutualflow.domain.formation import Approval, Basis, DocumentRef, SlotState, Submission
from mutualflow.domain.spans import Span
from mutualflow.storage import tables as t
from mutualflow.storage.rows import numbers_of

_SUBMISSIONS = (
    select(t.submission)
    .where(t.submission.c.formation_id == bindparam("formation"), t.submission.c.step == bindparam("step"))
    .order_by(t.submission.c.round)
)
_APPROVALS = (
    select(t.approval)
    .where(t.approval.c.formation_id == bindparam("formation"), t.approval.c.step == bindparam("step"))
    .order_by(t.approval.c.round, t.approval.c.slot, t.approval.c.organisation)
)


def submissions(db: Connection, formation: int, step: str) -> dict[int, Submission]:
    """Round -> what was put forward."""
    return {r.round: _submission(r) for r in db.execute(_SUBMISSIONS, {"formation": formation, "step": step})}


def approvals(db: Connection, formation: int, step: str) -> list[Approval]:
    """The slots of every round."""
    return [_approval(r) for r in db.execute(_APPROVALS, {"formation": formation, "step": step})]


def _submission(r: Any) -> Submission:
    material = {k: (v[0], v[1]) if isinstance(v, list) else (v, v) for k, v in json.loads(r.material).items()}
    documents = tuple(
        DocumentRef(d["document"], d["number"], d["sha256"], d["blanks"], d["gaps"], clauses=d["clauses"])
        for d in (json.loads(r.documents) if r.documents else ())
    )
    return Submission(
        step=r.step,
        round=r.round,
        basis=Basis(r.basis),
        material=material,
        documents=documents,
        evidence=_split(r.evidence),
        sha256=r.sha256,
        by=r.by or "",
        event=r.event,
        on=r.on_day,
        answered_by=_split(r.answered_by),
        attached_by=_split(r.attached_by),
        statements=numbers_of(r.statements),
    )


def _approval(r: Any) -> Approval:
    return Approval(
        step=r.step,
        round=r.round,
        slot=r.slot,
        organisation=r.organisation,
        state=SlotState(r.state),
        taken_by=r.taken_by or "",
        by=r.by or "",
        capacity=r.capacity,
        decided_on=Span(r.decided_from, r.decided_to) if r.by else None,
        event=r.event,
        note=r.note,
        points=tuple(json.loads(r.points)) if r.points else (),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
