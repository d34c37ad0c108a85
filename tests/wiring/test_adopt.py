"""Starting half-way, putting right, being away and leaving, on both databases, through the product's own way in."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from mutualflow.domain import acts
from mutualflow.domain.acts import AdoptedStep
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Basis, Condition, DateKind, Status
from mutualflow.domain.keys import Milestone, Role, Side
from mutualflow.domain.reminders import NoticeKind
from mutualflow.domain.spans import on, parse
from mutualflow.services import auditing, home, looking, people, work
from mutualflow.services.home import Home
from mutualflow.services.people import People
from mutualflow.storage import tables as t
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App
from tests.halfway import LEAD, Halfway, behind
from tests.stored import load, moment, the_law
from tests.wiring.conftest import Place

BALLOT, PUT_RIGHT = "staff_ballot", "put_right_registration"
SCRUTINEERS = ("scrutineer-independent-1", "scrutineer-independent-2")
LAWYER = "legal_adviser-group-1"


def page(group: Halfway, by: str = LEAD) -> Home:
    """The formation's first page as somebody sees it."""
    return group.app.read(lambda db: home.home(looking.look(db, group.f.key, by=by, today=group.today, law=the_law())))


def roles(group: Halfway) -> People:
    """Who holds what."""
    return group.app.read(
        lambda db: people.people(looking.look(db, group.f.key, by=LEAD, today=group.today, law=the_law()))
    )


def told(app: App, formation: str, kind: NoticeKind, subject: str) -> list[str]:
    """Who has been told of something, in alphabetical order; somebody told twice stands twice."""
    statement = (
        select(t.notice.c.person)
        .join(t.formation, t.formation.c.id == t.notice.c.formation_id)
        .where(t.formation.c.key == formation, t.notice.c.kind == kind.value, t.notice.c.subject == subject)
    )
    return sorted(app.read(lambda db: db.execute(statement).scalars().all()))


def refusal(group: Halfway, by: str, act: acts.Act) -> Refused:
    """The refusal of an act, which leaves nothing behind."""
    before = load(group.engine, group.f.key)
    with pytest.raises(Refused) as refused:
        group.through(by, act)
    assert load(group.engine, group.f.key) == before
    return refused.value


# --- start half-way ---------------------------------------------------------------------------------------------------


def test_what_was_done_before_is_listed_and_never_called_checked(place: Place) -> None:
    group = place.group("lakeside")
    over = [key for key, s in group.f.submissions.items() if s.basis is Basis.ASSUMED]
    assert set(over) == {key for key in behind("governing_document") if key in group.f.submissions}
    assert len(over) > 20
    for key in over:
        assert group.status(key) is Status.APPROVED
        assert group.f.submissions[key].by == ""
        assert not [a for a in group.f.approvals.values() if a.step == key]
    seen = page(group)
    lines = [line for stage in seen.stages for line in stage.steps if line.assumed]
    assert seen.assumed == len(lines) == len(over)
    assert group.f.dates[(Milestone.IDEA, DateKind.ACTUAL)].span == on(group.today)
    group.through(LEAD, acts.Reopen(step="staff_ballot", reason="The list of voters was wrong."))
    assert page(group).assumed == len(over) - 1


def test_a_group_that_comes_half_way_is_walked_to_its_launch(place: Place) -> None:
    group = place.group("lakeside")
    before = group.f.events
    group.real = False  # the papers of these steps have tests of their own
    group.walk()
    assert group.f.launched
    assert group.f.events > before
    assert {k for k, s in group.f.submissions.items() if s.basis is Basis.ASSUMED} <= set(behind("governing_document"))
    found = place.app.read(lambda db: auditing.verify(db, replay=True))
    assert found.findings == ()


