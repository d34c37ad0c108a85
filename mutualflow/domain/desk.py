"""The desk: where one act is worked on a formation, and what it leaves to be written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from mutualflow.domain.applies import Reading, Thresholds
from mutualflow.domain.computed import recompute
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import (
    DateKind,
    Event,
    Formation,
    Life,
    Membership,
    MilestoneDate,
    Status,
    StepState,
)
from mutualflow.domain.keys import Audience, Milestone, Role, Side
from mutualflow.domain.pathway import Party, Pathway, Step, say
from mutualflow.domain.spans import Span

Law = Callable[[Mapping[str, Span]], Thresholds]
"""Milestone spans -> the rules' values on their base dates (rulebook.thresholds, bound)."""

Lately = Callable[[str], Event | None]
"""Step -> the newest line of the history that names it; None where there is none, or none of late."""


def nothing_lately(step: str) -> Event | None:
    """For desks on which nobody asks whether an act has just been done."""
    return None


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row to be added to the facts."""

    key: str
    subject: str
    text: str
    source: str
    by: str
    said_on: str
    event: int
    correction: str = ""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note, question, answer or statement to be added to a step's record."""

    key: str
    step: str
    kind: str  # note, ask, answer, statement
    by: str
    text: str
    audience: Audience
    event: int
    asked_of: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """What an act leaves: the formation before and after, and rows that are only ever added."""

    before: Formation
    after: Formation
    events: tuple[Event, ...]
    facts: tuple[FactRow, ...]
    notes: tuple[NoteRow, ...]
    reading: Reading | None = None  # of the formation after, where somebody has one already


class Desk:
    """A formation being worked on by one person at one moment. Handlers read `f` and put new values back."""

    def __init__(
        self,
        pathway: Pathway,
        formation: Formation,
        *,
        by: str,
        now: datetime,
        today: date,
        law: Law,
        via: str = "cli",
        lately: Lately = nothing_lately,
    ) -> None:
        self.pathway = pathway
        self.before = formation
        self.f = formation
        self.by = by
        self.now = now
        self.today = today
        self.law = law
        self.via = via
        self.lately = lately
        self.events: list[Event] = []
        self.facts: list[FactRow] = []
        self.notes: list[NoteRow] = []
        self._reading: Reading | None = None
        self._earlier: Reading | None = None  # a reading that still holds but for the facts and lists of `_since`
        self._since: set[str] = set()
        self._settled: tuple[Reading, Mapping[str, StepState]] | None = None

    # reading

    @property
    def reading(self) -> Reading:
        """The present reading of the facts; made anew after each change of them."""
        if self._reading is None:
            self._reading = read(self.pathway, self.f, self.law)
            if self._earlier is not None:
                self._reading.remember(self._earlier, self._since)
        return self._reading

    def step(self, key: str) -> Step:
        """The step of the pathway; UNKNOWN_KEY where there is none."""
        step = self.pathway.steps.get(key)
        if step is None:
            raise Refused(Refusal.UNKNOWN_KEY, f"There is no step “{key}” on this pathway.")
        return step

    def state(self, key: str) -> StepState:
        """Where the step stands."""
        return self.f.steps[self.step(key).key]

    def roles(self) -> tuple[Membership, ...]:
        """The roles in which the person acts today; unconfirmed ones move nothing."""
        return roles_of(self.f, self.by, self.today)

    def holds(self, party: Party) -> bool:
        """Does the person hold this role for this side?"""
        return any(m.role is party.role and m.side is party.side for m in self.roles())

    def holds_any(self, parties: Iterable[Party]) -> bool:
        """Does the person hold one of these?"""
        return any(self.holds(party) for party in parties)

    def has_role(self, *roles: Role) -> bool:
        """Does the person hold one of these roles, for whatever side?"""
        return any(m.role in roles for m in self.roles())

    def on_side(self, *sides: Side) -> bool:
        """Does the person act for one of these sides?"""
        return any(m.side in sides for m in self.roles())

    def holders(self, role: Role, side: Side | None) -> tuple[str, ...]:
        """Everybody who holds the role for the side today."""
        return tuple(
            m.person for m in self.f.members if m.role is role and m.side is side and m.current(self.today) and m.moves
        )

    # writing

    def put(self, **changes: object) -> None:
        """Replace fields of the formation."""
        self.f = replace(self.f, **changes)  # type: ignore[arg-type]  # names and types are the callers' care

    def put_step(self, key: str, **changes: object) -> None:
        """Replace fields of one step's state; every such change moves its revision on."""
        old = self.f.steps[key]
        new = replace(old, revision=old.revision + 1, **changes)  # type: ignore[arg-type]
        self.put(steps={**self.f.steps, key: new})

    def changed_facts(self, key: str = "") -> None:
        """Forget the reading: facts, rows or milestone days have changed, or something was carried out.

        `key`: the only fact or list that has. Where no condition reads it, what was found out otherwise still holds.
        """
        if not key or key in self.pathway.decisive:
            self._earlier = None
        elif self._reading is not None:
            self._earlier, self._since = self._reading, {key}
        else:
            self._since.add(key)
        self._reading = None

    def settle(self) -> None:
        """Recompute what is computed, unless that was done and nothing has changed since."""
        reading, steps = self.reading, self.f.steps
        if self._settled is None or self._settled[0] is not reading or self._settled[1] is not steps:
            self.put(steps=recompute(reading, steps))
            self._settled = reading, self.f.steps

    @property
    def next_event(self) -> int:
        """The number that the next event will have."""
        return self.f.events + 1

    def event(
        self,
        kind: str,
        refs: Mapping[str, object],
        *,
        happened_on: str = "",
        text: str = "",
        audience: Audience = Audience.EVERYONE,
    ) -> int:
        """Append a line to the history and return its number."""
        number = self.next_event
        self.events.append(
            Event(
                number=number,
                kind=kind,
                by=self.by,
                happened_on=happened_on or self.today.isoformat(),
                recorded_at=self.now,
                via=self.via,
                refs=refs,
                text=text,
                audience=audience,
            )
        )
        self.put(events=number)
        return number

    def move(self, key: str, to: Status, *, cause: str, **changes: object) -> None:
        """Change a step's status and write it into the history."""
        was = self.f.steps[key].status
        self.event(cause, {"step": key, "from": was.value, "to": to.value})
        self.put_step(key, status=to, waiting_since=self.today, **changes)

    def reach(self, milestone: Milestone, span: Span, event: int, why: str = "", source: str = "") -> None:
        """Add an actual day to a milestone; `source`: where a record has it from."""
        row = MilestoneDate(milestone, DateKind.ACTUAL, span, event, self.by, why, source=source)
        self.put(dates={**self.f.dates, (milestone, DateKind.ACTUAL): row})
        self.changed_facts()
        if milestone is Milestone.GO_LIVE and self.f.state.life is not Life.ENDED:
            self.put(state=replace(self.f.state, life=Life.LAUNCHED, since=span.latest or self.today, reason=""))

    def done(self) -> Moved:
        """Recompute, and hand over everything that has to be written."""
        self.settle()
        after = replace(self.f, version=self.before.version + 1) if self.events else self.before
        return Moved(self.before, after, tuple(self.events), tuple(self.facts), tuple(self.notes), self.reading)


