"""My work: what waits for me over all my projects, in the order in which it matters."""

from starlette.responses import Response

from mutualflow.services import inviting
from mutualflow.services import work as service
from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.web.templating import led

rooms = Rooms()


@rooms.get("/work", needs=Needs.SIGNED_IN)
def work(visit: Visit) -> Response:
    """Everything that waits for the person; whoever was asked to something first says whether she takes it."""
    if inviting.waiting(visit.db, visit.person):
        return led("/invitation")
    return visit.page("work.html", {"work": service.mine(visit.db, visit.person, visit.today)})
