"""Alarms: what a person must look at; no promise is broken yet, but one could be."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.instant import DAY, HOUR, MINUTE, to_rfc3339
from models.mailing import Mailing
from models.records import digest_outbox, digests, tally
from models.records.kinds import AlertState, DigestState, MentionState, PromiseState, ReplyState
from models.records.sources import IMPORT
from models.records.tables import Alert, Digest, Mention, Promise, Reply, Source
from models.words import _, counted

Alarm = dict[str, Any]
"""kind, id of the row it is about (or None), and the sentence."""
_PATIENCE = 5 * MINUTE


def alarms(session: Session, at: int, stale: int, mailing: Mailing | None = None) -> list[Alarm]:
    """Everything a person should look at; a source is stale after `stale` microseconds, and
    `mailing` says which leaders should have had their mail."""
    found = [alarm for find in _BY_MOMENT for alarm in find(session, at)]
    mails = _digests(session, at, mailing) if mailing else ()
    return [*_silent_sources(session, at - stale), *found, *mails]


def _alarm(kind: str, row_id: int | None, sentence: str, **values: object) -> Alarm:
    return {"kind": kind, "id": row_id, "text": sentence.format(id=row_id, **values)}


def _silent_sources(session: Session, since: int) -> Iterable[Alarm]:
    last_ok = func.coalesce(Source.last_ok_at, 0)
    read = (Source.feed != IMPORT, col(Source.is_off).is_(False))
    for source in session.exec(select(Source).where(*read, last_ok < since)):
        when, error = source.last_ok_at, f" ({source.last_error})" if source.last_error else ""
        sentence = _("{source} has never been read.{error}")
        if when is not None:
            sentence = _("{source} was last read at {when}.{error}")
        told = to_rfc3339(when or 0)
        yield _alarm(
            "stale source", source.id, sentence, source=source.name, when=told, error=error
        )


def _gaps(session: Session, _at: int) -> Iterable[Alarm]:
    sentence = _("{source}: posts from {since} to {until} can no longer be read ({reason}).")
    for source in session.exec(select(Source).where(col(Source.gap_from).is_not(None))):
        yield _alarm(
            "gap",
            source.id,
            sentence,
            source=source.name,
            since=to_rfc3339(source.gap_from or 0),
            until=to_rfc3339(source.gap_to or 0),
            reason=source.gap_reason,
        )


def _spent(session: Session, at: int) -> Iterable[Alarm]:
    """Loud, because nobody is heard there until tomorrow."""
    sentence = _(
        "{name}: the day's cap is spent; reading goes on after midnight UTC, or once it is raised."
    )
    for name in tally.stopped(session, at):
        yield _alarm("cap spent", None, sentence, name=name)


def _unknown_replies(session: Session, _at: int) -> Iterable[Alarm]:
    for reply in session.exec(select(Reply).where(Reply.state == ReplyState.UNKNOWN)):
        yield _alarm("unknown reply", reply.id, _("It is not known whether reply {id} went out."))


def _stuck_replies(session: Session, at: int) -> Iterable[Alarm]:
    sending = (Reply.state == ReplyState.SENDING, col(Reply.lease_until) < at - MINUTE)
    queued = (Reply.state == ReplyState.QUEUED, col(Reply.send_after) < at - _PATIENCE)
    for where in (sending, queued):
        for reply in session.exec(select(Reply).where(*where)):
            sentence = _("Reply {id} should have left; nobody is sending.")
            yield _alarm("stuck reply", reply.id, sentence)


def _held_replies(session: Session, at: int) -> Iterable[Alarm]:
    """Tried, not taken, and still waiting: its mentions are not in the queue."""
    held = select(Reply).where(
        Reply.state == ReplyState.QUEUED,
        col(Reply.attempts) > 0,
        col(Reply.created_at) < at - _PATIENCE,
        col(Reply.send_after) >= at - _PATIENCE,
    )
    for reply in session.exec(held):
        sentence = _("Reply {id} cannot leave yet: {error}")
        yield _alarm("held reply", reply.id, sentence, error=reply.error)


def _edited_after_answer(session: Session, at: int) -> Iterable[Alarm]:
    """For a week: whoever changed the words may have asked something else."""
    edited = select(Mention).where(
        Mention.state == MentionState.ANSWERED,
        col(Mention.edited_at) > col(Mention.settled_at),
        col(Mention.edited_at) > at - 7 * DAY,
    )
    for mention in session.exec(edited):
        sentence = _("Mention {id} was changed after it was answered; `gensvar reopen {id}`.")
        yield _alarm("edited after answer", mention.id, sentence)


def _failed_replies(session: Session, _at: int) -> Iterable[Alarm]:
    still_open = select(Mention.id).where(Mention.state == MentionState.OPEN)
    failed = select(Reply).where(
        Reply.state == ReplyState.FAILED, col(Reply.mention_id).in_(still_open)
    )
    for reply in session.exec(failed):
        sentence = _("Reply {id} was refused: {error}")
        yield _alarm("failed reply", reply.id, sentence, error=reply.error)


def _unjudged(session: Session, at: int) -> Iterable[Alarm]:
    late = select(func.count()).where(
        col(Mention.judged_at).is_(None), Mention.received_at < at - _PATIENCE
    )
    if number := session.exec(late).one():
        sentence = counted(
            "{number} mention waits for a judge.", "{number} mentions wait for a judge.", number
        )
        yield _alarm("not judged", None, sentence)


def _alerts(session: Session, at: int) -> Iterable[Alarm]:
    stuck = (col(Alert.state) == AlertState.RUNNING) & (col(Alert.at) < at - _PATIENCE)
    failed = col(Alert.state) == AlertState.FAILED
    sentence = _("The alert by {way} for mention {id} did not go out: {error}")
    for alert in session.exec(select(Alert).where(failed | stuck)):
        error = alert.error or _("it stopped in the middle")
        yield _alarm("alert", alert.mention_id, sentence, way=alert.way, error=error)


def _overdue_promises(session: Session, at: int) -> Iterable[Alarm]:
    owed = (PromiseState.OPEN, PromiseState.BROKEN)
    overdue = select(Promise).where(
        col(Promise.state).in_(owed), col(Promise.done_at).is_(None), col(Promise.due_at) < at
    )
    for promise in session.exec(overdue):
        sentence = _("Promise {id} is overdue: {text}")
        yield _alarm("overdue promise", promise.id, sentence, text=promise.text)


def _digests(session: Session, at: int, mailing: Mailing) -> Iterable[Alarm]:
    """Whoever has not had the mail of a day, and why; an hour's delay is none."""
    mine = col(Digest.recipient).in_(sorted(mailing.addresses()))
    lately = col(Digest.made_at) > at - 7 * DAY
    rows = session.exec(select(Digest).where(mine, lately).order_by(col(Digest.day))).all()
    if digest_outbox.stopped_since(session) is not None:
        error = next((row.error for row in reversed(rows) if row.error), "")
        sentence = _("The leaders' mail is stopped; it is tried every hour: {error}")
        yield _alarm("mail stopped", None, sentence, error=error)
    for row in rows:
        if says := _undelivered(row, at):
            told = {"day": row.day, "reader": row.recipient, "error": row.error or "?"}
            yield _alarm(f"{row.state} digest", None, says, **told)
    for reader in mailing.readers:
        days = digests.missing_days(session, mailing, reader.mail, at)
        if any(mailing.leaves_at(day) < at - HOUR for day in days):
            sentence = _("The digest to {reader} is missing since {day}: nobody writes it.")
            yield _alarm("missing digest", None, sentence, reader=reader.mail, day=days[0])


def _undelivered(row: Digest, at: int) -> str:
    """What is wrong with a mail; nothing where all is well."""
    if row.state == DigestState.FAILED:
        return _("The digest of {day} to {reader} did not leave: {error}")
    if row.state == DigestState.UNKNOWN and row.send_after is None:
        return _("It is not known whether the digest of {day} to {reader} left: {error}")
    is_waiting = row.state not in (DigestState.SENT, DigestState.MERGED)
    if is_waiting and row.made_at < at - HOUR:
        return _("The digest of {day} to {reader} has not left yet: {error}")
    return ""


_BY_MOMENT: tuple[Callable[[Session, int], Iterable[Alarm]], ...] = (
    _gaps,
    _spent,
    _unknown_replies,
    _stuck_replies,
    _held_replies,
    _edited_after_answer,
    _failed_replies,
    _unjudged,
    _alerts,
    _overdue_promises,
)
