"""Who is waited for, for what and since when: computed with each act, read by digest, queue and overview."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from mutualflow.domain.applies import Reading
from mutualflow.domain.checks import prepared, recorder_sides, slot_parties
from mutualflow.domain.computed import Requirements
from mutualflow.domain.formation import (
    FINISHED,
    GIVEN,
    Approval,
    Awaited,
    Formation,
    Kind,
    Life,
    Membership,
    SlotState,
    Status,
    Task,
    TaskState,
)
from mutualflow.domain.keys import Body, Role, Side
from mutualflow.domain.pathway import Pathway, Step
from mutualflow.domain.reasons import Unsettled, unsettled, unsettled_within
from mutualflow.domain.tri import MAYBE, NO, YES

GRACE = timedelta(days=14)
"""A plan asks for nothing sooner than this after it could be begun: a late plan does not make a person late."""

CHECKERS = frozenset({Role.HR_ADVISER, Role.LEGAL_ADVISER, Role.UNION_REPRESENTATIVE, Role.PROGRAMME_MANAGER})
"""Who is asked to check a minute; anybody of another side may, where none of these is there."""


def compute(
    pathway: Pathway,
    formation: Formation,
    reading: Reading,
    today: date,
    *,
    due: Mapping[str, date],
    legal: Mapping[str, date],
) -> dict[str, Awaited]:
    """Everything that is waited for; an entry keeps its `since` as long as it stays.

    `due`: step -> the plan's latest finish (an agreed day goes before it); `legal`: step -> next legal date.
    """
    if formation.state.life is Life.ENDED or formation.kind is Kind.HISTORY:
        return {}  # nobody here is waited for
    found: dict[str, Awaited] = {}
    for entry in (*_of_steps(pathway, formation, reading, today), *_of_tasks(formation, today), *_asked(formation)):
        old = formation.awaited.get(entry.key)
        since = old.since if old else entry.since
        planned = due.get(entry.step)
        due_on = entry.due_on or (max(planned, since + GRACE) if planned else None)
        legal_on = entry.legal_on or legal.get(entry.step)
        if (since, due_on, legal_on) != (entry.since, entry.due_on, entry.legal_on):
            entry = replace(entry, since=since, due_on=due_on, legal_on=legal_on)
        found[entry.key] = old if old == entry else entry
    return found


def _of_steps(pathway: Pathway, formation: Formation, reading: Reading, today: date) -> Iterator[Awaited]:
    heavy = _weighty(pathway, formation, reading)
    for key, state in formation.steps.items():
        step = pathway.steps[key]
        if state.applies is MAYBE and not state.waits_for and state.status is not Status.CLOSED:
            unknown = unsettled(reading, step.when)
            yield from _to_find_out(pathway, formation, unknown, today, key in heavy)
        if state.applies is not YES or state.status is Status.CLOSED:
            continue
        weighty = key in heavy
        if state.status in FINISHED and state.overtaken and not formation.launched:
            yield _owner(step, "confirm", state.assignee, today, weighty)
        elif state.status in (Status.OPEN, Status.IN_HAND) and not state.waits_for:
            yield _owner(step, "submit", state.assignee, state.waiting_since or today, weighty, state.due_on)
            yield from _to_find_out(pathway, formation, unsettled_within(reading, step), today, weighty)
        elif state.status is Status.SUBMITTED and not state.waits_for:
            yield from _of_slots(formation, step, today, weighty)


def _to_find_out(
    pathway: Pathway, formation: Formation, unknown: Iterable[Unsettled], today: date, weighty: bool
) -> Iterator[Awaited]:
    """What comes next cannot go on because an answer of a finished step is "we do not know", or was never given.

    Its owner is asked. Where the step that asks is not finished, its owner is waited for anyway.
    """
    for one in unknown:
        asker = pathway.asker.get(one.key)
        if asker is not None and formation.steps[asker].status in (Status.SUBMITTED, *FINISHED):
            state = formation.steps[asker]
            yield _owner(pathway.steps[asker], "find_out", state.assignee, today, weighty)


def _owner(step: Step, what: str, assignee: str, since: date, weighty: bool, due_on: date | None = None) -> Awaited:
    return Awaited(
        key=f"{what}:{step.key}",
        step=step.key,
        what=what,
        since=since,
        role=step.owner.role.value,
        side=step.owner.side.value,
        person=assignee,
        due_on=due_on,
        weighty=weighty,
    )


def _of_slots(formation: Formation, step: Step, today: date, weighty: bool) -> Iterator[Awaited]:
    slots = {s.key: s for s in step.slots}
    mine = [a for a in formation.approvals.values() if a.step == step.key]
    others_given = all(a.state in GIVEN for a in mine if slots[a.slot].body is not Body.REGISTRAR)
    for approval in mine:
        slot = slots[approval.slot]
        what = _what(formation, step, approval, slot.body, others_given)
        if not what:
            continue
        parties = (step.owner,) if what in ("file", "record_answer") else slot_parties(slot)
        first = parties[0] if parties else None
        deferred = formation.decisions.get(approval.at)
        yield Awaited(
            key=f"{what}:{step.key}:{approval.slot}:{approval.organisation}",
            step=step.key,
            what=what,
            since=today,
            role=first.role.value if first and what != "check" else "",
            side=first.side.value if first and what != "check" else "",
            slot=approval.slot,
            organisation=approval.organisation,
            due_on=deferred.next_on if deferred and what == "decide" else None,
            weighty=weighty,
            taken_by=approval.taken_by,
        )


def _what(formation: Formation, step: Step, approval: Approval, body: Body | None, others_given: bool) -> str:
    if approval.state is SlotState.TO_BE_CHECKED:
        return "check"
    if approval.state is not SlotState.WAITING:
        return ""
    if body is Body.REGISTRAR:
        filing = formation.filings.get(step.key)
        if filing is not None and not filing.answer:
            return "record_answer"
        return "file" if others_given else ""
    return "decide" if body is not None else "approve"


def _of_tasks(formation: Formation, today: date) -> Iterator[Awaited]:
    for task in formation.tasks.values():
        if task.state is TaskState.OPEN:
            yield _task(task, "task", task.owner, today)
        elif task.state is TaskState.DONE and task.slot:
            yield _task(task, "accept", "", today)


def _task(task: Task, what: str, person: str, today: date) -> Awaited:
    return Awaited(
        key=f"{what}:{task.key}",
        step=task.step,
        what=what,
        since=today,
        person=person,
        slot=task.slot if what == "accept" else "",
        organisation=task.organisation if what == "accept" else "",
        due_on=task.due_on,
        weighty=task.held,
    )


def _asked(formation: Formation) -> Iterator[Awaited]:
    """Questions put to somebody stay until they are answered (noting.py adds and takes them)."""
    return (entry for entry in formation.awaited.values() if entry.what == "answer")


def _weighty(pathway: Pathway, formation: Formation, reading: Reading) -> frozenset[str]:
    """Steps that are, or directly hold, a gate or an irrevocable step."""
    requirements = Requirements(reading, formation.steps)
    heavy = {k for k, s in pathway.steps.items() if s.waits_deep and reading.applies(k) is not NO}
    return frozenset(heavy.union(*(requirements.direct(k) for k in heavy)) if heavy else ())


def people_for(pathway: Pathway, formation: Formation, entry: Awaited, today: date) -> tuple[str, ...]:
    """Everybody who is waited for by this entry today; those away are replaced by who stands in and may do it."""
    members = [m for m in formation.members if m.current(today) and m.moves]
    if entry.what == "check":
        able = found = _checkers(pathway, formation, entry, members, today)
    elif entry.slot and entry.what in ("approve", "decide", "accept"):
        slot = next(s for s in pathway.steps[entry.step].slots if s.key == entry.slot)
        parties = {(p.role, p.side) for p in slot_parties(slot)}
        able = [m.person for m in members if (m.role, m.side) in parties and entry.organisation in ("", m.organisation)]
        found = [p for p in able if not _barred(formation, entry, p)] or able
    elif entry.role:
        able = [m.person for m in members if (m.role, m.side) == (Role(entry.role), Side(entry.side))]
        found = [entry.person] if entry.person else able
    else:
        able, found = [entry.person, *(a.stand_in for a in formation.absences)], [entry.person]
    return tuple(dict.fromkeys(_present(formation, found, able, today)))


def _checkers(
    pathway: Pathway, formation: Formation, entry: Awaited, members: list[Membership], today: date
) -> list[str]:
    decision = formation.decisions.get((entry.step, entry.slot, entry.organisation))
    if decision is None:
        return []
    submission, recorder = formation.submissions[entry.step], decision.recorded_by
    slot = next(s for s in pathway.steps[entry.step].slots if s.key == entry.slot)
    sides = recorder_sides(formation, slot, recorder, today)
    able = [m for m in members if m.side not in sides and m.person != recorder and not prepared(submission, m.person)]
    return [m.person for m in able if m.role in CHECKERS] or [m.person for m in able]


def _barred(formation: Formation, entry: Awaited, person: str) -> bool:
    submission = formation.submissions.get(entry.step)
    return submission is not None and entry.what == "approve" and prepared(submission, person)


def _present(formation: Formation, people: list[str], able: list[str], today: date) -> list[str]:
    """Who is there, or stands in and is able to; where nobody is left, whoever else is able, else those away."""
    away = {a.person: a.stand_in for a in formation.absences if a.since <= today < a.until}
    found = [(person, away.get(person) or person) for person in people]
    here = [there for person, there in found if there == person or there in able]
    return here or [person for person in able if person not in away] or people


def nobody_can(pathway: Pathway, formation: Formation, today: date) -> list[tuple[Awaited, str]]:
    """What waits for a role that nobody holds, or whose only holder may not act, with the sentence for it."""
    found = []
    for entry in formation.awaited.values():
        people = people_for(pathway, formation, entry, today)
        if not people:
            found.append((entry, "nobody holds this role"))
        elif entry.what == "approve" and all(_barred(formation, entry, p) for p in people):
            found.append((entry, "the only holder of this role prepared it"))
    return found
