"""Promises over time: broken when their moment passes, handed over while their owner is away."""

from listener.worker import Worker
from models.instant import to_datetime
from models.records import promises


def look_after_promises(worker: Worker) -> None:
    """Once a pass; nothing is written where nothing is due."""
    at = worker.store.now()
    away = _who_is_away(worker, at)
    with worker.store.write() as session:
        if away:
            promises.hand_over_all(session, away, at)
        promises.break_overdue(session, at)


def _who_is_away(worker: Worker, at: int) -> dict[str, str]:
    """Name -> who takes over, today in the brand's own time zone."""
    settings = worker.settings
    today = to_datetime(at, settings.calendar().zone).date()
    return {one.who: one.hand_to for one in settings.away if one.since <= today <= one.until}
