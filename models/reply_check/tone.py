"""How it sounds: apology, non-apology, cheer, blame (RC01, RC02, RC03, RC13)."""

import re
from collections.abc import Iterator

from models.phrases import Hit
from models.reply_check import mending
from models.reply_check.draft import HINT, WARN, Remark
from models.reply_check.reading import Reading, stem
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
    over = next((_mended(reading, hit)[1] for hit in reading.conditionals), "")
    yield Remark(
        "RC01",
        WARN,
        reading.read.span(near[0]) if near else None,
        _("A complaint is answered without an apology; regret in general is none."),
        _("Say that you are sorry, and for what, in the first sentence."),
        "" if over else reading.suggestion("apology"),
    )


def non_apology(reading: Reading) -> Iterator[Remark]:
    """RC02: sorry if, sorry that you feel."""
    for hit in reading.conditionals[:1]:
        span, over = _mended(reading, hit)
        yield Remark(
            "RC02",
            WARN,
            span,
            _("Sorry on a condition puts the fault with the customer's feelings."),
            _("Apologise for what happened, without if or any."),
            over,
        )


def _mended(reading: Reading, conditional: Hit) -> mending.Mending:
    """An apology in place of the sentence, which is left to its writer where it says more."""
    number = reading.read.sentence(conditional)
    span, over = mending.instead(reading, number, "apology")
    done = {reading.read.sentence(hit) for hit in reading.read.all("away.done")}
    promises = any(span[0] <= one.span[0] < span[1] for one in reading.promises)
    if promises or number in done or reading.shared & set(map(stem, reading.text.within(number))):
        return reading.read.span(conditional), ""
    return span, over


def stock_apology(reading: Reading) -> Iterator[Remark]:
    """RC02: sorry for the inconvenience, and no word of what it was."""
    hits = [] if reading.conditionals else reading.read.all("apology.stock")
    for hit in hits[:1]:
        sentence = reading.text.within(reading.read.sentence(hit))
        if _names_something(reading, hits) or reading.shared.intersection(map(stem, sentence)):
            return
        yield Remark(
            "RC02",
            HINT,
            reading.read.span(hit),
            _("Sorry for the inconvenience belittles what went wrong; anybody could be told it."),
            _("Say what you are sorry for: name what went wrong."),
        )


def _names_something(reading: Reading, stock: list[Hit]) -> bool:
    """Whether another apology, in its sentence, says what it is for."""
    for hit in reading.apologies:
        if any(hit.first < other.last and other.first < hit.last for other in stock):
            continue
        sentence = reading.text.sentences[reading.read.sentence(hit)]
        if any(map(reading.says_something, reading.text.words[hit.last : sentence.last])):
            return True
    return False


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
