"""The boxes of an act's form, made from the act's fields: the same table that the command line is made from."""

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from mutualflow.domain.formation import Condition, DecisionOutcome
from mutualflow.domain.keys import Milestone
from mutualflow.domain.moves import ACTS
from mutualflow.domain.spans import Span
from mutualflow.domain.spelling import arguments
from mutualflow.services.looking import Look
from mutualflow.web import choices, inputs
from mutualflow.web.act_words import ON_A_PROJECT, ON_A_STEP
from mutualflow.web.forms import Form
from mutualflow.web.inputs import Box

CONDITION_ROWS = 4
PEOPLE = ("of", "owner", "person", "stand_in")
NOBODY = "nobody yet"
LONG = frozenset({"reason", "reasons", "note", "text"})


def boxes(look: Look, step: str, act: str) -> tuple[Box, ...]:
    """In the order of the act's words; `step` is '' for an act on the project as a whole."""
    known = arguments(ACTS[act])
    found = []
    for name, (label, hint) in (ON_A_STEP if step else ON_A_PROJECT)[act].fields.items():
        kind, listed = _kind(look, step, name, known[name][1])
        found.append(Box(name, kind, label, hint, listed))
    return tuple(found)


def conditions(form: Form) -> tuple[list[Mapping[str, object]], list[str]]:
    """The conditions that were filled in, and what is missing in them."""
    found: list[Mapping[str, object]] = []
    missing = []
    for number in range(1, CONDITION_ROWS + 1):
        at = f"condition-{number}"
        title, owner = form.text(f"{at}-title"), form.text(f"{at}-owner")
        if not (title or owner):
            continue
        try:
            due = inputs.date_text(form, f"{at}-due")
        except ValueError as fault:
            missing.append(f"Condition {number}: {fault}")
            continue
        if not title or not owner:
            missing.append(f"Condition {number}: say what has to be done and who owes it")
        holds = form.text(f"{at}-holds")
        found.append({"key": f"c{number}", "title": title, "owner": owner, "due": due or None, "holds": holds or None})
    return found, missing


def holds(look: Look, step: str) -> dict[str, str]:
    """What a condition may hold up: steps that are not done and come later, by their titles."""
    order = [key for stage in look.pathway.stages for key in stage.steps]
    later = order[order.index(step) + 1 :] if step in order else order
    return {f"step:{key}": look.title(key) for key in later if not look.pathway.steps[key].puts_right}


def _kind(look: Look, step: str, name: str, hint: object) -> tuple[str, Mapping[str, str]]:
    """The kind of box for a field of an act, and what there is to choose from."""
    plain = _plain(hint)
    by_name: dict[str, Callable[[], tuple[str, Mapping[str, str]]]] = {
        "to": lambda: ("select", choices.holders(look, look.pathway.steps[step].owner)),
        "audience": lambda: ("choice", choices.audiences(look)),
        "answer": lambda: ("choice", choices.ANSWERS),
        "minute": lambda: ("select", choices.files(look, step)),
        "certificate": lambda: ("select", choices.files(look, step)),
        "points": lambda: ("choices", _points(look, step)),
        "successor": lambda: ("select", choices.members(look) | {NOBODY: "Nobody yet"}),
        **{person: lambda: ("select", choices.members(look)) for person in PEOPLE},
    }
    by_type: dict[object, tuple[str, Mapping[str, str]]] = {
        Span: ("date", {}),
        date: ("date", {}),
        bool: ("choices", {"yes": "Yes"}),
        DecisionOutcome: ("choice", choices.OUTCOMES),
        Milestone: ("select", {m.value: words(m.value) for m in Milestone}),
    }
    if plain is Condition:
        return "conditions", holds(look, step)
    if plain in by_type:
        return by_type[plain]
    if name in by_name:
        return by_name[name]()
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return "choice", {value: words(value) for value in plain}
    return ("long" if name in LONG else "text"), {}


def words(key: str) -> str:
    """A key of a closed list as words."""
    return key.replace("_", " ").capitalize()


def _plain(hint: object) -> object:
    """A field's type without "or nothing", and of a tuple the type of its parts."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(a for a in typing.get_args(hint) if a is not type(None))
    return typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else hint


def _points(look: Look, step: str) -> dict[str, str]:
    """What a return may point at: questions, lists and files of the step that she may see."""
    of = look.pathway.steps[step]
    asked = {a.key: look.label(a.key) for a in (*of.asks, *of.lists) if look.sees_key(a.key)}
    return asked | choices.files(look, step)
