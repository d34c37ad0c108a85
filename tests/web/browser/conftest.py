"""The practice site half-way, lived once and copied, and Debian's Chromium before it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from mutualflow.settings import from_environment
from mutualflow.wiring.app import App
from tests.honest import START
from tests.stored import everybody, publish, start
from tests.web.browser import places
from tests.web.browser.places import Place

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all; without it the tests fail, for nothing else proves the pages."""
    if not CHROMIUM.exists():
        pytest.fail(f"There is no {CHROMIUM}. Install it: apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def half_way(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, date]:
    """The folder of the sample lived half-way, and its day."""
    folder = tmp_path_factory.mktemp("half-way") / "data"
    return folder, places.lived(folder)


@pytest.fixture(scope="package")
def standing(
    half_way: tuple[Path, date], chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A site that is only looked at."""
    folder, day = half_way
    with places.opened(places.copied(folder, tmp_path_factory.mktemp("standing") / "data"), day, chromium) as place:
        yield place


@pytest.fixture
def place(half_way: tuple[Path, date], chromium: Browser, tmp_path: Path) -> Iterator[Place]:
    """A site of a test's own, half-way."""
    folder, day = half_way
    with places.opened(places.copied(folder, tmp_path / "data"), day, chromium) as made:
        yield made
        assert not made.said, made.said


@pytest.fixture
def first_day(database_url: str, chromium: Browser, tmp_path: Path) -> Iterator[Place]:
    """A site with one project on its first day, over a database of either kind."""
    app = App(from_environment({"MUTUALFLOW_DATA_DIR": str(tmp_path / "d"), "MUTUALFLOW_DATABASE_URL": database_url}))
    publish(app.engine, (*everybody(), "stranger"))
    start(app.engine)
    with places.opened(app, START, chromium) as made:
        made.prefix = ""
        yield made
