"""Saving: exactly what an act changed, by compare-and-set on the formation's version, with its chained events."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Table, bindparam, insert, update

from mutualflow.domain import chain
from mutualflow.domain import formation as f
from mutualflow.domain.desk import FactRow, Moved
from mutualflow.domain.errors import Conflict
from mutualflow.storage import rows
from mutualflow.storage import tables as t
from mutualflow.storage.rows import Values

ID: BindParameter[int] = bindparam("formation")


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
                "law_told_to",
            )
        }
    )
)


def save(db: Connection, moved: Moved, *, rulebook: str) -> f.Formation:
    """Write exactly what an act changed; Conflict where somebody else's act came first.

    `rulebook`: the law by which the events were made. The formation keeps the one whose results have been told.
    """
    before, after = moved.before, moved.after
    if not moved.events:
        return before
    salts = [(row, secrets.token_hex(8)) for row in moved.facts]
    head, events, texts = _chained(moved, salts, rulebook)
    state, under = after.state, after.rulebook or rulebook
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
            "new_rulebook": under,
            "new_law_told_to": after.law_told_to,
        },
    )
    if done.rowcount != 1:
        raise Conflict("the formation has moved on")
    _insert(db, t.event_row, events)
    _insert(db, t.event_text, texts)
    _save_facts(db, moved, salts)
    _save_changes(db, moved)
    return replace(after, head=head, rulebook=under)


_QUIET = (
    update(t.formation)
    .where(t.formation.c.id == ID)
    .values(next_due_on=bindparam("due"), law_told_to=bindparam("told"), rulebook=bindparam("under"))
)


def save_quietly(db: Connection, before: f.Formation, after: f.Formation, now: datetime) -> None:
    """Write computed things that are no part of the history: who is awaited, forecasts, the next due day."""
    said = {"due": after.next_due_on, "told": after.law_told_to, "under": after.rulebook}
    db.execute(_QUIET, {"formation": before.id, **said})
    _store(db, t.awaited, before, before.awaited, after.awaited, rows.awaited_row, ("key",))
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
    _store(db, t.step, before, before.steps, after.steps, rows.step_row, ("key",))
    _store(db, t.answer, before, before.answers, after.answers, rows.answer_row, ("key", "subject"))
    _store(db, t.record_row, before, before.rows, after.rows, rows.row_row, ("list", "key"))
    _store(db, t.submission, before, before.submissions, after.submissions, rows.submission_row, ("step", "round"))
    _store(
        db,
        t.approval,
        before,
        before.approvals,
        after.approvals,
        rows.approval_row,
        ("step", "round", "slot", "organisation"),
    )
    _store(db, t.decision, before, before.decisions, after.decisions, rows.decision_row, ("event",))
    _store(db, t.filing, before, before.filings, after.filings, rows.filing_row, ("step", "attempt"))
    _store(db, t.task, before, before.tasks, after.tasks, rows.task_row, ("key",))
    _store(db, t.evidence_use, before, before.evidence, after.evidence, rows.evidence_row, ("key",))
    _store(db, t.awaited, before, before.awaited, after.awaited, rows.awaited_row, ("key",))
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
                "said_on": d.said_on,
                "why": d.why,
                "source": d.source,
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
