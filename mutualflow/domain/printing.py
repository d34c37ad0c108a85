"""From a formation to what a document is made of: its facts, lists, terms and official texts as words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mutualflow.domain.applies import Reading
from mutualflow.domain.conditions import Condition
from mutualflow.domain.desk import role_words
from mutualflow.domain.formation import FINISHED, DateKind, Formation
from mutualflow.domain.ground import facts_in
from mutualflow.domain.material import (
    ChoiceView,
    FactView,
    ListView,
    Mark,
    Material,
    PrescribedText,
    RowView,
    TermView,
    say_date,
    view_fact,
)
from mutualflow.domain.pathway import Pathway, Question, QuestionType, RecordList, say
from mutualflow.domain.plan import forecast
from mutualflow.domain.tri import NO, YES

PLAN_STEPS, EVIDENCE_ON_FILE, MILESTONES = "plan_steps", "evidence_on_file", "milestones"
"""Lists that the house itself supplies to a document."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one document's source declares that it prints. `lists`: list -> columns; `terms`: term -> words."""

    document: str
    facts: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, str]


def material_for(
    pathway: Pathway,
    formation: Formation,
    reading: Reading,
    wanted: Wanted,
    *,
    step: str,
    number: str,
    version: str,
    as_on: date,
    mark: Mark,
    prescribed: Mapping[str, PrescribedText],
    names: Mapping[str, str],
    lang: str = "en",
) -> Material:
    """Everything the document may print, in words; what is not known or not asked is a blank with who supplies it."""
    facts = {key: _fact(pathway, formation, reading, key, names, lang) for key in wanted.facts}
    lists = {
        key: _house_list(pathway, formation, reading, key, columns, as_on, lang)
        if key in (PLAN_STEPS, EVIDENCE_ON_FILE, MILESTONES)
        else _list(pathway, formation, reading, pathway.lists[key], columns, names, lang)
        for key, columns in wanted.lists.items()
    }
    terms = {
        key: TermView(
            reading.holds(pathway.terms[key].when),
            words or say(pathway.terms[key].words, lang),
            settled_by(pathway, reading, pathway.terms[key].when),
        )
        for key, words in wanted.terms.items()
    }
    choices = {key: _choice(pathway, reading, key, lang) for key in wanted.facts if key in pathway.questions}
    return Material(facts, lists, terms, choices, prescribed, step, formation.name, number, version, as_on, mark, lang)


def answerer(pathway: Pathway, key: str) -> str:
    """In words, whose question it is."""
    asker = pathway.asker.get(key)
    if asker is None:
        return ""
    owner = pathway.steps[asker].owner
    return role_words(owner.role, owner.side)


def settled_by(pathway: Pathway, reading: Reading, condition: Condition) -> str:
    """In words, whose answers an open condition waits for."""
    open_facts = [key for key in facts_in(pathway, condition) if reading.fact(key) is None]
    return ", ".join(dict.fromkeys(filter(None, (answerer(pathway, key) for key in open_facts))))


def _fact(
    pathway: Pathway, formation: Formation, reading: Reading, key: str, names: Mapping[str, str], lang: str
) -> FactView:
    question = pathway.questions[key]
    answer = formation.answers.get((key, "")) if reading.asked(key) is YES else None
    text = answer.text if answer else None
    return view_fact(question, _named(question, text, names), answerer(pathway, key), lang)


def _named(question: Question, text: str | None, names: Mapping[str, str]) -> str | None:
    if text is not None and question.type in (QuestionType.PERSON, QuestionType.ORGANISATION):
        return names.get(text, text)
    return text


def _list(
    pathway: Pathway,
    formation: Formation,
    reading: Reading,
    records: RecordList,
    columns: tuple[str, ...],
    names: Mapping[str, str],
    lang: str,
) -> ListView:
    by = answerer(pathway, records.key)
    rows = []
    asked = reading.asked(records.key) is YES
    for row in sorted(
        (r for r in formation.rows.values() if r.list == records.key and not r.retired), key=lambda r: r.event
    ):
        subject = f"{records.key}/{row.key}"
        cells = {}
        for column in columns:
            question = records.columns[column]
            answer = formation.answers.get((column, subject))
            text = _named(question, answer.text if answer else None, names)
            if text is None and question.optional:
                cells[column] = FactView(column, "–", label=say(question.label, lang))
            else:
                cells[column] = view_fact(question, text, by, lang)
        rows.append(RowView(row.key, cells))
    labels = {c: say(records.columns[c].label, lang) for c in columns}
    return ListView(
        records.key,
        tuple(rows) if asked else (),
        labels,
        say(records.label, lang),
        by,
        reading.complete(records.key) or reading.asked(records.key) is NO,
    )


