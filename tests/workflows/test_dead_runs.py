"""A run whose process is killed outright: Prefect calls it running for ever, until the hourly look marks it."""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prefect import get_client
from prefect.client.schemas.objects import FlowRun

from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests import stored
from tests.workflows import dozen
from tests.workflows.sweeping import start_sweep, walked
from workflows import flows

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


def run_of(run_id: str) -> FlowRun:
    """A run as Prefect has it now."""
    with get_client(sync_client=True) as client:
        return client.read_flow_run(UUID(run_id))


def state(run_id: str) -> str:
    """What Prefect calls it."""
    found = run_of(run_id).state
    assert found is not None
    return found.name or ""


def pulse(app: App) -> dict[str, object]:
    """The oldest pulse: the killed sweep's."""
    return app.read(lambda db: pulse_rows.last(db, 100))[-1]


@pytest.fixture
def killed(sqlite_app: App, prefect_url: str, tmp_path: Path) -> App:
    """A real run of a dozen formations, killed in the middle of the fourth."""
    app, trace = dozen.a_dozen(sqlite_app), tmp_path / "trace"
    sweep = start_sweep(app, prefect_url, trace, datetime.now(UTC))
    try:
        (tmp_path / "go").touch()
        dozen.until(lambda: len(walked(trace)) >= 3)
        os.kill(sweep.pid, signal.SIGKILL)
        assert sweep.wait(30) == -signal.SIGKILL
    finally:
        sweep.kill()
        sweep.wait()
    flows.use(app)
    return app


def test_it_is_marked_by_the_look_and_repaired_by_the_next_walk(killed: App) -> None:
    app, dead = killed, str(pulse(killed)["run_id"])
    assert state(dead) == "Running", "nobody was left to say how it ended"
    assert (pulse(app)["finished_at"], pulse(app)["error"]) == (None, "")

    flows.mark_dead_runs()
    assert state(dead) == "Running", "two hours have not gone by: it may be alive"
    assert pulse(app)["error"] == ""

    counts = flows.mark_dead_runs(now=(datetime.now(UTC) + timedelta(hours=3)).isoformat())
    assert counts["runs"] >= 1
    assert counts["pulses"] == 1
    assert state(dead) == "Crashed"
    assert (pulse(app)["finished_at"], pulse(app)["error"]) == (None, "Killed")
    looked = app.read(lambda db: pulse_rows.last(db, 1))[0]
    assert (looked["flow"], looked["error"]) == ("mark dead runs", "")
    assert state(str(looked["run_id"])) == "Completed", "it does not take itself for dead"
    assert run_of(str(looked["run_id"])).name.startswith("mark-dead-runs-20")

    later = stored.moment(dozen.DAY) + timedelta(minutes=20)
    assert pulses.sweep_plainly(app, today=dozen.DAY, now=later).counts["walked"] >= len(dozen.KEYS) - 4
    tomorrow = dozen.DAY + timedelta(days=1)
    pulses.sweep_plainly(app, today=tomorrow, now=stored.moment(tomorrow))
    dozen.nothing_lost(app, tomorrow)
    dozen.nothing_doubled(app)


@pytest.mark.usefixtures("prefect_url")
def test_a_run_that_has_ended_and_one_that_started_late_are_left_alone(sqlite_app: App) -> None:
    from prefect.states import Running, Scheduled

    flows.use(sqlite_app)
    flows.walk_all(on=dozen.DAY.isoformat(), now=stored.moment(dozen.DAY).isoformat())
    ended = str(pulse(sqlite_app)["run_id"])
    with get_client(sync_client=True) as client:
        due = datetime.now(UTC) - timedelta(hours=9)
        late = client.create_flow_run(flows.walk_all, state=Scheduled(scheduled_time=due))
        client.set_flow_run_state(late.id, Running(), force=True)
    flows.mark_dead_runs()
    assert (state(ended), state(str(late.id))) == ("Completed", "Running")
    flows.mark_dead_runs(now=(datetime.now(UTC) + timedelta(hours=3)).isoformat())
    assert (state(ended), state(str(late.id))) == ("Completed", "Crashed")
