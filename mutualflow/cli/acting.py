"""One command per act, made from the table of acts: its fields are the options."""

import types
import typing
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from sqlalchemy import Connection

from mutualflow.cli import previews
from mutualflow.cli.advice import advised
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, now, print_json, today
from mutualflow.cli.running import Command, as_command
from mutualflow.domain.acts import Act, AdoptedStep
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Condition
from mutualflow.domain.moves import ACTS, Move
from mutualflow.domain.spans import Span
from mutualflow.domain.spelling import act_of, arguments, required, words
from mutualflow.services import history, looking
from mutualflow.services.acting import Acted
from mutualflow.wiring import papers
from mutualflow.wiring.app import App

LARGEST_FILE = 50_000_000  # bytes; a scan of a long paper has some twenty

Path_ = Annotated[Path, typer.Option("--path", metavar="FILE", help="the file itself", show_default=False)]

TYPED: dict[object, tuple[str, str]] = {
    Condition: (
        "KEY|TITLE|OWNER|DAY|HOLDS",
        "a task: your short name for it, what has to be done, by whom (a person's key), by which day (YYYY-MM-DD or "
        "nothing), and what it holds up: step:KEY, milestone:KEY or nothing",
    ),
    AdoptedStep: ("STEP=DAY", "a step that was finished before, and the day: YYYY-MM-DD, 2023-10, 2023 or unknown"),
}
"""How things that are more than a word are typed: what stands for them in the help, and what it means."""


def command(name: str) -> Command:
    """The command of one act."""
    move = ACTS[name.replace("-", "_")]
    return as_command(_function(move), name)


def _function(move: Move) -> Callable[..., None]:
    """A function whose signature is the act's fields, for Typer to read."""

    def do(**said: object) -> None:
        _do(move, said)

    parameters = [
        Parameter("formation", Parameter.KEYWORD_ONLY, annotation=FormationKey),
        *(_parameter(name, field, hint) for name, (field, hint) in arguments(move).items()),
        Parameter("as_person", Parameter.KEYWORD_ONLY, annotation=AsPerson),
        Parameter("on", Parameter.KEYWORD_ONLY, annotation=On, default=""),
        Parameter("json_", Parameter.KEYWORD_ONLY, annotation=AsJson, default=False),
    ]
    if previews.is_answering(move.act):
        parameters.append(Parameter("preview", Parameter.KEYWORD_ONLY, annotation=previews.Show, default=False))
    if move.name == "attach":
        parameters.append(Parameter("path", Parameter.KEYWORD_ONLY, annotation=Path_))
        parameters = [p for p in parameters if p.name not in ("sha256", "name")]
    do.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    changes = f" What changes: {move.leads.replace('->', '→')}." if "->" in move.leads else ""
    do.__doc__ = f"{(move.act.__doc__ or '').strip()}\n\nWho: {move.by}.{changes}"
    do.__annotations__ = {p.name: p.annotation for p in parameters}
    return do


def _parameter(name: str, field: typing.Any, hint: object) -> Parameter:
    many = typing.get_origin(hint) is tuple or _is_mapping(hint)
    metavar, about = _typed(name, hint, words(field))
    option = typer.Option(_flag(name), metavar=metavar, help=about, show_default=False)
    if hint is bool:
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[bool, option], default=False)
    if many and required(field):
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[list[str], option])
    if many:
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[list[str], option], default=[])
    if required(field):
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, option])
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, option], default="")


def _flag(name: str) -> str:
    return "--" + name.rstrip("_").replace("_", "-")


def _typed(name: str, hint: object, said: str) -> tuple[str, str]:
    """What stands for an option's value in the help, and its words, with the closed list behind it."""
    for one in typing.get_args(hint) or (hint,):
        if one in TYPED:
            return TYPED[one]
        if isinstance(one, type) and issubclass(one, StrEnum):
            listed = "" if any(key in said for key in one) else ": " + ", ".join(one)
            return name.upper(), said + listed
        if one is date:
            return "DAY", f"{said} (YYYY-MM-DD)"
        if one is Span:
            return "DAY", f"{said} (YYYY-MM-DD, or as near as it is known: 2024-05)"
        if one is int:
            return "REVISION" if name == "seen" else "NUMBER", said
    if _is_mapping(hint):
        return "COLUMN=ANSWER", "a column and its answer"
    return _flag(name)[2:].upper(), said


