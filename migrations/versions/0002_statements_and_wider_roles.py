"""Statements listed with what was put forward; indexes for stand-ins and for roles held over all formations."""

import sqlalchemy as sa
from alembic import op

from mutualflow.storage import migrating

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("submission", sa.Column("statements", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_absence_stand_in", "absence", ["stand_in"])
    op.create_index("ix_awaited_anywhere", "awaited", ["role", "side", "what"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_awaited_anywhere", "awaited")
    op.drop_index("ix_absence_stand_in", "absence")
    migrating.drop_triggers(op.get_bind(), ("submission",))  # SQLite makes the table anew, and would lose them
    with op.batch_alter_table("submission") as table:
        table.drop_column("statements")
    migrating.make_triggers(op.get_bind(), ("submission",))
