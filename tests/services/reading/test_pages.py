"""Home, a step, why, dates and people of a formation."""

from datetime import date

from mutualflow.domain.acts import Answer, BeAway, EndRole, GiveRole, LayTask, Plan, Return
from mutualflow.domain.formation import Holds
from mutualflow.domain.keys import Milestone, Role, Side
from mutualflow.domain.shown import DONE, Shown
from mutualflow.domain.spans import on
from mutualflow.domain.tri import MAYBE
from mutualflow.services import dates, history, home, looking, people, rounds, step_page, why
from mutualflow.services.looking import Look
from mutualflow.storage import seen
from mutualflow.storage.database import reading, write
from tests.services.reading.conftest import Walked
from tests.stored import counted, the_law

LEAD, SECOND, SPONSOR = "staff_lead-group-1", "staff_lead-group-2", "host_sponsor-host-1"


def named(person: str) -> str:
    """The name under which the tests' people are published."""
    return person.replace("_", " ")


def look_of(walked: Walked, db: object, by: str = LEAD) -> Look:
    """One look on the day of the walk."""
    return looking.look(db, "riverside", by=by, today=walked.walk.today, law=the_law())  # type: ignore[arg-type]


MOST = {"look": 18, "home": 5, "step": 2, "rounds": 4, "difference": 3, "history": 1, "dates": 2, "people": 0}
"""Queries that each service may send, whatever the formation's age."""


def spent(one: Walked) -> dict[str, int]:
    """Queries that each service sends."""
    found: dict[str, int] = {}
    with reading(one.engine) as db:
        with counted(one.engine) as said:
            look = look_of(one, db)
        found["look"] = len(said)
        for name, read in (
            ("home", lambda look: home.home(look)),
            ("step", lambda look: step_page.step_page(look, "vision")),
            ("rounds", lambda look: rounds.of(look, "vision")),
            ("history", lambda look: history.page(look)),
            ("dates", lambda look: (dates.clocks(look), dates.plan(look), dates.milestones(look))),
            ("people", lambda look: (people.people(look), why.why(look, "vision"), step_page.tasks(look))),
        ):
            with counted(one.engine) as said:
                read(look)
            found[name] = len(said)
        if look.formation.steps["vision"].round:
            with counted(one.engine) as said:
                rounds.difference(look, "vision")
            found["difference"] = len(said)
    return found


def test_reading_a_new_formation_costs_what_it_says(begun: Walked) -> None:
    """On the first day."""
    found = spent(begun)
    assert all(count <= MOST[name] for name, count in found.items()), found


def test_reading_an_old_formation_costs_no_more(walked: Walked) -> None:
    """After five hundred events."""
    found = spent(walked)
    assert walked.walk.f.events > 400
    assert all(count <= MOST[name] for name, count in found.items()), found


def test_the_first_day_shows_what_is_open_and_what_waits(begun: Walked) -> None:
    """One step is open, the rest waits or may be needed; the staff lead is waited for since that day."""
    with reading(begun.engine) as db:
        page = home.home(look_of(begun, db))
    statuses = {s.key: s.status for stage in page.stages for s in stage.steps}
    assert statuses["vision"] is Shown.OPEN
    assert statuses["service_scope"] is Shown.WAITS
    assert statuses["challenge_window"] is Shown.MAY_BE_NEEDED
    assert [(w.what, w.step) for w in page.mine] == [("submit", "vision")]
    assert page.mine[0].since == begun.walk.today
    assert page.form == ""
    assert any(m.what.key == "route" for m in page.must_know)
    assert not any(s.puts_right for stage in page.stages for s in stage.steps)


def test_a_launched_formation_shows_its_day_and_what_comes_after(walked: Walked) -> None:
    """Every stage before sustain is done, the form has its name, and no forecast of a day that has come."""
    with reading(walked.engine) as db:
        page = home.home(look_of(walked, db))
    assert page.life == "launched"
    assert page.go_live
    assert page.form == "community interest company limited by guarantee"
    for stage in page.stages:
        if stage.key not in ("launch", "sustain"):
            assert stage.done == stage.needed, stage
    assert "go_live" not in {e.milestone for e in page.expected}
    assert all(s.status in DONE or s.status is Shown.NOT_NEEDED for s in page.stages[0].steps)


