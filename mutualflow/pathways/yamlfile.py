"""One YAML 1.2 file with the line of every key; faults are gathered, never raised one by one."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from mutualflow.domain.errors import Fault
from mutualflow.domain.pathway import Text

Faults = list[Fault]

SCALARS = {
    "tag:yaml.org,2002:bool": ("is a boolean", "the words yes and no, or words in quotes"),
    "tag:yaml.org,2002:float": ("is a number with a point", "a whole number, or the number in quotes"),
    "tag:yaml.org,2002:null": ("has no value", "a value, or leave the key out"),
}
"""Kinds of YAML values that our files do not use: what they are, and what to write."""


class Map(dict[str, object]):
    """A mapping with the line of each of its keys. Every scalar in it is text."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class Seq(list[object]):
    """A list with the line of each of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line from 1, and the path of keys to it."""

    file: str
    line: int
    key: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A name of something that has to exist somewhere: of a step, fact, list, term, rule ... (`value`: of a fact)."""

    kind: str
    name: str
    place: Place
    value: str = ""


@dataclass(slots=True)
class Notes:
    """What reading the files leaves behind beside the pathway itself."""

    faults: Faults = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    places: dict[tuple[str, ...], Place] = field(default_factory=dict)

    def fault(self, at: tuple[str, ...], wrong: str, allowed: str = "") -> None:
        """Note a fault at the place of a thing, else at the nearest thing around it that has one."""
        for end in range(len(at), 0, -1):
            place = self.places.get(at[:end])
            if place is not None:
                self.faults.append(Fault(place.file, place.line, place.key, wrong, allowed))
                return
        self.faults.append(Fault("pathways", 0, ".".join(at), wrong, allowed))


class Node:
    """A mapping of a file: read key by key, with the place of each for faults."""

    def __init__(self, file: str, data: Mapping[str, object], path: str, notes: Notes, line: int = 1) -> None:
        self.file = file
        self.data = data
        self.path = path
        self.notes = notes
        self.own_line = line

    def line(self, key: str = "") -> int:
        """The line on which a key stands, else where the mapping begins."""
        return self.data.lines.get(key, self.own_line) if isinstance(self.data, Map) else self.own_line

    def place(self, key: str = "") -> Place:
        """Where a key, or the mapping itself, stands."""
        return Place(self.file, self.line(key), f"{self.path}.{key}".strip("."))

    def mark(self, *thing: str, key: str = "") -> None:
        """Remember where a thing was said first, for faults that show only when everything is read."""
        self.notes.places.setdefault(thing, self.place(key))

    def refer(self, kind: str, name: str, key: str, value: str = "") -> None:
        """Note a name that has to exist."""
        self.notes.references.append(Reference(kind, name, self.place(key), value))

    def fault(self, key: str, wrong: str, allowed: str = "") -> None:
        """Note a fault at a key."""
        at = self.place(key)
        self.notes.faults.append(Fault(at.file, at.line, at.key, wrong, allowed))

    def only(self, allowed: Iterable[str]) -> None:
        """Every other key is a fault, with what was perhaps meant."""
        known = list(allowed)
        for key in self.data:
            if key not in known:
                self.fault(key, f"there is no such key{meant(key, known)}", ", ".join(known))

    def word(self, key: str, fallback: str = "") -> str:
        """A single word or line."""
        value = self.data.get(key, fallback)
        if not isinstance(value, str):
            self.fault(key, "has to be words, not a list or mapping")
            return fallback
        return value.strip()

    def one_of(self, key: str, allowed: Iterable[str], fallback: str = "") -> str:
        """A word of a closed list; the fallback where it is missing or wrong (noted unless missing)."""
        known = [str(a) for a in allowed]
        if key not in self.data:
            return fallback
        value = self.word(key)
        if value not in known:
            self.fault(key, f"{value[:60]!r} is not allowed{meant(value, known)}", ", ".join(known))
            return fallback
        return value

    def flag(self, key: str) -> bool:
        """The words yes and no."""
        return self.one_of(key, ("yes", "no"), "no") == "yes"

    def text(self, key: str, *, required: bool = True) -> Text:
        """Words in English, or by language."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.fault(key, "is missing", "words, or {en: words, cy: words}")
            return {}
        if isinstance(value, Mapping):
            words = {str(k): " ".join(str(v).split()) for k, v in value.items()}
            if set(words) - {"en", "cy"} or not words.get("en"):
                self.fault(key, "gives words by language, and English is one of them", "en, cy")
            return words
        if not isinstance(value, str):
            self.fault(key, "has to be words, not a list")
            return {}
        words = {"en": " ".join(value.split())}
        if not words["en"] and required:
            self.fault(key, "has no words")
        return words

    def node(self, key: str) -> "Node | None":
        """A mapping inside this one."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, Map):
            self.fault(key, "has to be a mapping")
            return None
        return Node(self.file, value, f"{self.path}.{key}".strip("."), self.notes, self.line(key))

    def entries(self, key: str) -> Iterator[tuple[str, "Node"]]:
        """The mappings that stand by name under a key."""
        inner = self.node(key)
        for name in inner.data if inner is not None else ():
            one = inner.node(name) if inner is not None else None
            if one is not None:
                yield name, one

    def nodes(self, key: str, short: str = "") -> Iterator["Node"]:
        """The mappings of a list; a bare word stands for {short: word}."""
        value = self.data.get(key)
        if value is None:
            return
        if not isinstance(value, Seq):
            self.fault(key, "has to be a list")
            return
        for number, (row, line) in enumerate(zip(value, value.lines, strict=True)):
            at = f"{self.path}.{key}[{number}]".strip(".")
            if isinstance(row, Map):
                yield Node(self.file, row, at, self.notes, line)
            elif short and isinstance(row, str):
                yield Node(self.file, {short: row}, at, self.notes, line)
            else:
                wanted = "a mapping or a word" if short else "a mapping"
                self.notes.faults.append(Fault(self.file, line, at, f"has to be {wanted}"))

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words."""
        value = self.data.get(key, Seq())
        if not isinstance(value, Seq) or not all(isinstance(v, str) for v in value):
            self.fault(key, "has to be a list of words")
            return ()
        return tuple(str(v) for v in value)


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean ...?" where a known word is close, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def load(text: str, file: str, notes: Notes) -> Node:
    """Read a file's text; what is not YAML 1.2 with unique keys is a fault, and what can be read is read on."""
    data, faults = _tree(text, file)
    notes.faults += faults
    return Node(file, data, "", notes)


