"""Who is owed a word today: what has opened, what is due soon or overdue, which legal date comes near."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mutualflow.domain.awaited import people_for
from mutualflow.domain.desk import Moved
from mutualflow.domain.formation import Awaited, Formation, Life
from mutualflow.domain.pathway import Pathway

DUE_SOON = timedelta(days=7)
LEGAL_SOON = timedelta(days=14)
REFRESH = timedelta(days=7)
"""A formation that is under way is looked at once a week at least, for its forecast."""


class NoticeKind(StrEnum):
    """What a notice tells: one folder of messages each."""

    STEP_OPEN = "step_open"
    APPROVAL_WAITING = "approval_waiting"
    DECISION_TO_RECORD = "decision_to_record"
    DECISION_TO_CHECK = "decision_to_check"
    FILING_WAITING = "filing_waiting"
    TASK_GIVEN = "task_given"
    TASK_TO_ACCEPT = "task_to_accept"
    QUESTION_ASKED = "question_asked"
    STEP_OVERTAKEN = "step_overtaken"
    ANSWER_WANTED = "answer_wanted"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LEGAL_DATE_NEAR = "legal_date_near"
    LEGAL_DATE_MISSED = "legal_date_missed"
    LAW_CHANGED = "law_changed"
    WORDS_CORRECTED = "words_corrected"
    FORECAST_MOVED = "forecast_moved"
    REVIEW_DUE = "review_due"
    EVIDENCE_EXPIRED = "evidence_expired"


OPENED = {
    "submit": NoticeKind.STEP_OPEN,
    "approve": NoticeKind.APPROVAL_WAITING,
    "decide": NoticeKind.DECISION_TO_RECORD,
    "check": NoticeKind.DECISION_TO_CHECK,
    "file": NoticeKind.FILING_WAITING,
    "record_answer": NoticeKind.FILING_WAITING,
    "task": NoticeKind.TASK_GIVEN,
    "accept": NoticeKind.TASK_TO_ACCEPT,
    "answer": NoticeKind.QUESTION_ASKED,
    "confirm": NoticeKind.STEP_OVERTAKEN,
    "find_out": NoticeKind.ANSWER_WANTED,
}


@dataclass(frozen=True, slots=True)
class Owed:
    """One notice to be written: unique by person, kind, formation, subject and mark."""

    person: str
    kind: NoticeKind
    subject: str  # key of what is waited for, a rule or a milestone
    mark: str  # round, event or day that makes this telling its own
    facts: tuple[tuple[str, str], ...] = ()  # keys and days only, never a person's words


def opened(pathway: Pathway, before: Formation, after: Formation, today: date) -> Iterator[Owed]:
    """What an act has newly opened, for everybody who is now waited for; and what waits, for who came to a role."""
    if after.state.life is Life.PAUSED:
        return
    same_people = after.members == before.members and after.absences == before.absences
    for key, entry in after.awaited.items():
        old = before.awaited.get(key)
        known: tuple[str, ...] = ()
        if old is not None:
            if same_people and old.person == entry.person:
                continue
            known = people_for(pathway, before, old, today)  # who takes it in hand was told with all the others
        marks = _stand_ins(pathway, after, entry, today)
        for person in people_for(pathway, after, entry, today):
            if person not in known:
                yield Owed(person, OPENED[entry.what], key, marks.get(person, f"e{after.events}"), _facts(entry))


def corrected(moved: Moved) -> Iterator[Owed]:
    """Words were corrected without a change of meaning: whoever approved a step on them is told, nothing reopens."""
    for event in moved.events:
        if event.kind != "corrected":
            continue
        step, fact = str(event.refs["step"]), str(event.refs["fact"])
        people = {a.by for a in moved.after.approvals.values() if a.step == step and a.by} - {event.by}
        for person in sorted(people):
            yield Owed(person, NoticeKind.WORDS_CORRECTED, f"{step}:{fact}", f"e{event.number}", (("step", step),))


def owed(pathway: Pathway, formation: Formation, today: date, rules: Mapping[str, str]) -> Iterator[Owed]:
    """What time makes due today; a paused or ended formation reminds of legal dates only.

    `rules`: step -> the rule that sets its next day of law.
    """
    quiet = formation.state.life in (Life.PAUSED, Life.ENDED)
    if not quiet:
        yield from _for_stand_ins(pathway, formation, today)
    for key, entry in formation.awaited.items():
        kinds = list(_due(entry, today, quiet))
        if kinds:
            for person in people_for(pathway, formation, entry, today):
                for kind, day in kinds:
                    rule = rules.get(entry.step, "") if kind is NoticeKind.LEGAL_DATE_NEAR else ""
                    yield Owed(person, kind, key, day.isoformat(), _facts(entry, rule))
    review = formation.state.review_on
    if formation.state.life is Life.PAUSED and review is not None and review <= today:
        for member in formation.members:
            if member.role.value == "staff_lead" and member.current(today):
                yield Owed(member.person, NoticeKind.REVIEW_DUE, "review", review.isoformat())


def _for_stand_ins(pathway: Pathway, formation: Formation, today: date) -> Iterator[Owed]:
    """Once somebody is away, what waits for her is told to who stands in."""
    for key, entry in formation.awaited.items():
        for person, mark in _stand_ins(pathway, formation, entry, today).items():
            yield Owed(person, OPENED[entry.what], key, mark, _facts(entry))


def _stand_ins(pathway: Pathway, formation: Formation, entry: Awaited, today: date) -> dict[str, str]:
    """Who is waited for only because she stands in, with a mark by which act and walk tell her once an absence."""
    away = {a.stand_in: a for a in formation.absences if a.stand_in and a.since <= today < a.until}
    if not away:
        return {}
    usual = people_for(pathway, replace(formation, absences=()), entry, today)
    found = (p for p in people_for(pathway, formation, entry, today) if p in away and p not in usual)
    return {p: f"away {away[p].since.isoformat()} {entry.since.isoformat()}" for p in found}


def _due(entry: Awaited, today: date, quiet: bool) -> Iterator[tuple[NoticeKind, date]]:
    if entry.legal_on is not None and today <= entry.legal_on <= today + LEGAL_SOON:
        yield NoticeKind.LEGAL_DATE_NEAR, entry.legal_on
    if quiet or entry.due_on is None:
        return
    if entry.due_on < today:
        yield NoticeKind.OVERDUE, entry.due_on
    elif entry.due_on <= today + DUE_SOON:
        yield NoticeKind.DUE_SOON, entry.due_on


def _facts(entry: Awaited, rule: str = "") -> tuple[tuple[str, str], ...]:
    facts = {
        "rule": rule,
        "step": entry.step,
        "what": entry.what,
        "since": entry.since.isoformat(),
        "due_on": entry.due_on.isoformat() if entry.due_on else "",
        "legal_on": entry.legal_on.isoformat() if entry.legal_on else "",
    }
    return tuple((k, v) for k, v in facts.items() if v)


def next_due(formation: Formation, today: date, clocks: tuple[date, ...]) -> date | None:
    """The next day on which the walk has something to do here; None once a formation has ended."""
    if formation.state.life is Life.ENDED:
        return None
    days = [today + REFRESH]
    for entry in formation.awaited.values():
        if entry.due_on is not None:
            days += [entry.due_on - DUE_SOON, entry.due_on + timedelta(days=1)]
        if entry.legal_on is not None:
            days += [entry.legal_on - LEGAL_SOON, entry.legal_on + timedelta(days=1)]
    for absence in formation.absences:
        days += [absence.since, absence.until]
    for file in formation.evidence.values():
        if file.valid_until is not None and not file.taken_out:
            days.append(file.valid_until + timedelta(days=1))
    for member in formation.members:
        if member.until is not None:
            days.append(member.until)
    days += [day + timedelta(days=1) for day in clocks]
    if formation.state.review_on is not None:
        days.append(formation.state.review_on)
    return min(day for day in days if day > today)
