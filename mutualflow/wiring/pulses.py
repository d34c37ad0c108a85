"""What the timetable does, as plain functions that flows and commands share; each leaves its pulse row."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from mutualflow.domain.desk import role_words
from mutualflow.domain.formation import FINISHED
from mutualflow.domain.tri import NO
from mutualflow.services import acting, pathways, walking
from mutualflow.services.walking import Walked
from mutualflow.storage import formations
from mutualflow.storage import pulses as rows
from mutualflow.wiring import papers, sending
from mutualflow.wiring.app import App
from mutualflow.wiring.sending import Sent

log = logging.getLogger("mutualflow")
day_of = acting.day_of


@contextmanager
def pulse(app: App, flow: str, *, run_id: str, now: datetime) -> Iterator[dict[str, int]]:
    """A row that says when a flow began, ended, what it counted and what kind of error it met."""
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
            heads = json.dumps(app.read(formations.heads), sort_keys=True)
        app.write(lambda db: rows.end(db, ident, now, said, error, heads))


def walk_some(app: App, keys: list[str], *, today: date, now: datetime) -> Walked:
    """Walk formations one by one, a transaction each; one that fails is counted, logged and stays due."""
    total = Walked()
    for key in keys:
        try:
            total.add(app.write(lambda db, key=key: walking.walk(db, key, today=today, now=now, law=app.law)))  # type: ignore[misc]
        except Exception as error:
            log_failure("walk", error, formation=key)
            total.failed += 1
    return total


def walk_everything(app: App, *, today: date, now: datetime) -> Walked:
    """The whole sweep without Prefect: walk, gather, send."""
    with pulse(app, "walk all", run_id="", now=now) as counts:
        total = walk_some(app, app.read(lambda db: walking.due(db, today)), today=today, now=now)
        gathered = sending.gather(app, today=today, now=now)
        sent = send(app, now=now)
        counts.update({**total.as_counts(), "gathered": gathered, "sent": sent.sent, "unsent": sent.failed})
    return total


def send(app: App, *, now: datetime) -> Sent:
    """Send digests that wait, and print documents that a stopped process left unprinted."""
    papers.print_waiting(app, now=now)
    return sending.send_waiting(app, now=now)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one formation is: per cent of the steps that are needed, and a row per unfinished step."""

    percent: float
    rows: list[dict[str, str]]


def progress(db: Connection, key: str) -> Progress:
    """Progress by keys, roles and days; no names."""
    formation = formations.load(db, key)
    if formation is None:
        return Progress(0.0, [])
    pathway = pathways.of(db, formation.release)
    wanted = [s for s in formation.steps.values() if s.applies is not NO and not pathway.steps[s.key].puts_right]
    done = sum(1 for s in wanted if s.status in FINISHED)
    table = [
        {
            "stage": pathway.steps[entry.step].stage if entry.step else "",
            "step": entry.step,
            "waits for": role_words(pathway.steps[entry.step].owner.role, None) if not entry.role else entry.role,
            "what": entry.what,
            "since": entry.since.isoformat(),
            "due": entry.due_on.isoformat() if entry.due_on else "",
        }
        for entry in formation.awaited.values()
        if entry.step
    ]
    return Progress(round(100 * done / max(len(wanted), 1), 1), table)


def log_failure(kind: str, error: BaseException, *, formation: str = "") -> None:
    """The full error goes to our own log; ids only as fields."""
    log.error("a pulse failed", exc_info=error, extra={"kind": kind, "formation": formation})
