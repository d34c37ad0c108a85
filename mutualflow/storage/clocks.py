"""Clocks as computed: one row per rule and step of a formation."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select

from mutualflow.domain.clocks import Clock
from mutualflow.storage import tables as t

_HELD = select(t.clock).where(t.clock.c.formation_id == bindparam("formation")).order_by(t.clock.c.rule)
_FORGET = t.clock.delete().where(t.clock.c.formation_id == bindparam("formation"))
