"""Runs whose process is gone: Prefect goes on calling them running, because nobody is left to say how they ended."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateName
from prefect.client.schemas.objects import FlowRun
from prefect.states import Crashed

UNENDED = ["Running", "Pending", "Submitting", "Cancelling"]
"""States that only a living process leaves."""
LONGEST = timedelta(hours=2)
"""No run of ours takes so long; a sweep over ten thousand formations takes minutes."""
PAGE = 200


def mark(before: datetime, *, alive: str) -> int:
    """Mark runs as crashed that entered their state before then, all but the one that is looking; how many.

    Counted from the state, not from the time in the schedule: a run that starts hours late is alive.
    """
    with get_client(sync_client=True) as client:
        dead = [run for run in _unended(client) if str(run.id) != alive and _since(run) < before]
        for run in dead:
            client.set_flow_run_state(run.id, Crashed(message="Its process is gone: it never ended."), force=True)
    return len(dead)


def _since(run: FlowRun) -> datetime:
    """When it entered its state."""
    return (run.state.timestamp if run.state else run.created or datetime.now(UTC)).astimezone(UTC)


def _unended(client: SyncPrefectClient) -> Iterator[FlowRun]:
    """Every run that has begun and not ended."""
    wanted = FlowRunFilter(state=FlowRunFilterState(name=FlowRunFilterStateName(any_=UNENDED)))
    offset = 0
    while page := client.read_flow_runs(flow_run_filter=wanted, limit=PAGE, offset=offset):
        yield from page
        offset += len(page)
