"""A set of topics, and which of them a text is about."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from models.errors import Refused
from models.phrases import LANGUAGES, Book, Text
from models.topics.topic import Topic
from models.words import _

TRADES = ("retail", "telecom", "power", "bank_insurance", "transport")
_NO_TOPICS = ("groups", "number", "set")
_AKIN = {"nb": ("nb", "da"), "da": ("da", "nb")}
"""Short posts in these two are easily taken for one another, and their words agree."""


class Topics:
    """The topics of one file, with those of `shared` that its [set] names under `also`.

    The files are read when first asked for; what is broken in them is left out.
    """

    def __init__(self, file: Path, shared: Path) -> None:
        self._files = file, shared
        self._books = dict[str, tuple[Book, Book]]()

    @cached_property
    def _sets(self) -> tuple[tuple[Topic, ...], tuple[Topic, ...]]:
        """Its own topics, and the shared ones it takes in."""
        own, shared = (Book(file, only=()) for file in self._files)
        also = own.words("set", "also") - {*own.sections}
        return (
            tuple(_topic(own, name) for name in own.sections if name not in _NO_TOPICS),
            tuple(_topic(shared, name) for name in shared.sections if name in also),
        )

    @cached_property
    def all(self) -> tuple[Topic, ...]:
        """In the order of the files."""
        own, shared = self._sets
        return (*own, *shared)

    @property
    def problems(self) -> list[str]:
        """What could not be read, with file and line."""
        books = [book for language in LANGUAGES for book in self._in(language)]
        unknown = books[0].words("set", "also") - {*books[1].sections}
        told = _("{file}: there is no shared topic called {name}")
        missing = [told.format(file=self._files[0].name, name=name) for name in sorted(unknown)]
        return [*dict.fromkeys(problem for book in books for problem in book.problems), *missing]

    @property
    def unheard(self) -> list[str]:
        """Example sentences that the words of their topic do not find."""
        told = _("{topic}, {language}: its words do not find “{sentence}”")
        return [
            told.format(topic=topic.name, language=language, sentence=sentence)
            for language in LANGUAGES
            for book, topics in zip(self._in(language), self._sets, strict=True)
            for topic in topics
            for sentence in sorted(book.words(topic.name, f"{language}_like"))
            if topic not in self._said(Text(sentence), language)
        ]

    def assign(self, text: str, language: str | None) -> tuple[str, ...]:
        """The names of the topics a text is about; in an unknown language, by words of any."""
        found = self._said(Text(text), language)
        names = {topic.name for topic in found}
        return tuple(topic.name for topic in found if names.isdisjoint(topic.unless))

    def checked(self, names: Iterable[str]) -> tuple[str, ...]:
        """These names, each once, in the order of the files; Refused if one is no topic's."""
        wanted = {name.strip() for name in names} - {""}
        known = tuple(topic.name for topic in self.all)
        if unknown := wanted - {*known}:
            told = _("There is no topic called {name}; there are: {names}")
            raise Refused(told.format(name=min(unknown), names=", ".join(known)))
        return tuple(name for name in known if name in wanted)

    def label(self, name: str, language: str) -> str:
        """What the screen says for a topic; its name where the file no longer has it."""
        found = next((topic for topic in self.all if topic.name == name), None)
        return found.label(language) if found else name

    def _said(self, text: Text, language: str | None) -> list[Topic]:
        languages = _AKIN.get(language or "", (language,) if language in LANGUAGES else LANGUAGES)
        found = set[Topic]()
        for one in languages:
            for book, topics in zip(self._in(one), self._sets, strict=True):
                read = book.read(text)
                found |= {topic for topic in topics if read.any(f"{topic.name}.{one}")}
        return [topic for topic in self.all if topic in found]

    def _in(self, language: str) -> tuple[Book, Book]:
        """The files as far as they are about this language; read when first asked for."""
        if language not in self._books:
            own, shared = (Book(file, only=(language,)) for file in self._files)
            self._books[language] = own, shared
        return self._books[language]


def _topic(book: Book, name: str) -> Topic:
    labels = {language: book.said(name, f"name_{language}") for language in LANGUAGES}
    broken_word = bool(book.values(name).get("broken_word"))
    return Topic(name, labels, broken_word, book.words(name, "unless"))
