"""A formation on which somebody is working when the sweep comes: nobody waits, and nothing is lost."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from mutualflow.domain.acts import Answer
from mutualflow.services import acting, walking
from mutualflow.services.walking import Walked
from mutualflow.storage import database
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests import stored
from tests.postgres import Server
from tests.workflows.conftest import application
from tests.workflows.dozen import DAY, KEYS, a_dozen, nothing_doubled, nothing_lost
from workflows import flows

NOW = stored.moment(DAY)
TOMORROW = DAY.replace(day=DAY.day + 1)


@pytest.fixture
def on_postgresql(postgres_server: Server, postgres_template: str, tmp_path: Path) -> Iterator[App]:
    """Where each formation has a lock of its own."""
    made = application(postgres_server.create("held", postgres_template), tmp_path / "data")
    stored.publish(made.engine, stored.everybody())
    yield a_dozen(made)
    made.close()
    postgres_server.drop("held")


@contextmanager
def somebody_works_on(app: App, key: str) -> Iterator[threading.Event]:
    """A person's act in a transaction of its own, done and not committed until the event is set or the block ends."""
    done, enough = threading.Event(), threading.Event()

    def act(db: Connection) -> None:
        acting.act(
            db,
            key,
            Answer(fact="service_name", value="Riverside Together"),
            by="staff_lead-group-1",
            now=NOW,
            law=app.law,
            today=DAY,
        )
        done.set()
        assert enough.wait(60)

    worker = threading.Thread(target=lambda: app.write(act))
    worker.start()
    try:
        assert done.wait(30), "the act was refused"
        yield enough
    finally:
        enough.set()
        worker.join(30)
        assert not worker.is_alive()


def test_a_sweep_goes_past_it_says_so_and_the_next_takes_it(on_postgresql: App) -> None:
    app = on_postgresql
    with somebody_works_on(app, KEYS[3]):
        began = time.monotonic()
        swept = pulses.sweep_plainly(app, today=DAY, now=NOW)
        assert time.monotonic() - began < database.PATIENCE / 1000, "it has not waited until the lock gave up"
    assert (swept.counts["walked"], swept.counts["held"], swept.counts["failed"]) == (len(KEYS) - 1, 1, 0)
    assert app.read(lambda db: walking.due(db, DAY)) == [KEYS[3]]
    rows = flows.summary(swept.walked, swept.counts)
    assert {"part": "did", "what": "left for the next sweep: somebody was working on it", "count": 1} in rows

    again = pulses.sweep_plainly(app, today=DAY, now=NOW)
    assert (again.counts["walked"], again.counts["held"]) == (1, 0)
    assert stored.load(app.engine, KEYS[3]).answers, "the act stands"
    pulses.sweep_plainly(app, today=TOMORROW, now=stored.moment(TOMORROW))
    nothing_lost(app, TOMORROW)
    nothing_doubled(app)


def test_whoever_is_done_before_the_sweep_ends_is_walked_by_it(
    on_postgresql: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, usual, order = on_postgresql, walking.walk, list[str]()
    with somebody_works_on(app, KEYS[0]) as enough:

        def watched(db: Connection, key: str, **rest: object) -> Walked:
            if key == KEYS[0] and order:  # the second time
                enough.set()
                time.sleep(0.5)
            order.append(key)
            return usual(db, key, **rest)  # type: ignore[arg-type]

        monkeypatch.setattr(walking, "walk", watched)
        swept = pulses.sweep_plainly(app, today=DAY, now=NOW)
    assert order == [*KEYS, KEYS[0]]
    assert (swept.counts["walked"], swept.counts["held"]) == (len(KEYS), 0)


def test_a_walk_by_name_waits_for_its_turn(on_postgresql: App) -> None:
    app = on_postgresql
    with somebody_works_on(app, KEYS[0]) as enough:
        threading.Timer(0.5, enough.set).start()
        assert pulses.walk_by_name(app, KEYS[0], today=DAY, now=NOW).walked == 1
        assert enough.is_set()
    assert stored.load(app.engine, KEYS[0]).answers, "it has walked over what the person left"


def test_two_people_still_queue(on_postgresql: App) -> None:
    app = on_postgresql

    def act(db: Connection) -> None:
        acting.act(
            db,
            KEYS[0],
            Answer(fact="service_name", value="Riverside Apart"),
            by="staff_lead-group-2",
            now=NOW,
            law=app.law,
            today=DAY,
        )

    with somebody_works_on(app, KEYS[0]) as enough:
        threading.Timer(0.5, enough.set).start()
        app.write(act)
        assert enough.is_set()


def test_on_sqlite_the_sweep_waits_for_the_one_writer_and_leaves_nothing(sqlite_app: App) -> None:
    app = a_dozen(sqlite_app)
    other = application(app.settings.database_url, app.settings.data_dir)
    with somebody_works_on(other, KEYS[3]) as enough:
        threading.Timer(0.5, enough.set).start()
        swept = pulses.sweep_plainly(app, today=DAY, now=NOW)
        assert enough.is_set()
    other.close()
    assert (swept.counts["walked"], swept.counts["held"]) == (len(KEYS), 0)
