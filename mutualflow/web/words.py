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

SLOT: Mapping[str, str] = {
    "not_asked_yet": "Asked when it is sent",
    "waiting": "Waiting",
    "to_be_checked": "Recorded; the minute has to be checked",
    "approved": "Approved",
    "approved_subject_to": "Approved subject to conditions",
    "returned": "Returned",
    "lapsed": "Ended, because something changed",
}
"""Where an approval stands."""

TASK: Mapping[str, str] = {
    "open": "to be done",
    "done": "done, to be accepted",
    "accepted": "accepted",
    "withdrawn": "taken back",
}

TOUCHED: Mapping[str, str] = {
    "taken_back": "goes back to the group before it is answered",
    "reopened": "is no longer approved and has to be sent again",
    "put_right": "has to be corrected with the register or in what was signed",
    "listed": "is listed as something to look at again",
}
"""What a changed answer does to a step."""

SIDES: Mapping[str, str] = {
    "group": "The staff group",
    "host": "The host",
    "commissioner": "The commissioner",
    "union": "The union",
    "partner": "Partners",
    "independent": "Independent people",
}

NATURE: Mapping[str, str] = {
    "law": "Law",
    "service_standard": "A service standard, not law",
    "our_estimate": "Our estimate, not law",
}
"""Whose rule a date is."""

CLAUSE: Mapping[str, str] = {"changed": "changed", "added": "new", "removed": "taken out"}
"""What became of a clause from one round to another."""
