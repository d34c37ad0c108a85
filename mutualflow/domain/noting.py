"""Notes, questions before sending, and statements that nobody else can take off."""

from mutualflow.domain.acts import AnswerNote, Ask, MakeStatement, Note
from mutualflow.domain.desk import Desk, NoteRow
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.keys import Audience
from mutualflow.domain.permissions import sees

LONGEST_NOTE = 10_000


def note(desk: Desk, act: Note) -> None:
    """A note on a step, read by its audience."""
    _write(desk, desk.step(act.step).key, "note", act.text, act.audience, key=act.key)


def ask(desk: Desk, act: Ask) -> None:
    """Ask somebody who may see the step, before sending."""
    step = desk.step(act.step)
    asked = tuple(m for m in desk.f.members if m.person == act.of and m.current(desk.today))
    if not sees(asked, act.audience):
        raise Refused(Refusal.INVALID_VALUE, f"“{act.of}” may not read what you want to ask. Choose a wider audience.")
    _write(desk, step.key, "ask", act.text, act.audience, key=act.key, asked_of=act.of)


def answer_note(desk: Desk, act: AnswerNote) -> None:
    """Answer on a thread."""
    _write(desk, "", "answer", act.text, Audience.EVERYONE, answers=act.note)


def make_statement(desk: Desk, act: MakeStatement) -> None:
    """One's own words on a step's record: everyone reads them, nobody else can take them off."""
    _write(desk, desk.step(act.step).key, "statement", act.text, Audience.EVERYONE)


def _write(
    desk: Desk,
    step: str,
    kind: str,
    text: str,
    audience: Audience,
    *,
    key: str = "",
    asked_of: str = "",
    answers: str = "",
) -> None:
    if not text.strip():
        raise Refused(Refusal.MISSING, "There are no words in it.")
    if len(text) > LONGEST_NOTE:
        raise Refused(Refusal.INVALID_VALUE, f"Keep it below {LONGEST_NOTE:,} characters; attach a file for more.")
    mine = tuple(m for m in desk.f.members if m.person == desk.by and m.current(desk.today))
    if not sees(mine, audience):
        raise Refused(Refusal.NOT_PERMITTED, "You have no role here that may read this, so you cannot write to it.")
    number = desk.event(
        kind if kind != "answer" else "answer_note", {"step": step, "answers": answers}, text=text, audience=audience
    )
    desk.notes.append(
        NoteRow(key or f"n{number}", step, kind, desk.by, text.strip(), audience, number, asked_of, answers)
    )
