"""How long a file is valid, with its use in a formation: two formations may say different things of one file."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("evidence_use", sa.Column("valid_until", sa.Date(), nullable=True))
    op.drop_column("evidence", "valid_until")


def downgrade() -> None:
    """Take it back."""
    op.add_column("evidence", sa.Column("valid_until", sa.Date(), nullable=True))
    op.drop_column("evidence_use", "valid_until")
