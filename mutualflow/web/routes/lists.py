"""Record lists: rows to add, change and take out, and "that is all of them"."""

from starlette.responses import Response

from mutualflow.domain.acts import AddRow, CompleteList, RetireRow
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Question, RecordList, say
from mutualflow.services import step_page
from mutualflow.services.looking import Look
from mutualflow.web import changing, choices, forms, inputs
from mutualflow.web.inputs import Wrong
from mutualflow.web.routes.questions import box_of
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()
LIST = "/projects/{project}/steps/{step}/lists/{list}"
ROW = LIST + "/{row}"
OUT = ROW + "/out"
NEW = "new"


@rooms.get(LIST, needs=Needs.MEMBER)
def rows(visit: Visit) -> Response:
    """The rows of a list."""
    return _rows(visit, visit.look(), [])


@rooms.post(LIST, needs=Needs.MEMBER)
def close(visit: Visit) -> Response:
    """That is all of them."""
    records = visit.site.app.read(lambda db: _list(visit, visit.look(db)))
    return changing.change(
        visit,
        CompleteList(list=records.key, confirm=visit.form.texts("confirm")),
        what=say(records.label),
        then=f"/projects/{visit.at('project')}/steps/{visit.at('step')}",
        again=lambda look, wrong: _rows(visit, look, wrong),
    )


@rooms.post(OUT, needs=Needs.MEMBER)
def take_out(visit: Visit) -> Response:
    """One of them is taken out."""
    records = visit.site.app.read(lambda db: _list(visit, visit.look(db)))
    return changing.change(
        visit,
        RetireRow(list=records.key, row=visit.at("row"), confirm=visit.form.texts("confirm")),
        what=say(records.label),
        then=_here(visit),
        again=lambda look, wrong: _rows(visit, look, wrong),
    )


@rooms.get(ROW, needs=Needs.MEMBER)
def row(visit: Visit) -> Response:
    """One row: a new one, or one to change."""
    return _row(visit, visit.look(), [])


@rooms.post(ROW, needs=Needs.MEMBER)
def save(visit: Visit) -> Response:
    """Save a row."""
    records, values, wrong = visit.site.app.read(lambda db: _sent(visit, visit.look(db)))
    if wrong:
        return visit.site.app.read(lambda db: _row(visit, visit.look(db), wrong))
    named = forms.made_key(visit.form, "r") if visit.at("row") == NEW else visit.at("row")
    return changing.change(
        visit,
        AddRow(
            list=records.key,
            row=named,
            values=values,
            seen=visit.form.number("seen"),
            confirm=visit.form.texts("confirm"),
        ),
        what=say(records.label),
        then=_here(visit),
        again=lambda look, wrong: _row(visit, look, wrong),
    )


def _rows(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    records = _list(visit, look)
    shown = step_page.step_page(look, visit.at("step"))
    values = {
        "project": look.formation.key,
        "step": shown,
        "list": next((one for one in shown.lists if one.key == records.key), None),
        "may": {offer.act for offer in shown.acts if offer.allowed},
        "readers": choices.AUDIENCES[records.audience],
        "errors": wrong or None,
    }
    if values["list"] is None:
        visit.nothing_here()
    return visit.page("list.html", values, status=422 if wrong else 200)


def _row(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    records, key = _list(visit, look), visit.at("row")
    held = look.formation.rows.get((records.key, key))
    if key != NEW and (held is None or held.retired):
        visit.nothing_here()
    said = {c.key: _held(look, records, key, c) for c in _columns(look, records)}
    values = {
        "project": look.formation.key,
        "step": visit.at("step"),
        "label": say(records.label),
        "records": records,
        "row": key,
        "new": key == NEW,
        "seen": held.event if held else None,
        "boxes": [(c, box_of(look, c, c.key)) for c in _columns(look, records)],
        "said": said,
        "parts": {c: inputs.date_parts(text) for c, text in said.items()},
        "sent": inputs.as_sent(visit.form),
        "readers": choices.AUDIENCES[records.audience],
        "errors": wrong or None,
    }
    return visit.page("row.html", values, status=422 if wrong else 200)


def _sent(visit: Visit, look: Look) -> tuple[RecordList, dict[str, str], list[Wrong]]:
    """The columns that were filled in or changed, and what is wrong with them."""
    records = _list(visit, look)
    values: dict[str, str] = {}
    wrong = []
    for column in _columns(look, records):
        box = box_of(look, column, column.key)
        try:
            said = inputs.sent(visit.form, box)
        except ValueError as fault:
            wrong.append(Wrong(box.at, f"{say(column.label)}: {fault}"))
            continue
        if said and said != _held(look, records, visit.at("row"), column):
            values[column.key] = said
    return records, values, wrong


def _columns(look: Look, records: RecordList) -> list[Question]:
    return [c for c in records.columns.values() if look.sees(c.audience)]


def _held(look: Look, records: RecordList, row: str, column: Question) -> str:
    said = look.formation.answers.get((column.key, f"{records.key}/{row}"))
    return said.text if said and said.text != NOT_KNOWN else ""


def _list(visit: Visit, look: Look) -> RecordList:
    """The list of this path, if the step asks it and the person may see it."""
    step = look.pathway.steps.get(visit.at("step"))
    source = look.pathway.steps.get(step.puts_right) if step and step.puts_right else step
    records = look.pathway.lists.get(visit.at("list"))
    asked = source is not None and records is not None and records.key in {a.key for a in source.lists}
    if records is None or not asked or not look.sees(records.audience):
        visit.nothing_here()
    return records


def _here(visit: Visit) -> str:
    return f"/projects/{visit.at('project')}/steps/{visit.at('step')}/lists/{visit.at('list')}"
