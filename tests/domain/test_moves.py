"""The table of acts: complete, every act from every status, refusals in their order, four eyes, the same act twice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from mutualflow.domain import acts, awaited, moves, reminders
from mutualflow.domain.applies import Thresholds, no_thresholds
from mutualflow.domain.checks import slot_parties
from mutualflow.domain.desk import read
from mutualflow.domain.errors import Conflict, Refusal, Refused
from mutualflow.domain.formation import (
    Condition,
    DecisionOutcome,
    DocumentRef,
    Formation,
    Holds,
    Life,
    LifeState,
    SlotState,
    Status,
    TaskState,
)
from mutualflow.domain.keys import Audience, Milestone, Outcome, Role, Side
from mutualflow.domain.pathway import Party, With
from mutualflow.domain.spans import Span, on
from mutualflow.domain.submitting import facts_fingerprint
from mutualflow.domain.tri import YES
from tests.honest import FEES_SINCE, Honest, name_of, plain_law, real_pathway
from tests.stored import GUARANTEE

LISTED = {  # model.md 5, closed list of moves (11)
    *("answer", "add_row", "retire_row", "complete_list", "attach", "take_out", "keep_version", "hand_over", "submit"),
    *("withdraw", "take", "approve", "approve_subject_to", "return", "record_decision", "check_decision", "waive"),
    *("reopen", "confirm", "file", "record_answer", "lay_task", "done", "accept", "withdraw_task", "plan"),
    *("agree_due_date", "note", "ask", "answer_note", "make_statement", "give_role", "confirm_role", "end_role"),
    *("be_away", "pause", "resume", "end", "adopt", "open_put_right"),
}
THINGS = ("fact", "evidence", "document", "step", "slot", "task", "milestone", "note", "membership", "formation")
LEAD, OTHER_LEAD, SPONSOR = "staff_lead-group-1", "staff_lead-group-2", "host_sponsor-host-1"
MEMBER = "staff_member-group-1"
OK = None


def people(formation: Formation | None = None, today: date | None = None) -> Honest:
    honest = Honest(real_pathway(), GUARANTEE, formation=formation)
    honest.today = today or honest.today
    return honest


@cache
def standing() -> dict[str, Honest]:
    """Honest walks that stopped where a test wants to begin, by name."""
    found: dict[str, Honest] = {}

    def keep(name: str, honest: Honest) -> None:
        copy = people(honest.f, honest.today)
        found[name] = copy

    honest = people()
    keep("new", honest)
    keep("readiness open", honest)
    step = real_pathway().steps["readiness"]
    honest.do(LEAD, acts.Answer(fact=step.asks[0].key, value=honest.value(real_pathway().questions[step.asks[0].key])))
    keep("readiness begun", honest)
    while honest.status("vision") is not Status.APPROVED:
        honest.work("vision")
    for key in ("service_scope", "stakeholders"):
        while honest.status(key) is not Status.APPROVED:
            if key == "stakeholders":
                honest.answer_all(key, LEAD)
                keep("scope approved", honest)
            honest.work(key)
    again = people(honest.f, honest.today)
    again.do(LEAD, acts.Reopen(step="vision", reason="another word"))
    while again.status("vision") is not Status.APPROVED:
        again.work("vision")
    keep("overtaken", again)
    assert not honest.f.steps["readiness"].waits_for, honest.stuck()
    honest.answer_all("readiness", LEAD)
    keep("readiness in_hand", honest)
    again = people(honest.f, honest.today)
    again.do(LEAD, acts.Attach(step="readiness", key="f", sha256=SHA))
    keep("file attached", again)
    honest.submit("readiness", LEAD)
    keep("readiness submitted", honest)
    honest.work("readiness")
    keep("readiness approved", honest)
    walk_to(honest, "permission_given", Status.SUBMITTED)
    keep("permission submitted", honest)
    walk_to(honest, "business_case", Status.SUBMITTED)
    keep("case submitted", honest)
    walk_to(honest, "registration", Status.SUBMITTED)
    keep("registration submitted", honest)
    walk_to(honest, "registration", Status.APPROVED)
    keep("registration approved", honest)
    keep("put right closed", honest)
    again = people(honest.f, honest.today)
    again.do("new_body_chair-group-1", acts.Waive(step="shadow_start", reason="no shadow year"))
    keep("waived", again)
    honest.walk()
    keep("launched", honest)
    return found


def walk_to(honest: Honest, goal: str, status: Status) -> None:
    """Honest people until a step stands there."""
    for _ in range(300):
        if honest.status(goal) is status:
            return
        honest.today += timedelta(days=3)
        assert any(honest.work(key) for key in honest.pathway.steps), honest.stuck()
    raise AssertionError(honest.stuck())


def at(name: str) -> Honest:
    """A fresh group of people where a walk stopped."""
    honest = standing()[name]
    return people(honest.f, honest.today)


def code(honest: Honest, by: str, act: acts.Act) -> Refusal | None:
    refused = honest.refused(by, act)
    return refused.code if refused else None


# the table


def test_every_act_of_the_closed_list_has_one_row_and_one_class() -> None:
    assert set(moves.ACTS) == LISTED
    assert len(moves.BY_CLASS) == len(LISTED)
    assert set(moves.BY_CLASS) == every_act_class()
    for name, move in moves.ACTS.items():
        assert move.name == name
        assert move.on in (
            "fact",
            "evidence",
            "document",
            "step",
            "slot",
            "task",
            "milestone",
            "note",
            "membership",
            "formation",
        )
        assert move.leads
        assert move.by


def every_act_class() -> set[type[acts.Act]]:
    """Classes of acts, without those that only share fields."""
    kinds = [c for c in vars(acts).values() if isinstance(c, type) and issubclass(c, acts.Act)]
    return {c for c in kinds if not any(c in other.__bases__ for other in kinds)}


# every act from every status


BEFORE = ("readiness open", "readiness in_hand", "readiness submitted", "readiness approved")
READINESS, GATE, REGISTRATION = "readiness", "permission_given", "registration"
PUT_RIGHT = "put_right_registration"
ADVISER, BOARD, CHECKER = "legal_adviser-group-1", "host_board_member-host-1", "union_representative-union-1"
EVERY_STATUS = (*((place, READINESS) for place in BEFORE), ("waived", "shadow_start"), ("put right closed", PUT_RIGHT))
"""Where a step stands in each of the six statuses, as they are listed: open to closed."""

OWNERS = {READINESS: LEAD, "shadow_start": "new_body_chair-group-1", PUT_RIGHT: ADVISER}
OTHER_OWNERS = {READINESS: OTHER_LEAD, "shadow_start": "new_body_chair-group-2", PUT_RIGHT: "legal_adviser-group-2"}
APPROVERS = {READINESS: SPONSOR, "shadow_start": SPONSOR, PUT_RIGHT: "new_body_chair-group-2"}

Made = Callable[[Honest, str], acts.Act]
Refusals = tuple[Refusal | None, ...]


def first_question(step: str) -> str:
    return real_pathway().steps[step].asks[0].key


def answer(honest: Honest, step: str) -> acts.Act:
    asks = honest.pathway.steps[step].asks or honest.pathway.steps[REGISTRATION].asks
    return acts.Answer(fact=asks[0].key, value=honest.value(honest.pathway.questions[asks[0].key]))


def on_step(kind: type[acts.StepAct], **words: object) -> Made:
    return lambda honest, step: kind(step=step, **words)


TASK = Condition("c1", "Show it", LEAD, None)
SHA = "a" * 64
DAY = date(2024, 1, 1)
W, N, F, WAIT = Refusal.WRONG_STATUS, Refusal.NOT_OPTIONAL, Refusal.FROZEN, Refusal.WAITS
FROM_EVERY_STATUS: list[tuple[str, Mapping[str, str], Made, Refusals]] = [
    # open, in hand, submitted, approved, waived, closed
    ("answer", OWNERS, answer, (OK, OK, OK, OK, OK, OK)),
    ("attach", OWNERS, on_step(acts.Attach, key="f", sha256=SHA), (OK, OK, W, W, W, W)),
    ("hand_over", OWNERS, lambda h, s: acts.HandOver(step=s, to=OTHER_OWNERS[s]), (OK, OK, OK, W, W, W)),
    ("submit", OTHER_OWNERS, on_step(acts.Submit), (WAIT, OK, W, W, W, W)),
    ("withdraw", OWNERS, on_step(acts.Withdraw), (W, W, OK, W, W, W)),
    ("take", APPROVERS, on_step(acts.Take), (W, W, OK, W, W, W)),
    ("approve", APPROVERS, on_step(acts.Approve), (W, W, OK, W, W, W)),
    ("approve_subject_to", APPROVERS, on_step(acts.ApproveSubjectTo, conditions=(TASK,)), (W, W, OK, W, W, W)),
    ("return", APPROVERS, on_step(acts.Return, reason="r"), (W, W, OK, W, W, W)),
    ("check_decision", APPROVERS, on_step(acts.CheckDecision), (W, W, W, W, W, W)),
    ("waive", OWNERS, on_step(acts.Waive, reason="r"), (N, N, W, W, OK, W)),
    ("reopen", OWNERS, on_step(acts.Reopen, reason="r"), (W, W, W, OK, OK, W)),
    ("confirm", OWNERS, on_step(acts.Confirm, reason="r"), (W, W, W, W, WAIT, W)),
    ("file", OWNERS, on_step(acts.File, reference="r"), (W, W, W, W, W, W)),
    ("record_answer", OWNERS, on_step(acts.RecordAnswer, answer="refused"), (W, W, W, W, W, W)),
    ("agree_due_date", OWNERS, on_step(acts.AgreeDueDate, due_on=DAY), (OK, OK, W, W, W, W)),
    ("open_put_right", OWNERS, on_step(acts.OpenPutRight, reason="r"), (W, W, W, W, W, OK)),
    ("note", OWNERS, on_step(acts.Note, text="t"), (OK, OK, OK, OK, OK, OK)),
    ("ask", OWNERS, on_step(acts.Ask, text="t", of=SPONSOR), (OK, OK, OK, OK, OK, OK)),
    ("make_statement", OWNERS, on_step(acts.MakeStatement, text="t"), (OK, OK, OK, OK, OK, OK)),
    ("take_out", OWNERS, on_step(acts.TakeOut, key="f", reason="r"), (U := Refusal.UNKNOWN_KEY, U, U, U, U, U)),
    ("keep_version", OWNERS, on_step(acts.KeepVersion, document=DocumentRef("business_case", "n", SHA)), (U,) * 6),
    ("record_decision", OWNERS, on_step(acts.RecordDecision, outcome=DecisionOutcome.YES), (U, U, U, U, U, W)),
    ("adopt", dict.fromkeys(OWNERS, LEAD),
     lambda h, s: acts.Adopt(steps=(acts.AdoptedStep(s, Span(None, None)),)), (OK, W, W, W, W, W)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "by", "make", "expected"), FROM_EVERY_STATUS, ids=[r[0] for r in FROM_EVERY_STATUS])
def test_every_act_from_every_status(name: str, by: Mapping[str, str], make: Made, expected: Refusals) -> None:
    found = []
    for place, step in EVERY_STATUS:
        honest = at(place)
        act = make(honest, step)
        assert moves.BY_CLASS[type(act)].name == name
        found.append(code(honest, by[step], act))
    assert tuple(found) == expected


def test_the_six_places_stand_in_the_six_statuses() -> None:
    assert [at(place).status(step) for place, step in EVERY_STATUS] == list(Status)


def elsewhere() -> list[tuple[str, Honest, str, acts.Act, Refusal | None]]:
    """(act, people, by, what, refusal): acts on lists, bodies, registers and papers, which those six steps have not."""
    new, gate, filed = at("readiness begun"), at("permission submitted"), at("registration submitted")
    minute = gate.attach(GATE, With.RECORD_DECISION, BOARD)
    decision = acts.RecordDecision(step=GATE, outcome=DecisionOutcome.YES, decided_on=on(gate.today), minute=minute)
    check = acts.CheckDecision(step=GATE)
    recorded, decided = people(gate.f, gate.today), people(gate.f, gate.today)
    recorded.do(BOARD, decision)
    decided.do(BOARD, decision)
    decided.do(CHECKER, check)
    early = people(at("readiness approved").f, gate.today)
    approved, sent = people(filed.f, max(filed.today, FEES_SINCE)), people(filed.f, max(filed.today, FEES_SINCE))
    for one in (approved, sent):
        one.do("new_body_chair-group-2", acts.Approve(step=REGISTRATION, happened_on=on(one.today)))
    sent.do(ADVISER, acts.File(step=REGISTRATION, reference="R1"))
    letter = sent.attach(REGISTRATION, With.RECORD_ANSWER, ADVISER)
    answered = acts.RecordAnswer(step=REGISTRATION, answer="registered", answered_on=on(sent.today), certificate=letter)
    file = acts.File(step=REGISTRATION, reference="R2")
    done, case = at("registration approved"), people(at("case submitted").f, sent.today)
    keep = acts.KeepVersion(step="business_case", document=DocumentRef("business_case", "riverside/D09/1", SHA))
    out = acts.TakeOut(step=READINESS, key="f", reason="r")
    row = {"list": "group_members", "row": "r1"}
    return [
        ("add_row", new, LEAD, acts.AddRow(**row), OK),
        ("retire_row", early, LEAD, acts.RetireRow(**row), OK),
        ("complete_list", early, OTHER_LEAD, acts.CompleteList(list="group_members"), OK),
        ("take_out", at("file attached"), LEAD, out, OK),
        ("record_decision", early, BOARD, decision, W),
        ("record_decision", gate, BOARD, decision, OK),
        ("record_decision", recorded, "host_board_member-host-2", decision, W),
        ("record_decision", decided, "host_board_member-host-2", decision, W),
        ("check_decision", early, CHECKER, check, W),
        ("check_decision", gate, CHECKER, check, W),
        ("check_decision", recorded, CHECKER, check, OK),
        ("check_decision", decided, "union_representative-union-2", check, W),
        ("return", recorded, CHECKER, acts.Return(step=GATE, reason="r"), OK),
        ("confirm", at("overtaken"), LEAD, acts.Confirm(step="service_scope", reason="r"), OK),
        ("waive", done, "new_body_chair-group-1", acts.Waive(step="shadow_start", reason="r"), OK),
        ("file", case, ADVISER, file, W),
        ("file", filed, ADVISER, file, WAIT),
        ("file", approved, ADVISER, file, OK),
        ("file", sent, ADVISER, file, W),
        ("file", done, ADVISER, file, W),
        ("record_answer", case, ADVISER, answered, W),
        ("record_answer", approved, ADVISER, answered, W),
        ("record_answer", sent, ADVISER, answered, OK),
        ("record_answer", done, ADVISER, replace(answered, certificate="another"), W),
        ("keep_version", case, LEAD, keep, OK),
        ("open_put_right", done, ADVISER, acts.OpenPutRight(step=REGISTRATION, reason="r"), OK),
        ("reopen", done, ADVISER, acts.Reopen(step=REGISTRATION, reason="r"), F),
    ]


def test_acts_on_lists_bodies_registers_and_papers() -> None:
    for name, honest, by, act, expected in elsewhere():
        assert moves.BY_CLASS[type(act)].name == name
        assert code(honest, by, act) is expected, (name, act, expected)


def test_every_act_on_a_step_is_tried_from_every_status_and_succeeds_from_one() -> None:
    on_a_step = {name for name, m in moves.ACTS.items() if m.on in ("fact", "evidence", "document", "step", "slot")}
    lists = {"add_row", "retire_row", "complete_list"}  # `answer` is their like
    assert {name for name, *_ in FROM_EVERY_STATUS} >= on_a_step - lists
    works = {name for name, _, _, found in FROM_EVERY_STATUS if OK in found}
    assert works | {name for name, *_, found in elsewhere() if found is OK} >= on_a_step


@pytest.mark.parametrize(
    ("act", "by", "expected"),
    [
        (acts.Done(task="c"), LEAD, (OK, OK, W, W)),
        (acts.Accept(task="c"), SPONSOR, (W, OK, OK, W)),
        (acts.WithdrawTask(task="c"), SPONSOR, (OK, OK, W, OK)),
    ],
    ids=["done", "accept", "withdraw_task"],
)
def test_every_act_on_a_task_from_every_state(act: acts.Act, by: str, expected: Refusals) -> None:
    honest = at("readiness submitted")
    honest.do(SPONSOR, acts.ApproveSubjectTo(step=READINESS, conditions=(replace(TASK, key="c"),)))
    found = []
    for state in TaskState:
        tasks = {**honest.f.tasks, "c": replace(honest.f.tasks["c"], state=state)}
        found.append(code(people(replace(honest.f, tasks=tasks), honest.today), by, act))
    assert tuple(found) == expected


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (acts.Plan(milestone=Milestone.CONTRACT_END, day=on(date(2031, 1, 1))), (OK, OK, OK, Refusal.ENDED)),
        (acts.Pause(reason="r", review_on=date(2031, 1, 1)), (OK, W, W, Refusal.ENDED)),
        (acts.Resume(), (OK, OK, W, Refusal.ENDED)),  # going on already is going on
        (acts.End(outcome=Outcome.WITHDRAWN, reason="r"), (OK, OK, OK, Refusal.ENDED)),
        (acts.Adopt(steps=()), (Refusal.MISSING,) * 3 + (Refusal.ENDED,)),
    ],
    ids=["plan", "pause", "resume", "end", "adopt"],
)
def test_every_act_on_a_formation_from_every_state(act: acts.Act, expected: Refusals) -> None:
    found = []
    for life in Life:
        honest = at("readiness begun")
        state = LifeState(
            life, honest.today, "before", None, Outcome.HALTED_BY_CHALLENGE if life is Life.ENDED else None
        )
        found.append(code(people(replace(honest.f, state=state), honest.today), LEAD, act))
    assert tuple(found) == expected


def test_an_optional_step_is_waived_opened_again_and_then_worked_on() -> None:
    honest = at("registration approved")
    chair = "new_body_chair-group-1"
    honest.do(chair, acts.Waive(step="shadow_start", reason="no shadow year"))
    assert honest.status("shadow_start") is Status.WAIVED
    for act, by, expected in (
        (acts.Waive(step="shadow_start", reason="no shadow year"), chair, OK),
        (acts.Submit(step="shadow_start"), chair, W),
        (acts.Attach(step="shadow_start", key="f", sha256=SHA), chair, W),
        (acts.Approve(step="shadow_start", happened_on=on(honest.today)), SPONSOR, W),
        (acts.Confirm(step="shadow_start", reason="r"), chair, Refusal.WAITS),  # for the board's first meeting
        (acts.Reopen(step="shadow_start", reason="we want one"), chair, OK),
    ):
        assert code(honest, by, act) is expected, act
    honest.do(chair, acts.Reopen(step="shadow_start", reason="we want one"))
    assert honest.status("shadow_start") is Status.OPEN


def test_what_was_filed_is_frozen_and_put_right_by_a_step_of_its_own() -> None:
    honest = at("registration approved")
    adviser, put_right = "legal_adviser-group-1", "put_right_registration"
    assert honest.status(put_right) is Status.CLOSED
    for act, by, expected in (
        (acts.Reopen(step="registration", reason="r"), adviser, Refusal.FROZEN),
        (acts.Withdraw(step="registration"), adviser, W),
        (acts.Submit(step="registration"), adviser, W),
        (acts.File(step="registration", reference="r"), adviser, W),
        (acts.Attach(step="registration", key="f", sha256=SHA), adviser, W),
        (acts.Submit(step=put_right), adviser, W),
        (acts.Approve(step=put_right, happened_on=on(honest.today)), "new_body_chair-group-2", W),
        (acts.OpenPutRight(step="registration"), adviser, Refusal.MISSING),
        (acts.OpenPutRight(step="registration", reason="r"), MEMBER, Refusal.NOT_PERMITTED),
    ):
        assert code(honest, by, act) is expected, act
    file = next(e for e in honest.f.evidence.values() if e.step == "registration" and e.comes_with == "submit")
    assert code(honest, file.by, acts.TakeOut(step="registration", key=file.key, reason="r")) is Refusal.FROZEN
    honest.do(adviser, acts.OpenPutRight(step="registration", reason="the office was misspelt"))
    assert honest.status(put_right) is Status.OPEN
    assert honest.status("registration") is Status.APPROVED
    honest.do(adviser, acts.OpenPutRight(step="registration", reason="the office was misspelt"))  # the same again
    for _ in range(4):
        honest.work(put_right)
    assert honest.status(put_right) is Status.APPROVED
    honest.do(adviser, acts.OpenPutRight(step=put_right, reason="misspelt again"))
    assert honest.status(put_right) is Status.OPEN


def test_filing_waits_for_the_others_may_be_refused_and_is_sent_again() -> None:
    honest = at("registration submitted")
    adviser, chair = "legal_adviser-group-1", "new_body_chair-group-2"
    file = acts.File(step="registration", reference="R1")
    assert code(honest, adviser, file) is Refusal.WAITS
    assert code(honest, adviser, acts.RecordAnswer(step="registration", answer="refused")) is W
    honest.do(chair, acts.Approve(step="registration", happened_on=on(honest.today)))
    assert honest.status("registration") is Status.SUBMITTED  # the register has still to answer
    assert code(honest, adviser, acts.File(step="registration")) is Refusal.MISSING
    honest.do(adviser, file)
    honest.do(adviser, file)  # the same again
    assert honest.f.filings["registration"].attempt == 1
    assert str(honest.f.filings["registration"].fee) == "65"
    assert code(honest, adviser, replace(file, reference="R2")) is W
    certificate = honest.attach("registration", real_pathway().steps["registration"].brings[1].comes_with, adviser)
    no = acts.RecordAnswer(
        step="registration", answer="refused", answered_on=on(honest.today), certificate=certificate, reasons="a name"
    )
    assert code(honest, adviser, replace(no, answer="perhaps")) is Refusal.INVALID_VALUE
    assert code(honest, adviser, replace(no, answered_on=None)) is Refusal.MISSING
    assert code(honest, adviser, replace(no, reasons="")) is Refusal.MISSING
    assert code(honest, adviser, replace(no, certificate="")) is Refusal.MISSING
    honest.do(adviser, no)
    honest.do(adviser, no)  # the same again
    assert honest.status("registration") is Status.SUBMITTED
    honest.do(adviser, replace(file, reference="R2"))
    assert honest.f.filings["registration"].attempt == 2
    honest.do(adviser, replace(no, answer="registered", reasons=""))  # no second pair of eyes: the register answered
    assert honest.status("registration") is Status.APPROVED


@pytest.mark.parametrize(
    ("amounts", "fee"),
    [((65,), 65), ((65, 65), 65), ((None,), None), ((), Refusal.NOT_ON_FILE), ((65, 115), Refusal.NOT_ON_FILE)],
    ids=["one", "the same in both", "none in force", "no rule for the day", "one of two"],
)
def test_a_fee_is_the_one_on_file_for_the_day_and_never_left_out(
    amounts: tuple[int | None, ...], fee: int | Refusal | None
) -> None:
    honest = at("registration submitted")
    honest.do("new_body_chair-group-2", acts.Approve(step="registration", happened_on=on(honest.today)))
    asked: list[dict[str, Span]] = []

    def law(spans: Mapping[str, Span]) -> Thresholds:
        asked.append(dict(spans))
        return lambda rule: amounts if rule == "cic_registration_fee" else plain_law(spans)(rule)

    honest.law = law
    file = acts.File(step="registration", reference="R1", sent_on=honest.today - timedelta(days=2))
    refused = honest.refused("legal_adviser-group-1", file)
    if isinstance(fee, Refusal):
        assert refused is not None
        assert refused.code is fee
        assert "“cic_registration_fee”" in refused.sentence
        assert honest.f.filings == {}
        return
    assert refused is None
    honest.do("legal_adviser-group-1", file)
    assert honest.f.filings["registration"].fee == fee
    assert any(spans.get("filing") == on(honest.today - timedelta(days=2)) for spans in asked)


def test_a_step_that_costs_nothing_is_filed_without_a_fee() -> None:
    honest = at("registration submitted")
    honest.do("new_body_chair-group-2", acts.Approve(step="registration", happened_on=on(honest.today)))
    step = honest.pathway.steps["registration"]
    assert step.files is not None
    free = replace(step, files=replace(step.files, fee_rule=""))
    honest.pathway = replace(honest.pathway, steps={**honest.pathway.steps, "registration": free})
    honest.law = lambda spans: no_thresholds
    honest.do("legal_adviser-group-1", acts.File(step="registration", reference="R1"))
    assert honest.f.filings["registration"].fee is None


# refusals, in their order


def ended(honest: Honest) -> Honest:
    state = LifeState(Life.ENDED, honest.today, "over", None, Outcome.WITHDRAWN)
    return people(replace(honest.f, state=state), honest.today)


def order_cases() -> list[tuple[str, Honest, str, acts.Act, Refusal]]:
    """(what is wrong, people, by, act, the refusal that comes first)."""
    submitted, case = at("readiness submitted"), at("case submitted")
    begun = at("readiness begun")
    question = first_question(READINESS)
    answer_ = acts.Answer(fact=question, value=" ", seen=99)
    tomorrow = on(submitted.today + timedelta(days=1))
    finance = "finance_adviser-host-1"
    wrong_task = Condition("not a key", "t", LEAD, None)
    return [
        ("unknown, ended", ended(begun), LEAD, acts.Submit(step="nowhere"), Refusal.UNKNOWN_KEY),
        ("unknown, ended", ended(begun), LEAD, acts.Answer(fact="nothing", value=""), Refusal.UNKNOWN_KEY),
        ("unknown, ended", ended(begun), LEAD, acts.Done(task="none"), Refusal.UNKNOWN_KEY),
        ("unknown, ended", ended(begun), LEAD, acts.TakeOut(step=READINESS, key="none"), Refusal.UNKNOWN_KEY),
        ("unknown, not permitted", begun, SPONSOR, acts.AddRow(list="none", row="r"), Refusal.UNKNOWN_KEY),
        (
            "unknown column, invalid row",
            begun,
            LEAD,
            acts.AddRow(list="group_members", row="!", values={"none": "x"}),
            Refusal.UNKNOWN_KEY,
        ),
        (
            "unknown person, not permitted",
            begun,
            SPONSOR,
            acts.ConfirmRole(person="nobody", role=Role.HR_ADVISER),
            Refusal.UNKNOWN_KEY,
        ),
        (
            "unknown owner, invalid key",
            submitted,
            SPONSOR,
            acts.ApproveSubjectTo(step=READINESS, conditions=(replace(wrong_task, owner="nobody"),)),
            Refusal.UNKNOWN_KEY,
        ),
        ("invalid, ended, stale", ended(begun), LEAD, answer_, Refusal.INVALID_VALUE),
        ("invalid, stale, not permitted", begun, SPONSOR, answer_, Refusal.INVALID_VALUE),
        ("invalid day, ended", ended(begun), LEAD, replace(answer_, value="20", said_on="soon"), Refusal.INVALID_VALUE),
        (
            "invalid, not permitted",
            submitted,
            MEMBER,
            acts.ApproveSubjectTo(step=READINESS, conditions=(wrong_task,)),
            Refusal.INVALID_VALUE,
        ),
        (
            "a day to come, not permitted",
            submitted,
            MEMBER,
            acts.Approve(step=READINESS, happened_on=tomorrow),
            Refusal.INVALID_VALUE,
        ),
        ("invalid, ended", ended(begun), LEAD, acts.HandOver(step=READINESS, to="nobody"), Refusal.INVALID_VALUE),
        (
            "invalid, ended",
            ended(begun),
            LEAD,
            acts.Plan(milestone=Milestone.GO_LIVE, day=Span(None, None)),
            Refusal.INVALID_VALUE,
        ),
        ("ended, stale", ended(submitted), SPONSOR, acts.Approve(step=READINESS, seen=0), Refusal.ENDED),
        ("ended, not permitted", ended(submitted), MEMBER, acts.Pause(), Refusal.ENDED),
        ("ended", ended(begun), LEAD, acts.BeAway(since=date(2024, 1, 1), until=date(2024, 1, 2)), Refusal.ENDED),
        ("stale, four eyes", submitted, LEAD, acts.Approve(step=READINESS, seen=0), Refusal.STALE),
        ("stale, not permitted", submitted, MEMBER, acts.Take(step=READINESS, seen=0), Refusal.STALE),
        ("stale, wrong status", begun, LEAD, acts.Withdraw(step=READINESS, seen=99), Refusal.STALE),
        ("stale, wrong status", submitted, SPONSOR, acts.CheckDecision(step=READINESS, seen=0), Refusal.STALE),
        ("four eyes, not permitted", submitted, LEAD, acts.Approve(step=READINESS), Refusal.FOUR_EYES),
        ("not permitted, wrong status", begun, MEMBER, acts.Reopen(step=READINESS), Refusal.NOT_PERMITTED),
        ("not permitted, wrong status", begun, SPONSOR, acts.File(step=READINESS), Refusal.NOT_PERMITTED),
        ("not permitted, missing", submitted, MEMBER, acts.Return(step=READINESS), Refusal.NOT_PERMITTED),
        ("wrong status, not optional", submitted, LEAD, acts.Waive(step=READINESS), Refusal.WRONG_STATUS),
        ("wrong status, missing", begun, LEAD, acts.Reopen(step=READINESS), Refusal.WRONG_STATUS),
        ("not optional, missing", begun, LEAD, acts.Waive(step=READINESS), Refusal.NOT_OPTIONAL),
        (
            "frozen, missing",
            at("registration approved"),
            "legal_adviser-group-1",
            acts.Reopen(step="registration"),
            Refusal.FROZEN,
        ),
        ("waits, unanswered", begun, LEAD, acts.Submit(step=READINESS), Refusal.WAITS),
        (
            "missing, not printed",
            unprinted(case),
            finance,
            acts.Approve(step="business_case", slot="host_finance"),
            Refusal.NOT_PRINTED,
        ),
        (
            "missing day, not printed",
            unprinted(but_one(case)),
            "hr_adviser-host-1",
            acts.Approve(step="business_case"),
            Refusal.MISSING,
        ),
    ]


def unprinted(honest: Honest) -> Honest:
    """The papers of the business case are still being printed."""
    submission = honest.f.submissions["business_case"]
    assert submission.documents
    documents = tuple(replace(d, printed=False) for d in submission.documents)
    changed = replace(submission, documents=documents)
    return people(replace(honest.f, submissions={**honest.f.submissions, "business_case": changed}), honest.today)


def but_one(honest: Honest) -> Honest:
    """Everybody but the host's HR adviser has approved the business case."""
    for slot, by in (("sponsor", "host_sponsor-host-2"), ("host_finance", "finance_adviser-host-2")):
        honest.do(by, acts.Approve(step="business_case", slot=slot))
    return honest


