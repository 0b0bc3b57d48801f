"""Networks from their people's side, each with its server's own data as the witness."""

import random
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from listener.sandbox import SandboxNetwork
from models.post import Author
from tests.contract.reddit_town import KEYS, RedditTown
from tests.contract.town import Town
from tests.contract.x_town import XTown

PEOPLE = 4
"""Customers on each network."""
US = "tallkotte"


@dataclass(frozen=True, slots=True)
class Shown:
    """A post that stands on a server now; `to` is what it answers."""

    id: str
    to: str | None
    text: str
    own: bool


class Side(ABC):
    """One network. `who` is the number of a customer; texts name us as @tallkotte or not at all.

    `config` is what stands in config.toml, `keys` in the environment; `troubles` are pairs of an
    act and of how the next such call fails.
    """

    channel: ClassVar[str]
    config: str
    keys: dict[str, str]
    troubles: Sequence[tuple[str, str]]

    @abstractmethod
    def write(self, who: int, text: str, to: str | None = None) -> str:
        """A customer's post; its id."""

    @abstractmethod
    def native(self, who: int, text: str, to: str) -> str:
        """We answer customer `who` on the network itself; the post's id."""

    @abstractmethod
    def edit(self, who: int, number: str, text: str) -> None: ...

    @abstractmethod
    def delete(self, who: int, number: str) -> None: ...

    @abstractmethod
    def fail(self, act: str, kind: str) -> None: ...

    @abstractmethod
    def posts(self) -> list[Shown]:
        """Everything that stands on the server, by its own account."""


def account(channel: str, handle: str = US, external_id: str = US) -> str:
    """An account of ours as config.toml has it."""
    lines = (f'channel = "{channel}"', f'handle = "{handle}"', f'external_id = "{external_id}"')
    return "\n".join(("[[account]]", *lines, ""))


class SandboxSide(Side):
    channel = "sandbox"
    troubles = tuple(("reply", kind) for kind in ("refuse", "lost answer", "rate limit"))
    troubles += (("list", "refuse"), ("recall", "refuse"))

    def __init__(self, file: Path) -> None:
        self.file, self.network = file, SandboxNetwork(file)
        self.config, self.keys = account(self.channel), dict[str, str]()
        self.us = Author(US, US, "Tallkotte")
        self.network.sign_up(self.us, ours=True)

    def write(self, who: int, text: str, to: str | None = None) -> str:
        author, named = Author(f"c{who}", f"kund{who}"), US in text
        return self.network.post(author, text, in_reply_to=to, addressed=named).external_id

    def native(self, who: int, text: str, to: str) -> str:
        return self.network.post(self.us, text, in_reply_to=to).external_id

    def edit(self, who: int, number: str, text: str) -> None:
        self.network.edit(number, text)

    def delete(self, who: int, number: str) -> None:
        self.network.delete(number)

    def fail(self, act: str, kind: str) -> None:
        self.network.fail_next(act, kind)

    def posts(self) -> list[Shown]:
        asked = "select external_id, in_reply_to, body, author from post where deleted_at is null"
        with closing(sqlite3.connect(self.file)) as db:
            found = db.execute(asked).fetchall()
        return [Shown(number, to, text, author == US) for number, to, text, author in found]


class TownSide(Side):
    """A network whose front on this machine fails when told."""

    town: Town

    def fail(self, act: str, kind: str) -> None:
        self.town.faults[act].append(kind)


class XSide(TownSide):
    channel = "x"
    troubles = tuple(("reply", kind) for kind in ("lost answer", "published, then 503", "cut"))
    troubles += (("reply", "rate limit"), ("reply", "error page"), ("reply", "refuse"))
    troubles += (("list", "error page"), ("list", "cut"), ("recall", "error page"))

    def __init__(self, town: XTown, address: str) -> None:
        self.town: XTown = town
        town.users |= {str(900 + who): f"kund{who}" for who in range(PEOPLE)}
        self.config = f'[x]\napi = "{address}"\ndaily_cap = 10000\n'
        self.config += account(self.channel, external_id=town.me)
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        self.keys = {name: f"{town.me}-{name}" for name in names}

    def write(self, who: int, text: str, to: str | None = None) -> str:
        return self.town.write(str(900 + who), text, to)

    def native(self, who: int, text: str, to: str) -> str:
        return self.town.write(self.town.me, text, to)

    def edit(self, who: int, number: str, text: str) -> None:
        self.town.edit(number, text)

    def delete(self, who: int, number: str) -> None:
        self.town.tweets[number].gone = "Not Found Error"

    def posts(self) -> list[Shown]:
        with self.town.lock:
            there = [(number, one) for number, one in self.town.tweets.items() if not one.gone]
            me = self.town.me
            return [Shown(number, one.to, one.text, one.author == me) for number, one in there]


class RedditSide(TownSide):
    """Half of the customers begin in a thread of their own, half in somebody's."""

    channel = "reddit"
    troubles = tuple(("reply", kind) for kind in ("lost answer", "published, then 503", "cut"))
    troubles += (("reply", "too many"), ("reply", "short rate limit"), ("reply", "error page"))
    troubles += (("list", "refuse"), ("list", "too many"), ("recall", "refuse"))

    def __init__(self, town: RedditTown, address: str, chance: random.Random) -> None:
        self.town: RedditTown = town
        self.chance, self.threads = chance, list[str]()
        self.config = f'[reddit]\napproval = "A-1"\napi = "{address}"\n'
        self.config += account(self.channel, external_id="t2_tallkotte")
        self.keys = {name: KEYS[name] for name in ("client_id", "client_secret", "password")}

    def write(self, who: int, text: str, to: str | None = None) -> str:
        if to is None and (not self.threads or self.chance.random() < 0.5):
            self.threads.append(self.town.submit("maja", "Vilket bud är bäst i Umeå?"))
        to = to or self.chance.choice(self.threads)
        return self.town.comment(f"kund{who}", text.replace("@", "u/"), to)

    def native(self, who: int, text: str, to: str) -> str:
        return self.town.comment(self.town.me, text, to)

    def edit(self, who: int, number: str, text: str) -> None:
        with self.town.lock:
            thing = self.town.things[number]
            thing.text, thing.edited = text.replace("@", "u/"), float(self.town._second())

    def delete(self, who: int, number: str) -> None:
        self.town.things[number].gone = "deleted"

    def posts(self) -> list[Shown]:
        with self.town.lock:
            there = [one for one in self.town.things.values() if not one.gone]
        return [Shown(one.name, one.parent, one.text, one.author == self.town.me) for one in there]
