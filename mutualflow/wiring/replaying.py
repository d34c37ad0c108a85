"""Replaying a file: a thin history is judged as it stands, a sample is lived in a database that is thrown away."""

from dataclasses import replace
from datetime import datetime
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from mutualflow.domain import recording, replay
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Formation, Kind
from mutualflow.domain.history import Happening, History, SaidState
from mutualflow.domain.lived import record_of
from mutualflow.domain.record import No
from mutualflow.domain.replayed import Replayed
from mutualflow.domain.spans import on
from mutualflow.services import pathways, publishing
from mutualflow.services import recording as writing
from mutualflow.services.publishing import Published
from mutualflow.settings import from_environment
from mutualflow.storage import formations, migrating, milestones, people
from mutualflow.storage.people import Person
from mutualflow.wiring import living, samples
from mutualflow.wiring import publishing as shipped
from mutualflow.wiring.app import App
from mutualflow.wiring.living import Unlike


def judge(app: App, history: History, *, strict: bool = False) -> Replayed:
    """A thin history against the pathways and the law that ship; nothing is stored."""
    pathway = shipped.pathway(app.templates, app.law.book).pathway
    return replay.replay(history, pathway, app.law, strict=strict)


def keep(app: App, history: History, replayed: Replayed, *, by: str, now: datetime) -> Formation:
    """Store a thin history that was accepted as a formation of its own kind; refused ones are not stored."""
    if replayed.refused:
        raise Refused(replayed.refused[0].code, f"It is not kept: {replayed.refused[0].sentence}")
    pathway = shipped.pathway(app.templates, app.law.book).pathway
    lines = recording.lines(history, replayed, pathway)

    def use_case(db: Connection) -> Formation:
        who = people.person(db, by) or Person(by, by.replace("_", " "), "")
        return writing.record(db, history, lines, by=who, now=now, law=app.law)

    return app.write(use_case)


def live(history: History, ship: Published, *, strict: bool = False) -> Replayed:
    """A sample, each row done by the person whose act it is; it ends at the first row that goes otherwise."""
    if history.kind is not Kind.SAMPLE:
        raise ValueError("only a sample is lived")
    with TemporaryDirectory(prefix="mutualflow-replay-") as folder:
        app = App(from_environment({"MUTUALFLOW_DATA_DIR": folder}))
        try:
            begin(app, history, ship)
            refused, states = _days(app, history)
            return _shown(app, history, refused, states, strict=strict)
        finally:
            app.close()


def begin(app: App, history: History, ship: Published) -> None:
    """A fresh database with release, law and stand-ins, and the sample's formation on its first day."""
    first = history.happened[0].on.earliest
    if first is None:
        raise Refused(Refusal.MISSING, "A sample needs a day for every row.")
    moment = living.moment(first)
    migrating.upgrade(app.engine)
    app.write(lambda db: publishing.publish(db, ship, by="operator", now=moment, via="replay"))
    for key in history.prescribed:
        one = samples.stand_in(key)
        app.write(
            lambda db, one=one: publishing.load_prescribed(  # type: ignore[misc]
                db, one.key, one.text, one.official_source, sample=True, by="operator", now=moment, via="replay"
            )
        )
    living.begin(app, history)


def _days(app: App, history: History) -> tuple[No | None, list[SaidState]]:
    states: list[SaidState] = []
    for day, rows in living.days(history):
        for row in rows:
            refused = _row(app, history, row)
            if refused is not None:
                return refused, states
        held = _formation(app, history).state
        if not states or (states[-1].state, states[-1].outcome) != (held.life.value, str(held.outcome or "")):
            since = on(day) if held.life.value == "forming" else on(held.since)
            states.append(SaidState(since, held.life.value, str(held.outcome or ""), held.reason))
    return None, states


def _row(app: App, history: History, row: Happening) -> No | None:
    try:
        living.live(app, history, row)
    except Unlike as unlike:
        code = unlike.__cause__.code if isinstance(unlike.__cause__, Refused) else Refusal.INVALID_VALUE
        return No(code, str(unlike), row.line)
    return None


def _formation(app: App, history: History) -> Formation:
    found = app.read(lambda db: formations.load(db, history.case))
    assert found is not None
    return found


def _shown(app: App, history: History, refused: No | None, states: list[SaidState], *, strict: bool) -> Replayed:
    formation = _formation(app, history)
    series = app.read(lambda db: milestones.series(db, formation.id))
    pathway = app.read(lambda db: pathways.of(db, formation.release))
    record = record_of(formation, series, states, pathway, app.law, history.known_until)
    if refused is not None:
        record.no.append(refused)
    return replay.judge(replace(history, form=record.form), record, pathway, app.law, strict=strict)
