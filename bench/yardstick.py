"""The yardstick: the rows that an answer reads and writes, read and written by bare SQLAlchemy Core.

Nothing is checked, nothing is computed, no row becomes a value: prebuilt statements on the same engine (so with the
same `synchronous` setting), and an audit row that is chained by a hash as ours are. What a move costs above this is
what the product adds.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, and_, bindparam, event, func, insert, select, update

from mutualflow.storage import tables as t
from mutualflow.storage.database import writing

AT = bindparam("formation", type_=t.formation.c.id.type)


def _all_of(table: Table) -> Select[Any]:
    return select(table).where(table.c.formation_id == AT)


def _of_round(table: Table) -> Select[Any]:
    """Rows of the latest round of each step."""
    latest = and_(
        t.step.c.formation_id == table.c.formation_id, t.step.c.key == table.c.step, t.step.c.round == table.c.round
    )
    return _all_of(table).join(t.step, latest)


_FACT = and_(
    t.fact.c.formation_id == t.answer.c.formation_id,
    t.fact.c.event == t.answer.c.fact_event,
    t.fact.c.key == t.answer.c.key,
    t.fact.c.subject == t.answer.c.subject,
)
_NEWEST = (
    select(func.max(t.milestone_date.c.id))
    .where(t.milestone_date.c.formation_id == AT)
    .group_by(t.milestone_date.c.milestone, t.milestone_date.c.kind)
)
FIRST = select(t.formation).where(t.formation.c.key == bindparam("at_key")).with_for_update()
READS: tuple[Select[Any], ...] = (
    _all_of(t.step),
    select(
        t.answer.c.key, t.answer.c.subject, t.fact.c.value, t.fact.c.by, t.fact.c.event, t.answer.c.revision,
        t.answer.c.meaning, t.fact.c.source, t.fact.c.said_on,
    ).join(t.fact, _FACT).where(t.answer.c.formation_id == AT),
    _all_of(t.record_row),
    _of_round(t.submission),
    _of_round(t.approval),
    _of_round(t.decision),
    _all_of(t.filing),
    _all_of(t.task),
    _all_of(t.membership),
    _all_of(t.absence),
    _all_of(t.evidence_use),
    select(t.milestone_date).where(t.milestone_date.c.id.in_(_NEWEST)),
    select(t.organisation, t.party.c.part)
    .join(t.party, t.party.c.organisation_id == t.organisation.c.id)
    .where(t.party.c.formation_id == AT),
    _all_of(t.awaited),
    select(t.document.c.number, t.document.c.pdf_sha256).where(t.document.c.formation_id == AT),
    _all_of(t.clock),
)  # fmt: skip
_MARK = (
    update(t.formation)
    .where(t.formation.c.id == bindparam("at_id"), t.formation.c.version == bindparam("at_version"))
    .values(
        version=bindparam("to_version"), head=bindparam("to_head"), events=bindparam("to_events"),
        next_due_on=bindparam("to_day"),
    )
)  # fmt: skip
_EVENT = insert(t.event_row)
_FACT_ROW = insert(t.fact)
_ANSWER = (
    update(t.answer)
    .where(
        t.answer.c.formation_id == bindparam("at_id"),
        t.answer.c.key == bindparam("at_key"),
        t.answer.c.subject == "",
    )
    .values(fact_event=bindparam("to_event"), revision=bindparam("to_revision"))
)


@dataclass
class Yardstick:
    """An answer's rows in a formation; every call of `answer` is one transaction of its own."""

    engine: Engine
    formation: str
    fact: str
    by: str
    now: datetime

    def answer(self, words: str) -> None:
        """Read what an answer reads, write what it writes, commit."""
        with writing(self.engine) as db:
            first = db.execute(FIRST, {"at_key": self.formation}).one()
            at = {"formation": first.id}
            for statement in READS:
                db.execute(statement, at).all()
            self._write(db, first, words)

    def _write(self, db: Connection, first: Any, words: str) -> None:
        number, salt = first.events + 1, secrets.token_hex(8)
        own = {"formation_id": first.id}
        hidden = hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()
        said = {
            "n": number, "kind": "answer", "by": self.by, "on": self.now.date().isoformat(), "at": self.now.isoformat(),
            "via": "bench", "refs": {"fact": self.fact}, "facts": [[self.fact, "", hidden]], "before": first.head,
        }  # fmt: skip
        body = json.dumps(said, sort_keys=True, separators=(",", ":"))
        head = hashlib.sha256(body.encode()).hexdigest()
        done = db.execute(
            _MARK,
            {
                "at_id": first.id, "at_version": first.version, "to_version": first.version + 1, "to_head": head,
                "to_events": number, "to_day": self.now.date(),
            },
        )  # fmt: skip
        assert done.rowcount == 1
        db.execute(
            _EVENT,
            [
                {
                    **own, "number": number, "kind": "answer", "by": self.by, "happened_on": said["on"],
                    "recorded_at": self.now, "via": "bench", "body": body, "hash": head, "audience": "everyone",
                }
            ],
        )  # fmt: skip
        db.execute(
            _FACT_ROW,
            [
                {
                    **own, "key": self.fact, "subject": "", "value": words, "salt": salt, "unit": "", "source": "said",
                    "by": self.by, "said_on": said["on"], "recorded_at": self.now, "event": number,
                }
            ],
        )  # fmt: skip
        db.execute(_ANSWER, {"at_id": first.id, "at_key": self.fact, "to_event": number, "to_revision": number})


@contextmanager
def watched(engine: Engine) -> Iterator["Rows"]:
    """Count statements, and rows written, while the block lasts."""
    rows = Rows()

    def note(_c: Any, _cursor: Any, _statement: str, _p: Any, context: Any, _many: bool) -> None:
        compiled = context.compiled
        if compiled is None:
            return  # BEGIN and COMMIT
        rows.statements += 1
        if not compiled.statement.is_select:
            place = (type(compiled.statement).__name__.lower(), compiled.statement.table.name)
            rows.written[place] = rows.written.get(place, 0) + len(context.compiled_parameters)

    event.listen(engine, "after_cursor_execute", note)
    try:
        yield rows
    finally:
        event.remove(engine, "after_cursor_execute", note)


@dataclass
class Rows:
    """What transactions did: statements, and (verb, table) -> rows written."""

    statements: int = 0
    written: dict[tuple[str, str], int] = field(default_factory=dict)