def test_of_several_refusals_the_first_in_the_list_is_told() -> None:
    for what, honest, by, act, expected in order_cases():
        assert code(honest, by, act) is expected, (what, act)


def test_the_order_of_refusals_is_the_models() -> None:
    said_ = (
        "unknown_key, invalid_value, ended, stale, four_eyes, not_permitted, wrong_status, frozen, not_optional, "
        "waits, maybe, unanswered, missing, blanks, not_printed, held_by_task, impossible, needs_confirmation, "
        "not_on_file, order, assumed"
    )
    assert list(Refusal) == said_.split(", ")


# four eyes


def test_who_put_forward_answered_or_attached_does_not_approve() -> None:
    honest = at("new")
    both = honest.f.members
    twice = tuple(replace(m, person=SPONSOR) if m.person == MEMBER else m for m in both)
    honest = people(replace(honest.f, members=(*both, *twice[len(both) :])), honest.today)
    colleague = "staff_member-group-1"
    honest.do(colleague, acts.Answer(fact=first_question("vision"), value="words for it"))
    honest.answer_all("vision", LEAD)
    honest.submit("vision", LEAD)
    assert code(honest, LEAD, acts.Approve(step="vision", happened_on=on(honest.today))) is Refusal.FOUR_EYES
    assert code(honest, colleague, acts.Approve(step="vision", happened_on=on(honest.today))) is Refusal.FOUR_EYES
    assert code(honest, colleague, acts.Take(step="vision")) is Refusal.FOUR_EYES
    assert code(honest, colleague, acts.Return(step="vision", reason="r")) is Refusal.FOUR_EYES
    assert code(honest, "staff_member-group-2", acts.Approve(step="vision", happened_on=on(honest.today))) is OK


