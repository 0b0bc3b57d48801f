"""What becomes of posts: mentions, duplicates, receipts, native answers, edits, deletions."""

from dataclasses import replace

from models.instant import DAY, HOUR, MINUTE, from_rfc3339
from models.post import Author
from models.records import desk, recheck
from models.records.store import Store
from tests.world import (
    START,
    answer,
    broken,
    claim,
    looked,
    mention,
    own,
    own_post,
    post,
    reply_row,
    take,
)


def test_a_post_read_twice_is_one_mention(store: Store) -> None:
    first = post("britta")
    assert take(store, first, first).new == 1
    again = take(store, first)
    assert (again.new, again.duplicate) == (0, 1)
    assert broken(store) == []


def test_every_post_handed_over_is_counted(store: Store) -> None:
    first, ours = post("britta"), own("Hej!", to=None)
    counts = take(store, first, ours, first, rejected=2)
    assert (counts.new, counts.own, counts.duplicate, counts.rejected) == (1, 1, 1, 2)
    assert broken(store) == []


def test_a_mention_waits_before_anybody_has_judged_it(store: Store) -> None:
    first = post("britta")
    take(store, first)
    row = mention(store, first)
    assert (row.state, row.judged_at, row.lane) == ("open", None, 1)
    assert row.why == [{"term": "not judged yet", "minutes": 60}]
    assert row.due_at == START + HOUR


def test_a_native_answer_settles_the_person_it_replies_to(store: Store) -> None:
    first = post("britta")
    more = post("britta", "Hallå?", to=first.external_id, at=START + MINUTE)
    bystander = post("ola", "Samma här", to=first.external_id, at=START + 2 * MINUTE)
    ours = own("Hej Britta", to=first.external_id, at=START + 3 * MINUTE)
    take(store, first, more, bystander, ours)
    assert mention(store, first).state == mention(store, more).state == "answered"
    assert mention(store, more).own_post_id == own_post(store, ours).id
    left = mention(store, bystander)
    assert (left.state, left.perhaps_answered) == ("open", True)
    assert broken(store) == []


def test_a_later_word_of_the_same_person_waits_again(store: Store) -> None:
    first = post("britta")
    ours = own("Hej Britta", to=first.external_id, at=START + MINUTE)
    later = post("britta", "Men när?", to=ours.external_id, at=START + 2 * MINUTE)
    take(store, first, ours, later)
    assert mention(store, first).state == "answered"
    assert mention(store, later).state == "open"


def test_our_answer_may_be_read_before_what_it_answers(store: Store) -> None:
    first = post("britta", conversation="c1")
    ours = own("Hej", to=first.external_id, at=START + MINUTE, conversation="c1")
    take(store, ours)
    take(store, first)
    assert mention(store, first).state == "answered"
    assert broken(store) == []


def test_an_earlier_word_read_late_is_settled_by_the_native_answer(store: Store) -> None:
    first = post("britta", conversation="c1")
    early = post("britta", "Hallå", conversation="c1", at=START + MINUTE)
    ours = own("Hej", to=first.external_id, at=START + 2 * MINUTE, conversation="c1")
    take(store, first, ours)
    take(store, early)
    assert mention(store, early).state == "answered"


def test_the_second_half_of_our_answer_answers_the_same_person(store: Store) -> None:
    first = post("britta")
    half = own("1/2", to=first.external_id, at=START + MINUTE)
    early = post("britta", "Hallå", to=first.external_id, at=START + 2 * MINUTE)
    rest = own("2/2", to=half.external_id, at=START + 3 * MINUTE)
    take(store, first, half, early, rest)
    assert mention(store, early).state == "answered"


def test_a_broadcast_of_ours_answers_nobody(store: Store) -> None:
    ours = own("Nya tält i butik!", to=None)
    comment = post("ola", "Kommer de till Umeå?", to=ours.external_id, at=START + MINUTE)
    take(store, ours, comment, own("Nya kök!", to=None, at=START + HOUR))
    row = mention(store, comment)
    assert (row.state, row.perhaps_answered) == ("open", False)


def test_the_echo_of_a_reply_is_its_receipt(store: Store) -> None:
    first = post("britta")
    take(store, first)
    reply_id = answer(store, first, "Jag beklagar, paketet går i dag.")
    assert claim(store, START + MINUTE) is not None
    echo = own("@britta  Jag beklagar, paketet går i dag.", to=first.external_id, at=START + MINUTE)
    take(store, echo, at=START + 2 * MINUTE)
    row = reply_row(store, reply_id)
    assert (row.state, row.external_id) == ("sent", echo.external_id)
    assert mention(store, first).state == "answered"
    assert own_post(store, echo).reply_id == reply_id
    assert broken(store) == []


