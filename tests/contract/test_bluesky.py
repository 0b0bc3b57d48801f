"""Bluesky passes the contract: unmodified atproto against a server that speaks as the real ones."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import pytest

from listener.channels import bluesky_reply
from listener.channels.bluesky import BlueskyChannel
from listener.channels.bluesky_api import meaning
from listener.channels.bluesky_line import Line
from listener.channels.bluesky_posts import Reader
from listener.channels.bluesky_walk import place_of_own
from models.errors import Rejected, Unavailable, Uncertain, Unsupported
from models.instant import DAY, HOUR, MINUTE, SECOND, now, to_rfc3339
from models.networks import NETWORKS, too_heavy
from models.post import Author, Media
from tests.contract.bluesky_town import PASSWORD, POST, BlueskyTown, Written, tid
from tests.contract.channel import OVERLAP, ChannelContract, outgoing, read
from tests.contract.town import Asked, open_town

KEYS = {"app_password": PASSWORD}
WORDS = ["tallkotte", "tall kotte"]
BRITTA = "did:plc:britta"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
_AT = f"at://{BRITTA}/{POST}/3aaaaaaaaaaaa"
_WHO = {"did": BRITTA, "handle": "britta.test"}
_DATED = {"createdAt": "2026-11-22T10:00:00Z"}
ODD_ITEMS: list[object] = [
    None,
    7,
    "at://",
    {},
    {"uri": "at://did:plc:britta/app.bsky.feed.like/3aaaaaaaaaaaa", "author": _WHO},
    {"uri": _AT, "author": _WHO, "record": _DATED, "value": _DATED},
    {"uri": _AT, "author": _WHO, "record": {"text": 5, **_DATED}, "value": {"text": None}},
    {"uri": _AT, "author": _WHO, "record": {"text": "utan tid"}, "value": {"text": "utan tid"}},
    {"uri": _AT, "author": _WHO, "record": ["text"], "value": "text"},
]
_IMAGES = {"$type": "app.bsky.embed.images", "images": [{"alt": "Trasig låda", "image": {}}, 3]}
_FOUND_IMAGES = (Media("photo", "Trasig låda"), Media("photo"))
_CARD = {"uri": "https://a.se/x", "title": "Om frakt"}
STRANGE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"langs": ["sv-SE", "en"]}, {"lang": "sv"}),
    ({"langs": "sv"}, {"lang": None}),
    ({"langs": [None]}, {"lang": None}),
    ({"embed": _IMAGES}, {"media": _FOUND_IMAGES}),
    (
        {"embed": {"$type": "app.bsky.embed.video", "alt": "Film"}},
        {"media": (Media("video", "Film"),)},
    ),
    (
        {"embed": {"$type": "app.bsky.embed.external", "external": _CARD}},
        {"media": (Media("link", "Om frakt", "https://a.se/x"),)},
    ),
    (
        {"embed": {"$type": "app.bsky.embed.recordWithMedia", "media": _IMAGES, "record": 4}},
        {"media": _FOUND_IMAGES},
    ),
    ({"embed": {"$type": "app.bsky.embed.hologram", "images": []}}, {"media": ()}),
    ({"embed": ["images"]}, {"media": ()}),
    (
        {"labels": {"values": [{"val": "graphic-media"}, 3, {"val": 4}]}},
        {"flags": ("content warning: graphic-media",)},
    ),
    ({"labels": ["porn"]}, {"flags": ()}),
    ({"reply": {"parent": 3, "root": {}}}, {"in_reply_to": None}),
    ({"reply": "at://"}, {"in_reply_to": None}),
    ({"createdAt": "i går"}, {"addressed": True}),
    ({"createdAt": 5}, {"addressed": True}),
    ({"facets": [3, {"features": 4}, {"features": [5, {"did": 6}]}]}, {"addressed": True}),
]


class BlueskyStage:
    """Bluesky, from its customers' side."""

    def __init__(self, town: BlueskyTown, address: str) -> None:
        self.town, self.address = town, address
        self.channel = self.opened()

    def opened(self, password: str = PASSWORD, followers: int = 0) -> BlueskyChannel:
        """The channel, as another process would open it."""
        account = Author(self.town.me, self.town.handle, "Tallkotte")
        keys = {"app_password": password}
        return BlueskyChannel(account, keys, WORDS, followers, self.address)

    def customer(self, text: str, to: str | None = None, *, late: bool = False) -> str:
        words = text.replace("@tallkotte", "@tallkotte.test")
        return self.town.write(BRITTA, words, to, listed=not late)

    def native(self, text: str, to: str) -> str:
        return self.town.write(self.town.me, text, to)

    def edit(self, external_id: str, text: str) -> None:
        self.town.posts[external_id].record["text"] = text

    def delete(self, external_id: str) -> None:
        del self.town.posts[external_id]

    def show_all(self) -> None:
        for post in self.town.posts.values():
            post.listed = True

    def fail(self, act: str, kind: str) -> None:
        """`refuse` of a reply is the look at the post to be answered, which comes before it."""
        self.town.faults[act].append(kind)

    def forget(self, keep: int) -> None:
        self.town.reach = keep

    def published(self, to: str) -> list[str]:
        mine = [post for post in self.town.posts.values() if post.did == self.town.me]
        return [post.record["text"] for post in mine if post.parent == to]

    def puts(self) -> list[Asked]:
        """The calls that would publish."""
        return [call for call in self.town.calls if call.path.endswith("putRecord")]

    def signs(self) -> list[str]:
        """How we have signed in and stayed so."""
        paths = (call.path.rpartition(".")[2] for call in self.town.calls)
        return [name for name in paths if name in ("createSession", "refreshSession")]


