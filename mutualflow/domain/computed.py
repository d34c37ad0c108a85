"""The computed half of a step: whether it applies, what it waits for, whether it is overtaken."""

from collections.abc import Mapping
from dataclasses import replace

from mutualflow.domain.applies import Reading
from mutualflow.domain.formation import FINISHED, Status, StepState
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.tri import NO, Tri


class Requirements:
    """Who requires whom in one reading: conditions read, steps that do not apply passed through."""

    def __init__(self, reading: Reading, steps: Mapping[str, StepState]) -> None:
        self._reading = reading
        self._closed = frozenset(key for key, state in steps.items() if state.status is Status.CLOSED)
        self._direct, self._behind = reading.required.setdefault(self._closed, ({}, {}))

    def direct(self, key: str) -> tuple[str, ...]:
        """The steps that this one requires itself, pass-through counted, in graph order."""
        known = self._direct.get(key)
        if known is None:
            found: dict[str, None] = {}
            for after in self._reading.pathway.steps[key].after:
                if after.step in self._closed or self._reading.holds(after.when) is NO:
                    continue
                if self._reading.applies(after.step) is NO:
                    found.update(dict.fromkeys(self.direct(after.step)))
                else:
                    found[after.step] = None
            known = self._direct[key] = tuple(found)
        return known

    def behind(self, key: str) -> frozenset[str]:
        """Everything behind a step, all the way."""
        known = self._behind.get(key)
        if known is None:
            near = self.direct(key)
            known = self._behind[key] = frozenset(near).union(*(self.behind(n) for n in near))
        return known


def recompute(reading: Reading, steps: Mapping[str, StepState]) -> dict[str, StepState]:
    """All steps with their computed columns; a step that does not change stays the same object."""
    requirements = Requirements(reading, steps)
    unfinished = frozenset(key for key, state in steps.items() if state.status not in FINISHED)
    overtaken = {key: _overtaken(requirements, steps, state) for key, state in steps.items()}
    unsettled = unfinished.union(key for key, again in overtaken.items() if again)
    result: dict[str, StepState] = {}
    for key, state in steps.items():
        applies = reading.applies(key)
        waits: tuple[str, ...] = ()
        if key in unfinished and state.status is not Status.CLOSED and applies is not NO:
            waits = _waits(requirements, reading.pathway, key, unfinished, unsettled)
        result[key] = _with(state, applies, waits, overtaken[key])
    return result


def _with(state: StepState, applies: Tri, waits: tuple[str, ...], overtaken: bool) -> StepState:
    if state.applies is applies and state.waits_for == waits and state.overtaken == overtaken:
        return state
    return replace(state, applies=applies, waits_for=waits, overtaken=overtaken)


def _overtaken(requirements: Requirements, steps: Mapping[str, StepState], state: StepState) -> bool:
    if state.status not in FINISHED:
        return False
    judged = max(state.done_at, state.confirmed_at)
    return any(steps[r].status not in FINISHED or steps[r].done_at > judged for r in requirements.direct(state.key))


def _waits(
    requirements: Requirements, pathway: Pathway, key: str, unfinished: frozenset[str], unsettled: frozenset[str]
) -> tuple[str, ...]:
    """What an unfinished step that applies or may waits for; `unsettled`: unfinished or overtaken."""
    if not pathway.steps[key].waits_deep:
        return tuple(r for r in requirements.direct(key) if r in unfinished)
    behind = requirements.behind(key) & unsettled
    return tuple(r for r in pathway.steps if r in behind) if behind else ()