def test_other_words_of_ours_are_no_receipt(store: Store) -> None:
    first = post("britta")
    take(store, first)
    reply_id = answer(store, first, "Jag beklagar.")
    assert claim(store, START + MINUTE) is not None
    take(store, own("Ring oss.", to=first.external_id, at=START + MINUTE), at=START + 2 * MINUTE)
    assert reply_row(store, reply_id).state == "sending"
    assert mention(store, first).state == "replying"
    assert broken(store) == []


def test_a_native_answer_takes_back_a_reply_that_has_not_left(store: Store) -> None:
    first = post("britta")
    take(store, first)
    reply_id = answer(store, first)
    ours = own("Svarat från telefonen", to=first.external_id, at=START + MINUTE)
    take(store, ours, at=START + MINUTE)
    row = reply_row(store, reply_id)
    assert (row.state, row.error) == ("cancelled", "already answered on the network")
    assert mention(store, first).own_post_id == own_post(store, ours).id
    assert broken(store) == []


def test_an_edit_is_kept_and_judged_again(store: Store) -> None:
    first = post("britta", "Tack!")
    take(store, first)
    edited = replace(first, text="Tack för ingenting!", edited_at=START + MINUTE)
    assert take(store, edited).duplicate == 1
    row = mention(store, first)
    assert (row.text, row.edited_at, row.judged_at) == (edited.text, START + MINUTE, None)
    take(store, first)
    assert mention(store, first).text == edited.text
    assert broken(store) == []


def test_a_deleted_post_loses_its_words_and_leaves_the_desk(store: Store) -> None:
    first, answered = post("britta"), post("ola")
    ours = own("Hej", to=answered.external_id, at=START + MINUTE)
    take(store, first, answered, ours)
    with store.write() as session:
        found = {first.external_id: None, answered.external_id: None}
        looked(session, found, START + HOUR)
    assert (mention(store, first).state, mention(store, first).text) == ("gone", None)
    assert (mention(store, answered).state, mention(store, answered).text) == ("answered", None)
    assert broken(store) == []


def due(store: Store, at: int) -> list[str]:
    with store.read() as session:
        return recheck.due(session, "sandbox", at)


def test_who_waits_is_looked_at_every_ten_minutes_and_first(store: Store) -> None:
    settled, waits = post("ola"), post("britta")
    take(store, settled, own("Hej", to=settled.external_id, at=START + MINUTE))
    take(store, waits, at=START + MINUTE)
    assert due(store, START + 10 * MINUTE) == [settled.external_id]
    assert due(store, START + 11 * MINUTE) == [waits.external_id, settled.external_id]
    with store.write() as session:
        looked(session, {waits.external_id: waits, settled.external_id: settled}, START + HOUR)
    assert due(store, START + HOUR + 10 * MINUTE) == [waits.external_id]
    assert due(store, START + DAY) == [waits.external_id]
    assert due(store, START + HOUR + DAY) == [waits.external_id, settled.external_id]


