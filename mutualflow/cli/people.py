"""People and what they did: roles, absences, roles nobody holds, and the history line by line."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, print_json, today
from mutualflow.cli.rows import Rows
from mutualflow.domain.material import say_date, say_day
from mutualflow.services import history as told
from mutualflow.services import looking
from mutualflow.services import people as everybody
from mutualflow.services.history import Page
from mutualflow.services.people import MemberLine, People

DIM = "bright_black"
NARROW = 60  # signs; below it a day stands over what happened
STANDING = {"holds": "", "invited": "yellow", "coming": "cyan", "ended": DIM}


def people(formation: FormationKey, as_person: AsPerson, on: On = "", json_: AsJson = False) -> None:
    """Who holds which role, who is away, and roles nobody holds."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> People:
            return everybody.people(looking.look(db, formation, by=as_person, today=day, law=app.law))

        found = app.read(use_case)
    if json_:
        print_json(picture.plain(found))
        return
    _say(console(), found)


def _say(out: Console, found: People) -> None:
    rows = Rows("Person", "Key", "Role", "For", "Since", "Note", whole=("Since",))
    for one in found.members:
        rows.add_row(
            Text(one.name, style=STANDING[one.standing]),
            Text(one.person, style=DIM),
            Text(one.words),
            Text(one.organisation),
            Text(picture.brief_day(one.since), style=DIM),
            _notes(one),
        )
    out.print(rows)
    if found.organisations:
        named = [f"{name} ({_words(kind)}), {_words(part)}" for name, kind, part in found.organisations]
        out.print(picture.section("Organisations", Text("\n".join(named))))
    if found.absences:
        away = [
            f"{a.name}, {say_day(a.since)} to {say_day(a.until)}" + (f"; {a.stand_in} stands in" if a.stand_in else "")
            for a in found.absences
        ]
        out.print(picture.section("Away", Text("\n".join(away))))
    if found.stuck:
        out.print(picture.section("Nobody can", Text("\n".join(found.stuck), style="red")))
    if found.nobody:
        text = Text()
        for role in found.nobody:
            text.append("! " if role.waited_for else "· ", style="bold red" if role.waited_for else DIM)
            text.append(role.words)
            more = f" and {len(role.steps) - 2} more" if len(role.steps) > 2 else ""
            text.append(f"  for {', '.join(role.steps[:2])}{more}\n", style=DIM)
        text.rstrip()
        out.print(picture.section("Roles that nobody holds", text))
    if found.former:
        gone = [f"{m.name}, {m.words}, until {picture.day(m.until)}" for m in found.former]
        out.print(picture.section("Before", Text("\n".join(gone), style=DIM)))


def _words(key: str) -> str:
    return key.replace("_", " ")


def _notes(one: MemberLine) -> Text:
    text = Text()
    if one.standing == "invited":
        text.append(f"invited by {one.invited_by}, not confirmed yet", style="yellow")
    if one.away_until:
        text.append(f" away until {say_day(one.away_until)}", style="yellow")
        text.append(f", {one.stand_in} stands in" if one.stand_in else "", style="yellow")
    return text


def history(
    formation: FormationKey,
    as_person: AsPerson,
    most: Annotated[int, typer.Option("--most", help="how many lines", min=1, max=1000)] = told.PAGE,
    before: Annotated[int, typer.Option("--before", help="go on before this line", show_default=False)] = 0,
    on: On = "",
    json_: AsJson = False,
) -> None:
    """What happened, line by line, newest first."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> Page:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return told.page(look, before=before, most=most)

        found = app.read(use_case)
    if json_:
        print_json(picture.plain(found))
        return
    out = console()
    narrow = out.width < NARROW
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    if not narrow:
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for line in found.lines:
        text = Text(line.sentence)
        if line.sentence.startswith(line.name):
            text.stylize("bold", 0, len(line.name))
        if line.text:
            text.append(f"\n{line.text}", style="italic")
        happened = _day(line.happened_on, say_day(line.recorded_at.date()))
        when = Text(picture.brief(happened), style=DIM)
        cells = [when.append("\n").append_text(text)] if narrow else [when, text]
        grid.add_row(Text(str(line.number), style=DIM), *cells)
    out.print(grid)
    if found.before:
        older = Text(f"\nOlder: mutualflow history {formation} --as {as_person} --before {found.before}", style=DIM)
        out.print(older, soft_wrap=True)


def _day(happened_on: str, recorded: str) -> str:
    """The day of an event; imprecise ones as they were said."""
    return say_date(happened_on) if happened_on else recorded
