"""What shows only when every file is read: names that have to exist, and what holds of the whole graph."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from mutualflow.domain.cases import step_conditions as conditions
from mutualflow.domain.conditions import ALWAYS, Condition, Term, parts
from mutualflow.domain.errors import Fault
from mutualflow.domain.ground import facts_in
from mutualflow.domain.keys import Audience, Body, Milestone, Role
from mutualflow.domain.pathway import NamedTerm, Pathway, Question, QuestionType, RecordList, Step, With
from mutualflow.domain.permissions import readers
from mutualflow.pathways.yamlfile import Notes, Reference, meant

NUMBERS = (QuestionType.NUMBER, QuestionType.MONEY)


class Document(Protocol):
    """What a document's folder says of it (compile.Printed)."""

    @property
    def document(self) -> str: ...
    @property
    def audience(self) -> Audience: ...
    @property
    def facts(self) -> tuple[str, ...]: ...
    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]: ...
    @property
    def terms(self) -> tuple[str, ...]: ...
    @property
    def steps(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that names in files may mean."""

    steps: Mapping[str, Step]
    stages: tuple[str, ...]
    questions: Mapping[str, Question]
    lists: Mapping[str, RecordList]
    terms: Mapping[str, NamedTerm]
    documents: Mapping[str, str]  # document -> catalogue number
    rules: frozenset[str] | None
    sources: frozenset[str] | None


def names(notes: Notes, known: Known) -> None:
    """A fault for each name that means nothing, and for each answer that its question does not take."""
    there = _there(known)
    for one in notes.references:
        match one.kind:
            case "value" | "number" | "day":
                _operand(notes, known, one)
            case "document":
                _document(notes, known, one)
            case _:
                names_ = there[one.kind]
                if names_ is not None and one.name not in names_:
                    _fault(notes, one, f"there is no {one.kind} {one.name!r}{meant(one.name, names_)}", names_)
    _term_circles(notes, known)


def _there(known: Known) -> dict[str, Collection[str] | None]:
    """Kind of reference -> the names that there are; None where they are not to be checked."""
    made = {records.complete_fact for records in known.lists.values()}
    answers = {key: None for key in known.questions if key not in made}
    return {
        "step": known.steps,
        "stage": known.stages,
        "fact": answers,
        "list": known.lists,
        "answer": {**answers, **dict.fromkeys(known.lists)},
        "term": known.terms,
        "rule": known.rules,
        "clock": known.rules,
        "source": known.sources,
    }


def _fault(notes: Notes, one: Reference, wrong: str, allowed: Iterable[str] = ()) -> None:
    few = sorted(allowed)
    words = ", ".join(few) if len(few) <= 20 else ""
    notes.faults.append(Fault(one.place.file, one.place.line, one.place.key, wrong, words))


def _operand(notes: Notes, known: Known, one: Reference) -> None:
    question = known.questions.get(one.name)
    if question is None:
        _fault(notes, one, f"there is no question {one.name!r}{meant(one.name, known.questions)}")
    elif one.kind == "day":
        if question.type is not QuestionType.DATE:
            _fault(notes, one, f"{one.name!r} is no day but a {question.type.value}", ("at_least", "below", "is"))
    elif one.kind == "number":
        if question.type not in NUMBERS:
            _fault(notes, one, f"{one.name!r} is no number but a {question.type.value}", ("is", "one_of"))
    elif question.type is QuestionType.YES_NO:
        if one.value not in ("yes", "no"):
            _fault(notes, one, f"{one.value!r} is no answer to {one.name!r}", ("yes", "no"))
    elif question.type is not QuestionType.CHOICE:
        _fault(notes, one, f"{one.name!r} is a {question.type.value}, which no condition compares with words")
    elif one.value not in question.choices:
        close = meant(one.value, question.choices)
        _fault(notes, one, f"{one.value!r} is no answer to {one.name!r}{close}", question.choices)


def _document(notes: Notes, known: Known, one: Reference) -> None:
    if not known.documents:
        return
    if one.name not in known.documents:
        close = meant(one.name, known.documents)
        _fault(notes, one, f"there is no document folder {one.name!r}{close}", known.documents)
    elif known.documents[one.name] and one.value and known.documents[one.name] != one.value:
        theirs = known.documents[one.name]
        _fault(notes, one, f"{one.name!r} has the catalogue number {theirs}, not {one.value}", (theirs,))


def _term_circles(notes: Notes, known: Known) -> None:
    near = {
        name: {part.name for part in parts(term.when) if isinstance(part, Term)} for name, term in known.terms.items()
    }
    for name in near:
        seen, left = set(near[name]), list(near[name])
        while left:
            fresh = near.get(left.pop(), set()) - seen
            seen |= fresh
            left += fresh
        if name in seen:
            notes.fault(("term", name), f"the term {name!r} is made of itself")


def whole(notes: Notes, pathway: Pathway, documents: Iterable[Document], house_lists: frozenset[str]) -> None:
    """What holds of the whole graph, put-right steps aside (they copy what was looked at already)."""
    for step in pathway.steps.values():
        if not step.puts_right:
            _step(notes, pathway, step)
    _asked_once(notes, pathway)
    _milestones(notes, pathway)
    for document in documents:
        _printed(notes, pathway, document, house_lists)
    _used(notes, pathway, documents)


def _step(notes: Notes, pathway: Pathway, step: Step) -> None:
    at = ("step", step.key)
    if step.optional and step.law:
        notes.fault(("law", step.key), "a step with a duty of law cannot be waived", "no `optional`, or no `law`")
    if step.optional and (step.gate or step.irrevocable):
        notes.fault(at, "a gate or an irrevocable step cannot be waived", "no `optional`")
    for part, keys in (
        ("slots", [s.key for s in step.slots]),
        ("brings", [b.evidence for b in step.brings]),
        ("produces", [p.document for p in step.produces]),
    ):
        for key, count in Counter(keys).items():
            if count > 1:
                notes.fault((part, step.key, key), f"{key!r} stands there {count} times", "once in a step")
    for slot in step.slots:
        if slot.role is not None and (slot.role, slot.side) == (step.owner.role, step.owner.side):
            notes.fault(
                ("slots", step.key, slot.key),
                f"the slot {slot.key!r} has the owner's own role and side: nobody approves her own work",
                "a slot of another role or side",
            )
    _comes_with(notes, step)
    if step.law:
        _switched_off(notes, pathway, step)
    for part, key, condition in conditions(step):
        _reads(notes, pathway, step, part, key, condition)


def _switched_off(notes: Notes, pathway: Pathway, step: Step) -> None:
    """An answer that takes away a step with a duty of law is looked at by a legal adviser where it is given."""
    for fact in dict.fromkeys(facts_in(pathway, step.when)):
        asker = pathway.steps.get(pathway.asker.get(fact, ""))
        if asker is not None and all(slot.role is not Role.LEGAL_ADVISER for slot in asker.slots):
            notes.fault(
                ("asks", asker.key, fact),
                f"{fact!r} decides whether {step.key}, which has duties of law, is needed, and no lawyer answers here",
                "a slot of a legal_adviser in the step that asks it",
            )


def _comes_with(notes: Notes, step: Step) -> None:
    registrars = [s for s in step.slots if s.body is Body.REGISTRAR]
    bodies = [s for s in step.slots if s.body is not None and s.body is not Body.REGISTRAR]
    with_decision = [b for b in step.brings if b.comes_with is With.RECORD_DECISION]
    with_answer = [b for b in step.brings if b.comes_with is With.RECORD_ANSWER]
    if step.files is not None:
        if not step.irrevocable:
            notes.fault(("files", step.key), "a step that files is irrevocable", "irrevocable: yes")
        if step.files.registrar.value not in [s.organisation for s in registrars]:
            wrong = f"nobody answers for {step.files.registrar.value}"
            notes.fault(("files", step.key), wrong, "a slot {body: registrar, organisation: ...}")
        if not with_answer:
            notes.fault(
                ("files", step.key), "no file comes with the register's answer", "brings: {with: record_answer}"
            )
    elif registrars or with_answer:
        notes.fault(("step", step.key), "a register answers here, and nothing is filed", "files: {registrar: ...}")
    if bodies and not with_decision:
        notes.fault(
            ("slots", step.key, bodies[0].key),
            "a body decides and no minute or letter comes with it",
            "brings: {with: record_decision}",
        )
    if with_decision and not bodies:
        notes.fault(("brings", step.key, with_decision[0].evidence), "comes with a decision, and no body decides here")


def _reads(notes: Notes, pathway: Pathway, step: Step, part: str, key: str, condition: Condition) -> None:
    """A reader comes after its asker; what is read cannot be left out."""
    if condition == ALWAYS:
        return
    at = (part, step.key, key) if key else (part, step.key)
    order = [a.key for a in (*step.asks, *step.lists)]
    for fact in dict.fromkeys(facts_in(pathway, condition)):
        asker = pathway.asker.get(fact)
        if asker is None:
            notes.fault(at, f"reads {fact!r}, which no step asks")
            continue
        asked = pathway.asked[fact]
        if asked.optional or pathway.steps[asker].optional:
            notes.fault(
                at, f"reads {fact!r}, which {asker} lets people leave out", "a question that has to be answered"
            )
        if asker == step.key:
            if part in ("step", "after"):
                notes.fault(at, f"reads {fact!r}, which is asked only in this step", "a fact asked in an earlier step")
            elif part == "asks" and order.index(fact) >= order.index(key):
                notes.fault(at, f"reads {fact!r}, which is asked further down", "the question that is read first")
        elif asker not in pathway.behind[step.key]:
            notes.fault(
                at, f"reads {fact!r}, which {asker} asks and which need not be behind this step", f"after: [{asker}]"
            )


def _asked_once(notes: Notes, pathway: Pathway) -> None:
    first: dict[str, str] = {}
    for step in pathway.steps.values():
        if step.puts_right:
            continue
        for asked in (*step.asks, *step.lists):
            if asked.key in first:
                notes.fault(
                    ("asks", step.key, asked.key),
                    f"{asked.key!r} is asked twice, first in {first[asked.key]}",
                    "one step asks a question",
                )
            first.setdefault(asked.key, step.key)
    for key in (*pathway.questions, *pathway.lists):
        made = key.removesuffix("_complete")
        if key not in first and not (made != key and made in pathway.lists):
            notes.fault(("fact", key), f"no step asks {key!r}", "asks: or lists: of a step")


def _milestones(notes: Notes, pathway: Pathway) -> None:
    reached: dict[Milestone, str] = {}
    for step in pathway.steps.values():
        if step.reaches is None:
            continue
        if step.reaches in reached:
            notes.fault(
                ("reaches", step.key),
                f"{step.reaches.value} is reached by {reached[step.reaches]} already",
                "one step to a milestone",
            )
        if step.reaches is Milestone.CONTRACT_END:
            notes.fault(("reaches", step.key), "a contract's end is reached by no step")
        reached.setdefault(step.reaches, step.key)


def _printed(notes: Notes, pathway: Pathway, document: Document, house_lists: frozenset[str]) -> None:
    producers = [s for s in pathway.steps.values() if document.document in [p.document for p in s.produces]]
    at = ("document", document.document)
    for name in document.terms:
        if name not in pathway.terms:
            notes.fault(at, f"{document.document} names a term {name!r} that there is not{meant(name, pathway.terms)}")
    for name in document.steps:
        if name not in [s.key for s in producers]:
            notes.fault(at, f"{document.document} has a version for {name!r}, which does not produce it")
    columns = [
        (key, column)
        for key, names_ in document.lists
        if key not in house_lists
        for column in names_
        if _no_column(pathway, key, column)
    ]
    for key, column in columns:
        notes.fault(at, f"{document.document} prints {key}.{column}, which is no column of a list")
    for name in (*document.facts, *(key for key, _ in document.lists if key not in house_lists)):
        if name not in pathway.asker:
            notes.fault(at, f"{document.document} prints {name!r}, which no step asks{meant(name, pathway.asker)}")
            continue
        asker = pathway.asker[name]
        if producers and not any(asker == s.key or asker in pathway.behind[s.key] for s in producers):
            at_steps = ", ".join(s.key for s in producers if not s.puts_right)
            notes.fault(
                ("produces", producers[0].key, document.document),
                f"prints {name!r}, which {asker} asks only later or beside it",
                f"{asker} behind {at_steps}",
            )
        audience = pathway.lists[name].audience if name in pathway.lists else pathway.questions[name].audience
        _reach(notes, producers, document, name, audience)
    for key, names_ in document.lists:
        for column in names_:
            if key in pathway.lists and column in pathway.lists[key].columns:
                _reach(notes, producers, document, f"{key}.{column}", pathway.lists[key].columns[column].audience)


def _no_column(pathway: Pathway, key: str, column: str) -> bool:
    return key not in pathway.lists or column not in pathway.lists[key].columns


def _reach(notes: Notes, producers: list[Step], document: Document, name: str, audience: Audience) -> None:
    if not readers(document.audience) <= readers(audience):
        at = ("produces", producers[0].key, document.document) if producers else ("document", document.document)
        notes.fault(
            at,
            f"{document.document} is for {document.audience.value} and prints {name}, only for {audience.value}",
            "an audience no wider than that of what is printed",
        )


def _used(notes: Notes, pathway: Pathway, documents: Iterable[Document]) -> None:
    """Every question is read by a condition, printed, or said to be for the record."""
    if not pathway.document_facts:
        return
    used = {key for facts in pathway.document_facts.values() for key in facts}
    for document in documents:
        for term in document.terms:
            if term in pathway.terms:
                used |= set(facts_in(pathway, pathway.terms[term].when))
    for step in pathway.steps.values():
        for _, _, condition in conditions(step):
            used |= set(facts_in(pathway, condition))
    for row in pathway.impossible:
        used |= set(facts_in(pathway, row.when))
    for key, question in pathway.questions.items():
        if key in pathway.asker and key not in used and not question.for_the_record:
            notes.fault(("fact", key), f"{key!r} is asked, and neither read nor printed", "for_the_record: why we ask")
