"""How it sounds: apology, non-apology, cheer, blame (RC01, RC02, RC03, RC13)."""

import re
from collections.abc import Iterator

from models.reply_check.draft import WARN, Remark
from models.reply_check.reading import Reading
from models.words import _

_OPENING = 90
"""Characters within which a cheerful note is the first thing a customer meets."""
_JOY = re.compile(
    "[😀-😆😁😂😃😄😅😊😍🤩😎🙂😉😋🤗🎉🥳🙌✨🎊👋💃🌟⭐🔥🚀🌞☀🥰😘😜🤪💪👏🌈💯]|[:;]-?[)D](?!\\w)"
)
_SHOUT = re.compile(r"!\s?!+")


def apology(reading: Reading) -> Iterator[Remark]:
    """RC01: a complaint is answered without one."""
    if reading.apologies or reading.book is None:
        return
    near = reading.read.all("apology.sympathy") or reading.conditionals
    yield Remark(
        "RC01",
        WARN,
        reading.read.span(near[0]) if near else None,
        _("A complaint is answered without an apology; regret in general is none."),
        _("Say that you are sorry, and for what, in the first sentence."),
        reading.suggestion("apology"),
    )


def non_apology(reading: Reading) -> Iterator[Remark]:
    """RC02: sorry if, sorry that you feel."""
    for hit in reading.conditionals[:1]:
        yield Remark(
            "RC02",
            WARN,
            reading.read.span(hit),
            _("Sorry on a condition puts the fault with the customer's feelings."),
            _("Apologise for what happened, without if or any."),
            reading.suggestion("apology"),
        )


def cheer(reading: Reading) -> Iterator[Remark]:
    """RC03: thanks or joy before the apology."""
    spans = [reading.read.span(hit) for hit in reading.read.all("cheer.opening")]
    for pattern in (_JOY, _SHOUT):
        found = pattern.search(reading.text.plain)
        if found:
            spans.append(reading.text.place(*found.span()))
    sorry = min((reading.read.span(hit)[0] for hit in reading.apologies), default=None)
    first = min(spans, default=None)
    if first is None or first[0] >= reading.opening + _OPENING:
        return
    if sorry is not None and sorry < first[0]:
        return
    yield Remark(
        "RC03",
        WARN,
        first,
        _("The first thing an unhappy customer meets is cheer or thanks."),
        _("Begin with the apology; thanks are fine after it."),
        reading.suggestion("apology"),
    )


def blame(reading: Reading) -> Iterator[Remark]:
    """RC13: you should have, our policy, valued customer."""
    for name, why in (
        ("blame.customer", _("It tells the customer what they did wrong.")),
        ("blame.process", _("It hides behind rules or earlier words instead of helping.")),
        ("blame.flattery", _("Flattery from a template: nobody is called that to their face.")),
    ):
        for hit in reading.read.all(name)[:1]:
            fix = _("Leave it out; say what you do now.")
            yield Remark("RC13", WARN, reading.read.span(hit), why, fix)