def test_the_same_value_said_again_by_another_is_hers_from_then_on_and_changes_nothing() -> None:
    honest = at("new")
    colleague, key = "staff_member-group-1", first_question("vision")
    honest.do(colleague, acts.Answer(fact=key, value="the same words"))
    honest.answer_all("vision", LEAD)
    honest.submit("vision", LEAD)
    honest.do(LEAD, acts.Answer(fact=key, value="the same words"))
    assert honest.status("vision") is Status.SUBMITTED  # no change: nothing is taken back
    assert honest.f.answers[(key, "")].by == LEAD
    honest.do(LEAD, acts.Withdraw(step="vision"))
    honest.submit("vision", LEAD)
    assert code(honest, colleague, acts.Approve(step="vision", happened_on=on(honest.today))) is OK


def test_who_attached_a_file_does_not_approve() -> None:
    for by, expected in ((MEMBER, Refusal.FOUR_EYES), ("staff_member-group-2", OK)):
        honest = at("new")
        honest.do(MEMBER, acts.Attach(step="vision", key="f", sha256=SHA))
        honest.answer_all("vision", LEAD)
        honest.submit("vision", LEAD)
        assert honest.f.submissions["vision"].attached_by == (MEMBER,)
        assert code(honest, by, acts.Approve(step="vision", happened_on=on(honest.today))) is expected


