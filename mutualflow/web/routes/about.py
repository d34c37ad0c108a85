"""Pages about the site itself: for everybody, signed in or not."""

from starlette.responses import Response

from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.web.words import ABOUT

rooms = Rooms()


@rooms.get("/about/{page}", needs=Needs.ANYONE)
def about(visit: Visit) -> Response:
    """One of them."""
    if visit.at("page") not in ABOUT:
        visit.nothing_here()
    return visit.page(f"about_{visit.at('page')}.html")
