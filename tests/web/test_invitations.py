"""Asking somebody in: a mail with a code, a first visit, an answer."""

import re
from collections.abc import Callable

import pytest

from mutualflow.domain.keys import Role
from mutualflow.storage import people
from mutualflow.storage.people import Person
from mutualflow.web.role_words import ROLES
from mutualflow.web.site import Site
from tests.stored import load
from tests.web.conftest import Browser, Calendar, mails

Open = Callable[..., Browser]
LEAD = "staff_lead-group-1"
INVITE = "/projects/riverside/people/invite"
NEW = {"name": "Siân Wŷn", "email": "sian@example.org", "role": "staff_member", "side": "group"}


def invite(client: Browser, **more: str) -> int:
    """One form for each set of fields, as a page gives it."""
    fields = {**NEW, **more}
    return client.post(INVITE, data={"once": "/".join(fields.values())[:60], **fields}).status_code


def code(site: Site) -> str:
    found = re.search(r"code: (\w{4}) (\w{4})", mails(site)[-1].replace("=\n", ""))
    assert found
    return found[1] + found[2]


def test_somebody_is_asked_in_reads_what_for_and_agrees(site: Site, browser: Open) -> None:
    assert invite(browser(LEAD)) == 303
    mail = mails(site)[-1]
    assert "Riverside" not in mail, "the mail says nothing of what it is about"
    new = browser()
    answer = new.post("/invitation", data={"email": "Sian@example.org", "code": code(site).lower()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/invitation")
    page = new.get("/invitation").text
    assert ROLES[Role.STAFF_MEMBER].decides in page.replace("&#39;", "'")
    number = re.search(r'name="invitation" value="(\d+)"', page)
    assert number
    new.post("/invitation/answer", data={"invitation": number[1], "way": "accept"})
    assert new.get("/invitation").headers["location"] == "/work"
    assert new.get("/projects/riverside").status_code == 200


def test_whoever_declines_has_no_part_in_it(site: Site, browser: Open) -> None:
    invite(browser(LEAD))
    new = browser()
    new.post("/invitation", data={"email": NEW["email"], "code": code(site)})
    number = re.search(r'name="invitation" value="(\d+)"', new.get("/invitation").text)
    assert number
    assert new.post("/invitation/answer", data={"invitation": number[1], "way": "decline"}).status_code == 303
    assert new.get("/projects/riverside").status_code == 404


def test_asvs_6_4_1_the_code_works_once_for_its_address_within_its_days(
    site: Site, browser: Open, calendar: Calendar
) -> None:
    invite(browser(LEAD))
    said = code(site)
    assert browser().post("/invitation", data={"email": "other@example.org", "code": said}).status_code == 422
    assert browser().post("/invitation", data={"email": NEW["email"], "code": said}).status_code == 303
    assert browser().post("/invitation", data={"email": NEW["email"], "code": said}).status_code == 422
    invite(browser(LEAD), role="new_body_director")
    late = code(site)
    calendar.wait(days=14)
    assert browser().post("/invitation", data={"email": NEW["email"], "code": late}).status_code == 422


def test_guessing_at_an_invitation_ends(site: Site, browser: Open) -> None:
    invite(browser(LEAD))
    said = code(site)
    for _ in range(10):
        browser().post("/invitation", data={"email": NEW["email"], "code": "ABCD2345"})
    assert browser().post("/invitation", data={"email": NEW["email"], "code": said}).status_code == 422


def test_who_belongs_to_another_side_gives_no_role_of_this_one(site: Site, browser: Open) -> None:
    assert invite(browser("hr_adviser-host-1"), role="staff_lead") == 422
    assert not [m for m in load(site.app.engine).members if m.person.startswith("p-")]
    assert not mails(site)


@pytest.mark.parametrize(
    "wrong", [{"email": "nowhere"}, {"name": ""}, {"name": "x" * 200}, {"role": "king"}, {"side": "moon"}]
)
def test_what_is_wrong_is_said_and_nobody_is_added(site: Site, browser: Open, wrong: dict[str, str]) -> None:
    assert invite(browser(LEAD), **wrong) == 422
    assert not mails(site)


def test_nobody_answers_the_invitation_of_another(site: Site, browser: Open) -> None:
    invite(browser(LEAD))
    assert browser("stranger").post("/invitation/answer", data={"invitation": "1", "way": "accept"}).status_code == 404


def test_every_role_has_its_words() -> None:
    assert set(ROLES) == set(Role)


def test_an_invitation_sent_twice_is_one_mail_and_its_code_works(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    assert [invite(client), invite(client)] == [303, 303]
    assert len(mails(site)) == 1
    assert browser().post("/invitation", data={"email": NEW["email"], "code": code(site)}).status_code == 303


@pytest.mark.parametrize("way", ["accept", "decline"])
def test_an_answer_sent_twice_answers_as_once(site: Site, browser: Open, way: str) -> None:
    invite(browser(LEAD))
    new = browser()
    new.post("/invitation", data={"email": NEW["email"], "code": code(site)})
    number = re.search(r'name="invitation" value="(\d+)"', new.get("/invitation").text)
    assert number
    form = {"once": "twice", "invitation": number[1], "way": way}
    answers = [new.post("/invitation/answer", data=form) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]


def test_an_address_that_several_share_invites_none_of_them(site: Site, browser: Open) -> None:
    for key in ("one", "two"):
        site.app.write(lambda db, key=key: people.keep(db, Person(key, key, "team@example.org")))  # type: ignore[misc]
    assert invite(browser(LEAD), email="team@example.org") == 422
    assert not mails(site)
