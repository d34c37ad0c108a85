"""What an answer or a changed list would do, shown before it is given: `--preview` on the acts that answer."""

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape

from mutualflow.cli import picture
from mutualflow.cli.common import console, print_json
from mutualflow.domain.acts import Act, AddRow, Answer, CompleteList, RetireRow
from mutualflow.services import looking, previewing
from mutualflow.services.previewing import Change, Preview
from mutualflow.wiring.app import App

Show = Annotated[bool, typer.Option("--preview", help="say what it would reopen, and change nothing")]

ANSWERING = (Answer, AddRow, RetireRow, CompleteList)

HOW = {
    "taken_back": "would go back in hand",
    "reopened": "would open again",
    "put_right": "would have to be put right",
    "listed": "would be listed to be looked at",
}


def is_answering(act: type[Act]) -> bool:
    """Can this act's effect be seen before?"""
    return act in ANSWERING


def show(app: App, formation: str, change: Change, *, by: str, day: date, as_json: bool) -> None:
    """Print what the change would do; Refused as the change itself would be."""
    found = app.read(lambda db: previewing.preview(looking.look(db, formation, by=by, today=day, law=app.law), change))
    if as_json:
        print_json(picture.plain(found))
    else:
        _say(found)


def _say(found: Preview) -> None:
    out = console()
    if not found.touched:
        out.print("It would touch nothing that has been put forward or approved. Nothing has been changed.")
        return
    for one in found.touched:
        because = f", because of {', '.join(f'“{why}”' for why in one.because)}" if one.because else ""
        out.print(escape(f"“{one.title}” {HOW[one.how]}{because}{' (a gate)' if one.gate else ''}."))
    if found.confirm:
        options = " ".join(f"--confirm {key}" for key in found.confirm)
        out.print(f"Whoever accepts that gives {options} with it.")
    out.print("Nothing has been changed.")
