"""The first tables, and the triggers that keep the event log append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table of version 0.1."""
    op.create_table(
        "account",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("market", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "external_id", name="ux_account"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("root_external_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "root_external_id", name="ux_conversation"),
    )
    op.create_table(
        "event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_entity", "event", ["entity", "entity_id", "id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", BIG, nullable=False),
        sa.Column("preferred_name", sa.String(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "identity",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "external_id", name="ux_identity"),
    )
    op.create_index("ix_identity_person", "identity", ["person_id"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("checkpoint", sa.String(), nullable=True),
        sa.Column("gen", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("swept_at", sa.BigInteger(), nullable=False),
        sa.Column("last_ok_at", sa.BigInteger(), nullable=True),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("gap_from", sa.BigInteger(), nullable=True),
        sa.Column("gap_to", sa.BigInteger(), nullable=True),
        sa.Column("gap_reason", sa.String(), nullable=True),
        sa.CheckConstraint("(gap_from is null) = (gap_to is null)", name="ck_source_gap"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "ingest",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "fetched = new + own + duplicate + rejected", name="ck_ingest_accounts_for_all"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ingest_source", "ingest", ["source_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("identity_id", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("addressed", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.Column("rechecked_at", sa.BigInteger(), nullable=False),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.Column("judged_by", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("negative", sa.Float(), nullable=True),
        sa.Column("neutral", sa.Float(), nullable=True),
        sa.Column("positive", sa.Float(), nullable=True),
        sa.Column("complaint", sa.Float(), nullable=True),
        sa.Column("question", sa.Float(), nullable=True),
        sa.Column("cues", sa.JSON(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("allowance_minutes", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reply_id", sa.BigInteger(), nullable=True),
        sa.Column("own_post_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_link", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("dismissed_reason", sa.String(), nullable=True),
        sa.Column("dismissed_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("reopened_at", sa.BigInteger(), nullable=False),
        sa.Column("perhaps_answered", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state in ('answered', 'dismissed', 'gone')) = (settled_at is not null)",
            name="ck_mention_settled",
        ),
        sa.CheckConstraint(
            "state <> 'answered' or reply_id is not null or own_post_id is not null"
            " or answered_link is not null",
            name="ck_mention_answer_proven",
        ),
        sa.CheckConstraint(
            "state <> 'dismissed' or (dismissed_reason is not null and dismissed_by is not null)",
            name="ck_mention_dismissal_explained",
        ),
        sa.CheckConstraint("state <> 'gone' or gone_at is not null", name="ck_mention_gone"),
        sa.CheckConstraint(
            "state <> 'replying' or reply_id is not null", name="ck_mention_has_its_reply"
        ),
        sa.CheckConstraint(
            "state in ('open', 'replying', 'answered', 'dismissed', 'gone')",
            name="ck_mention_state",
        ),
        sa.CheckConstraint("not addressed or lane <> 4", name="ck_mention_addressed_wants_answer"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "external_id", name="ux_mention"),
    )
    op.create_index("ix_mention_identity", "mention", ["identity_id"], unique=False)
    op.create_index(
        "ix_mention_lane",
        "mention",
        ["lane", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_mention_posted", "mention", ["posted_at"], unique=False)
    op.create_index(
        "ix_mention_queue",
        "mention",
        ["rank", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_mention_received", "mention", ["received_at"], unique=False)
    op.create_index("ix_mention_reply", "mention", ["reply_id"], unique=False)
    op.create_index("ix_mention_settled", "mention", ["settled_at"], unique=False)
    op.create_index("ix_mention_source", "mention", ["source_id"], unique=False)
    op.create_index("ix_mention_thread", "mention", ["conversation_id", "posted_at"], unique=False)
    op.create_index(
        "ix_mention_unjudged",
        "mention",
        ["id"],
        unique=False,
        sqlite_where=sa.text("judged_at is null"),
        postgresql_where=sa.text("judged_at is null"),
    )
    op.create_table(
        "own_post",
        sa.Column("id", BIG, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=True),
        sa.Column("identity_id", BIG, nullable=True),
        sa.Column("reply_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"]),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "external_id", name="ux_own_post"),
    )
    op.create_index("ix_own_post_parent", "own_post", ["channel", "in_reply_to"], unique=False)
    op.create_index("ix_own_post_source", "own_post", ["source_id"], unique=False)
    op.create_index(
        "ix_own_post_thread", "own_post", ["conversation_id", "posted_at"], unique=False
    )
    op.create_table(
        "alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed')", name="ck_alert_state"
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mention_id", "way", name="ux_alert"),
    )
    op.create_index(
        "ix_alert_waiting",
        "alert",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "reply",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=False),
        sa.Column("idem_key", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("send_after", sa.BigInteger(), nullable=True),
        sa.Column("gen", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state <> 'queued' or send_after is not null", name="ck_reply_queued_has_time"
        ),
        sa.CheckConstraint(
            "state <> 'sending' or (lease_owner is not null and lease_until is not null)",
            name="ck_reply_sending_leased",
        ),
        sa.CheckConstraint(
            "state <> 'sent' or (external_id is not null and sent_at is not null)",
            name="ck_reply_sent_proven",
        ),
        sa.CheckConstraint(
            "state <> 'unknown' or look_at is not null", name="ck_reply_unknown_looks"
        ),
        sa.CheckConstraint(
            "state in ('draft', 'queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled')",
            name="ck_reply_state",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"],
            ["mention.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id", "channel", name="ux_reply_post"),
        sa.UniqueConstraint("idem_key"),
    )
    op.create_index(
        "ix_reply_due",
        "reply",
        ["send_after", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_reply_lease",
        "reply",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_reply_look",
        "reply",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("state = 'unknown'"),
        postgresql_where=sa.text("state = 'unknown'"),
    )
    op.create_index("ix_reply_mention", "reply", ["mention_id"], unique=False)
    op.create_index(
        "ux_reply_live",
        "reply",
        ["mention_id"],
        unique=True,
        sqlite_where=sa.text("state in ('queued', 'sending', 'unknown')"),
        postgresql_where=sa.text("state in ('queued', 'sending', 'unknown')"),
    )
    op.create_table(
        "promise",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reply_id", BIG, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name="ck_promise_closed"),
        sa.CheckConstraint(
            "state in ('open', 'kept', 'broken', 'withdrawn')", name="ck_promise_state"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["reply.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_promise_due",
        "promise",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    _protect_events()


def _protect_events() -> None:
    """Refuse to change or delete an event, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger event_no_{act} before {act} on event"
                " begin select raise(abort, 'the event log is append-only'); end"
            )
        return
    op.execute(
        "create function event_is_append_only() returns trigger language plpgsql as"
        " $$ begin raise exception 'the event log is append-only'; end $$"
    )
    op.execute(
        "create trigger event_no_change before update or delete or truncate on event"
        " for each statement execute function event_is_append_only()"
    )
