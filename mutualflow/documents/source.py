"""Source and material -> model. Jinja prints facts and repeats rows; everything else is read from the markup."""

import re
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NoReturn

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from mutualflow.documents.library import HOUSE, Template
from mutualflow.documents.markup import INLINE, Node, fault, parse
from mutualflow.domain.document import (
    Blank,
    Block,
    Cell,
    Clause,
    Define,
    Document,
    Drawing,
    Figure,
    Heading,
    Line,
    LineRole,
    Note,
    Para,
    Prescribed,
    Ref,
    Run,
    Runs,
    Sign,
    Sort,
    Table,
    Task,
    TermUse,
    Text,
    Undecided,
    Value,
    plain,
)
from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.material import MOST_ROWS, FactView, ListView, Material, RowView, say_day
from mutualflow.domain.tri import Tri

TAG = re.compile(r"<([A-Za-z][A-Za-z0-9_-]*)(?=[\s>/]|$)")
STATEMENT = re.compile(r"\{%-?\+?\s*(\w+)")
STATEMENTS = frozenset({"for", "endfor", "include", "import", "from", "macro", "endmacro", "call", "endcall"})
IN_ATTRIBUTE = re.compile(r'=\s*"[^"]*?\{\{\s*([^}]*?)\s*\}\}')
ATTRIBUTE_FIT = re.compile(r"[\w.]+\.(iso|row)|loop\.index|\w+")  # a bare word is a macro's own argument
NOTHING = {"en": "Does not apply.", "cy": "Ddim yn berthnasol."}
UNKNOWN = "not yet known"  # stands for a sum while a cell is blank
NO_ROW = "blank"  # key of the row that stands for a list nobody has filled in
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
STOPS = (".", "?", "!")


class _Slip(Exception):
    """A misuse found while Jinja runs; where it happened is read from the traceback."""

    def __init__(self, key: str, wrong: str, allowed: str = "") -> None:
        super().__init__(wrong)
        self.key, self.wrong, self.allowed = key, wrong, allowed


class FactValue:
    """One fact as the template sees it: prints itself as <v>, <paragraphs> or <blank>, and decides nothing."""

    __slots__ = ("_label", "_view")

    def __init__(self, view: FactView) -> None:
        self._view = view

    @property
    def iso(self) -> str:
        """The day as YYYY-MM-DD for a drawing's attributes; '' while it is not known exactly."""
        return self._view.raw if self._view.known and DAY.fullmatch(self._view.raw) else ""

    @property
    def number(self) -> "FactValue":
        """The same fact without its unit."""
        return FactValue(replace(self._view, text=self._view.bare or self._view.text))

    def __html__(self) -> Markup:
        view = self._view
        if view.text is None:
            blank = Markup('<blank key="{}" label="{}" by="{}" whole="{}"/>')
            return blank.format(view.key, view.label, view.by, view.whole)
        if view.paragraphs:
            inside = Markup("").join(Markup('<v k="{}">{}</v>').format(view.key, part) for part in view.paragraphs)
            return Markup('<paragraphs k="{}">{}</paragraphs>').format(view.key, inside)
        return Markup('<v k="{}">{}</v>').format(view.key, view.text)

    def __str__(self) -> str:  # every way round the markup (filters, ~, join) comes here
        raise _Slip(self._view.key, "a fact is printed alone, as {{ f.name }}, without filters or joining")

    __format__ = __add__ = __mod__ = lambda self, *_: self.__str__()

    def _decide(self, *_: object) -> NoReturn:
        raise _Slip(self._view.key, "a fact decides nothing in the text: use when= or <choose>")

    # every way of deciding by a fact comes here
    __bool__ = __len__ = __iter__ = __eq__ = __lt__ = __gt__ = __le__ = __ge__ = _decide
    __hash__ = None  # type: ignore[assignment]


class Names:
    """What stands behind `f.`, `lists.`, a row or `paper.`: known names only, each use noted."""

    __slots__ = ("_known", "_noun", "_used")

    def __init__(self, noun: str, known: Mapping[str, object], used: set[str]) -> None:
        self._noun, self._known, self._used = noun, known, used

    def __getitem__(self, name: str) -> object:
        if name not in self._known:
            close = get_close_matches(str(name), list(self._known), 1)
            allowed = f"did you mean {close[0]!r}" if close else ", ".join(self._known) or "none is declared"
            raise _Slip(str(name), f"is no {self._noun} that about.yaml declares", allowed)
        self._used.add(name)
        return self._known[name]


