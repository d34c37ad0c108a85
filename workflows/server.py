"""The Prefect server: one named by PREFECT_API_URL, or a child of ours on loopback that leaves nothing behind."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

START_S, STOP_S = 90.0, 15.0


class ServerFault(Exception):
    """The server cannot be had; the sentence says what to do."""


@contextmanager
def api_server(port: int) -> Iterator[str]:
    """The address of a healthy server, for as long as the block lasts."""
    outside = os.environ.get("PREFECT_API_URL")
    if outside:
        if not healthy(outside):
            raise ServerFault(f"The Prefect server at {outside} does not answer; start it or unset PREFECT_API_URL.")
        yield outside
        return
    url = f"http://127.0.0.1:{port}/api"
    if healthy(url):
        raise ServerFault(
            f"A Prefect server already listens on port {port}. Set PREFECT_API_URL={url} to use it, or "
            "MUTUALFLOW_PREFECT_PORT to another port."
        )
    child = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C reaches us first, and the server goes last
    )
    try:
        _wait(url, child)
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        child.terminate()
        try:
            child.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def healthy(url: str) -> bool:
    """Does a server answer there?"""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up:
        if child.poll() is not None:
            raise ServerFault(f"The Prefect server stopped with code {child.returncode}; is its port taken?")
        if healthy(url):
            return
        time.sleep(0.2)
    raise ServerFault(f"The Prefect server was not ready after {START_S:.0f} seconds.")
