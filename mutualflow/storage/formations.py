"""Formations: loaded as the core's own values, saved as exactly what changed."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Table, and_, bindparam, func, insert, select, update

from mutualflow.domain import chain
from mutualflow.domain import formation as f
from mutualflow.domain.desk import FactRow, Moved
from mutualflow.domain.errors import Conflict
from mutualflow.domain.keys import Audience, Body, Milestone, OrganisationKind, Outcome, Part, Registrar, Role, Side
from mutualflow.domain.spans import Span
from mutualflow.domain.tri import Tri
from mutualflow.storage import tables as t

Values = dict[str, Any]  # one row for an INSERT or UPDATE: shaped by its table, not by us
ID: BindParameter[int] = bindparam("formation")


def _of(table: Table, *columns: str) -> Any:
    return select(*(table.c[name] for name in columns)).where(table.c.formation_id == ID)


_STEPS = _of(
    t.step,
    "key",
    "status",
    "done_at",
    "confirmed_at",
    "round",
    "revision",
    "assignee",
    "due_on",
    "waiting_since",
    "applies",
    "waits_for",
    "overtaken",
)
_ANSWERS = (
    select(
        t.answer.c.key,
        t.answer.c.subject,
        t.fact.c.value,
        t.fact.c.by,
        t.fact.c.event,
        t.answer.c.revision,
        t.answer.c.meaning,
        t.fact.c.source,
        t.fact.c.said_on,
    )
    .join(
        t.fact,
        and_(
            t.fact.c.formation_id == t.answer.c.formation_id,
            t.fact.c.event == t.answer.c.fact_event,
            t.fact.c.key == t.answer.c.key,
            t.fact.c.subject == t.answer.c.subject,
        ),
    )
    .where(t.answer.c.formation_id == ID)
)
_ROWS = _of(t.record_row, "list", "key", "event", "retired")
_LATEST = and_(t.step.c.formation_id == ID, t.step.c.round > 0)
_SUBMISSIONS = (
    select(
        t.submission.c.step,
        t.submission.c.round,
        t.submission.c.basis,
        t.submission.c.material,
        t.submission.c.documents,
        t.submission.c.evidence,
        t.submission.c.sha256,
        t.submission.c.by,
        t.submission.c.event,
        t.submission.c.on_day,
        t.submission.c.answered_by,
        t.submission.c.attached_by,
    )
    .join(
        t.step,
        and_(
            t.step.c.formation_id == t.submission.c.formation_id,
            t.step.c.key == t.submission.c.step,
            t.step.c.round == t.submission.c.round,
        ),
    )
    .where(_LATEST)
)
_APPROVALS = (
    select(t.approval)
    .join(
        t.step,
        and_(
            t.step.c.formation_id == t.approval.c.formation_id,
            t.step.c.key == t.approval.c.step,
            t.step.c.round == t.approval.c.round,
        ),
    )
    .where(_LATEST)
)
_DECISIONS = (
    select(t.decision)
    .join(
        t.step,
        and_(
            t.step.c.formation_id == t.decision.c.formation_id,
            t.step.c.key == t.decision.c.step,
            t.step.c.round == t.decision.c.round,
        ),
    )
    .where(_LATEST)
    .order_by(t.decision.c.event)
)
_FILINGS = select(t.filing).where(t.filing.c.formation_id == ID).order_by(t.filing.c.attempt)
_TASKS = select(t.task).where(t.task.c.formation_id == ID)
_MEMBERS = (
    select(t.membership)
    .outerjoin(t.formation, t.formation.c.id == ID)
    .where(
        (t.membership.c.formation_id == ID)
        | ((t.membership.c.scope == "programme") & (t.membership.c.programme_id == t.formation.c.programme_id))
        | (t.membership.c.scope == "installation")
    )
    .order_by(t.membership.c.id)
)
_ABSENCES = select(t.absence).where(t.absence.c.formation_id == ID).order_by(t.absence.c.id)
_EVIDENCE = select(t.evidence_use).where(t.evidence_use.c.formation_id == ID)
_NEWEST = (
    select(func.max(t.milestone_date.c.id))
    .where(t.milestone_date.c.formation_id == ID)
    .group_by(t.milestone_date.c.milestone, t.milestone_date.c.kind)
)
_DATES = select(t.milestone_date).where(t.milestone_date.c.id.in_(_NEWEST))
_ORGANISATIONS = (
    select(t.organisation.c.key, t.organisation.c.name, t.organisation.c.kind, t.party.c.part)
    .join(t.party, t.party.c.organisation_id == t.organisation.c.id)
    .where(t.party.c.formation_id == ID)
    .order_by(t.organisation.c.key)
)
_AWAITED = select(t.awaited).where(t.awaited.c.formation_id == ID)
_DOCUMENTS = (
    select(t.document.c.number, t.document.c.pdf_sha256)
    .where(t.document.c.formation_id == ID)
    .where(t.document.c.state == "kept")
)
_FORMATION = select(t.formation).where(t.formation.c.key == bindparam("key"))
_FORMATION_LOCKED = _FORMATION.with_for_update()


def load(db: Connection, key: str, *, to_write: bool = False) -> f.Formation | None:
    """One formation as a move needs it, or None. `to_write` takes its row first, so that writers queue."""
    row = db.execute(_FORMATION_LOCKED if to_write else _FORMATION, {"key": key}).one_or_none()
    return None if row is None else _loaded(db, row)


def _loaded(db: Connection, row: Row[Any]) -> f.Formation:
    at = {"formation": row.id}

    def rows(statement: Any) -> Iterable[Any]:
        return db.execute(statement, at)

    printed = {number for number, pdf in rows(_DOCUMENTS) if pdf is not None}
    return f.Formation(
        id=row.id,
        key=row.key,
        name=row.name,
        kind=f.Kind(row.kind),
        release=row.release,
        version=row.version,
        head=row.head,
        events=row.events,
        state=f.LifeState(
            f.Life(row.life),
            row.life_since,
            row.life_reason,
            row.review_on,
            Outcome(row.outcome) if row.outcome else None,
            row.life_where,
        ),
        steps={r[0]: _step(r) for r in rows(_STEPS)},
        answers={(r[0], r[1]): _answer(r) for r in rows(_ANSWERS)},
        rows={(r[0], r[1]): f.Row(r[0], r[1], r[2], r[3]) for r in rows(_ROWS)},
        submissions={r[0]: _submission(r, printed) for r in rows(_SUBMISSIONS)},
        approvals={(r.step, r.slot, r.organisation): _approval(r) for r in rows(_APPROVALS)},
        decisions={(r.step, r.slot, r.organisation): _decision(r) for r in rows(_DECISIONS)},
        filings={r.step: _filing(r) for r in rows(_FILINGS)},
        tasks={r.key: _task(r) for r in rows(_TASKS)},
        members=tuple(_member(r) for r in rows(_MEMBERS)),
        absences=tuple(f.Absence(r.person, r.since, r.until, r.stand_in or "", r.id) for r in rows(_ABSENCES)),
        evidence={r.key: _evidence(r) for r in rows(_EVIDENCE)},
        dates={(d.milestone, d.kind): d for d in map(_date, rows(_DATES))},
        organisations={
            r[0]: f.Organisation(r[0], r[1], OrganisationKind(r[2]), Part(r[3])) for r in rows(_ORGANISATIONS)
        },
        awaited={r.key: _awaited(r) for r in rows(_AWAITED)},
        next_due_on=row.next_due_on,
    )


_STATUS = {s.value: s for s in f.Status}
_TRI = {v.value: v for v in Tri}


def _step(r: Any) -> f.StepState:
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


def _answer(r: Any) -> f.Answer:
    return f.Answer(r[0], r[1], r[2], r[3] or "", r[4], r[5], r[6], f.FactSource(r[7]), r[8])


def _submission(r: Any, printed: set[str]) -> f.Submission:
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


def _approval(r: Any) -> f.Approval:
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


def _decision(r: Any) -> f.Decision:
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


def _filing(r: Any) -> f.Filing:
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


def _task(r: Any) -> f.Task:
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


def _member(r: Any) -> f.Membership:
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


def _evidence(r: Any) -> f.Evidence:
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


def _date(r: Any) -> f.MilestoneDate:
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


def _awaited(r: Any) -> f.Awaited:
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


# saving


_CAS = (
    update(t.formation)
    .where(t.formation.c.id == bindparam("formation"), t.formation.c.version == bindparam("was"))
    .values(
        {
            c: bindparam(f"new_{c}")
            for c in (
                "name",
                "version",
                "head",
                "events",
                "life",
                "life_since",
                "life_reason",
                "life_where",
                "review_on",
                "outcome",
                "next_due_on",
                "rulebook",
            )
        }
    )
)


def save(db: Connection, moved: Moved, *, rulebook: str) -> f.Formation:
    """Write exactly what an act changed; Conflict where somebody else's act came first."""
    before, after = moved.before, moved.after
    if not moved.events:
        return before
    salts = [(row, secrets.token_hex(8)) for row in moved.facts]
    head, events, texts = _chained(moved, salts, rulebook)
    state = after.state
    done = db.execute(
        _CAS,
        {
            "formation": before.id,
            "was": before.version,
            "new_name": after.name,
            "new_version": after.version,
            "new_head": head,
            "new_events": after.events,
            "new_life": state.life.value,
            "new_life_since": state.since,
            "new_life_reason": state.reason,
            "new_life_where": state.where,
            "new_review_on": state.review_on,
            "new_outcome": state.outcome.value if state.outcome else "",
            "new_next_due_on": after.next_due_on,
            "new_rulebook": rulebook,
        },
    )
    if done.rowcount != 1:
        raise Conflict("the formation has moved on")
    _insert(db, t.event_row, events)
    _insert(db, t.event_text, texts)
    _save_facts(db, moved, salts)
    _save_changes(db, moved)
    return after


