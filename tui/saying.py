"""How values are said on a screen: spans, clocks, lanes, states, networks, moments."""

from datetime import tzinfo
from typing import TYPE_CHECKING

from models.instant import DAY, HOUR, MINUTE, to_datetime
from models.networks import NETWORKS
from models.outside import visible
from models.words import _, counted

if TYPE_CHECKING:
    from models.records.digests import Delivery

LANES = (0, 1, 2, 3, 4)


def clock(left: int) -> str:
    """Time left until an answer is owed, or how late it is: `2 h 10`, `45 min late`."""
    told = span(abs(left) // MINUTE)
    return _("{time} late").format(time=told) if left < 0 else told


def span(minutes: int) -> str:
    """So many minutes, as one would say it."""
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    if minutes < 48 * 60:
        return _("{hours} h {minutes:02}").format(hours=minutes // 60, minutes=minutes % 60)
    return _("{days} d").format(days=minutes // 1440)


def lane_word(lane: int) -> str:
    """A lane by its name."""
    return (_("urgent"), _("complaint"), _("question"), _("other"), _("no reply needed"))[lane]


def state_word(state: str) -> str:
    """A mention's state in words."""
    return {
        "open": _("waiting"),
        "replying": _("being answered"),
        "answered": _("answered"),
        "dismissed": _("closed without reply"),
        "gone": _("deleted by its author"),
    }[state]


def how_word(how: str | None) -> str:
    """How it was answered, in words."""
    return {"reply": _("reply"), "native": _("on the network"), "by hand": _("by hand"), None: "–"}[
        how
    ]


def short_clock(left: int) -> str:
    """The same in ten cells: `2h10`, `late 45m`."""
    told = short_span(abs(left) // MINUTE)
    return _("late {time}").format(time=told) if left < 0 else told


def short_span(minutes: int) -> str:
    """So many minutes in five cells: `45m`, `2h10`, `3d`."""
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 48 * 60:
        return f"{minutes // 60}h{minutes % 60:02}"
    return _("{days}d").format(days=minutes // 1440)


def moment(at: int, now: int, zone: tzinfo) -> str:
    """When something was, as far back as it is: `14:05`, `Fri 14:05`, `2026-11-20 14:05`."""
    local, today = to_datetime(at, zone), to_datetime(now, zone)
    clock_time = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock_time
    if 0 < now - at < 6 * DAY:
        return f"{weekday(local.weekday())} {clock_time}"
    return f"{local:%Y-%m-%d} {clock_time}"


def weekday(number: int) -> str:
    """Monday is 0."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[number]


def network(name: str) -> str:
    """A network by the name people know."""
    known = NETWORKS.get(name)
    return known.label if known else name


def feed(name: str) -> str:
    """A listing of a network."""
    return {
        "mentions": _("mentions"),
        "search": _("search"),
        "comments": _("comments"),
        "followers": _("followers"),
        "own": _("our posts"),
        "recheck": _("re-read"),
    }.get(name, name)


def delivery(found: "Delivery | None", now: int, zone: tzinfo) -> tuple[str, str]:
    """What has become of the leaders' mail about yesterday, and the style to say it in."""
    if found is None:
        return _("no reader is configured, or no mail server"), "dim"
    told = []
    if found.sent:
        sentence = _("sent to {sent} of {readers} at {time}")
        clock_time = moment(found.sent_at or 0, now, zone)
        told.append(sentence.format(sent=found.sent, readers=found.readers, time=clock_time))
    if found.waiting and now < found.leaves_at:
        told.append(_("leaves at {time}").format(time=moment(found.leaves_at, now, zone)))
    elif found.waiting:
        mails = counted("{number} mail waits", "{number} mails wait", found.waiting)
        told.append(_because(mails, found.trouble))
    if found.refused:
        mails = counted("{number} mail refused", "{number} mails refused", found.refused)
        told.append(_because(mails, found.refusal))
    if found.doubtful:
        told.append(counted("{number} mail in doubt", "{number} mails in doubt", found.doubtful))
    is_late = found.waiting and now > found.leaves_at + HOUR
    is_bad = is_late or found.refused or found.doubtful
    style = "late" if is_bad else "warn" if found.trouble else "plain"
    return _("yesterday's: {told}").format(told="; ".join(told)), style


def _because(told: str, reason: str | None) -> str:
    return f"{told}: {visible(reason)}" if reason else told


def reply_word(state: str) -> str:
    """A reply's state in words."""
    return {
        "draft": _("draft"),
        "queued": _("waits to leave"),
        "sending": _("on its way"),
        "sent": _("sent"),
        "unknown": _("in doubt"),
        "failed": _("refused"),
        "cancelled": _("taken back"),
    }[state]


def term_word(term: str) -> str:
    """A reason of the ranking in words."""
    return {
        "not judged yet": _("not judged yet"),
        "complaint": _("complaint"),
        "question": _("question"),
        "wants an answer": _("wants an answer"),
        "not addressed to us": _("not addressed to us"),
        "safety": _("somebody is in danger"),
        "health": _("somebody needs help now"),
        "legal": _("law, authorities or press"),
        "fraud": _("fraud, or somebody in our name"),
        "data_leak": _("personal data is out"),
        "vulnerable": _("somebody who cannot wait"),
        "stranded": _("somebody is stranded"),
        "broken_promise": _("a promise was broken"),
        "repeat": _("wrote before"),
        "churn": _("is about to leave us"),
        "urgent": _("urgent"),
        "presses": _("presses: a deadline, a great loss, a temper at its end"),
        "perhaps a complaint": _("perhaps a complaint"),
    }.get(term, term)


def action_word(action: str) -> str:
    """What is promised, in a word or two."""
    return {
        "call": _("call"),
        "send": _("send something"),
        "reply": _("get back to them"),
        "refund": _("pay back"),
        "check": _("find out"),
        "fix": _("put it right"),
        "visit": _("come by"),
        "private": _("go on in private"),
        "conclude": _("answer in full"),
    }.get(action, _("do something"))
