"""A wrong file that is taken out: its bytes are gone, its hash stays, and nobody loses bytes that stand elsewhere."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from mutualflow.domain import acts
from mutualflow.domain.errors import Refused
from mutualflow.services import attaching
from mutualflow.settings import from_environment
from mutualflow.storage import evidence, files
from mutualflow.storage import tables as t
from mutualflow.storage.files import DiskFault
from mutualflow.wiring import papers, pulses
from mutualflow.wiring.app import App
from tests.honest import START
from tests.stored import everybody, moment, publish, start, the_law

LEAD, OTHER = "staff_lead-group-1", "hr_adviser-host-1"
DATA = b"%PDF-1.7 a page about somebody else"
SHA = hashlib.sha256(DATA).hexdigest()
NOW = moment(START)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """Two formations on their first day."""
    made = App(
        from_environment({"MUTUALFLOW_DATA_DIR": str(tmp_path / "data"), "MUTUALFLOW_DATABASE_URL": database_url})
    )
    publish(made.engine, everybody())
    start(made.engine, "riverside")
    start(made.engine, "brookside")
    yield made
    made.close()


def attach(app: App, formation: str = "riverside", key: str = "wrong") -> None:
    what = acts.Attach(step="vision", key=key, name="wrong.pdf")
    papers.act(app, formation, what, by=LEAD, now=NOW, today=START, file=DATA)


def take_out(app: App, formation: str = "riverside", key: str = "wrong", by: str = LEAD) -> None:
    what = acts.TakeOut(step="vision", key=key, reason="It is about somebody else.")
    papers.act(app, formation, what, by=by, now=NOW, today=START)


def there(app: App) -> bool:
    """Can the bytes be read?"""
    try:
        return files.read(app.settings.evidence_dir, SHA) == DATA
    except DiskFault:
        return False


def noted(app: App) -> bool:
    """Is it written down that they were destroyed?"""
    return app.read(lambda db: db.execute(select(t.evidence.c.destroyed_at)).scalar_one()) is not None


def test_the_bytes_are_gone_and_the_hash_stays(app: App) -> None:
    attach(app)
    assert (there(app), noted(app)) == (True, False)
    take_out(app)
    assert (there(app), noted(app)) == (False, True)
    assert [p for p in app.settings.evidence_dir.rglob("*") if p.is_file()] == []
    held = app.read(lambda db: db.execute(select(t.evidence_use.c.sha256)).scalar_one())
    assert held == SHA


def test_bytes_that_stand_elsewhere_stay(app: App) -> None:
    attach(app)
    attach(app, "brookside")
    take_out(app)
    assert (there(app), noted(app)) == (True, False)
    take_out(app, "brookside")
    assert (there(app), noted(app)) == (False, True)


def test_who_may_not_take_it_out_destroys_nothing(app: App) -> None:
    attach(app)
    with pytest.raises(Refused):
        take_out(app, by=OTHER)
    assert (there(app), noted(app)) == (True, False)


def test_the_same_bytes_can_come_again(app: App) -> None:
    attach(app)
    take_out(app)
    attach(app, key="again")
    assert (there(app), noted(app)) == (True, False)


def test_what_a_stopped_process_left_is_destroyed_with_the_next_sending(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(app)
    with monkeypatch.context() as patched:
        patched.setattr(papers, "destroy_taken_out", lambda app, now: 0)  # as if it had stopped in between
        take_out(app)
    assert there(app)
    pulses.send(app, now=NOW)
    assert (there(app), noted(app)) == (False, True)


def test_bytes_destroyed_between_staging_and_settling_are_put_back(app: App) -> None:
    attach(app)
    with files.staged(app.settings.evidence_dir, DATA) as staged:
        take_out(app)
        again = acts.Attach(step="vision", key="again", name="wrong.pdf")

        def use_case(db: Connection) -> None:
            attaching.attach(db, "riverside", again, staged, by=LEAD, now=NOW, law=the_law(), today=START)

        app.write(use_case)
    assert (there(app), noted(app)) == (True, False)
    assert app.read(evidence.taken_out) == []
