"""What time and new law do to a formation on the desk, and who is told of it. People do nothing here."""

from collections.abc import Iterator
from datetime import date

from mutualflow.domain.awaited import people_for
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.computed import recompute
from mutualflow.domain.desk import Desk, Moved
from mutualflow.domain.formation import DateKind, Formation, Life, MilestoneDate
from mutualflow.domain.keys import Milestone, Role, Side
from mutualflow.domain.law import LawBook
from mutualflow.domain.plan import shifts
from mutualflow.domain.reminders import NoticeKind, Owed
from mutualflow.domain.spans import on

LEADS = frozenset({Role.STAFF_LEAD, Role.LEGAL_ADVISER})
"""Who of the group is told of law and forecasts."""


def mend(desk: Desk) -> int:
    """Repair computed columns that differ from what they should be; a defect, never silent. How many steps."""
    right = recompute(desk.reading, desk.f.steps)
    wrong = sorted(key for key, state in right.items() if state != desk.f.steps[key])
    if wrong:
        desk.event("mended", {"steps": wrong})
        desk.put(steps=right)
    return len(wrong)


def new_law(desk: Desk, law: LawBook, held: list[Clock]) -> Iterator[Owed]:
    """A rulebook by which this formation has not been computed: each result that it changes is written down, once.

    `held`: clocks as computed by the rulebook before; one that counts from another day now is compared by nobody.
    """
    was = {(c.rule, c.step): c for c in held}
    for clock in law.clocks(desk.pathway, desk.f, desk.today, desk.reading):
        before = was.get((clock.rule, clock.step))
        if before is None or before.counts_from != clock.counts_from or _says(before) == _says(clock):
            continue
        days = {"day_was": _day(before), "day_now": _day(clock)}
        desk.event("law_changed", {**_versions(before.version, clock), **{k: v for k, v in days.items() if v}})
        facts = (("step", clock.step), ("rule", clock.rule), *days.items())
        mark = f"{clock.version} {_day(clock)}"
        yield from _tell(leads(desk), NoticeKind.LAW_CHANGED, f"{clock.step}:{clock.rule}", mark, facts)
    right = recompute(desk.reading, desk.f.steps)
    moved = [key for key, state in right.items() if state.applies is not desk.f.steps[key].applies]
    if moved:
        desk.put(steps=right)
    for step in moved:
        needed = right[step].applies.value
        desk.event("need_changed", {"step": step, "needed": needed})
        said = (("step", step), ("needed", needed))
        yield from _tell(leads(desk), NoticeKind.LAW_CHANGED, step, f"{needed} {law.sha256[:12]}", said)
    desk.put(rulebook=law.sha256)


def _versions(before: str, clock: Clock) -> dict[str, object]:
    """What an event says of a version; "from" and "to" are for the status of a step."""
    return {"rule": clock.rule, "step": clock.step, "version_was": before, "version": clock.version}


def _says(clock: Clock) -> tuple[object, ...]:
    return clock.version, clock.legal_on, clock.advisory_on


def _day(clock: Clock) -> str:
    day = clock.legal_on or clock.advisory_on
    return day.isoformat() if day else ""


def missed(desk: Desk, law: LawBook, held: list[Clock], now: list[Clock]) -> Iterator[Owed]:
    """Only the walk writes "missed", each once; told to who was waited for, to who owns the step, and to the leads."""
    was = {(c.rule, c.step): c.state for c in held}
    for clock in now:
        if clock.state is not ClockState.MISSED or was.get((clock.rule, clock.step)) is ClockState.MISSED:
            continue
        day = clock.legal_on.isoformat() if clock.legal_on else ""
        refs = {"rule": clock.rule, "version": clock.version, "step": clock.step, "legal_on": day}
        desk.event("clock_missed", refs)
        rule = law.book.rules[clock.rule]
        people = [*_concerned(desk, rule.met_by_step or clock.step), *leads(desk)]
        facts = (("step", clock.step), ("rule", clock.rule), ("legal_on", day))
        yield from _tell(people, NoticeKind.LEGAL_DATE_MISSED, f"{clock.step}:{clock.rule}", day, facts)


def ran_out(desk: Desk) -> Iterator[Owed]:
    """Files whose validity has passed since the last walk, told to the owner of their step, and absences that ended.

    To be asked before `came_into_force`, which notes that today was walked.
    """
    since = desk.f.law_told_to or date.min
    if desk.f.state.life is Life.ENDED:
        return
    for absence in desk.f.absences:
        if since < absence.until <= desk.today:
            refs = {"person": absence.person, "until": absence.until.isoformat(), "stand_in": absence.stand_in}
            desk.event("absence_over", {key: value for key, value in refs.items() if value})
    for file in desk.f.evidence.values():
        if file.valid_until is None or file.taken_out or not since <= file.valid_until < desk.today:
            continue
        day = file.valid_until.isoformat()
        desk.event("evidence_expired", {"step": file.step, "key": file.key, "valid_until": day}, audience=file.audience)
        if desk.f.state.life is not Life.PAUSED:
            facts = (("step", file.step), ("day", day))
            owner = desk.pathway.steps[file.step].owner
            people = _holders(desk.f, desk.today, frozenset({owner.role}), owner.side)
            yield from _tell(people, NoticeKind.EVIDENCE_EXPIRED, f"{file.step}:{file.key}", day, facts)


