"""Pictures for a terminal: the walk with a sign for every step, and lines of who is waited for."""

import calendar
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.shown import DONE, Shown
from mutualflow.services.home import Home, StageLine, StepLine
from mutualflow.services.waits import Wait

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SIGNS: dict[Shown, tuple[str, str]] = {
    Shown.APPROVED: ("●", "green"),
    Shown.WAIVED: ("◌", "green"),
    Shown.SUBMITTED: ("◉", "cyan"),
    Shown.IN_HAND: ("◐", "yellow"),
    Shown.OPEN: ("○", "yellow"),
    Shown.WAITS: ("·", "bright_black"),
    Shown.MAY_BE_NEEDED: ("?", "magenta"),
}
NARROW = 60  # signs; below it the signs of a stage stand under its name
ACTIVE = frozenset({Shown.SUBMITTED, Shown.IN_HAND, Shown.OPEN})
LIVES = {"forming": "forming", "paused": "paused", "launched": "launched", "ended": "ended"}


def plain(value: "DataclassInstance") -> dict[str, object]:
    """A result of a service as a mapping, for JSON."""
    return asdict(value)


def sign(step: StepLine) -> Text:
    """One step as one sign: gates are diamonds, an overtaken step an exclamation mark."""
    if step.overtaken:
        return Text("!", style="bold red")
    glyph, style = SIGNS[step.status]
    if step.gate:
        glyph = "◆" if step.status in DONE else "◈" if step.status is Shown.SUBMITTED else "◇"
    return Text(glyph, style=style)


def status_words(status: Shown, overtaken: bool = False) -> Text:
    """A plain status with its colour."""
    style = "bright_black" if status is Shown.NOT_NEEDED else SIGNS[status][1]
    text = Text(status.words, style=style)
    if overtaken:
        text.append(", overtaken", style="bold red")
    return text


def walk(stages: Iterable[StageLine], width: int = NARROW) -> Table:
    """The walk: a row for every stage, a sign for every step, and what is being worked on now.

    In a narrow window the signs and the words stand under the stage.
    """
    narrow = width < NARROW
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(width=1)
    if not narrow:
        rows.add_column(no_wrap=True)
        rows.add_column(no_wrap=True)
        rows.add_column(justify="right", no_wrap=True)
    rows.add_column(overflow="fold", ratio=1)
    for stage in stages:
        shown = [s for s in stage.steps if s.status is not Shown.NOT_NEEDED]
        busy = [s for s in shown if s.status in ACTIVE or s.overtaken]
        done = stage.done == stage.needed
        mark = Text("✔", style="green") if done else Text("▸", style="bold yellow") if busy else Text(" ")
        title = Text(stage.title, style="green" if done else "bold" if busy else "bright_black")
        signs, count = Text(" ").join(map(sign, shown)), Text(f"{stage.done}/{stage.needed}", "bright_black")
        if narrow:
            parts = [Text("  ").join((title, count)), signs, *([_busy(busy)] if busy else [])]
            rows.add_row(mark, Text("\n").join(parts))
        else:
            rows.add_row(mark, title, signs, count, _busy(busy))
    return rows


def _busy(steps: list[StepLine]) -> Text:
    text = Text()
    for number, step in enumerate(steps[:3]):
        text.append(", " if number else "")
        text.append(step.title)
        text.append(" (overtaken)" if step.overtaken else f" ({step.status.words})", style="bright_black")
    if len(steps) > 3:
        text.append(f" and {len(steps) - 3} more", style="bright_black")
    return text


def legend(width: int) -> Text:
    """What the signs mean, a sign never parted from its words."""
    shown = (Shown.APPROVED, Shown.SUBMITTED, Shown.IN_HAND, Shown.OPEN, Shown.WAITS, Shown.MAY_BE_NEEDED)
    items = [(*SIGNS[one], one.words) for one in shown]
    text, line = Text(style="bright_black"), 0
    for glyph, style, words in (*items, ("◇", "", "gate"), ("!", "bold red", "overtaken")):
        length = len(words) + 2
        if line:
            ends = line + 3 + length > width
            text.append("\n" if ends else "   ")
            line = 0 if ends else line + 3
        text.append(glyph, style=style)
        text.append(f" {words}")
        line += length
    return text


