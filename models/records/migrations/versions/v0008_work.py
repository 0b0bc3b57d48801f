"""What staff do beside answering: claims, pins, tags, putting off, handing over, notes, viewing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Columns of `mention` with its queue's indexes, and the tables `note` and `viewing`."""
    for name in ("assigned_to", "handed_to"):
        op.add_column("mention", sa.Column(name, sa.String(), nullable=True))
    for name in ("claimed_until", "snoozed_until"):
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column("mention", column)
    op.add_column(
        "mention", sa.Column("is_pinned", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("mention", sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
    _index_the_queue()
    op.create_table(
        "note",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('note', 'question', 'answer')", name="ck_note_kind"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"]),
    )
    op.create_index("ix_note_conversation", "note", ["conversation_id", "id"])
    op.create_index("ix_note_mention", "note", ["mention_id", "id"])
    op.create_table(
        "viewing",
        sa.Column("desk", sa.String(), primary_key=True),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"]),
    )
    op.create_index("ix_viewing_mention", "viewing", ["mention_id"])


def _index_the_queue() -> None:
    """Both orders tell from the index alone who is put off; those few have one of their own."""
    is_open = sa.text("state = 'open'")
    for name, first in (("ix_mention_queue", "rank"), ("ix_mention_lane", "lane")):
        op.drop_index(name, "mention")
        columns = [first, "due_at", "id", "snoozed_until", "state"]
        op.create_index(name, "mention", columns, sqlite_where=is_open, postgresql_where=is_open)
    is_put_off = sa.text("snoozed_until > 0")
    op.create_index(
        "ix_mention_snoozed",
        "mention",
        ["snoozed_until"],
        sqlite_where=is_put_off,
        postgresql_where=is_put_off,
    )
