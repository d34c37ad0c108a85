"""Faults and remarks of a document's source, found without any formation's facts: every alternative at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from mutualflow.documents import source
from mutualflow.documents.about import About
from mutualflow.documents.library import HOUSE, Template
from mutualflow.documents.source import Used
from mutualflow.domain.document import (
    Block,
    Clause,
    Define,
    Document,
    Figure,
    Note,
    Para,
    Prescribed,
    Ref,
    Runs,
    Sign,
    Table,
    TermUse,
    Text,
    clauses,
    definitions,
    placed,
    plain,
    runs_of,
    term_finder,
    walk,
)
from mutualflow.domain.material import ChoiceView, FactView, ListView, Material, TermView
from mutualflow.domain.numbering import SCHEMES, number
from mutualflow.domain.tri import Tri

LONGEST_SENTENCE = 40
FEWEST_OWN_WORDS = 5  # below a heading that law or practice asks for
SHORTEST_REPEATED = 7  # words of a sentence that may not stand in two documents
CAPITALISED = re.compile(r"(?<=[a-z,;] )([A-Z][a-z-]+(?: [A-Z][a-z-]+)*)")
SENTENCE_END = re.compile(r"(?<=[.;:?])\s+")

Guards = frozenset[tuple[str, str]]
"""The conditions that a thing stands under: (term or choice or step, answer)."""


class Level(StrEnum):
    """A fault stops the document; a remark is for its author."""

    FAULT = "fault"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, with its place."""

    level: Level
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.level.value}: {self.sentence}"


def check(
    template: Template, choices: Mapping[str, Mapping[str, str]] | None = None, lang: str = "en"
) -> tuple[Finding, ...]:
    """Everything that is wrong with a source. `choices`: allowed answers by choice fact, where the pathway is at hand.

    FileFault where the source cannot even be read.
    """
    one = source.read_everything(template, open_material(template.about, choices or {}, lang))
    about, document, used = template.about, one.document, one.used
    finder = _Finder(template, document)
    return (
        *_declared(template, used, choices or {}),
        *finder.references(),
        *finder.sources(),
        *finder.empty(),
        *finder.terms(),
        *finder.words(),
        *_headings(about, document, f"{template.key}/about.yaml"),
    )


def open_material(about: About, choices: Mapping[str, Mapping[str, str]], lang: str = "en") -> Material:
    """Nothing is known: every fact a blank, every term open, every list one row of blanks."""
    return Material(
        facts={key: FactView(key, label=key.replace("_", " "), by="-") for key in about.facts},
        lists={key: ListView(key, complete=False) for key in about.lists},
        terms={key: TermView(Tri.MAYBE) for key in about.terms},
        choices={key: ChoiceView(None, choices.get(key, {})) for key in about.facts},
        prescribed={},
        step="",
        formation="A formation",
        number="",
        version="",
        as_on=date(2000, 1, 1),
        lang=lang,
    )


def _fault(where: str, sentence: str) -> Finding:
    return Finding(Level.FAULT, where, sentence)


