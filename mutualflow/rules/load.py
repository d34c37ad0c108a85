"""Reads the folder of rules into a rulebook; every fault of every file is told at once, with its line."""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TypeVar, cast

from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.keys import Milestone
from mutualflow.domain.rulebook import (
    Direction,
    Length,
    Nature,
    NonWorkingDay,
    Rule,
    Rulebook,
    RuleKind,
    Source,
    Version,
    gaps,
)

FOLDER = Path(__file__).parent
SOURCES_FILE = "sources.yaml"

SOURCE_KINDS = ("law", "guidance", "official_code", "published_document", "third_party", "practice")
ACTS = ("submitted", "approved", "filed", "answered")
MILESTONES = (*(m.value for m in Milestone), "filing")
"""What a rule may count from: the named dates, and the day on which an application goes to a register."""

KEY = re.compile(r"[a-z][a-z0-9_]*")
YEARLY = re.compile(r"\d{2}-\d{2}")
SOME_YEAR = 2023  # not a leap year: a day that comes round every year is not 29 February
MONEY = re.compile(r"\d+\.\d{2}")
WHOLE = re.compile(r"\d+")

RULE_KEYS = (
    "kind", "title", "nature", "counts_from", "met_by", "direction", "before", "inclusive", "starts_after",
    "on_non_working_day", "version_by", "versions",
)  # fmt: skip
VERSION_KEYS = (
    "key", "from", "to", "value", "never", "length", "advisory", "longest", "source", "verified", "note",
)  # fmt: skip
SOURCE_KEYS = ("title", "kind", "place")
LENGTH_KEYS = tuple(f.name for f in fields(Length))

Word = TypeVar("Word", bound=StrEnum)


def load(folder: Path | None = None) -> Rulebook:
    """Read every rule of a folder (None: the rules that ship); FileFault says everything that is wrong at once."""
    faults: list[Fault] = []
    place = folder or FOLDER
    sources: dict[str, Source] = {}
    rules: dict[str, Rule] = {}
    pages = [_page(path, faults) for path in sorted(place.glob("*.yaml"))]
    if not any(page.file == SOURCES_FILE for page in pages):
        faults.append(Fault(SOURCES_FILE, 0, "file", f"is missing in {place.name}"))
    for page in pages:
        page.only(("sources",) if page.file == SOURCES_FILE else ("rules",))
        for key, part in page.parts("sources") if page.file == SOURCES_FILE else ():
            sources[key] = _source(key, part)
    for page in pages:
        for key, part in page.parts("rules") if page.file != SOURCES_FILE else ():
            if key in rules:
                part.fault("", "stands in two files")
            if not KEY.fullmatch(key):
                part.fault("", "is no key", "small letters, figures and _")
            rules[key] = _rule(key, part, sources)
    if faults:
        raise FileFault(tuple(sorted(faults, key=lambda f: (f.file, f.line))))
    return _hashed(Rulebook(rules, sources))