def read(pathway: Pathway, formation: Formation, law: Law) -> Reading:
    """A reading of a formation as it stands."""
    said = {place: answer.text for place, answer in formation.answers.items()}
    counts: dict[str, int] = {}
    for row in formation.rows.values():
        if not row.retired:
            counts[row.list] = counts.get(row.list, 0) + 1
    spans = milestone_spans(formation)
    carried_out = frozenset(
        key
        for key, state in formation.steps.items()
        if state.status is Status.APPROVED and pathway.steps[key].irrevocable
    )
    return Reading(pathway, said, counts, spans, law(spans), carried_out)


def milestone_spans(formation: Formation) -> dict[str, Span]:
    """Milestone -> its actual day, else its planned day. Never a forecast."""
    spans: dict[str, Span] = {}
    for kind in (DateKind.PLANNED, DateKind.ACTUAL):
        spans.update({m.value: row.span for (m, k), row in formation.dates.items() if k is kind})
    return spans


def roles_of(formation: Formation, person: str, today: date) -> tuple[Membership, ...]:
    """The roles in which somebody acts on a day."""
    return tuple(m for m in formation.members if m.person == person and m.current(today) and m.moves)


def title(pathway: Pathway, key: str) -> str:
    """A step's title in quotation marks, for sentences."""
    return f"“{say(pathway.steps[key].title)}”"


def words(key: str) -> str:
    """A key of the closed lists as words."""
    return key.replace("_", " ")


def role_words(role: Role, side: Side | None) -> str:
    """The role as a person says it: "HR adviser (host)"."""
    name = words(role.value)
    name = f"HR{name[2:]}" if name.startswith("hr ") else name
    return f"{name} ({words(side.value)})" if side else name
