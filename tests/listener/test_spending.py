"""Money over HTTP: counted by source and day, reading stops at the cap, replies never do."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select, update

from listener.channels.meter import Meter
from listener.collect import collect
from listener.deliver import deliver
from listener.spending import charge
from listener.worker import Worker
from models.instant import HOUR
from models.records.audit import audit
from models.records.store import Store
from models.records.tables import Billed, Mention, Source, Tally
from models.settings import Settings, XPrices
from tests.contract.test_x import XStage
from tests.contract.town import open_town
from tests.contract.x_town import XTown
from tests.listener.test_over_http import answer


@pytest.fixture
def stage() -> Iterator[XStage]:
    town = XTown()
    with open_town(town) as address:
        yield XStage(town, address)


@pytest.fixture
def worker(store: Store, settings: Settings, stage: XStage) -> Worker:
    return Worker(store, settings, {stage.channel.name: stage.channel})


def spent(worker: Worker) -> dict[str, int]:
    with worker.store.read() as session:
        rows = session.exec(select(Tally).where(Tally.what == "spent"))
        return {row.name: row.amount for row in rows}


def alarms(worker: Worker) -> list[str]:
    with worker.store.read() as session:
        found = audit(session, worker.store.now(), HOUR)
    assert found.violations == []
    return [alarm["kind"] for alarm in found.alarms]


def test_what_is_read_and_written_is_put_down_by_source(worker: Worker, stage: XStage) -> None:
    to = stage.customer("@tallkotte Var är paketet?")
    collect(worker)
    answer(worker, to)
    deliver(worker)
    found = spent(worker)
    assert found == {"x:mentions": 1_000, "x:replies": 10_000}


def test_a_post_is_paid_for_once_a_day_whoever_listens(worker: Worker, stage: XStage) -> None:
    stage.customer("@tallkotte Var är paketet?")
    for _process in range(2):
        stage.channel.meter = Meter(XPrices().model_dump(), 100)
        listen_to_all(worker)
    assert spent(worker) == {"x:mentions": 1_000}
    with worker.store.write() as session:
        session.connection().execute(update(Tally).values(day=Tally.day - 1))
        session.connection().execute(update(Billed).values(day=Billed.day - 1))
    listen_to_all(worker)
    with worker.store.read() as session:
        assert session.exec(select(Tally.amount).order_by(col(Tally.day))).all() == [1_000, 1_000]
        assert len(session.exec(select(Billed)).all()) == 1


def listen_to_all(worker: Worker) -> None:
    """However lately they were read."""
    with worker.store.write() as session:
        session.connection().execute(update(Source).values(next_at=0))
    collect(worker)


def test_at_the_cap_nothing_is_read_but_replies_leave(worker: Worker, stage: XStage) -> None:
    to = stage.customer("@tallkotte Var är paketet?")
    collect(worker)
    stage.channel.meter.daily_cap = 1_000
    asked = len(stage.town.calls)
    stage.customer("@tallkotte Hallå?")
    errors = [heard.error for heard in collect(worker)]
    assert all(error and "cap" in error for error in errors)
    assert len(stage.town.calls) == asked
    assert "cap spent" in alarms(worker)
    answer(worker, to)
    assert deliver(worker).sent == 1


def test_the_cap_stops_a_long_listing_between_two_pages(worker: Worker, stage: XStage) -> None:
    for number in range(230):
        stage.customer(f"@tallkotte nummer {number}")
    stage.channel.meter.daily_cap = 90_000
    collect(worker)
    assert spent(worker)["x:mentions"] == 100_000
    with worker.store.read() as session:
        assert len(session.exec(select(Mention.id)).all()) == 100


def test_the_next_day_everything_is_read(worker: Worker, stage: XStage) -> None:
    sent = {stage.customer(f"@tallkotte nummer {number}") for number in range(230)}
    stage.channel.meter.daily_cap = 90_000
    collect(worker)
    stage.channel.meter.daily_cap = 10_000_000
    with worker.store.write() as session:
        session.connection().execute(update(Tally).values(day=Tally.day - 1))
        session.connection().execute(update(Source).values(next_at=0))
    collect(worker)
    with worker.store.read() as session:
        assert set(session.exec(select(Mention.external_id))) == sent
    assert "cap spent" not in alarms(worker)


def test_what_was_billed_is_put_down_even_where_the_rest_fails(
    worker: Worker, stage: XStage
) -> None:
    for number in range(130):
        stage.customer(f"@tallkotte nummer {number}")
    stage.fail("list", "")
    stage.fail("list", "error page")
    collect(worker)
    assert spent(worker)["x:mentions"] == 100_000


def test_replies_do_not_count_towards_the_cap(worker: Worker, stage: XStage) -> None:
    to = stage.customer("@tallkotte Var är paketet?")
    collect(worker)
    stage.channel.meter.daily_cap = 5_000
    answer(worker, to)
    deliver(worker)
    assert spent(worker)["x:replies"] == 10_000
    sent = stage.customer("@tallkotte hjälp, det brinner!")
    assert [heard.error for heard in collect(worker) if heard.error] == []
    with worker.store.read() as session:
        assert sent in set(session.exec(select(Mention.external_id)))


def test_search_stops_before_those_who_name_us(worker: Worker, stage: XStage) -> None:
    stage.town.write("900", "tallkotte svarar aldrig")
    collect(worker)
    stage.channel.meter.daily_cap = 6_000
    sent = stage.customer("@tallkotte Hallå?")
    errors = {heard.source: heard.error for heard in collect(worker)}
    assert errors["x:search"]
    assert errors["x:mentions"] is None
    with worker.store.read() as session:
        assert sent in set(session.exec(select(Mention.external_id)))


def test_a_raised_cap_ends_the_alarm(worker: Worker, stage: XStage) -> None:
    stage.customer("@tallkotte Var är paketet?")
    collect(worker)
    stage.channel.meter.daily_cap = 100
    collect(worker)
    assert "cap spent" in alarms(worker)
    stage.channel.meter.daily_cap = 10_000_000
    with worker.store.write() as session:
        session.connection().execute(update(Source).values(next_at=0))
    collect(worker)
    assert "cap spent" not in alarms(worker)


def test_what_could_not_be_put_down_is_not_forgotten(
    worker: Worker, stage: XStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.channel.meter.add("mentions", "owned_read")
    with monkeypatch.context() as patch:
        patch.setattr("models.records.tally.add", lambda *_values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            charge(worker, stage.channel)
    charge(worker, stage.channel)
    assert spent(worker) == {"x:mentions": 1_000}
