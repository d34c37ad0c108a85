"""Days: dates of law and practice with their sources, milestones in their three series, and the plan."""

from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, print_json, today
from mutualflow.cli.rows import Rows
from mutualflow.domain.material import say_date, say_day
from mutualflow.services import dates as calendar
from mutualflow.services import looking
from mutualflow.services.dates import ClockLine, Expected, MilestoneLine, Plan

DIM = "bright_black"
NARROW = 60  # signs; below it a day stands over its rule
STATES = {"running": "yellow", "met": "green", "missed": "bold red", "void": DIM, "cannot_say": "magenta"}
NATURES = {"law": "law", "service_standard": "service standard", "our_estimate": "estimate"}


def dates(
    formation: FormationKey,
    as_person: AsPerson,
    plan: Annotated[bool, typer.Option("--plan", help="also the plan, step by step")] = False,
    on: On = "",
    json_: AsJson = False,
) -> None:
    """Dates of law, service standards and estimates, with their sources; and what the plan expects."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> tuple[tuple[ClockLine, ...], Plan]:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return calendar.clocks(look), calendar.plan(look)

        clocks, planned = app.read(use_case)
    if json_:
        print_json({"clocks": [picture.plain(c) for c in clocks], "plan": picture.plain(planned)})
        return
    out = console()
    _say_clocks(out, clocks)
    for target in planned.targets:
        out.print(_target(target))
    if plan:
        _say_plan(out, planned)
    elif planned.lines:
        out.print(Text("\n--plan shows every step", style=DIM))


def _say_clocks(out: Console, clocks: tuple[ClockLine, ...]) -> None:
    if not clocks:
        out.print("No dated rule touches a step that is needed yet.")
        return
    dated = sorted(
        (c for c in clocks if c.state != "cannot_say"), key=lambda c: c.legal_on or c.advisory_on or date.max
    )
    narrow = out.width < NARROW
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for clock in dated:
        day = clock.legal_on or clock.advisory_on
        when = Text(picture.brief_day(day) or "no day", style=STATES[clock.state])
        if narrow:
            out.print(when)
            out.print(Padding(_clock(clock), (0, 0, 0, 2)))
        else:
            grid.add_row(when, _clock(clock))
    out.print(grid)
    if len(dated) < len(clocks):
        waiting = Rows("Rule", "Why not")
        for clock in clocks:
            if clock.state == "cannot_say":
                waiting.add_row(Text(clock.title), Text(clock.why, style=DIM))
        out.print(picture.section("No day can be named yet", waiting))


def _clock(clock: ClockLine) -> Text:
    text = Text(clock.title, style="bold")
    text.append(f"  {clock.state.replace('_', ' ')}", style=f"not bold {STATES[clock.state]}")
    nature = NATURES.get(clock.nature, clock.nature.replace("_", " "))
    text.append(f"\n{nature} · “{clock.step_title}”", style="not bold")
    if clock.legal_on and clock.advisory_on:
        text.append(f" · better by {say_day(clock.advisory_on)}", style="not bold")
    text.append(f"\n{clock.why}", style=f"not bold {DIM}")
    text.append(f"\n{clock.source_title or clock.source or 'no source named'}", style=f"not bold {DIM}")
    text.append(f" · {clock.source_note}" if clock.source_note else "", style="not bold yellow")
    return text


def _target(target: Expected) -> Text:
    late = target.late is not None and target.late > 0
    text = Text(f"\n{target.milestone.replace('_', ' ').capitalize()}: ", style="bold")
    text.append(f"planned {say_date(target.planned)}, " if target.planned else "not planned yet, ", style="not bold")
    text.append(f"expected {say_day(target.likely)}", style="red" if late else "green")
    text.append(f" (between {say_day(target.optimistic)} and {say_day(target.pessimistic)})", style=f"not bold {DIM}")
    text.append(f"\n{target.why}", style=f"not bold {DIM}")
    return text


def _say_plan(out: Console, planned: Plan) -> None:
    days = ("At the latest", "Agreed", "Expected")
    title = "\nThe plan, unfinished steps"
    rows = Rows("Step", *days, "Between", "Late", title=title, whole=("Late", *days))
    for line in planned.lines:
        between = picture.brief(f"{say_day(line.optimistic)} and {say_day(line.pessimistic)}")
        rows.add_row(
            Text(line.title),
            Text(picture.brief_day(line.latest)),
            Text(picture.brief_day(line.agreed)),
            Text(picture.brief_day(line.likely), style="red" if line.late else ""),
            Text(between, style=DIM),
            Text(picture.days(line.late) if line.late else "", style="red"),
        )
    out.print(rows)


def milestones(formation: FormationKey, as_person: AsPerson, on: On = "", json_: AsJson = False) -> None:
    """Planned, forecast and actual days of every milestone, and how far they have slipped."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> tuple[MilestoneLine, ...]:
            return calendar.milestones(looking.look(db, formation, by=as_person, today=day, law=app.law))

        found = app.read(use_case)
    if json_:
        print_json([picture.plain(m) for m in found])
        return
    console().print(milestone_table(found))


def milestone_table(found: tuple[MilestoneLine, ...]) -> Rows:
    """Milestones as rows: first and last plan, forecast, actual, slip."""
    days = ("First plan", "Last plan", "Expected", "Happened")
    rows = Rows("", "Milestone", *days, "Slip", whole=days)
    for one in found:
        rows.add_row(
            Text("◆" if one.actual else "◇", style="green" if one.actual else DIM),
            Text(one.title.capitalize(), style=DIM if one.may_not_apply else ""),
            Text(picture.brief(say_date(one.first_plan)) if one.first_plan else ""),
            Text(picture.brief(say_date(one.last_plan)) if one.last_plan and one.replanned else "", style=DIM),
            Text(picture.brief_day(one.forecast) if not one.actual else ""),
            Text(picture.brief(say_date(one.actual)) if one.actual else "", style="green"),
            _slip(one.slip),
        )
    return rows


def _slip(slip: tuple[int, int] | None) -> Text:
    """Days against the first plan: late is red, early is green."""
    if slip is None:
        return Text("")
    least, most = slip
    if least == most:
        words = "on the day" if least == 0 else f"{picture.days(abs(least))} {'late' if least > 0 else 'early'}"
    else:
        words = f"{least} to {most} days"
    return Text(words, style="red" if least > 0 else "green")