def test_where_a_look_costs_money_it_comes_ever_more_seldom(store: Store) -> None:
    settled = post("ola")
    take(store, settled, own("Hej", to=settled.external_id, at=START + MINUTE))
    found, looks, at = {settled.external_id: settled}, [], START + 10 * MINUTE
    while at < START + 100 * DAY:
        if due(store, at):
            looks.append((at - START) // DAY)
            with store.write() as session:
                recheck.apply(session, "sandbox", list(found), found, at, is_billed=True)
        at += HOUR
    assert looks == [0, 1, 4, 16, 64]


def test_a_post_the_network_knows_nothing_of_keeps_nobody_else_from_a_look(store: Store) -> None:
    lost, waits = post("ola"), post("britta")
    take(store, lost, waits)
    with store.write() as session:
        recheck.apply(session, "sandbox", [lost.external_id], {}, START + HOUR)
    assert due(store, START + HOUR) == [waits.external_id]
    assert mention(store, lost).text is not None


def test_who_is_put_back_is_looked_at_at_once(store: Store) -> None:
    settled = post("ola")
    take(store, settled, own("Hej", to=settled.external_id, at=START + MINUTE))
    with store.write() as session:
        looked(session, {settled.external_id: settled}, START + HOUR)
        desk.reopen(session, mention(store, settled).id or 0, "Anna", START + 2 * HOUR)
    assert due(store, START + 2 * HOUR) == [settled.external_id]


def test_a_post_deleted_while_the_reply_waits_takes_the_reply_back(store: Store) -> None:
    first = post("britta")
    take(store, first)
    reply_id = answer(store, first)
    with store.write() as session:
        looked(session, {first.external_id: None}, START + MINUTE)
    assert reply_row(store, reply_id).state == "cancelled"
    assert mention(store, first).state == "gone"
    assert broken(store) == []


def test_a_future_date_is_flagged_and_its_clock_starts_now(store: Store) -> None:
    first = post("britta", at=from_rfc3339("2031-01-01T00:00:00Z"))
    take(store, first)
    row = mention(store, first)
    assert "future date" in row.flags
    assert row.due_at == START + HOUR


def test_a_renamed_customer_is_the_same_person(store: Store) -> None:
    first = post("britta")
    renamed = post("britta", "Jag igen", at=START + MINUTE)
    renamed = replace(renamed, author=Author("britta", "brittan", "Britta L"))
    take(store, first, renamed)
    assert mention(store, first).identity_id == mention(store, renamed).identity_id


def test_the_same_id_on_two_networks_is_two_mentions(store: Store) -> None:
    first = post("britta")
    other = replace(first, channel="reddit")
    assert take(store, first, other).new == 2


def test_a_thread_without_a_name_is_found_by_its_parent(store: Store) -> None:
    first = post("britta")
    second = post("ola", to=first.external_id, at=START + MINUTE)
    third = post("kim", to=second.external_id, at=START + 2 * MINUTE)
    take(store, first, second)
    take(store, third)
    threads = {mention(store, written).conversation_id for written in (first, second, third)}
    assert len(threads) == 1


def test_a_follow_up_is_never_settled_by_the_answer_it_replies_to(store: Store) -> None:
    first = post("britta")
    ours = own("Hej", to=first.external_id, at=START + MINUTE)
    skewed = post("britta", "Men när?", to=ours.external_id, at=START + MINUTE - 5)
    same_second = post("britta", "Hallå?", to=ours.external_id, at=START + MINUTE)
    take(store, first, ours, skewed, same_second)
    assert {mention(store, m).state for m in (skewed, same_second)} == {"open"}
    assert broken(store) == []


def test_an_answer_filed_elsewhere_is_moved_to_its_question(store: Store) -> None:
    root = post("ola")
    question = post("britta", to=root.external_id, at=START + MINUTE)
    ours = own("Hej Britta", to=question.external_id, at=START + 2 * MINUTE)
    take(store, root)
    take(store, ours)
    take(store, question)
    assert mention(store, question).state == "answered"
    assert broken(store) == []


def test_a_post_taken_for_deleted_comes_back_when_it_is_read_again(store: Store) -> None:
    first = post("britta")
    take(store, first)
    with store.write() as session:
        looked(session, {first.external_id: None}, START + MINUTE)
    assert mention(store, first).state == "gone"
    take(store, first, at=START + HOUR)
    row = mention(store, first)
    assert (row.state, row.text, row.gone_at) == ("open", first.text, None)
    assert broken(store) == []


def test_a_post_by_our_own_account_is_ours_whatever_its_source_says(store: Store) -> None:
    first = post("britta")
    ours = replace(own("Hej", to=first.external_id, at=START + MINUTE), own=False)
    take(store, first, ours)
    assert mention(store, first).state == "answered"


def test_a_native_answer_leaves_a_reply_to_a_later_word_alone(store: Store) -> None:
    first = post("britta")
    take(store, first)
    later = post("britta", "Det brinner!", to=first.external_id, at=START + HOUR)
    take(store, later, at=START + HOUR)
    reply_id = answer(store, later, at=START + HOUR)
    ours = own("Hej", to=first.external_id, at=START + MINUTE)
    take(store, ours, at=START + HOUR)
    assert reply_row(store, reply_id).state == "queued"
    assert mention(store, later).state == "replying"
    assert mention(store, first).own_post_id == own_post(store, ours).id
    assert broken(store) == []


def test_what_no_database_holds_is_replaced_at_the_door(store: Store) -> None:
    first = post("britta", "a\0b \ud800")
    assert take(store, first).new == 1
    row = mention(store, first)
    assert row.text == "a\ufffdb \ufffd"
    assert row.flags == ["nul", "surrogate"]
