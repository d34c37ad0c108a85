"""The web application, put together: routes, shield, faults. Made for one site by `build`."""

from collections.abc import Callable
from typing import Any, cast

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from mutualflow.web import faults, templating
from mutualflow.web.routes import (
    about,
    account,
    acts,
    doors,
    evidence,
    factors,
    health,
    invitations,
    lists,
    overview,
    papers,
    practice,
    projects,
    questions,
    security,
    sending,
    steps,
    tasks,
    work,
)
from mutualflow.web.shield import Dressed, Shield
from mutualflow.web.site import Site

LARGEST_BODY = 21_000_000
"""Bytes: a file of 20 megabytes and the form around it."""

ROOMS = (
    doors.rooms,
    factors.rooms,
    invitations.rooms,
    work.rooms,
    projects.rooms,
    steps.rooms,
    questions.rooms,
    lists.rooms,
    evidence.rooms,
    acts.rooms,
    sending.rooms,
    papers.rooms,
    overview.rooms,
    tasks.rooms,
    account.rooms,
    security.rooms,
    about.rooms,
    health.rooms,
)


def build(site: Site) -> FastAPI:
    """The application of one site; on a practice site with the practice rooms, which are nowhere else."""
    rooms = (*ROOMS, practice.rooms) if site.practice else ROOMS
    routes: list[BaseRoute] = [route for room in rooms for route in room.routes]
    routes.append(Mount("/static", StaticFiles(directory=templating.STATIC), name="static"))
    made = FastAPI(
        routes=routes,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(cast(Callable[..., Any], Shield), origin=site.origin, forged=faults.forged),
            Middleware(GZipMiddleware, minimum_size=500),
            Middleware(cast(Callable[..., Any], Dressed), page=faults.too_large_body),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY),
        ],
        exception_handlers=cast(Any, faults.handlers()),
    )
    made.state.site = site
    made.state.practice = site.calendar if site.practice else None
    return made
