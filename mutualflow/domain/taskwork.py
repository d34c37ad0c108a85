"""Tasks: laid, done, accepted, withdrawn, and what they may hold up."""

import re
from collections.abc import Iterable
from dataclasses import replace

from mutualflow.domain.acts import Accept, Done, LayTask, WithdrawTask
from mutualflow.domain.checks import for_organisation, not_ended, slot_parties
from mutualflow.domain.desk import Desk, title
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import FINISHED, Condition, Holds, Task, TaskState
from mutualflow.domain.keys import Milestone, Side
from mutualflow.domain.pathway import Slot
from mutualflow.domain.tri import NO

TASK_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def lay_task(desk: Desk, act: LayTask) -> None:
    """The group's own task, or something a slot's holder asks for."""
    old = desk.f.tasks.get(act.key)
    if old is not None and old.laid_by == desk.by and old.title == act.title:
        return
    slot = _slot(desk, act.step, act.slot) if act.slot else None
    check_named(desk, (Condition(act.key, act.title, act.owner, act.due_on, act.holds, act.holds_key),))
    not_ended(desk)
    if slot is not None:
        if not for_organisation(desk, slot_parties(slot), act.organisation):
            raise Refused(Refusal.NOT_PERMITTED, "Only who holds that slot can ask for something in its name.")
    elif not desk.on_side(Side.GROUP):
        raise Refused(Refusal.NOT_PERMITTED, "The group gives itself its tasks.", who_can="anyone of the group")
    check_holdable(desk, act.holds, act.holds_key, laid_at=act.step)
    number = desk.event(
        "lay_task", {"task": act.key, "holds": act.holds.value, "holds_key": act.holds_key, "owner": act.owner}
    )
    task = Task(
        key=act.key,
        title=act.title,
        owner=act.owner,
        due_on=act.due_on,
        origin=act.origin,
        laid_by=desk.by,
        event=number,
        holds=act.holds,
        holds_key=act.holds_key,
        step=act.step,
        slot=act.slot,
        organisation=act.organisation,
    )
    desk.put(tasks={**desk.f.tasks, act.key: task})


def done(desk: Desk, act: Done) -> None:
    """Its owner says that it is done."""
    task = _task(desk, act.task)
    file = desk.f.evidence.get(act.evidence)
    if act.evidence and (file is None or file.taken_out):
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no file “{act.evidence}” on this formation; attach it first.")
    not_ended(desk)
    if task.owner != desk.by:
        raise Refused(
            Refusal.NOT_PERMITTED, "Only the person who owes this can say that it is done.", who_can=task.owner
        )
    if task.state is TaskState.DONE:
        return
    _task_in(task, TaskState.OPEN)
    number = desk.event("done", {"task": task.key, "evidence": act.evidence})
    _put(desk, replace(task, state=TaskState.DONE, evidence=act.evidence, event=number))


def accept(desk: Desk, act: Accept) -> None:
    """A holder of the slot that laid it accepts it, never its owner."""
    task = _task(desk, act.task)
    not_ended(desk)
    if task.owner == desk.by:
        raise Refused(Refusal.FOUR_EYES, "You owe this task, so somebody else accepts it.")
    _for_the_slot(desk, task)
    if task.state is TaskState.ACCEPTED:
        return
    _task_in(task, TaskState.DONE)
    number = desk.event("accept", {"task": task.key})
    _put(desk, replace(task, state=TaskState.ACCEPTED, event=number))


def withdraw_task(desk: Desk, act: WithdrawTask) -> None:
    """Take a task back."""
    task = _task(desk, act.task)
    not_ended(desk)
    if task.slot:
        if task.owner == desk.by:
            raise Refused(Refusal.FOUR_EYES, "You owe this task, so somebody else takes it back.")
        _for_the_slot(desk, task)
    elif task.laid_by != desk.by and not desk.on_side(Side.GROUP):
        raise Refused(Refusal.NOT_PERMITTED, "Only the group can take its own task back.", who_can=task.laid_by)
    if task.state is TaskState.WITHDRAWN:
        return
    if task.state is TaskState.ACCEPTED:
        raise Refused(Refusal.WRONG_STATUS, "This task has been accepted.")
    number = desk.event("withdraw_task", {"task": task.key}, text=act.reason)
    _put(desk, replace(task, state=TaskState.WITHDRAWN, event=number))