class _Loader(BaseLoader):
    """Writes name:line into every tag before Jinja runs, so that a fault found afterwards knows its line."""

    def __init__(self, template: Template, place: Callable[[str], str]) -> None:
        self.template, self.place = template, place

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template not in self.template.texts:
            raise TemplateNotFound(template)
        lines = self.template.texts[template].split("\n")
        name = self.place(template)
        for n, line in enumerate(lines, 1):
            self.check(name, n, line)
        return "\n".join(TAG.sub(rf'<\1 l="{name}:{n}"', line) for n, line in enumerate(lines, 1)), name, lambda: True

    @staticmethod
    def check(name: str, n: int, line: str) -> None:
        for found in STATEMENT.finditer(line):
            if found[1] not in STATEMENTS:
                allowed = "for, include, macro; alternatives are made with when= and <choose>"
                raise FileFault((Fault(name, n, found[1], "is not used in documents", allowed),))
        for found in IN_ATTRIBUTE.finditer(line):
            if not ATTRIBUTE_FIT.fullmatch(found[1]):
                allowed = "the text of an element; in attributes only .iso of a date and .row of a row"
                raise FileFault((Fault(name, n, found[1], "is printed inside an attribute", allowed),))


@dataclass(slots=True)
class Used:
    """What a reading printed or asked: compared with what about.yaml declares."""

    facts: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    columns: dict[str, set[str]] = field(default_factory=dict)
    terms: set[str] = field(default_factory=set)
    prescribed: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    options: dict[str, dict[str, str]] = field(default_factory=dict)  # choice fact -> option -> where


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what its source used."""

    document: Document
    used: Used


def read(template: Template, material: Material) -> Document:
    """The document of this material; FileFault with file and line where source or material is at fault."""
    return reading(template, material).document


def read_everything(template: Template, material: Material) -> Reading:
    """Every alternative at once, each marked undecided: what checks of the source look at."""
    return reading(template, material, everything=True)


def reading(template: Template, material: Material, *, everything: bool = False) -> Reading:
    """Read a source; with `everything` nothing is dropped, whatever is known."""
    used = Used()
    text = _render(template, material, used)
    root = parse(text, _place(template)(_document_file(template, material.lang)))
    reader = _Reader(template, material, used, everything)
    body = tuple(block for block in reader.body(root) if isinstance(block, Clause))
    about = template.about
    title = about.title.get(material.lang) or about.title["en"]
    return Reading(Document(about.key, about.kind, material.lang, title, body), used)


def _place(template: Template) -> Callable[[str], str]:
    return lambda name: name if name.startswith(f"{HOUSE}/") else f"{template.key}/{name}"


def _document_file(template: Template, lang: str) -> str:
    name = "document.xml" if lang == "en" else f"document.{lang}.xml"
    if name not in template.texts:
        raise FileFault((Fault(f"{template.key}/{name}", 0, lang, "the document has no text in this language"),))
    return name


# --- Jinja ------------------------------------------------------------------------------------------------------------


def _render(template: Template, material: Material, used: Used) -> str:
    place = _place(template)
    # document values are printed by __html__ only; the sandbox refuses every attribute with an underscore
    env = ImmutableSandboxedEnvironment(loader=_Loader(template, place), autoescape=True, undefined=StrictUndefined)
    env.filters.clear()
    env.globals.clear()
    env.tests.clear()
    file = _document_file(template, material.lang)
    context = _context(template, material, used)
    try:
        return env.get_template(file).render(context)
    except TemplateNotFound as error:
        where, line = _frame(error, place(file))
        raise FileFault((Fault(where, line, str(error.name), "is no shared part", _parts(template)),)) from None
    except TemplateSyntaxError as error:
        where = error.filename or error.name or place(file)
        raise FileFault((Fault(where, error.lineno, "Jinja", error.message or "cannot be read"),)) from None
    except (_Slip, TemplateError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
        where, line = _frame(error, place(file))
        if isinstance(error, _Slip):
            raise FileFault((Fault(where, line, error.key, error.wrong, error.allowed),)) from None
        raise FileFault((Fault(where, line, "Jinja", str(error).split("\n")[0]),)) from None


def _parts(template: Template) -> str:
    return ", ".join(name for name in template.texts if name != "document.xml")


def _frame(error: BaseException, file: str) -> tuple[str, int]:
    """The last line of a source in the traceback: Jinja puts its templates there by name."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code.co_filename.endswith(".xml"):
            return frame.f_code.co_filename, line
    return file, 0