def test_what_others_did_since_one_was_here_last(begun: Walked) -> None:
    """A first visit tells nothing; later ones tell what others did, and never what one did oneself."""
    with reading(begun.engine) as db:
        look = look_of(begun, db, SPONSOR)
        assert home.home(look).news.since is None
    write(begun.engine, lambda db: seen.mark(db, SPONSOR, look.formation.id, look.formation.events))
    begun.walk.do(LEAD, Answer(fact="why_leave", value="Because it would be better"))
    begun.walk.do(SPONSOR, BeAway(since=date(2030, 1, 1), until=date(2030, 1, 9)))
    with reading(begun.engine) as db:
        news = home.home(look_of(begun, db, SPONSOR)).news
    assert news.count == 1
    assert news.lines[0].words == "answered “why the group wants to leave”"
    write(begun.engine, lambda db: seen.mark(db, SPONSOR, look.formation.id, 1))
    with reading(begun.engine) as db:
        assert seen.of(db, SPONSOR, look.formation.id) == look.formation.events, "never backwards"


def test_a_step_says_who_answered_and_what_stands_open(begun: Walked) -> None:
    """Questions with words and answers, files with their state, slots with who holds them."""
    begun.walk.do(LEAD, Answer(fact="why_leave", value="Because it would be better"))
    with reading(begun.engine) as db:
        page = step_page.step_page(look_of(begun, db), "vision")
    said = {q.key: q for q in page.questions}
    assert said["why_leave"].answer == "Because it would be better"
    assert said["why_leave"].revision == 1
    assert said["vision_statement"].answer == ""
    assert page.status is Shown.IN_HAND
    assert page.assignee == named(LEAD)
    assert page.slots[0].state == "not_asked_yet"
    assert page.slots[0].people
    assert page.law == ()


def test_a_task_that_holds_a_step_up_is_named_there(begun: Walked) -> None:
    """On the step, in why, and in the list of tasks."""
    begun.walk.do(
        LEAD,
        LayTask(
            key="ask-around", title="Ask the night shift", owner=SECOND, holds=Holds.STEP, holds_key="stakeholders"
        ),
    )
    with reading(begun.engine) as db:
        look = look_of(begun, db)
        assert step_page.step_page(look, "stakeholders").held_by == (f"“Ask the night shift” ({named(SECOND)})",)
        assert why.why(look, "stakeholders").held_by
        assert [t.held for t in step_page.tasks(look)] == [True]
        assert home.home(look).open_tasks == 1


def test_why_names_the_answer_that_would_settle_it(begun: Walked) -> None:
    """In words, with the present answer, the step that asks and whether it can be answered now."""
    with reading(begun.engine) as db:
        found = why.why(look_of(begun, db), "challenge_window")
    assert found.status is Shown.MAY_BE_NEEDED
    assert found.because.truth is MAYBE
    assert [k.key for k in found.to_know] == ["route"]
    assert found.to_know[0].asked_in == "route_choice"
    assert not found.to_know[0].can_be_answered
    leaf = found.because
    while leaf.parts:
        leaf = leaf.parts[0]
    assert "community right to challenge" in leaf.words
    assert leaf.answer == "not answered yet"


def test_a_gate_names_what_stands_further_behind(begun: Walked) -> None:
    """A gate waits all the way; what it requires itself is told apart."""
    with reading(begun.engine) as db:
        found = why.why(look_of(begun, db), "permission_given")
    direct = {w.step for w in found.waits_for if not w.through}
    assert "permission_sought" in direct
    assert "vision" in {w.step for w in found.waits_for if w.through}


def test_a_moved_plan_keeps_its_first_day(begun: Walked) -> None:
    """First and last plan stand beside each other; what has not happened has no slip."""
    begun.walk.do(LEAD, Answer(fact="staff_transferring", value="46"))
    begun.walk.do(LEAD, Plan(milestone=Milestone.STAFF_TRANSFER, day=on(date(2025, 4, 1))))
    begun.walk.do(LEAD, Plan(milestone=Milestone.STAFF_TRANSFER, day=on(date(2025, 6, 1)), reason="payroll"))
    with reading(begun.engine) as db:
        look = look_of(begun, db)
        line = next(m for m in dates.milestones(look) if m.milestone == "staff_transfer")
        planned = dates.plan(look)
        clocks = {c.rule: c for c in dates.clocks(look)}
    assert (line.first_plan, line.last_plan, line.replanned) == ("2025-04-01", "2025-06-01", 1)
    assert line.slip is None
    assert line.why == "payroll"
    transfer = planned.targets[0]
    assert transfer.planned == "2025-06-01"
    assert transfer.optimistic <= transfer.likely <= transfer.pessimistic
    assert "longest run of work" in transfer.why
    assert all(p.latest is None or p.latest <= date(2025, 6, 1) for p in planned.lines)
    eli = clocks["employee_liability_information"]
    assert eli.legal_on == date(2025, 5, 4)
    assert eli.nature == "law"
    assert eli.source_title


