"""What follows from a record: steps that must have been done, breaches of the order, days of law missed."""

from collections.abc import Iterable, Iterator
from datetime import date

from mutualflow.domain import clocks
from mutualflow.domain.applies import Reading
from mutualflow.domain.clocks import ClockState
from mutualflow.domain.computed import Requirements
from mutualflow.domain.conditions import ALWAYS
from mutualflow.domain.desk import title
from mutualflow.domain.formation import Status, StepState
from mutualflow.domain.keys import Milestone
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway, Step
from mutualflow.domain.record import BODYLESS, LAUNCH, STOPS_BEFORE, Record, after, say
from mutualflow.domain.replayed import MissedClock, Report
from mutualflow.domain.rulebook import Nature, Rule
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.tri import MAYBE, YES


def reading_of(record: Record, pathway: Pathway, law: LawBook) -> Reading:
    """What is said, planned and done in the record, for conditions to read."""
    spans: dict[str, Span] = {key: plans[-1] for key, plans in record.plans.items()}
    spans.update(record.actual)
    said = {(key, ""): text for key, text in record.said.items()}
    if "charity_registration" in record.actual:
        said.setdefault(("charity_status_wanted", ""), "yes")
    return Reading(pathway, said, record.counts, spans, law.thresholds(spans))


def walked(record: Record, reading: Reading, pathway: Pathway) -> tuple[tuple[str, ...], tuple[Report, ...]]:
    """Steps that must have been done and are not recorded, and steps done in an order that breaches the pathway."""
    states = {k: StepState(k, Status.CLOSED if s.puts_right else Status.OPEN) for k, s in pathway.steps.items()}
    requires = Requirements(reading, states)
    if LAUNCH in record.actual and Milestone.GO_LIVE in pathway.reached_by:
        record.done.setdefault(pathway.reached_by[Milestone.GO_LIVE], record.actual[LAUNCH])
    assumed: list[str] = []
    needs_body = _needs_body(record, pathway)
    reported = [
        Report(key, f"{title(pathway, key)} is recorded {say(record.done[key])}, and no body was ever registered.")
        for key in record.done
        if key in needs_body
    ]
    behind = _behind(requires, (*record.done, *record.complete), needs_body)
    for key, step in pathway.steps.items():
        if key in record.done or step.puts_right:
            continue
        if key in record.complete:
            assumed.append(key)
        elif key not in behind or key in needs_body:
            continue
        elif reading.applies(key) is MAYBE:
            record.unsaid(key, f"Whether {title(pathway, key)} was needed, and done, is not recorded.")
        elif step.optional:
            record.unsaid(key, f"Whether {title(pathway, key)} was done or left out is not recorded.")
        else:
            assumed.append(key)
    return tuple(assumed), (*reported, *_breaches(record, requires, pathway))


def _behind(requires: Requirements, steps: Iterable[str], cut: frozenset[str]) -> frozenset[str]:
    """Everything behind steps, all the way; what stands behind a step that nobody can have done is not followed."""
    found: set[str] = set()
    left = list(steps)
    while left:
        for key in requires.direct(left.pop()):
            if key not in found:
                found.add(key)
                if key not in cut:
                    left.append(key)
    return frozenset(found)


def _needs_body(record: Record, pathway: Pathway) -> frozenset[str]:
    """Where there is no form: registration, and everything that only a body can do."""
    made = pathway.reached_by.get(Milestone.REGISTRATION, "")
    if record.form not in BODYLESS:
        return frozenset()
    return frozenset({made, *(k for k in pathway.steps if made in pathway.behind[k])})


def _breaches(record: Record, requires: Requirements, pathway: Pathway) -> Iterator[Report]:
    impossible = {(p.first, p.second) for p in pathway.never}
    for key, on in record.done.items():
        for first in sorted(requires.behind(key)):
            if first not in record.done or not after(record.done[first], on):
                continue
            if (_reaches(pathway.steps[first]), _reaches(pathway.steps[key])) in impossible:
                continue
            yield Report(
                first,
                f"{title(pathway, first)} is recorded {say(record.done[first])}, after {title(pathway, key)} "
                f"{say(on)}, which should have waited for it.",
            )


def _reaches(step: Step) -> str:
    return step.reaches.value if step.reaches else ""


def missed_clocks(record: Record, reading: Reading, law: LawBook) -> Iterator[MissedClock]:
    """Days of law that were missed. Without a recorded act, or after the record stops, it cannot be said."""
    nation = record.said.get("nation", "")
    for key, step in reading.pathway.steps.items():
        if step.puts_right or reading.applies(key) is not YES:
            continue
        for name in step.clocks:
            rule = law.book.rules.get(name)
            if rule is None or rule.nature is not Nature.LAW or not rule.is_met_by_something:
                continue
            if reading.holds(step.clock_when.get(name, ALWAYS)) is YES:
                yield from _clock(record, law, rule, step, nation)


def _clock(record: Record, law: LawBook, rule: Rule, step: Step, nation: str) -> Iterator[MissedClock]:
    base = _counted_from(record, rule, step)
    if base is None:
        return
    met = record.acts.get((rule.met_by_step or step.key, rule.met_by_act)) if rule.is_met_by_something else None
    if met is None and rule.met_by_act == "approved":
        met = record.done.get(rule.met_by_step or step.key)
    today = record.known_until.latest or date.max
    governed_on = _said_day(record, rule.version_by)
    unmet = clocks.run(law.book, rule.key, step.key, base, None, today, nation, governed_on)
    if unmet.state is ClockState.VOID:
        return
    if met is None or met == UNKNOWN_DAY:
        last = f"; the last day was {unmet.legal_on}" if unmet.legal_on else ""
        stops = unmet.legal_on is not None and unmet.legal_on > today
        record.unsaid(rule.key, f"{rule.title}: {STOPS_BEFORE if stops else 'no day is recorded'}{last}.")
        return
    ends = [d for d in (met.earliest, met.latest) if d is not None]
    bases = [d for d in (base.earliest, base.latest) if d is not None]
    tried = [
        clocks.run(law.book, rule.key, step.key, Span(b, b), m, today, nation, governed_on)
        for m in dict.fromkeys(ends)
        for b in dict.fromkeys(bases)
    ]
    missed = [c for c in tried if c.state is ClockState.MISSED]
    if not tried or (not missed and any(c.state is ClockState.CANNOT_SAY for c in tried)):
        record.unsaid(rule.key, f"{rule.title}: {unmet.why}")
    elif missed:
        certain = len(missed) == len(tried) and len(ends) == 2 and len(bases) == 2
        one = missed[0]
        yield MissedClock(rule.key, step.key, one.legal_on, certain, one.why, one.source)


def _counted_from(record: Record, rule: Rule, step: Step) -> Span | None:
    if rule.counts_from_milestone:
        return record.actual.get(rule.counts_from_milestone)
    if rule.counts_from_act:
        key = rule.counts_from_step or step.key
        if rule.counts_from_act == "approved":
            return record.done.get(key)
        return record.acts.get((key, rule.counts_from_act))
    return _said_day(record, rule.counts_from_step)


def _said_day(record: Record, question: str) -> Span | None:
    text = record.said.get(question)
    return parse_span(text) if text else None
