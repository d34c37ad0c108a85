"""A clock: what a dated rule says about one formation's step, with the day, the state and the reason."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from mutualflow.domain.calendar import (
    NATIONS,
    add_months,
    add_working_days,
    last_working_day,
    next_working_day,
)
from mutualflow.domain.material import say_day
from mutualflow.domain.rulebook import Direction, Length, Nature, NonWorkingDay, Rule, Rulebook, Version
from mutualflow.domain.spans import UNKNOWN_DAY, Span

MONTHS_IN_YEAR = 12


class ClockState(StrEnum):
    """Where a clock stands: a day of law is missed, an estimate never is."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    VOID = "void"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True)
class Clock:
    """One rule at one step, as computed: a day is None where none can be named.

    `legal_on` is a day that the law sets; `advisory_on` one that is a service's own standard or our estimate.
    `version` is empty where it cannot be said which is in force. `nature` is that of the day shown.
    """

    rule: str
    step: str
    version: str
    counts_from: str
    legal_on: date | None
    advisory_on: date | None
    state: ClockState
    why: str
    source: str
    nature: str
    verified: bool


def run(
    book: Rulebook,
    rule_key: str,
    step: str,
    base: Span | None,
    met_on: date | None,
    today: date,
    nation: str,
    governed_on: Span | None = None,
) -> Clock:
    """Compute a clock from the version that governs; KeyError where the rulebook has no such rule.

    `base`: the day from which it counts, perhaps imprecise; None = not known. The version in force on it governs, save
    where the rule has a `version_by`: then that of `governed_on`. `met_on`: the day of the act that meets it.
    `nation`: a key of calendar.NATIONS; anything else makes a clock of working days one that cannot be said.
    """
    rule = book.rules[rule_key]
    governing = governed_on if rule.version_by else base
    version = _governing(book, rule, governing)
    if isinstance(version, str):
        return _unsaid(rule, step, version, base)
    clock = Clock(
        rule.key, step, version.key, str(base) if base else "unknown", None, None, ClockState.CANNOT_SAY, "",
        version.source, _nature(rule, version).value, version.verified,
    )  # fmt: skip
    if version.never:
        by = f"It goes by the {_in_words(rule.version_by)}. " if rule.version_by else ""
        why = f"{by}Not in force on {_say(governing or UNKNOWN_DAY)}."
        return replace(clock, state=ClockState.VOID, why=_join(why, version.note))
    if base is None or base == UNKNOWN_DAY:
        return replace(clock, why=f"The day from which it counts is not known yet: {rule.counted_from}.")
    if base.earliest is None or base.latest is None:
        why = f"The day from which it counts is open on one side: {_say(base)}."
        return replace(clock, why=_join(why, version.note))
    if nation not in NATIONS and _needs_nation(rule, version):
        why = "Working days differ by nation, and the nation is not known yet."
        return replace(clock, why=_join(why, version.note))
    first = _settle(rule, version, clock, base.earliest, met_on, today, nation)
    if base.day is not None:
        return first
    return _between(rule, version, base, first, _settle(rule, version, clock, base.latest, met_on, today, nation))


def _governing(book: Rulebook, rule: Rule, day: Span | None) -> Version | str:
    """The version in force on the day that decides it, or the sentence that says why none can be named."""
    if day is None or day == UNKNOWN_DAY:
        if rule.version_by:
            return f"Which law governs goes by another day, which is not known yet: {_in_words(rule.version_by)}."
        return f"The day from which it counts is not known yet: {rule.counted_from}."
    if not book.versions(rule.key, day):
        return f"There is no rule on file for that date: {_say(day)}."
    version = book.version(rule.key, day)
    return version or f"The day is known only as {_say(day)}, and the rule is not the same throughout that time."


def _in_words(question: str) -> str:
    return question.replace("_", " ")


