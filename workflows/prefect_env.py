"""Prefect's settings, chosen before Prefect is imported; an operator's own environment always wins.

This module must not import Prefect: the import reads the settings and costs more than a second.
"""

import os
from pathlib import Path

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "60",
}
LEAN = {
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",  # ours use none, and it costs a second of every start
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
}
KEEP = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 86400),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P14D",  # ISO 8601; plain seconds are refused here
}
SAFE = {
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1:4200",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # a missing server stops with an error, never schedules nothing
    "PREFECT_RUNNER_POLL_FREQUENCY": "10",
}

UNSCHEDULED = {
    f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false"
    for service in (
        "SCHEDULER", "LATE_RUNS", "TRIGGERS", "FOREMAN", "CANCELLATION_CLEANUP", "REPOSSESSOR", "PAUSE_EXPIRATIONS"
    )
}  # fmt: skip
"""Services that a server without a timetable has no use for."""


def apply(data_dir: Path) -> None:
    """Choose the settings and make Prefect's home; call it before the first import of Prefect."""
    os.environ.setdefault("PREFECT_HOME", str((data_dir / "prefect").resolve()))
    for table in (QUIET, LEAN, KEEP, SAFE):
        for name, value in table.items():
            os.environ.setdefault(name, value)
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)


def for_demo(data_dir: Path) -> None:
    """As `apply`, with a home of the demo's own, no timetable, and no word on the terminal but the demo's."""
    if "PREFECT_API_URL" not in os.environ:
        os.environ["PREFECT_HOME"] = str((data_dir / "prefect").resolve())
    for name, value in {**UNSCHEDULED, "PREFECT_LOGGING_LEVEL": "CRITICAL"}.items():
        os.environ.setdefault(name, value)
    apply(data_dir)
