"""The queue under the hand: its order, its cursor, what comes in, and what goes wrong meanwhile."""

from threading import Event

import pytest

from models.answer import Answer
from models.instant import HOUR, MINUTE
from models.post import Post
from models.records import desk as deeds
from models.records import queue
from models.records.kinds import MentionState
from tests.tui.house import House, sat_down
from tests.world import SANDBOX, START, post
from tui.screens.composer import Composer
from tui.screens.waiting import Waiting

WORDS = ("Paketet är borta", "Hei, hvor er pakken?", "Hvornår åbner I?", "Milloin se tulee?")


def four(house: House) -> list[Post]:
    """Four who wait, a minute apart."""
    names = ("britta", "ola", "søren", "päivi")
    posts = [
        post(name, text, at=START + number * MINUTE)
        for number, (name, text) in enumerate(zip(names, WORDS, strict=True))
    ]
    house.take(*posts)
    return posts


def ids(house: House, *posts: Post) -> list[int]:
    return [house.id_of(one) for one in posts]


async def test_the_queue_stands_in_its_order(any_house: House) -> None:
    early, late = post("britta", at=START), post("ola", at=START + MINUTE)
    any_house.take(early, late)
    any_house.judge(complaint=0.9)
    burning = post("päivi", "Laturi palaa!", at=START + HOUR)
    any_house.take(burning)
    any_house.judge(complaint=0.9, cues=("safety",))
    async with sat_down(any_house.desk()) as hand:
        assert list(hand.waiting.rows.ids) == ids(any_house, burning, early, late)
        await hand.until_shown("Laturi palaa!")
        rows = [line[:90] for line in hand.lines() if "Sandbox" in line[:90]]
        assert [name for row in rows for name in ("Päivi", "Britta", "Ola") if name in row] == [
            *("Päivi", "Britta", "Ola")
        ]


async def test_the_rows_stand_before_the_database_is_open_and_keys_wait_for_it(
    house: House,
) -> None:
    first, second, *_rest = four(house)
    door = Event()
    async with sat_down(house.desk(door=door), at_once=True) as hand:
        await hand.until_shown(*WORDS)
        await hand.press("j", "E", "escape", "c", "escape", "L", "escape", "8", "escape", "r")
        await hand.until_on(Composer)
        await hand.write("Hei Ola, vi leter.")
        await hand.press("ctrl+s", "y")
        assert house.replies() == []
        door.set()
        await hand.until(house.replies)
        (reply,) = house.replies()
        assert (reply.mention_id, reply.body) == (house.id_of(second), "Hei Ola, vi leter.")
        await hand.until_on(Waiting)
        assert house.state(first) == MentionState.OPEN


