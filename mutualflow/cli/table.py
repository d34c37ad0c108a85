"""Every command by name: where it lives and one line of help. Small on purpose: `--help` reads nothing else.

Acts are made from the table of acts (domain/moves.py); a test compares the names and words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: the module that holds it (or an entry point's name), and its line of help."""

    name: str
    group: str
    module: str
    help: str


LOOK, ACT, RUN = "Look", "Act", "Run"

_LOOK = (
    ("status", "overview", "Where a formation stands: a picture of the walk"),
    ("next", "overview", "What waits for you, or for anybody, over all formations"),
    ("show", "steps", "One step: what is asked, put forward, answered, and what you can do"),
    ("why", "steps", "Why a step is needed, waits, or may be needed"),
    ("tasks", "steps", "Who owes what by when, and what it holds up"),
    ("dates", "calendar", "Dates of law, service standards and estimates, with their sources"),
    ("milestones", "calendar", "Planned, forecast and actual days"),
    ("documents", "papers", "Documents kept and drafts to print, with their blanks"),
    ("people", "people", "Who holds which role, who is away, and roles nobody holds"),
    ("history", "people", "What happened, line by line"),
    ("pathways", "pathways", "List, show and check the pathways"),
)
_RUN = (
    ("init", "operator", "Make or upgrade the database and publish pathways and law"),
    ("start", "operator", "Start a formation"),
    ("person", "operator", "Add a person or renew a contact"),
    ("vouch", "operator", "Confirm somebody's role where nobody of the formation can"),
    ("prescribed", "operator", "Load official wording, and see what is loaded"),
    ("remind", "operator", "Write and send today's digests, without Prefect"),
    ("walk", "workflows:walk", "Do what time makes due, as a Prefect flow"),
    ("timetable", "workflows:timetable", "Serve the timetable with its own or an outside Prefect server"),
    ("serve", "web:serve", "Open the site for everybody in it"),
    ("practise", "web:practise", "Open a practice site on this computer, with a sample half-way"),
    ("audit", "operator", "Verify the hash chains of all histories"),
    ("replay", "replaying", "Replay a history or sample and say what it shows"),
    ("demo", "workflows:demo", "Walk the samples from first idea to first year"),
)
_ACTS = (
    ("answer", "Answer one question"),
    ("add-row", "Add a row to a record list, or change the columns named"),
    ("retire-row", "Take a row out of a list; it stays readable"),
    ("complete-list", 'Say "that is all of them"'),
    ("attach", "Attach a file to a step"),
    ("take-out", "Take out a wrong file"),
    ("keep-version", 'Keep a version of a document, with its blanks: "this version goes to the board"'),
    ("hand-over", "Hand a step over to somebody else who holds the role"),
    ("submit", "Put a step forward"),
    ("withdraw", "Take back what you put forward"),
    ("take", "Say that you are looking at it; others still may act"),
    ("approve", "Approve what was put forward"),
    ("approve-subject-to", "Approve subject to conditions; each becomes a task"),
    ("return", "Return what was put forward, with a reason"),
    ("record-decision", "Record what a body decided"),
    ("check-decision", "Say that the minute is genuine"),
    ("waive", "Leave out an optional step, with a reason"),
    ("reopen", "Open a finished step again"),
    ("confirm", "Say that a finished step still stands after what overtook it"),
    ("file", "Say what was sent to the register"),
    ("record-answer", "Record the register's answer"),
    ("lay-task", "Give somebody a task"),
    ("done", "Say that your task is done"),
    ("accept", "Accept that a task is done"),
    ("withdraw-task", "Take a task back"),
    ("plan", "Plan a milestone"),
    ("agree-due-date", "Agree the day by which you will have done a step"),
    ("note", "Write a note on a step"),
    ("ask", "Ask somebody before sending"),
    ("answer-note", "Answer a question that was put to you"),
    ("make-statement", "Put your own words on a step's record; nobody else can take them off"),
    ("give-role", "Give somebody a role"),
    ("confirm-role", "Confirm the first person of a side"),
    ("end-role", "End a role"),
    ("be-away", "Say that you are away, and who stands in"),
    ("pause", "Pause the formation"),
    ("resume", "Take a paused formation up again"),
    ("end", "End the formation"),
    ("adopt", "Start half-way: take over what was done before"),
    ("open-put-right", "Open the correction of what was filed or signed"),
)

COMMANDS: dict[str, Entry] = {
    **{name: Entry(name, LOOK, module, words) for name, module, words in _LOOK},
    **{name: Entry(name, ACT, "acting", words) for name, words in _ACTS},
    **{name: Entry(name, RUN, module, words) for name, module, words in _RUN},
}
