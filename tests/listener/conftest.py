"""A worker on a database of each kind, with a sandbox network of its own."""

from pathlib import Path

import pytest

from listener.channels.sandbox import SandboxChannel
from listener.worker import Worker
from models.records.store import Store
from models.settings import Brand, Listening, Outbox, Settings

BRAND = Brand(name="Tallkotte", handle="tallkotte")


class QuickSandbox(SandboxChannel):
    """The sandbox with short waits, so that a doubt is resolved while a test watches."""

    look_waits = (0.05, 0.05)
    call_seconds = 0.01


@pytest.fixture
def settings() -> Settings:
    return Settings(
        brand=BRAND,
        listen=Listening(every_seconds=0.001),
        outbox=Outbox(undo_seconds=0, lease_seconds=0.5),
    )


@pytest.fixture
def sandbox(tmp_path: Path) -> SandboxChannel:
    return QuickSandbox(tmp_path / "net.sandbox.db", BRAND)


@pytest.fixture
def worker(store: Store, settings: Settings, sandbox: SandboxChannel) -> Worker:
    return Worker(store, settings, {"sandbox": sandbox})