def _choice(pathway: Pathway, reading: Reading, key: str, lang: str) -> ChoiceView:
    question = pathway.questions[key]
    words = {choice: say(text, lang) for choice, text in question.choices.items()}
    if question.type is QuestionType.YES_NO:
        words = {"yes": "yes", "no": "no"}
    return ChoiceView(reading.fact(key), words, say(question.label, lang), answerer(pathway, key))


def _house_list(
    pathway: Pathway,
    formation: Formation,
    reading: Reading,
    key: str,
    columns: tuple[str, ...],
    today: date,
    lang: str,
) -> ListView:
    source = {PLAN_STEPS: _plan_steps, EVIDENCE_ON_FILE: _evidence, MILESTONES: _milestones}[key]
    rows = tuple(
        RowView(row, {c: cells[c] for c in columns}) for row, cells in source(pathway, formation, reading, today, lang)
    )
    return ListView(key, rows, {c: c.replace("_", " ") for c in columns}, key.replace("_", " "))


Cells = tuple[str, dict[str, FactView]]


def _day(key: str, day: date, lang: str) -> FactView:
    text = say_date(day.isoformat(), lang)
    return FactView(key, text, bare=text, raw=day.isoformat())


def _words(key: str, text: str) -> FactView:
    return FactView(key, text, raw=text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plan_steps(pathway: Pathway, formation: Formation, reading: Reading, today: date, lang: str) -> list[Cells]:
    """Unfinished steps that are or may be needed up to the launch, with when they run in the likely case; by day."""
    finishes = forecast(pathway, formation, reading, today).finishes
    rows: list[Cells] = []
    for key, step in pathway.steps.items():
        finish = finishes.get(key)
        if finish is None or step.stage == "sustain" or step.puts_right or formation.steps[key].status in FINISHED:
            continue
        begins = max((finishes[r.step].likely for r in step.after if r.step in finishes), default=today)
        begins = min(max(begins, today), finish.likely)
        reaches = _capital(step.reaches.value.replace("_", " ")) if step.reaches else "–"
        side = step.owner.side if step.owner.side != step.owner.role.value else None  # "commissioner" needs no side
        rows.append(
            (
                key.replace("_", "-"),
                {
                    "name": _words("name", say(step.title, lang)),
                    "from": _day("from", begins, lang),
                    "to": _day("to", finish.likely, lang),
                    "owner": _words("owner", _capital(role_words(step.owner.role, side))),
                    "milestone": _words("milestone", reaches),
                },
            )
        )
    return sorted(rows, key=lambda row: (row[1]["from"].raw, row[1]["to"].raw))


def _evidence(pathway: Pathway, formation: Formation, reading: Reading, today: date, lang: str) -> list[Cells]:
    """Files on record, each with the step it belongs to, in the order of the steps."""
    place = {key: n for n, key in enumerate(pathway.steps)}
    return [
        (
            e.key.lower().replace("_", "-").replace(".", "-"),
            {
                "step": _words("step", say(pathway.steps[e.step].title, lang)),
                "evidence": _words("evidence", _capital(e.evidence.replace("_", " ")) or e.name),
                "reference": _words("reference", e.key),
            },
        )
        for e in sorted(formation.evidence.values(), key=lambda e: (place.get(e.step, 0), e.event, e.key))
        if not e.taken_out
    ]


def _milestones(pathway: Pathway, formation: Formation, reading: Reading, today: date, lang: str) -> list[Cells]:
    """Each milestone that may be reached, with its planned and actual or forecast day."""
    finishes = forecast(pathway, formation, reading, today).finishes
    rows: list[Cells] = []
    for milestone, step in pathway.reached_by.items():
        if reading.applies(step) is NO:
            continue
        planned = formation.dates.get((milestone, DateKind.PLANNED))
        actual = formation.dates.get((milestone, DateKind.ACTUAL))
        state = "–"
        if actual is not None:
            state = f"reached, {say_date(str(actual.span), lang)}"
        elif step in finishes:
            state = f"expected, {say_date(finishes[step].likely.isoformat(), lang)}"
        rows.append(
            (
                milestone.value.replace("_", "-"),
                {
                    "name": _words("name", milestone.value.replace("_", " ")),
                    "planned": _words("planned", say_date(str(planned.span), lang) if planned else "not planned"),
                    "state": _words("state", state),
                },
            )
        )
    return rows