_QUIET = update(t.formation).where(t.formation.c.id == ID).values(next_due_on=bindparam("due"))


def save_quietly(db: Connection, before: f.Formation, after: f.Formation, now: datetime) -> None:
    """Write computed things that are no part of the history: who is awaited, forecasts, the next due day."""
    db.execute(_QUIET, {"formation": before.id, "due": after.next_due_on})
    _store(db, t.awaited, before, before.awaited, after.awaited, _awaited_row, ("key",))
    _forget_awaited(db, before, after)
    _save_dates(db, before, after, now)


def _chained(moved: Moved, salts: list[tuple[FactRow, str]], rulebook: str) -> tuple[str, list[Values], list[Values]]:
    head, events, texts = moved.before.head, [], []
    facts_of: dict[int, list[tuple[str, str, str]]] = {}
    for row, salt in salts:
        facts_of.setdefault(row.event, []).append((row.key, row.subject, chain.salted(salt, row.text)))
    at = {"formation_id": moved.before.id}
    for one in moved.events:
        text_hash = ""
        if one.text:
            salt = secrets.token_hex(8)
            text_hash = chain.salted(salt, one.text)
            texts.append({**at, "number": one.number, "text": one.text, "salt": salt, "erased_at": None})
        body = chain.body(
            chain=moved.before.key,
            number=one.number,
            kind=one.kind,
            by=one.by,
            happened_on=one.happened_on,
            recorded_at=one.recorded_at,
            via=one.via,
            release=moved.before.release,
            rulebook=rulebook,
            refs=one.refs,
            facts=facts_of.get(one.number, ()),
            text=text_hash,
            before=head,
        )
        head = chain.link(body)
        events.append(
            {
                **at,
                "number": one.number,
                "kind": one.kind,
                "by": one.by or None,
                "happened_on": one.happened_on,
                "recorded_at": one.recorded_at,
                "via": one.via,
                "body": body,
                "hash": head,
                "audience": one.audience.value,
            }
        )
    return head, events, texts


