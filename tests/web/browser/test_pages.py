"""Pages in a real browser: accessible and fitting at both widths, with a silent console."""

import pytest

from tests.web.browser.places import HOME, Place, looked_at

pytestmark = pytest.mark.xdist_group("browser")

CASE = f"{HOME}/steps/business_case"
OPEN = f"{HOME}/steps/decision_in_principle"
SEEN = (
    ("", "/sign-in"),
    ("", "/practice"),
    ("pensions", "/work"),
    ("lead", HOME),
    ("lead", CASE),
    ("lead", f"{CASE}/rounds/2"),
    ("lead", f"{CASE}/lists/benefits"),
    ("lead", f"{CASE}/lists/benefits/new"),
    ("lead", f"{HOME}/documents/homeless-health/D07/2"),
    ("lead", f"{HOME}/plan"),
    ("lead", f"{HOME}/people"),
    ("lead", f"{HOME}/dates"),
    ("sponsor", OPEN),
    ("sponsor", f"{OPEN}/send"),
    ("sponsor", f"{OPEN}/questions/decision_target_date"),
    ("pensions", f"{HOME}/tasks/pension_cost"),
)


@pytest.mark.parametrize(("person", "path"), SEEN)
def test_a_page_is_accessible_and_fits(standing: Place, person: str, path: str) -> None:
    page = standing.enter(person)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    looked_at(standing, page)
    page.context.close()
