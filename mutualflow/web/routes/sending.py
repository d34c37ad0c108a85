"""Sending a step: check the answers, then who gets it; and the page of what was sent, where it is answered."""

from starlette.responses import Response

from mutualflow.domain.acts import Submit
from mutualflow.domain.desk import words
from mutualflow.domain.ground import SLOTS
from mutualflow.services import documents, step_page
from mutualflow.services import rounds as service
from mutualflow.services.looking import Look
from mutualflow.web import inputs
from mutualflow.web.act_words import ANSWERED, ON_A_STEP
from mutualflow.web.inputs import Wrong
from mutualflow.web.routes.steps import ON_A_ROUND, pointed_at, title_of
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()
SEND = "/projects/{project}/steps/{step}/send"


@rooms.get(SEND, needs=Needs.MEMBER)
def check(visit: Visit) -> Response:
    """Check your answers."""
    return _check(visit, visit.look(), [])


@rooms.post(SEND, needs=Needs.MEMBER)
def send(visit: Visit) -> Response:
    """Put it forward, with the documents that are made from the answers."""
    try:
        day = inputs.span(visit.form, "happened_on")
    except ValueError as fault:
        wrong = [Wrong("happened_on-day", f"Enter a real date: {fault}")]
        return visit.site.app.read(lambda db: _check(visit, visit.look(db), wrong))
    act = Submit(step=visit.at("step"), seen=visit.form.number("seen"), happened_on=day)
    return visit.act(act, then=f"/projects/{visit.at('project')}/steps/{visit.at('step')}/sent")


@rooms.get("/projects/{project}/steps/{step}/sent", needs=Needs.MEMBER)
def sent(visit: Visit) -> Response:
    """It was sent: to whom, and what happens now."""
    look = visit.look()
    return visit.page("sent.html", {"project": look.formation.key, "step": step_page.step_page(look, visit.at("step"))})


@rooms.get("/projects/{project}/steps/{step}/answered/{act}", needs=Needs.MEMBER)
def answered(visit: Visit) -> Response:
    """What was sent is answered: what that means, who is next, and how it is taken back."""
    look = visit.look()
    shown = step_page.step_page(look, visit.at("step"))
    if visit.at("act") not in ANSWERED:
        visit.nothing_here()
    values = {
        "project": look.formation.key,
        "step": shown,
        "said": ANSWERED[visit.at("act")],
        "back": tuple(o for o in shown.acts if o.allowed and o.act in ("return", "reopen")),
        "words": ON_A_STEP,
    }
    return visit.page("answered.html", values)


@rooms.get("/projects/{project}/steps/{step}/rounds/{number}", needs=Needs.MEMBER)
def round_(visit: Visit) -> Response:
    """What was sent: answers, documents, files, who answered; and the difference from the round before."""
    look = visit.look()
    key, number = visit.at("step"), visit.at("number")
    shown = step_page.step_page(look, key)
    found = {one.round: one for one in service.of(look, key)}
    if not number.isdigit() or int(number) not in found:
        visit.nothing_here()
    one = found[int(number)]
    earlier = max((r for r in found if r < one.round), default=0)
    papers = {line.number: title_of(visit, look, line.document) for line in documents.kept(look)}
    values = {
        "project": look.formation.key,
        "step": shown,
        "round": one,
        "rounds": tuple(found),
        "earlier": earlier,
        "facts": tuple(f for f in service.facts(look, key, one.round) if f.key != SLOTS),
        "who": {words(s.slot): s.who for s in shown.slots},
        "pointed_at": lambda point: pointed_at(look, key, point),
        "papers": papers,
        "difference": service.difference(look, key, earlier, one.round) if earlier else None,
        "since": service.difference(look, key, one.round, service.NOW) if one.round == max(found) else None,
        "acts": tuple(o for o in shown.acts if o.act in ON_A_ROUND) if one.round == max(found) else (),
        "words": ON_A_STEP,
        "paper_title": lambda document: title_of(visit, look, document),
    }
    return visit.page("round.html", values)


def _check(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    shown = step_page.step_page(look, visit.at("step"))
    values = {
        "project": look.formation.key,
        "step": shown,
        "send": next((o for o in shown.acts if o.act == "submit"), None),
        "sent": inputs.as_sent(visit.form),
        "paper_title": lambda document: title_of(visit, look, document),
        "errors": wrong or None,
    }
    return visit.page("send.html", values, status=422 if wrong else 200)
