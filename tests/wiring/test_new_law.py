"""A newer rulebook reaches formations that are under way: what it changes is written down and told, once."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from mutualflow.domain import acts, elapsing
from mutualflow.domain.clocks import Clock, ClockState
from mutualflow.domain.computed import recompute
from mutualflow.domain.conditions import FactBelow, RuleValue
from mutualflow.domain.desk import Desk
from mutualflow.domain.formation import Answer
from mutualflow.domain.keys import Audience, Milestone
from mutualflow.domain.law import LawBook
from mutualflow.domain.rulebook import Length
from mutualflow.domain.spans import on
from mutualflow.domain.tri import NO, YES
from mutualflow.services import auditing, walking
from mutualflow.services.walking import Walked
from mutualflow.storage import clocks, events
from mutualflow.storage.events import Told
from mutualflow.wiring import pulses, sending
from tests.halfway import LEAD, Halfway
from tests.honest import START, name_of, new_formation, real_pathway
from tests.stored import load, moment, the_law
from tests.wiring.conftest import Place

LIABILITY = "employee_liability_information"
TRANSFER = date(2025, 4, 1)


def changed(**changes: object) -> LawBook:
    """The law that ships with other values in every version of a rule; the hash is another too."""
    rules = dict(the_law().book.rules)
    for key, change in changes.items():
        assert isinstance(change, dict)
        rules[key] = replace(rules[key], versions=tuple(replace(v, **change) for v in rules[key].versions))
    return LawBook(replace(the_law().book, rules=rules, sha256="f" * 64))


LONGER = changed(**{LIABILITY: {"length": Length(calendar_days=90)}})


@pytest.fixture
def group(place: Place) -> Halfway:
    """A group that has planned its transfer and was walked under the law that ships."""
    made = place.group("riverside")
    made.through(LEAD, acts.Plan(milestone=Milestone.STAFF_TRANSFER, day=on(TRANSFER)))
    walk(made, the_law())
    return made


def walk(group: Halfway, law: LawBook, day: date | None = None) -> Walked:
    """One walk by name."""
    day = day or group.today
    done = group.app.write(lambda db: walking.walk(db, group.f.key, today=day, now=moment(day), law=law, force=True))
    group.f = load(group.engine, group.f.key)
    return done


def clock(group: Halfway, rule: str) -> Clock:
    """A clock as it is stored."""
    return next(c for c in group.app.read(lambda db: clocks.of(db, group.f.id)) if c.rule == rule)


def since(group: Halfway, number: int) -> list[Told]:
    """Events after a number, oldest first."""
    found = group.app.read(lambda db: events.page(db, group.f.id, tuple(Audience), group.f.events + 1, 50))
    return [e for e in reversed(found) if e.number > number]


def mail_to(group: Halfway, person: str, day: date) -> str:
    """The digest of a person on a day, on one line."""
    sending.gather(group.app, today=day, now=moment(day))
    pulses.send(group.app, now=moment(day))
    mails = [m.read_bytes() for m in group.app.settings.mail_dir.rglob("*.eml")]
    (mine,) = [m for m in mails if f"digest.{person}.{day}".encode() in m]
    part = message_from_bytes(mine, policy=default).get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


@pytest.mark.parametrize("first", ["a walk", "an act"])
def test_a_day_of_law_that_a_newer_rulebook_moves_is_told(
    group: Halfway, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    before, tomorrow = group.f.events, group.today + timedelta(days=1)
    assert clock(group, LIABILITY).legal_on == TRANSFER - timedelta(days=28)
    group.app.__dict__["law"] = LONGER
    if first == "an act":
        group.today = tomorrow
        group.through(LEAD, acts.Note(step="vision", text="A word", audience=Audience.EVERYONE))
    done = walk(group, LONGER, tomorrow)
    assert clock(group, LIABILITY).legal_on == TRANSFER - timedelta(days=90)
    (told,) = [e for e in since(group, before) if e.kind == "law_changed"]
    assert (told.via, told.by) == ("walk", "")
    assert told.refs["rule"] == told.refs["step"] == LIABILITY
    assert (told.refs["day_was"], told.refs["day_now"]) == ("2025-03-04", "2025-01-01")
    assert done.mended == 0
    assert "1 January 2025, it was 4 March 2025" in mail_to(group, LEAD, tomorrow)
    assert group.app.read(lambda db: auditing.verify(db, replay=True)).findings == ()
    again = walk(group, LONGER, tomorrow)
    assert (again.changed, again.told) == (0, 0)


def test_a_planned_day_that_crosses_a_change_of_law_is_told(group: Halfway) -> None:
    earlier, later = date(2024, 6, 20), date(2024, 7, 10)
    for day in (earlier, later, later + timedelta(days=30)):
        plan = acts.Plan(milestone=Milestone.STAFF_TRANSFER, day=on(day), reason="the trust asks for it")
        before = group.f.events
        group.through(LEAD, plan)
        told = {str(e.refs["rule"]): e.refs["day"] for e in since(group, before) if e.kind == "law_crossed"}
        if day == later:
            assert told["tupe_direct_transferring"] == "2024-07-10"
            title = the_law().title("tupe_direct_transferring")
            assert f"with staff transfer on 10 July 2024 another version of the law holds (rule: {title})" in mail_to(
                group, LEAD, group.today
            )
        elif day > later:
            assert told == {}, "both days lie under the same law"
    assert group.app.read(lambda db: auditing.verify(db, replay=True)).findings == ()


def test_a_step_that_a_newer_rulebook_makes_needed_is_no_defect() -> None:
    pathway, small = real_pathway(), FactBelow("employer_headcount", RuleValue("tupe_direct_employer"))
    steps = {**pathway.steps, "tax_plan": replace(pathway.steps["tax_plan"], when=small)}
    pathway = replace(pathway, steps=steps)
    more = changed(tupe_direct_employer={"value": 100_000, "never": False})
    formation = new_formation(pathway, law=the_law().thresholds)
    said = Answer("employer_headcount", "", "700", "hr_adviser-host-1", 1, 1)
    formation = replace(formation, answers={("employer_headcount", ""): said}, rulebook=the_law().sha256)
    formation = replace(formation, steps=recompute(the_law().read(pathway, formation), formation.steps))
    desk = Desk(pathway, formation, by="", now=moment(START), today=START, law=more.thresholds, via="walk")
    owed = list(elapsing.new_law(desk, more, []))
    assert formation.steps["tax_plan"].applies is NO
    assert desk.f.steps["tax_plan"].applies is YES
    assert [(e.kind, e.refs) for e in desk.events] == [("need_changed", {"step": "tax_plan", "needed": "yes"})]
    assert {o.person for o in owed} == {f"{role}-group-{n}" for role in ("staff_lead", "legal_adviser") for n in (1, 2)}
    assert elapsing.mend(desk) == 0


def test_a_rulebook_that_changes_nothing_here_leaves_no_event(group: Halfway) -> None:
    before, other = group.f, LawBook(replace(the_law().book, sha256="e" * 64))
    done = walk(group, other)
    assert (done.changed, group.f.events, group.f.rulebook) == (0, before.events, "e" * 64)


def test_a_missed_day_of_law_is_told_to_who_owed_it_with_the_rule(group: Halfway) -> None:
    late = TRANSFER - timedelta(days=27)
    walk(group, the_law(), late)
    assert clock(group, LIABILITY).state is ClockState.MISSED
    title = the_law().book.rules[LIABILITY].title
    for person in (name_of(group.pathway.steps[LIABILITY].owner), LEAD):
        assert f"(rule: {title})" in mail_to(group, person, late)
