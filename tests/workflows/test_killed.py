"""A sweep killed outright at any point, while another runs: nothing is lost and nothing doubled, on both databases."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from mutualflow.storage import database
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests import stored
from tests.workflows import dozen
from tests.workflows.conftest import bare_environment
from tests.workflows.dozen import DAY
from tests.workflows.stopper import POINTS

NOW = stored.moment(DAY)
BESIDE_S = 0.5
"""How long both run at once."""


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_while_another_sweeps(app: App, tmp_path: Path, point: str) -> None:
    dozen.a_dozen(app)
    sign = tmp_path / "here"
    doomed = subprocess.Popen(
        [sys.executable, "-m", "tests.workflows.stopper", DAY.isoformat(), NOW.isoformat(), point, str(sign)],
        env=bare_environment(
            MUTUALFLOW_DATABASE_URL=app.settings.database_url, MUTUALFLOW_DATA_DIR=str(app.settings.data_dir)
        ),
    )
    other = threading.Thread(target=sweep, args=(app,))
    try:
        dozen.until(lambda: sign.exists() or doomed.poll() is not None)
        assert doomed.poll() is None, "it came to its end without coming to the point"
        other.start()
        other.join(BESIDE_S)
        doomed.send_signal(signal.SIGKILL)
        assert doomed.wait(30) == -signal.SIGKILL
        other.join(database.PATIENCE / 1000 + 60)
        assert not other.is_alive()
    finally:
        doomed.kill()
        doomed.wait()

    pulses.sweep_plainly(app, today=DAY, now=NOW + timedelta(minutes=20))  # the leases of the dead have run out
    tomorrow = DAY + timedelta(days=1)
    pulses.sweep_plainly(app, today=tomorrow, now=stored.moment(tomorrow))
    dozen.nothing_lost(app, tomorrow)
    dozen.nothing_doubled(app)


def sweep(app: App) -> None:
    """The other sweep, at the same moment."""
    pulses.sweep_plainly(app, today=DAY, now=NOW)
