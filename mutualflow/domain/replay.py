"""Replaying a history: what it shows, what it leaves open, and what of it cannot have been (model.md 10)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mutualflow.domain import clocks
from mutualflow.domain.applies import Reading
from mutualflow.domain.clocks import ClockState
from mutualflow.domain.computed import Requirements
from mutualflow.domain.conditions import ALWAYS
from mutualflow.domain.desk import title, words
from mutualflow.domain.errors import Refusal
from mutualflow.domain.formation import Kind, Status, StepState
from mutualflow.domain.history import History, SaidState
from mutualflow.domain.keys import FORMS, Milestone, Outcome
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway, Step
from mutualflow.domain.pathway import say as in_words
from mutualflow.domain.record import (
    CannotSay,
    Lacking,
    No,
    Record,
    after,
    contradictions,
    gather,
    perhaps_after,
    say,
    short,
)
from mutualflow.domain.rulebook import Nature, Rule
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.tri import MAYBE, YES

LAUNCH = Milestone.GO_LIVE.value
BODYLESS = ("undecided", "none")
STOPS_BEFORE = "the record stops before it"
LATER = {
    "registration": ("staff_transfer", "go_live"),
    "permission_sought": ("permission_given", "decision_in_principle", "final_decision", "go_live"),
    "procurement_start": ("contract_award", "contract_signed"),
}
"""What a day surely lies before, where it is not recorded itself: the latest that it can be."""


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One milestone: plans, actual day, and slips in days as (least, most); None without both ends."""

    key: str
    first_plan: Span | None
    last_plan: Span | None
    actual: Span | None
    slip: tuple[int, int] | None
    slip_last: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class LateRow:
    """A milestone later than first planned; not certain where the days are too imprecise to tell."""

    key: str
    certain: bool


