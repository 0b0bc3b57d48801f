"""X passes the contract: unmodified tweepy against a server in the shapes of its recordings."""

from collections.abc import Iterator

import pytest

from listener.channels.meter import Meter
from listener.channels.x import XChannel
from listener.channels.x_posts import snowflake
from models.errors import RateLimited, Rejected, Unavailable, Uncertain, Unsupported
from models.instant import DAY, MINUTE, now
from models.networks import ONLY_THERE
from models.post import Author
from models.settings import XPrices
from tests.contract.channel import OVERLAP, ChannelContract, outgoing, read
from tests.contract.town import open_town
from tests.contract.x_town import XTown

KEYS = {
    "consumer_key": "k",
    "consumer_secret": "s",
    "access_token": "700-t",
    "access_token_secret": "ts",
}


def a_meter(cap: float = 10) -> Meter:
    return Meter(XPrices().model_dump(), cap)


class XStage:
    """X, from its customers' side."""

    def __init__(self, town: XTown, address: str) -> None:
        self.town = town
        account = Author(town.me, town.handle, "Tallkotte")
        words = ["tallkotte", "talkotte"]
        self.channel = XChannel(account, KEYS, a_meter(), words, followers=50, base=address)

    def customer(self, text: str, to: str | None = None, *, late: bool = False) -> str:
        return self.town.write("900", text, to, listed=not late)

    def native(self, text: str, to: str) -> str:
        return self.town.write(self.town.me, text, to)

    def edit(self, external_id: str, text: str) -> None:
        self.town.edit(external_id, text)

    def delete(self, external_id: str) -> None:
        self.town.tweets[external_id].gone = "Not Found Error"

    def show_all(self) -> None:
        for tweet in self.town.tweets.values():
            tweet.listed = True

    def fail(self, act: str, kind: str) -> None:
        self.town.faults[act].append(kind)

    def forget(self, keep: int) -> None:
        self.town.reach = self.channel.reach = keep

    def published(self, to: str) -> list[str]:
        mine = [one for one in self.town.tweets.values() if one.author == self.town.me]
        return [one.text for one in mine if one.to == to]


@pytest.fixture
def stage() -> Iterator[XStage]:
    town = XTown()
    with open_town(town) as address:
        yield XStage(town, address)


