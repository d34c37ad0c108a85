"""What a legal form asks for: stages, steps, questions, slots (frozen; compiled from data, pinned in a release)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from mutualflow.domain.conditions import ALWAYS, Condition, read_by
from mutualflow.domain.keys import Audience, Body, Milestone, Registrar, Role, Side

Text = Mapping[str, str]
"""Words by language: {"en": ..., "cy": ...}; English is always there."""


class QuestionType(StrEnum):
    """What kind of answer a question takes."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TEXT = "text"
    LONG_TEXT = "long_text"
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Question:
    """One typed question: of the formation, or a column of a record list."""

    key: str
    type: QuestionType
    label: Text
    words: Text
    hint: Text = field(default_factory=dict)
    choices: Mapping[str, Text] = field(default_factory=dict)
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    unit: str = ""
    audience: Audience = Audience.EVERYONE
    if_not_known: str | None = None
    for_the_record: str = ""
    optional: bool = False  # columns only: a row may leave it out
    stage: str = ""


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of rows with a schema, e.g. the people on the first board."""

    key: str
    label: Text
    words: Text
    columns: Mapping[str, Question]
    hint: Text = field(default_factory=dict)
    at_least: int = 0
    audience: Audience = Audience.EVERYONE
    stage: str = ""

    @property
    def complete_fact(self) -> str:
        """Key of the fact that says "that is all of them"."""
        return f"{self.key}_complete"


@dataclass(frozen=True, slots=True)
class Party:
    """A role and the side it acts for."""

    role: Role
    side: Side


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or list as one step asks it."""

    key: str
    when: Condition = ALWAYS
    optional: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """A requirement: one step, or all of a stage."""

    step: str = ""
    stage: str = ""
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Produced:
    """A document that the step's submission prints."""

    document: str
    catalogue: str
    for_filing: bool = False
    when: Condition = ALWAYS


class With(StrEnum):
    """With which act a file comes."""

    SUBMIT = "submit"
    RECORD_DECISION = "record_decision"
    RECORD_ANSWER = "record_answer"


@dataclass(frozen=True, slots=True)
class Brought:
    """Evidence that somebody brings: a file with its catalogue number."""

    evidence: str
    title: Text
    catalogue: str = ""
    comes_with: With = With.SUBMIT
    optional: bool = False
    audience: Audience = Audience.EVERYONE
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Slot:
    """Who must answer a submission: a role of a side, or a body."""

    key: str
    role: Role | None = None
    body: Body | None = None
    side: Side | None = None  # None: joint_committee only
    organisation: str = ""  # a registrar's name
    each_host: bool = False
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Files:
    """What a step sends to a register, and the rule that sets its fee."""

    registrar: Registrar
    fee_rule: str = ""
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class LawEntry:
    """One statement of law at a step, in our own words. `rules`: dated fees and numbers of which it speaks."""

    text: Text
    source: str
    in_force_from: str
    in_force_to: str = ""
    verified: bool = False
    when: Condition = ALWAYS
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duration:
    """Optimistic, likely and pessimistic weeks of work."""

    optimistic: int
    likely: int
    pessimistic: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the graph, with everything any form adds to it (guarded by conditions)."""

    key: str
    stage: str
    title: Text
    why: Text
    how: Text
    goes_wrong: Text
    owner: Party
    helpers: tuple[Party, ...] = ()
    when: Condition = ALWAYS
    after: tuple[After, ...] = ()
    asks: tuple[Asked, ...] = ()
    lists: tuple[Asked, ...] = ()
    produces: tuple[Produced, ...] = ()
    brings: tuple[Brought, ...] = ()
    slots: tuple[Slot, ...] = ()
    files: Files | None = None
    reaches: Milestone | None = None
    gate: bool = False
    irrevocable: bool = False
    optional: bool = False
    immaterial: frozenset[str] = frozenset()
    duration: Duration = Duration(1, 2, 4)
    clocks: tuple[str, ...] = ()
    clock_when: Mapping[str, Condition] = field(default_factory=dict)  # clocks that count only where this holds
    law: tuple[LawEntry, ...] = ()
    retired: bool = False
    puts_right: str = ""  # key of the irrevocable step that this generated step corrects

    @property
    def waits_deep(self) -> bool:
        """Gates and irrevocable steps wait for everything behind them, all the way."""
        return self.gate or self.irrevocable


@dataclass(frozen=True, slots=True)
class Stage:
    """A named stretch of the walk."""

    key: str
    title: Text
    summary: Text
    steps: tuple[str, ...]  # in walking order, put-right steps after their own


@dataclass(frozen=True, slots=True)
class Impossible:
    """A forbidden combination of facts, with the sentence and source that say why."""

    key: str
    when: Condition
    sentence: Text
    source: str


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A named condition with words for it."""

    name: str
    words: Text
    when: Condition


