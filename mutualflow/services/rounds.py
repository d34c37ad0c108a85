"""Rounds of a step, and what changed from one to another: facts, files, and the clauses of documents."""

import json
from dataclasses import dataclass
from datetime import date

from mutualflow.domain.desk import words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Approval, Basis, DocumentRef, Submission
from mutualflow.domain.ground import SLOTS, material
from mutualflow.domain.pathway import With, say
from mutualflow.services.looking import Look
from mutualflow.services.step_page import label
from mutualflow.storage import notes, shelf
from mutualflow.storage import rounds as rows

NOW = 0
"""The number that stands for the facts as they are today."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """How one slot answered a round."""

    slot: str
    organisation: str
    state: str
    by: str
    capacity: str
    decided_on: str
    note: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """Somebody's own words on the step's record: who made the statement, and on which day."""

    by: str
    on: str
    text: str
    event: int


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round: what it rested on and how it was answered. `since_then`: statements made before the next round."""

    round: int
    basis: str
    by: str
    on: date
    sha256: str
    documents: tuple[str, ...]
    answers: tuple[AnswerLine, ...]
    statements: tuple[StatementLine, ...]
    since_then: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A list as it was put forward: what its columns are called, and each row's cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FactSaid:
    """One answer or list as it was put forward, in words; a list's rows also as a `grid`."""

    key: str
    label: str
    said: str
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class FactChange:
    """One material fact that is not the same; `same_meaning`: only the words were corrected."""

    key: str
    label: str
    was: str
    now: str
    same_meaning: bool
    was_grid: Grid | None = None  # of a list: only the rows that are not the same
    now_grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause of a document: changed, added or removed."""

    document: str
    clause: str
    change: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not the same in two rounds of a step; round 0 = as it stands today."""

    step: str
    title: str
    earlier: int
    later: int
    facts: tuple[FactChange, ...]
    files_added: tuple[str, ...]
    files_removed: tuple[str, ...]
    clauses: tuple[ClauseChange, ...]
    statements_added: tuple[StatementLine, ...]
    statements_missing: tuple[StatementLine, ...]  # of a later round that rests on an earlier day

    @property
    def nothing(self) -> bool:
        """Is everything that she may see the same?"""
        heard = self.statements_added or self.statements_missing
        return not (self.facts or self.files_added or self.files_removed or self.clauses or heard)


def of(look: Look, step: str) -> tuple[RoundLine, ...]:
    """Every round of a step, oldest first; four queries."""
    _known(look, step)
    answers = rows.approvals(look.db, look.formation.id, step)
    numbers = _visible_numbers(look, step)
    made = _statements(look, step)
    found = tuple(rows.submissions(look.db, look.formation.id, step).values())
    ends = (*(one.event for one in found), look.formation.events + 1)[1:]
    return tuple(
        RoundLine(
            round=one.round,
            basis=one.basis.value,
            by=look.name(one.by),
            on=one.on,
            sha256=one.sha256,
            documents=tuple(d.number for d in one.documents if d.number in numbers),
            answers=tuple(_answer(look, a) for a in answers if a.round == one.round),
            statements=tuple(s for s in made if s.event in one.statements),
            since_then=tuple(s for s in made if s.event not in one.statements and s.event < end),
        )
        for one, end in zip(found, ends, strict=True)
    )


def facts(look: Look, step: str, number: int) -> tuple[FactSaid, ...]:
    """What was put forward in a round, as far as she may see it. UNKNOWN_KEY where there is no such round."""
    _known(look, step)
    one = _round(look, step, rows.submissions(look.db, look.formation.id, step), number)
    return tuple(
        FactSaid(key, label(look, key), _said(look, key, value), _grid(look, key, value))
        for key, value in one.material.items()
        if look.sees_key(key)
    )


def difference(look: Look, step: str, earlier: int = 0, later: int = NOW) -> Difference:
    """What changed from one round to another; without numbers the last two, or the last and today.

    UNKNOWN_KEY where there is no such round. Three queries.
    """
    _known(look, step)
    found = rows.submissions(look.db, look.formation.id, step)
    numbers = _visible_numbers(look, step)
    if not earlier:
        earlier, later = _usual(look, step, found)
    was = _round(look, step, found, earlier)
    made = _statements(look, step)
    now = _today(look, step, was, made) if later == NOW else _round(look, step, found, later)
    clauses = () if later == NOW else _clauses(was, now, numbers)
    return Difference(
        step=step,
        title=look.title(step),
        earlier=earlier,
        later=later,
        facts=tuple(_facts(look, was, now)),
        files_added=_names(look, set(now.evidence) - set(was.evidence)),
        files_removed=_names(look, set(was.evidence) - set(now.evidence)),
        clauses=clauses,
        statements_added=_only(made, now, was),
        statements_missing=_only(made, was, now),
    )


def _usual(look: Look, step: str, found: dict[int, Submission]) -> tuple[int, int]:
    """In an approver's hands: the last two rounds; while it is being mended: the last round and today."""
    last = max(found, default=0)
    if look.formation.steps[step].status.value == "submitted" and last > 1:
        return last - 1, last
    return last, NOW


def _known(look: Look, step: str) -> None:
    if step not in look.pathway.steps:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no step “{step}” on this pathway.")


