"""A set of topics, and which of them a text is about."""

from functools import cached_property
from pathlib import Path

from models.phrases import LANGUAGES, Book, Text
from models.topics.topic import Topic

TRADES = ("retail", "telecom", "power", "bank_insurance", "transport")
_AKIN = {"nb": ("nb", "da"), "da": ("da", "nb")}
"""Short posts in these two are easily taken for one another, and their words agree."""


class Topics:
    """The topics of one file, with those of `shared` that its [set] names under `also`."""

    def __init__(self, file: Path, shared: Path) -> None:
        self._file, self._shared = file, shared

    @cached_property
    def _books(self) -> tuple[tuple[Book, tuple[Topic, ...]], ...]:
        own, shared = Book(self._file), Book(self._shared)
        also = own.words("set", "also")
        return (
            (own, tuple(_topic(own, name) for name in own.sections if name not in _NO_TOPICS)),
            (shared, tuple(_topic(shared, name) for name in shared.sections if name in also)),
        )

    @cached_property
    def all(self) -> tuple[Topic, ...]:
        """In the order of the files."""
        return tuple(topic for _book, topics in self._books for topic in topics)

    def by_words(self, text: Text, language: str | None) -> tuple[str, ...]:
        """The names of the topics whose words it uses; in an unknown language, of any language."""
        languages = _AKIN.get(language or "", (language,) if language in LANGUAGES else LANGUAGES)
        found = list[Topic]()
        for book, topics in self._books:
            read = book.read(text)
            found += [
                topic
                for topic in topics
                if any(read.all(f"{topic.name}.{one}") for one in languages)
            ]
        names = {topic.name for topic in found}
        return tuple(topic.name for topic in found if names.isdisjoint(topic.unless))


_NO_TOPICS = ("groups", "number", "set")


def _topic(book: Book, name: str) -> Topic:
    labels = {language: book.said(name, f"name_{language}") for language in LANGUAGES}
    broken_word = bool(book.values(name).get("broken_word"))
    return Topic(name, labels, broken_word, book.words(name, "unless"))
