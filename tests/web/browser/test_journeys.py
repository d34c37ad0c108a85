"""People at their browsers: what each does, sees and reads on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.places import HOME, NARROW, Place, looked_at

pytestmark = pytest.mark.xdist_group("browser")

CASE = f"{HOME}/steps/business_case"
BOARD = f"{HOME}/steps/decision_in_principle"
VISION = "/projects/riverside/steps/vision"
LEAD, OTHER, COLLEAGUE = "staff_lead-group-1", "staff_lead-group-2", "staff_member-group-1"
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"  # answers take words of up to 60 letters
EMOJI = "🏥🚑" * 40


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def headed(page: Page, words: str) -> None:
    summary = page.locator(".govuk-error-summary")
    assert not summary.count(), summary.inner_text()
    expect(page.locator("h1")).to_contain_text(words)


def answered_vision(page: Page) -> None:
    """From the step through its questions and its list, up to sending."""
    page.goto(VISION)
    press(page, "Start answering")
    for _ in range(4):
        page.locator("[name=answer]").fill("We want to stay with our patients, and to decide in weeks.")
        press(page, "Save and continue")
    headed(page, "")
    page.goto(f"{VISION}/lists/group_members")
    press(page, "Add the first")
    for box in page.locator("main input:not([type=hidden])").all():
        box.fill("Nurse")
    press(page, "Save")
    press(page, "That is all of them")


def test_a_staff_lead_sends_an_adviser_returns_and_then_approves(first_day: Place) -> None:
    lead, colleague = first_day.enter(LEAD, width=NARROW), first_day.enter(COLLEAGUE)
    answered_vision(lead)
    press(lead, "Check the answers and send")
    headed(lead, "Check your answers")
    press(lead, "Send")
    headed(lead, "Sent")
    looked_at(first_day, lead)

    colleague.goto(f"{VISION}/rounds/1")
    press(colleague, "Return it")
    colleague.locator("[name=reason]").fill(f"Say more. {LONG_WORD * 5} {EMOJI}")
    colleague.locator("[name=points]").first.check()
    press(colleague, "Return it")
    headed(colleague, "You have returned it")

    lead.goto(VISION)
    expect(lead.locator(".mf-returned")).to_contain_text("Say more.")
    looked_at(first_day, lead)
    lead.locator(".mf-returned a").first.click()
    lead.locator("[name=answer]").fill(f"More is said. {LONG_WORD} {LONG_WORD}")
    press(lead, "Save and continue")
    headed(lead, "")
    lead.goto(f"{VISION}/send")
    press(lead, "Send")

    colleague.goto(f"{VISION}/rounds/2")
    expect(colleague.locator("main")).to_contain_text("What changed since round 1")
    looked_at(first_day, colleague)
    press(colleague, "Approve")
    expect(colleague.locator("main")).to_contain_text("You do not confirm that the law is satisfied")
    for part, said in zip(("day", "month", "year"), str(first_day.site.calendar.today()).split("-")[::-1], strict=True):
        colleague.locator(f"[name=happened_on-{part}]").fill(said)
    press(colleague, "Approve")
    headed(colleague, "You have approved it")
    expect(colleague.locator("main")).to_contain_text("Was that a mistake?")
    looked_at(first_day, colleague)


def test_who_comes_second_sees_both_answers(place: Place) -> None:
    mine, hers = place.enter("sponsor"), place.enter("deputy")
    for page in (mine, hers):
        page.goto(f"{BOARD}/questions/delegated_post")
    for page, said in ((mine, "The chief operating officer"), (hers, "The company secretary")):
        page.locator("[name=answer]").fill(said)
        press(page, "Save and continue")
    expect(hers.locator("main")).to_contain_text("The chief operating officer")
    expect(hers.locator("[name=answer]")).to_have_value("The company secretary")
    looked_at(place, hers, status=409)


def test_a_changed_answer_shows_first_what_it_reopens(place: Place) -> None:
    lead = place.enter("lead")
    lead.goto(f"{CASE}/questions/start_up_funding")
    lead.locator("[name=answer]").fill("A grant alone.")
    press(lead, "Save and continue")
    headed(lead, "What this would reopen")
    looked_at(place, lead)
    expect(lead.locator("main")).to_contain_text("Write the business case is no longer approved")
    press(lead, "Change it and reopen these")
    lead.goto(HOME)
    expect(lead.locator(".mf-next")).to_contain_text("Write the business case")


def test_a_phone_without_javascript(first_day: Place) -> None:
    lead = first_day.enter(LEAD, width=NARROW, javascript=False)
    lead.goto(f"{VISION}/questions/why_leave")
    press(lead, "Save and continue")
    expect(lead.locator(".govuk-error-summary")).to_contain_text("Enter an answer")
    answered_vision(lead)
    press(lead, "Check the answers and send")
    press(lead, "Send")
    headed(lead, "Sent")
    lead.goto("/projects/riverside")
    expect(lead.locator("main")).to_contain_text(re.compile("Write down why.*Waiting", re.S))


def test_a_keyboard_alone(place: Place) -> None:
    page = place.enter("sponsor")
    page.goto(f"{BOARD}/questions/delegated_post")
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[name=answer]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=answer]")).to_be_focused()
    looked_at(place, page, status=422)
