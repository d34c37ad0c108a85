"""Second factors: a code works once, nothing weighty is done without one, and no form is lost. Named after ASVS 5.0."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select, update

from mutualflow.domain import acts
from mutualflow.services import factors
from mutualflow.storage import door_tables as d
from mutualflow.storage import tables as t
from mutualflow.web.site import COOKIE, STRONG_ACTS, Site
from tests.stored import load
from tests.web.browsing import Browsing, Forms, words
from tests.web.conftest import PROJECT, Browser, Calendar, mails

LEAD, ADVISER = "staff_lead-group-1", "hr_adviser-group-1"
SECOND, PLACE = "/sign-in/second", "/account/security"
Open = Callable[..., Browser]


def app_of(client: Browser) -> pyotp.TOTP:
    """Ask for a key, and read it from the page as a person would."""
    assert client.post(f"{PLACE}/app", data={"once": "a"}).status_code == 303
    page = client.get(f"{PLACE}/app").text
    assert "<svg" in page
    assert "style=" not in page
    return pyotp.TOTP("".join(re.findall(r"<span>(\w{4})</span>", page)))


def set_up(client: Browser, calendar: Calendar) -> tuple[pyotp.TOTP, list[str]]:
    """An app that is confirmed, and the recovery codes that were shown."""
    app = app_of(client)
    answer = client.post(f"{PLACE}/app/code", data={"code": app.at(calendar.now)})
    assert answer.status_code == 200, words(answer.text)
    calendar.wait(minutes=1)
    return app, re.findall(r"<li>(\w{5} \w{5})</li>", answer.text)


def weak(browser: Open, calendar: Calendar) -> tuple[Browser, pyotp.TOTP, list[str]]:
    """Somebody with an app and codes who came in by a code from an e-mail alone."""
    app, codes = set_up(browser(LEAD, strong=False), calendar)
    return browser(LEAD, strong=False), app, codes


def shown(client: Browser, code: str) -> int:
    return client.post(SECOND, data={"code": code}).status_code


def is_strong(client: Browser) -> bool:
    return "Remove" in client.get(PLACE).text


def events(site: Site) -> int:
    with site.app.engine.connect() as db:
        return int(db.execute(select(func.count()).select_from(t.event_row)).scalar_one())


def test_an_app_is_set_up_and_shows_that_it_is_she(site: Site, browser: Open, calendar: Calendar) -> None:
    client, app, codes = weak(browser, calendar)
    assert len(set(codes)) == 10
    assert "Add an app" not in client.get(PLACE).text, "she shows what she has before she adds anything"
    before = client.cookies[COOKIE]
    assert shown(client, app.at(calendar.now)) == 303
    assert is_strong(client)
    assert client.cookies[COOKIE] != before, "7.2.4: under a new token"
    old = browser()
    old.cookies.set(COOKIE, before, domain="mutualflow.example.org", path="/")
    assert old.get("/work").status_code == 303
    assert "A code app was added" in mails(site)[-1]


def test_asvs_6_5_1_a_code_of_the_app_works_once(browser: Open, calendar: Calendar) -> None:
    client, app, _ = weak(browser, calendar)
    code = app.at(calendar.now)
    assert shown(client, code) == 303
    again = browser(LEAD, strong=False)
    assert shown(again, code) == 422
    assert not is_strong(again)


def test_asvs_6_5_1_the_code_that_confirmed_the_app_is_used_up(browser: Open, calendar: Calendar) -> None:
    client = browser(LEAD, strong=False)
    app = app_of(client)
    code = app.at(calendar.now)
    assert client.post(f"{PLACE}/app/code", data={"code": code}).status_code == 200
    assert shown(browser(LEAD, strong=False), code) == 422


def test_asvs_6_5_1_of_five_who_send_a_code_at_once_one_comes_in(browser: Open, calendar: Calendar) -> None:
    _, app, _ = weak(browser, calendar)
    code, clients = app.at(calendar.now), [browser(LEAD, strong=False) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda client: shown(client, code), clients))
    assert answers.count(303) == 1


@pytest.mark.parametrize(("seconds", "right"), [(0, True), (29, True), (39, True), (40, False), (-1, False)])
def test_asvs_6_5_5_a_code_of_the_app_lives_half_a_minute(
    browser: Open, calendar: Calendar, seconds: int, right: bool
) -> None:
    client, app, _ = weak(browser, calendar)
    begun = calendar.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    calendar.now = begun + timedelta(seconds=seconds)
    assert (shown(client, app.at(begun)) == 303) is right


def test_asvs_6_3_3_a_code_of_another_person_is_worth_nothing(browser: Open, calendar: Calendar) -> None:
    _, app, codes = weak(browser, calendar)
    adviser = browser(ADVISER, strong=False)
    set_up(adviser, calendar)
    other = browser(ADVISER, strong=False)
    assert shown(other, app.at(calendar.now)) == 422
    assert shown(other, codes[0]) == 422
    assert not is_strong(other)


def test_asvs_6_3_1_after_five_wrong_codes_the_right_one_waits(browser: Open, calendar: Calendar) -> None:
    client, app, codes = weak(browser, calendar)
    assert [shown(client, "000000") for _ in range(5)] == [422] * 5
    for code in (app.at(calendar.now), codes[0]):
        assert shown(client, code) == 429
    assert shown(browser(LEAD, strong=False), app.at(calendar.now)) == 429, "nor in another session of hers"
    calendar.wait(hours=1)
    assert shown(client, app.at(calendar.now)) == 303


def test_the_right_code_takes_back_what_was_counted(browser: Open, calendar: Calendar) -> None:
    client, app, _ = weak(browser, calendar)
    for _ in range(3):
        assert [shown(client, "000000") for _ in range(4)] == [422] * 4
        assert shown(client, app.at(calendar.now)) == 303
        calendar.wait(minutes=1)


def test_asvs_6_4_3_a_recovery_code_works_once(browser: Open, calendar: Calendar) -> None:
    client, _, codes = weak(browser, calendar)
    assert shown(client, codes[3].lower().replace(" ", "-")) == 303
    assert "9 of 10 left" in client.get(PLACE).text
    again = browser(LEAD, strong=False)
    assert shown(again, codes[3]) == 422
    assert shown(again, codes[4]) == 303


def test_new_recovery_codes_end_the_old_ones(browser: Open, calendar: Calendar) -> None:
    client, app, codes = weak(browser, calendar)
    assert client.post(f"{PLACE}/codes", data={"once": "c"}).headers["location"].startswith(SECOND)
    shown(client, app.at(calendar.now))
    made = client.post(f"{PLACE}/codes", data={"once": "c"})
    assert made.headers["cache-control"] == "no-store"
    new = re.findall(r"<li>(\w{5} \w{5})</li>", made.text)
    assert not set(new) & set(codes)
    assert shown(browser(LEAD, strong=False), codes[0]) == 422
    assert shown(browser(LEAD, strong=False), new[0]) == 303


def test_asvs_6_5_2_no_seed_and_no_code_stands_in_the_database_in_clear(
    site: Site, browser: Open, calendar: Calendar
) -> None:
    _, app, codes = weak(browser, calendar)
    with site.app.engine.connect() as db:
        kept = repr([db.execute(select(table)).all() for table in d.metadata.sorted_tables])
    for secret in (app.secret, *codes, *(code.replace(" ", "") for code in codes)):
        assert secret not in kept


def test_a_seed_is_of_use_to_its_person_and_its_site_alone(site: Site, browser: Open, calendar: Calendar) -> None:
    client, app, _ = weak(browser, calendar)
    with site.app.engine.connect() as db:
        sealed = db.execute(select(d.factor.c.secret)).scalar_one()
    assert factors.seal(site.key, LEAD, app.secret) != sealed, "never the same twice"
    for other in (factors.seal(b"x" * 32, LEAD, app.secret), factors.seal(site.key, ADVISER, app.secret)):
        site.app.write(lambda db, other=other: db.execute(update(d.factor).values(secret=other)))  # type: ignore[misc]
        assert shown(client, app.at(calendar.now)) == 422
    site.app.write(lambda db: db.execute(update(d.factor).values(secret=sealed)))
    assert shown(client, app.at(calendar.now)) == 303


def test_asvs_7_5_1_a_first_factor_needs_a_session_of_this_hour(browser: Open, calendar: Calendar) -> None:
    client = browser(LEAD, strong=False)
    app = app_of(client)
    calendar.wait(hours=1)
    assert client.post(f"{PLACE}/app/code", data={"code": app.at(calendar.now)}).status_code == 422
    assert client.post(f"{PLACE}/app", data={"once": "b"}).status_code == 422
    assert client.post(f"{PLACE}/passkey/options", data={"once": "b"}).status_code == 403
    assert "nothing up yet" in client.get(PLACE).text


def test_asvs_7_5_1_a_further_factor_needs_the_one_that_is_there(browser: Open, calendar: Calendar) -> None:
    client, _, _ = weak(browser, calendar)
    assert client.post(f"{PLACE}/app", data={"once": "b"}).headers["location"].startswith(SECOND)
    assert client.post(f"{PLACE}/passkey/options", data={"once": "b"}).status_code == 403
    assert client.get(f"{PLACE}/app").status_code == 303


def test_an_ended_factor_shows_nothing_any_more(site: Site, browser: Open, calendar: Calendar) -> None:
    client, app, codes = weak(browser, calendar)
    number = ended(site)
    assert client.post(f"{PLACE}/end", data={"factor": number}).headers["location"].startswith(SECOND)
    other = browser(ADVISER)
    assert other.post(f"{PLACE}/end", data={"factor": number}).status_code == 303
    assert shown(client, app.at(calendar.now)) == 303, "nobody ends what is another's"
    assert client.post(f"{PLACE}/end", data={"factor": number}).headers["location"] == PLACE
    assert "taken off your account" in mails(site)[-1]
    calendar.wait(minutes=1)
    again = browser(LEAD, strong=False)
    for code in (app.at(calendar.now), codes[0]):
        assert shown(again, code) == 422
    with site.app.engine.connect() as db:
        assert db.execute(select(d.factor.c.secret)).scalar_one() == ""


def ended(site: Site) -> str:
    with site.app.engine.connect() as db:
        return str(db.execute(select(d.factor.c.id).where(d.factor.c.person == LEAD)).scalar_one())


class Reached(Exception):
    """The people have come to the act that a test is about."""


class Stopping(Browsing):
    """Honest people who stop before the first act of a kind."""

    stop_at: type[acts.Act] = acts.Approve

    def do(self, by: str, act: acts.Act) -> None:
        if isinstance(act, self.stop_at):
            raise Reached(by, act)
        super().do(by, act)


@pytest.fixture
def before_approving(site: Site, browser: Open) -> tuple[str, str, dict[str, str]]:
    """Who approves next, where, and what the form holds."""
    people = Stopping(site, browser)
    with pytest.raises(Reached) as reached:
        people.walk()
    people.calendar.day = people.today
    by, act = reached.value.args
    place, fields, _ = people._form(act)
    page = browser(by).get(place).text
    return by, place, {**Forms(page).at(place, words(page)), **fields, "note": "Read with care"}


def test_asvs_6_3_3_nobody_approves_by_a_code_from_an_e_mail_alone(
    site: Site, browser: Open, calendar: Calendar, before_approving: tuple[str, str, dict[str, str]]
) -> None:
    """Refused and nothing changed; then the factor is shown, and the form that was sent is still there."""
    by, place, form = before_approving
    client, before = browser(by, strong=False), load(site.app.engine, PROJECT)
    counted = events(site)
    answer = client.post(place, data=form)
    assert answer.status_code == 303
    onward = answer.headers["location"]
    assert re.fullmatch(r"/sign-in/second\?next=/sign-in/kept/\d+", onward)
    assert (events(site), load(site.app.engine, PROJECT)) == (counted, before)

    app, _ = set_up(client, calendar)
    client = browser(by, strong=False)
    assert "What you sent is kept" in client.get(onward).text
    back = client.post(SECOND, data={"next": onward.partition("=")[2], "code": app.at(calendar.now)})
    kept = client.get(back.headers["location"])
    assert kept.status_code == 200
    fields = Forms(kept.text).at(place, words(kept.text))
    assert fields["note"] == "Read with care"
    assert client.post(place, data=fields).status_code == 303
    assert events(site) > counted
    assert client.get(back.headers["location"]).status_code == 404, "once it is taken it is gone"


def test_a_kept_form_is_its_senders_alone(browser: Open, before_approving: tuple[str, str, dict[str, str]]) -> None:
    by, place, form = before_approving
    client = browser(by, strong=False)
    kept = client.post(place, data=form).headers["location"].partition("=")[2]
    assert client.get(kept).status_code == 200
    assert browser("stranger").get(kept).status_code == 404
    assert client.get("/sign-in/kept/x").status_code == 404
    assert client.get("/sign-in/kept/99999999999999999999").status_code == 404


@pytest.mark.parametrize(("hours", "asked"), [(11, False), (13, True)])
def test_a_strong_factor_is_asked_for_again_after_twelve_hours(
    site: Site, browser: Open, calendar: Calendar, hours: int, asked: bool
) -> None:
    client = browser(LEAD)
    long = calendar.now + timedelta(days=1)
    site.app.write(lambda db: db.execute(update(d.session).values(ends_at=long, idle_minutes=24 * 60)))
    calendar.wait(hours=hours)
    answer = client.post(f"{PLACE}/codes", data={"once": "x"})
    assert (answer.status_code == 303) is asked


def test_every_weighty_act_is_on_the_list() -> None:
    assert set(STRONG_ACTS) == {
        acts.Approve,
        acts.ApproveSubjectTo,
        acts.RecordDecision,
        acts.CheckDecision,
        acts.Accept,
        acts.OpenPutRight,
        acts.GiveRole,
        acts.ConfirmRole,
    }


def test_giving_a_role_by_an_invitation_needs_a_strong_factor_too(site: Site, browser: Open) -> None:
    before, place = events(site), f"/projects/{PROJECT}/people/invite"
    form = {"name": "Ann", "email": "ann@example.org", "role": "legal_adviser", "side": "group"}
    answer = browser(LEAD, strong=False).post(place, data=form)
    assert answer.headers["location"].startswith(SECOND)
    assert events(site) == before
    assert not mails(site)


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[" * 15_000, "x" * 30_000, '{"id": "a", "rawId": "?", "type": "public-key", "response": {}}', "\x00"],
)
def test_an_answer_of_no_device_lets_nobody_in(browser: Open, answer: str) -> None:
    client = browser()
    assert client.post("/sign-in/passkey/options", data={"a": "b"}).json()["userVerification"] == "required"
    assert client.post("/sign-in/passkey", data={"credential": answer}).status_code == 422
    assert client.get("/work").status_code == 303
    mine = browser(LEAD, strong=False)
    mine.post(f"{PLACE}/passkey/options", data={"a": "b"})
    assert mine.post(f"{PLACE}/passkey", data={"credential": answer}).status_code == 422
    assert not is_strong(mine)


def test_what_was_written_when_the_session_ran_out_is_given_back(site: Site, browser: Open, calendar: Calendar) -> None:
    client, before = browser(LEAD), events(site)
    place = f"/projects/{PROJECT}/steps/vision/questions/why_leave"
    form = {**Forms(client.get(place).text).at(place, ""), "answer": "A long night’s work", "way": "save"}
    calendar.wait(hours=8)
    answer = client.post(place, data=form)
    onward = answer.headers["location"].partition("?next=")[2]
    assert re.fullmatch(r"/sign-in/kept/\d+", onward)
    assert "What you sent is kept" in client.get(answer.headers["location"]).text
    assert events(site) == before
    assert browser(ADVISER).get(onward).status_code == 404
    again = browser(LEAD)
    fields = Forms(again.get(onward).text).at(place, "")
    assert fields["answer"] == "A long night’s work"
    assert again.post(place, data=fields).status_code == 303
    assert load(site.app.engine, PROJECT).answers["why_leave", ""].text == "A long night’s work"


def test_nothing_is_kept_of_a_session_that_somebody_ended_or_of_none(
    site: Site, browser: Open, calendar: Calendar
) -> None:
    client, place = browser(LEAD), f"/projects/{PROJECT}/steps/vision/questions/why_leave"
    held = client.cookies[COOKIE]
    client.post("/sign-out", data={"once": "a"})
    calendar.wait(hours=8)
    for cookie in (held, "", "x"):
        other = browser()
        other.headers["cookie"] = f"{COOKIE}={cookie}"
        assert other.post(place, data={"answer": "x"}).headers["location"] == "/sign-in"
    with site.app.engine.connect() as db:
        assert not db.execute(select(d.kept_form)).all()
