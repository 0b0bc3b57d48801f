"""Phrase lists that native readers correct, and how a text is held against them.

One file a language; a phrase is words, and no text can make looking for them slow.
"""

from models.phrases.book import LANGUAGES, Book, Books, Hit, Read
from models.phrases.phrase import BadPhrase, Grammar, Phrase
from models.phrases.text import Sentence, Text, Word

__all__ = (
    "LANGUAGES",
    "BadPhrase",
    "Book",
    "Books",
    "Grammar",
    "Hit",
    "Phrase",
    "Read",
    "Sentence",
    "Text",
    "Word",
)
