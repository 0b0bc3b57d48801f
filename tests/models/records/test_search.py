"""Search: the same answers on both databases, kept by whatever writes, safe from what is typed."""

import unicodedata
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from models.instant import DAY, HOUR, MINUTE
from models.post import Author, Post
from models.records import desk, judging, work
from models.records.judging import Bench
from models.records.search import find, purge
from models.records.store import Store, open_store
from models.records.tables import Identity, Mention, OwnPost, Reply
from models.search import parse
from models.sentiment.judgement import Judgement
from models.settings import Allowances
from models.topics import load
from tests.world import START, answer, broken, calendar, looked, mention, own, post, take


def found(store: Store, typed: str, limit: int = 50, *, at: int = START, **more: Any) -> list[str]:
    """The external ids of what is found."""
    with store.read() as session:
        ids = find(session, parse(typed), limit, at, UTC, **more)
        return [session.get_one(Mention, mention_id).external_id for mention_id in ids]


def ids(*posts: Post) -> list[str]:
    return [one.external_id for one in posts]


def is_sound(store: Store) -> bool:
    """Whether the index holds exactly the words there are, no more and no fewer."""
    with store.write() as session:
        connection = session.connection()
        if store.is_sqlite:
            check = "insert into mention_search(mention_search) values ('integrity-check')"
            try:
                connection.execute(sql(check))
            except DatabaseError:
                return False
            return True
        wrong = "(words <> mention_vector(mention_id)) is not false"
        stale = f"select count(*) from mention_search where {wrong}"
        counts = "select (select count(*) from mention) - (select count(*) from mention_search)"
        return [connection.execute(sql(one)).scalar_one() for one in (stale, counts)] == [0, 0]


def judge(store: Store, language: str, complaint: float, positive: float = 0.1) -> None:
    bench = Bench(lambda _name: calendar(), Allowances(), (), load("retail"))
    verdict = Judgement(language, 0.1, 0.8, positive, complaint, 0.1, ())
    with store.write() as session:
        items = judging.unjudged(session, 1000)
        judging.store(session, [(item, verdict) for item in items], "test", START, bench)


def test_words_of_a_post_lead_to_it_newest_first(store: Store) -> None:
    first, second, other = post("a", "Var är paketet?"), post("b", "PAKETET kom!"), post("c", "Hej")
    take(store, first, second, other)
    assert found(store, "paketet") == ids(second, first)
    assert found(store, "paket") == ids(second, first)
    assert found(store, "paket kom") == ids(second)
    assert found(store, "paketets") == []
    assert is_sound(store)


def test_nordic_letters_are_letters_of_their_own(store: Store) -> None:
    bread, danish = post("a", "SMÖRGÅS på Öland"), post("b", "Ærlig talt: RØDGRØD")
    take(store, bread, danish)
    assert found(store, "smörgås") == found(store, "öLAND") == ids(bread)
    assert found(store, "ærlig rødgrød") == ids(danish)
    assert found(store, "smorgas") == found(store, "oland") == found(store, "rodgrod") == []


def test_a_letter_in_two_parts_is_the_same_letter(store: Store) -> None:
    parted = post("a", unicodedata.normalize("NFD", "smörgåsbord"))
    take(store, parted)
    assert found(store, "smörgås") == ids(parted)
    assert found(store, unicodedata.normalize("NFD", '"smörgåsbord"')) == ids(parted)


def test_one_letter_is_a_word_and_two_are_a_beginning(store: Store) -> None:
    a, b = post("a", "Storgatan 5 i Umeå"), post("b", "inte 55")
    take(store, a, b)
    assert found(store, "i") == found(store, "5") == ids(a)
    assert found(store, "in") == found(store, "55") == ids(b)


