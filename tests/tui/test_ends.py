"""How a mention ends without a reply, what can be decided about a doubtful one, and the proofs."""

import re

import pytest

from models.instant import DAY, MINUTE
from models.post import Post
from models.records import desk as deeds
from models.records.kinds import MentionState, ReplyState
from tests import world
from tests.tui.house import Hand, House, sat_down
from tests.world import START, mention, own, post
from tui.screens.by_hand import ByHand
from tui.screens.closing import Closing, reasons
from tui.screens.composer import Composer
from tui.screens.ledger import LedgerScreen
from tui.screens.outbox import GivingUp, OutboxScreen, Seen
from tui.screens.reading import Reading
from tui.screens.review import Review
from tui.screens.waiting import Waiting
from tui.screens.why import Why

LINK = "https://x.com/tallkotte/status/7"
WRONG_LINKS = ("", "x.com/a", "javascript:alert(1)", "https://", "https://a b", "ftp://x.com/1")


def one(house: House, **more: object) -> Post:
    asked = post("britta", "Var är paketet?", **more)  # type: ignore[arg-type]
    house.take(asked)
    return asked


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (["1"], reasons()[0]),
        (["6"], reasons()[5]),
        (list("Kollegan ringde redan"), "Kollegan ringde redan"),
    ],
)
async def test_c_a_digit_or_a_sentence_and_enter_close_it(
    any_house: House, keys: list[str], reason: str
) -> None:
    asked = one(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("c")
        await hand.until_on(Closing)
        hand.strike(*keys)
        await hand.rest()
        assert any_house.state(asked) == MentionState.OPEN
        await hand.press("enter")
        await hand.until_said(reason)
        closed = any_house.mention(asked)
        assert (closed.state, closed.dismissed_reason) == (MentionState.DISMISSED, reason)
        assert closed.dismissed_by == "Anna"
        await hand.until(lambda: not hand.waiting.rows.ids)


async def test_a_digit_that_is_no_reason_closes_nothing(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.press("c", "7", "enter")
        await hand.until_said("Choose 1")
        assert house.state(asked) == MentionState.OPEN


async def test_nothing_is_closed_by_escape_or_without_a_reason(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.press("c")
        await hand.until_on(Closing)
        await hand.press("enter", "space", "enter")
        assert isinstance(hand.desk.screen, Closing)
        await hand.press("5", "escape")
        await hand.until_on(Waiting)
        await hand.rest()
        assert house.state(asked) == MentionState.OPEN


async def test_closing_what_a_colleague_closed_meanwhile_is_refused(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.press("c")
        await hand.until_on(Closing)
        house.dismiss(asked, "Bo")
        await hand.press("1", "enter")
        await hand.until(lambda: hand.told())
        assert house.mention(asked).dismissed_by == "Bo"


async def test_only_a_web_address_proves_an_answer_by_hand(any_house: House) -> None:
    asked = one(any_house)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("b")
        dialog = await hand.until_on(ByHand)
        for wrong in WRONG_LINKS:
            hand.strike("ctrl+u", *wrong, "enter")
            await hand.rest()
            assert hand.desk.screen is dialog
        await hand.rest()
        assert any_house.state(asked) == MentionState.OPEN
        hand.strike("ctrl+u", *LINK, "enter")
        await hand.until_on(Waiting)
        await hand.until(lambda: any_house.state(asked) == MentionState.ANSWERED)
        answered = any_house.mention(asked)
        assert (answered.answered_link, answered.answered_by) == (LINK, "Anna")
        assert any_house.replies() == []


async def test_why_shows_terms_that_sum_to_what_is_allowed(house: House) -> None:
    asked = one(house)
    house.judge(complaint=0.9, cues=("churn", "repeat"))
    async with sat_down(house.desk(), 120, 40) as hand:
        await hand.press("E")
        await hand.until_on(Why)
        await hand.until_shown("allowed")
        terms = [int(found) for found in re.findall(r"([+-]\d+) min", hand.text())]
        (allowed,) = re.findall(r"(?<![-+\d])(\d+) min +allowed", hand.text())
        assert len(terms) == len(house.mention(asked).why) == 3
        assert sum(terms) == int(allowed) == house.mention(asked).allowance_minutes
        await hand.press("escape")
        await hand.until_on(Waiting)


async def test_links_are_copied_only_if_they_are_web_addresses(house: House) -> None:
    house.take(post("britta", url="https://example.org/1"), post("ola", url="javascript:x"))
    async with sat_down(house.desk()) as hand:
        await hand.press("y")
        await hand.until(lambda: hand.desk.clipboard == "https://example.org/1")
        await hand.press("j", "y")
        await hand.until(lambda: len(hand.told()) == 2)
        await hand.press("o")
        await hand.rest()
        assert len(hand.told()) == 2  # the same words are not said twice
        assert hand.desk.clipboard == "https://example.org/1"


async def test_the_ledger_shows_state_and_proof_and_r_reopens(any_house: House) -> None:
    asked = one(any_house)
    closed = post("ola", "Takk for hjelpen!", at=START + MINUTE)
    seen = post("søren", "Er I åbne?", at=START + 2 * MINUTE)
    ours = own("Ja, til 18.", to=seen.external_id, at=START + 3 * MINUTE, url=LINK)
    any_house.take(closed, seen, ours)
    any_house.dismiss(closed)
    async with sat_down(any_house.desk()) as hand:
        await hand.press("L")
        ledger = await hand.until_on(LedgerScreen)
        await hand.until(lambda: len(ledger.rows.ids) == 3)
        await hand.until_shown("Var är paketet?", "spam", LINK)
        rows = [ledger.rows.row(row_id) for row_id in ledger.rows.ids]
        assert [(row.state, row.how) for row in rows if row] == [
            (MentionState.OPEN, None),
            (MentionState.DISMISSED, None),
            (MentionState.ANSWERED, "native"),
        ]
        await hand.press("G", "p")
        await hand.until(lambda: hand.desk.clipboard == LINK)
        await hand.press("k", "R")
        await hand.until(lambda: any_house.state(closed) == MentionState.OPEN)
        await hand.press("k", "R")
        await hand.until(lambda: len(hand.told()) >= 3, "that it waits already")
        assert any_house.state(asked) == MentionState.OPEN
        await hand.press("escape")
        await hand.until(lambda: len(hand.waiting.rows.ids) == 2)


async def test_the_ledger_goes_through_the_days_and_opens_a_conversation(house: House) -> None:
    one(house)
    house.pass_time(3 * DAY)
    async with sat_down(house.desk()) as hand:
        await hand.press("L")
        ledger = await hand.until_on(LedgerScreen)
        today = ledger.day
        await hand.press("right")
        assert ledger.day == today
        await hand.press("left", "left", "left")
        await hand.until(lambda: len(ledger.rows.ids) == 1)
        assert (today - ledger.day).days == 3
        await hand.press("enter")
        await hand.until_on(Reading)
        await hand.until_shown("Var är paketet?")
        await hand.press("q")
        await hand.until_on(LedgerScreen)


async def in_outbox(hand: Hand) -> OutboxScreen:
    """The outbox, with what is pending in it."""
    await hand.until(lambda: hand.desk.snapshot.pending)
    await hand.press("8")
    return await hand.until_on(OutboxScreen)


async def test_the_outbox_explains_a_doubt_and_sends_again_only_through_review(
    any_house: House,
) -> None:
    asked = one(any_house)
    any_house.doubt(asked, "Vi söker det. /Anna")
    async with sat_down(any_house.desk()) as hand:
        await in_outbox(hand)
        await hand.until_shown("Vi söker det. /Anna", "fell silent")
        await hand.press("s")
        await hand.until_on(Review)
        await hand.until_shown("Vi söker det. /Anna")
        await hand.press("enter", "s", "escape")
        await hand.until_on(OutboxScreen)
        await hand.rest()
        assert [reply.state for reply in any_house.replies()] == [ReplyState.UNKNOWN]
        await hand.press("s")
        await hand.until_on(Review)
        hand.strike("y", "y", "y")
        await hand.until_on(OutboxScreen)
        assert [reply.state for reply in any_house.replies()] == [ReplyState.QUEUED]


async def test_a_doubt_is_found_only_with_a_link(any_house: House) -> None:
    asked = one(any_house)
    any_house.doubt(asked)
    async with sat_down(any_house.desk()) as hand:
        await in_outbox(hand)
        await hand.press("t")
        dialog = await hand.until_on(Seen)
        for wrong in WRONG_LINKS:
            hand.strike("ctrl+u", *wrong, "enter")
            await hand.rest()
            assert hand.desk.screen is dialog
        hand.strike("ctrl+u", *LINK, "enter")
        await hand.until(lambda: any_house.state(asked) == MentionState.ANSWERED)
        (reply,) = any_house.replies()
        assert (reply.state, reply.url) == (ReplyState.SENT, LINK)


async def test_a_doubt_is_given_up_only_by_enter_and_its_words_stay(any_house: House) -> None:
    asked = one(any_house)
    any_house.doubt(asked, "Vi söker det. /Anna")
    async with sat_down(any_house.desk()) as hand:
        await in_outbox(hand)
        await hand.press("x")
        await hand.until_on(GivingUp)
        await hand.press("y", "x", "space", "escape")
        await hand.until_on(OutboxScreen)
        await hand.rest()
        assert [reply.state for reply in any_house.replies()] == [ReplyState.UNKNOWN]
        await hand.press("x")
        await hand.until_on(GivingUp)
        await hand.press("enter")
        await hand.until(lambda: any_house.state(asked) == MentionState.OPEN)
        assert any_house.drafts() == {any_house.id_of(asked): "Vi söker det. /Anna"}


async def test_a_refused_reply_is_written_anew(house: House) -> None:
    asked = one(house)
    house.refuse(asked, "Vi söker det. /Anna", why="the post is gone")
    async with sat_down(house.desk()) as hand:
        await in_outbox(hand)
        await hand.until_shown("the post is gone")
        await hand.press("s", "t", "x", "u")
        assert isinstance(hand.desk.screen, OutboxScreen)
        await hand.press("e")
        composer = await hand.until_on(Composer)
        await hand.until(lambda: composer.text == "Vi söker det. /Anna")
        await hand.press("escape")
        await hand.until_on(OutboxScreen)
        assert house.mention(asked).state == MentionState.OPEN


async def test_what_was_decided_elsewhere_meanwhile_is_refused_with_a_sentence(
    house: House,
) -> None:
    asked = one(house)
    reply_id = house.doubt(asked)
    async with sat_down(house.desk()) as hand:
        await in_outbox(hand)
        await hand.press("s")
        await hand.until_on(Review)
        house.act(lambda s: deeds.it_is_there(s, reply_id, LINK, "Bo", START + 2 * MINUTE))
        await hand.press("y")
        await hand.until(lambda: hand.told())
        assert [reply.state for reply in house.replies()] == [ReplyState.SENT]
        assert mention(house.store, asked).state == MentionState.ANSWERED
        assert world.broken(house.store, house.now()) == []
