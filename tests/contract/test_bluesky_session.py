"""Bluesky's sessions: one for many starts, renewed when they end, and never begun too often."""

import base64
import logging
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import keyring
import pytest

from listener.channels.bluesky import BlueskyChannel
from models.errors import RateLimited, SignedOut, Unavailable, Uncertain
from models.post import Author
from tests.contract.bluesky_town import PASSWORD, BlueskyTown
from tests.contract.channel import outgoing, read
from tests.contract.test_bluesky import KEYS, BlueskyStage
from tests.contract.town import open_town
from tests.tui.test_connecting import Drawer


@pytest.fixture
def stage() -> Iterator[BlueskyStage]:
    town = BlueskyTown()
    with open_town(town) as address:
        yield BlueskyStage(town, address)


class TestSession:
    """One session, kept and renewed; and what it is when it cannot be."""

    def test_one_session_does_for_many_starts(self, stage: BlueskyStage) -> None:
        for _start in range(5):
            read(stage.opened(), "own")
        assert stage.signs() == ["createSession"]

    def test_the_session_lies_in_a_file_that_only_we_can_read(
        self, stage: BlueskyStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        stage.channel.whoami()
        (file,) = (tmp_path / "gensvar" / "sessions").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
        assert PASSWORD not in file.read_text()
        file.chmod(0o644)  # others could have read it: it is left alone
        stage.opened().whoami()
        assert stage.signs() == ["createSession", "createSession"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    @pytest.mark.parametrize("found", ["", "{", "[]", '{"session": 1}', '{"session": null}'])
    def test_a_damaged_file_is_a_new_session(
        self, stage: BlueskyStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        stage.channel.whoami()
        (file,) = (tmp_path / "gensvar" / "sessions").iterdir()
        file.write_text(found)
        stage.opened().whoami()
        assert stage.signs() == ["createSession", "createSession"]

    def test_a_keyring_keeps_it_where_there_is_one(
        self, stage: BlueskyStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        before, drawer = keyring.get_keyring(), Drawer()
        keyring.set_keyring(drawer)
        try:
            stage.channel.whoami()
            stage.opened().whoami()
        finally:
            keyring.set_keyring(before)
        assert stage.signs() == ["createSession"]
        assert [name.partition(" ")[0] for name in drawer.kept] == ["GENSVAR_BLUESKY_SESSION"]
        assert list(tmp_path.iterdir()) == []

    def test_a_session_that_ends_soon_is_renewed_before_it_ends(self, stage: BlueskyStage) -> None:
        stage.town.lasts = 50
        read(stage.channel, "own")
        stage.town.lasts = 7200
        read(stage.opened(), "own")
        read(stage.opened(), "own")
        assert stage.signs() == ["createSession", "refreshSession"]

    def test_a_session_that_bluesky_has_ended_is_renewed_once(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.channel.whoami()
        stage.fail("reply", "expired")
        stage.channel.reply(outgoing(to))
        assert stage.signs() == ["createSession", "refreshSession"]
        assert len(stage.published(to)) == 1
        stage.fail("reply", "expired")
        stage.fail("reply", "expired")
        with pytest.raises(SignedOut):
            stage.channel.reply(outgoing(to, "Andra ord. /Anna"))
        assert len(stage.puts()) == 4

    def test_a_session_that_cannot_be_renewed_is_begun_anew(self, stage: BlueskyStage) -> None:
        read(stage.channel, "own")
        stage.town.tokens.clear()
        read(stage.channel, "own")
        assert stage.signs() == ["createSession", "refreshSession", "createSession"]

    def test_what_another_process_has_renewed_is_used(self, stage: BlueskyStage) -> None:
        other = stage.opened()
        read(stage.channel, "own")
        read(other, "own")
        stage.town.tokens = {one for one in stage.town.tokens if '"r"' in _claims(one)}
        read(other, "own")
        read(stage.channel, "own")
        assert stage.signs() == ["createSession", "refreshSession"]

    def test_a_network_that_fails_while_renewing_costs_no_session(
        self, stage: BlueskyStage
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.channel.whoami()
        stage.fail("refresh", "error page")
        stage.fail("reply", "expired")
        with pytest.raises(Unavailable):
            stage.channel.reply(outgoing(to))
        assert stage.published(to) == []
        stage.channel.reply(outgoing(to))
        assert stage.signs() == ["createSession", "refreshSession"]

    def test_another_password_is_another_session(self, stage: BlueskyStage) -> None:
        stage.channel.whoami()
        with pytest.raises(SignedOut) as error:
            stage.opened("granbarr-fel-losen").whoami()
        assert "Invalid identifier or password" in str(error.value)
        assert "granbarr" not in str(error.value)

    def test_a_refused_password_is_not_tried_again_for_an_hour(
        self, stage: BlueskyStage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _start in range(3):
            with pytest.raises(SignedOut):
                read(stage.opened("granbarr-fel"), "own")
        assert stage.signs() == ["createSession"]
        stage.town.password = "granbarr-fel"  # it was right, and Bluesky was wrong: a person asks
        assert stage.opened("granbarr-fel").whoami().handle == "tallkotte.test"
        stage.town.password, hour = "nytt", time.time() + 3601
        with pytest.raises(SignedOut):
            stage.opened("annat").whoami()
        monkeypatch.setattr(time, "time", lambda: hour)
        with pytest.raises(SignedOut):
            read(stage.opened("annat"), "own")
        assert stage.signs() == ["createSession"] * 4

    def test_too_many_sign_ins_are_waited_out(self, stage: BlueskyStage) -> None:
        stage.fail("sign in", "rate limit")
        for _feed in range(3):
            with pytest.raises(RateLimited) as error:
                read(stage.channel, "own")
            assert 100 < error.value.retry_after <= 120
        assert stage.signs() == ["createSession"]

    def test_a_password_that_asks_for_a_code_is_said(self, stage: BlueskyStage) -> None:
        stage.fail("sign in", "factor")
        with pytest.raises(SignedOut, match="no app password"):
            stage.channel.whoami()

    @pytest.mark.parametrize(
        ("kind", "wait"),
        [("rate limit", 120), ("rate limit without headers", 60), ("rate limit of a year", 3600)],
    )
    def test_a_limit_is_no_second_try_but_a_time_to_wait(
        self, stage: BlueskyStage, kind: str, wait: float
    ) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.fail("reply", kind)
        with pytest.raises(RateLimited) as error:
            stage.channel.reply(outgoing(to))
        assert error.value.retry_after == pytest.approx(wait, abs=2)
        assert len(stage.puts()) == 1

    def test_the_last_requests_of_a_window_are_the_senders(self, stage: BlueskyStage) -> None:
        to = stage.customer("@tallkotte Hej")
        stage.town.headers = _window(remaining=201)
        read(stage.channel, "own")
        stage.town.headers = _window(remaining=200)
        read(stage.channel, "own")
        made = len(stage.town.calls)
        with pytest.raises(RateLimited) as error:
            read(stage.channel, "mentions")
        assert 290 < error.value.retry_after <= 300
        assert len(stage.town.calls) == made
        assert stage.channel.reply(outgoing(to))

    def test_the_limit_of_one_call_stops_no_other(self, stage: BlueskyStage) -> None:
        stage.town.headers = _window(remaining=0) | {"ratelimit-limit": "30"}
        read(stage.channel, "own")
        assert read(stage.channel, "own")[0] == []

    def test_an_answer_that_trickles_ends_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("listener.channels.bluesky_api.EXCHANGE", 0.6)
        with trickle() as address:
            channel = BlueskyChannel(Author("did:plc:a", "a.test"), KEYS, service=address)
            begun = time.monotonic()
            with pytest.raises(Unavailable):
                channel.whoami()
        assert time.monotonic() - begun < 2.5

    def test_the_password_follows_nobody_elsewhere(self, stage: BlueskyStage) -> None:
        stage.town.elsewhere = "/xrpc/com.atproto.server.other"
        with pytest.raises(Unavailable):
            stage.channel.whoami()
        assert stage.signs() == ["createSession"]
        assert len(stage.town.calls) == 1

    def test_keys_and_words_reach_no_log(
        self, stage: BlueskyStage, caplog: pytest.LogCaptureFixture
    ) -> None:
        for name in ("", *logging.root.manager.loggerDict):
            caplog.set_level(logging.DEBUG, name)
        channel = stage.opened()  # made only now: pytest listens at every silent logger
        to = stage.customer("@tallkotte Hej")
        channel.reply(outgoing(to))
        stage.fail("reply", "published, then 503")
        with pytest.raises(Uncertain):
            channel.reply(outgoing(to, "Andra ledsna ord. /Anna"))
        read(channel, "search")
        logging.getLogger("gensvar").debug("the log is open")
        secrets = [PASSWORD, "ledsna", "Hej", "tall", *stage.town.tokens]
        assert "the log is open" in caplog.text
        assert not [secret for secret in secrets if secret in caplog.text]

    def test_the_clock_is_told_by_the_network(self, stage: BlueskyStage) -> None:
        assert stage.channel.clock_ahead() is None
        stage.town.ahead = -400.0
        stage.channel.whoami()
        assert stage.channel.clock_ahead() == pytest.approx(400, abs=2)

    def test_atproto_is_loaded_by_the_first_call_alone(self) -> None:
        told = "import listener.channels.bluesky, sys; print('atproto_client' in sys.modules)"
        made = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
        assert made.stdout == "False\n"


@contextmanager
def trickle() -> Iterator[str]:
    """A server whose answer never ends, a letter at a time, already in its headers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_trickling, args=(server,))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _trickling(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            met, _address = server.accept()
            with met, suppress(OSError):
                met.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while True:
                    time.sleep(0.05)
                    met.sendall(b"a")


def _claims(token: str) -> str:
    return base64.urlsafe_b64decode(token.split(".")[1]).decode()


def _window(remaining: int) -> dict[str, str]:
    return {
        "ratelimit-limit": "3000",
        "ratelimit-remaining": str(remaining),
        "ratelimit-reset": str(int(time.time()) + 300),
    }
