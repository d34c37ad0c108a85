"""Probes for whoever runs the site."""

from starlette.responses import JSONResponse, Response

from mutualflow.storage import revision
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()


@rooms.get("/health/live", needs=Needs.ANYONE)
def live(visit: Visit) -> Response:
    """The process answers."""
    return JSONResponse({"live": True})


@rooms.get("/health/ready", needs=Needs.ANYONE)
def ready(visit: Visit) -> Response:
    """The database answers and is of this program's form; else 503."""
    revision.check(visit.db)
    return JSONResponse({"ready": True})
