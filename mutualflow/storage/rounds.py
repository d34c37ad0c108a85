"""Earlier rounds of a step: what was put forward then and how it was answered. A move never loads these."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from mutualflow.domain.formation import Approval, Submission
from mutualflow.storage import rows
from mutualflow.storage import tables as t


def _of(table: Table, names: Sequence[str]) -> Any:
    """Every round of one step."""
    at = (table.c.formation_id == bindparam("formation"), table.c.step == bindparam("step"))
    return select(*(table.c[name] for name in names)).where(*at)


_SUBMISSIONS = _of(t.submission, rows.SUBMISSION).order_by(t.submission.c.round)
_APPROVALS = _of(t.approval, rows.APPROVAL).order_by(t.approval.c.round, t.approval.c.slot, t.approval.c.organisation)


def submissions(db: Connection, formation: int, step: str) -> dict[int, Submission]:
    """Round -> what was put forward; of its documents nothing is said about printing."""
    found = db.execute(_SUBMISSIONS, {"formation": formation, "step": step})
    return {r.round: rows.submission_of(r, set()) for r in found}


def approvals(db: Connection, formation: int, step: str) -> list[Approval]:
    """The slots of every round."""
    return [rows.approval_of(r) for r in db.execute(_APPROVALS, {"formation": formation, "step": step})]
