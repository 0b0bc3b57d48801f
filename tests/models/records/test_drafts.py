"""Drafts: what is typed survives and is its writer's alone, and tells others to keep away."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from models.errors import NotFound
from models.instant import MINUTE, SECOND
from models.records import drafts
from models.records.drafts import FRESH, Writing
from models.records.store import Store
from models.records.tables import Draft
from tests.world import START, mention, post, take

WORDS = "Hej Solveig! Pakken din står i Drammen og kommer i morgen tidlig."


def waiting(store: Store, who: str = "solveig") -> int:
    written = post(who, "Hvor blir det av pakken min?")
    take(store, written)
    return mention(store, written).id or 0


def take_up(store: Store, mention_id: int, staff: str, at: int = START) -> Writing:
    with store.write() as session:
        return drafts.take_up(session, mention_id, staff, at)


def save(store: Store, mention_id: int, body: str, staff: str, at: int = START) -> bool:
    with store.write() as session:
        return drafts.save(session, mention_id, body, staff, at)


def put_away(store: Store, mention_id: int, body: str, staff: str, at: int = START) -> None:
    with store.write() as session:
        drafts.put_away(session, mention_id, body, staff, at)


def give_back(store: Store, mention_id: int, body: str, staff: str, at: int = START) -> None:
    with store.write() as session:
        drafts.give_back(session, mention_id, body, staff, at)


def writers(store: Store, ids: Sequence[int], at: int = START) -> dict[int, list[str]]:
    with store.read() as session:
        return drafts.writers(session, ids, at)


def begun(store: Store, ids: Sequence[int], staff: str) -> set[int]:
    with store.read() as session:
        return drafts.begun(session, ids, staff)


def bodies(store: Store) -> dict[str, str]:
    """All drafts by their writer."""
    with store.read() as session:
        return {draft.staff: draft.body for draft in session.exec(select(Draft))}


def test_a_draft_survives_a_desk_that_is_killed(store: Store, address: str) -> None:
    mention_id = waiting(store)
    begun_with = take_up(store, mention_id, "Anna")
    script = (
        "import os, signal, sys\n"
        "from models.records import drafts\n"
        "from models.records.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "with store.write() as session:\n"
        "    drafts.save(session, int(sys.argv[2]), sys.argv[3], 'Anna', int(sys.argv[4]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    arguments = [address, str(mention_id), WORDS, str(START)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    run = subprocess.run([sys.executable, "-c", script, *arguments], env=environment, check=False)
    assert run.returncode == -signal.SIGKILL
    again = take_up(store, mention_id, "Anna", START + MINUTE)
    assert (again.body, again.key, again.others) == (WORDS, begun_with.key, ())


@pytest.mark.parametrize(
    "body",
    [
        "\x1b]0;ägd\x07\x1b[2J rød tråd",
        "'; drop table draft; -- %s %(x)s :a ?",
        "\u202egnirts\u202c 👩‍👩‍👧 z̷̢̛a",
        "  rad ett\n\n\trad två  \r\n",
        "<script>alert('hei')</script> {0} [bold]",
        "å" * 20_000,
    ],
)
def test_words_are_kept_as_they_were_typed(store: Store, body: str) -> None:
    mention_id = waiting(store)
    take_up(store, mention_id, "Anna")
    save(store, mention_id, body, "Anna")
    assert take_up(store, mention_id, "Anna").body == body


def test_what_no_database_holds_is_replaced_and_the_rest_is_kept(store: Store) -> None:
    mention_id = waiting(store)
    take_up(store, mention_id, "Anna")
    save(store, mention_id, "Hyvä\0 asiakas\ud83d!", "Anna")
    assert take_up(store, mention_id, "Anna").body == "Hyvä� asiakas�!"


def test_the_key_stays_with_the_draft_and_is_nobody_elses(store: Store) -> None:
    first, second = waiting(store), waiting(store, "eero")
    key = take_up(store, first, "Anna").key
    save(store, first, WORDS, "Anna")
    put_away(store, first, WORDS, "Anna")
    assert take_up(store, first, "Anna", START + MINUTE).key == key
    others = {take_up(store, first, "Bo").key, take_up(store, second, "Anna").key}
    assert len({key, *others}) == 3


def test_two_who_write_see_each_other_and_keep_their_own_words(store: Store) -> None:
    mention_id, aside = waiting(store), waiting(store, "eero")
    assert take_up(store, mention_id, "Bo").others == ()
    assert take_up(store, mention_id, "Anna").others == ("Bo",)
    assert take_up(store, mention_id, "Bo").others == ("Anna",)
    save(store, mention_id, "Hej från Anna", "Anna")
    save(store, mention_id, "Hej från Bo", "Bo")
    assert bodies(store) == {"Anna": "Hej från Anna", "Bo": "Hej från Bo"}
    assert writers(store, [mention_id, aside]) == {mention_id: ["Anna", "Bo"]}
    assert writers(store, [aside]) == writers(store, []) == {}


def test_a_stale_draft_warns_nobody_until_it_is_touched_again(store: Store) -> None:
    mention_id = waiting(store)
    take_up(store, mention_id, "Anna")
    save(store, mention_id, WORDS, "Anna")
    assert writers(store, [mention_id], START + FRESH - 1) == {mention_id: ["Anna"]}
    later = START + FRESH
    assert writers(store, [mention_id], later) == {}
    assert take_up(store, mention_id, "Bo", later).others == ()
    save(store, mention_id, WORDS, "Anna", later)
    assert take_up(store, mention_id, "Bo", later + SECOND).others == ("Anna",)
    assert bodies(store)["Anna"] == WORDS


def test_to_come_back_to_a_stale_draft_warns_again(store: Store) -> None:
    mention_id = waiting(store)
    take_up(store, mention_id, "Anna")
    take_up(store, mention_id, "Anna", START + 2 * FRESH)
    assert writers(store, [mention_id], START + 2 * FRESH + SECOND) == {mention_id: ["Anna"]}


def test_words_put_away_are_kept_and_warn_nobody(store: Store) -> None:
    mention_id = waiting(store)
    key = take_up(store, mention_id, "Anna").key
    put_away(store, mention_id, WORDS, "Anna")
    assert writers(store, [mention_id]) == {}
    assert begun(store, [mention_id], "Anna") == {mention_id}
    again = take_up(store, mention_id, "Anna")
    assert (again.body, again.key) == (WORDS, key)


@pytest.mark.parametrize("body", ["", " \n\t "])
def test_an_empty_draft_put_away_is_gone(store: Store, body: str) -> None:
    mention_id = waiting(store)
    take_up(store, mention_id, "Anna")
    save(store, mention_id, WORDS, "Anna")
    take_up(store, mention_id, "Bo")
    put_away(store, mention_id, body, "Anna")
    assert bodies(store) == {"Bo": ""}


def test_only_words_of_ones_own_count_as_begun(store: Store) -> None:
    first, second, third = (waiting(store, who) for who in ("aino", "bjørk", "dag"))
    for mention_id in (first, second):
        take_up(store, mention_id, "Anna")
    take_up(store, third, "Bo")
    save(store, first, WORDS, "Anna")
    save(store, third, WORDS, "Bo")
    assert begun(store, [first, second, third], "Anna") == {first}
    assert begun(store, [second, third], "Anna") == begun(store, [], "Anna") == set()


def test_what_is_saved_after_it_was_sent_does_not_come_back(store: Store) -> None:
    mention_id = waiting(store)
    key = take_up(store, mention_id, "Anna").key
    take_up(store, mention_id, "Bo")
    with store.write() as session:
        drafts.sent(session, key)
    assert not save(store, mention_id, WORDS, "Anna")
    put_away(store, mention_id, WORDS, "Anna")
    assert bodies(store) == {"Bo": ""}
    assert save(store, mention_id, WORDS, "Bo")


def test_to_discard_takes_only_ones_own_draft(store: Store) -> None:
    first, second = waiting(store), waiting(store, "eero")
    for mention_id, staff in ((first, "Anna"), (first, "Bo"), (second, "Anna")):
        take_up(store, mention_id, staff)
    with store.write() as session:
        drafts.discard(session, first, "Anna")
        drafts.discard(session, first, "Nobody")
    assert writers(store, [first, second]) == {first: ["Bo"], second: ["Anna"]}


def test_words_given_back_are_a_draft_that_warns_nobody(store: Store) -> None:
    mention_id = waiting(store)
    give_back(store, mention_id, WORDS, "Anna")
    assert writers(store, [mention_id]) == {}
    assert begun(store, [mention_id], "Anna") == {mention_id}
    assert take_up(store, mention_id, "Anna").body == WORDS


def test_words_given_back_fill_an_empty_draft_under_its_key(store: Store) -> None:
    mention_id = waiting(store)
    key = take_up(store, mention_id, "Anna").key
    give_back(store, mention_id, WORDS, "Anna")
    again = take_up(store, mention_id, "Anna")
    assert (again.body, again.key) == (WORDS, key)


def test_words_given_back_never_overwrite_newer_ones(store: Store) -> None:
    mention_id = waiting(store)
    take_up(store, mention_id, "Anna")
    save(store, mention_id, "Nyere ord", "Anna")
    take_up(store, mention_id, "Bo")
    give_back(store, mention_id, WORDS, "Anna")
    assert bodies(store) == {"Anna": "Nyere ord", "Bo": ""}
    assert writers(store, [mention_id]) == {mention_id: ["Anna", "Bo"]}


def test_a_draft_begun_by_several_windows_at_once_is_one(store: Store) -> None:
    mention_id = waiting(store)
    ready = Barrier(4)

    def begin(_window: int) -> str:
        ready.wait()
        return take_up(store, mention_id, "Anna").key

    with ThreadPoolExecutor(4) as windows:
        keys = set(windows.map(begin, range(4)))
    assert len(keys) == 1
    assert bodies(store) == {"Anna": ""}


def test_there_is_no_draft_for_a_mention_that_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound, match="no mention 999"):
        take_up(store, 999, "Anna")
    assert not save(store, 999, WORDS, "Anna")
    put_away(store, 999, WORDS, "Anna")
    assert bodies(store) == {}