def test_who_attached_what_was_taken_out_again_may_approve() -> None:
    honest = at("new")
    honest.do(MEMBER, acts.Attach(step="vision", key="f", sha256=SHA))
    honest.do(MEMBER, acts.TakeOut(step="vision", key="f", reason="the wrong one"))
    honest.answer_all("vision", LEAD)
    honest.submit("vision", LEAD)
    assert code(honest, MEMBER, acts.Approve(step="vision", happened_on=on(honest.today))) is OK


def test_a_minute_does_not_count_as_attaching_and_is_not_put_forward() -> None:
    honest = at("case submitted")
    step, lawyer = "governing_document", "legal_adviser-group-2"
    walk_to(honest, step, Status.SUBMITTED)
    honest.do(honest.f.submissions[step].by, acts.Withdraw(step=step))
    honest.do(lawyer, acts.Attach(step=step, key="m", sha256=SHA, comes_with="record_decision"))
    honest.submit(step, LEAD)
    assert lawyer not in honest.f.submissions[step].attached_by
    assert SHA not in honest.f.submissions[step].evidence
    assert code(honest, lawyer, acts.Approve(step=step, slot="legal")) is OK


def test_one_person_fills_one_slot_of_a_step() -> None:
    honest = at("case submitted")
    busy = "finance_adviser-host-1"
    extra = next(m for m in honest.f.members if m.person == "hr_adviser-host-1")
    honest = people(replace(honest.f, members=(*honest.f.members, replace(extra, person=busy))), honest.today)
    honest.do(busy, acts.Approve(step="business_case", slot="host_finance"))
    again = acts.Approve(step="business_case", slot="host_hr", happened_on=on(honest.today))
    assert code(honest, busy, again) is Refusal.FOUR_EYES
    assert code(honest, "hr_adviser-host-1", again) is OK


