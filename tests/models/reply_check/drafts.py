"""Drafts for the tests: a Monday morning in Stockholm, unless said otherwise."""

from typing import Any

from models.instant import from_rfc3339
from models.reply_check import HINT, Draft, Names, Remark, Thread, check
from models.settings import OpeningHours

AT = from_rfc3339("2026-11-23T10:00:00+01:00")
CALENDAR = OpeningHours().calendar()
MENTION = {
    "sv": "Paketet till Luleå är fem dagar sent, vad händer?",
    "nb": "Strømmen er borte på Bislett igjen, hva skjer?",
    "da": "Pakken er ikke kommet til Aarhus, hvad sker der?",
    "fi": "Juna Tampereelle oli tunnin myöhässä, mitä tapahtuu?",
    "en": "My parcel to Leeds is five days late, what is going on?",
}


def draft(reply: str, language: str = "sv", **more: Any) -> Draft:
    """A reply to a complaint in this language."""
    names = {"preferred": more.pop("name", "Patrik"), "full": more.pop("full", None)}
    return Draft(
        mention=more.pop("mention", MENTION[language]),
        reply=reply,
        at=AT,
        calendar=CALENDAR,
        language=language,
        names=Names(**names, handle=more.pop("handle", None)),
        **more,
    )


def remarks(
    reply: str, language: str = "sv", thread: Thread | None = None, **more: Any
) -> list[Remark]:
    """What is said of a reply."""
    return list(check(draft(reply, language, **more), thread))


def rules(reply: str, language: str = "sv", **more: Any) -> set[str]:
    """The rules raised, hints left out."""
    return {one.rule for one in remarks(reply, language, **more) if one.level != HINT}
