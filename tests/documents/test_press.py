"""The press: the same bytes each time, sentences instead of tracebacks, limits, and nothing leaks."""

import errno
import http.server
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from mutualflow.documents import press as press_module
from mutualflow.documents.fetcher import PackageFetcher
from mutualflow.documents.press import MIB, Limits, Press, PrintFailed, missing_library, sentence
from tests.documents.founding import WHEN, draft, full, paper_of

HEAD = '<!doctype html><html lang="en"><head><title>x</title>'
ROOT = Path(__file__).resolve().parents[2]
TIGHT = Limits(cpu_s=6, wall_s=20, memory=600 * MIB, pages=40)


def test_the_same_facts_give_the_same_bytes(press: Press) -> None:
    html, data = paper_of(full())
    first = press.print(html, data, WHEN)
    assert first.startswith(b"%PDF-1.7")
    press.print(*paper_of(draft()), WHEN)  # another document in between changes nothing
    assert press.print(html, data, WHEN) == first


OTHER = """
import sys
from mutualflow.documents.press import Press
from tests.documents.founding import WHEN, full, paper_of
with Press() as press:
    sys.stdout.buffer.write(press.print(*paper_of(full()), WHEN))
"""


@pytest.mark.parametrize(("seed", "zone"), [("1", "UTC"), ("77", "Asia/Tokyo")])
def test_another_process_with_another_hash_seed_and_time_zone_gives_the_same_bytes(
    seed: str, zone: str, press: Press, tmp_path: Path
) -> None:
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT), "LANG": "C"}
    run = subprocess.run([sys.executable, "-c", OTHER], env=env, cwd=tmp_path, capture_output=True, check=True)
    assert run.stdout == press.print(*paper_of(full()), WHEN)


def test_a_moment_without_time_zone_is_refused(press: Press) -> None:
    with pytest.raises(ValueError, match="time zone"):
        press.print(HEAD, b"{}", WHEN.replace(tzinfo=None))


def test_a_sign_outside_the_house_fonts_stops_the_printing(press: Press) -> None:
    with pytest.raises(PrintFailed, match="signs that the house fonts lack"):
        press.print(f"{HEAD}</head><p>שלום", b"{}", WHEN)


class Canary(http.server.BaseHTTPRequestHandler):
    """Notes every request."""

    seen: list[str] = []  # noqa: RUF012 - shared by all requests on purpose

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"SECRETFROMWEB")

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def canary() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Canary)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Canary.seen.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


LEAKS = {
    "attachment": '<link rel=attachment href="{file}"><link rel=attachment href="{url}/a"></head><p>x',
    "link attachment": '</head><p><a rel=attachment href="{file}">x</a>',
    "pictures and styles": '<link rel=stylesheet href="{url}/css"><style>@import url({url}/i); '
    "@font-face{{font-family:q;src:url({url}/f)}} p{{background:url({url}/b);font-family:'House Serif'}}</style></head>"
    '<p>x<img src="{url}/img" alt=x><img src="{file}" alt=x><object data="{url}/o"></object><embed src="{url}/e">'
    '<svg xmlns="http://www.w3.org/2000/svg"><title>s</title><image href="{url}/s" width="9" height="9"/></svg>',
    "data url": "</head><p><img alt=x src=\"data:image/svg+xml,%3Csvg%3E%3Cimage href='{file}'/%3E%3C/svg%3E\">",
    "climbing": '</head><img alt=x src="pkg:fonts/../../pyproject.toml"><img alt=x src="pkg:/etc/passwd">'
    '<img alt=x src="pkg:css/%2e%2e/x.css">',
}


