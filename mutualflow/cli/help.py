"""The help of one command: what it does, how it is typed, every option in words, and an example."""

from pathlib import Path

from typer.core import TyperArgument, TyperCommand, TyperOption

from mutualflow.cli.examples import EXAMPLES
from mutualflow.cli.lines import bold, folded, pairs, width

KEPT = "\u00a0"  # a space at which no line ends
SHARED = frozenset({"as_person", "seen", "on", "json_"})
"""Options that mean the same everywhere; they stand last."""


class Helped(TyperCommand):
    """A command that explains itself in our own words and layout."""

    def get_help(self, ctx: object) -> str:
        return page(self, str(self.name))


def page(command: TyperCommand, name: str) -> str:
    """The help of a command, folded at the window's edge."""
    words = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption)]
    lines = [*folded(words[0]), "", *_usage(name, arguments, options)]
    for part in words[1:]:
        lines += ["", *folded(part)]
    if arguments:
        lines += ["", bold("Arguments"), *pairs((_metavar(p), _about(p)) for p in arguments)]
    shown = [(_typed(p), _about(p)) for p in sorted(options, key=_place)]
    lines += ["", bold("Options"), *pairs([*shown, ("--help", "show this")])]
    examples = EXAMPLES.get(name, ())
    if examples:
        lines += ["", bold("Example" if len(examples) == 1 else "Examples")]
        lines += [line for one in examples for line in _broken(one, 2, " \\")]
    return "\n".join(lines)


def _place(one: TyperOption) -> tuple[bool, bool]:
    """What cannot be left out stands first, what every command has last."""
    return one.name in SHARED, not one.required


def _usage(name: str, arguments: list[TyperArgument], options: list[TyperOption]) -> list[str]:
    """How it is typed, with all that is needed; an option stays on one line with its value."""
    said = ["Usage: mutualflow", name, *(_metavar(p) if p.required else f"[{_metavar(p)}]" for p in arguments)]
    said += [_typed(p).replace(" ", KEPT) for p in options if p.required]
    return [line.replace(KEPT, " ") for line in folded(" ".join([*said, "[OPTIONS]"]), hanging=4)]


def _metavar(one: TyperArgument | TyperOption) -> str:
    return one.metavar or str(one.name).rstrip("_").upper().replace("_", "-")


def _typed(one: TyperOption) -> str:
    return one.opts[0] if one.is_flag else f"{one.opts[0]} {_metavar(one)}"


def _about(one: TyperArgument | TyperOption) -> str:
    """What it is; whether it may be left out or given several times, and what stands for it then."""
    words = one.help or ""
    words += "; give it once for each" if one.multiple else ""
    if isinstance(one, TyperOption) and one.required:
        return f"{words} (needed)"
    shown = one.show_default
    default = shown if isinstance(shown, str) else one.default if shown and isinstance(one.default, (str, Path)) else ""
    return f"{words} (without it: {default})" if default else words


def _broken(line: str, indent: int, sign: str = "") -> list[str]:
    """A command folded before its options, so that it can be copied."""
    first, *rest = line.split(" --")
    rows = [" " * indent + first]
    for word in rest:
        if len(rows[-1]) + len(word) + 3 + len(sign) > width():
            rows[-1] += sign
            rows.append(" " * (indent + 4) + f"--{word}")
        else:
            rows[-1] += f" --{word}"
    return rows
