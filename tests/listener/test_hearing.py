"""Followers' posts: ours to answer only where they are about us; whoever says stop is let be."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import select

from listener.collect import collect
from listener.hearing import Ear, says_stop
from listener.worker import Worker
from models.post import Author, Post
from models.records.store import Store
from models.records.tables import Mention, Tally
from models.settings import AccountEntry, Brand, Listening, Settings
from tests.contract.test_x import XStage
from tests.contract.town import open_town
from tests.contract.x_town import XTown

SETTINGS = Settings(
    brand=Brand(name="Tallkotte", handle="tallkotte"),
    listen=Listening(every_seconds=0.001, words=["tallkåte"], listen_for=["faktur*", "sent paket"]),
    account=[AccountEntry(channel="x", handle="kottesverige")],
)


def written(words: str, *, addressed: bool = False) -> Post:
    author = Author("900", "britta", None)
    return Post("x", "1", author, words, posted_at=1, addressed=addressed)


@pytest.fixture
def stage() -> Iterator[XStage]:
    town = XTown()
    town.users["901"] = "dagny"
    town.followers = ["901", "900"]
    with open_town(town) as address:
        yield XStage(town, address)


@pytest.fixture
def worker(store: Store, stage: XStage) -> Worker:
    return Worker(store, SETTINGS, {"x": stage.channel})


def texts(worker: Worker) -> list[str | None]:
    with worker.store.read() as session:
        return sorted(session.exec(select(Mention.text)), key=str)


def passed_over(worker: Worker) -> int:
    with worker.store.read() as session:
        rows = session.exec(select(Tally.amount).where(Tally.what == "passed over"))
        return sum(rows)


@pytest.mark.parametrize(
    "words",
    [
        "Köpte en tröja av Tallkotte",
        "TALLKOTTE!!",
        "tallkåte igen",
        "var är fakturan",
        "ännu ett sent paket",
        "Kottesverige har rea",
    ],
)
def test_what_names_us_or_what_we_listen_for_concerns_us(words: str) -> None:
    assert Ear(SETTINGS).concerns(written(words))


@pytest.mark.parametrize("words", ["Regn igen", "tallkottepyssel", "paket, sent om kvällen", ""])
def test_the_rest_of_their_lives_does_not(words: str) -> None:
    assert not Ear(SETTINGS).concerns(written(words))
    assert Ear(SETTINGS).concerns(written(words, addressed=True))


@pytest.mark.parametrize(
    "words",
    ["STOP", "@tallkotte stopp!", "Stop.", "u/tallkotte lopeta", "@tallkotte @andra hold op 🙏"],
)
def test_stop_is_heard_in_every_language(words: str) -> None:
    assert says_stop(words)


@pytest.mark.parametrize(
    "words", ["stoppa tåget", "kan ni stoppa leveransen?", "don't stop", "", "non-stop"]
)
def test_what_only_holds_the_word_is_no_stop(words: str) -> None:
    assert not says_stop(words)


def test_a_followers_post_that_is_not_about_us_is_counted_and_never_stored(
    worker: Worker, stage: XStage
) -> None:
    stage.town.write("901", "Gulmåran blommar vid Hjälmaren")
    stage.town.write("901", "min faktura är fel")
    for _pass in range(3):
        collect(worker)
    assert texts(worker) == ["min faktura är fel"]
    assert passed_over(worker) == 1
    with worker.store.read() as session:
        for table in ("mention", "own_post", "event", "tally", "source"):
            rows = session.connection().execute(text(f"select * from {table}")).all()
            assert "Gulmåran" not in repr(rows)


def test_whoever_says_stop_is_heard_only_where_they_address_us(
    worker: Worker, stage: XStage
) -> None:
    stage.town.write("901", "@tallkotte STOPP")
    collect(worker)
    stage.town.write("901", "tallkotte är sena igen")
    stage.town.write("900", "tallkotte är sena")
    stage.town.write("901", "@tallkotte men var är paketet?")
    collect(worker)
    assert texts(worker) == [
        "@tallkotte STOPP",
        "@tallkotte men var är paketet?",
        "tallkotte är sena",
    ]


def test_a_settings_without_names_hears_nothing_of_followers() -> None:
    nobody = Settings(brand=Brand(name=" ", handle=" "))
    assert not Ear(nobody).concerns(written("allt möjligt"))
