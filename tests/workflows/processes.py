"""Processes that a test has started: found by what stands in their environment, whoever their parent is by now."""

import os
import time
from pathlib import Path


def alive(mark: str) -> dict[int, str]:
    """Number and command line of every living process whose environment holds `mark`, but this one."""
    found: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            continue  # gone, or not ours to read
    return {pid: line for pid, line in found.items() if line}  # a zombie has no command line


def gone(mark: str, seconds: float = 20) -> dict[int, str]:
    """What is still alive after a while: nothing, if all is well."""
    give_up = time.monotonic() + seconds
    while (left := alive(mark)) and time.monotonic() < give_up:
        time.sleep(0.2)
    return left
