"""The timetable: when the flows run, and the one command that serves them until it is told to stop."""

import os
import signal
import threading

from prefect import Flow, get_client, serve
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateName
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from workflows import flows
from workflows.server import ServerFault

TIME_ZONE = "Europe/London"
SEND_EVERY_S = 300
LOOK_EVERY_S = 3600
CHECK_AFTER_S = 30.0


def deployments() -> list[RunnerDeployment]:
    """Daily at seven the walk, every five minutes the sending, every hour a look for runs whose process is gone.

    Nothing daily between one and two, when clocks change.
    """
    return [
        _deployed(flows.walk_all, "daily", Cron("0 7 * * *", timezone=TIME_ZONE)),
        _deployed(flows.send, "often", Interval(SEND_EVERY_S)),
        _deployed(flows.mark_dead_runs, "hourly", Interval(LOOK_EVERY_S)),
    ]


def _deployed(flow: Flow[..., dict[str, int]], name: str, schedule: Schedule) -> RunnerDeployment:
    return RunnerDeployment.from_flow(
        flow,
        name,
        schedule=schedule,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def run() -> None:
    """Serve until SIGTERM or SIGINT ends what runs; ServerFault where the server schedules nothing.

    The server is up and its address in the environment before this module is imported: Prefect reads it only then.
    """
    watch = _Watch()
    watch.start()
    serve(*deployments(), limit=4, pause_on_shutdown=False, print_starting_message=False)
    if watch.found_nothing:
        raise ServerFault("Nothing has been scheduled: the Prefect server and this program do not fit together.")


def scheduled_runs() -> int:
    """How many runs stand in the schedule."""
    wanted = FlowRunFilter(state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Scheduled"])))
    with get_client(sync_client=True) as client:
        return len(client.read_flow_runs(flow_run_filter=wanted, limit=5))


class _Watch(threading.Thread):
    """A library that does not fit can stop every schedule in silence: look once, and stop where nothing stands."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.found_nothing = False

    def run(self) -> None:
        """Look, half a minute after serving began."""
        threading.Event().wait(CHECK_AFTER_S)
        if scheduled_runs() == 0:
            self.found_nothing = True
            os.kill(os.getpid(), signal.SIGTERM)  # to the process: a signal to this thread would not wake the other
