"""One group's walk: the rows that a move reads and changes, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from mutualflow.domain.keys import Audience, Body, Milestone, OrganisationKind, Outcome, Part, Registrar, Role, Side
from mutualflow.domain.spans import Span
from mutualflow.domain.tri import MAYBE, Tri


class Status(StrEnum):
    """What people did with a step."""

    OPEN = "open"
    IN_HAND = "in_hand"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WAIVED = "waived"
    CLOSED = "closed"  # put-right steps that nothing has opened


FINISHED = frozenset({Status.APPROVED, Status.WAIVED})


class Basis(StrEnum):
    """How a submission came to be."""

    PUT_FORWARD = "put_forward"
    OUTSIDE = "outside"
    ASSUMED = "assumed"


class SlotState(StrEnum):
    """Where one approver slot of a submission stands."""

    WAITING = "waiting"
    TO_BE_CHECKED = "to_be_checked"
    APPROVED = "approved"
    APPROVED_SUBJECT_TO = "approved_subject_to"
    RETURNED = "returned"
    LAPSED = "lapsed"


GIVEN = frozenset({SlotState.APPROVED, SlotState.APPROVED_SUBJECT_TO})


class DecisionOutcome(StrEnum):
    """What a body decided."""

    YES = "yes"
    YES_SUBJECT_TO = "yes_subject_to"
    PARTLY = "partly"
    NO = "no"
    DEFERRED = "deferred"


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class TaskOrigin(StrEnum):
    """Why a task is there."""

    CONDITION = "condition"
    GAP = "gap"
    EVIDENCE_ASKED_FOR = "evidence_asked_for"
    OWN = "own"
    EXCHANGE_REVIEW = "exchange_review"
    LATE_CHANGE = "late_change"


class Holds(StrEnum):
    """What a task holds up until it is accepted."""

    STEP = "step"
    MILESTONE = "milestone"
    NONE = "none"


class Kind(StrEnum):
    """Where a formation comes from."""

    LIVED = "lived"
    SAMPLE = "sample"
    HISTORY = "history"


class Life(StrEnum):
    """Whether a formation is under way."""

    FORMING = "forming"
    PAUSED = "paused"
    LAUNCHED = "launched"
    ENDED = "ended"


class FactSource(StrEnum):
    """How a fact came to be said."""

    SAID = "said"
    IMPORTED = "imported"
    DERIVED = "derived"
    ASSUMED = "assumed"
    CORRECTION = "correction"


class DateKind(StrEnum):
    """The three series of a milestone."""

    PLANNED = "planned"
    FORECAST = "forecast"
    ACTUAL = "actual"


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of one formation. `applies`, `waits_for` and `overtaken` are computed, never set by an act."""

    key: str
    status: Status = Status.OPEN
    done_at: int = 0  # event number; 0: not done
    confirmed_at: int = 0
    round: int = 0
    revision: int = 0
    assignee: str = ""
    due_on: date | None = None
    waiting_since: date | None = None  # since when somebody is waited for here
    applies: Tri = MAYBE
    waits_for: tuple[str, ...] = ()
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The fact in force for one question of one subject ('' = the formation, else 'list/row')."""

    key: str
    subject: str
    text: str
    by: str
    event: int
    revision: int
    meaning: str = ""  # the words before corrections that kept the meaning; '' = text itself
    source: FactSource = FactSource.SAID
    said_on: str = ""

    @property
    def means(self) -> str:
        """What a correction does not change."""
        return self.meaning or self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a record list; retired rows stay readable."""

    list: str
    key: str
    event: int
    retired: int = 0  # event number


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document as put forward: its key, number, words' hash, and how many blanks it has."""

    document: str
    number: str
    sha256: str
    blanks: int = 0
    gaps: int = 0  # prescribed texts that are not loaded
    printed: bool = False
    clauses: Mapping[str, str] = field(default_factory=dict)  # clause id -> hash


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody's own words on a step's record; nobody else can take them off."""

    step: str
    event: int
    by: str
    on: str  # the day on which it was made
    text: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One round of a step: exactly what was put forward. `material`: fact key -> (text, meaning).

    `statements`: events of those that had been made; later ones change neither the round nor what was said to it.
    """

    step: str
    round: int
    basis: Basis
    material: Mapping[str, tuple[str, str]]
    documents: tuple[DocumentRef, ...]
    evidence: tuple[str, ...]
    sha256: str
    by: str  # '' for an outside or assumed submission
    event: int
    on: date
    answered_by: tuple[str, ...] = ()  # who said the step's own facts in force, and attached its files
    attached_by: tuple[str, ...] = ()
    statements: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """One slot's answer to one submission."""

    step: str
    round: int
    slot: str
    organisation: str = ""
    state: SlotState = SlotState.WAITING
    taken_by: str = ""
    by: str = ""
    capacity: str = ""
    decided_on: Span | None = None
    event: int = 0
    note: str = ""
    points: tuple[str, ...] = ()

    @property
    def at(self) -> tuple[str, str, str]:
        """Where it stands: step, slot, organisation."""
        return self.step, self.slot, self.organisation


