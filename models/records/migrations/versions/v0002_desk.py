"""What the desk needs: drafts, who listens, and by index the longest wait and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables `draft` and `presence`, and indexes for the longest wait and the outbox."""
    op.create_table(
        "draft",
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "staff"),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"]),
        sa.UniqueConstraint("key", name="ux_draft_key"),
    )
    op.create_table(
        "presence",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    where = sa.text("state = 'open'")
    op.create_index(
        "ix_mention_oldest", "mention", ["posted_at"], sqlite_where=where, postgresql_where=where
    )
    where = sa.text("state <> 'sent'")
    op.create_index(
        "ix_reply_pending",
        "reply",
        ["state", "created_at"],
        sqlite_where=where,
        postgresql_where=where,
    )
