"""What a step's status is called when it is shown: what people did and what is computed, in one word."""

from enum import StrEnum

from mutualflow.domain.formation import FINISHED, Status, StepState
from mutualflow.domain.tri import MAYBE, NO


class Shown(StrEnum):
    """The plain statuses, in the order in which the first that fits is shown (model.md 5)."""

    NOT_NEEDED = "not_needed"
    APPROVED = "approved"
    WAIVED = "waived"
    SUBMITTED = "submitted"
    MAY_BE_NEEDED = "may_be_needed"
    WAITS = "waits"
    IN_HAND = "in_hand"
    OPEN = "open"

    @property
    def words(self) -> str:
        """As a person reads it."""
        return self.value.replace("_", " ")


DONE = frozenset({Shown.APPROVED, Shown.WAIVED})


def shown(state: StepState) -> Shown:
    """The plain status of a step; "overtaken" and what it waits for stand beside it."""
    if state.applies is NO:
        return Shown.NOT_NEEDED
    if state.status in FINISHED:
        return Shown(state.status.value)
    if state.status is Status.SUBMITTED:
        return Shown.SUBMITTED
    if state.applies is MAYBE:
        return Shown.MAY_BE_NEEDED
    if state.waits_for:
        return Shown.WAITS
    return Shown.IN_HAND if state.status is Status.IN_HAND else Shown.OPEN


def hidden(state: StepState) -> bool:
    """A put-right step that nothing has opened is not shown."""
    return state.status is Status.CLOSED
