"""One command per act, made from the table of acts: its fields are the options."""

import hashlib
import types
import typing
from collections.abc import Callable
from datetime import UTC, datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated

import typer

from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, now, print_json, today
from mutualflow.cli.running import Command, as_command
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.moves import ACTS, Move
from mutualflow.domain.spelling import act_of, arguments, required, words
from mutualflow.services.acting import Acted
from mutualflow.storage import evidence, files
from mutualflow.wiring import papers
from mutualflow.wiring.app import App

Path_ = Annotated[Path, typer.Option("--path", help="the file itself", show_default=False)]


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
    if move.name == "attach":
        parameters.append(Parameter("path", Parameter.KEYWORD_ONLY, annotation=Path_))
        parameters = [p for p in parameters if p.name not in ("sha256", "name")]
    do.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    do.__doc__ = f"{(move.act.__doc__ or '').strip()}\n\nWho: {move.by}. Leads: {move.leads}."
    do.__annotations__ = {p.name: p.annotation for p in parameters}
    return do


def _parameter(name: str, field: typing.Any, hint: object) -> Parameter:
    flag = "--" + name.rstrip("_").replace("_", "-")
    many = typing.get_origin(hint) is tuple or _is_mapping(hint)
    option = typer.Option(flag, help=words(field), show_default=False)
    if hint is bool:
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[bool, option], default=False)
    if many:
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[list[str], option], default=[])
    if required(field):
        return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, option])
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=Annotated[str, option], default="")


def _is_mapping(hint: object) -> bool:
    origin = typing.get_origin(hint)
    return origin not in (None, tuple, typing.Union, types.UnionType)


def _do(move: Move, said: dict[str, object]) -> None:
    formation, by, as_json = str(said.pop("formation")), str(said.pop("as_person")), bool(said.pop("json_"))
    day = today(str(said.pop("on")))
    path = said.pop("path", None)
    hints = {name: hint for name, (_, hint) in arguments(move).items()}
    given: dict[str, object] = {}
    for name, value in said.items():
        if value in ("", [], None, False):
            continue
        given[name] = _pairs(name, value) if _is_mapping(hints[name]) else value
    with application() as app:
        if isinstance(path, Path):
            given |= _kept(app, path)
        done = papers.act(app, formation, act_of(move.name, given), by=by, now=now(), today=day)
    if as_json:
        print_json(_report(done))
    else:
        _say(done)


def _pairs(name: str, value: object) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for one in value if isinstance(value, list) else [value]:
        key, sign, rest = str(one).partition("=")
        if not sign:
            raise Refused(Refusal.INVALID_VALUE, f"{name}: write name=value, not {str(one)[:40]!r}.")
        pairs[key] = rest
    return pairs


def _kept(app: App, path: Path) -> dict[str, object]:
    """Keep the file's bytes before the act that attaches them."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(Refusal.MISSING, f"The file {path} cannot be read: {error.strerror}.") from None
    sha = hashlib.sha256(data).hexdigest()
    files.keep(app.settings.evidence_dir, data)
    app.write(lambda db: evidence.keep(db, sha, path.name, "application/octet-stream", len(data), datetime.now(UTC)))
    return {"sha256": sha, "name": path.name}


def _report(done: Acted) -> dict[str, object]:
    return {
        "formation": done.formation.key,
        "version": done.formation.version,
        "events": [{"number": e.number, "kind": e.kind, **e.refs} for e in done.moved.events],
        "told": done.told,
    }


def _say(done: Acted) -> None:
    out = console()
    if not done.moved.events:
        out.print("Nothing to do: that is how it stands already.")
        return
    first = done.moved.events[0]
    out.print(f"Done: {first.kind.replace('_', ' ')} (event {first.number} of {done.formation.name}).")
    for event in done.moved.events[1:]:
        step = str(event.refs.get("step", "")).replace("_", " ")
        change = f": {event.refs['from']} → {event.refs['to']}" if "to" in event.refs else ""
        out.print(f"  {event.kind.replace('_', ' ')} {step}{change}".replace("_", " "))
    if done.told:
        out.print(f"  {done.told} told in the next digest.")