def check_named(desk: Desk, tasks: Iterable[Condition]) -> None:
    """A task has an owner of this formation, holds something that there is, has a title and a key of its own."""
    tasks = tuple(tasks)
    for task in tasks:
        if not any(m.person == task.owner and m.current(desk.today) for m in desk.f.members):
            raise Refused(Refusal.UNKNOWN_KEY, f"“{task.owner}” has no role in this formation.")
        if task.holds is not Holds.NONE:
            held_step(desk, task.holds, task.holds_key)
    for task in tasks:
        if not TASK_KEY.fullmatch(task.key):
            raise Refused(
                Refusal.INVALID_VALUE, f"{task.key[:60]!r} cannot name a task: use letters, digits, dots and dashes."
            )
        if task.key in desk.f.tasks or sum(task.key == other.key for other in tasks) > 1:
            raise Refused(Refusal.INVALID_VALUE, f"There is already a task “{task.key}”; choose another key.")
        if not task.title.strip():
            raise Refused(Refusal.INVALID_VALUE, f"Say what has to be done in the task “{task.key}”.")


def held_step(desk: Desk, holds: Holds, holds_key: str) -> str:
    """The step that is held up, itself or as the one that reaches a milestone; UNKNOWN_KEY where there is none."""
    if holds is not Holds.MILESTONE:
        return desk.step(holds_key).key
    reached = desk.pathway.reached_by.get(Milestone(holds_key)) if holds_key in set(Milestone) else None
    if reached is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"No step reaches a milestone “{holds_key}”.")
    return reached


def check_holdable(desk: Desk, holds: Holds, holds_key: str, *, laid_at: str) -> None:
    """A task holds only what applies or may, comes later and is unfinished."""
    if holds is Holds.NONE:
        return
    step = held_step(desk, holds, holds_key)
    state = desk.f.steps[step]
    if desk.reading.applies(step) is NO or state.status in FINISHED or step == laid_at:
        raise Refused(
            Refusal.WRONG_STATUS,
            f"A task can hold up only a later step that is needed and unfinished, not {title(desk.pathway, step)}.",
        )
    if laid_at and step in desk.pathway.behind[laid_at]:
        raise Refused(Refusal.ORDER, f"{title(desk.pathway, step)} comes before the step that asks for this.")


def _slot(desk: Desk, step: str, key: str) -> Slot:
    slot = next((s for s in desk.step(step).slots if s.key == key), None)
    if slot is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"{title(desk.pathway, step)} has no slot “{key}”.")
    return slot


def _task(desk: Desk, key: str) -> Task:
    task = desk.f.tasks.get(key)
    if task is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no task “{key}”.")
    return task


def _for_the_slot(desk: Desk, task: Task) -> None:
    if not task.slot:
        raise Refused(Refusal.WRONG_STATUS, "The group's own task ends when it is done; nobody accepts it.")
    slot = next(s for s in desk.pathway.steps[task.step].slots if s.key == task.slot)
    if not for_organisation(desk, slot_parties(slot), task.organisation):
        who = " or ".join(p.role.value.replace("_", " ") for p in slot_parties(slot))
        raise Refused(Refusal.NOT_PERMITTED, f"This is for the {who} who asked for it.", who_can=who)


def _task_in(task: Task, wanted: TaskState) -> None:
    if task.state is not wanted:
        raise Refused(Refusal.WRONG_STATUS, f"The task “{task.title}” is {task.state.value}.")


def _put(desk: Desk, task: Task) -> None:
    desk.put(tasks={**desk.f.tasks, task.key: task})