def to_json(book: Rulebook) -> bytes:
    """The rulebook's canonical JSON: keys sorted, no spaces, no floats; the hash is not part of it."""
    said = {
        "format": 1,
        "rules": {key: _plain(rule) for key, rule in book.rules.items()},
        "sources": {key: _plain(source) for key, source in book.sources.items()},
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(text: bytes) -> Rulebook:
    """The rulebook of a canonical JSON that `to_json` has written; ValueError where it is of another format."""
    said = json.loads(text)
    if said.get("format") != 1:
        raise ValueError(f"this rulebook has format {said.get('format')!r}; this version reads format 1")
    rules = {key: _rule_of(value) for key, value in said["rules"].items()}
    sources = {key: Source(**value) for key, value in said["sources"].items()}
    return _hashed(Rulebook(rules, sources))


def _hashed(book: Rulebook) -> Rulebook:
    return replace(book, sha256=hashlib.sha256(to_json(book)).hexdigest())


def _plain(value: object) -> object:
    match value:
        case Rule() | Version() | Length() | Source():
            return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case tuple():
            return [_plain(v) for v in value]
        case date():
            return value.isoformat()
        case Decimal():
            return {"money": str(value)}
        case _:
            return value


def _rule_of(said: Mapping[str, object]) -> Rule:
    rows = cast(list[dict[str, object]], said["versions"])
    values = {
        **said,
        "kind": RuleKind(str(said["kind"])),
        "nature": Nature(str(said["nature"])),
        "direction": Direction(str(said["direction"])),
        "versions": tuple(_version_of(row) for row in rows),
    }
    return Rule(**values)  # type: ignore[arg-type]


def _version_of(said: Mapping[str, object]) -> Version:
    def day(name: str) -> date | None:
        return date.fromisoformat(str(said[name])) if said[name] is not None else None

    def length(name: str) -> Length | None:
        value = cast("dict[str, int] | None", said[name])
        return Length(**value) if value is not None else None

    value = said["value"]
    values = {
        **said,
        "in_force_from": day("in_force_from"),
        "in_force_to": day("in_force_to"),
        "value": Decimal(str(value["money"])) if isinstance(value, dict) else value,
        "length": length("length"),
        "advisory": length("advisory"),
        "longest": length("longest"),
    }
    return Version(**values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Part:
    """A mapping of a file, with the place of each key."""

    file: str
    path: str
    data: Mapping[str, object]
    own_line: int
    faults: list[Fault]

    def line(self, key: str) -> int:
        places = getattr(self.data, "lc", None)
        if not key or places is None or key not in self.data:
            return self.own_line
        return int(places.key(key)[0]) + 1

    def fault(self, key: str, wrong: str, allowed: str = "") -> None:
        self.faults.append(Fault(self.file, self.line(key), f"{self.path}.{key}".strip("."), wrong, allowed))

    def only(self, known: Iterable[str]) -> None:
        allowed = tuple(known)
        for key in self.data:
            if key not in allowed:
                self.fault(str(key), f"there is no such key{_meant(str(key), allowed)}", ", ".join(allowed))

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.data.get(key)
        if isinstance(value, (Mapping, list)):
            self.fault(key, "has to be words, not a list or mapping")
            return ""
        words = "" if value is None else " ".join(str(value).split())
        if required and not words:
            self.fault(key, "is missing")
        return words

    def one_of(self, key: str, allowed: Iterable[str], fallback: str = "", *, required: bool = False) -> str:
        known = tuple(allowed)
        word = self.text(key, required=required) or fallback
        if word and word != fallback and word not in known:
            self.fault(key, f"{word[:60]!r} is not allowed{_meant(word, known)}", ", ".join(known))
            return fallback
        return word

    def choice(self, key: str, kind: type[Word], fallback: Word, *, required: bool = False) -> Word:
        return kind(self.one_of(key, [k.value for k in kind], fallback.value, required=required))

    def flag(self, key: str) -> bool:
        return self.one_of(key, ("yes", "no"), "no") == "yes"

    def whole(self, key: str) -> int:
        word = self.text(key)
        if word and not WHOLE.fullmatch(word):
            self.fault(key, f"{word[:40]!r} is no whole number")
            return 0
        return int(word or "0")

    def day(self, key: str) -> date | None:
        word = self.text(key)
        if not word:
            return None
        try:
            return date.fromisoformat(word)
        except ValueError:
            self.fault(key, f"{word[:40]!r} is no day", "a day as 2024-07-01, or nothing where it is open")
            return None

    def part(self, key: str) -> "_Part | None":
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.fault(key, "has to be a mapping")
            return None
        return _Part(self.file, f"{self.path}.{key}".strip("."), value, self.line(key), self.faults)

    def parts(self, key: str) -> Iterator[tuple[str, "_Part"]]:
        whole = self.part(key)
        for name in whole.data if whole else ():
            inner = whole.part(str(name)) if whole else None
            if inner is not None:
                yield str(name), _Part(self.file, str(name), inner.data, inner.own_line, self.faults)

    def rows(self, key: str) -> Iterator["_Part"]:
        value = self.data.get(key)
        if not isinstance(value, list) or not value:
            self.fault(key, "has to be a list with at least one row")
            return
        for number, row in enumerate(value):
            line = int(value.lc.item(number)[0]) + 1 if hasattr(value, "lc") else self.line(key)
            if isinstance(row, Mapping):
                yield _Part(self.file, f"{self.path}.{key}[{number}]", row, line, self.faults)
            else:
                self.fault(key, f"row {number + 1} has to be a mapping")


def _meant(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


class _DaysAsText(RoundTripConstructor):
    """Leaves days as they are written, so that 30 February is a fault with its line and not an error of the reader."""


_DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", _DaysAsText.construct_scalar)


def _page(path: Path, faults: list[Fault]) -> _Part:
    """A file as a mapping; what cannot be read is one fault and an empty mapping."""
    data: object = {}
    try:
        yaml = YAML(typ="rt")
        yaml.Constructor = _DaysAsText
        data = yaml.load(StringIO(path.read_text(encoding="utf-8")))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wrong = " ".join(str(error.problem or error.context or "is not YAML").split())[:160]
        faults.append(Fault(path.name, mark.line + 1 if mark else 0, "file", wrong))
        data = {}
    except (YAMLError, UnicodeDecodeError) as error:
        faults.append(Fault(path.name, 0, "file", " ".join(str(error).split())[:160]))
        data = {}
    if not isinstance(data, Mapping):
        faults.append(Fault(path.name, 1, "file", "has to be a mapping"))
        data = {}
    return _Part(path.name, "", data, 1, faults)


def _source(key: str, part: _Part) -> Source:
    part.only(SOURCE_KEYS)
    kind = part.one_of("kind", SOURCE_KINDS, required=True)
    return Source(key, part.text("title", required=True), kind, part.text("place", required=True))


def _rule(key: str, part: _Part, sources: Mapping[str, Source]) -> Rule:
    part.only(RULE_KEYS)
    kind = part.choice("kind", RuleKind, RuleKind.CLOCK, required=True)
    milestone, step, act = _counts_from(part)
    met_step, met_act = _met_by(part)
    versions = tuple(_version(key, kind, row, sources) for row in part.rows("versions"))
    rule = Rule(
        key, kind, part.text("title", required=True), part.choice("nature", Nature, Nature.LAW), milestone, step, act,
        met_step, met_act, part.choice("direction", Direction, Direction.NOT_LATER_THAN), part.flag("before"),
        part.flag("inclusive"), part.choice("on_non_working_day", NonWorkingDay, NonWorkingDay.STAYS).value, versions,
        part.whole("starts_after"), _version_by(part),
    )  # fmt: skip
    _check_versions(part, versions)
    return rule


def _counts_from(part: _Part) -> tuple[str, str, str]:
    """Milestone, step (or the question whose answer is the day) and act; exactly one way of counting."""
    inner = part.part("counts_from")
    if inner is None:
        if "counts_from" not in part.data:
            part.fault("counts_from", "is missing", "milestone, or step and act, or answer")
        return "", "", ""
    inner.only(("milestone", "step", "act", "answer"))
    ways = [w for w in ("milestone", "step", "answer") if w in inner.data]
    if len(ways) != 1:
        part.fault("counts_from", "says one way of counting", "milestone, or step and act, or answer")
    act = inner.one_of("act", ACTS)
    if ("step" in inner.data) != bool(act):
        part.fault("counts_from", "gives an act with a step, and only with a step", ", ".join(ACTS))
    return inner.one_of("milestone", MILESTONES), inner.text("step") or inner.text("answer"), act


def _met_by(part: _Part) -> tuple[str, str]:
    inner = part.part("met_by")
    if inner is None:
        return "", ""
    inner.only(("step", "act"))
    return inner.text("step"), inner.one_of("act", ACTS, required=True)


def _version_by(part: _Part) -> str:
    """The question whose answer is the day that decides which version governs; a milestone's day is no such thing."""
    inner = part.part("version_by")
    if inner is None:
        return ""
    inner.only(("answer",))
    return inner.text("answer", required=True)


def _version(rule: str, kind: RuleKind, part: _Part, sources: Mapping[str, Source]) -> Version:
    part.only(VERSION_KEYS)
    begins, ends = part.day("from"), part.day("to")
    if begins and ends and ends < begins:
        part.fault("to", "is before the first day")
    never = part.flag("never")
    source = part.text("source", required=True)
    if source and source not in sources:
        part.fault("source", f"{source[:40]!r} is not in {SOURCES_FILE}{_meant(source, sources)}")
    key = part.text("key") or f"{rule}@{begins.isoformat() if begins else 'first'}"
    version = Version(
        key, begins, ends, _value(kind, part), never, _length(part, "length"), _length(part, "advisory"),
        _length(part, "longest"), source, part.flag("verified"), part.text("note"),
    )  # fmt: skip
    _check_kind(kind, version, part)
    return version


def _value(kind: RuleKind, part: _Part) -> int | Decimal | str | None:
    word = part.text("value")
    if not word:
        return None
    if kind is RuleKind.FEE:
        if MONEY.fullmatch(word):
            return Decimal(word)
        part.fault("value", f"{word[:40]!r} is no amount in pounds", "quoted text as '115.00'")
    elif kind is RuleKind.THRESHOLD:
        if WHOLE.fullmatch(word):
            return int(word)
        if _is_day(word):
            return word
        part.fault("value", f"{word[:40]!r} is no whole number and no day")
    elif kind is RuleKind.CLOCK and not _comes_every_year(word):
        part.fault("value", f"{word[:40]!r} is no day of the year", "quoted text as '06-30'")
    else:
        return word
    return None


def _is_day(word: str) -> bool:
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False


def _comes_every_year(word: str) -> bool:
    try:
        return bool(YEARLY.fullmatch(word) and date.fromisoformat(f"{SOME_YEAR}-{word}"))
    except ValueError:
        return False


def _length(part: _Part, key: str) -> Length | None:
    inner = part.part(key)
    if inner is None:
        return None
    inner.only(LENGTH_KEYS)
    return Length(**{name: inner.whole(name) for name in LENGTH_KEYS})


def _check_kind(kind: RuleKind, version: Version, part: _Part) -> None:
    """Each kind of rule gives what it is for: a clock a length, an amount or a name a value; "never" gives nothing."""
    has_length = version.length is not None or version.advisory is not None or version.longest is not None
    if version.never and (has_length or version.value is not None):
        part.fault("never", "a rule that did not exist gives neither a length nor a value")
    elif version.never:
        return
    elif kind is RuleKind.CLOCK and version.length is not None and version.value is not None:
        part.fault("value", "a clock has a length or a day of the year, not both")
    elif kind is RuleKind.CLOCK and not has_length and version.value is None and "value" not in part.data:
        part.fault("length", "a clock gives a length, an advisory length or a day of the year")
    elif kind is not RuleKind.CLOCK and has_length:
        part.fault("length", f"a {kind} has no length")
    elif kind is not RuleKind.CLOCK and version.value is None and "value" not in part.data:
        part.fault("value", "is missing")


def _check_versions(part: _Part, versions: tuple[Version, ...]) -> None:
    """No two versions share a key or a day, and no days lie between two."""
    keys = [v.key for v in versions]
    for key in sorted({k for k in keys if keys.count(k) > 1}):
        part.fault("versions", f"two versions have the key {key!r}")
    for one, two in gaps(versions):
        part.fault(
            "versions",
            f"{one.key} and {two.key} overlap, or leave days between them",
            "each begins on the day after the one before ends; say never for a time without the rule",
        )