@dataclass(frozen=True, slots=True)
class MissedClock:
    """A day of law that the record shows as missed."""

    rule: str
    step: str
    legal_on: date | None
    certain: bool
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """A breach that can really happen, told and not refused."""

    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The whole result. Accepted where nothing is refused, however much is reported."""

    case: str
    kind: str
    form: str
    form_status: str
    states: tuple[SaidState, ...]
    outcome: str
    known_until: Span
    milestones: tuple[MilestoneRow, ...]
    late: tuple[LateRow, ...]
    missed_clocks: tuple[MissedClock, ...]
    missing_evidence: tuple[Lacking, ...]
    assumed: tuple[str, ...]
    cannot_say: tuple[CannotSay, ...]
    reported: tuple[Report, ...]
    refused: tuple[No, ...]

    @property
    def accepted(self) -> bool:
        """Is nothing refused?"""
        return not self.refused


def replay(history: History, pathway: Pathway, law: LawBook, *, strict: bool = False) -> Replayed:
    """Replay a thin history; `strict` also refuses what had to be assumed. Nothing is raised: `refused` says it."""
    return judge(history, gather(history, pathway), pathway, law, strict=strict)


def judge(history: History, record: Record, pathway: Pathway, law: LawBook, *, strict: bool = False) -> Replayed:
    """What a gathered record shows."""
    one_truth(record)
    orders(record, pathway)
    _ends(record)
    _launch(record, pathway)
    _possible(record, law)
    reading = _reading(record, pathway, law)
    _combinations(record, reading, pathway)
    assumed, reported = _walk(record, reading, pathway)
    missed = tuple(_clocks(record, reading, law))
    milestones = tuple(_milestones(record))
    late = tuple(_late(record, milestones))
    _open_questions(record, history)
    if strict and assumed:
        sentence = (
            f"{len(assumed)} steps had to be assumed, which --strict does not allow: {', '.join(assumed[:3])} ..."
        )
        record.refuse(Refusal.ASSUMED, sentence)
    ended = record.ended
    return Replayed(
        case=history.case,
        kind=history.kind.value,
        form=history.form,
        form_status=history.form_status,
        states=tuple(record.states),
        outcome=ended.outcome if ended else "",
        known_until=record.known_until,
        milestones=milestones,
        late=late,
        missed_clocks=missed,
        missing_evidence=tuple(record.lacking),
        assumed=assumed,
        cannot_say=tuple(record.cannot_say),
        reported=reported,
        refused=tuple(record.no),
    )


# what cannot be ---------------------------------------------------------------------------------------------------


def one_truth(record: Record) -> None:
    """Going live and the state `launched` are one: equal, or refused; the one that is missing follows."""
    states = [s for s in record.states if s.state == "launched"]
    for state in states:
        held = record.actual.get(LAUNCH)
        if held is not None and held != state.on:
            sentence = f"Going live is dated {short(held)}, and the state “launched” {short(state.on)}: they are one."
            record.refuse(Refusal.INVALID_VALUE, sentence, state.line)
        record.actual.setdefault(LAUNCH, state.on)
    held = record.actual.get(LAUNCH)
    if held is not None and not states:
        launched = SaidState(held, "launched")
        place = next((n for n, s in enumerate(record.states) if s.state == "ended"), len(record.states))
        record.states.insert(place, launched)
    for name in ("launched", "ended"):
        days = list(dict.fromkeys(s.on for s in record.states if s.state == name))
        if len(days) > 1:
            line = next(s.line for s in record.states if s.on == days[1])
            record.refuse(
                Refusal.INVALID_VALUE, f"The state “{name}” has two days: {short(days[0])} and {short(days[1])}.", line
            )
    for state in record.states:
        if state.state in ("forming", "paused") and held is not None and after(state.on, held):
            sentence = f"It cannot be {state.state} {say(state.on)}: it had been launched {say(held)}."
            record.refuse(Refusal.ORDER, sentence, state.line)


def orders(record: Record, pathway: Pathway) -> None:
    """Pairs of milestones whose order cannot be otherwise; where days are imprecise it cannot be said."""
    for pair in pathway.never:
        first, second = record.actual.get(pair.first), record.actual.get(pair.second)
        if first is None or second is None:
            continue
        if after(first, second):
            record.refuse(
                Refusal.ORDER,
                f"{words(pair.first).capitalize()} is dated {short(first)}, after {words(pair.second)} "
                f"({short(second)}); that cannot be ({pair.source}).",
            )
        elif perhaps_after(first, second):
            record.unsaid(
                pair.first,
                f"Whether it came before {words(pair.second)} cannot be told: {short(first)}, {short(second)}.",
            )
    made = pathway.reached_by.get(Milestone.REGISTRATION)
    moved = {pathway.reached_by.get(m) for m in (Milestone.GO_LIVE, Milestone.STAFF_TRANSFER)}
    for step, on in record.refused_on.items():
        for key, done in record.done.items():
            if step == made and key in moved:
                continue  # nobody to transfer to: _launch says so
            later = step in pathway.behind[key] or key == step
            if step in pathway.steps and later and pathway.steps[key].waits_deep and _not_before(on, done):
                sentence = f"{title(pathway, step)} was refused {say(on)}, and yet {title(pathway, key)} is recorded"
                record.refuse(Refusal.ORDER, f"{sentence} {say(done)}.")


def _not_before(no: Span, done: Span) -> bool:
    return no.latest is not None and done.earliest is not None and no.latest <= done.earliest


def _ends(record: Record) -> None:
    """Nothing after the end; nothing after the day on which the record stops."""
    ended = record.ended
    for about, on, line in record.rows if ended is not None else ():
        if ended is not None and after(on, ended.on) and "“ended”" not in about:
            record.refuse(
                Refusal.ENDED,
                f"{about} is dated {short(on)}, after the end ({short(ended.on)}); nothing comes after it.",
                line,
            )
    for about, on, line in contradictions(record):
        sentence = f"{about} is dated {short(on)}, and the record is said to stop at {short(record.known_until)}."
        record.refuse(Refusal.INVALID_VALUE, sentence, line)
    if ended is not None and ended.outcome == Outcome.FIRST_YEAR_COMPLETE and record.launched is None:
        sentence = "The first year is complete only after the launch, and none is recorded."
        record.refuse(Refusal.ORDER, sentence, ended.line)
    if ended is not None and not ended.outcome:
        record.unsaid("outcome", "How it ended is not recorded.")


def _launch(record: Record, pathway: Pathway) -> None:
    """Somebody is there to be transferred to."""
    if record.form in BODYLESS and Milestone.REGISTRATION.value in record.actual:
        record.refuse(Refusal.IMPOSSIBLE, "Something was registered, and the file says that there is no form of it.")
    moved = [m for m in (LAUNCH, Milestone.STAFF_TRANSFER.value) if m in record.actual]
    if not moved:
        return
    what = "A launch" if LAUNCH in moved else "A transfer of staff"
    if record.form in BODYLESS:
        why = "no form has been decided" if record.form == "undecided" else "there is no body"
        record.refuse(Refusal.IMPOSSIBLE, f"{what} needs somebody to transfer to, and {why}.")
    registration = pathway.reached_by.get(Milestone.REGISTRATION, "")
    if registration in record.refused_on and registration not in record.done:
        record.refuse(Refusal.IMPOSSIBLE, f"{what} needs somebody to transfer to, and the register refused the body.")


def _possible(record: Record, law: LawBook) -> None:
    """Forms, routes and rules that were not in force on their day."""
    wrong = [no for form in record.forms if (no := _not_in_force(record, law, "legal_form", form)) is not None]
    if wrong and len(wrong) == len(record.forms):
        record.refuse(Refusal.NOT_ON_FILE, wrong[0])
    else:
        for sentence in wrong:
            record.unsaid("legal_form", sentence)
    for key, text in record.said.items():
        if key != "legal_form":
            why = _not_in_force(record, law, key, text)
            if why is not None:
                record.refuse(Refusal.NOT_ON_FILE, why)


def _not_in_force(record: Record, law: LawBook, fact: str, value: str) -> str | None:
    """Why an answer was not possible on its day; None where it was, or that cannot be told."""
    rule = law.book.rules.get(f"{fact}_{value}")
    if rule is None:
        return None
    base = _base_day(record, rule)
    found = law.book.versions(rule.key, base) if base is not None else ()
    if base is None or not found:
        return None
    if all(v.never for v in found):
        name = FORMS.get(value, f"{words(fact)} {words(value)}")
        return f"“{name}” was not in force {say(base)}: {rule.title[0].lower()}{rule.title[1:]} ({found[0].source})."
    if any(v.never for v in found) and base.earliest is not None and base.latest is not None:
        name = FORMS.get(value, words(value))
        record.unsaid(fact, f"Whether “{name}” was possible then cannot be told: the day is known as {short(base)}.")
    return None


def _base_day(record: Record, rule: Rule) -> Span | None:
    """The day on which a rule has to be in force; the latest that it can have been, where it is not recorded."""
    key = rule.counts_from_milestone or rule.counts_from_step
    held = record.actual.get(key)
    if held is not None and held != UNKNOWN_DAY:
        return held
    if key in record.said:
        try:
            return parse_span(record.said[key])
        except ValueError:
            return None
    bounds = [record.actual[m].latest for m in LATER.get(key, ()) if m in record.actual]
    known = [b for b in bounds if b is not None]
    return Span(None, min(known)) if known else None


def _combinations(record: Record, reading: Reading, pathway: Pathway) -> None:
    for row in pathway.impossible:
        if reading.holds(row.when) is YES:
            record.refuse(Refusal.IMPOSSIBLE, in_words(row.sentence))


# what follows -----------------------------------------------------------------------------------------------------


def _reading(record: Record, pathway: Pathway, law: LawBook) -> Reading:
    spans: dict[str, Span] = {key: plans[-1] for key, plans in record.plans.items()}
    spans.update(record.actual)
    said = {(key, ""): text for key, text in record.said.items()}
    if "charity_registration" in record.actual:
        said.setdefault(("charity_status_wanted", ""), "yes")
    return Reading(pathway, said, record.counts, spans, law.thresholds(spans))


def _walk(record: Record, reading: Reading, pathway: Pathway) -> tuple[tuple[str, ...], tuple[Report, ...]]:
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


def _clocks(record: Record, reading: Reading, law: LawBook) -> Iterator[MissedClock]:
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


# figures ----------------------------------------------------------------------------------------------------------


def _milestones(record: Record) -> Iterator[MilestoneRow]:
    for milestone in Milestone:
        plans, actual = record.plans.get(milestone.value, []), record.actual.get(milestone.value)
        if plans or actual is not None:
            first, last = (plans[0], plans[-1]) if plans else (None, None)
            yield MilestoneRow(milestone.value, first, last, actual, slip(first, actual), slip(last, actual))


def slip(plan: Span | None, actual: Span | None) -> tuple[int, int] | None:
    """Days from plan to actual, least and most, late positive; None where an end is open or missing."""
    if plan is None or actual is None:
        return None
    if plan.earliest is None or plan.latest is None or actual.earliest is None or actual.latest is None:
        return None
    return (actual.earliest - plan.latest).days, (actual.latest - plan.earliest).days


def _late(record: Record, rows: tuple[MilestoneRow, ...]) -> Iterator[LateRow]:
    """Later than first planned. A plan without an actual is never late, and after the record stops nothing is."""
    for row in rows:
        if row.first_plan is None:
            continue
        if row.actual is None:
            whether = STOPS_BEFORE if after(row.first_plan, record.known_until) else "it is not recorded"
            record.unsaid(
                row.key,
                f"Planned for {short(row.last_plan or row.first_plan)}; whether it happened cannot be said: {whether}.",
            )
        elif row.actual == UNKNOWN_DAY:
            record.unsaid(row.key, "It happened on a day that is not recorded, so whether it was late cannot be said.")
        elif after(row.actual, row.first_plan):
            yield LateRow(row.key, certain=True)
        else:
            known = replace(row.actual, latest=row.actual.latest or record.known_until.latest)
            if perhaps_after(known, row.first_plan) and not _same(known, row.first_plan):
                yield LateRow(row.key, certain=False)


def _same(one: Span, other: Span) -> bool:
    return one.day is not None and one == other


def _open_questions(record: Record, history: History) -> None:
    """What the head of the file leaves open, and what no thin file shows."""
    if record.form == "unknown":
        record.unsaid("legal_form", "Which legal form the new body has is not recorded.")
    elif len(record.forms) > 1:
        record.unsaid("legal_form", f"It is one of {', '.join(FORMS[f] for f in record.forms)}; which is not recorded.")
    if history.form_status == "planned" and record.launched is not None:
        record.unsaid("legal_form", "The form is recorded as planned; whether it became that is not.")
    if record.done and history.kind is Kind.HISTORY:
        record.unsaid("four_eyes", "Who put steps forward and who approved them is not recorded for most of them.")


def as_object(replayed: Replayed) -> Mapping[str, object]:
    """The one object that `replay --json` prints: days as text, slips as [least, most] or null."""

    def day(span: Span | None) -> str | None:
        return short(span) if span is not None else None

    return {
        "case": replayed.case,
        "kind": replayed.kind,
        "form": _form_object(replayed.form),
        "form_status": replayed.form_status,
        "states": [
            {"date": short(s.on), "state": s.state}
            | ({"outcome": s.outcome} if s.outcome else {})
            | ({"reason": s.reason} if s.reason else {})
            for s in replayed.states
        ],
        "outcome": replayed.outcome or None,
        "known_until": short(replayed.known_until),
        "milestones": [
            {
                "key": m.key,
                "first_plan": day(m.first_plan),
                "last_plan": day(m.last_plan),
                "actual": day(m.actual),
                "slip": list(m.slip) if m.slip else None,
                "slip_last": list(m.slip_last) if m.slip_last else None,
            }
            for m in replayed.milestones
        ],
        "late": [{"key": one.key, "certain": one.certain} for one in replayed.late],
        "missed_clocks": [
            {
                "rule": c.rule,
                "step": c.step,
                "legal_on": c.legal_on.isoformat() if c.legal_on else None,
                "certain": c.certain,
                "why": c.why,
                "source": c.source,
            }
            for c in replayed.missed_clocks
        ],
        "missing_evidence": [{"about": e.about, "date": e.on} for e in replayed.missing_evidence],
        "assumed": list(replayed.assumed),
        "cannot_say": [{"about": c.about, "why": c.why} for c in replayed.cannot_say],
        "reported": [{"about": r.about, "sentence": r.sentence} for r in replayed.reported],
        "refused": [{"code": n.code.value, "sentence": n.sentence, "line": n.line} for n in replayed.refused],
    }


def _form_object(form: str) -> object:
    word, _, rest = form.partition(" ")
    if word == "one_of":
        return {"one_of": rest.split(",")}
    return {"other": rest} if word == "other" else form
