"""A file's bytes and its row stand there when it is attached, and nothing of it where any rule refuses."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.services import attaching
from mutualflow.storage import files
from mutualflow.storage import tables as t
from mutualflow.storage.database import reading, write
from mutualflow.storage.files import DiskFault, Staged
from tests import stored
from tests.honest import START
from tests.stored import moment, the_law

LEAD, HR, SPONSOR = "staff_lead-group-1", "hr_adviser-host-1", "host_sponsor-host-1"
DATA = b"%PDF-1.7 the notes of the first evening"
SHA = hashlib.sha256(DATA).hexdigest()
NOTES = acts.Attach(step="vision", key="notes", name="notes.pdf")


def attach(engine: Engine, folder: Path, by: str, what: acts.Attach, data: bytes = DATA, key: str = "riverside") -> int:
    """Attach bytes as a face does; how many lines it wrote."""
    with files.staged(folder, data) as staged:
        return put(engine, staged, by, what, key)


def put(engine: Engine, staged: Staged, by: str, what: acts.Attach, key: str = "riverside") -> int:
    """Attach bytes that lie ready."""
    done = write(
        engine,
        lambda db: attaching.attach(
            db, key, what, staged, by=by, now=moment(START), law=the_law(), via="test", today=START
        ),
    )
    return len(done.moved.events)


def kept(engine: Engine, folder: Path) -> tuple[list[tuple[str, str, int]], list[str]]:
    """Rows of evidence, and everything that lies in the folder."""
    with reading(engine) as db:
        rows = [
            (r[0], r[1], r[2]) for r in db.execute(select(t.evidence.c.sha256, t.evidence.c.type, t.evidence.c.size))
        ]
    return rows, [p.name for p in folder.rglob("*") if p.is_file()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where bytes lie."""
    return tmp_path / "evidence"


@pytest.fixture
def begun(engine: Engine) -> Engine:
    """A formation on its first day."""
    stored.publish(engine, stored.everybody())
    stored.start(engine)
    return engine


def test_what_is_attached_is_kept_once(begun: Engine, folder: Path) -> None:
    assert attach(begun, folder, LEAD, NOTES) == 1
    expected = ([(SHA, "application/pdf", len(DATA))], [SHA])
    assert kept(begun, folder) == expected
    assert attach(begun, folder, LEAD, NOTES) == 0  # the same again
    assert kept(begun, folder) == expected
    assert files.read(folder, SHA) == DATA
    assert stored.load(begun).evidence["notes"].sha256 == SHA


@pytest.mark.parametrize(
    ("by", "what", "key", "code"),
    [
        ("nobody", NOTES, "riverside", Refusal.UNKNOWN_KEY),
        (LEAD, NOTES, "elsewhere", Refusal.UNKNOWN_KEY),
        (LEAD, acts.Attach(step="nonsense", key="notes"), "riverside", Refusal.UNKNOWN_KEY),
        (LEAD, acts.Attach(step="vision", key="notes", evidence="no_such_file"), "riverside", Refusal.UNKNOWN_KEY),
        (LEAD, acts.Attach(step="vision", key="../notes"), "riverside", Refusal.INVALID_VALUE),
        (LEAD, acts.Attach(step="vision", key="notes", name="a\nb"), "riverside", Refusal.INVALID_VALUE),
        (LEAD, acts.Attach(step="vision", key="notes", comes_with="love"), "riverside", Refusal.INVALID_VALUE),
        (LEAD, acts.Attach(step="vision", key="notes", seen=9), "riverside", Refusal.STALE),
        (HR, NOTES, "riverside", Refusal.NOT_PERMITTED),
    ],
)
def test_whatever_refuses_leaves_no_row_and_no_bytes(
    begun: Engine, folder: Path, by: str, what: acts.Attach, key: str, code: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        attach(begun, folder, by, what, key=key)
    assert refused.value.code is code
    assert kept(begun, folder) == ([], [])


def test_a_key_in_use_and_a_step_put_forward_leave_the_other_file_alone(begun: Engine, folder: Path) -> None:
    attach(begun, folder, LEAD, NOTES)
    before = kept(begun, folder)
    with pytest.raises(Refused) as refused:
        attach(begun, folder, LEAD, NOTES, b"other bytes under the same key")
    assert refused.value.code is Refusal.INVALID_VALUE
    assert kept(begun, folder) == before
    with pytest.raises(Refused):
        attach(begun, folder, HR, acts.Attach(step="vision", key="copy"))  # the same bytes, by somebody who may not
    assert kept(begun, folder) == before


def test_bytes_that_cannot_take_their_place_leave_no_row(begun: Engine, folder: Path) -> None:
    before = stored.load(begun)
    with files.staged(folder, DATA) as staged:
        staged.part.unlink()  # as a disk loses them
        with pytest.raises(DiskFault, match="could not be written"):
            put(begun, staged, LEAD, NOTES)
    assert kept(begun, folder) == ([], [])
    assert stored.load(begun) == before