def _save_facts(db: Connection, moved: Moved, salts: list[tuple[FactRow, str]]) -> None:
    at = {"formation_id": moved.before.id}
    moment = moved.events[-1].recorded_at
    _insert(
        db,
        t.fact,
        [
            {
                **at,
                "key": row.key,
                "subject": row.subject,
                "value": row.text,
                "salt": salt,
                "unit": "",
                "source": row.source,
                "by": row.by or None,
                "said_on": row.said_on,
                "recorded_at": moment,
                "event": row.event,
            }
            for row, salt in salts
        ],
    )
    for note in moved.notes:
        _insert(
            db,
            t.note,
            [
                {
                    **at,
                    "key": note.key,
                    "step": note.step,
                    "kind": note.kind,
                    "by": note.by,
                    "text": note.text,
                    "audience": note.audience.value,
                    "event": note.event,
                    "asked_of": note.asked_of or None,
                    "answers": note.answers,
                }
            ],
        )


def _save_changes(db: Connection, moved: Moved) -> None:
    before, after = moved.before, moved.after
    _store(db, t.step, before, before.steps, after.steps, _step_row, ("key",))
    _store(db, t.answer, before, before.answers, after.answers, _answer_row, ("key", "subject"))
    _store(db, t.record_row, before, before.rows, after.rows, _row_row, ("list", "key"))
    _store(db, t.submission, before, before.submissions, after.submissions, _submission_row, ("step", "round"))
    _store(
        db,
        t.approval,
        before,
        before.approvals,
        after.approvals,
        _approval_row,
        ("step", "round", "slot", "organisation"),
    )
    _store(db, t.decision, before, before.decisions, after.decisions, _decision_row, ("event",))
    _store(db, t.filing, before, before.filings, after.filings, _filing_row, ("step", "attempt"))
    _store(db, t.task, before, before.tasks, after.tasks, _task_row, ("key",))
    _store(db, t.evidence_use, before, before.evidence, after.evidence, _evidence_row, ("key",))
    _store(db, t.awaited, before, before.awaited, after.awaited, _awaited_row, ("key",))
    _forget_awaited(db, before, after)
    _save_members(db, before, after)
    _save_dates(db, before, after, moved.events[-1].recorded_at)
    if before.state is not after.state:
        s = after.state
        _insert(
            db,
            t.formation_state,
            [
                {
                    "formation_id": before.id,
                    "life": s.life.value,
                    "since": s.since,
                    "reason": s.reason,
                    "place": s.where,
                    "review_on": s.review_on,
                    "outcome": s.outcome.value if s.outcome else "",
                    "event": after.events,
                }
            ],
        )


