"""What is done with mentions besides answering, by its keys; nothing of it makes a reply."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import select

from models.instant import HOUR
from models.post import Post
from models.records import desk as deeds
from models.records import work
from models.records.tables import Insight, Note
from tests.tui.house import Hand, House, sat_down
from tests.world import post
from tui.screens.asking import Asking
from tui.screens.closing import Closing
from tui.screens.composer import Composer
from tui.screens.waiting import Waiting


@pytest.fixture
def posts(house: House) -> Iterator[list[Post]]:
    """Three complaints of three people; after the test nobody has been sent anything."""
    written = [
        post(name, f"Var är paket {number}?", external_id=name)
        for number, name in enumerate(("britta", "kasper", "outi"))
    ]
    house.take(*written)
    house.judge(complaint=0.9)
    yield written
    assert house.replies() == []


async def ask(hand: Hand, key: str, line: str) -> None:
    """A key, the line its dialog asks for, Enter."""
    await hand.press(key)
    await hand.until_on(Asking)
    await hand.write(line)
    await hand.press("enter")


async def close(hand: Hand, reason: str) -> None:
    """Without a reply, with the reason of this digit."""
    await hand.press("c")
    await hand.until_on(Closing)
    await hand.write(reason)
    await hand.press("enter")


async def claim(hand: Hand) -> None:
    await hand.press("a")
    await hand.until_said("It is yours")


def claimed_by_bo(house: House, asked: Post) -> None:
    """A colleague sees to it."""
    mention_id = house.id_of(asked)
    house.act(lambda s: work.claim(s, mention_id, "Bo", house.now()))


async def undo(hand: Hand) -> None:
    await hand.until_on(Waiting)
    await hand.press("z")
    await hand.until_said("Undone")
    hand.desk.clear_notifications()
    await hand.rest()


async def test_the_next_is_claimed_and_answered(house: House, posts: list[Post]) -> None:
    claimed_by_bo(house, posts[0])
    async with sat_down(house.desk()) as hand:
        await hand.press(".")
        composer = await hand.until_on(Composer)
        assert composer.looked_at() == house.id_of(posts[1])
        assert house.mention(posts[1]).assigned_to == "Anna"
        await hand.press("escape")
        await hand.until_on(Waiting)
        assert hand.waiting.current() == house.id_of(posts[1])


async def test_the_cursor_goes_to_what_was_taken_whatever_the_list_showed(house: House) -> None:
    burning, asking = post("kasper", "Det ryker!"), post("britta", "Har ni öppet?")
    house.take(burning)
    house.judge(complaint=0.9, cues=("safety",))
    house.take(asking)
    house.judge(complaint=0.1, question=0.9)
    async with sat_down(house.desk()) as hand:
        await hand.press("shift+tab", "shift+tab", "shift+tab")
        await hand.until(lambda: list(hand.waiting.rows.ids) == [house.id_of(asking)])
        await hand.press(".")
        await hand.until_on(Composer)
        await hand.press("escape")
        await hand.until_on(Waiting)
        await hand.until(lambda: hand.waiting.current() == house.id_of(burning))


async def test_where_nobody_is_free_it_says_so(house: House, posts: list[Post]) -> None:
    for one in posts:
        claimed_by_bo(house, one)
    async with sat_down(house.desk()) as hand:
        await hand.press(".")
        await hand.until_said("Nobody waits whom a colleague does not see to already")
        assert hand.desk.screen is hand.waiting


async def test_a_claim_is_made_let_go_and_taken_from_a_colleague(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await claim(hand)
        assert house.mention(posts[0]).assigned_to == "Anna"
        await hand.until_shown("→me")
        await hand.press("a")
        await hand.until_said("Anybody may take it")
        assert house.mention(posts[0]).assigned_to is None
        claimed_by_bo(house, posts[0])
        await hand.until_shown("→Bo")
        await hand.press("a")
        await hand.until_said("It is yours", "It was Bo's")
        await undo(hand)
        assert house.mention(posts[0]).assigned_to == "Bo"


async def test_it_is_given_to_a_colleague_by_name_or_number(house: House) -> None:
    asked = post("britta", "Var är paketet?", external_id="b1")
    before = post("kasper", "Hvor er pakken?", external_id="k1")
    house.take(asked, before)
    house._sent(before, "Den er på vej. /Bo", lambda _s, _claim, _at: None)
    author = house.replies()[0].staff
    async with sat_down(house.desk(house.place(staff="Cilla"))) as hand:
        await hand.press("A")
        await hand.until_on(Asking)
        await hand.until_shown(f"1  {author}", "1–1, or a name")
        await hand.write("1")
        await hand.press("enter")
        await hand.until_said(f"{author} is to see to it")
        assert house.mention(asked).assigned_to == author
        await ask(hand, "A", "Doris")
        await hand.until_said("Doris is to see to it", f"It was {author}'s")
        assert house.mention(asked).assigned_to == "Doris"


async def test_tags_go_on_and_off_on_all_that_are_marked(house: House, posts: list[Post]) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press("x", "x")
        await hand.until_shown("2 marked")
        await ask(hand, "+", "jul, vip")
        await hand.until_said("Tagged")
        assert [house.mention(one).tags for one in posts] == [["jul", "vip"], ["jul", "vip"], []]
        await hand.until_shown("#jul")
        await hand.until(lambda: "marked" not in hand.text())
        await undo(hand)
        assert [house.mention(one).tags for one in posts] == [[], [], []]
        hand.waiting.rows.action_top()
        await ask(hand, "T", "jul")
        await hand.until(lambda: house.mention(posts[0]).tags == ["jul"])
        await ask(hand, "T", "-jul")
        await hand.until(lambda: house.mention(posts[0]).tags == [])


async def test_a_pinned_one_stands_on_top_until_it_is_let_down(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press("G", "*")
        await hand.until_said("It stands on top")
        await hand.until(lambda: hand.waiting.rows.ids[0] == house.id_of(posts[2]))
        assert hand.waiting.current() == house.id_of(posts[2])
        await hand.press("*")
        await hand.until_said("It stands in its own place again")
        await hand.until(lambda: hand.waiting.rows.ids[2] == house.id_of(posts[2]))


async def test_what_is_put_off_leaves_the_list_and_comes_back(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await ask(hand, "s", "någon gång")
        await hand.until_shown("Write a time like one of these")
        hand.strike(*["backspace"] * len("någon gång"))
        await hand.write("0001-01-01")
        await hand.press("enter")
        await hand.rest()
        await hand.until_shown("Write a time like one of these")
        assert house.mention(posts[0]).snoozed_until == 0
        hand.strike(*["backspace"] * len("0001-01-01"))
        await hand.until_shown("At the latest tomorrow")
        await hand.write("10m")
        await hand.press("enter")
        await hand.until_said("Put off until today")
        await hand.until(lambda: house.id_of(posts[0]) not in hand.waiting.rows.ids)
        assert hand.desk.snapshot.pressure is not None
        assert hand.desk.snapshot.pressure.waiting == 3, "silence must not improve a figure"
        await undo(hand)
        await hand.until(lambda: house.id_of(posts[0]) in hand.waiting.rows.ids)


async def test_a_note_stands_beside_the_conversation_and_goes_again(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await ask(hand, "n", "Hon ringde i går.")
        await hand.until_said("Noted")
        await hand.until_shown("NOTE", "Hon ringde i går.", "only colleagues read it")
        await undo(hand)
        await hand.until(lambda: "Hon ringde" not in hand.text())
        with house.store.read() as session:
            assert session.exec(select(Note)).all() == []


async def test_a_team_is_asked_and_its_answer_comes_back(house: House, posts: list[Post]) -> None:
    async with sat_down(house.desk()) as hand:
        await ask(hand, "H", "När kommer den?")
        await hand.until_shown("Write the team, a colon and the question")
        hand.strike("home")
        await hand.write("lager: ")
        await hand.press("enter")
        await hand.until_said("lager is asked")
        asked = house.mention(posts[0])
        assert asked.handed_to == "lager"
        assert asked.snoozed_until > house.now()
        await hand.press("/")
        await hand.write("~team:lager")
        await hand.until_shown("Britta", "⇄lager")
        await hand.press("down")
        await ask(hand, "H", "På måndag.")
        await hand.until_said("It waits for its answer again")
        assert (house.mention(posts[0]).handed_to, house.mention(posts[0]).snoozed_until) == (
            None,
            0,
        )
        with house.store.read() as session:
            texts = [note.text for note in session.exec(select(Note).order_by("id"))]
        assert texts == ["När kommer den?", "På måndag."]


async def test_only_teams_of_the_config_are_asked_where_it_names_some(
    house: House, posts: list[Post]
) -> None:
    place = replace(house.place(), teams=("Lager", "Återbetalning"))
    async with sat_down(house.desk(place)) as hand:
        await ask(hand, "H", "lgaer: När?")
        await hand.until_shown(
            "1  Lager", "2  Återbetalning", "Without an answer it is back tomorrow"
        )
        await hand.until_shown("There is no team lgaer; there are: Lager, Återbetalning.")
        for typed, team in (("2: När?", "Återbetalning"), ("LAGER: När?", "Lager")):
            await hand.press("ctrl+u")
            await hand.write(typed)
            await hand.press("enter")
            await hand.until_said(f"{team} is asked")
            assert house.mention(posts[0]).handed_to == team
            await undo(hand)
            await hand.until(lambda: house.id_of(posts[0]) == hand.waiting.rows.current)
            hand.desk.clear_notifications()
            await hand.press("H")
            await hand.until_shown("Ask a team")


async def test_an_insight_bears_a_name_only_where_its_author_wants(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await ask(hand, "I", "Paketen står i Växjö.")
        await hand.until_said("It stands on the leaders' page of today")
        hand.desk.clear_notifications()
        await ask(hand, "I", "+ Ombuden svarar inte.")
        await hand.until_said("It stands on the leaders' page of today")
    with house.store.read() as session:
        found = [(one.text, one.is_named) for one in session.exec(select(Insight))]
    assert found == [("Paketen står i Växjö.", False), ("Ombuden svarar inte.", True)]


async def test_several_are_closed_with_one_reason_and_come_back_with_their_claims(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press("a")
        await hand.until_said("It is yours")
        await hand.press("x", "x")
        await hand.until_shown("2 marked")
        await close(hand, "1")
        await hand.until_said("2 closed")
        await hand.until(lambda: len(hand.waiting.rows.ids) == 1)
        assert [house.state(one) for one in posts] == ["dismissed", "dismissed", "open"]
        await undo(hand)
        await hand.until(lambda: len(hand.waiting.rows.ids) == 3)
        assert [house.state(one) for one in posts] == ["open"] * 3
        assert house.mention(posts[0]).assigned_to == "Anna"


async def test_undo_goes_back_step_by_step_and_says_when_nothing_is_left(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await claim(hand)
        await ask(hand, "+", "jul")
        await hand.until_said("Tagged")
        await undo(hand)
        assert (house.mention(posts[0]).tags, house.mention(posts[0]).assigned_to) == ([], "Anna")
        await undo(hand)
        assert house.mention(posts[0]).assigned_to is None
        await hand.press("z")
        await hand.until_said("There is nothing to undo")


async def test_what_a_colleague_settled_meanwhile_is_told_and_not_undone(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await claim(hand)
        here = house.id_of(posts[0])
        house.act(lambda s: deeds.dismiss(s, here, "spam", "Bo", house.now() + HOUR))
        await hand.press("z")
        await hand.rest()
        assert house.state(posts[0]) == "dismissed"
        assert not any("Undone" in told for told in hand.told())


async def test_an_act_is_done_with_the_row_the_cursor_stood_on(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        hand.strike("a", "j", "a", "j", "a")
        await hand.until(lambda: all(house.mention(one).assigned_to == "Anna" for one in posts))
        hand.strike("*", "k", "z")
        await hand.until_said("Undone")
        assert not any(house.mention(one).is_pinned for one in posts)
        assert [house.mention(one).assigned_to for one in posts] == ["Anna"] * 3


async def test_one_that_is_marked_is_meant_wherever_the_cursor_stands(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press("x")
        assert hand.waiting.current() == house.id_of(posts[1])
        await close(hand, "5")
        await hand.until_said("Closed without reply")
        assert [house.state(one) for one in posts] == ["dismissed", "open", "open"]


async def test_what_a_colleague_has_answered_since_is_not_opened_by_undo(house: House) -> None:
    asked = post("britta", "Var är paketet?", external_id="b1")
    house.take(asked)
    async with sat_down(house.desk()) as hand:
        await close(hand, "5")
        await hand.until_said("Closed without reply")
        house.act(lambda s: deeds.reopen(s, house.id_of(asked), "Bo", house.now()))
        house.doubt(asked)
        await hand.until_on(Waiting)
        await hand.press("z")
        await hand.until_said("Somebody has changed mention")
        assert house.state(asked) == "replying"


async def test_what_is_refused_for_one_of_many_is_done_for_the_others(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press("x", "x", "x")
        house.dismiss(posts[2])
        await claim(hand)
        assert [house.mention(one).assigned_to for one in posts] == ["Anna", "Anna", None]
        await undo(hand)
        assert [house.mention(one).assigned_to for one in posts] == [None] * 3


async def test_a_draft_is_there_again_when_its_mention_is_opened_again(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej, vi letar.")
        await hand.press("escape")
        await hand.until_on(Waiting)
        await close(hand, "5")
        await hand.until_said("Closed without reply")
        await undo(hand)
        await hand.until(lambda: house.state(posts[0]) == "open")
        assert house.drafts() == {house.id_of(posts[0]): "Hej, vi letar."}


async def test_a_note_that_could_not_be_kept_stands_in_the_next_dialog(
    house: House, posts: list[Post]
) -> None:
    async with sat_down(house.desk()) as hand:
        await ask(hand, "n", "x" * 3000)
        await hand.until(lambda: hand.told())
        await hand.press("n")
        await hand.until_on(Asking)
        await hand.until_shown("xxxx")


async def test_what_the_next_key_took_is_let_go_again(house: House, posts: list[Post]) -> None:
    async with sat_down(house.desk()) as hand:
        await hand.press(".")
        await hand.until_on(Composer)
        await hand.until(lambda: house.mention(posts[0]).assigned_to == "Anna")
        await hand.press("escape")
        await hand.until_on(Waiting)
        await undo(hand)
        assert house.mention(posts[0]).assigned_to is None
