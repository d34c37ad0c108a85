"""Rows into the core's own values, and back: one pair of functions per thing."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from mutualflow.domain import chain
from mutualflow.domain import formation as f
from mutualflow.domain.keys import Audience, Body, Milestone, Registrar, Role, Side
from mutualflow.domain.spans import Span
from mutualflow.domain.tri import Tri

Values = dict[str, Any]  # one row for an INSERT or UPDATE: shaped by its table, not by us
# a member found by its value: the loads make thousands, and a call of the enumeration costs five times as much
_STATUS = {s.value: s for s in f.Status}
_TRI = {v.value: v for v in Tri}
_SOURCE = {v.value: v for v in f.FactSource}
_SLOT = {s.value: s for s in f.SlotState}
_ROLE = {r.value: r for r in Role}
_SIDE = {s.value: s for s in Side}
_AUDIENCE = {a.value: a for a in Audience}
_BASIS = {b.value: b for b in f.Basis}
_MILESTONE = {m.value: m for m in Milestone}
_KIND = {k.value: k for k in f.DateKind}

STEP = (
    "key", "status", "done_at", "confirmed_at", "round", "revision", "assignee", "due_on", "waiting_since", "applies",
    "waits_for", "overtaken",
)  # fmt: skip
SUBMISSION = (
    "step", "round", "basis", "material", "documents", "evidence", "sha256", "by", "event", "on_day", "answered_by",
    "attached_by", "statements",
)  # fmt: skip
APPROVAL = (
    "step", "slot", "organisation", "round", "state", "taken_by", "by", "capacity", "decided_from", "decided_to",
    "event", "note", "points",
)  # fmt: skip
MEMBER = (
    "id", "person", "role", "side", "since", "organisation", "until", "invited_by", "confirmed_by", "scope",
)  # fmt: skip
EVIDENCE = (
    "key", "step", "evidence", "sha256", "name", "by", "event", "comes_with", "catalogue", "audience", "taken_out",
    "valid_until",
)  # fmt: skip
DATE = (
    "milestone", "kind", "earliest", "latest", "event", "by", "why", "pessimistic", "optimistic", "source", "said_on",
)  # fmt: skip
AWAITED = (
    "key", "step", "what", "since", "role", "side", "person", "slot", "organisation", "due_on", "legal_on", "weighty",
    "taken_by",
)  # fmt: skip
"""The columns that make each thing, in the order in which the function for it takes them."""


def step_of(r: Any) -> f.StepState:
    key, status, done, confirmed, round_, revision, assignee, due_on, since, applies, waits, overtaken = r
    return f.StepState(
        key,
        _STATUS[status],
        done,
        confirmed,
        round_,
        revision,
        assignee or "",
        due_on,
        since,
        _TRI[applies],
        tuple(waits.split(",")) if waits else (),
        bool(overtaken),
    )


def answers_of(found: Iterable[Any]) -> dict[tuple[str, str], f.Answer]:
    """All answers in force; there are more of them than of everything else."""
    return {
        (key, subject): f.Answer(key, subject, text, by or "", event, revision, meaning, _SOURCE[source], said_on)
        for key, subject, text, by, event, revision, meaning, source, said_on in found
    }


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
        _BASIS[r[2]],
        material,
        documents,
        _split(r[5]),
        r[6],
        r[7] or "",
        r[8],
        r[9],
        _split(r[10]),
        _split(r[11]),
        numbers_of(r[12]),
    )


def numbers_of(text: str) -> tuple[int, ...]:
    """Numbers of events from a column that lists them."""
    return tuple(int(number) for number in _split(text))


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _span(earliest: date | None, latest: date | None) -> Span:
    return Span(earliest, latest)


def approval_of(r: Any) -> f.Approval:
    step, slot, organisation, round_, state, taken_by, by, capacity, first, last, event, note, points = r
    return f.Approval(
        step,
        round_,
        slot,
        organisation,
        _SLOT[state],
        taken_by or "",
        by or "",
        capacity,
        Span(first, last) if by else None,
        event,
        note,
        tuple(json.loads(points)) if points else (),
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
    ident, person, role, side, since, organisation, until, invited_by, confirmed_by, scope = r
    return f.Membership(
        person,
        _ROLE[role],
        _SIDE[side] if side else Side.INDEPENDENT,
        since,
        organisation,
        until,
        invited_by or "",
        confirmed_by or "",
        scope,
        ident,
    )


def evidence_of(r: Any) -> f.Evidence:
    key, step, evidence, sha256, name, by, event, comes_with, catalogue, audience, taken_out, valid_until = r
    return f.Evidence(
        key=key,
        step=step,
        evidence=evidence,
        sha256=sha256,
        name=name,
        by=by or "",
        event=event,
        comes_with=comes_with,
        catalogue=catalogue,
        audience=_AUDIENCE[audience],
        taken_out=taken_out,
        valid_until=valid_until,
    )


def date_of(r: Any) -> f.MilestoneDate:
    milestone, kind, earliest, latest, event, by, *more = r
    return f.MilestoneDate(_MILESTONE[milestone], _KIND[kind], Span(earliest, latest), event, by or "", *more)


def awaited_of(r: Any) -> f.Awaited:
    key, step, what, since, role, side, person, slot, organisation, due_on, legal_on, weighty, taken_by = r
    return f.Awaited(
        key,
        step,
        what,
        since,
        role,
        side,
        person or "",
        slot,
        organisation,
        due_on,
        legal_on,
        bool(weighty),
        taken_by or "",
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
        "statements": ",".join(map(str, s.statements)),
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
        "valid_until": e.valid_until,
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
