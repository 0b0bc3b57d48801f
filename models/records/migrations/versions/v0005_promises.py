"""What promises and the reply check need: what a reply promises, and whose words are alike."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Columns of `reply` and `promise`, the table `reply_key`, and who is owed what by index."""
    op.add_column(
        "reply", sa.Column("is_holding", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for name in ("promises", "remarks", "overrides"):
        op.add_column("reply", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "promise", sa.Column("made_at", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("promise", sa.Column("done_at", sa.BigInteger(), nullable=True))
    op.add_column("promise", sa.Column("note", sa.String(), nullable=True))
    where = sa.text("done_at is null")
    op.create_index(
        "ix_promise_owed", "promise", ["person_id"], sqlite_where=where, postgresql_where=where
    )
    op.create_index("ix_promise_reply", "promise", ["reply_id"])
    op.create_table(
        "reply_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("reply_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key", "reply_id"),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"]),
    )
    op.create_index("ix_reply_key_reply", "reply_key", ["reply_id"])