def _concerned(desk: Desk, step: str) -> list[str]:
    """Everybody who is waited for at a step; who owns it, where nobody is any more."""
    entries = [e for e in desk.f.awaited.values() if e.step == step]
    people = [p for e in entries for p in people_for(desk.pathway, desk.f, e, desk.today)]
    owner = desk.pathway.steps[step].owner
    return people or _holders(desk.f, desk.today, frozenset({owner.role}), owner.side)


def forecast(desk: Desk) -> Iterator[Owed]:
    """Add forecast rows that moved by a week or more, and tell the leads why."""
    if desk.f.state.life in (Life.ENDED, Life.PAUSED):
        return
    dates = dict(desk.f.dates)
    for shift in shifts(desk.pathway, desk.f, desk.reading, desk.today):
        first = dates.get((shift.milestone, DateKind.FORECAST))
        dates[(shift.milestone, DateKind.FORECAST)] = MilestoneDate(
            shift.milestone, DateKind.FORECAST, on(shift.finish.likely), desk.f.events, "", shift.why,
            shift.finish.pessimistic, shift.finish.optimistic,
        )  # fmt: skip
        month = shift.finish.likely.strftime("%Y-%m")
        moved = first is None or first.span.latest is None or first.span.latest.strftime("%Y-%m") != month
        if first is not None and moved and shift.milestone is Milestone.STAFF_TRANSFER:
            facts = (("day", shift.finish.likely.isoformat()), ("held_by", shift.held_by))
            mark = f"{month} {desk.today.isoformat()}"  # back again is told again
            yield from _tell(leads(desk), NoticeKind.FORECAST_MOVED, shift.milestone.value, mark, facts)
    desk.put(dates=dates)


def other_version(desk: Desk, law: LawBook, held: list[Clock]) -> Iterator[Owed]:
    """Where another day gives another version of a rule, say so: a planned date has crossed a change of law."""
    was = {(c.rule, c.step): c.version for c in held}
    for clock in law.clocks(desk.pathway, desk.f, desk.today, desk.reading):
        before = was.get((clock.rule, clock.step))
        if before and clock.version and before != clock.version:
            desk.event("law_changed", _versions(before, clock))
            facts = (("step", clock.step), ("rule", clock.rule))
            subject = f"{clock.step}:{clock.rule}"
            yield from _tell(leads(desk), NoticeKind.LAW_CHANGED, subject, clock.version, facts)


def came_into_force(desk: Desk, law: LawBook) -> Iterator[Owed]:
    """Law that has come into force since the last walk and touches what is still to be done."""
    since = desk.f.law_told_to
    desk.put(law_told_to=desk.today)
    if since is None or desk.f.state.life is Life.ENDED:
        return
    for change in law.changes(desk.pathway, desk.f, since, desk.today, desk.reading):
        day = change.on.isoformat()
        desk.event("law_changed", {"step": change.step, "rule": change.what, "in_force_from": day})
        facts = (("step", change.step), ("rule", change.what), ("day", day))
        subject = f"{change.step}:{change.what}"
        yield from _tell(leads(desk), NoticeKind.LAW_CHANGED, subject, day, facts)


def leads(desk: Desk) -> list[str]:
    """The group's staff leads and legal advisers of today."""
    return _holders(desk.f, desk.today, LEADS, Side.GROUP)


def _holders(formation: Formation, today: date, roles: frozenset[Role], side: Side) -> list[str]:
    """Who holds one of the roles on a side today, and may act in it."""
    members = (m for m in formation.members if m.role in roles and m.side is side)
    return [m.person for m in members if m.current(today) and m.moves]


def crossed(moved: Moved, today: date) -> Iterator[Owed]:
    """A planned day has moved across a change of law: the leads are told with the act that moved it."""
    for event in moved.events:
        if event.kind == "law_crossed":
            rule, milestone, day = (str(event.refs[key]) for key in ("rule", "milestone", "day"))
            facts = (("rule", rule), ("milestone", milestone), ("day", day))
            people = _holders(moved.after, today, LEADS, Side.GROUP)
            yield from _tell(people, NoticeKind.LAW_CHANGED, f"{milestone}:{rule}", day, facts)


def _tell(
    people: list[str], kind: NoticeKind, subject: str, mark: str, facts: tuple[tuple[str, str], ...]
) -> Iterator[Owed]:
    """One notice each; facts that are empty are left out."""
    said = tuple((k, v) for k, v in facts if v)
    for person in dict.fromkeys(people):
        yield Owed(person, kind, subject, mark, said)
