"""A thin history kept: a formation of its own kind on the chain, read like others, waited for by nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from mutualflow.cli import picture
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Basis, DateKind, Formation, Kind, Life, Status
from mutualflow.domain.history import History
from mutualflow.domain.keys import Milestone, Outcome, Role
from mutualflow.domain.replayed import Replayed
from mutualflow.domain.spans import parse
from mutualflow.services import auditing, dates, home, looking, walking
from mutualflow.services import history as told
from mutualflow.settings import from_environment
from mutualflow.storage import formations
from mutualflow.storage import tables as t
from mutualflow.wiring import histories, replaying
from mutualflow.wiring.app import App
from tests import stored
from tests.replay.thin import SAMPLES, actual, written

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """The application on a fresh database with a release."""
    made = App(from_environment({"MUTUALFLOW_DATABASE_URL": database_url, "MUTUALFLOW_DATA_DIR": str(tmp_path)}))
    stored.publish(made.engine)
    yield made
    made.close()


def keep(app: App, history: History) -> tuple[Replayed, Formation]:
    """Judge a history and store it."""
    shown = replaying.judge(app, history)
    return shown, replaying.keep(app, history, shown, by="keeper", now=NOW)


def test_suffolk_kept_can_be_looked_at(app: App) -> None:
    shown, formation = keep(app, histories.load(SAMPLES / "suffolk-libraries.yaml"))
    assert formation.kind is Kind.HISTORY
    assert formation.state.life is Life.LAUNCHED
    assert formation.awaited == {}
    assert formation.next_due_on is None
    assert formation.answers[("legal_form", "")].text == "community_benefit_society"
    assumed = {k for k, s in formation.submissions.items() if s.basis is Basis.ASSUMED}
    assert assumed == set(shown.assumed)
    assert {k for k, s in formation.steps.items() if s.status is Status.APPROVED} == {
        *assumed, "final_decision", "go_live",
    }  # fmt: skip
    assert not [k for k, s in formation.steps.items() if s.overtaken]
    chair = next(m for m in formation.members if m.role is Role.NEW_BODY_CHAIR)
    assert chair.until is not None

    def look(db):  # type: ignore[no-untyped-def]
        one = looking.look(db, formation.key, by="keeper", today=NOW.date(), law=app.law)
        return home.home(one), dates.milestones(one), told.page(one)

    page, milestones, lines = app.read(look)
    assert page.life == "launched"
    assert page.go_live == "2012-08-01"
    assert page.assumed == len(shown.assumed)
    assert (page.next, page.expected, page.must_know, page.nobody) == ((), (), (), ())
    live = next(m for m in milestones if m.milestone == "go_live")
    assert (live.slip, live.slip_last, live.replanned) == ((116, 116), (32, 61), 1)
    assert {m.milestone for m in milestones} == {"go_live", "final_decision"}
    assert {line.kind for line in lines.lines} == {"start", "history"}
    assert {line.recorded_at for line in lines.lines} == {NOW}
    assert any("longer than planned" in line.text for line in lines.lines)


def test_its_moves_are_the_histories_and_its_chain_verifies(app: App) -> None:
    for name in ("spiral-health", "suffolk-libraries", "york-gardens-library"):
        keep(app, histories.load(SAMPLES / f"{name}.yaml"))
    found = app.read(lambda db: auditing.verify(db, replay=True))
    assert found.findings == ()
    assert found.chains == 4
    kinds = app.read(lambda db: set(db.execute(select(t.event_row.c.kind)).scalars()))
    assert kinds == {"start", "history"}


def test_states_stand_in_their_series(app: App) -> None:
    _, formation = keep(app, histories.load(SAMPLES / "spiral-health.yaml"))
    assert (formation.state.life, formation.state.outcome) == (Life.ENDED, Outcome.WOUND_UP)
    rows = app.read(lambda db: list(db.execute(select(t.formation_state.c.life).order_by(t.formation_state.c.id))))
    assert rows[0].life == "forming"
    assert {"launched", "ended"} <= {r.life for r in rows}
    assert formation.dates[(Milestone.GO_LIVE, DateKind.ACTUAL)].span == parse("2012-04-01")


def test_a_breach_is_kept_as_overtaken(app: App) -> None:
    days = {"staff_transfer": "2012-08-01", "go_live": "2012-08-01", "pension_secured": "2012-11-05"}
    history = written(milestones=actual(**days), facts=[{"key": "pension_scheme", "value": "lgps"}])
    shown, formation = keep(app, history)
    assert "pension_secured" in {r.about for r in shown.reported}
    assert formation.steps["go_live_readiness"].status is Status.APPROVED
    assert formation.steps["go_live_readiness"].overtaken


def test_the_walk_leaves_it_alone(app: App) -> None:
    keep(app, histories.load(SAMPLES / "suffolk-libraries.yaml"))
    assert app.read(lambda db: walking.due(db, NOW.date())) == []


def test_what_is_refused_is_not_kept(app: App) -> None:
    history = written(form="none")
    shown = replaying.judge(app, history)
    with pytest.raises(Refused, match="It is not kept"):
        replaying.keep(app, history, shown, by="keeper", now=NOW)
    assert app.read(lambda db: formations.load(db, history.case)) is None


def test_it_is_kept_once(app: App) -> None:
    history = histories.load(SAMPLES / "spiral-health.yaml")
    keep(app, history)
    with pytest.raises(Refused) as caught:
        keep(app, history)
    assert caught.value.code is Refusal.INVALID_VALUE


def sources(app: App, formation: Formation) -> dict[tuple[str, str], tuple[str, str]]:
    """(milestone, kind) of the latest row -> where the record has it from, and when a plan was made."""
    rows = app.read(lambda db: list(db.execute(select(t.milestone_date).order_by(t.milestone_date.c.id))))
    stored_ = {(r.milestone, r.kind): (r.source, r.said_on) for r in rows if r.formation_id == formation.id}
    assert stored_ == {(m.value, k.value): (d.source, d.said_on) for (m, k), d in formation.dates.items()}
    return stored_


def test_a_day_keeps_where_the_record_has_it_from(app: App) -> None:
    """Its own row of milestones first, else the row that tells of the step."""
    _, formation = keep(
        app,
        written(
            milestones=[
                {"key": "go_live", "planned": "2012-04-07", "said_on": "2011-05", "source": "NS-MINUTES"},
                {"key": "go_live", "actual": "2012-08-01", "source": "NS-PRESS"},
                {"key": "contract_end", "actual": "2018-07-31", "source": "NS-LETTER"},
            ],
            happened=[
                {"date": "2011-11", "step": "final_decision", "by": "host_board", "of": "host", "decision": "deferred",
                 "evidence": "NS-OLD"},
                {"date": "2011-12", "step": "final_decision", "by": "host_board", "of": "host", "decision": "yes",
                 "evidence": "NS-MINUTES"},
                {"date": "2011-03", "step": "permission_given", "by": "host_board", "of": "host", "decision": "yes"},
            ],
        ),
    )  # fmt: skip
    found = sources(app, formation)
    assert found[("go_live", "planned")] == ("NS-MINUTES", "2011-05")
    assert found[("go_live", "actual")] == ("NS-PRESS", "")
    assert found[("contract_end", "actual")] == ("NS-LETTER", "")
    assert found[("final_decision", "actual")] == ("NS-MINUTES", "")
    assert found[("permission_given", "actual")] == ("", "")

    def lines(db):  # type: ignore[no-untyped-def]
        return dates.milestones(looking.look(db, formation.key, by="keeper", today=NOW.date(), law=app.law))

    shown = {m.milestone: m.source for m in app.read(lines)}
    assert (shown["go_live"], shown["final_decision"], shown["permission_given"]) == ("NS-PRESS", "NS-MINUTES", "")


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ("community_benefit_society", "chosen", "community benefit society"),
        ("community_benefit_society", "planned", "Planned as a community benefit society; the record does not show"),
        (
            {"one_of": ["cic_guarantee", "cic_shares"]},
            "chosen",
            "Either community interest company limited by guarantee or community interest company limited by shares: "
            "the record does not say which",
        ),
        ("unknown", "chosen", "The record does not say which legal form it was"),
        ({"other": "trust under council control"}, "chosen", "In the words of the record: trust under council control"),
    ],
    ids=["chosen", "planned", "one of two", "unknown", "other"],
)
def test_status_says_what_the_record_shows_of_the_form(app: App, form: object, status: str, words: str) -> None:
    """Never that it is not decided yet, of something that is over."""
    _, formation = keep(app, written(form=form, form_status=status))

    def look(db):  # type: ignore[no-untyped-def]
        return home.home(looking.look(db, formation.key, by="keeper", today=NOW.date(), law=app.law))

    page = app.read(look)
    assert page.form.startswith(words)
    assert "not decided yet" not in picture.heading(page).plain
    assert app.read(lambda db: auditing.verify(db, replay=True)).findings == ()


def test_a_group_that_never_took_a_form_is_not_said_to_be_about_to(app: App) -> None:
    _, formation = keep(app, histories.load(SAMPLES / "york-gardens-library.yaml"))

    def look(db):  # type: ignore[no-untyped-def]
        return home.home(looking.look(db, formation.key, by="keeper", today=NOW.date(), law=app.law))

    assert app.read(look).form == "No legal form was taken, as far as the record shows"
