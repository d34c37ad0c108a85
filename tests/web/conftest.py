"""A site over a fresh database of either kind, with a formation on its first day, and browsers of its people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from starlette.testclient import TestClient

from mutualflow.services import door
from mutualflow.settings import from_environment
from mutualflow.web import application
from mutualflow.web.site import COOKIE, Site
from mutualflow.wiring.app import App
from tests.honest import START
from tests.stored import everybody, publish, start

ORIGIN = "https://mutualflow.example.org"
PROJECT = "riverside"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Calendar:
    """A calendar that only a test moves."""

    now: datetime = NOW
    day: date = field(default=START)

    def clock(self) -> datetime:
        return self.now

    def moment(self) -> datetime:
        return datetime.combine(self.day, self.now.timetz())

    def today(self) -> date:
        return self.day

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """A real site (not for practice), mails as files."""
    said = {"MUTUALFLOW_DATA_DIR": str(tmp_path / "data"), "MUTUALFLOW_DATABASE_URL": database_url}
    app = App(from_environment(said))
    publish(app.engine, (*everybody(), "stranger"))
    start(app.engine, PROJECT)
    yield Site(app=app, calendar=Calendar(), key=b"k" * 32, origin=ORIGIN)
    app.close()


@pytest.fixture
def calendar(site: Site) -> Calendar:
    """The site's calendar."""
    assert isinstance(site.calendar, Calendar)
    return site.calendar


Browser = TestClient


@pytest.fixture
def browser(site: Site) -> Callable[..., Browser]:
    """A browser of nobody, or of somebody who is signed in."""
    made = application.build(site)

    def open_(person: str = "", *, strong: bool = True) -> Browser:
        client = TestClient(made, base_url=ORIGIN, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False)
        if person:
            client.cookies.set(COOKIE, sign_in(site, person, strong=strong), domain="mutualflow.example.org", path="/")
        return client

    return open_


def sign_in(site: Site, person: str, *, strong: bool = True) -> str:
    """A session of somebody, begun as the door begins it; with a strong factor unless a test wants none."""

    def use_case(db: Connection) -> str:
        return door.begin(db, person, device="Linux", shared=False, now=site.calendar.clock(), strong=strong)

    return site.app.write(use_case)


def mails(site: Site) -> list[str]:
    """The texts of the mails that were written, oldest first."""
    folder = site.app.settings.mail_dir
    files = sorted(folder.glob("*.eml"), key=lambda f: f.stat().st_mtime_ns) if folder.is_dir() else []
    return [f.read_text() for f in files]
