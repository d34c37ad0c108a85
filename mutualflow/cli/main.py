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
    if arguments[:1] == ["help"] and len(arguments) > 1:
        arguments = [arguments[1], "--help"]
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
    from mutualflow.cli.lines import bold, folded, pairs  # late: no other command needs it this early

    words = f"mutualflow {__version__} walks a group of public-service staff from a first idea to a company."
    lines = [
        *folded(words),
        "",
        *folded("Usage: mutualflow COMMAND [FORMATION] [OPTIONS]", 0, 4),
        *folded("“mutualflow COMMAND --help” says more about one command, with an example."),
    ]
    left = max(map(len, COMMANDS))
    for group, title in GROUPS.items():
        shown = [(entry.name, entry.help) for entry in COMMANDS.values() if entry.group == group]
        lines += ["", *map(bold, folded(title)), *pairs(shown, 3, left)]
    return "\n".join([*lines, ""])


def _unknown(name: str) -> int:
    import difflib  # late: only for a slip of the pen

    from mutualflow.cli import plain

    close = difflib.get_close_matches(name, COMMANDS, n=3)
    hint = f" Did you mean {' or '.join(close)}?" if close else " See mutualflow --help."
    sys.stderr.write(plain.visible(f"There is no command “{name[:60]}”.{hint}") + "\n")
    return WRONG_USE
