"""How a page is asked for and answered: who may come in, one transaction to read, one writing function to act.

Every route is made by `Rooms.get` or `Rooms.post` and says who may come in; `needs` is checked here, once. Whoever may
not know of a thing is told that there is none (404).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mutualflow.domain.acts import (
    Accept,
    Act,
    Approve,
    ApproveSubjectTo,
    CheckDecision,
    ConfirmRole,
    GiveRole,
    OpenPutRight,
    RecordDecision,
)
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.services import door, looking
from mutualflow.services.looking import Look
from mutualflow.storage import doors, kept_forms
from mutualflow.storage.doors import Session
from mutualflow.web import forms, templating
from mutualflow.web.calendar import Calendar
from mutualflow.web.forms import Form
from mutualflow.wiring import papers
from mutualflow.wiring.app import App

Result = TypeVar("Result")
COOKIE = "__Host-mf_session"
BROWSER = "__Host-mf_browser"
KEPT = "kept"
"""The field by which a form that was kept says so when it is sent again."""
STRONG_ACTS = (
    Approve,
    ApproveSubjectTo,
    RecordDecision,
    CheckDecision,
    Accept,
    OpenPutRight,
    GiveRole,
    ConfirmRole,
)
"""Acts for which a code by e-mail is not enough. Any role: each can be asked by some pathway to approve something."""


class Needs(StrEnum):
    """Who may come in."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    MEMBER = "a member of the project"  # by whatever role; services show what each may see
    PRACTICE = "anyone on a practice site"  # such a route exists nowhere else


class SignInFirst(Exception):
    """The page is for people who are signed in."""


class StrongFirst(Exception):
    """The act is for people who have shown a strong factor in this session."""


class Taken(Exception):
    """The same form was taken before; `answer` is where it led."""


@dataclass
class Site:
    """What every page works with."""

    app: App
    calendar: Calendar
    key: bytes
    origin: str
    practice: bool = False
    operator: str = ""
    contact: str = ""


