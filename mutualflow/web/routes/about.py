"""Pages about the site itself: for everybody, signed in or not."""

from datetime import timedelta

from starlette.responses import PlainTextResponse, Response

from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.web.words import ABOUT

rooms = Rooms()


@rooms.get("/about/{page}", needs=Needs.ANYONE)
def about(visit: Visit) -> Response:
    """One of them."""
    if visit.at("page") not in ABOUT:
        visit.nothing_here()
    values = {"operator": visit.site.operator, "contact": visit.site.contact}
    return visit.page(f"about_{visit.at('page')}.html", values)


@rooms.get("/.well-known/security.txt", needs=Needs.ANYONE)
def security_txt(visit: Visit) -> Response:
    """Whom to tell of a hole (RFC 9116)."""
    expires = (visit.clock + timedelta(days=300)).replace(microsecond=0, second=0, minute=0, hour=0)
    lines = (f"Contact: mailto:{visit.site.contact}", f"Expires: {expires.isoformat()}", "Preferred-Languages: en, cy")
    return PlainTextResponse("\n".join(lines) + "\n")
