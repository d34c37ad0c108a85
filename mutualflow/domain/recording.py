"""Recording a history: what a record shows, put down line by line as moves of a formation that was not lived here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mutualflow.domain.computed import Requirements
from mutualflow.domain.desk import Desk, FactRow, Moved, title, words
from mutualflow.domain.formation import (
    Answer,
    Basis,
    DateKind,
    FactSource,
    Life,
    LifeState,
    MilestoneDate,
    Status,
    Submission,
)
from mutualflow.domain.ground import material
from mutualflow.domain.history import History
from mutualflow.domain.impossible import one_truth
from mutualflow.domain.keys import FORMS, Milestone, Outcome
from mutualflow.domain.material import say_date
from mutualflow.domain.pathway import Pathway, say
from mutualflow.domain.record import Record, gather, short
from mutualflow.domain.record import say as tell
from mutualflow.domain.replayed import Replayed
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.submitting import submission_hash

KIND = "history"
"""The kind of every event that records: its moves are the history's, its moment of recording is our clock."""
FORM, FORM_FACT = "form", "legal_form"
"""The first line after the start, where the record leaves the form open or gives none that is known here."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to record. `what`: form, fact, plan, actual, step, assumed, state or note; `key`: of what."""

    what: str
    key: str
    on: Span
    words: str
    value: str = ""
    source: str = ""
    review_on: date | None = None
    outcome: str = ""


def lines(history: History, replayed: Replayed, pathway: Pathway) -> tuple[Line, ...]:
    """Everything of a thin history as it happened; what is assumed stands before what rests on it."""
    record = gather(history, pathway)
    one_truth(record)
    found = [*_form(history, record), *_facts(history, record, pathway), *_plans(history)]
    dated = [
        *_steps(record, pathway, history),
        *_milestones(record, pathway, history),
        *_notes(history),
        *_states(record),
    ]
    dated.sort(key=lambda line: _place(line.on))
    left = [key for key in pathway.steps if key in replayed.assumed]
    for line in dated:
        if line.what == "step":
            needed = [key for key in left if key in pathway.behind[line.key]]
            left = [key for key in left if key not in needed]
            found += [_assumed(key, pathway) for key in needed]
        found.append(line)
    last = [_assumed(key, pathway) for key in left]
    end = next((n for n, line in enumerate(found) if line.value == Life.ENDED), len(found))
    return (*found[:end], *last, *found[end:])


def _place(on: Span) -> str:
    day = on.earliest or on.latest
    return day.isoformat() if day else "0000"


def _assumed(key: str, pathway: Pathway) -> Line:
    sentence = f"Nothing is recorded of {title(pathway, key)}; it is assumed, because of what came after."
    return Line("assumed", key, UNKNOWN_DAY, sentence)


def _form(history: History, record: Record) -> Iterator[Line]:
    """What the record says of the legal form, where that is not one form that was chosen."""
    if FORM_FACT in record.said:
        return
    names = [FORMS[form] for form in history.forms]
    match history.form:
        case "unknown":
            sentence = "The record does not say which legal form it was."
        case "none":
            sentence = "No legal form was taken, as far as the record shows."
        case "undecided":
            sentence = "The legal form had not been decided, as far as the record shows."
        case form if not names:
            sentence = f"In the words of the record: {form.partition(' ')[2] or form}."
        case _ if len(names) == 1:
            sentence = f"Planned as a {names[0]}; the record does not show that this was chosen."
        case _:
            listed = f"{', '.join(names[:-1])} or {names[-1]}"
            sentence = f"Either {listed}: the record does not say which."
    yield Line(FORM, FORM_FACT, UNKNOWN_DAY, sentence)


def _facts(history: History, record: Record, pathway: Pathway) -> Iterator[Line]:
    sources = {f.key: f for f in history.facts}
    for key, text in record.said.items():
        if key in pathway.questions and key in pathway.asker:
            said = sources.get(key)
            label = say(pathway.questions[key].label)
            yield Line(
                "fact", key, said.said_on if said else UNKNOWN_DAY, f"The record says of {label}: {words(text)}.", text,
                said.source if said else "",
            )  # fmt: skip
    for one in record.cannot_say:
        if one.about in sources and one.about not in record.said:
            yield Line("note", one.about, UNKNOWN_DAY, f"{words(one.about).capitalize()}: {one.why}")


def _plans(history: History) -> Iterator[Line]:
    for row in history.milestones:
        if row.planned is not None:
            sentence = f"{words(row.milestone).capitalize()} was planned for {say_date(short(row.planned))}."
            yield Line("plan", row.milestone, row.said_on, _with(sentence, row.note), str(row.planned), row.source)


def _steps(record: Record, pathway: Pathway, history: History) -> Iterator[Line]:
    said = {row.milestone: row for row in history.milestones if row.actual is not None}
    for key, on in record.done.items():
        reaches = pathway.steps[key].reaches
        row = said.get(reaches.value) if reaches else None
        sentence = f"The record shows {title(pathway, key)} as done {tell(on)}."
        source = (row.source if row else "") or _source(history, pathway, key)
        yield Line("step", key, on, _with(sentence, row.note if row else ""), "", source)
    for (key, act), on in record.acts.items():
        if act == "submitted" and key not in record.done:
            yield Line("note", key, on, f"The record shows {title(pathway, key)} as put forward {tell(on)}.")
    for key, on in record.refused_on.items():
        if key in pathway.steps:
            yield Line("note", key, on, f"The record shows a no to {title(pathway, key)} {tell(on)}.")


