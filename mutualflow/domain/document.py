"""The document model: what every page, PDF, Word file, hash and redline is computed from."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Sort(StrEnum):
    """What a clause is; its level is where it stands."""

    PART = "part"
    SCHEDULE = "schedule"
    CLAUSE = "clause"
    ITEM = "item"
    LETTER = "letter"  # the opening of a letter: to whom, salutation, first words
    DECISION = "decision"
    ACTION = "action"
    COST = "cost"
    SIGNATURES = "signatures"


class Kind(StrEnum):
    """What a document is: decides how it is numbered and opened."""

    ARTICLES = "articles"
    RULES = "rules"
    AGREEMENT = "agreement"
    BUSINESS_CASE = "business_case"
    PAPER = "paper"
    PLAN = "plan"
    RECORD = "record"
    APPLICATION = "application"
    LETTER = "letter"
    MINUTES = "minutes"


class Drawing(StrEnum):
    """What code can draw from data."""

    GANTT = "gantt"


class LineRole(StrEnum):
    """What an unnumbered line of a letter is."""

    TO = "to"
    SALUTATION = "salutation"


# --- runs: a stretch of words -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the source; `strong` is a look, not a meaning."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """The words of a fact."""

    key: str
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A fact that is not known: what is missing here, who supplies it (in words), and its name in a list of blanks."""

    key: str
    label: str
    by: str
    whole: str = ""  # '' = label; of a record list's cell: which list


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference: its words are computed from the target's number."""

    to: str


@dataclass(frozen=True, slots=True)
class TermUse:
    """A use of a defined term, where the source marks it or `link_terms` finds it."""

    of: str
    text: str


Run = Text | Value | Blank | Ref | TermUse
Runs = tuple[Run, ...]

