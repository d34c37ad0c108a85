"""The law as one formation meets it: thresholds on their base dates, and the clocks of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mutualflow.domain import clocks
from mutualflow.domain.applies import Reading, Threshold, Thresholds
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.conditions import ALWAYS
from mutualflow.domain.desk import milestone_spans, read
from mutualflow.domain.formation import FINISHED, Formation, Status, StepState
from mutualflow.domain.material import say_day
from mutualflow.domain.pathway import LawEntry, Pathway, Step
from mutualflow.domain.rulebook import Rule, Rulebook, RuleKind, Version
from mutualflow.domain.spans import Span, on
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.tri import NO, YES


@dataclass(frozen=True, slots=True)
class LawChange:
    """Something at a step that came into force on a day: a rule's new version, or a statement of law by its source."""

    step: str
    what: str
    on: date


OPEN = frozenset({ClockState.RUNNING})
FILING = "filing"
"""What a rule counts from that goes by the day on which an application is sent to a register."""


@dataclass(frozen=True, slots=True)
class LawBook:
    """A rulebook put to use. It is never pinned: every formation reads the newest."""

    book: Rulebook

    @property
    def sha256(self) -> str:
        """The rulebook's own hash: each event names it."""
        return self.book.sha256

    def title(self, key: str) -> str:
        """What a rule or a source of law is called; '' for neither."""
        known = self.book.rules.get(key) or self.book.sources.get(key)
        return known.title if known else ""

    def thresholds(self, spans: Mapping[str, Span]) -> Thresholds:
        """Rule key -> its values in every version that may be in force on the rule's base date."""

        def values(key: str) -> tuple[Threshold, ...]:
            rule = self.book.rules.get(key)
            if rule is None:
                return ()
            base = spans.get(rule.counts_from_milestone)
            found = self.book.versions(key, base)
            return tuple(None if v.never else _threshold(v.value) for v in found)

        return values

    def read(self, pathway: Pathway, formation: Formation) -> Reading:
        """A reading of a formation under this law."""
        return read(pathway, formation, self.thresholds)

    def clocks(
        self, pathway: Pathway, formation: Formation, today: date, reading: Reading | None = None
    ) -> list[Clock]:
        """Every clock of every step that applies, with its dates and state. `reading`: of this very formation."""
        reading = reading or self.read(pathway, formation)
        spans = milestone_spans(formation)
        answer = formation.answers.get(("nation", ""))
        nation = answer.text if answer else ""
        found = []
        for key, step in pathway.steps.items():
            if not step.clocks or step.puts_right or reading.applies(key) is not YES:
                continue
            for rule_key in step.clocks:
                rule = self.book.rules.get(rule_key)
                if rule is not None and reading.holds(step.clock_when.get(rule_key, ALWAYS)) is YES:
                    found.append(self._clock(rule, step, formation, spans, today, nation))
        return found

    def _clock(
        self, rule: Rule, step: Step, formation: Formation, spans: Mapping[str, Span], today: date, nation: str
    ) -> Clock:
        base = self._base(rule, step, formation, spans)
        met = _met_on(rule.met_by_step or step.key, rule.met_by_act, formation)
        governed = formation.answers.get((rule.version_by, ""))
        governed_on = _span_of(governed.text) if governed is not None else None
        return clocks.run(self.book, rule.key, step.key, base, met, today, nation, governed_on)

    def figures(self, entry: LawEntry, step: Step, formation: Formation, today: date) -> list[str]:
        """The dated fees and numbers of which a statement of law speaks, each as a sentence.

        Where the day that decides a rule is not known yet, every version that is in force now or later is told.
        """
        spans, found = milestone_spans(formation), []
        for rule in (self.book.rules[name] for name in entry.rules if name in self.book.rules):
            base = self._base(rule, step, formation, spans)
            told = self.book.versions(rule.key, base or Span(today, None))
            found += [self._figure(rule, v, None if base else v.in_force_from) for v in told if not v.never]
        return found

    def _figure(self, rule: Rule, version: Version, since: date | None) -> str:
        """One version as a sentence: "Fee for a report: £15.00 from 1 October 2009." A law goes by its title."""
        named = self.book.sources.get(str(version.value).upper())
        words = named.title if named is not None else str(version.value).replace("_", " ")
        value = f"£{version.value:,}" if rule.kind is RuleKind.FEE else words
        when = f" from {say_day(since)}" if since else ""
        return f"{rule.title}: {value}{when}{'' if version.verified else ' (check with your adviser)'}."

    @staticmethod
    def _base(rule: Rule, step: Step, formation: Formation, spans: Mapping[str, Span]) -> Span | None:
        if rule.counts_from_milestone == FILING:
            filing = formation.filings.get(step.key)
            return on(filing.sent_on) if filing is not None else None
        if rule.counts_from_milestone:
            return spans.get(rule.counts_from_milestone)
        asked = formation.answers.get((rule.counts_from_step, ""))
        if asked is not None:  # a question whose answer is the day, e.g. of a published notice
            return _span_of(asked.text)
        day = _act_day(rule.counts_from_step or step.key, rule.counts_from_act, formation)
        return on(day) if day else None

    def changes(
        self, pathway: Pathway, formation: Formation, after: date, until: date, reading: Reading | None = None
    ) -> list[LawChange]:
        """Law at unfinished steps that came into force after one day, up to and with another."""
        reading = reading or self.read(pathway, formation)
        found: dict[LawChange, None] = {}
        for key, step in pathway.steps.items():
            if step.puts_right or formation.steps[key].status in FINISHED or reading.applies(key) is NO:
                continue
            for entry in step.law:
                day = _first_day(entry.in_force_from)
                if day is not None and after < day <= until and reading.holds(entry.when) is not NO:
                    found[LawChange(key, entry.source, day)] = None
            named = (n for entry in step.law if reading.holds(entry.when) is not NO for n in entry.rules)
            fee = step.files.fee_rule if step.files else ""
            for name in dict.fromkeys((*step.clocks, *([fee] if fee else []), *named)):
                rule = self.book.rules.get(name)
                for version in rule.versions if rule else ():
                    if version.in_force_from is not None and after < version.in_force_from <= until:
                        found[LawChange(key, name, version.in_force_from)] = None
        return list(found)

    @staticmethod
    def legal_days(found: list[Clock]) -> dict[str, date]:
        """Step -> its next day of law that still runs."""
        days: dict[str, date] = {}
        for clock in found:
            if clock.state in OPEN and clock.legal_on is not None:
                days[clock.step] = min(days.get(clock.step, clock.legal_on), clock.legal_on)
        return days

    @staticmethod
    def legal_rules(found: list[Clock]) -> dict[str, str]:
        """Step -> the rule that sets its next day of law that still runs."""
        open_ = [c for c in found if c.state in OPEN and c.legal_on is not None]
        return {c.step: c.rule for c in sorted(open_, key=lambda c: c.legal_on or date.max, reverse=True)}

    @staticmethod
    def open_days(found: list[Clock]) -> tuple[date, ...]:
        """Every day of a clock that still runs, for the walk to look again."""
        days = [d for c in found if c.state in OPEN for d in (c.legal_on, c.advisory_on) if d is not None]
        return tuple(days)


