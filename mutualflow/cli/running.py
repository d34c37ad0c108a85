"""Running one command: build the application, call it, and say what went wrong in a sentence."""

import json
import logging
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points

import typer

from mutualflow.cli import codes, plain
from mutualflow.cli.help import Helped
from mutualflow.cli.table import ACT, Entry
from mutualflow.documents.press import PrintFailed
from mutualflow.domain.errors import Conflict, FileFault, Refusal, Refused
from mutualflow.settings import SettingFault
from mutualflow.storage.database import DatabaseFault
from mutualflow.storage.files import DiskFault

Command = Callable[[list[str]], object]
"""Takes what stands after the name; gives an exit code, or nothing for 0."""

log = logging.getLogger(__name__)


def run(entry: Entry, arguments: list[str]) -> int:
    """Run one command with its arguments; the exit code."""
    as_json = "--json" in arguments
    if not all(map(plain.whole, arguments)):
        return say("usage", "A word on the command line is not UTF-8 text.", codes.WRONG_USE, as_json)
    try:
        done = command_of(entry)(arguments)
    except typer.TyperException as error:
        return say("usage", _usage(error, entry.name), codes.WRONG_USE, as_json)
    except Refused as refused:
        code = codes.NOT_FOUND if refused.code is Refusal.UNKNOWN_KEY else codes.REFUSED
        return say(refused.code.value, refused.sentence, code, as_json, who_can=refused.who_can)
    except FileFault as fault:
        return say("file", str(fault), codes.WRONG_USE, as_json)
    except SettingFault as fault:
        return say("setting", str(fault), codes.WRONG_USE, as_json)
    except (DatabaseFault, DiskFault) as fault:
        return say("storage", str(fault), codes.FAULT, as_json)
    except PrintFailed as fault:
        return say("printing", str(fault), codes.FAULT, as_json)
    except Conflict:
        return say("stale", "Others are writing to this formation just now; try again.", codes.REFUSED, as_json)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else codes.FAULT
    except (KeyboardInterrupt, typer.Abort):
        return say("stopped", "Stopped. What was not finished has left nothing behind.", codes.STOPPED, as_json)
    except Exception as error:
        log.debug("“%s” failed", entry.name, exc_info=True)
        sentence = f"Something is wrong in mutualflow itself ({type(error).__name__}); this is not your mistake. "
        return say("fault", f"{sentence}MUTUALFLOW_LOG=debug shows where it happened.", codes.FAULT, as_json)
    return done if isinstance(done, int) else codes.DONE


def _usage(error: typer.TyperException, name: str) -> str:
    """A slip on the command line as a sentence."""
    said = error.format_message().strip().removeprefix("Invalid value: ").rstrip(".")
    about = str(getattr(getattr(error, "param", None), "help", None) or "")
    tail = f" ({about})" if said.startswith("Missing") and about else ""
    return f"{said[:1].upper()}{said[1:]}{tail}. See “mutualflow {name} --help”."


def say(code: str, sentence: str, exit_code: int, as_json: bool, *, who_can: str = "") -> int:
    """Say what went wrong, for a person or for a program."""
    if as_json:
        sys.stderr.write(json.dumps({"refused": code, "sentence": sentence, "who_can": who_can}) + "\n")
    else:
        tail = f" Who can: {who_can}." if who_can and who_can not in sentence else ""
        sys.stderr.write(plain.visible(f"{sentence}{tail}") + "\n")
    return exit_code


def command_of(entry: Entry) -> Command:
    """The function behind a command: made from an act, a module's function, or an installed entry point."""
    if entry.group == ACT:
        return import_module("mutualflow.cli.acting").command(entry.name)  # type: ignore[no-any-return]
    if ":" in entry.module:
        return _installed(entry)
    module = import_module(f"mutualflow.cli.{entry.module}")
    return as_command(getattr(module, entry.name), entry.name)


def as_command(function: Callable[..., None], name: str) -> Command:
    """A Typer command of one function."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=Helped, context_settings={"help_option_names": ["--help", "-h"]})(function)
    return lambda arguments: app(args=arguments, prog_name=f"mutualflow {name}", standalone_mode=False)


def _installed(entry: Entry) -> Command:
    """Commands that workflows and web offer: found by name when called, so that nothing here imports them."""
    extra = entry.module.partition(":")[0]
    for point in entry_points(group="mutualflow.commands"):
        if point.name == entry.name:
            try:
                loaded = point.load()
            except ModuleNotFoundError as error:
                raise Refused(
                    Refusal.NOT_ON_FILE,
                    f"“{entry.name}” needs {error.name}, which is not installed: pip install 'mutualflow[{extra}]'.",
                ) from None
            return as_command(loaded, entry.name)
    raise Refused(Refusal.NOT_ON_FILE, f"“{entry.name}” is not installed: pip install 'mutualflow[{extra}]'.")
