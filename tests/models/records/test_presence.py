"""Who listens: seen as long as it shows up, gone when it leaves or falls silent."""

import pytest
from sqlmodel import select

from models.instant import DAY, HOUR, MINUTE, SECOND
from models.records import presence
from models.records.presence import Listening
from models.records.store import Store
from models.records.tables import Presence


def show_up(store: Store, name: str, at: int) -> None:
    with store.write() as session:
        presence.show_up(session, name, at)


def listeners(store: Store, at: int) -> list[Listening]:
    with store.read() as session:
        return presence.listeners(session, at)


def rows(store: Store) -> set[str]:
    with store.read() as session:
        return set(session.exec(select(Presence.name)))


AT = 40 * DAY


def test_nobody_listens_to_a_new_database(store: Store) -> None:
    assert listeners(store, AT) == []


def test_who_shows_up_again_and_again_is_one_listener(store: Store) -> None:
    for tick in range(4):
        show_up(store, "ahti:7:a", AT + 5 * tick * SECOND)
    assert listeners(store, AT + 16 * SECOND) == [Listening("ahti:7:a", AT + 15 * SECOND)]


def test_the_longest_at_work_comes_first_however_lately_it_was_seen(store: Store) -> None:
    show_up(store, "ymer:2:b", AT)
    show_up(store, "balder:1:c", AT + SECOND)
    show_up(store, "aegir:1:c", AT + SECOND)
    show_up(store, "ymer:2:b", AT + 2 * SECOND)
    names = [listening.name for listening in listeners(store, AT + 3 * SECOND)]
    assert names == ["ymer:2:b", "aegir:1:c", "balder:1:c"]


def test_one_missed_tick_is_forgiven_and_a_long_silence_is_not(store: Store) -> None:
    show_up(store, "ahti:7:a", AT)
    patience = int(presence.SHOWS_UP_EVERY * SECOND) * 2
    assert listeners(store, AT + patience + SECOND) != []
    assert listeners(store, AT + MINUTE) == []
    show_up(store, "ahti:7:a", AT + MINUTE)
    assert listeners(store, AT + MINUTE) == [Listening("ahti:7:a", AT + MINUTE)]


def test_who_was_seen_long_after_now_is_not_at_work(store: Store) -> None:
    """A clock that was put back must not keep a dead listener alive for hours."""
    show_up(store, "ahti:7:a", AT + HOUR)
    assert listeners(store, AT) == []
    show_up(store, "ahti:7:a", AT)
    assert listeners(store, AT - SECOND) == [Listening("ahti:7:a", AT)]


def test_who_leaves_is_gone_at_once_and_the_others_stay(store: Store) -> None:
    for name in ("ahti:7:a", "ahti:8:b"):
        show_up(store, name, AT)
    for _time in range(2):
        with store.write() as session:
            presence.leave(session, "ahti:7:a")
            presence.leave(session, "nobody:1:x")
    assert listeners(store, AT) == [Listening("ahti:8:b", AT)]


def test_those_long_gone_are_swept_out_by_the_next_who_shows_up(store: Store) -> None:
    show_up(store, "old:1:a", AT)
    show_up(store, "silent:2:b", AT + MINUTE)
    show_up(store, "new:3:c", AT + DAY + SECOND)
    assert rows(store) == {"silent:2:b", "new:3:c"}


@pytest.mark.parametrize("name", ["räv-dator:1:å", "a'; drop table presence; --", "\x1b[31mrød"])
def test_a_name_is_only_a_name(store: Store, name: str) -> None:
    show_up(store, name, AT)
    assert listeners(store, AT) == [Listening(name, AT)]
    with store.write() as session:
        presence.leave(session, name)
    assert rows(store) == set()
