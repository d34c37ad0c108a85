"""Many formations quickly: the rows of one are copied by INSERT ... SELECT, under new keys."""

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    true,
)

from mutualflow.storage import tables as t
from mutualflow.storage.database import write

LEFT_OUT = ("notice", "seen")
"""What is one person's own: a clone begins without it."""


def clone(engine: Engine, formation: int, count: int, *, cast_of: int = 0) -> None:
    """Copy a formation `count` times; the copies' ids follow the highest id that there is.

    `cast_of`: so many copies share the people who hold the roles, the next as many have others (0: all the same).
    Events keep the chain of the original: a clone is good for acting on, not for an audit of its past.
    """

    def use_case(db: Connection) -> None:
        base = int(db.execute(select(func.max(t.formation.c.id))).scalar_one())
        numbers = _numbers(count)
        if cast_of:
            _people(db, formation, (count + cast_of - 1) // cast_of)
        for table in t.metadata.sorted_tables:
            if table.name not in LEFT_OUT and (table is t.formation or "formation_id" in table.c):
                _copy(db, table, formation, base, numbers, cast_of)
        if db.dialect.name != "sqlite":
            db.execute(
                text("SELECT setval(pg_get_serial_sequence('formation', 'id'), (SELECT max(id) FROM formation))")
            )

    write(engine, use_case)


def key_of(key: str, number: int) -> str:
    """The key of the n-th copy, from 1."""
    return f"{key}-{number}"


def person_of(person: str, number: int, cast_of: int) -> str:
    """Who holds a person's role in the n-th copy."""
    return f"{person}.{(number - 1) // cast_of}"


def _numbers(count: int) -> CTE:
    """1 to `count`."""
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < count))


def _copy(db: Connection, table: Table, formation: int, base: int, numbers: CTE, cast_of: int) -> None:
    own = table.c.id if table is t.formation else table.c.formation_id
    wanted: dict[str, ColumnElement[object]] = {}
    for column in table.c:
        if column is own:
            wanted[column.name] = numbers.c.n + base
        elif column.name == "id":
            continue
        elif (table, column.name) in ((t.formation, "key"), (t.document, "number")):
            wanted[column.name] = column + "-" + cast(numbers.c.n, String)
        elif table in (t.membership, t.awaited) and column.name == "person" and cast_of:
            wanted[column.name] = column + "." + cast(cast((numbers.c.n - 1) // cast_of, Integer), String)
        else:
            wanted[column.name] = column
    rows = select(*wanted.values()).select_from(table.join(numbers, true())).where(own == formation)
    db.execute(insert(table).from_select(list(wanted), rows))


def _people(db: Connection, formation: int, casts: int) -> None:
    """A person for each member and each cast."""
    members = select(t.membership.c.person).where(t.membership.c.formation_id == formation).distinct()
    numbers = _numbers(casts)
    columns = [c for c in t.person_row.c if c.name != "id"]
    values = [c + "." + cast(numbers.c.n - 1, String) if c.name == "key" else c for c in columns]
    people = select(*values).select_from(t.person_row.join(numbers, true())).where(t.person_row.c.key.in_(members))
    db.execute(insert(t.person_row).from_select([c.name for c in columns], people))