@pytest.mark.parametrize(
    ("by", "steps", "code"),
    [
        (LAWYER, ("registration=2023-01-01",), Refusal.NOT_PERMITTED),
        (LEAD, (), Refusal.MISSING),
        (LEAD, ("no_such_step=2023",), Refusal.UNKNOWN_KEY),
        (LEAD, ("registration=2030-01-01",), Refusal.INVALID_VALUE),
        (LEAD, ("registration=2023-01-01", PUT_RIGHT), Refusal.WRONG_STATUS),
    ],
)
def test_what_cannot_be_taken_over_leaves_nothing(place: Place, by: str, steps: tuple[str, ...], code: Refusal) -> None:
    group = place.group("riverside")
    parts = [s.partition("=") for s in steps]
    act = acts.Adopt(steps=tuple(AdoptedStep(step, parse(day or "unknown")) for step, _, day in parts))
    assert refusal(group, by, act).code is code


def test_what_is_not_needed_is_not_taken_over(place: Place) -> None:
    group = place.group("riverside")
    group.through(LEAD, acts.Reopen(step="challenge_window", reason="This group takes another route."))
    refused = refusal(group, LEAD, acts.Adopt(steps=(AdoptedStep("challenge_window", parse("2023")),)))
    assert (refused.code, "is not needed here" in refused.sentence) == (Refusal.WRONG_STATUS, True)


def test_a_step_in_hand_is_put_forward_and_not_taken_over(place: Place) -> None:
    group = place.group("riverside")
    group.ready(BALLOT)
    for file in ("", shown(group, BALLOT)):
        adopt = acts.Adopt(steps=(AdoptedStep(BALLOT, on(group.today), file),))
        assert refusal(group, LEAD, adopt).code is Refusal.WRONG_STATUS, file


def shown(group: Halfway, step: str) -> str:
    """A file attached to a step to show that it was done before; its key."""
    group.through(LEAD, acts.Attach(step=step, key="count", sha256=hashlib.sha256(b"count").hexdigest()))
    return "count"


def test_a_file_shows_what_was_done_before(place: Place) -> None:
    group = place.group("riverside")
    unknown = acts.Adopt(steps=(AdoptedStep(BALLOT, parse("2023-06"), "count"),))
    assert refusal(group, LEAD, unknown).code is Refusal.UNKNOWN_KEY
    key = shown(group, BALLOT)
    assert group.status(BALLOT) is Status.IN_HAND  # by nothing but the file
    adopt = acts.Adopt(steps=(AdoptedStep(BALLOT, parse("2023-06"), key),))
    done = group.through(LEAD, adopt)
    event = next(e for e in done.moved.events if e.kind == "adopt")
    assert (event.refs["evidence"], parse(event.happened_on)) == (key, parse("2023-06"))
    assert group.f.dates[(Milestone.STAFF_VOTE, DateKind.ACTUAL)].span == parse("2023-06")
    assert not group.through(LEAD, adopt).moved.events  # the same act sent twice counts as once


# --- put right --------------------------------------------------------------------------------------------------------


def registered(place: Place) -> Halfway:
    """A formation whose company has been registered by its own people."""
    group = place.group("brookside")
    group.real = False
    for _ in range(60):
        if group.status("registration") is Status.APPROVED:
            break
        group.today += timedelta(days=1)
        assert any(group.work(key) for key in (*behind("registration"), "registration")), group.stuck()
    assert group.status("registration") is Status.APPROVED
    return group


def finish_put_right(group: Halfway) -> None:
    """The correction is worked like the step that it corrects."""
    for _ in range(6):
        if group.status(PUT_RIGHT) is Status.APPROVED:
            return
        assert group.work(PUT_RIGHT), group.stuck()
    assert group.status(PUT_RIGHT) is Status.APPROVED


def test_what_was_filed_wrongly_is_put_right_by_hand(place: Place) -> None:
    group = registered(place)
    filed = group.f.submissions["registration"]
    opening = acts.OpenPutRight(step="registration", reason="The register printed a wrong address.")
    assert refusal(group, "hr_adviser-host-1", opening).code is Refusal.NOT_PERMITTED
    assert refusal(group, LAWYER, acts.OpenPutRight(step="registration")).code is Refusal.MISSING
    assert refusal(group, LAWYER, acts.Reopen(step="registration", reason="x")).code is Refusal.FROZEN
    group.through(LAWYER, opening)
    assert group.status(PUT_RIGHT) is Status.OPEN
    assert not group.through(LAWYER, opening).moved.events
    finish_put_right(group)
    assert group.f.submissions["registration"] == filed
    group.through(LAWYER, opening)
    assert group.status(PUT_RIGHT) is Status.OPEN  # and once more, when that was wrong too