def test_actual_days_have_their_slip(walked: Walked) -> None:
    """Without a plan there is no slip; with both, days late are positive."""
    with reading(walked.engine) as db:
        found = {m.milestone: m for m in dates.milestones(look_of(walked, db))}
    assert found["go_live"].actual
    assert found["go_live"].slip is None
    assert found["go_live"].forecast is None


def test_roles_that_nobody_holds_are_named_with_their_steps(begun: Walked) -> None:
    """When both estates leads are gone, the role stands empty, and what is waited for comes first."""
    for n in (1, 2):
        begun.walk.do(
            f"estates_lead-host-{n}",
            EndRole(person=f"estates_lead-host-{n}", role=Role.ESTATES_LEAD, successor="nobody yet"),
        )
    with reading(begun.engine) as db:
        page = people.people(look_of(begun, db))
    empty = {(r.role, r.side): r for r in page.nobody}
    assert empty["estates_lead", "host"].steps
    assert {m.person for m in page.former} == {"estates_lead-host-1", "estates_lead-host-2"}


def test_absence_and_invitation_stand_beside_the_name(begun: Walked) -> None:
    """Away until, with who stands in; invited by, until somebody confirms."""
    walk = begun.walk
    walk.do(LEAD, BeAway(since=walk.today, until=date(2030, 1, 1), stand_in=SECOND))
    walk.do(LEAD, GiveRole(person="manager", role=Role.PARTNER_CONTACT, side=Side.PARTNER))
    with reading(begun.engine) as db:
        look = look_of(begun, db)
        lines = {(m.person, m.role): m for m in people.people(look).members}
        waits = home.home(look).next
    assert lines[LEAD, "staff_lead"].stand_in == named(SECOND)
    assert lines["manager", "partner_contact"].standing == "invited"
    assert waits[0].people == (SECOND,), "who stands in is waited for"


def test_a_difference_shows_what_was_mended_after_a_return(begun: Walked) -> None:
    """Round one, returned with a reason, an answer changed, round two: the answer, and nothing else, differs."""
    walk = begun.walk
    walk.work("vision")
    walk.do("staff_member-group-2", Return(step="vision", reason="Say it in plain words", points=("why_leave",)))
    walk.do(LEAD, Answer(fact="why_leave", value="In plain words"))
    with reading(begun.engine) as db:
        today = rounds.difference(look_of(begun, db), "vision")
    assert (today.earlier, today.later) == (1, rounds.NOW)
    walk.submit("vision", LEAD)
    with reading(begun.engine) as db:
        look = look_of(begun, db)
        past = rounds.of(look, "vision")
        found = rounds.difference(look, "vision")
    assert [r.round for r in past] == [1, 2]
    assert past[0].answers[0].state == "returned"
    assert past[0].answers[0].note == "Say it in plain words"
    assert (found.earlier, found.later) == (1, 2)
    assert [(f.key, f.was, f.now) for f in found.facts] == [("why_leave", "words for why leave", "In plain words")]
    assert found.facts == today.facts
    assert not found.files_added


def test_history_is_read_in_pages_that_join(walked: Walked) -> None:
    """Page after page gives every line once, newest first."""
    with reading(walked.engine) as db:
        look = look_of(walked, db)
        whole = [line.number for line in history.page(look, most=10_000).lines]
        joined: list[int] = []
        before = 0
        while True:
            page = history.page(look, before=before, most=90)
            joined += [line.number for line in page.lines]
            before = page.before
            if not before:
                break
    assert joined == whole
    assert whole == sorted(whole, reverse=True)
    assert len(whole) > 400
