"""What goes wrong, each as a page of our own: the right status, a plain sentence, the way on. Never a trace."""

import logging
import secrets
from http import HTTPStatus
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mutualflow.documents.press import PrintFailed
from mutualflow.domain.errors import Conflict, Refusal, Refused
from mutualflow.storage.database import DatabaseFault
from mutualflow.storage.files import DiskFault
from mutualflow.web import templating
from mutualflow.web.forms import BadForm
from mutualflow.web.site import SignInFirst

log = logging.getLogger("mutualflow.web")
STATUS = {
    Refusal.UNKNOWN_KEY: HTTPStatus.NOT_FOUND,
    Refusal.INVALID_VALUE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.NOT_PERMITTED: HTTPStatus.FORBIDDEN,
    Refusal.FOUR_EYES: HTTPStatus.FORBIDDEN,
}
"""Every other refusal is 409: it would have been right at another moment."""

TOO_LARGE = ("This is too large", "Files can have up to 20 megabytes. Choose a smaller one.")
HOME = ("/", "Go to the first page")


def handlers() -> dict[type[Exception] | int, object]:
    """Exception or status -> what answers it, for Starlette."""
    return {
        404: not_found,
        405: not_found,
        413: too_large,
        400: bad_form,
        SignInFirst: sign_in_first,
        BadForm: bad_form,
        Refused: refused,
        Conflict: busy,
        PrintFailed: not_printed,
        DiskFault: disk,
        DatabaseFault: database,
        DBAPIError: database,
        Exception: unexpected,
    }


def page(request: Request, status: int, heading: str, *lines: str, onward: tuple[str, str] = HOME) -> Response:
    """A page that says what happened."""
    values = {"heading": heading, "lines": lines, "onward": onward}
    return templating.show(request, "message.html", values, status=status)


def refused(request: Request, error: Exception) -> Response:
    """A rule does not allow it: the rule's own sentence."""
    assert isinstance(error, Refused)
    if error.code is Refusal.UNKNOWN_KEY:
        return not_found(request, error)
    lines = [error.sentence]
    if error.who_can:
        lines.append(f"Who can do it: {error.who_can}.")
    lines.append("Nothing has been changed.")
    back = request.headers.get("referer", "")
    onward = (request.url.path, "Go back") if back.endswith(request.url.path) else HOME
    return page(request, STATUS.get(error.code, HTTPStatus.CONFLICT), "This cannot be done now", *lines, onward=onward)


def not_found(request: Request, error: Exception) -> Response:
    """There is nothing there, or nothing that this person may know of."""
    return page(
        request,
        404,
        "Page not found",
        "If you typed the address, check it. If you followed a link, the page may be for others only.",
    )


def sign_in_first(request: Request, error: Exception) -> Response:
    """Sign in, then back to the page asked for."""
    back = request.url.path if request.method == "GET" else ""
    return templating.led(f"/sign-in?next={quote(back, safe='/')}" if back not in ("", "/") else "/sign-in")


def bad_form(request: Request, error: Exception) -> Response:
    """Not a form of ours, or more of it than any of ours holds."""
    return page(
        request, 400, "This form could not be read", "Go back, load the page again, and send the form from there."
    )


def too_large(request: Request, error: Exception) -> Response:
    """More bytes than any form of ours has, found while they were read."""
    return page(request, 413, *TOO_LARGE)


def busy(request: Request, error: Exception) -> Response:
    """Several people at once, and our tries are used up."""
    return page(
        request, 503, "Other people are working on this project", "Nothing has been changed. Try again in a moment."
    )


def not_printed(request: Request, error: Exception) -> Response:
    """The act stands, the paper is late."""
    return page(request, 200, "Done, but a document is still being printed", str(error))


def disk(request: Request, error: Exception) -> Response:
    """No room for a file."""
    log.error("disk", extra={"kind": type(error).__name__})
    return page(request, 503, "The file could not be kept", "Nothing has been changed. Tell whoever runs this site.")


def database(request: Request, error: Exception) -> Response:
    """The database is locked or gone."""
    log.error("database", extra={"kind": type(error).__name__})
    return page(
        request, 503, "The service does not answer just now", "Nothing has been changed. Try again in a few minutes."
    )


def unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours: a number by which it is found in the log, nothing else."""
    number = secrets.token_hex(4)
    log.error("fault %s", number, exc_info=error)
    return page(
        request,
        500,
        "Something went wrong",
        f"It is our fault, not yours. Tell whoever runs this site this number: {number}.",
    )


async def too_large_body(scope: Scope, receive: Receive, send: Send) -> None:
    """A body larger than any form of ours."""
    answer = page(Request(scope), 413, *TOO_LARGE)
    await answer(scope, receive, send)


async def forged(scope: Scope, receive: Receive, send: Send) -> None:
    """A form that another site sent."""
    answer = page(
        Request(scope), 403, "This form did not come from this site", "Open the page here and send the form again."
    )
    await answer(scope, receive, send)
