"""Passkeys in a real browser, with a device that Chromium plays: made, shown, shown again. Rows of OWASP ASVS 5.0."""

import json
import urllib.parse

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select

from mutualflow.storage import door_tables as d
from tests.web.browser.places import Place, looked_at
from tests.web.conftest import PROJECT

pytestmark = pytest.mark.xdist_group("browser")

LEAD, OTHER = "staff_lead-group-1", "hr_adviser-group-1"
PLACE = "/account/security"


def device(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """Put an authenticator into the browser, as a phone or a key would be; it says yes by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def add(page: Page, name: str = "My phone") -> list[str]:
    """Add a passkey by the page; the recovery codes that are shown."""
    page.goto(PLACE)
    page.get_by_label("What do you call this device?").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return page.locator(".mf-codes li").all_inner_texts()


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_passkey_is_added_and_signs_in_on_its_own(first_day: Place) -> None:
    page = first_day.enter(LEAD, strong=False)
    device(page)
    assert len(add(page)) == 10
    looked_at(first_day, page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("term").filter(has_text="My phone")).to_be_visible()
    looked_at(first_day, page)
    sign_out(page)
    first_day.said.clear()  # Chromium says that it cleared its cache
    looked_at(first_day, page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    page.goto(PLACE)
    expect(page.get_by_role("button", name="Remove My phone")).to_be_visible()
    assert not first_day.said


def test_asvs_6_5_1_what_a_device_said_once_is_worth_nothing_again(first_day: Place) -> None:
    page = first_day.enter(LEAD, strong=False)
    device(page)
    add(page)
    sign_out(page)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if r.url.endswith("/sign-in/passkey") else None)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    said = urllib.parse.parse_qs(sent[0])["credential"][0]
    assert json.loads(said)["type"] == "public-key"
    sign_out(page)
    for ask_first in (False, True):  # with the challenge used up, and with another one
        if ask_first:
            page.evaluate("fetch('/sign-in/passkey/options', {method: 'POST', body: new URLSearchParams({})})")
        page.evaluate(
            """said => { const form = document.querySelector('form[data-passkey]')
                form.elements.credential.value = said; form.submit() }""",
            said,
        )
        expect(page.get_by_text("The passkey was not accepted")).to_be_visible()
        page.goto("/sign-in")


def test_asvs_6_3_3_a_device_that_does_not_check_its_owner_adds_nothing(first_day: Place) -> None:
    page = first_day.enter(LEAD, strong=False)
    device(page, verifies=False)
    page.goto(PLACE)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The device showed no passkey")).to_be_visible()
    looked_at(first_day, page)
    with first_day.site.app.engine.connect() as db:
        assert not db.execute(select(d.factor)).all()


def test_a_passkey_as_the_second_factor_and_nobody_elses(first_day: Place) -> None:
    page = first_day.enter(LEAD, strong=False)
    session, authenticator = device(page)
    add(page)
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    weak = first_day.enter(LEAD, strong=False)
    weak.goto(f"/projects/{PROJECT}/people/invite")
    weak.get_by_label("Name").fill("Ann")
    weak.get_by_label("E-mail address").fill("ann@example.org")
    weak.get_by_label("Role", exact=True).select_option("legal_adviser")
    weak.get_by_label("For whom do they act?").select_option("group")
    weak.locator("main form button").click()
    expect(weak.get_by_role("heading", name="Show that it is you")).to_be_visible()
    expect(weak.get_by_text("What you sent is kept")).to_be_visible()
    looked_at(first_day, weak)
    carried, there = device(weak)
    carried.send("WebAuthn.addCredential", {"authenticatorId": there, "credential": held[0]})
    weak.get_by_role("button", name="Use a passkey").click()
    expect(weak.get_by_role("heading", name="Send it now")).to_be_visible()
    looked_at(first_day, weak)
    weak.get_by_role("button", name="Send it now").click()
    expect(weak).to_have_url(f"{first_day.site.origin}/projects/{PROJECT}/people")

    other = first_day.enter(OTHER, strong=False)
    device(other)
    add(other)
    foreign = first_day.enter(OTHER, strong=False)
    carried, there = device(foreign)
    carried.send("WebAuthn.addCredential", {"authenticatorId": there, "credential": held[0]})
    foreign.goto("/sign-in/second")
    foreign.get_by_role("button", name="Use a passkey").click()
    expect(foreign.get_by_text("The passkey was not accepted")).to_be_visible()
    first_day.said.clear()  # a page whose status is an error


def test_an_app_is_set_up_on_pages_that_fit(first_day: Place) -> None:
    """Without script too: the key as text and picture, wrong code, codes, the second factor."""
    page = first_day.enter(LEAD, strong=False, javascript=False)
    page.goto(PLACE)
    page.get_by_role("button", name="Set up an app").click()
    app = pyotp.TOTP("".join(page.locator(".mf-key span").all_inner_texts()))
    assert page.locator("svg.mf-qr").bounding_box()
    page.get_by_label("Code from the app").fill("12")
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_text("That is not the code").first).to_be_visible()
    page.get_by_label("Code from the app").fill(app.at(first_day.site.calendar.clock()))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = page.locator(".mf-codes li").all_inner_texts()
    weak = first_day.enter(LEAD, strong=False)
    weak.goto("/sign-in/second?next=/account/security")
    weak.get_by_label("Code", exact=True).fill("000000")
    weak.get_by_role("button", name="Continue").click()
    expect(weak.get_by_text("That is not a code that works now").first).to_be_visible()
    looked_at(first_day, weak, status=422)
    weak.get_by_label("Code", exact=True).fill(codes[0])
    weak.get_by_role("button", name="Continue").click()
    expect(weak.get_by_text("9 of 10 left")).to_be_visible()
    weak.get_by_role("button", name="Set up an app").click()
    expect(weak.get_by_role("heading", name="Set up an app that shows codes")).to_be_visible()
    looked_at(first_day, weak)
