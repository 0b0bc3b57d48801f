"""Whom one answers: what they wrote lately, what we owe them, over all their identities."""

import pytest
from sqlmodel import Session, select

from models.errors import NotFound
from models.instant import DAY, HOUR
from models.records import customer
from models.records.store import Store
from models.records.tables import Conversation, Identity, Mention, Person, Promise
from tests.world import START, mention, post, take


def owe(session: Session, of: Mention, due_at: int | None, done_at: int | None = None) -> None:
    who = session.get_one(Identity, of.identity_id)
    row = Promise(
        conversation_id=of.conversation_id,
        person_id=who.person_id,
        action="call",
        text="Vi ringer.",
        owner="Anna",
        due_at=due_at,
        made_at=START,
        state="kept" if done_at else "open",
        done_at=done_at,
        closed_at=done_at,
    )
    session.add(row)


def test_a_first_contact(store: Store) -> None:
    take(store, asked := post("britta", lang="sv"))
    with store.read() as session:
        found = customer.read(session, mention(store, asked).id or 0, START + HOUR)
    assert found == customer.Customer("sv", None, 1, None, 0, 0)


def test_conversations_of_thirty_days_count_and_words_in_one_do_not(store: Store) -> None:
    old = post("britta", at=START - 31 * DAY)
    before, asked = post("britta", at=START - 2 * DAY), post("britta")
    again = post("britta", to=asked.external_id, at=START + HOUR)
    take(store, old, before, asked, again, post("olle"))
    with store.read() as session:
        found = customer.read(session, mention(store, asked).id or 0, START + 2 * HOUR)
    assert (found.contacts, found.before_at) == (2, START - 2 * DAY)


def test_what_we_owe_and_what_is_broken(store: Store) -> None:
    take(store, asked := post("britta"), other := post("olle"))
    of = mention(store, asked)
    with store.write() as session:
        for due_at in (START + DAY, START - DAY, None):
            owe(session, of, due_at)
        owe(session, of, START - DAY, done_at=START)
        owe(session, mention(store, other), START - DAY)
    with store.read() as session:
        found = customer.read(session, of.id or 0, START)
    assert (found.owed, found.broken) == (3, 1)


def test_a_person_is_one_over_all_networks(store: Store) -> None:
    take(store, asked := post("britta"), elsewhere := post("britta_l", at=START - DAY))
    first, second = mention(store, asked), mention(store, elsewhere)
    with store.write() as session:
        who = session.get_one(Identity, first.identity_id)
        session.get_one(Identity, second.identity_id).person_id = who.person_id
        session.get_one(Person, who.person_id).preferred_name = "Britta"
    with store.read() as session:
        found = customer.read(session, first.id or 0, START)
        assert len(session.exec(select(Conversation)).all()) == 2
    assert (found.preferred_name, found.contacts) == ("Britta", 2)


def test_nobody(store: Store) -> None:
    with store.read() as session, pytest.raises(NotFound):
        customer.read(session, 7, START)
