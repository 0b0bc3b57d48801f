"""Reddit passes the contract: unmodified praw against a server in the shapes of its recordings."""

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from listener.channels.reddit import RedditChannel
from models.errors import (
    ChannelError,
    RateLimited,
    Rejected,
    SignedOut,
    Unavailable,
    Uncertain,
    Unsupported,
)
from models.instant import MINUTE, SECOND, now
from models.post import Author, Outgoing
from tests.contract.channel import OVERLAP, ChannelContract, outgoing, read
from tests.contract.reddit_town import KEYS, RedditTown
from tests.contract.town import open_town

ACCOUNT = Author("t2_tallkotte", "tallkotte", "Tallkotte")
WORDS = ["tallkotte", "talkotte"]
OURS = ["tallkotte", "r/tallkottehjalp"]


class RedditStage:
    """Reddit, from its customers' side; they name us by u/ and only in comments."""

    def __init__(self, town: RedditTown, address: str) -> None:
        self.town, self.address = town, address
        self.channel = RedditChannel(ACCOUNT, KEYS, WORDS, OURS, address)
        self.thread = town.submit("maja", "Vilket bud är bäst i Umeå?")

    def customer(self, text: str, to: str | None = None, *, late: bool = False) -> str:
        words = text.replace("@tallkotte", "u/tallkotte")
        return self.town.comment("britta", words, to or self.thread, listed=not late)

    def native(self, text: str, to: str) -> str:
        return self.town.comment(self.town.me, text, to)

    def edit(self, external_id: str, text: str) -> None:
        thing = self.town.things[external_id]
        thing.text, thing.edited = text, float(int(time.time()))

    def delete(self, external_id: str) -> None:
        self.town.things[external_id].gone = "deleted"

    def show_all(self) -> None:
        for thing in self.town.things.values():
            thing.listed = True

    def fail(self, act: str, kind: str) -> None:
        """`refuse` of a reply is a sign-in that gets a 503: Reddit's one answer before a POST by
        which nothing can have been taken, and which is neither a limit nor a lost key."""
        self.town.faults[act].append(kind)

    def forget(self, keep: int) -> None:
        self.town.reach = self.channel.reach = keep

    def published(self, to: str) -> list[str]:
        mine = [one for one in self.town.things.values() if one.author == self.town.me]
        return [one.text for one in mine if one.parent == to]

    def posts_made(self) -> int:
        """How often a reply was sent to Reddit."""
        return sum(call.path == "/api/comment/" for call in self.town.calls)


@pytest.fixture
def stage() -> Iterator[RedditStage]:
    town = RedditTown()
    with open_town(town) as address:
        yield RedditStage(town, address)


