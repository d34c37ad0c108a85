"""My own page: who I am here, and where I am signed in."""

from starlette.responses import Response

from mutualflow.services import mine
from mutualflow.storage import doors
from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.web.templating import led

rooms = Rooms()


@rooms.get("/account", needs=Needs.SIGNED_IN)
def account(visit: Visit) -> Response:
    """Roles, devices, the way out."""
    values = {
        "projects": mine.projects(visit.db, visit.person, visit.today),
        "sessions": doors.sessions(visit.db, visit.person),
    }
    return visit.page("account.html", values)


@rooms.post("/account/sessions", needs=Needs.SIGNED_IN)
def end(visit: Visit) -> Response:
    """End one session of mine, or all but this one."""
    session = visit.session
    assert session is not None
    only = visit.form.number("session")
    but = session.id if only is None else None
    visit.site.app.write(lambda db: doors.end_sessions(db, visit.person, visit.clock, only=only, but=but))
    return led("/account")
