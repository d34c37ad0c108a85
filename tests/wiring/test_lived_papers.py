"""Every paper of the sample, lived from its first idea to its last day: checked as files by veraPDF and two others."""

import subprocess
from collections import Counter
from pathlib import Path

import page as page_validation
import pikepdf

from mutualflow.domain.formation import Life
from mutualflow.storage import files
from mutualflow.storage.documents import Kept
from mutualflow.wiring import histories, living, replaying, samples
from mutualflow.wiring.app import App
from mutualflow.wiring.publishing import ship
from tests.documents.test_pdf import FALSE_ALARM
from tests.halfway import app_of, kept
from tests.stored import load
from tests.verapdf.runner import verify

CATALOGUE = {"D04", "D07", "D12", "D13", "D15", "D22b", "D46"}
"""The documents of a walk by the host-led route to a company limited by guarantee."""


def lived(folder: Path) -> App:
    """The sample on SQLite, every row done by its person; without walks, which print nothing new."""
    app = app_of(f"sqlite:///{folder / 'mutualflow.db'}", folder)
    history = histories.load(samples.folder() / "homeless-health.yaml")
    replaying.begin(app, history, ship(app))
    for _, rows in living.days(history):
        for row in rows:
            living.live(app, history, row)
    return app


def test_every_paper_of_the_lived_sample_is_whole(tmp_path: Path) -> None:
    """One test, because living costs more than checking: all files are checked, then all faults are told at once."""
    app = lived(tmp_path)
    formation = load(app.engine, "homeless-health")
    assert formation.state.life is Life.ENDED
    rows = kept(app, formation.key)
    assert {row.catalogue for row in rows} >= CATALOGUE
    assert all(row.pdf_sha256 for row in rows)
    printed: dict[Path, Kept] = {}
    for row in rows:
        assert row.pdf_sha256
        path = tmp_path / f"{row.number.replace('/', '-')}.pdf"
        path.write_bytes(files.read(app.settings.printed_dir, row.pdf_sha256))
        printed[path] = row
    app.close()

    faults = [str(v) for v in verify(printed) if not v.passed]
    versions: Counter[tuple[str, str]] = Counter()
    for path, row in printed.items():
        versions[row.step, row.key] += 1
        version = versions[row.step, row.key]
        faults += [
            f"{path.name}: {fault}" for fault in (*_page_faults(path), *_qpdf_faults(path), *_words(path, row, version))
        ]
    assert faults == []


def _page_faults(path: Path) -> list[str]:
    found = [page_validation.validate_pdf_bytes(path.read_bytes(), profile=profile) for profile in ("3a", "ua1")]
    return [f.rule_id for report in found for f in report.failures if f.rule_id != FALSE_ALARM]


def _qpdf_faults(path: Path) -> list[str]:
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    return [done.stdout + done.stderr] if done.returncode else []


def _words(path: Path, row: Kept, version: int) -> list[str]:
    """Each page says which page of which version of what it is, and that it is a sample; its data are attached."""
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    pages = [" ".join(page.split()) for page in text.split("\f")[:-1]]
    wanted = [
        ("SAMPLE", row.number, f"Page {n} of {len(pages)}", f"Version {version}") for n in range(1, len(pages) + 1)
    ]
    found = [
        f"page {n} lacks {word!r}" for n, page in enumerate(pages, 1) for word in wanted[n - 1] if word not in page
    ]
    with pikepdf.open(path) as pdf:
        attached = pdf.attachments["model.json"].get_file().read_bytes().decode()
        if attached != row.model:
            found.append("the attached data are not the kept words")
        if len(pages) > 3 and not list(pdf.open_outline().root):
            found.append("has no bookmarks")
    return found
