"""The press: a child process that turns HTML into PDF, each job in a limited fork of its own.

Parent: `with Press() as press: pdf = press.print(html, data, when)`. The worker, this module run by name, is started
by exec, because forking needs a process without threads, and ours have some. It imports WeasyPrint once
without touching fonts and forks for every job. One JSON line goes in, one frame comes out: a sign (`+` PDF, `-`
sentence), eight bytes of length, the bytes.
"""

import errno
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

MIB = 1 << 20
READY_WITHIN = 60.0  # seconds until the worker has imported WeasyPrint, on a slow disk
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
KEPT_ENVIRONMENT = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "FONTCONFIG_FILE",
    "PYTHONHASHSEED",
)  # fmt: skip


class PrintFailed(Exception):
    """The document could not be printed; str() is a sentence that is safe to show."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use; `memory` counts address space above what the worker holds, in bytes."""

    cpu_s: int = 40
    wall_s: float = 90.0
    memory: int = 1024 * MIB
    output: int = 32 * MIB
    pages: int = 300


class Press:
    """The parent's handle on one worker. Safe to share between threads: one job at a time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the worker end; it is killed where it does not."""
        with self._lock:
            self._stop()

    def ready(self) -> None:
        """Start the worker now; PrintFailed says which system library is missing."""
        with self._lock:
            if self._worker is None:
                self._start()

    def print(self, html: str, data: bytes, when: datetime) -> bytes:
        """The PDF of a page with its model attached; PrintFailed where it cannot be made.

        The same arguments give the same bytes on every machine with the same versions of WeasyPrint and Pango.
        """
        if when.tzinfo is None:
            raise ValueError("a printing needs a moment with its time zone")
        job = {
            "html": html,
            "data": data.decode(),
            "when": when.astimezone(UTC).isoformat(),
            "limits": asdict(self.limits),
        }
        line = json.dumps(job).encode() + b"\n"
        with self._lock:
            answer = self._ask(line)
        if answer[:1] != b"+":
            raise PrintFailed(answer[1:].decode(errors="replace"))
        return answer[1:]

    def _ask(self, line: bytes) -> bytes:
        """One job; a worker that died since the last one is replaced once."""
        for _ in range(2):
            worker = self._worker or self._start()
            try:
                if worker.stdin is None or worker.stdout is None:
                    raise BrokenPipeError
                worker.stdin.write(line)
                worker.stdin.flush()
                return _frame(worker.stdout, self.limits.wall_s + 30)
            except (BrokenPipeError, EOFError):
                self._stop()
            except TimeoutError:
                self._stop()
                raise PrintFailed("The printing took too long and was stopped.") from None
        raise PrintFailed("The printing process ended without an answer.")

    def _start(self) -> subprocess.Popen[bytes]:
        package = Path(__file__).resolve().parent.parent.parent
        kept = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
        paths = [str(package), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        # secrets of the environment stay here; the fixed epoch makes every library stamp the same time
        env = {**kept, "PYTHONPATH": os.pathsep.join(paths), "SOURCE_DATE_EPOCH": "946684800"}
        try:
            worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "mutualflow.documents.press"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            raise PrintFailed(sentence(error)) from None
        self._worker = worker
        if worker.stdout is None:
            raise PrintFailed("The printing process could not be started.")
        try:
            ready = _frame(worker.stdout, READY_WITHIN)
        except (EOFError, TimeoutError):
            self._stop()
            raise PrintFailed("The printing process could not be started.") from None
        if ready[:1] != b"+":
            self._stop()
            raise PrintFailed(ready[1:].decode(errors="replace"))
        return worker

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        try:
            worker.wait(2)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def _frame(pipe: IO[bytes], wall_s: float) -> bytes:
    """Sign and payload of one answer; EOFError where the worker has gone, TimeoutError where it is silent."""
    end = time.monotonic() + wall_s
    head = _exactly(pipe, 9, end)
    return head[:1] + _exactly(pipe, int.from_bytes(head[1:], "big"), end)


def _exactly(pipe: IO[bytes], size: int, end: float) -> bytes:
    parts: list[bytes] = []
    while size:
        left = end - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise TimeoutError
        part = os.read(pipe.fileno(), min(size, MIB))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def sentence(error: BaseException) -> str:
    """What to tell a person about an error of printing."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "There is no room left on the disk for printing. Make room and try again."
    if isinstance(error, MemoryError):
        return "The document needs more memory than printing may use."
    if isinstance(error, RecursionError):
        return "The document is too deeply nested to be printed."
    if isinstance(error, PrintFailed):
        return str(error)
    return f"The document could not be printed ({type(error).__name__}: {str(error)[:200]})."


def missing_library(subset: object, error: BaseException | None = None) -> str:
    """The sentence for a missing system library; '' where all are there. `subset`: WeasyPrint's harfbuzz_subset."""
    if error is not None:
        return (
            f"The printing library cannot be loaded. On Debian install {PACKAGES} (make setup does). "
            f"It says: {str(error).splitlines()[0][:200]}"
        )
    if subset is None:
        # without it fonts are cut by another library that stamps the time into every file, silently
        return "The library libharfbuzz-subset0 is missing: each printing would differ. Install it (make setup does)."
    return ""


# --- the worker -------------------------------------------------------------------------------------------------------


def work() -> int:
    """Read jobs until the input ends. Nothing but frames goes to the output."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        from weasyprint.text import ffi  # late: only the worker may load it, and may find it missing

        from mutualflow.documents import house_pdf, library

        fault = missing_library(ffi.harfbuzz_subset)
        css = library.house_css()
    except (OSError, ImportError) as error:
        fault = missing_library(None, error)
    if fault:
        _send(out, b"-" + fault.encode())
        return 1
    _send(out, b"+")
    for line in sys.stdin.buffer:
        job = json.loads(line)
        limits = Limits(**job["limits"])

        def make(job: dict[str, str] = job, limits: Limits = limits) -> bytes:
            when = datetime.fromisoformat(job["when"])
            style = house_pdf.Style(css)  # in the child: a process that holds a Pango font map must not fork
            return house_pdf.render(job["html"], style, job["data"].encode(), when, limits.pages)

        _send(out, limited(make, limits))
    return 0


def _send(out: IO[bytes], answer: bytes) -> None:
    out.write(answer[:1] + (len(answer) - 1).to_bytes(8, "big") + answer[1:])
    out.flush()


def limited(make: Callable[[], bytes], limits: Limits) -> bytes:
    """make() in a forked child with limits: `+` and its bytes, or `-` and a sentence.

    For a process without other threads. A job that loops, swallows memory or crashes in C takes its child only.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="mutualflow-print-") as folder:  # WeasyPrint unpacks fonts to disk
            return _fork(make, folder, limits)
    except OSError as error:
        return b"-" + sentence(error).encode()


