"""Every answer that was given in a formation, by step: what somebody reads who wants to see all of it."""

from dataclasses import dataclass

from mutualflow.domain.tri import NO
from mutualflow.services.looking import Look
from mutualflow.services.step_page import QuestionLine, questions


@dataclass(frozen=True, slots=True)
class Answered:
    """One step and the questions of it that have an answer."""

    step: str
    title: str
    lines: tuple[QuestionLine, ...]


def answers(look: Look) -> tuple[Answered, ...]:
    """In walking order; steps that do not apply and corrections are left out. No query."""
    found = []
    for stage in look.pathway.stages:
        for key in stage.steps:
            if look.formation.steps[key].applies is NO or look.pathway.steps[key].puts_right:
                continue
            lines = tuple(line for line in questions(look, key) if line.answer)
            if lines:
                found.append(Answered(key, look.title(key), lines))
    return tuple(found)
