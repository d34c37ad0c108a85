"""What a changed fact does to steps that were put forward: one pure function behind preview and change."""

import hashlib
from dataclasses import dataclass, replace

from mutualflow.domain.applies import Reading
from mutualflow.domain.desk import Desk, title
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Formation, SlotState, Status, Submission, Task, TaskOrigin
from mutualflow.domain.formation import Holds as TaskHolds
from mutualflow.domain.ground import changed, material, material_keys
from mutualflow.domain.keys import Milestone, Role, Side
from mutualflow.domain.pathway import Pathway, Step
from mutualflow.domain.tri import NO, YES

ABORTABLE = frozenset(SlotState) - {SlotState.RETURNED, SlotState.LAPSED}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does. `taken_back`: submitted -> in hand; `reopened`: approved -> open; `put_right`: correction
    opened; `listed`: after launch, steps that a task lists instead. `because`: step -> changed keys."""

    taken_back: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    put_right: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    because: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def nothing(self) -> bool:
        """Does the change leave everything as it is?"""
        return not (self.taken_back or self.reopened or self.put_right or self.listed)

    @property
    def fingerprint(self) -> str:
        """Equal for equal effects: a preview that no longer fits is shown again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def effect(
    pathway: Pathway, before: Formation, was: Reading, after: Formation, now: Reading, touched: str = ""
) -> Effect:
    """Compare every submitted or approved step that applies with what it was put forward on.

    `touched`: the only fact or list that differs; where no condition reads it, only the steps that rest on it can.
    """
    narrow = bool(touched) and touched not in pathway.decisive
    taken_back, reopened, put_right, listed, because = [], [], [], [], []
    launched = before.launched
    for key, state in after.steps.items():
        step = pathway.steps[key]
        submission = after.submissions.get(key)
        if submission is None or state.status not in (Status.SUBMITTED, Status.APPROVED):
            continue
        if narrow and touched not in material_keys(pathway, step):
            continue
        if now.applies(key) is not YES:
            continue
        why = _caused(step, submission, before, was, after, now)
        if not why:
            continue
        correction = pathway.put_right.get(key)
        if state.status is Status.SUBMITTED:
            taken_back.append(key)
        elif correction is not None:
            if after.steps[correction].status is not Status.CLOSED:
                continue  # once opened, the put-right step is compared instead
            put_right.append(correction)
        elif step.puts_right:
            put_right.append(key)
        elif launched and step.stage != "sustain":
            listed.append(key)
        else:
            reopened.append(key)
        because.append((key, why))
    return Effect(tuple(taken_back), tuple(reopened), tuple(put_right), tuple(listed), tuple(because))


def _caused(
    step: Step, submission: Submission, before: Formation, was: Reading, after: Formation, now: Reading
) -> tuple[str, ...]:
    """The keys in which the step differs from its submission because of this change."""
    today = material(now, step, after)
    differs = changed(submission, today)
    if not differs:
        return ()
    if was.applies(step.key) is not YES:
        return differs  # a returning step is judged too
    yesterday = material(was, step, before)
    return tuple(key for key in differs if yesterday.get(key) != today.get(key))


def check_confirmed(desk: Desk, found: Effect, confirm: tuple[str, ...]) -> None:
    """A change that reopens a gate needs the gate's name."""
    gates = [key for key in found.reopened if desk.pathway.steps[key].gate and key not in confirm]
    if gates:
        names = ", ".join(title(desk.pathway, key) for key in gates)
        raise Refused(
            Refusal.NEEDS_CONFIRMATION,
            f"This would reopen {names}. Say so by name (confirm {', '.join(gates)}) if that is meant.",
        )


def carry_out(desk: Desk, found: Effect, cause: str) -> None:
    """Write the effect: statuses, lapsed slots, one task that lists what a late change touches."""
    for key in found.taken_back:
        take_back(desk, key, "effect_taken_back")
    for key in found.reopened:
        desk.move(key, Status.OPEN, cause="effect_reopened", done_at=0, confirmed_at=0)
    for key in found.put_right:
        desk.move(key, Status.OPEN, cause="effect_put_right", done_at=0, confirmed_at=0)
    if found.listed:
        _list_late_change(desk, found.listed, cause)


def take_back(desk: Desk, key: str, cause: str) -> None:
    """A submitted step goes back in hand; its open slots lapse."""
    desk.move(key, Status.IN_HAND, cause=cause)
    lapse(desk, key)


def lapse(desk: Desk, key: str, *, but: tuple[str, str, str] | None = None) -> None:
    """Every slot of the step's round that was not returned lapses."""
    approvals = dict(desk.f.approvals)
    for at, approval in desk.f.approvals.items():
        if approval.step == key and at != but and approval.state in ABORTABLE:
            approvals[at] = replace(approval, state=SlotState.LAPSED)
    decisions = {at: replace(d, kept=d.kept and d.step != key) for at, d in desk.f.decisions.items()}
    desk.put(approvals=approvals, decisions=decisions)


def _list_late_change(desk: Desk, steps: tuple[str, ...], cause: str) -> None:
    """One task per change lists the steps; it holds the staff transfer while that is unfinished."""
    transfer = desk.f.steps.get(Milestone.STAFF_TRANSFER.value)
    pending = (
        transfer is not None
        and transfer.status not in (Status.APPROVED, Status.WAIVED)
        and desk.reading.applies(transfer.key) is not NO
    )
    owner = next(iter(desk.holders(Role.STAFF_LEAD, Side.GROUP)), desk.by)
    number = desk.event("late_change", {"steps": list(steps), "cause": cause})
    key = f"late-change-{number}"
    task = Task(
        key=key,
        title="Look again at " + ", ".join(title(desk.pathway, s) for s in steps),
        owner=owner,
        due_on=None,
        origin=TaskOrigin.LATE_CHANGE,
        laid_by=desk.by,
        event=number,
        holds=TaskHolds.MILESTONE if pending else TaskHolds.NONE,
        holds_key=Milestone.STAFF_TRANSFER.value if pending else "",
    )
    desk.put(tasks={**desk.f.tasks, key: task})
