"""The sandbox passes the contract."""

from pathlib import Path

import pytest

from listener.channels.sandbox import SandboxChannel
from listener.sandbox import SandboxNetwork
from models.instant import HOUR
from models.post import Author
from models.settings import Brand
from tests.contract.channel import ChannelContract


class SandboxStage:
    """The sandbox network, from its customers' side."""

    def __init__(self, file: Path) -> None:
        self.channel = SandboxChannel(file, Brand(name="Tallkotte", handle="tallkotte"))
        self.network: SandboxNetwork = self.channel.network
        self._file = file

    def customer(self, text: str, to: str | None = None, *, late: bool = False) -> str:
        author = Author("c1", "britta", "Britta")
        wait = HOUR if late else 0
        return self.network.post(author, text, in_reply_to=to, late=wait).external_id

    def native(self, text: str, to: str) -> str:
        return self.network.post(self.channel.account, text, in_reply_to=to).external_id

    def edit(self, external_id: str, text: str) -> None:
        self.network.edit(external_id, text)

    def delete(self, external_id: str) -> None:
        self.network.delete(external_id)

    def show_all(self) -> None:
        self.network.list_everything_now()

    def fail(self, act: str, kind: str) -> None:
        self.network.fail_next(act, kind)

    def forget(self, keep: int) -> None:
        self.network.configure(reach=keep)

    def published(self, to: str) -> list[str]:
        return [post.text for post in self.network.answers("tallkotte", to)]


@pytest.fixture
def stage(tmp_path: Path) -> SandboxStage:
    return SandboxStage(tmp_path / "net.sandbox.db")


class TestSandbox(ChannelContract):
    """Everything the contract asks."""

    def test_a_listing_delay_hides_a_post_from_looks_for_so_long(self, stage: SandboxStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.network.configure(listing_delay=HOUR)
        stage.native("Hej!", to)
        assert stage.published(to) == []
        stage.show_all()
        assert stage.published(to) == ["Hej!"]

    def test_the_network_outlives_the_process(self, stage: SandboxStage, tmp_path: Path) -> None:
        sent = stage.customer("@tallkotte Hej")
        again = SandboxStage(tmp_path / "net.sandbox.db")
        assert again.channel.recall([sent])[sent] is not None

    def test_its_log_is_the_outside_witness(self, stage: SandboxStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.native("Hej!", to)
        assert stage.network.log("post")[0]["external_id"] == to
