"""The compiler: every file of pathways into one graph, with every fault named at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from mutualflow.domain.conditions import ALWAYS, Condition, FactIs, parts
from mutualflow.domain.errors import FileFault
from mutualflow.domain.ground import facts_in
from mutualflow.domain.keys import FORMS, Audience, Milestone
from mutualflow.domain.pathway import (
    Impossible,
    NamedTerm,
    NeverPair,
    Pathway,
    Question,
    QuestionType,
    RecordList,
    Stage,
    Step,
    Text,
)
from mutualflow.domain.printing import EVIDENCE_ON_FILE, MILESTONES, PLAN_STEPS
from mutualflow.pathways import checks, graph, law_words, questions, steps, when
from mutualflow.pathways.steps import STAGES
from mutualflow.pathways.yamlfile import Node, Notes, Place, load, meant

FOLDER = Path(__file__).resolve().parent
SINGLE = ("terms.yaml", "impossible.yaml", "never.yaml")
HOUSE_LISTS = frozenset({PLAN_STEPS, EVIDENCE_ON_FILE, MILESTONES})
"""Lists that documents print and nobody answers: the house makes them from plan and files."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a document's folder says of it: its catalogue number, who may read it, and what it prints.

    `lists`: (list, its columns). `steps`: those whose versions of the document differ.
    """

    document: str
    catalogue: str = ""
    audience: Audience = Audience.EVERYONE
    facts: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    terms: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """The files by their name ("stages/plan.yaml"), what documents print, and the names that the law knows.

    `rules` and `law_sources`: keys of dated rules and of cited sources; None where they are not to be checked.
    """

    files: Mapping[str, str]
    documents: tuple[Printed, ...] = ()
    rules: frozenset[str] | None = None
    law_sources: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pathway, and where each thing of it stands: ("step", key), ("asks", step, fact), ("term", name) ..."""

    pathway: Pathway
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict)


def read_files(folder: Path = FOLDER) -> dict[str, str]:
    """The texts of all pathway files."""
    names = [path for part in ("stages", "forms", "facts") for path in (folder / part).glob("*.yaml")]
    names += [folder / n for n in SINGLE]
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in sorted(names) if p.is_file()}


@cache
def shipped(
    documents: tuple[Printed, ...] = (),
    rules: frozenset[str] | None = None,
    law_sources: frozenset[str] | None = None,
) -> Compiled:
    """The pathway of the files that ship with the product, compiled once per process."""
    return compiled(Sources(read_files(), documents, rules, law_sources))


def compiled(sources: Sources) -> Compiled:
    """The compiled pathway with the places of its parts; FileFault names everything that is wrong."""
    return _Compiler(sources).compiled()