def test_an_answer_that_was_filed_and_changes_opens_the_put_right_step(place: Place) -> None:
    group = registered(place)
    filed = group.f.submissions["registration"]
    owner = f"{group.pathway.steps['registration'].owner.role.value}-group-1"
    change = acts.Answer(fact="registered_email", value="office@brookside.example.org")
    correction = acts.Answer(fact="registered_email", value="new@example.org", correction="the same mailbox")
    assert refusal(group, owner, correction).code is Refusal.FROZEN
    done = group.through(owner, change)
    assert [e.kind for e in done.moved.events if e.refs.get("step") == PUT_RIGHT] == ["effect_put_right"]
    assert group.status("registration") is Status.APPROVED
    assert group.f.submissions["registration"] == filed
    assert group.status(PUT_RIGHT) is Status.OPEN
    assert told(place.app, "brookside", NoticeKind.STEP_OPEN, f"submit:{PUT_RIGHT}")
    finish_put_right(group)
    assert group.f.submissions[PUT_RIGHT].material["registered_email"][0] == "office@brookside.example.org"


# --- away, and gone ---------------------------------------------------------------------------------------------------


def give_task(group: Halfway, owner: str, key: str) -> None:
    """A task of the group's own, due in three weeks."""
    group.through(
        LEAD, acts.LayTask(key=key, title="Ask the landlord", owner=owner, due_on=group.today + timedelta(21))
    )


def test_who_stands_in_is_told_what_waits_for_who_is_away(place: Place) -> None:
    group = place.group("riverside")
    away, stand_in = "staff_lead-group-2", LEAD
    give_task(group, away, "before")
    assert told(place.app, "riverside", NoticeKind.TASK_GIVEN, "task:before") == [away]
    group.through(
        away, acts.BeAway(since=group.today + timedelta(2), until=group.today + timedelta(9), stand_in=stand_in)
    )
    assert told(place.app, "riverside", NoticeKind.TASK_GIVEN, "task:before") == [away]  # she is here for two more days
    for day in (2, 3, 9, 10):
        today = group.today + timedelta(day)
        pulses.sweep_plainly(place.app, today=today, now=moment(today))
        assert told(place.app, "riverside", NoticeKind.TASK_GIVEN, "task:before") == sorted([away, stand_in])
    group.today += timedelta(3)
    give_task(group, away, "meanwhile")
    assert told(place.app, "riverside", NoticeKind.TASK_GIVEN, "task:meanwhile") == [stand_in]
    pulses.sweep_plainly(place.app, today=group.today, now=moment(group.today))
    assert told(place.app, "riverside", NoticeKind.TASK_GIVEN, "task:meanwhile") == [stand_in]
    lines = place.app.read(lambda db: work.mine(db, stand_in, group.today)).lines
    standing = {line.key: line.standing_in_for for line in lines if line.what == "task"}
    assert set(standing) == {"task:before", "task:meanwhile"}
    assert all(standing.values())
    group.through(stand_in, acts.Note(step=BALLOT, text="I stand in this week."))


def test_who_is_away_from_today_is_stood_in_for_at_once_and_once(place: Place) -> None:
    group = place.group("riverside")
    away, stand_in = "staff_lead-group-2", LEAD
    give_task(group, away, "today")
    group.through(away, acts.BeAway(since=group.today, until=group.today + timedelta(9), stand_in=stand_in))
    pulses.sweep_plainly(place.app, today=group.today, now=moment(group.today))
    assert told(place.app, "riverside", NoticeKind.TASK_GIVEN, "task:today") == sorted([away, stand_in])