class TestReddit(ChannelContract):
    """Everything the contract asks, and what only Reddit does."""

    @pytest.mark.parametrize("kind", ["published, then 503", "lost answer", "error page", "cut"])
    def test_a_reply_in_doubt_was_sent_once(self, stage: RedditStage, kind: str) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", kind)
        with pytest.raises(Uncertain):
            stage.channel.reply(outgoing(to))
        assert stage.posts_made() == 1
        is_public = len(stage.published(to)) == 1
        assert (stage.channel.look_up(outgoing(to)) is not None) == is_public

    def test_a_reply_that_times_out_was_sent_once(
        self, stage: RedditStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", "too late")
        with monkeypatch.context() as patch:
            patch.setattr("listener.channels.web._SILENCE", 0.3)
            with pytest.raises(Uncertain, match="ReadTimeout"):
                stage.channel.reply(outgoing(to))
        assert stage.channel.look_up(outgoing(to)) is not None
        assert stage.posts_made() == len(stage.published(to)) == 1

    @pytest.mark.parametrize(
        ("kind", "error", "words"),
        [
            ("reject", Rejected, "Comments are locked."),
            ("too old", Rejected, "too late to reply"),
            ("forbidden", Rejected, "HTTP 403: Forbidden"),
            ("bare 400", Rejected, "HTTP 400"),
            ("signed out without a header", SignedOut, "connect reddit"),
        ],
    )
    def test_a_definite_no_is_in_the_words_of_reddit(
        self, stage: RedditStage, kind: str, error: type[ChannelError], words: str
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", kind)
        with pytest.raises(error, match=words):
            stage.channel.reply(outgoing(to))
        assert (stage.posts_made(), stage.published(to)) == (1, [])

    @pytest.mark.parametrize(
        ("kind", "wait"),
        [
            ("rate limit", 540),
            ("short rate limit", 0.3),
            ("too many", 4),
            ("too many without headers", 60),
        ],
    )
    def test_a_limit_is_no_second_try_but_a_time_to_wait(
        self, stage: RedditStage, kind: str, wait: float
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", kind)
        with pytest.raises(RateLimited) as error:
            stage.channel.reply(outgoing(to))
        assert error.value.retry_after == pytest.approx(wait)
        assert (stage.posts_made(), stage.published(to)) == (1, [])

    def test_a_reply_that_is_not_shown_is_looked_for(self, stage: RedditStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", "not shown")
        receipt = stage.channel.reply(outgoing(to))
        assert receipt.external_id in stage.town.things
        stage.fail("reply", "not shown")
        stage.fail("list", "refuse")
        with pytest.raises(Uncertain, match="did not show"):
            stage.channel.reply(outgoing(to, "Vi har hittat paketet. /Anna"))
        assert stage.posts_made() == len(stage.published(to)) == 2

    def test_a_reply_goes_below_a_submission_too(self, stage: RedditStage) -> None:
        to = stage.town.submit("maja", "Tallkotte svarar inte")
        receipt = stage.channel.reply(outgoing(to))
        assert receipt.url == f"https://www.reddit.com{stage.town.things[receipt.external_id].path}"
        assert stage.channel.look_up(outgoing(to)) == receipt

    def test_what_is_no_fullname_is_never_sent(self, stage: RedditStage) -> None:
        with pytest.raises(Rejected):
            stage.channel.reply(outgoing("handskriven-1"))
        assert stage.town.calls == []
        with pytest.raises(Rejected, match="404"):
            stage.channel.reply(outgoing("t1_zzzz"))

    def test_a_slow_sign_in_leaves_no_time_to_send(self, stage: RedditStage) -> None:
        stage.channel.call_seconds = 25.0
        with pytest.raises(Unavailable, match="slow"):
            stage.channel.reply(outgoing(stage.thread))
        assert stage.posts_made() == 0

    def test_nobody_there_means_nothing_was_sent(self) -> None:
        nowhere = RedditChannel(ACCOUNT, KEYS, base="http://127.0.0.1:9")
        with pytest.raises(Unavailable):
            nowhere.reply(outgoing("t1_1"))

    def test_a_look_passes_by_what_is_the_proof_of_another_reply(self, stage: RedditStage) -> None:
        to = stage.customer("@tallkotte Hej")
        first = stage.channel.reply(outgoing(to)).external_id
        wanted = outgoing(to)
        wanted = Outgoing("tallkotte", to, wanted.body, "key-2", now(), 1, frozenset([first]))
        assert stage.channel.look_up(wanted) is None
        second = stage.native(wanted.body, to)
        found = stage.channel.look_up(wanted)
        assert found is not None
        assert found.external_id == second

    def test_a_look_that_is_cut_short_proves_no_absence(self, stage: RedditStage) -> None:
        to = stage.customer("@tallkotte Hej")
        for number in range(4):
            stage.native(f"Tack! {number}", to)
        stage.forget(keep=3)
        with pytest.raises(Unavailable):
            stage.channel.look_up(outgoing(to))

    def test_what_its_author_or_a_moderator_took_away_is_gone(self, stage: RedditStage) -> None:
        deleted, removed = stage.customer("@tallkotte ett"), stage.customer("@tallkotte två")
        written = stage.town.submit("maja", "Paketet kom aldrig, tallkotte", "Sex veckor nu.")
        stage.delete(deleted)
        for name in (removed, written):
            stage.town.things[name].gone = "removed"
        gone = dict.fromkeys((deleted, removed, written))
        assert stage.channel.recall([*gone]) == gone
        assert read(stage.channel, "mentions")[0] == read(stage.channel, "search")[0] == []

    def test_more_than_a_hundred_are_recalled(self, stage: RedditStage) -> None:
        sent = [stage.customer(f"@tallkotte nummer {number}") for number in range(101)]
        assert set(stage.channel.recall(sent)) == set(sent)
        assert sum(call.path == "/api/info/" for call in stage.town.calls) == 2

    def test_an_answer_that_names_us_is_one_post(self, stage: RedditStage) -> None:
        ours = stage.native("Hej! Vad kan vi göra?", stage.customer("Hallå"))
        own = stage.town.submit("tallkotte", "Vi har öppet i jul")
        sent = {stage.customer("@tallkotte Paketet är borta", ours), stage.customer("Bra!", own)}
        (page,) = stage.channel.fetch("mentions", None, OVERLAP)
        assert [post.external_id for post in page.posts] == sorted(sent)
        assert all(post.addressed for post in page.posts)

    def test_the_brands_own_subreddits_are_read_together(self, stage: RedditStage) -> None:
        asked, told = (
            stage.town.submit("maja", title, "Sedan i tisdags.", subreddit)
            for title, subreddit in (("Var är lådan?", "tallkotte"), ("Fel", "tallkottehjalp"))
        )
        answers = {stage.customer("Samma här", asked), stage.customer("u/tallkotte hör ni?", told)}
        stage.customer("Inget om er")
        followers, _checkpoint = read(stage.channel, "followers")
        assert [post.external_id for post in followers] == [asked, told]
        assert followers[0].text == "Var är lådan?\n\nSedan i tisdags."
        assert followers[0].conversation == asked
        assert followers[0].url == f"https://www.reddit.com{stage.town.things[asked].path}"
        comments, _checkpoint = read(stage.channel, "comments")
        assert {post.external_id for post in comments} == answers
        assert [post.addressed for post in comments] == [False, True]

    def test_a_search_finds_submissions_by_any_word(self, stage: RedditStage) -> None:
        found = stage.town.submit("maja", "talkotte igen", "Kaffe & <bulle>")
        stage.customer("tallkotte i en kommentar")
        (post,), _checkpoint = read(stage.channel, "search")
        assert post.external_id == found
        assert post.text == "talkotte igen\n\nKaffe & <bulle>"
        assert not post.addressed
        asked = stage.town.calls[-1].query
        assert asked["q"] == '"u/tallkotte" OR "tallkotte" OR "talkotte"'
        assert asked["sort"] == "new"

    def test_who_names_us_in_a_submission_is_found_by_search(self, stage: RedditStage) -> None:
        sent = stage.town.submit("maja", "Sju veckor", "Hallå /u/Tallkotte, eller u/tallkotteskog?")
        stage.town.submit("maja", "Granbarr", "Från u/tallkotteskog")
        stage.town.things[sent].edited = 1_800_000_000
        found = {post.external_id: post for post in read(stage.channel, "search")[0]}
        assert found[sent].addressed
        assert found[sent].edited_at == 1_800_000_000 * SECOND
        assert [post.addressed for post in found.values()].count(True) == 1

    def test_many_words_are_several_searches(self, stage: RedditStage) -> None:
        words = [f"tallkotte{number}" for number in range(100)]
        last = stage.town.submit("maja", "Köpte en tallkotte99")
        channel = RedditChannel(ACCOUNT, KEYS, words, base=stage.address)
        assert last in {post.external_id for post in read(channel, "search")[0]}
        queries = [call.query["q"] for call in stage.town.calls if "q" in call.query]
        assert all(len(query) <= 512 for query in queries)
        assert sum(query.count('"') for query in queries) == 202

    def test_a_search_reaches_less_far(self, stage: RedditStage) -> None:
        for number in range(8):
            stage.town.submit("maja", f"tallkotte {number}")
        stage.town.reach = stage.channel.search_reach = 4
        checkpoint = str(now() - 5 * MINUTE)
        (page,) = stage.channel.fetch("search", checkpoint, OVERLAP)
        assert page.gap is not None
        assert page.gap.since == int(checkpoint)
        assert page.gap.until == page.posts[0].posted_at

    def test_a_short_listing_is_no_gap(self, stage: RedditStage) -> None:
        _posts, checkpoint = read(stage.channel, "mentions")
        for number in range(120):
            stage.customer(f"@tallkotte {number}")
        pages = list(stage.channel.fetch("mentions", checkpoint, 0))
        assert [page.gap for page in pages] == [None, None]
        assert pages[0].checkpoint is None
        newest = max(post.posted_at for page in pages for post in page.posts)
        assert pages[-1].checkpoint == str(newest)

    def test_a_listing_that_lost_its_place_is_a_gap(self, stage: RedditStage) -> None:
        _posts, checkpoint = read(stage.channel, "mentions")
        for number in range(150):
            stage.customer(f"@tallkotte {number}")
        pages = stage.channel.fetch("mentions", checkpoint, 0)
        anchor = next(pages).posts[0]
        del stage.town.things[anchor.external_id]
        (last,) = pages
        assert last.gap is not None
        assert last.gap.until == anchor.posted_at

    def test_one_odd_item_costs_nothing_else(self, stage: RedditStage) -> None:
        odd: list[Any] = [
            None,
            {"kind": "t1", "data": {"name": "t1_x"}},
            {"kind": "t4", "data": {}},
        ]
        stage.town.odd = odd
        sent = stage.customer("@tallkotte Hej")
        (page,) = stage.channel.fetch("mentions", None, OVERLAP)
        assert [post.external_id for post in page.posts] == [sent]
        assert page.rejected == 9

    @pytest.mark.parametrize("kind", ["error page", "cut", "too many", "forbidden"])
    def test_a_broken_answer_is_said_and_asked_once(self, stage: RedditStage, kind: str) -> None:
        stage.fail("list", kind)
        with pytest.raises(Unavailable):
            read(stage.channel, "mentions")
        assert [call.path for call in stage.town.calls[1:]] == ["/message/mentions"]

    def test_a_used_up_window_is_not_slept_through(
        self, stage: RedditStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail(f"slept {seconds}"))
        stage.town.headers = dict(_window(remaining=21, reset=300))
        read(stage.channel, "own")
        stage.town.headers = dict(_window(remaining=20, reset=300))
        read(stage.channel, "comments")
        made = len(stage.town.calls)
        with pytest.raises(RateLimited) as error:
            read(stage.channel, "mentions")
        assert 290 < error.value.retry_after <= 300
        assert len(stage.town.calls) == made
        assert stage.channel.reply(outgoing(stage.thread))

    def test_a_token_is_renewed_before_it_ends(self, stage: RedditStage) -> None:
        read(stage.channel, "comments")
        read(stage.channel, "comments")
        assert stage.town.signed_in == 1
        stage.town.lasts = 50
        channel = RedditChannel(ACCOUNT, KEYS, base=stage.address)
        read(channel, "own")
        assert stage.town.signed_in == 3

    @pytest.mark.parametrize("name", ["password", "client_secret"])
    def test_wrong_keys_are_said_without_the_keys(self, stage: RedditStage, name: str) -> None:
        wrong = RedditChannel(ACCOUNT, {**KEYS, name: "mosslava"}, base=stage.address)
        with pytest.raises(SignedOut) as error:
            wrong.reply(outgoing(stage.thread))
        assert "mosslava" not in str(error.value)
        with pytest.raises(SignedOut):
            wrong.recall([stage.thread])
        stage.fail("sign in", "bare 400")
        with pytest.raises(SignedOut):
            stage.channel.look_up(outgoing(stage.thread))

    def test_keys_and_words_reach_no_log(
        self, stage: RedditStage, caplog: pytest.LogCaptureFixture
    ) -> None:
        for name in ("", *logging.root.manager.loggerDict):
            caplog.set_level(logging.DEBUG, name)
        # Made only now: pytest listens at every logger that was silent before the test.
        channel = RedditChannel(ACCOUNT, KEYS, base=stage.address)
        to = stage.customer("@tallkotte Hej")
        channel.reply(outgoing(to))
        stage.fail("reply", "published, then 503")
        with pytest.raises(Uncertain):
            channel.reply(outgoing(to))
        read(channel, "mentions")
        logging.getLogger("gensvar").debug("the log is open")
        secrets = [KEYS["client_secret"], KEYS["password"], "sesam", "ledsna", "Hej"]
        assert "the log is open" in caplog.text
        assert not [secret for secret in secrets if secret in caplog.text]

    def test_it_says_who_it_is(self, stage: RedditStage) -> None:
        read(stage.channel, "own")
        agents = {call.headers["User-Agent"] for call in stage.town.calls}
        assert all(":gensvar:" in agent and "(by /u/tallkotte)" in agent for agent in agents)

    def test_feeds_that_are_not_there_are_unsupported(self, stage: RedditStage) -> None:
        channel = RedditChannel(ACCOUNT, KEYS, base=stage.address)
        assert channel.feeds == ("mentions", "own")
        for feed in ("search", "comments", "followers", "likes"):
            with pytest.raises(Unsupported):
                list(channel.fetch(feed, None, OVERLAP))
        assert stage.channel.feeds == ("mentions", "search", "comments", "followers", "own")

    def test_what_is_older_than_a_week_is_left_at_first(self, stage: RedditStage) -> None:
        old, new = stage.customer("@tallkotte förr"), stage.customer("@tallkotte nu")
        stage.town.things[old].created -= 8 * 24 * 3600
        posts, checkpoint = read(stage.channel, "mentions")
        assert [post.external_id for post in posts] == [new]
        assert int(checkpoint) == stage.town.things[new].created * SECOND


def _window(remaining: int, reset: int) -> Iterator[tuple[str, str]]:
    yield "x-ratelimit-remaining", f"{remaining}.0"
    yield "x-ratelimit-used", str(600 - remaining)
    yield "x-ratelimit-reset", str(reset)
