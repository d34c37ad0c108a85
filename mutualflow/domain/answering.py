"""Answering: facts and rows of record lists, what is impossible, and what a change does to what was put forward."""

import re
from dataclasses import replace

from mutualflow.domain.acts import AddRow, Answer, CompleteList, RetireRow
from mutualflow.domain.applies import Reading
from mutualflow.domain.checks import fit, fresh, may_apply, not_ended, not_to_come, permitted
from mutualflow.domain.desk import Desk, FactRow, read, title
from mutualflow.domain.effect import Effect, carry_out, check_confirmed, effect
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Answer as Said
from mutualflow.domain.formation import FactSource, Formation, Row, Status
from mutualflow.domain.ground import facts_in, material_keys
from mutualflow.domain.keys import FORMS, NOT_KNOWN
from mutualflow.domain.pathway import Question, QuestionType, RecordList, Step, say
from mutualflow.domain.spans import parse
from mutualflow.domain.submitting import open_rows
from mutualflow.domain.tri import YES
from mutualflow.domain.values import canonical

ROW_KEY = re.compile(r"(?=.{1,40}$)[a-z0-9][a-z0-9_]*(-[a-z0-9_]+)*")
"""Fit to be part of a clause's id in a document: hyphens stand alone, between other signs."""
MOST_ROWS = 500


def answer(desk: Desk, act: Answer) -> None:
    """Say one fact."""
    question, step = _question(desk, act)
    subject = act.row
    text = canonical(question, act.value)
    _known_form(desk, act.fact, text)
    _said_on(act.said_on, desk)
    if act.correction and question.type not in (QuestionType.TEXT, QuestionType.LONG_TEXT):
        raise Refused(Refusal.INVALID_VALUE, "Only words can be corrected without a change of meaning; answer anew.")
    not_ended(desk)
    old = desk.f.answers.get((act.fact, subject))
    again = _said_already(desk, act, old, text)
    if not again:
        fresh(act, old.revision if old else 0, f"“{say(question.label)}”")
    permitted(desk, (step.owner, *step.helpers), f"answer questions of {title(desk.pathway, step.key)}")
    may_apply(desk, step)
    if again:
        return
    touched = subject.partition("/")[0] or act.fact
    if act.correction:
        _check_correction(desk, touched, old, text)
    before, was = desk.f, desk.reading
    number = desk.event(
        "answer",
        {"fact": act.fact, "subject": subject, "step": step.key, "correction": bool(act.correction)},
        happened_on=act.said_on,
        text=act.correction,
        audience=question.audience,
    )
    if subject:
        row = desk.f.rows[(touched, subject.partition("/")[2])]
        desk.put(rows={**desk.f.rows, (row.list, row.key): replace(row, event=number)})
    _say(desk, act.fact, subject, text, number, act.said_on, touched, correction=act.correction, old=old)
    _in_hand(desk, step)
    if act.correction:
        for key in resting_on(desk, touched):
            desk.event("corrected", {"step": key, "fact": act.fact})
    _after_change(desk, before, was, act.fact, act.confirm, touched)


def _said_already(desk: Desk, act: Answer, old: Said | None, text: str) -> bool:
    """The same thing said again by the same person; a correction too, where it has just been made with these words."""
    if old is None or (old.text, old.by) != (text, desk.by):
        return False
    return not act.correction or old.source is FactSource.CORRECTION


def add_row(desk: Desk, act: AddRow) -> None:
    """Add a row to a list, or answer more of its columns."""
    records, step = _list(desk, act.list)
    columns = {key: _column(records, key) for key in act.values}
    if not ROW_KEY.fullmatch(act.row):
        allowed = "use small letters and digits, with - or _ between them"
        raise Refused(Refusal.INVALID_VALUE, f"{act.row[:60]!r} cannot name a row: {allowed}.")
    texts = {key: canonical(column, act.values[key]) for key, column in columns.items()}
    old_row = desk.f.rows.get((act.list, act.row))
    if old_row is None and sum(1 for r in desk.f.rows.values() if r.list == act.list) >= MOST_ROWS:
        raise Refused(Refusal.INVALID_VALUE, f"{say(records.label).capitalize()} holds {MOST_ROWS} rows; no more fit.")
    not_ended(desk)
    subject = f"{act.list}/{act.row}"
    again = (
        old_row is not None
        and not old_row.retired
        and all(
            (said := desk.f.answers.get((c, subject))) and said.text == t and said.by == desk.by
            for c, t in texts.items()
        )
    )
    if not again:
        fresh(act, old_row.event if old_row else 0, f"the row {act.row} of {say(records.label)}")
    permitted(desk, (step.owner, *step.helpers), f"change {say(records.label)}")
    may_apply(desk, step)
    if again:
        return
    before, was = desk.f, desk.reading
    number = desk.event(
        "add_row",
        {"list": act.list, "row": act.row, "step": step.key, "columns": sorted(texts)},
        audience=records.audience,
    )
    desk.put(rows={**desk.f.rows, (act.list, act.row): Row(act.list, act.row, number)})
    desk.changed_facts(act.list)
    for column, text in texts.items():
        _say(desk, column, subject, text, number, "", act.list, old=desk.f.answers.get((column, subject)))
    _in_hand(desk, step)
    _after_change(desk, before, was, act.list, act.confirm, act.list)


