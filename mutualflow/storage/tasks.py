"""Titles of tasks, for lists that go over several formations."""

from collections.abc import Iterable

from sqlalchemy import Connection, select, tuple_

from mutualflow.storage import tables as t


def titles(db: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(formation key, task key) -> title, by one query."""
    rows = db.execute(
        select(t.formation.c.key.label("formation"), t.task.c.key, t.task.c.title)
        .join(t.formation, t.formation.c.id == t.task.c.formation_id)
        .where(tuple_(t.formation.c.key, t.task.c.key).in_(sorted(wanted)))
    )
    return {(r.formation, r.key): r.title for r in rows}