def test_a_phrase_stands_side_by_side_and_within_one_part(store: Store) -> None:
    sofa, apart = post("kim", "En ny soffa, tack"), post("kim", "Min soffa är ny")
    take(store, sofa, apart)
    assert found(store, '"ny soffa"') == found(store, '"ny sof') == ids(sofa)
    assert found(store, '"ny sof"') == found(store, '"tack kim"') == found(store, '"ny kim"') == []
    assert found(store, "kim ny soffa") == ids(apart, sofa)


def test_what_looks_like_markup_or_an_address_is_words(store: Store) -> None:
    odd = post("a", "<b>arg</b> läs https://tallkotte.se/retur?id=4711 v1.2-3 user@host.fi a_b 3e5")
    take(store, odd)
    for typed in (
        "arg",
        "tallkotte",
        "retur",
        "4711",
        '"v1 2 3"',
        "host",
        '"a b"',
        "3e5",
        "se/ret",
    ):
        assert found(store, typed) == ids(odd), typed


def test_an_author_is_found_by_name_and_handle(store: Store) -> None:
    kim = post("k", "Hej", author=Author("k", "kim_kund@example.social", "Åsa Öberg"))
    named = post("n", "Hälsa Åsa Öberg och kim_kund")
    take(store, kim, named)
    assert found(store, "öberg") == ids(named, kim)
    assert found(store, "~from:kim_kund") == found(store, '~from:"Åsa Öberg"') == ids(kim)
    assert found(store, "~from:kim hej") == ids(kim)
    assert found(store, "~from:ki") == []
    assert found(store, "~from:kim ~from:n") == ids(named, kim)


def test_another_name_of_the_author_counts_at_once_for_all_they_wrote(store: Store) -> None:
    first = post("k", "Hej", author=Author("k", "gammal", "Gammal"))
    take(store, first, post("x", "Hej"))
    second = post("k", "Hopp", author=Author("k", "nyss", "Nyss"))
    take(store, second)
    assert found(store, "nyss") == ids(second, first)
    assert found(store, "gammal") == []
    assert is_sound(store)


def test_a_word_of_our_answer_leads_to_its_mention(store: Store) -> None:
    asked, other = post("a", "Var?"), post("b", "När?")
    take(store, asked, other)
    reply_id = answer(store, asked, "Jag beklagar, det ligger i Luleå.")
    assert found(store, "luleå") == ids(asked)
    assert found(store, "luleå var") == ids(asked)
    with store.write() as session:
        session.get_one(Reply, reply_id).body = "I Boden."
    assert found(store, "luleå") == []
    assert found(store, "boden") == ids(asked)
    assert is_sound(store)
    with store.write() as session:
        connection = session.connection()
        connection.execute(sql("update mention set state = 'open', reply_id = null"))
        connection.execute(sql("delete from reply"))
    assert found(store, "boden") == []
    assert is_sound(store)


def test_a_native_answer_leads_to_all_it_answers(store: Store) -> None:
    first, second, other = post("a", "Var?"), post("a", "Hallå?"), post("b", "Jag med")
    second = post("a", "Hallå?", to=first.external_id, at=START + 1)
    take(store, first, second, other)
    take(store, own("Det ligger i Luleå.", to=second.external_id, at=START + HOUR), at=START + HOUR)
    assert found(store, "luleå") == ids(second, first)
    assert is_sound(store)


def test_our_answer_may_be_read_before_what_it_answers(store: Store) -> None:
    asked = post("a", "Var?")
    take(store, own("I Luleå.", to=asked.external_id, at=START + HOUR), at=START + HOUR)
    assert found(store, "luleå") == []
    take(store, asked, at=START + HOUR)
    assert found(store, "luleå") == ids(asked)
    take(store, own("I Luleå.", to=None), at=START + HOUR)  # to nobody
    assert is_sound(store)


