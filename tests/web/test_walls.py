"""Walls: every route says who may come in, and nobody learns of a project in which she has no part."""

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.routing import Mount, Route

from mutualflow.web import application
from mutualflow.web.site import Needs, Site
from tests.web.conftest import Browser

Open = Callable[..., Browser]
PARTS = {
    "project": "riverside",
    "step": "vision",
    "question": "service_name",
    "list": "staff_groups",
    "row": "new",
    "act": "withdraw",
    "evidence": "letter",
    "file": "f1",
    "document": "expression_of_interest",
    "number": "1",
    "page": "help",
}


def routes(site: Site) -> Iterator[tuple[str, str, Needs]]:
    """Method, path with real parts, and what the route needs."""
    for route in application.build(site).routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route)
        path = re.sub(r"\{(\w+)(:path)?\}", lambda m: PARTS.get(m[1], "1"), route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, path, route.needs  # type: ignore[attr-defined]


def ask(client: Browser, method: str, path: str) -> int:
    answer = client.get(path) if method == "GET" else client.post(path, data={"once": "x"})
    return answer.status_code


def test_asvs_8_2_1_every_route_says_who_may_come_in(site: Site) -> None:
    found = list(routes(site))
    assert len(found) > 25
    assert all(isinstance(needs, Needs) and needs is not Needs.PRACTICE for _, _, needs in found)


def test_nobody_who_is_not_signed_in_comes_further_than_the_door(site: Site, browser: Open) -> None:
    client = browser()
    for method, path, needs in routes(site):
        if needs in (Needs.SIGNED_IN, Needs.MEMBER):
            assert ask(client, method, path) == 303, path


@pytest.mark.parametrize("project", ["riverside", "no-such-project", "%2e%2e", "%00", "a" * 300, "ŵ"])
def test_asvs_8_4_1_a_stranger_is_told_the_same_of_every_project(site: Site, browser: Open, project: str) -> None:
    client = browser("stranger")
    for method, path, needs in routes(site):
        if needs is Needs.MEMBER:
            at = path.replace("riverside", project, 1)
            assert ask(client, method, at) == 404, (method, at)


def test_a_project_is_on_the_pages_of_its_members_only(browser: Open) -> None:
    assert "Riverside" in browser("staff_lead-group-1").get("/projects").text
    assert "Riverside" not in browser("stranger").get("/projects").text
    assert "Nothing waits for you" in browser("stranger").get("/work").text
