"""What happened, line by line, for the audience that one is part of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mutualflow.domain.desk import words
from mutualflow.domain.formation import Kind
from mutualflow.domain.material import say_date
from mutualflow.domain.recording import FORM
from mutualflow.services.looking import Look
from mutualflow.storage import events, seen
from mutualflow.storage.events import Told

PAGE = 50
NEWEST = 8

SAID: Mapping[str, str] = {
    "start": "started the formation",
    "answer": "answered {fact}",
    "corrected": "corrected the words of {fact}, put forward in {step}",
    "add_row": "wrote the row {row} of {list}",
    "retire_row": "took the row {row} out of {list}",
    "complete_list": "said that {list} is complete",
    "attach": "attached {key} to {step}",
    "take_out": "took {key} out of {step}",
    "keep_version": "kept {number} of {step}",
    "hand_over": "handed {step} over to {to}",
    "submit": "put {step} forward (round {round})",
    "outside": "entered {step} as decided outside (round {round})",
    "assumed": "took {step} over as done before",
    "withdraw": "took {step} back",
    "take": "is looking at {step}",
    "approve": "approved {step}",
    "approve_subject_to": "approved {step} subject to conditions",
    "return": "returned {step}",
    "returned": "{step} is in hand again",
    "returned_by_body": "said no to {step}",
    "record_decision": "recorded the decision on {step}: {outcome}",
    "check_decision": "checked the minute of {step}",
    "decision_counts": "the decision on {step} counts now: nothing is waited for any more",
    "approved": "{step} is approved",
    "waive": "left {step} out",
    "reopen": "opened {step} again",
    "confirm": "said that {step} still stands",
    "file": "sent {step} to the register",
    "record_answer": "recorded the register's answer to {step}: {answer}",
    "lay_task": "laid the task {task}",
    "done": "did the task {task}",
    "accept": "accepted the task {task}",
    "withdraw_task": "took the task {task} back",
    "plan": "planned {milestone} for {day}",
    "agree_due_date": "agreed {due_on} for {step}",
    "note": "wrote a note on {step}",
    "ask": "asked a question on {step}",
    "answer_note": "answered a question",
    "statement": "made a statement on {step}",
    "give_role": "gave {person} the role of {role} ({side})",
    "confirm_role": "confirmed {person} as {role}",
    "end_role": "ended the role of {person} as {role}",
    "be_away": "is away from {since} to {until}",
    "pause": "paused the formation until {review_on}",
    "resume": "took the formation up again",
    "end": "ended the formation: {outcome}",
    "adopt": "{step} is taken over as approved before",
    "open_put_right": "opened {step}",
    "effect_taken_back": "{step} went back in hand: its ground has changed",
    "effect_reopened": "{step} opened again: its ground has changed",
    "effect_put_right": "{step} opened: what was filed or signed has to be put right",
    "late_change": "a change after the launch touches {steps}",
    "mended": "computed columns of {steps} were put right by the walk",
    "evidence_expired": "a file on {step} was valid until {valid_until} and is so no longer",
    "absence_over": "the absence of {person} is over: nobody stands in any more",
    "clock_missed": "a date of law has passed: {rule} for {step}",
    "history": "put down what the record shows",
    "law_changed": "the law behind {rule} has changed for {step}",
    "law_crossed": "with {milestone} on {day} another version of the law holds: {rule}",
    "need_changed": "the law as it is now decides anew whether {step} is needed: {needed}",
}  # kind of event -> what is told of it, after the name of who did it

TELLS_ITSELF = frozenset(
    kind for kind, words in SAID.items() if words.startswith(("{step}", "a ", "the ", "with ", "computed columns"))
)
"""Kinds whose words are a sentence without a name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `words`: what was done; `text`: a person's own words; `step`: what it was done to."""

    number: int
    kind: str
    by: str
    name: str
    words: str
    text: str
    step: str
    happened_on: str
    recorded_at: datetime
    via: str
    refs: Mapping[str, object]

    @property
    def sentence(self) -> str:
        """Who did what; or what came of it, where nobody did it in particular."""
        if self.kind in TELLS_ITSELF:
            return self.words[:1].upper() + self.words[1:]
        return f"{self.name} {self.words}"


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of history, newest first. `before`: where the next page goes on; 0 at the beginning of the history."""

    formation: str
    name: str
    lines: tuple[Line, ...]
    before: int


@dataclass(frozen=True, slots=True)
class News:
    """What others did since she was here last. `since` None: a first visit, of which nothing is told."""

    since: int | None
    count: int
    lines: tuple[Line, ...]


def page(look: Look, *, before: int = 0, most: int = PAGE) -> Page:
    """Events before a number (0: from the newest), as she may see them; one query."""
    found = events.page(look.db, look.formation.id, look.audiences, before or look.formation.events + 1, most + 1)
    lines = tuple(line(look, one) for one in found[:most])
    return Page(look.formation.key, look.formation.name, lines, found[most - 1].number if len(found) > most else 0)


def form(look: Look) -> str:
    """What a kept history says of its legal form in words, where it names no one that was chosen; '' for others."""
    if look.formation.kind is not Kind.HISTORY:
        return ""
    first = events.page(look.db, look.formation.id, look.audiences, before=3, most=1)
    told = next((one for one in first if one.refs.get("what") == FORM and one.text), None)
    return (told.text or "").removesuffix(".") if told else "Legal form not known from the record"


def news(look: Look, most: int = NEWEST) -> News:
    """What others did since she was here last; at most three queries."""
    last = seen.of(look.db, look.by, look.formation.id)
    if last is None:
        return News(None, 0, ())
    if last >= look.formation.events:
        return News(last, 0, ())
    found, count = events.since(look.db, look.formation.id, look.audiences, last, but=look.by, most=most)
    return News(last, count, tuple(line(look, one) for one in found))


def line(look: Look, told: Told) -> Line:
    """One event in words."""
    refs = told.refs
    said = {key: _ref(look, key, value) for key, value in refs.items()}
    template = SAID.get(told.kind, told.kind.replace("_", " "))
    text = "(these words were erased)" if told.text is None else told.text
    return Line(
        number=told.number,
        kind=told.kind,
        by=told.by,
        name=look.name(told.by) if told.by else "The walk" if told.via == "walk" else "The house",
        words=template.format_map(_Refs(said)),
        text=text,
        step=str(refs.get("step", "")),
        happened_on=told.happened_on,
        recorded_at=told.recorded_at,
        via=told.via,
        refs=refs,
    )


class _Refs(dict[str, str]):
    """References in words; one that an event does not carry is left out."""

    def __missing__(self, key: str) -> str:
        return "–"


def _ref(look: Look, key: str, value: object) -> str:
    match key:
        case "step":
            return f"“{look.title(str(value))}”"
        case "steps" if isinstance(value, list):
            return ", ".join(f"“{look.title(str(step))}”" for step in value)
        case "fact" | "list":
            return f"“{look.label(str(value))}”"
        case "person" | "to":
            return look.name(str(value))
        case "task":
            task = look.formation.tasks.get(str(value))
            return f"“{task.title}”" if task else f"“{value}”"
        case "day" | "due_on" | "since" | "until" | "valid_until" | "review_on":
            return say_date(str(value))
        case "key" | "number":
            return str(value)
        case _:
            return words(str(value))
