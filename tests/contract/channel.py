"""One suite that every channel must pass; each network brings a stage on which it is played.

The suite speaks only the words of the channel's base class. A stage is the other side: what
customers and the network itself do.
"""

from collections.abc import Callable
from typing import Protocol

import pytest

from listener.channels.channel import Channel
from models.errors import ChannelError, RateLimited, Rejected, SignedOut, Unavailable, Uncertain
from models.instant import MINUTE, now
from models.post import Outgoing, Post

OVERLAP = 15 * MINUTE
WRITTEN = now() - MINUTE
"""When every reply here was written: an attempt differs from the one before in nothing."""


class Stage(Protocol):
    """The other side of a network."""

    channel: Channel

    def customer(self, text: str, to: str | None = None, *, late: bool = False) -> str:
        """A customer writes to us; the post's id. `late`: listed after its successors."""
        ...

    def native(self, text: str, to: str) -> str:
        """We write with the network's own app."""
        ...

    def edit(self, external_id: str, text: str) -> None: ...

    def delete(self, external_id: str) -> None: ...

    def show_all(self) -> None:
        """Let everything that is listed late be listed now."""
        ...

    def fail(self, act: str, kind: str) -> None:
        """Let the next call fail: act reply, list, recall; kind as in the sandbox's FAULTS."""
        ...

    def forget(self, keep: int) -> None:
        """List only the newest `keep` posts from now on."""
        ...

    def published(self, to: str) -> list[str]:
        """The texts of our posts below a post, by the network's own records."""
        ...


def outgoing(to: str, body: str = "Vi är ledsna och söker paketet nu. /Anna") -> Outgoing:
    return Outgoing("tallkotte", to, body, "key-1", WRITTEN, 1)


def read(
    channel: Channel, feed: str, checkpoint: str | None = None, overlap: int = OVERLAP
) -> tuple[list[Post], str]:
    """Everything a feed lists since a checkpoint, and the next one."""
    posts = list[Post]()
    for page in channel.fetch(feed, checkpoint, overlap):
        posts += page.posts
        checkpoint = page.checkpoint or checkpoint
    assert checkpoint is not None
    return posts, checkpoint