def test_an_adviser_never_acts_for_both_sides() -> None:
    honest = at("readiness submitted")
    lawyer = "legal_adviser-group-1"
    give = acts.GiveRole(person=lawyer, role=Role.LEGAL_ADVISER, side=Side.HOST, organisation="host")
    assert code(honest, "legal_adviser-host-1", give) is Refusal.NOT_PERMITTED
    host_member = next(m for m in honest.f.members if m.person == "legal_adviser-host-1")
    both = (*honest.f.members, replace(host_member, person=lawyer))
    honest = people(replace(honest.f, members=both), honest.today)
    walk_to(honest, "route_choice", Status.SUBMITTED)
    assert code(honest, lawyer, acts.Approve(step="route_choice")) is Refusal.NOT_PERMITTED


def test_each_role_is_held_for_its_own_side_and_organisation() -> None:
    honest = at("readiness submitted")
    foreign = tuple(replace(m, side=Side.PARTNER) if m.person == SPONSOR else m for m in honest.f.members)
    assert code(people(replace(honest.f, members=foreign), honest.today), SPONSOR, acts.Approve(step=READINESS)) is (
        Refusal.NOT_PERMITTED
    )
    unconfirmed = tuple(replace(m, confirmed_by="") if m.person == SPONSOR else m for m in honest.f.members)
    assert code(people(replace(honest.f, members=unconfirmed), honest.today), SPONSOR, acts.Take(step=READINESS)) is (
        Refusal.NOT_PERMITTED
    )
    over = tuple(replace(m, until=honest.today) if m.person == SPONSOR else m for m in honest.f.members)
    assert code(people(replace(honest.f, members=over), honest.today), SPONSOR, acts.Take(step=READINESS)) is (
        Refusal.NOT_PERMITTED
    )


# the same act twice, and stale ones


@pytest.mark.parametrize(
    ("place", "by", "act"),
    [
        ("readiness begun", LEAD, acts.AddRow(list="group_members", row="r1", values={})),
        ("readiness begun", LEAD, acts.Attach(step=READINESS, key="f", sha256=SHA)),
        ("readiness begun", LEAD, acts.HandOver(step=READINESS, to=OTHER_LEAD)),
        ("readiness begun", LEAD, acts.AgreeDueDate(step=READINESS, due_on=date(2024, 1, 1))),
        ("readiness in_hand", LEAD, acts.Submit(step=READINESS)),
        ("readiness submitted", SPONSOR, acts.Take(step=READINESS)),
        ("readiness submitted", SPONSOR, acts.ApproveSubjectTo(step=READINESS, conditions=(TASK,))),
        ("case submitted", "host_sponsor-host-2", acts.Approve(step="business_case", slot="sponsor")),
        ("readiness begun", MEMBER, acts.LayTask(key="t", title="Do it", owner=MEMBER)),
        ("readiness begun", LEAD, acts.Plan(milestone=Milestone.GO_LIVE, day=on(date(2025, 1, 1)))),
        ("readiness begun", LEAD, acts.GiveRole(person="x", role=Role.STAFF_MEMBER, side=Side.GROUP)),
        ("readiness begun", MEMBER, acts.BeAway(since=date(2024, 1, 1), until=date(2024, 1, 9))),
        ("readiness begun", LEAD, acts.Pause(reason="summer", review_on=date(2026, 1, 1))),
        ("readiness begun", LEAD, acts.End(outcome=Outcome.WITHDRAWN, reason="no wish left")),
        ("readiness begun", LEAD, acts.Adopt(steps=(acts.AdoptedStep("temperature_check", Span(None, None)),))),
        ("readiness begun", LEAD, acts.Answer(fact="leads_time", value="a day a week")),
        ("readiness approved", LEAD, acts.CompleteList(list="group_members")),
        ("readiness approved", LEAD, acts.RetireRow(list="group_members", row="r1")),
        ("readiness approved", LEAD, acts.Reopen(step=READINESS, reason="r")),
        ("waived", "new_body_chair-group-1", acts.Reopen(step="shadow_start", reason="r")),
        ("overtaken", LEAD, acts.Confirm(step="service_scope", reason="r")),
        ("file attached", LEAD, acts.TakeOut(step=READINESS, key="f", reason="the wrong one")),
        ("readiness submitted", LEAD, acts.Withdraw(step=READINESS)),
        ("readiness submitted", SPONSOR, acts.Return(step=READINESS, reason="r", points=("leads_time",))),
        ("scope approved", LEAD, acts.Submit(step="stakeholders")),
        ("readiness begun", MEMBER, acts.EndRole(person=MEMBER, role=Role.STAFF_MEMBER)),
        ("readiness begun", LEAD, acts.EndRole(person=MEMBER, role=Role.STAFF_MEMBER, successor="x")),
        ("registration approved", "legal_adviser-group-1", acts.OpenPutRight(step="registration", reason="r")),
        ("registration approved", "new_body_chair-group-1", acts.Waive(step="shadow_start", reason="r")),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, acts.Act) else None,
)  # fmt: skip
def test_the_same_act_sent_twice_answers_as_once(place: str, by: str, act: acts.Act) -> None:
    for seen in (False, True):
        honest = at(place)
        sent = replace(act, seen=read_at(honest, act)) if seen else act
        honest.do(by, sent)
        once = honest.f
        moved = moves.perform(honest.desk(by), sent)
        assert moved.events == (), seen
        assert moved.after == once


