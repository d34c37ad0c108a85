"""The flows on a real Prefect server: names, parameters, artifacts, and what a failure lets out."""

import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import pytest
from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, LogFilter, LogFilterFlowRunId
from prefect.client.schemas.objects import Artifact, FlowRun, TaskRun

from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring import pulses, sending
from mutualflow.wiring.app import App
from tests import stored
from workflows import flows

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.usefixtures("prefect_url")]

Thing = TypeVar("Thing")
DAY = date(2024, 3, 2)
ON, NOW = DAY.isoformat(), stored.moment(DAY).isoformat()


@pytest.fixture
def walked(sqlite_app: App) -> App:
    """An application with two formations, which the flows of this process use."""
    for key in ("riverside", "hillside"):
        stored.start(sqlite_app.engine, key)
    flows.use(sqlite_app)
    return sqlite_app


def last_pulse(app: App) -> dict[str, Any]:
    """The newest pulse row."""
    return app.read(lambda db: pulse_rows.last(db, 1))[0]


def run_of(pulse: dict[str, Any]) -> FlowRun:
    """The flow run that a pulse row names."""
    with get_client(sync_client=True) as client:
        return client.read_flow_run(UUID(pulse["run_id"]))


def tasks_of(run: FlowRun) -> list[TaskRun]:
    """The task runs of a flow run."""
    with get_client(sync_client=True) as client:
        return client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])))


def awaited(look: Callable[[], list[Thing]], seconds: float = 20) -> list[Thing]:
    """What the server writes down a moment later than it happens: task runs and logs."""
    give_up = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < give_up:
        time.sleep(0.2)
    return found


def artifacts_of(run: FlowRun) -> dict[str, Artifact]:
    """Artifacts of a run by key."""
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])))
    return {str(one.key): one for one in found}


def test_a_sweep_walks_all_and_leaves_one_summary(walked: App) -> None:
    counts = flows.walk_all(on=ON, now=NOW)
    pulse = last_pulse(walked)
    assert counts["walked"] == 2
    assert json.loads(pulse["counts"]) == counts
    assert (pulse["flow"], pulse["error"]) == ("walk all", "")
    assert set(json.loads(pulse["heads"])) == {"riverside", "hillside", "installation"}

    run = run_of(pulse)
    assert run.name == f"walk-all-{ON}"
    assert run.parameters == {"on": ON, "now": NOW, "shard": 0, "of": 1}
    artifacts = artifacts_of(run)
    assert set(artifacts) == {"sweep"}
    table = json.loads(str(artifacts["sweep"].data))
    rows = {(row["part"], row["what"]): row["count"] for row in table}
    assert rows["did", "walked"] == 2
    assert rows["did", "kind: law changed"] > 0
    assert rows["waiting for", "staff lead"] >= 2
    assert rows["waiting in stage", "explore"] >= 2


def test_a_batch_is_a_task_with_a_number_and_no_name_of_a_person(walked: App) -> None:
    flows.walk_all(on=ON, now=NOW)
    run = run_of(last_pulse(walked))
    assert [task.name for task in awaited(lambda: tasks_of(run))] == ["batch-1"]


def test_a_sweep_that_finds_nothing_makes_no_task(sqlite_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    flows.use(sqlite_app)
    monkeypatch.setattr(flows, "walk_batch", None)
    assert flows.walk_all(on=ON, now=NOW)["walked"] == 0


def test_a_second_sweep_of_a_day_does_nothing(walked: App) -> None:
    flows.walk_all(on=ON, now=NOW)
    again = flows.walk_all(on=ON, now=NOW)
    assert {k: n for k, n in again.items() if n} == {}


def test_shards_share_the_work(walked: App) -> None:
    shares = [flows.walk_all(on=ON, now=NOW, shard=shard, of=2)["walked"] for shard in (0, 1)]
    assert shares == [1, 1]


def test_a_run_of_the_timetable_carries_its_day_in_its_name(sqlite_app: App) -> None:
    flows.use(sqlite_app)
    flows.walk_all()
    assert run_of(last_pulse(sqlite_app)).name == f"walk-all-{pulses.day_of(stored.datetime.now(stored.UTC))}"
    flows.send()
    assert run_of(last_pulse(sqlite_app)).name.startswith("send-2")


def test_one_formation_by_name_shows_its_progress(walked: App) -> None:
    counts = flows.walk_one("riverside", on=ON, now=NOW)
    pulse = last_pulse(walked)
    assert counts["walked"] == 1
    assert pulse["flow"] == "walk one"
    run = run_of(pulse)
    assert run.name == f"walk-riverside-{ON}"
    artifacts = artifacts_of(run)
    assert set(artifacts) == {"formation-riverside-progress", "formation-riverside-steps"}
    progress = artifacts["formation-riverside-progress"]
    assert float(str(progress.data)) == 0.0
    assert "explore 0 of" in str(progress.description)
    assert "staff transfer forecast 20" in str(progress.description)
    rows = json.loads(str(artifacts["formation-riverside-steps"].data))
    assert {"stage", "step", "waits for", "what", "since", "due"} == set(rows[0])
    assert any(row["step"] == "vision" and row["waits for"] == "staff_lead" for row in rows)
    said = json.dumps([rows, str(progress.description)])
    assert not [p for p in stored.everybody() if p in said or p.replace("_", " ") in said]


def test_there_is_no_such_formation(walked: App) -> None:
    with pytest.raises(flows.PulseFault, match=r"^walk one failed: Refused$"):
        flows.walk_one("no-such-group", on=ON, now=NOW)


SECRET = "jane.doe@example.org"


def everything_said(run: FlowRun) -> str:
    """All that Prefect keeps of a run: itself, its states, its tasks, its logs."""
    with get_client(sync_client=True) as client:
        states = client.read_flow_run_states(run.id)
        wanted = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id]))
        logs = awaited(lambda: client.read_logs(wanted))
    tasks = awaited(lambda: tasks_of(run))
    assert logs
    assert tasks
    said = [run, *states, *tasks, *logs]
    return "\n".join(one.model_dump_json() for one in said)


def newest_run() -> FlowRun:
    """The flow run that began last."""
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        return client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def test_a_failure_is_told_without_its_text(
    walked: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gather(*_: object, **__: object) -> int:
        raise ValueError(f"{SECRET} was not found")

    monkeypatch.setattr(sending, "gather", gather)
    with pytest.raises(flows.PulseFault, match=r"^walk all failed: ValueError$") as caught:
        flows.walk_all(on=ON, now=NOW)
    assert caught.value.__suppress_context__
    assert last_pulse(walked)["error"] == "ValueError"
    said = everything_said(newest_run())
    assert "walk all failed: ValueError" in said
    assert SECRET not in said
    assert SECRET in caplog.text, "our own log has it all"


def test_a_task_that_fails_says_no_more(walked: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk_some(*_: object, **__: object) -> None:
        raise ValueError(f"{SECRET} was not found")

    monkeypatch.setattr(pulses, "walk_some", walk_some)
    monkeypatch.setattr(flows.walk_batch, "retries", 0)
    with pytest.raises(flows.PulseFault):
        flows.walk_all(on=ON, now=NOW)
    run = newest_run()
    assert SECRET not in everything_said(run)
    assert last_pulse(walked)["error"] == "PulseFault"


def test_batches_keep_all_keys_in_their_order() -> None:
    keys = [str(n) for n in range(7)]
    assert flows.batches(keys, 3) == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert flows.batches([]) == []
