"""What a document folder says of itself: about.yaml, read with clear faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from mutualflow.domain.document import Kind
from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.keys import Audience, Role

STRENGTHS = ("must", "should", "practice")


@dataclass(frozen=True, slots=True)
class Source:
    """A law or paper that notes cite by its key; `verified` no: printed with "check with your adviser"."""

    key: str
    name: str
    verified: bool


@dataclass(frozen=True, slots=True)
class HeadingAsked:
    """A heading that law or practice asks for, where it says so, and the clause that meets it."""

    strength: str  # must, should, practice
    words: str
    source: str
    at: str


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: a role, or everybody of a record list."""

    role: Role
    list: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """One document's own page of facts about itself."""

    key: str
    catalogue: str
    title: Mapping[str, str]
    kind: Kind
    audience: Audience
    signatories: tuple[Signatory, ...] = ()
    steps: tuple[str, ...] = ()  # steps that the source's `step` attributes name
    terms: Mapping[str, str] = field(default_factory=dict)  # term -> words for an undecided place
    prescribed: Mapping[str, str] = field(default_factory=dict)  # key -> what it is
    sources: Mapping[str, Source] = field(default_factory=dict)
    unverified: frozenset[str] = frozenset()  # citations of verified sources that are not verified themselves
    headings: tuple[HeadingAsked, ...] = ()
    facts: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # list -> columns
    contents: bool = False
    names: frozenset[str] = frozenset()  # capitalised words that are no defined terms
    subtitle: Mapping[str, str] = field(default_factory=dict)  # under the title of the paper, by language
    issued_by: str = ""  # the fact that names who issues it, for its head; else the formation's name stands there

    def verified(self, citation: str) -> bool:
        """Was this citation checked against the law itself?"""
        source = self.sources.get(citation.partition(" ")[0])
        return source is not None and source.verified and citation not in self.unverified


class _Page:
    """Takes values out of the YAML and notes every fault with its line."""

    def __init__(self, file: str, whole: object) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.whole: Mapping[object, object] = whole if isinstance(whole, Mapping) else {}
        if not isinstance(whole, Mapping):
            self.wrong("about.yaml", "is empty or no mapping", "keys with values")

    def wrong(self, key: str, what: str, allowed: str = "", inside: object = None) -> None:
        self.faults.append(
            Fault(self.file, _line(inside if inside is not None else self.whole, key), key, what, allowed)
        )

    def text(self, key: str, fallback: str | None = None) -> str:
        value = self.whole.get(key, fallback)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "is missing" if value is None else "is not text", "one line of text")
            return ""
        return value.strip()

    def texts(self, key: str) -> dict[str, str]:
        value = self.whole.get(key) or {}
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            self.wrong(key, "is not a mapping of words", f"{key}: {{key: words}}")
            return {}
        return {str(k): str(v).strip() for k, v in value.items()}

    def names(self, key: str) -> tuple[str, ...]:
        value = self.whole.get(key) or ()
        if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(v, str) for v in value):
            self.wrong(key, "is not a list of words", f"{key}: [one, two]")
            return ()
        return tuple(map(str, value))

    def rows(self, key: str) -> list[Mapping[str, object]]:
        value = self.whole.get(key) or ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.wrong(key, "is not a list of rows")
            return []
        good = [row for row in value if isinstance(row, Mapping)]
        if len(good) != len(value):
            self.wrong(key, "has a row that is no mapping", f"{key}: [{{...}}]")
        return good


def _line(mapping: object, key: str) -> int:
    place = getattr(mapping, "lc", None)
    if place is None:
        return 0
    try:
        return int(place.key(key)[0]) + 1
    except (KeyError, TypeError):
        return int(place.line or 0) + 1


KNOWN = frozenset(
    {
        "key", "catalogue", "title", "kind", "audience", "signatories", "steps", "terms", "prescribed", "sources",
        "unverified", "headings", "facts", "lists", "contents", "names", "issued_by", "subtitle",
    }
)  # fmt: skip


