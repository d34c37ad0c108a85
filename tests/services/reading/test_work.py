"""My work over all formations: by name, by role, as a stand-in, and never what one may not do."""

from datetime import date

from sqlalchemy import Connection, Engine, insert, update

from bench.clones import clone
from mutualflow.domain.acts import AgreeDueDate, BeAway, LayTask, Plan, RecordDecision
from mutualflow.domain.approving import may_check
from mutualflow.domain.awaited import people_for
from mutualflow.domain.desk import Desk
from mutualflow.domain.errors import Refused
from mutualflow.domain.formation import Decision, DecisionOutcome, Formation
from mutualflow.domain.keys import Milestone, Role, Side
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from mutualflow.services import home, looking, work
from mutualflow.services.work import Work
from mutualflow.storage import people
from mutualflow.storage import tables as t
from mutualflow.storage.database import reading, write
from mutualflow.storage.people import Person
from tests import stored
from tests.services.reading.conftest import Walked
from tests.stored import Stored, counted, load, moment, the_law

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
    """One formation or twenty: three queries and one for the titles of tasks."""
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
    assert len(few) == len(many) == 4
    with reading(engine) as db:
        anybody = work.anybody(db, walk.today, most=5)
    assert (len(anybody.lines), anybody.more) == (5, 1)


def hold_widely(db: Connection, person: str, role: Role, side: Side, programme: int | None) -> None:
    """Give somebody a role in all formations of a programme, or (None) in every formation there is."""
    people.keep(db, Person(person, person.capitalize(), f"{person}@example.org"))
    row = {
        "scope": "installation" if programme is None else "programme", "programme_id": programme, "person": person,
        "role": role.value, "side": side.value, "since": date(2020, 1, 1), "confirmed_by": person,
    }  # fmt: skip
    db.execute(insert(t.membership), [row])


def found_programme(db: Connection, *formations: str) -> int:
    """A programme that oversees these formations."""
    db.execute(insert(t.programme), [{"id": 1, "key": "south", "name": "South"}])
    db.execute(update(t.formation).where(t.formation.c.key.in_(formations)).values(programme_id=1))
    return 1


def minute_to_check(walk: Stored) -> None:
    """As far as the board's decision, which somebody of another side has to check."""
    step, recorder = "permission_given", "host_board_member-host-2"
    while walk.f.steps[step].status.value != "submitted":
        assert any(walk.work(k) for k in walk.pathway.steps)
    minute = walk.attach(step, With.RECORD_DECISION, recorder)
    yes = RecordDecision(step=step, outcome=DecisionOutcome.YES, decided_on=on(walk.today), minute=minute)
    walk.do(recorder, yes)


def test_who_records_for_one_side_is_checked_by_the_other_side_that_she_also_serves(begun: Walked) -> None:
    """The act, the notice and the list of work name the same people."""
    walk, recorder = begun.walk, "host_board_member-host-2"
    minute_to_check(walk)
    also = next(m for m in walk.f.members if m.person == recorder)
    row = {
        "scope": "formation", "formation_id": walk.f.id, "person": recorder, "role": Role.STAFF_MEMBER.value,
        "side": Side.GROUP.value, "organisation": "", "since": also.since, "confirmed_by": "manager",
    }  # fmt: skip
    write(begun.engine, lambda db: db.execute(insert(t.membership), [row]))
    formation = load(begun.engine)
    (entry,) = [e for e in formation.awaited.values() if e.what == "check"]
    asked = set(people_for(walk.pathway, formation, entry, walk.today))
    working = {p for p in {m.person for m in formation.members} if ("check", entry.step) in steps(mine(begun, p))}
    decision = formation.decisions[entry.step, entry.slot, entry.organisation]
    allowed = {p for p in {m.person for m in formation.members} if may(walk, formation, decision, p)}
    assert "hr_adviser-group-1" in asked
    assert asked <= working == allowed


def may(walk: Stored, formation: Formation, decision: Decision, person: str) -> bool:
    """Does the act itself let her check?"""
    desk = Desk(walk.pathway, formation, by=person, now=moment(walk.today), today=walk.today, law=the_law().thresholds)
    try:
        may_check(desk, walk.pathway.steps[decision.step], decision)
    except Refused:
        return False
    return True


def test_a_role_over_many_formations_is_waited_for_in_each_of_them(begun: Walked) -> None:
    """In those of the programme, or in all; by the side of the role, and in as many queries for one as for many."""
    minute_to_check(begun.walk)
    clone(begun.engine, begun.walk.f.id, 2)

    def oversee(db: Connection) -> None:
        south = found_programme(db, "riverside", "riverside-1")
        hold_widely(db, "overseer", Role.PROGRAMME_MANAGER, Side.INDEPENDENT, south)
        hold_widely(db, "warden", Role.PROGRAMME_MANAGER, Side.INDEPENDENT, None)
        hold_widely(db, "solicitor", Role.LEGAL_ADVISER, Side.HOST, south)
        hold_widely(db, "keeper", Role.ADMINISTRATOR, Side.INDEPENDENT, None)

    write(begun.engine, oversee)
    checks = {}
    for person in ("overseer", "warden", "solicitor", "keeper"):
        with reading(begun.engine) as db, counted(begun.engine) as said:
            lines = work.mine(db, person, begun.walk.today).lines
        assert len(said) <= 5
        checks[person] = {w.formation for w in lines if w.what == "check"}
        assert all(w.step == "permission_given" for w in lines if w.what == "check")
    assert checks["overseer"] == {"riverside", "riverside-1"}
    assert checks["warden"] == {"riverside", "riverside-1", "riverside-2"}
    assert checks["solicitor"] == set(), "the recorder's side"
    assert checks["keeper"] == set(), "who keeps the installation vouches for no minute"
    with reading(begun.engine) as db:
        look = looking.look(db, "riverside", by="overseer", today=begun.walk.today, law=the_law())
        assert ("check", "permission_given") in {(w.what, w.step) for w in home.home(look).mine}


def test_work_that_waits_for_a_role_by_name_waits_for_it_everywhere(begun: Walked) -> None:
    """A staff lead of the programme is asked like one of the formation, and stands in for her."""
    walk = begun.walk

    def oversee(db: Connection) -> None:
        hold_widely(db, "relief", Role.STAFF_LEAD, Side.GROUP, found_programme(db, "riverside"))
        hold_widely(db, "rover", Role.STAFF_LEAD, Side.GROUP, None)

    write(begun.engine, oversee)
    walk.f = stored.load(begun.engine)
    for person in ("relief", "rover"):
        assert steps(mine(begun, person)) == {("submit", "vision")}
    walk.do(LEAD, LayTask(key="call", title="Call the union", owner=LEAD))
    walk.do(LEAD, BeAway(since=walk.today, until=date(2023, 9, 20), stand_in="relief"))
    assert {w.title for w in mine(begun, "relief").lines if w.standing_in_for} == {"Call the union"}
    assert not [w for w in mine(begun, "rover").lines if w.standing_in_for]
