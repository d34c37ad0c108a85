"""Column types of our own, and short spellings of the usual ones."""

from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Text, TypeDecorator
from sqlalchemy.engine import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; naive ones are refused (SQLite would lose the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, turn the others into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(name: str, *, key: bool = False) -> Column[str]:
    """Text that is always there ('' = nothing)."""
    if key:
        return Column(name, Text, primary_key=True)
    return Column(name, Text, nullable=False, server_default="")


def person(name: str) -> Column[str | None]:
    """A person, by key."""
    return Column(name, Text, ForeignKey("person.key"))


def one_of(column: str, values: type) -> CheckConstraint:
    """A check that the column holds a word of a closed list ('' where nothing is said)."""
    listed = ", ".join(f"'{value}'" for value in ("", *values))  # type: ignore[misc]
    return CheckConstraint(f"{column} IN ({listed})", name=column)
