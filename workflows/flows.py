"""The flows: walk what is due, walk one by name, send what waits, mark dead runs.

Their parameters and names hold keys and days only.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from prefect import flow, task
from prefect.artifacts import create_progress_artifact, create_table_artifact
from prefect.runtime import flow_run

from mutualflow.services import walking
from mutualflow.services.walking import Walked
from mutualflow.wiring import app as wiring
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from workflows import dead_runs

Result = TypeVar("Result")
LONGEST_MIN = int(dead_runs.LONGEST.total_seconds()) // 60
WORDS = {"held": "left for the next sweep: somebody was working on it"}
"""Counts whose key does not say enough."""


class PulseFault(RuntimeError):
    """A flow failed; what is known of it stands in our own log and pulse row, never in Prefect."""


def batches(keys: list[str], size: int = walking.MOST) -> list[list[str]]:
    """The keys in stretches of `size`: one task each."""
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def _sweep_name() -> str:
    return f"walk-all-{_day_said()}"


def _one_name() -> str:
    return f"walk-{flow_run.parameters.get('key', '')}-{_day_said()}"


def _send_name() -> str:
    return f"send-{_minute()}"


def _dead_name() -> str:
    return f"mark-dead-runs-{_minute()}"


def _minute() -> str:
    return f"{_moment(str(flow_run.parameters.get('now') or '')):%Y-%m-%d-%H%M}"


def _day_said() -> str:
    """The day of a run: named by whoever started it, or the day on which the timetable did."""
    said = flow_run.parameters
    return str(said.get("on") or _today(str(said.get("now") or "")))


@task(
    name="walk a batch",
    task_run_name="batch-{number}",
    retries=3,
    retry_delay_seconds=[10, 60, 300],
    persist_result=False,
)
def walk_batch(number: int, keys: list[str], on: str, now: str) -> Walked:
    """Walk some formations, one transaction each; a failure is counted and left due."""

    def work() -> Walked:
        return pulses.walk_some(_app(), keys, today=date.fromisoformat(on), now=datetime.fromisoformat(now))

    return _guarded("walk a batch", work)


@flow(name="walk all", flow_run_name=_sweep_name, persist_result=False)
def walk_all(on: str = "", now: str = "", shard: int = 0, of: int = 1) -> dict[str, int]:
    """Everything that time makes due today: formations first, then one digest per person, then sending."""
    moment, day = _moment(now), on or _today(now)
    return _guarded("walk all", lambda: _walk_all(date.fromisoformat(day), moment, shard, of))


def _walk_all(today: date, now: datetime, shard: int, of: int) -> dict[str, int]:
    def in_tasks(keys: list[str]) -> Walked:
        total = Walked()
        for number, some in enumerate(batches(keys), start=1):
            total.add(walk_batch(number, some, today.isoformat(), now.isoformat()))
        return total

    swept = pulses.sweep(_app(), today=today, now=now, run_id=str(flow_run.id), walk=in_tasks, shard=shard, of=of)
    create_table_artifact(
        key="sweep",
        table=summary(swept.walked, swept.counts),
        description=f"Sweep for {today.isoformat()}: counts only.",
    )
    return swept.counts


def summary(walked: Walked, counts: Mapping[str, int]) -> list[dict[str, str | int]]:
    """A sweep in rows: what it did, who is waited for, and in which stages the waiting is."""
    done = [("did", WORDS.get(what) or what.replace(".", ": ").replace("_", " "), n) for what, n in counts.items()]
    roles = [("waiting for", role.replace("_", " "), n) for role, n in sorted(walked.waiting_for.items())]
    stages = [("waiting in stage", stage, n) for stage, n in sorted(walked.stages.items())]
    return [{"part": part, "what": what, "count": n} for part, what, n in [*done, *roles, *stages]]


@flow(name="walk one", flow_run_name=_one_name, persist_result=False)
def walk_one(key: str, on: str = "", now: str = "") -> dict[str, int]:
    """Walk one formation by name, due or not, with its progress as an artifact."""
    moment, day = _moment(now), date.fromisoformat(on or _today(now))
    return _guarded("walk one", lambda: _walk_one(key, day, moment))


def _walk_one(key: str, today: date, now: datetime) -> dict[str, int]:
    app = _app()
    walked = pulses.walk_by_name(app, key, today=today, now=now, run_id=str(flow_run.id))
    progress = app.read(lambda db: pulses.progress(db, key))
    create_progress_artifact(
        progress=progress.percent, key=f"formation-{key}-progress", description=f"On {today}: {progress.words}"
    )
    create_table_artifact(
        key=f"formation-{key}-steps", table=progress.rows, description="Steps by key, roles and days; no names."
    )
    return walked.as_counts()


@flow(name="send", flow_run_name=_send_name, persist_result=False)
def send(now: str = "") -> dict[str, int]:
    """Send the digests that wait: every few minutes, harmless when there are none."""
    moment = _moment(now)
    return _guarded("send", lambda: pulses.send_pulse(_app(), now=moment, run_id=str(flow_run.id)))


@flow(name="mark dead runs", flow_run_name=_dead_name, persist_result=False)
def mark_dead_runs(now: str = "", older_than_minutes: int = LONGEST_MIN) -> dict[str, int]:
    """Mark runs as crashed whose process was killed: Prefect would call them running for ever, and so would we."""
    moment, own = _moment(now), str(flow_run.id)
    before = moment - timedelta(minutes=older_than_minutes)

    def work() -> dict[str, int]:
        with pulses.pulse(_app(), "mark dead runs", run_id=own, now=moment) as counts:
            counts["runs"] = dead_runs.mark(before, alive=own)
            counts["pulses"] = pulses.close_dead(_app(), before=before)
        return counts

    return _guarded("mark dead runs", work)


_apps: dict[str, App] = {}


def _app() -> App:
    """One application per process: flows of one process share its engine and press."""
    if "app" not in _apps:
        _apps["app"] = wiring.build()
    return _apps["app"]


def use(app: App) -> None:
    """Let flows of this process work with an application that is open already."""
    _apps["app"] = app


def _moment(now: str) -> datetime:
    return datetime.fromisoformat(now) if now else datetime.now(UTC)


def _today(now: str) -> str:
    return pulses.day_of(_moment(now)).isoformat()


def _guarded(kind: str, work: Callable[[], Result]) -> Result:
    """Errors are logged by us and raised without their text: Prefect keeps and shows what it is told."""
    try:
        return work()
    except PulseFault:
        raise
    except Exception as error:
        pulses.log_failure(kind, error)
        raise PulseFault(f"{kind} failed: {type(error).__name__}") from None
