"""A sweep as a flow run in a process of its own (sweeper.py), which can be killed, and what it has walked so far."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from mutualflow.wiring.app import App
from tests.workflows.conftest import bare_environment
from tests.workflows.dozen import DAY


def start_sweep(app: App, url: str, trace: Path, now: datetime) -> subprocess.Popen[bytes]:
    """A sweep as a flow run in a process of its own."""
    environment = bare_environment(
        PREFECT_API_URL=url,
        PREFECT_LOGGING_LEVEL="CRITICAL",
        MUTUALFLOW_DATABASE_URL=app.settings.database_url,
        MUTUALFLOW_DATA_DIR=str(app.settings.data_dir),
    )
    command = [sys.executable, "-m", "tests.workflows.sweeper", DAY.isoformat(), now.isoformat(), str(trace)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def walked(trace: Path) -> list[str]:
    """Keys that a sweep has walked, the last perhaps without a commit."""
    lines = trace.read_text(encoding="utf-8").split("\n")[:-1] if trace.exists() else []
    return [line.split()[0] for line in lines if line.endswith(" 1")]
