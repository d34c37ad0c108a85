"""Computed rows that are wrong: neither what they were when they were computed nor what they are today (model.md 9)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from mutualflow.domain.applies import Reading
from mutualflow.domain.clocks import Clock
from mutualflow.domain.formation import Awaited, Formation
from mutualflow.domain.law import LawBook
from mutualflow.domain.pathway import Pathway
from mutualflow.services import acting
from mutualflow.storage import events

Computed = dict[tuple[str, ...], Awaited | Clock]
"""Computed rows: ("awaited", key) and ("clock", rule, step)."""


def computed(awaited: Mapping[str, Awaited], clocks: list[Clock]) -> Computed:
    """The rows of who is awaited and of clocks, by their keys."""
    rows: Computed = {("awaited", key): entry for key, entry in awaited.items()}
    rows.update({("clock", c.rule, c.step): c for c in clocks})
    return rows


def wrong(
    db: Connection,
    pathway: Pathway,
    formation: Formation,
    reading: Reading,
    law: LawBook,
    *,
    held: Computed,
    now: Computed,
    last_walk: date | None,
) -> Counter[str]:
    """How many rows of each kind are a defect; none where time alone explains every difference.

    `formation`: as it was before this walk, under this very law, its steps mended; `reading`: its own. What was right
    is computed once more for the day on which it was last computed, and only where something differs at all. A row
    that is not there counts as one.
    """
    differ = {key for key in {*held, *now} if held.get(key) != now.get(key)}
    if not differ:
        return Counter()
    event = acting.day_of(events.last_recorded(db, formation.id))
    day = max(event, last_walk or event)  # acts and walks compute everything
    clocks = law.clocks(pathway, formation, day, reading)
    awaited = acting.with_awaited(pathway, formation, reading, day, clocks=law.legal_days(clocks)).awaited
    by_act = acting.as_the_walk_left_them(clocks, [row for row in held.values() if isinstance(row, Clock)])
    was = [computed(awaited, clocks), computed(awaited, by_act)]
    return Counter(key[0] for key in differ if all(held.get(key) != rows.get(key) for rows in was))
