"""The refusals: few, named, each with a sentence for the person who reads it.

Refused            an act that a rule does not allow; carries a Refusal code
FileFault          a file of ours or the operator's that cannot be used; carries its place
Conflict           somebody else wrote first: the edge runs the use case again
"""

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why an act is refused: a closed list, in the order in which the first is told (model.md 5)."""

    UNKNOWN_KEY = "unknown_key"
    INVALID_VALUE = "invalid_value"
    ENDED = "ended"
    STALE = "stale"
    FOUR_EYES = "four_eyes"
    NOT_PERMITTED = "not_permitted"
    WRONG_STATUS = "wrong_status"
    FROZEN = "frozen"
    NOT_OPTIONAL = "not_optional"
    WAITS = "waits"
    MAYBE = "maybe"
    UNANSWERED = "unanswered"
    MISSING = "missing"
    BLANKS = "blanks"
    NOT_PRINTED = "not_printed"
    HELD_BY_TASK = "held_by_task"
    IMPOSSIBLE = "impossible"
    NEEDS_CONFIRMATION = "needs_confirmation"
    NOT_ON_FILE = "not_on_file"
    ORDER = "order"
    ASSUMED = "assumed"


class Refused(Exception):
    """An act is not allowed; `sentence` is for the person, `who_can` names who could do it instead."""

    def __init__(self, code: Refusal, sentence: str, *, who_can: str = "") -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.who_can = who_can


class Conflict(Exception):
    """The formation's version moved on between reading and writing; run the use case again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a data file: where, what is wrong, what is allowed."""

    file: str
    line: int
    key: str
    wrong: str
    allowed: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        return f"{place}: {self.key}: {self.wrong}.{allowed}"


class FileFault(Exception):
    """A file cannot be used; `faults` says everything that is wrong with it at once."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