def read_at(honest: Honest, act: acts.Act) -> int | None:
    """The revision that stood on the form with which the act was sent; None where a form carries none."""
    match act:
        case acts.Answer():
            held = honest.f.answers.get((act.fact, act.row))
            return held.revision if held else 0
        case acts.AddRow() | acts.RetireRow():
            row = honest.f.rows.get((act.list, act.row))
            return row.event if row else 0
        case acts.CompleteList():
            said_ = honest.f.answers.get((f"{act.list}_complete", ""))
            return said_.revision if said_ else 0
        case acts.OpenPutRight():
            return honest.f.steps[honest.pathway.put_right[act.step]].revision
        case acts.StepAct():
            return honest.f.steps[act.step].revision
    return None


def test_what_looks_the_same_and_is_not_sent_twice_is_judged_anew() -> None:
    honest = at("readiness submitted")
    withdraw, seen = acts.Withdraw(step=READINESS), honest.f.steps[READINESS].revision
    honest.do(LEAD, withdraw)
    assert code(honest, OTHER_LEAD, withdraw) is W  # another's
    honest.answer_all(READINESS, LEAD)
    honest.do(LEAD, acts.Answer(fact=first_question(READINESS), value="new words"))
    assert code(honest, LEAD, withdraw) is W  # something has been done since
    honest.submit(READINESS, LEAD)
    assert code(honest, LEAD, replace(withdraw, seen=seen)) is Refusal.STALE
    honest = at("readiness submitted")
    back = acts.Return(step=READINESS, reason="r", seen=seen)
    honest.do(SPONSOR, back)
    assert code(honest, "host_sponsor-host-2", back) is Refusal.STALE
    assert code(honest, SPONSOR, replace(back, reason="another", seen=None)) is W
    honest = at("readiness approved")
    reopen = acts.Reopen(step=READINESS, reason="r")
    honest.do(LEAD, reopen)
    assert code(honest, LEAD, replace(reopen, reason="another")) is W
    assert code(honest, OTHER_LEAD, reopen) is W
    assert code(honest, MEMBER, reopen) is Refusal.NOT_PERMITTED


def test_the_same_approval_after_others_have_moved_is_still_hers() -> None:
    honest = at("readiness submitted")
    approve = acts.Approve(step=READINESS, seen=honest.f.steps[READINESS].revision)
    honest.do(SPONSOR, approve)
    once = honest.f
    honest.do(SPONSOR, approve)
    assert honest.f == once
    assert code(honest, "host_sponsor-host-2", approve) is Refusal.STALE


def test_stale_is_decided_on_the_step_or_on_the_answer() -> None:
    honest = at("readiness submitted")
    revision = honest.f.steps[READINESS].revision
    honest.do("host_sponsor-host-2", acts.Take(step=READINESS))
    other = acts.Take(step="service_scope", seen=honest.f.steps["service_scope"].revision)
    assert code(honest, SPONSOR, other) is W  # not stale: another step has not moved
    key = first_question(READINESS)
    seen = honest.f.answers[(key, "")].revision
    honest.do(OTHER_LEAD, acts.Answer(fact=key, value=honest.value(honest.pathway.questions[key])))
    assert code(honest, LEAD, acts.Answer(fact=key, value="not_known", seen=seen)) is Refusal.STALE
    assert code(honest, LEAD, acts.Answer(fact=key, value="not_known", seen=seen + 1)) is OK
    honest.do(LEAD, acts.Answer(fact=key, value="not_known", seen=seen + 1))
    assert code(honest, SPONSOR, acts.Approve(step=READINESS, seen=revision)) is Refusal.STALE


def test_a_refusal_leaves_nothing_behind_and_says_who_can() -> None:
    honest = at("readiness submitted")
    before = honest.f
    refused = honest.refused(MEMBER, acts.Approve(step=READINESS))
    assert isinstance(refused, Refused)
    assert refused.who_can == "host sponsor (host)"
    assert honest.f is before


# roles


def test_the_first_of_another_side_is_invited_and_confirmed_by_two_people() -> None:
    honest = at("new")
    members = tuple(m for m in honest.f.members if m.side is not Side.UNION)
    honest = people(replace(honest.f, members=members), honest.today)
    invite = acts.GiveRole(person="rep", role=Role.UNION_REPRESENTATIVE, side=Side.UNION)
    assert code(honest, MEMBER, invite) is Refusal.NOT_PERMITTED
    honest.do(LEAD, invite)
    assert not honest.f.members[-1].moves
    confirm = acts.ConfirmRole(person="rep", role=Role.UNION_REPRESENTATIVE)
    assert code(honest, LEAD, confirm) is Refusal.FOUR_EYES
    assert code(honest, MEMBER, confirm) is Refusal.NOT_PERMITTED
    honest.do("manager", confirm)
    assert honest.f.members[-1].moves
    second = acts.GiveRole(person="rep2", role=Role.UNION_REPRESENTATIVE, side=Side.UNION)
    assert code(honest, LEAD, second) is Refusal.NOT_PERMITTED  # the union names its own people now
    honest.do("rep", second)
    assert honest.f.members[-1].moves


@pytest.mark.parametrize(
    ("role", "side"),
    [(Role.HOST_SPONSOR, Side.GROUP), (Role.PROGRAMME_MANAGER, Side.GROUP), (Role.STAFF_LEAD, Side.HOST)],
)
def test_a_role_is_given_for_a_side_that_it_fits(role: Role, side: Side) -> None:
    honest = at("new")
    for by in (MEMBER, SPONSOR, "manager"):
        assert code(honest, by, acts.GiveRole(person="crony", role=role, side=side)) is Refusal.INVALID_VALUE


def test_only_who_oversees_names_who_oversees() -> None:
    honest = at("new")
    name = acts.GiveRole(person="crony", role=Role.PROGRAMME_MANAGER, side=Side.INDEPENDENT)
    scrutineer = name_of(Party(Role.SCRUTINEER, Side.INDEPENDENT))
    assert code(honest, MEMBER, name) is Refusal.NOT_PERMITTED
    assert code(honest, scrutineer, name) is Refusal.NOT_PERMITTED  # the same side is not enough
    honest.do("manager", name)
    assert honest.f.members[-1].moves


def test_nobody_follows_an_adviser_whom_she_advises_against() -> None:
    honest = at("new")
    leave = acts.EndRole(person="legal_adviser-host-1", role=Role.LEGAL_ADVISER, successor="legal_adviser-group-1")
    assert code(honest, "legal_adviser-host-1", leave) is Refusal.NOT_PERMITTED
    honest.do("legal_adviser-host-1", replace(leave, successor="newcomer"))


def test_the_last_holder_of_a_needed_role_names_who_follows() -> None:
    honest = at("readiness begun")
    scrutineers = [name_of(Party(Role.SCRUTINEER, Side.INDEPENDENT), n) for n in (1, 2)]
    honest.do(scrutineers[0], acts.EndRole(person=scrutineers[0], role=Role.SCRUTINEER))
    leave = acts.EndRole(person=scrutineers[1], role=Role.SCRUTINEER)
    assert code(honest, scrutineers[1], leave) is Refusal.MISSING
    assert code(honest, LEAD, leave) is Refusal.NOT_PERMITTED
    honest.do(scrutineers[1], replace(leave, successor="nobody yet"))
    assert not any(m.role is Role.SCRUTINEER and m.current(honest.today) for m in honest.f.members)


def test_a_successor_takes_over_what_was_in_hand() -> None:
    honest = at("readiness begun")
    assert honest.f.steps[READINESS].assignee == LEAD
    honest.do(LEAD, acts.EndRole(person=LEAD, role=Role.STAFF_LEAD, successor="newcomer"))
    assert honest.f.steps[READINESS].assignee == "newcomer"
    assert code(honest, LEAD, acts.AgreeDueDate(step=READINESS, due_on=date(2024, 1, 1))) is Refusal.NOT_PERMITTED
    honest.do("newcomer", acts.AgreeDueDate(step=READINESS, due_on=date(2024, 1, 1)))


def test_a_stand_in_holds_one_of_the_roles_of_who_is_away() -> None:
    honest = at("readiness submitted")
    away = acts.BeAway(since=date(2024, 1, 1), until=date(2024, 2, 1), stand_in="host_sponsor-host-2")
    assert code(honest, SPONSOR, replace(away, stand_in=MEMBER)) is Refusal.INVALID_VALUE
    assert code(honest, SPONSOR, replace(away, until=date(2024, 1, 1))) is Refusal.INVALID_VALUE
    assert code(honest, "a-stranger", replace(away, stand_in="")) is Refusal.NOT_PERMITTED
    honest.do(SPONSOR, away)


