"""The reply check at the desk: what is weak is said, held back, mended or sent with a reason."""

from sqlmodel import Session

from models.instant import DAY, HOUR
from models.post import Post
from models.records import outbox, promises
from models.records.kinds import ReplyState
from models.records.tables import Mention
from tests import world
from tests.tui.house import Hand, House, sat_down
from tests.world import post
from tui.screens.composer import Composer
from tui.screens.overriding import Overriding
from tui.screens.promises import Noting, PromisesScreen
from tui.screens.promising import Promising
from tui.screens.review import Review
from tui.screens.waiting import Waiting

WEAK = "Tack för ditt meddelande! Vi återkommer inom kort."
GOOD = "Hej Britta, jag beklagar att paketet är borta. Jag ringer dig i morgon kl 15. /Anna"


def complaint(house: House) -> Post:
    """One who waits for a parcel."""
    asked = post("britta", "Dag 9. Fortfarande inget paket.")
    house.take(asked)
    house.judge(0.9)
    return asked


async def reviewed(hand: Hand, text: str) -> Review:
    """At the last look, once the check has read it."""
    await hand.compose(text)
    await hand.review()
    page = await hand.until_on(Review)
    await hand.until(page._looked.is_set, "the check has read it")
    return page


async def test_what_is_weak_is_told_while_one_writes(house: House) -> None:
    complaint(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose(WEAK)
        await hand.until(lambda: composer._remarks, "remarks")
        assert {"RC01", "RC03", "RC06"} <= {one.rule for one in composer._remarks}
        await hand.until_shown("!", "apolog")
        await hand.press("ctrl+n")
        await hand.until(lambda: "RC01" not in {one.rule for one in composer._remarks}, "mended")
        assert composer.text.startswith("Jag beklagar")


async def test_a_warning_is_overridden_only_with_a_reason_that_is_kept(house: House) -> None:
    complaint(house)
    async with sat_down(house.desk()) as hand:
        await reviewed(hand, WEAK)
        await hand.press("y")
        await hand.rest()
        assert house.replies() == []
        await hand.press("exclamation_mark")
        await hand.until_on(Overriding)
        await hand.press("2", "enter")
        await hand.until_on(Review)
        await hand.press("y")
        await hand.until_on(Waiting)
    (reply,) = house.replies()
    assert {one["rule"] for one in reply.overrides} >= {"RC01", "RC03", "RC06"}
    assert {one["reason"] for one in reply.overrides} == {"agreed with the customer"}
    assert reply.is_holding


async def test_who_only_holds_the_line_owes_a_full_answer(house: House) -> None:
    asked = complaint(house)
    text = "Jag beklagar, Britta. Vi återkommer. /Anna"
    async with sat_down(house.desk(house.place(undo_seconds=0))) as hand:
        await reviewed(hand, text)
        await hand.until_shown("Still owed afterwards: answer in full", "you")
        await hand.press("exclamation_mark")
        await hand.until_on(Overriding)
        await hand.press("2", "enter")
        await hand.until_on(Review)
        await hand.press("y")
        await hand.until_on(Waiting)
        sent(house)
        with house.store.read() as session:
            (owed,) = promises.owed(session)
        assert (owed.action, owed.text) == ("conclude", "Vi återkommer.")
        assert owed.due_at is not None
        assert house.now() + 23 * HOUR < owed.due_at <= house.now() + 24 * HOUR
        house.take(post("britta", "Och nu då?", at=house.now(), conversation=asked.external_id))
        house.judge(0.9)
        await hand.until_shown("Och nu då?")
        await hand.until_shown("concludes nothing yet")


async def test_what_blocks_no_reason_sends(house: House) -> None:
    complaint(house)
    async with sat_down(house.desk()) as hand:
        await reviewed(hand, "Jag beklagar, {{namn}}. Paketet kommer i dag kl 17. /Anna")
        await hand.press("exclamation_mark", "y")
        await hand.rest()
        assert isinstance(hand.desk.screen, Review)
    assert house.replies() == []


async def test_a_promise_is_shown_changed_sent_owed_broken_and_kept(house: House) -> None:
    asked = complaint(house)
    async with sat_down(house.desk(house.place(undo_seconds=0))) as hand:
        await reviewed(hand, GOOD)
        await hand.until_shown("This promises: call", "15:00", "Anna")
        await hand.press("t")
        await hand.until_on(Promising)
        await hand.write("1 Bo")
        await hand.press("enter")
        await hand.until_shown("Bo has answered nobody here yet", "15:00, you")
        await hand.press("enter")  # he is new
        await hand.write("1 find out")
        await hand.press("enter")
        await hand.until_shown("find out", "15:00, Bo")
        await hand.write("1 tomorow 15")
        await hand.press("enter")
        await hand.until_shown("tomorow 15 has answered nobody here yet", "15:00, Bo")
        await hand.press("ctrl+u", "enter")
        await hand.until_on(Review)
        await hand.until_shown("15:00, Bo")
        await hand.press("y")
        await hand.until_on(Waiting)
        (reply,) = house.replies()
        assert [(one["owner"], one["action"]) for one in reply.promises] == [("Bo", "check")]
        sent(house)
        house.pass_time(2 * DAY)
        house.act(lambda session: promises.break_overdue(session, house.now()))
        await hand.press("9")
        await hand.until_on(PromisesScreen)
        await hand.until_shown("broken", "Bo", "Jag ringer dig i morgon kl 15")
        await hand.press("k")
        await hand.until_on(Noting)
        await hand.write("Ringde en dag sent.")
        await hand.press("enter")
        await hand.until_shown("We owe nobody anything.")
    assert house.state(asked) == "answered"
    assert world.broken(house.store, house.now()) == []


async def test_an_invitation_into_private_messages_is_owed_until_somebody_closes_it(
    house: House,
) -> None:
    complaint(house)
    text = "Hej Britta, jag beklagar. Skicka ditt ordernummer i ett DM. /Anna"
    async with sat_down(house.desk(house.place(undo_seconds=0))) as hand:
        await reviewed(hand, text)
        await hand.until_shown("This promises: go on in private, no time given")
        await hand.press("y")
        await hand.until_on(Waiting)
    sent(house)
    with house.store.read() as session:
        assert [one.action for one in promises.owed(session)] == ["private"]


def sent(house: House) -> None:
    """The network has taken it."""
    taken = world.claim(house.store, house.now() + HOUR)
    assert taken is not None
    at = house.now()
    house.act(lambda session: outbox.sent(session, taken, world.receipt("r1", at)))
    assert [reply.state for reply in house.replies()] == [ReplyState.SENT]


async def test_personal_numbers_stand_as_dots_until_asked_for(house: House) -> None:
    house.take(post("britta", "Mitt personnummer är 811228-9874, var är paketet?"))
    async with sat_down(house.desk()) as hand:
        await hand.until_shown("••••, var är paketet?")  # in the conversation too
        assert "811228" not in hand.text()
        await hand.press("v")
        await hand.until_shown("811228-9874, var är")
        await hand.press("v")
        await hand.until(lambda: "811228" not in hand.text(), "dots again")


async def test_a_post_changed_while_one_writes_holds_the_reply_back(house: House) -> None:
    asked = complaint(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose(GOOD)
        assert isinstance(composer, Composer)
        await hand.review()
        page = await hand.until_on(Review)
        await hand.until(page._looked.is_set, "the check has read it")
        house.act(lambda session: change(session, house.id_of(asked)))
        await hand.press("y")
        await hand.until_said("changed the post")
    assert house.replies() == []


def change(session: Session, mention_id: int) -> None:
    """The customer writes something else."""
    row = session.get_one(Mention, mention_id)
    row.text = "Paketet kom, tack!"
    session.add(row)
