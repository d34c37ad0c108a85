"""Acts on a step as a whole: hand over, waive, reopen, confirm, agree a day, open its put-right step."""

from mutualflow.domain.acts import AgreeDueDate, Confirm, HandOver, OpenPutRight, Reopen, Waive
from mutualflow.domain.checks import (
    fresh,
    just_done,
    not_ended,
    not_frozen,
    permitted,
    reason_given,
    status_in,
)
from mutualflow.domain.computed import Requirements
from mutualflow.domain.desk import Desk, role_words, title
from mutualflow.domain.effect import lapse
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import FINISHED, Status
from mutualflow.domain.keys import Role, Side
from mutualflow.domain.pathway import Party
from mutualflow.domain.tri import NO

WORKABLE = (Status.OPEN, Status.IN_HAND)
DONE = (Status.APPROVED, Status.WAIVED)


def hand_over(desk: Desk, act: HandOver) -> None:
    """Give the step to somebody else who holds the owner's role."""
    step = desk.step(act.step)
    if act.to not in desk.holders(step.owner.role, step.owner.side):
        raise Refused(
            Refusal.INVALID_VALUE,
            f"“{act.to}” is not a {role_words(step.owner.role, step.owner.side)} of this formation.",
        )
    not_ended(desk)
    state = desk.f.steps[step.key]
    again = state.assignee == act.to
    if not again:
        fresh(act, state.revision, title(desk.pathway, step.key))
    if state.assignee != desk.by and not desk.has_role(Role.PROGRAMME_MANAGER):
        permitted(desk, (step.owner,), f"hand {title(desk.pathway, step.key)} over")
    status_in(desk, step, (*WORKABLE, Status.SUBMITTED), "hand over")
    if again:
        return
    desk.event("hand_over", {"step": step.key, "to": act.to})
    desk.put_step(step.key, assignee=act.to, waiting_since=desk.today)


def agree_due_date(desk: Desk, act: AgreeDueDate) -> None:
    """The assignee agrees the day by which she will have done it."""
    step = desk.step(act.step)
    not_ended(desk)
    state = desk.f.steps[step.key]
    again = state.due_on == act.due_on
    if not again:
        fresh(act, state.revision, title(desk.pathway, step.key))
    if state.assignee != desk.by and (state.assignee or not desk.holds(step.owner)):
        raise Refused(Refusal.NOT_PERMITTED, "The person who has the step agrees its day.", who_can=state.assignee)
    status_in(desk, step, WORKABLE, "agree a day for")
    if again:
        return
    desk.event("agree_due_date", {"step": step.key, "due_on": act.due_on.isoformat()})
    desk.put_step(step.key, due_on=act.due_on, assignee=desk.by)


def waive(desk: Desk, act: Waive) -> None:
    """Leave out an optional step, with a reason."""
    step = desk.step(act.step)
    not_ended(desk)
    state = desk.f.steps[step.key]
    again = state.status is Status.WAIVED
    if not again:
        fresh(act, state.revision, title(desk.pathway, step.key))
    permitted(desk, (step.owner,), f"leave out {title(desk.pathway, step.key)}")
    if again:
        return
    status_in(desk, step, WORKABLE, "leave out")
    if not step.optional or step.law:
        raise Refused(
            Refusal.NOT_OPTIONAL,
            f"{title(desk.pathway, step.key)} cannot be left out. If it is not needed here, change the answer that "
            "makes it needed.",
        )
    reason_given(act.reason, "leave a step out")
    number = desk.event("waive", {"step": step.key, "from": state.status.value, "to": "waived"}, text=act.reason)
    desk.put_step(step.key, status=Status.WAIVED, done_at=number, confirmed_at=0, waiting_since=None)


def reopen(desk: Desk, act: Reopen) -> None:
    """Open a finished step again; its slots stay readable."""
    step = desk.step(act.step)
    not_ended(desk)
    state = desk.f.steps[step.key]
    again = state.status is Status.OPEN and just_done(desk, step, "reopen", act.reason)
    if not again:
        fresh(act, state.revision, title(desk.pathway, step.key))
    permitted(desk, (step.owner,), f"open {title(desk.pathway, step.key)} again")
    if again:
        return
    status_in(desk, step, DONE, "open again")
    not_frozen(desk, step)
    if desk.f.launched and step.stage != "sustain":
        raise Refused(Refusal.FROZEN, "After the launch nothing before it is opened again; lay a task instead.")
    reason_given(act.reason, "open a step again")
    desk.event("reopen", {"step": step.key, "from": state.status.value, "to": "open"}, text=act.reason)
    desk.put_step(step.key, status=Status.OPEN, done_at=0, confirmed_at=0, waiting_since=desk.today)


def confirm(desk: Desk, act: Confirm) -> None:
    """Say that a finished step still stands; it changes no approval."""
    step = desk.step(act.step)
    not_ended(desk)
    desk.settle()
    state = desk.f.steps[step.key]
    again = state.status in FINISHED and not state.overtaken and bool(state.confirmed_at)
    if not again:
        fresh(act, state.revision, title(desk.pathway, step.key))
    permitted(desk, (step.owner,), f"confirm {title(desk.pathway, step.key)}")
    if again:
        return
    status_in(desk, step, DONE, "confirm")
    if not state.overtaken:
        raise Refused(Refusal.WRONG_STATUS, f"Nothing has overtaken {title(desk.pathway, step.key)}.")
    unfinished = [
        r for r in Requirements(desk.reading, desk.f.steps).direct(step.key) if desk.f.steps[r].status not in FINISHED
    ]
    if unfinished:
        names = ", ".join(title(desk.pathway, key) for key in unfinished)
        raise Refused(Refusal.WAITS, f"First what overtook it has to be finished: {names}.")
    reason_given(act.reason, "confirm a step")
    number = desk.event("confirm", {"step": step.key}, text=act.reason)
    desk.put_step(step.key, confirmed_at=number)


def open_put_right(desk: Desk, act: OpenPutRight) -> None:
    """Open the correction of what was filed or signed, where the fact was right and the filing wrong."""
    step = desk.step(act.step)
    original = desk.step(step.puts_right) if step.puts_right else step
    correction = desk.pathway.put_right.get(original.key)
    not_ended(desk)
    if correction is None:
        raise Refused(
            Refusal.WRONG_STATUS, f"{title(desk.pathway, original.key)} is not filed or signed; open it again instead."
        )
    again = desk.f.steps[correction].status is Status.OPEN
    if not again:
        fresh(act, desk.f.steps[correction].revision, title(desk.pathway, correction))
    permitted(
        desk,
        (original.owner, Party(Role.LEGAL_ADVISER, Side.GROUP), Party(Role.LEGAL_ADVISER, Side.HOST)),
        f"put {title(desk.pathway, original.key)} right",
    )
    if again:
        return
    if desk.f.steps[original.key].status is not Status.APPROVED or desk.reading.applies(original.key) is NO:
        raise Refused(Refusal.WRONG_STATUS, f"{title(desk.pathway, original.key)} has not been carried out yet.")
    status_in(desk, desk.pathway.steps[correction], (Status.CLOSED, Status.APPROVED), "open")
    reason_given(act.reason, "open a put-right step")
    state = desk.f.steps[correction]
    desk.event("open_put_right", {"step": correction, "from": state.status.value, "to": "open"}, text=act.reason)
    lapse(desk, correction)
    desk.put_step(correction, status=Status.OPEN, done_at=0, confirmed_at=0, waiting_since=desk.today)
