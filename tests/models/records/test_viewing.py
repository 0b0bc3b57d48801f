"""Who looks at what: seen as long as the window says so."""

from threading import Barrier, Thread

import pytest
from sqlmodel import select

from models.errors import NotFound, StoreError
from models.instant import HOUR, MINUTE, SECOND
from models.records import viewing
from models.records.store import Store
from models.records.tables import Event, Viewing
from tests.models.records.test_work import do, some
from tests.world import START


def look(store: Store, desk: str, number: int | None, staff: str, at: int = START) -> None:
    do(store, lambda s: viewing.look(s, desk, number, staff, at))


def viewers(store: Store, ids: list[int], at: int = START) -> dict[int, tuple[str, ...]]:
    with store.read() as session:
        return viewing.viewers(session, ids, at)


def test_each_window_is_at_one_mention_and_each_person_is_named_once(store: Store) -> None:
    first, second = some(store, 2)
    look(store, "w1", first, "Bo")
    look(store, "w2", first, "Anna")
    look(store, "w3", first, "Anna")
    assert viewers(store, [first, second]) == {first: ("Anna", "Bo")}
    look(store, "w1", second, "Bo")
    assert viewers(store, [first, second]) == {first: ("Anna",), second: ("Bo",)}
    look(store, "w1", None, "Bo")
    do(store, lambda s: viewing.leave(s, "w2"))
    do(store, lambda s: viewing.leave(s, "nobody"))
    assert viewers(store, [first, second]) == {first: ("Anna",)}
    assert viewers(store, [second]) == viewers(store, []) == {}


def test_who_falls_silent_is_gone_after_three_quarters_of_a_minute(store: Store) -> None:
    (only,) = some(store, 1)
    look(store, "w1", only, "Anna")
    assert viewers(store, [only], START + 45 * SECOND) == {only: ("Anna",)}
    assert viewers(store, [only], START + 45 * SECOND + 1) == {}
    assert viewers(store, [only], START - HOUR) == {}  # its clock is not ours
    look(store, "w1", only, "Anna", START + 50 * SECOND)
    assert viewers(store, [only], START + MINUTE) == {only: ("Anna",)}


def test_those_long_gone_are_swept_out_and_nothing_is_logged(store: Store) -> None:
    (only,) = some(store, 1)
    with store.read() as session:
        events = len(session.exec(select(Event)).all())
    look(store, "old", only, "Anna")
    look(store, "new", only, "Bo", START + HOUR)
    with store.read() as session:
        assert session.exec(select(Viewing.desk)).all() == ["new"]
        assert len(session.exec(select(Event)).all()) == events


def test_what_is_not_there_is_not_looked_at(store: Store) -> None:
    with pytest.raises(NotFound):
        look(store, "w1", 999, "Anna")


def test_windows_that_come_back_at_once_sweep_without_a_deadlock(postgres_store: Store) -> None:
    """Each is long gone for the others when all of them look again."""
    store, names = postgres_store, ("w1", "w2", "w3")
    (only,) = some(store, 1)
    together, failed = Barrier(len(names)), list[BaseException]()

    def come_back(desk: str) -> None:
        for hour in range(15):
            together.wait(60)
            try:
                look(store, desk, only, desk, START + hour * HOUR)
            except StoreError as error:
                failed.append(error)

    threads = [Thread(target=come_back, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert viewers(store, [only], START + 14 * HOUR)[only]


def test_a_second_window_of_the_same_person_is_known_and_a_colleagues_is_none(
    store: Store,
) -> None:
    first, second = some(store, 2)
    look(store, "w1", first, "Anna")
    look(store, "w2", first, "Bo")

    def elsewhere(desk: str, number: int, staff: str, at: int = START) -> bool:
        with store.read() as session:
            return viewing.is_elsewhere(session, desk, number, staff, at)

    assert elsewhere("w3", first, "Anna")
    assert not elsewhere("w1", first, "Anna")
    assert not elsewhere("w3", second, "Anna")
    assert not elsewhere("w3", first, "Cai")
    assert not elsewhere("w3", first, "Anna", START + MINUTE)
