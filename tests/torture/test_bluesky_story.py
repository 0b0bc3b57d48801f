"""The whole story on Bluesky's own servers: heard, answered, followed up, cut off, edited, deleted.

After every step the ledger is what it should be and the audit finds nothing; at the end the
servers' own data are the witness: every reply once, every post to us a mention once.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import col, select, update

from listener.channels.bluesky import BlueskyChannel
from listener.collect import collect
from listener.deliver import Delivered, deliver
from listener.worker import Worker
from models.answer import Answer
from models.instant import HOUR
from models.post import Author
from models.records import desk, ledger
from models.records.audit import audit
from models.records.store import Store
from models.records.tables import Mention, Reply
from models.settings import AccountEntry, Brand, Listening, Outbox, Settings
from tests.torture.bluesky_network import PASSWORD, Network, Person, open_network
from tests.torture.cutting import ANSWER, REQUEST, Wire, open_wire

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
SORRY = "Vi är ledsna och söker paketet nu. /Anna"


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with open_network() as opened:
        yield opened


@pytest.fixture
def wire(network: Network) -> Iterator[Wire]:
    with open_wire(network.pds, b"POST /xrpc/com.atproto.repo.putRecord") as hung:
        yield hung


@dataclass
class House:
    """The brand with its desk, behind a wire that may break."""

    worker: Worker
    brand: Person
    wire: Wire

    def listen(self) -> None:
        """One look at everything."""
        time.sleep(0.05)
        assert [heard.error for heard in collect(self.worker) if heard.error] == []

    def answer(self, external_id: str, words: str = SORRY) -> None:
        """As staff write it at the desk."""
        with self.worker.store.write() as session:
            found = session.exec(select(Mention).where(Mention.external_id == external_id)).one()
            words = f"{words} {external_id[-4:]}"
            queued = Answer.by("Anna", words)
            store = self.worker.store
            desk.reply(session, found.id or 0, queued, store.now(), 0, self.worker.can_send())

    def send(self) -> Delivered:
        """One pass over the outbox."""
        return deliver(self.worker)

    def settle(self) -> None:
        """Until no reply is in doubt any more."""
        for _pass in range(40):
            self.send()
            with self.worker.store.read() as session:
                if set(session.exec(select(Reply.state))) <= {"sent", "failed"}:
                    return
            time.sleep(0.05)

    def ledger(self) -> dict[str, tuple[str, str | None]]:
        """State and proof of every mention; the audit finds nothing."""
        with self.worker.store.read() as session:
            assert audit(session, self.worker.store.now(), HOUR).violations == []
            entries = ledger.entries(session, self.worker.store.now(), None)
            return {entry.external_id: (entry.state, entry.how) for entry in entries}

    def an_hour_later(self) -> None:
        """What waits is looked at again."""
        with self.worker.store.write() as session:
            earlier = {"received_at": col(Mention.received_at) - HOUR, "look_at": 0}
            session.connection().execute(update(Mention).values(**earlier))


@pytest.fixture
def house(store: Store, network: Network, wire: Wire) -> House:
    brand = network.person("tallkotte")
    entry = AccountEntry(channel="bluesky", handle=brand.handle, external_id=brand.did)
    settings = Settings(
        brand=Brand(name="Tallkotte", handle=brand.handle),
        listen=Listening(every_seconds=0.001),
        outbox=Outbox(undo_seconds=0),
        account=[entry],
    )
    account, keys = Author(brand.did, brand.handle, "Tallkotte"), {"app_password": PASSWORD}
    channel = BlueskyChannel(account, keys, service=wire.address)
    channel.look_waits = (0.3, 0.3)
    return House(Worker(store, settings, {"bluesky": channel}), brand, wire)


def test_heard_answered_followed_up_and_joined(house: House, network: Network) -> None:
    brand, britta, ola = house.brand, network.person("britta"), network.person("ola")
    first = britta.post(f"@{brand.handle} Åh nej, paketet är borta! 📦", names=brand)
    house.listen()
    assert house.ledger() == {first: ("open", None)}

    house.answer(first)
    assert house.send().sent == 1
    assert house.ledger() == {first: ("answered", "reply")}
    (ours,) = brand.posts()
    house.listen()  # our own post comes back and is the receipt
    assert house.ledger() == {first: ("answered", "reply")}

    more = britta.post("Tack, men jag väntar redan sju veckor", ours["uri"])
    aside = ola.post("Samma här, har ni hittat något?", first)
    house.listen()
    assert house.ledger() == {
        first: ("answered", "reply"),
        more: ("open", None),
        aside: ("open", None),
    }
    with house.worker.store.read() as session:
        found = session.exec(select(Mention)).all()
    assert len({mention.conversation_id for mention in found}) == 1
    assert {m.external_id: m.addressed for m in found} == {first: True, more: True, aside: False}

    phone = brand.post("Hej Ola, vi skriver till dig i dag. /Per", aside)
    house.listen()
    assert house.ledger()[aside] == ("answered", "native")
    assert house.ledger()[more] == ("open", None)

    house.answer(more)
    assert house.send().sent == 1
    house.listen()
    assert set(house.ledger().values()) == {("answered", "reply"), ("answered", "native")}
    assert len(brand.posts()) == 3
    assert phone in {post["uri"] for post in brand.posts()}


@pytest.mark.parametrize("lost", [REQUEST, ANSWER])
def test_cut_off_while_answering_is_one_post(house: House, network: Network, lost: str) -> None:
    britta = network.person("britta")
    asked = britta.post(f"@{house.brand.handle} Var är paketet?", names=house.brand)
    house.listen()
    house.answer(asked)
    house.wire.cut = lost
    assert house.send().unknown == 1
    assert house.wire.cuts == 1
    assert house.ledger() == {asked: ("replying", None)}
    assert len(house.brand.answers_to(asked)) == (lost == ANSWER)
    if lost == ANSWER:
        britta.edit(asked, f"@{house.brand.handle} Var är paketet?! Rättat")
    house.settle()
    assert house.ledger() == {asked: ("answered", "reply")}
    house.listen()
    house.settle()
    assert house.ledger() == {asked: ("answered", "reply")}
    assert len(house.brand.answers_to(asked)) == len(house.brand.posts()) == 1


def test_cut_off_again_and_again_is_one_post_in_the_end(house: House, network: Network) -> None:
    asked = network.person("britta").post(f"@{house.brand.handle} Hallå?", names=house.brand)
    house.listen()
    house.answer(asked)
    for _time in range(3):
        house.wire.cut = REQUEST
        for _pass in range(40):
            house.send()
            if house.wire.cut is None:
                break
            time.sleep(0.05)
        assert house.ledger() == {asked: ("replying", None)}
    house.wire.cut = ANSWER
    house.settle()
    assert house.wire.cuts == 4
    assert house.ledger() == {asked: ("answered", "reply")}
    assert len(house.brand.answers_to(asked)) == 1


def test_edited_and_deleted_posts_are_seen(house: House, network: Network) -> None:
    brand, britta = house.brand, network.person("britta")
    edited, deleted, kept = (
        britta.post(f"@{brand.handle} nummer {word}", names=brand) for word in ("ett", "två", "tre")
    )
    leaving = network.person("ola")
    left = leaving.post(f"@{brand.handle} hej då", names=brand)
    house.listen()
    britta.edit(edited, f"@{brand.handle} nummer ett, rättat")
    britta.delete(deleted)
    leaving.leave()
    house.an_hour_later()
    house.listen()
    assert house.ledger() == {
        edited: ("open", None),
        deleted: ("gone", None),
        kept: ("open", None),
        left: ("gone", None),
    }
    with house.worker.store.read() as session:
        texts = dict(session.exec(select(Mention.external_id, Mention.text)).all())
    assert texts[edited] == f"@{brand.handle} nummer ett, rättat"
    assert texts[deleted] is texts[left] is None


def test_whoever_blocks_us_is_not_answered(house: House, network: Network) -> None:
    britta = network.person("britta")
    asked = britta.post(f"@{house.brand.handle} Hej", names=house.brand)
    house.listen()
    house.answer(asked)
    britta.block(house.brand)
    time.sleep(1)
    assert house.send().failed == 1
    assert house.ledger() == {asked: ("open", None)}
    assert house.brand.posts() == []


def test_what_many_wrote_at_once_is_heard_once_and_answered_once(
    house: House, network: Network
) -> None:
    brand, people = house.brand, [network.person("kund") for _number in range(3)]
    sent = [
        person.post(f"@{brand.handle} fråga {number}", names=brand, shown=False)
        for number in range(40)
        for person in people
    ]
    deadline = time.monotonic() + 30
    while len(house.ledger()) < len(sent) and time.monotonic() < deadline:
        house.listen()
    assert set(house.ledger()) == set(sent)
    for number, asked in enumerate(sent[:30]):
        house.answer(asked)
        house.wire.cut = (REQUEST, ANSWER, None)[number % 3]
        house.send()
    house.wire.cut = None
    house.settle()
    house.listen()
    states = house.ledger()
    assert [states[asked] for asked in sent[:30]] == [("answered", "reply")] * 30
    assert house.wire.cuts >= 15
    assert all(len(brand.answers_to(asked)) == (asked in sent[:30]) for asked in sent[:40])
    assert len(brand.posts()) == 30
