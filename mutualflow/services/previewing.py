"""What a changed answer would do, before it is given: the same computation that the change itself runs."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from mutualflow.domain import answering
from mutualflow.domain.acts import AddRow, Answer, CompleteList, RetireRow
from mutualflow.domain.desk import Desk
from mutualflow.services.looking import Look
from mutualflow.services.step_page import label

Change = Answer | AddRow | RetireRow | CompleteList


@dataclass(frozen=True, slots=True)
class Touched:
    """One step that would be touched. `how`: taken_back, reopened, put_right, or listed (after the launch)."""

    step: str
    title: str
    how: str
    gate: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the change would do. `confirm`: gates to be named with it; a changed fingerprint is shown again."""

    touched: tuple[Touched, ...]
    confirm: tuple[str, ...]
    fingerprint: str


def preview(look: Look, change: Change) -> Preview:
    """What an answer or a changed list would reopen; Refused as the change itself would be. No query."""
    now = datetime.combine(look.today, time(12), UTC)
    desk = Desk(look.pathway, look.formation, by=look.by, now=now, today=look.today, law=look.law.thresholds)
    effect = answering.preview(desk, change)
    because = dict(effect.because)
    touched = [
        Touched(
            step,
            look.title(step),
            how,
            look.pathway.steps[step].gate,
            tuple(label(look, key) for key in because.get(look.pathway.steps[step].puts_right or step, ())),
        )
        for how, steps in (
            ("taken_back", effect.taken_back),
            ("reopened", effect.reopened),
            ("put_right", effect.put_right),
            ("listed", effect.listed),
        )
        for step in steps
    ]
    confirm = tuple(one.step for one in touched if one.how == "reopened" and one.gate)
    return Preview(tuple(touched), confirm, effect.fingerprint)
