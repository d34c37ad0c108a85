"""Model -> HTML: one fragment for the web page and the paper, and the shell that the paper puts around it.

Numbers are text; the style sheet computes nothing but page numbers.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape as esc

from mutualflow.documents.about import About
from mutualflow.documents.gantt import dated, drawings
from mutualflow.domain.document import (
    Blank,
    Block,
    Cell,
    Clause,
    Define,
    Document,
    Figure,
    Heading,
    Kind,
    Lack,
    Line,
    LineRole,
    Missing,
    Note,
    Para,
    Prescribed,
    Ref,
    Runs,
    Sign,
    Sort,
    Table,
    TermUse,
    Text,
    Undecided,
    Value,
    clauses,
    definitions,
    link_terms,
    missing,
    plain,
    term_finder,
)
from mutualflow.domain.material import Mark, Material, draft_line, say_day
from mutualflow.domain.numbering import Numbers, spoken

NOT_ADVICE = (
    "This document was drafted with mutualflow from answers that people gave. It is not legal advice, and nothing "
    "in it says that the law has been met. Take advice before you sign or rely on it."
)
BLANKS = "still-to-be-supplied"  # id of the list of blanks
UNVERIFIED = "check with your adviser"
NOT_YET = {
    Kind.ARTICLES: "Not for filing.",
    Kind.RULES: "Not for filing.",
    Kind.AGREEMENT: "Not for signing.",
    Kind.LETTER: "Not to be sent.",
}
DAY = re.compile(r"\d{1,2} \w+ \d{4}")
WIDE = 4  # columns of the widest table that keeps the indent of its clause
SHORT = 9  # rows of the longest table that is kept on one page
BIG = frozenset({Sort.PART, Sort.SCHEDULE, Sort.SIGNATURES})


@dataclass(frozen=True, slots=True)
class Links:
    """Where a fragment's links lead: ids get `prefix`; a blank's address is made from its fact key."""

    prefix: str = ""
    blank: Callable[[str], str] | None = None  # None: to the list of blanks at the end of the paper


def fragment(document: Document, about: About, numbers: Numbers, links: Links | None = None, top: int = 2) -> str:
    """The document as HTML without a shell; parts are headings of level `top`."""
    return _Html(document, about, numbers, links or Links(), top).whole()


def paper(document: Document, about: About, numbers: Numbers, material: Material, *, clean: bool = False) -> str:
    """The whole HTML page that the PDF is printed from.

    `clean`: as it is filed or sent out, without what was said to those who worked on it: no source notes, no word on
    how it was drafted, nothing in its head but what it is.
    """
    html = _Html(document, about, numbers, Links(), 2, clean=clean)
    gaps = missing(document)
    lang = "en-GB" if document.lang == "en" else document.lang
    stamp = f"{material.as_on.isoformat()}T00:00:00Z"
    name = f"{document.title}: {material.formation}"
    mark = f'<div class="mark" aria-hidden="true">{material.mark.value}</div>' if material.mark else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{esc(name)}</title>'
        f'<meta name="author" content="{esc(material.formation)}">'
        f'<meta name="description" content="{esc(f"{document.title}, {material.number}, {material.version}")}">'
        f'<meta name="generator" content="mutualflow">'
        f'<meta name="dcterms.created" content="{stamp}"><meta name="dcterms.modified" content="{stamp}"></head>'
        f'<body class="kind-{document.kind.value.replace("_", "-")}">{mark}'
        f"{_opening(document, about, material, gaps, clean=clean)}"
        f"{html.contents() if about.contents else ''}{html.with_caution()}{html.blanks(gaps)}</body></html>"
    )


def _opening(document: Document, about: About, material: Material, gaps: tuple[Missing, ...], *, clean: bool) -> str:
    """Title, who issues it, and what the paper says of itself."""
    issuer = material.facts[about.issued_by].text if about.issued_by in material.facts else None
    subtitle = about.subtitle.get(document.lang, "")
    under = f'<p class="subtitle">{esc(subtitle)}</p>' if subtitle else ""
    said = "".join(f'<p class="status">{esc(line)}</p>' for line in _status(document, material, gaps))
    rows = "".join(
        f"<dt>{esc(what)}</dt><dd>{esc(words)}</dd>" for what, words in _rows(document, material, clean=clean) if words
    )
    facts = f'<dl class="paper">{rows}</dl>' if rows else ""
    return (
        f'<header class="opening" data-number="{esc(material.number)}" data-version="{esc(material.version)}">'
        f'<p class="for">{esc(issuer or material.formation)}</p><h1>{esc(document.title)}</h1>{under}{facts}{said}'
        "</header>"
    )


def _status(document: Document, material: Material, gaps: tuple[Missing, ...]) -> list[str]:
    lines, draft = [], material.version == draft_line(material.as_on)
    if material.mark is Mark.SAMPLE:
        lines.append("Sample. People, places and events are invented, and official wording may be a stand-in.")
    if gaps:
        things = "1 thing is" if len(gaps) == 1 else f"{len(gaps)} things are"
        use = NOT_YET.get(document.kind, "")
        what = "Draft with blanks" if draft else "With blanks"
        lines.append(f"{what}: {things} still to be supplied, listed at the end. {use}".strip())
    elif draft:
        lines.append("Draft. It may still change.")
    return lines


def _rows(document: Document, material: Material, *, clean: bool) -> tuple[tuple[str, str], ...]:
    """What the head says besides the title; number and version stand at the foot of every page in any case."""
    day = say_day(material.as_on, document.lang)
    date = day.replace(" ", "\u00a0")  # a date stays on its line
    if document.kind is Kind.LETTER:
        return (("Our reference", material.number), ("Date", date))
    if clean:
        return ()
    version = material.version.replace(day, date)
    return (("Document", material.number), ("Status", version), ("Date", "" if day in material.version else date))


def _leads(block: Block, follows: Block | None) -> str:
    """Classes of a paragraph that leads to a table or picture, or does no more than ask for the answer after it."""
    if not isinstance(block, Para):
        return ""
    if isinstance(follows, Table | Figure):
        return " lead"
    answered = isinstance(follows, Para) and all(isinstance(run, Value | Blank) for run in follows.runs)
    said = "".join(run.text if isinstance(run, Text) else "x" for run in block.runs)
    return " lead asks" if answered and said.endswith(":") and ". " not in said else ""


def _together(body: tuple[Block, ...]) -> dict[int, int]:
    """Paragraphs in a row under one open condition: place of the first -> how many, of the others -> 0."""
    out: dict[int, int] = {}
    first = 0
    for i, block in enumerate(body):
        before = body[i - 1] if i else None
        same = isinstance(block, Para) and isinstance(before, Para) and block.undecided == before.undecided
        if same and isinstance(block, Para) and block.undecided:
            out[first] = out.get(first, 1) + 1
            out[i] = 0
        else:
            first = i
    return out


class _Html:
    def __init__(
        self, document: Document, about: About, numbers: Numbers, links: Links, top: int, *, clean: bool = False
    ) -> None:
        self.document, self.about, self.links, self.top, self.clean = document, about, links, top, clean
        self.beside, self.names = numbers.beside, numbers.names
        self.terms = definitions(document)
        self.finder = term_finder(self.terms)

    def id(self, ident: str) -> str:
        return f' id="{self.address(ident)}"'

    def address(self, ident: str) -> str:
        return esc(self.links.prefix + ident.replace("/", "--"))

    def whole(self) -> str:
        return self.tops(self.document.body)

    def tops(self, body: Iterable[Clause]) -> str:
        return "".join(self.clause(clause, 0, self.top) for clause in body)

    def with_caution(self) -> str:
        """The whole, its sources and the caution: these stand before the signatures that end a paper, to be read first.

        A letter is signed where it ends.
        """
        body = self.document.body
        letter = self.document.kind is Kind.LETTER
        signed = [one for one in body[-1:] if one.sort is Sort.SIGNATURES and not letter]
        said = body[: len(body) - len(signed)]
        caution = "" if self.clean else f'{self.sources()}<p class="advice">{esc(NOT_ADVICE)}</p>'
        return f"{self.tops(said)}{caution}{self.tops(signed)}"

    # words

    def runs(self, runs: Runs, done: set[str] | None = None) -> str:
        linked = runs if done is None else link_terms(runs, self.terms, self.finder, done)
        out = []
        for i, run in enumerate(linked):
            match run:
                case Ref(to):
                    name = spoken(self.names.get(to, to), linked, i).replace(" ", "\u00a0")
                    out.append(f'<a class="ref" href="#{self.address(to)}">{esc(name)}</a>')
                case TermUse(of, text):
                    out.append(f'<a class="term" href="#{self.address(of)}">{esc(text)}</a>')
                case Blank():
                    out.append(self.blank(run))
                case Value(text=text, strong=strong):
                    shown = text.replace(" ", "\u00a0") if DAY.fullmatch(text) else text  # a date stays on its line
                    words = f'<span class="value">{esc(shown)}</span>'
                    out.append(f"<strong>{words}</strong>" if strong else words)
                case Text(text, strong):
                    out.append(f"<strong>{esc(text)}</strong>" if strong else esc(text))
        return "".join(out)

    def blank(self, run: Blank) -> str:
        href = self.links.blank(run.key) if self.links.blank else f"#{self.address(BLANKS)}"
        return f'<a class="blank" href="{esc(href)}">[{esc(run.label)}]</a>'

    def gap(self, words: str) -> str:
        return f'<span class="blank">[{esc(words)}]</span>'

    # clauses

    def clause(self, clause: Clause, level: int, head: int) -> str:
        match clause.sort:
            case Sort.PART | Sort.SCHEDULE | Sort.SIGNATURES:
                return self.big(clause, head)
            case Sort.LETTER:
                inner = "".join(self.block(b, "c0", "", "", set(), head + 1) for b in clause.body)
                mark = self.undecided(clause.undecided, "c0")
                return f'<section class="letter"{self.id(clause.id)}>{mark}{inner}</section>'
            case Sort.DECISION | Sort.ACTION | Sort.COST:
                return self.labelled(clause, level, head)
            case _:
                return self.numbered(clause, level, head)

    def big(self, clause: Clause, head: int) -> str:
        number, title = self.beside.get(clause.id, ""), esc(clause.title)
        shown = f'<span class="n">{esc(number)} </span>{title}' if number else title
        done: set[str] = set()
        inner = "".join(self.inside(b, 0, head + 1, "c0", done) for b in clause.body)
        return (
            f'<section class="{clause.sort.value}"><h{head}{self.id(clause.id)}>{shown}</h{head}>'
            f"{self.undecided(clause.undecided, 'c0')}{self.source(clause, 'c0')}{inner}</section>"
        )

    def inside(self, block: Block, level: int, head: int, css: str, done: set[str]) -> str:
        if isinstance(block, Clause):
            return self.clause(block, level + (block.sort is Sort.ITEM), head)
        return self.block(block, css, "", "", done, head)

    def numbered(self, clause: Clause, level: int, head: int) -> str:
        """A clause or an item: its first block carries number and id, unless a heading does."""
        number = self.beside.get(clause.id, "")
        css, done, first = f"c{min(level, 6)}", set[str](), True
        below, mark = head, self.undecided(clause.undecided, css)
        out = [] if clause.title else [mark]
        if clause.title:
            tag = f"h{min(head, 6)}"
            shown = f'<span class="n">{esc(number)} </span>{esc(clause.title)}'
            look = "top" if level == 0 else "sub"
            heading = f'<{tag} class="{look} {css}"{self.id(clause.id)}>{shown}</{tag}>'
            out.append(f"{heading}{mark}{self.source(clause, css)}")
            first, below = False, head + 1
        together = _together(clause.body)
        for i, (block, follows) in enumerate(zip(clause.body, (*clause.body[1:], None), strict=True)):
            if isinstance(block, Clause):
                if first:  # a clause that holds only others still needs its number and its id
                    out.append(f'<p class="{css} num"{self.id(clause.id)}><span class="n">{esc(number)} </span></p>')
                out.append(self.clause(block, level + 1, below))
            else:
                ident, beside = (self.id(clause.id), number) if first else ("", "")
                if isinstance(block, Para) and i in together:
                    out.append(self.undecided(block.undecided, css, together[i]))
                    block = replace(block, undecided=())
                out.append(self.block(block, css + _leads(block, follows), ident, beside, done, below))
            first = False
        if clause.sources and not clause.title and not self.clean:
            if isinstance(clause.body[-1], Para):
                out[-1] = f'{out[-1].removesuffix("</p>")} <span class="cite">{esc(self.cited(clause))}</span></p>'
            else:
                out.append(self.source(clause, css))
        return "".join(out)

    def labelled(self, clause: Clause, level: int, head: int) -> str:
        name = self.beside.get(clause.id) or clause.sort.value.capitalize()
        done: set[str] = set()
        title = f"<strong>{esc(name)}{': ' + esc(clause.title) if clause.title else ''}</strong>"
        inner = "".join(self.inside(b, 0, head + 1, "c0", done) for b in clause.body)
        return (
            f'<div class="labelled {clause.sort.value} in{min(level, 6)}">'
            f'<p class="label"{self.id(clause.id)}>{title}</p>{self.undecided(clause.undecided, "c0")}{inner}</div>'
        )

    def undecided(self, reasons: tuple[Undecided, ...], css: str, paragraphs: int = 1) -> str:
        if not reasons or not paragraphs:
            return ""
        words = "; ".join(f"{one.label}: {one.words}" if one.label else one.words for one in reasons)
        what = "This stands" if paragraphs == 1 else f"These {paragraphs} paragraphs stand"
        return f'<p class="open {css.partition(" ")[0]}">To be decided. {what} only if: {esc(words)}</p>'

    def source(self, clause: Clause, css: str) -> str:
        if not clause.sources or self.clean:
            return ""
        return f'<p class="source {css}">Source: {esc(self.cited(clause))}</p>'

    def cited(self, clause: Clause) -> str:
        return "; ".join(s if self.about.verified(s) else f"{s} ({UNVERIFIED})" for s in clause.sources)

    # blocks

    def block(self, block: Block, css: str, ident: str, number: str, done: set[str], head: int) -> str:
        n = f'<span class="n">{esc(number)} </span>' if number else ""
        num = " num" if number else ""
        match block:
            case Para():
                words = self.runs(block.runs, done)
                ends = plain(block.runs, self.names).endswith(":")
                lead = " lead" if ends and " lead" not in css else ""  # stays with what it leads to
                return f'{self.undecided(block.undecided, css)}<p class="{css}{num}{lead}"{ident}>{n}{words}</p>'
            case Heading():
                tag = f"h{min(head, 6)}"
                return f'<{tag} class="plain {css}">{self.runs(block.runs)}</{tag}>'
            case Note():
                words = self.runs(block.runs, done)
                before = self._numbered_alone(css, ident, n) + self.undecided(block.undecided, css)
                return f'{before}<p class="note {css}">{words}</p>'
            case Line(role, runs):
                return f'<p class="{"to" if role is LineRole.TO else "salutation"}">{self.runs(runs)}</p>'
            case Define():
                words = self.runs(block.runs, done | {block.id})
                term = f'<strong class="defined">{esc(block.term)}</strong>'
                return (
                    f"{self._numbered_alone(css, ident, n)}{self.undecided(block.undecided, css)}"
                    f'<p class="define {css}"{self.id(block.id)}>{term}: {words}</p>'
                )
            case Prescribed():
                return self._numbered_alone(css, ident, n) + self.prescribed(block, css)
            case Sign():
                who = self.runs(block.runs)
                words = f'<span class="who">{who}</span>, {esc(block.capacity)}' if who else esc(block.capacity)
                line = '<span class="line" aria-hidden="true"></span>'
                return f'<div class="sign"{self.id(block.id)}><p>Signed</p>{line}<p>{words}</p><p>Date</p>{line}</div>'
            case Table():
                return self._numbered_alone(css, ident, n) + self.table(block, css)
            case Figure():
                return self._numbered_alone(css, ident, n) + self.figure(block, css)
            case Clause():
                return self.clause(block, 1, head)

    @staticmethod
    def _numbered_alone(css: str, ident: str, n: str) -> str:
        """A number whose clause opens with a table or the like stands on a line of its own."""
        return f'<p class="{css} num"{ident}>{n}</p>' if n else ""

    def prescribed(self, block: Prescribed, css: str) -> str:
        if not block.paragraphs:
            return f'<p class="{css}">{self.gap(f"Official text goes here, word for word: {block.name}")}</p>'
        words = "".join(f"<p>{esc(text)}</p>" for text in block.paragraphs)
        kind = "Sample stand-in, not the official text" if block.sample else "Official text, word for word"
        note = f"{kind}. Checksum {block.sha256[:16]}"
        if self.clean:
            note = f"{kind}." if block.sample else ""
        said = f'<p class="source">{esc(note)}</p>' if note else ""
        return f'<div class="prescribed {css}">{words}{said}</div>'

    def table(self, table: Table, css: str) -> str:
        def cell(at: int, row: int, one: Cell) -> str:
            head = one.head or row == 0
            words = self.runs(one.runs)
            number = ' class="num"' if at in table.numeric else ""
            if not head:
                return f"<td{number}>{words}</td>"
            return f'<th scope="{"col" if row == 0 else "row"}"{number}>{words}</th>'

        rows = [
            f"<tr{' class=total' if table.total and r == len(table.rows) - 1 else ''}>"
            + "".join(cell(i, r, one) for i, one in enumerate(row))
            + "</tr>"
            for r, row in enumerate(table.rows)
        ]
        if len(rows) == 1:
            rows.append(f'<tr><td colspan="{len(table.rows[0])}">None.</td></tr>')
        caption = f"<caption>{esc(self.beside[table.id])}: {esc(table.title)}</caption>"
        wide = " wide" if len(table.rows[0]) > WIDE else ""
        short = " short" if len(table.rows) <= SHORT else ""
        return (
            f'{self.undecided(table.undecided, css)}<table class="{css}{wide}{short}"{self.id(table.id)}>{caption}'
            f"<thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"
        )

    def figure(self, figure: Figure, css: str) -> str:
        caption = f"<figcaption>{esc(self.beside[figure.id])}: {esc(figure.title)}</figcaption>"
        pictures = drawings(figure, self.names, self.document.lang)
        without = [task for task in figure.tasks if task not in dated(figure)]
        late = "; ".join(plain(task.runs, self.names) for task in without)
        note = f'<p class="source">Without a day yet: {esc(late)}.</p>' if late else ""
        mark = self.undecided(figure.undecided, css)
        if not pictures:
            drawn = f"<p>{self.gap('The drawing follows when days are known')}</p>"
            return f'{mark}<div class="figure"{self.id(figure.id)}>{drawn}{note}</div>'
        whole = "".join(
            f"<figure{self.id(figure.id) if i == 0 else ''}>{caption if i == 0 else ''}{svg}</figure>"
            for i, svg in enumerate(pictures)
        )
        return f"{mark}{whole}{note}"

    # the paper's own pages

    def contents(self) -> str:
        rows = []
        deep = sum(1 for c in self.document.body if c.sort in BIG) > 1
        for clause in self.listed():
            css = "big" if clause.sort in BIG else "small" if deep else "flat"
            number = self.beside.get(clause.id, "")
            # no element inside the link: WeasyPrint would make a second, untagged link of it
            shown = esc(f"{number}\u00a0\u00a0{clause.title}" if number else clause.title)
            rows.append(f'<li class="{css}"><a href="#{self.address(clause.id)}">{shown}</a></li>')
        return f'<nav class="contents" aria-label="Contents"><h2>Contents</h2><ul>{"".join(rows)}</ul></nav>'

    def listed(self) -> Iterable[Clause]:
        for clause in self.document.body:
            if clause.title:
                yield clause
            if clause.sort in BIG:
                yield from (c for c in clause.body if isinstance(c, Clause) and c.title and c.sort is Sort.CLAUSE)

    def sources(self) -> str:
        """The key to the source notes."""
        cited: dict[str, bool] = {}
        for clause in clauses(self.document):
            for citation in clause.sources:
                key = citation.partition(" ")[0]
                cited[key] = cited.get(key, True) and self.about.verified(citation)
        rows = []
        for key in sorted(cited):
            source = self.about.sources.get(key)
            if source is None:
                continue
            mark = "" if source.verified else f" ({UNVERIFIED})"
            rows.append(f"<dt>{esc(key)}</dt><dd>{esc(source.name)}{mark}</dd>")
        if not rows:
            return ""
        careful = any(not sure for sure in cited.values())
        why = (
            f"<p>“{UNVERIFIED.capitalize()}” stands where nobody has compared our reading with the law itself.</p>"
            if careful
            else ""
        )
        head = f"<h2{self.id('sources-named')}>Sources</h2>"
        return f'<section class="key">{head}{why}<dl>{"".join(rows)}</dl></section>'

    def blanks(self, gaps: tuple[Missing, ...]) -> str:
        """The end of a draft: what is missing, who supplies it."""
        if not gaps:
            return ""
        rows = "".join(
            f'<tr><th scope="row">{esc(self.what(gap))}</th><td>{esc(gap.by or self.whose(gap))}</td>'
            f'<td><a href="#{self.address(gap.at)}">{esc(self.place(gap.at))}</a></td></tr>'
            for gap in gaps
        )
        return (
            f'<section class="gaps"><h2 id="{self.address(BLANKS)}">Still to be supplied</h2>'
            f"<table><caption>What is missing, who supplies it, and where it first stands</caption><thead><tr>"
            f'<th scope="col">What</th><th scope="col">Who supplies it</th><th scope="col">Where</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></section>"
        )

    @staticmethod
    def what(gap: Missing) -> str:
        match gap.lack:
            case Lack.DECISION:
                return f"Decision: {gap.words}"
            case Lack.PRESCRIBED:
                return f"Official text: {gap.words}"
            case Lack.FACT:
                return gap.words[:1].upper() + gap.words[1:]

    @staticmethod
    def whose(gap: Missing) -> str:
        return "The operator of mutualflow loads it" if gap.lack is Lack.PRESCRIBED else "Not said"

    def place(self, ident: str) -> str:
        own = {Sort.LETTER: "Opening", Sort.SIGNATURES: "Signature"}
        sort = next((clause.sort for clause in self.document.body if clause.id == ident), Sort.CLAUSE)
        name = own.get(sort) or self.names.get(ident) or "here"
        return name[:1].upper() + name[1:]
