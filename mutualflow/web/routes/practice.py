"""Rooms of the practice site alone: be somebody, move the calendar on, read the mail."""

from typing import cast

from starlette.responses import Response

from mutualflow.services import door
from mutualflow.web import practice
from mutualflow.web.calendar import PracticeCalendar
from mutualflow.web.routes.doors import came_in, device
from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.web.templating import led

rooms = Rooms()
STEPS = {"day": 1, "week": 7}


@rooms.get("/practice", needs=Needs.PRACTICE)
def stage(visit: Visit) -> Response:
    """Everybody whom a visitor may be."""
    return visit.page("practice.html", {"players": practice.players(practice.load())})


@rooms.post("/practice/be", needs=Needs.PRACTICE)
def be(visit: Visit) -> Response:
    """Come in as somebody of the sample."""
    wanted = visit.form.text("person")
    if wanted not in {p.key for p in practice.players(practice.load())}:
        visit.nothing_here()
    on, now = device(visit), visit.clock
    token = visit.site.app.write(
        lambda db: door.begin(db, wanted, device=on, shared=False, now=now, strong=True)  # nobody here owns a factor
    )
    return came_in(token, "/work")


@rooms.post("/practice/calendar", needs=Needs.PRACTICE)
def move_on(visit: Visit) -> Response:
    """Move the calendar on by a day or a week; the walk of each day is done."""
    days = STEPS.get(visit.form.text("by"), 0)
    practice.move_on(visit.site.app, cast(PracticeCalendar, visit.site.calendar), days)
    return led("/practice")


@rooms.get("/practice/mail", needs=Needs.PRACTICE)
def mail(visit: Visit) -> Response:
    """The mails that would have been sent."""
    return visit.page("practice_mail.html", {"mails": list(practice.mails(visit.site.app.settings.mail_dir))})
