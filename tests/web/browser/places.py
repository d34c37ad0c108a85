"""A site that really listens, and people who sit before it in Chromium."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page

from mutualflow.services import door
from mutualflow.settings import from_environment
from mutualflow.web import application, practice
from mutualflow.web.calendar import PracticeCalendar
from mutualflow.web.site import COOKIE, Site
from mutualflow.wiring.app import App

SAMPLE = "homeless-health"
HOME = f"/projects/{SAMPLE}"
WIDE, NARROW = 1280, 375
AXE = Path(__file__).resolve().parents[3] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ANSWERED = "Failed to load resource: the server responded with a status of "
"""What Chromium writes of a page whose status is an error, though the page is as it should be."""

RUN_AXE = """async tags => (await axe.run(document,
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
    .violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary))"""
TOO_WIDE = """width => [...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"""


@dataclass
class Place:
    """A running site. `said`: what the consoles of its browsers say; `prefix`: how the keys of its people begin."""

    site: Site
    chromium: Browser
    prefix: str = f"{SAMPLE}."
    said: list[str] = field(default_factory=list)

    def enter(self, person: str = "", *, width: int = WIDE, javascript: bool = True, strong: bool = True) -> Page:
        """A window of nobody, or of somebody of the sample who is signed in, with or without a strong factor."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=javascript, base_url=self.site.origin
        )
        if person:
            key, now = f"{self.prefix}{person}", self.site.calendar.clock()
            token = self.site.app.write(
                lambda db: door.begin(db, key, device="Linux", shared=False, now=now, strong=strong)
            )
            secure = self.site.origin.replace("http:", "https:")  # localhost counts as secure, but not for this call
            context.add_cookies([{"name": COOKIE, "value": token, "url": secure, "secure": True}])
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.text} {message.location.get('url', '')}")


@contextmanager
def opened(app: App, day: date, chromium: Browser) -> Iterator[Place]:
    """The practice site over an application, listening on a free port of this computer until the block ends."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    origin = f"http://localhost:{listening.getsockname()[1]}"
    site = Site(
        app=app, calendar=PracticeCalendar(day), key=b"k" * 32, origin=origin, practice=True, operator="A test",
        contact="nobody@example.org",
    )  # fmt: skip
    config = uvicorn.Config(application.build(site), log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    place = Place(site, chromium)
    try:
        yield place
    finally:
        for context in chromium.contexts:
            context.close()
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
        app.close()


def lived(folder: Path) -> date:
    """The sample half-way, in a folder; the day on which it stands."""
    app = App(from_environment({"MUTUALFLOW_DATA_DIR": str(folder)}))
    calendar = practice.prepare(app, practice.load(), lambda day: None)
    app.close()
    return calendar.today()


def copied(folder: Path, to: Path) -> App:
    """An application over a copy of a folder."""
    shutil.copytree(folder, to)
    return App(from_environment({"MUTUALFLOW_DATA_DIR": str(to)}))


def looked_at(place: Place, page: Page, *, status: int = 200) -> None:
    """The page that is open is accessible and fits, wide and narrow, and its console is silent."""
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, (page.url, found, page.evaluate(TOO_WIDE, width))
        if not page.evaluate("'axe' in window"):
            page.evaluate("() => {" + AXE.read_text() + "}")
        faults = page.evaluate(RUN_AXE, TAGS)
        assert not faults, (page.url, width, faults)
    said = [line for line in place.said if status == 200 or not line.startswith(f"{ANSWERED}{status}")]
    place.said.clear()
    assert not said, (page.url, said)
