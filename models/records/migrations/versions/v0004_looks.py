"""When each post is to be looked at again, also where it is settled; and what is paid for today."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`mention.rechecked_at` becomes `look_at`, with an index; `billed`; `source.is_off`."""
    op.execute("alter table mention rename column rechecked_at to look_at")
    where = sa.text("text is not null")
    op.create_index(
        "ix_mention_look",
        "mention",
        ["channel", "look_at"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.add_column(
        "source", sa.Column("is_off", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "billed",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "day", "external_id"),
    )
