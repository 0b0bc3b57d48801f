"""What the daily page needs: topics of mentions, insights of staff, and a mail a day and reader."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Columns of `mention`, the tables `insight` and `digest`, and replies by when they left."""
    op.add_column("mention", sa.Column("topics", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("mention", sa.Column("topics_by", sa.String(), nullable=True))
    op.create_table(
        "insight",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"]),
    )
    op.create_index("ix_insight_at", "insight", ["at"])
    op.create_table(
        "digest",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False, server_default=""),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("send_after", sa.BigInteger(), nullable=True),
        sa.Column("gen", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("day", "recipient"),
        sa.CheckConstraint(
            "state in ('queued', 'sending', 'sent', 'unknown', 'failed', 'merged')",
            name="ck_digest_state",
        ),
    )
    op.create_index("ix_digest_state", "digest", ["state", "send_after"])
    op.create_index("ix_reply_sent", "reply", ["sent_at"])