@dataclass(frozen=True, slots=True)
class NeverPair:
    """An order of milestones that cannot be: `first` is never after `second`."""

    first: str
    second: str
    source: str


@dataclass(frozen=True)
class Pathway:
    """The one compiled graph. Steps are in an order in which requirements come first."""

    stages: tuple[Stage, ...]
    steps: Mapping[str, Step]
    questions: Mapping[str, Question]
    lists: Mapping[str, RecordList]
    terms: Mapping[str, NamedTerm]
    impossible: tuple[Impossible, ...]
    never: tuple[NeverPair, ...]
    forms: Mapping[str, Text]  # forms that have a file
    document_facts: Mapping[str, tuple[str, ...]]  # document -> facts and lists it prints
    sha256: str = ""

    @cached_property
    def material_memo(self) -> dict[str, tuple[str, ...]]:
        """Step -> keys of its material facts, filled by ground.py."""
        return {}

    @cached_property
    def asker(self) -> Mapping[str, str]:
        """Fact or list key -> key of the step that asks it."""
        return {a.key: s.key for s in self.steps.values() if not s.puts_right for a in (*s.asks, *s.lists)}

    @cached_property
    def asked(self) -> Mapping[str, Asked]:
        """Fact or list key -> how its step asks it."""
        return {a.key: a for s in self.steps.values() if not s.puts_right for a in (*s.asks, *s.lists)}

    @cached_property
    def decisive(self) -> frozenset[str]:
        """Facts and lists that some condition reads: only these change what applies, who is asked or who answers."""
        whole = [t.when for t in self.terms.values()] + [row.when for row in self.impossible]
        for step in self.steps.values():
            whole += [step.when, *step.clock_when.values(), *([step.files.when] if step.files else [])]
            for guarded in (step.after, step.asks, step.lists, step.produces, step.brings, step.slots, step.law):
                whole += [one.when for one in guarded]
        return frozenset(key for condition in whole for key in read_by(condition))

    @cached_property
    def reached_by(self) -> Mapping[Milestone, str]:
        """Milestone -> key of the step that reaches it."""
        return {s.reaches: s.key for s in self.steps.values() if s.reaches is not None}

    @cached_property
    def stage_of(self) -> Mapping[str, Stage]:
        """Step key -> its stage."""
        return {key: stage for stage in self.stages for key in stage.steps}

    @cached_property
    def behind(self) -> Mapping[str, frozenset[str]]:
        """Step -> every step that may stand before it, whatever applies."""
        behind: dict[str, frozenset[str]] = {}
        for key, step in self.steps.items():  # requirements come first in `steps`
            near = {a.step for a in step.after}
            behind[key] = frozenset(near.union(*(behind[n] for n in near)))
        return behind

    @cached_property
    def put_right(self) -> Mapping[str, str]:
        """Irrevocable step -> its generated put-right step."""
        return {s.puts_right: s.key for s in self.steps.values() if s.puts_right}


def say(text: Text, lang: str = "en") -> str:
    """The words in a language; English where there is no translation."""
    return text.get(lang) or text.get("en", "")