def _round(look: Look, step: str, found: dict[int, Submission], number: int) -> Submission:
    if number not in found:
        have = ", ".join(str(n) for n in found) or "none"
        raise Refused(Refusal.UNKNOWN_KEY, f"“{look.title(step)}” has no round {number}; it has {have}.")
    return found[number]


def _statements(look: Look, step: str) -> tuple[StatementLine, ...]:
    """Every statement on a step, oldest first; everybody may read them."""
    made = notes.statements(look.db, look.formation.id)
    return tuple(StatementLine(look.name(s.by), s.on, s.text, s.event) for s in made if s.step == step)


def _only(made: tuple[StatementLine, ...], here: Submission, there: Submission) -> tuple[StatementLine, ...]:
    return tuple(s for s in made if s.event in here.statements and s.event not in there.statements)


def _today(look: Look, step: str, was: Submission, made: tuple[StatementLine, ...]) -> Submission:
    """What would go forward now, with the documents left as they were: their words are made when it is put forward."""
    files = sorted(
        e.sha256
        for e in look.formation.evidence.values()
        if e.step == step and not e.taken_out and (e.comes_with == With.SUBMIT or e.sha256 in was.evidence)
    )
    return Submission(
        step=step,
        round=NOW,
        basis=Basis.PUT_FORWARD,
        material=material(look.reading, look.pathway.steps[step], look.formation),
        documents=was.documents,
        evidence=tuple(files),
        sha256="",
        by="",
        event=0,
        on=look.today,
        statements=tuple(s.event for s in made),
    )


def _facts(look: Look, was: Submission, now: Submission) -> list[FactChange]:
    found = []
    for key in dict.fromkeys((*was.material, *now.material)):
        before, after = was.material.get(key), now.material.get(key)
        if before == after or not look.sees_key(key):
            continue
        was_grid, now_grid = _grid(look, key, before), _grid(look, key, after)
        found.append(
            FactChange(
                key=key,
                label=label(look, key),
                was=_said(look, key, before),
                now=_said(look, key, after),
                same_meaning=before is not None and after is not None and before[1] == after[1],
                was_grid=_without(was_grid, now_grid),
                now_grid=_without(now_grid, was_grid),
            )
        )
    return found


def _said(look: Look, key: str, value: tuple[str, str] | None) -> str:
    if value is None:
        return ""
    if key == SLOTS:
        return value[0].replace(",", ", ").replace("_", " ")
    if key in look.pathway.lists:
        return _rows(look, key, value[0])
    question = look.pathway.questions.get(key)
    return look.said(question, value[0]) if question else value[0]


def _rows(look: Look, key: str, text: str) -> str:
    """A list's rows, one a line, without columns that she may not see."""
    columns = look.pathway.lists[key].columns
    lines = []
    for subject, cells in json.loads(text).items():
        shown = [
            f"{column.replace('_', ' ')}: {look.said(columns[column], said)}"
            for column, said in cells.items()
            if column in columns and look.sees(columns[column].audience)
        ]
        lines.append(f"{subject.partition('/')[2]} ({'; '.join(shown)})")
    return "\n".join(lines)


def _grid(look: Look, key: str, value: tuple[str, str] | None) -> Grid | None:
    """A list's rows without columns that she may not see; None for what is no list."""
    records = look.pathway.lists.get(key)
    if records is None or value is None:
        return None
    columns = {name: column for name, column in records.columns.items() if look.sees(column.audience)}
    rows = (
        tuple(look.said(column, cells.get(name)) for name, column in columns.items())
        for cells in json.loads(value[0]).values()
    )
    return Grid(tuple(say(column.label) for column in columns.values()), tuple(rows))


def _without(grid: Grid | None, other: Grid | None) -> Grid | None:
    """The rows of one that the other has not."""
    if grid is None or other is None:
        return grid
    return Grid(grid.columns, tuple(row for row in grid.rows if row not in other.rows))


def _names(look: Look, hashes: set[str]) -> tuple[str, ...]:
    """Files by name; one whose every use is kept from her is left out."""
    return tuple(sorted({e.name for e in look.files() if e.sha256 in hashes}))


def _visible_numbers(look: Look, step: str) -> frozenset[str]:
    kept = shelf.of(look.db, look.formation.id)
    return frozenset(d.number for d in kept if d.step == step and look.sees(d.audience))


def _clauses(was: Submission, now: Submission, numbers: frozenset[str]) -> tuple[ClauseChange, ...]:
    """Clauses by their hashes; a document of which she may not see both versions is left out."""
    before = {d.document: d for d in was.documents if d.number in numbers}
    after = {d.document: d for d in now.documents if d.number in numbers}
    return tuple(change for key in {**before, **after} for change in _compared(key, before.get(key), after.get(key)))


def _compared(key: str, before: DocumentRef | None, after: DocumentRef | None) -> list[ClauseChange]:
    was = before.clauses if before else {}
    now = after.clauses if after else {}
    found = []
    for clause in {**was, **now}:
        if was.get(clause) == now.get(clause):
            continue
        change = "changed" if clause in was and clause in now else "added" if clause in now else "removed"
        found.append(ClauseChange(key, clause, change))
    return found


def _answer(look: Look, approval: Approval) -> AnswerLine:
    return AnswerLine(
        words(approval.slot),
        look.organisation(approval.organisation),
        approval.state.value,
        look.name(approval.by),
        approval.capacity,
        str(approval.decided_on) if approval.decided_on else "",
        approval.note,
        approval.points,
    )
