"""The words of the pages: one table from what the core says to what people read."""

from collections.abc import Mapping

from mutualflow.domain.shown import Shown

ABOUT: Mapping[str, str] = {
    "help": "Help",
    "accessibility": "Accessibility",
    "privacy": "Privacy and cookies",
    "security": "Security",
}
"""Page -> what its link says."""

PROJECT: Mapping[str, str] = {
    "answers": "All answers",
    "documents": "Documents and files",
    "tasks": "Tasks",
    "plan": "Plan and milestones",
    "dates": "Dates of law",
    "people": "People",
    "history": "What happened",
}
"""Page of a project -> what its link says."""

STATUS: Mapping[Shown, tuple[str, str]] = {
    Shown.NOT_NEEDED: ("Not needed", ""),
    Shown.APPROVED: ("Approved", ""),
    Shown.WAIVED: ("Left out", ""),
    Shown.SUBMITTED: ("Waiting", "yellow"),
    Shown.MAY_BE_NEEDED: ("May be needed", "purple"),
    Shown.WAITS: ("Cannot start yet", ""),
    Shown.IN_HAND: ("In progress", "light-blue"),
    Shown.OPEN: ("Ready to start", "blue"),
}
"""Status -> its word (web.md 14.3) and the colour of its tag."""

DONE = "Done"
"""An approved step that nobody had to approve."""

LIFE: Mapping[str, str] = {
    "forming": "Forming",
    "paused": "Paused",
    "launched": "Launched",
    "ended": "Ended",
}

DOING: Mapping[str, str] = {
    "submit": "Send",
    "approve": "Approve or return",
    "decide": "Record the decision on",
    "check": "Check the minute of",
    "file": "Send to the register",
    "record_answer": "Record the register’s answer to",
    "task": "Do the task",
    "accept": "Accept the task",
    "answer": "Answer the question on",
    "confirm": "Say whether it still stands",
    "find_out": "Find out what is not known yet in",
}
"""What somebody is waited for -> the beginning of a line."""
