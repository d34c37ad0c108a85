"""What of a record cannot have been, refused with its reason, and what of its order cannot be told (model.md 10)."""

from mutualflow.domain.applies import Reading
from mutualflow.domain.desk import title, words
from mutualflow.domain.errors import Refusal
from mutualflow.domain.history import SaidState
from mutualflow.domain.keys import FORMS, Milestone, Outcome
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.domain.pathway import say as in_words
from mutualflow.domain.record import BODYLESS, LAUNCH, Record, after, contradictions, perhaps_after, say, short
from mutualflow.domain.rulebook import Rule
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.tri import YES

LATER = {
    "registration": ("staff_transfer", "go_live"),
    "permission_sought": ("permission_given", "decision_in_principle", "final_decision", "go_live"),
    "procurement_start": ("contract_award", "contract_signed"),
}
"""What a day surely lies before, where it is not recorded itself: the latest that it can be."""


def one_truth(record: Record) -> None:
    """Going live and the state `launched` are one: equal, or refused; the one that is missing follows."""
    states = [s for s in record.states if s.state == "launched"]
    for state in states:
        held = record.actual.get(LAUNCH)
        if held is not None and held != state.on:
            sentence = f"Going live is dated {short(held)}, and the state “launched” {short(state.on)}: they are one."
            record.refuse(Refusal.INVALID_VALUE, sentence, state.line)
        record.actual.setdefault(LAUNCH, state.on)
    held = record.actual.get(LAUNCH)
    if held is not None and not states:
        launched = SaidState(held, "launched")
        place = next((n for n, s in enumerate(record.states) if s.state == "ended"), len(record.states))
        record.states.insert(place, launched)
    for name in ("launched", "ended"):
        days = list(dict.fromkeys(s.on for s in record.states if s.state == name))
        if len(days) > 1:
            line = next(s.line for s in record.states if s.on == days[1])
            record.refuse(
                Refusal.INVALID_VALUE, f"The state “{name}” has two days: {short(days[0])} and {short(days[1])}.", line
            )
    for state in record.states:
        if state.state in ("forming", "paused") and held is not None and after(state.on, held):
            sentence = f"It cannot be {state.state} {say(state.on)}: it had been launched {say(held)}."
            record.refuse(Refusal.ORDER, sentence, state.line)


def orders(record: Record, pathway: Pathway) -> None:
    """Pairs of milestones whose order cannot be otherwise; where days are imprecise it cannot be said."""
    for pair in pathway.never:
        first, second = record.actual.get(pair.first), record.actual.get(pair.second)
        if first is None or second is None:
            continue
        if after(first, second):
            record.refuse(
                Refusal.ORDER,
                f"{words(pair.first).capitalize()} is dated {short(first)}, after {words(pair.second)} "
                f"({short(second)}); that cannot be ({pair.source}).",
            )
        elif perhaps_after(first, second):
            record.unsaid(
                pair.first,
                f"Whether it came before {words(pair.second)} cannot be told: {short(first)}, {short(second)}.",
            )
    made = pathway.reached_by.get(Milestone.REGISTRATION)
    moved = {pathway.reached_by.get(m) for m in (Milestone.GO_LIVE, Milestone.STAFF_TRANSFER)}
    for step, on in record.refused_on.items():
        for key, done in record.done.items():
            if step == made and key in moved:
                continue  # nobody to transfer to: launch says so
            later = step in pathway.behind[key] or key == step
            if step in pathway.steps and later and pathway.steps[key].waits_deep and _not_before(on, done):
                sentence = f"{title(pathway, step)} was refused {say(on)}, and yet {title(pathway, key)} is recorded"
                record.refuse(Refusal.ORDER, f"{sentence} {say(done)}.")


def _not_before(no: Span, done: Span) -> bool:
    return no.latest is not None and done.earliest is not None and no.latest <= done.earliest


