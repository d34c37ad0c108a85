"""Reading a history or a sample: YAML 1.2, held to its JSON Schema, every fault with file and line."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from jsonschema import Draft202012Validator

from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.formation import Kind
from mutualflow.domain.history import (
    Actor,
    Happening,
    HeldRole,
    History,
    Org,
    SaidDate,
    SaidFact,
    SaidState,
    Source,
)
from mutualflow.domain.keys import NOT_KNOWN, OrganisationKind, Part, Role, Side
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.pathways import yamlfile
from mutualflow.pathways.yamlfile import Map, Notes, Seq, meant
from mutualflow.wiring import history_schema

USUAL_SIDE: Mapping[Role, Side] = {
    Role.STAFF_LEAD: Side.GROUP,
    Role.STAFF_MEMBER: Side.GROUP,
    Role.NEW_BODY_CHAIR: Side.GROUP,
    Role.NEW_BODY_DIRECTOR: Side.GROUP,
    Role.HOST_SPONSOR: Side.HOST,
    Role.HOST_BOARD_MEMBER: Side.HOST,
    Role.ESTATES_LEAD: Side.HOST,
    Role.INFORMATION_GOVERNANCE_LEAD: Side.HOST,
    Role.UNION_REPRESENTATIVE: Side.UNION,
    Role.COMMISSIONER: Side.COMMISSIONER,
    Role.PARTNER_CONTACT: Side.PARTNER,
}
"""Where a history names no side: the one that has this role everywhere in the pathway; advisers have none."""

PLANS = ("planned", "review_on")
"""Days of a row that are plans: they do not tell how far the record goes."""


class _Error(Protocol):
    """What is used of a jsonschema error."""

    validator: str
    validator_value: object
    message: str
    instance: object
    absolute_path: "list[str | int]"
    schema: object
    context: "list[_Error]"


def load(path: Path) -> History:
    """Read a file; FileFault says everything that the schema, YAML or the calendar finds wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileFault((Fault(str(path), 0, "file", f"cannot be read: {error.strerror}"),)) from None
    except UnicodeDecodeError:
        raise FileFault((Fault(str(path), 0, "file", "is not UTF-8"),)) from None
    return read(text, path.name)


def read(text: str, file: str) -> History:
    """Read a file's text; FileFault as in load."""
    notes = Notes()
    data = yamlfile.load(text, file, notes).data
    faults = list(notes.faults)
    if not faults:
        faults = [_fault(error, data, file) for error in _errors(data)]
    if faults:
        raise FileFault(tuple(sorted(faults, key=lambda f: f.line)))
    reader = _Reader(file, data)
    made = reader.history()
    if reader.faults:
        raise FileFault(tuple(reader.faults))
    return made


def _errors(data: Mapping[str, object]) -> Iterator[_Error]:
    yield from Draft202012Validator(history_schema.schema()).iter_errors(data)


def _fault(error: _Error, data: object, file: str) -> Fault:
    """A schema's complaint in words, at its line."""
    path = [str(p) if isinstance(p, str) else int(p) for p in error.absolute_path]
    line, at = _line(data, path), _at(path)
    value = error.validator_value
    match error.validator:
        case "additionalProperties" if isinstance(error.instance, Map) and isinstance(error.schema, Mapping):
            known = list(error.schema.get("properties", {}))
            strange = [k for k in error.instance if k not in known]
            return Fault(
                file, error.instance.lines.get(strange[0], line), _at([*path, strange[0]]),
                f"there is no such key{meant(strange[0], known)}", ", ".join(known),
            )  # fmt: skip
        case "enum" if isinstance(value, list):
            word = str(error.instance)
            return Fault(file, line, at, f"{word[:60]!r} is not allowed{meant(word, value)}", ", ".join(value))
        case "required" if isinstance(value, list):
            missing = next((k for k in value if error.message.startswith(repr(k))), "")
            return Fault(file, line, _at([*path, missing]), "is missing")
        case "anyOf":
            return Fault(file, line, at, f"{str(error.instance)[:60]!r} is not allowed", _either(error))
        case "pattern" if value == history_schema.DATE["pattern"]:
            return Fault(file, line, at, f"{str(error.instance)[:60]!r} is not a date", history_schema.DAY_WORDS)
        case "minItems":
            return Fault(file, line, at, "has too few rows")
        case "not":
            return Fault(file, line, at, "does not belong in a file of this kind")
        case _:
            return Fault(file, line, at, f"{str(error.instance)[:60]!r} is not of the right kind")


def _either(error: _Error) -> str:
    words: list[str] = []
    for inner in error.context:
        if inner.validator in ("enum", "required") and isinstance(inner.validator_value, list):
            words += [str(v) for v in inner.validator_value]
    return ", ".join(dict.fromkeys(words))


def _line(data: object, path: list[str | int]) -> int:
    """The line of the innermost thing on the path that has one."""
    line = 1
    for part in path:
        if isinstance(data, Map) and isinstance(part, str) and part in data:
            line, data = data.lines.get(part, line), data[part]
        elif isinstance(data, Seq) and isinstance(part, int) and part < len(data):
            line, data = data.lines[part], data[part]
    return line


def _at(path: list[str | int]) -> str:
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words or "file"