def test_who_takes_a_step_in_hand_is_not_told_once_more_that_it_is_open() -> None:
    honest = at("new")
    begun = told_after(honest, LEAD, acts.Answer(fact=first_question("vision"), value="words for it"))
    assert begun == set()
    assert honest.f.awaited["submit:vision"].person == LEAD
    assert told_after(honest, LEAD, acts.HandOver(step="vision", to=OTHER_LEAD)) == {OTHER_LEAD}


def told_after(honest: Honest, by: str, act: acts.Act) -> set[str]:
    """Whom an act leaves with something newly open at the step "vision"."""

    def waits(formation: Formation) -> Formation:
        reading = read(honest.pathway, formation, honest.law)
        found = awaited.compute(honest.pathway, formation, reading, honest.today, due={}, legal={})
        return replace(formation, awaited=found)

    before = waits(honest.f)
    honest.do(by, act)
    honest.f = waits(honest.f)
    owed = reminders.opened(honest.pathway, before, honest.f, honest.today)
    return {one.person for one in owed if one.subject == "submit:vision"}


# tasks


def test_a_task_of_the_groups_own_ends_when_it_is_done() -> None:
    honest = at("readiness in_hand")
    hold = acts.LayTask(key="t", title="Ask the union", owner=MEMBER, holds=Holds.STEP, holds_key=READINESS)
    assert code(honest, SPONSOR, hold) is Refusal.NOT_PERMITTED
    assert code(honest, LEAD, replace(hold, holds_key="vision")) is Refusal.WRONG_STATUS  # finished already
    assert code(honest, LEAD, replace(hold, holds_key="nowhere")) is Refusal.UNKNOWN_KEY
    assert code(honest, LEAD, replace(hold, holds=Holds.MILESTONE, holds_key="nowhere")) is Refusal.UNKNOWN_KEY
    assert code(honest, LEAD, replace(hold, title=" ")) is Refusal.INVALID_VALUE
    assert code(honest, LEAD, replace(hold, key="")) is Refusal.INVALID_VALUE
    honest.do(LEAD, hold)
    assert code(honest, OTHER_LEAD, replace(hold, title="another")) is Refusal.INVALID_VALUE
    assert code(honest, LEAD, acts.Submit(step=READINESS)) is Refusal.HELD_BY_TASK
    assert code(honest, LEAD, acts.Done(task="t")) is Refusal.NOT_PERMITTED
    assert code(honest, MEMBER, acts.Done(task="t", evidence="none")) is Refusal.UNKNOWN_KEY
    assert code(honest, LEAD, acts.Accept(task="t")) is Refusal.WRONG_STATUS
    honest.do(MEMBER, acts.Done(task="t"))
    honest.do(MEMBER, acts.Done(task="t"))
    assert honest.f.tasks["t"].state is TaskState.DONE
    honest.do(LEAD, acts.Submit(step=READINESS))


def test_a_condition_holds_until_a_holder_of_its_slot_accepts_it() -> None:
    honest = at("readiness submitted")
    condition = Condition("c", "Show the figures", SPONSOR, None, Holds.STEP, "case_for_change")
    act = acts.ApproveSubjectTo(step=READINESS, conditions=(condition,))
    before = replace(condition, holds_key="vision")
    assert code(honest, SPONSOR, replace(act, conditions=())) is Refusal.MISSING
    assert code(honest, SPONSOR, replace(act, conditions=(before,))) is Refusal.WRONG_STATUS
    assert code(honest, SPONSOR, replace(act, conditions=(condition, condition))) is Refusal.INVALID_VALUE
    honest.do("host_sponsor-host-2", act)
    assert honest.status(READINESS) is Status.APPROVED
    assert honest.f.approvals[(READINESS, "sponsor", "")].state is SlotState.APPROVED_SUBJECT_TO
    assert code(honest, "host_sponsor-host-2", acts.Accept(task="c")) is Refusal.WRONG_STATUS
    honest.do(SPONSOR, acts.Done(task="c"))
    assert honest.f.tasks["c"].held
    assert code(honest, SPONSOR, acts.Accept(task="c")) is Refusal.FOUR_EYES  # never its owner
    assert code(honest, SPONSOR, acts.WithdrawTask(task="c")) is Refusal.FOUR_EYES
    assert code(honest, LEAD, acts.Accept(task="c")) is Refusal.NOT_PERMITTED
    honest.do("host_sponsor-host-2", acts.Accept(task="c"))
    assert not honest.f.tasks["c"].held
    assert code(honest, "host_sponsor-host-2", acts.WithdrawTask(task="c")) is Refusal.WRONG_STATUS


def test_a_task_cannot_hold_what_comes_before_it() -> None:
    honest = at("case submitted")
    early = Condition("c", "Show it", LEAD, None, Holds.STEP, "staff_ballot")
    act = acts.ApproveSubjectTo(step="business_case", slot="host_finance", conditions=(early,))
    assert code(honest, "finance_adviser-host-1", act) is OK
    reopened = people(honest.f, honest.today)
    reopened.f = replace(
        reopened.f, steps={**reopened.f.steps, "vision": replace(reopened.f.steps["vision"], status=Status.OPEN)}
    )
    back = replace(early, holds_key="vision")
    assert code(reopened, "finance_adviser-host-1", replace(act, conditions=(back,))) is Refusal.ORDER


# the formation as a whole


def test_paused_work_goes_on_and_ended_is_read_only_but_for_notes() -> None:
    honest = at("readiness in_hand")
    assert code(honest, SPONSOR, acts.Pause(reason="r", review_on=date(2026, 1, 1))) is Refusal.NOT_PERMITTED
    assert code(honest, LEAD, acts.Pause(reason="r", review_on=honest.today)) is Refusal.MISSING
    honest.do(LEAD, acts.Pause(reason="summer", review_on=date(2026, 1, 1)))
    assert code(honest, LEAD, acts.Submit(step=READINESS)) is OK
    honest.do(LEAD, acts.Resume())
    assert code(honest, SPONSOR, acts.End(outcome=Outcome.WITHDRAWN, reason="r")) is Refusal.NOT_PERMITTED
    assert code(honest, SPONSOR, acts.End(outcome=Outcome.REFUSED, reason="r")) is OK
    assert code(honest, LEAD, acts.End(outcome=Outcome.FIRST_YEAR_COMPLETE, reason="r")) is Refusal.ORDER
    honest.do(LEAD, acts.End(outcome=Outcome.WITHDRAWN, reason="no wish left"))
    honest.do(MEMBER, acts.Note(step=READINESS, text="a pity"))
    for act in (
        acts.Submit(step=READINESS),
        acts.Resume(),
        acts.Plan(milestone=Milestone.GO_LIVE, day=on(honest.today)),
    ):
        assert code(honest, LEAD, act) is Refusal.ENDED


def test_the_first_year_is_complete_only_after_everything_of_it() -> None:
    honest = at("launched")
    over = acts.End(outcome=Outcome.FIRST_YEAR_COMPLETE, reason="a year has passed")
    assert honest.f.state.life is Life.LAUNCHED
    assert code(honest, LEAD, over) is Refusal.WAITS
    assert code(honest, LEAD, acts.Pause(reason="r", review_on=date(2030, 1, 1))) is Refusal.WRONG_STATUS
    honest.walk(Milestone.FIRST_YEAR_REVIEW)
    honest.do(LEAD, over)
    assert honest.f.state.outcome is Outcome.FIRST_YEAR_COMPLETE


def test_after_the_launch_nothing_before_it_is_opened_again() -> None:
    honest = at("launched")
    assert code(honest, LEAD, acts.Reopen(step="vision", reason="r")) is Refusal.FROZEN


def test_a_plan_moves_with_a_reason_and_not_once_it_has_happened() -> None:
    honest = at("launched")
    assert code(honest, LEAD, acts.Plan(milestone=Milestone.GO_LIVE, day=on(date(2030, 1, 1)))) is W
    honest = at("new")
    plan = acts.Plan(milestone=Milestone.GO_LIVE, day=on(date(2025, 4, 1)))
    assert code(honest, MEMBER, plan) is Refusal.NOT_PERMITTED
    honest.do(LEAD, plan)
    later = replace(plan, day=on(date(2025, 5, 1)))
    assert code(honest, SPONSOR, later) is Refusal.MISSING
    assert code(honest, SPONSOR, replace(later, reason="the award is late")) is OK


