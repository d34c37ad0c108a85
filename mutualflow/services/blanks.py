"""Blanks of a document: what is missing, the question behind it, and the people who can fill it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mutualflow.domain.document import Lack, Missing
from mutualflow.domain.pathway import say
from mutualflow.services.looking import Look


@dataclass(frozen=True, slots=True)
class BlankLine:
    """One thing that a document lacks. `question` '' where it is no question: an official text, or a decision."""

    lack: str
    key: str
    words: str
    question: str
    step: str
    step_title: str
    who: str
    people: tuple[str, ...]
    at: str
    command: str


def blanks(look: Look, missing: Iterable[Missing]) -> tuple[BlankLine, ...]:
    """Everything a document lacks, in the order in which it prints it; what she may not see is counted, not named."""
    return tuple(_blank(look, one) for one in missing)


def _blank(look: Look, one: Missing) -> BlankLine:
    if one.lack is Lack.PRESCRIBED:
        command = "mutualflow prescribed load FILE"
        return BlankLine(one.lack.value, one.key, one.words, "", "", "", "the operator", (), one.at, command)
    key, words = _asked(look, one.key)
    asker = look.pathway.asker.get(key, "")
    step = look.pathway.steps.get(asker)
    parties = (step.owner, *step.helpers) if step else ()
    state = look.formation.steps.get(asker)
    holders = (state.assignee,) if state and state.assignee else tuple(p for q in parties for p in look.held_by(q))
    hidden = not look.sees_key(key)
    return BlankLine(
        lack=one.lack.value,
        key="" if hidden else key,
        words=look.label(key) if hidden else one.words,
        question="" if hidden else words,
        step=asker,
        step_title=look.title(asker) if asker else "",
        who=look.people_words(parties) or one.by,
        people=tuple(look.name(p) for p in dict.fromkeys(holders)),
        at=one.at,
        command=_command(look, key) if not hidden and asker else "",
    )


def _asked(look: Look, key: str) -> tuple[str, str]:
    """The question or list behind a blank, and its words; a cell's key is its column, or list and column."""
    if key in look.pathway.questions and key in look.pathway.asker:
        return key, say(look.pathway.questions[key].words)
    name, _, column = key.partition(".")
    if name in look.pathway.lists:
        records = look.pathway.lists[name]
        return name, say(records.columns[column].words) if column in records.columns else say(records.words)
    for records in look.pathway.lists.values():
        if key in records.columns:
            return records.key, say(records.columns[key].words)
    return key, ""


def _command(look: Look, key: str) -> str:
    if key in look.pathway.lists:
        return f"mutualflow add-row {look.formation.key} --list {key} --row NAME --values COLUMN=ANSWER"
    return f"mutualflow answer {look.formation.key} --fact {key} --value ANSWER"
