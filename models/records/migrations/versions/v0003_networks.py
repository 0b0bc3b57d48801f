"""What networks need: what a day cost and passed over, who asked us to stop, what was heard."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table `tally`, `identity.stopped_at` and `source.heard_until`."""
    op.create_table(
        "tally",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "day", "what"),
    )
    op.add_column("identity", sa.Column("stopped_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "source", sa.Column("heard_until", sa.BigInteger(), nullable=False, server_default="0")
    )
