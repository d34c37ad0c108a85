"""The table of invitations: who was asked in, by whom, for which role, and what she answered."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from mutualflow.storage.columns import UtcDateTime, person, words
from mutualflow.storage.tables import metadata

invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("formation_id", Integer, ForeignKey("formation.id"), nullable=False, index=True),
    Column("person", Text, ForeignKey("person.key"), nullable=False),
    words("role"),
    words("side"),
    person("invited_by"),
    Column("code_hash", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    words("answer"),
    Index("ix_invitation_person", "person", "answer"),
)
