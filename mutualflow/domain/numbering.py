"""Numbers beside clauses and the names that references use: a pure function of kind, order and depth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mutualflow.domain.document import Block, Clause, Document, Figure, Kind, Run, Runs, Sort, Table, Text, Value


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a kind of document counts."""

    noun: str  # what a top clause is called in a reference
    part: str = "Part {}"  # '' = parts are not numbered
    restart: bool = False  # top clauses begin again in each part and carry its number: 2.1
    schedule: str = "Schedule {}"


SCHEMES: Mapping[Kind, Scheme] = {
    Kind.ARTICLES: Scheme("article"),
    Kind.RULES: Scheme("rule"),
    Kind.AGREEMENT: Scheme("clause", part=""),
    Kind.BUSINESS_CASE: Scheme("section", part="{}", restart=True, schedule="Annex {}"),
    Kind.PAPER: Scheme("paragraph", part="", schedule="Annex {}"),
    Kind.PLAN: Scheme("section", part="{}", restart=True, schedule="Annex {}"),
    Kind.RECORD: Scheme("section", part="", schedule="Annex {}"),
    Kind.APPLICATION: Scheme("section", part="", schedule="Annex {}"),
    Kind.LETTER: Scheme("paragraph", part="", schedule="Annex {}"),
    Kind.MINUTES: Scheme("minute", part="", schedule="Annex {}"),
}

NAMED = {Sort.DECISION: "Decision", Sort.ACTION: "Action"}


def letter(n: int) -> str:
    """1 -> a, 27 -> aa."""
    return (letter((n - 1) // 26) if n > 26 else "") + "abcdefghijklmnopqrstuvwxyz"[(n - 1) % 26]


def roman(n: int) -> str:
    """4 -> iv."""
    out = ""
    for value, sign in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while n >= value:
            out, n = out + sign, n - value
    return out


@dataclass(slots=True)
class _Count:
    top: int = 0
    part: int = 0
    schedule: int = 0
    table: int = 0
    figure: int = 0
    named: dict[Sort, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Numbers:
    """`beside`: id -> what stands beside the clause. `names`: id -> what a reference to it says."""

    beside: Mapping[str, str]
    names: Mapping[str, str]


def number(document: Document) -> Numbers:
    """The numbers of one document."""
    numbering = _Numbering(SCHEMES[document.kind])
    for clause in document.body:
        numbering.top(clause)
    return Numbers(numbering.beside, numbering.names)


class _Numbering:
    """Counts through one document."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme, self.count = scheme, _Count()
        self.beside: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def note(self, ident: str, beside: str, name: str) -> None:
        self.beside[ident], self.names[ident] = beside, name

    def top(self, clause: Clause) -> None:
        """A part, schedule or clause that stands in the document itself."""
        scheme, count = self.scheme, self.count
        match clause.sort:
            case Sort.PART:
                count.part += 1
                form = scheme.part.format(count.part)
                self.note(clause.id, form, _part_name(scheme, form, clause.title))
                if scheme.restart:
                    count.top = 0
                self.body(clause.body, form if scheme.restart else "", scheme.noun, top=True)
            case Sort.SCHEDULE:
                count.schedule += 1
                outside, count.top = count.top, 0
                form = scheme.schedule.format(count.schedule)
                self.note(clause.id, form, form)
                self.body(clause.body, "", f"{form} paragraph", top=True)
                count.top = outside
            case _:
                self.body((clause,), "", scheme.noun, top=True)

    def body(self, body: Iterable[Block], prefix: str, full: str, *, top: bool) -> None:
        """`prefix`: the number that sub-numbers go on from; `full`: the name of the clause around."""
        count, n, items = self.count, 0, 0
        for block in body:
            match block:
                case Table():
                    count.table += 1
                    self.note(block.id, f"Table {count.table}", f"table {count.table}")
                case Figure():
                    count.figure += 1
                    self.note(block.id, f"Figure {count.figure}", f"figure {count.figure}")
                case Clause(sort=Sort.ITEM):
                    items += 1
                    mark = f"({roman(items) if full.endswith(')') else letter(items)})"
                    self.note(block.id, mark, f"{full}{mark}".strip())
                    self.body(block.body, prefix, full + mark, top=False)
                case Clause(sort=Sort.CLAUSE):
                    n += 1
                    if top:
                        count.top += 1
                        n = count.top
                    label = f"{prefix}.{n}" if prefix else str(n)
                    here = f"{full if top else full.rpartition(' ')[0]} {label}".strip()
                    self.note(block.id, label, here)
                    self.body(block.body, label, here, top=False)
                case Clause(sort=Sort.DECISION | Sort.ACTION as sort):
                    count.named[sort] = count.named.get(sort, 0) + 1
                    label = f"{NAMED[sort]} {count.named[sort]}"
                    self.note(block.id, label, label.lower())
                    self.body(block.body, "", label.lower(), top=False)
                case Clause():
                    self.note(block.id, "", block.title or block.sort.value)
                    self.body(block.body, prefix, full, top=top)
                case _:
                    pass


def _part_name(scheme: Scheme, form: str, title: str) -> str:
    if scheme.part == "{}":
        return f"part {form}"
    return form or title


def spoken(name: str, runs: Runs, place: int) -> str:
    """The words of a reference at that place: one that opens a sentence begins with a capital."""
    before = "".join(_said(run) for run in runs[:place]).rstrip()
    return name[:1].upper() + name[1:] if not runs[:place] or before.endswith((".", "?")) else name


def _said(run: Run) -> str:
    return run.text if isinstance(run, Text | Value) else "x"
