"""One task: what is owed, and saying that it is done, accepting it, or taking it back."""

from starlette.responses import Response

from mutualflow.domain.acts import Accept, Act, Done, WithdrawTask
from mutualflow.services import step_page
from mutualflow.services.looking import Look
from mutualflow.services.step_page import TaskLine
from mutualflow.web import choices
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()
TASK = "/projects/{project}/tasks/{task}"


@rooms.get(TASK, needs=Needs.MEMBER)
def task(visit: Visit) -> Response:
    """One task."""
    look = visit.look()
    line = _line(visit, look)
    held = look.formation.tasks[line.key]
    values = {
        "project": look.formation.key,
        "task": line,
        "mine": held.owner == look.by,
        "files": choices.files(look, line.step) if line.step else {},
    }
    return visit.page("task.html", values)


@rooms.post(TASK, needs=Needs.MEMBER)
def move(visit: Visit) -> Response:
    """Done, accepted or taken back; the core says who may."""
    line = visit.site.app.read(lambda db: _line(visit, visit.look(db)))
    act: Act
    match visit.form.text("way"):
        case "done":
            act = Done(task=line.key, evidence=visit.form.text("evidence"))
        case "accept":
            act = Accept(task=line.key)
        case "withdraw":
            act = WithdrawTask(task=line.key, reason=visit.form.text("reason"))
        case _:
            visit.nothing_here()
    return visit.act(act, then=f"/projects/{visit.at('project')}/tasks/{line.key}")


def _line(visit: Visit, look: Look) -> TaskLine:
    found = next((line for line in step_page.tasks(look) if line.key == visit.at("task")), None)
    if found is None:
        visit.nothing_here()
    return found