def _first_day(text: str) -> date | None:
    span = _span_of(text)
    return span.earliest if span is not None else None


def _threshold(value: object) -> Threshold:
    if isinstance(value, (int, str, Decimal)):
        return value
    return None


def _span_of(text: str) -> Span | None:
    try:
        return parse_span(text)
    except ValueError:
        return None


def _met_on(step: str, act: str, formation: Formation) -> date | None:
    return _act_day(step, act or "approved", formation)


def _act_day(step: str, act: str, formation: Formation) -> date | None:
    """The day on which a step was submitted, approved, filed or answered in its latest round."""
    state: StepState | None = formation.steps.get(step)
    if state is None:
        return None
    submission = formation.submissions.get(step)
    filing = formation.filings.get(step)
    match act:
        case "submitted":
            forward = state.status in (Status.SUBMITTED, *FINISHED)
            return submission.on if submission is not None and forward else None
        case "filed":
            return filing.sent_on if filing is not None else None
        case "answered":
            return filing.answered_on if filing is not None else None
        case _:
            return _approved_on(state, formation)


def _approved_on(state: StepState, formation: Formation) -> date | None:
    if state.status not in FINISHED:
        return None
    days = [a.decided_on.latest for a in formation.approvals.values() if a.step == state.key and a.decided_on]
    known = [d for d in days if d is not None]
    submission = formation.submissions.get(state.key)
    return max(known) if known else submission.on if submission is not None else None