def test_a_post_that_is_there_already_changes_nothing(store: Store) -> None:
    asked = post("a", "Var?")
    ours = own("I Luleå.", to=asked.external_id, at=START + HOUR)
    for _time in range(2):
        take(store, asked, ours, at=START + HOUR)
    with store.write() as session:
        row = session.exec(select(OwnPost)).one()
        values = row.model_dump(exclude={"id", "text"})
        names = ", ".join(values)
        again = f"insert into own_post(text, {names}) select 'Annat', {names} from own_post"
        session.connection().execute(sql(f"{again} where true on conflict do nothing"))
    assert found(store, "luleå var") == ids(asked)
    assert found(store, "annat") == []
    assert is_sound(store)


def test_the_receipt_of_a_reply_is_no_second_answer(store: Store) -> None:
    asked = post("a", "Var?")
    take(store, asked)
    ours = own("I Luleå.", to=asked.external_id, at=START + HOUR)
    take(store, ours, at=START + HOUR)
    with store.write() as session:
        session.exec(select(OwnPost)).one().reply_id = 99
        session.connection().execute(
            sql("update mention set own_post_id = null, answered_link = 'l'")
        )
    assert found(store, "luleå") == []
    assert is_sound(store)


def test_an_edited_post_is_found_by_its_new_words_alone(store: Store) -> None:
    written = post("a", "Paketet är borta")
    take(store, written)
    edited = Post(
        "sandbox", written.external_id, written.author, "Soffan kom", START, edited_at=START + 1
    )
    take(store, edited)
    assert found(store, "paketet") == []
    assert found(store, "soffan") == ids(written)
    assert is_sound(store)


def test_a_deleted_post_takes_its_words_along_and_brings_them_back(store: Store) -> None:
    written = post("a", "Hemligt ärende")
    take(store, written, post("b", "Annat"))
    with store.write() as session:
        looked(session, {written.external_id: None}, START)
    assert found(store, "hemligt") == []
    assert found(store, "~from:a ~gone") == ids(written)
    assert is_sound(store)
    take(store, written, at=START + HOUR)
    assert found(store, "hemligt") == ids(written)
    assert is_sound(store)


def test_nothing_of_a_deleted_word_is_left_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "g.db"
    store = open_store(f"sqlite:///{file}", create=True)
    written = post("a", "Hemligstämplat")
    take(store, written)
    for number in range(40):
        take(store, post(f"b{number}", f"Ord{number} till"))
    assert b"hemligst" in _bytes(store, file)
    with store.write() as session:
        looked(session, {written.external_id: None}, START)
    assert b"hemligst" in _bytes(store, file)  # marked as deleted, and no more
    more = True
    while more:
        with store.write() as session:
            more = purge(session, pages=4)
    assert b"hemligst" not in _bytes(store, file)
    assert found(store, "till", 100) != []
    assert is_sound(store)
    store.close()


def _bytes(store: Store, file: Path) -> bytes:
    raw = store.watching()
    driver: Any = raw.dbapi_connection
    driver.execute("pragma wal_checkpoint(truncate)").fetchall()
    raw.close()
    return file.read_bytes().lower()


def test_where_the_database_forgets_by_itself_there_is_nothing_to_purge(store: Store) -> None:
    take(store, post("a"))
    with store.write() as session:
        while purge(session):
            pass
    assert len(found(store, "paketet")) == 1


def test_filters_narrow(store: Store) -> None:
    late = post("a", "Paketet har inte kommit", lang="da")
    gone, spam, waits = post("b", "Paketet 1"), post("c", "Paketet 2"), post("d", "Paketet 3")
    other = post("e", "Paketet 4", channel="x")
    take(store, late)
    judge(store, "sv", 0.9)
    take(store, gone, spam, waits, other)
    judge(store, "nb", 0.1)
    with store.write() as session:
        looked(session, {gone.external_id: None}, START)
    with store.write() as session:
        desk.dismiss(session, mention(store, spam).id or 0, "spam", "Anna", START)
    for typed, posts in {
        "paketet ~gone": (),
        "~gone": (gone,),
        "~dismissed paketet": (spam,),
        "~open paketet": (other, waits, late),
        "~open": (other, waits, late),
        "~open ~dismissed ~sandbox paketet": (waits, spam, late),
        "~answered": (),
        "~complaint": (late,),
        "~complaint ~sandbox pa": (late,),
        "~sv paketet": (late,),
        "~da": (),
        "~x paketet": (other,),
        "~other ~nb paketet": (other, waits, spam),
        "~topic:late_delivery": (late,),
        "~topic:late%delivery": (),
        "~topic:price ~topic:late_delivery paketet": (late,),
        "~unassigned paketet 3": (waits,),
        "+unassigned paketet +3": (waits,),
        **{f"~{name}": () for name in ("mine", "pinned", "snoozed", "noted", "team:a", "tag:b")},
        "~nonsense paketet 3": (waits,),
    }.items():
        assert found(store, typed) == ids(*posts), typed


