"""Replaying a history or a sample, and saying what it shows, what it leaves open and what cannot have been."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mutualflow.cli.codes import REFUSED
from mutualflow.cli.common import AsJson, application, console, now, print_json
from mutualflow.cli.rows import Rows
from mutualflow.domain.formation import Kind
from mutualflow.domain.keys import FORMS
from mutualflow.domain.record import short
from mutualflow.domain.replayed import Replayed, as_object
from mutualflow.domain.spans import Span
from mutualflow.wiring import histories
from mutualflow.wiring import replaying as wired
from mutualflow.wiring.publishing import ship


def replay(
    file: Annotated[Path, typer.Argument(help="a history or sample in YAML", show_default=False)],
    strict: Annotated[bool, typer.Option("--strict", help="refuse steps that have to be assumed, too")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="store a history, to look at like a formation")] = False,
    by: Annotated[str, typer.Option("--by", help="who stores it, and may then look at it")] = "operator",
    json_: AsJson = False,
) -> None:
    """Replay a history or sample and say what it shows.

    A history is what a record shows of a formation somewhere else; it is judged as it stands. A sample is invented and
    is lived, act by act, in a database that is thrown away afterwards. Exit 3 where something in it cannot have been.
    With --keep a history becomes a formation of its own kind, for status, milestones and history; nobody is waited for.
    """
    history = histories.load(file)
    if keep and history.kind is Kind.SAMPLE:
        raise typer.BadParameter("a sample is lived, not kept; “mutualflow demo” keeps one")
    with application() as app:
        if history.kind is Kind.SAMPLE:
            done = wired.live(history, ship(app), strict=strict)
        else:
            done = wired.judge(app, history, strict=strict)
        if keep and done.accepted:
            wired.keep(app, history, done, by=by, now=now())
    if json_:
        print_json(as_object(done))
    else:
        out = console()
        _say(out, history.title, history.note, done)
        if keep and done.accepted:
            out.print(f"\nKept. Look at it: [bold]mutualflow status {history.case} --as {by}[/]")
    if not done.accepted:
        raise typer.Exit(REFUSED)


def _say(out: Console, title: str, note: str, done: Replayed) -> None:
    invented = " (invented)" if done.kind == Kind.SAMPLE else ""
    out.print(f"[bold]{escape(title)}[/]{invented}: {_form(done.form)}")
    if note:
        out.print(escape(note), style="bright_black")
    for state in done.states:
        tail = f", {state.outcome.replace('_', ' ')}" if state.outcome else ""
        out.print(f"  {_day(state.on):<14} {state.state}{tail}{': ' + escape(state.reason) if state.reason else ''}")
    out.print(f"  The record goes until {_day(done.known_until)}.\n")
    shown = Rows("Milestone", "First plan", "Last plan", "Happened", "Slip (days)")
    for row in done.milestones:
        slip = row.slip or ()
        days = "" if not slip else f"{slip[0]:+}" if slip[0] == slip[1] else f"{slip[0]:+} to {slip[1]:+}"
        plans = (_day(row.first_plan), _day(row.last_plan) if row.last_plan != row.first_plan else "")
        shown.add_row(row.key.replace("_", " "), *plans, _day(row.actual), days)
    out.print(shown)
    _list(out, "Dates of law missed", [f"{c.why}{'' if c.certain else ' (perhaps)'}" for c in done.missed_clocks])
    _list(out, "No paper on file", [f"{e.about.replace('_', ' ')}, {e.on}" for e in done.missing_evidence])
    _list(out, "Reported", [r.sentence for r in done.reported])
    _list(out, "Cannot say", [f"{c.about.replace('_', ' ')}: {c.why}" for c in done.cannot_say])
    if done.assumed:
        out.print(f"\n[bold]Assumed[/] ({len(done.assumed)}), and never called checked:")
        out.print("  " + ", ".join(a.replace("_", " ") for a in done.assumed), style="bright_black")
    for no in done.refused:
        line = f"line {no.line}: " if no.line else ""
        out.print(f"[red]✘[/] {line}{escape(no.sentence)} ({no.code.value})")
    if done.accepted:
        out.print("\n[green]✔[/] Nothing in it is impossible.")


def _list(out: Console, heading: str, lines: list[str]) -> None:
    if lines:
        out.print(f"\n[bold]{heading}[/]")
        for line in lines:
            out.print(f"  {escape(line)}")


def _day(span: Span | None) -> str:
    return short(span) if span is not None else ""


def _form(form: str) -> str:
    word, _, rest = form.partition(" ")
    if word == "one_of":
        return "one of " + ", ".join(FORMS[key] for key in rest.split(","))
    if word == "other":
        return escape(rest)
    return FORMS.get(form, {"none": "no body of its own", "unknown": "form not known"}.get(form, form))
