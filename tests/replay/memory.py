"""A sample lived in memory: each row through the same acts and core, without a database, papers or files."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from mutualflow import rules
from mutualflow.domain import acts, moves
from mutualflow.domain.computed import recompute
from mutualflow.domain.desk import Desk, read
from mutualflow.domain.errors import Refused
from mutualflow.domain.formation import (
    DateKind,
    DocumentRef,
    Formation,
    Life,
    LifeState,
    Membership,
    MilestoneDate,
    Organisation,
    Status,
    StepState,
)
from mutualflow.domain.history import Happening, History, SaidState
from mutualflow.domain.law import LawBook
from mutualflow.domain.lived import record_of
from mutualflow.domain.pathway import Pathway, With
from mutualflow.domain.replay import judge
from mutualflow.domain.replayed import Replayed
from mutualflow.domain.spans import on
from mutualflow.domain.spelling import act_of
from mutualflow.domain.submitting import documents_wanted, facts_fingerprint
from mutualflow.wiring import histories, living
from tests.honest import real_pathway

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
SHA = "0" * 64


@cache
def law() -> LawBook:
    """The law that ships."""
    return LawBook(rules.load())


@cache
def sample() -> History:
    """The rich sample, read once."""
    return histories.load(SAMPLES / "homeless-health.yaml")


class Unrefused(Exception):
    """A row that says it is refused was done."""


@dataclass(frozen=True)
class Moment:
    """The formation before a row, and what was planned, reached and entered by then."""

    formation: Formation
    series: tuple[MilestoneDate, ...] = ()
    states: tuple[SaidState, ...] = ()


class Memory:
    """Lives rows from any moment on; moments are immutable, so that every spoilt file starts where it is spoilt."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.pathway: Pathway = real_pathway()
        self.law = law()
        self.rows = sorted(history.happened, key=lambda h: str(h.on.earliest))

    def first(self) -> Moment:
        """The formation on its first day."""
        history = self.history
        today = self.rows[0].on.earliest
        assert today is not None
        members = tuple(
            Membership(
                history.person(p.key), r.role, r.side, p.since.earliest or today,
                f"{history.case}.{r.organisation}" if r.organisation else "",
                confirmed_by=history.person(history.people[0].key),
            )
            for p in history.people
            for r in p.roles
        )  # fmt: skip
        organisations = {
            f"{history.case}.{o.key}": Organisation(f"{history.case}.{o.key}", o.name, o.kind, o.part)
            for o in history.organisations
            if o.part
        }
        steps = {k: StepState(k, Status.CLOSED if s.puts_right else Status.OPEN) for k, s in self.pathway.steps.items()}
        formation = Formation(
            key=history.case, name=history.title, kind=history.kind, release="r", version=0, head="", events=0,
            state=LifeState(Life.FORMING, today), steps=steps, members=members, organisations=organisations,
        )  # fmt: skip
        steps = recompute(read(self.pathway, formation, self.law.thresholds), steps)
        return Moment(replace(formation, steps=steps), states=(SaidState(on(today), "forming"),))

    def moments(self) -> list[Moment]:
        """The moment before each row, and the last one after all."""
        found = [self.first()]
        for row in self.rows:
            found.append(self.live(found[-1], row))
        return found

    def live(self, moment: Moment, row: Happening) -> Moment:
        """Do one row; Refused where it is refused otherwise than it says, Unrefused where it is not refused at all."""
        said, day = row.row, row.on.earliest
        assert day is not None
        if "machine" in said or not ({"move", "decision"} & set(said)):
            return moment
        expected = said.get("refused")
        try:
            done = self._do(moment.formation, said, day)
        except Refused as refused:
            if refused.code.value != expected:
                raise
            return moment
        if expected:
            raise Unrefused(f"line {row.line}")
        return _next(moment, done)

    def run(self, moment: Moment, rows: Iterable[Happening]) -> Moment:
        """Do several rows."""
        for row in rows:
            moment = self.live(moment, row)
        return moment

    def judged(self, moment: Moment) -> Replayed:
        """What the replay says of where it has come to."""
        until = on(max(d for r in self.rows if (d := r.on.latest) is not None))
        record = record_of(moment.formation, moment.series, moment.states, self.pathway, self.law, until)
        return judge(replace(self.history, form=record.form), record, self.pathway, self.law)

    def _desk(self, formation: Formation, by: str, day: date) -> Desk:
        moment = datetime.combine(day, time(9), UTC)
        return Desk(self.pathway, formation, by=by, now=moment, today=day, law=self.law.thresholds, via="test")

    def _do(self, formation: Formation, said: Mapping[str, object], day: date) -> Formation:
        by = self.history.person(str(said.get("recorded_by", said.get("by"))))
        if "decision" in said:
            act = self._decision(said, day)
            formation = self._with_file(formation, str(said.get("evidence", "")), act.step, by, day, "record_decision")
        else:
            act, formation = self._plain(formation, said, by, day)
        return moves.perform(self._desk(formation, by, day), self._ready(formation, act, by, day)).after

    def _plain(
        self, formation: Formation, said: Mapping[str, object], by: str, day: date
    ) -> tuple[acts.Act, Formation]:
        name = str(said["move"])
        words = living._spelled(self.history, name, {k: v for k, v in said.items() if k not in living.SKIPPED})
        if name == "attach":
            words |= {"sha256": hashlib.sha256(str(words["key"]).encode()).hexdigest(), "name": str(words["key"])}
        act = act_of(name, words)
        if isinstance(act, acts.RecordAnswer) and act.certificate:
            formation = self._with_file(formation, act.certificate, act.step, by, day, "record_answer")
        if isinstance(act, acts.Done) and act.evidence:
            held = formation.tasks.get(act.task)
            if held is not None and held.step:
                formation = self._with_file(formation, act.evidence, held.step, by, day, "record_decision")
        if said.get("seen") == "stale":
            fact = getattr(act, "fact", "")
            seen = formation.answers[(fact, "")].revision if fact else formation.steps[getattr(act, "step")].revision  # noqa: B009
            act = replace(act, seen=seen - 1)
        return act, formation

    def _decision(self, said: Mapping[str, object], day: date) -> acts.RecordDecision:
        keys = ("step", "slot", "votes", "reason", "outside", "task", "tasks", "conditions", "delegations", "next_on")
        words: dict[str, object] = {k: said[k] for k in keys if k in said}
        words |= {
            "outcome": said["decision"],
            "decided_on": said.get("decided_on", day.isoformat()),
            "minute": said.get("evidence", ""),
        }
        act = act_of("record_decision", living._spelled(self.history, "record_decision", words))
        assert isinstance(act, acts.RecordDecision)
        step = self.pathway.steps.get(act.step)
        if said.get("of") and step is not None and any(s.each_host for s in step.slots):
            act = replace(act, organisation=f"{self.history.case}.{said['of']}")
        return act

    def _with_file(self, formation: Formation, key: str, step: str, by: str, day: date, comes_with: str) -> Formation:
        if not key or key in formation.evidence or step not in self.pathway.steps:
            return formation
        brought = next((b.evidence for b in self.pathway.steps[step].brings if b.comes_with == With(comes_with)), "")
        sha = hashlib.sha256(key.encode()).hexdigest()
        act = acts.Attach(step=step, key=key, evidence=brought, sha256=sha, name=key, comes_with=comes_with)
        return moves.perform(self._desk(formation, by, day), act).after

    def _ready(self, formation: Formation, act: acts.Act, by: str, day: date) -> acts.Act:
        """The act with the papers that a face would have made."""
        if isinstance(act, acts.Submit) and act.step in self.pathway.steps:
            desk = self._desk(formation, by, day)
            wanted = documents_wanted(desk, self.pathway.steps[act.step])
            papers = tuple(DocumentRef(p.document, f"x/{p.catalogue}/1", SHA, printed=True) for p in wanted)
            return replace(act, documents=papers, facts_seen=facts_fingerprint(formation))
        if isinstance(act, acts.KeepVersion):
            return replace(act, document=DocumentRef(act.document.document, "x/1", SHA, printed=True))
        return act


def _next(moment: Moment, formation: Formation) -> Moment:
    before = moment.formation
    new = [d for at, d in formation.dates.items() if before.dates.get(at) is not d and d.kind is not DateKind.FORECAST]
    states = moment.states
    if formation.state.life is not before.state.life:
        s = formation.state
        states = (*states, SaidState(on(s.since), s.life.value, str(s.outcome or ""), s.reason))
    return Moment(formation, (*moment.series, *new), states)