def test_a_team_is_found_however_its_letters_are_written(store: Store) -> None:
    asked = post("a")
    take(store, asked)
    number, until = mention(store, asked).id or 0, START + MINUTE
    with store.write() as session:
        work.hand_over(session, number, "Återbetalning", "Var?", until, UTC, "Anna", START)
    assert found(store, "~team:återbetalning") == found(store, "~team:ÅTERBETALNING") == ids(asked)
    assert found(store, "~team:betalning") == []


def test_praise_is_what_pleases_and_does_not_complain(store: Store) -> None:
    glad, torn = post("a", "Tack!"), post("b", "Tack, men")
    take(store, glad)
    judge(store, "sv", 0.1, positive=0.9)
    take(store, torn)
    judge(store, "sv", 0.9, positive=0.9)
    assert found(store, "tack ~praise") == found(store, "~praise") == ids(glad)


def test_late_is_what_waits_beyond_its_moment(store: Store) -> None:
    written, done = post("a"), post("b")
    take(store, written, done)
    with store.write() as session:
        desk.dismiss(session, mention(store, done).id or 0, "spam", "Anna", START)
    due = mention(store, written).due_at
    assert found(store, "~late paketet", at=due) == []
    assert found(store, "~late paketet", at=due + 1) == ids(written)


def test_today_and_this_week_are_about_when_it_was_posted(store: Store) -> None:
    old, week, today = (post("a", at=START - days * DAY) for days in (8, 6, 0))
    take(store, old, week, today)
    assert found(store, "~today paketet") == found(store, "~today") == ids(today)
    assert found(store, "~week paketet") == found(store, "~week") == ids(today, week)
    assert found(store, "~today paketet", at=START + 30 * DAY) == []


def test_an_old_post_received_late_is_new_among_the_found_and_old_to_the_filters(
    store: Store,
) -> None:
    today, history = post("a"), post("a", at=START - 300 * DAY)
    take(store, today)
    take(store, history)
    assert found(store, "paketet") == ids(history, today)
    assert found(store, "~week paketet") == ids(today)


def test_page_by_page_all_are_found_once(store: Store) -> None:
    posts = [post("a", f"paket {number}") for number in range(25)]
    take(store, *posts)
    for typed in ("paket", "~open", "~open paket"):
        seen: list[str] = []
        before = None
        while page := found(store, typed, 10, before=before):
            seen += page
            with store.read() as session:
                last = select(Mention.id).where(Mention.external_id == page[-1])
                before = session.exec(last).one()
        assert seen == ids(*reversed(posts)), typed


def test_nothing_asked_finds_nothing(store: Store) -> None:
    take(store, post("a"))
    for typed in ("", " ", "?!", '""', "~", "~nonsense", "\0", "☃"):
        assert found(store, typed) == [], typed


HOSTILE = (
    'pak"et',
    "paket*",
    "-paket",
    "paket AND",
    "NEAR(paket, 2)",
    "(((paket",
    "post:paket",
    "^paket",
    "paket' OR 1=1 --",
    "'paket':*",
    "paket & | ! <->",
    "paket\0",
    "paket\ud800",
    "paket\\",
    "{paket}",
    '"paket',
    "+ paket +",
    "paket ; drop table mention",
    "%paket_",
    "paket:*A",
    "paket <-> et",
    "$$paket",
)


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_sign_is_a_command(store: Store, typed: str) -> None:
    written = post("a", "Paket et 2 and or drop table mention 1 near post A")
    take(store, written)
    assert found(store, typed) == ids(written)


