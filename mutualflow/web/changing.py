"""A changed answer or list: done at once where nothing rests on it, else first shown with what it would reopen."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import Response

from mutualflow.domain.errors import Refusal, Refused
from mutualflow.services import previewing
from mutualflow.services.looking import Look
from mutualflow.services.previewing import Change, Preview
from mutualflow.web.inputs import Wrong
from mutualflow.web.site import Visit

FORESEEN = "foreseen"
ABOUT_THE_FORM = frozenset({Refusal.INVALID_VALUE, Refusal.IMPOSSIBLE, Refusal.MISSING, Refusal.UNANSWERED})
MEANWHILE = (
    "Somebody else changed this while you were writing. Yours is still in the box: "
    "send it again if it should replace theirs."
)
NOT_AGAIN = frozenset({"once", FORESEEN, "confirm"})
"""Fields that the page of what would be reopened gives anew."""


def change(
    visit: Visit, act: Change, *, what: str, then: str, again: Callable[[Look, list[Wrong]], Response], at: str = ""
) -> Response:
    """Do the change, or show what it would reopen, or show the form again with what is wrong with it.

    `what`: what is changed, in words; `at`: the box to which an error leads. The effect is computed by the same
    function as the change itself; where it is another one than was shown, it is shown again.
    """
    try:
        foreseen = visit.site.app.read(lambda db: previewing.preview(visit.look(db), act))
        if foreseen.touched and (foreseen.fingerprint != visit.form.text(FORESEEN) or _unticked(act, foreseen)):
            return _effect(visit, foreseen, what, _unticked(act, foreseen))
        return visit.act(act, then=then)
    except Refused as refused:
        if refused.code not in (*ABOUT_THE_FORM, Refusal.STALE):
            raise
        stale = refused.code is Refusal.STALE
        wrong = [Wrong(at, MEANWHILE if stale else refused.sentence)]
        answer = visit.site.app.read(lambda db: again(visit.look(db), wrong))
        answer.status_code = HTTPStatus.CONFLICT if stale else answer.status_code
        return answer


def _unticked(act: Change, foreseen: Preview) -> bool:
    return not set(foreseen.confirm) <= set(act.confirm)


def _effect(visit: Visit, foreseen: Preview, what: str, unticked: bool) -> Response:
    shown = visit.form.text(FORESEEN) == foreseen.fingerprint
    wrong = [Wrong("confirm", "Tick every approval that you are ready to reopen")] if shown and unticked else None
    values = {
        "project": visit.at("project"),
        "step": visit.at("step"),
        "what": what,
        "effect": foreseen,
        "fields": [(name, value) for name, value in visit.form.fields if name not in NOT_AGAIN],
        "ticked": visit.form.texts("confirm"),
        "errors": wrong,
    }
    return visit.page("effect.html", values, status=422 if wrong else 200)