def heading(home: Home) -> Text:
    """Name, form, and where its life stands."""
    text = Text()
    text.append(home.name, style="bold")
    if home.kind == "sample":
        text.append("  SAMPLE", style="bold magenta")
    text.append(
        f"   {LIVES[home.life]} since {say_day(home.since)}", style="yellow" if home.life == "paused" else "cyan"
    )
    if home.outcome:
        text.append(f" ({home.outcome.replace('_', ' ')})", style="cyan")
    text.append("\n")
    form = home.form or "legal form not decided yet"
    text.append(form[:1].upper() + form[1:], style="bright_black")
    if home.route:
        text.append(f" · {home.route}", style="bright_black")
    text.append(f" · revision {home.revision} · {say_day(home.today)}", style="bright_black")
    if home.reason:
        where = f" at “{home.stopped_at}”" if home.stopped_at else ""
        paused = f"Paused{where}: {home.reason.rstrip('.')}."
        text.append(f"\n{paused if home.life == 'paused' else home.reason}", style="yellow")
        if home.review_on is not None:
            text.append(f" Looked at again on {say_day(home.review_on)}.", style="yellow")
    return text


def waits(lines: Iterable[Wait], *, by: str = "", with_formation: bool = False, most: int = 0) -> Table:
    """Who is waited for, for what and since when; for her who is waited for, `by`, also what she types."""
    made = Table.grid(padding=(0, 1, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold", ratio=1)
    every = list(lines)
    for one in every[:most] if most else every:
        what = Text()
        if with_formation:
            what.append(f"{one.formation_name}: ", style="bold")
        what.append(f"{one.doing} ")
        what.append(f"“{one.title}”", style="bold")
        if one.organisation:
            what.append(f" for {one.organisation}")
        what.append(f"\n{_when(one)}", style="bright_black")
        what.append("" if by or not with_formation else f" · {one.formation}", style="bright_black")
        if one.legal_on is not None:
            what.append(f" · {one.first_by}", style="bold red")
        elif one.weighty:
            what.append(" · holds up what cannot be skipped", style="yellow")
        if one.paused:
            what.append(" · paused", style="yellow")
        if who := _who(one, by, known=not with_formation):
            what.append("\n")
            what.append_text(who)
        if by:
            what.append(f"\n{to_type(one, by)}", style="cyan")
        made.add_row(Text("›", style="bold yellow" if one.weighty else "bright_black"), what)
    return made


def to_type(one: Wait, by: str) -> str:
    """The command that shows or does what is waited for."""
    key = one.key.partition(":")[2]
    match one.what:
        case "task":
            return f"mutualflow done {one.formation} --task {key} --as {by}"
        case "accept":
            return f"mutualflow accept {one.formation} --task {key} --as {by}"
        case _:
            return f"mutualflow show {one.formation} {one.step} --as {by}"


def _when(one: Wait) -> str:
    since = f"since {say_day(one.since)}"
    since += f" ({days(one.days)})" if one.days else ""
    if one.due_on is None:
        return since
    return f"{since}, wanted by {say_day(one.due_on)}"


def _who(one: Wait, by: str, *, known: bool) -> Text:
    """Names and role in one line; her own name alone is no news to her."""
    text = Text()
    if one.names and one.people != (by,):
        text.append(", ".join(one.names[:3]))
        if len(one.names) > 3:
            text.append(f" and {len(one.names) - 3} more")
    elif known and not one.people:
        text.append("nobody", style="bold red")
    if one.role:
        text.append(f"{' · ' if text else ''}{one.role}", style="bright_black")
    if one.taken_by:
        text.append(f"{' · ' if text else ''}being looked at by {one.taken_by}", style="cyan")
    if one.standing_in_for:
        text.append(f"{' · ' if text else ''}for {one.standing_in_for}, who is away", style="cyan")
    return text


def hanging(items: Iterable[tuple[Text, Text]]) -> Table:
    """Items, each with its sign; what does not fit on the first line is set in under it."""
    made = Table.grid(padding=(0, 1, 0, 0))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold", ratio=1)
    for mark, text in items:
        made.add_row(mark, text)
    return made


def section(title: str, body: RenderableType) -> Group:
    """A titled part, set in."""
    return Group(Text(f"\n{title}", style="bold"), Padding(body, (0, 0, 0, 2)))


def home(out: Console, page: Home, by: str) -> None:
    """The whole picture of one formation, for her who looks."""
    out.print(heading(page))
    out.print(Padding(walk(page.stages, out.width), (1, 0, 0, 2)))
    out.print(Padding(legend(out.width - 2), (1, 0, 0, 2)))
    others = [w for w in page.next if w not in page.mine]
    if page.mine:
        out.print(section("Waits for you", waits(page.mine, by=by, most=8)))
    if others:
        out.print(section("Next" if not page.mine else "Waits for others", waits(others, most=8)))
        if len(others) > 8:
            out.print(Text(f"    and {len(others) - 8} more", style="bright_black"))
    for part in (_dates(page), _unknown(page), _people(page), _news(page, by)):
        if part is not None:
            out.print(part)
    out.print()


def _dates(page: Home) -> Group | None:
    text = Text()
    if page.legal is not None and page.legal.legal_on is not None:
        soon = (page.legal.legal_on - page.today).days
        text.append(f"Next date of law: {say_day(page.legal.legal_on)}", style="bold red" if soon <= 14 else "")
        text.append(f", in {days(soon)}: {page.legal.title}, “{page.legal.step_title}”")
        text.append(
            f" ({page.legal.source}{'; ' + page.legal.source_note if page.legal.source_note else ''})\n", "bright_black"
        )
    for clock in page.missed:
        text.append(f"Missed: {clock.title}, “{clock.step_title}”", style="red")
        text.append(f", {say_day(clock.legal_on)}\n" if clock.legal_on else "\n")
    for target in page.expected:
        name = target.milestone.replace("_", " ").capitalize()
        text.append(f"{name}: ")
        text.append(f"planned {say_date(target.planned)}, " if target.planned else "not planned yet, ")
        late = target.late is not None and target.late > 0
        text.append(
            f"expected {say_day(target.likely)}",
            style="bold red" if late else "bold green" if target.planned else "bold",
        )
        text.append(f" (between {say_day(target.optimistic)} and {say_day(target.pessimistic)})\n", "bright_black")
    if page.expected:
        text.append(f"{page.expected[0].why}\n", style="bright_black")
    if page.go_live:
        text.append(f"Live since {say_date(page.go_live)}.\n", style="bold green")
    text.rstrip()
    return section("Dates", text) if text else None


def _unknown(page: Home) -> Group | None:
    if not page.must_know:
        return None
    text = Text()
    for one in page.must_know[:3]:
        text.append("? ", style="magenta")
        text.append(f"{one.sentence}.")
        text.append(
            f" To be answered by {one.what.who}, in “{one.what.asked_in_title}”.\n" if one.what.asked_in else "\n",
            "bright_black",
        )
    if len(page.must_know) > 3:
        text.append(f"and {len(page.must_know) - 3} more on which later steps depend\n", "bright_black")
    text.rstrip()
    return section("Not known yet", text)


def _people(page: Home) -> Group | None:
    text = Text()
    for sentence in page.stuck:
        text.append("✘ ", style="red")
        text.append(f"{sentence}\n")
    if page.nobody:
        names = [r.words for r in page.nobody[:4]]
        more = f" and {len(page.nobody) - 4} more" if len(page.nobody) > 4 else ""
        text.append(f"Roles that nobody holds yet: {', '.join(names)}{more}\n")
    if page.assumed:
        text.append(f"{page.assumed} steps were taken over as done before: listed, not checked here\n", "bright_black")
    text.rstrip()
    return section("People", text) if text else None


def _news(page: Home, by: str) -> Group | None:
    if not page.news.count:
        return None
    text = Text()
    for one in page.news.lines:
        text.append(f"{one.number:>4}  ", style="bright_black")
        text.append(f"{one.sentence}\n")
    if page.news.count > len(page.news.lines):
        text.append(
            f"and {page.news.count - len(page.news.lines)} earlier: mutualflow history {page.key} --as {by}\n",
            "bright_black",
        )
    text.rstrip()
    return section("Since you were here last", text)


def day(value: date | None) -> str:
    """A day in words; a dash for none."""
    return say_day(value) if value else "–"


def brief(words: str) -> str:
    """Days in words with short months, for columns: "4 Sep 2023"."""
    for month in calendar.month_name[1:]:
        words = words.replace(f" {month} ", f" {month[:3]} ")
    return words


def brief_day(value: date | None) -> str:
    """A day for a column; nothing for none."""
    return brief(say_day(value)) if value else ""


def days(count: int) -> str:
    """A number of days in words: "1 day", "-1 day", "12 days"."""
    return f"{count:,} {'day' if abs(count) == 1 else 'days'}"
