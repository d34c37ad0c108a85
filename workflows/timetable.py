"""The timetable: when the flows run, and the one command that serves them until it is told to stop."""

import signal
import sys
import threading
import time

from prefect import get_client, serve
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateName
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval
from prefect.types.entrypoint import EntrypointType

from workflows import flows

TIME_ZONE = "Europe/London"
SEND_EVERY_S = 300
CHECK_AFTER_S = 30.0


def deployments() -> list[RunnerDeployment]:
    """Daily at seven the walk, every five minutes the sending; nothing between one and two, when clocks change."""
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    module = EntrypointType.MODULE_PATH
    daily = Cron("0 7 * * *", timezone=TIME_ZONE)
    made = (
        flows.walk_all.to_deployment("daily", schedule=daily, concurrency_limit=one, entrypoint_type=module),
        flows.send.to_deployment(
            "often", schedule=Interval(SEND_EVERY_S), concurrency_limit=one, entrypoint_type=module
        ),
    )
    return [one for one in made if isinstance(one, RunnerDeployment)]  # outside an event loop it is never a coroutine


def run() -> None:
    """Serve until SIGTERM; what runs is cancelled. Import this module only once a server's address is known."""
    threading.Thread(target=_check_scheduled, daemon=True).start()
    serve(*deployments(), limit=4, pause_on_shutdown=False, print_starting_message=False)


def scheduled_runs() -> int:
    """How many runs stand in the schedule."""
    wanted = FlowRunFilter(state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Scheduled"])))
    with get_client(sync_client=True) as client:
        return len(client.read_flow_runs(flow_run_filter=wanted, limit=5))


def _check_scheduled() -> None:
    """A library that does not fit can stop every schedule in silence: say so, and stop."""
    time.sleep(CHECK_AFTER_S)
    if scheduled_runs() == 0:
        sys.stderr.write("Nothing has been scheduled: the Prefect server and this program do not fit together.\n")
        signal.raise_signal(signal.SIGTERM)
