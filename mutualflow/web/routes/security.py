"""What shows that I am I: set up an app or a passkey, have new recovery codes, end what is lost.

Who has a factor shows it first; who has none sets up the first one in a session that began within the hour, so that a
session left open somewhere is not enough. Each change is told by e-mail.
"""

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.responses import Response

from mutualflow.services import door, factors, passkeys
from mutualflow.services.door import DoorClosed
from mutualflow.services.factors import Pending
from mutualflow.storage import factors as kept_factors
from mutualflow.storage import kept_forms, people
from mutualflow.storage.doors import Session
from mutualflow.web import mails, qr
from mutualflow.web.inputs import Wrong
from mutualflow.web.routes.doors import came_in, device
from mutualflow.web.routes.factors import home
from mutualflow.web.site import Needs, Rooms, StrongFirst, Visit
from mutualflow.web.templating import led

rooms = Rooms()
PLACE = "/account/security"
APP = f"{PLACE}/app"
LONGEST_NAME = 60
GROUP = 4  # characters of a key that are read together
ADDED = "{what} was added to your account. From now on it shows that it is you."
ENDED = "{what} was taken off your account. It no longer lets anybody in."
CODES = "New recovery codes were made for your account. The old ones no longer work."


@rooms.get(PLACE, needs=Needs.SIGNED_IN)
def security(visit: Visit) -> Response:
    """What I have, and what I can add."""
    return _page(visit, visit.db)


@rooms.post(APP, needs=Needs.SIGNED_IN)
def begin_app(visit: Visit) -> Response:
    """Make a key for an app."""
    if not _may_add(visit):
        return _too_old(visit)
    visit.site.app.write(lambda db: factors.begin_app(db, visit.person, key=visit.site.key, now=visit.clock))
    return led(APP)


@rooms.get(APP, needs=Needs.SIGNED_IN)
def app(visit: Visit) -> Response:
    """The key, as text and as a picture, and a box for the first code."""
    pending = _pending(visit, visit.db)
    return _app_page(visit, pending) if pending is not None and _allowed(visit, visit.db) else led(PLACE)


@rooms.post(f"{APP}/code", needs=Needs.SIGNED_IN)
def confirm_app(visit: Visit) -> Response:
    """The first code of the app: it is a factor from now on."""
    session, said = visit.session, visit.form.text("code")
    assert session is not None
    if not _may_add(visit):
        return _too_old(visit)

    def use_case(db: Connection) -> str:
        right = factors.confirm_app(db, session.person, said, key=visit.site.key, now=visit.clock)
        return door.strengthen(db, session, visit.clock) if right else ""

    try:
        token, wrong = visit.site.app.write(use_case), "That is not the code. Enter the one that the app shows now"
    except DoorClosed as closed:
        token, wrong = "", closed.sentence
    if token:
        return _added(visit, token, "A code app")
    pending = visit.site.app.read(lambda db: _pending(visit, db))
    return led(PLACE) if pending is None else _app_page(visit, pending, [Wrong("code", wrong)])


@rooms.post(f"{PLACE}/passkey/options", needs=Needs.SIGNED_IN)
def passkey_options(visit: Visit) -> Response:
    """What the browser is asked for a new passkey, as JSON."""
    session = visit.session
    assert session is not None
    try:
        if not _may_add(visit):
            return Response(status_code=403)
    except StrongFirst:  # the page does not offer it then
        return Response(status_code=403)
    asked = visit.site.app.write(
        lambda db: passkeys.options_to_make(
            db, home(visit), session.person, session.name, holder=_holder(session), now=visit.clock
        )
    )
    return Response(asked, media_type="application/json")


@rooms.post(f"{PLACE}/passkey", needs=Needs.SIGNED_IN)
def add_passkey(visit: Visit) -> Response:
    """A new passkey, made by the device."""
    session = visit.session
    assert session is not None
    if not _may_add(visit):
        return _too_old(visit)
    name = visit.form.text("name")[:LONGEST_NAME] or f"Passkey on {device(visit)}"
    challenge = visit.site.app.write(lambda db: passkeys.take_challenge(db, holder=_holder(session), now=visit.clock))
    made = passkeys.check_made(home(visit), visit.form.text("credential"), challenge)

    def use_case(db: Connection) -> str:
        if made is None or not passkeys.keep(db, session.person, made, name, visit.clock):
            return ""
        return door.strengthen(db, session, visit.clock)

    token = visit.site.app.write(use_case)
    if token:
        return _added(visit, token, f"The passkey “{name}”")
    wrong = [Wrong("name", "The passkey could not be added. Try again, or use an app that shows codes")]
    return visit.site.app.read(lambda db: _page(visit, db, wrong))


