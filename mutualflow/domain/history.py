"""A history or sample file as values: people, organisations, what was said and done, on which day (model.md 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mutualflow.domain.formation import Kind
from mutualflow.domain.keys import FORMS, OrganisationKind, Part, Role, Side
from mutualflow.domain.spans import Span


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds in the file, for a side and an organisation."""

    role: Role
    side: Side  # where the file gives none: the side that usually has this role, else independent
    organisation: str = ""
    side_said: bool = True


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of the file."""

    key: str
    name: str
    roles: tuple[HeldRole, ...]
    since: Span
    until: Span | None = None


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation of the file."""

    key: str
    name: str
    kind: OrganisationKind
    part: Part | None
    count: int = 0


@dataclass(frozen=True, slots=True)
class SaidFact:
    """A fact of a thin history: canonical text (ranges allowed), when it was said, by which source."""

    key: str
    text: str
    said_on: Span
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A milestone's planned or actual day."""

    milestone: str
    planned: Span | None
    actual: Span | None
    said_on: Span
    source: str = ""
    line: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of `happened`: its day, its words as written, and the line of the file."""

    on: Span
    row: Mapping[str, object]
    line: int


@dataclass(frozen=True, slots=True)
class SaidState:
    """A state that the record gives."""

    on: Span
    state: str
    outcome: str = ""
    reason: str = ""
    review_on: Span | None = None
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands."""

    key: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class History:
    """One file, read and checked for its shape."""

    case: str
    kind: Kind
    title: str
    nation: str
    form: str  # a form's key, undecided, unknown, none, "one_of a,b" or "other words of the record"
    route: str
    known_until: Span
    organisations: tuple[Org, ...]
    people: tuple[Actor, ...]
    facts: tuple[SaidFact, ...]
    milestones: tuple[SaidDate, ...]
    happened: tuple[Happening, ...]
    states: tuple[SaidState, ...]
    sources: tuple[Source, ...] = ()
    note: str = ""
    prescribed: tuple[str, ...] = field(default_factory=tuple)  # stand-ins that a sample loads
    form_status: str = "chosen"  # chosen, planned
    host_kind: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it can be: one, several, or none where no form of the list is named."""
        word, _, rest = self.form.partition(" ")
        if word == "one_of":
            return tuple(rest.split(","))
        return (self.form,) if self.form in FORMS else ()

    def person(self, key: str) -> str:
        """The installation-wide key of one of its people."""
        return f"{self.case}.{key}"

    def organisation(self, key: str) -> str:
        """The installation-wide key of one of its organisations; '' for none."""
        return f"{self.case}-{key}".replace("_", "-") if key else ""
