"""The whole way over HTTP: heard, answered, lost on the way, found, proven; never doubled."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlmodel import Session, col, select, update

from listener.channels.x_posts import snowflake
from listener.collect import collect
from listener.deliver import deliver
from listener.worker import Worker
from models.answer import Answer
from models.errors import Refused
from models.instant import DAY, HOUR, now
from models.records import desk
from models.records.audit import audit
from models.records.store import Store
from models.records.tables import Mention, Reply, Source
from models.settings import Settings
from tests.contract.bluesky_town import BlueskyTown
from tests.contract.mastodon_town import MastodonTown
from tests.contract.reddit_town import RedditTown
from tests.contract.test_bluesky import BlueskyStage
from tests.contract.test_mastodon import MastodonStage
from tests.contract.test_reddit import RedditStage
from tests.contract.test_x import XStage
from tests.contract.town import Town, open_town
from tests.contract.x_town import XTown

Staged = XStage | RedditStage | BlueskyStage | MastodonStage
MADE: dict[str, tuple[type[Town], type[Staged]]] = {
    "x": (XTown, XStage),
    "reddit": (RedditTown, RedditStage),
    "bluesky": (BlueskyTown, BlueskyStage),
    "mastodon": (MastodonTown, MastodonStage),
}


@contextmanager
def staged(network: str) -> Iterator[Staged]:
    """A network with its server, whose waits are short."""
    a_town, a_stage = MADE[network]
    town = a_town()
    with open_town(town) as address:
        stage = a_stage(town, address)  # type: ignore[arg-type]
        stage.channel.look_waits = (0.02, 0.02, 0.02)
        if stage.channel.meter:
            stage.channel.meter.daily_cap = 10**12
        yield stage


@pytest.fixture(params=[*MADE])
def stage(request: pytest.FixtureRequest) -> Iterator[Staged]:
    with staged(request.param) as found:
        yield found


@pytest.fixture
def worker(store: Store, settings: Settings, stage: Staged) -> Worker:
    return Worker(store, settings, {stage.channel.name: stage.channel})


@pytest.fixture
def x_stage() -> Iterator[Staged]:
    with staged("x") as found:
        yield found


@pytest.fixture(params=[True, False], ids=["keys kept", "keys ignored"])
def mastodon(request: pytest.FixtureRequest) -> Iterator[MastodonStage]:
    """Servers of both kinds: those that know a key again, and those that do not."""
    town = MastodonTown()
    town.keeps_keys = request.param
    with open_town(town) as address:
        stage = MastodonStage(town, address)
        stage.channel.look_waits = (0.02, 0.02, 0.02)
        yield stage


@pytest.fixture
def mastodon_worker(store: Store, settings: Settings, mastodon: MastodonStage) -> Worker:
    return Worker(store, settings, {"mastodon": mastodon.channel})


@pytest.fixture
def x_worker(store: Store, settings: Settings, x_stage: XStage) -> Worker:
    return Worker(store, settings, {"x": x_stage.channel})


def listen(worker: Worker) -> None:
    time.sleep(0.01)
    assert [heard.error for heard in collect(worker) if heard.error] == []


def answer(worker: Worker, external_id: str) -> None:
    """What staff write at the desk."""
    with worker.store.write() as session:
        found = session.exec(select(Mention).where(Mention.external_id == external_id)).one()
        words = Answer.by("Anna", f"Jag beklagar, vi söker det nu. {external_id[-4:]} /Anna")
        desk.reply(session, found.id or 0, words, worker.store.now(), 0, worker.can_send())


def settle(worker: Worker) -> None:
    for _pass in range(8):
        deliver(worker)
        time.sleep(0.03)


def states(worker: Worker) -> tuple[str, str]:
    with worker.store.read() as session:
        assert audit(session, worker.store.now(), HOUR).violations == []
        return session.exec(select(Reply.state)).one(), session.exec(select(Mention.state)).one()


def test_heard_answered_and_proven(worker: Worker, stage: Staged) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    assert deliver(worker).sent == 1
    assert states(worker) == ("sent", "answered")
    listen(worker)  # our own post comes back and is the receipt
    assert states(worker) == ("sent", "answered")
    assert len(stage.published(sent)) == 1


@pytest.mark.parametrize("kind", ["published, then 503", "lost answer"])
def test_published_and_then_lost_is_found(worker: Worker, stage: Staged, kind: str) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    stage.fail("reply", kind)
    assert deliver(worker).unknown == 1
    settle(worker)
    assert states(worker) == ("sent", "answered")
    assert len(stage.published(sent)) == 1


@pytest.mark.parametrize("kind", ["error page", "cut"])
def test_never_taken_is_sent_once_more_with_the_same_words(
    x_worker: Worker, x_stage: XStage, kind: str
) -> None:
    sent = x_stage.customer("@tallkotte Var är paketet?")
    listen(x_worker)
    answer(x_worker, sent)
    x_stage.fail("reply", kind)
    assert deliver(x_worker).unknown == 1
    settle(x_worker)
    assert states(x_worker) == ("sent", "answered")
    assert len(x_stage.published(sent)) == 1


def test_lost_twice_is_left_to_a_person(x_worker: Worker, x_stage: XStage) -> None:
    sent = x_stage.customer("@tallkotte Var är paketet?")
    listen(x_worker)
    answer(x_worker, sent)
    x_stage.fail("reply", "cut")
    x_stage.fail("reply", "cut")
    settle(x_worker)
    assert states(x_worker) == ("unknown", "replying")
    assert x_stage.published(sent) == []


@pytest.mark.parametrize("kind", ["signed out", "refuse", "rate limit"])
def test_what_is_not_taken_is_held_and_not_failed(worker: Worker, stage: Staged, kind: str) -> None:
    sent = stage.customer("@tallkotte Var är paketet?")
    listen(worker)
    answer(worker, sent)
    stage.fail("reply", kind)
    assert deliver(worker).held == 1
    assert states(worker) == ("queued", "replying")
    assert stage.published(sent) == []


def test_who_has_not_named_us_cannot_be_answered_from_here(
    x_worker: Worker, x_stage: XStage
) -> None:
    sent = x_stage.customer("tallkotte svarar aldrig")
    listen(x_worker)
    with pytest.raises(Refused, match="who has not named us"):
        answer(x_worker, sent)
    x_stage.native("Vi svarar nu!", sent)
    listen(x_worker)
    with x_worker.store.read() as session:
        found = session.exec(select(Mention)).one()
    assert found.state == "answered"


class Crash(BaseException):
    """The process dies."""


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[list[int]]:
    """The process dies before its `at`th write is committed; the list holds what is left."""
    left, write = [at], Store.write

    @contextmanager
    def writing(self: Store) -> Iterator[Session]:
        with write(self) as session:
            yield session
            left[0] -= 1
            if left[0] == 0:
                raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", writing)
        yield left


def much_later(worker: Worker) -> Worker:
    """Another process, when every lease of the dead one has run out."""
    with worker.store.write() as session:
        session.connection().execute(update(Source).values(lease_until=0, next_at=0))
        was_sending = col(Reply.lease_until).is_not(None)
        session.connection().execute(update(Reply).where(was_sending).values(lease_until=0))
    return Worker(worker.store, worker.settings, worker.channels)


def test_a_crash_before_any_commit_of_listening_loses_nothing(
    worker: Worker, stage: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {stage.customer(f"@tallkotte nummer {number}") for number in range(120)}
    deaths = 0
    for at in range(1, 40):
        sent.add(stage.customer(f"@tallkotte ännu en, {at}"))
        with dying(monkeypatch, at) as left:
            try:
                collect(worker)
            except Crash:
                deaths += 1
        worker = much_later(worker)
        if left[0] > 0:
            break
    listen(worker)
    assert deaths > 5
    with worker.store.read() as session:
        assert audit(session, worker.store.now(), HOUR).violations == []
        heard = list(session.exec(select(Mention.external_id)))
    assert sorted(heard) == sorted(sent)


def test_a_crash_before_any_commit_of_sending_doubles_nothing(
    worker: Worker, stage: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(1, 20):
        sent = stage.customer(f"@tallkotte Var är paketet? {at}")
        worker = much_later(worker)
        listen(worker)
        answer(worker, sent)
        with dying(monkeypatch, at) as left, suppress(Crash):
            deliver(worker)
        worker = much_later(worker)
        settle(worker)
        worker = much_later(worker)
        listen(worker)
        assert len(stage.published(sent)) == 1, at
        if left[0] > 0:
            break
    assert at > 2
    with worker.store.read() as session:
        assert audit(session, worker.store.now(), HOUR).violations == []
        assert set(session.exec(select(Reply.state))) == {"sent"}
        assert set(session.exec(select(Mention.state))) == {"answered"}


def left_two_days_ago(worker: Worker, last: str) -> None:
    """Nobody has listened since; `last` was heard then."""
    with worker.store.write() as session:
        for source in session.exec(select(Source).where(col(Source.checkpoint).is_not(None))):
            if source.feed != "recheck":
                ago = now() - 2 * DAY
                _instant, space, anchor = (source.checkpoint or "").partition(" ")
                left = {"x": snowflake(ago), "bluesky": f"{ago} {last}"}
                source.checkpoint = left.get(source.channel, f"{ago}{space}{anchor}")
                source.next_at = 0
                session.add(source)


def test_two_days_off_are_caught_up(worker: Worker, stage: Staged) -> None:
    listen(worker)
    sent = {stage.customer(f"@tallkotte nummer {number}") for number in range(230)}
    left_two_days_ago(worker, min(sent))
    listen(worker)
    with worker.store.read() as session:
        assert set(session.exec(select(Mention.external_id))) == sent
        assert "gap" not in [a["kind"] for a in audit(session, worker.store.now(), HOUR).alarms]


def test_what_two_days_off_have_lost_is_an_alarm(worker: Worker, stage: Staged) -> None:
    stage.customer("@tallkotte nummer noll")
    listen(worker)
    sent = [stage.customer(f"@tallkotte nummer {number}") for number in range(230)]
    left_two_days_ago(worker, sent[0])
    stage.forget(100)
    listen(worker)
    with worker.store.read() as session:
        assert "gap" in [alarm["kind"] for alarm in audit(session, now(), HOUR).alarms]


@pytest.mark.parametrize(
    "kind", ["published, then 503", "published, then garbled", "lost answer", "error page", "cut"]
)
def test_mastodon_has_one_post_whatever_became_of_the_answer(
    mastodon_worker: Worker, mastodon: MastodonStage, kind: str
) -> None:
    sent = mastodon.customer("@tallkotte Var är paketet?")
    listen(mastodon_worker)
    answer(mastodon_worker, sent)
    mastodon.fail("reply", kind)
    assert deliver(mastodon_worker).unknown == 1
    settle(mastodon_worker)
    listen(mastodon_worker)
    assert states(mastodon_worker) == ("sent", "answered")
    assert len(mastodon.published(sent)) == 1


def test_what_has_waited_for_an_hour_is_not_sent_again(
    mastodon_worker: Worker, mastodon: MastodonStage
) -> None:
    sent = mastodon.customer("@tallkotte Var är paketet?")
    listen(mastodon_worker)
    answer(mastodon_worker, sent)
    mastodon.fail("reply", "cut")
    deliver(mastodon_worker)
    with mastodon_worker.store.write() as session:
        session.connection().execute(update(Reply).values(created_at=Reply.created_at - HOUR))
    settle(mastodon_worker)
    assert states(mastodon_worker) == ("unknown", "replying")
    assert mastodon.published(sent) == []


def test_a_direct_message_is_answered_directly_on_the_whole_way(
    mastodon_worker: Worker, mastodon: MastodonStage
) -> None:
    sent = mastodon.town.write("900", "@tallkotte Mitt kortnummer är", visibility="direct")
    listen(mastodon_worker)
    with mastodon_worker.store.read() as session:
        assert session.exec(select(Mention)).one().flags == ["private"]
    answer(mastodon_worker, sent)
    assert deliver(mastodon_worker).sent == 1
    listen(mastodon_worker)
    assert states(mastodon_worker) == ("sent", "answered")
    seen = {one.visibility for one in mastodon.town.statuses.values()}
    assert seen == {"direct"}
