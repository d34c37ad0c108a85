"""Why a step is needed, waits, or may be needed: its condition in words, and which answer would settle it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mutualflow.domain.computed import Requirements
from mutualflow.domain.conditions import Condition
from mutualflow.domain.desk import words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import FINISHED, Holds
from mutualflow.domain.reasons import Reason, Unsettled, explain, unsettled
from mutualflow.domain.shown import Shown, hidden, shown
from mutualflow.domain.tri import MAYBE, NO, Tri
from mutualflow.services.looking import WITHHELD, Look


@dataclass(frozen=True, slots=True)
class Because:
    """One condition in words; `answer`: what is said today of the fact that it reads."""

    words: str
    truth: Tri
    joined: str
    answer: str
    parts: tuple["Because", ...]


@dataclass(frozen=True, slots=True)
class ToKnow:
    """Something that would settle it: the question, the step that asks it, and who answers."""

    kind: str
    key: str
    label: str
    asked_in: str
    asked_in_title: str
    who: str
    can_be_answered: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """One step that is waited for; `through`: it stands further behind (gates look all the way)."""

    step: str
    title: str
    status: Shown
    overtaken: bool
    through: bool
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotWhy:
    """Why an approver is or may be asked."""

    slot: str
    words: str
    truth: Tri
    because: Because
    to_know: tuple[ToKnow, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """Everything that explains where a step stands."""

    step: str
    title: str
    status: Shown
    sentence: str
    because: Because
    to_know: tuple[ToKnow, ...]
    waits_for: tuple[Waiting, ...]
    held_by: tuple[str, ...]
    overtaken_by: tuple[str, ...]
    slots: tuple[SlotWhy, ...]


def why(look: Look, key: str) -> Why:
    """Why a step stands where it does; UNKNOWN_KEY where there is none. No query."""
    step = look.pathway.steps.get(key)
    if step is None or hidden(look.formation.steps[key]):
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no step “{key}” on this pathway.")
    state = look.formation.steps[key]
    condition = look.pathway.steps[step.puts_right].when if step.puts_right else step.when
    requirements = Requirements(look.reading, look.formation.steps)
    near = requirements.direct(key)
    status = shown(state)
    to_know = know(look, unsettled(look.reading, condition))
    waits = tuple(_waiting(look, r, through=r not in near) for r in state.waits_for)
    later = [r for r in near if look.formation.steps[r].done_at > max(state.done_at, state.confirmed_at)]
    unfinished = [r for r in near if look.formation.steps[r].status not in FINISHED]
    return Why(
        step=key,
        title=look.title(key),
        status=status,
        sentence=_sentence(status, to_know, waits),
        because=because(look, condition),
        to_know=to_know,
        waits_for=waits,
        held_by=holding(look, key),
        overtaken_by=tuple(look.title(r) for r in (*unfinished, *later)) if state.overtaken else (),
        slots=tuple(
            SlotWhy(
                slot.key,
                words(slot.body.value if slot.body else slot.role.value if slot.role else slot.key),
                look.reading.holds(slot.when),
                because(look, slot.when),
                know(look, unsettled(look.reading, slot.when)),
            )
            for slot in step.slots
        ),
    )


def _sentence(status: Shown, to_know: tuple[ToKnow, ...], waits: tuple[Waiting, ...]) -> str:
    match status:
        case Shown.NOT_NEEDED:
            return "It is not needed here: its condition does not hold."
        case Shown.MAY_BE_NEEDED:
            labels = ", ".join(f"“{k.label}”" for k in to_know) or "more"
            return f"It may be needed: {labels} must be known first."
        case Shown.WAITS:
            count = len(waits)
            return f"It is needed and waits for {'one step' if count == 1 else f'{count} steps'} before it."
        case Shown.SUBMITTED if waits:
            return "It has been put forward; its approvers cannot answer until what it stands on is finished again."
        case Shown.SUBMITTED:
            return "It is needed and has been put forward."
        case Shown.APPROVED | Shown.WAIVED:
            return f"It is {status.words}."
        case _:
            return "It is needed and waits for nothing: it can be worked on now."


def holding(look: Look, key: str) -> tuple[str, ...]:
    """Tasks that hold a step up: what has to be done, and by whom."""
    step = look.pathway.steps[key]
    return tuple(
        f"“{task.title}” ({look.name(task.owner)})"
        for task in look.formation.tasks.values()
        if task.held
        and (
            (task.holds is Holds.STEP and task.holds_key == key)
            or (task.holds is Holds.MILESTONE and step.reaches is not None and task.holds_key == step.reaches.value)
        )
    )


def _waiting(look: Look, key: str, *, through: bool) -> Waiting:
    state = look.formation.steps[key]
    people = [p for e in look.waits() if e.step == key for p in look.waited_for(e)]
    return Waiting(
        key,
        look.title(key),
        shown(state),
        state.overtaken,
        through,
        tuple(look.name(p) for p in dict.fromkeys(people)),
    )


def because(look: Look, condition: Condition) -> Because:
    """A condition in words with the present answers that she may see."""
    return _because(look, explain(look.reading, condition))


def _because(look: Look, reason: Reason) -> Because:
    return Because(
        reason.words if not reason.fact or look.sees_key(reason.fact) else "something that you do not see",
        reason.truth,
        reason.joined,
        _answer(look, reason),
        tuple(_because(look, part) for part in reason.parts),
    )


def _answer(look: Look, reason: Reason) -> str:
    if reason.milestone:
        span = look.reading.milestones.get(reason.milestone)
        return str(span) if span else "no day planned yet"
    if not reason.fact:
        return ""
    if not look.sees_key(reason.fact):
        return WITHHELD
    if reason.fact in look.pathway.lists:
        rows = look.reading.counts.get(reason.fact, 0)
        still_open = "" if look.reading.complete(reason.fact) else ", not complete yet"
        return f"{rows} {'row' if rows == 1 else 'rows'}{still_open}"
    answer = look.formation.answers.get((reason.fact, ""))
    question = look.pathway.questions.get(reason.fact)
    if question is None or answer is None:
        return "not answered yet"
    said = look.said(question, answer.text)
    if look.reading.asked(reason.fact) is NO:
        return f"{said}, but it is not asked any more and does not count"
    return said if look.reading.asked(reason.fact) is not MAYBE else f"{said}, which does not count yet"


def know(look: Look, wanted: Iterable[Unsettled]) -> tuple[ToKnow, ...]:
    """What would settle a condition, with the step that asks it and who answers."""
    return tuple(_to_know(look, one) for one in wanted)


def _to_know(look: Look, one: Unsettled) -> ToKnow:
    kind, key = one.kind, one.key
    if kind == "rule":
        rule = look.law.book.rules.get(key)
        kind, key = "milestone", rule.counts_from_milestone if rule and rule.counts_from_milestone else key
    if kind == "milestone":
        step = look.pathway.reached_by.get(key, "")  # type: ignore[call-overload]  # milestones are their words
        label = f"the day of the {words(key)}"
        return ToKnow(kind, key, label, step, look.title(step), "staff lead or host sponsor, by planning it", True)
    asker = look.pathway.asker.get(key, "")
    step_ = look.pathway.steps.get(asker)
    state = look.formation.steps.get(asker)
    return ToKnow(
        kind,
        key,
        look.label(key),
        asker,
        look.title(asker),
        look.people_words((step_.owner, *step_.helpers)) if step_ else "",
        state is not None and not state.waits_for and state.status not in FINISHED,
    )
