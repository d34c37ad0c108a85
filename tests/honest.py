"""Honest people: they hold every role, answer what is asked, and do whatever is next until the company is launched."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from mutualflow.documents import library
from mutualflow.domain import acts, moves
from mutualflow.domain.applies import Thresholds
from mutualflow.domain.checks import slot_parties
from mutualflow.domain.computed import recompute
from mutualflow.domain.desk import Desk, Law, read
from mutualflow.domain.errors import Refused
from mutualflow.domain.formation import (
    FINISHED,
    DecisionOutcome,
    DocumentRef,
    Event,
    Formation,
    Kind,
    Life,
    LifeState,
    Membership,
    Organisation,
    SlotState,
    Status,
    StepState,
    TaskState,
)
from mutualflow.domain.keys import Body, Milestone, OrganisationKind, Part, Role, Side
from mutualflow.domain.pathway import Party, Pathway, Question, QuestionType, With
from mutualflow.domain.spans import Span, on
from mutualflow.domain.submitting import documents_wanted, facts_fingerprint, open_files
from mutualflow.domain.tri import NO, YES
from mutualflow.wiring import publishing

START = date(2023, 9, 4)
FEES_SINCE = date(2024, 5, 1)
"""The first day for which a register's fee is on file: honest people send nothing before it."""


@cache
def real_pathway() -> Pathway:
    """The pathway of this installation, compiled."""
    return publishing.pathway(library.load_all()).pathway


def plain_law(spans: Mapping[str, Span]) -> Thresholds:
    """A law without history: fifty and ten."""
    known = {"tupe_direct_employer": (50,), "tupe_direct_transferring": (10,), "cic_registration_fee": (65,)}
    return lambda rule: known.get(rule, ())


def parties(pathway: Pathway) -> list[Party]:
    """Every role and side that the pathway ever needs."""
    found: dict[Party, None] = {}
    for step in pathway.steps.values():
        for party in (step.owner, *step.helpers):
            found[party] = None
        for slot in step.slots:
            found.update(dict.fromkeys(slot_parties(slot)))
    return list(found)


def name_of(party: Party, n: int = 1) -> str:
    """The person who holds a role: "hr_adviser-host-1"."""
    return f"{party.role.value}-{party.side.value}-{n}"


def new_formation(pathway: Pathway, *, law: Law = plain_law, today: date = START) -> Formation:
    """A formation on its first day, with two people in every role and one host."""
    members = tuple(
        Membership(
            person=name_of(p, n), role=p.role, side=p.side, since=today, confirmed_by="manager",
            organisation="host" if p.side is Side.HOST else "",
        )
        for p in parties(pathway)
        for n in (1, 2)
    )  # fmt: skip
    members += (Membership("manager", Role.PROGRAMME_MANAGER, Side.INDEPENDENT, today, confirmed_by="manager"),)
    steps = {k: StepState(k, Status.CLOSED if s.puts_right else Status.OPEN) for k, s in pathway.steps.items()}
    formation = Formation(
        key="riverside", name="Riverside", kind=Kind.SAMPLE, release="r", version=0, head="", events=0,
        state=LifeState(Life.FORMING, today), steps=steps, members=members,
        organisations={"host": Organisation("host", "The host", OrganisationKind.NHS_BODY, Part.HOST)},
    )  # fmt: skip
    return replace(formation, steps=recompute(read(pathway, formation, law), steps))