def count(rule: Rule, length: Length, base: date, nation: str) -> date:
    """The day at which a length ends, counted from the base in the rule's direction.

    Inclusive: the base day is itself the first day. A length without days gives the base back.
    """
    sign = -1 if rule.before else 1
    day = base + timedelta(days=sign * rule.starts_after)
    months = length.years * MONTHS_IN_YEAR + length.months
    begun = day
    day = add_months(day, sign * months)
    if rule.inclusive and day.day == begun.day and (months or length.calendar_days):
        day -= timedelta(days=sign)  # a month too short for the day ends on its own last day already
    day += timedelta(days=sign * length.calendar_days)
    if length.working_days:
        day = add_working_days(day, sign * length.working_days, nation, inclusive=rule.inclusive)
    match rule.on_non_working_day:
        case NonWorkingDay.NEXT.value:
            return next_working_day(day, nation)
        case NonWorkingDay.PREVIOUS.value:
            return last_working_day(day, nation)
        case _:
            return day


def _settle(
    rule: Rule, version: Version, clock: Clock, base: date, met_on: date | None, today: date, nation: str
) -> Clock:
    """The clock for a base that is one day."""
    end = _end(rule, version, base, nation)
    advisory = count(rule, version.advisory, base, nation) if version.advisory else None
    law = rule.nature is Nature.LAW
    legal_on, advisory_on = (end, advisory) if law else (None, advisory or end)
    met = met_on if rule.is_met_by_something else None
    state, says = _state(rule, legal_on, advisory_on, base, met, today)
    longest = ""
    if version.longest is not None:
        at_most = count(rule, version.longest, base, nation)
        longest = f"With the longest time, {version.longest}, it would be {say_day(at_most)}."
    why = _join(says, _counted(rule, version, base), longest, version.note)
    return replace(clock, legal_on=legal_on, advisory_on=advisory_on, state=state, why=why)


def _end(rule: Rule, version: Version, base: date, nation: str) -> date | None:
    if version.length is not None:
        return count(rule, version.length, base, nation)
    if isinstance(version.value, str) and version.value:
        month, day = (int(part) for part in version.value.split("-"))
        this_year = date(base.year, month, day)
        return this_year if this_year >= base else date(base.year + 1, month, day)
    return None


def _state(
    rule: Rule, legal_on: date | None, advisory_on: date | None, base: date, met: date | None, today: date
) -> tuple[ClockState, str]:
    match rule.direction:
        case Direction.LASTING:
            return _lasting(legal_on or advisory_on, today)
        case Direction.NOT_EARLIER_THAN:
            return _wait(legal_on or advisory_on, met, today)
        case Direction.NOT_LATER_THAN if legal_on is not None:
            return _deadline(rule, legal_on, met, today)
        case _:
            return _long_enough(rule, advisory_on, base, met, today)


def _lasting(end: date | None, today: date) -> tuple[ClockState, str]:
    if end is None:
        return ClockState.RUNNING, "It lasts; no end is named."
    if today <= end:
        return ClockState.RUNNING, f"It lasts until {say_day(end)}."
    return ClockState.MET, f"It lasted until {say_day(end)}."


def _wait(end: date | None, met: date | None, today: date) -> tuple[ClockState, str]:
    if end is None:
        return ClockState.CANNOT_SAY, "The source names no end of the wait."
    if met is not None and met <= end:
        return ClockState.MISSED, f"It was done on {say_day(met)}, and the wait lasted until the end of {say_day(end)}."
    if met is not None:
        return ClockState.MET, f"The wait ended with {say_day(end)}, and it was done on {say_day(met)}."
    if today <= end:
        return ClockState.RUNNING, f"The wait lasts until the end of {say_day(end)}."
    return ClockState.MET, f"The wait ended with {say_day(end)}."


def _deadline(rule: Rule, legal_on: date, met: date | None, today: date) -> tuple[ClockState, str]:
    if met is not None and met <= legal_on:
        return ClockState.MET, f"It was done on {say_day(met)}; the last day was {say_day(legal_on)}."
    if met is not None:
        return ClockState.MISSED, f"It was done on {say_day(met)}; the last day was {say_day(legal_on)}."
    if today <= legal_on:
        return ClockState.RUNNING, f"The last day is {say_day(legal_on)}."
    if rule.is_met_by_something:
        return ClockState.MISSED, f"The last day was {say_day(legal_on)}, and nothing is recorded as done."
    return ClockState.CANNOT_SAY, f"The last day was {say_day(legal_on)}; whether it was done is not recorded here."


