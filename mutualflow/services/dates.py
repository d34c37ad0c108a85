"""Dates: clocks of law and practice, milestones in their series, and the plan backwards and forwards."""

from dataclasses import dataclass
from datetime import date

from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.desk import words
from mutualflow.domain.formation import FINISHED, DateKind, Kind, MilestoneDate
from mutualflow.domain.keys import Milestone
from mutualflow.domain.material import say_day
from mutualflow.domain.plan import TARGETS, Finish, Forecast, forecast, latest_finishes
from mutualflow.domain.spans import slip
from mutualflow.domain.tri import NO
from mutualflow.services.looking import Look
from mutualflow.storage import clocks as clock_rows
from mutualflow.storage import milestones as milestone_rows

CHECK = "check with your adviser"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One dated rule at one step. `nature`: law, service standard or estimate; `source_note` '' where verified."""

    rule: str
    title: str
    step: str
    step_title: str
    nature: str
    legal_on: date | None
    advisory_on: date | None
    days: int | None
    state: str
    why: str
    counts_from: str
    source: str
    source_title: str
    source_place: str
    verified: bool
    source_note: str
    version: str


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """One milestone. `slip`: days late against the first plan, `slip_last` against the last, least and most."""

    milestone: str
    title: str
    step: str
    first_plan: str
    last_plan: str
    forecast: date | None
    optimistic: date | None
    pessimistic: date | None
    actual: str
    slip: tuple[int, int] | None
    slip_last: tuple[int, int] | None
    replanned: int
    why: str
    source: str  # of the actual day, else of the last plan: where a record has it from
    may_not_apply: bool


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One unfinished step: by when it has to be finished for the planned day, and when it is expected to be."""

    step: str
    title: str
    latest: date | None
    agreed: date | None
    optimistic: date
    likely: date
    pessimistic: date
    late: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A wanted day and what is expected now, with the run of steps that sets it and why in a sentence."""

    milestone: str
    planned: str
    optimistic: date
    likely: date
    pessimistic: date
    late: int | None
    run: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Backwards from the wanted days and forwards from today."""

    targets: tuple[Expected, ...]
    lines: tuple[PlanLine, ...]


def clocks(look: Look) -> tuple[ClockLine, ...]:
    """Every clock, those that run first, by day; one query."""
    found = [_clock(look, c) for c in clock_rows.of(look.db, look.formation.id)]
    return tuple(sorted(found, key=lambda c: (c.state != ClockState.RUNNING.value, c.legal_on or date.max, c.rule)))


def next_legal(found: tuple[ClockLine, ...], today: date) -> ClockLine | None:
    """The next day of law that still runs."""
    open_ = [c for c in found if c.state == ClockState.RUNNING.value and c.nature == "law"]
    return next((c for c in open_ if c.legal_on is not None and c.legal_on >= today), None)


def missed(found: tuple[ClockLine, ...]) -> tuple[ClockLine, ...]:
    """Days of law that went by."""
    return tuple(c for c in found if c.state == ClockState.MISSED.value)


def _clock(look: Look, clock: Clock) -> ClockLine:
    rule = look.law.book.rules.get(clock.rule)
    source = look.law.book.sources.get(clock.source.partition(" ")[0])
    return ClockLine(
        rule=clock.rule,
        title=rule.title if rule else words(clock.rule),
        step=clock.step,
        step_title=look.title(clock.step),
        nature=str(clock.nature),
        legal_on=clock.legal_on,
        advisory_on=clock.advisory_on,
        days=(clock.legal_on - look.today).days if clock.legal_on else None,
        state=clock.state.value,
        why=clock.why,
        counts_from=clock.counts_from,
        source=clock.source,
        source_title=source.title if source else "",
        source_place=source.place if source else "",
        verified=clock.verified,
        source_note="" if clock.verified else CHECK,
        version=clock.version,
    )


