"""Documents as pages: drafts made from today's answers, and versions as they were sent, with their PDFs."""

from markupsafe import Markup
from starlette.responses import Response

from mutualflow.documents import page as fragments
from mutualflow.documents.library import Template
from mutualflow.documents.page import Links
from mutualflow.domain.document import missing
from mutualflow.domain.document_json import from_json
from mutualflow.domain.numbering import number
from mutualflow.domain.pathway import say
from mutualflow.services import blanks
from mutualflow.services import documents as service
from mutualflow.services.blanks import BlankLine
from mutualflow.services.looking import Look
from mutualflow.storage import documents as kept
from mutualflow.storage import files
from mutualflow.web import uploads
from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.wiring import papers

rooms = Rooms()
ALL = "/projects/{project}/documents"
TOP = 2


@rooms.get(ALL, needs=Needs.MEMBER)
def documents(visit: Visit) -> Response:
    """Versions that were sent or kept, drafts, and files, as far as the person may see them."""
    look = visit.look()
    values = {
        "project": look.formation.key,
        "name": look.formation.name,
        "kept": service.kept(look),
        "drafts": tuple(one for one in service.to_print(look) if _template(visit, look, one.document) is not None),
        "files": look.files(),
        "title": lambda key: _title(visit, look, key),
        "step_title": look.title,
    }
    return visit.page("documents.html", values)


@rooms.get(ALL + "/{number:path}.pdf", needs=Needs.MEMBER)
def pdf(visit: Visit) -> Response:
    """The PDF of a version."""
    look = visit.look()
    line = _line(visit, look)
    if not line.pdf_sha256:
        visit.nothing_here()
    data = files.read(visit.site.app.settings.printed_dir, line.pdf_sha256)
    name = f"{line.number.replace('/', '-')}.pdf"
    headers = {"content-disposition": uploads.disposition(name), "content-security-policy": "sandbox"}
    return Response(data, media_type="application/pdf", headers=headers)


@rooms.get(ALL + "/{number:path}", needs=Needs.MEMBER)
def version(visit: Visit) -> Response:
    """One version as a page, word for word as it was sent or kept."""
    look = visit.look()
    line = _line(visit, look)
    return _page(visit, look, line.key, line.model, {"version": line, "step": line.step})


@rooms.get("/projects/{project}/steps/{step}/documents/{document}", needs=Needs.MEMBER)
def draft(visit: Visit) -> Response:
    """What the document would say with today's answers; each gap leads to its question."""
    look = visit.look()
    step = look.pathway.steps.get(visit.at("step"))
    produced = next((p for p in step.produces if p.document == visit.at("document")), None) if step else None
    snapshot = papers.take(visit.db, visit.site.app, look.formation.key)
    if produced is None or snapshot is None or _template(visit, look, produced.document) is None:
        visit.nothing_here()
    made = papers.make(visit.site.app, snapshot, visit.at("step"), produced, visit.today, draft=True)
    return _page(visit, look, produced.document, made.row.model, {"version": None, "step": visit.at("step")})


def _page(visit: Visit, look: Look, document: str, text: str, values: dict[str, object]) -> Response:
    template = _template(visit, look, document)
    if template is None:
        visit.nothing_here()
    model = from_json(text)
    lacks = blanks.blanks(look, missing(model))
    at = {line.key: _asked_at(look, line) for line in lacks}
    links = Links(prefix="c-", blank=lambda key: at.get(key) or "#gaps")
    shown = fragments.fragment(model, template.about, number(model), links, TOP)
    return visit.page(
        "paper.html",
        {
            "project": look.formation.key,
            "title": model.title,
            "lang": model.lang,
            "step_title": look.title(str(values["step"])),
            "gaps": lacks,
            "gap_at": at,
            "paper": Markup(shown),
            **values,
        },
    )


def _asked_at(look: Look, line: BlankLine) -> str:
    """The page on which a gap can be filled; '' where it is none of the project's questions."""
    base = f"/projects/{look.formation.key}/steps/{line.step}"
    name = line.key.partition("/")[0].partition(".")[0]
    if not line.step:
        return ""
    if name in look.pathway.lists:
        return f"{base}/lists/{name}"
    return f"{base}/questions/{name}" if look.question(name) is not None else base


def _line(visit: Visit, look: Look) -> kept.Kept:
    """The version of this path, if the person may see it."""
    wanted = visit.at("number")
    seen = {line.number for line in service.kept(look)}
    found = kept.by_number(look.db, wanted) if wanted in seen else None
    if found is None:
        visit.nothing_here()
    return found


def _template(visit: Visit, look: Look, document: str) -> Template | None:
    """Its source in the release that the project is pinned to, if the person may see such a document."""
    template = visit.site.app.templates_of(look.db, look.formation.release).get(document)
    return template if template is not None and look.sees(template.about.audience) else None


def _title(visit: Visit, look: Look, document: str) -> str:
    template = _template(visit, look, document)
    return say(template.about.title) if template else document.replace("_", " ")
