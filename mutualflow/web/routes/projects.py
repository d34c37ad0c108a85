"""My projects, and the home of one."""

from starlette.responses import Response

from mutualflow.services import home as service
from mutualflow.services import mine
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()


@rooms.get("/projects", needs=Needs.SIGNED_IN)
def projects(visit: Visit) -> Response:
    """Every project in which the person has a part."""
    return visit.page("projects.html", {"projects": mine.projects(visit.db, visit.person, visit.today)})


@rooms.get("/projects/{project}", needs=Needs.MEMBER)
def home(visit: Visit) -> Response:
    """Where everything stands, what is next, and what has changed since she was here last."""
    look = visit.look()
    return visit.page("home.html", {"home": service.home(look), "project": look.formation.key})
