"""The database is busy, gone or damaged under the desk: a sentence, never a crash, no lost word."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from models.post import Post
from tests.tui.house import Hand, House, held_up, sat_down
from tests.world import post
from tui.screens.composer import Composer
from tui.screens.ledger import LedgerScreen
from tui.screens.review import Review
from tui.screens.waiting import Waiting


def one(house: House) -> Post:
    asked = post("britta", "Var är paketet?")
    house.take(asked)
    return asked


def file_of(house: House) -> Path:
    return Path(house.address.removeprefix("sqlite:///"))


async def locked(hand: Hand, house: House, *keys: str) -> None:
    """Hit these keys while another program holds the database, until that is said."""
    with closing(sqlite3.connect(file_of(house), isolation_level=None)) as other:
        other.execute("begin immediate")
        await hand.press(*keys)
        await hand.until_said("busy")
        other.execute("rollback")


@contextmanager
def unreachable(postgres: str, address: str) -> Iterator[None]:
    """A Postgres that throws everybody out of this database and lets nobody in."""
    name = make_url(address).database
    engine = create_engine(
        postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as server:
        server.execute(text(f"alter database {name} with allow_connections false"))
        out = "select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"
        server.execute(text(out), {"name": name})
        yield
        server.execute(text(f"alter database {name} with allow_connections true"))
    engine.dispose()


async def test_a_busy_database_is_a_sentence_and_what_was_typed_is_kept_later(
    house: House,
) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("Hej ")
        await locked(hand, house, *"Britta!")
        assert hand.desk.screen is composer
        assert composer.text == "Hej Britta!"
        await hand.until(lambda: house.drafts() == {house.id_of(asked): "Hej Britta!"})


async def test_escape_on_a_busy_database_loses_no_letter(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        composer = await hand.compose("Hej ")
        await locked(hand, house, *"Britta", "escape")
        await hand.rest()
        if hand.desk.screen is composer:
            await hand.press("escape")
        await hand.until_on(Waiting)
        assert house.drafts() == {house.id_of(asked): "Hej Britta"}


async def test_a_database_busy_from_the_start_loses_no_letter_either(house: House) -> None:
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await locked(hand, house, "r", *"Hej Britta", "ctrl+s")
        await hand.until_on(Review)
        await hand.until(lambda: house.drafts() == {house.id_of(asked): "Hej Britta"})
        await hand.press("y")
        await hand.until(house.replies)


async def test_y_on_a_busy_database_is_one_reply_or_none_and_can_be_said_again(
    house: House,
) -> None:
    one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej Britta")
        await hand.review()
        await locked(hand, house, "y", "y", "escape", "question_mark", "q")
        await hand.until_on(Composer)
        await hand.rest()
        assert house.replies() == []
        await hand.send()
        await hand.until_on(Waiting)
        assert [reply.body for reply in house.replies()] == ["Hej Britta"]


async def test_a_damaged_database_is_a_sentence_on_every_screen(house: House) -> None:
    one(house)
    file = file_of(house)
    async with sat_down(house.desk()) as hand:
        await hand.rest()
        with file.open("r+b") as damaged:
            damaged.write(b"\x99" * file.stat().st_size)
        for wal in file.parent.glob("*-wal"):
            wal.write_bytes(b"")
        for keys in ("r", "escape", "c", "1", "enter", "E", "escape", "L", "escape", "8", "escape"):
            await hand.press(keys)
            await hand.rest()
        await hand.press("r", *"Hej")
        await hand.until_on(Composer)
        assert hand.desk.is_running
        assert hand.told() or hand.desk.trouble


async def test_a_slow_database_leaves_the_rows_that_stand_and_keeps_nobody_from_moving(
    postgres_address: str,
) -> None:
    house = House(postgres_address)
    house.take(*(post(f"k{number:03}", f"Fråga {number:03}?") for number in range(200)))
    async with sat_down(house.desk()) as hand:
        await hand.until_shown("Fråga 000")
        rows = hand.waiting.rows
        with held_up(postgres_address):
            rows.show(rows.ids)  # as with each new picture
            rows.repaint()
            assert "Fråga 000" in hand.text()
            hand.strike("end")
            await hand.until(lambda: rows.cursor == 199)
            hand.strike("home")
            await hand.until(lambda: rows.cursor == 0)
        hand.strike("end")
        await hand.until_shown("Fråga 199")
    house.store.close()


async def test_postgres_gone_and_back_is_a_sentence_and_then_all_is_well(
    postgres: str, postgres_address: str
) -> None:
    house = House(postgres_address)
    asked = one(house)
    async with sat_down(house.desk()) as hand:
        await hand.compose("Hej ")
        with unreachable(postgres, postgres_address):
            await hand.write("Britta")
            await hand.until(lambda: hand.told(), "that the database is gone")
            await hand.press("f1", "escape", "ctrl+s", "escape")
            assert hand.desk.is_running
        await hand.until(lambda: house.drafts() == {house.id_of(asked): "Hej Britta"})
        await hand.press("escape")
        await hand.until_on(Waiting)
        await hand.press("L")
        ledger = await hand.until_on(LedgerScreen)
        await hand.until(lambda: len(ledger.rows.ids) == 1)
    house.store.close()
