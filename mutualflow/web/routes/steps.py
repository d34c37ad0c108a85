"""A step: why it matters, what is asked, who has to approve it, and what the person may do."""

from starlette.responses import Response

from mutualflow.domain.pathway import say
from mutualflow.services import step_page as service
from mutualflow.services.looking import Look
from mutualflow.services.offers import Offer
from mutualflow.services.step_page import StepPage
from mutualflow.web.act_words import ON_A_STEP
from mutualflow.web.choices import AUDIENCES
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()
ON_A_ROUND = ("take", "approve", "approve_subject_to", "return", "check_decision")
"""Done from the page of what was sent, where it can be read."""


@rooms.get("/projects/{project}/steps/{step}", needs=Needs.MEMBER)
def step(visit: Visit) -> Response:
    """One step, whole."""
    look = visit.look()
    page = service.step_page(look, visit.at("step"))
    values = {
        "step": page,
        "project": page.formation,
        "audiences": AUDIENCES,
        "may": {offer.act for offer in page.acts if offer.allowed},
        "offers": _pages(page, allowed=True),
        "not_now": _pages(page, allowed=False),
        "send": next((o for o in page.acts if o.act == "submit"), None),
        "paper_title": lambda key: title_of(visit, look, key),
        "pointed_at": lambda point: pointed_at(look, page.key, point),
        "first_open": next((q.key for q in page.questions if not q.answer and not q.optional), ""),
        "on_round": page.round is not None and any(o.allowed and o.act in ON_A_ROUND for o in page.acts),
    }
    return visit.page("step.html", values)


def _pages(page: StepPage, *, allowed: bool) -> tuple[Offer, ...]:
    """Acts that have a page of their own and are not done from a round."""
    return tuple(
        offer
        for offer in page.acts
        if offer.act in ON_A_STEP and offer.act not in ON_A_ROUND and offer.allowed is allowed
    )


def pointed_at(look: Look, step: str, point: str) -> tuple[str, str]:
    """What a return points at, in words, and the page on which it is mended."""
    base = f"/projects/{look.formation.key}"
    if point in look.formation.evidence:
        held = look.formation.evidence[point]
        return (held.name, f"{base}/evidence/{point}") if look.sees(held.audience) else ("a file", "")
    if not look.sees_key(point):
        return "a question that you cannot see", ""
    return look.label(point), f"{base}/steps/{step}/{'lists' if point in look.pathway.lists else 'questions'}/{point}"


def title_of(visit: Visit, look: Look, document: str) -> str:
    """A document's title in the release that the project is pinned to."""
    template = visit.site.app.templates_of(look.db, look.formation.release).get(document)
    return say(template.about.title) if template else document.replace("_", " ")
