"""The home of a formation: where every step stands, what is next, and what has changed since one was here last."""

from dataclasses import dataclass
from datetime import date

from mutualflow.domain.formation import Basis, DateKind, Kind, Status
from mutualflow.domain.keys import FORMS, Milestone
from mutualflow.domain.pathway import Stage, say
from mutualflow.domain.reasons import unsettled
from mutualflow.domain.shown import DONE, Shown, hidden, shown
from mutualflow.domain.tri import MAYBE, NO
from mutualflow.services import dates, history, people, waits
from mutualflow.services.dates import ClockLine, Expected
from mutualflow.services.history import News
from mutualflow.services.looking import Look
from mutualflow.services.people import EmptyRole
from mutualflow.services.waits import Wait
from mutualflow.services.why import ToKnow, know


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the picture shows it."""

    key: str
    title: str
    status: Shown
    overtaken: bool
    waits_for: tuple[str, ...]
    owner: str
    assignee: str
    due_on: date | None
    legal_on: date | None
    gate: bool
    irrevocable: bool
    puts_right: str
    assumed: bool
    round: int
    slots: bool  # does anybody have to approve it?


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: its steps, and how many of those that are or may be needed are done."""

    key: str
    title: str
    steps: tuple[StepLine, ...]
    done: int
    needed: int
    maybe: int


@dataclass(frozen=True, slots=True)
class MustKnow:
    """Something unknown that decides whether steps are needed; `decides`: their titles."""

    what: ToKnow
    decides: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """As status says it."""
        first = ", ".join(f"“{title}”" for title in self.decides[:2])
        more = f" and {len(self.decides) - 2} more" if len(self.decides) > 2 else ""
        return f"“{self.what.label}” must be known before it is certain whether {first}{more} will be needed"


@dataclass(frozen=True, slots=True)
class Home:
    """A formation at one look."""

    key: str
    name: str
    kind: str
    form: str
    route: str
    life: str
    since: date
    reason: str
    stopped_at: str
    review_on: date | None
    outcome: str
    revision: int
    today: date
    stages: tuple[StageLine, ...]
    next: tuple[Wait, ...]
    mine: tuple[Wait, ...]
    legal: ClockLine | None
    missed: tuple[ClockLine, ...]
    expected: tuple[Expected, ...]
    go_live: str
    must_know: tuple[MustKnow, ...]
    nobody: tuple[EmptyRole, ...]
    stuck: tuple[str, ...]
    assumed: int
    open_tasks: int
    news: News


def home(look: Look) -> Home:
    """Everything for the first page; at most five queries beyond the look, whatever the formation's size or age.

    A kept history that leaves its form open costs one more.
    """
    formation = look.formation
    clocks = dates.clocks(look)
    lines = waits.waits(look)
    stages = tuple(_stage(look, stage, clocks) for stage in look.pathway.stages)
    launched = formation.dates.get((Milestone.GO_LIVE, DateKind.ACTUAL))
    return Home(
        key=formation.key,
        name=formation.name,
        kind=formation.kind.value,
        form=_choice(look, "legal_form") or history.form(look),
        route=_choice(look, "route"),
        life=formation.state.life.value,
        since=formation.state.since,
        reason=formation.state.reason,
        stopped_at=look.title(formation.state.where) if formation.state.where else "",
        review_on=formation.state.review_on,
        outcome=formation.state.outcome.value if formation.state.outcome else "",
        revision=formation.version,
        today=look.today,
        stages=tuple(s for s in stages if s.steps),
        next=lines,
        mine=tuple(w for w in lines if look.by in w.people),
        legal=dates.next_legal(clocks, look.today),
        missed=dates.missed(clocks),
        expected=dates.targets(look),
        go_live=str(launched.span) if launched else "",
        must_know=must_know(look),
        nobody=people.empty_roles(look),
        stuck=people.stuck(look),
        assumed=sum(line.assumed for stage in stages for line in stage.steps),
        open_tasks=sum(1 for t in formation.tasks.values() if t.held or t.state.value == "open"),
        news=history.news(look),
    )


def _stage(look: Look, stage: Stage, clocks: tuple[ClockLine, ...]) -> StageLine:
    legal: dict[str, date] = {}
    for clock in clocks:
        if clock.state == "running" and clock.legal_on is not None:
            legal[clock.step] = min(legal.get(clock.step, clock.legal_on), clock.legal_on)
    lines = tuple(step_line(look, k, legal.get(k)) for k in stage.steps if not hidden(look.formation.steps[k]))
    needed = [s for s in lines if s.status is not Shown.NOT_NEEDED]
    return StageLine(
        stage.key,
        say(stage.title),
        lines,
        sum(1 for s in needed if s.status in DONE),
        len(needed),
        sum(1 for s in needed if s.status is Shown.MAY_BE_NEEDED),
    )


def step_line(look: Look, key: str, legal_on: date | None = None) -> StepLine:
    """One step in a line."""
    step, state = look.pathway.steps[key], look.formation.steps[key]
    submission = look.formation.submissions.get(key)
    return StepLine(
        key=key,
        title=look.title(key),
        status=shown(state),
        overtaken=state.overtaken,
        waits_for=state.waits_for,
        owner=look.people_words((step.owner,)),
        assignee=look.name(state.assignee),
        due_on=state.due_on,
        legal_on=legal_on,
        gate=step.gate,
        irrevocable=step.irrevocable,
        puts_right=step.puts_right,
        assumed=submission is not None and submission.basis is Basis.ASSUMED and state.status is Status.APPROVED,
        round=state.round,
        slots=bool(step.slots),
    )


def must_know(look: Look) -> tuple[MustKnow, ...]:
    """What decides whether steps are needed and is not known yet, what can be answered now first."""
    decides: dict[ToKnow, list[str]] = {}
    if look.formation.kind is Kind.HISTORY:
        return ()  # what a record leaves open nobody here can answer
    for stage in look.pathway.stages:
        for key in stage.steps:
            step = look.pathway.steps[key]
            if step.puts_right or look.formation.steps[key].applies is not MAYBE:
                continue
            for one in know(look, unsettled(look.reading, step.when)):
                decides.setdefault(one, []).append(look.title(key))
    found = [MustKnow(what, tuple(titles)) for what, titles in decides.items()]
    return tuple(sorted(found, key=lambda m: not m.what.can_be_answered))


def _choice(look: Look, fact: str) -> str:
    """A choice of the formation in words; '' while it is open or not hers to see."""
    question = look.question(fact)
    answer = look.formation.answers.get((fact, ""))
    if question is None or answer is None or look.reading.asked(fact) is NO:
        return ""
    if fact == "legal_form" and answer.text in FORMS:
        return FORMS[answer.text]
    return look.said(question, answer.text)