async def test_the_cursor_follows_its_mention_when_those_above_vanish(any_house: House) -> None:
    first, second, third, last = four(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("j", "j")
        assert hand.waiting.current() == any_house.id_of(third)
        any_house.dismiss(first)
        any_house.dismiss(second)
        left = ids(any_house, third, last)
        await hand.until(lambda: list(hand.waiting.rows.ids) == left)
        assert hand.waiting.current() == any_house.id_of(third)
        await hand.press("r")
        composer = await hand.until_on(Composer)
        assert composer._mention_id == any_house.id_of(third)


async def test_who_comes_in_is_announced_and_held_back_until_asked_for(any_house: House) -> None:
    posts = four(any_house)
    any_house.judge(complaint=0.9)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("j")
        newcomer = post("eero", "Missä rahat?")
        any_house.take(newcomer)
        any_house.judge(complaint=0.9, cues=("fraud",))
        await hand.until_shown("+1")
        await hand.until_said("Missä rahat?")
        assert list(hand.waiting.rows.ids) == ids(any_house, *posts)
        assert not [line for line in hand.lines() if "Missä" in line[:90] and "Sandbox" in line]
        assert hand.waiting.current() == any_house.id_of(posts[1])
        first = any_house.id_of(newcomer)  # a picture taken before it was judged may come before
        await hand.until(lambda: hand.desk.snapshot.order[0] == first)
        await hand.press("ctrl+r")
        await hand.until_shown("Missä rahat?")
        assert "+1" not in hand.text()
        assert list(hand.waiting.rows.ids) == ids(any_house, newcomer, *posts)
        assert hand.waiting.current() == any_house.id_of(posts[1])


async def test_everybody_urgent_who_comes_in_is_named_once(house: House) -> None:
    four(house)
    house.judge(complaint=0.9)
    async with sat_down(house.desk()) as hand:
        for name, words in (("eero", "Akku palaa!"), ("tuva", "Laderen brenner!")):
            house.take(post(name, words))
            house.judge(complaint=0.9, cues=("safety",))
            await hand.until_said(name.title(), words)
        house.take(post("lars", "Var är min soffa?"))
        await hand.until_shown("+3")
        await hand.pilot.pause(0.3)
        assert len(hand.told()) == 2


async def test_a_mention_a_colleague_settles_stays_greyed_until_the_cursor_leaves(
    any_house: House,
) -> None:
    first, second, third, last = four(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("j")
        any_house.dismiss(second)
        mine = any_house.id_of(second)

        def settled() -> bool:
            row = hand.waiting.rows.row(mine)
            return row is not None and row.line.state == MentionState.DISMISSED

        await hand.until(settled, "the row says that it is settled")
        assert hand.waiting.current() == mine
        assert list(hand.waiting.rows.ids) == ids(any_house, first, second, third, last)
        styles = {style for _text, style in hand.waiting.rows.draw(1, 120).cells}
        assert not styles & {"plain", "strong", "late"}
        await hand.press("r")
        await hand.until_said("It is closed")
        await hand.write("Du")  # letters stay letters
        composer = await hand.until_on(Composer)
        assert composer.text == "Du"
        await hand.press("escape")
        await hand.until_on(Waiting)
        await hand.press("j")
        await hand.until(lambda: list(hand.waiting.rows.ids) == ids(any_house, first, third, last))
        assert hand.waiting.current() == any_house.id_of(third)


async def test_what_i_settle_myself_leaves_at_once(house: House) -> None:
    first, second, *rest = four(house)
    async with sat_down(house.desk()) as hand:
        await hand.press("j", "c")
        await hand.until(lambda: hand.desk.screen is not hand.waiting)
        await hand.press("5", "enter")
        await hand.until(lambda: list(hand.waiting.rows.ids) == ids(house, first, *rest))
        assert hand.waiting.current() == house.id_of(rest[0])
        assert house.state(second) == MentionState.DISMISSED


async def test_tab_goes_through_the_lanes_and_back(house: House) -> None:
    burning, broken, asking = post("eero", "Akku palaa!"), post("britta"), post("søren", WORDS[2])
    house.take(burning)
    house.judge(complaint=0.9, cues=("safety",))
    house.take(broken)
    house.judge(complaint=0.9)
    house.take(asking)
    house.judge(complaint=0.1, question=0.9)
    everybody = ids(house, burning, broken, asking)
    async with sat_down(house.desk()) as hand:
        lanes: list[list[Post]] = [[burning], [broken], [asking], [], []]
        for lane in (*lanes, [burning, broken, asking]):
            await hand.press("tab")
            wanted = ids(house, *lane)
            await hand.until(lambda wanted=wanted: list(hand.waiting.rows.ids) == wanted)  # type: ignore[misc]
        await hand.press("shift+tab", "left_square_bracket", "left_square_bracket")
        await hand.until(lambda: list(hand.waiting.rows.ids) == everybody[2:])
        await hand.press("right_square_bracket", "tab", "tab")
        await hand.until(lambda: list(hand.waiting.rows.ids) == everybody)


async def test_a_full_stop_takes_the_most_urgent_with_what_came_in(house: House) -> None:
    four(house)
    house.judge(complaint=0.9)
    async with sat_down(house.desk()) as hand:
        await hand.press("G")
        burning = post("eero", "Akku palaa!")
        house.take(burning)
        house.judge(complaint=0.9, cues=("safety",))
        await hand.until_said("Akku palaa!")
        await hand.press("full_stop")
        composer = await hand.until_on(Composer)
        assert composer._mention_id == house.id_of(burning)


async def test_the_conversation_beside_the_list_follows_the_cursor(house: House) -> None:
    first, second, *_rest = four(house)
    async with sat_down(house.desk()) as hand:
        await hand.until(lambda: hand.waiting.thread.mention_id == house.id_of(first))
        await hand.press("j")
        await hand.until(lambda: hand.waiting.thread.mention_id == house.id_of(second))
        house.take(post("ola", "Er noen der?", to=second.external_id, at=START + HOUR))
        await hand.until_shown("Er noen der?")


async def test_a_high_desk_shows_the_customer_and_the_reasons_too(house: House) -> None:
    four(house)
    house.judge(0.9)
    for height, is_shown in ((45, True), (39, False)):
        async with sat_down(house.desk(), 160, height) as hand:
            await hand.until(lambda: hand.waiting.thread.mention_id is not None)
            assert ("first contact in 30 days" in hand.text()) == is_shown
            assert ("Lane: " in hand.text()) == is_shown
            assert ("min  allowed" in hand.text()) == is_shown


async def test_nothing_is_read_to_be_painted_below_another_screen(house: House) -> None:
    posts = four(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej")
        house.dismiss(posts[2])
        rows, here = hand.waiting.rows, house.id_of(posts[0])
        await hand.until(lambda: house.id_of(posts[2]) not in rows.ids)
        assert rows.row(here) is None, "it was read for nothing"
        await hand.press("escape")
        await hand.until_on(Waiting)
        await hand.until(lambda: rows.row(here) is not None)
        assert WORDS[2] not in hand.text()


async def test_a_narrow_desk_reads_a_conversation_in_place_of_the_list(house: House) -> None:
    four(house)
    async with sat_down(house.desk(), 80, 24) as hand:
        assert not hand.waiting._beside.display
        for back in ("escape", "q", "h"):
            await hand.press("enter")
            await hand.until(lambda: hand.waiting._beside.display and not hand.waiting.rows.display)
            await hand.until_shown(WORDS[0])
            await hand.press(back)
            await hand.until(lambda: hand.waiting.rows.display and hand.waiting.rows.has_focus)


@pytest.mark.parametrize("width", [80, 160])
async def test_keys_hit_ahead_go_where_they_were_meant_to(house: House, width: int) -> None:
    _first, second, third, *_rest = four(house)
    async with sat_down(house.desk(), width) as hand:
        hand.strike("enter", "h", "j", "enter", "escape", "j")
        await hand.rest()
        assert hand.waiting.current() == house.id_of(third)
        hand.strike("k", "enter")
        await hand.until(lambda: hand.waiting.thread.mention_id == house.id_of(second))
        await hand.until_shown(WORDS[1])


async def test_an_empty_queue_does_nothing_and_lets_the_first_one_in(any_house: House) -> None:
    async with sat_down(any_house.desk()) as hand:
        await hand.press(*"rcbEoyRjkgGu.", "enter", "tab", "shift+tab", "ctrl+r", "pagedown")
        assert isinstance(hand.desk.screen, Waiting)
        first = post("britta", WORDS[0])
        any_house.take(first)
        await hand.until_shown(WORDS[0])
        assert hand.waiting.current() == any_house.id_of(first)


async def test_q_leaves_and_ctrl_c_does_not(house: House) -> None:
    four(house)
    async with sat_down(house.desk()) as hand:
        await hand.press("ctrl+c")
        await hand.until(lambda: hand.told())
        assert hand.desk.is_running
        await hand.press("q")
        await hand.until(lambda: not hand.desk.is_running)
    assert hand.desk.return_code == 0


async def test_two_desks_answer_the_same_mention_once(any_house: House) -> None:
    first, *_rest = four(any_house)
    mention_id = any_house.id_of(first)
    async with sat_down(any_house.desk()) as hand:
        await hand.compose("Hej från Anna")
        bo = Answer.by("Bo", "Hej från Bo")
        any_house.act(lambda s: deeds.reply(s, mention_id, bo, any_house.now(), HOUR, SANDBOX))
        await hand.send()
        await hand.until_said("Bo")
        assert [reply.body for reply in any_house.replies()] == ["Hej från Bo"]
        assert any_house.drafts() == {mention_id: "Hej från Anna"}
        composer = await hand.until_on(Composer)
        assert composer.text == "Hej från Anna"
        with any_house.store.read() as session:
            assert mention_id not in queue.order(session)
