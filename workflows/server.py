"""The Prefect server: one named by PREFECT_API_URL, or a child of ours on loopback that leaves nothing behind."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

ADDRESS = "PREFECT_API_URL"
HOST = "127.0.0.1"
START_S, STOP_S = 90.0, 15.0


class ServerFault(Exception):
    """The server cannot be had; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is there already, or a child on its way up."""

    url: str
    child: subprocess.Popen[bytes] | None = None

    def ready(self) -> str:
        """Wait until it answers, and return its address."""
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up:
            if self.child is not None and self.child.poll() is not None:
                raise ServerFault(f"The Prefect server stopped with code {self.child.returncode}; is its port taken?")
            if healthy(self.url):
                return self.url
            if self.child is None:
                raise ServerFault(f"The Prefect server at {self.url} does not answer; start it or unset {ADDRESS}.")
            time.sleep(0.2)
        raise ServerFault(f"The Prefect server was not ready after {START_S:.0f} seconds.")


@contextmanager
def launched(port: int) -> Iterator[Server]:
    """The outside server, or one of ours that starts while the caller does something else; see `Server.ready`.

    The address stands in the environment from the beginning, because Prefect reads it when it is imported.
    """
    outside = os.environ.get(ADDRESS)
    if outside:
        yield Server(outside)
        return
    url = address(port)
    if healthy(url):
        raise ServerFault(
            f"A Prefect server already listens on port {port}. Set {ADDRESS}={url} to use it, or "
            "MUTUALFLOW_PREFECT_PORT to another port."
        )
    child = subprocess.Popen(
        [sys.executable, "-m", "workflows.leashed", "server", "start", "--host", HOST, "--port", str(port)],
        stdin=subprocess.PIPE,  # closed with us, even when we are killed: the sign that it ends with
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C reaches us first, and the server goes last
    )
    os.environ[ADDRESS] = url
    try:
        yield Server(url, child)
    finally:
        os.environ.pop(ADDRESS, None)
        _stop(child)


@contextmanager
def api_server(port: int) -> Iterator[str]:
    """The address of a healthy server, for as long as the block lasts."""
    with launched(port) as server:
        yield server.ready()


def _stop(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        child.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin is not None:
        child.stdin.close()


def address(port: int) -> str:
    """The address of a server on this machine."""
    return f"http://{HOST}:{port}/api"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def healthy(url: str) -> bool:
    """Does a server answer there?"""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as reply:
            return bool(reply.status == 200)
    except (OSError, ValueError):
        return False
