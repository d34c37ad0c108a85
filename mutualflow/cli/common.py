"""What commands share: options, the application, and how things are printed."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from mutualflow.cli import plain
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.spans import day as one_day
from mutualflow.services.acting import day_of
from mutualflow.wiring.app import App, build

FormationKey = Annotated[str, typer.Argument(help="key of the formation", show_default=False)]
AsPerson = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="key of the person who looks or acts", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="for programs: JSON on standard output")]
On = Annotated[
    str, typer.Option("--on", metavar="DAY", help="take this day for today (YYYY-MM-DD)", show_default=False)
]


@contextmanager
def application() -> Iterator[App]:
    """The application of this environment, closed at the end."""
    app = build()
    try:
        yield app
    finally:
        app.close()


FILLING = re.compile(r" +(?=(?:\x1b\[[0-9;]*m)*\n)")
"""Spaces that only fill a line up to the window's edge."""


class _Terminal(Console):
    """A console on which people's words are words: a control character in them is shown and does nothing."""

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        return FILLING.sub("", super()._render_buffer(buffer))

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            shown = segment.text if segment.control else plain.visible(segment.text)
            yield segment if shown == segment.text else Segment(shown, segment.style)


def console() -> Console:
    """Where people read."""
    return _Terminal(highlight=False, emoji=False)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def today(on: str) -> date:
    """The day named, else today in London."""
    if not on:
        return day_of(now())
    try:
        return one_day(on)
    except ValueError as error:
        raise Refused(Refusal.INVALID_VALUE, f"--on: {error}.") from None


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(plain.escaped(json.dumps(value, ensure_ascii=False, indent=2, default=_plain)) + "\n")


def say_unreachable(out: Console, people: int) -> None:
    """How many people are told nothing, because no mail reaches them."""
    if people:
        who = "1 person has" if people == 1 else f"{people} people have"
        out.print(f"[yellow]{who} no address that works; what waits for them goes out when they have one.[/]")


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)
