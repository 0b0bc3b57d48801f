"""Money: a sales offer in the answer to a complaint, compensation in public (RC11, RC12)."""

from collections.abc import Iterator

from models.phrases import Hit
from models.reply_check.draft import HINT, WARN, Remark
from models.reply_check.reading import Reading
from models.words import _


def offer(reading: Reading) -> Iterator[Remark]:
    """RC11: selling to somebody who complains; what they complain about may be an offer."""
    for hit in (*reading.read.all("offer.push"), *filter_new(reading)):
        yield Remark(
            "RC11",
            WARN,
            reading.read.span(hit),
            _("It sells something to somebody who complains."),
            _("Leave the offer out; make good what went wrong first."),
        )
        return


def filter_new(reading: Reading) -> Iterator[Hit]:
    """Words of selling that neither the customer has used nor belong to making amends."""
    theirs = {hit_stem(reading, hit) for hit in reading.read_mention.all("offer.noun")}
    amends = {reading.read.sentence(hit) for hit in reading.read.all("offer.amends")}
    for hit in reading.read.all("offer.noun"):
        if not theirs and reading.read.sentence(hit) not in amends:
            yield hit


def hit_stem(reading: Reading, hit: Hit) -> str:
    """The beginning of the word that was found in the customer's post."""
    return reading.mention.words[hit.first].text[:5]


def compensation(reading: Reading) -> Iterator[Remark]:
    """RC12: money or gifts named in public teach others to complain there."""
    if reading.draft.is_private:
        return
    for hit in reading.read.all("offer.compensation")[:1]:
        why = _("Compensation named in public is read by everybody.")
        fix = _("Offer it in private.")
        yield Remark("RC12", HINT, reading.read.span(hit), why, fix, reading.suggestion("private"))
