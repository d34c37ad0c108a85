"""Acts with papers, on both databases: words kept with the act, printed after it, and nothing lost in between."""

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from mutualflow.documents import library
from mutualflow.documents.press import Press, PrintFailed
from mutualflow.domain import acts
from mutualflow.domain.errors import Conflict, Refusal, Refused
from mutualflow.domain.formation import DocumentRef, Kind, Status
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from mutualflow.storage import files, shelf
from mutualflow.storage.database import TRIES, DatabaseFault
from mutualflow.wiring import papers, pulses
from mutualflow.wiring.app import App
from tests.halfway import Halfway, drafted, kept, load_texts
from tests.honest import real_pathway
from tests.stored import load, moment
from tests.wiring.conftest import Place

BALLOT, ARTICLES = "staff_ballot", "governing_document"
TODAY = date(2024, 5, 6)
SCRUTINEER = "scrutineer-independent-1"
ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """The process is gone at this point."""


class Stopped(Press):
    """A press that does something else than print."""

    def __init__(self, instead: BaseException) -> None:
        super().__init__()
        self.instead = instead

    def print(self, html: str, data: bytes, when: datetime) -> bytes:
        raise self.instead


def with_press(app: App, press: Press) -> None:
    """Give an application another press; the one that it had is closed."""
    if "press" in app.__dict__:
        app.press.close()
    app.__dict__["press"] = press


def words(pdf: bytes, tmp_path: Path) -> str:
    """What a PDF says."""
    file = tmp_path / "read.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def pdf_of(app: App, formation: str, document: str) -> bytes:
    """The printed bytes of the newest kept version of a document."""
    one = [k for k in kept(app, formation) if k.key == document][-1]
    assert one.pdf_sha256 is not None
    return files.read(app.settings.printed_dir, one.pdf_sha256)


def unprinted(app: App, formation: str) -> list[str]:
    """Numbers of kept versions that wait for their PDF."""
    return [k.number for k in kept(app, formation) if k.pdf_sha256 is None]


# --- kept with the act, printed after it ------------------------------------------------------------------------------


def test_words_are_kept_with_the_act_and_printed_after_it(place: Place, tmp_path: Path) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    seen: list[tuple[Status, list[str]]] = []

    class Watching(Press):
        def print(self, html: str, data: bytes, when: datetime) -> bytes:
            seen.append((load(place.app.engine, "riverside").steps[BALLOT].status, unprinted(place.app, "riverside")))
            place.app.write(lambda db: None)  # no transaction is held while it prints
            return super().print(html, data, when)

    with_press(place.app, Watching())
    group.put_forward(BALLOT)
    assert seen == [(Status.SUBMITTED, ["riverside/D13/1"])]
    (one,) = kept(place.app, "riverside")
    (ref,) = group.f.submissions[BALLOT].documents
    assert (ref.document, ref.number, ref.sha256, ref.printed) == ("staff_ballot_record", one.number, one.sha256, True)
    assert (one.step, one.round, one.catalogue, one.paper) == (BALLOT, 1, "D13", None)
    rests_on = json.loads(one.facts)
    assert rests_on["staff_in_favour_percent"] == group.f.answers["staff_in_favour_percent", ""].revision
    assert {key.rpartition("/")[2] for key in rests_on} <= {key for key, _ in group.f.answers}
    assert one.pdf_sha256 == hashlib.sha256(pdf_of(place.app, "riverside", "staff_ballot_record")).hexdigest()
    said = words(pdf_of(place.app, "riverside", "staff_ballot_record"), tmp_path)
    assert "riverside/D13/1" in said
    assert "Version 1, put forward on" in said
    assert "SAMPLE" in said
    assert "Draft made on" not in said


def test_nobody_approves_what_is_not_printed(place: Place) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    with_press(place.app, Stopped(PrintFailed("The printer is out.")))
    with pytest.raises(PrintFailed, match=r"riverside/D13/1 could not be printed: The printer is out\."):
        group.put_forward(BALLOT)
    group.f = load(place.app.engine, "riverside")
    assert group.status(BALLOT) is Status.SUBMITTED
    approve = acts.Approve(step=BALLOT, happened_on=on(group.today))
    with pytest.raises(Refused) as refused:
        group.through(SCRUTINEER, approve)
    assert refused.value.code is Refusal.NOT_PRINTED
    with_press(place.app, Press())
    assert (
        papers.print_waiting(place.app, now=moment(group.today)).printed == 1
    )  # it was let go, and waits for no lease
    group.through(SCRUTINEER, approve)
    assert group.status(BALLOT) is Status.APPROVED