def _is_mapping(hint: object) -> bool:
    origin = typing.get_origin(hint)
    return origin not in (None, tuple, typing.Union, types.UnionType)


def _do(move: Move, said: dict[str, object]) -> None:
    formation, by, as_json = str(said.pop("formation")), str(said.pop("as_person")), bool(said.pop("json_"))
    day = today(str(said.pop("on")))
    path, file, preview = said.pop("path", None), b"", said.pop("preview", False)
    hints = {name: hint for name, (_, hint) in arguments(move).items()}
    given: dict[str, object] = {}
    for name, value in said.items():
        if value in ("", [], None, False):
            continue
        given[name] = _pairs(name, value) if _is_mapping(hints[name]) else value
    if isinstance(path, Path):
        file, given["name"] = _bytes_of(path), path.name
    with application() as app, advised(app, formation, by, day, given, move.name):
        act = _spelled(move, given)
        if preview and isinstance(act, previews.ANSWERING):
            previews.show(app, formation, act, by=by, day=day, as_json=as_json)
            return
        done = papers.act(app, formation, act, by=by, now=now(), today=day, file=file)
        if as_json:
            print_json(_report(done))
        else:
            _say(done, _told(app, done, by, day))


def _spelled(move: Move, given: dict[str, object]) -> Act:
    """The act; a word that cannot be used is named by its option."""
    try:
        return act_of(move.name, given)
    except Refused as refused:
        name, _, why = refused.sentence.partition(": ")
        if name not in given:
            raise
        raise Refused(refused.code, f"{_flag(name)}: {why}", who_can=refused.who_can) from None


def _pairs(name: str, value: object) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for one in value if isinstance(value, list) else [value]:
        key, sign, rest = str(one).partition("=")
        if not sign:
            raise Refused(Refusal.INVALID_VALUE, f"{_flag(name)}: write name=value, not {str(one)[:40]!r}.")
        pairs[key] = rest
    return pairs


def _bytes_of(path: Path) -> bytes:
    """What stands in the file that is to be attached."""
    try:
        if not path.is_file():
            what = "is no file" if path.exists() else "is not there"
            raise Refused(Refusal.MISSING, f"{path} {what}; name the file itself.")
        if not 0 < path.stat().st_size <= LARGEST_FILE:
            what = "is empty" if not path.stat().st_size else f"is larger than {LARGEST_FILE // 1_000_000} megabytes"
            raise Refused(Refusal.INVALID_VALUE, f"The file {path} {what}.")
        return path.read_bytes()
    except OSError as error:
        raise Refused(Refusal.MISSING, f"The file {path} cannot be read: {error.strerror}.") from None


def _report(done: Acted) -> dict[str, object]:
    return {
        "formation": done.formation.key,
        "version": done.formation.version,
        "events": [{"number": e.number, "kind": e.kind, **e.refs} for e in done.moved.events],
        "told": done.told,
    }


def _told(app: App, done: Acted, by: str, day: date) -> dict[int, str]:
    """What was done in the words of the history; nothing where she has just given up her last role."""
    count = len(done.moved.events)

    def use_case(db: Connection) -> dict[int, str]:
        look = looking.look(db, done.formation.key, by=by, today=day, law=app.law)
        page = history.page(look, before=done.moved.events[-1].number + 1, most=count)
        return {line.number: line.sentence for line in page.lines}

    try:
        return app.read(use_case) if count else {}
    except Refused:
        return {}


def _say(done: Acted, told: dict[int, str]) -> None:
    out = console()
    if not done.moved.events:
        out.print("Nothing to do: that is how it stands already.")
        return
    for place, event in enumerate(done.moved.events):
        line = Text("✔ " if place == 0 else "  ", style="green")
        line.append(told.get(event.number, event.kind.replace("_", " ").capitalize()), style="default")
        line.append(f"  line {event.number}" if place == 0 else "", style="bright_black")
        out.print(line)
    if done.told:
        people = "person is" if done.told == 1 else "people are"
        out.print(Text(f"  {done.told} {people} told with the next digest", style="bright_black"))
