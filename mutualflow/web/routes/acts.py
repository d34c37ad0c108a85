"""Acts on a step that need a few words or a day: one page for each, made from the table of acts."""

from collections.abc import Callable

from starlette.responses import Response

from mutualflow.domain.acts import Act
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.spelling import act_of
from mutualflow.services import step_page
from mutualflow.services.looking import Look
from mutualflow.web import act_boxes, choices, forms, inputs
from mutualflow.web.act_words import ANSWERED, ON_A_PROJECT, ON_A_STEP
from mutualflow.web.inputs import Wrong
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()
PATH = "/projects/{project}/steps/{step}/act/{act}"
PROJECT_PATH = "/projects/{project}/act/{act}"
AFTER = {"plan": "plan", "lay_task": "tasks", "be_away": "people", "confirm_role": "people", "end_role": "people"}
"""Act -> the page of the project that shows what it did."""

PLACES = ("slot", "organisation")
"""Which approval is meant, where a person may give several."""

ABOUT_THE_FORM = frozenset({Refusal.INVALID_VALUE, Refusal.MISSING, Refusal.ORDER, Refusal.NOT_ON_FILE})


@rooms.get(PATH, needs=Needs.MEMBER)
def before(visit: Visit) -> Response:
    """What the act says and needs."""
    return _page(visit, visit.look(), [])


@rooms.post(PATH, needs=Needs.MEMBER)
def do(visit: Visit) -> Response:
    """Do it; what is wrong with the form is shown with the form, as it was sent."""
    step, name = f"/projects/{visit.at('project')}/steps/{visit.at('step')}", visit.at("act")
    return _done(visit, _sent, _page, f"{step}/answered/{name}" if name in ANSWERED else step)


@rooms.get(PROJECT_PATH, needs=Needs.MEMBER)
def before_project(visit: Visit) -> Response:
    """What an act on the whole project says and needs."""
    return _project_page(visit, visit.look(), [])


@rooms.post(PROJECT_PATH, needs=Needs.MEMBER)
def do_project(visit: Visit) -> Response:
    """Do it; what is wrong with the form is shown with the form, as it was sent."""
    home, after = f"/projects/{visit.at('project')}", AFTER.get(visit.at("act"))
    return _done(visit, _project_sent, _project_page, f"{home}/{after}" if after else home)


def _done(
    visit: Visit,
    sent: Callable[[Visit, Look], tuple[Act | None, list[Wrong]]],
    page: Callable[[Visit, Look, list[Wrong]], Response],
    then: str,
) -> Response:
    """Do what was sent and lead on, or show the page again with what is wrong."""
    act, wrong = visit.site.app.read(lambda db: sent(visit, visit.look(db)))
    if act is not None:
        try:
            return visit.act(act, then=then)
        except Refused as refused:
            if refused.code not in ABOUT_THE_FORM:
                raise
            wrong = [Wrong("", refused.sentence)]
    return visit.site.app.read(lambda db: page(visit, visit.look(db), wrong))


def _project_sent(visit: Visit, look: Look) -> tuple[Act | None, list[Wrong]]:
    if visit.at("act") not in ON_A_PROJECT:
        visit.nothing_here()
    said: dict[str, object] = {}
    if visit.at("act") == "lay_task":
        said["key"] = forms.made_key(visit.form, "t")
    return _made(visit, look, "", said)


def _project_page(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    name = visit.at("act")
    if name not in ON_A_PROJECT:
        visit.nothing_here()
    values = {
        "project": look.formation.key,
        "name": look.formation.name,
        "words": ON_A_PROJECT[name],
        "boxes": act_boxes.boxes(look, "", name),
        "sent": inputs.as_sent(visit.form),
        "errors": wrong or None,
    }
    return visit.page("project_act.html", values, status=422 if wrong else 200)


def _sent(visit: Visit, look: Look) -> tuple[Act | None, list[Wrong]]:
    """The act as the form says it, or what is wrong with the form."""
    _known(visit, look)
    said: dict[str, object] = {"step": visit.at("step")}
    said |= {place: visit.form.text(place) for place in PLACES if visit.form.text(place)}
    return _made(visit, look, visit.at("step"), said)


def _made(visit: Visit, look: Look, step: str, said: dict[str, object]) -> tuple[Act | None, list[Wrong]]:
    """The act from its boxes and what is said already."""
    name, form = visit.at("act"), visit.form
    wrong: list[Wrong] = []
    for box in act_boxes.boxes(look, step, name):
        if box.kind == "conditions":
            said[box.name], missing = act_boxes.conditions(form)
            wrong += [Wrong("condition-1-title", words) for words in missing]
        elif box.kind == "choices" and box.name == "points":
            said[box.name] = form.texts(box.name)
        else:
            try:
                said[box.name] = inputs.sent(form, box) or None
            except ValueError as fault:
                wrong.append(Wrong(box.at, f"{box.label}: {fault}"))
    if (seen := form.number("seen")) is not None:
        said["seen"] = seen
    if wrong:
        return None, wrong
    try:
        return act_of(name, {key: value for key, value in said.items() if value not in (None, [], ())}), []
    except Refused as refused:
        return None, [Wrong("", refused.sentence)]


def _page(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    _known(visit, look)
    step, name = visit.at("step"), visit.at("act")
    shown = step_page.step_page(look, step)
    offer = next((o for o in shown.acts if o.act == name), None)
    query = visit.request.query_params
    values = {
        "project": look.formation.key,
        "step": shown,
        "act": name,
        "words": ON_A_STEP[name],
        "boxes": act_boxes.boxes(look, step, name),
        "people": choices.members(look),
        "rows": range(1, act_boxes.CONDITION_ROWS + 1),
        "offer": offer,
        "sent": inputs.as_sent(visit.form),
        "places": {place: visit.form.text(place) or query.get(place, "") for place in PLACES},
        "errors": wrong or None,
    }
    return visit.page("act.html", values, status=422 if wrong else 200)


def _known(visit: Visit, look: Look) -> None:
    """404 for a step or an act that there is not."""
    if visit.at("step") not in look.pathway.steps or visit.at("act") not in ON_A_STEP:
        visit.nothing_here()