class _Compiler:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.notes = Notes()
        self.steps: dict[str, Step] = {}
        self.brought: dict[str, str] = {}  # step -> the form that brought it
        self.questions: dict[str, Question] = {}
        self.lists: dict[str, RecordList] = {}
        self.terms: dict[str, NamedTerm] = {}
        self.stages: dict[str, tuple[Text, Text]] = {}
        self.forms: dict[str, Text] = {}
        self.impossible: list[Impossible] = []
        self.never: list[NeverPair] = []
        self.pathway: Pathway | None = None

    def compiled(self) -> Compiled:
        self._read()
        checks.names(self.notes, self._known())
        if not self.notes.faults:
            self._assembled()
        if self.notes.faults or self.pathway is None:
            raise FileFault(tuple(sorted(set(self.notes.faults), key=lambda f: (f.file, f.line, f.key, f.wrong))))
        return Compiled(self.pathway, self.notes.places)

    def _read(self) -> None:
        allowed = {f"{part}/{stage}.yaml" for part in ("stages", "facts") for stage in STAGES}
        for name in sorted(self.sources.files):
            if name not in allowed and name not in SINGLE and not name.startswith("forms/"):
                top = Node(name, {}, "", self.notes)
                top.fault("file", f"no file of this name is read{meant(name, allowed)}", ", ".join(sorted(allowed)))
        for stage in STAGES:
            self._facts(stage)
        self._terms()
        for stage in STAGES:
            self._stage(stage)
        for file in sorted(self.sources.files):
            if file.startswith("forms/"):
                self._form(file)
        self._impossible(self._top("impossible.yaml", ("impossible",)), ALWAYS)
        self._never()

    def _assembled(self) -> None:
        """Build the graph and look at what shows only in the whole."""
        whole = graph.with_put_rights(graph.expanded(self.steps))
        order, circle = graph.ordered(whole)
        if circle:
            self.notes.fault(
                ("step", circle[0]), f"these steps wait for each other: {' -> '.join([*circle, circle[0]])}"
            )
            return
        pathway = Pathway(
            stages=tuple(
                Stage(key, title, summary, tuple(k for k in order if whole[k].stage == key))
                for key, (title, summary) in self.stages.items()
            ),
            steps={k: whole[k] for k in order},
            questions=self.questions,
            lists=self.lists,
            terms=self.terms,
            impossible=tuple(self.impossible),
            never=tuple(self.never),
            forms=self.forms,
            document_facts={},
        )
        pathway = self.pathway = replace(
            pathway, document_facts={p.document: _made_from(pathway, p) for p in self.sources.documents}
        )
        checks.whole(self.notes, pathway, self.sources.documents, HOUSE_LISTS)

    def _known(self) -> checks.Known:
        return checks.Known(
            steps=self.steps,
            stages=STAGES,
            questions=self.questions,
            lists=self.lists,
            terms=self.terms,
            documents={p.document: p.catalogue for p in self.sources.documents},
            rules=self.sources.rules,
            sources=self.sources.law_sources,
        )

    def _top(self, file: str, allowed: tuple[str, ...]) -> Node:
        top = load(self.sources.files.get(file, "{}"), file, self.notes)
        top.only(allowed)
        return top

    def _facts(self, stage: str) -> None:
        top = self._top(f"facts/{stage}.yaml", ("facts", "lists"))
        for key, node in top.entries("facts"):
            if self._fresh(key, node):
                self.questions[key] = questions.question(node, key, stage)
        for key, node in top.entries("lists"):
            if self._fresh(key, node):
                made = self.lists[key] = questions.record_list(node, key, stage)
                self.questions[made.complete_fact] = Question(
                    made.complete_fact,
                    QuestionType.YES_NO,
                    {"en": f"that {made.label.get('en', key)} is complete"},
                    {"en": "Are these all of them?"},
                    stage=stage,
                    audience=made.audience,
                )

    def _fresh(self, key: str, node: Node) -> bool:
        if key in self.questions or key in self.lists:
            first = self.notes.places[("fact", key)]
            node.fault("", f"{key!r} is there already: {first.file}:{first.line}")
            return False
        node.mark("fact", key)
        return True

    def _terms(self) -> None:
        for key, node in self._top("terms.yaml", ("terms",)).entries("terms"):
            node.only(("words", "when"))
            law_words.check(node, ("words",))
            node.mark("term", key)
            self.terms[key] = NamedTerm(key, node.text("words"), when.read(node))
            if "when" not in node.data:
                node.fault("when", "a term is a named condition", "when: {fact: {is: value}}")

    def _stage(self, stage: str) -> None:
        file = f"stages/{stage}.yaml"
        if file not in self.sources.files:
            return
        top = self._top(file, ("stage", "title", "summary", "steps"))
        law_words.check(top, ("title", "summary"))
        top.mark("stage", stage)
        self.stages[stage] = (top.text("title"), top.text("summary"))
        if top.word("stage") != stage:
            top.fault("stage", f"differs from the file's name{meant(top.word('stage'), STAGES)}", stage)
        for key, node in top.entries("steps"):
            self._new(key, node, steps.step(node, key, stage))

    def _new(self, key: str, node: Node, step: Step) -> None:
        if key in self.steps:
            first = self.notes.places[("step", key)]
            node.fault("", f"the step {key!r} is there already: {first.file}:{first.line}")
        elif key.startswith(graph.PUT_RIGHT):
            node.fault("", "steps that put right are made by the compiler", f"a key without {graph.PUT_RIGHT!r}")
        else:
            self.steps[key] = step

    def _form(self, file: str) -> None:
        top = self._top(file, ("form", "title", "summary", "steps", "impossible"))
        law_words.check(top, ("title", "summary"))
        form = top.one_of("form", FORMS)
        if file != f"forms/{form}.yaml":
            top.fault("form", "differs from the file's name, or is missing", ", ".join(FORMS))
            return
        top.refer("value", "legal_form", "form", form)
        top.mark("form", form)
        self.forms[form] = top.text("title")
        guard = FactIs("legal_form", (form,))
        for key, node in top.entries("steps"):
            if key in self.brought:
                self.steps[key] = steps.shared(node, self.steps[key], guard)
            elif key in self.steps:
                self.steps[key] = steps.added(node, self.steps[key], guard)
            else:
                self._bring(form, key, node, guard)
        self._impossible(top, guard)

    def _bring(self, form: str, key: str, node: Node, guard: Condition) -> None:
        stage = node.one_of("stage", STAGES)
        if not stage:
            known = f"{meant(key, self.steps)}"
            node.fault("stage", f"the step {key!r} is in no stage file, and a new step names its stage{known}",
                       ", ".join(STAGES))  # fmt: skip
            return
        self.brought[key] = form
        self._new(key, node, steps.step(node, key, stage, guard))

    def _impossible(self, top: Node, guard: Condition) -> None:
        for node in top.nodes("impossible"):
            node.only(("key", "when", "sentence", "source"))
            law_words.check(node, ("sentence",))
            key = node.word("key")
            if not key or ("impossible", key) in self.notes.places:
                node.fault("key", f"{key!r} is missing or there already")
            node.mark("impossible", key)
            if node.word("source"):
                node.refer("source", node.word("source"), "source")
            else:
                node.fault("source", "says why it is impossible and is missing", "a source key")
            condition = when.read(node)
            if condition == ALWAYS:
                node.fault("when", "is missing", "the combination that cannot be")
            own = condition if guard == ALWAYS or _names_form(condition) else steps.guarded(guard, condition)
            self.impossible.append(Impossible(key, own, node.text("sentence"), node.word("source")))

    def _never(self) -> None:
        for node in self._top("never.yaml", ("never",)).nodes("never"):
            node.only(("first", "second", "source"))
            first, second = node.one_of("first", Milestone), node.one_of("second", Milestone)
            node.mark("never", first, second)
            if not first or not second or first == second:
                node.fault(
                    "", "names two milestones of which the first is never after the second", ", ".join(Milestone)
                )
            if NeverPair(second, first, "") in [replace(n, source="") for n in self.never]:
                node.fault("", f"{first} and {second} stand in the other order too")
            if not node.word("source"):
                node.fault("source", "is missing", "a source key")
            else:
                node.refer("source", node.word("source"), "source")
            self.never.append(NeverPair(first, second, node.word("source")))


def _made_from(pathway: Pathway, document: Printed) -> tuple[str, ...]:
    """The facts and lists from which a document is made: those it prints, and those that its terms read."""
    keys = dict.fromkeys((*document.facts, *(key for key, _ in document.lists if key not in HOUSE_LISTS)))
    for name in document.terms:
        if name in pathway.terms:
            keys.update(dict.fromkeys(facts_in(pathway, pathway.terms[name].when)))
    return tuple(keys)


def _names_form(condition: Condition) -> bool:
    """Does the combination say itself for which form it is?"""
    return any(isinstance(part, FactIs) and part.fact == "legal_form" for part in parts(condition))