def _context(template: Template, material: Material, used: Used) -> dict[str, object]:
    about = template.about
    return {
        "f": Names("fact", {key: FactValue(_fact(template, material, key)) for key in about.facts}, used.facts),
        "lists": Names("list", {key: _rows(template, material, key, used) for key in about.lists}, used.lists),
        "paper": Names(
            "word of the paper",
            {
                "formation": material.formation,
                "number": material.number,
                "version": material.version,
                "date": say_day(material.as_on, material.lang),
            },
            set(),
        ),
    }


def _fact(template: Template, material: Material, key: str) -> FactView:
    view = material.facts.get(key)
    if view is None:
        wrong = "the material of this printing does not hold this fact"
        raise FileFault((Fault(f"{template.key}/about.yaml", 0, key, wrong),))
    return view


def _rows(template: Template, material: Material, key: str, used: Used) -> tuple[Names, ...]:
    view = material.lists.get(key)
    if view is None:
        wrong = "the material of this printing does not hold this list"
        raise FileFault((Fault(f"{template.key}/about.yaml", 0, key, wrong),))
    if len(view.rows) > MOST_ROWS:
        raise FileFault((Fault(f"{template.key}/about.yaml", 0, key, f"has more than {MOST_ROWS} rows"),))
    columns = used.columns.setdefault(key, set())
    rows = view.rows
    if not rows and not view.complete:
        rows = (RowView(NO_ROW, {}),)
    return tuple(_row(view, row, template.about.lists[key], columns) for row in rows)


def _row(view: ListView, row: RowView, columns: Iterable[str], used: set[str]) -> Names:
    cells: dict[str, object] = {"row": row.key}
    for column in columns:
        label = view.columns.get(column, column.replace("_", " "))
        cell = row.cells.get(column) or FactView(f"{view.key}.{column}", label=label, by=view.by)
        if not cell.known:
            cell = _blank_cell(view, row, column, replace(cell, label=cell.label or label))
        cells[column] = FactValue(cell)
    return Names(f"column of {view.key}", cells, used)


def _blank_cell(view: ListView, row: RowView, column: str, cell: FactView) -> FactView:
    """A list without rows is one blank, whatever its columns; a row's missing cells are one blank for each column."""
    name = view.label or view.key.replace("_", " ")
    if row.key == NO_ROW:
        return replace(cell, key=view.key, by=view.by, whole=name)
    return replace(cell, key=f"{view.key}.{column}", by=cell.by or view.by, whole=f"{cell.label} ({name})")


# --- the parsed source ------------------------------------------------------------------------------------------------

SORTS = {sort.value: sort for sort in Sort}
DROPPED = None


