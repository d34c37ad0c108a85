"""People who do anything at all, and patient people who then bring the formation to its launch all the same."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_type_hints

from mutualflow.domain import acts, answering, awaited, moves
from mutualflow.domain.checks import slot_parties
from mutualflow.domain.computed import Requirements
from mutualflow.domain.errors import Conflict, Refusal, Refused
from mutualflow.domain.formation import (
    FINISHED,
    GIVEN,
    Basis,
    Condition,
    DecisionOutcome,
    DocumentRef,
    Event,
    Formation,
    Holds,
    SlotState,
    Status,
    TaskState,
)
from mutualflow.domain.keys import NOT_KNOWN, Body, Milestone
from mutualflow.domain.pathway import Question, QuestionType, With
from mutualflow.domain.spans import Span, on
from mutualflow.domain.submitting import documents_wanted, facts_fingerprint
from mutualflow.domain.tri import MAYBE, NO, YES
from tests.honest import Honest, name_of

HOSTILE = ("", " ", "nothing-of-that-name", "x" * 400, "<b>bold</b>", "\x00", "‮abc", "12", "-1", "2024-02-30", "yes")


class Choices:
    """Numbers drawn beforehand, spent one by one; 0 when they have run out."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = iter(numbers)

    def below(self, most: int) -> int:
        """A number from 0 to most - 1."""
        return next(self.numbers, 0) % most if most > 0 else 0

    def one(self, of: Any) -> Any:
        """One of these."""
        these = list(of)
        return these[self.below(len(these))]


def seen_in(events: tuple[Event, ...]) -> tuple[set[str], ...]:
    """The same, from what was written."""
    kinds = ("effect_taken_back", "effect_reopened", "effect_put_right")
    moved = tuple({str(e.refs["step"]) for e in events if e.kind == kind} for kind in kinds)
    listed = [steps for e in events if e.kind == "late_change" and isinstance(steps := e.refs["steps"], list)]
    return (*moved, {step for steps in listed for step in steps})


