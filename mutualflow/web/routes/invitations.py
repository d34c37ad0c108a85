"""Asking somebody in, and the first visit of whoever was asked."""

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from mutualflow.domain.acts import GiveRole
from mutualflow.domain.desk import role_words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.keys import Role, Side
from mutualflow.services import door, inviting
from mutualflow.services.door import DoorClosed
from mutualflow.services.inviting import Invited, Wanted
from mutualflow.services.looking import Look
from mutualflow.storage import people
from mutualflow.web import inputs, mails
from mutualflow.web.inputs import Box, Wrong
from mutualflow.web.role_words import ROLES
from mutualflow.web.routes.doors import came_in, device
from mutualflow.web.site import Needs, Rooms, Site, Visit
from mutualflow.web.templating import led
from mutualflow.web.words import SIDES

rooms = Rooms()
INVITE = "/projects/{project}/people/invite"
NOT_HERE = frozenset({Role.ADMINISTRATOR})


@rooms.get(INVITE, needs=Needs.MEMBER)
def ask(visit: Visit) -> Response:
    """Who, and for what."""
    return _page(visit, visit.look(), [])


@rooms.post(INVITE, needs=Needs.MEMBER)
def invite(visit: Visit) -> Response:
    """Give the role and mail the code."""
    form, site, now = visit.form, visit.site, visit.clock
    role, side = form.text("role"), form.text("side")
    if role not in set(Role) - NOT_HERE or side not in set(Side):
        wrong = [Wrong("role" if role not in set(Role) else "side", "Choose a role and a side")]
        return site.app.read(lambda db: _page(visit, visit.look(db), wrong))
    visit.ready_for(GiveRole)
    wanted = Wanted(form.text("name"), form.text("email"), Role(role), Side(side), form.text("organisation"))
    wrong = [Wrong(at, words) for at, words in wanted.faults()]
    if wrong:
        return site.app.read(lambda db: _page(visit, visit.look(db), wrong))
    to = f"/projects/{visit.at('project')}/people"
    assert visit.session is not None

    def use_case(db: Connection) -> Invited:
        return inviting.invite(
            db, visit.at("project"), wanted, by=visit.person, now=now, today=visit.today, law=site.app.law,
            secret=site.key,
        )  # fmt: skip

    try:
        asked = visit.write(use_case, then=to)
    except Refused as refused:
        if refused.code is Refusal.UNKNOWN_KEY:
            raise
        wrong = [Wrong("", refused.sentence)]
        return site.app.read(lambda db: _page(visit, visit.look(db), wrong))
    return RedirectResponse(to, status_code=303, background=BackgroundTask(_mail, site, asked, visit.session.name))


@rooms.get("/invitation", needs=Needs.ANYONE)
def door_of_the_invited(visit: Visit) -> Response:
    """Type the code, or answer what one was asked to."""
    if visit.session is None:
        return visit.page("invitation_code.html", {"email": ""})
    found = inviting.waiting(visit.db, visit.person)
    if not found:
        return led("/work")
    one = found[0]
    values = {
        "invitation": one,
        "by": people.names(visit.db, [one.invited_by]).get(one.invited_by, ""),
        "role": role_words(Role(one.role), Side(one.side)),
        "side": SIDES[one.side],
        "words": ROLES[Role(one.role)],
    }
    return visit.page("invitation.html", values)


@rooms.post("/invitation", needs=Needs.ANYONE)
def enter(visit: Visit) -> Response:
    """The code of the mail opens the door, once."""
    email, code = visit.form.text("email"), visit.form.text("code")
    site, now = visit.site, visit.clock

    def use_case(db: Connection) -> str | None:
        person = inviting.enter(db, email, code, network=visit.network, secret=site.key, now=now)
        return door.begin(db, person, device=device(visit), shared=False, now=now) if person else None

    try:
        token = site.app.write(use_case)
    except DoorClosed as closed:
        return visit.page(
            "invitation_code.html", {"email": email, "errors": [Wrong("code", closed.sentence)]}, status=429
        )
    if token is None:
        said = "That address and code do not fit together, or the code was used or is older than 14 days"
        return visit.page("invitation_code.html", {"email": email, "errors": [Wrong("code", said)]}, status=422)
    return came_in(token, "/invitation")


@rooms.post("/invitation/answer", needs=Needs.SIGNED_IN)
def answer(visit: Visit) -> Response:
    """Accept, or say that it is not for oneself."""
    id, site, here = visit.form.number("invitation") or 0, visit.site, "/invitation"
    if visit.form.text("way") == "decline":
        now, law = site.calendar.moment(), site.app.law
        visit.write(lambda db: inviting.decline(db, visit.person, id, now=now, today=visit.today, law=law), then=here)
    else:
        visit.write(lambda db: inviting.accept(db, visit.person, id), then=here)
    return led(here)


def _page(visit: Visit, look: Look, wrong: list[Wrong]) -> Response:
    roles = {r.value: r.value.replace("_", " ").capitalize() for r in Role if r not in NOT_HERE}
    organisations = {key: o.name for key, o in look.formation.organisations.items()}
    boxes = (
        Box("name", "text", "Name", "As other people in the project should read it."),
        Box("email", "text", "E-mail address", "The mail names the site and a code, nothing about the project."),
        Box("role", "select", "Role", "", roles),
        Box("side", "select", "For whom do they act?", "", SIDES),
        Box("organisation", "select", "For which organisation? (optional)", "", organisations),
    )
    values = {
        "project": look.formation.key,
        "name": look.formation.name,
        "boxes": boxes,
        "sent": inputs.as_sent(visit.form),
        "errors": wrong or None,
    }
    return visit.page("invite.html", values, status=422 if wrong else 200)


def _mail(site: Site, asked: Invited, by: str) -> None:
    """The invitation: where to go and what to type, and nothing of what it is about."""
    mails.send(
        site,
        to=asked.email,
        name=asked.name,
        subject="You have been invited",
        text=(
            f"{by} asks you to work with them on {site.origin}.\n\n"
            f"Open {site.origin}/invitation, enter this e-mail address, and this code: {mails.spelled(asked.code)}\n\n"
            "The code works once, within 14 days. There you read what you are asked to do before you agree to it. "
            "If it has run out, ask for a new invitation.\n"
        ),
    )
