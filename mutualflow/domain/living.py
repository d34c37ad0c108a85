"""The formation as a whole: planned, paused, resumed, ended, and taken over half-way."""

from mutualflow.domain.acts import Adopt, AdoptedStep, End, Pause, Plan, Resume
from mutualflow.domain.checks import not_ended, not_to_come, reason_given
from mutualflow.domain.crossing import crossed
from mutualflow.domain.desk import Desk, title, words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Basis, DateKind, Life, LifeState, MilestoneDate, Status
from mutualflow.domain.keys import Outcome, Role
from mutualflow.domain.submitting import forward
from mutualflow.domain.tri import NO

PLANNERS = (Role.STAFF_LEAD, Role.HOST_SPONSOR, Role.PROGRAMME_MANAGER)


def plan(desk: Desk, act: Plan) -> None:
    """Plan a milestone; moving it needs a reason."""
    if act.day.earliest is None and act.day.latest is None:
        raise Refused(Refusal.INVALID_VALUE, "A plan needs a day, a month or a year.")
    not_ended(desk)
    _only(desk, PLANNERS, "plan a date")
    if (act.milestone, DateKind.ACTUAL) in desk.f.dates:
        raise Refused(
            Refusal.WRONG_STATUS, f"{words(act.milestone.value).capitalize()} has happened; it is not planned any more."
        )
    old = desk.f.dates.get((act.milestone, DateKind.PLANNED))
    if old is not None and old.span == act.day:
        return
    if old is not None:
        reason_given(act.reason, "move a planned date")
    number = desk.event("plan", {"milestone": act.milestone.value, "day": str(act.day)}, text=act.reason)
    row = MilestoneDate(act.milestone, DateKind.PLANNED, act.day, number, desk.by, act.reason)
    before = desk.f
    desk.put(dates={**desk.f.dates, (act.milestone, DateKind.PLANNED): row})
    desk.changed_facts()
    for rule in crossed(desk, before) if old is not None else ():
        desk.event("law_crossed", {"rule": rule, "milestone": act.milestone.value, "day": str(act.day)})


def pause(desk: Desk, act: Pause) -> None:
    """Pause: work stays allowed, reminders stop, clocks of law run on."""
    not_ended(desk)
    _only(desk, (Role.STAFF_LEAD,), "pause the formation")
    if desk.f.state.life is Life.PAUSED and desk.f.state.reason == act.reason:
        return
    if desk.f.state.life is not Life.FORMING:
        raise Refused(
            Refusal.WRONG_STATUS, f"The formation is {desk.f.state.life.value}; only one that is forming is paused."
        )
    reason_given(act.reason, "pause")
    if act.review_on is None or act.review_on <= desk.today:
        raise Refused(Refusal.MISSING, "Say on which coming day it is looked at again.")
    where = {"step": desk.step(act.where).key} if act.where else {}
    desk.event("pause", {"review_on": act.review_on.isoformat(), **where}, text=act.reason)
    desk.put(state=LifeState(Life.PAUSED, desk.today, act.reason, act.review_on, where=act.where))


def resume(desk: Desk, act: Resume) -> None:
    """Take a paused formation up again."""
    not_ended(desk)
    _only(desk, (Role.STAFF_LEAD,), "resume the formation")
    if desk.f.state.life is not Life.PAUSED:
        if desk.f.state.life is Life.FORMING:
            return
        raise Refused(Refusal.WRONG_STATUS, "The formation is not paused.")
    desk.event("resume", {})
    desk.put(state=LifeState(Life.FORMING, desk.today))