def ends(record: Record) -> None:
    """Nothing after the end; nothing after the day on which the record stops."""
    ended = record.ended
    for about, on, line in record.rows if ended is not None else ():
        if ended is not None and after(on, ended.on) and "“ended”" not in about:
            record.refuse(
                Refusal.ENDED,
                f"{about} is dated {short(on)}, after the end ({short(ended.on)}); nothing comes after it.",
                line,
            )
    for about, on, line in contradictions(record):
        sentence = f"{about} is dated {short(on)}, and the record is said to stop at {short(record.known_until)}."
        record.refuse(Refusal.INVALID_VALUE, sentence, line)
    if ended is not None and ended.outcome == Outcome.FIRST_YEAR_COMPLETE and record.launched is None:
        sentence = "The first year is complete only after the launch, and none is recorded."
        record.refuse(Refusal.ORDER, sentence, ended.line)
    if ended is not None and not ended.outcome:
        record.unsaid("outcome", "How it ended is not recorded.")


def launch(record: Record, pathway: Pathway) -> None:
    """Somebody is there to be transferred to."""
    if record.form in BODYLESS and Milestone.REGISTRATION.value in record.actual:
        record.refuse(Refusal.IMPOSSIBLE, "Something was registered, and the file says that there is no form of it.")
    moved = [m for m in (LAUNCH, Milestone.STAFF_TRANSFER.value) if m in record.actual]
    if not moved:
        return
    what = "A launch" if LAUNCH in moved else "A transfer of staff"
    if record.form in BODYLESS:
        why = "no form has been decided" if record.form == "undecided" else "there is no body"
        record.refuse(Refusal.IMPOSSIBLE, f"{what} needs somebody to transfer to, and {why}.")
    registration = pathway.reached_by.get(Milestone.REGISTRATION, "")
    if registration in record.refused_on and registration not in record.done:
        record.refuse(Refusal.IMPOSSIBLE, f"{what} needs somebody to transfer to, and the register refused the body.")


def possible(record: Record, law: LawBook) -> None:
    """Forms, routes and rules that were not in force on their day."""
    wrong = [no for form in record.forms if (no := _not_in_force(record, law, "legal_form", form)) is not None]
    if wrong and len(wrong) == len(record.forms):
        record.refuse(Refusal.NOT_ON_FILE, wrong[0])
    else:
        for sentence in wrong:
            record.unsaid("legal_form", sentence)
    for key, text in record.said.items():
        if key != "legal_form":
            why = _not_in_force(record, law, key, text)
            if why is not None:
                record.refuse(Refusal.NOT_ON_FILE, why)


def _not_in_force(record: Record, law: LawBook, fact: str, value: str) -> str | None:
    """Why an answer was not possible on its day; None where it was, or that cannot be told."""
    rule = law.book.rules.get(f"{fact}_{value}")
    if rule is None:
        return None
    base = _base_day(record, rule)
    found = law.book.versions(rule.key, base) if base is not None else ()
    if base is None or not found:
        return None
    if all(v.never for v in found):
        name = FORMS.get(value, f"{words(fact)} {words(value)}")
        return f"“{name}” was not in force {say(base)}: {rule.title[0].lower()}{rule.title[1:]} ({found[0].source})."
    if any(v.never for v in found) and base.earliest is not None and base.latest is not None:
        name = FORMS.get(value, words(value))
        record.unsaid(fact, f"Whether “{name}” was possible then cannot be told: the day is known as {short(base)}.")
    return None


def _base_day(record: Record, rule: Rule) -> Span | None:
    """The day on which a rule has to be in force; the latest that it can have been, where it is not recorded."""
    key = rule.counts_from_milestone or rule.counts_from_step
    held = record.actual.get(key)
    if held is not None and held != UNKNOWN_DAY:
        return held
    if key in record.said:
        try:
            return parse_span(record.said[key])
        except ValueError:
            return None
    bounds = [record.actual[m].latest for m in LATER.get(key, ()) if m in record.actual]
    known = [b for b in bounds if b is not None]
    return Span(None, min(known)) if known else None


def combinations(record: Record, reading: Reading, pathway: Pathway) -> None:
    """Combinations of answers that the pathways rule out."""
    for row in pathway.impossible:
        if reading.holds(row.when) is YES:
            record.refuse(Refusal.IMPOSSIBLE, in_words(row.sentence))