def test_adopting_takes_over_what_was_done_before_as_assumed() -> None:
    honest = at("new")
    steps = tuple(
        acts.AdoptedStep(key, Span(None, date(2022, 1, 1))) for key in ("vision", "service_scope", "readiness")
    )
    adopt = acts.Adopt(steps=steps)
    assert code(honest, MEMBER, adopt) is Refusal.NOT_PERMITTED
    assert code(honest, LEAD, acts.Adopt(steps=())) is Refusal.MISSING
    tomorrow = on(honest.today + timedelta(days=1))
    assert code(honest, LEAD, acts.Adopt(steps=(acts.AdoptedStep("vision", tomorrow),))) is Refusal.INVALID_VALUE
    assert code(honest, LEAD, acts.Adopt(steps=(acts.AdoptedStep("vision", tomorrow, "none"),))) is Refusal.UNKNOWN_KEY
    honest.do(LEAD, adopt)
    assert all(honest.f.submissions[s.step].basis.value == "assumed" for s in steps)
    assert not any(a.step == "vision" for a in honest.f.approvals.values())
    assert Milestone.IDEA in {m for m, _ in honest.f.dates}
    walk_to(honest, "stakeholders", Status.APPROVED)
    assert honest.f.steps["vision"].applies is YES


def test_a_document_is_kept_only_of_the_step_that_prints_it() -> None:
    honest = at("case submitted")
    keep = acts.KeepVersion(step="business_case", document=DocumentRef("business_case", "riverside/D09/1", SHA))
    assert code(honest, LEAD, keep) is OK
    assert code(honest, "union_representative-union-1", keep) is Refusal.NOT_PERMITTED
    assert code(honest, LEAD, replace(keep, step=READINESS)) is Refusal.UNKNOWN_KEY


def test_words_that_cannot_be_kept_are_refused_wherever_they_stand() -> None:
    honest = at("readiness submitted")
    for text in ("\x00", "a\u202eb", "\ud800", "x" * 20_001):
        for act in (
            acts.Note(step=READINESS, text=text),
            acts.Return(step=READINESS, reason=text),
            acts.LayTask(key="t", title=text, owner=LEAD),
            acts.Attach(step=READINESS, key="f", sha256=SHA, name=text),
            acts.Submit(step=text),
            acts.RecordDecision(step="permission_given", outcome=DecisionOutcome.YES, votes=text),
        ):
            refused = honest.refused(LEAD, act)
            assert refused is not None
            assert refused.code is Refusal.INVALID_VALUE, act
            assert len(refused.sentence) < 300


def test_every_slot_of_the_pathway_can_be_answered_by_somebody() -> None:
    for step in real_pathway().steps.values():
        for slot in step.slots:
            assert slot_parties(slot), (step.key, slot.key)


def test_audience_of_an_answer_is_that_of_its_question() -> None:
    honest = at("new")
    hidden = next(
        q
        for q in honest.pathway.questions.values()
        if q.audience is not Audience.EVERYONE and q.key in honest.pathway.asker
    )
    step = honest.pathway.steps[honest.pathway.asker[hidden.key]]
    moved = moves.perform(honest.desk(name_of(step.owner)), acts.Answer(fact=hidden.key, value="not_known"))
    assert moved.events[0].audience is hidden.audience


# what submit and approve wait for


def test_a_submitted_step_whose_requirement_opened_again_keeps_its_submission_and_waits() -> None:
    honest = at("case submitted")
    held = honest.f.submissions["business_case"]
    honest.do(LEAD, acts.Reopen(step="options_appraisal", reason="an option was left out"))
    assert honest.f.submissions["business_case"] is held
    approve = acts.Approve(step="business_case", slot="host_finance")
    assert code(honest, "finance_adviser-host-1", approve) is Refusal.WAITS
    back = acts.Return(step="business_case", slot="host_finance", reason="r")
    take = acts.Take(step="business_case", slot="host_finance")
    assert code(honest, "finance_adviser-host-1", back) is Refusal.WAITS  # its slots refuse moves (model.md 5)
    assert code(honest, "finance_adviser-host-1", take) is Refusal.WAITS
    walk_to(honest, "options_appraisal", Status.APPROVED)
    for act in (approve, back, take):
        assert code(honest, "finance_adviser-host-1", act) is OK, act


def test_what_is_not_known_to_be_needed_is_not_put_forward() -> None:
    honest = at("new")
    walk_to(honest, "route_choice", Status.SUBMITTED)
    honest.do(LEAD, acts.Answer(fact="route", value="not_known"))
    assert honest.f.steps["challenge_window"].applies.value == "maybe"
    honest.submit("route_choice", LEAD)
    honest.do("legal_adviser-group-2", acts.Approve(step="route_choice"))
    assert code(honest, LEAD, acts.Submit(step="challenge_window")) is Refusal.MAYBE


def test_what_is_filed_rests_on_what_is_known() -> None:
    honest = at("registration submitted")
    adviser = "legal_adviser-group-1"
    honest.do(adviser, acts.Withdraw(step="registration"))
    fact = next(a.key for a in honest.pathway.steps["registration"].asks if not a.optional)
    honest.do(adviser, acts.Answer(fact=fact, value="not_known"))
    assert code(honest, adviser, acts.Submit(step="registration")) is Refusal.BLANKS


def test_documents_are_those_of_the_facts_in_force_and_those_for_filing_are_whole() -> None:
    honest = at("case submitted")
    walk_to(honest, "governing_document", Status.SUBMITTED)
    owner = name_of(honest.pathway.steps["governing_document"].owner)
    honest.do(honest.f.submissions["governing_document"].by, acts.Withdraw(step="governing_document"))
    seen = facts_fingerprint(honest.f)
    articles = DocumentRef("articles", "riverside/D28/1", SHA, printed=True)
    submit = acts.Submit(step="governing_document", documents=(articles,), facts_seen=seen)
    with pytest.raises(Conflict):
        moves.perform(honest.desk(owner), replace(submit, facts_seen="older"))
    assert code(honest, owner, replace(submit, documents=())) is Refusal.MISSING
    assert code(honest, owner, replace(submit, documents=(replace(articles, gaps=1),))) is Refusal.BLANKS
    assert code(honest, owner, replace(submit, documents=(replace(articles, blanks=1),))) is Refusal.BLANKS
    assert code(honest, owner, submit) is OK


def test_a_minute_may_come_at_any_status_and_begins_no_work() -> None:
    gate = "permission_given"
    for place in ("readiness approved", "permission submitted", "case submitted"):
        honest = at(place)
        status = honest.status(gate)
        minute = acts.Attach(step=gate, key="m", sha256=SHA, comes_with="record_decision")
        assert code(honest, "union_representative-union-1", minute) is Refusal.NOT_PERMITTED
        honest.do("host_board_member-host-1", minute)
        assert honest.status(gate) is status


def test_a_file_comes_with_a_decision_or_an_answer_only_where_there_is_one() -> None:
    for place in BEFORE:
        for comes_with in ("record_decision", "record_answer"):
            sly = acts.Attach(step=READINESS, key="m", sha256=SHA, comes_with=comes_with)
            assert code(at(place), LEAD, sly) is W, (place, comes_with)
    filed, adviser = at("registration approved"), "legal_adviser-group-1"
    minute = acts.Attach(step="registration", key="m", sha256=SHA, comes_with="record_decision")
    assert code(filed, adviser, minute) is W  # a register answers; no body decides
    assert code(filed, adviser, replace(minute, comes_with="record_answer")) is OK
    answer_ = acts.Attach(step="permission_given", key="m", sha256=SHA, comes_with="record_answer")
    assert code(at("permission submitted"), SPONSOR, answer_) is W


def test_what_shows_that_a_condition_is_met_may_come_after_the_approval() -> None:
    honest = at("readiness submitted")
    condition = Condition("c", "Show the rota", LEAD, None)
    shown = acts.Attach(step=READINESS, key="rota", sha256=SHA, comes_with="record_decision")
    honest.do(SPONSOR, acts.ApproveSubjectTo(step=READINESS, conditions=(condition,)))
    assert honest.status(READINESS) is Status.APPROVED
    honest.do(LEAD, shown)
    honest.do(LEAD, acts.Done(task="c", evidence="rota"))
    honest.do(SPONSOR, acts.Accept(task="c"))
    assert code(honest, LEAD, replace(shown, key="more")) is W