def _fork(make: Callable[[], bytes], folder: str, limits: Limits) -> bytes:
    with open("/proc/self/statm") as sizes:
        have = int(sizes.read().split()[0]) * resource.getpagesize()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:  # the child must never return
        try:
            os.close(read_end)
            _child(make, folder, limits, have, write_end)
        finally:
            os._exit(1)
    os.close(write_end)
    parts: list[bytes] = []
    size, end, stopped = 0, time.monotonic() + limits.wall_s, ""
    try:
        while not stopped:
            left = end - time.monotonic()
            if left <= 0 or not select.select([read_end], [], [], left)[0]:
                stopped = "The document took too long to print."
                break
            part = os.read(read_end, MIB)
            if not part:
                break
            parts.append(part)
            size += len(part)
            if size > limits.output + 1:
                stopped = "The printed document is too large."
    finally:
        os.close(read_end)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # no harm where it has ended: it is not yet reaped
        _, status, usage = os.wait4(pid, 0)
    if not stopped and not parts:
        code = os.waitstatus_to_exitcode(status)
        spent = code == -signal.SIGXCPU or usage.ru_utime + usage.ru_stime >= limits.cpu_s - 0.5
        stopped = (
            "The document took too long to print." if spent else f"The printing broke off (signal or code {code})."
        )
    return b"-" + stopped.encode() if stopped else b"".join(parts)


def _child(make: Callable[[], bytes], folder: str, limits: Limits, have: int, write_end: int) -> None:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_AS, (have + limits.memory, have + limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = folder
    try:
        answer = b"+" + make()
    except BaseException as error:  # whatever it is, the parent must hear a sentence and never a traceback
        answer = b"-" + sentence(error).encode(errors="replace")
    with os.fdopen(write_end, "wb") as out:
        out.write(answer)
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(work())
