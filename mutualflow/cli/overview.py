"""Where things stand: one formation as a picture, and what waits over all formations."""

from typing import Annotated

import typer
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, print_json, today
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.services import home, looking, work
from mutualflow.services.home import Home
from mutualflow.services.work import Work
from mutualflow.storage import people, seen
from mutualflow.wiring.app import App

AsMaybe = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="whose work; without it, what waits for anybody", show_default="")
]


def status(formation: FormationKey, as_person: AsPerson, on: On = "", json_: AsJson = False) -> None:
    """Where a formation stands: a picture of the walk, who is waited for, dates, and what is new to you."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> tuple[int, int, Home]:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return look.formation.id, look.formation.events, home.home(look)

        ident, events, page = app.read(use_case)
        if json_:
            print_json(picture.plain(page))
            return
        picture.home(console(), page, as_person)
        _mark_seen(app, as_person, ident, events)


def _mark_seen(app: App, person: str, formation: int, events: int) -> None:
    """What was shown counts as read: the one thing that looking changes."""
    app.write(lambda db: seen.mark(db, person, formation, events))


def next(as_person: AsMaybe = "", on: On = "", json_: AsJson = False) -> None:
    """What waits for you over all formations, what matters most first; without --as, what waits for anybody."""
    day = today(on)

    def use_case(db: Connection) -> Work:
        if not as_person:
            return work.anybody(db, day)
        if people.person(db, as_person) is None:
            raise Refused(Refusal.UNKNOWN_KEY, f"Nobody is known as “{as_person}”.")
        return work.mine(db, as_person, day)

    with application() as app:
        found = app.read(use_case)
    if json_:
        print_json(picture.plain(found))
        return
    out = console()
    if not found.lines:
        out.print("Nothing waits for you." if as_person else "Nobody is waited for.")
        return
    out.print(picture.waits(found.lines, by=as_person, with_formation=True))
    if found.more:
        out.print(f"\nand {found.more} or more beyond these", style="bright_black")
