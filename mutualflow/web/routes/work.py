"""My work: what waits for me over all my projects, in the order in which it matters."""

from starlette.responses import Response

from mutualflow.services import work as service
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()


@rooms.get("/work", needs=Needs.SIGNED_IN)
def work(visit: Visit) -> Response:
    """Everything that waits for the person; not bounded by how many projects there are."""
    return visit.page("work.html", {"work": service.mine(visit.db, visit.person, visit.today)})
