"""A step, whole: what it is for, what is asked and said, who has to answer, and what one may do to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mutualflow.domain.checks import slot_parties
from mutualflow.domain.desk import role_words, words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Approval, Evidence, Filing, Submission
from mutualflow.domain.ground import SLOTS, changed, material, slots_of
from mutualflow.domain.pathway import Asked, Brought, Produced, Question, RecordList, Slot, Step, say
from mutualflow.domain.plan import latest_finishes
from mutualflow.domain.shown import Shown, hidden, shown
from mutualflow.domain.tri import NO, YES, Tri
from mutualflow.services import dates, why
from mutualflow.services.dates import CHECK, ClockLine
from mutualflow.services.looking import Look
from mutualflow.services.offers import Offer, offers
from mutualflow.services.waits import Wait, wait
from mutualflow.storage import notes


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question as the step asks it, and its answer in force. `answer` '' where there is none."""

    key: str
    label: str
    words: str
    hint: str
    type: str
    choices: Mapping[str, str]
    unit: str
    optional: bool
    asked: Tri
    answer: str
    value: str
    by: str
    said_on: str
    revision: int
    corrected: bool
    audience: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of a list: its key, its cells in words, and the revision that a change names."""

    key: str
    cells: Mapping[str, str]
    revision: int


@dataclass(frozen=True, slots=True)
class ListLine:
    """One record list as the step asks it."""

    key: str
    label: str
    words: str
    hint: str
    columns: Mapping[str, str]
    rows: tuple[RowLine, ...]
    at_least: int
    optional: bool
    asked: Tri
    complete: bool


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file on a step."""

    key: str
    name: str
    by: str
    sha256: str
    taken_out: bool
    valid_until: str
    expired: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file that the step asks for (or '' = one nobody asked for), and what is there."""

    evidence: str
    title: str
    catalogue: str
    comes_with: str
    optional: bool
    wanted: Tri
    held: tuple[HeldFile, ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document that the step prints, and its latest version as put forward."""

    document: str
    catalogue: str
    for_filing: bool
    wanted: Tri
    number: str
    blanks: int
    gaps: int
    printed: bool


@dataclass(frozen=True, slots=True)
class SlotLine:
    """One approver slot of the present round, or of the next where nothing has been put forward."""

    slot: str
    who: str
    organisation: str
    applies: Tri
    people: tuple[str, ...]
    state: str
    taken_by: str
    by: str
    capacity: str
    decided_on: str
    note: str
    points: tuple[str, ...]
    outcome: str
    minute: str
    votes: str
    checked_by: str
    recorded_by: str
    kept: bool


@dataclass(frozen=True, slots=True)
class RoundNow:
    """The present round: what it rests on, and how today's facts differ from it."""

    round: int
    basis: str
    by: str
    on: date
    sha256: str
    differs: tuple[str, ...]
    not_known_then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilingLine:
    """What was sent to a register, and its answer."""

    registrar: str
    attempt: int
    sent_on: date
    reference: str
    fee: Decimal | None
    fee_rule: str
    by: str
    answer: str
    answered_on: date | None
    reasons: str
    certificate: str