def test_what_cannot_be_printed_keeps_no_digest_from_going_out(place: Place) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    with_press(place.app, Stopped(PrintFailed("The printer is out.")))
    with pytest.raises(PrintFailed):
        group.put_forward(BALLOT)
    walked = pulses.sweep_plainly(place.app, today=group.today, now=moment(group.today)).walked
    assert walked.failed == 0
    assert list(place.app.settings.mail_dir.glob("*"))
    assert pulses.send(place.app, now=moment(group.today)).unprinted == 1


@pytest.mark.parametrize("at", ["before it was taken for printing", "while it was printing"])
def test_a_crash_between_keeping_and_printing_is_repaired(
    place: Place, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    with monkeypatch.context() as patch:
        if at.startswith("before"):
            patch.setattr(papers, "print_waiting", _killed)
        else:
            with_press(place.app, Stopped(Killed()))
        with pytest.raises(Killed):
            group.put_forward(BALLOT)
    with_press(place.app, Press())
    assert unprinted(place.app, "riverside") == ["riverside/D13/1"]
    now = moment(group.today)
    at_once = papers.print_waiting(place.app, now=now).printed
    assert at_once == (1 if at.startswith("before") else 0)  # what a dead process took is left to it for a while
    later = pulses.send(place.app, now=now + papers.PRINT_LEASE + timedelta(seconds=1))
    assert later.unprinted == 0
    assert unprinted(place.app, "riverside") == []
    assert papers.print_waiting(place.app, now=now + timedelta(days=1)).printed == 0


def _killed(*_: object, **__: object) -> None:
    raise Killed


# --- facts that move on -----------------------------------------------------------------------------------------------


def _meddled(group: Halfway, times: int) -> Callable[..., tuple[papers.Made, ...]]:
    """make_all, with a colleague who answers a printed question after each of the first tries."""
    real, colleague = papers.make_all, Halfway(group.app, group.f.key, formation=group.f)
    done = iter(range(times))

    def make_all(*said: object, **more: object) -> tuple[papers.Made, ...]:
        made = real(*said, **more)  # type: ignore[arg-type]
        n = next(done, None)
        if n is not None:
            colleague.through(
                "staff_lead-group-2", acts.Answer(fact="ballot_complaints", value=f"Complaint number {n} came in.")
            )
        return made

    return make_all


def test_facts_that_moved_on_are_printed_as_they_are_now(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    monkeypatch.setattr(papers, "make_all", _meddled(group, 2))
    group.put_forward(BALLOT)
    assert group.f.submissions[BALLOT].material["ballot_complaints"][0] == "Complaint number 1 came in."
    assert len(kept(place.app, "riverside")) == 1
    said = words(pdf_of(place.app, "riverside", "staff_ballot_record"), tmp_path)
    assert "Complaint number 1 came in." in said
    assert "Complaint number 0" not in said


def test_facts_that_never_rest_end_in_a_conflict_that_leaves_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    monkeypatch.setattr(papers, "make_all", _meddled(group, TRIES))
    with pytest.raises(Conflict):
        group.put_forward(BALLOT)
    assert kept(place.app, "riverside") == []
    assert load(place.app.engine, "riverside").steps[BALLOT].status is Status.IN_HAND


# --- prescribed text --------------------------------------------------------------------------------------------------


def test_without_the_official_wording_articles_and_registration_wait(place: Place) -> None:
    for key in ("brookside", "lakeside"):
        group = place.group(key)
        group.ready(ARTICLES)
        with pytest.raises(Refused) as refused:
            group.put_forward(ARTICLES)
        assert refused.value.code is Refusal.BLANKS
        assert "4 official text(s)" in refused.value.sentence
        assert "mutualflow prescribed load" in refused.value.sentence
        with pytest.raises(Refused) as waits:
            group.put_forward("registration")
        assert waits.value.code is Refusal.WAITS
        assert ARTICLES in load(place.app.engine, key).steps["registration"].waits_for
        assert kept(place.app, key) == []


def test_stand_ins_are_for_samples_and_say_so(place: Place, tmp_path: Path) -> None:
    load_texts(place.app, sample=True)
    sample, lived = place.group("brookside"), place.group("lakeside")
    lived.ready(ARTICLES)
    with pytest.raises(Refused) as refused:
        lived.put_forward(ARTICLES)
    assert refused.value.code is Refusal.BLANKS
    sample.ready(ARTICLES)
    sample.put_forward(ARTICLES)
    while sample.status(ARTICLES) is not Status.APPROVED:
        assert sample.work(ARTICLES)
    assert ARTICLES not in sample.f.steps["registration"].waits_for
    pages = _pages(pdf_of(place.app, "brookside", "articles"), tmp_path)
    assert len(pages) > 5
    assert all("SAMPLE" in page for page in pages)
    assert "This is an invented stand-in" in " ".join(pages)


def test_official_wording_fills_the_gap_and_goes_before_a_stand_in(place: Place, tmp_path: Path) -> None:
    load_texts(place.app, sample=True)
    load_texts(place.app, sample=False)
    lived = place.group("lakeside")
    lived.ready(ARTICLES)
    lived.put_forward(ARTICLES)
    said = words(pdf_of(place.app, "lakeside", "articles"), tmp_path)
    assert "Wording of cic_asset_lock_guarantee as this test loads it." in said
    assert "SAMPLE" not in said
    assert "DRAFT" not in said
    snapshot = place.app.read(lambda db: papers.take(db, place.app, "brookside"))
    assert snapshot is not None
    assert not any(text.sample for text in snapshot.prescribed.values())


def test_what_is_filed_is_clean_and_its_draft_says_where_it_comes_from(place: Place, tmp_path: Path) -> None:
    load_texts(place.app, sample=False)
    lived = place.group("lakeside")
    lived.ready(ARTICLES)
    lived.put_forward(ARTICLES)
    filed = words(pdf_of(place.app, "lakeside", "articles"), tmp_path)
    _, pdf = drafted(place.app, "lakeside", "articles", lived.today)
    draft = words(pdf, tmp_path)
    for said in ("CA06 s.9", "check with your adviser", "Checksum", "not legal advice"):
        assert said in draft
        assert said not in filed
    assert "lakeside/D22b/1" in filed


def test_a_history_prints_no_stand_in_either(place: Place) -> None:
    load_texts(place.app, sample=True)
    for kind, want in ((Kind.LIVED, 0), (Kind.SAMPLE, 4)):
        key = "lakeside" if kind is Kind.LIVED else "brookside"
        snapshot = place.app.read(lambda db, key=key: papers.take(db, place.app, key))  # type: ignore[misc]
        assert snapshot is not None
        assert len(snapshot.prescribed) == want


def _pages(pdf: bytes, tmp_path: Path) -> list[str]:
    file = tmp_path / "pages.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


# --- disks that are full ----------------------------------------------------------------------------------------------


def test_a_disk_that_fills_while_printing_leaves_nothing_half_kept(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)

    def half(self: Path, data: bytes) -> int:
        with self.open("wb") as out:
            out.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        with pytest.raises(PrintFailed, match=r"could not be printed: .*No space left on device") as failed:
            group.put_forward(BALLOT)
    assert str(failed.value).startswith("It is done and its words are kept")
    assert [p for p in place.app.settings.printed_dir.rglob("*") if p.is_file()] == []
    assert unprinted(place.app, "riverside") == ["riverside/D13/1"]
    assert papers.print_waiting(place.app, now=moment(group.today)).printed == 1
    assert load(place.app.engine, "riverside").submissions[BALLOT].documents[0].printed


@pytest.fixture
def full(place: Place) -> Iterator[Place]:
    """A database on a full disk: SQLite may take no further page, and PostgreSQL says what it says then."""
    group = place.group("riverside")
    group.ready(BALLOT)
    if place.app.engine.dialect.name == "sqlite":
        place.app.engine.dispose()
        event.listen(place.app.engine, "connect", _no_more_pages)
        yield place
        event.remove(place.app.engine, "connect", _no_more_pages)
        place.app.engine.dispose()
        return
    place.app.write(lambda db: db.execute(text(POSTGRES_IS_FULL)))
    yield place


POSTGRES_IS_FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER disk_is_full BEFORE INSERT ON document FOR EACH ROW EXECUTE FUNCTION disk_is_full();
"""


def _no_more_pages(connection: Any, _: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # SQLite keeps at least what is there


def test_a_database_on_a_full_disk_refuses_the_act_as_a_whole(full: Place) -> None:
    before = load(full.app.engine, "riverside")
    with pytest.raises(DatabaseFault, match="The disk is full; nothing was written"):
        full.group("riverside").put_forward(BALLOT)
    assert load(full.app.engine, "riverside") == before
    assert kept(full.app, "riverside") == []


# --- drafts and versions ----------------------------------------------------------------------------------------------


def test_a_draft_leaves_no_row(place: Place, tmp_path: Path) -> None:
    before = load(place.app.engine, "lakeside")
    made, pdf = drafted(place.app, "lakeside", "staff_ballot_record", TODAY)
    assert made.ref.number == "lakeside/D13/draft"
    assert kept(place.app, "lakeside") == []
    assert load(place.app.engine, "lakeside") == before
    said = words(pdf, tmp_path)
    assert "DRAFT" in said
    assert "Draft made on" in said
    assert "Draft. It may still change." in said


def test_a_version_is_kept_with_its_blanks_and_is_no_act_of_putting_forward(place: Place, tmp_path: Path) -> None:
    group = place.group("riverside")
    owner = "staff_lead-group-1"
    keep = acts.KeepVersion(step=BALLOT, document=DocumentRef("staff_ballot_record", "", ""))
    done = group.through(owner, keep)
    (one,) = kept(place.app, "riverside")
    assert (one.number, one.step) == ("riverside/D13/1", BALLOT)
    assert one.blanks > 5
    assert group.status(BALLOT) is Status.OPEN
    assert done.moved.events[0].refs["number"] == one.number
    assert done.moved.events[0].refs["sha256"] == one.sha256
    said = words(pdf_of(place.app, "riverside", "staff_ballot_record"), tmp_path)
    assert "Still to be supplied" in said
    assert "With blanks:" in said, "what is kept is no draft"
    group.ready(BALLOT)
    group.put_forward(BALLOT)
    assert [k.number for k in kept(place.app, "riverside")] == ["riverside/D13/1", "riverside/D13/2"]
    assert "Version 2, put forward on" in words(pdf_of(place.app, "riverside", "staff_ballot_record"), tmp_path)


def test_a_copy_for_the_board_takes_nothing_from_the_version_under_decision(place: Place) -> None:
    group = place.group("riverside")
    owner = group.ready(BALLOT)
    group.put_forward(BALLOT)
    keep = acts.KeepVersion(step=BALLOT, document=DocumentRef("staff_ballot_record", "", ""))
    for _ in range(2):
        group.through(owner, keep)
    states = {d.number: d.state for d in place.app.read(lambda db: shelf.of(db, group.f.id))}
    assert states == {"riverside/D13/1": "kept", "riverside/D13/2": "superseded", "riverside/D13/3": "kept"}
    group.through(SCRUTINEER, acts.Approve(step=BALLOT, happened_on=on(group.today)))
    assert group.status(BALLOT) is Status.APPROVED


@pytest.mark.parametrize(
    ("by", "step", "document", "code"),
    [
        ("hr_adviser-host-1", BALLOT, "staff_ballot_record", Refusal.NOT_PERMITTED),
        ("staff_lead-group-1", BALLOT, "articles", Refusal.UNKNOWN_KEY),
        ("staff_lead-group-1", "no_such_step", "articles", Refusal.UNKNOWN_KEY),
        ("staff_lead-group-1", "permission_sought", "right_to_challenge", Refusal.WRONG_STATUS),
    ],
)
def test_a_version_that_may_not_be_kept_leaves_nothing(
    place: Place, by: str, step: str, document: str, code: Refusal
) -> None:
    group = place.group("riverside")
    before = load(place.app.engine, "riverside")
    with pytest.raises(Refused) as refused:
        group.through(by, acts.KeepVersion(step=step, document=DocumentRef(document, "", "")))
    assert refused.value.code is code
    assert load(place.app.engine, "riverside") == before
    assert kept(place.app, "riverside") == []


# --- produced or brought ----------------------------------------------------------------------------------------------


def test_a_document_is_produced_by_its_folder_or_brought_with_its_catalogue_number(place: Place) -> None:
    templates = library.load_all()
    for step in real_pathway().steps.values():
        produced = {p.document: p.catalogue for p in step.produces}
        assert all(templates[key].about.catalogue == catalogue for key, catalogue in produced.items()), step.key
    group = place.group("brookside")
    group.attach("registration", With.SUBMIT, "staff_lead-group-1")
    held = load(place.app.engine, "brookside").evidence
    mine = next(e for e in held.values() if e.evidence == "registration_pack")
    assert (mine.catalogue, mine.step, mine.comes_with) == ("D29", "registration", "submit")
    data = files.read(place.app.settings.evidence_dir, mine.sha256)
    assert hashlib.sha256(data).hexdigest() == mine.sha256


# --- the same bytes ---------------------------------------------------------------------------------------------------

PRINTED_ELSEWHERE = """
import hashlib, sys
from datetime import date
from pathlib import Path
from tests.halfway import app_of, drafted
app = app_of(sys.argv[1], Path(sys.argv[2]))
made, pdf = drafted(app, "lakeside", "staff_ballot_record", date(2024, 5, 6))
app.close()
print(made.ref.sha256, hashlib.sha256(pdf).hexdigest())
"""


def test_the_same_facts_give_the_same_bytes_in_another_process(place: Place, tmp_path: Path) -> None:
    load_texts(place.app, sample=False)
    url = place.app.engine.url.render_as_string(hide_password=False)
    said = [
        subprocess.run(
            [sys.executable, "-c", PRINTED_ELSEWHERE, url, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert said[0] == said[1]
    assert len(said[0].split()) == 2
