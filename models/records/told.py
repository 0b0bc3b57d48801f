"""What other customers were told: replies that share words or a number with a draft, by index."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.instant import DAY
from models.records import threads
from models.records.kinds import LIVE, ReplyState
from models.records.tables import Identity, Mention, Person, Reply, ReplyKey
from models.reply_check import Names, Sent, copies, marks

_FOR = 7 * DAY
_LIKELY = 50
"""So many replies are compared for each thing that is looked up, the newest first."""


def keys(body: str, names: Names) -> tuple[int, ...]:
    """What this reply shares with those like it, and with those that carry the same numbers."""
    return (*copies.fingerprint(body, _called(names)), *marks.keys(body))


def sent(session: Session, mention: Mention, body: str, names: Names, at: int) -> tuple[Sent, ...]:
    """Likely copies, and whoever was told the same numbers.

    Each number is looked up by itself: what everybody is told does not crowd out the rest.
    """
    found = dict[int, Sent]()
    for wanted in (copies.lookups(body, _called(names)), *((key,) for key in marks.keys(body))):
        found |= _sharing(session, threads.person_of(session, mention), wanted, at)
    return tuple(found.values())


def _sharing(session: Session, person_id: int, wanted: Sequence[int], at: int) -> dict[int, Sent]:
    """Replies of the last seven days that share one of these keys, by their ids."""
    statement = (
        select(Reply, Identity, Person)
        .join(Mention, col(Mention.id) == col(Reply.mention_id))
        .join(Identity, col(Identity.id) == col(Mention.identity_id))
        .join(Person, col(Person.id) == col(Identity.person_id))
        .where(
            col(Reply.id).in_(select(ReplyKey.reply_id).where(col(ReplyKey.key).in_(wanted))),
            Reply.created_at > at - _FOR,
            col(Reply.state).in_((*LIVE, ReplyState.SENT)),
        )
        .order_by(col(Reply.id).desc())
        .limit(_LIKELY)
    )
    return {
        reply.id or 0: Sent(
            reply.body,
            Names(person.preferred_name, identity.name, identity.handle),
            person.id == person_id,
        )
        for reply, identity, person in session.exec(statement)
    }


def _called(names: Names) -> list[str]:
    return [name for name in (names.preferred, names.full) if name]