class Honest:
    """A formation and the people who work on it. `facts` are answers that a test wants; all others are plausible."""

    def __init__(
        self,
        pathway: Pathway,
        facts: Mapping[str, str] | None = None,
        *,
        law: Law = plain_law,
        formation: Formation | None = None,
    ) -> None:
        self.pathway = pathway
        self.facts = dict(facts or {})
        self.law = law
        self.f = formation or new_formation(pathway, law=law)
        self.today = START
        self.log: list[tuple[str, acts.Act]] = []
        self.newest: dict[str, Event] = {}

    def desk(self, by: str) -> Desk:
        """A desk for somebody today."""
        moment = datetime.combine(self.today, datetime.min.time(), UTC)
        return Desk(
            self.pathway, self.f, by=by, now=moment, today=self.today, law=self.law, via="test", lately=self.newest.get
        )

    def do(self, by: str, act: acts.Act) -> None:
        """Do an act, or raise Refused and change nothing."""
        moved = moves.perform(self.desk(by), act)
        self.f = moved.after
        self.remember(moved.events)
        self.log.append((by, act))

    def remember(self, events: Iterable[Event]) -> None:
        """The newest line about each step: what tells an act that is sent twice."""
        self.newest |= {str(event.refs["step"]): event for event in events if "step" in event.refs}

    def refused(self, by: str, act: acts.Act) -> Refused | None:
        """The refusal of an act that must leave nothing behind."""
        before = self.f
        try:
            moves.perform(self.desk(by), act)
        except Refused as refusal:
            assert self.f is before
            return refusal
        return None

    def status(self, step: str) -> Status:
        """Where a step stands."""
        return self.f.steps[step].status

    # honest work

    def answer_all(self, key: str, by: str) -> None:
        """Answer every question of a step, fill its lists and attach its files."""
        step = self.pathway.steps[key]
        for _ in range(3):  # an answer may bring further questions
            reading = self.desk(by).reading
            for asked in step.asks:
                if reading.asked(asked.key) is YES and not reading.answered(asked.key):
                    self.do(by, acts.Answer(fact=asked.key, value=self.value(self.pathway.questions[asked.key])))
                    reading = self.desk(by).reading
            for asked in step.lists:
                if reading.asked(asked.key) is YES and not reading.complete(asked.key):
                    self.fill(asked.key, by)
                    reading = self.desk(by).reading
        self.attach(key, With.SUBMIT, by)

    def fill(self, name: str, by: str) -> None:
        """A list with as many rows as it needs, declared complete."""
        records = self.pathway.lists[name]
        for n in range(max(records.at_least, 1)):
            values = {c.key: self.value(c) for c in records.columns.values()}
            self.do(by, acts.AddRow(list=name, row=f"r{n + 1}", values=values))
        self.do(by, acts.CompleteList(list=name))

    def value(self, question: Question) -> str:
        """A plausible answer."""
        if question.key in self.facts:
            return self.facts[question.key]
        match question.type:
            case QuestionType.YES_NO:
                return "yes"
            case QuestionType.CHOICE:
                return next(iter(question.choices))
            case QuestionType.NUMBER | QuestionType.MONEY:
                low = question.at_least if question.at_least is not None else 20
                high = question.at_most if question.at_most is not None else 20
                return str(int(min(max(20, low), high)))
            case QuestionType.DATE:
                return self.today.isoformat()
            case _:
                return f"words for {question.key.replace('_', ' ')}"

    def attach(self, key: str, comes_with: With, by: str) -> str:
        """Attach what a step still asks for with an act; the last file's key."""
        last = ""
        desk = self.desk(by)
        wanted = [b.evidence for b in open_files(desk, self.pathway.steps[key], comes_with)]
        if not wanted and comes_with is not With.SUBMIT:
            held = [e.key for e in self.f.evidence.values() if e.step == key and e.comes_with == comes_with.value]
            if held and comes_with is With.RECORD_ANSWER:
                return held[-1]
            wanted = [""]
        for evidence in wanted:
            last = f"{key}-{evidence or 'file'}-{self.f.events}"
            sha = hashlib.sha256(last.encode()).hexdigest()
            self.do(
                by,
                acts.Attach(step=key, key=last, evidence=evidence, sha256=sha, name=last, comes_with=comes_with.value),
            )
        return last

    def submit(self, key: str, by: str) -> None:
        """Put a step forward with its documents."""
        desk = self.desk(by)
        documents = tuple(
            DocumentRef(p.document, f"riverside/{p.catalogue}/{self.f.events}", "0" * 64, printed=True)
            for p in documents_wanted(desk, self.pathway.steps[key])
        )
        self.do(
            by,
            acts.Submit(
                step=key, documents=documents, facts_seen=facts_fingerprint(self.f), happened_on=on(self.today)
            ),
        )

    def work(self, key: str) -> bool:
        """One honest thing on a step; False when there is nothing to do."""
        step, state = self.pathway.steps[key], self.f.steps[key]
        if state.applies is not YES or state.waits_for or state.status is Status.CLOSED:
            return False
        owner = name_of(step.owner)
        if state.status in (Status.OPEN, Status.IN_HAND):
            for task in self.f.tasks.values():
                if task.held and task.holds_key in (key, step.reaches.value if step.reaches else ""):
                    self.finish_task(task.key)
            self.answer_all(key, owner)
            self.submit(key, owner)
            return True
        if state.status is Status.SUBMITTED:
            return self.answer_slots(key)
        if state.status in FINISHED and state.overtaken and not self.f.launched:
            act = acts.Confirm(step=key, reason="looked at again and still right")
            if self.refused(owner, act) is None:
                self.do(owner, act)
                return True
        return False

    def answer_slots(self, key: str) -> bool:
        """Every slot of a submitted step answered by who may."""
        step = self.pathway.steps[key]
        slots = {s.key: s for s in step.slots}
        mine = [a for a in self.f.approvals.values() if a.step == key]
        mine.sort(key=lambda a: slots[a.slot].body is Body.REGISTRAR)
        for approval in mine:
            if self.status(key) is not Status.SUBMITTED:
                return True
            slot = slots[approval.slot]
            if approval.state is SlotState.TO_BE_CHECKED:
                self.check(key, approval.slot, approval.organisation)
            elif approval.state is SlotState.WAITING and slot.body is Body.REGISTRAR:
                self.register(key)
            elif approval.state is SlotState.WAITING and slot.body is not None:
                self.decide(key, approval.slot, approval.organisation)
            elif approval.state is SlotState.WAITING:
                act = acts.Approve(step=key, slot=approval.slot, happened_on=on(self.today))
                self.first(slot_parties(slot), act)
        return True

    def first(self, wanted: tuple[Party, ...], act: acts.Act) -> str:
        """Let the first of these people who may do an act do it."""
        last: Refused | None = None
        for n in (2, 1):
            for party in wanted:
                last = self.refused(name_of(party, n), act)
                if last is None:
                    self.do(name_of(party, n), act)
                    return name_of(party, n)
        raise AssertionError(f"nobody can do {act}: {last}")

    def decide(self, key: str, slot: str, organisation: str, outcome: DecisionOutcome = DecisionOutcome.YES) -> None:
        """A body decides; its minute is attached and its decision recorded, and checked where that is asked."""
        spoken = slot_parties(next(s for s in self.pathway.steps[key].slots if s.key == slot))
        recorder = name_of(spoken[-1], 2)
        minute = self.attach(key, With.RECORD_DECISION, recorder)
        self.do(
            recorder,
            acts.RecordDecision(
                step=key, slot=slot, organisation=organisation, outcome=outcome, decided_on=on(self.today),
                minute=minute,
                reason="not now" if outcome is DecisionOutcome.NO else "",
            ),
        )  # fmt: skip
        at = (key, slot, organisation)
        if self.f.approvals[at].state is SlotState.TO_BE_CHECKED:
            self.check(key, slot, organisation)

    def check(self, key: str, slot: str, organisation: str) -> None:
        """Somebody of another side checks the minute."""
        self.first(tuple(parties(self.pathway)), acts.CheckDecision(step=key, slot=slot, organisation=organisation))

    def register(self, key: str) -> None:
        """Sent to the register on a day for which its fee is on file, and answered."""
        self.today = max(self.today, FEES_SINCE)
        owner = name_of(self.pathway.steps[key].owner)
        filing = self.f.filings.get(key)
        if filing is None or filing.answer:  # else it lies with the register already
            self.do(owner, acts.File(step=key, reference=f"REF-{self.f.events}"))
        certificate = self.attach(key, With.RECORD_ANSWER, owner)
        self.do(
            owner, acts.RecordAnswer(step=key, answer="registered", answered_on=on(self.today), certificate=certificate)
        )

    def finish_task(self, key: str) -> None:
        """Done by its owner, accepted by who laid it."""
        task = self.f.tasks[key]
        if task.state is TaskState.OPEN:
            self.do(task.owner, acts.Done(task=key))
        if task.slot:
            slot = next(s for s in self.pathway.steps[task.step].slots if s.key == task.slot)
            self.first(slot_parties(slot), acts.Accept(task=key))

    def walk(self, until: Milestone = Milestone.GO_LIVE, most: int = 400) -> None:
        """Do what is next, again and again, until a milestone's step is approved."""
        goal = self.pathway.reached_by[until]
        for _ in range(most):
            if self.status(goal) is Status.APPROVED:
                return
            self.today += timedelta(days=3)
            if not any(self.work(key) for key in self.pathway.steps):
                break
        assert self.status(goal) is Status.APPROVED, self.stuck()

    def stuck(self) -> str:
        """What is unfinished, for a failing test."""
        return "; ".join(
            f"{k}: {s.status.value} applies {s.applies.value} waits {','.join(s.waits_for)}"
            for k, s in self.f.steps.items()
            if s.status not in (Status.APPROVED, Status.WAIVED, Status.CLOSED) and s.applies is not NO
        )