def test_of_two_who_could_answer_only_the_one_who_is_there_is_told(place: Place) -> None:
    group = place.group("riverside")
    away, there = SCRUTINEERS
    group.through(away, acts.BeAway(since=group.today, until=group.today + timedelta(9), stand_in=there))
    group.ready(BALLOT)
    group.real = False
    group.submit(BALLOT, LEAD)
    assert told(place.app, "riverside", NoticeKind.APPROVAL_WAITING, f"approve:{BALLOT}:scrutineer:") == [there]
    assert roles(group).absences[0].stand_in == group.f.absences[0].stand_in.replace("_", " ")


@pytest.mark.parametrize(
    ("until", "stand_in", "code"), [(0, "", Refusal.INVALID_VALUE), (5, LAWYER, Refusal.INVALID_VALUE)]
)
def test_an_absence_that_cannot_be_is_refused(place: Place, until: int, stand_in: str, code: Refusal) -> None:
    group = place.group("riverside")
    away = acts.BeAway(since=group.today, until=group.today + timedelta(until), stand_in=stand_in)
    assert refusal(group, LEAD, away).code is code


def test_the_last_holder_of_a_needed_role_leaves_in_the_open(place: Place) -> None:
    group = place.group("riverside")
    first, last = SCRUTINEERS
    group.ready(BALLOT)
    group.real = False
    group.submit(BALLOT, LEAD)
    group.real = True
    group.through(first, acts.EndRole(person=first, role=Role.SCRUTINEER))
    leaving = acts.EndRole(person=last, role=Role.SCRUTINEER)
    refused = refusal(group, last, leaving)
    assert refused.code is Refusal.MISSING
    assert "nobody yet" in refused.sentence
    group.through(last, acts.EndRole(person=last, role=Role.SCRUTINEER, successor="nobody yet"))
    seen = page(group)
    assert [r.role for r in seen.nobody if r.waited_for] == ["scrutineer"]
    assert any("nobody holds this role" in sentence for sentence in seen.stuck)
    subject = f"approve:{BALLOT}:scrutineer:"
    before = told(place.app, "riverside", NoticeKind.APPROVAL_WAITING, subject)
    newcomer = "external_adviser-group-1"
    group.through("manager", acts.GiveRole(person=newcomer, role=Role.SCRUTINEER, side=Side.INDEPENDENT))
    assert told(place.app, "riverside", NoticeKind.APPROVAL_WAITING, subject) == sorted([*before, newcomer])
    assert page(group).stuck == ()
    group.through(newcomer, acts.Approve(step=BALLOT, happened_on=on(group.today)))
    assert group.status(BALLOT) is Status.APPROVED


def test_a_successor_is_told_what_waits_and_takes_the_steps_over(place: Place) -> None:
    group = place.group("riverside")
    first, last = SCRUTINEERS
    group.ready(BALLOT)
    group.real = False
    group.submit(BALLOT, LEAD)
    group.real = True
    group.through(first, acts.EndRole(person=first, role=Role.SCRUTINEER))
    heir = LAWYER
    group.through(last, acts.EndRole(person=last, role=Role.SCRUTINEER, successor=heir))
    assert heir in told(place.app, "riverside", NoticeKind.APPROVAL_WAITING, f"approve:{BALLOT}:scrutineer:")
    held = load(place.app.engine, "riverside")
    assert [m.person for m in held.members if m.role is Role.SCRUTINEER and m.current(group.today)] == [heir]


def test_who_has_left_moves_nothing_and_keeps_what_she_owes_in_sight(place: Place) -> None:
    group = place.group("riverside")
    gone = "staff_member-group-1"
    condition = Condition("insurance", "Ask for a quote", gone, group.today + timedelta(7))
    group.through(LEAD, acts.LayTask(key=condition.key, title=condition.title, owner=gone, due_on=condition.due_on))
    group.through(gone, acts.EndRole(person=gone, role=Role.STAFF_MEMBER, successor=LEAD))
    assert refusal(group, gone, acts.Done(task="insurance")).code is Refusal.UNKNOWN_KEY
    assert "task:insurance" in load(place.app.engine, "riverside").awaited