class TestX(ChannelContract):
    """Everything the contract asks, and what only X does."""

    def test_a_second_attempt_that_is_doubled_is_looked_for(self, stage: XStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", "published, then 503")
        with pytest.raises(Uncertain):
            stage.channel.reply(outgoing(to))
        again = outgoing(to)
        again = type(again)(**{**{s: getattr(again, s) for s in again.__slots__}, "attempt": 2})
        with pytest.raises(Uncertain, match="there already"):
            stage.channel.reply(again)
        assert len(stage.published(to)) == 1
        assert stage.channel.look_up(again) is not None

    def test_who_has_not_named_us_is_answered_on_the_network(self, stage: XStage) -> None:
        stage.town.summoned = True
        named = stage.customer("@tallkotte Var är paketet?")
        about = stage.customer("tallkotte svarar aldrig")
        found = {post.external_id: post for post in read(stage.channel, "search")[0]}
        assert found[named].flags == ()
        assert found[named].addressed
        assert found[about].flags == (ONLY_THERE,)
        assert not found[about].addressed
        with pytest.raises(Rejected, match="not been mentioned"):
            stage.channel.reply(outgoing(about))

    def test_whoever_quotes_us_can_be_answered(self, stage: XStage) -> None:
        stage.town.summoned = True
        ours = stage.native("Vi har rea!", stage.customer("@tallkotte Hej"))
        quote = stage.town.write("900", "tallkotte, allvarligt?")
        stage.town.tweets[quote].quotes = ours
        other = stage.town.write("900", "tallkotte, jaha")
        stage.town.tweets[other].quotes = quote
        found = {post.external_id: post for post in read(stage.channel, "search")[0]}
        assert found[quote].flags == ()
        assert found[other].flags == (ONLY_THERE,)
        assert stage.channel.reply(outgoing(quote)).external_id

    def test_a_limit_without_a_time_is_waited_out_for_a_minute(self, stage: XStage) -> None:
        stage.fail("list", "rate limit without headers")
        with pytest.raises(RateLimited) as error:
            read(stage.channel, "mentions")
        assert error.value.retry_after == 60
        assert len(stage.town.calls) == 1

    @pytest.mark.parametrize("kind", ["error page", "cut"])
    def test_a_broken_answer_is_said_and_asked_once(self, stage: XStage, kind: str) -> None:
        stage.fail("list", kind)
        with pytest.raises(Unavailable):
            read(stage.channel, "mentions")
        assert len(stage.town.calls) == 1

    def test_nobody_there_means_nothing_was_sent(self, stage: XStage) -> None:
        account = Author("700", "tallkotte")
        nowhere = XChannel(account, KEYS, a_meter(), base="http://127.0.0.1:9")
        with pytest.raises(Unavailable):
            nowhere.reply(outgoing("1"))

    def test_whoever_was_suspended_is_gone(self, stage: XStage) -> None:
        sent = stage.customer("@tallkotte Hej")
        stage.town.tweets[sent].gone = "Authorization Error"
        assert stage.channel.recall([sent]) == {sent: None}

    def test_a_search_after_a_long_silence_says_what_is_lost(self, stage: XStage) -> None:
        checkpoint = snowflake(now() - 9 * DAY)
        (page,) = stage.channel.fetch("search", checkpoint, OVERLAP)
        assert page.gap is not None
        assert 2 * DAY - 3 * MINUTE < page.gap.until - page.gap.since < 3 * DAY

    def test_words_are_as_they_were_written(self, stage: XStage) -> None:
        sent = stage.customer("@tallkotte kaffe & <bulle>")
        posts, _checkpoint = read(stage.channel, "mentions")
        assert posts[0].external_id == sent
        assert posts[0].text == "@tallkotte kaffe & <bulle>"

    def test_without_words_nothing_is_searched(self, stage: XStage) -> None:
        channel = XChannel(Author("700", "tallkotte"), KEYS, a_meter())
        with pytest.raises(Unsupported):
            list(channel.fetch("search", None, OVERLAP))
        with pytest.raises(Unsupported):
            list(channel.fetch("comments", None, OVERLAP))

    def test_followers_are_listened_to_only_where_that_is_asked_for(self, stage: XStage) -> None:
        assert "followers" not in XChannel(Author("700", "tallkotte"), KEYS, a_meter()).feeds
        stage.town.users["901"] = "dagny"
        stage.town.followers = ["901"]
        stage.customer("@tallkotte hej")
        theirs = stage.town.write("901", "Regn igen i Umeå")
        posts, checkpoint = read(stage.channel, "followers")
        assert [post.external_id for post in posts] == [theirs]
        assert not posts[0].addressed
        read(stage.channel, "followers", checkpoint)
        asked = [call.path for call in stage.town.calls]
        assert sum(path.endswith("/followers") for path in asked) == 1  # each is paid for

    def test_more_followers_than_one_query_holds_are_all_heard(self, stage: XStage) -> None:
        for number in range(40):
            stage.town.users[str(1000 + number)] = f"foljare_nummer_{number}"
            stage.town.followers.append(str(1000 + number))
        sent = {stage.town.write(name, "Hej") for name in stage.town.followers}
        posts, _checkpoint = read(stage.channel, "followers")
        assert {post.external_id for post in posts} == sent
        assert all(len(call.query.get("query", "")) <= 512 for call in stage.town.calls)

    def test_nobody_follows_us_and_that_is_no_fault(self, stage: XStage) -> None:
        assert read(stage.channel, "followers")[0] == []

    def test_every_call_is_counted_at_its_price(self, stage: XStage) -> None:
        to = stage.customer("@tallkotte Hej")
        other = stage.town.write("900", "tallkotte svarar inte")
        meter = stage.channel.meter
        read(stage.channel, "mentions")
        assert meter.read_off().shown == {to: ("mentions", 1_000)}
        read(stage.channel, "search")
        stage.channel.recall([to, other])
        bill = meter.read_off()
        assert bill.costs(bill.shown) == {"search": 10_000}  # each of them once
        stage.channel.reply(outgoing(to))
        stage.channel.reply(outgoing(to, "Se https://tallkotte.example/hjalp /Anna"))
        assert meter.read_off().calls == {"replies": 210_000}
