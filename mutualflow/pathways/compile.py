"""The compiler: every file of pathways into one graph, with every fault named at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from mutualflow.domain.conditions import (
    ALWAYS,
    Condition,
    CountAtLeast,
    FactAtLeast,
    FactBelow,
    FactIs,
    MilestoneBefore,
    MilestoneFrom,
    RuleValue,
    Term,
    parts,
)
from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.keys import FORMS, Milestone, Role, Side
from mutualflow.domain.pathway import (
    After,
    Impossible,
    NamedTerm,
    NeverPair,
    Pathway,
    Question,
    QuestionType,
    RecordList,
    Slot,
    Stage,
    Step,
    Text,
)
from mutualflow.pathways import questions, steps, when
from mutualflow.pathways.yamlfile import Faults, Node, load

FOLDER = Path(__file__).resolve().parent
STAGES = ("explore", "permission", "case", "plan", "constitute", "transfer", "launch", "sustain")
PUT_RIGHT = "put_right_"


@dataclass(frozen=True, slots=True)
class Sources:
    """The files by their name ("stages/plan.yaml") and what documents print (document -> facts and lists)."""

    files: Mapping[str, str]
    documents: Mapping[str, tuple[str, ...]]
    rules: frozenset[str] = frozenset()


def read_files(folder: Path = FOLDER) -> dict[str, str]:
    """The texts of all pathway files."""
    names = [*folder.glob("stages/*.yaml"), *folder.glob("forms/*.yaml"), *folder.glob("facts/*.yaml")]
    names += [folder / n for n in ("terms.yaml", "impossible.yaml", "never.yaml")]
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in sorted(names) if p.is_file()}


@cache
def nodes_of(text: str, file: str) -> tuple[Node, tuple[Fault, ...]]:
    """A file's top node, read once per text."""
    faults: Faults = []
    return load(text, file, faults), tuple(faults)


def compile_pathway(sources: Sources) -> Pathway:
    """The compiled pathway; FileFault names everything that is wrong."""
    return _Compiler(sources).pathway()