class _Reader:
    """A file that its schema accepts, as a History; what only the calendar knows is noted as a fault."""

    def __init__(self, file: str, data: Mapping[str, object]) -> None:
        self.file = file
        self.data = data
        self.faults: list[Fault] = []
        self.latest: list[Span] = []

    def history(self) -> History:
        said = self.data
        happened = tuple(self._happening(row, line) for row, line in self._rows("happened"))
        milestones = tuple(self._date(row, line) for row, line in self._rows("milestones"))
        states = tuple(self._state(row, line) for row, line in self._rows("states"))
        people = tuple(self._actor(row, line) for row, line in self._rows("people"))
        facts = tuple(self._fact(row, line) for row, line in self._rows("facts"))
        case = str(said["case"])
        return History(
            case=case,
            kind=Kind(str(said["kind"])),
            title=str(said.get("title") or case.replace("-", " ").capitalize()),
            nation=str(said.get("nation", "")),
            form=_form(said["form"]),
            route=str(said.get("route", "")),
            known_until=self._known_until(),  # after all rows: they tell how far the record goes
            organisations=tuple(_org(row) for row, _ in self._rows("organisations")),
            people=people,
            facts=facts,
            milestones=milestones,
            happened=happened,
            states=states,
            sources=tuple(Source(str(r["key"]), str(r["title"]), str(r["kind"])) for r, _ in self._rows("sources")),
            note=str(said.get("note", "")),
            prescribed=tuple(str(k) for k in _list(said.get("prescribed"))),
            form_status=str(said.get("form_status", "chosen")),
            host_kind=str(said.get("host_kind", "")),
        )

    def _rows(self, key: str) -> Iterator[tuple[Map, int]]:
        rows = self.data.get(key)
        if isinstance(rows, Seq):
            for row, line in zip(rows, rows.lines, strict=True):
                assert isinstance(row, Map)
                yield row, line

    def _span(self, row: Map, key: str, line: int, *, counts: bool = True) -> Span | None:
        """A day as the file gives it; one that is no plan tells how far the record goes."""
        if key not in row:
            return None
        try:
            span = parse_span(str(row[key]))
        except ValueError as error:
            self.faults.append(Fault(self.file, row.lines.get(key, line), key, str(error), history_schema.DAY_WORDS))
            return UNKNOWN_DAY
        if counts and key not in PLANS:
            self.latest.append(span)
        return span

    def _known_until(self) -> Span:
        if "known_until" in self.data and isinstance(self.data, Map):
            return self._span(self.data, "known_until", 1, counts=False) or UNKNOWN_DAY
        days = [d for span in self.latest for d in (span.latest or span.earliest,) if d is not None]
        return Span(max(days), max(days)) if days else UNKNOWN_DAY

    def _happening(self, row: Map, line: int) -> Happening:
        for key in ("sent", "answered", "decided_on", "happened_on"):
            if key in row and not isinstance(row[key], (Map, Seq)):
                self._span(row, key, line)
        return Happening(self._span(row, "date", line) or UNKNOWN_DAY, row, line)

    def _date(self, row: Map, line: int) -> SaidDate:
        return SaidDate(
            milestone=str(row["key"]),
            planned=self._span(row, "planned", line),
            actual=self._span(row, "actual", line),
            said_on=self._span(row, "said_on", line) or UNKNOWN_DAY,
            source=str(row.get("source", "")),
            line=line,
            note=str(row.get("note", "")),
        )

    def _state(self, row: Map, line: int) -> SaidState:
        return SaidState(
            on=self._span(row, "date", line) or UNKNOWN_DAY,
            state=str(row["state"]),
            outcome=str(row.get("outcome", "")),
            reason=str(row.get("reason", "")),
            review_on=self._span(row, "review_on", line),
            source=str(row.get("source", "")),
            line=line,
        )

    def _actor(self, row: Map, line: int) -> Actor:
        since = self._span(row, "from", line) or UNKNOWN_DAY
        roles = _list(row.get("roles")) or ([row] if "role" in row else [])
        return Actor(
            key=str(row["key"]),
            name=str(row.get("name") or str(row["key"]).replace("_", " ")),
            roles=tuple(_role(r) for r in roles if isinstance(r, Mapping)),
            since=since,
            until=self._span(row, "to", line),
        )

    def _fact(self, row: Map, line: int) -> SaidFact:
        value = row["value"]
        if isinstance(value, Mapping) and "between" in value:
            low, high = (str(v) for v in _list(value["between"]))
            text = f"{low}..{high}"
        elif isinstance(value, Mapping):
            text = f"{value['at_least']}.."
        else:
            text = str(value)
        said_on = self._span(row, "said_on", line) or UNKNOWN_DAY
        return SaidFact(str(row["key"]), text or NOT_KNOWN, said_on, str(row.get("source", "")), line)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, Seq) else []


def _role(row: Mapping[str, object]) -> HeldRole:
    role = Role(str(row["role"]))
    said = row.get("side")
    side = Side(str(said)) if said else USUAL_SIDE.get(role, Side.INDEPENDENT)
    return HeldRole(role, side, str(row.get("organisation", "")), said is not None or role in USUAL_SIDE)


def _org(row: Map) -> Org:
    part = row.get("part")
    key = str(row["key"])
    return Org(
        key,
        str(row.get("name") or key.replace("_", " ")),
        OrganisationKind(str(row["kind"])),
        Part(str(part)) if part else None,
        int(str(row.get("count", 0))),
    )


def _form(said: object) -> str:
    if isinstance(said, Mapping) and "one_of" in said:
        return "one_of " + ",".join(str(v) for v in _list(said["one_of"]))
    if isinstance(said, Mapping):
        return f"other {said['other']}"
    return str(said)
