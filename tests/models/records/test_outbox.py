"""The outbox: claims, fences, doubts, and that nothing is ever sent blindly again."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.errors import Refused
from models.instant import HOUR, MINUTE, SECOND
from models.post import Post
from models.records import desk, outbox
from models.records.outbox import Claim
from models.records.store import Store
from tests.world import (
    LEASE,
    SANDBOX,
    START,
    UNDO,
    answer,
    broken,
    claim,
    mention,
    own,
    post,
    receipt,
    reply_row,
    take,
)


def act(store: Store, deed: Callable[[Session], object]) -> None:
    with store.write() as session:
        deed(session)


def claimed(store: Store) -> tuple[Post, Claim]:
    first = post("britta")
    take(store, first)
    answer(store, first)
    taken = claim(store, START + UNDO)
    assert taken is not None
    return first, taken


def in_doubt(store: Store) -> tuple[Post, Claim]:
    first, _taken = claimed(store)
    act(store, lambda s: outbox.rescue(s, START + UNDO + LEASE + 1, 120 * SECOND))
    return first, looks(store, START + HOUR)[0]


def looks(store: Store, at: int) -> list[Claim]:
    with store.read() as session:
        return outbox.to_look_for(session, SANDBOX, at)


def test_a_reply_stays_until_the_time_for_undo_has_passed(store: Store) -> None:
    first = post("britta")
    take(store, first)
    answer(store, first)
    assert claim(store, START + UNDO - 1) is None
    assert claim(store, START + UNDO) is not None


def test_one_reply_is_claimed_once(store: Store) -> None:
    claimed(store)
    assert claim(store, START + HOUR, owner="two") is None


def test_only_channels_this_sender_has_are_claimed(store: Store) -> None:
    first = post("britta")
    take(store, first)
    answer(store, first)
    with store.write() as session:
        assert outbox.claim(session, frozenset({"x"}), "one", START + HOUR, LEASE) is None


def test_the_networks_no_gives_the_mention_back_and_keeps_the_text(store: Store) -> None:
    first, taken = claimed(store)
    act(store, lambda s: outbox.failed(s, taken, "too long", START + MINUTE))
    row = reply_row(store, taken.reply_id)
    assert (row.state, row.error, row.body) == ("failed", "too long", "Jag beklagar.")
    assert mention(store, first).state == "open"
    assert broken(store) == []


def test_what_was_not_taken_is_held_and_claimed_again_later(store: Store) -> None:
    _first, taken = claimed(store)
    act(store, lambda s: outbox.hold(s, taken, "asked to wait", START + MINUTE, START + HOUR))
    assert claim(store, START + HOUR - 1) is None
    again = claim(store, START + HOUR)
    assert again is not None
    assert (again.outgoing.attempt, again.outgoing.key) == (2, taken.outgoing.key)


def test_a_sender_that_fell_silent_leaves_a_doubt_not_a_second_try(store: Store) -> None:
    first, doubt = in_doubt(store)
    assert reply_row(store, doubt.reply_id).state == "unknown"
    assert claim(store, START + HOUR) is None
    assert mention(store, first).state == "replying"
    assert broken(store) == []


def test_a_fenced_off_sender_changes_nothing(store: Store) -> None:
    _first, taken = claimed(store)
    act(store, lambda s: outbox.rescue(s, START + HOUR, SECOND))
    act(store, lambda s: outbox.failed(s, taken, "late no", START + HOUR))
    act(store, lambda s: outbox.hold(s, taken, "late", START + HOUR, START + HOUR))
    act(store, lambda s: outbox.uncertain(s, taken, "late", START + HOUR, START + HOUR))
    assert reply_row(store, taken.reply_id).error == "the sender stopped in the middle"


def test_late_proof_of_a_fenced_off_sender_is_proof(store: Store) -> None:
    first, taken = claimed(store)
    act(store, lambda s: outbox.rescue(s, START + HOUR, SECOND))
    act(store, lambda s: outbox.sent(s, taken, receipt("r1", START + MINUTE)))
    assert reply_row(store, taken.reply_id).state == "sent"
    assert mention(store, first).state == "answered"
    assert broken(store) == []


def test_a_doubt_is_looked_for_only_after_the_wait(store: Store) -> None:
    _first, taken = claimed(store)
    at = START + UNDO + LEASE + 1
    act(store, lambda s: outbox.rescue(s, at, 120 * SECOND))
    assert looks(store, at + 119 * SECOND) == []
    assert [look.reply_id for look in looks(store, at + 120 * SECOND)] == [taken.reply_id]


def test_found_by_a_look_it_is_sent(store: Store) -> None:
    first, doubt = in_doubt(store)
    act(store, lambda s: outbox.sent(s, doubt, receipt("r1", START + MINUTE)))
    assert mention(store, first).state == "answered"
    assert broken(store) == []


def test_two_senders_that_look_at_once_count_as_one_look(store: Store) -> None:
    _first, doubt = in_doubt(store)
    for _sender in range(2):
        act(store, lambda s: outbox.absent(s, doubt, START + HOUR, START + 2 * HOUR, True))
    row = reply_row(store, doubt.reply_id)
    assert (row.state, row.looks, row.look_at) == ("unknown", 1, START + 2 * HOUR)


def test_proven_absent_it_is_queued_where_the_network_lets_us(store: Store) -> None:
    _first, doubt = in_doubt(store)
    act(store, lambda s: outbox.absent(s, doubt, START + HOUR, None, True))
    assert reply_row(store, doubt.reply_id).state == "queued"
    assert broken(store) == []


def test_elsewhere_a_person_decides(store: Store) -> None:
    first, doubt = in_doubt(store)
    act(store, lambda s: outbox.absent(s, doubt, START + HOUR, None, False))
    assert reply_row(store, doubt.reply_id).state == "unknown"
    act(store, lambda s: desk.send_again(s, doubt.reply_id, "Anna", START + HOUR))
    assert claim(store, START + HOUR) is not None
    with pytest.raises(Refused):
        act(store, lambda s: desk.give_up(s, doubt.reply_id, "Anna", START + HOUR))
    assert mention(store, first).state == "replying"


def test_given_up_the_mention_waits_again(store: Store) -> None:
    first, doubt = in_doubt(store)
    act(store, lambda s: desk.give_up(s, doubt.reply_id, "Anna", START + HOUR))
    assert mention(store, first).state == "open"
    assert broken(store) == []


def test_seen_by_a_person_it_is_sent(store: Store) -> None:
    first, doubt = in_doubt(store)
    link = "https://example.org/1"
    act(store, lambda s: desk.it_is_there(s, doubt.reply_id, link, "Anna", START + HOUR))
    assert (reply_row(store, doubt.reply_id).url, mention(store, first).state) == (link, "answered")


def test_the_echo_of_a_reply_queued_again_is_still_its_receipt(store: Store) -> None:
    first, doubt = in_doubt(store)
    act(store, lambda s: outbox.absent(s, doubt, START + HOUR, None, True))
    take(store, own("Jag beklagar.", to=first.external_id, at=START + MINUTE), at=START + HOUR)
    assert reply_row(store, doubt.reply_id).state == "sent"
    assert claim(store, START + 2 * HOUR) is None
    assert broken(store) == []


def test_a_native_answer_counts_when_the_reply_comes_to_nothing(store: Store) -> None:
    first, taken = claimed(store)
    take(store, own("Ringt dig", to=first.external_id, at=START + MINUTE), at=START + MINUTE)
    assert mention(store, first).state == "replying"
    act(store, lambda s: outbox.failed(s, taken, "no", START + HOUR))
    assert mention(store, first).state == "answered"
    assert broken(store) == []


def test_a_claim_of_the_same_reply_fences_off_the_one_before(store: Store) -> None:
    _first, old = claimed(store)
    act(store, lambda s: outbox.rescue(s, START + HOUR, SECOND))
    doubt = looks(store, START + 2 * HOUR)[0]
    act(store, lambda s: outbox.absent(s, doubt, START + 2 * HOUR, None, True))
    new = claim(store, START + 2 * HOUR, owner="two")
    assert new is not None
    act(store, lambda s: outbox.failed(s, old, "late no", START + 2 * HOUR))
    assert reply_row(store, new.reply_id).state == "sending"
    with store.read() as session:
        assert outbox.is_still_ours(session, new, START + 2 * HOUR)
        assert not outbox.is_still_ours(session, old, START + 2 * HOUR)
        assert not outbox.is_still_ours(session, new, START + 3 * HOUR)


def test_a_reply_the_phone_has_overtaken_is_not_sent_again(store: Store) -> None:
    first, doubt = in_doubt(store)
    take(store, own("Ringt dig", to=first.external_id, at=START + MINUTE), at=START + HOUR)
    act(store, lambda s: outbox.absent(s, doubt, START + HOUR, None, True))
    assert reply_row(store, doubt.reply_id).state == "unknown"
    with pytest.raises(Refused, match="answered on the network"):
        act(store, lambda s: desk.send_again(s, doubt.reply_id, "Anna", START + HOUR))
    act(store, lambda s: desk.give_up(s, doubt.reply_id, "Anna", START + HOUR))
    assert mention(store, first).own_post_id is not None
    assert broken(store) == []


def test_a_held_reply_the_phone_has_overtaken_is_let_go(store: Store) -> None:
    first, taken = claimed(store)
    take(store, own("Ringt dig", to=first.external_id, at=START + MINUTE), at=START + MINUTE)
    act(store, lambda s: outbox.hold(s, taken, "wait", START + MINUTE, START + HOUR))
    assert reply_row(store, taken.reply_id).state == "failed"
    assert mention(store, first).state == "answered"
    assert broken(store) == []


def test_proof_that_comes_after_giving_up_still_counts(store: Store) -> None:
    first, doubt = in_doubt(store)
    act(store, lambda s: desk.give_up(s, doubt.reply_id, "Anna", START + HOUR))
    act(store, lambda s: outbox.sent(s, doubt, receipt("r1", START + MINUTE)))
    assert reply_row(store, doubt.reply_id).state == "sent"
    assert mention(store, first).reply_id == doubt.reply_id
    assert broken(store) == []


def test_an_echo_with_altered_words_is_credited_when_proof_comes(store: Store) -> None:
    first, taken = claimed(store)
    echo = own("Jag beklagar. t.co/x", to=first.external_id, at=START + MINUTE)
    take(store, echo, at=START + MINUTE)
    act(store, lambda s: outbox.sent(s, taken, receipt(echo.external_id, START + MINUTE)))
    row = mention(store, first)
    assert (row.state, row.reply_id, row.own_post_id) == ("answered", taken.reply_id, None)
    assert broken(store) == []


def test_a_post_that_proves_another_reply_proves_nothing(store: Store) -> None:
    _first, taken = claimed(store)
    act(store, lambda s: outbox.sent(s, taken, receipt("r1", START + MINUTE)))
    _second, other = claimed(store)
    act(store, lambda s: outbox.sent(s, other, receipt("r1", START + MINUTE)))
    assert reply_row(store, other.reply_id).state == "sending"
    assert broken(store) == []