def milestones(look: Look) -> tuple[MilestoneLine, ...]:
    """Milestones of steps that are or may be needed, and any that has a day, in walking order; one query."""
    series = milestone_rows.series(look.db, look.formation.id)
    now = _forecast(look)
    place = {key: number for number, key in enumerate(k for stage in look.pathway.stages for k in stage.steps)}
    walking = sorted(Milestone, key=lambda m: place.get(look.pathway.reached_by.get(m, ""), len(place)))
    lines = [_milestone(look, milestone, series, now) for milestone in walking]
    return tuple(line for line in lines if line is not None)


def _milestone(look: Look, milestone: Milestone, series: list[MilestoneDate], now: Forecast) -> MilestoneLine | None:
    mine = [d for d in series if d.milestone is milestone]
    plans = [d for d in mine if d.kind is DateKind.PLANNED]
    actual = next((d for d in reversed(mine) if d.kind is DateKind.ACTUAL), None)
    step = look.pathway.reached_by.get(milestone, "")
    applies = look.reading.applies(step) if step else NO
    if (applies is NO or look.formation.kind is Kind.HISTORY) and not mine:
        return None
    finish = now.finishes.get(step) if step and actual is None else None
    return MilestoneLine(
        milestone=milestone.value,
        title=words(milestone.value),
        step=step,
        first_plan=str(plans[0].span) if plans else "",
        last_plan=str(plans[-1].span) if plans else "",
        forecast=finish.likely if finish else None,
        optimistic=finish.optimistic if finish else None,
        pessimistic=finish.pessimistic if finish else None,
        actual=str(actual.span) if actual else "",
        slip=slip(plans[0].span, actual.span) if plans and actual else None,
        slip_last=slip(plans[-1].span, actual.span) if plans and actual else None,
        replanned=max(len(plans) - 1, 0),
        why=plans[-1].why if plans else "",
        source=actual.source if actual else plans[-1].source if plans else "",
        may_not_apply=bool(step) and applies.value == "maybe",
    )


def plan(look: Look) -> Plan:
    """The plan in both directions; no query."""
    now = _forecast(look)
    latest = latest_finishes(look.pathway, look.formation, look.reading)
    lines = [
        PlanLine(
            step=key,
            title=look.title(key),
            latest=latest.get(key),
            agreed=look.formation.steps[key].due_on,
            optimistic=finish.optimistic,
            likely=finish.likely,
            pessimistic=finish.pessimistic,
            late=max((finish.likely - latest[key]).days, 0) if key in latest else 0,
        )
        for key, finish in now.finishes.items()
        if look.formation.steps[key].status not in FINISHED
    ]
    return Plan(targets(look, now), tuple(lines))


def targets(look: Look, now: Forecast | None = None) -> tuple[Expected, ...]:
    """Staff transfer and go-live: the planned day and what is expected; what has happened is left out."""
    now = now or _forecast(look)
    found = []
    for milestone in TARGETS:
        step = look.pathway.reached_by.get(milestone)
        finish = now.finishes.get(step) if step else None
        if step is None or finish is None or (milestone, DateKind.ACTUAL) in look.formation.dates:
            continue
        if look.reading.applies(step) is NO or look.formation.steps[step].status in FINISHED:
            continue
        found.append(_expected(look, milestone, step, finish, now))
    return tuple(found)


def _expected(look: Look, milestone: Milestone, step: str, finish: Finish, now: Forecast) -> Expected:
    planned = look.formation.dates.get((milestone, DateKind.PLANNED))
    latest = planned.span.latest if planned else None
    run = now.chain(step, look.pathway.steps)
    state = look.formation.steps[run[0]]
    why = f"The longest run of work begins with “{look.title(run[0])}”, which is {words(state.status.value)}."
    if latest is not None and finish.likely > latest:
        why += f" The planned day, {say_day(latest)}, would be missed by {(finish.likely - latest).days} days."
    return Expected(
        milestone=milestone.value,
        planned=str(planned.span) if planned else "",
        optimistic=finish.optimistic,
        likely=finish.likely,
        pessimistic=finish.pessimistic,
        late=(finish.likely - latest).days if latest is not None else None,
        run=run,
        why=why,
    )


def _forecast(look: Look) -> Forecast:
    return forecast(look.pathway, look.formation, look.reading, look.today)
