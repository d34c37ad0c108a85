"""A walk over 200 formations: plain calls of the service, the whole sweep without Prefect, and the sweep as a flow."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from sqlalchemy import update

from bench import ground
from bench.clones import clone
from bench.ground import Crowds
from bench.places import settle
from bench.row import Row
from mutualflow.services import walking
from mutualflow.settings import from_environment
from mutualflow.storage import tables as t
from mutualflow.storage.database import open_engine
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests import stored
from workflows import prefect_env
from workflows.server import api_server, free_port

FORMATIONS = 200
DAYS_LATER = 30
"""By then much is due soon or overdue: the walk has something to tell everywhere."""


@contextmanager
def prefect() -> Iterator[None]:
    """Prefect's settings in a home that is thrown away, and a server of its own, before Prefect is imported."""
    home = Path(tempfile.mkdtemp(prefix="mutualflow-bench-"))
    prefect_env.for_demo(home)
    try:
        with api_server(free_port()):
            yield
    finally:
        shutil.rmtree(home, ignore_errors=True)


def rows(crowds: Crowds) -> Iterator[Row]:
    """Each on a database of its own, as made by the same clones."""
    from workflows import flows  # late: the server's address is known now

    place, day = crowds.place, ground.answering(open_engine(crowds.made.walked)).today + timedelta(days=DAYS_LATER)
    now = datetime.combine(day, clock_time(18), UTC)

    def plain(app: App) -> None:
        for key in app.read(lambda db: walking.due(db, day)):
            app.write(lambda db, key=key: walking.walk(db, key, today=day, now=now, law=app.law))  # type: ignore[misc]

    def as_flow(app: App) -> None:
        flows.use(app)
        flows.walk_all(on=day.isoformat(), now=now.isoformat())

    ways: dict[str, Callable[[App], object]] = {
        "plain": plain,
        "sweep": lambda app: pulses.sweep_plainly(app, today=day, now=now),
        "flow": as_flow,
    }
    spent = {name: _timed(crowds, way, day) for name, way in ways.items()}
    name = f"{place.name}: a walk over {FORMATIONS} formations"
    yield Row(f"{name}, plain calls of the service", spent["plain"], "s")
    yield Row(f"{name}, with digests and sending, no Prefect", spent["sweep"], "s", spent["plain"])
    yield Row(f"{name}, with digests and sending, as a Prefect flow", spent["flow"], "s", spent["plain"])


def _timed(crowds: Crowds, way: Callable[[App], object], day: date) -> float:
    url = ground.carry(crowds.made.walked, crowds.place)
    engine = open_engine(url)
    clone(engine, stored.load(engine).id, FORMATIONS - 1)
    with engine.begin() as db:
        db.execute(update(t.formation).values(next_due_on=day))
    settle(engine)
    engine.dispose()
    with tempfile.TemporaryDirectory(prefix="mutualflow-bench-") as folder:
        app = App(from_environment({"MUTUALFLOW_DATABASE_URL": url, "MUTUALFLOW_DATA_DIR": folder}))
        assert app.law
        began = time.perf_counter()
        way(app)
        spent = time.perf_counter() - began
        app.close()
    return spent
