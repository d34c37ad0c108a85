"""Every table there is, gathered: what migrations compare and what a whole database is made from."""

from mutualflow.storage import door_tables, invitation_table, tables

metadata = tables.metadata
TABLES = (tables, door_tables, invitation_table)
