"""One thing that is waited for, in words, and the order in which waits are shown."""

from dataclasses import dataclass
from datetime import date

from mutualflow.domain.checks import slot_parties
from mutualflow.domain.desk import role_words, words
from mutualflow.domain.formation import Awaited, Formation
from mutualflow.domain.keys import Role, Side
from mutualflow.domain.material import say_day
from mutualflow.domain.pathway import Pathway, say
from mutualflow.services.looking import Look

DOING = {
    "submit": "Put forward",
    "approve": "Answer",
    "decide": "Record the decision on",
    "check": "Check the minute of",
    "file": "Send to the register",
    "record_answer": "Record the register's answer to",
    "task": "Do the task",
    "accept": "Accept the task",
    "answer": "Answer the question on",
    "confirm": "Say whether it still stands",
    "find_out": "Find out what is not known yet in",
}
"""What somebody is waited for, as the beginning of a line."""

FAR = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Wait:
    """What waits, for whom, since when. `first_by`: what gives it its place in the order."""

    formation: str
    formation_name: str
    key: str
    what: str
    doing: str
    step: str
    title: str
    role: str
    people: tuple[str, ...]
    names: tuple[str, ...]
    since: date
    days: int
    due_on: date | None
    legal_on: date | None
    weighty: bool
    taken_by: str
    first_by: str
    slot: str = ""
    organisation: str = ""
    standing_in_for: str = ""
    paused: bool = False


def order(entry: Awaited) -> tuple[date, bool, date, date, str]:
    """A date of law first, then what holds a gate or irrevocable step, then the agreed day, then the longest wait."""
    return entry.legal_on or FAR, not entry.weighty, entry.due_on or FAR, entry.since, entry.key


def first_by(entry: Awaited, today: date) -> str:
    """Which of the four it was."""
    if entry.legal_on is not None:
        late = " (passed)" if entry.legal_on < today else ""
        return f"date of law {say_day(entry.legal_on)}{late}"
    if entry.weighty:
        return "holds up a gate or something that cannot be taken back"
    if entry.due_on is not None:
        return f"{'overdue since' if entry.due_on < today else 'wanted by'} {say_day(entry.due_on)}"
    return f"waiting since {say_day(entry.since)}"


def role_of(pathway: Pathway, entry: Awaited) -> str:
    """The role or body that is asked, in words."""
    if entry.what == "check":
        return "somebody of another side"
    if entry.slot and entry.what in ("approve", "decide", "accept"):
        slot = next(s for s in pathway.steps[entry.step].slots if s.key == entry.slot)
        if slot.body is not None:
            return " or ".join(dict.fromkeys(role_words(p.role, p.side) for p in slot_parties(slot)))
    return role_words(Role(entry.role), Side(entry.side)) if entry.role else ""


def about(pathway: Pathway, formation: Formation, entry: Awaited) -> str:
    """What it is about: the task's or the step's title."""
    if entry.what in ("task", "accept"):
        task = formation.tasks.get(entry.key.partition(":")[2])
        if task is not None:
            return task.title
    step = pathway.steps.get(entry.step)
    return say(step.title) if step else words(entry.key)


def wait(look: Look, entry: Awaited) -> Wait:
    """One entry of a formation, in words."""
    people = look.waited_for(entry)
    return Wait(
        formation=look.formation.key,
        formation_name=look.formation.name,
        key=entry.key,
        what=entry.what,
        doing=DOING[entry.what],
        step=entry.step,
        title=about(look.pathway, look.formation, entry),
        role=role_of(look.pathway, entry),
        people=people,
        names=tuple(look.name(p) for p in people),
        since=entry.since,
        days=max((look.today - entry.since).days, 0),
        due_on=entry.due_on,
        legal_on=entry.legal_on,
        weighty=entry.weighty,
        taken_by=look.name(entry.taken_by),
        first_by=first_by(entry, look.today),
        slot=entry.slot,
        organisation=look.organisation(entry.organisation),
    )


def waits(look: Look) -> tuple[Wait, ...]:
    """Everything that is waited for in a formation, in order."""
    return tuple(wait(look, entry) for entry in sorted(look.waits(), key=order))
