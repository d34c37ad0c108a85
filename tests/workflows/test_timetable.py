"""The timetable: its times, its own server, a run that it starts, and what is left when it is told to stop."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.server.schemas import schedules as reckoned

from mutualflow.storage import database, migrating
from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring.app import App
from tests import stored
from tests.workflows import processes
from tests.workflows.conftest import application, bare_environment
from workflows import server, timetable
from workflows.server import ServerFault, free_port

LONDON = ZoneInfo("Europe/London")
PROGRAM = Path(sys.executable).parent / "mutualflow"


def schedules() -> dict[str, Any]:
    """Every schedule by the name of its deployment."""
    return {one.name: row.schedule for one in timetable.deployments() for row in one.schedules}


def local(schedule: Any, start: datetime, n: int) -> list[datetime]:
    """The next times in London, as the server reckons them."""
    kind = reckoned.CronSchedule if isinstance(schedule, CronSchedule) else reckoned.IntervalSchedule
    there = kind.model_validate(schedule.model_dump())
    return [one.astimezone(LONDON) for one in asyncio.run(there.get_dates(n, start))]


def test_every_schedule_parses_and_is_in_london() -> None:
    found = schedules()
    assert set(found) == {"daily", "often", "hourly"}
    for schedule in found.values():
        assert isinstance(schedule, (CronSchedule, IntervalSchedule))
        if isinstance(schedule, CronSchedule):
            assert schedule.timezone == "Europe/London"
        assert len(local(schedule, datetime(2027, 1, 1, tzinfo=LONDON), 3)) == 3


@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_walk_stays_at_seven_when_clocks_change(change: date) -> None:
    start = datetime.combine(change - timedelta(days=2), datetime.min.time(), LONDON)
    times = local(schedules()["daily"], start, 5)
    assert [t.date() for t in times] == [change + timedelta(days=n) for n in range(-2, 3)]
    assert {(t.hour, t.minute) for t in times} == {(7, 0)}


def test_nothing_daily_falls_into_the_hour_that_is_there_twice_or_never() -> None:
    for schedule in schedules().values():
        if isinstance(schedule, CronSchedule):
            assert not [t for t in local(schedule, datetime(2027, 3, 1, tzinfo=LONDON), 400) if t.hour == 1]


def test_sweeps_never_overlap_and_flows_are_found_by_module() -> None:
    for one in timetable.deployments():
        assert one.concurrency_limit == 1
        assert one.concurrency_options is not None
        assert one.concurrency_options.collision_strategy.value == "CANCEL_NEW"
        assert str(one.entrypoint).startswith("workflows.flows.")


@dataclass
class Served:
    """A running timetable."""

    process: subprocess.Popen[bytes]
    port: int
    data: Path

    @property
    def url(self) -> str:
        """Address of its server."""
        return server.address(self.port)

    def end(self) -> None:
        """End it outright and close what it was read through."""
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def ask(self, path: str, **body: object) -> Any:
        """One question to its server."""
        request = urllib.request.Request(
            f"{self.url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def start(self, deployment: str, **parameters: object) -> str:
        """Start a run by hand, as soon as its deployment is known; the run's id."""
        known = self.until("/deployments/filter", deployments={"name": {"any_": [deployment]}})
        said = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
        return str(self.ask(f"/deployments/{known[0]['id']}/create_flow_run", **said)["id"])

    def state(self, run: str) -> str:
        """What Prefect says of a run."""
        return str(self.ask("/flow_runs/filter", flow_runs={"id": {"any_": [run]}})[0]["state"]["type"])

    def until(self, path: str, seconds: float = 90, **body: object) -> Any:
        """The answer, as soon as there is something in it."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read().decode()
            try:
                if found := self.ask(path, **body):
                    return found
            except OSError:
                pass
            time.sleep(0.5)
        raise AssertionError(f"nothing came from {path}")


@pytest.fixture
def domain(tmp_path: Path) -> Iterator[App]:
    """An installation with one formation, in a folder of its own."""
    data = tmp_path / "data"
    made = application(f"sqlite:///{data / 'mutualflow.db'}", data)
    migrating.upgrade(made.engine)
    stored.publish(made.engine, stored.everybody())
    stored.start(made.engine)
    yield made
    made.close()


@pytest.fixture
def served(domain: App) -> Iterator[Served]:
    """`mutualflow timetable` in a process of its own."""
    running = start_timetable(domain, free_port())
    yield running
    running.end()


def start_timetable(domain: App, port: int) -> Served:
    """Start it over an installation."""
    data = domain.settings.data_dir
    environment = bare_environment(
        MUTUALFLOW_DATA_DIR=str(data), MUTUALFLOW_PREFECT_PORT=str(port), PREFECT_RUNNER_POLL_FREQUENCY="1"
    )
    process = subprocess.Popen(
        [str(PROGRAM), "timetable"],
        env=environment,
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return Served(process, port, data)


@pytest.mark.prefect
def test_it_starts_a_server_schedules_runs_and_leaves_nothing_behind(served: Served, domain: App) -> None:
    scheduled = served.until("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}}, limit=50)
    assert all(run["parameters"] == {} for run in scheduled)
    deployments = {one["name"]: one for one in served.ask("/deployments/filter")}
    assert set(deployments) == {"daily", "often", "hourly"}

    served.start("daily")
    done = served.until("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["COMPLETED", "FAILED"]}}})
    assert [run["state"]["type"] for run in done] == ["COMPLETED"]
    (pulse,) = domain.read(lambda db: pulse_rows.last(db))
    assert pulse["flow"] == "walk all"
    assert pulse["run_id"] == done[0]["id"]
    assert json.loads(str(pulse["counts"]))["walked"] == 1
    assert done[0]["name"].startswith("walk-all-20")

    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0
    assert processes.gone(str(served.data)) == {}
    assert not server.healthy(served.url)


@pytest.mark.prefect
def test_killed_outright_it_leaves_no_server_and_marks_its_run_when_it_is_back(served: Served, domain: App) -> None:
    with database.writing(domain.engine):  # so that the run waits in its middle
        run = served.start("daily")
        served.until("/flow_runs/filter", flow_runs={"id": {"any_": [run]}, "state": {"type": {"any_": ["RUNNING"]}}})
        served.process.kill()
        assert served.process.wait(10) == -signal.SIGKILL
        for pid, line in processes.alive(str(served.data)).items():
            if "workflows.leashed" not in line:
                os.kill(pid, signal.SIGKILL)
        assert processes.gone(str(served.data)) == {}, "the server has ended by itself"
    assert not server.healthy(served.url)

    again = start_timetable(domain, served.port)
    try:
        again.until("/deployments/filter")
        assert again.state(run) == "RUNNING", "nobody has said how it ended"
        look = again.start("hourly", older_than_minutes=0)
        again.until("/flow_runs/filter", flow_runs={"id": {"any_": [look]}, "state": {"type": {"any_": ["COMPLETED"]}}})
        assert again.state(run) == "CRASHED"
    finally:
        again.end()


@pytest.mark.prefect
def test_killed_while_its_server_starts_it_leaves_none(served: Served) -> None:
    give_up = time.monotonic() + 60
    while not any("workflows.leashed" in line for line in processes.alive(str(served.data)).values()):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    served.process.kill()
    assert processes.gone(str(served.data)) == {}


def test_a_server_that_listens_already_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(server, "healthy", lambda url: True)
    with pytest.raises(ServerFault, match="already listens on port 4200"), server.api_server(4200):
        pass


def test_an_outside_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", server.address(free_port()))
    with pytest.raises(ServerFault, match="does not answer"), server.api_server(4200):
        pass


def test_a_server_that_ends_at_once_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ServerFault, match="stopped with code 1"), server.api_server(free_port()):
        pass
    assert "PREFECT_API_URL" not in server.os.environ


def test_a_schedule_in_which_nothing_stands_stops_the_timetable(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(timetable, "CHECK_AFTER_S", 0.0)
    monkeypatch.setattr(timetable, "scheduled_runs", lambda: 0)
    monkeypatch.setattr(timetable.os, "kill", lambda pid, number: told.append(number))
    watch = timetable._Watch()
    watch.run()
    assert watch.found_nothing
    assert told == [signal.SIGTERM]