def _milestones(record: Record, pathway: Pathway, history: History) -> Iterator[Line]:
    said = {row.milestone: row for row in history.milestones if row.actual is not None}
    for key, on in record.actual.items():
        if Milestone(key) not in pathway.reached_by:
            row = said.get(key)
            sentence = f"The record shows {words(key)} {tell(on)}."
            source = (row.source if row else "") or _source(history, pathway, key)
            yield Line("actual", key, on, _with(sentence, row.note if row else ""), "", source)


def _source(history: History, pathway: Pathway, key: str) -> str:
    """Where the last row that tells of a step, of its milestone, or of a milestone without a step has it from."""
    step = pathway.steps.get(key)
    names = {key, step.reaches.value if step and step.reaches else key}
    found = ""
    for happened in history.happened:
        row = happened.row
        about = str(row.get("step", ""))
        filed = step is not None and step.files is not None and row.get("filing") == step.files.registrar.value
        if about in names or filed:
            found = str(row.get("source") or row.get("evidence") or found)
    return found


def _notes(history: History) -> Iterator[Line]:
    for row in history.happened:
        said = row.row
        source = str(said.get("source", said.get("evidence", "")))
        if "person" in said and "left" in said:
            sentence = f"{words(str(said['person'])).capitalize()} left: {said['left']}."
            yield Line("note", str(said["person"]), row.on, _with(sentence, str(said.get("note", ""))), "", source)
        elif "note" in said:
            yield Line("note", str(said.get("step", "")), row.on, str(said["note"]), "", source)


def _states(record: Record) -> Iterator[Line]:
    for state in record.states:
        review = state.review_on.earliest if state.review_on else None
        sentence = state.reason or f"The record shows it as {state.state}."
        yield Line("state", state.state, state.on, sentence, state.state, state.source, review, state.outcome)


def _with(sentence: str, note: str) -> str:
    return f"{sentence} {note}".strip()


def put_down(desk: Desk, line: Line) -> None:
    """Write one line of a record into a formation of kind history."""
    refs: dict[str, object] = {"what": line.what, **_refs(line)}
    if line.what in ("step", "assumed"):
        refs |= {"from": desk.f.steps[line.key].status.value, "to": Status.APPROVED.value}
    number = desk.event(KIND, refs, happened_on=short(line.on), text=line.words)
    match line.what:
        case "fact":
            _fact(desk, line, number)
        case "plan":
            _date(desk, line, DateKind.PLANNED, line.value, number)
        case "actual":
            _date(desk, line, DateKind.ACTUAL, str(line.on), number)
        case "step" | "assumed":
            _step(desk, line, number)
        case "state":
            _state(desk, line)


def _refs(line: Line) -> Mapping[str, object]:
    about = {"fact": "fact", "plan": "milestone", "actual": "milestone", "step": "step", "assumed": "step"}
    refs: dict[str, object] = {about.get(line.what, "about"): line.key}
    if line.source:
        refs["source"] = line.source
    return refs


def _fact(desk: Desk, line: Line, number: int) -> None:
    said = Answer(line.key, "", line.value, desk.by, number, 1, "", FactSource.IMPORTED, str(line.on))
    desk.put(answers={**desk.f.answers, (line.key, ""): said})
    desk.facts.append(FactRow(line.key, "", line.value, FactSource.IMPORTED.value, desk.by, str(line.on), number))
    desk.changed_facts()


def _date(desk: Desk, line: Line, kind: DateKind, day: str, number: int) -> None:
    said_on = short(line.on) if kind is DateKind.PLANNED else ""
    row = MilestoneDate(
        Milestone(line.key), kind, parse_span(day), number, desk.by, line.words, source=line.source, said_on=said_on
    )
    desk.put(dates={**desk.f.dates, (row.milestone, kind): row})
    desk.changed_facts()


def _step(desk: Desk, line: Line, number: int) -> None:
    """A step as done: elsewhere where the record shows it, else assumed; nobody approved it here."""
    step = desk.pathway.steps[line.key]
    basis = Basis.ASSUMED if line.what == "assumed" else Basis.OUTSIDE
    values = material(desk.reading, step, desk.f)
    round_ = desk.f.steps[step.key].round + 1
    on = line.on.latest or line.on.earliest or desk.today
    submission = Submission(
        step.key, round_, basis, values, (), (), submission_hash(step.key, values, (), (), ()), "", number, on
    )
    desk.put(submissions={**desk.f.submissions, step.key: submission})
    desk.put_step(step.key, status=Status.APPROVED, round=round_, done_at=number, waiting_since=None)
    if line.what == "step" and step.reaches is not None:
        desk.reach(step.reaches, line.on, number, line.words, line.source)


def _state(desk: Desk, line: Line) -> None:
    since = line.on.earliest or line.on.latest or desk.today
    outcome = Outcome(line.outcome) if line.outcome else None
    life = Life(line.value)
    if life is Life.LAUNCHED:  # going live has set it; the record's own words are the reason
        desk.put(state=replace(desk.f.state, reason=line.words if line.source else ""))
        return
    desk.put(state=LifeState(life, since, line.words, line.review_on, outcome))


def settled(desk: Desk, moved: Moved) -> Moved:
    """What the line leaves. In a record a step is overtaken only by what is recorded as done after it.

    That a requirement is not recorded, or that nobody knows whether it was needed, says nothing about the step.
    """
    steps = dict(moved.after.steps)
    requires = Requirements(desk.reading, steps)
    for key, state in steps.items():
        if state.overtaken and not any(steps[r].done_at > state.done_at for r in requires.direct(key)):
            steps[key] = replace(state, overtaken=False)
    return replace(moved, after=replace(moved.after, steps=steps))
