"""The whole walk in browsers: every act is a form of a page, from the first idea to the open doors."""

from collections.abc import Callable

import pytest

from mutualflow.domain.keys import Milestone
from mutualflow.web.site import Site
from tests.web.browsing import Browsing, load_official_wording
from tests.web.conftest import Browser

Open = Callable[[str], Browser]


def test_a_group_gets_permission_by_pages_alone(site: Site, browser: Open) -> None:
    """Answers, lists, files, sending, approving, a board's decision and its checked minute."""
    people = Browsing(site, browser)
    people.walk(Milestone.PERMISSION_GIVEN)
    assert people.pages > 60


@pytest.mark.soak
def test_a_group_opens_its_doors_by_pages_alone(site: Site, browser: Open) -> None:
    """To the launch of a company, with its documents printed and filed."""
    load_official_wording(site)
    people = Browsing(site, browser)
    people.walk(Milestone.GO_LIVE)
    assert people.f.launched
