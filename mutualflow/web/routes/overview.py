"""Pages of a project that are read: answers, tasks, plan, dates of law, people, what happened."""

from starlette.responses import Response

from mutualflow.services import answers as all_answers
from mutualflow.services import dates, history, step_page
from mutualflow.services import people as service
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()


@rooms.get("/projects/{project}/dates", needs=Needs.MEMBER)
def dates_of_law(visit: Visit) -> Response:
    """Every clock: what it counts from, its day, its rule and source."""
    look = visit.look()
    clocks = dates.clocks(look)
    values = {"project": look.formation.key, "name": look.formation.name, "clocks": clocks}
    return visit.page("dates.html", values)


@rooms.get("/projects/{project}/plan", needs=Needs.MEMBER)
def plan(visit: Visit) -> Response:
    """Milestones planned, expected and actual; every unfinished step's days."""
    look = visit.look()
    values = {
        "project": look.formation.key,
        "name": look.formation.name,
        "milestones": dates.milestones(look),
        "plan": dates.plan(look),
    }
    return visit.page("plan.html", values)


@rooms.get("/projects/{project}/tasks", needs=Needs.MEMBER)
def tasks(visit: Visit) -> Response:
    """What each person owes, by when, and what it holds up."""
    look = visit.look()
    values = {"project": look.formation.key, "name": look.formation.name, "tasks": step_page.tasks(look)}
    return visit.page("tasks.html", values)


@rooms.get("/projects/{project}/people", needs=Needs.MEMBER)
def people(visit: Visit) -> Response:
    """Who holds which role for which side, who is away, and roles that nobody holds."""
    look = visit.look()
    return visit.page("people.html", {"project": look.formation.key, "people": service.people(look)})


@rooms.get("/projects/{project}/history", needs=Needs.MEMBER)
def happened(visit: Visit) -> Response:
    """What happened, the newest first, a page at a time."""
    look = visit.look()
    before = visit.request.query_params.get("before", "")
    number = int(before) if before.isdigit() and len(before) < 10 else 0
    values = {"project": look.formation.key, "page": history.page(look, before=number)}
    return visit.page("history.html", values)


@rooms.get("/projects/{project}/answers", needs=Needs.MEMBER)
def answers(visit: Visit) -> Response:
    """Every answer that was given."""
    look = visit.look()
    values = {"project": look.formation.key, "name": look.formation.name, "steps": all_answers.answers(look)}
    return visit.page("answers.html", values)