@rooms.post(f"{PLACE}/codes", needs=Needs.SIGNED_IN)
def renew(visit: Visit) -> Response:
    """Ten new recovery codes in the place of the old ones."""
    visit.strong()
    codes = _new_codes(visit)
    answer = _codes_page(visit, codes, "")
    answer.background = _told(visit, CODES)
    return answer


@rooms.post(f"{PLACE}/end", needs=Needs.SIGNED_IN)
def end(visit: Visit) -> Response:
    """End one factor; with the last one go the recovery codes."""
    visit.strong()
    number = visit.form.number("factor")

    def use_case(db: Connection) -> str:
        name = kept_factors.end(db, visit.person, number or 0, visit.clock)
        if not factors.standing(db, visit.person).any:
            kept_factors.replace_codes(db, visit.person, (), visit.clock)
        return name

    name = visit.site.app.write(use_case)
    answer = led(PLACE)
    answer.background = _told(visit, ENDED.format(what=f"“{name}”")) if name else None
    return answer


def _allowed(visit: Visit, db: Connection) -> bool:
    """May a factor be added in this session? StrongFirst where one is there that has to be shown first."""
    session = visit.session
    assert session is not None
    if door.is_strong(session, visit.clock):
        return True
    if factors.standing(db, session.person).any:
        raise StrongFirst
    return factors.is_fresh(session, visit.clock)


def _may_add(visit: Visit) -> bool:
    return visit.site.app.read(lambda db: _allowed(visit, db))


def _too_old(visit: Visit) -> Response:
    """The session began too long ago for a first factor."""
    wrong = [Wrong("", "You signed in more than an hour ago. Sign out, sign in again, and set it up then")]
    return visit.site.app.read(lambda db: _page(visit, db, wrong))


def _page(visit: Visit, db: Connection, wrong: list[Wrong] | None = None) -> Response:
    values = {
        "has": factors.standing(db, visit.person),
        "strong": visit.session is not None and door.is_strong(visit.session, visit.clock),
        "kept": kept_forms.latest(db, visit.person),
        "errors": wrong,
    }
    return visit.page("security.html", values, status=422 if wrong else 200)


def _pending(visit: Visit, db: Connection) -> Pending | None:
    person = people.person(db, visit.person)
    label = person.email if person and person.email else visit.person
    return factors.pending_app(db, visit.person, label=label, key=visit.site.key)


def _app_page(visit: Visit, pending: Pending, wrong: list[Wrong] | None = None) -> Response:
    seed = pending.seed
    values = {
        "seed": [seed[at : at + GROUP] for at in range(0, len(seed), GROUP)],
        "picture": qr.picture(pending.uri),
        "errors": wrong,
    }
    return visit.page("security_app.html", values, status=422 if wrong else 200)


def _added(visit: Visit, token: str, what: str) -> Response:
    """The factor is there: recovery codes where there are none yet, else back; the session has a new token."""
    has = visit.site.app.read(lambda db: factors.standing(db, visit.person))
    answer = came_in(token, PLACE) if has.codes else _codes_page(visit, _new_codes(visit), token)
    answer.background = _told(visit, ADDED.format(what=what))
    return answer


def _new_codes(visit: Visit) -> tuple[str, ...]:
    codes = factors.fresh_codes()
    hashes = factors.hash_codes(visit.site.key, visit.person, codes)
    visit.site.app.write(lambda db: kept_factors.replace_codes(db, visit.person, hashes, visit.clock))
    return codes


def _codes_page(visit: Visit, codes: tuple[str, ...], token: str) -> Response:
    """The codes, this once; with the cookie of the session's new token where it has one."""
    half = factors.RECOVERY_LENGTH // 2
    values = {
        "codes": [f"{code[:half]} {code[half:]}" for code in codes],
        "kept": visit.site.app.read(lambda db: kept_forms.latest(db, visit.person)),
    }
    answer = visit.page("security_codes.html", values)
    if token:
        answer.headers["set-cookie"] = came_in(token, PLACE).headers["set-cookie"]
    return answer


def _told(visit: Visit, text: str) -> BackgroundTask | None:
    """A mail to the person about a change of her factors, sent after the answer."""
    person = visit.site.app.read(lambda db: people.person(db, visit.person))
    if person is None or not person.email:
        return None
    text += "\n\nIf this was not you, tell whoever runs the site at once"
    text += f": {visit.site.contact}.\n" if visit.site.contact else ".\n"
    return BackgroundTask(
        mails.send, visit.site, to=person.email, name=person.name, subject="How you sign in has changed", text=text
    )


def _holder(session: Session) -> str:
    return f"session:{session.id}"
