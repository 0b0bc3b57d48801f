"""What a customer wants, where nobody has said: told from a few word lists, without a model."""

import re

from models.phrases import LANGUAGES, Books, Text
from models.reply_check.draft import COMPLAINT, PRAISE, QUESTION
from models.reply_check.reading import PHRASES
from models.reply_check.tongue import told

_LOUD = re.compile(r"[!?]{2,}|\b[A-ZÅÄÖÆØ]{5,}\b")


def guess(mention: str, said: str | None = None, books: Books = PHRASES) -> str:
    """Complaint where in doubt, as most rules apply to it."""
    text = Text(mention)
    language = told(books, text, said)
    if language not in LANGUAGES:
        return COMPLAINT
    read = books[language].read(text)
    if read.any("post.trouble") or _LOUD.search(text.plain[:2000]):
        return COMPLAINT
    if any(sentence.asks for sentence in text.sentences):
        return QUESTION
    return PRAISE if read.any("post.praise") else COMPLAINT
