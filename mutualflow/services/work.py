"""My work: what waits for one person over all formations, and what waits for anybody."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from mutualflow.domain.checks import slot_parties, speaker_sides
from mutualflow.domain.desk import role_words
from mutualflow.domain.formation import Life
from mutualflow.domain.pathway import Pathway, Slot, say
from mutualflow.services import pathways
from mutualflow.services.waits import DOING, Wait, first_by, order, role_of
from mutualflow.storage import queues
from mutualflow.storage import tasks as task_rows
from mutualflow.storage.queues import Queued

MOST = 200
"""How many lines are shown for anybody; a person's own work is shown whole."""


@dataclass(frozen=True, slots=True)
class Work:
    """The lines in order; `more`: how many there are beyond these."""

    lines: tuple[Wait, ...]
    more: int = 0


def mine(db: Connection, person: str, today: date) -> Work:
    """What waits for a person: by name, by role, or as a stand-in.

    Three indexed queries, one for tasks' titles, and at most three for roles held over many formations.
    """
    found = {(q.formation, q.entry.key): q for q in queues.by_role(db, person, today) if _hers(db, q, person)}
    found.update({(q.formation, q.entry.key): q for q in queues.by_name(db, person, today)})
    return Work(_lines(db, list(found.values()), today, person))


def anybody(db: Connection, today: date, most: int = MOST) -> Work:
    """What waits for whomever: roles and the people named, for who runs the installation."""
    found = queues.anybody(db, most + 1)
    return Work(_lines(db, found[:most], today, ""), more=max(len(found) - most, 0))


def _hers(db: Connection, queued: Queued, person: str) -> bool:
    """Is she among those who may do it: a role or body of the slot, another side for a check, never her own work?"""
    entry = queued.entry
    if entry.what == "check":
        barred = {queued.recorded_by, *queued.prepared_by}
        on_side = queued.recorder_on_side and queued.side in speaker_sides(_slot(db, queued))
        return bool(queued.recorded_by) and person not in barred and not on_side
    if entry.what == "approve" and person in queued.prepared_by:
        return False
    if entry.slot and entry.what in ("approve", "decide", "accept"):
        fits = any((p.role, p.side) == (queued.role, queued.side) for p in slot_parties(_slot(db, queued)))
        return fits and entry.organisation in ("", queued.organisation)
    return True


def _slot(db: Connection, queued: Queued) -> Slot:
    """The slot that is waited for."""
    step = pathways.of(db, queued.release).steps[queued.entry.step]
    return next(s for s in step.slots if s.key == queued.entry.slot)


def _lines(db: Connection, found: list[Queued], today: date, person: str) -> tuple[Wait, ...]:
    wanted = {(q.formation, q.entry.key.partition(":")[2]) for q in found if q.entry.what in ("task", "accept")}
    titles = task_rows.titles(db, wanted) if wanted else {}
    ordered = sorted(found, key=lambda q: (*order(q.entry)[:4], q.formation, q.entry.key))
    return tuple(_line(pathways.of(db, q.release), q, titles, today, person) for q in ordered)


def _line(pathway: Pathway, q: Queued, titles: dict[tuple[str, str], str], today: date, person: str) -> Wait:
    entry = q.entry
    step = pathway.steps.get(entry.step)
    named = entry.person or person
    standing_in = q.person_name if person and entry.person not in ("", person) else ""
    return Wait(
        formation=q.formation,
        formation_name=q.name,
        key=entry.key,
        what=entry.what,
        doing=DOING[entry.what],
        step=entry.step,
        title=_title(q, titles) or (say(step.title) if step else entry.key),
        role=role_words(q.role, q.side) if q.role and q.side and person else role_of(pathway, entry),
        people=(named,) if named else (),
        names=(q.person_name,) if q.person_name and not person else (),
        since=entry.since,
        days=max((today - entry.since).days, 0),
        due_on=entry.due_on,
        legal_on=entry.legal_on,
        weighty=entry.weighty,
        taken_by=q.taken_by_name,
        first_by=first_by(entry, today),
        slot=entry.slot,
        organisation=entry.organisation,
        standing_in_for=standing_in,
        paused=q.life == Life.PAUSED.value,
    )


def _title(q: Queued, titles: dict[tuple[str, str], str]) -> str:
    kind, _, key = q.entry.key.partition(":")
    return titles.get((q.formation, key), "") if kind in ("task", "accept") else ""