@dataclass(frozen=True, slots=True)
class Condition:
    """What an approval or decision was made subject to; it becomes a task."""

    key: str
    title: str
    owner: str
    due_on: date | None
    holds: Holds = Holds.NONE
    holds_key: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a body decided, as recorded; kept while requirements are open."""

    step: str
    round: int
    slot: str
    organisation: str
    body: Body
    outcome: DecisionOutcome
    decided_on: Span
    minute: str
    recorded_by: str
    event: int
    votes: str = ""
    next_on: date | None = None
    version: str = ""  # number of the document version that the body had
    delegations: str = ""
    reason: str = ""
    conditions: tuple[Condition, ...] = ()
    checked_by: str = ""
    kept: bool = False  # waits until requirements close

    @property
    def at(self) -> tuple[str, str, str]:
        """Where it stands: step, slot, organisation."""
        return self.step, self.slot, self.organisation


@dataclass(frozen=True, slots=True)
class Filing:
    """What was sent to a register, and its answer."""

    step: str
    attempt: int
    registrar: Registrar
    sent_on: date
    reference: str
    fee: Decimal | None
    fee_rule: str
    by: str
    event: int
    answer: str = ""  # registered, refused
    answered_on: date | None = None
    reasons: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something one person owes by a day, and what it holds up."""

    key: str
    title: str
    owner: str
    due_on: date | None
    origin: TaskOrigin
    laid_by: str
    event: int
    holds: Holds = Holds.NONE
    holds_key: str = ""
    step: str = ""  # the step whose slot laid it
    slot: str = ""
    organisation: str = ""
    state: TaskState = TaskState.OPEN
    evidence: str = ""

    @property
    def held(self) -> bool:
        """Does it still hold up what it holds?"""
        if self.holds is Holds.NONE or self.state in (TaskState.ACCEPTED, TaskState.WITHDRAWN):
            return False
        return not (self.state is TaskState.DONE and not self.slot)


@dataclass(frozen=True, slots=True)
class Membership:
    """Who acts for which side in which role; `since`/`until` are days."""

    person: str
    role: Role
    side: Side
    since: date
    organisation: str = ""
    until: date | None = None
    invited_by: str = ""
    confirmed_by: str = ""
    scope: str = "formation"  # formation, programme, organisation, installation
    id: int = 0  # 0: not stored yet

    def current(self, today: date) -> bool:
        """Does it hold on that day?"""
        return self.since <= today and (self.until is None or today < self.until)

    @property
    def moves(self) -> bool:
        """Unconfirmed members of other sides read what is for everyone and move nothing."""
        return self.side is Side.GROUP or bool(self.confirmed_by)


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away, and who stands in."""

    person: str
    since: date
    until: date
    stand_in: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody is waited for: one table behind digest, queue and overview."""

    key: str
    step: str
    what: str  # submit, approve, decide, check, file, record_answer, task, accept, answer, confirm, find_out
    since: date
    role: str = ""
    side: str = ""
    person: str = ""
    slot: str = ""
    organisation: str = ""
    due_on: date | None = None
    legal_on: date | None = None
    weighty: bool = False  # holds a gate or an irrevocable step
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file attached to a step, under a key of the formation."""

    key: str
    step: str
    evidence: str  # what the pathway calls it; '' for a file nobody asked for
    sha256: str
    name: str
    by: str
    event: int
    comes_with: str = "submit"
    catalogue: str = ""
    audience: Audience = Audience.EVERYONE
    taken_out: int = 0  # event number
    valid_until: date | None = None  # its last day; None where it has none


@dataclass(frozen=True, slots=True)
class MilestoneDate:
    """The latest row of one series of a milestone."""

    milestone: Milestone
    kind: DateKind
    span: Span
    event: int
    by: str = ""
    why: str = ""
    pessimistic: date | None = None
    optimistic: date | None = None
    source: str = ""  # key of where a record has it from; '' for what was done here
    said_on: str = ""  # the day on which a recorded plan was made, as far as it is known


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation and its part in this formation."""

    key: str
    name: str
    kind: OrganisationKind
    part: Part


@dataclass(frozen=True, slots=True)
class LifeState:
    """The formation's state, and why."""

    life: Life
    since: date
    reason: str = ""
    review_on: date | None = None
    outcome: Outcome | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Formation:
    """Everything of one formation that a move may read: bounded by its steps and facts, never by its age."""

    key: str
    name: str
    kind: Kind
    release: str
    version: int
    head: str
    events: int
    state: LifeState
    steps: Mapping[str, StepState]
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    submissions: Mapping[str, Submission] = field(default_factory=dict)  # step -> its latest round
    approvals: Mapping[tuple[str, str, str], Approval] = field(default_factory=dict)  # of latest rounds
    decisions: Mapping[tuple[str, str, str], Decision] = field(default_factory=dict)
    filings: Mapping[str, Filing] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    members: tuple[Membership, ...] = ()
    absences: tuple[Absence, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    dates: Mapping[tuple[Milestone, DateKind], MilestoneDate] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    awaited: Mapping[str, Awaited] = field(default_factory=dict)
    next_due_on: date | None = None
    law_told_to: date | None = None
    rulebook: str = ""  # the law whose results stand here and have been told
    id: int = 0

    @property
    def hosts(self) -> tuple[Organisation, ...]:
        """The organisations of part host."""
        return tuple(o for o in self.organisations.values() if o.part is Part.HOST)

    @property
    def launched(self) -> bool:
        """Has go-live been reached? True also for what ended after it."""
        return self.state.life is Life.LAUNCHED or (Milestone.GO_LIVE, DateKind.ACTUAL) in self.dates


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: keys and codes in `refs`, a person's own words in `text` (erasable, salted)."""

    number: int
    kind: str
    by: str
    happened_on: str
    recorded_at: datetime
    via: str
    refs: Mapping[str, object]
    text: str = ""
    audience: Audience = Audience.EVERYONE