def _declared(template: Template, used: Used, choices: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """What about.yaml declares is what the source uses."""
    about, file = template.about, f"{template.key}/about.yaml"
    pairs = (
        ("fact", set(about.facts), used.facts),
        ("list", set(about.lists), used.lists),
        ("term", set(about.terms), used.terms),
        ("prescribed text", set(about.prescribed), used.prescribed),
        ("step", set(about.steps), used.steps),
    )
    for noun, declared, printed in pairs:
        for key in sorted(declared - printed):
            yield _fault(file, f"the {noun} {key!r} is declared and not used in the text")
    for key, columns in about.lists.items():
        for column in sorted(set(columns) - used.columns.get(key, set())):
            yield _fault(file, f"the column {key}.{column} is declared and not used in the text")
    for key, options in used.options.items():
        for answer in sorted(set(choices.get(key, {})) - set(options)):
            where = next(iter(options.values()), file)
            yield _fault(where, f"<choose fact={key!r}> has no option for {answer!r}")


class _Finder:
    """Looks at the document with every alternative in it."""

    def __init__(self, template: Template, document: Document) -> None:
        self.template, self.about, self.document = template, template.about, document
        self.terms_by_word = definitions(document)
        self.guards: dict[str, Guards] = {}
        self.uses: list[tuple[Ref | TermUse, Guards, str]] = []
        self.note(document.body, frozenset())

    def note(self, body: tuple[Block, ...], around: Guards) -> None:
        """Under which conditions does each target stand, and each reference?"""
        for block in body:
            own = around
            if isinstance(block, Clause | Para | Note | Define | Table | Figure):
                own = around | {(u.key, u.value) for u in block.undecided}
            if isinstance(block, Clause | Define | Table | Figure | Sign):
                self.guards[block.id] = own
            for runs in runs_of(block):
                self.uses += [(run, own, block.where) for run in runs if isinstance(run, Ref | TermUse)]
            if isinstance(block, Clause):
                self.note(block.body, own)

    def references(self) -> Iterator[Finding]:
        named = number(self.document).names
        ids = [key for key in self.guards if "/" not in key]
        for run, guards, where in self.uses:
            target = run.to if isinstance(run, Ref) else run.of
            if target not in self.guards or (isinstance(run, Ref) and target not in named and not self.defined(target)):
                near = get_close_matches(target, ids, 1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                yield _fault(where, f"refers to {target!r}, and there is no such id{hint}")
            elif beyond := sorted(self.guards[target] - guards):
                words = ", ".join(f"{key} is {value}" if value else key for key, value in beyond)
                yield _fault(
                    where, f"refers to {target!r}, which falls away unless {words}: put both under the same condition"
                )

    def defined(self, target: str) -> bool:
        return target in self.terms_by_word.values()

    def sources(self) -> Iterator[Finding]:
        for clause in clauses(self.document):
            for citation in clause.sources:
                if citation.partition(" ")[0] not in self.about.sources:
                    yield _fault(clause.where, f"source {citation!r} begins with no key of about.yaml's sources")

    def empty(self) -> Iterator[Finding]:
        """Whatever the answers, a clause must say something: what stands under it may not all fall away."""
        for clause in clauses(self.document):
            if not clause.body:
                yield _fault(clause.where, f"{clause.id!r} says nothing")
        for block, _ in walk(self.document.body):
            if isinstance(block, Figure) and not block.tasks:
                yield _fault(block.where, f"the figure {block.id!r} has nothing to draw")

    def terms(self) -> Iterator[Finding]:
        """Defined terms are used; what looks like one is defined."""
        used: set[str] = set()
        counted: dict[str, int] = {}
        finder = term_finder(self.terms_by_word)
        for block, _ in walk(self.document.body):
            if isinstance(block, Define):
                for word in (block.term, *block.also):
                    counted[word] = counted.get(word, 0) + 1
            for runs in runs_of(block):
                for run in runs:
                    if isinstance(run, TermUse):
                        used.add(run.of)
                    elif isinstance(run, Text) and finder is not None:
                        mine = block.id if isinstance(block, Define) else ""
                        used |= {self.terms_by_word[m[1]] for m in finder.finditer(run.text)} - {mine}
        where = f"{self.template.key}/document.xml"
        for word, times in counted.items():
            if times > 1:
                yield _fault(where, f"{word!r} is defined {times} times")
        for block, _ in walk(self.document.body):
            if isinstance(block, Define) and block.id not in used:
                yield Finding(Level.REMARK, block.where, f"{block.term!r} is defined and not used")

    def words(self) -> Iterator[Finding]:
        proper = {*self.terms_by_word, *self.about.names, SCHEMES[self.document.kind].noun.title()}
        proper |= {word for name in proper for word in name.split()}
        for block, clause in placed(self.document.body):
            where = getattr(block, "where", "") or clause.where
            if isinstance(block, Table | Figure):
                continue
            for runs in runs_of(block):
                text = _own(runs)
                for found in CAPITALISED.finditer(text):
                    if found[1] not in proper and not all(word in proper for word in found[1].split()):
                        yield Finding(Level.REMARK, where, f"{found[1]!r} looks like a defined term and is not defined")
                for sentence in SENTENCE_END.split(text):
                    if len(sentence.split()) > LONGEST_SENTENCE:
                        yield Finding(Level.REMARK, where, f"a sentence of {len(sentence.split())} words")


def _own(runs: Runs) -> str:
    """Words of the source, with an x for each fact or reference."""
    return "".join(run.text if isinstance(run, Text | TermUse) else "x" for run in runs)


def _headings(about: About, document: Document, file: str) -> Iterator[Finding]:
    """Each heading that is asked for: its clause exists, has a title or words of its own, in the order of the table.

    That the words say it is for a person to judge.
    """
    place = {}
    for n, clause in enumerate(clauses(document)):
        place[clause.id] = (n, clause)
    ids = {block.id for block, _ in walk(document.body) if isinstance(block, Define | Table | Figure)}
    before: dict[str, int] = {}
    for heading in about.headings:
        label = f"the {heading.strength} heading {heading.words!r}"
        if heading.at in ids and heading.at not in place:
            continue
        if heading.at not in place:
            yield _fault(file, f"{label} is met by {heading.at!r}, and there is no such clause")
            continue
        n, clause = place[heading.at]
        if own_words(clause) < FEWEST_OWN_WORDS:
            yield _fault(file, f"{label}: {heading.at!r} has hardly a word of its own")
        if heading.source and heading.source.partition(" ")[0] not in about.sources:
            yield _fault(file, f"{label}: source {heading.source!r} begins with no key of sources")
        if n < before.get(heading.strength, -1):
            yield Finding(Level.REMARK, file, f"{label} stands before one that the table names earlier")
        before[heading.strength] = n


def own_words(clause: Clause) -> int:
    """How many words the source itself says in a clause, below its title; official text counts as said."""
    words = 0
    for block, _ in walk(clause.body):
        if isinstance(block, Prescribed):
            words += FEWEST_OWN_WORDS
        if isinstance(block, Clause):
            words += len(block.title.split())
        for runs in runs_of(block):
            words += sum(len(run.text.split()) for run in runs if isinstance(run, Text | TermUse))
    return words


def repeated(templates: Mapping[str, Template]) -> tuple[Finding, ...]:
    """Sentences of the sources that stand in two documents: they belong into _house/."""
    seen: dict[str, tuple[str, str]] = {}
    out: list[Finding] = []
    for key, template in templates.items():
        one = source.read_everything(template, open_material(template.about, {}))
        for block, _ in walk(one.document.body):
            where = getattr(block, "where", "")
            if where.startswith(f"{HOUSE}/"):
                continue
            for runs in runs_of(block):
                for sentence in SENTENCE_END.split(_own(runs)):
                    words = " ".join(re.findall(r"[\w'’]+", sentence.lower()))
                    if len(words.split()) < SHORTEST_REPEATED:
                        continue
                    first = seen.setdefault(words, (key, where))
                    if first[0] != key:
                        out.append(_fault(where, f"says the same sentence as {first[1]}: {plain(runs)[:60]!r}"))
    return tuple(out)
