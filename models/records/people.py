"""Customers and ourselves: identities on networks, the person behind them, our own accounts."""

from collections.abc import Collection, Sequence

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel, col, select

from models.post import Author
from models.records.events import LISTENER, record
from models.records.tables import Account, Identity, Person
from models.settings import AccountEntry


def insert_new(session: Session, table: type[SQLModel], **values: object) -> int | None:
    """Insert a row unless a unique law says it is there already; its (first) key, or None."""
    build = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    key = inspect(table).primary_key[0]
    statement = build(table).values(**values).on_conflict_do_nothing().returning(key)
    return session.connection().execute(statement).scalar_one_or_none()


def identify(session: Session, channel: str, author: Author) -> Identity:
    """The identity of an author, with a person of its own if it is new; a new handle is kept."""
    where = (Identity.channel == channel, Identity.external_id == author.external_id)
    identity = session.exec(select(Identity).where(*where)).first()
    if identity is None:
        _create(session, channel, author)
        identity = session.exec(select(Identity).where(*where)).one()
    renamed = (identity.handle, identity.name) != (author.handle, author.name)
    if renamed and session.get_one(Person, identity.person_id).erased_at is None:
        identity.handle, identity.name = author.handle, author.name
        session.add(identity)
    return identity


def _create(session: Session, channel: str, author: Author) -> None:
    person = Person()
    session.add(person)
    session.flush()
    made = insert_new(
        session,
        Identity,
        person_id=person.id,
        channel=channel,
        external_id=author.external_id,
        handle=author.handle,
        name=author.name,
    )
    if made is None:  # another listener met the same author in the same moment
        session.delete(person)


def stop(session: Session, channel: str, external_id: str, at: int) -> None:
    """They asked us at that instant to stop: of what follows, only what is addressed to us is
    taken in."""
    where = (Identity.channel == channel, Identity.external_id == external_id)
    identity = session.exec(select(Identity).where(*where)).one()
    if identity.stopped_at is None and identity.id is not None:
        identity.stopped_at = at
        session.add(identity)
        record(session, at, LISTENER, "identity", identity.id, "asked us to stop")


def who_stopped(session: Session, channel: str, authors: Collection[str]) -> dict[str, int]:
    """Those of these external ids who asked us to stop, and when."""
    found = select(Identity.external_id, Identity.stopped_at).where(
        Identity.channel == channel,
        col(Identity.external_id).in_(authors),
        col(Identity.stopped_at).is_not(None),
    )
    return {external_id: at or 0 for external_id, at in session.exec(found)}


def own_account(session: Session, channel: str, author: Author) -> int:
    """The id of our own account on a network, made with default settings if it is not known."""
    where = (Account.channel == channel, Account.external_id == author.external_id)
    found = session.exec(select(Account.id).where(*where)).first()
    if found is None:
        values = {"handle": author.handle, "name": author.name, "calendar": "default"}
        insert_new(
            session,
            Account,
            channel=channel,
            external_id=author.external_id,
            signature="",
            **values,
        )
        found = session.exec(select(Account.id).where(*where)).one()
    assert found is not None
    return found


def our_name(session: Session) -> str:
    """What the first of our accounts is called, one on a real network before the sandbox's;
    empty where there is none."""
    named = col(Account.name).is_not(None)
    order = (col(Account.channel) == "sandbox", col(Account.id))
    found = session.exec(select(Account.name).where(named).order_by(*order).limit(1)).first()
    return found or ""


def apply_entries(session: Session, entries: Sequence[AccountEntry]) -> None:
    """Bring the accounts in line with config.toml."""
    for entry in entries:
        author = Author(entry.external_id or entry.handle, entry.handle, entry.name)
        account = session.get_one(Account, own_account(session, entry.channel, author))
        account.sqlmodel_update(entry.model_dump(exclude={"external_id", "channel"}))
        session.add(account)
