"""Invitations."""

import sqlalchemy as sa
from alembic import op

from mutualflow.storage.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("side", sa.Text(), server_default="", nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_invitation_formation_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.key"], name=op.f("fk_invitation_invited_by")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_invitation_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_formation_id"), "invitation", ["formation_id"])
    op.create_index("ix_invitation_person", "invitation", ["person", "answer"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("invitation")
