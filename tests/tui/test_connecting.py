"""Signing in to a network: keys are asked for, tried and kept; a wrong one is kept nowhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner, Result
from keyring.backend import KeyringBackend
from keyring.backends import fail

from listener.channels import open_channels
from models.errors import Refused, SettingsError, SignedOut
from models.networks import NETWORKS
from models.settings import Reddit, check, load
from tests.contract.bluesky_town import PASSWORD, BlueskyTown
from tests.contract.mastodon_town import MastodonTown
from tests.contract.town import open_town
from tests.contract.x_town import XTown
from tui.cli import _Post, gensvar
from tui.context import App

TYPED = "key-1\nsecret-2\n700-token-3\ntoken-secret-4\n"


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before = keyring.get_keyring()
    drawer = Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[XTown]:
    town = XTown()
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"):
        monkeypatch.setenv(f"GENSVAR_X_{name}", "")
    monkeypatch.setenv("GENSVAR_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.chdir(tmp_path)
    with open_town(town) as address:
        (tmp_path / "config.toml").write_text(
            f'[x]\napi = "{address}"\n[[account]]\nchannel = "x"\nhandle = "tallkotte"\n'
            'external_id = "700"\n'
        )
        yield town


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(gensvar, list(arguments), input=text)


def test_keys_that_work_are_kept_and_the_account_is_named(town: XTown, drawer: Drawer) -> None:
    result = run("connect", "x", text=TYPED)
    assert result.exception is None
    assert 'external_id = "700"' in result.stdout
    assert drawer.kept["GENSVAR_X_ACCESS_TOKEN_SECRET"] == "token-secret-4"
    assert "token-secret-4" not in result.output
    assert [call.path for call in town.calls] == ["/2/users/me"]


def test_keys_that_do_not_work_are_kept_nowhere(town: XTown, drawer: Drawer) -> None:
    town.faults["me"].append("signed out")
    result = run("connect", "x", text=TYPED)
    assert isinstance(result.exception, SignedOut)
    assert drawer.kept == {}


def test_keys_that_may_only_read_are_kept_nowhere(town: XTown, drawer: Drawer) -> None:
    town.access = "read"
    result = run("connect", "x", text=TYPED)
    assert isinstance(result.exception, Refused)
    assert drawer.kept == {}


def test_where_there_is_no_keyring_nobody_is_told_that_keys_are_kept(town: XTown) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    try:
        result = run("connect", "x", text=TYPED)
    finally:
        keyring.set_keyring(before)
    assert result.exception is None
    assert "Nothing is kept" in result.stderr
    assert "export GENSVAR_X_ACCESS_TOKEN_SECRET" in result.stderr
    assert "token-secret-4" not in result.output
    assert "is connected" not in result.stderr
    assert 'external_id = "700"' in result.stdout


def test_one_pass_over_a_network_that_cannot_be_read_says_so_and_ends_with_1(
    town: XTown, drawer: Drawer
) -> None:
    result = run("listen", "--once")
    assert result.exit_code == 0
    assert "x is not listened to: its keys are missing" in result.stderr
    drawer.kept = {
        f"GENSVAR_X_{name}": "k"
        for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
    }
    town.faults["list"] += ["signed out", "signed out"]
    result = run("listen", "--once")
    assert result.exit_code == 1
    assert "x:mentions" in result.stderr


@pytest.mark.usefixtures("drawer")
def test_before_the_first_use_the_doctor_finds_nothing_broken(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    result = CliRunner(env={"GENSVAR_DATABASE_URL": url}).invoke(gensvar, ["doctor", "--json"])
    found = {one["what"]: one for one in json.loads(result.stdout)}
    assert found["database"]["level"] == "check"
    assert "`gensvar connect bluesky`" in found["bluesky, mastodon, reddit, x"]["says"]
    assert result.exit_code == 0


def test_the_doctor_names_the_keys_that_are_missing(
    town: XTown, drawer: Drawer, tmp_path: Path
) -> None:
    found = {one["what"]: one for one in json.loads(run("doctor", "--json").stdout)}
    assert found["x"]["level"] == "fails"
    assert "GENSVAR_X_CONSUMER_KEY" in found["x"]["says"]
    drawer.kept = {f"GENSVAR_X_{name.upper()}": "k" for name in ("consumer_key",)}
    found = {one["what"]: one for one in json.loads(run("doctor", "--json").stdout)}
    assert "GENSVAR_X_CONSUMER_KEY" not in found["x"]["says"]
    assert load(tmp_path / "config.toml").account[0].channel == "x"


@pytest.fixture
def keys(town: XTown, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"):
        monkeypatch.setenv(f"GENSVAR_X_{name}", f"s3cret-{name}")


def of_x(result: Result) -> list[str]:
    assert "s3cret" not in result.output
    return [
        f"{one['level']}: {one['says']}" for one in json.loads(result.stdout) if one["what"] == "x"
    ]


@pytest.mark.usefixtures("keys")
def test_the_doctor_asks_once_and_says_what_is_read_and_what_is_not(town: XTown) -> None:
    said = of_x(run("doctor", "--json"))
    assert said[0] == "works: signed in as tallkotte"
    assert said[1] == "works: reads mentions, own"
    assert [line.partition(";")[0] for line in said[2:]] == [
        "works: search: n/a",
        "works: comments: n/a",
        "works: followers: n/a",
    ]
    assert [call.path for call in town.calls] == ["/2/users/me"]


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ({"handle": "someoneelse", "me": "701"}, "the keys are those of"),
        ({"me": "702"}, 'external_id = "702"'),
        ({"access": "read"}, "may only read"),
        ({"ahead": -400.0}, "clock differs"),
        ({"ahead": 400.0}, "clock differs"),
    ],
)
def test_the_doctor_finds_what_would_stop_replies(
    town: XTown, trouble: dict[str, object], says: str
) -> None:
    town.users |= {"701": "someoneelse", "702": "tallkotte"}
    for name, value in trouble.items():
        setattr(town, name, value)
    result = run("doctor", "--json")
    assert any(line.startswith("fails") and says in line for line in of_x(result))
    assert result.exit_code == 1


@pytest.mark.usefixtures("keys")
def test_the_doctor_says_that_keys_no_longer_work(town: XTown) -> None:
    town.faults["me"].append("signed out")
    assert any("sign in again" in line for line in of_x(run("doctor", "--json")))


@pytest.mark.usefixtures("keys")
def test_a_wrong_clock_is_named_before_the_keys_that_are_refused_for_it(town: XTown) -> None:
    town.ahead = 600.0
    town.faults["me"].append("signed out")
    said = of_x(run("doctor", "--json"))
    assert "clock differs" in said[0]
    assert "sign in again" in said[1]
    assert not any("reads" in line for line in said)


@pytest.fixture
def mastodon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MastodonTown]:
    town = MastodonTown()
    monkeypatch.setenv("GENSVAR_MASTODON_ACCESS_TOKEN", "")
    monkeypatch.setenv("GENSVAR_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.chdir(tmp_path)
    with open_town(town) as address:
        (tmp_path / "config.toml").write_text(
            f'[mastodon]\nserver = "{address}/"\n[[account]]\nchannel = "mastodon"\n'
            'handle = "tallkotte"\nexternal_id = "700"\n'
        )
        yield town


def test_a_token_that_works_is_kept(mastodon: MastodonTown, drawer: Drawer) -> None:
    result = run("connect", "mastodon", text="t0ken\n")
    assert result.exception is None
    assert 'external_id = "700"' in result.stdout
    assert drawer.kept == {"GENSVAR_MASTODON_ACCESS_TOKEN": "t0ken"}
    assert "t0ken" not in result.output
    assert mastodon.calls[0].headers["Authorization"] == "Bearer t0ken"


def test_a_token_that_does_not_work_is_kept_nowhere(mastodon: MastodonTown, drawer: Drawer) -> None:
    mastodon.faults["me"].append("signed out")
    assert isinstance(run("connect", "mastodon", text="t0ken\n").exception, SignedOut)
    assert drawer.kept == {}


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ({}, "works: signed in as tallkotte"),
        ({}, "works: reads mentions, comments, own"),
        ({"scopes": ["read"]}, "fails: the keys may only read"),
        ({"scopes": ["write"]}, "fails: the token lacks the scopes read:accounts"),
        ({"ahead": 400.0}, "fails: this machine's clock differs"),
        ({"room": 5000}, "check: the server takes 5000 characters"),
        ({"me": "701"}, "fails: the keys are those of someoneelse"),
    ],
)
def test_the_doctor_says_how_it_stands_with_mastodon(
    mastodon: MastodonTown,
    monkeypatch: pytest.MonkeyPatch,
    trouble: dict[str, object],
    says: str,
) -> None:
    monkeypatch.setenv("GENSVAR_MASTODON_ACCESS_TOKEN", "s3cret")
    mastodon.users["701"] = "someoneelse"
    for name, value in trouble.items():
        setattr(mastodon, name, value)
    result = run("doctor", "--json")
    assert "s3cret" not in result.output
    found = [one for one in json.loads(result.stdout) if one["what"] == "mastodon"]
    assert any(f"{one['level']}: {one['says']}".startswith(says) for one in found)


@pytest.mark.usefixtures("drawer")
def test_mastodon_needs_the_address_of_its_server(mastodon: MastodonTown, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[account]]\nchannel = "mastodon"\nhandle = "a"\n')
    found = {one["what"]: one for one in json.loads(run("doctor", "--json").stdout)}
    assert "`gensvar connect mastodon` asks for it" in found["mastodon"]["says"]
    assert mastodon.calls == []


def test_the_server_is_asked_for_and_the_config_names_it_and_the_account(
    mastodon: MastodonTown, drawer: Drawer, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    address = load(config).mastodon.server
    config.write_text("# ours\n[mastodon]  # the key is elsewhere\nfollowers = 7\n")
    result = run("connect", "mastodon", text=f"http://hem.example\n{address}\nt0ken\n")
    assert result.exception is None
    assert "http://hem.example is no server's address" in result.stderr
    assert "gensvar doctor" in result.stderr
    known = load(config)
    assert (known.mastodon.server, known.mastodon.followers) == (address, 7)
    assert [(one.handle, one.external_id) for one in known.account] == [("tallkotte", "700")]
    assert config.read_text().startswith("# ours\n[mastodon]  # the key is elsewhere\nserver = ")
    assert "t0ken" not in config.read_text()
    before = config.read_text()
    assert run("connect", "mastodon", text="t0ken\n").exception is None
    assert config.read_text() == before
    assert [*drawer.kept.values()] == ["t0ken"]


@pytest.mark.usefixtures("drawer")
def test_an_account_that_stands_there_otherwise_is_left_to_its_owner(
    mastodon: MastodonTown, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace('"700"', '"701"'))
    before = config.read_text()
    result = run("connect", "mastodon", text="t0ken\n")
    assert "there must be these lines" in result.stderr
    assert 'external_id = "700"' in result.stdout
    assert config.read_text() == before
    assert mastodon.calls


def test_a_network_nobody_has_named_is_asked_for(tmp_path: Path) -> None:
    assert "CHANNEL" in run("connect").stderr
    assert "x, reddit, mastodon" in run("connect", "--help").stdout
    assert "--sandbox" in run("connect", "sandbox").stderr


@pytest.mark.parametrize("address", ["http://hem.example", "hem.example", "https://", "ftp://a"])
def test_a_token_never_goes_in_the_clear(address: str) -> None:
    with pytest.raises(SettingsError, match="no server"):
        check({"mastodon": {"server": address}}, "config.toml")


def test_the_desk_takes_as_much_as_the_server(
    mastodon: MastodonTown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NETWORKS, "mastodon", NETWORKS["mastodon"])
    config = tmp_path / "config.toml"
    config.write_text("[mastodon]\nmax_characters = 700\n" + config.read_text()[11:])
    App(config, lambda _settings: [], _Post()).settings  # noqa: B018
    assert NETWORKS["mastodon"].room == 700 - len("@") - 30 - len(" ")


def test_the_doctor_asks_for_reddits_approval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENSVAR_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    (tmp_path / "config.toml").write_text('[[account]]\nchannel = "reddit"\nhandle = "tallkotte"\n')
    for name in ("CLIENT_ID", "CLIENT_SECRET", "PASSWORD"):
        monkeypatch.setenv(f"GENSVAR_REDDIT_{name}", "k")
    found = {one["what"]: one for one in json.loads(run("doctor", "--json").stdout)}
    assert "approval" in found["reddit"]["says"]
    settings = load(tmp_path / "config.toml")
    assert "reddit" not in open_channels(settings)
    approved = settings.model_copy(update={"reddit": Reddit(approval="R-1")})
    assert "reddit" in open_channels(approved)


@pytest.fixture
def bluesky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlueskyTown]:
    town = BlueskyTown()
    monkeypatch.setenv("GENSVAR_BLUESKY_APP_PASSWORD", "")
    monkeypatch.setenv("GENSVAR_DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.chdir(tmp_path)
    with open_town(town) as address:
        (tmp_path / "config.toml").write_text(
            f'[bluesky]\nservice = "{address}"\n[[account]]\nchannel = "bluesky"\n'
            f'handle = "tallkotte.test"\nexternal_id = "{town.me}"\n'
        )
        yield town


def test_an_app_password_that_works_is_kept_and_so_is_its_session(
    bluesky: BlueskyTown, drawer: Drawer
) -> None:
    result = run("connect", "bluesky", text=f"{PASSWORD}\n")
    assert result.exception is None
    assert f'handle = "tallkotte.test"\nexternal_id = "{bluesky.me}"' in result.stdout
    assert PASSWORD not in result.output
    assert drawer.kept["GENSVAR_BLUESKY_APP_PASSWORD"] == PASSWORD
    sessions = [text for name, text in drawer.kept.items() if "SESSION" in name]
    assert len(sessions) == 1
    assert PASSWORD not in sessions[0]


def test_an_app_password_that_does_not_work_is_kept_nowhere(
    bluesky: BlueskyTown, drawer: Drawer
) -> None:
    bluesky.password = "another"
    result = run("connect", "bluesky", text=f"{PASSWORD}\n")
    assert isinstance(result.exception, SignedOut)
    assert "GENSVAR_BLUESKY_APP_PASSWORD" not in drawer.kept
    assert PASSWORD not in "".join(drawer.kept.values())


def test_the_doctor_knows_bluesky(
    bluesky: BlueskyTown, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {one["what"]: one for one in json.loads(run("doctor", "--json").stdout)}
    assert "GENSVAR_BLUESKY_APP_PASSWORD" in found["bluesky"]["says"]
    assert bluesky.calls == []
    monkeypatch.setenv("GENSVAR_BLUESKY_APP_PASSWORD", PASSWORD)
    for _time in range(2):
        told = json.loads(run("doctor", "--json").stdout)
        said = [f"{one['level']}: {one['says']}" for one in told if one["what"] == "bluesky"]
        assert said[0] == "works: signed in as tallkotte.test"
        assert said[1] == "works: reads mentions, comments, own"
        assert [line.partition(";")[0] for line in said[2:]] == [
            "works: search: n/a",
            "works: followers: n/a",
        ]
    calls = [call.path.rpartition(".")[2] for call in bluesky.calls]
    assert calls == ["createSession", "getSession", "getSession"]