def test_ten_thousand_signs_are_read_as_far_as_it_makes_sense(store: Store) -> None:
    written = post("a", "Paket " + "ord " * 3 + "x" * 1_000)
    take(store, written)
    for typed in ("ord " * 2_500, "x" * 10_000, "(" * 1_000 + "paket" + '"' * 10_000):
        assert found(store, typed) == ids(written), typed[:20]
    assert found(store, " ".join(f"zz{number}" for number in range(2_000))) == []
    assert found(store, "(" * 10_000 + " ord") == []


_SIGNS = st.text("ab åÖø\"*-():^~'\\&|!<>\0\ud800.5é", max_size=40)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.one_of(_SIGNS, st.text(max_size=60)))
def test_whatever_is_typed_is_an_answer(store: Store, typed: str) -> None:
    written = Post("sandbox", "one", Author("a", "a"), "ab åö é 5", START)
    take(store, written)
    assert {*found(store, typed)} <= {"one"}


@pytest.fixture
def both(sqlite_address: str, postgres_address: str) -> Any:
    stores = [open_store(address, create=True) for address in (sqlite_address, postgres_address)]
    yield stores
    for one in stores:
        one.close()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    said=st.lists(st.text("abå Öø-.<>/@:5", min_size=1, max_size=25), min_size=1, max_size=4),
    typed=st.text('abå Öø-"<:5', min_size=1, max_size=8),
)
def test_both_databases_find_the_same(both: list[Store], said: list[str], typed: str) -> None:
    written = [post("zz", text) for text in said]
    answers = []
    for one in both:
        take(one, *written)
        answers.append([name for name in found(one, typed, 50) if name in ids(*written)])
    assert answers[0] == answers[1]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 3)), max_size=12))
def test_in_whatever_order_things_change_the_index_follows(
    store: Store, acts: list[tuple[int, int, int]]
) -> None:
    """Straight in the database, where no code of ours stands between."""
    posts = [post(f"w{number}", f"Ord {number}") for number in range(3)]
    take(store, *posts, own("Svar", to=posts[0].external_id, at=START + MINUTE), at=START + HOUR)
    rows = [mention(store, one).id or 0 for one in posts]
    for act, which, word in acts:
        target, words = rows[which], f"'nytt{word} å{word}'"
        key = "key" + posts[which].external_id + str(word)
        statement = (
            f"update mention set text = {words} where id = {target}",
            f"update mention set text = null where id = {target}",
            f"update identity set name = {words}"
            f" where id = (select identity_id from mention where id = {target})",
            "insert into reply(mention_id, account_id, channel, in_reply_to, idem_key, body, staff,"
            " created_at, state, gen, attempts, looks, is_holding, promises, remarks, overrides)"
            f" values ({target}, 1, 'sandbox', 'p', '{key}', {words}, 'A', 1, 'cancelled', 0, 0, 0,"
            " false, '[]', '[]', '[]') on conflict do nothing",
            f"update reply set mention_id = {target}, body = {words} where mention_id in"
            f" ({', '.join(map(str, rows))})",
            f"update own_post set in_reply_to = '{posts[which].external_id}', text = {words}"
            f" where in_reply_to in ({', '.join(repr(one.external_id) for one in posts)})",
            f"delete from reply where mention_id = {target}",
        )[act]
        with store.write() as session:
            session.connection().execute(sql(statement))
    assert is_sound(store)


def test_the_audit_has_nothing_to_say(store: Store) -> None:
    asked = post("a")
    take(store, asked)
    answer(store, asked)
    assert broken(store, START + MINUTE) == []
    with store.read() as session:
        assert session.exec(select(Identity)).one().handle == "a"
