"""A reply from the first letter to the outbox: the draft survives, only `y` sends, and once."""

import asyncio
import time
from dataclasses import replace

import pytest

from models.answer import Answer
from models.instant import HOUR, MINUTE
from models.networks import PRIVATE
from models.post import Post
from models.records import desk as deeds
from models.records.kinds import MentionState, ReplyState
from tests import world
from tests.tui.house import House, sat_down
from tests.world import SANDBOX, START, post
from tui.screens.by_hand import ByHand
from tui.screens.composer import Composer
from tui.screens.review import Review
from tui.screens.waiting import Waiting

TEXT = "Hej Britta! Vi söker ditt paket. [/red] Blåbär och ärter. /Anna"


def one(house: House, text: str = "Var är paketet?") -> Post:
    """One who waits."""
    asked = post("britta", text)
    house.take(asked)
    return asked


def answered_by(house: House, name: str, asked: Post) -> None:
    """A colleague is quicker."""
    mention_id, at = house.id_of(asked), house.now()
    answer = Answer.by(name, f"Hej från {name}")
    house.act(lambda s: deeds.reply(s, mention_id, answer, at, HOUR, SANDBOX))


async def test_a_reply_end_to_end(any_house: House) -> None:
    asked = one(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.compose(TEXT)
        await hand.review()
        await hand.until_shown(TEXT)
        assert any_house.replies() == []
        await hand.press("y")
        await hand.until_on(Waiting)
        (reply,) = any_house.replies()
        assert (reply.body, reply.staff, reply.state) == (TEXT, "Anna", ReplyState.QUEUED)
        assert any_house.drafts() == {}
        assert any_house.state(asked) == MentionState.REPLYING
        await hand.until(lambda: not hand.waiting.rows.ids)
    assert world.broken(any_house.store, any_house.now()) == []


@pytest.mark.parametrize(
    "key", ["e", "escape", "q", "enter", "space", "Y", "n", "s", "ctrl+s", "u"]
)
async def test_at_the_last_look_every_other_key_sends_nothing(house: House, key: str) -> None:
    one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej")
        await hand.review()
        await hand.press(key)
        await hand.rest()
        assert house.replies() == []
        assert list(house.drafts().values()) == ["Hej"]


async def test_y_held_down_is_one_reply_and_the_desk_goes_on(any_house: House) -> None:
    asked, other = one(any_house), post("ola", "Hvor er pakken min?")
    any_house.take(other)
    async with sat_down(any_house.desk()) as hand:
        await hand.compose("Hej Britta")
        await hand.review()
        for _time in range(20):
            hand.strike("y")
            await asyncio.sleep(0.005)
        await hand.until_on(Waiting)
        await hand.rest()
        assert [reply.body for reply in any_house.replies()] == ["Hej Britta"]
        assert any_house.state(asked) == MentionState.REPLYING
        await hand.until(lambda: list(hand.waiting.rows.ids) == [any_house.id_of(other)])
        assert any_house.state(other) == MentionState.OPEN


async def test_what_is_typed_ahead_in_one_burst_is_sent_as_it_was_typed(house: House) -> None:
    asked = one(house)
    words = "Jag beklagar, vi byter den. 1 8 q r y L"
    async with sat_down(house.desk()) as hand:
        hand.strike("r", *"Hek", "backspace", "j", "left", "home", "delete", "h", "end", "!")
        hand.strike("space", *words, "ctrl+s", "y")
        await hand.until(house.replies)
        (reply,) = house.replies()
        assert (reply.body, reply.mention_id) == (f"hej! {words}", house.id_of(asked))
        await hand.until_on(Waiting)
        assert house.drafts() == {}


async def test_escape_keeps_the_draft_and_r_brings_it_back(any_house: House) -> None:
    asked = one(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.compose(TEXT)
        await hand.press("escape")
        await hand.until_on(Waiting)
        assert any_house.drafts() == {any_house.id_of(asked): TEXT}
        await hand.until_shown("✎")
    async with sat_down(any_house.desk()) as hand:
        composer = await hand.compose(" Hälsningar")
        assert composer.text == TEXT + " Hälsningar"
        await hand.press("escape")
        await hand.until_on(Waiting)
        assert any_house.drafts() == {any_house.id_of(asked): TEXT + " Hälsningar"}
        assert any_house.replies() == []


async def test_an_empty_draft_leaves_nothing_behind(house: House) -> None:
    one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("  ")
        await hand.press("ctrl+s")
        await hand.until(lambda: hand.told(), "that there is nothing to review")
        assert isinstance(hand.desk.screen, Composer)
        await hand.press("escape")
        await hand.until_on(Waiting)
        assert house.drafts() == {}


async def test_words_are_in_the_database_within_two_seconds_of_typing(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        typed: list[tuple[float, str]] = []
        end = time.monotonic() + 4
        while time.monotonic() < end:
            await hand.press("o", "j", "space")
            typed.append((time.monotonic(), composer.text))
            long_ago = [text for when, text in typed if when < time.monotonic() - 2]
            assert house.drafts()[house.id_of(asked)].startswith(long_ago[-1] if long_ago else "")


async def test_words_are_kept_while_the_last_look_stands(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose(TEXT)
        await hand.review()
        await hand.until(lambda: house.drafts() == {house.id_of(asked): TEXT})
        assert isinstance(hand.desk.screen, Review)


@pytest.mark.parametrize("above", [(), ("ctrl+s",), ("ctrl+b",), ("f1",)])
async def test_leaving_with_ctrl_q_keeps_the_last_letter(
    house: House, above: tuple[str, ...]
) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej Britta")
        hand.strike("!")
        await hand.press(*above)
        hand.strike("ctrl+q")
        await hand.until(lambda: not hand.desk.is_running)
    assert house.drafts() == {house.id_of(asked): "Hej Britta!"}
    assert house.replies() == []


async def test_u_takes_the_reply_back_and_gives_the_words_back(any_house: House) -> None:
    asked = one(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.compose(TEXT)
        await hand.send()
        await hand.until_on(Waiting)
        await hand.until(lambda: hand.desk.snapshot.pending)
        await hand.press("u")
        await hand.until(lambda: any_house.state(asked) == MentionState.OPEN)
        assert [reply.state for reply in any_house.replies()] == [ReplyState.CANCELLED]
        assert any_house.drafts() == {any_house.id_of(asked): TEXT}
        await hand.until(lambda: list(hand.waiting.rows.ids) == [any_house.id_of(asked)])
        composer = await hand.compose("")
        assert composer.text == TEXT


async def test_u_takes_back_only_my_own_reply(house: House) -> None:
    asked = one(house)
    answered_by(house, "Bo", asked)
    async with sat_down(house.desk()) as hand:
        await hand.press("u")
        await hand.until(lambda: hand.told(), "a sentence")
        await hand.rest()
        assert [reply.state for reply in house.replies()] == [ReplyState.QUEUED]


async def test_answered_by_somebody_else_meanwhile_y_is_refused_and_the_words_stay(
    any_house: House,
) -> None:
    asked = one(any_house)
    async with sat_down(any_house.desk()) as hand:
        composer = await hand.compose("Hej från Anna")
        answered_by(any_house, "Bo", asked)
        await hand.send()
        await hand.until_said("Bo")
        await hand.until_on(Composer)
        assert composer.text == "Hej från Anna"
        assert [reply.staff for reply in any_house.replies()] == ["Bo"]
        await hand.press("escape")
        await hand.until_on(Waiting)
        assert any_house.drafts() == {any_house.id_of(asked): "Hej från Anna"}


async def test_closed_or_deleted_meanwhile_y_is_refused_too(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej")
        house.dismiss(asked)
        await hand.send()
        await hand.until_on(Composer)
        await hand.until(lambda: hand.told())
        assert house.replies() == []


async def test_a_word_the_customer_adds_while_we_look_still_waits(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej Britta")
        await hand.review()
        house.pass_time(MINUTE)
        more = post("britta", "Det brådskar!", to=asked.external_id, at=START + HOUR + MINUTE)
        house.take(more)
        await hand.until(lambda: hand.told(), "that there are new words")
        await hand.rest()
        await hand.press("y")
        await hand.until(house.replies)
        assert house.state(asked) == MentionState.REPLYING
        assert house.state(more) == MentionState.OPEN


async def test_a_word_the_customer_adds_in_sight_is_answered_along(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej Britta")
        house.pass_time(MINUTE)
        more = post("britta", "Det brådskar!", to=asked.external_id, at=START + HOUR + MINUTE)
        house.take(more)
        await hand.until(lambda: hand.told(), "that there are new words")
        await hand.until_shown("Det brådskar!")
        await hand.send()
        await hand.until(house.replies)
        assert (house.state(asked), house.state(more)) == (MentionState.REPLYING,) * 2


async def test_a_reply_too_long_for_the_network_is_refused_with_its_words_kept(
    house: House,
) -> None:
    asked, long = one(house), "å" * 501
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        composer.query_one("TextArea").text = long  # type: ignore[attr-defined]
        await hand.until_shown("501")
        await hand.send()
        await hand.until_said("501", "500")
        assert house.replies() == []
        await hand.until(lambda: house.drafts() == {house.id_of(asked): long})


async def test_bytes_are_counted_beside_signs_where_they_end_first(house: House) -> None:
    house.take(post("britta", channel="bluesky"))
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("")
        field = composer.query_one("TextArea")
        field.text = "👨‍👩‍👧‍👦" * 121  # type: ignore[attr-defined]
        await hand.until_shown("121 of 300  3025 of 3000 bytes")
        field.text = "Hej Britta!"  # type: ignore[attr-defined]
        await hand.until_shown("11 of 300  draft")


async def test_what_cannot_be_sent_from_here_is_answered_by_hand_with_its_text(
    house: House,
) -> None:
    asked = post("britta", channel="x")
    house.take(asked)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej Britta")
        await hand.send()
        await hand.until(lambda: hand.told(), "that it cannot be sent")
        assert house.replies() == []
        await hand.until_on(Composer)
        await hand.press("ctrl+b")
        await hand.until_on(ByHand)
        await hand.press("f2")
        assert hand.desk.clipboard == "Hej Britta"
        await hand.write("https://x.com/tallkotte/status/1")
        await hand.press("enter")
        await hand.until_on(Waiting)
        assert house.mention(asked).answered_link == "https://x.com/tallkotte/status/1"
        assert house.drafts() == {}


async def test_an_answer_to_a_private_message_is_marked_as_one(house: House) -> None:
    house.take(post("britta", flags=(PRIVATE,)))
    async with sat_down(house.desk()) as hand:
        await hand.press("enter")
        await hand.until_shown("PRIVATE: not everybody")
        await hand.press("escape")
        await hand.compose("Hej Britta")
        await hand.until_shown("PRIVATE")
        await hand.review()
        await hand.until_on(Review)
        await hand.until_shown("PRIVATE on Sandbox")
        assert "PUBLIC" not in hand.text()


@pytest.mark.parametrize("key", [":", "ctrl+p", "t", "!", "e", "?", "escape"])
async def test_no_key_right_after_y_leaves_anything_standing(house: House, key: str) -> None:
    one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose(TEXT)
        await hand.review()
        await hand.rest()
        hand.strike("y", key)
        await hand.until(house.replies)
        await hand.until_on(Waiting)
        await hand.rest()
        assert [type(screen) for screen in hand.desk.screen_stack if screen.id != "_default"] == [
            Waiting
        ]
        assert [reply.body for reply in house.replies()] == [TEXT]


async def test_only_what_was_sent_is_said_to_be(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose(TEXT)
        await hand.send()
        await hand.until(lambda: hand.desk.snapshot.pending)
        reply = house.replies()[0]
        house.act(lambda s: deeds.undo(s, reply.id or 0, "Bo", house.now()))
        await hand.until(lambda: not hand.desk.snapshot.pending)
        await hand.rest()
        assert not any("Sent" in told for told in hand.told())
        assert house.drafts() == {house.id_of(asked): TEXT}


async def test_u_takes_back_the_newest_even_before_the_picture_shows_it(house: House) -> None:
    first, second = (post(name, f"Var är {name}?", external_id=name) for name in ("a1", "b1"))
    house.take(first, second)
    world.answer(house.store, first, "Till den första.")
    async with sat_down(house.desk()) as hand:
        world.answer(house.store, second, "Till den andra.")
        await hand.press("u")
        await hand.until_said("Taken back")
        states = {reply.body: reply.state for reply in house.replies()}
        assert states == {"Till den första.": "queued", "Till den andra.": "cancelled"}


async def test_a_suggestion_goes_into_the_text_that_stands_there_now(house: House) -> None:
    one(house)
    house.judge(complaint=0.9)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("Vi letar. Jag återkommer snart. /Anna")
        await hand.until(lambda: composer._remarks)
        await hand.press("home")
        hand.strike(*"Hej hej! ", "ctrl+n")
        await hand.rest()
        await hand.until(lambda: "beklagar" in composer.text or "Förlåt" in composer.text)
        assert composer.text.startswith("Hej hej! ")
        assert " Vi letar. " in composer.text
        assert composer.text.endswith("/Anna")


async def test_a_changed_post_is_told_while_one_writes(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Det är på väg")
        house.take(replace(asked, text="Jag vill ha pengarna tillbaka!", edited_at=START + MINUTE))
        await hand.until_said("The post was changed")


async def test_what_lies_behind_a_dialog_goes_on(house: House) -> None:
    asked, other = (post(name, f"Var är {name}?", external_id=name) for name in ("a1", "b1"))
    house.take(asked, other)
    async with sat_down(house.desk(), 80, 24) as hand:
        await hand.until_shown("waiting 2")
        await hand.press("c")
        await hand.rest()
        house.dismiss(other)
        await hand.until_shown("waiting 1")


async def test_the_second_window_of_one_person_says_so_and_a_window_left_is_none(
    any_house: House,
) -> None:
    any_house.take(post("britta", "Var är paketet?"))
    async with sat_down(any_house.desk()) as hand:
        async with sat_down(any_house.desk()) as other:
            await other.compose("Hej ")
            await other.rest()
            await asyncio.sleep(0.5)  # it is told to colleagues once it stays open
            await other.rest()
            await hand.compose("")
            await hand.until_said("open in another window")
        await hand.press("escape")
        await hand.until_on(Waiting)
        hand.desk.clear_notifications()
        await hand.compose("")
        await hand.rest()
        assert not any("another window" in told for told in hand.told())
