"""What the search needs: the words of every mention, its author and our answers, in an index.

SQLite: FTS5 over a view, so that no word is stored twice; its rowid is the mention's id. Postgres:
a table of word vectors. Both are kept by triggers, so that whoever writes cannot forget it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`mention_search` with its triggers, filled, and the indexes it leans on."""
    where = sa.text("own_post_id is not null")
    op.create_index(
        "ix_mention_native", "mention", ["own_post_id"], sqlite_where=where, postgresql_where=where
    )
    # A filter alone, which may fit hardly anybody, is asked of everybody: 30 bytes each, not 600.
    columns = ["id", "state", "lane", "channel", "language", "lang"]
    op.create_index("ix_mention_filter", "mention", columns)
    if op.get_bind().dialect.name == "sqlite":
        _index_in_sqlite()
    else:
        _index_in_postgres()


_AUTHOR = (
    "(select coalesce(i.name, '') || ' ' || coalesce(i.handle, '')"
    " from identity i where i.id = m.identity_id)"
)


def _ours(strung: str, without_reply: str = "0", without_post: str = "0") -> str:
    """All we said to a mention, native posts too; the same text whenever it is asked for."""
    return (
        f"(select {strung}(words, ' ') from ("
        "select 1 as kind, r.id as id, r.body as words from reply r"
        f" where r.mention_id = m.id and r.id <> {without_reply}"
        " union all select 2, o.id, o.text from own_post o"
        f" where o.reply_id is null and o.id <> {without_post}"
        " and (o.id = m.own_post_id"
        " or (o.channel = m.channel and o.in_reply_to = m.external_id))"
        " order by 1, 2) as said)"
    )


_STRUNG = "group_concat"
_OF_MENTION = "m.id = {row}.id"
_OF_IDENTITY = "m.identity_id = {row}.id"
_OF_REPLY = "m.id = {row}.mention_id"
_OF_PARENT = "m.channel = {row}.channel and m.external_id = {row}.in_reply_to"
_OF_POST = f"(m.own_post_id = {{row}}.id or ({_OF_PARENT}))"
_CHANGES = (
    ("mention", ("text", "identity_id", "own_post_id", "channel", "external_id"), _OF_MENTION),
    ("identity", ("name", "handle"), _OF_IDENTITY),
    ("reply", ("body", "mention_id"), _OF_REPLY),
    ("own_post", ("text", "channel", "in_reply_to", "reply_id"), _OF_POST),
)
"""What a mention's words are made of, and whose they are."""


