"""Coming in and going out."""

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from mutualflow.services import door
from mutualflow.services.door import Asked, DoorClosed
from mutualflow.storage import doors
from mutualflow.web import mails
from mutualflow.web.inputs import Wrong
from mutualflow.web.site import BROWSER, COOKIE, Needs, Rooms, Site, Visit
from mutualflow.web.templating import led

rooms = Rooms()
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


@rooms.get("/", needs=Needs.ANYONE)
def first(visit: Visit) -> Response:
    """The door: my work for whoever is in, signing in for everybody else."""
    return led("/work" if visit.session else "/sign-in")


@rooms.get("/sign-in", needs=Needs.ANYONE)
def sign_in(visit: Visit) -> Response:
    """Which address."""
    onward = own_page(visit.request.query_params.get("next", ""))
    return visit.page("sign_in.html", {"next": onward, "ended": bool(onward)})


@rooms.post("/sign-in", needs=Needs.ANYONE)
def ask(visit: Visit) -> Response:
    """Mail a code; whether anybody is at the address is not to be seen from here, nor from the time it takes."""
    email, onward = visit.form.text("email"), own_page(visit.form.text("next"))
    values = {"email": email, "next": onward}
    if "@" not in email or len(email) > 254:
        wrong = Wrong("email", "Enter an e-mail address in the right form, like name@example.org")
        return visit.page("sign_in.html", {**values, "errors": [wrong]}, status=422)
    browser = door.fresh_token()
    site, now = visit.site, visit.clock
    try:
        asked = site.app.write(
            lambda db: door.ask(db, email, browser=browser, network=visit.network, key=site.key, now=now)
        )
    except DoorClosed as closed:
        return visit.page("sign_in.html", {**values, "errors": [Wrong("email", closed.sentence)]}, status=429)
    answer = RedirectResponse(
        f"/sign-in/code?next={onward}" if onward else "/sign-in/code",
        status_code=303,
        background=BackgroundTask(_mail, site, asked) if asked else None,
    )
    set_cookie(answer, BROWSER, browser, 3600)
    return answer


@rooms.get("/sign-in/code", needs=Needs.ANYONE)
def code(visit: Visit) -> Response:
    """The code."""
    return visit.page("code.html", {"next": own_page(visit.request.query_params.get("next", ""))})


@rooms.post("/sign-in/code", needs=Needs.ANYONE)
def enter(visit: Visit) -> Response:
    """The code is right: a session; wrong: say so, and count it."""
    site, now, onward = visit.site, visit.clock, own_page(visit.form.text("next"))
    browser, said = visit.request.cookies.get(BROWSER, ""), visit.form.text("code")
    if not said:
        return _again(visit, "Enter the code from the e-mail", onward)

    def use_case(db: Connection) -> str | None:
        person = door.enter(db, said, browser=browser, key=site.key, now=now)
        if person is None:
            return None
        return door.begin(db, person, device=device(visit), shared=visit.form.text("shared") == "yes", now=now)

    try:
        token = site.app.write(use_case)
    except DoorClosed as closed:
        return _again(visit, closed.sentence, onward)
    if token is None:
        return _again(visit, "That is not the code. Check it against the e-mail and enter it again", onward)
    return came_in(token, onward or "/work")


@rooms.post("/sign-out", needs=Needs.SIGNED_IN)
def sign_out(visit: Visit) -> Response:
    """End this session."""
    session = visit.session
    assert session is not None
    visit.site.app.write(lambda db: doors.end_sessions(db, session.person, visit.clock, only=session.id))
    answer = led("/sign-in")
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def came_in(token: str, onward: str) -> Response:
    """A new session's cookie, and on to a page."""
    answer = led(onward)
    set_cookie(answer, COOKIE, token, int(door.SESSION_LIVES.total_seconds()))
    return answer


def device(visit: Visit) -> str:
    """What the browser says it runs on, in a word that its owner recognises."""
    agent = visit.request.headers.get("user-agent", "")
    return next((name for name in DEVICES if name in agent), "Another device")


def own_page(path: str) -> str:
    """A path of this site, or '' for anything that could lead elsewhere."""
    fits = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    return path if fits and not set(path) & set("\\:?#% ") else ""


def _again(visit: Visit, words: str, onward: str) -> Response:
    return visit.page("code.html", {"next": onward, "errors": [Wrong("code", words)]}, status=422)


def set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    """A cookie of this host alone, which no script reads."""
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def _mail(site: Site, asked: Asked) -> None:
    """Send the code; it is nowhere else."""
    mails.send(
        site,
        to=asked.email,
        name=asked.name,
        subject="Your code to sign in",
        text=(
            f"Your code is {mails.spelled(asked.code)}\n\n"
            f"Type it into the page that you have open at {site.origin}. It works for 10 minutes, once.\n\n"
            "If you did not ask for it, do nothing: without that browser nobody can use it.\n"
        ),
    )
