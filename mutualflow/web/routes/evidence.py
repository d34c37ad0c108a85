"""Files on a step: add one, read one, take a wrong one out."""

from starlette.responses import Response

from mutualflow.domain.acts import Attach, TakeOut
from mutualflow.domain.formation import Evidence
from mutualflow.domain.pathway import Brought, With, say
from mutualflow.services.looking import Look
from mutualflow.storage import files
from mutualflow.web import choices, forms, uploads
from mutualflow.web.inputs import Wrong
from mutualflow.web.site import Needs, Rooms, Visit

rooms = Rooms()
ADD = "/projects/{project}/steps/{step}/evidence/{evidence}"
UNNAMED = {
    "other": Brought("", {"en": "another file"}, comes_with=With.SUBMIT),
    "minute": Brought("", {"en": "the minute or letter of the decision"}, comes_with=With.RECORD_DECISION),
    "certificate": Brought("", {"en": "the certificate or letter of the register"}, comes_with=With.RECORD_ANSWER),
}
"""Files that a step may hold though it does not ask for them by name."""

FILE = "/projects/{project}/evidence/{file}"


@rooms.get(ADD, needs=Needs.MEMBER)
def choose(visit: Visit) -> Response:
    """Choose a file for what the step asks for."""
    return _page(visit, visit.look(), [])


@rooms.post(ADD, needs=Needs.MEMBER)
def add(visit: Visit) -> Response:
    """Keep the bytes, and attach them."""
    brought = visit.site.app.read(lambda db: _brought(visit, visit.look(db)))
    chosen = visit.form.file("file")
    wrong = "Choose a file" if chosen is None else uploads.fault(*chosen)
    if chosen is None or wrong:
        return visit.site.app.read(lambda db: _page(visit, visit.look(db), [Wrong("file", wrong)]))
    name, data = uploads.plain_name(chosen[0]), chosen[1]
    act = Attach(
        step=visit.at("step"),
        key=forms.made_key(visit.form, "f"),
        evidence=brought.evidence,
        name=name,
        comes_with=brought.comes_with.value,
    )
    return visit.act(act, then=f"/projects/{visit.at('project')}/steps/{visit.at('step')}", file=data)


@rooms.get(FILE, needs=Needs.MEMBER)
def one(visit: Visit) -> Response:
    """One file: what it is, and taking it out."""
    look = visit.look()
    return _one(visit, look, [])


@rooms.post(FILE, needs=Needs.MEMBER)
def take_out(visit: Visit) -> Response:
    """A wrong file: its bytes are destroyed, its hash stays."""
    held = visit.site.app.read(lambda db: _held(visit, visit.look(db)))
    reason = visit.form.text("reason")
    if not reason:
        wrong = [Wrong("reason", "Say why it is taken out")]
        return visit.site.app.read(lambda db: _one(visit, visit.look(db), wrong))
    act = TakeOut(step=held.step, key=held.key, reason=reason, confirm=visit.form.texts("confirm"))
    return visit.act(act, then=f"/projects/{visit.at('project')}/steps/{held.step}")


@rooms.get(FILE + "/file", needs=Needs.MEMBER)
def download(visit: Visit) -> Response:
    """The bytes, to be saved; never shown by the browser as a page of ours."""
    held = _held(visit, visit.look())
    if held.taken_out:
        visit.nothing_here()
    data = files.read(visit.site.app.settings.evidence_dir, held.sha256)
    headers = {"content-disposition": uploads.disposition(held.name), "content-security-policy": "sandbox"}
    return Response(data, media_type=uploads.media_type(held.name), headers=headers)


def _page(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    brought = _brought(visit, look)
    values = {
        "project": look.formation.key,
        "step": visit.at("step"),
        "step_title": look.title(visit.at("step")),
        "heading": say(brought.title) or brought.evidence.replace("_", " "),
        "allowed": uploads.ALLOWED,
        "readers": choices.AUDIENCES[brought.audience],
        "errors": wrong or None,
    }
    return visit.page("upload.html", values, status=422 if wrong else 200)


def _one(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    held = _held(visit, look)
    values = {
        "project": look.formation.key,
        "file": held,
        "by": look.name(held.by),
        "step_title": look.title(held.step),
        "readers": choices.AUDIENCES[held.audience],
        "errors": wrong or None,
    }
    return visit.page("file.html", values, status=422 if wrong else 200)


def _brought(visit: Visit, look: Look) -> Brought:
    """What the step asks for; or a minute, a certificate or another file that it has no name for."""
    step, wanted = look.pathway.steps.get(visit.at("step")), visit.at("evidence")
    found = next((b for b in step.brings if b.evidence == wanted), None) if step else None
    if step is not None and found is None and wanted in UNNAMED:
        return UNNAMED[wanted]
    if found is None or not look.sees(found.audience):
        visit.nothing_here()
    return found


def _held(visit: Visit, look: Look) -> Evidence:
    held = look.formation.evidence.get(visit.at("file"))
    if held is None or not look.sees(held.audience):
        visit.nothing_here()
    return held
