"""The ground a submission stands on: its material facts, and how today's differ from them."""

import json
from collections.abc import Iterable, Mapping

from mutualflow.domain.applies import Reading
from mutualflow.domain.conditions import Condition, CountAtLeast, FactAtLeast, FactBelow, FactIs, Term, parts
from mutualflow.domain.formation import Basis, Formation, Submission
from mutualflow.domain.pathway import Pathway, Slot, Step
from mutualflow.domain.tri import NO, YES

SLOTS = "@slots"
"""The material key under which the set of applying slots stands."""

Material = Mapping[str, tuple[str, str]]
"""Fact or list key -> (text, meaning); lists as canonical JSON of their rows."""


def facts_in(pathway: Pathway, condition: Condition) -> Iterable[str]:
    """Keys of the facts and lists that a condition reads, through terms."""
    for part in parts(condition):
        match part:
            case FactIs(fact) | FactAtLeast(fact) | FactBelow(fact):
                yield fact
            case CountAtLeast(name):
                yield name
            case Term(name):
                yield from facts_in(pathway, pathway.terms[name].when)
            case _:
                pass


def material_keys(pathway: Pathway, step: Step) -> tuple[str, ...]:
    """Facts and lists asked in the step, printed in its documents or read by its slots, less the immaterial ones.

    What a document prints and a later step asks is a blank of this version: its answer is no change.
    """
    found = pathway.material_memo.get(step.key)
    if found is None:
        source = pathway.steps[step.puts_right] if step.puts_right else step
        keys = dict.fromkeys(a.key for a in (*source.asks, *source.lists))
        known = pathway.behind[source.key] | {source.key}
        for produced in source.produces:
            printed = pathway.document_facts.get(produced.document, ())
            keys.update(dict.fromkeys(k for k in printed if pathway.asker.get(k) in known))
        for slot in source.slots:
            keys.update(dict.fromkeys(facts_in(pathway, slot.when)))
        found = pathway.material_memo[step.key] = tuple(k for k in keys if k not in source.immaterial)
    return found


def slots_of(reading: Reading, step: Step, formation: Formation) -> list[tuple[Slot, str]]:
    """The slots that apply or may, each with its organisation ('' where it has none)."""
    found = []
    for slot in step.slots:
        if reading.holds(slot.when) is not NO:
            hosts = [o.key for o in formation.hosts] if slot.each_host else []
            found += [(slot, host) for host in hosts or [""]]
    return found


def applying_slots(reading: Reading, step: Step, formation: Formation) -> list[tuple[Slot, str]]:
    """The slots that surely apply, each with its organisation."""
    return [(slot, host) for slot, host in slots_of(reading, step, formation) if reading.holds(slot.when) is YES]


def material(reading: Reading, step: Step, formation: Formation) -> dict[str, tuple[str, str]]:
    """The values that a submission of the step would rest on now; what is not asked or blank is left out."""
    found: dict[str, tuple[str, str]] = {}
    values = reading.values
    for key in material_keys(reading.pathway, step):
        if key not in values:
            values[key] = _value(reading, formation, key)
        value = values[key]
        if value is not None:
            found[key] = value
    names = (f"{slot.key}@{host}" if host else slot.key for slot, host in slots_of(reading, step, formation))
    slots = ",".join(sorted(names))
    found[SLOTS] = (slots, slots)
    return found


def _value(reading: Reading, formation: Formation, key: str) -> tuple[str, str] | None:
    """Text and meaning of one fact or list as it counts now; None where it is not asked or blank."""
    if reading.asked(key) is not YES:
        return None
    if key in reading.pathway.lists:
        text = list_text(formation, key)
        return (text, text) if text else None
    answer = formation.answers.get((key, ""))
    return (answer.text, answer.means) if answer else None


def list_text(formation: Formation, key: str) -> str:
    """The live rows of a list and their answers, in order of their keys; '' for none."""
    rows = sorted(row.key for row in formation.rows.values() if row.list == key and not row.retired)
    by_subject: dict[str, dict[str, str]] = {f"{key}/{row}": {} for row in rows}
    if not rows:
        return ""
    for (column, subject), answer in formation.answers.items():
        if subject in by_subject:
            by_subject[subject][column] = answer.means
    return json.dumps(by_subject, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def changed(submission: Submission, now: Material) -> tuple[str, ...]:
    """Keys whose value means something else now than in the submission.

    What was unanswered in a submission of basis outside or assumed and is answered later is no change.
    """
    was = submission.material
    lenient = submission.basis is not Basis.PUT_FORWARD
    found = []
    for key in {**was, **now}:
        before, after = was.get(key), now.get(key)
        if before is None and lenient:
            continue
        if before is None or after is None or (before[0] != after[0] and before[1] != after[1]):
            found.append(key)
    return tuple(found)
