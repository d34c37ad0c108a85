"""The flows: walk what is due, walk one by name, send what waits. Parameters and names hold keys and days only."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar

from prefect import flow, task
from prefect.artifacts import create_progress_artifact, create_table_artifact
from prefect.runtime import flow_run

from mutualflow.services import walking
from mutualflow.services.walking import Walked
from mutualflow.wiring import app as wiring
from mutualflow.wiring import pulses, sending
from mutualflow.wiring.app import App

Result = TypeVar("Result")


class PulseFault(RuntimeError):
    """A flow failed; what is known of it stands in our own log and pulse row, never in Prefect."""


def batches(keys: list[str], size: int = walking.MOST) -> list[list[str]]:
    """The keys in stretches of `size`: one task each."""
    return [keys[start : start + size] for start in range(0, len(keys), size)]


@task(
    name="walk a batch",
    task_run_name="batch-{number}",
    retries=3,
    retry_delay_seconds=[10, 60, 300],
    persist_result=False,
)
def walk_batch(number: int, keys: list[str], on: str, now: str) -> Walked:
    """Walk some formations, one transaction each; a failure is counted and left due."""
    return pulses.walk_some(_app(), keys, today=date.fromisoformat(on), now=datetime.fromisoformat(now))


@flow(name="walk all", flow_run_name="walk-all-{on}", persist_result=False)
def walk_all(on: str = "", now: str = "", shard: int = 0, of: int = 1) -> None:
    """Everything that time makes due today: formations first, then one digest per person, then sending."""
    moment, day = _moment(now), on or _today(now)
    _guarded("walk all", lambda: _walk_all(date.fromisoformat(day), moment, shard, of))


def _walk_all(today: date, now: datetime, shard: int, of: int) -> None:
    app = _app()
    with pulses.pulse(app, "walk all", run_id=str(flow_run.id), now=now) as counts:
        total = Walked()
        keys = app.read(lambda db: walking.due(db, today, shard=shard, of=of))
        for number, some in enumerate(batches(keys), start=1):
            total.add(walk_batch(number, some, today.isoformat(), now.isoformat()))
        gathered = sending.gather(app, today=today, now=now)
        sent = pulses.send(app, now=now)
        counts.update({**total.as_counts(), "gathered": gathered, "sent": sent.sent, "unsent": sent.failed})
        create_table_artifact(
            key="sweep",
            table=[{"what": k, "count": n} for k, n in counts.items()]
            + [
                {"what": f"waiting for {role.replace('_', ' ')}", "count": n}
                for role, n in sorted(total.waiting_for.items())
            ],
            description=f"Sweep for {today.isoformat()}: counts only.",
        )


@flow(name="walk one", flow_run_name="walk-{key}-{on}", persist_result=False)
def walk_one(key: str, on: str = "", now: str = "") -> None:
    """Walk one formation by name, due or not, with its progress as an artifact."""
    moment, day = _moment(now), date.fromisoformat(on or _today(now))
    _guarded("walk one", lambda: _walk_one(key, day, moment))


def _walk_one(key: str, today: date, now: datetime) -> None:
    app = _app()
    with pulses.pulse(app, "walk one", run_id=str(flow_run.id), now=now) as counts:
        walked = app.write(lambda db: walking.walk(db, key, today=today, now=now, law=app.law, force=True))
        counts.update(walked.as_counts())
        progress = app.read(lambda db: pulses.progress(db, key))
        create_progress_artifact(progress=progress.percent, key=f"formation-{key}-progress")
        create_table_artifact(
            key=f"formation-{key}-steps", table=progress.rows, description="Steps by key, roles and days; no names."
        )


@flow(name="send", flow_run_name="send-{on}", persist_result=False)
def send(on: str = "", now: str = "") -> None:
    """Send the digests that wait: every few minutes, harmless when there are none."""
    moment = _moment(now)

    def work() -> None:
        app = _app()
        with pulses.pulse(app, "send", run_id=str(flow_run.id), now=moment) as counts:
            sent = pulses.send(app, now=moment)
            counts.update({"sent": sent.sent, "unsent": sent.failed})

    _guarded("send", work)


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
    except Exception as error:
        pulses.log_failure(kind, error)
        raise PulseFault(f"{kind} failed: {type(error).__name__}") from None