@pytest.fixture
def stage() -> Iterator[BlueskyStage]:
    town = BlueskyTown()
    with open_town(town) as address:
        yield BlueskyStage(town, address)


class TestBluesky(ChannelContract):
    """Everything the contract asks, and what only Bluesky does."""

    def test_the_same_attempt_twice_is_one_post(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        first = stage.channel.reply(outgoing(to))
        body = stage.puts()[-1].body
        again = stage.opened().reply(outgoing(to))
        assert again == first
        assert [call.body for call in stage.puts()] == [body, body]
        assert body["swapRecord"] is None
        assert body["rkey"] == first.external_id.rpartition("/")[2]
        assert len(stage.published(to)) == 1

    def test_every_reply_has_a_key_of_its_own(self, stage: BlueskyStage) -> None:
        to, other = stage.customer("@tallkotte ett"), stage.customer("@tallkotte två")
        sent = outgoing(to)
        others = [
            outgoing(other),
            outgoing(to, "Andra ord. /Anna"),
            replace(sent, key="key-2"),
            replace(sent, created_at=sent.created_at + SECOND),
        ]
        keys = [bluesky_reply.key(one) for one in (sent, *others)]
        assert len(set(keys)) == 5
        assert all(re.fullmatch("[234567a-j][234567a-z]{12}", key) for key in keys)
        assert bluesky_reply.key(replace(sent, attempt=7, credited=frozenset("x"))) == keys[0]
        held = place_of_own({"uri": f"at://did:plc:a/{POST}/{keys[0]}"})
        assert held // SECOND == sent.created_at // SECOND

    @pytest.mark.parametrize("kind", ["published, then 503", "lost answer", "error page", "cut"])
    def test_a_reply_in_doubt_was_sent_once_and_can_be_sent_again(
        self, stage: BlueskyStage, kind: str
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", kind)
        with pytest.raises(Uncertain):
            stage.channel.reply(outgoing(to))
        assert len(stage.puts()) == 1
        found, was_public = stage.channel.look_up(outgoing(to)), len(stage.published(to))
        assert (found is not None) == bool(was_public)
        assert stage.channel.reply(replace(outgoing(to), attempt=2)) == (found or ANY)
        assert len(stage.published(to)) == 1
        assert len(stage.puts()) == 2 - was_public

    def test_a_reply_that_times_out_was_sent_once(
        self, stage: BlueskyStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", "too late")
        with monkeypatch.context() as patch:
            patch.setattr("listener.channels.bluesky_line._SILENCE", 0.7)
            with pytest.raises(Uncertain, match="ReadTimeout"):
                stage.channel.reply(outgoing(to))
        assert stage.channel.look_up(outgoing(to)) is not None
        assert len(stage.published(to)) == 1

    def test_an_edited_parent_makes_another_record_and_no_other_post(
        self, stage: BlueskyStage
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", "published, then 503")
        with pytest.raises(Uncertain):
            stage.channel.reply(outgoing(to))
        stage.edit(to, "@tallkotte Hej, rättat")
        found = stage.channel.look_up(outgoing(to))
        assert found is not None
        assert stage.channel.reply(outgoing(to)) == found  # the swap is refused
        assert [call.body["record"]["text"] for call in stage.puts()] == stage.published(to) * 2
        assert len(stage.published(to)) == 1

    def test_a_taken_key_that_cannot_be_looked_at_is_in_doubt(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.channel.reply(outgoing(to))
        stage.edit(to, "@tallkotte Hej, rättat")
        stage.fail("list", "refuse")
        with pytest.raises(Uncertain):
            stage.channel.reply(outgoing(to))
        assert len(stage.published(to)) == 1

    def test_what_we_have_edited_by_phone_meanwhile_stays_as_it_is(
        self, stage: BlueskyStage
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        sent = stage.channel.reply(outgoing(to))
        stage.edit(sent.external_id, "Vi är ledsna och har hittat det. /Anna")
        assert stage.channel.reply(replace(outgoing(to), attempt=2)) == sent
        assert stage.published(to) == ["Vi är ledsna och har hittat det. /Anna"]

    def test_a_key_that_holds_another_post_is_no_proof(self, stage: BlueskyStage) -> None:
        to, other = stage.customer("@tallkotte ett"), stage.customer("@tallkotte två")
        taken = stage.channel.reply(outgoing(to)).external_id
        stage.town.posts[taken].record = stage.town.posts[stage.native("Hej", other)].record
        assert stage.channel.look_up(outgoing(to)) is None
        with pytest.raises(Rejected, match="Record was at"):
            stage.channel.reply(outgoing(to))

    def test_what_leaves_late_is_dated_when_it_leaves(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        late = replace(outgoing(to), created_at=now() - 2 * DAY)
        receipt = stage.channel.reply(late)
        assert abs(receipt.posted_at - now()) < MINUTE
        assert stage.channel.look_up(late) == receipt

    def test_links_and_names_are_found_by_their_bytes(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        words = "Åh 👨‍👩‍👧 @britta.test! Se tallkotte.se/hjälp, (https://a.se/x) @nemo.test #äpplen"
        sent = stage.channel.reply(outgoing(to, words)).external_id
        raw = words.encode()
        found = {
            raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): {
                name: value for name, value in facet["features"][0].items() if name != "$type"
            }
            for facet in stage.town.posts[sent].record["facets"]
        }
        assert found == {
            "@britta.test": {"did": BRITTA},
            "tallkotte.se/hjälp": {"uri": "https://tallkotte.se/hjälp"},
            "https://a.se/x": {"uri": "https://a.se/x"},
            "#äpplen": {"tag": "äpplen"},
        }

    def test_a_name_that_cannot_be_looked_up_now_waits(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("resolve", "refuse")
        with pytest.raises(Unavailable):
            stage.channel.reply(outgoing(to, "Hej @nemo.test"))
        assert stage.published(to) == []

    @pytest.mark.parametrize(
        ("text", "is_taken"),
        [("å" * 300, True), ("å" * 301, False), (FAMILY * 120, True), (FAMILY * 121, False)],
    )
    def test_signs_and_bytes_both_have_a_limit(
        self, stage: BlueskyStage, text: str, is_taken: bool
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        rules = NETWORKS["bluesky"]
        fits = rules.count(text) <= rules.limit and too_heavy("bluesky", text) is None
        assert fits == is_taken
        if is_taken:
            stage.channel.reply(outgoing(to, text))
        else:
            with pytest.raises(Rejected, match=r"too big \(maximum"):
                stage.channel.reply(outgoing(to, text))
        assert len(stage.published(to)) == is_taken

    @pytest.mark.parametrize(
        ("trouble", "says"),
        [("blockers", "has blocked"), ("blocked", "blocks the author"), ("away", "gone")],
    )
    def test_whoever_would_not_see_it_is_not_answered(
        self, stage: BlueskyStage, trouble: str, says: str
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        getattr(stage.town, trouble).add(BRITTA)
        with pytest.raises(Rejected, match=says):
            stage.channel.reply(outgoing(to))
        assert stage.puts() == []

    def test_a_closed_thread_is_not_answered(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.town.posts[to].gated = True
        with pytest.raises(Rejected, match="only some answer"):
            stage.channel.reply(outgoing(to))
        assert stage.puts() == []

    def test_what_is_no_address_is_never_sent(self, stage: BlueskyStage) -> None:
        for odd in ("handskriven-1", f"at://{BRITTA}/app.bsky.feed.like/1", "at://x/y/z?a=b"):
            with pytest.raises(Rejected):
                stage.channel.reply(outgoing(odd))
        assert stage.town.calls == []

    def test_nobody_there_means_nothing_was_sent(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        lost = BlueskyChannel(stage.channel.account, KEYS, service="http://127.0.0.1:9")
        with pytest.raises(Unavailable):
            lost.reply(outgoing(to))

    def test_a_post_without_a_connection_is_no_doubt(self) -> None:
        line = Line("http://127.0.0.1:9")
        with pytest.raises(line.failures) as error:
            line.procedure("com.atproto.repo.putRecord", {}, "", 5)
        assert type(meaning(error.value, Uncertain)) is Unavailable

    def test_a_slow_beginning_leaves_no_time_to_send(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.channel.call_seconds = 19.0
        with pytest.raises(Unavailable, match="slow"):
            stage.channel.reply(outgoing(to))
        assert stage.puts() == []

    def test_who_blocks_us_or_left_is_gone_and_whom_we_block_is_not(
        self, stage: BlueskyStage
    ) -> None:
        sent = stage.customer("@tallkotte Hej")
        for trouble, found in (("blockers", {sent: None}), ("blocked", {}), ("away", {sent: None})):
            getattr(stage.town, trouble).add(BRITTA)
            assert stage.channel.recall([sent]) == found
            getattr(stage.town, trouble).clear()
        assert stage.channel.recall([sent])[sent] is not None

    def test_what_one_part_of_bluesky_still_has_is_not_deleted(self, stage: BlueskyStage) -> None:
        sent = stage.customer("@tallkotte Hej")
        stage.town.lost.add(sent)
        assert stage.channel.recall([sent]) == {}
        with pytest.raises(Unavailable, match="just now"):
            stage.channel.reply(outgoing(sent))

    def test_more_than_a_batch_is_recalled(self, stage: BlueskyStage) -> None:
        sent = [stage.customer(f"@tallkotte nummer {number}") for number in range(60)]
        stage.delete(sent[3])
        found = stage.channel.recall(sent)
        assert set(found) == set(sent)
        assert [address for address, post in found.items() if post is None] == [sent[3]]
        assert sum("getPosts" in call.path for call in stage.town.calls) == 3

    def test_what_was_written_below_us_is_told_apart(self, stage: BlueskyStage) -> None:
        root = stage.town.write(stage.town.me, "Vi har öppet i jul")
        answer = stage.customer("Bra!", root)
        aside = stage.town.write("did:plc:ola", "@britta.test Håller med", answer)
        quote = stage.town.write("did:plc:ola", "Jaha", embed=_quote(root))
        posts = {post.external_id: post for post in read(stage.channel, "mentions")[0]}
        addressed = {address: post.addressed for address, post in posts.items()}
        assert addressed == {answer: True, aside: False, quote: True}
        assert {posts[one].conversation for one in (answer, aside)} == {root}

    def test_only_who_we_follow_is_never_asked_for(self, stage: BlueskyStage) -> None:
        read(stage.channel, "mentions")
        (call,) = [call for call in stage.town.calls if "listNotifications" in call.path]
        assert call.query["priority"] == "false"
        assert "reasons=mention&reasons=reply&reasons=quote" in call.raw

    def test_what_goes_on_below_our_answers_is_heard(self, stage: BlueskyStage) -> None:
        first = stage.customer("@tallkotte Hej")
        ours = stage.native("Hej! Vad kan vi göra?", first)
        more = stage.customer("Paketet är borta", first)  # below the own post: nobody tells us
        assert more not in {post.external_id for post in read(stage.channel, "mentions")[0]}
        found, checkpoint = read(stage.channel, "comments")
        assert [post.external_id for post in found] == [first, ours, more]
        later = stage.customer("Nå?", more)
        found, _checkpoint = read(stage.channel, "comments", checkpoint, 0)
        assert later in {post.external_id for post in found}
        stage.delete(first)
        assert read(stage.channel, "comments")[0] == []

    def test_who_spoke_in_a_thread_before_us_is_heard_too(self, stage: BlueskyStage) -> None:
        _posts, checkpoint = read(stage.channel, "comments")
        first = stage.customer("@tallkotte Hej")
        early, older = (stage.town.write("did:plc:ola", "Samma här", first) for _ in range(2))
        for address, hours in ((early, 20), (older, 30)):
            stage.town.posts[address].record["createdAt"] = _ago(hours)
        stage.native("Hej!", first)
        found = {post.external_id for post in read(stage.channel, "comments", checkpoint, 0)[0]}
        assert early in found
        assert older not in found

    def test_a_key_from_a_clock_that_runs_ahead_hides_nothing(self, stage: BlueskyStage) -> None:
        first = stage.customer("@tallkotte Hej")
        ahead = stage.town.posts.pop(stage.native("Hej!", first))
        ahead.uri = f"at://{stage.town.me}/{POST}/{tid(now() + 10 * HOUR)}"
        stage.town.posts[ahead.uri] = ahead
        posts, checkpoint = read(stage.channel, "own")
        assert [post.external_id for post in posts] == [ahead.uri]
        later = stage.native("Vi har hittat det", first)
        assert later in {post.external_id for post in read(stage.channel, "own", checkpoint)[0]}

    def test_only_so_many_threads_are_listened_to(self, stage: BlueskyStage) -> None:
        for number in range(25):
            stage.native("Hej!", stage.customer(f"@tallkotte {number}"))
        read(stage.channel, "comments")
        assert sum("getPostThread" in call.path for call in stage.town.calls) == 20

    def test_a_search_finds_any_word_and_each_post_once(self, stage: BlueskyStage) -> None:
        both = stage.customer("Tallkotte, tall kotte")
        stage.customer("inget om er")
        (post,), _checkpoint = read(stage.channel, "search")
        assert post.external_id == both
        assert not post.addressed
        asked = [call.query for call in stage.town.calls if "searchPosts" in call.path]
        assert [query["q"] for query in asked] == ["tallkotte", '"tall kotte"']
        assert {query["sort"] for query in asked} == {"latest"}

    def test_followers_are_listened_to_only_where_that_is_asked_for(
        self, stage: BlueskyStage
    ) -> None:
        assert "followers" not in stage.channel.feeds
        channel = stage.opened(followers=3)
        stage.town.followers = ["did:plc:ola", "did:plc:eva", BRITTA, "did:plc:dag"]
        stage.town.blockers.add("did:plc:eva")
        theirs = stage.town.write("did:plc:ola", "Regn igen i Umeå")
        stage.town.write("did:plc:dag", "För sent ute")
        posts, checkpoint = read(channel, "followers")
        assert [post.external_id for post in posts] == [theirs]
        assert not posts[0].addressed
        read(channel, "followers", checkpoint)
        paths = [call.path for call in stage.town.calls]
        assert sum(path.endswith("getFollowers") for path in paths) == 1
        assert sum(path.endswith("getAuthorFeed") for path in paths) == 6

    def test_our_own_posts_are_whole_whatever_else_lies_there(self, stage: BlueskyStage) -> None:
        ours = stage.native("Hej!", stage.customer("@tallkotte Hej"))
        for key in ("anteckning", "3zzzzzzzzzzzz"):
            uri = f"at://{stage.town.me}/{POST}/{key}"
            record = {"$type": POST, "text": "x", "createdAt": "2019-01-01T00:00:00Z", "facets": []}
            stage.town.posts[uri] = Written(uri, stage.town.me, record, 1)
        (page,) = stage.channel.fetch("own", None, OVERLAP)
        assert [post.external_id for post in page.posts] == [ours]
        assert page.rejected == 2

    def test_a_deleted_post_leaves_no_gap(self, stage: BlueskyStage) -> None:
        first = stage.customer("@tallkotte ett")
        _posts, checkpoint = read(stage.channel, "mentions")
        stage.delete(first)
        stage.customer("@tallkotte två")
        assert [page.gap for page in stage.channel.fetch("mentions", checkpoint, 0)] == [None]

    def test_a_checkpoint_without_a_post_is_no_gap(self, stage: BlueskyStage) -> None:
        posts, checkpoint = read(stage.channel, "mentions")
        assert posts == []
        stage.customer("@tallkotte ett")
        assert [page.gap for page in stage.channel.fetch("mentions", checkpoint, 0)] == [None]

    def test_what_is_older_than_a_week_is_left_at_first(self, stage: BlueskyStage) -> None:
        old, new = stage.customer("@tallkotte förr"), stage.customer("@tallkotte nu")
        stage.town.posts[old].record["createdAt"] = "2020-01-01T00:00:00Z"
        assert [post.external_id for post in read(stage.channel, "mentions")[0]] == [new]

    @pytest.mark.parametrize("odd", ODD_ITEMS)
    def test_one_odd_item_costs_nothing_else(self, stage: BlueskyStage, odd: object) -> None:
        stage.town.odd = [odd]
        sent = stage.customer("@tallkotte Hej")
        ours = stage.native("Hej!", sent)
        for feed in ("mentions", "search", "own"):
            (page,) = stage.channel.fetch(feed, None, OVERLAP)
            assert page.rejected >= 1
            assert {post.external_id for post in page.posts} <= {sent, ours}
            assert page.posts

    @pytest.mark.parametrize(("more", "found"), STRANGE)
    def test_what_is_strange_in_a_post_is_left_out_of_it(
        self, stage: BlueskyStage, more: dict[str, Any], found: dict[str, Any]
    ) -> None:
        sent = stage.customer("@tallkotte Hej")
        record = stage.town.posts[sent].record
        record |= {**more, "facets": record["facets"] + more.get("facets", [])}
        (post,), _checkpoint = read(stage.channel, "mentions")
        assert {name: getattr(post, name) for name in found} == found

    @pytest.mark.parametrize("kind", ["error page", "cut", "no json", "a list", "reject"])
    def test_a_broken_answer_is_said_and_asked_once(self, stage: BlueskyStage, kind: str) -> None:
        stage.channel.whoami()
        stage.fail("list", kind)
        with pytest.raises(Unavailable):
            read(stage.channel, "mentions")
        assert sum("listNotifications" in call.path for call in stage.town.calls) == 1

    def test_feeds_that_are_not_there_are_unsupported(self, stage: BlueskyStage) -> None:
        channel = BlueskyChannel(stage.channel.account, KEYS, service=stage.address)
        assert channel.feeds == ("mentions", "comments", "own")
        for feed in ("search", "followers", "likes"):
            with pytest.raises(Unsupported):
                list(channel.fetch(feed, None, OVERLAP))

    def test_pictures_come_with_their_address_where_it_is_told(self) -> None:
        image = {"alt": "Trasig låda", "fullsize": "https://cdn.example/1"}
        record = {"text": "Hej", "embed": _IMAGES, **_DATED}
        item = {"uri": _AT, "author": _WHO, "record": record, "embed": {"images": [image]}}
        post = Reader(Author("did:plc:a", "a.test")).viewed(item)
        assert post.media[0] == Media("photo", "Trasig låda", "https://cdn.example/1")

    def test_a_handle_that_leads_nowhere_is_not_shown(self) -> None:
        lost = {"did": BRITTA, "handle": "handle.invalid"}
        item = {"uri": _AT, "author": lost, "record": {"text": "Hej", **_DATED}}
        post = Reader(Author("did:plc:a", "a.test")).viewed(item)
        assert post.author.handle == BRITTA
        assert post.url == f"https://bsky.app/profile/{BRITTA}/post/3aaaaaaaaaaaa"

    def test_a_date_in_the_future_is_not_believed(self, stage: BlueskyStage) -> None:
        sent = stage.customer("@tallkotte Hej")
        stage.town.posts[sent].record["createdAt"] = "2999-01-01T00:00:00Z"
        (post,), _checkpoint = read(stage.channel, "mentions")
        assert abs(post.posted_at - now()) < MINUTE


def _ago(hours: int) -> str:
    return to_rfc3339(now() - hours * HOUR)


def _quote(address: str) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.record", "record": {"uri": address, "cid": "bafyrei"}}
