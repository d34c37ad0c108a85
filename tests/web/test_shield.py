"""What stands before every request and on every answer: headers, forgery, sizes. Named after rows of OWASP ASVS 5.0."""

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.routing import Route

from mutualflow.web import application, templating
from mutualflow.web.site import Site
from tests.web.conftest import ORIGIN, Browser

LEAD = "staff_lead-group-1"
Open = Callable[..., Browser]
PLACES = ("/sign-in", "/work", "/projects/riverside", "/nowhere", "/static/app.css", "/static/nothing", "/health/live")


def unsafe(site: Site) -> Iterator[str]:
    for route in application.build(site).routes:
        if isinstance(route, Route) and "POST" in (route.methods or ()) and hasattr(route, "needs"):
            yield re.sub(r"\{(\w+)(:path)?\}", "riverside", route.path)


@pytest.mark.parametrize("place", PLACES)
def test_asvs_3_4_every_answer_carries_the_protective_headers(browser: Open, place: str) -> None:
    said = browser(LEAD).get(place).headers
    policy = said["content-security-policy"]
    assert all(f"{part} 'none'" in policy for part in ("default-src", "object-src", "base-uri", "frame-ancestors"))
    assert "unsafe" not in policy
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "same-origin"
    assert said["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "access-control-allow-origin" not in said
    if not place.startswith("/static/app"):
        assert said["cache-control"] == "no-store"


def test_asvs_3_4_3_every_answer_has_its_own_nonce_and_pages_use_it(browser: Open) -> None:
    client = browser()
    seen = set()
    for _ in range(5):
        answer = client.get("/sign-in")
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
        assert nonce
        seen.add(nonce[1])
        assert set(re.findall(r'<script[^>]*nonce="([^"]*)"', answer.text)) == {nonce[1]}
        assert "style=" not in answer.text
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, False),
        ({"origin": ORIGIN}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_asvs_3_5_1_no_route_takes_a_form_from_elsewhere(
    site: Site, browser: Open, headers: dict[str, str], let_in: bool
) -> None:
    client = browser(LEAD)
    del client.headers["sec-fetch-site"]
    for path in unsafe(site):
        forged = client.post(path, data={"x": "y"}, headers=headers).status_code == 403
        answer = client.post(path, data={"x": "y"}, headers=headers)
        refused = answer.status_code == 403 and "did not come from this site" in answer.text
        assert refused is not let_in, (path, forged)


def test_asvs_3_5_3_reading_changes_nothing(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    client.get("/work")

    def rows() -> dict[str, list[object]]:
        from mutualflow.storage import schema

        with site.app.engine.connect() as db:
            return {
                name: sorted(map(repr, db.execute(table.select())))
                for name, table in schema.metadata.tables.items()
                if name != "seen"
            }

    before = rows()
    for place in (*PLACES, "/projects/riverside/history", "/projects/riverside/people", "/account"):
        client.get(place)
    assert rows() == before


def test_asvs_5_2_1_a_body_that_is_too_large_is_refused_with_a_page_of_ours(browser: Open) -> None:
    client = browser(LEAD)

    def endless() -> Iterator[bytes]:
        for _ in range(23):
            yield b"x" * 1_000_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"x" * (application.LARGEST_BODY + 1), endless()):
        answer = client.post("/sign-in", content=body, headers=kind)
        assert answer.status_code == 413
        assert "too large" in answer.text


@pytest.mark.parametrize("body", ["a=%00", "a=%ff%fe", "%00=b", "&".join(f"f{n}=x" for n in range(300))])
def test_strange_forms_get_a_page_of_ours(browser: Open, body: str) -> None:
    answer = browser(LEAD).post("/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (400, 422)
    assert "mutualflow</title>" in answer.text


def test_nothing_of_the_practice_site_exists_on_a_real_one(browser: Open) -> None:
    client = browser()
    for path in ("/practice", "/practice/mail"):
        assert client.get(path).status_code == 404
    for path in ("/practice/be", "/practice/calendar"):
        assert client.post(path, data={"person": LEAD, "by": "day"}).status_code == 404


def test_asvs_13_4_2_no_description_of_the_interface_is_served(browser: Open) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert browser().get(path).status_code == 404


def test_no_crown_no_font_of_others_and_few_bytes() -> None:
    css = (templating.STATIC / "app.css").read_text()
    assert "@font-face" not in css
    assert not re.search("GDS Transport|crest", css)
    assert "govuk-task-list" in css, "this is the style that the pages need"


def test_every_environment_escapes() -> None:
    assert templating.environment().from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
