"""`gensvar init`: three questions make a config that holds; what comes next is said everywhere."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.errors import Refused, SettingsError
from models.settings import Settings, load
from tests.tui.house import House, sat_down
from tui import config_file
from tui.beginning import advice
from tui.cli import gensvar
from tui.opening import after_demo

WHOLE = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an empty folder and an empty home would have it."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    monkeypatch.setattr("tui.config_file.user_config_path", lambda name: home / name)
    monkeypatch.setattr("models.settings.user_config_path", lambda name: home / name)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return home / "gensvar" / "config.toml"


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(gensvar, list(arguments), input=text)


def test_three_answers_make_a_config_and_the_next_command_is_named(file: Path) -> None:
    result = run("init", text='\n  \nTall "kotte" \\\nsweden\nno\nMastodon\n')
    assert result.exception is None
    known = load(None)
    assert known == load(file)
    assert known.brand.name == 'Tall "kotte" \\'
    assert (known.hours.zone, known.hours.holidays) == ("Europe/Oslo", "NO")
    assert "SE, NO, DK, FI, GB" in result.stderr
    assert result.stderr.rstrip().endswith("connect mastodon")
    assert str(file) in result.stderr
    assert result.stdout == ""


def test_who_has_no_network_yet_is_told_of_files(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fi_FI.UTF-8")
    result = run("init", text="Tallkotte\n\n\n")
    assert load(file).hours.zone == "Europe/Helsinki"
    assert "import FILE" in result.stderr


def test_what_stands_in_a_config_stays_and_a_second_time_nothing_is_asked(file: Path) -> None:
    here = Path("config.toml")
    here.write_text(WHOLE.read_text())
    result = run("init", text="Tallkotte\nDK\nx\n")
    assert "in this folder" in result.stderr
    assert load(None).brand.name == "Tallkotte"
    lines = here.read_text().splitlines()
    assert [line for line in lines if line not in WHOLE.read_text().splitlines()] == [
        'name = "Tallkotte"',
        'zone = "Europe/Copenhagen"',
        'holidays = "DK"',
    ]
    assert not file.exists()
    again = run("init", text="Annat\nSE\nx\n")
    assert isinstance(again.exception, Refused)
    assert here.read_text().splitlines() == lines


def test_a_config_that_would_be_broken_by_it_is_left_alone(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('[hours]\nzone = "Europe/Oslo"\n')
    assert isinstance(run("init", text="Tallkotte\nSE\nx\n").exception, SettingsError)
    assert file.read_text() == '[hours]\nzone = "Europe/Oslo"\n'


def test_a_named_file_is_made_and_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    assert run("--config", "mine.toml", "init", text="A\nSE\nx\n").exception is None
    assert load(Path("mine.toml")).brand.name == "A"
    (tmp_path / "link.toml").symlink_to(tmp_path / "mine.toml")
    config_file.save(config_file.append("", '[brand]\nname = "B"'), tmp_path / "link.toml")
    assert (tmp_path / "link.toml").is_symlink()
    assert load(tmp_path / "mine.toml").brand.name == "B"
    assert sorted(one.name for one in tmp_path.glob("*.toml*")) == ["link.toml", "mine.toml"]
    assert not file.exists()


def test_who_is_not_heard_is_told_what_to_do(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "gensvar init" in advice(Settings(), None)
    run("init", text="Tallkotte\nSE\nx\n")
    assert "gensvar connect" in advice(load(file), None)
    file.write_text('[[account]]\nchannel = "bluesky"\nhandle = "a.example"\n')
    monkeypatch.setattr("models.secrets.found", lambda _called: "")
    assert "gensvar doctor" in advice(load(file), None)
    monkeypatch.setenv("GENSVAR_BLUESKY_APP_PASSWORD", "k")
    assert advice(load(file), None) == ""


async def test_an_empty_desk_says_what_to_do_on_as_many_lines_as_it_needs(house: House) -> None:
    told = "Nobody is listened to yet. " * 4 + "Leave with q; `gensvar init` asks."
    async with sat_down(house.desk(replace(house.place(), advice=told)), 80, 24) as hand:
        await hand.until_shown("Nobody is listened", "`gensvar init` asks.")
    async with sat_down(house.desk(), 80, 24) as hand:
        await hand.until_shown("0 shows what is read", "takes mentions in")


def test_after_the_demo_the_way_to_a_desk_of_ones_own_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    after_demo(None)
    without = capsys.readouterr().err
    assert "init" in without
    assert "doctor" in without
    assert "--keep" not in without
    after_demo(tmp_path / "my demo.db")
    assert f"--keep '{tmp_path / 'my demo.db'}'" in capsys.readouterr().err