def _long_enough(
    rule: Rule, advisory_on: date | None, base: date, met: date | None, today: date
) -> tuple[ClockState, str]:
    """No day of law: an estimate or a service's standard, or law that says only "long enough before"."""
    open_ended = rule.before and rule.nature is Nature.LAW
    day = f" The day to plan with is {say_day(advisory_on)}." if advisory_on else ""
    if met is not None and open_ended and met >= base:
        return ClockState.MISSED, f"It was done on {say_day(met)}, not before {say_day(base)}."
    if met is not None:
        ahead = f", {(base - met).days} days before {say_day(base)}" if open_ended else ""
        return ClockState.MET, f"It was done on {say_day(met)}{ahead}.{day}"
    if open_ended and today >= base and rule.is_met_by_something:
        return ClockState.MISSED, f"It comes before {say_day(base)}, and nothing is recorded as done."
    if advisory_on is not None and today > advisory_on and not rule.is_met_by_something:
        return ClockState.CANNOT_SAY, f"No day of law can be named; whether it was done is not recorded here.{day}"
    return ClockState.RUNNING, f"No day of law can be named.{day}"


def _between(rule: Rule, version: Version, base: Span, first: Clock, last: Clock) -> Clock:
    """One clock for a base that is not known to the day: the careful day to plan with, never a day of law."""
    days = [d for d in (first.legal_on or first.advisory_on, last.legal_on or last.advisory_on) if d is not None]
    careful = None
    if days:
        careful = min(days) if rule.direction is Direction.NOT_LATER_THAN else max(days)
    state = first.state if first.state == last.state else ClockState.CANNOT_SAY
    says = f"It counts from {_say(base)}, which is not known to the day"
    says += f"; the careful day to plan with is {say_day(careful)}." if careful else "."
    return replace(first, legal_on=None, advisory_on=careful, state=state, why=_join(says, version.note))


def _counted(rule: Rule, version: Version, base: date) -> str:
    where = "before" if rule.before else "from"
    if version.length is not None:
        first = ", that day counted as the first" if rule.inclusive else ""
        if rule.starts_after:
            first = f", beginning {rule.starts_after} day{'' if rule.starts_after == 1 else 's'} after it"
        return f"Counted: {version.length} {where} {say_day(base)}{first}."
    if version.advisory is not None:
        return f"No day of law can be counted here; {version.advisory} {where} {say_day(base)} is our estimate."
    return ""


def _nature(rule: Rule, version: Version) -> Nature:
    """The nature of the day that is shown: where the law names none, it is our estimate."""
    no_day_of_law = rule.nature is Nature.LAW and version.length is None and not version.value and not version.never
    return Nature.OUR_ESTIMATE if no_day_of_law else rule.nature


def _needs_nation(rule: Rule, version: Version) -> bool:
    lengths = (version.length, version.advisory, version.longest)
    moves = rule.on_non_working_day != NonWorkingDay.STAYS.value
    return moves or any(n is not None and n.working_days for n in lengths)


def _unsaid(rule: Rule, step: str, why: str, base: Span | None = None) -> Clock:
    """No version can be named: its source and its checking are those of the newest, where there is only one."""
    only = rule.versions[0] if len(rule.versions) == 1 else None
    return Clock(
        rule.key, step, "", str(base) if base else "unknown", None, None, ClockState.CANNOT_SAY, why,
        only.source if only else "", rule.nature.value, only.verified if only else False,
    )  # fmt: skip


def _say(base: Span) -> str:
    if base.day is not None:
        return say_day(base.day)
    if base.earliest is None:
        return f"not after {say_day(base.latest)}" if base.latest else "not known"
    if base.latest is None:
        return f"not before {say_day(base.earliest)}"
    return f"a day between {say_day(base.earliest)} and {say_day(base.latest)}"


def _join(*parts: str) -> str:
    return " ".join(p for p in parts if p)
