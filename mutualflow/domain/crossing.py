"""A planned day that moves across a change of law: which fees and numbers are others on the new day."""

from collections.abc import Iterator

from mutualflow.domain.conditions import (
    Condition,
    FactAtLeast,
    FactBelow,
    MilestoneBefore,
    MilestoneFrom,
    RuleValue,
    parts,
)
from mutualflow.domain.desk import Desk, milestone_spans
from mutualflow.domain.formation import Formation
from mutualflow.domain.pathway import Pathway


def crossed(desk: Desk, before: Formation) -> list[str]:
    """Rules whose value on their own base day is another than before a day moved; clocks are told by the walk."""
    was, now = desk.law(milestone_spans(before)), desk.law(milestone_spans(desk.f))
    return [rule for rule in dict.fromkeys(_named(desk.pathway)) if was(rule) != now(rule)]


def _named(pathway: Pathway) -> Iterator[str]:
    """Every fee and number that the pathway reads or speaks of."""
    for term in pathway.terms.values():
        yield from _read_by(term.when)
    for step in pathway.steps.values():
        yield from _read_by(step.when)
        if step.files is not None and step.files.fee_rule:
            yield step.files.fee_rule
        for entry in step.law:
            yield from entry.rules


def _read_by(condition: Condition) -> Iterator[str]:
    for part in parts(condition):
        match part:
            case FactAtLeast(_, RuleValue(rule)) | FactBelow(_, RuleValue(rule)):
                yield rule
            case MilestoneFrom(_, RuleValue(rule)) | MilestoneBefore(_, RuleValue(rule)):
                yield rule
            case _:
                pass
