"""Money: a sales offer in the answer to a complaint, compensation in public (RC11, RC12)."""

import re
from collections.abc import Iterator

from models.phrases import Hit
from models.reply_check.draft import HINT, WARN, Remark
from models.reply_check.reading import Reading
from models.words import _

_CODE = re.compile(r"(?<![\w-])[A-ZÅÄÖÆØ]{4,20}[0-9]{2}(?![\w-])|(?<![\w-])[-–−][1-9]\d ?%")
"""A word in capitals and a percentage, how shops name their codes; or the percentage itself."""


def offer(reading: Reading) -> Iterator[Remark]:
    """RC11: selling to somebody who complains; what they complain about may be an offer."""
    hits, codes = list(reading.read.all("offer.push")), list[tuple[int, int]]()
    if not _is_about_offers(reading):
        hits, codes = [*hits, *_new(reading)], list(_codes(reading))
    for span in (*map(reading.read.span, hits), *codes):
        yield Remark(
            "RC11",
            WARN,
            span,
            _("It sells something to somebody who complains."),
            _("Leave the offer out; make good what went wrong first."),
        )
        return


def _is_about_offers(reading: Reading) -> bool:
    """Whether the customer has begun with it."""
    return reading.read_mention.any("offer.subject") or bool(_CODE.search(reading.mention.plain))


def _new(reading: Reading) -> Iterator[Hit]:
    """Words of selling that are neither denied nor amends."""
    amends = _amends(reading)
    for hit in reading.read.all("offer.noun"):
        if reading.read.sentence(hit) not in amends and not _is_denied(reading, hit):
            yield hit


def _is_denied(reading: Reading, hit: Hit) -> bool:
    negation = reading.book.words("grammar", "negation") if reading.book else frozenset()
    said = reading.text.words[hit.first]
    return any(
        word.text in negation and word.clause == said.clause
        for word in reading.text.within(said.sentence)
    )


def _codes(reading: Reading) -> Iterator[tuple[int, int]]:
    """Discount codes that the customer has not named: WINTER15."""
    theirs = reading.mention.plain.lower()
    amends = _amends(reading)
    for number, sentence in enumerate(reading.text.sentences):
        for match in _CODE.finditer(reading.text.plain, sentence.start, sentence.end):
            if number not in amends and match.group().lower() not in theirs:
                yield reading.text.place(*match.span())


def _amends(reading: Reading) -> set[int]:
    return {reading.read.sentence(hit) for hit in reading.read.all("offer.amends")}


def compensation(reading: Reading) -> Iterator[Remark]:
    """RC12: money or gifts named in public teach others to complain there."""
    if reading.draft.is_private:
        return
    for hit in reading.read.all("offer.compensation")[:1]:
        why = _("Compensation named in public is read by everybody.")
        fix = _("Offer it in private.")
        yield Remark("RC12", HINT, reading.read.span(hit), why, fix)
