"""What stands before every request and on every answer: forgery check, size of bodies, headers.

Pure ASGI, so that it also covers static files, errors and streamed answers. Rules: OWASP ASVS 5.0, 3.4 and 3.5.
"""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITE = frozenset({"same-origin", "none"})
TOO_LARGE = 413
YEAR_S = 31_536_000
Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


def content_policy(nonce: str) -> str:
    """The content security policy of one answer: our own files, and the scripts that carry this answer's nonce."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
        )
    )


class Shield:
    """Refuses what another site sends in a person's name, and puts the protective headers on every answer."""

    def __init__(self, app: ASGIApp, *, origin: str, forged: Answer) -> None:
        self._app, self._origin, self._forged = app, origin, forged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        static = scope["path"].startswith("/static/")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _protect(message, nonce, https=self._origin.startswith("https:"), static=static)
            await send(message)

        app = self._app if self._ours(scope) else self._forged
        await app(scope, receive, sending)

    def _ours(self, scope: Scope) -> bool:
        """May this request change anything? Only what our own pages sent: no other origin, not even a neighbour's."""
        if scope["method"] in SAFE:
            return True
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in OWN_SITE
        return headers.get("origin") == self._origin


class Dressed:
    """Puts a page of ours in the place of the bare line with which a body that is too large is refused below."""

    def __init__(self, app: ASGIApp, *, page: Answer) -> None:
        self._app, self._page = app, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        bare = False

        async def sending(message: Message) -> None:
            nonlocal bare
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                bare = b"text/plain" in dict(message["headers"]).get(b"content-type", b"")
            if not bare:
                await send(message)

        await self._app(scope, receive, sending)
        if bare:
            await self._page(scope, receive, send)


def _protect(message: MutableMapping[str, Any], nonce: str, *, https: bool, static: bool) -> None:
    headers = MutableHeaders(scope=message)
    headers.setdefault("content-security-policy", content_policy(nonce))
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["permissions-policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    found = static and message["status"] == 200
    headers["cache-control"] = "public, max-age=3600" if found else "no-store"
    if https:
        headers["strict-transport-security"] = f"max-age={YEAR_S}; includeSubDomains"
