"""Notes, questions before sending, and statements that nobody else can take off."""

import re

from mutualflow.domain.acts import AnswerNote, Ask, MakeStatement, Note
from mutualflow.domain.desk import Desk, NoteRow
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Awaited
from mutualflow.domain.keys import Audience
from mutualflow.domain.permissions import sees

LONGEST_NOTE = 10_000
HOUSE_KEY = re.compile(r"n\d+")
"""Of an entry that nobody named: n and the number of its event."""


Beginning = tuple[str, str, str, str, str, str]
"""What a thread begins with: who, kind (note, ask), step, words, audience, who is asked ('' in a note)."""


def note(desk: Desk, act: Note) -> None:
    """A note on a step, read by its audience."""
    step = desk.step(act.step).key
    if _fresh_thread(act, (desk.by, "note", step, act.text.strip(), act.audience.value, "")):
        _write(desk, step, "note", act.text, act.audience, key=act.key)


def ask(desk: Desk, act: Ask) -> None:
    """Ask somebody who may see the step, before sending."""
    step = desk.step(act.step)
    if not _fresh_thread(act, (desk.by, "ask", step.key, act.text.strip(), act.audience.value, act.of)):
        return
    asked = tuple(m for m in desk.f.members if m.person == act.of and m.current(desk.today))
    if not sees(asked, act.audience):
        raise Refused(Refusal.INVALID_VALUE, f"“{act.of}” may not read what you want to ask. Choose a wider audience.")
    key = act.key or f"n{desk.next_event}"
    _write(desk, step.key, "ask", act.text, act.audience, key=key, asked_of=act.of)
    waits = Awaited(f"answer:{key}", step.key, "answer", desk.today, person=act.of)
    desk.put(awaited={**desk.f.awaited, waits.key: waits})


def answer_note(desk: Desk, act: AnswerNote) -> None:
    """Answer on a thread; who was asked is waited for no longer once she has answered."""
    _write(desk, act.thread_step, "answer", act.text, act.thread_audience, answers=act.note)
    waits = desk.f.awaited.get(f"answer:{act.note}")
    if waits is not None and waits.person == desk.by:
        desk.put(awaited={key: entry for key, entry in desk.f.awaited.items() if key != waits.key})


def make_statement(desk: Desk, act: MakeStatement) -> None:
    """One's own words on a step's record: everyone reads them, nobody else can take them off."""
    _write(desk, desk.step(act.step).key, "statement", act.text, Audience.EVERYONE)


def _fresh_thread(act: Note | Ask, beginning: Beginning) -> bool:
    """Does it begin a thread? The same again does not; INVALID_VALUE for a key that is another thread's, or ours."""
    if act.begun:
        if act.begun == beginning:
            return False
        raise Refused(Refusal.INVALID_VALUE, f"There is already a thread “{act.key}” here; choose another short name.")
    if HOUSE_KEY.fullmatch(act.key):
        raise Refused(
            Refusal.INVALID_VALUE, f"“{act.key}” is a name that entries without one are given; choose another."
        )
    return True


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
    if len(text) > LONGEST_NOTE:
        raise Refused(Refusal.INVALID_VALUE, f"Keep it below {LONGEST_NOTE:,} characters; attach a file for more.")
    mine = tuple(m for m in desk.f.members if m.person == desk.by and m.current(desk.today))
    if not sees(mine, audience):
        raise Refused(Refusal.NOT_PERMITTED, "You have no role here that may read this, so you cannot write to it.")
    if not text.strip():
        raise Refused(Refusal.MISSING, "There are no words in it.")
    number = desk.event(
        kind if kind != "answer" else "answer_note", {"step": step, "answers": answers}, text=text, audience=audience
    )
    desk.notes.append(
        NoteRow(key or f"n{number}", step, kind, desk.by, text.strip(), audience, number, asked_of, answers)
    )
