"""Formations, loaded as the core's own values: bounded by steps and facts, never by age."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Table, and_, bindparam, func, select, union_all

from mutualflow.domain import formation as f
from mutualflow.domain.keys import OrganisationKind, Outcome, Part
from mutualflow.storage import rows
from mutualflow.storage import tables as t

ID: BindParameter[int] = bindparam("formation")


def _of(table: Table, *columns: str) -> Any:
    return select(*(table.c[name] for name in columns)).where(table.c.formation_id == ID)


def _latest(table: Table, names: Sequence[str]) -> Any:
    """Rows of the latest round of each step."""
    at = and_(
        t.step.c.formation_id == table.c.formation_id, t.step.c.key == table.c.step, t.step.c.round == table.c.round
    )
    return _of(table, *names).join(t.step, at).where(t.step.c.round > 0)


_STEPS = _of(t.step, *rows.STEP)
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
_SUBMISSIONS = _latest(t.submission, rows.SUBMISSION)
_APPROVALS = _latest(t.approval, rows.APPROVAL)
_DECISIONS = _latest(t.decision, [c.name for c in t.decision.c]).order_by(t.decision.c.event)
_FILINGS = select(t.filing).where(t.filing.c.formation_id == ID).order_by(t.filing.c.attempt)
_TASKS = select(t.task).where(t.task.c.formation_id == ID)
_PROGRAMME = select(t.formation.c.programme_id).where(t.formation.c.id == ID).scalar_subquery()
_MEMBER = [t.membership.c[name] for name in rows.MEMBER]
_WIDER = select(*_MEMBER).where(t.membership.c.formation_id.is_(None))
# three ranges of indexes and no OR between them: a database answers that one by reading every member there is
_MEMBERS = union_all(
    select(*_MEMBER).where(t.membership.c.formation_id == ID),
    _WIDER.where(t.membership.c.scope == "programme", t.membership.c.programme_id == _PROGRAMME),
    _WIDER.where(t.membership.c.scope == "installation"),
).order_by("id")
_ABSENCES = select(t.absence).where(t.absence.c.formation_id == ID).order_by(t.absence.c.id)
_EVIDENCE = _of(t.evidence_use, *rows.EVIDENCE)
_NEWEST = (
    select(func.max(t.milestone_date.c.id))
    .where(t.milestone_date.c.formation_id == ID)
    .group_by(t.milestone_date.c.milestone, t.milestone_date.c.kind)
)
_DATES = select(*(t.milestone_date.c[name] for name in rows.DATE)).where(t.milestone_date.c.id.in_(_NEWEST))
_ORGANISATIONS = (
    select(t.organisation.c.key, t.organisation.c.name, t.organisation.c.kind, t.party.c.part)
    .join(t.party, t.party.c.organisation_id == t.organisation.c.id)
    .where(t.party.c.formation_id == ID)
    .order_by(t.organisation.c.key)
)
_AWAITED = _of(t.awaited, *rows.AWAITED)
_DOCUMENTS = _latest(t.document, ("number", "pdf_sha256"))
_FORMATION = select(t.formation).where(t.formation.c.key == bindparam("key"))
_FORMATION_LOCKED = _FORMATION.with_for_update()
_FORMATION_IF_FREE = _FORMATION.with_for_update(skip_locked=True)


def load(db: Connection, key: str, *, to_write: bool = False) -> f.Formation | None:
    """One formation as a move needs it, or None. `to_write` takes its row first, so that writers queue."""
    if not key.isprintable():
        return None  # no key holds a control mark, and PostgreSQL takes none
    row = db.execute(_FORMATION_LOCKED if to_write else _FORMATION, {"key": key}).one_or_none()
    return None if row is None else _loaded(db, row)


def load_if_free(db: Connection, key: str) -> f.Formation | None:
    """One formation with its row taken; None where another transaction holds the row, or there is none.

    SQLite has one writer, who has waited for her turn before: there nobody else holds anything.
    """
    row = db.execute(_FORMATION_IF_FREE, {"key": key}).one_or_none()
    return None if row is None else _loaded(db, row)


def _loaded(db: Connection, row: Row[Any]) -> f.Formation:
    at = {"formation": row.id}

    def each(statement: Any) -> Sequence[Any]:
        return db.execute(statement, at).all()

    printed = {number for number, pdf in each(_DOCUMENTS) if pdf is not None}
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
        steps={r[0]: rows.step_of(r) for r in each(_STEPS)},
        answers=rows.answers_of(each(_ANSWERS)),
        rows={(r[0], r[1]): f.Row(r[0], r[1], r[2], r[3]) for r in each(_ROWS)},
        submissions={r[0]: rows.submission_of(r, printed) for r in each(_SUBMISSIONS)},
        approvals={(r[0], r[1], r[2]): rows.approval_of(r) for r in each(_APPROVALS)},
        decisions={(r.step, r.slot, r.organisation): rows.decision_of(r) for r in each(_DECISIONS)},
        filings={r.step: rows.filing_of(r) for r in each(_FILINGS)},
        tasks={r.key: rows.task_of(r) for r in each(_TASKS)},
        members=tuple(rows.member_of(r) for r in each(_MEMBERS)),
        absences=tuple(f.Absence(r.person, r.since, r.until, r.stand_in or "", r.id) for r in each(_ABSENCES)),
        evidence={r[0]: rows.evidence_of(r) for r in each(_EVIDENCE)},
        dates={(d.milestone, d.kind): d for d in map(rows.date_of, each(_DATES))},
        organisations={
            r[0]: f.Organisation(r[0], r[1], OrganisationKind(r[2]), Part(r[3])) for r in each(_ORGANISATIONS)
        },
        awaited={r[0]: rows.awaited_of(r) for r in each(_AWAITED)},
        next_due_on=row.next_due_on,
        law_told_to=row.law_told_to,
        rulebook=row.rulebook or "",
    )


_RELEASE_OF = select(t.formation.c.release).where(t.formation.c.key == bindparam("key"))
_TASK_TITLE = (
    select(t.task.c.title)
    .join(t.formation, t.formation.c.id == t.task.c.formation_id)
    .where(t.formation.c.key == bindparam("key"), t.task.c.key == bindparam("task"))
)


def release_of(db: Connection, key: str) -> str | None:
    """The release to which a formation is pinned."""
    if not key.isprintable():
        return None
    return db.execute(_RELEASE_OF, {"key": key}).scalar_one_or_none()


def task_title(db: Connection, key: str, task: str) -> str | None:
    """What one task asks for."""
    return db.execute(_TASK_TITLE, {"key": key, "task": task}).scalar_one_or_none()


def heads(db: Connection) -> dict[str, str]:
    """Formation key -> head of its chain, for the daily row that an outside copy can be compared with."""
    return {row[0]: row[1] for row in db.execute(select(t.formation.c.key, t.formation.c.head))}
