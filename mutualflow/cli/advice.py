"""What to type next when something was refused: the right name for a slip of the pen, or the command that helps."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection

from mutualflow.domain.errors import Refusal, Refused
from mutualflow.services import looking
from mutualflow.services.looking import Look
from mutualflow.wiring.app import App

ASKED_IN_WORDS = {"reason": "a reason", "successor": "“nobody yet”"}
"""Options that a refusal asks for in words."""


@contextmanager
def advised(app: App, formation: str, by: str, day: date, given: Mapping[str, object], act: str = "") -> Iterator[None]:
    """Let a refusal end with what to type; `given`: what was said, by the names of the options."""
    try:
        yield
    except Refused as refused:
        words = _advice(app, formation, by, day, {k: str(v) for k, v in given.items()}, act, refused)
        if not words:
            raise
        raise Refused(refused.code, f"{refused.sentence} {words}", who_can=refused.who_can) from None


def _advice(app: App, formation: str, by: str, day: date, given: Mapping[str, str], act: str, refused: Refused) -> str:
    step = given.get("step", "")
    show = f"mutualflow show {formation} {step} --as {by}"
    match refused.code:
        case Refusal.UNKNOWN_KEY:
            return _nearest(app, formation, by, day, given)
        case Refusal.STALE if step:
            return f"See it with: {show}"
        case Refusal.UNANSWERED | Refusal.WAITS | Refusal.MAYBE if step:
            return f"See what is open: {show}"
        case Refusal.BLANKS:
            return f"See them: mutualflow documents {formation} --as {by}"
        case Refusal.MISSING:
            wanted = [name for name, words in ASKED_IN_WORDS.items() if words in refused.sentence.lower()]
            return f"Add --{wanted[0]} …" if wanted and not given.get(wanted[0]) else ""
        case Refusal.NOT_PERMITTED | Refusal.FOUR_EYES if act == "confirm_role":
            said = f"--person {given.get('person', '')} --role {given.get('role', '')}"
            return f"Where nobody can, whoever runs the installation types: mutualflow vouch {formation} {said}"
        case Refusal.NEEDS_CONFIRMATION:
            return "If that is meant, type it again with --confirm and the key of each gate."
    return ""


def _nearest(app: App, formation: str, by: str, day: date, given: Mapping[str, str]) -> str:
    """Names like the one that is not known; nothing for whoever may not look into the formation."""

    def use_case(db: Connection) -> list[str]:
        look = looking.look(db, formation, by=by, today=day, law=app.law)
        known = _known(look)
        return [
            near
            for name, said in given.items()
            if name in known and said not in known[name]
            for near in difflib.get_close_matches(said, known[name], n=3)
        ]

    try:
        found = app.read(use_case)
    except Refused:
        return ""
    return f"Did you mean {' or '.join(found)}?" if found else ""


def _known(look: Look) -> dict[str, set[str]]:
    """What each option may name in this formation, as far as she may see it."""
    people = {m.person for m in look.formation.members}
    return {
        "step": {k for k, s in look.pathway.steps.items() if not s.puts_right or look.formation.steps[k].round},
        "fact": set(_seen(look, look.pathway.questions)),
        "list": set(_seen(look, look.pathway.lists)),
        "task": set(look.formation.tasks),
        "document": {p.document for s in look.pathway.steps.values() for p in s.produces},
        **dict.fromkeys(("person", "owner", "of", "to", "stand_in"), people),
    }


def _seen(look: Look, keys: Iterable[str]) -> list[str]:
    return [key for key in keys if look.sees_key(key)]