class _Reader:
    """Turns elements into the model; what does not apply is dropped, what may apply is marked."""

    def __init__(self, template: Template, material: Material, used: Used, everything: bool) -> None:
        self.about, self.material, self.used, self.everything = template.about, material, used, everything
        self.totals: dict[str, tuple[Cell, ...]] = {}  # table -> its last row

    def holds(self, node: Node) -> tuple[Undecided, ...] | None:
        """() applies; None does not; otherwise why it may not."""
        out: tuple[Undecided, ...] = ()
        if step := node.get("step"):
            self.used.steps.add(step)
            if step not in self.about.steps:
                fault(node, f"step={step!r} is not among the steps of about.yaml", ", ".join(self.about.steps))
            if self.everything:
                out += (Undecided(f"step:{step}", "", f"only at {step}"),)
            elif step != self.material.step:
                return DROPPED
        if name := node.get("when"):
            self.used.terms.add(name)
            term = self.material.terms.get(name)
            if name not in self.about.terms:
                fault(node, f"when={name!r} is not among the terms of about.yaml", ", ".join(self.about.terms))
            if term is None:
                fault(node, f"when={name!r} is no term of the pathway")
            if self.everything or term.value is Tri.MAYBE:
                return (*out, Undecided(name, "", self.about.terms[name], term.by))
            if term.value is Tri.NO:
                return DROPPED
        return out

    # runs

    def runs(self, node: Node, strong: bool = False) -> list[Run]:
        out: list[Run] = []
        for child in node.children:
            out += [Text(child, strong)] if isinstance(child, str) else self.inline(child, strong)
        return out

    def inline(self, node: Node, strong: bool) -> list[Run]:
        match node.tag:
            case "v":
                return [Value(node.get("k"), _letters(node), strong)]
            case "paragraphs":  # where there is no room for paragraphs they stand in one line
                joined: list[Run] = []
                for v in node.nodes:
                    joined += [Value(node.get("k"), _letters(v), strong), Text(" ")]
                return joined[:-1]
            case "blank":
                return [Blank(node.get("key"), node.get("label"), node.get("by"), node.get("whole"))]
            case "ref":
                return [Ref(node.get("to"))]
            case "term":
                return [TermUse(node.get("of"), _letters(node))]
            case _:
                return self.runs(node, strong=True)

    def line(self, node: Node) -> Runs:
        return squeeze(self.runs(node))

    # blocks

    def body(self, node: Node, undecided: tuple[Undecided, ...] = ()) -> tuple[Block, ...]:
        """Loose words become paragraphs, also after items (closing words) and between paragraphs of a long fact."""
        out: list[Block] = []
        words: list[Run] = []

        def close() -> None:
            if runs := squeeze(words):
                out.append(Para(runs, undecided, node.where))
            words.clear()

        items = 0
        for child in node.children:
            if isinstance(child, str):
                words.append(Text(child))
            elif child.tag == "paragraphs":
                parts = [Value(v.get("k"), _letters(v)) for v in child.nodes]
                for part in parts[:-1]:
                    words.append(part)
                    close()
                words.append(parts[-1])
            elif child.tag in INLINE:
                words += self.inline(child, strong=False)
            elif child.tag == "items":
                close()
                made = self.items(child, undecided, node.get("id") or "-", items)
                items += len(made)
                out += made
            elif (own := self.holds(child)) is not DROPPED:
                close()
                items += child.tag == "item"
                path = f"{node.get('id') or '-'}/{items}"
                out += self.block(child, (*undecided, *own), path)
        close()
        return tuple(out)

    def items(self, node: Node, undecided: tuple[Undecided, ...], path: str, before: int) -> list[Block]:
        """Each paragraph of a fact as an item of its own; a single one is a paragraph."""
        parts = [v for child in node.nodes if child.tag == "paragraphs" for v in child.nodes]
        if not parts:
            return [Para(self.line(node), undecided, node.where)]
        paras = (Para(squeeze([Value(v.get("k"), _letters(v))]), where=node.where) for v in parts)
        return [
            Clause(f"{path}/{n}", Sort.ITEM, "", (para,), (), undecided, node.where)
            for n, para in enumerate(paras, before + 1)
        ]

    def block(self, node: Node, undecided: tuple[Undecided, ...], path: str) -> Iterable[Block]:
        match node.tag:
            case "p":
                return [replace(one, undecided=undecided) if isinstance(one, Para) else one for one in self.body(node)]
            case "heading":
                return [Heading(self.line(node), node.where)]
            case "note":
                return [Note(self.line(node), undecided, node.where)]
            case "to" | "salutation":
                return [Line(LineRole(node.tag), self.line(node), node.where)]
            case "definitions":
                kept = ((one, self.holds(one)) for one in node.nodes)
                return [self.define(one, (*undecided, *own)) for one, own in kept if own is not DROPPED]
            case "table":
                return [self.table(node, undecided)]
            case "figure":
                return [self.figure(node, undecided)]
            case "prescribed":
                return [self.prescribed(node)]
            case "sign":
                return [Sign(node.get("id"), self.line(node), node.get("capacity"), node.where)]
            case "choose":
                return self.choose(node, undecided)
            case _:
                return [self.clause(node, undecided, path)]

    def clause(self, node: Node, undecided: tuple[Undecided, ...], path: str) -> Clause:
        ident = node.get("id") or path
        if not node.get("id"):
            node.attributes["id"] = path  # so that what stands inside builds its path on it
        sources = tuple(filter(None, (one.strip() for one in node.get("source").split(";"))))
        title = " ".join(node.get("title").split())
        body = self.body(node) or self.nothing(node)
        return Clause(ident, SORTS[node.tag], title, body, sources, undecided, node.where)

    def nothing(self, node: Node) -> tuple[Block, ...]:
        """What stands where everything has fallen away, so that no number stands alone."""
        if self.everything:
            return ()
        return (Para((Text(NOTHING.get(self.material.lang, NOTHING["en"])),), where=node.where),)

    def define(self, node: Node, undecided: tuple[Undecided, ...]) -> Define:
        also = tuple(filter(None, (one.strip() for one in node.get("also").split(","))))
        return Define(node.get("id"), node.get("term"), also, self.line(node), undecided, node.where)

    def table(self, node: Node, undecided: tuple[Undecided, ...]) -> Table:
        lines = [list(row.nodes) for row in node.nodes]
        if not lines or any(cell.tag != "th" for cell in lines[0]):
            fault(node, "begins with no row of headings", "a first <tr> of <th>")
        width = len(lines[0])
        numeric = tuple(i for i, head in enumerate(lines[0]) if head.get("num") == "yes")
        rows = []
        for row, cells in zip(node.nodes, lines, strict=True):
            made = tuple(Cell(self.line(cell), cell.tag == "th") for cell in cells)
            if row.get("sums"):
                made = self.carried(row, made, width)
            if len(made) != width:
                fault(row, f"has {len(made)} cells where the first row has {width}")
            rows.append(made)
        total = node.get("total") == "yes"
        if total:
            rows.append(self.total(node, rows[1:], numeric, width))
            self.totals[node.get("id")] = rows[-1]
        last = total or bool(list(node.nodes)[-1].get("less"))
        return Table(node.get("id"), node.get("title"), tuple(rows), numeric, last, undecided, node.where)

    def carried(self, row: Node, label: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
        """A row of the sums of an earlier table, or of what is left of them after those of another (`less`)."""
        named = [row.get("sums"), *filter(None, [row.get("less")])]
        found = [self.totals.get(name, ()) for name in named]
        for name, cells in zip(named, found, strict=True):
            if len(cells) != width:
                fault(row, f"names {name!r}, which is no earlier table with a total and as many columns")
        out = list(label)
        for cells in list(zip(*found, strict=True))[len(label) :]:
            words = [plain(cell.runs) for cell in cells]
            if UNKNOWN in words:
                out.append(Cell((Text(UNKNOWN),)))
            else:
                rest = [f"−{one}".replace("−−", "") for one in words[1:]]
                out.append(Cell((Text(self.summed(row, [words[0], *rest])),)))
        return tuple(out)

    def total(self, node: Node, rows: list[tuple[Cell, ...]], numeric: tuple[int, ...], width: int) -> tuple[Cell, ...]:
        """The last row: sums of the numeric columns; words instead while a cell is blank."""
        if not numeric or 0 in numeric:
            fault(node, "a total needs columns with num, and a first column without")
        cells = [Cell((Text("Total"),), head=True)]
        for column in range(1, width):
            runs: Runs = ()
            if column in numeric:
                whole = [row[column].runs for row in rows]
                if any(isinstance(run, Blank) for cell in whole for run in cell):
                    runs = (Text(UNKNOWN),)
                else:
                    runs = (Text(self.summed(node, [plain(cell) for cell in whole])),)
            cells.append(Cell(runs))
        return tuple(cells)

    @staticmethod
    def summed(node: Node, words: list[str]) -> str:
        sign = "£" if any("£" in one for one in words) else ""
        try:
            amounts = [Decimal(one.replace("£", "").replace(",", "").replace("−", "-")) for one in words if one]
        except InvalidOperation:
            fault(node, "a column of the total holds something that is no number")
        whole = sum(amounts, Decimal())
        part = any(amount != amount.to_integral_value() for amount in amounts)
        places = 2 if part and sign else max((_places(amount) for amount in amounts), default=0)
        return f"{'−' if whole < 0 else ''}{sign}{abs(whole):,.{places}f}"

    def figure(self, node: Node, undecided: tuple[Undecided, ...]) -> Figure:
        drawing = node.get("drawing")
        if drawing not in {one.value for one in Drawing}:
            fault(node, f"drawing={drawing!r} is not known", ", ".join(Drawing))
        tasks = []
        for task in node.nodes:
            days = task.get("from"), task.get("to")
            for day in days:
                if day and not DAY.fullmatch(day):
                    fault(task, f"{day!r} is no day", "{{ row.column.iso }}, or YYYY-MM-DD")
            if all(days) and days[1] < days[0]:
                fault(task, f"ends on {days[1]} before it begins on {days[0]}")
            tasks.append(Task(self.line(task), *days, task.get("group")))
        alt = " ".join(node.get("alt").split())
        return Figure(node.get("id"), node.get("title"), alt, Drawing(drawing), tuple(tasks), undecided, node.where)

    def prescribed(self, node: Node) -> Prescribed:
        key = node.get("key")
        self.used.prescribed.add(key)
        if key not in self.about.prescribed:
            fault(node, f"key={key!r} is not among the prescribed of about.yaml", ", ".join(self.about.prescribed))
        name, text = self.about.prescribed[key], self.material.prescribed.get(key)
        if text is None:
            return Prescribed(key, name, (), "", where=node.where)
        return Prescribed(key, name, text.paragraphs, text.sha256, text.sample, node.where)

    def choose(self, node: Node, undecided: tuple[Undecided, ...]) -> Iterable[Block]:
        key = node.get("fact")
        self.used.facts.add(key)
        choice = self.material.choices.get(key)
        if key not in self.about.facts:
            fault(node, f"fact={key!r} is not among the facts of about.yaml", ", ".join(self.about.facts))
        if choice is None:
            fault(node, f"fact={key!r} is no question with a closed list of answers")
        noted = self.used.options.setdefault(key, {})
        options = list(node.nodes)
        for option in options:
            noted[option.get("is")] = option.where
            if choice.words and option.get("is") not in choice.words:
                fault(option, f"is={option.get('is')!r} is no answer to {key}", ", ".join(choice.words))
        open_choice = self.everything or choice.said is None
        kept = [one for one in options if open_choice or one.get("is") == choice.said]
        if not kept:
            fault(node, f"has no option for {key} = {choice.said!r}")
        out: list[Block] = []
        for option in kept:
            mark = undecided
            if open_choice:
                words = choice.words.get(option.get("is"), option.get("is"))
                label = choice.label or key.replace("_", " ")
                mark = (*undecided, Undecided(key, option.get("is"), words, choice.by, label))
            out += self.body(option, mark)
        return out


def _places(amount: Decimal) -> int:
    """How many digits stand after the point."""
    return max(0, -int(amount.normalize().as_tuple().exponent))


def _letters(node: Node) -> str:
    return "".join(child if isinstance(child, str) else _letters(child) for child in node.children)


def squeeze(runs: Iterable[Run]) -> Runs:
    """White space as in prose: one space across runs, none at the ends; a full stop is not set twice."""
    out: list[Run] = []
    space = True
    for run in runs:
        if isinstance(run, Text | Value | TermUse):
            text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", run.text))
            text = text[1:] if space and text.startswith(" ") else text
            if isinstance(run, Text) and out and isinstance(before := out[-1], Value) and before.text.endswith(STOPS):
                text = text.removeprefix(".")  # whoever answered ended the sentence already
            if text:
                space = text.endswith(" ")
                out.append(replace(run, text=text))
        else:
            space = False
            out.append(run)
    if out and isinstance(last := out[-1], Text):
        out[-1] = replace(last, text=last.text.rstrip())
    return tuple(run for run in out if not isinstance(run, Text | Value | TermUse) or run.text)