@dataclass(frozen=True, slots=True)
class LawLine:
    """One statement of law at the step, in our own words."""

    text: str
    source: str
    source_title: str
    in_force_from: str
    in_force_to: str
    note: str
    holds: Tri


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One entry of a thread, as far as she may read it."""

    key: str
    kind: str
    by: str
    asked_of: str
    answers: str
    text: str
    event: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task of the step or one that holds it up."""

    key: str
    title: str
    owner: str
    due_on: date | None
    state: str
    origin: str
    holds: str
    holds_it: bool
    step: str
    step_title: str
    slot: str
    evidence: str
    held: bool


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step at one look."""

    formation: str
    formation_name: str
    key: str
    title: str
    stage: str
    status: Shown
    overtaken: bool
    sentence: str
    revision: int
    why: str
    how: str
    goes_wrong: str
    owner: str
    owners: tuple[str, ...]
    helpers: str
    assignee: str
    agreed: date | None
    latest: date | None
    gate: bool
    irrevocable: bool
    optional: bool
    reaches: str
    waits_for: tuple[str, ...]
    waiting: tuple[Wait, ...]
    held_by: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    withheld: int
    lists: tuple[ListLine, ...]
    files: tuple[FileLine, ...]
    papers: tuple[PaperLine, ...]
    slots: tuple[SlotLine, ...]
    round: RoundNow | None
    filing: FilingLine | None
    law: tuple[LawLine, ...]
    clocks: tuple[ClockLine, ...]
    tasks: tuple[TaskLine, ...]
    notes: tuple[NoteLine, ...]
    acts: tuple[Offer, ...]


def step_page(look: Look, key: str) -> StepPage:
    """One step; UNKNOWN_KEY where there is none. Two queries beyond the look: clocks and notes."""
    step = look.pathway.steps.get(key)
    if step is None or hidden(look.formation.steps[key]):
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no step “{key}” on this pathway.")
    state = look.formation.steps[key]
    reasons = why.why(look, key)
    asked = look.pathway.steps[step.puts_right] if step.puts_right else step
    seen_asks = [a for a in asked.asks if look.question(a.key) is not None]
    submission = look.formation.submissions.get(key)
    return StepPage(
        formation=look.formation.key,
        formation_name=look.formation.name,
        key=key,
        title=look.title(key),
        stage=say(look.pathway.stage_of[key].title),
        status=shown(state),
        overtaken=state.overtaken,
        sentence=reasons.sentence,
        revision=state.revision,
        why=say(step.why),
        how=say(step.how),
        goes_wrong=say(step.goes_wrong),
        owner=look.people_words((step.owner,)),
        owners=tuple(look.name(p) for p in look.held_by(step.owner)),
        helpers=look.people_words(step.helpers),
        assignee=look.name(state.assignee),
        agreed=state.due_on,
        latest=latest_finishes(look.pathway, look.formation, look.reading).get(key),
        gate=step.gate,
        irrevocable=step.irrevocable,
        optional=step.optional,
        reaches=words(step.reaches.value) if step.reaches else "",
        waits_for=tuple(look.title(r) for r in state.waits_for),
        waiting=tuple(wait(look, e) for e in look.waits() if e.step == key),
        held_by=reasons.held_by,
        questions=questions(look, key),
        withheld=len(asked.asks) - len(seen_asks),
        lists=tuple(
            _list(look, look.pathway.lists[a.key], a)
            for a in asked.lists
            if look.sees_key(a.key) and look.reading.holds(a.when) is not NO
        ),
        files=_files(look, step),
        papers=tuple(_paper(look, p, submission) for p in step.produces if look.reading.holds(p.when) is not NO),
        slots=tuple(_slot(look, step, slot, host) for slot, host in slots_of(look.reading, step, look.formation)),
        round=_round(look, step, submission),
        filing=_filing(look, look.formation.filings.get(key)),
        law=_law(look, step),
        clocks=tuple(c for c in dates.clocks(look) if c.step == key),
        tasks=tasks(look, key),
        notes=tuple(
            NoteLine(n.key, n.kind, look.name(n.by), look.name(n.asked_of), n.answers, n.text, n.event)
            for n in thread(look, key)
        ),
        acts=offers(look, key),
    )


def questions(look: Look, key: str) -> tuple[QuestionLine, ...]:
    """The questions of a step that are or may be asked and that she may see, with their answers. No query."""
    step = look.pathway.steps[key]
    asked = look.pathway.steps[step.puts_right] if step.puts_right else step
    return tuple(
        _question(look, a)
        for a in asked.asks
        if look.question(a.key) is not None and look.reading.holds(a.when) is not NO
    )


def _question(look: Look, asked: Asked) -> QuestionLine:
    question = look.pathway.questions[asked.key]
    said = look.formation.answers.get((asked.key, ""))
    return QuestionLine(
        key=asked.key,
        label=say(question.label),
        words=say(question.words),
        hint=say(question.hint),
        type=question.type.value,
        choices={key: say(text) for key, text in question.choices.items()},
        unit=question.unit,
        optional=asked.optional,
        asked=look.reading.asked(asked.key),
        answer=look.said(question, said.text if said else None),
        value=said.text if said else "",
        by=look.name(said.by) if said else "",
        said_on=said.said_on if said else "",
        revision=said.revision if said else 0,
        corrected=bool(said and said.meaning),
        audience=question.audience.value,
    )


def _list(look: Look, records: RecordList, asked: Asked) -> ListLine:
    columns = {key: c for key, c in records.columns.items() if look.sees(c.audience)}
    rows = sorted(
        (r for r in look.formation.rows.values() if r.list == records.key and not r.retired), key=lambda r: r.event
    )
    return ListLine(
        key=records.key,
        label=say(records.label),
        words=say(records.words),
        hint=say(records.hint),
        columns={key: say(c.label) for key, c in columns.items()},
        rows=tuple(RowLine(r.key, _cells(look, columns, f"{records.key}/{r.key}"), r.event) for r in rows),
        at_least=records.at_least,
        optional=asked.optional,
        asked=look.reading.asked(records.key),
        complete=look.reading.complete(records.key),
    )


def _cells(look: Look, columns: Mapping[str, Question], subject: str) -> dict[str, str]:
    cells = {}
    for key, question in columns.items():
        said = look.formation.answers.get((key, subject))
        cells[key] = look.said(question, said.text if said else None)
    return cells


def _files(look: Look, step: Step) -> tuple[FileLine, ...]:
    mine = look.files(step.key)
    lines = [
        _file(look, brought, tuple(e for e in mine if e.evidence == brought.evidence))
        for brought in step.brings
        if look.sees(brought.audience) and look.reading.holds(brought.when) is not NO
    ]
    known = {b.evidence for b in step.brings}
    others = tuple(_held(look, e) for e in mine if e.evidence not in known)
    if others:
        lines.append(FileLine("", "other files", "", "", True, YES, others))
    return tuple(lines)


def _file(look: Look, brought: Brought, held: tuple[Evidence, ...]) -> FileLine:
    return FileLine(
        brought.evidence,
        say(brought.title) or words(brought.evidence),
        brought.catalogue,
        brought.comes_with.value,
        brought.optional,
        look.reading.holds(brought.when),
        tuple(_held(look, e) for e in held),
    )


def _held(look: Look, evidence: Evidence) -> HeldFile:
    until = evidence.valid_until
    return HeldFile(
        evidence.key, evidence.name, look.name(evidence.by), evidence.sha256, bool(evidence.taken_out),
        until.isoformat() if until else "", until is not None and until < look.today,
    )  # fmt: skip


def _paper(look: Look, produced: Produced, submission: Submission | None) -> PaperLine:
    ref = next((d for d in submission.documents if d.document == produced.document), None) if submission else None
    return PaperLine(
        produced.document,
        produced.catalogue,
        produced.for_filing,
        look.reading.holds(produced.when),
        ref.number if ref else "",
        ref.blanks if ref else 0,
        ref.gaps if ref else 0,
        ref.printed if ref else False,
    )


def _slot(look: Look, step: Step, slot: Slot, host: str) -> SlotLine:
    at = (step.key, slot.key, host)
    approval = look.formation.approvals.get(at) or Approval(step.key, 0, slot.key, host)
    decision = look.formation.decisions.get(at)
    parties = slot_parties(slot)
    holders = [
        m.person
        for m in look.formation.members
        if any((m.role, m.side) == (p.role, p.side) for p in parties)
        and host in ("", m.organisation)
        and m.current(look.today)
        and m.moves
    ]
    body = words(slot.body.value) if slot.body else ""
    by = look.name(approval.by)
    return SlotLine(
        slot=slot.key,
        who=body or (role_words(slot.role, slot.side) if slot.role else slot.key),
        organisation=look.organisation(host or slot.organisation) or "",
        applies=look.reading.holds(slot.when),
        people=tuple(look.name(p) for p in dict.fromkeys(holders)),
        state=approval.state.value if approval.round else "not_asked_yet",
        taken_by=look.name(approval.taken_by),
        by=by,
        capacity=approval.capacity,
        decided_on=str(approval.decided_on) if approval.decided_on else "",
        note=approval.note,
        points=approval.points,
        outcome=decision.outcome.value if decision else "",
        minute=_minute(look, decision.minute) if decision else "",
        votes=decision.votes if decision else "",
        checked_by=look.name(decision.checked_by) if decision else "",
        recorded_by=look.name(decision.recorded_by) if decision else "",
        kept=decision.kept if decision else False,
    )


def _minute(look: Look, key: str) -> str:
    held = look.formation.evidence.get(key)
    return key if held is None or look.sees(held.audience) else "a file that you do not see"


def _round(look: Look, step: Step, submission: Submission | None) -> RoundNow | None:
    if submission is None:
        return None
    now = material(look.reading, step, look.formation)
    return RoundNow(
        round=submission.round,
        basis=submission.basis.value,
        by=look.name(submission.by),
        on=submission.on,
        sha256=submission.sha256,
        differs=tuple(label(look, key) for key in changed(submission, now)),
        not_known_then=(
            () if submission.by else tuple(label(look, key) for key in now if key not in submission.material)
        ),
    )


def label(look: Look, key: str) -> str:
    """What one material fact is called: a question, a list, or who has to answer."""
    return "who has to answer it" if key == SLOTS else look.label(key)


def _filing(look: Look, filing: Filing | None) -> FilingLine | None:
    if filing is None:
        return None
    return FilingLine(
        words(filing.registrar.value),
        filing.attempt,
        filing.sent_on,
        filing.reference,
        filing.fee,
        filing.fee_rule,
        look.name(filing.by),
        filing.answer,
        filing.answered_on,
        filing.reasons,
        filing.certificate,
    )


def _law(look: Look, step: Step) -> tuple[LawLine, ...]:
    lines = []
    for entry in step.law:
        holds = look.reading.holds(entry.when)
        if holds is not NO:
            source = look.law.book.sources.get(entry.source)
            lines.append(
                LawLine(
                    " ".join((say(entry.text), *look.law.figures(entry, step, look.formation, look.today))),
                    entry.source,
                    source.title if source else entry.source,
                    entry.in_force_from,
                    entry.in_force_to,
                    "" if entry.verified else CHECK,
                    holds,
                )
            )
    return tuple(lines)


def tasks(look: Look, key: str = "") -> tuple[TaskLine, ...]:
    """Tasks of a formation, or of a step: laid there or holding it up. Open ones first, by day. No query."""
    step = look.pathway.steps.get(key)
    lines = []
    for task in look.formation.tasks.values():
        reaches = step.reaches.value if step is not None and step.reaches else ""
        holds_it = task.held and task.holds_key in (key, reaches) and bool(task.holds_key)
        if key and task.step != key and not holds_it:
            continue
        evidence = look.formation.evidence.get(task.evidence)
        lines.append(
            TaskLine(
                key=task.key,
                title=task.title,
                owner=look.name(task.owner),
                due_on=task.due_on,
                state=task.state.value,
                origin=task.origin.value,
                holds=_holds(look, task.holds.value, task.holds_key),
                holds_it=holds_it,
                step=task.step,
                step_title=look.title(task.step) if task.step else "",
                slot=task.slot,
                evidence=task.evidence if evidence is None or look.sees(evidence.audience) else "",
                held=task.held,
            )
        )
    return tuple(sorted(lines, key=lambda t: (t.state in ("accepted", "withdrawn"), t.due_on or date.max, t.key)))


def _holds(look: Look, kind: str, key: str) -> str:
    if kind == "none":
        return ""
    return f"“{look.title(key)}”" if kind == "step" else f"the {words(key)}"


def thread(look: Look, step: str) -> list[notes.Note]:
    """The notes of a step that she may read, with the answers to them."""
    every = [n for n in notes.of(look.db, look.formation.id) if look.sees(n.audience)]
    keys = {n.key for n in every if n.step == step}
    return [n for n in every if n.step == step or n.answers in keys]