class Wanderers(Honest):
    """A formation in which everything that is done is checked against what must always hold."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.begun = self.f
        self.days: list[date] = []
        self.events: list[Event] = []
        self.frozen: dict[str, tuple[object, ...]] = {}
        self.told: set[str] = set()

    def do(self, by: str, act: acts.Act) -> None:
        """Do an act, and check everything that must hold after any act."""
        before = self.f
        foreseen = self.foresee(by, act)
        moved = moves.perform(self.desk(by), act)
        assert moved.before is before
        self.f = moved.after
        if not moved.events:
            assert moved.after == before, f"{act} left a change without an event"
            return
        self.log.append((by, act))
        self.remember(moved.events)
        self.days.append(self.today)
        assert [e.number for e in moved.events] == list(range(before.events + 1, self.f.events + 1)), act
        self.events += moved.events
        if foreseen is not None:
            assert foreseen == seen_in(moved.events), (act, foreseen)
        self.check_moved(before, act)
        self.check_all(act)

    def foresee(self, by: str, act: acts.Act) -> tuple[set[str], ...] | None:
        """What the preview says that a change of the facts will do: taken back, reopened, put right, listed."""
        if not isinstance(act, acts.Answer | acts.AddRow | acts.RetireRow | acts.CompleteList) or len(self.log) % 3:
            return None
        found = answering.preview(self.desk(by), act)
        return set(found.taken_back), set(found.reopened), set(found.put_right), set(found.listed)

    def check_moved(self, before: Formation, act: acts.Act) -> None:
        """What is put forward or approved by this act applies, waits for nothing and is held by nothing."""
        for key, state in self.f.steps.items():
            was = before.steps[key].status
            if state.status is was or isinstance(act, acts.Adopt):
                continue
            if state.status is Status.APPROVED:
                assert state.applies is YES, (act, key)
                assert not state.overtaken, (act, key)
                self.check_ground(key, act)
                self.check_shown(key, act)
            if state.status is Status.SUBMITTED and not isinstance(act, acts.RecordDecision):
                reaches = self.pathway.steps[key].reaches
                assert state.applies is YES, (act, key)
                assert not before.steps[key].waits_for, (act, key)
                held = [t.key for t in self.f.tasks.values() if t.held and t.holds_key in (key, reaches)]
                assert not held, (act, key, held)

    def check_ground(self, key: str, act: acts.Act) -> None:
        """What a newly approved step requires is finished; behind a gate or irrevocable step everything stands."""
        requirements = Requirements(self.desk("").reading, self.f.steps)
        deep = self.pathway.steps[key].waits_deep
        for one in requirements.behind(key) if deep else requirements.direct(key):
            assert self.status(one) in FINISHED, (act, key, one)
            assert not (deep and self.f.steps[one].overtaken), (act, key, one)

    def check_shown(self, key: str, act: acts.Act) -> None:
        """Nobody approved or checked what she had prepared, and each decision and answer has its own file."""
        submission = self.f.submissions[key]
        prepared = {submission.by, *submission.answered_by, *submission.attached_by}
        slots = {slot.key: slot for slot in self.pathway.steps[key].slots}
        for approval in (a for a in self.f.approvals.values() if a.step == key):
            slot, decision = slots[approval.slot], self.f.decisions.get(approval.at)
            if slot.body is Body.REGISTRAR:
                filing = self.f.filings[key]
                assert filing.answer == "registered", (act, key)
                assert filing.answered_on is not None, (act, key)
                assert filing.answered_on >= filing.sent_on, (act, key)
            elif slot.body is None:
                assert approval.by not in prepared, (act, key, approval)
            else:
                assert decision is not None, (act, key)
                alone = decision.checked_by or decision.recorded_by
                assert alone not in prepared, (act, key, decision)
                assert decision.checked_by or not self.pathway.steps[key].gate, (act, key, decision)
                assert decision.checked_by != decision.recorded_by, (act, key, decision)
                minute = self.f.evidence[decision.minute]
                assert (minute.step, minute.comes_with) == (key, With.RECORD_DECISION), (act, key, minute)

    @property
    def gates(self) -> tuple[str, ...]:
        """Every gate, named where a change may reopen it."""
        return tuple(key for key, step in self.pathway.steps.items() if step.gate)

    # what must always hold (model.md 5, end)

    def check_all(self, act: acts.Act) -> None:
        """None of `impossible` holds; nothing is approved without its slots; what was filed stands; no gap."""
        reading = self.desk("").reading
        if isinstance(act, acts.Answer | acts.AddRow | acts.RetireRow | acts.CompleteList):
            for row in self.pathway.impossible:
                assert reading.holds(row.when) is not YES, (act, row.key)
        for key, state in self.f.steps.items():
            if state.status is Status.APPROVED:
                self.check_approved(key, act)
            assert not (state.status is Status.CLOSED and not self.pathway.steps[key].puts_right), (act, key)
        assert self.f.version == self.begun.version + len(self.log)

    def check_approved(self, key: str, act: acts.Act) -> None:
        """An approved step has every slot given, and where it is irrevocable nothing of it changes any more."""
        f, step, state = self.f, self.pathway.steps[key], self.f.steps[key]
        submission = f.submissions[key]
        slots = {at: a for at, a in f.approvals.items() if at[0] == key}
        assert submission.round == state.round, (act, key)
        if submission.basis is not Basis.ASSUMED:
            assert all(a.state in GIVEN for a in slots.values()), (act, key, slots)
            assert all(a.round == state.round for a in slots.values()), (act, key)
        if step.reaches is not None:
            assert any(m is step.reaches for m, _ in f.dates), (act, key)
        if step.irrevocable:
            decisions = {at: d for at, d in f.decisions.items() if at[0] == key}
            files = {
                e.key: e for e in f.evidence.values() if e.step == key and e.comes_with == With.SUBMIT
            }  # a certificate may still be added
            now = (state.status, state.round, state.done_at, state.applies, submission, slots, decisions, files)
            assert self.frozen.setdefault(key, now) == now, (act, key)

    def replayed(self) -> Formation:
        """The same acts done again from the first day."""
        again = Honest(self.pathway, law=self.law, formation=self.begun)
        for (by, act), day in zip(self.log, self.days, strict=True):
            again.today = day
            again.do(by, act)
        return again.f

    def folded(self) -> dict[str, Status]:
        """Every step's status from the events alone."""
        begins = {"answer", "add_row", "retire_row", "complete_list", "attach"}
        now = {key: state.status for key, state in self.begun.steps.items()}
        for event in self.events:
            step = str(event.refs.get("step", ""))
            if event.kind in begins and now[step] is Status.OPEN and event.refs.get("with", "submit") == "submit":
                now[step] = Status.IN_HAND
            if "from" in event.refs and "to" in event.refs:
                assert now[step] == event.refs["from"], event
                now[step] = Status(str(event.refs["to"]))
        return now

    # anything at all

    def wander(self, choices: Choices) -> None:
        """One thing that somebody tries; a refusal leaves no trace."""
        before = self.f
        self.today += timedelta(days=choices.below(9))
        try:
            choices.one(
                (self.something_honest,) * 6
                + (self.some_answer,) * 4
                + (self.some_slot, self.some_decision, self.some_step_act, self.some_task) * 2
                + (self.some_row,)
                + (self.anything,) * 3
            )(choices)
        except Conflict:
            pass
        except Refused as refused:
            self.told.add(refused.sentence)
        except AssertionError as nobody:
            if "nobody can do" not in str(nobody):
                raise
        assert self.f is before or self.f.version > before.version

    def set_out(self, choices: Choices, most: int = 150) -> None:
        """Honest people with some facts of their own do the first part of the way, so that others wander from there."""
        wanted, drawn = self.facts, {}
        for fact in DECIDING:
            if choices.below(3) == 0 and fact not in DECIDING_FORM:
                drawn[fact] = self.some_value(self.pathway.questions[fact], choices)
        self.facts = {**wanted, **drawn}
        for _ in range(choices.below(most)):
            self.today += timedelta(days=3)
            if self.f.launched or not any(self.patient(key) for key in self.pathway.steps):
                break
        self.facts = wanted

    def something_honest(self, choices: Choices) -> None:
        """Work on one of the steps that can be worked on."""
        able = [k for k in self.pathway.steps if self.f.steps[k].applies is YES and not self.f.steps[k].waits_for]
        at = choices.below(len(able))
        for key in (*able[at:], *able[:at]):
            if self.work(key):
                return

    def some_answer(self, choices: Choices) -> None:
        """A question of a step that anybody has begun or may begin, answered by owner or helper."""
        deciding = [k for k in DECIDING if k in self.pathway.questions]
        asked = list(self.pathway.questions) if choices.below(3) == 0 else deciding
        key = choices.one(k for k in asked if k in self.pathway.asker)
        question, step = self.pathway.questions[key], self.pathway.steps[self.pathway.asker[key]]
        by = name_of(choices.one((step.owner, *step.helpers)), 1 + choices.below(2))
        confirm = self.gates if choices.below(2) else ()
        self.do(by, acts.Answer(fact=key, value=self.some_value(question, choices), confirm=confirm))

    def some_value(self, question: Question, choices: Choices) -> str:
        """Any value that the question takes."""
        if choices.below(5) == 0:
            return NOT_KNOWN
        match question.type:
            case QuestionType.YES_NO:
                return str(choices.one(("yes", "no")))
            case QuestionType.CHOICE:
                return str(choices.one(question.choices))
            case QuestionType.NUMBER | QuestionType.MONEY:
                low, high = int(question.at_least or 0), int(question.at_most or 120)
                return str(low + choices.below(max(high - low, 1)))
            case QuestionType.DATE:
                return (self.today - timedelta(days=choices.below(400))).isoformat()
            case _:
                return f"words {choices.below(4)}"

    def some_row(self, choices: Choices) -> None:
        """A row more or less in a list, or the list complete."""
        key = choices.one(self.pathway.lists)
        records, step = self.pathway.lists[key], self.pathway.steps[self.pathway.asker[key]]
        by, row = name_of(step.owner, 1 + choices.below(2)), f"r{1 + choices.below(3)}"
        match choices.below(3):
            case 0:
                values = {c.key: self.some_value(c, choices) for c in records.columns.values()}
                self.do(by, acts.AddRow(list=key, row=row, values=values))
            case 1:
                self.do(by, acts.RetireRow(list=key, row=row))
            case _:
                self.do(by, acts.CompleteList(list=key))

    def in_status(self, choices: Choices, *statuses: Status) -> str:
        """A step in one of these statuses, any where there is none."""
        return str(choices.one([k for k, s in self.f.steps.items() if s.status in statuses] or self.f.steps))

    def some_slot(self, choices: Choices) -> None:
        """A slot of something put forward, answered by somebody who might."""
        open_slots = [a for a, x in self.f.approvals.items() if self.status(a[0]) is Status.SUBMITTED]
        at = choices.one(open_slots or self.f.approvals or [("vision", "colleague", "")])
        step, slot = self.pathway.steps[at[0]], next(s for s in self.pathway.steps[at[0]].slots if s.key == at[1])
        by = name_of(choices.one(slot_parties(slot)), 1 + choices.below(2))
        where = {"step": at[0], "slot": at[1], "organisation": at[2]}
        match choices.below(5):
            case 0:
                self.do(by, acts.Take(**where))
            case 1 | 2:
                self.do(by, acts.Return(**where, reason="not so"))
            case 3:
                self.do(by, acts.Approve(**where, happened_on=on(self.today)))
            case _:
                held = choices.one(self.pathway.steps)
                holds = choices.one((Holds.STEP, Holds.NONE))
                condition = Condition(f"c{self.f.events}", "Show it", name_of(step.owner), None, holds, held)
                self.do(by, acts.ApproveSubjectTo(**where, conditions=(condition,), happened_on=on(self.today)))

    def some_decision(self, choices: Choices) -> None:
        """A body decides something, here or outside, early or in its turn."""
        bodies = [
            (s, slot)
            for key, s in self.pathway.steps.items()
            for slot in s.slots
            if slot.body is not None and self.status(key) not in FINISHED
        ]
        if not bodies:
            return
        step, slot = choices.one(bodies[:6])
        organisation = "host" if slot.each_host else ""
        by = name_of(choices.one(slot_parties(slot)), 1 + choices.below(2))
        if choices.below(3) == 0:
            who = choices.one(self.f.members).person
            self.do(who, acts.CheckDecision(step=step.key, slot=slot.key, organisation=organisation))
            return
        outcome = choices.one((*DecisionOutcome, DecisionOutcome.YES, DecisionOutcome.YES))
        minute = self.attach(step.key, With.RECORD_DECISION, by)
        conditions = (Condition(f"d{self.f.events}", "Show it", name_of(step.owner), None),)
        decision = acts.RecordDecision(
            step=step.key, slot=slot.key, organisation=organisation, outcome=outcome, decided_on=on(self.today),
            minute=minute, reason="so they said", outside=bool(choices.below(2)),
            next_on=self.today + timedelta(days=30),
            conditions=conditions if outcome in (DecisionOutcome.PARTLY, DecisionOutcome.YES_SUBJECT_TO) else (),
        )  # fmt: skip
        self.do(by, decision)

    def some_step_act(self, choices: Choices) -> None:
        """A step opened again, confirmed, waived, withdrawn, put right, handed over; a file out; a date planned."""
        done = self.in_status(choices, Status.APPROVED, Status.WAIVED)
        carried_out = [k for k in self.frozen if self.status(k) is Status.APPROVED]
        kind = choices.below(10)
        key = {
            0: done,
            1: done,
            2: done,
            3: choices.one([k for k, s in self.pathway.steps.items() if s.optional]),
            4: self.in_status(choices, Status.SUBMITTED),
            5: choices.one(carried_out or self.f.steps),
        }.get(kind, self.in_status(choices, Status.OPEN, Status.IN_HAND))
        step = self.pathway.steps[key]
        by = name_of(step.owner, 1 + choices.below(2))
        match kind:
            case 0 | 1:
                self.do(by, acts.Reopen(step=key, reason="look again"))
            case 2:
                self.do(by, acts.Confirm(step=key, reason="still right"))
            case 3:
                self.do(by, acts.Waive(step=key, reason="not needed"))
            case 4:
                submission = self.f.submissions.get(key)
                self.do(submission.by if submission else by, acts.Withdraw(step=key))
            case 5:
                self.do(by, acts.OpenPutRight(step=key, reason="it was filed wrong"))
            case 6:
                self.do(by, acts.HandOver(step=key, to=name_of(step.owner, 1 + choices.below(2))))
            case 7:
                file = choices.one([*(e for e in self.f.evidence.values()), None])
                if file is not None:
                    gates = (file.step,)
                    self.do(file.by, acts.TakeOut(step=file.step, key=file.key, reason="the wrong one", confirm=gates))
            case 8:
                day = on(self.today + timedelta(days=choices.below(700)))
                milestone = choices.one(Milestone)
                self.do("staff_lead-group-1", acts.Plan(milestone=milestone, day=day, reason="it moves"))
            case _:
                adopted = (acts.AdoptedStep(key, on(self.today)),)
                self.do("staff_lead-group-1", acts.Adopt(steps=adopted))

    def some_task(self, choices: Choices) -> None:
        """A task of the group's own, done, or taken back."""
        owner = choices.one(self.f.members).person
        task = choices.one([*self.f.tasks.values(), None])
        match choices.below(3):
            case 0:
                held = choices.one(self.pathway.steps)
                laid = acts.LayTask(
                    key=f"t{self.f.events}", title="Do it", owner=owner, holds=Holds.STEP, holds_key=held
                )
                self.do("staff_member-group-1", laid)
            case 1 if task is not None:
                self.do(task.owner, acts.Done(task=task.key))
            case _ if task is not None:
                self.do(choices.one(self.f.members).person, acts.Accept(task=task.key))

    def anything(self, choices: Choices) -> None:
        """Any act with any arguments by anybody: done or refused, never anything else."""
        kind = choices.one(move.act for move in moves.ACTS.values())
        if kind in (acts.End, acts.EndRole):
            return  # after which nobody reaches a launch: tried one by one in test_moves
        hints = get_type_hints(kind)
        values = {f.name: self.argument(f.name, hints[f.name], choices) for f in fields(kind)}
        by = choices.one([m.person for m in self.f.members] + ["a-stranger"])
        self.do(by, kind(**values))

    def argument(self, name: str, hint: Any, choices: Choices) -> Any:
        """Something of the right type, right or wrong."""
        pools: dict[str, Callable[[], Any]] = {
            "seen": lambda: choices.one((None, None, 0, 7)),
            "step": lambda: choices.one((*self.pathway.steps, *HOSTILE)),
            "slot": lambda: choices.one(("", "", "sponsor", "host_board", *HOSTILE)),
            "organisation": lambda: choices.one(("", "host", *HOSTILE)),
            "fact": lambda: choices.one((*self.pathway.questions, *HOSTILE)),
            "value": lambda: choices.one((NOT_KNOWN, *HOSTILE)),
            "list": lambda: choices.one((*self.pathway.lists, *HOSTILE)),
            "row": lambda: choices.one(("", "r1", *HOSTILE)),
            "confirm": lambda: choices.one(((), ("permission_given",))),
            "person": lambda: choices.one(self.f.members).person,
            "to": lambda: choices.one(self.f.members).person,
            "of": lambda: choices.one(self.f.members).person,
            "owner": lambda: choices.one(self.f.members).person,
            "task": lambda: choices.one((*self.f.tasks, *HOSTILE)),
            "sha256": lambda: hashlib.sha256(bytes([choices.below(9)])).hexdigest(),
            "holds_key": lambda: choices.one((*self.pathway.steps, *Milestone, *HOSTILE)),
            "documents": lambda: self.some_documents(choices),
            "facts_seen": lambda: choices.one(("", facts_fingerprint(self.f))),
            "document": lambda: DocumentRef("business_case", "riverside/D09/1", "0" * 64),
            "steps": lambda: (acts.AdoptedStep(choices.one((*self.pathway.steps, *HOSTILE)), on(self.today)),),
            "conditions": lambda: (Condition("k", "Show it", choices.one(self.f.members).person, None),),
            "values": lambda: {choices.one(("name", *HOSTILE)): choices.one(HOSTILE)},
            "points": lambda: (),
        }
        if name in pools:
            return pools[name]()
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return choices.one(hint)
        text = str(hint)
        if "Span" in text:
            return choices.one((on(self.today), Span(None, None), on(self.today + timedelta(days=40))))
        if "date" in text:
            return choices.one((self.today, self.today + timedelta(days=20)))
        if hint is bool:
            return bool(choices.below(2))
        assert hint is str or not is_dataclass(hint), (name, hint)
        return choices.one(("", "a word", *HOSTILE))

    def some_documents(self, choices: Choices) -> tuple[DocumentRef, ...]:
        """Papers of whatever step, or none."""
        key = choices.one(self.pathway.steps)
        wanted = documents_wanted(self.desk(""), self.pathway.steps[key])
        return tuple(DocumentRef(p.document, f"riverside/x/{self.f.events}", "0" * 64, printed=True) for p in wanted)

    # patient people

    def reach_launch(self, most: int = 300) -> None:
        """From here on everybody is honest, patient and knows everything: the company is launched."""
        for _ in range(most):
            if self.f.launched and self.status("go_live") is Status.APPROVED:
                return
            self.today += timedelta(days=3)
            if not sum(self.patient(key) for key in self.pathway.steps) and not self.learn():
                break
        assert self.status("go_live") is Status.APPROVED, self.stuck() + f" refused: {self.last}"

    last: Refused | None = None

    def patient(self, key: str) -> bool:
        """Work on a step; what is refused is taken back and done by others."""
        version = self.f.version
        try:
            self.work(key)
        except Refused as refused:
            self.last = refused
            if refused.code in (Refusal.FOUR_EYES, Refusal.NOT_PERMITTED):
                self.start_over(key)
        except AssertionError as nobody:
            if "nobody can do" not in str(nobody):
                raise
            self.start_over(key)
        return self.f.version > version

    def start_over(self, key: str) -> None:
        """Nobody is left to answer what was put forward: it comes back, and one person says and files everything."""
        if self.status(key) is not Status.SUBMITTED:
            return
        submission = self.f.submissions[key]
        if submission.by and self.refused(submission.by, acts.Withdraw(step=key)) is None:
            self.do(submission.by, acts.Withdraw(step=key))
        owner = name_of(self.pathway.steps[key].owner)
        for asked in self.pathway.steps[key].asks:
            answer = self.f.answers.get((asked.key, ""))
            if answer is not None and answer.by != owner and self.desk(owner).reading.asked(asked.key) is YES:
                self.do(owner, acts.Answer(fact=asked.key, value=answer.text, confirm=self.gates))
        for row in tuple(self.f.rows.values()):
            if self.pathway.asker[row.list] == key and not row.retired:
                subject = f"{row.list}/{row.key}"
                said = {c: a.text for (c, s), a in self.f.answers.items() if s == subject}
                self.do(owner, acts.AddRow(list=row.list, row=row.key, values=said, confirm=self.gates))
        for file in tuple(self.f.evidence.values()):
            if file.step == key and not file.taken_out and file.comes_with == With.SUBMIT and file.by != owner:
                self.do(owner, acts.TakeOut(step=key, key=file.key, reason="attached by the wrong person"))

    def answer_all(self, key: str, by: str) -> None:
        """Tasks that hold the step are done first; "we do not know" is asked again; rows are made whole."""
        for task in tuple(self.f.tasks.values()):
            reaches = self.pathway.steps[key].reaches
            if task.held and task.holds_key in (key, reaches.value if reaches else ""):
                self.finish_task(task.key)
        step = self.pathway.steps[key]
        for fact in DECIDING_FORM:
            if self.pathway.asker[fact] == key and self.desk(by).reading.fact(fact) not in (None, self.facts[fact]):
                self.say(fact, by)
        for asked in step.asks:
            answer = self.f.answers.get((asked.key, ""))
            if answer is not None and answer.text == NOT_KNOWN and self.desk(by).reading.asked(asked.key) is YES:
                self.say(asked.key, by)
        for _ in range(3):
            for asked in step.asks:
                reading = self.desk(by).reading
                if reading.asked(asked.key) is YES and not reading.answered(asked.key):
                    self.say(asked.key, by)
            for asked in step.lists:
                reading = self.desk(by).reading
                if reading.asked(asked.key) is YES and not reading.complete(asked.key):
                    self.fill(asked.key, by)
        self.attach(key, With.SUBMIT, by)

    def fill(self, name: str, by: str) -> None:
        """Every row that is there is made whole, as many as are wanted are added."""
        records = self.pathway.lists[name]
        kept = [r.key for r in self.f.rows.values() if r.list == name and not r.retired]
        rows = [*kept, *(f"n{n}" for n in range(max(records.at_least, 1) - len(kept)))]
        for row in rows:
            values = {c.key: self.value(c) for c in records.columns.values()}
            self.do(by, acts.AddRow(list=name, row=row, values=values, confirm=self.gates))
        self.do(by, acts.CompleteList(list=name, confirm=self.gates))

    def say(self, fact: str, by: str) -> None:
        """The answer that a test wants, else the first that is possible."""
        question = self.pathway.questions[fact]
        others = ("yes", "no") if question.type is QuestionType.YES_NO else tuple(question.choices)
        for value in (self.value(question), *others, "50", "1"):
            act = acts.Answer(fact=fact, value=value, confirm=self.gates)
            refused = self.refused(by, act)
            if refused is None:
                self.do(by, act)
                return
            if refused.code not in (Refusal.IMPOSSIBLE, Refusal.INVALID_VALUE):
                break
        self.do(by, acts.Answer(fact=fact, value=self.value(question), confirm=self.gates))

    def learn(self) -> bool:
        """Find out what was said to be unknown and holds something up; free what a task holds."""
        version = self.f.version
        for key in DECIDING_FORM:
            answer = self.f.answers.get((key, ""))
            if answer is not None and answer.text != self.facts[key]:
                self.say(key, name_of(self.pathway.steps[self.pathway.asker[key]].owner))
        for fact in DECIDING:
            asker = self.pathway.asker.get(fact)
            answer = self.f.answers.get((fact, ""))
            if asker and (answer is None or answer.text == NOT_KNOWN) and self.desk("").reading.asked(fact) is YES:
                self.say(fact, name_of(self.pathway.steps[asker].owner))
        return self.f.version > version


DECIDING = (
    "nation", "host_kind", "route", "sector", "staff_transferring", "personal_data", "premises", "recognised_union",
    "existing_representatives", "employees_challenging", "window_published", "legal_form", "charity_status_wanted",
    "ownership_model", "pension_scheme", "employer_headcount", "new_body_headcount", "host_as_member",
    "measures_envisaged", "host_measures_envisaged", "representatives_invited", "tupe_information_route",
    "unrepresented_groups", "standstill_needed", "agency_workers_number",
)  # fmt: skip
DECIDING_FORM = ("charity_status_wanted", "legal_form")


def waiting(people: Wanderers) -> Iterator[str]:
    """What somebody is waited for, with the people: nothing stands still in silence."""
    found = awaited.compute(people.pathway, people.f, people.desk("").reading, people.today, due={}, legal={})
    for entry in found.values():
        assert entry.step in people.pathway.steps or entry.what in ("task", "accept", "answer"), entry
        if awaited.people_for(people.pathway, people.f, entry, people.today):
            yield entry.key


__all__ = ["MAYBE", "NO", "Choices", "SlotState", "TaskState", "Wanderers", "waiting"]