@dataclass
class Visit:
    """One request. `db` is there while a page is read; acts go through `act` and `write`."""

    site: Site
    request: Request
    session: Session | None
    form: Form = field(default_factory=Form)
    reading: Connection | None = None

    @property
    def db(self) -> Connection:
        """The snapshot that this page is read from."""
        assert self.reading is not None
        return self.reading

    @property
    def person(self) -> str:
        """Key of the person who is signed in; SignInFirst where nobody is."""
        if self.session is None:
            raise SignInFirst
        return self.session.person

    @property
    def today(self) -> date:
        """The day of what is shown and done."""
        return self.site.calendar.today()

    @property
    def clock(self) -> datetime:
        """The real moment."""
        return self.site.calendar.clock()

    @property
    def network(self) -> str:
        """Where the request comes from, as far as the server that we trust says."""
        return self.request.client.host if self.request.client else ""

    def at(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def look(self, db: Connection | None = None) -> Look:
        """The person before the project of this path; 404 for whoever has no part in it."""
        return looking.look(
            db if db is not None else self.db,
            self.at("project"),
            by=self.person,
            today=self.today,
            law=self.site.app.law,
        )

    def page(self, template: str, values: dict[str, Any] | None = None, *, status: int = 200) -> Response:
        """A page."""
        return templating.show(self.request, template, {"once": forms.fresh_once, **(values or {})}, status=status)

    def act(self, what: Act, *, then: str, file: bytes = b"") -> Response:
        """Do an act of the person on this path's project, and lead her on; a form that comes again does nothing.

        StrongFirst where the act needs a strong factor and this session has shown none, or too long ago.
        """
        self.ready_for(type(what))
        papers.act(
            self.site.app,
            self.at("project"),
            what,
            by=self.person,
            now=self.site.calendar.moment(),
            via="web",
            today=self.today,
            beside=lambda db: self._take(db, then),
            file=file,
        )
        return templating.led(then)

    def write(self, use_case: Callable[[Connection], Result], *, then: str) -> Result:
        """Run a use case that is no act of the core, once for a form; `then`: where the same form is led again."""

        def once(db: Connection) -> Result:
            self._take(db, then)
            return use_case(db)

        return self.site.app.write(once)

    def _take(self, db: Connection, then: str) -> None:
        """Note, in the transaction of what is done, that the form was taken; Taken where it was taken before."""
        once = self.form.text(forms.ONCE)
        if once and not doors.take(db, once, self.person, self.request.url.path, then, self.clock):
            raise Taken(then)

    def ready_for(self, what: type[Act]) -> None:
        """StrongFirst where an act of this kind needs a strong factor that this session has not shown."""
        if issubclass(what, STRONG_ACTS):
            self.strong()

    def strong(self) -> Session:
        """This session; StrongFirst where it has shown no strong factor within its time."""
        if self.session is None:
            raise SignInFirst
        if not door.is_strong(self.session, self.clock):
            raise StrongFirst
        return self.session

    def nothing_here(self) -> NoReturn:
        """There is no such page for this person."""
        raise Refused(Refusal.UNKNOWN_KEY, "There is no such page.")


Handler = Callable[[Visit], Response]


@dataclass
class Rooms:
    """The routes of one module."""

    routes: list[Route] = field(default_factory=list)

    def get(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """A page that is read; it changes nothing."""
        return self._add(path, "GET", needs)

    def post(self, path: str, *, needs: Needs) -> Callable[[Handler], Handler]:
        """A form that is sent."""
        return self._add(path, "POST", needs)

    def _add(self, path: str, method: str, needs: Needs) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            async def endpoint(request: Request) -> Response:
                form = await forms.read(request) if method == "POST" else Form()
                answer = _read if method == "GET" else _sent
                return await run_in_threadpool(answer, request, form, handler, needs)

            route = Route(path, endpoint, methods=[method], name=f"{method} {path}")
            route.needs = needs  # type: ignore[attr-defined]
            self.routes.append(route)
            return handler

        return add


def _read(request: Request, form: Form, handler: Handler, needs: Needs) -> Response:
    site: Site = request.app.state.site

    def use_case(db: Connection) -> tuple[Response, Session | None]:
        visit = _visit(site, request, db, needs)
        visit.reading = db
        return handler(visit), visit.session

    try:
        answer, session = site.app.read(use_case)
    except StrongFirst:
        return templating.led(f"/sign-in/second?next={request.url.path}")
    _note_use(site, session)
    return answer


def _sent(request: Request, form: Form, handler: Handler, needs: Needs) -> Response:
    site: Site = request.app.state.site

    def before(db: Connection) -> tuple[Visit, str | None]:
        visit = _visit(site, request, db, needs)
        return visit, _taken(db, visit, form)

    try:
        visit, led_to = site.app.read(before)
    except SignInFirst:
        return _for_later(site, request, form)
    if led_to is not None:
        return templating.led(led_to)
    visit.form = form
    _note_use(site, visit.session)
    try:
        answer = handler(visit)
    except Taken as taken:
        return templating.led(str(taken))
    except StrongFirst:
        return templating.led(f"/sign-in/second?next=/sign-in/kept/{_kept(visit)}")
    kept = form.number(KEPT)
    if kept is not None and visit.session is not None and answer.status_code == HTTPStatus.SEE_OTHER:
        site.app.write(lambda db: kept_forms.forget(db, visit.person, kept))
    return answer


def _kept(visit: Visit) -> int:
    """Keep the form that was sent until its sender has shown her second factor; its number."""
    path, fields = visit.request.url.path, _fields(visit.form)
    return visit.site.app.write(lambda db: kept_forms.keep(db, visit.person, path, fields, visit.clock))


def _for_later(site: Site, request: Request, form: Form) -> Response:
    """Keep the form of somebody whose session ran out while she wrote, and lead her to the door.

    SignInFirst where it was nobody's, where it carries a file, or where it is longer than any honest one.
    """
    path, fields, now = request.url.path, _fields(form), site.calendar.clock()
    fits = not form.files and sum(len(value) for _, value in fields) <= forms.LONGEST_FIELD
    person = site.app.read(lambda db: door.whose_ran_out(db, request.cookies.get(COOKIE, ""), now)) if fits else ""
    if not person:
        raise SignInFirst
    number = site.app.write(lambda db: kept_forms.keep(db, person, path, fields, now))
    return templating.led(f"/sign-in?next=/sign-in/kept/{number}")


def _fields(form: Form) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.fields if name != KEPT]


def _visit(site: Site, request: Request, db: Connection, needs: Needs) -> Visit:
    """Who comes, checked against what the route needs."""
    if any(forms.UNFIT.search(str(part)) for part in request.path_params.values()):
        raise Refused(Refusal.UNKNOWN_KEY, "There is no such page.")
    session = door.whose(db, request.cookies.get(COOKIE, ""), site.calendar.clock())
    visit = Visit(site, request, session)
    request.state.visit = visit
    if needs in (Needs.SIGNED_IN, Needs.MEMBER) and session is None:
        raise SignInFirst
    return visit


def _taken(db: Connection, visit: Visit, form: Form) -> str | None:
    once = form.text(forms.ONCE)
    return doors.taken(db, once, visit.person) if once and visit.session else None


def _note_use(site: Site, session: Session | None) -> None:
    """Write down, at most once a minute, that a session is in use."""
    now = site.calendar.clock()
    if session is not None and door.is_stale(session, now):
        site.app.write(lambda db: doors.seen(db, session.id, now))
