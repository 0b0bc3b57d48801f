"""A post as the model reads it: the same in training and in use."""

import html
import re

_BEGINNING, _END = 3_000, 1_000
"""Characters of a very long post that are looked at; far more than the model's pieces."""
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@[\w.-]*\w(?:@[\w.-]*\w)?")
_LONG_RUN = re.compile(r"(.)\1{4,}", re.DOTALL)


def prepared(text: str, prefix: str = "") -> str:
    """Links become `http`, handles `@user`, long runs of one sign are cut, blanks are single.

    `prefix` is what a model was taught to see before each text.
    """
    text = html.unescape(_bounded(text))
    text = _HANDLE.sub("@user", _LINK.sub("http", text))
    return prefix + " ".join(_LONG_RUN.sub(r"\1\1\1", text).split())


def is_wordless(text: str) -> bool:
    """Whether nothing is left but signs, emoji, links and names."""
    bare = _HANDLE.sub(" ", _LINK.sub(" ", _bounded(text)))
    return not any(letter.isalnum() for letter in bare)


def _bounded(text: str) -> str:
    text = text.strip()
    if len(text) <= _BEGINNING + _END:
        return text
    return f"{text[:_BEGINNING]} {text[-_END:]}"
