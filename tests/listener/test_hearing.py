"""Followers' posts: ours to answer only where they are about us; whoever says stop is let be."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import select

from listener.collect import collect
from listener.hearing import Ear
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
        "Tallkottes kundtjänst svarar aldrig",
        "Tallkotten paketti ei tullut",
        "Tallkottella on huono palvelu",
        "#tallkottefail",
    ],
)
def test_what_names_us_or_what_we_listen_for_concerns_us(words: str) -> None:
    assert Ear(SETTINGS).concerns(written(words))


@pytest.mark.parametrize("words", ["Regn igen", "gran och kotte", "paket, sent om kvällen", ""])
def test_the_rest_of_their_lives_does_not(words: str) -> None:
    assert not Ear(SETTINGS).concerns(written(words))
    assert Ear(SETTINGS).concerns(written(words, addressed=True))


@pytest.mark.parametrize(
    "words",
    ["STOP", "@tallkotte stopp!", "Stop.", "u/tallkotte lopeta", "@kottesverige hold op 🙏"],
)
def test_stop_is_heard_in_every_language(words: str) -> None:
    assert Ear(SETTINGS).is_stop(words)


@pytest.mark.parametrize(
    "words",
    [
        "stoppa tåget",
        "kan ni stoppa leveransen?",
        "don't stop",
        "",
        "non-stop",
        "stop?",
        "@britta @tallkotte sluta!",
        "stop " + "." * 600,
    ],
)
def test_what_only_holds_the_word_is_no_stop(words: str) -> None:
    assert not Ear(SETTINGS).is_stop(words)


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


def test_what_was_written_before_they_said_stop_is_still_heard(
    worker: Worker, stage: XStage
) -> None:
    stage.town.write("901", "tallkotte har tappat mitt paket")
    stage.town.write("901", "@tallkotte stopp")
    collect(worker)
    assert texts(worker) == ["@tallkotte stopp", "tallkotte har tappat mitt paket"]


def test_a_stop_from_an_author_with_an_odd_name_holds_up_nobody(
    worker: Worker, stage: XStage
) -> None:
    stage.town.names["901"] = "Dagny \ud83d \x00"
    stage.town.write("901", "@tallkotte stop")
    stage.town.write("900", "@tallkotte paketet brinner")
    heard = collect(worker)
    assert [one.error for one in heard if one.error] == []
    assert texts(worker) == ["@tallkotte paketet brinner", "@tallkotte stop"]


def test_a_follower_who_quotes_us_or_goes_on_in_a_known_thread_is_heard(
    worker: Worker, stage: XStage
) -> None:
    asked = stage.town.write("901", "@tallkotte Var är paketet?")
    ours = stage.native("Det kommer på måndag!", asked)
    collect(worker)
    quote = stage.town.write("901", "Usla typer, hela bunten")
    stage.town.tweets[quote].quotes = ours
    stage.town.write("901", "Och nu är pengarna dragna igen!!", asked)
    collect(worker)
    assert {"Usla typer, hela bunten", "Och nu är pengarna dragna igen!!"} <= set(texts(worker))


def test_a_settings_without_names_hears_nothing_of_followers() -> None:
    for nobody in (Settings(brand=Brand(name=" ", handle=" ")), Settings()):
        assert not Ear(nobody).concerns(written("det är brand i huset"))
