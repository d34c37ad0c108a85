"""Signing in: one code, in one browser, for ten minutes; sessions that end. Named after the rows of OWASP ASVS 5.0."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from mutualflow.storage import door_tables as d
from mutualflow.storage import tables as t
from mutualflow.web.routes.doors import own_page
from mutualflow.web.site import BROWSER, COOKIE, Site
from tests.web.conftest import Browser, Calendar, mails, sign_in

LEAD, ADVISER = "staff_lead-group-1", "hr_adviser-group-1"
Open = Callable[..., Browser]


def ask(client: Browser, email: str = "staff_lead-group-1@example.org") -> None:
    answer = client.post("/sign-in", data={"email": email})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")


def code(site: Site) -> str:
    found = re.search(r"Your code is (\w{4}) (\w{4})", mails(site)[-1])
    assert found
    return found[1] + found[2]


def test_a_code_from_the_mail_lets_its_person_in(site: Site, browser: Open) -> None:
    client = browser()
    ask(client)
    said = code(site)
    answer = client.post("/sign-in/code", data={"code": f" {said[:4].lower()}-{said[4:]} "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/work")
    assert client.get("/work").status_code == 200


def test_asvs_6_3_8_nobody_learns_who_is_known_here(site: Site, browser: Open) -> None:
    known, unknown = browser(), browser()
    ask(known)
    ask(unknown, "nobody@example.org")
    assert len(mails(site)) == 1
    pages = [re.sub(r"(nonce|value)=\"[^\"]*\"", "", c.get("/sign-in/code").text) for c in (known, unknown)]
    assert pages[0] == pages[1]


def test_asvs_6_5_1_a_code_works_once(site: Site, browser: Open) -> None:
    client = browser()
    ask(client)
    assert client.post("/sign-in/code", data={"code": code(site)}).status_code == 303
    again = client.post("/sign-in/code", data={"code": code(site)})
    assert again.status_code == 422
    assert "used already" in again.text


def test_asvs_6_5_5_a_code_runs_out(site: Site, browser: Open, calendar: Calendar) -> None:
    client = browser()
    ask(client)
    calendar.wait(minutes=10)
    answer = client.post("/sign-in/code", data={"code": code(site)})
    assert answer.status_code == 422
    assert "run out" in answer.text


def test_asvs_6_6_2_a_code_is_bound_to_the_browser_that_asked(site: Site, browser: Open) -> None:
    asker, other = browser(), browser()
    ask(asker)
    ask(other, "nobody@example.org")
    assert other.post("/sign-in/code", data={"code": code(site)}).status_code == 422
    assert asker.post("/sign-in/code", data={"code": code(site)}).status_code == 303


def test_asvs_6_3_1_a_sixth_try_is_refused_even_when_it_is_right(site: Site, browser: Open) -> None:
    client = browser()
    ask(client)
    for _ in range(5):
        assert "not the code" in client.post("/sign-in/code", data={"code": "ABCD2345"}).text
    answer = client.post("/sign-in/code", data={"code": code(site)})
    assert "five times" in answer.text
    other = browser()
    ask(other, "staff_lead-group-1@example.org")
    assert other.post("/sign-in/code", data={"code": code(site)}).status_code == 303, "nobody is locked out"


def test_asvs_6_6_3_only_so_many_codes_an_hour(site: Site, browser: Open, calendar: Calendar) -> None:
    client = browser()
    for _ in range(6):
        ask(client)
    assert client.post("/sign-in", data={"email": "Staff_Lead-group-1@Example.org "}).status_code == 429
    ask(client, "hr_adviser-group-1@example.org")
    calendar.wait(hours=1)
    ask(client)


def test_asvs_6_5_2_no_secret_stands_in_the_database_in_clear(site: Site, browser: Open) -> None:
    client = browser()
    ask(client)
    said = code(site)
    with site.app.engine.connect() as db:
        kept = repr(db.execute(select(d.sign_in_code)).all())
    assert said not in kept
    client.post("/sign-in/code", data={"code": said})
    with site.app.engine.connect() as db:
        kept = repr(db.execute(select(d.session)).all()) + kept
    for name in (COOKIE, BROWSER):
        assert client.cookies[name] not in kept


def test_asvs_3_3_cookies_are_of_this_host_alone_and_no_script_reads_them(site: Site, browser: Open) -> None:
    client = browser()
    first = client.post("/sign-in", data={"email": "staff_lead-group-1@example.org"})
    second = client.post("/sign-in/code", data={"code": code(site)})
    for answer in (first, second):
        said = answer.headers["set-cookie"]
        assert said.startswith("__Host-")
        assert all(word in said for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
        assert "Domain" not in said


def test_asvs_7_2_4_every_signing_in_makes_a_new_session(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    before = client.cookies[COOKIE]
    ask(client)
    client.post("/sign-in/code", data={"code": code(site)})
    assert client.cookies[COOKIE] != before


@pytest.mark.parametrize(("wait", "lets_in"), [({"hours": 7}, True), ({"hours": 8}, False), ({"hours": 12}, False)])
def test_asvs_7_3_a_session_ends_when_idle_and_in_any_case(
    browser: Open, calendar: Calendar, wait: dict[str, float], lets_in: bool
) -> None:
    client = browser(LEAD)
    calendar.wait(**wait)
    assert (client.get("/work").status_code == 200) is lets_in


def test_a_session_in_use_still_ends_after_twelve_hours(browser: Open, calendar: Calendar) -> None:
    client = browser(LEAD)
    for _ in range(11):
        calendar.wait(hours=1)
        assert client.get("/work").status_code == 200
    calendar.wait(hours=1)
    assert client.get("/work").status_code == 303


def test_on_a_shared_computer_a_quarter_of_an_hour_is_enough(site: Site, browser: Open, calendar: Calendar) -> None:
    client = browser()
    ask(client)
    client.post("/sign-in/code", data={"code": code(site), "shared": "yes"})
    calendar.wait(minutes=14)
    assert client.get("/work").status_code == 200
    calendar.wait(minutes=15)
    assert client.get("/work").status_code == 303


def test_asvs_7_4_1_signing_out_ends_the_session_itself(browser: Open) -> None:
    client = browser(LEAD)
    held = client.cookies[COOKIE]
    assert client.post("/sign-out", data={"once": "a"}).status_code == 303
    client.cookies.set(COOKIE, held, domain="mutualflow.example.org", path="/")
    assert client.get("/work").status_code == 303


def test_asvs_7_4_2_a_disabled_person_is_out_at_once(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    site.app.write(lambda db: db.execute(update(t.person_row).where(t.person_row.c.key == LEAD).values(status="off")))
    assert client.get("/work").status_code == 303
    ask(client)
    assert not mails(site), "nor is a code sent"


def test_asvs_7_5_2_one_sees_and_ends_ones_other_sessions_and_nobody_elses(site: Site, browser: Open) -> None:
    mine, phone, other = browser(LEAD), browser(LEAD), browser(ADVISER)
    assert mine.get("/account").text.count("last used") == 2
    numbers = re.findall(r'name="session" value="(\d+)"', other.get("/account").text)
    assert not numbers
    with site.app.engine.connect() as db:
        hers = db.execute(select(d.session.c.id).where(d.session.c.person == ADVISER)).scalar_one()
    mine.post("/account/sessions", data={"session": str(hers)})
    assert other.get("/work").status_code == 200
    mine.post("/account/sessions", data={"once": "b"})
    assert (mine.get("/work").status_code, phone.get("/work").status_code) == (200, 303)


def test_a_forged_cookie_lets_nobody_in(site: Site, browser: Open) -> None:
    token = sign_in(site, LEAD)
    for forged in ("", "x", token[:-1], token + "x", token.swapcase(), "%00"):
        client = browser()
        client.headers["cookie"] = f"{COOKIE}={forged}"
        assert client.get("/work").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "\\evil",
        "javascript:alert(1)",
        "/a?next=//b",
        "/%2f/x",
    ],
)
def test_asvs_3_7_2_no_way_leads_off_this_site(path: str) -> None:
    assert own_page(path) == ""


def test_signing_in_leads_back_to_the_page_that_was_asked_for(site: Site, browser: Open) -> None:
    client = browser()
    answer = client.get("/projects/riverside")
    assert answer.headers["location"] == "/sign-in?next=/projects/riverside"
    client.post("/sign-in", data={"email": "staff_lead-group-1@example.org", "next": "/projects/riverside"})
    assert (
        client.post("/sign-in/code", data={"code": code(site), "next": "/projects/riverside"}).headers["location"]
        == "/projects/riverside"
    )
