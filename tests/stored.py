"""Honest people over a database: every act goes the way of the product, through the service and its transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event

from mutualflow import rules
from mutualflow.documents import library
from mutualflow.domain import acts
from mutualflow.domain.formation import Formation, Kind
from mutualflow.domain.law import LawBook
from mutualflow.pathways import release
from mutualflow.services import acting, starting
from mutualflow.services.acting import Acted
from mutualflow.services.starting import Start
from mutualflow.storage import documents, evidence, formations, people, releases
from mutualflow.storage.database import reading, write
from mutualflow.storage.people import Person
from mutualflow.wiring import publishing
from tests.honest import START, Honest, new_formation, real_pathway

GUARANTEE = {"legal_form": "cic_guarantee", "charity_status_wanted": "no", "nation": "england", "host_kind": "nhs_body"}
"""Answers with which the shipped pathway leads to its one form."""


@cache
def the_law() -> LawBook:
    """The law that ships."""
    return LawBook(rules.load())


@cache
def the_release() -> str:
    """The release that ships, as it is published."""
    templates = library.load_all()
    return publishing.release_body(publishing.pathway(templates), templates).decode()


def moment(day: date) -> datetime:
    """Ten in the morning."""
    return datetime.combine(day, time(10), UTC)


def publish(engine: Engine, people_keys: tuple[str, ...] = ()) -> None:
    """A release and people in a fresh database."""

    def all_of_it(db: Connection) -> None:
        body = the_release()
        releases.publish(db, release.sha256(body.encode()), body, moment(START))
        for key in people_keys:
            people.keep(db, Person(key, key.replace("_", " "), f"{key}@example.org"))

    write(engine, all_of_it)


def start(engine: Engine, key: str = "riverside", *, today: date = START) -> Formation:
    """A formation on its first day, with two people in every role, as new_formation makes it in memory."""
    made = new_formation(real_pathway(), law=the_law().thresholds, today=today)
    members = tuple(replace(m, confirmed_by="manager") for m in made.members)
    new = Start(key, "Riverside", Kind.SAMPLE, "england", members, tuple(made.organisations.values()))
    return write(
        engine, lambda db: starting.start(db, new, by="manager", now=moment(today), law=the_law(), today=today)
    )


def everybody() -> tuple[str, ...]:
    """Keys of all who act in honest walks."""
    return tuple(dict.fromkeys(m.person for m in new_formation(real_pathway()).members))


def load(engine: Engine, key: str = "riverside") -> Formation:
    """The formation as it stands in the database."""
    with reading(engine) as db:
        found = formations.load(db, key)
    assert found is not None
    return found


def act(engine: Engine, key: str, by: str, what: acts.Act, today: date) -> Acted:
    """One act as the product does it, with the bytes and papers that a face would have kept before."""

    def use_case(db: Connection) -> Acted:
        keep_before(db, key, what, today)
        return acting.act(db, key, what, by=by, now=moment(today), law=the_law(), via="test", today=today)

    return write(engine, use_case)


def keep_before(db: Connection, key: str, what: acts.Act, today: date) -> None:
    """What stands in the database before the act: a file's bytes are known, documents are kept and printed."""
    match what:
        case acts.Attach():
            evidence.keep(db, what.sha256, what.name, "application/pdf", 1, moment(today))
        case acts.Submit():
            held = formations.load(db, key)
            assert held is not None
            for ref in what.documents:
                kept = documents.Kept(
                    key=ref.document, catalogue="D00", number=ref.number, step=what.step,
                    round=held.steps[what.step].round + 1, model="{}",
                    sha256=ref.sha256, clauses={}, facts="", blanks=0, gaps=0, kept_on=today, audience="everyone",
                )  # fmt: skip
                documents.keep(db, held.id, kept)
                if ref.printed:
                    documents.printed(db, ref.number, "0" * 64)
        case _:
            pass


class Stored(Honest):
    """Honest people whose every act is one transaction; every `compare`-th is loaded back and found equal."""

    def __init__(
        self, engine: Engine, facts: Mapping[str, str] | None = None, *, key: str = "riverside", compare: int = 0
    ) -> None:
        super().__init__(
            real_pathway(), {**GUARANTEE, **(facts or {})}, law=the_law().thresholds, formation=start(engine, key)
        )
        self.engine = engine
        self.compare = compare
        self.compared = 0

    def do(self, by: str, act_: acts.Act) -> None:
        """Do it through the service, and compare what is loaded with what the core left."""
        acted = act(self.engine, self.f.key, by, act_, self.today)
        self.f = acted.formation
        self.log.append((by, act_))
        if self.compare and len(self.log) % self.compare == 0:
            found = differing(load(self.engine, self.f.key), acted.formation)
            assert not found, (act_, found)
            self.compared += 1


def plain(formation: Formation) -> Formation:
    """Without the row numbers that a database gives to members and absences; who stands first is no matter."""
    members = sorted((replace(m, id=0) for m in formation.members), key=repr)
    absences = sorted((replace(a, id=0) for a in formation.absences), key=repr)
    return replace(formation, members=tuple(members), absences=tuple(absences))


def differing(one: Formation, other: Formation) -> dict[str, tuple[object, object]]:
    """The fields in which two states differ, for a failing test; equal mappings may stand in another order."""
    first, second = plain(one), plain(other)
    found: dict[str, tuple[object, object]] = {}
    for field in fields(Formation):
        a, b = getattr(first, field.name), getattr(second, field.name)
        if a != b and isinstance(a, Mapping):
            keys = [k for k in {**a, **b} if a.get(k) != b.get(k)]
            found |= {f"{field.name} {k}": (a.get(k), b.get(k)) for k in keys}
        elif a != b:
            found[field.name] = (a, b)
    return found


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database while the block lasts."""
    said: list[str] = []

    def note(_c: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
