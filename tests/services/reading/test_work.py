"""My work over all formations: by name, by role, as a stand-in, and never what one may not do."""

from datetime import date

from sqlalchemy import Engine

from mutualflow.domain.acts import AgreeDueDate, BeAway, LayTask, Plan, RecordDecision
from mutualflow.domain.formation import DecisionOutcome
from mutualflow.domain.keys import Milestone
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from mutualflow.services import work
from mutualflow.services.work import Work
from mutualflow.storage.database import reading
from tests import stored
from tests.services.reading.conftest import Walked
from tests.stored import Stored, counted

LEAD, SECOND = "staff_lead-group-1", "staff_lead-group-2"


def mine(one: Walked, by: str) -> Work:
    """Her work on the day of the walk."""
    with reading(one.engine) as db:
        return work.mine(db, by, one.walk.today)


def steps(found: Work) -> set[tuple[str, str]]:
    """What and where."""
    return {(w.what, w.step) for w in found.lines}


def test_an_open_step_waits_for_its_owner_and_a_round_for_its_approver(begun: Walked) -> None:
    """The lead puts forward, then the colleague answers; who prepared it is not asked to approve."""
    assert steps(mine(begun, LEAD)) == {("submit", "vision")}
    assert steps(mine(begun, "staff_member-group-1")) == set()
    begun.walk.work("vision")
    assert ("approve", "vision") in steps(mine(begun, "staff_member-group-1"))
    assert ("approve", "vision") not in steps(mine(begun, LEAD))
    line = mine(begun, "staff_member-group-1").lines[0]
    assert line.title == "Write down why, and what would be better"
    assert line.formation_name == "Riverside"


def test_a_body_is_spoken_for_by_all_who_may_record_and_checked_by_another_side(begun: Walked) -> None:
    """Sponsor and board members are asked for the board's decision, then others for the check."""
    walk = begun.walk
    while walk.f.steps["permission_given"].status.value != "submitted":
        assert any(walk.work(k) for k in walk.pathway.steps)
    for who in ("host_sponsor-host-2", "host_board_member-host-1"):
        assert ("decide", "permission_given") in steps(mine(begun, who)), who
    assert ("decide", "permission_given") not in steps(mine(begun, LEAD))
    recorder = "host_board_member-host-2"

    minute = walk.attach("permission_given", With.RECORD_DECISION, recorder)
    walk.do(
        recorder,
        RecordDecision(step="permission_given", outcome=DecisionOutcome.YES, decided_on=on(walk.today), minute=minute),
    )
    assert ("check", "permission_given") in steps(mine(begun, LEAD))
    assert ("check", "permission_given") not in steps(mine(begun, recorder))
    assert ("check", "permission_given") not in steps(mine(begun, "host_board_member-host-1")), "the same side"


def test_a_stand_in_gets_the_work_of_who_is_away(begun: Walked) -> None:
    """By name and by role; afterwards it is hers no more."""
    walk = begun.walk
    walk.do(LEAD, LayTask(key="call", title="Call the union", owner=LEAD))
    walk.do(LEAD, AgreeDueDate(step="vision", due_on=date(2023, 10, 1)))
    assert steps(mine(begun, SECOND)) == set()
    walk.do(LEAD, BeAway(since=walk.today, until=date(2023, 9, 20), stand_in=SECOND))
    found = mine(begun, SECOND)
    assert {w.title for w in found.lines} == {"Call the union", "Write down why, and what would be better"}
    assert {w.standing_in_for for w in found.lines} == {LEAD.replace("_", " ")}
    with reading(begun.engine) as db:
        assert not work.mine(db, SECOND, date(2023, 9, 21)).lines


def test_what_matters_most_comes_first(walked: Walked) -> None:
    """A date of law, then what holds a gate, then the agreed day, then the longest wait."""
    with reading(walked.engine) as db:
        lines = work.anybody(db, walked.walk.today).lines
    keys = [(w.legal_on or date.max, not w.weighty, w.due_on or date.max, w.since) for w in lines]
    assert keys == sorted(keys)


def test_a_line_says_what_gave_it_its_place(begun: Walked) -> None:
    """With a plan, every step has a day by which it is wanted."""
    begun.walk.do(LEAD, Plan(milestone=Milestone.GO_LIVE, day=on(date(2025, 4, 1))))
    line = mine(begun, LEAD).lines[0]
    assert line.due_on is not None
    assert line.first_by.startswith(("wanted by", "overdue since"))


def test_queries_do_not_grow_with_formations(engine: Engine) -> None:
    """One formation or twenty: two queries and one for the titles of tasks."""
    stored.publish(engine, stored.everybody())
    walk = Stored(engine)
    walk.do(LEAD, LayTask(key="call", title="Call the union", owner=LEAD))
    with reading(engine) as db, counted(engine) as few:
        assert len(work.mine(db, LEAD, walk.today).lines) == 2
    for n in range(19):
        stored.start(engine, f"other-{n}")
    with reading(engine) as db, counted(engine) as many:
        found = work.mine(db, LEAD, walk.today)
    assert len(found.lines) == 21
    assert len(few) == len(many) == 3
    with reading(engine) as db:
        anybody = work.anybody(db, walk.today, most=5)
    assert (len(anybody.lines), anybody.more) == (5, 1)
