"""Two sweeps at once, one of them killed in the middle: nothing is lost and nothing doubled, on both databases."""

import os
import signal
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from mutualflow.domain import acts
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.keys import Milestone
from mutualflow.domain.spans import on
from mutualflow.services import auditing, walking
from mutualflow.storage import clocks
from mutualflow.storage import pulses as pulse_rows
from mutualflow.storage import tables as t
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests import stored
from tests.workflows.dozen import DAY, KEYS, a_dozen, nothing_doubled, nothing_lost, until
from tests.workflows.sweeping import start_sweep, walked

STRAY = Clock(
    "tupe_inform", "vision", "v1", "2031-01-01", date(2031, 1, 1), None, ClockState.RUNNING, "", "", "law", True
)
"""A clock of a step that has none."""


@pytest.fixture
def many(app: App) -> App:
    """A dozen formations with something due."""
    return a_dozen(app)


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
def test_two_sweeps_at_once_and_one_is_killed(many: App, prefect_url: str, tmp_path: Path) -> None:
    now = stored.moment(DAY)
    traces = [tmp_path / "first", tmp_path / "second"]
    sweeps = [start_sweep(many, prefect_url, trace, now) for trace in traces]
    try:
        until(lambda: all(trace.exists() for trace in traces))
        (tmp_path / "go").touch()
        until(lambda: any(len(walked(trace)) >= 3 for trace in traces))
        doomed = 0 if len(walked(traces[0])) >= 3 else 1
        os.kill(sweeps[doomed].pid, signal.SIGKILL)
        assert sweeps[doomed].wait(30) == -signal.SIGKILL, "it was killed in the middle, not at its end"
        assert sweeps[1 - doomed].wait(180) == 0
    finally:
        for process in sweeps:
            process.kill()
            process.wait()
    assert 3 <= len(walked(traces[doomed])) < len(KEYS)
    assert walked(traces[1 - doomed])

    later = now + timedelta(minutes=20)  # the lease of whoever was killed while sending has run out
    pulses.sweep_plainly(many, today=DAY, now=later)
    tomorrow = DAY + timedelta(days=1)
    pulses.sweep_plainly(many, today=tomorrow, now=stored.moment(tomorrow))

    nothing_lost(many, tomorrow)
    nothing_doubled(many)


def test_a_formation_that_cannot_be_walked_stays_due_and_holds_up_nobody(
    many: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    usual = walking.walk

    def broken(db: Connection, key: str, **rest: object) -> object:
        done = usual(db, key, **rest)  # type: ignore[arg-type]
        if key == KEYS[1]:
            raise RuntimeError("in the middle of a walk, before the commit")
        return done

    monkeypatch.setattr(walking, "walk", broken)
    swept = pulses.sweep_plainly(many, today=DAY, now=stored.moment(DAY))
    assert (swept.counts["walked"], swept.counts["failed"]) == (len(KEYS) - 1, 1)
    assert many.read(lambda db: walking.due(db, DAY)) == [KEYS[1]]
    assert "a pulse failed" in caplog.text

    monkeypatch.setattr(walking, "walk", usual)
    again = pulses.sweep_plainly(many, today=DAY, now=stored.moment(DAY))
    assert (again.counts["walked"], again.counts["failed"]) == (1, 0)
    tomorrow = DAY + timedelta(days=1)
    pulses.sweep_plainly(many, today=tomorrow, now=stored.moment(tomorrow))
    nothing_lost(many, tomorrow)
    nothing_doubled(many)


def test_what_a_crash_left_wrong_in_computed_columns_is_mended_and_said(many: App) -> None:
    def spoil(db: Connection) -> None:
        ident = select(t.formation.c.id).where(t.formation.c.key == KEYS[0]).scalar_subquery()
        here = (t.step.c.formation_id == ident, t.step.c.key == "vision")
        db.execute(t.step.update().where(*here).values(overtaken=True))

    many.write(spoil)
    done = pulses.walk_by_name(many, KEYS[0], today=DAY, now=stored.moment(DAY))
    assert done.mended == 1
    assert done.told > 0, "both drivers say how many notices were new"
    assert stored.load(many.engine, KEYS[0]).steps["vision"].overtaken is False
    assert pulses.walk_by_name(many, KEYS[0], today=DAY, now=stored.moment(DAY)).mended == 0


@pytest.mark.parametrize("days", [0, 3], ids=["on the day itself", "days later"])
@pytest.mark.parametrize("gone", [True, False], ids=["gone", "other"])
def test_rows_of_who_is_awaited_and_of_clocks_that_are_wrong_are_mended_and_counted(
    many: App, days: int, gone: bool
) -> None:
    pulses.walk_by_name(many, KEYS[0], today=DAY, now=stored.moment(DAY))
    right = stored.load(many.engine, KEYS[0])
    (key,) = right.awaited

    def spoil(db: Connection) -> None:
        here = (t.awaited.c.formation_id == right.id, t.awaited.c.key == key)
        wrong = t.awaited.delete() if gone else t.awaited.update().values(due_on=STRAY.legal_on)
        db.execute(wrong.where(*here))
        clocks.replace_all(db, right.id, [*clocks.of(db, right.id), STRAY])

    many.write(spoil)
    then = DAY + timedelta(days=days)
    done = pulses.walk_by_name(many, KEYS[0], today=then, now=stored.moment(then))
    assert (done.mended, done.rows) == (2, {"awaited": 1, "clock": 1})
    assert done.as_counts()["mended.awaited"] == 1
    assert stored.load(many.engine, KEYS[0]).awaited[key].due_on == right.awaited[key].due_on
    again = pulses.walk_by_name(many, KEYS[0], today=then, now=stored.moment(then))
    assert (again.mended, again.rows) == (0, {})


def test_what_time_alone_changes_is_no_defect(many: App) -> None:
    transfer = acts.Plan(milestone=Milestone.STAFF_TRANSFER, day=on(DAY + timedelta(days=60)))
    for what in (acts.Answer(fact="staff_transferring", value="30"), transfer):
        stored.act(many.engine, KEYS[0], "staff_lead-group-1", what, DAY)
    seen = Counter[str]()
    for days in (0, 10, 20, 30, 40, 400, 800):
        day = DAY + timedelta(days=days)
        done = pulses.walk_by_name(many, KEYS[0], today=day, now=stored.moment(day))
        assert done.mended == 0
        seen += done.kinds
    assert seen["legal_date_missed"], "a clock has changed on the way"


def test_a_pulse_ends_later_than_it_began_by_as_long_as_it_took(many: App) -> None:
    now = stored.moment(DAY)
    with pulses.pulse(many, "walk all", run_id="", now=now):
        time.sleep(0.05)
    row = many.read(lambda db: pulse_rows.last(db, 1))[0]
    assert row["started_at"] == now
    assert timedelta(seconds=0.05) <= row["finished_at"] - now < timedelta(minutes=1)


def test_what_a_sweep_noted_is_still_known_when_many_sendings_have_come_since(many: App) -> None:
    now = stored.moment(DAY)
    pulses.sweep_plainly(many, today=DAY, now=now)
    assert many.read(auditing.verify).findings == ()
    another = many.read(auditing.to_note).replace(stored.load(many.engine, KEYS[0]).head, "f" * 64)
    many.write(lambda db: db.execute(t.pulse.update().where(t.pulse.c.flow == "walk all").values(heads=another)))
    for _ in range(60):
        pulses.send_pulse(many, now=now)
    (finding,) = many.read(auditing.verify).findings
    assert "the head noted by the last walk" in finding.why