def retire_row(desk: Desk, act: RetireRow) -> None:
    """Take a row out of a list."""
    records, step = _list(desk, act.list)
    row = desk.f.rows.get((act.list, act.row))
    if row is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no row “{act.row}” in {say(records.label)}.")
    not_ended(desk)
    again = bool(row.retired)
    if not again:
        fresh(act, row.event, f"the row {act.row}")
    permitted(desk, (step.owner, *step.helpers), f"change {say(records.label)}")
    may_apply(desk, step)
    if again:
        return
    before, was = desk.f, desk.reading
    number = desk.event("retire_row", {"list": act.list, "row": act.row, "step": step.key}, audience=records.audience)
    desk.put(rows={**desk.f.rows, (act.list, act.row): replace(row, retired=number)})
    desk.changed_facts(act.list)
    _in_hand(desk, step)
    _after_change(desk, before, was, act.list, act.confirm, act.list)


def complete_list(desk: Desk, act: CompleteList) -> None:
    """Say that a list is complete: every row has its columns, and there are enough."""
    records, step = _list(desk, act.list)
    not_ended(desk)
    old = desk.f.answers.get((records.complete_fact, ""))
    again = old is not None and (old.text, old.by) == ("yes", desk.by)
    if not again:
        fresh(act, old.revision if old else 0, say(records.label))
    permitted(desk, (step.owner, *step.helpers), f"complete {say(records.label)}")
    may_apply(desk, step)
    _rows_complete(desk, records)
    if again:
        return
    before, was = desk.f, desk.reading
    number = desk.event("complete_list", {"list": act.list, "step": step.key}, audience=records.audience)
    _say(desk, records.complete_fact, "", "yes", number, "", act.list, old=old)
    _in_hand(desk, step)
    _after_change(desk, before, was, act.list, act.confirm, act.list)


def _rows_complete(desk: Desk, records: RecordList) -> None:
    lacking = open_rows(desk.f, records)
    if lacking:
        raise Refused(Refusal.UNANSWERED, f"{lacking[0][:1].upper()}{lacking[0][1:]}.")


def _question(desk: Desk, act: Answer) -> tuple[Question, Step]:
    if act.row:
        name, _, row = act.row.partition("/")
        records, step = _list(desk, name)
        held = desk.f.rows.get((name, row))
        if held is None or held.retired:
            raise Refused(Refusal.UNKNOWN_KEY, f"There is no row “{row}” in {say(records.label)}; add it first.")
        return _column(records, act.fact), step
    question = desk.pathway.questions.get(act.fact)
    asker = desk.pathway.asker.get(act.fact)
    if question is None or asker is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no question “{act.fact}” on this pathway.")
    return question, desk.pathway.steps[asker]


def _list(desk: Desk, key: str) -> tuple[RecordList, Step]:
    records = desk.pathway.lists.get(key)
    asker = desk.pathway.asker.get(key)
    if records is None or asker is None:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no list “{key}” on this pathway.")
    return records, desk.pathway.steps[asker]


def _column(records: RecordList, key: str) -> Question:
    column = records.columns.get(key)
    if column is None:
        raise Refused(
            Refusal.UNKNOWN_KEY,
            f"{say(records.label).capitalize()} has no column “{key}”; it has {', '.join(records.columns)}.",
        )
    return column


def _known_form(desk: Desk, fact: str, text: str) -> None:
    """Forms that have no file yet are known by name only."""
    if fact == "legal_form" and text in FORMS and text not in desk.pathway.forms:
        ready = ", ".join(FORMS[form] for form in desk.pathway.forms)
        raise Refused(Refusal.INVALID_VALUE, f"A {FORMS[text]} cannot be formed here yet. What is ready: {ready}.")


