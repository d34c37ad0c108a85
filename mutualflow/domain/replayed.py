"""What a replay found: its values, and the one object that `replay --json` prints (model.md 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mutualflow.domain.history import SaidState
from mutualflow.domain.record import CannotSay, Lacking, No, short
from mutualflow.domain.spans import Span


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