def _forget_awaited(db: Connection, before: f.Formation, after: f.Formation) -> None:
    gone = [key for key in before.awaited if key not in after.awaited]
    if gone:
        db.execute(_FORGET, [{"formation": before.id, "at_key": key} for key in gone])


def _save_dates(db: Connection, before: f.Formation, after: f.Formation, moment: datetime) -> None:
    _insert(
        db,
        t.milestone_date,
        [
            {
                "formation_id": before.id,
                "milestone": d.milestone.value,
                "kind": d.kind.value,
                "earliest": d.span.earliest,
                "latest": d.span.latest,
                "optimistic": d.optimistic,
                "pessimistic": d.pessimistic,
                "by": d.by or None,
                "said_on": "",
                "why": d.why,
                "source": "",
                "event": d.event,
                "recorded_at": moment,
            }
            for at, d in after.dates.items()
            if before.dates.get(at) is not d
        ],
    )


_FORGET = t.awaited.delete().where(t.awaited.c.formation_id == ID, t.awaited.c.key == bindparam("at_key"))


def _save_members(db: Connection, before: f.Formation, after: f.Formation) -> None:
    if before.members is not after.members:
        old = {m.id: m for m in before.members}
        for member in after.members:
            row = {
                "scope": member.scope,
                "formation_id": before.id,
                "person": member.person,
                "role": member.role.value,
                "side": member.side.value,
                "organisation": member.organisation,
                "since": member.since,
                "until": member.until,
                "invited_by": member.invited_by or None,
                "confirmed_by": member.confirmed_by or None,
            }
            if not member.id:
                _insert(db, t.membership, [row])
            elif old.get(member.id) is not member:
                db.execute(
                    update(t.membership).where(t.membership.c.id == member.id),
                    {"until": member.until, "confirmed_by": member.confirmed_by or None},
                )
    if before.absences is not after.absences:
        _insert(
            db,
            t.absence,
            [
                {
                    "formation_id": before.id,
                    "person": a.person,
                    "since": a.since,
                    "until": a.until,
                    "stand_in": a.stand_in or None,
                }
                for a in after.absences
                if not a.id
            ],
        )


