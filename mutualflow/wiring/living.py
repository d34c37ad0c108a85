"""Living a sample: each row of its history done by the person whose act it is, through the services, day by day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import groupby

from sqlalchemy import Connection

from mutualflow.domain.acts import Act, Attach, Done, RecordAnswer, RecordDecision
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Formation, Membership, Organisation
from mutualflow.domain.history import Happening, History
from mutualflow.domain.pathway import say
from mutualflow.domain.spans import Span
from mutualflow.domain.spelling import act_of, condition_of, holds_of
from mutualflow.services import pathways, starting
from mutualflow.services.acting import LONDON
from mutualflow.storage import formations
from mutualflow.storage.people import Person
from mutualflow.wiring import papers
from mutualflow.wiring.app import App

PEOPLE = ("to", "of", "owner", "person", "stand_in", "successor")
"""Arguments that name somebody of the file."""

SKIPPED = frozenset(
    {"date", "move", "by", "refused", "note", "seen", "recorded_by", "machine", "decision", "before", "after"}
)


class Unlike(Exception):
    """The sample did not go as its file says; the sentence names the line."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row as it went, for who watches: who tried what, the events it left, and why it was refused as expected."""

    on: date
    words: str = ""  # of what was refused
    refused: str = ""
    note: str = ""
    events: tuple[int, ...] = ()  # numbers in the formation's history


def begin(app: App, history: History) -> Formation:
    """Start the sample's formation on its first day, with its people and organisations."""
    first = _day(history.happened[0].on)
    members = tuple(
        Membership(
            person=history.person(p.key),
            role=r.role,
            side=r.side,
            since=p.since.earliest or first,
            organisation=history.organisation(r.organisation),
            until=p.until.earliest if p.until else None,
            invited_by=history.person(history.people[0].key),
            confirmed_by=history.person(history.people[0].key),
        )
        for p in history.people
        for r in p.roles
    )
    organisations = tuple(
        Organisation(history.organisation(o.key), o.name, o.kind, o.part) for o in history.organisations if o.part
    )
    new = starting.Start(history.case, history.title, history.kind, history.nation, members, organisations)
    people = [Person(history.person(p.key), p.name, f"{p.key}@{history.case}.example.org") for p in history.people]

    def use_case(db: Connection) -> Formation:
        starting.keep_people(db, people)
        return starting.start(
            db, new, by=history.person(history.people[0].key), now=moment(first), law=app.law, via="replay", today=first
        )

    return app.write(use_case)


def days(history: History) -> Iterator[tuple[date, tuple[Happening, ...]]]:
    """The days of the sample in order, each with its rows as written."""
    for day, rows in groupby(sorted(history.happened, key=lambda h: _day(h.on)), key=lambda h: _day(h.on)):
        yield day, tuple(rows)


def _day(span: Span) -> date:
    if span.earliest is None:
        raise Unlike("a sample needs a day for every row")
    return span.earliest


def moment(day: date) -> datetime:
    """Nine in the morning in London: when a sample's people act."""
    return datetime.combine(day, time(9), LONDON).astimezone(UTC)


def live(app: App, history: History, row: Happening) -> Told:
    """Do one row; Unlike where it goes otherwise than the file says."""
    said, day = row.row, _day(row.on)
    note = str(said.get("note", ""))
    if "machine" in said or not ({"move", "decision"} & set(said)):
        return Told(day, note=note)
    expected = str(said.get("refused", ""))
    before = app.read(formations.heads) if expected else {}
    try:
        by, act = _act(app, history, said, day)
        file = _file(history, act)
        acted = papers.act(app, history.case, act, by=by, now=moment(day), via="replay", today=day, file=file)
    except Refused as refused:
        if refused.code.value != expected:
            raise Unlike(f"line {row.line}: refused as {refused.code.value}: {refused.sentence}") from refused
        if app.read(formations.heads) != before:
            raise Unlike(f"line {row.line}: it was refused and left something behind") from refused
        return Told(day, _words(app, history, said), refused.sentence, note)
    if expected:
        raise Unlike(f"line {row.line}: this should have been refused as {expected} and was done")
    return Told(day, note=note, events=tuple(e.number for e in acted.moved.events))


def _act(app: App, history: History, said: Mapping[str, object], day: date) -> tuple[str, Act]:
    if "decision" in said:
        return _decision(app, history, said, day)
    words = {k: v for k, v in said.items() if k not in SKIPPED}
    name = str(said["move"])
    words = _spelled(history, name, words)
    by = history.person(str(said["by"]))
    if name == "attach":
        words["name"] = f"{words['key']}.txt"
    act = act_of(name, words)
    if isinstance(act, (Done, RecordAnswer)):
        _attach_first(app, history, act, by, day, said)
    if str(said.get("seen", "")) == "stale":
        act = replace(act, seen=_revision(app, history, act) - 1)
    return by, act