def _said_on(text: str, desk: Desk) -> None:
    """The day on which it was said, which may be imprecise, is a day that has been."""
    try:
        day = parse(text) if text else None
    except ValueError as error:
        raise Refused(Refusal.INVALID_VALUE, f"The day on which it was said: {error}.") from None
    not_to_come(desk, day, "What was said")


def _check_correction(desk: Desk, touched: str, old: Said | None, text: str) -> None:
    """Words for words that are there, of the same meaning, and not filed or signed. `touched`: the fact or list."""
    if old is None:
        raise Refused(Refusal.UNANSWERED, "There is no answer to correct yet.")
    if NOT_KNOWN in (old.text, text):
        raise Refused(
            Refusal.INVALID_VALUE,
            "“We do not know” does not mean the same as any words: answer anew, not as a correction.",
        )
    for key, submission in desk.f.submissions.items():
        step = desk.pathway.steps[key]
        frozen = step.irrevocable and desk.f.steps[key].status is Status.APPROVED
        if frozen and touched in submission.material:
            raise Refused(
                Refusal.FROZEN,
                f"These words were filed or signed in {title(desk.pathway, key)}. Answer anew instead: that opens its "
                "put-right step.",
            )


def _say(
    desk: Desk,
    fact: str,
    subject: str,
    text: str,
    number: int,
    said_on: str,
    touched: str,
    *,
    correction: str = "",
    old: Said | None,
) -> None:
    source = FactSource.CORRECTION if correction else FactSource.SAID
    said = Said(
        key=fact,
        subject=subject,
        text=text,
        by=desk.by,
        event=number,
        revision=(old.revision if old else 0) + 1,
        meaning=old.means if correction and old else "",
        source=source,
        said_on=said_on or desk.today.isoformat(),
    )
    desk.put(answers={**desk.f.answers, (fact, subject): said})
    desk.facts.append(FactRow(fact, subject, text, source.value, desk.by, said.said_on, number, correction))
    desk.changed_facts(touched)


def _in_hand(desk: Desk, step: Step) -> None:
    if desk.f.steps[step.key].status is Status.OPEN:
        desk.put_step(step.key, status=Status.IN_HAND, assignee=desk.f.steps[step.key].assignee or desk.by)


def _after_change(
    desk: Desk, before: Formation, was: Reading, key: str, confirm: tuple[str, ...], touched: str
) -> None:
    """Refuse the impossible, tell the corrected, carry the effect out. `touched`: the fact or list that changed."""
    check_possible(desk, was)
    found = effect(desk.pathway, before, was, desk.f, desk.reading, touched)
    check_confirmed(desk, found, confirm)
    carry_out(desk, found, key)


def check_possible(desk: Desk, was: Reading) -> None:
    """No forbidden combination may hold after the whole recomputation; an answer that counts again is named."""
    desk.settle()
    for row in desk.pathway.impossible:
        if desk.reading.holds(row.when) is YES:
            back = [
                say(desk.pathway.questions[key].label)
                for key in dict.fromkeys(facts_in(desk.pathway, row.when))
                if key in desk.pathway.questions and desk.reading.answered(key) and was.asked(key) is not YES
            ]
            again = f" With this change an answer given before counts again: “{'”, “'.join(back)}”." if back else ""
            raise Refused(Refusal.IMPOSSIBLE, f"{say(row.sentence)} (source: {row.source}){again}")


def preview(desk: Desk, act: Answer | AddRow | RetireRow | CompleteList) -> Effect:
    """What the change would do, without doing it; refuses what the change itself would refuse."""
    fit(act)
    trial = Desk(desk.pathway, desk.f, by=desk.by, now=desk.now, today=desk.today, law=desk.law, via=desk.via)
    gates = tuple(key for key, step in desk.pathway.steps.items() if step.gate)
    willing = replace(act, confirm=gates)
    match willing:
        case Answer():
            answer(trial, willing)
        case AddRow():
            add_row(trial, willing)
        case RetireRow():
            retire_row(trial, willing)
        case CompleteList():
            complete_list(trial, willing)
    was = read(desk.pathway, desk.f, desk.law)
    return effect(desk.pathway, desk.f, was, _unmoved(desk.f, trial.f), trial.reading)


def _unmoved(before: Formation, after: Formation) -> Formation:
    """The changed facts with the statuses as they were, to compare once more."""
    return replace(before, answers=after.answers, rows=after.rows)


def resting_on(desk: Desk, fact: str) -> tuple[str, ...]:
    """Steps that were put forward on the fact: their approvers are told of a correction."""
    return tuple(key for key in desk.f.submissions if fact in material_keys(desk.pathway, desk.pathway.steps[key]))