# --- blocks -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why a thing may yet fall away: a term (`value` empty) or one answer to a choice; its words, and who decides."""

    key: str
    value: str
    words: str
    by: str = ""
    label: str = ""  # of a choice: the question that the answer belongs to


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    runs: Runs
    undecided: tuple[Undecided, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """An unnumbered heading between paragraphs."""

    runs: Runs
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark to the reader, set apart from the words that are agreed."""

    runs: Runs
    undecided: tuple[Undecided, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """An unnumbered line of a letter."""

    role: LineRole
    runs: Runs
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Define:
    """A defined term; `also` are its other forms."""

    id: str
    term: str
    also: tuple[str, ...]
    runs: Runs
    undecided: tuple[Undecided, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `head` where the source says so."""

    runs: Runs
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is headings. `numeric` are the columns set as numbers."""

    id: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...] = ()
    total: bool = False  # the last row is the sum of the numeric columns
    undecided: tuple[Undecided, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Task:
    """One bar (or, where both days are one, one diamond) of a drawing; days as ISO text, empty while not known."""

    runs: Runs
    start: str
    end: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Drawn by code from data, never markup of the source."""

    id: str
    title: str
    alt: str
    drawing: Drawing
    tasks: tuple[Task, ...]
    undecided: tuple[Undecided, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Prescribed:
    """The slot of an official text; without paragraphs a marked gap."""

    key: str
    name: str
    paragraphs: tuple[str, ...]
    sha256: str
    sample: bool = False
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Sign:
    """One place to sign."""

    id: str
    runs: Runs
    capacity: str
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """Anything with an id that can be approved, numbered or not.

    An item that the source gave no id has a path for one ("debts/2"): fit for pages, not for binding.
    """

    id: str
    sort: Sort
    title: str
    body: tuple["Block", ...]
    sources: tuple[str, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    where: str = field(default="", compare=False)

    @property
    def named(self) -> bool:
        """Did the source name it?"""
        return "/" not in self.id


Block = Para | Heading | Note | Line | Define | Table | Figure | Prescribed | Sign | Clause
BLOCKS = (Para, Heading, Note, Line, Define, Table, Figure, Prescribed, Sign)


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language."""

    key: str
    kind: Kind
    lang: str
    title: str
    body: tuple[Clause, ...]


# --- walking ----------------------------------------------------------------------------------------------------------


def walk(body: Iterable[Block], depth: int = 0) -> Iterator[tuple[Block, int]]:
    """Every block in order of appearance with its depth."""
    for block in body:
        yield block, depth
        if isinstance(block, Clause):
            yield from walk(block.body, depth + 1)


def clauses(document: Document) -> Iterator[Clause]:
    """Every clause in order of appearance."""
    for block, _ in walk(document.body):
        if isinstance(block, Clause):
            yield block


def placed(body: Iterable[Block], inside: Clause | None = None) -> Iterator[tuple[Block, Clause]]:
    """Every block that is no clause, with the clause that it stands in."""
    for block in body:
        if isinstance(block, Clause):
            yield from placed(block.body, block)
        elif inside is not None:
            yield block, inside


def runs_of(block: Block) -> Iterator[Runs]:
    """The stretches of runs that stand in a block itself (not in the clauses under it)."""
    match block:
        case Para() | Heading() | Note() | Line() | Define() | Sign():
            yield block.runs
        case Table():
            for row in block.rows:
                for cell in row:
                    yield cell.runs
        case Figure():
            for task in block.tasks:
                yield task.runs
        case _:
            return


def plain(runs: Runs, names: Mapping[str, str] | None = None) -> str:
    """The words of runs as a reader sees them; a reference by its name, a blank in brackets."""
    names = names or {}
    out = []
    for run in runs:
        match run:
            case Ref(to):
                out.append(names.get(to, to))
            case Blank(label=label):
                out.append(f"[{label}]")
            case Text(text=text) | Value(text=text) | TermUse(text=text):
                out.append(text)
    return "".join(out)


# --- the words that an approval is of ---------------------------------------------------------------------------------


def canonical(thing: Block | Run) -> str:
    """The words that an approval is of, as rule set c1.

    In: titles, words, words of facts, blanks by fact, ids of what is referred to, order and depth, the undecided
    condition, table cells, data of figures, checksum of prescribed text. Out: numbers, the clause's own id, source
    notes, file and line, links, emphasis.
    """
    match thing:
        case Text(text=text) | Value(text=text) | TermUse(text=text):
            return text
        case Ref(to):
            return f"\x02{to}\x03"
        case Blank(key=key):
            return f"\x02?{key}\x03"
        case Para() | Heading() | Note() | Line():
            sign = {Para: "", Heading: "\x02h\x03", Note: "\x02n\x03", Line: "\x02l\x03"}[type(thing)]
            return _maybe(thing.undecided if isinstance(thing, Para | Note) else ()) + sign + _words(thing.runs)
        case Define():
            return f"{_maybe(thing.undecided)}{thing.term}={','.join(thing.also)}: {_words(thing.runs)}"
        case Table():
            rows = ("\t".join(_words(cell.runs) for cell in row) for row in thing.rows)
            return "\n".join([_maybe(thing.undecided) + thing.title, *rows])
        case Figure():
            tasks = [[_words(t.runs), t.start, t.end, t.group] for t in thing.tasks]
            data = [thing.title, thing.alt, thing.drawing.value, tasks]
            return _maybe(thing.undecided) + json.dumps(data, ensure_ascii=False)
        case Prescribed():
            return f"\x02={thing.key} {thing.sha256}\x03"
        case Sign():
            return f"{_words(thing.runs)}, {thing.capacity}"
        case Clause():
            head = f"<{thing.sort.value}{_maybe(thing.undecided)}>{_tidy(thing.title)}"
            return "\n".join([head, *map(canonical, thing.body), ">"])


def _maybe(undecided: tuple[Undecided, ...]) -> str:
    return "".join(f"\x02~{u.key}={u.value}\x03" for u in undecided)


def _words(runs: Runs) -> str:
    return _tidy("".join(map(canonical, runs)))


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def clause_hash(clause: Clause) -> str:
    """Deep: a clause with all that stands under it. The prefix names the rules it was made by."""
    return "c1:" + hashlib.sha256(canonical(clause).encode()).hexdigest()[:32]


def document_hash(document: Document) -> str:
    """The hash of all words of a document, with its language and title."""
    whole = "\n".join([document.lang, _tidy(document.title), *map(canonical, document.body)])
    return "c1:" + hashlib.sha256(whole.encode()).hexdigest()


def clause_hashes(document: Document) -> dict[str, str]:
    """Clause id -> hash, for the clauses that the source names."""
    return {clause.id: clause_hash(clause) for clause in clauses(document) if clause.named}


# --- defined terms ----------------------------------------------------------------------------------------------------


def definitions(document: Document) -> dict[str, str]:
    """Every form of every defined term -> the definition's id."""
    return {
        word: block.id
        for block, _ in walk(document.body)
        if isinstance(block, Define)
        for word in (block.term, *block.also)
    }


def term_finder(terms: Mapping[str, str]) -> re.Pattern[str] | None:
    """Finds whole defined terms, the longest first."""
    if not terms:
        return None
    longest_first = sorted(map(re.escape, terms), key=lambda word: (-len(word), word))
    return re.compile(r"(?<!\w)(" + "|".join(longest_first) + r")(?!\w)")


def link_terms(runs: Runs, terms: Mapping[str, str], finder: re.Pattern[str] | None, done: set[str]) -> Runs:
    """Make the first use of each defined term a TermUse; `done` holds the definitions already linked, and grows."""
    if finder is None:
        return runs
    out: list[Run] = []
    for run in runs:
        if not isinstance(run, Text):
            out.append(run)
            continue
        at = 0
        for found in finder.finditer(run.text):
            if terms[found[1]] not in done:
                done.add(terms[found[1]])
                out += [replace(run, text=run.text[at : found.start()]), TermUse(terms[found[1]], found[1])]
                at = found.end()
        out.append(replace(run, text=run.text[at:]))
    return tuple(run for run in out if not isinstance(run, Text) or run.text)


def leans_on(clause: Clause, terms: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the clauses and definitions outside it that this clause's meaning rests on, in order of appearance."""
    finder, found = term_finder(terms), dict[str, None]()
    inside = {block.id for block, _ in walk((clause,)) if isinstance(block, Clause | Define | Table | Figure)}
    for block, _ in walk((clause,)):
        for runs in runs_of(block):
            for run in link_terms(runs, terms, finder, set()):
                match run:
                    case Ref(to=target) | TermUse(of=target):
                        found[target] = None
                    case _:
                        pass
    return tuple(target for target in found if target not in inside)


# --- what is missing --------------------------------------------------------------------------------------------------


class Lack(StrEnum):
    """Why something in a document is not final."""

    FACT = "fact"
    DECISION = "decision"
    PRESCRIBED = "prescribed"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: which, its words, who supplies it (in words), and the clause where it first stands."""

    lack: Lack
    key: str
    words: str
    by: str
    at: str


def missing(document: Document) -> tuple[Missing, ...]:
    """Everything that is not final, each once, in order of appearance."""
    found: dict[tuple[Lack, str], Missing] = {}

    def undecided(reasons: tuple[Undecided, ...], at: str) -> None:
        for u in reasons:
            found.setdefault((Lack.DECISION, u.key), Missing(Lack.DECISION, u.key, u.label or u.words, u.by, at))

    def block(one: Block, inside: Clause) -> None:
        if isinstance(one, Clause):
            undecided(one.undecided, one.id)
            for below in one.body:
                block(below, one)
            return
        if isinstance(one, Para | Note | Define | Table | Figure):
            undecided(one.undecided, inside.id)
        if isinstance(one, Prescribed) and not one.paragraphs:
            lack = Missing(Lack.PRESCRIBED, one.key, one.name, "", inside.id)
            found.setdefault((Lack.PRESCRIBED, one.key), lack)
        for runs in runs_of(one):
            for run in runs:
                if isinstance(run, Blank):
                    lack = Missing(Lack.FACT, run.key, run.whole or run.label, run.by, inside.id)
                    found.setdefault((Lack.FACT, run.key), lack)

    for top in document.body:
        block(top, top)
    return tuple(found.values())


# --- JSON -------------------------------------------------------------------------------------------------------------

Json = str | bool | int | None | list["Json"] | dict[str, "Json"]

_KINDS: Mapping[type, str] = {
    Text: "text", Value: "value", Blank: "blank", Ref: "ref", TermUse: "term", Para: "para", Heading: "heading",
    Note: "note", Line: "line", Define: "define", Table: "table", Figure: "figure", Prescribed: "prescribed",
    Sign: "sign", Undecided: "undecided", Cell: "cell", Task: "task",
}  # fmt: skip


def bare(thing: object) -> Json:
    """The model as JSON values: kinds by name, empty fields and places in files left out."""
    match thing:
        case StrEnum():
            return thing.value
        case str() | bool() | int() | None:
            return thing
        case tuple() | list():
            return [bare(one) for one in thing]
        case _:
            pass
    names: Iterable[str] = getattr(type(thing), "__slots__", ())
    fields = {name: getattr(thing, name) for name in names if name != "where"}
    out = {name: bare(value) for name, value in fields.items() if value not in ("", (), None, False)}
    if type(thing) in _KINDS:
        out["kind"] = _KINDS[type(thing)]
    return out


def to_json(document: Document, numbers: Mapping[str, str], paper: Mapping[str, str]) -> bytes:
    """What is attached to the PDF: the model, numbers by id, clause hashes, and what the paper says of itself."""
    whole: dict[str, Json] = {
        "model": bare(document),
        "numbers": dict(numbers),
        "hashes": dict(clause_hashes(document)),
        "hash": document_hash(document),
        "paper": dict(paper),
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode()
