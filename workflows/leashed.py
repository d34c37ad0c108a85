"""Prefect's command line in a process that ends when whoever started it is gone, even where she was killed.

Run by name, with Prefect's arguments. Standard input is a pipe into which nothing is ever written: the system closes
its other end with the starter, whatever she died of, and that is the sign.
"""

import gc
import os
import runpy
import signal
import sys
import threading
import time

PATIENCE_S = 10.0
"""How long the server may take to end in order."""


def main() -> None:
    """Watch the pipe from before the first import, and be Prefect."""
    threading.Thread(target=end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    gc.set_threshold(50_000, 20, 50)  # a start makes much and throws little away: looking seldom saves a sixth of it
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


def end_with(pipe: int) -> None:
    """Wait until the other end of the pipe is closed, then end this process, in order if it can."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_S)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