class ChannelContract:
    """Subclass this and give a fixture `stage`."""

    def test_the_keys_are_those_of_our_account(self, stage: Stage) -> None:
        found = stage.channel.whoami()
        assert found.external_id == stage.channel.account.external_id
        assert found.handle == stage.channel.account.handle

    def test_a_mention_is_heard_with_all_we_need(self, stage: Stage) -> None:
        sent = stage.customer("@tallkotte Var är paketet?")
        posts, _checkpoint = read(stage.channel, "mentions")
        (post,) = [post for post in posts if post.external_id == sent]
        assert post.channel == stage.channel.name
        assert "Var är paketet?" in post.text
        assert post.author.external_id
        assert post.author.handle
        assert abs(post.posted_at - now()) < 5 * MINUTE
        assert post.conversation
        assert post.addressed
        assert not post.own

    def test_a_checkpoint_lists_only_what_is_new_or_within_the_overlap(self, stage: Stage) -> None:
        first = stage.customer("@tallkotte ett")
        _posts, checkpoint = read(stage.channel, "mentions")
        second = stage.customer("@tallkotte två")
        found = {post.external_id for post in read(stage.channel, "mentions", checkpoint)[0]}
        assert found == {first, second}
        stage.customer("@tallkotte tre")
        exact, _checkpoint = read(stage.channel, "mentions", checkpoint, overlap=0)
        assert second in {post.external_id for post in exact}
        assert len(exact) <= 3

    def test_more_than_a_page_is_read_to_the_end(self, stage: Stage) -> None:
        sent = {stage.customer(f"@tallkotte nummer {number}") for number in range(230)}
        posts, _checkpoint = read(stage.channel, "mentions")
        assert sent <= {post.external_id for post in posts}

    def test_a_page_that_is_not_the_last_of_newest_first_moves_no_checkpoint(
        self, stage: Stage
    ) -> None:
        for number in range(230):
            stage.customer(f"@tallkotte nummer {number}")
        pages = list(stage.channel.fetch("mentions", None, OVERLAP))
        assert pages[-1].checkpoint is not None
        resumed = pages[0].checkpoint
        rest = {post.external_id for page in pages[1:] for post in page.posts}
        again, _checkpoint = read(stage.channel, "mentions", resumed, overlap=0)
        assert rest <= {post.external_id for post in again}

    def test_a_post_listed_late_is_caught_by_the_overlap(self, stage: Stage) -> None:
        late = stage.customer("@tallkotte sent", late=True)
        stage.customer("@tallkotte i tid")
        posts, checkpoint = read(stage.channel, "mentions")
        assert late not in {post.external_id for post in posts}
        stage.show_all()
        posts, _checkpoint = read(stage.channel, "mentions", checkpoint)
        assert late in {post.external_id for post in posts}

    def test_what_the_network_no_longer_lists_is_a_gap(self, stage: Stage) -> None:
        stage.customer("@tallkotte ett")
        _posts, checkpoint = read(stage.channel, "mentions")
        for number in range(12):
            stage.customer(f"@tallkotte {number}")
        stage.forget(keep=5)
        gaps = [page.gap for page in stage.channel.fetch("mentions", checkpoint, 0) if page.gap]
        assert len(gaps) == 1
        assert gaps[0].since < gaps[0].until

    def test_answers_stay_in_their_thread(self, stage: Stage) -> None:
        first = stage.customer("@tallkotte Hej")
        ours = stage.native("Hej! Vad kan vi göra?", first)
        follow_up = stage.customer("@tallkotte Paketet är borta", to=ours)
        posts = {post.external_id: post for post in read(stage.channel, "mentions")[0]}
        own = {post.external_id: post for post in read(stage.channel, "own")[0]}
        assert posts[follow_up].in_reply_to == ours
        assert own[ours].in_reply_to == first
        assert own[ours].own
        threads = {posts[first].conversation, posts[follow_up].conversation, own[ours].conversation}
        assert len(threads) == 1

    def test_edits_and_deletions_are_seen_when_asked(self, stage: Stage) -> None:
        kept, edited, deleted = (stage.customer(f"@tallkotte {word}") for word in "abc")
        stage.edit(edited, "@tallkotte b, rättat")
        stage.delete(deleted)
        found = stage.channel.recall([kept, edited, deleted, "0000000000000000"])
        assert found[kept] is not None
        changed = found[edited]
        assert changed is not None
        assert "rättat" in changed.text
        assert changed.edited_at is not None
        assert found[deleted] is None
        assert "0000000000000000" not in found

    def test_a_reply_is_one_post_and_comes_back_as_our_own(self, stage: Stage) -> None:
        to = stage.customer("@tallkotte Var är paketet?")
        receipt = stage.channel.reply(outgoing(to))
        assert len(stage.published(to)) == 1
        own = {post.external_id: post for post in read(stage.channel, "own")[0]}
        assert own[receipt.external_id].in_reply_to == to
        assert receipt.url

    def test_a_look_finds_what_is_there_and_only_that(self, stage: Stage) -> None:
        to, other = stage.customer("@tallkotte ett"), stage.customer("@tallkotte två")
        assert stage.channel.look_up(outgoing(to)) is None
        receipt = stage.channel.reply(outgoing(to))
        found = stage.channel.look_up(outgoing(to))
        assert found is not None
        assert found.external_id == receipt.external_id
        assert stage.channel.look_up(outgoing(other)) is None
        assert stage.channel.look_up(outgoing(to, "Helt andra ord. /Anna")) is None

    @pytest.mark.parametrize(
        ("kind", "error"),
        [
            ("refuse", Unavailable),
            ("rate limit", RateLimited),
            ("signed out", SignedOut),
            ("reject", Rejected),
        ],
    )
    def test_a_refused_reply_published_nothing(
        self, stage: Stage, kind: str, error: type[ChannelError]
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", kind)
        with pytest.raises(error):
            stage.channel.reply(outgoing(to))
        assert stage.published(to) == []

    def test_a_lost_answer_is_uncertain_and_published_at_most_once(self, stage: Stage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", "lost answer")
        with pytest.raises(Uncertain):
            stage.channel.reply(outgoing(to))
        assert len(stage.published(to)) == 1
        assert stage.channel.look_up(outgoing(to)) is not None

    def test_a_reply_to_a_deleted_post_is_rejected(self, stage: Stage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.delete(to)
        with pytest.raises(Rejected):
            stage.channel.reply(outgoing(to))

    def test_a_reply_that_is_too_long_is_rejected(self, stage: Stage) -> None:
        to = stage.customer("@tallkotte Hej")
        with pytest.raises(Rejected):
            stage.channel.reply(outgoing(to, "x" * 20_000))
        assert stage.published(to) == []

    @pytest.mark.parametrize("act", ["list", "recall"])
    def test_a_failed_reading_is_said_and_the_next_one_works(self, stage: Stage, act: str) -> None:
        sent = stage.customer("@tallkotte Hej")
        calls: dict[str, Callable[[], object]] = {
            "list": lambda: read(stage.channel, "mentions"),
            "recall": lambda: stage.channel.recall([sent]),
        }
        stage.fail(act, "refuse")
        with pytest.raises(ChannelError):
            calls[act]()
        calls[act]()

    def test_a_look_that_fails_proves_no_absence(self, stage: Stage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("list", "refuse")
        with pytest.raises(ChannelError):
            stage.channel.look_up(outgoing(to))
