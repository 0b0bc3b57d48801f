"""Whatever customers, networks and staff write: on the screen it is printable text and no more."""

import asyncio
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from sqlalchemy import update
from textual.events import Paste
from textual.screen import ModalScreen

from models.instant import MINUTE
from models.outside import storable
from models.post import Author, Media, Post
from models.records import drafts, presence
from models.records.tables import Reply
from tests.tui.hostile import FORBIDDEN, tricky
from tests.tui.house import Hand, House, sat_down
from tests.world import START, post
from tui.screens.composer import Composer

FAR = 10**18
JOINED = set("\ufe0f\u200d")


def told_by(words: list[str], number: int) -> Post:
    """A post of these words wherever a network lets people write; it ends with `efter` + number."""
    name, handle, text, link, alt = (words * 5)[number : number + 5]
    written = post(
        f"k{number}",
        f"före {text} efter{number}",
        at=START + number * MINUTE,
        url=f"https://example.org/{link}",
        lang="sv",
        media=(Media("image", alt, link),),
    )
    return replace(written, author=Author(f"k{number}", handle[:60] or "k", name[:200]))


def check(hand: Hand, words: list[str]) -> None:
    """Every line of the screen is printable and exactly as wide as the screen.

    Where a dialog or a toast covers half of a joined emoji, Textual is a cell off.
    """
    width, desk = hand.desk.size.width, hand.desk
    covered = isinstance(desk.screen, ModalScreen) or bool(desk._notifications)
    joined = covered and JOINED & set("".join(words))
    for strip in desk.screen._compositor.render_strips():
        line = "".join(segment.text for segment in strip)
        assert not FORBIDDEN.search(line), ascii(line)
        assert not any(unicodedata.category(letter) in {"Co", "Cs"} for letter in line)
        assert joined or sum(cell_len(segment.text) for segment in strip) == width, ascii(line)


async def walk(house: House, words: list[str], posts: list[Post], size: tuple[int, int]) -> None:
    """Through every screen, looking at each."""
    place = replace(house.place(staff=storable(words[0])[0]), brand=words[-1])
    async with sat_down(house.desk(place), *size) as hand:
        thread = hand.waiting.thread
        for number in range(3, len(posts)):
            wanted = house.id_of(posts[number])
            hand.waiting.rows.go_to(wanted)
            await hand.press("enter")
            await hand.until(lambda wanted=wanted: thread.mention_id == wanted)  # type: ignore[misc]
            check(hand, words)
            shown = "".join(text for line in thread._lines for text, _style in line.cells)
            assert f"efter{number}" in shown.replace(" ", "").replace("▎", "")
            await hand.press("escape", "j")
            check(hand, words)
        for way in (
            ("E",),
            ("0",),
            ("c",),
            ("b",),
            ("L",),
            ("L", "enter"),
            ("8",),
            ("8", "s"),
            ("8", "t"),
        ):
            for key in way:
                await hand.press(key)
                await hand.rest()
                check(hand, words)
            while hand.desk.screen is not hand.waiting:
                await hand.press("escape")
        for word in words:
            hand.desk.notify(word, title=word)
            hand.desk.trouble = word
        await hand.press("r")
        await hand.until_on(Composer)
        for word in words:
            hand.desk.post_message(Paste(word))
        await hand.rest()
        check(hand, words)
        await hand.press("ctrl+s")
        await hand.rest()
        check(hand, words)
        assert hand.desk.is_running
        assert sum(reply.state == "queued" for reply in house.replies()) == 0


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink would take minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    words=st.lists(tricky, min_size=6, max_size=6),
    size=st.sampled_from([(160, 45), (130, 20), (80, 24), (40, 12)]),
)
def test_every_widget_shows_printable_text_of_the_right_width(
    words: list[str], size: tuple[int, int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(f"sqlite:///{Path(folder) / 'g.db'}")
        stored = [storable(word)[0] for word in words]
        posts = [told_by(stored, number) for number in range(8)]
        house.take(*posts)
        house.doubt(posts[0])
        house.refuse(posts[1], why=stored[2])
        text = {"body": f"före {stored[1]} efter", "staff": stored[0]}
        house.act(lambda s: s.connection().execute(update(Reply).values(**text)))
        house.dismiss(posts[2], staff=stored[3])
        writer = house.id_of(posts[4])
        house.act(lambda s: drafts.take_up(s, writer, stored[4], house.now()))
        house.act(lambda s: presence.show_up(s, f"{stored[5]}:7:x", FAR))
        asyncio.run(walk(house, words, posts, size))
        house.store.close()