def _spelled(history: History, name: str, words: dict[str, object]) -> dict[str, object]:
    """The file's short spellings as the act's own arguments."""
    if "row" in words and isinstance(words["row"], Mapping):
        row = words.pop("row")
        assert isinstance(row, Mapping)
        words["row"] = f"{row['list']}/{row['key']}"
    if "task" in words and isinstance(words["task"], Mapping):
        words["conditions"] = [words.pop("task")]
    if "tasks" in words:
        words["conditions"] = words.pop("tasks")
    if "conditions" in words:
        listed = words["conditions"]
        assert isinstance(listed, list)
        words["conditions"] = [_owned(history, condition_of(c)) for c in listed]
    if "holds" in words:
        words["holds"], words["holds_key"] = holds_of(words["holds"])
    if name == "lay_task" and "due" in words:
        words["due_on"] = words.pop("due")
    if "organisation" in words:
        words["organisation"] = history.organisation(str(words["organisation"]))
    for key in PEOPLE:
        if key in words and str(words[key]) != "nobody yet":
            words[key] = history.person(str(words[key]))
    return words


def _owned(history: History, condition: object) -> object:
    return replace(condition, owner=history.person(condition.owner))  # type: ignore[type-var,attr-defined]


def _decision(app: App, history: History, said: Mapping[str, object], day: date) -> tuple[str, Act]:
    """A decision row: who recorded it, what the body decided, with its minute attached first."""
    by = history.person(str(said.get("recorded_by", said.get("by"))))
    minute = str(said.get("evidence", ""))
    words: dict[str, object] = {
        "outcome": said["decision"],
        "decided_on": said.get("decided_on", day.isoformat()),
        "minute": minute,
    }
    for key in (
        "step",
        "slot",
        "votes",
        "next_on",
        "version",
        "delegations",
        "reason",
        "outside",
        "task",
        "tasks",
        "conditions",
    ):
        if key in said:
            words[key] = said[key]
    if said.get("of"):
        words["organisation"] = history.organisation(str(said["of"]))
    words = _spelled(history, "record_decision", {k: v for k, v in words.items() if k != "organisation"}) | (
        {"organisation": words["organisation"]} if "organisation" in words else {}
    )
    act = act_of("record_decision", words)
    assert isinstance(act, RecordDecision)
    if not _each_host(app, history, act):
        act = replace(act, organisation="")
    if minute:
        _attach(app, history, minute, act.step, by, day, "record_decision")
    return by, act


def _each_host(app: App, history: History, act: RecordDecision) -> bool:
    def use_case(db: Connection) -> bool:
        release = formations.release_of(db, history.case) or ""
        step = pathways.of(db, release).steps.get(act.step)
        return step is not None and any(s.each_host for s in step.slots)

    return app.read(use_case)


def _attach_first(app: App, history: History, act: Act, by: str, day: date, said: Mapping[str, object]) -> None:
    """A file that comes with the act is attached by the same person first."""
    if isinstance(act, RecordAnswer) and act.certificate:
        _attach(app, history, act.certificate, act.step, by, day, "record_answer")
    elif isinstance(act, Done) and act.evidence:
        task = app.read(lambda db: formations.load(db, history.case))
        held = task.tasks.get(act.task) if task else None
        step = str(said.get("step") or (held.step if held else ""))
        if step:
            _attach(app, history, act.evidence, step, by, day, "record_decision")


def _attach(app: App, history: History, key: str, step: str, by: str, day: date, comes_with: str) -> None:
    formation = app.read(lambda db: formations.load(db, history.case))
    if formation is None or key in formation.evidence:
        return
    pathway = app.read(lambda db: pathways.of(db, formation.release))
    brought = next((b.evidence for b in pathway.steps[step].brings if b.comes_with == comes_with), "")
    words = {"step": step, "key": key, "evidence": brought, "comes_with": comes_with, "name": f"{key}.txt"}
    attach = act_of("attach", words)
    file = _file(history, attach)
    papers.act(app, history.case, attach, by=by, now=moment(day), via="replay", today=day, file=file)


def _file(history: History, act: Act) -> bytes:
    """Bytes that stand for a file of the sample, and say so; none for acts that attach nothing."""
    if not isinstance(act, Attach):
        return b""
    return f"{act.key}\nInvented for the sample {history.case}. There is no such file.\n".encode()


def _revision(app: App, history: History, act: Act) -> int:
    """The revision of what an act is about to touch."""
    formation = app.read(lambda db: formations.load(db, history.case))
    if formation is None:
        raise Refused(Refusal.UNKNOWN_KEY, "There is no such formation.")
    fact = getattr(act, "fact", "")
    if fact:
        held = formation.answers.get((fact, getattr(act, "row", "")))
        return held.revision if held else 0
    return formation.steps[getattr(act, "step")].revision  # noqa: B009  # acts on a fact or on a step only


def _words(app: App, history: History, said: Mapping[str, object]) -> str:
    """A row in words: who does what to what, as somebody who watches would say it while it is tried."""
    who = str(said.get("recorded_by", said.get("by", "")))
    name = next((p.name for p in history.people if p.key == who), who)
    move = str(said.get("move", "record_decision"))
    what = next((str(said[key]) for key in ("step", "fact", "list", "task", "milestone") if key in said), "")

    def use_case(db: Connection) -> str:
        pathway = pathways.of(db, formations.release_of(db, history.case) or "")
        if what in pathway.steps:
            return say(pathway.steps[what].title)
        if what in pathway.questions:
            return say(pathway.questions[what].label)
        if what in pathway.lists:
            return say(pathway.lists[what].label)
        return what.replace("_", " ")

    return f"{name}: {move.replace('_', ' ')} “{app.read(use_case)}”"