@pytest.mark.parametrize("name", LEAKS)
def test_nothing_is_fetched_and_no_file_is_read(name: str, canary: str, press: Press, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRETFROMDISK")
    html = HEAD + LEAKS[name].format(file=secret.as_uri(), url=canary)
    made = tmp_path / "made.pdf"
    made.write_bytes(press.print(html, b"{}", WHEN))
    assert Canary.seen == []
    with pikepdf.open(made) as pdf:
        streams = b"".join(o.read_bytes() for o in pdf.objects if isinstance(o, pikepdf.Stream))
    assert b"SECRET" not in streams


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://example.org/", "pkg:fonts/x.css", "pkg:css/../a.css", "data:,x"]
)
def test_the_fetcher_knows_its_own_files_only(url: str) -> None:
    with pytest.raises(ValueError, match="not a file of the package"):
        PackageFetcher().fetch(url)


HOSTILE = {
    "colspan": ("</head><table><tr><td colspan=1000000>x</table>", "took too long|memory"),
    "many pages": ("</head>" + "<p style='break-after:page'>x" * 60, "more than 40 pages"),
    "deep": ("</head>" + "<div>" * 5000 + "x", "nested"),
    "svg bomb": (
        "</head><svg xmlns='http://www.w3.org/2000/svg'><title>b</title><defs>"
        "<g id='a0'><rect width='1' height='1'/></g>"
        + "".join(f"<g id='a{i}'>" + f"<use href='#a{i - 1}'/>" * 10 + "</g>" for i in range(1, 9))
        + "</defs><use href='#a8'/></svg>",
        "took too long|memory",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_in_a_sentence_and_the_press_goes_on(name: str) -> None:
    html, said = HOSTILE[name]
    with Press(TIGHT) as press:
        with pytest.raises(PrintFailed, match=said):
            press.print(HEAD + html, b"{}", WHEN)
        assert press.print(f"{HEAD}</head><p>hello", b"{}", WHEN).startswith(b"%PDF")


def test_a_dead_worker_is_replaced(press: Press) -> None:
    press.print(f"{HEAD}</head><p>hello", b"{}", WHEN)
    worker = press._worker
    assert worker is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert press.print(f"{HEAD}</head><p>hello", b"{}", WHEN).startswith(b"%PDF")


def test_no_secret_of_the_environment_reaches_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTUALFLOW_DATABASE_URL", "secret")
    with Press() as press:
        press.print(f"{HEAD}</head><p>hello", b"{}", WHEN)
        assert press._worker is not None
        assert b"secret" not in Path(f"/proc/{press._worker.pid}/environ").read_bytes()


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    small = Limits(output=50_000)  # fonts are unpacked to disk: the limit of a file stands for a full disk
    with Press(small) as press, pytest.raises(PrintFailed, match="no room left on the disk"):
        press.print(*paper_of(full()), WHEN)
    assert list(tmp_path.iterdir()) == []
    assert sentence(OSError(errno.ENOSPC, "x")) == sentence(OSError(errno.EDQUOT, "x"))


def test_no_room_for_a_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(**_: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full_disk)
    assert press_module.limited(lambda: b"x", Limits()) == b"-" + sentence(OSError(errno.ENOSPC, "")).encode()


def test_a_missing_system_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "weasyprint"
    fake.mkdir()
    (fake / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # the package's own root comes first on the path, so the fake stands in for a broken installation only
    with Press() as press, pytest.raises(PrintFailed, match=r"install libpango-1\.0-0 .* libharfbuzz-subset0"):
        press.print(HEAD, b"{}", WHEN)


def test_readiness_can_be_asked_before_the_first_job(press: Press) -> None:
    press.ready()
    assert press._worker is not None


def test_fonts_cut_by_the_wrong_library_are_noticed() -> None:
    assert "libharfbuzz-subset0 is missing" in missing_library(None)
    assert missing_library(object()) == ""


def test_jobs_from_many_threads_take_turns(press: Press) -> None:
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: made.append(press.print(f"{HEAD}</head><p>hello", b"{}", WHEN)))
        for _ in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 6
    assert len(set(made)) == 1


def test_qpdf_is_there() -> None:
    assert shutil.which("qpdf"), "make setup installs qpdf"


def test_the_parent_never_loads_the_printing_library() -> None:
    code = (
        "import sys, mutualflow.documents.press, mutualflow.documents.page, mutualflow.documents.source;"
        "sys.exit('weasyprint' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