def end(desk: Desk, act: End) -> None:
    """End the formation: the staff lead, or the host sponsor where the host has refused."""
    if desk.f.state.life is Life.ENDED and desk.f.state.outcome is act.outcome:
        return
    not_ended(desk)
    roles = (Role.STAFF_LEAD, Role.HOST_SPONSOR) if act.outcome is Outcome.REFUSED else (Role.STAFF_LEAD,)
    _only(desk, roles, f"end the formation as {words(act.outcome.value)}")
    reason_given(act.reason, "end a formation")
    if act.outcome is Outcome.FIRST_YEAR_COMPLETE:
        _first_year_over(desk)
    desk.event("end", {"outcome": act.outcome.value}, text=act.reason)
    desk.put(state=LifeState(Life.ENDED, desk.today, act.reason, None, act.outcome))


def _first_year_over(desk: Desk) -> None:
    desk.settle()
    if not desk.f.launched:
        raise Refused(Refusal.ORDER, "The first year is complete only after the launch.")
    left = [
        key
        for key, state in desk.f.steps.items()
        if desk.pathway.steps[key].stage == "sustain"
        and state.status in (Status.OPEN, Status.IN_HAND, Status.SUBMITTED)
        and desk.reading.applies(key) is not NO
    ]
    if left:
        raise Refused(
            Refusal.WAITS, f"The first year is complete only after {', '.join(title(desk.pathway, k) for k in left)}."
        )


def adopt(desk: Desk, act: Adopt) -> None:
    """Take over what was done before the group came here; it is listed as assumed, never called checked."""
    for adopted in act.steps:
        step = desk.step(adopted.step)
        file = desk.f.evidence.get(adopted.evidence)
        if adopted.evidence and (file is None or file.taken_out):
            raise Refused(
                Refusal.UNKNOWN_KEY, f"There is no file “{adopted.evidence}” on this formation; attach it first."
            )
    for adopted in act.steps:
        not_to_come(desk, adopted.on, title(desk.pathway, adopted.step))
    not_ended(desk)
    _only(desk, (Role.STAFF_LEAD,), "take over earlier steps")
    if not act.steps:
        raise Refused(Refusal.MISSING, "Name at least one step that was done before.")
    for adopted in act.steps:
        state = desk.state(adopted.step)
        if state.status is Status.APPROVED and desk.f.submissions[adopted.step].basis is Basis.ASSUMED:
            continue
        if state.status is not Status.OPEN and not _only_shown(desk, adopted):
            raise Refused(
                Refusal.WRONG_STATUS,
                f"{title(desk.pathway, adopted.step)} is {words(state.status.value)}; only an open step is taken over.",
            )
        if desk.reading.applies(adopted.step) is NO:
            raise Refused(Refusal.WRONG_STATUS, f"{title(desk.pathway, adopted.step)} is not needed here.")
        step = desk.pathway.steps[adopted.step]
        forward(desk, step, Basis.ASSUMED, (), by="", statements=act.statements)
        number = desk.event(
            "adopt",
            {"step": step.key, "from": "submitted", "to": "approved", "evidence": adopted.evidence},
            happened_on=str(adopted.on),
        )
        desk.put_step(step.key, status=Status.APPROVED, done_at=number, waiting_since=None)
        desk.changed_facts()
        if step.reaches is not None:
            desk.reach(step.reaches, adopted.on, number)


def _only_shown(desk: Desk, adopted: AdoptedStep) -> bool:
    """Is the step in hand for no other reason than the file that shows that it was done?"""
    step, state = desk.pathway.steps[adopted.step], desk.f.steps[adopted.step]
    own = {asked.key for asked in (*step.asks, *step.lists)}
    said = any((subject.partition("/")[0] or key) in own for key, subject in desk.f.answers)
    files = {e.key for e in desk.f.evidence.values() if e.step == step.key and not e.taken_out}
    return state.status is Status.IN_HAND and state.round == 0 and not said and files <= {adopted.evidence}


def _only(desk: Desk, roles: tuple[Role, ...], doing: str) -> None:
    if not desk.has_role(*roles):
        who = " or ".join(words(r.value) for r in roles)
        raise Refused(Refusal.NOT_PERMITTED, f"You cannot {doing}: that is for the {who}.", who_can=who)
