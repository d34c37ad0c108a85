"""Papers: kept versions, drafts with their blanks and who fills them, and PDFs to take away."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, print_json, today
from mutualflow.cli.rows import Rows
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.pathway import say
from mutualflow.services import blanks, looking
from mutualflow.services import documents as shelf
from mutualflow.services.blanks import BlankLine
from mutualflow.services.documents import KeptLine, ToPrint
from mutualflow.storage import files
from mutualflow.storage.files import DiskFault
from mutualflow.wiring import papers
from mutualflow.wiring.app import App
from mutualflow.wiring.papers import Made

DIM = "bright_black"


@dataclass(frozen=True, slots=True)
class Draft:
    """One document as it would be printed now, with what it lacks."""

    document: str
    title: str
    catalogue: str
    step: str
    step_title: str
    for_filing: bool
    blanks: tuple[BlankLine, ...]


def documents(
    formation: FormationKey,
    as_person: AsPerson,
    blanks_of: Annotated[
        str, typer.Option("--blanks", help="what this document still lacks, and who knows it", show_default="")
    ] = "",
    draft: Annotated[str, typer.Option("--draft", help="print a draft of this document", show_default="")] = "",
    step: Annotated[
        str, typer.Option("--step", help="for the step that prints it, where two do", show_default="")
    ] = "",
    save: Annotated[str, typer.Option("--save", help="write the PDF of this kept version", show_default="")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="where the PDF goes", show_default=False)] = None,
    on: On = "",
    json_: AsJson = False,
) -> None:
    """Documents kept and drafts to print, with their blanks."""
    day = today(on)
    with application() as app:
        kept, found = app.read(lambda db: _read(db, app, formation, as_person, day, draft or blanks_of))
        drafts = tuple(one for one, _ in found)
        if save:
            _save(app, kept, save, out, json_)
        elif draft:
            chosen = _named(drafts, draft, step)
            _print_draft(app, formation, chosen, next(made for one, made in found if one is chosen), day, out, json_)
        elif blanks_of:
            _say_blanks(_named(drafts, blanks_of, step), json_)
        elif json_:
            print_json({"kept": [picture.plain(k) for k in kept], "drafts": [picture.plain(d) for d in drafts]})
        else:
            _say(console(), kept, drafts)


def _read(
    db: Connection, app: App, formation: str, by: str, day: date, only: str
) -> tuple[tuple[KeptLine, ...], tuple[tuple[Draft, Made], ...]]:
    """What is kept and what would be printed, as far as she may see it."""
    look = looking.look(db, formation, by=by, today=day, law=app.law)
    snapshot = papers.take(db, app, formation)
    assert snapshot is not None
    drafts = []
    for one in shelf.to_print(look):
        template = snapshot.templates.get(one.document)
        if template is None or not look.sees(template.about.audience) or only not in ("", one.document):
            continue
        produced = next(p for p in look.pathway.steps[one.step].produces if p.document == one.document)
        made = papers.make(app, snapshot, one.step, produced, day, draft=True)
        drafts.append((_draft(one, say(template.about.title), blanks.blanks(look, made.lacks)), made))
    return shelf.kept(look), tuple(drafts)


def _draft(one: ToPrint, title: str, lacks: tuple[BlankLine, ...]) -> Draft:
    return Draft(one.document, title, one.catalogue, one.step, one.step_title, one.for_filing, lacks)


def _named(drafts: tuple[Draft, ...], document: str, step: str) -> Draft:
    found = next((d for d in drafts if d.document == document and step in ("", d.step)), None)
    if found is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"No step of this formation that you may see prints “{document}”.")
    return found


def _say(out: Console, kept: tuple[KeptLine, ...], drafts: tuple[Draft, ...]) -> None:
    if kept:
        rows = Rows("", "Version", "Document", "Step", "Kept on", "Blanks", title="Kept", whole=("Version", "Kept on"))
        for one in kept:
            rows.add_row(
                Text("●" if one.printed else "◐", style="green" if one.printed else "yellow"),
                Text(one.number, style=DIM if one.superseded else ""),
                Text(one.document.replace("_", " ")),
                Text(one.step_title + (f", round {one.round}" if one.round else "")),
                Text(picture.brief_day(one.kept_on)),
                Text(str(one.blanks) if one.blanks else "none", style="yellow" if one.blanks else "green"),
            )
        out.print(rows)
        out.print()
    rows = Rows("", "Document", "Printed by", "Blanks", "Official texts", title="Drafts as of now")
    for draft in drafts:
        gaps = sum(1 for b in draft.blanks if b.lack == "prescribed")
        lacks = len(draft.blanks) - gaps
        name = Text(draft.title)
        name.append(f"\n{draft.document} · {draft.catalogue}{' · for filing' if draft.for_filing else ''}", style=DIM)
        rows.add_row(
            Text("○", style="yellow" if draft.blanks else "green"),
            name,
            Text(draft.step_title),
            Text(str(lacks) if lacks else "none", style="yellow" if lacks else "green"),
            Text(f"{gaps} not loaded" if gaps else "", style="yellow"),
        )
    out.print(rows)
    out.print(Text("\n--blanks DOCUMENT says what is missing and who knows it; --draft DOCUMENT prints it", style=DIM))


def _say_blanks(draft: Draft, json_: bool) -> None:
    if json_:
        print_json(picture.plain(draft))
        return
    out = console()
    count = len(draft.blanks)
    if not count:
        out.print(f"[bold]{escape(draft.title)}[/]: nothing is missing")
        return
    out.print(f"[bold]{escape(draft.title)}[/]: {count} {'thing is' if count == 1 else 'things are'} missing")
    for (_, title, who), lacks in groupby(sorted(draft.blanks, key=_asked), key=_asked):
        where = Text(f"\n{title}" if title else "\nWhat follows from other answers, or from outside", style="bold")
        where.append(f"  {who}" if who else "", style=f"not bold {DIM}")
        out.print(where)
        out.print(Padding(picture.hanging((Text("○", style="yellow"), _lack(one)) for one in lacks), (0, 0, 0, 2)))


def _asked(one: BlankLine) -> tuple[bool, str, str]:
    """The step that asks it, and of whom; what no step asks comes last."""
    return not one.step_title, one.step_title, ", ".join(one.people) or one.who


def _lack(one: BlankLine) -> Text:
    text = Text(one.words, style="bold")
    text.append(f"  {one.key}" if one.key else "", style=f"not bold {DIM}")
    text.append(f"\n{one.question}" if one.question else "", style="not bold")
    by = " --as PERSON" if one.step else ""
    text.append(f"\n{one.command}{by}" if one.command else "", style="not bold cyan")
    return text


def _print_draft(app: App, formation: str, draft: Draft, made: Made, day: date, out: Path | None, json_: bool) -> None:
    pdf = papers.print_one(app, made.paper, made.row.model.encode(), day)
    target = out or Path(f"{formation}-{draft.document}-draft.pdf")
    _write(target, pdf)
    if json_:
        print_json({**picture.plain(draft), "file": str(target)})
        return
    lacks = f", with {len(draft.blanks)} blanks" if draft.blanks else ""
    console().print(f"[green]✔[/] A draft of {escape(draft.title)}{lacks}: {escape(str(target))}")


def _save(app: App, kept: tuple[KeptLine, ...], number: str, out: Path | None, json_: bool) -> None:
    found = next((k for k in kept if k.number == number), None)
    if found is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no kept version “{number}”.")
    if not found.pdf_sha256:
        raise Refused(Refusal.NOT_PRINTED, f"“{number}” is still being printed. Try again in a moment.")
    target = out or Path(f"{number.replace('/', '-')}.pdf")
    _write(target, files.read(app.settings.printed_dir, found.pdf_sha256))
    if json_:
        print_json({**picture.plain(found), "file": str(target)})
        return
    console().print(f"[green]✔[/] {escape(str(target))}")


def _write(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        raise DiskFault(f"{target} could not be written: {error.strerror or 'input/output error'}.") from None
