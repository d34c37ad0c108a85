"""Planning: forwards from today (three-point forecast) and backwards from the wanted day (latest finishes).

Days are calendar days, durations weeks as the pathway gives them (design estimates, domain.md 1.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mutualflow.domain.applies import Reading
from mutualflow.domain.computed import Requirements
from mutualflow.domain.formation import FINISHED, DateKind, Formation, Kind, Status
from mutualflow.domain.keys import Milestone
from mutualflow.domain.material import say_day
from mutualflow.domain.pathway import Pathway, Step, say
from mutualflow.domain.tri import MAYBE, NO

TARGETS = (Milestone.STAFF_TRANSFER, Milestone.GO_LIVE)
"""Milestones whose planned day is counted back from."""

NOTICEABLE = timedelta(days=7)
"""A forecast row is written only when the day moves by this or more (model.md 7)."""

BESIDE = ("task", "accept", "confirm", "find_out")
"""What is waited for beside a step: it does not begin with it."""


@dataclass(frozen=True, slots=True)
class Finish:
    """When a step is expected to be finished; equal days where it is done."""

    optimistic: date
    likely: date
    pessimistic: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """Per step its expected finish, per step the one that it waited for longest."""

    finishes: Mapping[str, Finish]
    held_by: Mapping[str, str]

    def chain(self, step: str, steps: Mapping[str, Step]) -> tuple[str, ...]:
        """The run of steps that sets the day of `step`, first one first."""
        run = [step]
        while self.held_by.get(run[-1]):
            run.append(self.held_by[run[-1]])
        return tuple(reversed(run))


def forecast(pathway: Pathway, formation: Formation, reading: Reading, today: date) -> Forecast:
    """Forwards from today through everything that is or may be needed.

    Optimistic leaves out what may not be needed; pessimistic and likely count it in.
    """
    requirements = Requirements(reading, formation.steps)
    finishes: dict[str, Finish] = {}
    if formation.kind is Kind.HISTORY:
        return Forecast({}, {})  # recorded, and worked on by nobody
    held_by: dict[str, str] = {}
    floors = _planned_floors(formation, pathway)
    for key, step in pathway.steps.items():
        state = formation.steps[key]
        applies = reading.applies(key)
        if applies is NO or state.status is Status.CLOSED:
            continue
        if state.status in FINISHED:
            finishes[key] = Finish(today, today, today)
            continue
        near = [r for r in requirements.direct(key) if r in finishes]
        floor = max(floors.get(key, today), today)
        begun = _begun(formation, key)
        if begun is not None:
            finishes[key] = _finish(Finish(begun, begun, begun), step, floor, state.status is Status.SUBMITTED)
        else:
            finishes[key] = _finish(_latest(finishes, near, today), step, floor, False, maybe=applies is MAYBE)
        last = max(near, key=lambda r: finishes[r].likely, default="")
        if last and formation.steps[last].status not in FINISHED:
            held_by[key] = last
    return Forecast(finishes, held_by)


def _begun(formation: Formation, key: str) -> date | None:
    """Since when the step, or its approval, is worked on; None where it cannot be begun yet."""
    days = [a.since for a in formation.awaited.values() if a.step == key and a.what not in BESIDE]
    return min(days) if days else None


def _finish(begins: Finish, step: Step, floor: date, forward: bool, *, maybe: bool = False) -> Finish:
    """The step's own weeks on top of when it begins; for what has been put forward a third of them is left."""
    share = 3 if forward else 1
    weeks = step.duration
    optimistic = begins.optimistic + timedelta(days=0 if maybe else 7 * weeks.optimistic // share)
    likely = begins.likely + timedelta(days=7 * weeks.likely // share)
    pessimistic = begins.pessimistic + timedelta(days=7 * weeks.pessimistic // share)
    return Finish(max(optimistic, floor), max(likely, floor), max(pessimistic, floor))


def _latest(finishes: Mapping[str, Finish], near: list[str], today: date) -> Finish:
    return Finish(
        max((finishes[r].optimistic for r in near), default=today),
        max((finishes[r].likely for r in near), default=today),
        max((finishes[r].pessimistic for r in near), default=today),
    )


def _planned_floors(formation: Formation, pathway: Pathway) -> dict[str, date]:
    """A planned day is not brought forward: nobody transfers before the day that was agreed."""
    floors = {}
    for milestone in TARGETS:
        planned = formation.dates.get((milestone, DateKind.PLANNED))
        step = pathway.reached_by.get(milestone)
        if planned is not None and step is not None and planned.span.earliest is not None:
            floors[step] = planned.span.earliest
    return floors


def latest_finishes(pathway: Pathway, formation: Formation, reading: Reading) -> dict[str, date]:
    """Backwards from the planned days: by when each unfinished step has to be finished. Without a plan, nothing."""
    requirements = Requirements(reading, formation.steps)
    latest: dict[str, date] = {}
    for milestone in TARGETS:
        planned = formation.dates.get((milestone, DateKind.PLANNED))
        step = pathway.reached_by.get(milestone)
        if planned is not None and step is not None and planned.span.latest is not None:
            latest[step] = planned.span.latest
    for key in reversed(tuple(pathway.steps)):
        if key not in latest or formation.steps[key].status is Status.CLOSED:
            continue
        begins = latest[key] - timedelta(weeks=pathway.steps[key].duration.likely)
        for requirement in requirements.direct(key):
            latest[requirement] = min(latest.get(requirement, begins), begins)
    return {k: d for k, d in latest.items() if formation.steps[k].status not in FINISHED}


@dataclass(frozen=True, slots=True)
class Shift:
    """A milestone's new forecast and why it moved, in a sentence; `held_by`: the step that made it later, else ''."""

    milestone: Milestone
    finish: Finish
    why: str
    held_by: str = ""


def shifts(pathway: Pathway, formation: Formation, reading: Reading, today: date) -> list[Shift]:
    """Milestones whose forecast has moved by a week or more since the last row, with the reason."""
    found = []
    now = forecast(pathway, formation, reading, today)
    for milestone, step in pathway.reached_by.items():
        finish = now.finishes.get(step)
        if finish is None or (milestone, DateKind.ACTUAL) in formation.dates:
            continue
        old = formation.dates.get((milestone, DateKind.FORECAST))
        if old is not None and old.span.earliest is not None and abs(finish.likely - old.span.earliest) < NOTICEABLE:
            continue
        was = old.span.earliest if old else None
        later = was is not None and finish.likely > was
        held_by = now.chain(step, pathway.steps)[0] if later else ""
        found.append(Shift(milestone, finish, _why(pathway, formation, now, step, was), held_by))
    return found


def _why(pathway: Pathway, formation: Formation, now: Forecast, step: str, was: date | None) -> str:
    run = now.chain(step, pathway.steps)
    first = run[0]
    title = say(pathway.steps[first].title)
    day = now.finishes[step].likely
    if was is None:
        return f"First forecast; the longest run of work begins with “{title}”."
    moved = "later" if day > was else "earlier"
    planned = formation.dates.get((Milestone.STAFF_TRANSFER, DateKind.PLANNED))
    if moved == "earlier":
        return (
            f"Earlier by {(was - day).days} days: work before “{say(pathway.steps[step].title)}” was finished sooner."
        )
    state = formation.steps[first]
    waiting = f"“{title}” is {state.status.value.replace('_', ' ')} and not finished"
    against = ""
    if planned is not None and planned.span.latest is not None and day > planned.span.latest:
        against = f" The planned transfer on {say_day(planned.span.latest)} would be missed."
    return f"Later by {(day - was).days} days: {waiting}.{against}"
