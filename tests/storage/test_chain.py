"""The chain of events: published vectors, whatever is spoilt found at its first event, words erased, rows guarded."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select, text

from mutualflow.domain import acts, chain
from mutualflow.domain.chain import BadEvent, Link
from mutualflow.services import auditing
from mutualflow.services.auditing import Finding
from mutualflow.storage import events, installation, migrating
from mutualflow.storage import tables as t
from mutualflow.storage.database import DatabaseFault, reading, write, writing
from tests.honest import START
from tests.stored import Stored, everybody, moment, publish

VECTORS = Path(__file__).parents[2] / "docs" / "test-vectors" / "chain.json"
LEAD = "staff_lead-group-1"


@cache
def vectors() -> dict[str, Any]:
    found = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def links() -> list[Link]:
    return [Link(e["number"], e["body"], e["hash"]) for e in vectors()["events"]]


def first_bad(found: list[Link], **changed: Any) -> BadEvent | None:
    said = {"chain": vectors()["chain"], "head": vectors()["head"], "length": vectors()["length"], **changed}
    return chain.first_bad(found, **said)


# the format


def test_the_published_vectors_are_what_the_code_makes() -> None:
    assert vectors()["format"] == chain.FORMAT
    assert vectors()["start"] == chain.START
    for one in vectors()["salted"]:
        assert chain.salted(one["salt"], one["text"]) == one["sha256"]
    before = chain.START
    for e in vectors()["events"]:
        body = chain.body(
            chain=vectors()["chain"],
            number=e["number"],
            kind=e["kind"],
            by=e["by"],
            happened_on=e["happened_on"],
            recorded_at=datetime.fromisoformat(e["recorded_at"]),
            via=e["via"],
            release=vectors()["release"],
            rulebook=vectors()["rulebook"],
            refs=e["refs"],
            facts=[(key, subject, chain.salted(salt, value)) for key, subject, salt, value in e["facts"]],
            text=chain.salted(*e["text"]) if e["text"] else "",
            before=before,
        )
        assert body == e["body"]
        before = chain.link(body)
        assert before == e["hash"]
    assert before == vectors()["head"]
    assert first_bad(links()) is None


def test_no_word_or_value_of_a_person_is_in_a_body() -> None:
    for e in vectors()["events"]:
        for _, _, _, value in e["facts"]:
            assert len(value) < 3 or value not in e["body"]
        assert not e["text"] or e["text"][1] not in e["body"]


# spoilt chains


def rehashed(found: list[Link], at: int, body: str) -> list[Link]:
    """One body changed, and every later hash made to fit: a forger who knows the format."""
    new = [*found[:at], Link(found[at].number, body, chain.link(body))]
    for one in found[at + 1 :]:
        body = chain.canonical(json.loads(one.body) | {"before": new[-1].hash})
        new.append(Link(one.number, body, chain.link(body)))
    return new


def forged(found: list[Link], at: int, **changed: object) -> list[Link]:
    """The same, with some of what the body says changed."""
    return rehashed(found, at, chain.canonical(json.loads(found[at].body) | changed))


@given(st.data())
def test_whatever_is_changed_the_first_bad_event_is_named(data: st.DataObject) -> None:
    found = links()
    at = data.draw(st.integers(0, len(found) - 1))
    one, number = found[at], at + 1
    how = data.draw(st.sampled_from(["body", "hash", "removed", "doubled", "renumbered", "swapped"]))
    match how:
        case "body":
            place = data.draw(st.integers(0, len(one.body) - 1))
            sign = data.draw(st.sampled_from('xX0 {"é'))
            spoilt = one.body[:place] + sign + one.body[place + 1 :]
            if spoilt == one.body:
                return
            found[at] = replace(one, body=spoilt)
        case "hash":
            found[at] = replace(one, hash=data.draw(st.text("0123456789abcdef", min_size=64, max_size=64)))
            if found[at].hash == one.hash:
                return
        case "removed":
            del found[at]
        case "doubled":
            found.insert(at, one)
            number = at + 2
        case "renumbered":
            found[at] = replace(one, number=one.number + 7)
        case _:
            other = (at + 1) % len(found)
            found[at], found[other] = found[other], found[at]
            number = min(at, other) + 1
    bad = first_bad(found)
    assert bad is not None
    assert bad.number == number, how


@pytest.mark.parametrize("at", range(4))
def test_a_forger_who_hashes_anew_is_given_away_by_the_head(at: int) -> None:
    found = links()
    new = forged(found, at, by="somebody-else")
    bad = first_bad(new)
    assert bad is not None
    assert "head" in bad.why
    assert first_bad(new, head=new[-1].hash) is None  # who can write the head too is found by an outside copy


@pytest.mark.parametrize(
    ("spoil", "number", "words"),
    [
        (lambda f: f[:-1], 4, "ends at 3"),
        (lambda f: [], 1, "ends at 0"),
        (lambda f: rehashed(f, 1, "no JSON at all"), 2, "format"),
        (lambda f: rehashed(f, 1, "[1]"), 2, "format"),
        (lambda f: forged(f, 1, v=2), 2, "format"),
        (lambda f: forged(f, 2, chain="elsewhere"), 3, "another place"),
        (lambda f: forged(f, 2, n=2), 3, "another place"),
        (lambda f: forged(f, 2, before=chain.START), 3, "does not follow"),
    ],
)
def test_what_is_wrong_is_said(spoil: Callable[[list[Link]], list[Link]], number: int, words: str) -> None:
    bad = first_bad(spoil(links()))
    assert bad is not None
    assert (bad.number, words in bad.why) == (number, True), bad


# as it is stored


@pytest.fixture
def walked(engine: Engine) -> Engine:
    """A formation with a short history, words and rows among it."""
    publish(engine, everybody())
    honest = Stored(engine)
    honest.do(LEAD, acts.Note(step="vision", text="My own words, and mine to take back."))
    for _ in range(2):
        honest.work("vision")
    with reading(engine) as db:
        assert auditing.verify(db, replay=True).findings == ()
    return engine


def found_in(db: Connection, *, replay: bool = False) -> Finding | None:
    findings = auditing.verify(db, replay=replay).findings
    assert len(findings) <= 1
    return findings[0] if findings else None


@contextmanager
def unguarded(engine: Engine, *statements: str) -> Iterator[Connection]:
    """What somebody leaves who can take the triggers away; undone afterwards."""
    with writing(engine) as db:
        migrating.drop_triggers(db)
        with db.begin_nested() as trial:
            for statement in statements:
                db.execute(text(statement))
            yield db
            trial.rollback()
        migrating.make_triggers(db)


def test_added_rows_are_neither_changed_nor_deleted(walked: Engine) -> None:
    now = moment(START)
    with writing(walked) as db:
        organisation = db.execute(select(t.organisation.c.id)).scalars().first()
        db.execute(t.organisation_fact.insert(), [{"organisation_id": organisation, "recorded_at": now}])
        prescribed = {"text": "x", "loaded_by": "x", "loaded_at": now, "sha256": "x", "sample": True}
        db.execute(t.prescribed_text.insert(), [prescribed])
        installation.append(db, "add_person", {}, by="x", now=now, via="cli")
    for table in t.ADDED_ONLY:
        column = next(c.name for c in t.metadata.tables[table].c if not c.primary_key)
        forbidden = [f'UPDATE {table} SET "{column}" = "{column}"', f"DELETE FROM {table}"]
        if walked.dialect.name == "postgresql":
            forbidden.append(f"TRUNCATE {table} CASCADE")
        with reading(walked) as db:
            assert db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() > 0
        for statement in forbidden:
            with pytest.raises(DatabaseFault, match="only ever added"):
                write(walked, partial(_say, statement))


def _say(statement: str, db: Connection) -> None:
    db.execute(text(statement))


SPOILT: tuple[tuple[str, int, str], ...] = (
    ("UPDATE event SET body = replace(body, 'vision', 'visiom') WHERE number = 5", 5, "has been changed"),
    ("UPDATE event SET \"by\" = 'manager' WHERE number = 3", 3, "column “by”"),
    ("UPDATE event SET kind = 'note' WHERE number = 3", 3, "column “kind”"),
    ("DELETE FROM event WHERE number = 4", 4, "is missing"),
    ("UPDATE formation SET events = events - 1", 0, "should hold"),
    ("UPDATE formation SET head = 'abc'", 0, "head"),
    ("UPDATE fact SET value = 'other words' WHERE id = 2", 0, "answer that it holds"),
    ("UPDATE event_text SET text = 'not my words' WHERE number = 2", 2, "words"),
    ("DELETE FROM event_text WHERE number = 2", 2, "words"),
)


def test_what_is_changed_behind_the_guards_is_found(walked: Engine) -> None:
    for statement, number, words in SPOILT:
        with unguarded(walked, statement) as db:
            found = found_in(db)
        assert found is not None, statement
        assert words in found.why, statement
        assert not number or found.number == number, statement
    with reading(walked) as db:
        assert found_in(db, replay=True) is None  # all of it was undone


def test_events_that_change_places_and_statuses_that_no_event_made_are_found(walked: Engine) -> None:
    moves = [f"UPDATE event SET number = {new} WHERE number = {old}" for old, new in ((6, 1006), (7, 6), (1006, 7))]
    with unguarded(walked, *moves) as db:
        found = found_in(db)
    assert found is not None
    assert found.number == 6
    with unguarded(walked, "UPDATE step SET status = 'approved' WHERE key = 'readiness'") as db:
        assert found_in(db) is None
        found = found_in(db, replay=True)
    assert found is not None
    assert "readiness" in found.why


def test_a_persons_words_are_erased_and_the_chain_stays_whole(walked: Engine) -> None:
    write(walked, partial(_say, "UPDATE event_text SET text = NULL WHERE number = 2"))
    write(walked, partial(_say, "DELETE FROM note"))
    with reading(walked) as db:
        assert found_in(db, replay=True) is None
        (owner,) = events.owners(db)
        assert all("My own words" not in k.body and not k.text for k in events.chain_of(db, owner.id))
    with writing(walked) as db:
        migrating.drop_triggers(db, ("event",))
        migrating.make_triggers(db, ("event",))  # as after a migration that rebuilt the table
    with pytest.raises(DatabaseFault, match="only ever added"):
        write(walked, partial(_say, "DELETE FROM event"))
