"""What the timetable does, as plain functions that flows and commands share; each leaves its pulse row."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import FINISHED, DateKind, Formation
from mutualflow.domain.keys import Milestone
from mutualflow.domain.pathway import Pathway, Stage
from mutualflow.domain.plan import TARGETS
from mutualflow.domain.tri import NO
from mutualflow.services import acting, auditing, pathways, walking
from mutualflow.services.walking import Walked
from mutualflow.storage import formations, notices
from mutualflow.storage import pulses as rows
from mutualflow.wiring import papers, sending
from mutualflow.wiring.app import App
from mutualflow.wiring.sending import Sent

log = logging.getLogger("mutualflow")
day_of = acting.day_of


@contextmanager
def pulse(app: App, flow: str, *, run_id: str, now: datetime) -> Iterator[dict[str, int]]:
    """A row that says when a flow began, ended, what it counted and what kind of error it met.

    `now`: when it begins; its end is counted from there, so that a sample's pulses stay in the sample's time.
    """
    began = time.monotonic()
    ident = app.write(lambda db: rows.begin(db, flow, run_id, now))
    counts: dict[str, int] = {}
    error = ""
    try:
        yield counts
    except BaseException as fault:
        error = type(fault).__name__
        raise
    finally:
        said, heads = json.dumps(counts, sort_keys=True), ""
        if flow == "walk all" and not error:
            heads = app.read(auditing.to_note)
        finished = now + timedelta(seconds=time.monotonic() - began)
        app.write(lambda db: rows.end(db, ident, finished, said, error, heads))


def close_dead(app: App, *, before: datetime) -> int:
    """Say of pulses that began before then and never ended that they were killed; how many."""
    return app.write(lambda db: rows.close_dead(db, before))


def walk_some(app: App, keys: list[str], *, today: date, now: datetime) -> Walked:
    """Walk formations one by one, a transaction each; one that fails is counted, logged and stays due.

    One on which somebody was working is tried once more at the end; held still, it stays due too.
    """
    total = _each(app, keys, today=today, now=now)
    again, total.held = total.held, []
    total.add(_each(app, again, today=today, now=now))
    return total


def _each(app: App, keys: list[str], *, today: date, now: datetime) -> Walked:
    total = Walked()
    for key in keys:
        try:
            total.add(app.write(lambda db, key=key: walking.walk(db, key, today=today, now=now, law=app.law)))  # type: ignore[misc]
        except Exception as error:
            log_failure("walk", error, formation=key)
            total.failed += 1
    return total


@dataclass(frozen=True, slots=True)
class Swept:
    """One sweep: what the walks did, and everything counted for the pulse row."""

    walked: Walked
    counts: dict[str, int]


def sweep(
    app: App,
    *,
    today: date,
    now: datetime,
    walk: Callable[[list[str]], Walked],
    run_id: str = "",
    shard: int = 0,
    of: int = 1,
) -> Swept:
    """Everything that time makes due: `walk` the formations, then a digest per person, then sending."""
    with pulse(app, "walk all", run_id=run_id, now=now) as counts:
        total = walk(app.read(lambda db: walking.due(db, today, shard=shard, of=of)))
        counts.update(total.as_counts())
        counts["gathered"] = sending.gather(app, today=today, now=now)
        counts.update(send(app, now=now).as_counts())
    return Swept(total, counts)


def sweep_plainly(app: App, *, today: date, now: datetime) -> Swept:
    """The whole sweep without Prefect."""

    def plainly(keys: list[str]) -> Walked:
        return walk_some(app, keys, today=today, now=now)

    return sweep(app, today=today, now=now, walk=plainly)


def walk_by_name(app: App, key: str, *, today: date, now: datetime, run_id: str = "") -> Walked:
    """Walk one formation, due or not; UNKNOWN_KEY where there is none of that name."""
    if app.read(lambda db: formations.release_of(db, key)) is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no formation “{key[:60]}”.")
    with pulse(app, "walk one", run_id=run_id, now=now) as counts:
        walked = app.write(lambda db: walking.walk(db, key, today=today, now=now, law=app.law, force=True))
        counts.update(walked.as_counts())
    return walked


def send_pulse(app: App, *, now: datetime, run_id: str = "") -> dict[str, int]:
    """One sending with its pulse row; the counts."""
    with pulse(app, "send", run_id=run_id, now=now) as counts:
        counts.update(send(app, now=now).as_counts())
    return counts


def send(app: App, *, now: datetime) -> Sent:
    """Send digests that wait; print documents, and destroy files taken out, that a stopped process left."""
    papers.destroy_taken_out(app, now=now)
    printing = papers.print_waiting(app, now=now)
    for number, sentence in printing.failed:
        log.error("a document waits to be printed: %s", sentence, extra={"kind": "print", "document": number})
    sent = sending.send_waiting(app, now=now)
    sent.unprinted = len(printing.failed)
    sent.unreachable = app.read(notices.unreachable)
    return sent


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one formation is: per cent of the steps needed, stages and days in words, a row per thing waited for."""

    percent: float
    words: str
    rows: list[dict[str, str]]


def progress(db: Connection, key: str) -> Progress:
    """Progress by keys, roles and days; no names."""
    formation = formations.load(db, key)
    if formation is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no formation “{key[:60]}”.")
    pathway = pathways.of(db, formation.release)
    stages = [_stage(pathway, formation, stage) for stage in pathway.stages]
    done, wanted = sum(d for _, d, _ in stages), sum(w for _, _, w in stages)
    table = [
        {
            "stage": pathway.steps[entry.step].stage,
            "step": entry.step,
            "waits for": entry.role or pathway.steps[entry.step].owner.role.value,
            "what": entry.what,
            "since": entry.since.isoformat(),
            "due": entry.due_on.isoformat() if entry.due_on else "",
        }
        for entry in formation.awaited.values()
        if entry.step
    ]
    said = [f"{stage} {d} of {w}" for stage, d, w in stages if w] + [_expected(formation, m) for m in TARGETS]
    return Progress(round(100 * done / max(wanted, 1), 1), "; ".join(filter(None, said)), table)


def _stage(pathway: Pathway, formation: Formation, stage: Stage) -> tuple[str, int, int]:
    """A stage's key, how many of its steps are finished, how many are or may be needed."""
    states = [formation.steps[key] for key in stage.steps if not pathway.steps[key].puts_right]
    wanted = [state for state in states if state.applies is not NO]
    return stage.key, sum(1 for state in wanted if state.status in FINISHED), len(wanted)


def _expected(formation: Formation, milestone: Milestone) -> str:
    """A milestone's days in words; '' while nothing is known of it."""
    days = [
        f"{kind.value} {held.span}" for kind in DateKind if (held := formation.dates.get((milestone, kind))) is not None
    ]
    return f"{milestone.value.replace('_', ' ')} {', '.join(days)}" if days else ""


def log_failure(kind: str, error: BaseException, *, formation: str = "") -> None:
    """The full error goes to our own log; ids only as fields."""
    log.error("a pulse failed", exc_info=error, extra={"kind": kind, "formation": formation})