def _index_in_sqlite() -> None:
    op.execute(
        "create view mention_words as"
        f" select m.id as id, m.text as post, {_AUTHOR} as author, {_ours(_STRUNG)} as ours"
        " from mention m"
    )
    op.execute(
        "create virtual table mention_search using fts5(post, author, ours,"
        " content='mention_words', content_rowid='id', columnsize=0, prefix='2 3',"
        " tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute("insert into mention_search(mention_search) values ('rebuild')")
    _trigger("mention_search_new", "after insert on mention", _put("m.id = new.id"))
    op.execute(f"create trigger mention_search_gone before delete on mention begin {_GONE} end")
    for table, columns, whose in _CHANGES:
        _follow_changes(table, columns, whose)
    _follow_answers()


def _trigger(name: str, when: str, what: str) -> None:
    op.execute(f"create trigger {name} {when} begin {what} end")


def _put(whose: str) -> str:
    return (
        "insert into mention_search(rowid, post, author, ours)"
        " select id, post, author, ours from mention_words"
        f" where id in (select m.id from mention m where {whose}) order by id;"
    )


def _take(whose: str, ours: str = "") -> str:
    """Words leave the index only if it is told exactly the words it was given."""
    return (
        "insert into mention_search(mention_search, rowid, post, author, ours)"
        f" select 'delete', m.id, m.text, {_AUTHOR}, {ours or _ours(_STRUNG)}"
        f" from mention m where {whose} order by m.id;"
    )


_GONE = _take("m.id = old.id")


def _follow_changes(table: str, columns: tuple[str, ...], whose: str) -> None:
    """Before a change the old words go, after it the new ones come."""
    old, new = (f"({', '.join(f'{row}.{name}' for name in columns)})" for row in ("old", "new"))
    either = f"({whose.format(row='old')} or {whose.format(row='new')})"
    for when, what in (("before", _take(either)), ("after", _put(either))):
        _trigger(
            f"mention_search_{when}_{table}",
            f"{when} update of {', '.join(columns)} on {table} when {old} is not {new}",
            what,
        )


def _follow_answers() -> None:
    """A row that is there already fires what stands before an insert, and nothing after it: so
    the old words are told after it, without the new row's."""
    for table, whose, without in (
        ("reply", _OF_REPLY, _ours(_STRUNG, without_reply="new.id")),
        ("own_post", _OF_POST, _ours(_STRUNG, without_post="new.id")),
    ):
        added, removed = whose.format(row="new"), whose.format(row="old")
        _trigger(
            f"mention_search_new_{table}",
            f"after insert on {table}",
            _take(added, without) + _put(added),
        )
        _trigger(f"mention_search_going_{table}", f"before delete on {table}", _take(removed))
        _trigger(f"mention_search_gone_{table}", f"after delete on {table}", _put(removed))


_CAPITALS = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x180))
    if len(letter.lower()) == 1 and letter.lower() != letter
)
_BETWEEN = (
    r"[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
    r"\u02c2-\u02c5\u02d2-\u02df\u0300-\u036f\u2000-\u206f\u20a0-\u20ff\u2190-\u245f"
    r"\u2500-\u2775\u2794-\u2bff\u3000-\u3004\u3008-\u3020\u3030\ufe00-\ufe6f\uff01-\uff0f"
    r"\ufff9-\ufffd\U0001f000-\U0001f0ff\U0001f110-\U0001faff\U000e0000-\U000e01ef]+"
)
"""What stands between words. Spelt out, since Postgres' own cutting keeps addresses, versions and
what looks like a tag in one piece, and differs with the database's locale."""
_GAP = "'''.'':5'::tsvector"
"""No word: it keeps the last of one part and the first of the next from standing side by side."""
_POSTGRES = (
    # Small letters first: without a locale Postgres knows the capitals of ASCII only.
    "create function mention_words(said text) returns tsvector language sql immutable as $$"
    " select to_tsvector('pg_catalog.simple', regexp_replace(translate(normalize("
    f"coalesce(said, '')), '{_CAPITALS}', '{_CAPITALS.lower()}'), '{_BETWEEN}', ' ', 'g')) $$",
    "create function mention_vector(wanted bigint) returns tsvector language sql stable as $$"
    f" select setweight(mention_words(m.text), 'A') || {_GAP}"
    f" || setweight(mention_words({_AUTHOR}), 'B') || {_GAP}"
    f" || setweight(mention_words({_ours('string_agg')}), 'C')"
    " from mention m where m.id = wanted $$",
    "create table mention_search (mention_id bigint primary key, words tsvector not null)",
    "insert into mention_search select id, mention_vector(id) from mention",
    "create index ix_mention_search on mention_search using gin (words)",
    # Locked before it is read: of two who change a mention's words at once the second sees both.
    "create function mention_search_follow(wanted bigint) returns void language plpgsql as $$ begin"
    " perform 1 from mention_search where mention_id = wanted for update;"
    " insert into mention_search select wanted, mention_vector(wanted)"
    " on conflict (mention_id) do update set words = excluded.words; end $$",
)


def _index_in_postgres() -> None:
    for statement in _POSTGRES:
        op.get_bind().exec_driver_sql(statement)  # its colons are no parameters
    for table, columns, whose in _CHANGES:
        old, new = (whose.format(row=row) for row in ("old", "new"))
        rows = [f"({', '.join(f'{row}.{name}' for name in columns)})" for row in ("old", "new")]
        changed = f"update of {', '.join(columns)}", " is distinct from ".join(rows)
        _call(table, "changed", *changed, _follow(f"({old} or {new})"))
        _call(table, "new", "insert", "true", _follow(new))
        gone = "delete from mention_search where mention_id = old.id;"
        _call(table, "gone", "delete", "true", gone if table == "mention" else _follow(old))


def _follow(whose: str) -> str:
    return f"perform mention_search_follow(m.id) from mention m where {whose} order by m.id;"


def _call(table: str, name: str, when: str, condition: str, what: str) -> None:
    name = f"mention_search_{name}_{table}"
    op.execute(
        f"create function {name}() returns trigger language plpgsql as"
        f" $$ begin {what} return null; end $$"
    )
    op.execute(
        f"create trigger {name} after {when} on {table} for each row when ({condition})"
        f" execute function {name}()"
    )