def parse(text: str, file: str) -> About:
    """Read about.yaml; FileFault tells everything that is wrong with it at once."""
    try:
        whole = YAML(typ="rt").load(StringIO(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileFault((Fault(file, line, "YAML", error.problem or "cannot be read"),)) from None
    except YAMLError as error:
        raise FileFault((Fault(file, 0, "YAML", str(error).splitlines()[0]),)) from None
    page = _Page(file, whole)
    for key in page.whole:
        if key not in KNOWN:
            page.wrong(str(key), "is not known", ", ".join(sorted(KNOWN)))
    about = About(
        key=page.text("key"),
        catalogue=page.text("catalogue"),
        title=_title(page),
        kind=_kind(page),
        audience=_audience(page),
        signatories=tuple(_signatories(page)),
        steps=page.names("steps"),
        terms=page.texts("terms"),
        prescribed=page.texts("prescribed"),
        sources=_sources(page),
        unverified=frozenset(page.names("unverified")),
        headings=tuple(_headings(page)),
        facts=page.names("facts"),
        lists=_lists(page),
        contents=page.whole.get("contents") == "yes",
        names=frozenset(page.names("names")),
        subtitle=page.texts("subtitle"),
        issued_by=page.text("issued_by") if "issued_by" in page.whole else "",
    )
    if about.issued_by and about.issued_by not in about.facts:
        page.wrong("issued_by", f"{about.issued_by!r} is not one of the facts that the document prints")
    for citation in sorted(about.unverified):
        if citation.partition(" ")[0] not in about.sources:
            page.wrong("unverified", f"{citation!r} begins with no key of sources", ", ".join(about.sources))
    if len(set(about.facts)) != len(about.facts):
        page.wrong("facts", "names a fact twice")
    if page.faults:
        raise FileFault(tuple(page.faults))
    return about


def _title(page: _Page) -> dict[str, str]:
    title = page.texts("title")
    if not title.get("en"):
        page.wrong("title", "has no English words", "title: {en: Words}")
    return title


def _kind(page: _Page) -> Kind:
    said = page.text("kind")
    if said in {kind.value for kind in Kind}:
        return Kind(said)
    page.wrong("kind", f"{said!r} is no kind of document", ", ".join(Kind))
    return Kind.PAPER


def _audience(page: _Page) -> Audience:
    said = page.text("audience", "everyone")
    if said in {audience.value for audience in Audience}:
        return Audience(said)
    page.wrong("audience", f"{said!r} is no audience", ", ".join(Audience))
    return Audience.EVERYONE


def _signatories(page: _Page) -> list[Signatory]:
    out = []
    for row in page.rows("signatories"):
        role = str(row.get("role", ""))
        if role not in {one.value for one in Role} or set(row) - {"role", "list"}:
            page.wrong("signatories", f"{role!r} is no role", "{role: ..., list: ...}", row)
            continue
        out.append(Signatory(Role(role), str(row.get("list", ""))))
    return out


def _sources(page: _Page) -> dict[str, Source]:
    value = page.whole.get("sources") or {}
    out: dict[str, Source] = {}
    if not isinstance(value, Mapping):
        page.wrong("sources", "is no mapping", "sources: {KEY: name of the law}")
        return out
    for key, said in value.items():
        if isinstance(said, str):
            out[str(key)] = Source(str(key), said.strip(), verified=True)
        elif isinstance(said, Mapping) and set(said) == {"name", "verified"} and said["verified"] in ("yes", "no"):
            out[str(key)] = Source(str(key), str(said["name"]).strip(), verified=said["verified"] == "yes")
        else:
            page.wrong(str(key), "is no source", "KEY: name, or KEY: {name: ..., verified: yes|no}", value)
    return out


def _headings(page: _Page) -> list[HeadingAsked]:
    out = []
    for row in page.rows("headings"):
        strengths = [s for s in STRENGTHS if isinstance(row.get(s), str)]
        if len(strengths) != 1 or not isinstance(row.get("at"), str) or set(row) - {*STRENGTHS, "source", "at"}:
            page.wrong(
                "headings",
                f"{dict(row)} is no heading",
                "{must|should|practice: words, source: KEY, at: clause-id}",
                row,
            )
            continue
        strength = strengths[0]
        out.append(HeadingAsked(strength, str(row[strength]), str(row.get("source", "")), str(row["at"])))
    return out


def _lists(page: _Page) -> dict[str, tuple[str, ...]]:
    value = page.whole.get("lists") or {}
    good = isinstance(value, Mapping) and all(
        isinstance(columns, Sequence) and not isinstance(columns, str) and columns for columns in value.values()
    )
    if not good or not isinstance(value, Mapping):
        page.wrong("lists", "is not a mapping of lists to columns", "lists: {board_people: [name, role]}")
        return {}
    return {str(key): tuple(map(str, columns)) for key, columns in value.items()}
