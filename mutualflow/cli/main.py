"""The entry: finds the command, runs it, and turns whatever happens into a sentence and an exit code."""

import io
import os
import sys

from mutualflow import __version__
from mutualflow.cli.codes import DONE, WRONG_USE
from mutualflow.cli.table import ACT, COMMANDS, LOOK, RUN

GROUPS = {
    LOOK: "Look at things",
    ACT: "Act (as a person: --as PERSON; what you read: --seen REVISION)",
    RUN: "Run the installation",
}


def run(arguments: list[str] | None = None) -> None:
    """Entry point of the installed command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a sign still shows the rest
    if os.environ.get("MUTUALFLOW_LOG", "").lower() == "debug":
        _log()
    code = main(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)


def _log() -> None:
    import logging  # late: only for whoever looks for a fault of ours

    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("mutualflow").setLevel(logging.DEBUG)


def main(arguments: list[str]) -> int:
    """Run one command line; its exit code."""
    if not arguments or arguments[0] in ("--help", "-h", "help"):
        sys.stdout.write(overview())
        return DONE
    if arguments[0] == "--version":
        sys.stdout.write(f"mutualflow {__version__}\n")
        return DONE
    entry = COMMANDS.get(arguments[0])
    if entry is None:
        return _unknown(arguments[0])
    from mutualflow.cli import running  # late: Typer and the core are only needed for a command

    return running.run(entry, arguments[1:])


def overview() -> str:
    """The root help: every command in its group, with one line each."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if _coloured() else ("", "")
    lines = [
        "",
        f" {bold}mutualflow{plain} {__version__} walks a group of public-service staff from a first idea to a company.",
        "",
        f" {bold}Usage:{plain} mutualflow COMMAND [FORMATION] [OPTIONS]     mutualflow COMMAND --help for more",
    ]
    for group, title in GROUPS.items():
        lines += ["", f" {bold}{title}{plain}"]
        lines += [
            f"   {bold}{entry.name:<20}{plain}{entry.help}" for entry in COMMANDS.values() if entry.group == group
        ]
    return "\n".join([*lines, "", ""])


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _unknown(name: str) -> int:
    import difflib  # late: only for a slip of the pen

    from mutualflow.cli import plain

    close = difflib.get_close_matches(name, COMMANDS, n=3)
    hint = f" Did you mean {' or '.join(close)}?" if close else " See mutualflow --help."
    sys.stderr.write(plain.visible(f"There is no command “{name[:60]}”.{hint}") + "\n")
    return WRONG_USE
