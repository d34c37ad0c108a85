"""Bad input and bad days: each a clear sentence with its code, and nothing half-written."""

import sqlite3
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, select, text

from mutualflow.domain import acts, answering, moves
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import DecisionOutcome, Kind
from mutualflow.domain.keys import NOT_KNOWN, Milestone, Outcome, Role, Side
from mutualflow.domain.pathway import Question, QuestionType
from mutualflow.domain.spans import Span, on
from mutualflow.domain.values import canonical
from mutualflow.services import acting, starting
from mutualflow.services.starting import Start
from mutualflow.storage import migrating, schema, tables
from mutualflow.storage.database import DatabaseFault, open_engine, reading, write
from tests.honest import START, Honest, real_pathway
from tests.postgres import Server
from tests.stored import GUARANTEE, Stored, act, everybody, load, moment, publish, start, the_law

LEAD, MANAGER = "staff_lead-group-1", "manager"
FACT = "vision_statement"


def a_question(kind: QuestionType) -> Question:
    return next(q for q in real_pathway().questions.values() if q.type is kind)


def asked_first(kind: QuestionType = QuestionType.LONG_TEXT) -> str:
    """A question of the first step."""
    asked = (real_pathway().questions[a.key] for a in real_pathway().steps["vision"].asks)
    return next(q.key for q in asked if q.type is kind)


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the database holds."""
    with reading(engine) as db:
        return {
            t.name: sorted((tuple(r) for r in db.execute(select(t))), key=repr) for t in schema.metadata.sorted_tables
        }


@pytest.fixture
def begun(engine: Engine) -> Engine:
    """A database with one formation on its first day."""
    publish(engine, everybody())
    start(engine)
    return engine


# what nobody knows, and what is of the wrong kind

REFUSED: tuple[tuple[acts.Act, Refusal], ...] = (
    (acts.Answer(fact="no-such-fact", value="x"), Refusal.UNKNOWN_KEY),
    (acts.Answer(fact="nation", value="atlantis"), Refusal.INVALID_VALUE),
    (acts.Answer(fact="staff_transferring", value="many"), Refusal.INVALID_VALUE),
    (acts.Answer(fact="staff_transferring", value="90..20"), Refusal.INVALID_VALUE),
    (acts.Answer(fact="staff_transferring", value="-4"), Refusal.INVALID_VALUE),
    (acts.Answer(fact="staff_transferring", value="1e9"), Refusal.INVALID_VALUE),
    (acts.Answer(fact="personal_data", value="true"), Refusal.INVALID_VALUE),
    (acts.Answer(fact="nation", value=""), Refusal.INVALID_VALUE),
    (acts.AddRow(list="no-such-list", row="r"), Refusal.UNKNOWN_KEY),
    (acts.AddRow(list="group_members", row="../r"), Refusal.INVALID_VALUE),
    (acts.RetireRow(list="group_members", row="r9"), Refusal.UNKNOWN_KEY),
    (acts.Submit(step="no-such-step"), Refusal.UNKNOWN_KEY),
    (acts.Approve(step="vision", slot="no-such-slot"), Refusal.UNKNOWN_KEY),
    (acts.HandOver(step="vision", to="nobody"), Refusal.INVALID_VALUE),
    (acts.Attach(step="vision", key="f", sha256="not a hash"), Refusal.INVALID_VALUE),
    (acts.Attach(step="vision", key="f", sha256="a" * 64, comes_with="post"), Refusal.INVALID_VALUE),
    (acts.Done(task="no-such-task"), Refusal.UNKNOWN_KEY),
    (acts.AnswerNote(note="no-such-thread", text="x"), Refusal.UNKNOWN_KEY),
    (acts.GiveRole(person="no-such-person", role=Role.STAFF_MEMBER, side=Side.GROUP), Refusal.UNKNOWN_KEY),
    (acts.GiveRole(person="\x00", role=Role.STAFF_MEMBER, side=Side.GROUP), Refusal.INVALID_VALUE),
    (acts.EndRole(person=LEAD, role=Role.STAFF_LEAD, successor="no-such-person"), Refusal.UNKNOWN_KEY),
    (acts.ConfirmRole(person="no-such-person", role=Role.HR_ADVISER), Refusal.UNKNOWN_KEY),
    (acts.Ask(step="vision", text="x", of="no-such-person"), Refusal.INVALID_VALUE),
    (acts.Plan(milestone=Milestone.GO_LIVE, day=Span(None, None)), Refusal.INVALID_VALUE),
    (acts.End(outcome=Outcome.FIRST_YEAR_COMPLETE, reason="x"), Refusal.ORDER),
    (acts.Adopt(steps=(acts.AdoptedStep("no-such-step", on(START)),)), Refusal.UNKNOWN_KEY),
    (acts.LayTask(key="", title="x", owner=LEAD), Refusal.INVALID_VALUE),
    (acts.RecordDecision(step="vision", outcome=DecisionOutcome.YES), Refusal.UNKNOWN_KEY),
)


def test_what_nobody_knows_and_what_is_of_the_wrong_kind_is_refused_and_leaves_nothing(begun: Engine) -> None:
    before = contents(begun)
    for what, code in REFUSED:
        with pytest.raises(Refused) as refused:
            act(begun, "riverside", LEAD, what, START)
        assert refused.value.code is code, what
        assert refused.value.sentence.endswith((".", "?")), what
        assert len(refused.value.sentence) < 500, what
    for key, by in (
        ("nowhere", LEAD),
        ("riverside", "a-stranger"),
        ("\x00", LEAD),
        ("riverside", "\x00"),
        ("x" * 9999, LEAD),
    ):
        with pytest.raises(Refused) as refused:
            act(begun, key, by, acts.Note(step="vision", text="x"), START)
        assert refused.value.code is Refusal.UNKNOWN_KEY
        assert len(refused.value.sentence) < 500
    assert contents(begun) == before


def test_a_combination_that_cannot_be_is_refused_after_the_whole_recomputation(begun: Engine) -> None:
    act(begun, "riverside", LEAD, acts.Answer(fact="charity_status_wanted", value="yes"), START)
    before = contents(begun)
    with pytest.raises(Refused) as refused:
        act(begun, "riverside", LEAD, acts.Answer(fact="legal_form", value="cic_guarantee"), START)
    assert refused.value.code is Refusal.IMPOSSIBLE
    assert "source" in refused.value.sentence
    assert contents(begun) == before


def test_a_form_without_a_file_and_an_unfit_formation_key_are_refused(begun: Engine) -> None:
    with pytest.raises(Refused, match="cannot be formed here yet"):
        act(begun, "riverside", LEAD, acts.Answer(fact="legal_form", value="llp"), START)
    before = contents(begun)
    for key in ("", "UPPER", "-x", "a b", "x" * 61, "../x", "\x00", "é"):
        new = Start(key, "Name", Kind.SAMPLE, "england", ())
        with pytest.raises(Refused) as refused:
            write(begun, lambda db, new=new: starting.start(db, new, by=MANAGER, now=moment(START), law=the_law()))  # type: ignore[misc]
        assert refused.value.code is Refusal.INVALID_VALUE, key
    assert contents(begun) == before


def test_two_people_at_once_the_second_is_told_that_she_read_something_older(begun: Engine) -> None:
    fact = asked_first()
    act(begun, "riverside", LEAD, acts.Answer(fact=fact, value="hers", seen=0), START)
    with pytest.raises(Refused) as refused:
        act(begun, "riverside", "staff_lead-group-2", acts.Answer(fact=fact, value="his", seen=0), START)
    assert refused.value.code is Refusal.STALE
    assert load(begun).answers[(fact, "")].text == "hers"


# hostile words

MARKUP = "<script>alert('x')</script> {{ 7*7 }} '; DROP TABLE event; -- &amp; %s %(x)s \\x"
FORBIDDEN = ("a\x00b", "a\x1b[31mb", "a\u202eb", "a\u200bb", "a\ud800b", "a\x7fb", "x" * 1_000_000, "y " * 500_000)


def test_markup_is_words_and_what_cannot_be_seen_or_printed_is_refused(begun: Engine) -> None:
    fact = asked_first()
    act(begun, "riverside", LEAD, acts.Answer(fact=fact, value=MARKUP), START)
    act(begun, "riverside", LEAD, acts.Note(step="vision", text=MARKUP), START)
    assert load(begun).answers[(fact, "")].text == MARKUP
    before = contents(begun)
    for words in FORBIDDEN:
        for what in (
            acts.Answer(fact=fact, value=words),
            acts.Answer(fact=words, value="x"),
            acts.Answer(fact=fact, value="x", correction=words),
            acts.Answer(fact=fact, value="x", said_on=words),
            acts.AddRow(list="group_members", row="r1", values={"name": words}),
            acts.AddRow(list="group_members", row="r1", values={words: "x"}),
            acts.AddRow(list="group_members", row=words),
            acts.Note(step="vision", text=words),
            acts.Note(step="vision", text="x", key=words),
            acts.MakeStatement(step="vision", text=words),
            acts.LayTask(key=words, title="x", owner=LEAD),
            acts.LayTask(key="t", title=words, owner=LEAD),
            acts.Attach(step="vision", key="f", sha256="a" * 64, name=words),
            acts.Pause(reason=words, review_on=date(2030, 1, 1)),
        ):
            with pytest.raises(Refused) as refused:
                write(begun, doing(what))
            assert refused.value.code in (Refusal.INVALID_VALUE, Refusal.UNKNOWN_KEY), what
            assert len(refused.value.sentence) < 500
            refused.value.sentence.encode()  # it can be shown
    assert contents(begun) == before


def doing(what: acts.Act) -> Callable[[Connection], acting.Acted]:
    """An act without what a face keeps beforehand."""
    return lambda db: acting.act(
        db, "riverside", what, by=LEAD, now=moment(START), law=the_law(), via="test", today=START
    )


@given(
    st.text(st.characters() | st.sampled_from("0123456789.,-£ \n") | st.sampled_from(string.ascii_letters), max_size=80)
)
@example("..")
@example("٣٤")
@example("9" * 400)
@example("NaN")
@example("-0")
@example("2024-02-30")
@example("0000-01-01")
@example(".." * 5000)
def test_any_text_is_canonical_once_and_for_all_or_refused(raw: str) -> None:
    for kind in QuestionType:
        question = a_question(kind) if kind in {q.type for q in real_pathway().questions.values()} else None
        if question is None:
            continue
        try:
            said = canonical(question, raw)
        except Refused as refused:
            told = refused
        else:
            assert canonical(question, said) == said
            said.encode()
            continue
        assert told.code is Refusal.INVALID_VALUE
        assert len(told.sentence) < 500


@given(st.text(max_size=60))
def test_any_words_of_an_act_are_kept_or_refused_never_anything_else(words: str) -> None:
    honest = Honest(real_pathway(), GUARANTEE)
    for what in (
        acts.Note(step="vision", text=words),
        acts.LayTask(key="t", title=words, owner=LEAD),
        acts.Answer(fact=asked_first(), value=words),
        acts.Submit(step=words),
        acts.GiveRole(person=words, role=Role.STAFF_MEMBER, side=Side.GROUP),
    ):
        try:
            moves.perform(honest.desk(LEAD), what)
        except Refused as refused:
            told = refused.sentence
        else:
            continue
        assert told.isprintable() or "\n" not in told


def test_a_list_takes_so_many_rows_and_says_so() -> None:
    honest = Honest(real_pathway(), GUARANTEE)
    for n in range(answering.MOST_ROWS):
        honest.do(LEAD, acts.AddRow(list="group_members", row=f"r{n}"))
    refused = honest.refused(LEAD, acts.AddRow(list="group_members", row="r10000"))
    assert refused is not None
    assert refused.code is Refusal.INVALID_VALUE
    assert str(answering.MOST_ROWS) in refused.sentence
    honest.do(LEAD, acts.RetireRow(list="group_members", row="r1"))
    honest.do(LEAD, acts.AddRow(list="group_members", row="r1"))  # what was there may come back
    assert honest.refused(LEAD, acts.AddRow(list="group_members", row="r2", values={"name": "x"})) is None


# bad days of the database


def test_what_fails_in_the_middle_leaves_nothing(begun: Engine) -> None:
    before = contents(begun)

    def half(db: Connection) -> None:
        acting.act(db, "riverside", acts.Note(step="vision", text="x"), by=LEAD, now=moment(START), law=the_law())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(begun, half)
    assert contents(begun) == before
    act(begun, "riverside", LEAD, acts.Note(step="vision", text="x"), START)  # the lock was let go


@contextmanager
def impatient(url: str) -> Iterator[Engine]:
    """An engine that waits a moment for others, not fifteen seconds."""
    engine = open_engine(url)

    def soon(connection: Any, _entry: object) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA busy_timeout=50")
        else:
            connection.autocommit = True
            connection.execute("SET lock_timeout = '50ms'")
            connection.autocommit = False

    event.listen(engine, "connect", soon)
    yield engine
    engine.dispose()


def test_a_database_that_somebody_else_holds_is_told_and_nothing_is_written(begun: Engine, database_url: str) -> None:
    before = contents(begun)
    holder = open_engine(database_url)
    other = holder.raw_connection()
    cursor = other.cursor()
    if begun.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    else:
        cursor.execute("SELECT id FROM formation FOR UPDATE")
    with impatient(database_url) as engine:
        with pytest.raises(DatabaseFault, match="busy with another program"):
            act(engine, "riverside", LEAD, acts.Note(step="vision", text="x"), START)
        other.rollback()
        other.close()
        holder.dispose()
        assert contents(begun) == before
        act(engine, "riverside", LEAD, acts.Note(step="vision", text="x"), START)


def test_a_database_that_goes_away_is_told_and_found_again(database_url: str, postgres_server: Server) -> None:
    engine = open_engine(database_url)
    publish(engine, everybody())
    start(engine)
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        engine.dispose()
        path.rename(path.with_suffix(".away"))
        path.mkdir()  # something else stands in its place
        with pytest.raises(DatabaseFault, match="cannot be opened"):
            act(engine, "riverside", LEAD, acts.Note(step="vision", text="x"), START)
        path.rmdir()
        path.with_suffix(".away").rename(path)
    else:
        before = contents(engine)

        def cut_off(db: Connection) -> None:
            acting.act(db, "riverside", acts.Note(step="vision", text="x"), by=LEAD, now=moment(START), law=the_law())
            mine = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
            other = open_engine(postgres_server.url("postgres"))
            with other.connect() as connection:
                connection.execute(text(f"SELECT pg_terminate_backend({mine})"))
            other.dispose()
            db.execute(text("SELECT 1"))

        with pytest.raises(DatabaseFault, match="does not answer"):
            write(engine, cut_off)
        assert contents(engine) == before
    act(engine, "riverside", LEAD, acts.Note(step="vision", text="x"), START)
    engine.dispose()


def load_at(url: str) -> None:
    """Look for a formation at an address, and let go of it."""
    engine = open_engine(url)
    try:
        load(engine)
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg://postgres@/nowhere?host=/nonexistent", "does not answer"),
        ("sqlite:////nonexistent/folder/x.db", "cannot be opened"),
        ("sqlite://host:port/x", "address cannot be read"),
        ("no-such-thing://x", "address cannot be read"),
        ("", "address cannot be read"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str, words: str) -> None:
    with pytest.raises(DatabaseFault, match=words) as told:
        load_at(url)
    assert "postgres" not in str(told.value).lower() or "PostgreSQL" in str(told.value)


def test_a_database_that_is_not_there_on_a_running_server_is_told(postgres_server: Server) -> None:
    with pytest.raises(DatabaseFault, match="not there"):
        load_at(postgres_server.url("no_such_database"))


def test_a_file_that_is_no_database_or_damaged_is_told(tmp_path: Path) -> None:
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"This is a letter, not a database. " * 200)
    with pytest.raises(DatabaseFault, match="not a database of ours"):
        load_at(f"sqlite:///{junk}")
    with pytest.raises(DatabaseFault, match="not a database of ours"):
        migrating.upgrade(open_engine(f"sqlite:///{junk}"))
    assert junk.read_bytes().startswith(b"This is a letter")


def test_a_database_without_tables_says_what_to_do(blank: Engine) -> None:
    with pytest.raises(DatabaseFault, match="mutualflow init"):
        load(blank)
    with pytest.raises(DatabaseFault, match="mutualflow init"):
        act(blank, "riverside", LEAD, acts.Note(step="vision", text="x"), START)


def test_a_full_disk_is_told_and_nothing_is_half_written(begun: Engine) -> None:
    before = contents(begun)

    def full(db: Connection) -> None:
        acting.act(db, "riverside", acts.Note(step="vision", text="x"), by=LEAD, now=moment(START), law=the_law())
        if db.dialect.name == "sqlite":
            db.execute(text("PRAGMA max_page_count = 1"))  # no more than it has already
            db.execute(tables.person_row.insert(), [{"key": f"p{n}", "name": "x" * 900} for n in range(900)])
        else:
            db.execute(text("DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"))

    with pytest.raises(DatabaseFault, match="disk is full"):
        write(begun, full)
    begun.dispose()  # SQLite's limit belongs to its connection
    assert contents(begun) == before
    act(begun, "riverside", LEAD, acts.Note(step="vision", text="x"), START)


def test_a_database_that_may_only_be_read_is_told(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    with sqlite3.connect(sqlite_template) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    engine = open_engine(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseFault, match="only be read here"):
        publish(engine)


def test_a_hundred_acts_of_nonsense_leave_a_chain_that_verifies(begun: Engine) -> None:
    honest = Stored.__new__(Stored)  # a group that has begun already
    Honest.__init__(honest, real_pathway(), GUARANTEE, law=the_law().thresholds, formation=load(begun))
    honest.engine, honest.compare, honest.compared = begun, 1, 0
    for n, (what, _) in enumerate(REFUSED * 3):
        honest.today = START + timedelta(days=n)
        with pytest.raises(Refused):
            honest.do(LEAD, what)
    assert honest.compared == 0
    assert load(begun).events == 1
    assert NOT_KNOWN not in {a.text for a in load(begun).answers.values()}
