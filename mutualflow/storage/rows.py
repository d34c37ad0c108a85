"""Rows into the core's own values, and back: one pair of functions per thing."""

import json
from datetime import date
from typing import Any

from mutualflow.domain import chain
from mutualflow.domain import formation as f
from mutualflow.domain.keys import Audience, Body, Milestone, Registrar, Role, Side
from mutualflow.domain.spans import Span
from mutualflow.domain.tri import Tri

Values = dict[str, Any]  # one row for an INSERT or UPDATE: shaped by its table, not by us
_STATUS = {s.value: s for s in f.Status}
_TRI = {v.value: v for v in Tri}
_SOURCE = {v.value: v for v in f.FactSource}


def step_of(r: Any) -> f.StepState:
    return f.StepState(
        r[0],
        _STATUS[r[1]],
        r[2],
        r[3],
        r[4],
        r[5],
        r[6] or "",
        r[7],
        r[8],
        _TRI[r[9]],
        tuple(r[10].split(",")) if r[10] else (),
        bool(r[11]),
    )


def answer_of(r: Any) -> f.Answer:
    return f.Answer(r[0], r[1], r[2], r[3] or "", r[4], r[5], r[6], _SOURCE[r[7]], r[8])


def submission_of(r: Any, printed: set[str]) -> f.Submission:
    material = {key: (v[0], v[1]) if isinstance(v, list) else (v, v) for key, v in json.loads(r[3]).items()}
    documents = tuple(
        f.DocumentRef(
            d["document"], d["number"], d["sha256"], d["blanks"], d["gaps"], d["number"] in printed, d["clauses"]
        )
        for d in (json.loads(r[4]) if r[4] else ())
    )
    return f.Submission(
        r[0],
        r[1],
        f.Basis(r[2]),
        material,
        documents,
        _split(r[5]),
        r[6],
        r[7] or "",
        r[8],
        r[9],
        _split(r[10]),
        _split(r[11]),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _span(earliest: date | None, latest: date | None) -> Span:
    return Span(earliest, latest)


def approval_of(r: Any) -> f.Approval:
    decided = _span(r.decided_from, r.decided_to) if r.by else None
    return f.Approval(
        r.step,
        r.round,
        r.slot,
        r.organisation,
        f.SlotState(r.state),
        r.taken_by or "",
        r.by or "",
        r.capacity,
        decided,
        r.event,
        r.note,
        tuple(json.loads(r.points)) if r.points else (),
    )


def decision_of(r: Any) -> f.Decision:
    conditions = tuple(
        f.Condition(
            c["key"],
            c["title"],
            c["owner"],
            date.fromisoformat(c["due_on"]) if c["due_on"] else None,
            f.Holds(c["holds"]),
            c["holds_key"],
        )
        for c in (json.loads(r.conditions) if r.conditions else ())
    )
    return f.Decision(
        step=r.step,
        round=r.round,
        slot=r.slot,
        organisation=r.organisation,
        body=Body(r.body),
        outcome=f.DecisionOutcome(r.outcome),
        decided_on=_span(r.decided_from, r.decided_to),
        minute=r.minute,
        recorded_by=r.recorded_by or "",
        event=r.event,
        votes=r.votes,
        next_on=r.next_on,
        version=r.version,
        delegations=r.delegations,
        reason=r.reason,
        conditions=conditions,
        checked_by=r.checked_by or "",
        kept=bool(r.kept),
    )


def filing_of(r: Any) -> f.Filing:
    return f.Filing(
        r.step,
        r.attempt,
        Registrar(r.registrar),
        r.sent_on,
        r.reference,
        r.fee,
        r.fee_rule,
        r.by or "",
        r.event,
        r.answer,
        r.answered_on,
        r.reasons,
        r.certificate,
    )


def task_of(r: Any) -> f.Task:
    return f.Task(
        key=r.key,
        title=r.title,
        owner=r.owner or "",
        due_on=r.due_on,
        origin=f.TaskOrigin(r.origin),
        laid_by=r.laid_by or "",
        event=r.event,
        holds=f.Holds(r.holds),
        holds_key=r.holds_key,
        step=r.step,
        slot=r.slot,
        organisation=r.organisation,
        state=f.TaskState(r.state),
        evidence=r.evidence,
    )


def member_of(r: Any) -> f.Membership:
    return f.Membership(
        r.person,
        Role(r.role),
        Side(r.side) if r.side else Side.INDEPENDENT,
        r.since,
        r.organisation,
        r.until,
        r.invited_by or "",
        r.confirmed_by or "",
        r.scope,
        r.id,
    )


def evidence_of(r: Any) -> f.Evidence:
    return f.Evidence(
        key=r.key,
        step=r.step,
        evidence=r.evidence,
        sha256=r.sha256,
        name=r.name,
        by=r.by or "",
        event=r.event,
        comes_with=r.comes_with,
        catalogue=r.catalogue,
        audience=Audience(r.audience),
        taken_out=r.taken_out,
    )


def date_of(r: Any) -> f.MilestoneDate:
    return f.MilestoneDate(
        Milestone(r.milestone),
        f.DateKind(r.kind),
        _span(r.earliest, r.latest),
        r.event,
        r.by or "",
        r.why,
        r.pessimistic,
        r.optimistic,
    )


def awaited_of(r: Any) -> f.Awaited:
    return f.Awaited(
        r.key,
        r.step,
        r.what,
        r.since,
        r.role,
        r.side,
        r.person or "",
        r.slot,
        r.organisation,
        r.due_on,
        r.legal_on,
        bool(r.weighty),
        r.taken_by or "",
    )


def step_row(s: f.StepState) -> Values:
    return {
        "key": s.key,
        "status": s.status.value,
        "done_at": s.done_at,
        "confirmed_at": s.confirmed_at,
        "round": s.round,
        "revision": s.revision,
        "assignee": s.assignee or None,
        "due_on": s.due_on,
        "waiting_since": s.waiting_since,
        "applies": s.applies.value,
        "waits_for": ",".join(s.waits_for),
        "overtaken": s.overtaken,
    }


def answer_row(a: f.Answer) -> Values:
    return {"key": a.key, "subject": a.subject, "fact_event": a.event, "revision": a.revision, "meaning": a.meaning}


def row_row(r: f.Row) -> Values:
    return {"list": r.list, "key": r.key, "event": r.event, "retired": r.retired}


def submission_row(s: f.Submission) -> Values:
    material = {key: text if text == means else [text, means] for key, (text, means) in s.material.items()}
    documents = [
        {
            "document": d.document,
            "number": d.number,
            "sha256": d.sha256,
            "blanks": d.blanks,
            "gaps": d.gaps,
            "clauses": dict(d.clauses),
        }
        for d in s.documents
    ]
    return {
        "step": s.step,
        "round": s.round,
        "basis": s.basis.value,
        "material": chain.canonical(material),
        "documents": chain.canonical(documents) if documents else "",
        "evidence": ",".join(s.evidence),
        "sha256": s.sha256,
        "by": s.by or None,
        "event": s.event,
        "on_day": s.on,
        "answered_by": ",".join(s.answered_by),
        "attached_by": ",".join(s.attached_by),
    }


def approval_row(a: f.Approval) -> Values:
    return {
        "step": a.step,
        "round": a.round,
        "slot": a.slot,
        "organisation": a.organisation,
        "state": a.state.value,
        "taken_by": a.taken_by or None,
        "by": a.by or None,
        "capacity": a.capacity,
        "decided_from": a.decided_on.earliest if a.decided_on else None,
        "decided_to": a.decided_on.latest if a.decided_on else None,
        "event": a.event,
        "note": a.note,
        "points": chain.canonical(list(a.points)) if a.points else "",
    }


def decision_row(d: f.Decision) -> Values:
    conditions = [
        {
            "key": c.key,
            "title": c.title,
            "owner": c.owner,
            "due_on": c.due_on.isoformat() if c.due_on else "",
            "holds": c.holds.value,
            "holds_key": c.holds_key,
        }
        for c in d.conditions
    ]
    return {
        "event": d.event,
        "step": d.step,
        "round": d.round,
        "slot": d.slot,
        "organisation": d.organisation,
        "body": d.body.value,
        "outcome": d.outcome.value,
        "decided_from": d.decided_on.earliest,
        "decided_to": d.decided_on.latest,
        "minute": d.minute,
        "recorded_by": d.recorded_by,
        "votes": d.votes,
        "next_on": d.next_on,
        "version": d.version,
        "delegations": d.delegations,
        "reason": d.reason,
        "conditions": chain.canonical(conditions) if conditions else "",
        "checked_by": d.checked_by or None,
        "kept": d.kept,
    }


def filing_row(x: f.Filing) -> Values:
    return {
        "step": x.step,
        "attempt": x.attempt,
        "registrar": x.registrar.value,
        "sent_on": x.sent_on,
        "reference": x.reference,
        "fee": x.fee,
        "fee_rule": x.fee_rule,
        "by": x.by or None,
        "event": x.event,
        "answer": x.answer,
        "answered_on": x.answered_on,
        "reasons": x.reasons,
        "certificate": x.certificate,
    }


def task_row(x: f.Task) -> Values:
    return {
        "key": x.key,
        "title": x.title,
        "owner": x.owner,
        "due_on": x.due_on,
        "origin": x.origin.value,
        "laid_by": x.laid_by,
        "event": x.event,
        "holds": x.holds.value,
        "holds_key": x.holds_key,
        "step": x.step,
        "slot": x.slot,
        "organisation": x.organisation,
        "state": x.state.value,
        "evidence": x.evidence,
    }


def evidence_row(e: f.Evidence) -> Values:
    return {
        "key": e.key,
        "step": e.step,
        "evidence": e.evidence,
        "sha256": e.sha256,
        "name": e.name,
        "catalogue": e.catalogue,
        "comes_with": e.comes_with,
        "audience": e.audience.value,
        "by": e.by or None,
        "event": e.event,
        "taken_out": e.taken_out,
    }


def awaited_row(a: f.Awaited) -> Values:
    return {
        "key": a.key,
        "step": a.step,
        "what": a.what,
        "role": a.role,
        "side": a.side,
        "person": a.person or None,
        "slot": a.slot,
        "organisation": a.organisation,
        "since": a.since,
        "due_on": a.due_on,
        "legal_on": a.legal_on,
        "weighty": a.weighty,
        "taken_by": a.taken_by or None,
        "audience": "everyone",
    }