@lru_cache(maxsize=64)
def _tree(text: str, file: str) -> tuple[Map, Faults]:
    """(Kept per text: whoever tries many small changes reads the same files again and again; nobody writes to it.)"""
    faults: Faults = []
    data: object = Map()
    try:
        data = _plain(YAML(typ="safe", pure=True).compose(text), file, "", faults)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wrong = " ".join(str(error.problem or error.context or "is not YAML").split())[:160]
        faults.append(Fault(file, mark.line + 1 if mark else 0, "file", wrong))
    except RecursionError:
        faults.append(Fault(file, 0, "file", "is nested deeper than anybody can read"))
    except YAMLError as error:
        faults.append(Fault(file, 0, "file", " ".join(str(error).split())[:160]))
    if not isinstance(data, Map):
        faults.append(Fault(file, 1, "file", "has to be a mapping"))
        data = Map()
    return data, faults


def _plain(node: object, file: str, path: str, faults: Faults, line: int = 0) -> object:
    """A node of the YAML tree as Map, Seq or text; `line` is that of its key, if it has one."""
    if isinstance(node, MappingNode):
        return _map(node, file, path, faults)
    if isinstance(node, SequenceNode):
        rows = Seq()
        for number, item in enumerate(node.value):
            rows.append(_plain(item, file, f"{path}[{number}]", faults))
            rows.lines.append(_line(item))
        return rows
    if not isinstance(node, ScalarNode):
        return Map()
    refused = SCALARS.get(str(getattr(node, "tag", "")))
    if refused is not None:
        wrong, allowed = refused
        faults.append(Fault(file, line or _line(node), path.strip("."), f"{node.value[:40]!r} {wrong}", allowed))
    return str(node.value)


def _map(node: MappingNode, file: str, path: str, faults: Faults) -> Map:
    found = Map()
    for key, value in node.value:
        name = str(getattr(key, "value", ""))
        at = f"{path}.{name}".strip(".")
        if not isinstance(key, ScalarNode):
            faults.append(Fault(file, _line(key), path.strip("."), "a key has to be a word"))
        elif name in found:
            first = found.lines[name]
            faults.append(Fault(file, _line(key), at, f"this key stands there twice, first on line {first}"))
        else:
            found[name] = _plain(value, file, at, faults, _line(key))
            found.lines[name] = _line(key)
    return found


def _line(node: object) -> int:
    mark = getattr(node, "start_mark", None)
    return int(mark.line) + 1 if mark is not None else 0
