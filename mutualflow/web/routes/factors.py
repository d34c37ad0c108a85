"""Showing who one is by more than a code from an e-mail: an app's code, a recovery code, a passkey."""

from sqlalchemy import Connection
from starlette.responses import Response

from mutualflow.services import door, factors, passkeys
from mutualflow.services.door import DoorClosed
from mutualflow.services.passkeys import Home
from mutualflow.storage import kept_forms
from mutualflow.storage.factors import Factor
from mutualflow.web.act_words import ON_A_PROJECT, ON_A_STEP
from mutualflow.web.inputs import Wrong
from mutualflow.web.routes.doors import came_in, device, own_page, set_cookie
from mutualflow.web.site import BROWSER, Needs, Rooms, Visit

rooms = Rooms()
BROWSER_LIVES = 3600  # seconds
ASKS_AN_HOUR = 120
"""Challenges that one network address may ask for in an hour."""
PAGE_OF = dict.fromkeys(
    (f"/account/security/{way}" for way in ("app", "app/code", "codes", "end")), "/account/security"
)
"""Where a form stands whose place is no page."""
NOT_TAKEN = "The passkey was not accepted. Try again, or sign in with a code"
NOT_THE_CODE = (
    "That is not a code that works now. Wait for the next one, or enter a recovery code that you have not used"
)


@rooms.get("/sign-in/second", needs=Needs.SIGNED_IN)
def second(visit: Visit) -> Response:
    """What she has to show that it is she."""
    return _second(visit, visit.db, own_page(visit.request.query_params.get("next", "")))


@rooms.post("/sign-in/second", needs=Needs.SIGNED_IN)
def show(visit: Visit) -> Response:
    """A code of the app, or a recovery code: the session is strong, under a new token."""
    session, onward, said = visit.session, own_page(visit.form.text("next")), visit.form.text("code")
    assert session is not None
    if not said:
        return _again(visit, onward, "Enter a code")

    def use_case(db: Connection) -> str:
        right = factors.show(db, session.person, said, key=visit.site.key, now=visit.clock)
        return door.strengthen(db, session, visit.clock) if right else ""

    try:
        token = visit.site.app.write(use_case)
    except DoorClosed as closed:
        return _again(visit, onward, closed.sentence, 429)
    return came_in(token, onward or "/work") if token else _again(visit, onward, NOT_THE_CODE)


@rooms.get("/sign-in/kept/{number}", needs=Needs.SIGNED_IN)
def kept(visit: Visit) -> Response:
    """The form that she sent before she was asked who she is, to send it now."""
    number = visit.at("number")
    form = kept_forms.find(visit.db, visit.person, int(number)) if number.isdecimal() and len(number) < 10 else None
    if form is None:
        visit.nothing_here()
    before, act, name = form.path.rpartition("/act/")
    words = ON_A_STEP.get(name) or ON_A_PROJECT.get(name)
    back = before if act else PAGE_OF.get(form.path, form.path)
    return visit.page("kept.html", {"form": form, "words": words, "back": back})


@rooms.post("/sign-in/passkey/options", needs=Needs.ANYONE)
def options(visit: Visit) -> Response:
    """A challenge for this browser, as JSON."""
    browser = visit.request.cookies.get(BROWSER, "") or door.fresh_token()

    def use_case(db: Connection) -> str:
        door.limit_network(
            db, "passkey-from", visit.network, key=visit.site.key, most=ASKS_AN_HOUR, now=visit.clock, told=NOT_TAKEN
        )
        return passkeys.options_to_show(db, home(visit), holder=door.fingerprint(browser), now=visit.clock)

    try:
        answer = Response(visit.site.app.write(use_case), media_type="application/json")
    except DoorClosed:
        answer = Response("", status_code=429, media_type="application/json")
    set_cookie(answer, BROWSER, browser, BROWSER_LIVES)
    return answer


@rooms.post("/sign-in/passkey", needs=Needs.ANYONE)
def come(visit: Visit) -> Response:
    """A passkey: a strong session of whoever it belongs to, or this session made strong where there is one."""
    onward = own_page(visit.form.text("next"))
    token = _shown(visit)
    if token:
        return came_in(token, onward or "/work")
    wrong = [Wrong("passkey", NOT_TAKEN)]
    if visit.session is not None:
        return visit.site.app.read(lambda db: _second(visit, db, onward, wrong, 422))
    return visit.page("sign_in.html", {"next": onward, "email": "", "errors": wrong}, status=422)


def home(visit: Visit) -> Home:
    """The site for which passkeys are made."""
    return Home(visit.site.origin)


def _shown(visit: Visit) -> str:
    """The token of the session that a passkey opens; '' where it does not hold, or is somebody else's."""
    answer, browser = visit.form.text("credential"), visit.request.cookies.get(BROWSER, "")

    def before(db: Connection) -> tuple[str, Factor | None]:
        return passkeys.take_challenge(db, holder=door.fingerprint(browser), now=visit.clock), passkeys.find(db, answer)

    challenge, passkey = visit.site.app.write(before)
    if passkey is None or (visit.session is not None and visit.session.person != passkey.person):
        return ""
    said = passkeys.check_shown(home(visit), answer, challenge, passkey)
    if said is None:
        return ""

    def after(db: Connection) -> str:
        if not passkeys.use(db, passkey, said, visit.clock):
            return ""
        if visit.session is not None:
            return door.strengthen(db, visit.session, visit.clock)
        return door.begin(
            db, passkey.person, device=device(visit), shared=visit.form.text("shared") == "yes", now=visit.clock,
            strong=True,
        )  # fmt: skip

    return visit.site.app.write(after)


def _second(visit: Visit, db: Connection, onward: str, wrong: list[Wrong] | None = None, status: int = 200) -> Response:
    values = {
        "next": onward,
        "has": factors.standing(db, visit.person),
        "contact": visit.site.contact,
        "errors": wrong,
    }
    return visit.page("second.html", values, status=status)


def _again(visit: Visit, onward: str, words: str, status: int = 422) -> Response:
    return visit.site.app.read(lambda db: _second(visit, db, onward, [Wrong("code", words)], status))