class _Compiler:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.faults: Faults = []
        self.steps: dict[str, Step] = {}
        self.places: dict[str, Node] = {}
        self.questions: dict[str, Question] = {}
        self.lists: dict[str, RecordList] = {}
        self.terms: dict[str, NamedTerm] = {}
        self.stages: dict[str, tuple[Text, Text]] = {}
        self.forms: dict[str, Text] = {}
        self.impossible: list[Impossible] = []
        self.never: list[NeverPair] = []

    def node(self, file: str) -> Node:
        node, faults = nodes_of(self.sources.files.get(file, "{}"), file)
        self.faults += faults
        return Node(node.file, node.data, "", self.faults)

    def pathway(self) -> Pathway:
        for stage in STAGES:
            self._facts(stage)
        self._terms()
        for stage in STAGES:
            self._stage(stage)
        for file in sorted(self.sources.files):
            if file.startswith("forms/"):
                self._form(file)
        self._impossible(self.node("impossible.yaml"), ALWAYS)
        self._never()
        self._check_names()
        self._put_rights()
        self._expand()
        ordered = self._ordered()
        if self.faults:
            raise FileFault(tuple(sorted(set(self.faults), key=lambda f: (f.file, f.line, f.key))))
        return self._made(ordered)

    def _made(self, ordered: list[str]) -> Pathway:
        stages = tuple(
            Stage(key, title, summary, tuple(k for k in ordered if self.steps[k].stage == key))
            for key, (title, summary) in self.stages.items()
        )
        return Pathway(
            stages=stages,
            steps={k: self.steps[k] for k in ordered},
            questions=self.questions,
            lists=self.lists,
            terms=self.terms,
            impossible=tuple(self.impossible),
            never=tuple(self.never),
            forms=self.forms,
            document_facts=self.sources.documents,
        )

    def _facts(self, stage: str) -> None:
        top = self.node(f"facts/{stage}.yaml")
        top.only(("facts", "lists"))
        facts, lists = top.node("facts"), top.node("lists")
        for key in facts.data if facts else ():
            node = facts.node(str(key)) if facts else None
            if node is not None:
                if key in self.questions:
                    node.fault("", f"the question {key!r} is there already, in stage {self.questions[str(key)].stage}")
                try:
                    self.questions[str(key)] = questions.question(node, str(key), stage)
                except ValueError:
                    node.fault("type", "is missing or unknown", ", ".join(QuestionType))
        for key in lists.data if lists else ():
            node = lists.node(str(key)) if lists else None
            if node is not None:
                try:
                    self.lists[str(key)] = questions.record_list(node, str(key), stage)
                except ValueError:
                    node.fault("columns", "a column's type is missing or unknown", ", ".join(QuestionType))
        for key, records in list(self.lists.items()):
            self.questions.setdefault(
                f"{key}_complete",
                Question(f"{key}_complete", QuestionType.YES_NO, {"en": f"that {records.label['en']} is complete"},
                         {"en": "Are these all of them?"}, stage=stage, audience=records.audience),
            )  # fmt: skip

    def _terms(self) -> None:
        terms = self.node("terms.yaml").node("terms")
        for key in terms.data if terms else ():
            node = terms.node(str(key)) if terms else None
            if node is not None:
                node.only(("words", "when"))
                self.terms[str(key)] = NamedTerm(str(key), node.text("words"), when.read(node))
                self.places[f"term {key}"] = node

    def _stage(self, stage: str) -> None:
        file = f"stages/{stage}.yaml"
        if file not in self.sources.files:
            return
        top = self.node(file)
        top.only(("stage", "title", "summary", "steps"))
        self.stages[stage] = (top.text("title"), top.text("summary"))
        if top.word("stage") != stage:
            top.fault("stage", f"the file is called {stage}", stage)
        inner = top.node("steps")
        for key in inner.data if inner else ():
            node = inner.node(str(key)) if inner else None
            if node is not None:
                if key in self.steps:
                    node.fault("", f"the step {key!r} is there already")
                self.steps[str(key)] = steps.step(node, str(key), stage)
                self.places[str(key)] = node

    def _form(self, file: str) -> None:
        top = self.node(file)
        top.only(("form", "title", "summary", "law", "steps", "impossible"))
        form = top.one_of("form", FORMS)
        self.forms[form] = top.text("title")
        guard = FactIs("legal_form", (form,))
        inner = top.node("steps")
        for key in inner.data if inner else ():
            node = inner.node(str(key)) if inner else None
            if node is None:
                continue
            if key in self.steps:
                self.steps[str(key)] = steps.added(node, self.steps[str(key)], guard)
            else:
                stage = node.one_of("stage", STAGES)
                self.steps[str(key)] = steps.step(node, str(key), stage, guard)
                self.places[str(key)] = node
        self._impossible(top, ALWAYS)

    def _impossible(self, top: Node, guard: Condition) -> None:
        for node in top.nodes("impossible"):
            node.only(("key", "when", "sentence", "source"))
            condition = steps.guarded(guard, when.read(node))
            self.impossible.append(Impossible(node.word("key"), condition, node.text("sentence"), node.word("source")))
            self.places[f"impossible {node.word('key')}"] = node

    def _never(self) -> None:
        for node in self.node("never.yaml").nodes("never"):
            node.only(("first", "second", "source"))
            first, second = node.one_of("first", Milestone), node.one_of("second", Milestone)
            self.never.append(NeverPair(first, second, node.word("source")))

    def _put_rights(self) -> None:
        """For each irrevocable step the step that corrects it; whoever follows the one follows the other."""
        after_of = {k: {a.step for a in s.after} for k, s in self.steps.items()}
        for key, step in list(self.steps.items()):
            if not step.irrevocable:
                continue
            name = PUT_RIGHT + key
            slots = step.slots or (Slot("sponsor", role=Role.HOST_SPONSOR, side=Side.HOST),)
            behind = tuple(
                After(PUT_RIGHT + r) for r in sorted(after_of[key]) if r in self.steps and self.steps[r].irrevocable
            )
            self.steps[name] = replace(
                step,
                key=name,
                title={
                    lang: ("Put right: " if lang == "en" else "Cywiro: ") + words for lang, words in step.title.items()
                },
                after=(After(key), *behind),
                asks=(),
                lists=(),
                slots=slots,
                reaches=None,
                gate=False,
                irrevocable=False,
                optional=False,
                law=(),
                clocks=(),
                puts_right=key,
            )
            self.places[name] = self.places[key]
        for key, step in list(self.steps.items()):
            extra = [
                After(PUT_RIGHT + a.step, when=a.when)
                for a in step.after
                if a.step in self.steps and self.steps[a.step].irrevocable and not step.puts_right
            ]
            if extra:
                self.steps[key] = replace(step, after=(*step.after, *extra))

    def _expand(self) -> None:
        """`all_of: stage` becomes the stage's steps, less the step itself."""
        for key, step in list(self.steps.items()):
            found: list[After] = []
            for after in step.after:
                if not after.stage:
                    found.append(after)
                    continue
                if after.stage not in STAGES:
                    self.places[key].fault("after", f"there is no stage {after.stage!r}", ", ".join(STAGES))
                found += [
                    After(k, when=after.when)
                    for k, s in self.steps.items()
                    if s.stage == after.stage and k not in (key, PUT_RIGHT + key, step.puts_right)
                ]
            self.steps[key] = replace(step, after=tuple(dict.fromkeys(found)))

    def _ordered(self) -> list[str]:
        """Requirements first, else stage and file order; a cycle is a fault."""
        ordered: list[str] = []
        left = sorted(self.steps, key=lambda k: (STAGES.index(self.steps[k].stage), list(self.steps).index(k)))
        while left:
            ready = next(
                (k for k in left if all(a.step in ordered or a.step not in self.steps for a in self.steps[k].after)), ""
            )
            if not ready:
                self.places[left[0]].fault("after", f"these steps wait for each other: {', '.join(left[:8])}")
                return ordered + left
            ordered.append(ready)
            left.remove(ready)
        return ordered

    # names that have to exist

    def _check_names(self) -> None:
        asked: dict[str, str] = {}
        for key, step in self.steps.items():
            place = self.places[key]
            for one in step.after:
                if one.step and one.step not in self.steps:
                    place.fault("after", f"there is no step {one.step!r}", ", ".join(self.steps))
            for one_asked in (*step.asks, *step.lists):
                known = self.questions if one_asked in step.asks else self.lists
                if one_asked.key not in known:
                    place.fault("asks", f"there is no question or list {one_asked.key!r}")
                if asked.setdefault(one_asked.key, key) != key:
                    place.fault("asks", f"{one_asked.key!r} is already asked in {asked[one_asked.key]}")
            for name in step.immaterial:
                if name not in self.questions and name not in self.lists:
                    place.fault("immaterial", f"there is no question {name!r}")
            for produced in step.produces:
                if self.sources.documents and produced.document not in self.sources.documents:
                    place.fault(
                        "produces",
                        f"there is no document folder {produced.document!r}",
                        ", ".join(self.sources.documents),
                    )
            for condition in _conditions(step):
                self._check_condition(place, condition, asked, key)
        for name, term in self.terms.items():
            self._check_condition(self.places[f"term {name}"], term.when, asked, "")
        for row in self.impossible:
            self._check_condition(self.places[f"impossible {row.key}"], row.when, asked, "")
        self._check_milestones()
        for name in self.questions:
            if name not in asked and not name.endswith("_complete"):
                self.faults.append(
                    Fault(f"facts/{self.questions[name].stage}.yaml", 0, name, "no step asks this question")
                )

    def _check_condition(self, place: Node, condition: Condition, asked: Mapping[str, str], step: str) -> None:
        for part in parts(condition):
            match part:
                case FactIs(fact, values):
                    self._check_values(place, fact, values)
                case FactAtLeast(fact, bound) | FactBelow(fact, bound):
                    question = self.questions.get(fact)
                    if question is None or question.type not in (QuestionType.NUMBER, QuestionType.MONEY):
                        place.fault("when", f"{fact!r} is no number that is asked")
                    self._check_rule(place, bound)
                case CountAtLeast(name):
                    if name not in self.lists:
                        place.fault("when", f"there is no list {name!r}", ", ".join(self.lists))
                case Term(name):
                    if name not in self.terms:
                        place.fault("when", f"there is no term {name!r}", ", ".join(self.terms))
                case MilestoneFrom(milestone, day) | MilestoneBefore(milestone, day):
                    if milestone not in set(Milestone):
                        place.fault("when", f"there is no milestone {milestone!r}", ", ".join(Milestone))
                    self._check_rule(place, day)
                case _:
                    pass

    def _check_values(self, place: Node, fact: str, values: Iterable[str]) -> None:
        question = self.questions.get(fact)
        if question is None:
            place.fault("when", f"there is no question {fact!r}")
            return
        allowed = {QuestionType.YES_NO: ("yes", "no"), QuestionType.CHOICE: tuple(question.choices)}.get(question.type)
        for value in values:
            if allowed is not None and value not in allowed:
                place.fault("when", f"{value!r} is no answer to {fact!r}", ", ".join(allowed))

    def _check_rule(self, place: Node, bound: object) -> None:
        if isinstance(bound, RuleValue) and self.sources.rules and bound.rule not in self.sources.rules:
            place.fault("when", f"there is no rule {bound.rule!r}", ", ".join(sorted(self.sources.rules)))

    def _check_milestones(self) -> None:
        reached: dict[Milestone, str] = {}
        for key, step in self.steps.items():
            if step.reaches is not None and reached.setdefault(step.reaches, key) != key:
                self.places[key].fault("reaches", f"{step.reaches.value} is already reached by {reached[step.reaches]}")
            for rule in (*step.clocks, *([step.files.fee_rule] if step.files and step.files.fee_rule else [])):
                if self.sources.rules and rule not in self.sources.rules:
                    self.places[key].fault(
                        "clocks", f"there is no rule {rule!r}", ", ".join(sorted(self.sources.rules))
                    )


def _conditions(step: Step) -> Iterable[Condition]:
    yield step.when
    for group in (step.after, step.asks, step.lists, step.produces, step.brings, step.slots, step.law):
        for one in group:
            yield one.when
