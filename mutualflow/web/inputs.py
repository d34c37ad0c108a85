"""What is wrong with a form, for the error summary and beside the field."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the id of the field, and what to do in words."""

    at: str
    words: str
