"""The vocabulary of document sources, and the strict XML parser that knows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn
from xml.parsers import expat

from mutualflow.domain.errors import Fault, FileFault

DEEPEST = 30  # elements inside elements
MOST_ELEMENTS = 20_000
ID = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Rule:
    """What an element may hold and carry; a trailing ! marks an attribute that must be there."""

    holds: frozenset[str]
    inline: bool
    attributes: frozenset[str]
    needs: frozenset[str]


def _rule(holds: str, attributes: str) -> Rule:
    inside, names = set(holds.split()), attributes.split()
    return Rule(
        frozenset(inside - {"INLINE"}),
        "INLINE" in inside,
        frozenset(name.rstrip("!") for name in names),
        frozenset(name.rstrip("!") for name in names if name.endswith("!")),
    )


VOCABULARY = {
    "document": _rule("letter part schedule clause signatures", ""),
    "part": _rule("clause p heading note table figure choose", "id! title! when step"),
    "schedule": _rule("clause p heading note table figure prescribed choose", "id! title! when step"),
    "clause": _rule(
        "clause item items p heading note definitions table figure prescribed choose decision action cost INLINE",
        "id! title source when step",
    ),
    "item": _rule("item INLINE", "id when step"),
    "items": _rule("INLINE", ""),  # a fact of several paragraphs, each an item
    "letter": _rule("to salutation p", "id! title"),
    "to": _rule("INLINE", ""),
    "salutation": _rule("INLINE", ""),
    "p": _rule("INLINE", "when step"),
    "heading": _rule("INLINE", ""),
    "note": _rule("INLINE", "when step"),
    "decision": _rule("item p INLINE", "id! title when step"),
    "action": _rule("item p INLINE", "id! title when step"),
    "cost": _rule("item p INLINE", "id! title when step"),
    "definitions": _rule("define", ""),
    "define": _rule("INLINE", "id! term! also when step"),
    "choose": _rule("option", "fact!"),
    "option": _rule("clause item p heading note table figure definitions decision action cost INLINE", "is!"),
    "table": _rule("tr", "id! title! total when step"),
    "tr": _rule("th td", "sums less"),  # ids of earlier tables with a total
    "th": _rule("INLINE", "num"),
    "td": _rule("INLINE", "num"),
    "figure": _rule("task", "id! title! alt! drawing! when step"),
    "task": _rule("INLINE", "from! to! group"),
    "prescribed": _rule("", "key!"),
    "signatures": _rule("sign p", "id! title! when step"),
    "sign": _rule("INLINE", "id! capacity!"),
    "ref": _rule("", "to!"),
    "term": _rule("INLINE", "of!"),
    "strong": _rule("INLINE", ""),
    "v": _rule("", "k!"),
    "paragraphs": _rule("v", "k!"),
    "blank": _rule("", "key! label! by! whole!"),
}
INLINE = frozenset({"ref", "term", "strong", "v", "paragraphs", "blank"})
PRINTED_BY_FACTS = frozenset({"v", "paragraphs", "blank"})
YES_NO = {"num", "total"}


@dataclass(slots=True)
class Node:
    """An element as read: children are nodes and words in order; `file` and `line` are the source's."""

    tag: str
    attributes: dict[str, str]
    file: str
    line: int
    children: list["Node | str"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute, '' where it is not there."""
        return self.attributes.get(name, "")

    @property
    def nodes(self) -> Iterator["Node"]:
        """The elements among the children."""
        return (child for child in self.children if isinstance(child, Node))

    @property
    def where(self) -> str:
        """file:line."""
        return f"{self.file}:{self.line}"


def fault(node: Node, wrong: str, allowed: str = "") -> NoReturn:
    """Stop with the place of that element."""
    raise FileFault((Fault(node.file, node.line, f"<{node.tag}>", wrong, allowed),))


class _Parser:
    """Feeds expat and keeps the stack, so that a slip is told with the element and line it began on."""

    def __init__(self, file: str) -> None:
        self.file, self.root = file, Node("", {}, file, 1)
        self.stack = [self.root]
        self.last, self.last_line = self.root, 1  # the last opening tag of the source, and its line after Jinja
        self.count = 0
        self.ids: dict[str, str] = {}
        self.expat = expat.ParserCreate()
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self.start
        self.expat.EndElementHandler = self.end
        self.expat.CharacterDataHandler = self.words
        self.expat.StartDoctypeDeclHandler = self.refuse
        self.expat.ProcessingInstructionHandler = self.refuse
        self.expat.XmlDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        self.stop("document", "document types, XML declarations and processing instructions have no place here")

    def here(self, back: int = 0) -> tuple[str, int]:
        """The source's file and line of the parser's place: counted on from the last tag that knows its line."""
        return self.last.file, self.last.line + max(0, self.expat.CurrentLineNumber - back - self.last_line)

    def stop(self, key: str, wrong: str, allowed: str = "", back: int = 0) -> NoReturn:
        raise FileFault((Fault(*self.here(back), key, wrong, allowed),))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent, place = self.stack[-1], attributes.pop("l", "")
        if place:
            file, _, line = place.rpartition(":")
            node = Node(tag, attributes, file, int(line))
            self.last, self.last_line = node, self.expat.CurrentLineNumber
        else:
            node = Node(tag, attributes, *self.here())
        self.count += 1
        if tag not in VOCABULARY:
            fault(node, "is not an element of documents", _nearest(tag, VOCABULARY))
        if tag in PRINTED_BY_FACTS and place:
            fault(node, "is never typed", "{{ f.name_of_the_fact }}")
        self.stand(node, parent)
        self.carry(node)
        if len(self.stack) > DEEPEST or self.count > MOST_ELEMENTS:
            fault(node, "is too deep inside others" if len(self.stack) > DEEPEST else "is one element too many")
        parent.children.append(node)
        self.stack.append(node)

    def stand(self, node: Node, parent: Node) -> None:
        """May it stand there?"""
        if parent is self.root:
            if node.tag != "document":
                fault(node, "may not be the outermost element", "<document>")
            return
        rule = VOCABULARY[parent.tag]
        if not (node.tag in rule.holds or (rule.inline and node.tag in INLINE)):
            allowed = sorted(rule.holds | (INLINE - PRINTED_BY_FACTS if rule.inline else set()))
            fault(node, f"may not stand in <{parent.tag}>", ", ".join(allowed) or "nothing")

    def carry(self, node: Node) -> None:
        """May it carry those attributes?"""
        rule = VOCABULARY[node.tag]
        for name in sorted(set(node.attributes) - rule.attributes):
            fault(node, f"has no attribute {name!r}", _nearest(name, rule.attributes))
        for name in sorted(rule.needs - set(node.attributes)):
            fault(node, f"needs the attribute {name!r}")
        for name in sorted(YES_NO & set(node.attributes)):
            if node.get(name) not in ("yes", "no"):
                fault(node, f"{name}={node.get(name)!r} says nothing", "yes, no")
        if (ident := node.attributes.get("id")) is not None:
            if not ID.fullmatch(ident):
                fault(
                    node, f"id {ident!r} cannot be used", "small letters, digits and hyphens, beginning with a letter"
                )
            if ident in self.ids:
                fault(node, f"id {ident!r} is already used at {self.ids[ident]}")
            self.ids[ident] = node.where

    def end(self, tag: str) -> None:
        self.stack.pop()

    def words(self, text: str) -> None:
        parent = self.stack[-1]
        if parent.tag in VOCABULARY and not VOCABULARY[parent.tag].inline and parent.tag != "v" and text.strip():
            after = text.lstrip().count("\n")  # expat tells of words when they have ended
            wrong = f"holds no loose text: {text.strip()[:40]!r}"
            self.stop(f"<{parent.tag}>", wrong, "an element around it", after)
        parent.children.append(text)

    def parse(self, text: str) -> Node:
        try:
            self.expat.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            self.explain(error)
        return next(self.root.nodes)

    def explain(self, error: expat.ExpatError) -> NoReturn:
        open_one = self.stack[-1]
        said = expat.ErrorString(error.code)
        if said == expat.errors.XML_ERROR_TAG_MISMATCH:
            fault(open_one, f"is still open where another is closed, near line {self.here()[1]}", f"</{open_one.tag}>")
        if said == expat.errors.XML_ERROR_NO_ELEMENTS and open_one is not self.root:
            fault(open_one, "is never closed", f"</{open_one.tag}>")
        if said == expat.errors.XML_ERROR_UNDEFINED_ENTITY:
            self.stop("&", "HTML entities such as &nbsp; are not known", "the character itself, &amp;, &lt;")
        if said == expat.errors.XML_ERROR_INVALID_TOKEN:
            self.stop("&", "a bare & or < stands here", "&amp;, &lt;")
        self.stop("XML", f"not well formed: {said}")


def _nearest(name: str, known: "dict[str, Rule] | frozenset[str]") -> str:
    close = get_close_matches(name, sorted(known), 1, 0.6)
    return f"did you mean {close[0]!r}" if close else ", ".join(sorted(set(known) - PRINTED_BY_FACTS)) or "none"


def parse(text: str, file: str) -> Node:
    """The <document> element; FileFault with file and line where a rule of the vocabulary is broken."""
    return _Parser(file).parse(text)