def _insert(db: Connection, table: Table, rows: list[Values]) -> None:
    if rows:
        db.execute(insert(table), rows)


_updates: dict[str, Any] = {}


def _store(
    db: Connection,
    table: Table,
    owner: f.Formation,
    before: Mapping[Any, Any],
    after: Mapping[Any, Any],
    as_row: Any,
    names: tuple[str, ...],
) -> None:
    """INSERT what is new, UPDATE what is another object than before; `names` are the key columns."""
    if before is after:
        return
    new, changed = [], []
    for key, value in after.items():
        old = before.get(key)
        if old is value:
            continue
        row = {"formation_id": owner.id, **as_row(value)}
        was = as_row(old) if old is not None else None
        if was is not None and all(was[n] == row[n] for n in names):
            if any(was[c] != row[c] for c in was):
                changed.append(row)
        else:
            new.append(row)
    _insert(db, table, new)
    if changed:
        statement = _updates.get(table.name)
        if statement is None:
            keys = ("formation_id", *names)
            statement = _updates[table.name] = (
                update(table)
                .where(*(table.c[k] == bindparam(f"at_{k}") for k in keys))
                .values(
                    {c.name: bindparam(f"to_{c.name}") for c in table.c if c.name in changed[0] and c.name not in keys}
                )
            )
        keys = ("formation_id", *names)
        db.execute(
            statement,
            [
                {**{f"at_{k}": row[k] for k in keys}, **{f"to_{c}": v for c, v in row.items() if c not in keys}}
                for row in changed
            ],
        )


def _step_row(s: f.StepState) -> Values:
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


def _answer_row(a: f.Answer) -> Values:
    return {"key": a.key, "subject": a.subject, "fact_event": a.event, "revision": a.revision, "meaning": a.meaning}


def _row_row(r: f.Row) -> Values:
    return {"list": r.list, "key": r.key, "event": r.event, "retired": r.retired}


def _submission_row(s: f.Submission) -> Values:
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


def _approval_row(a: f.Approval) -> Values:
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


def _decision_row(d: f.Decision) -> Values:
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


def _filing_row(x: f.Filing) -> Values:
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


def _task_row(x: f.Task) -> Values:
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


def _evidence_row(e: f.Evidence) -> Values:
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


def _awaited_row(a: f.Awaited) -> Values:
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


_RELEASE_OF = select(t.formation.c.release).where(t.formation.c.key == bindparam("key"))
_TASK_TITLE = (
    select(t.task.c.title)
    .join(t.formation, t.formation.c.id == t.task.c.formation_id)
    .where(t.formation.c.key == bindparam("key"), t.task.c.key == bindparam("task"))
)


def release_of(db: Connection, key: str) -> str | None:
    """The release to which a formation is pinned."""
    return db.execute(_RELEASE_OF, {"key": key}).scalar_one_or_none()


def task_title(db: Connection, key: str, task: str) -> str | None:
    """What one task asks for."""
    return db.execute(_TASK_TITLE, {"key": key, "task": task}).scalar_one_or_none()


def heads(db: Connection) -> dict[str, str]:
    """Formation key -> head of its chain, for the daily row that an outside copy can be compared with."""
    return {key: head for key, head in db.execute(select(t.formation.c.key, t.formation.c.head))}
