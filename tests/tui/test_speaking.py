"""Help, and what click says of wrong use, in the language of whoever reads it."""

import ast
import gettext
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from models import words
from models.words import LANGUAGES, speaking
from tests.models.test_catalogues import messages, template
from tui.cli import gensvar
from tui.speaking import OF_CLICK, SPOKEN, Argument, Command, Option

Run = Callable[..., Result]

BEGINS = {
    "en": "Usage: gensvar [OPTIONS] [COMMAND] [ARGS]...",
    "sv": "Användning: gensvar [FLAGGOR] [KOMMANDO] [ARGUMENT]...",
    "nb": "Bruk: gensvar [VALG] [KOMMANDO] [ARGUMENTER]...",
    "da": "Brug: gensvar [TILVALG] [KOMMANDO] [ARGUMENTER]...",
    "fi": "Käyttö: gensvar [VALITSIMET] [KOMENTO] [ARGUMENTIT]...",
}
HEADS = {
    "en": ("Options:", "Commands:", "Show this message and exit.", "What waits, in order."),
    "sv": ("Flaggor:", "Kommandon:", "Visa den här hjälpen", "Det som väntar, i ordning."),
    "nb": ("Valg:", "Kommandoer:", "Vis denne hjelpen", "Det som venter, i rekkefølge."),
    "da": ("Tilvalg:", "Kommandoer:", "Vis denne hjælp", "Det, der venter, i rækkefølge."),
    "fi": ("Valitsimet:", "Komennot:", "Näytä tämä ohje", "Odottavat maininnat järjestyksessä."),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command in an empty folder, on a system that speaks a language."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)

    def invoke(language: str, *arguments: str) -> Result:
        monkeypatch.setenv("LC_ALL", f"{language}_XX.UTF-8")
        return CliRunner().invoke(gensvar, arguments, prog_name="gensvar")

    yield invoke
    words.speak("en")


def commands(
    group: click.Group = gensvar, *above: str
) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command by the words it is called by, groups included."""
    for name, command in group.commands.items():
        assert isinstance(command, Command), name
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_in_the_language_of_the_system(run: Run, language: str) -> None:
    told = run(language, "--help")
    assert told.stdout.splitlines()[0] == BEGINS[language]
    assert [head for head in HEADS[language] if head not in told.stdout] == []
    assert told.exit_code == 0


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_command_keeps_its_options_in_every_language(run: Run, language: str) -> None:
    """Every command's help differs from the English one, in words and never in names."""
    for path, _command in commands():
        english, told = (run(code, *path, "--help").stdout for code in ("en", language))
        assert told != english, path
        assert flags(told) == flags(english), path


def flags(told: str) -> set[str]:
    return set(re.findall(r"(?<!\w)--?[a-z][a-z-]*", told))


def test_every_word_of_help_can_be_translated() -> None:
    """Nobody used click's own option or argument, which would speak English to everybody."""
    known, lost = messages(template()), []
    with speaking("en"):
        for path, command in (((), gensvar), *commands()):
            told = [command.help]
            for parameter in command.params:
                assert isinstance(parameter, Option | Argument), (path, parameter)
                told.append(parameter.help if isinstance(parameter, Option) else None)
            lost += [(path, text) for text in told if text and text not in known]
    assert lost == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("bogus",), "Virhe: Komentoa 'bogus' ei ole."),
        (("quueue",), "Virhe: Komentoa 'quueue' ei ole. Tarkoititko 'queue'?"),
        (("import",), "Virhe: Puuttuva argumentti 'TIEDOSTO'."),
        (("dismiss", "1"), "Virhe: Puuttuva valitsin '--reason'."),
        (("--bogus",), "Virhe: Valitsinta '--bogus' ei ole."),
        (("queue", "1", "2"), "Virhe: Ylimääräisiä argumentteja (1 2)"),
        (("queue", "--lane"), "Virhe: Valitsin '--lane' tarvitsee arvon."),
        (("queue", "--lane", "9"), "kohdassa '--lane': 9 ei ole välillä 0<=x<=4."),
        (("queue", "--lane", "x"), "kohdassa '--lane': 'x' ei ole kelvollinen luku."),
        (("ledger", "--date", "x"), "kohdassa '--date': 'x' ei ole muotoa '%Y-%m-%d'."),
        (("digest", "--lang", "x"), "kohdassa '--lang': 'x' ei ole mikään näistä: 'en', "),
    ],
)
def test_wrong_use_is_told_in_finnish(run: Run, arguments: tuple[str, ...], told: str) -> None:
    ended = run("fi", *arguments)
    assert told in ended.stderr
    assert not re.search("Usage|Error|Try|Invalid", ended.stderr)
    assert ended.exit_code == 2


def test_usage_and_the_way_to_help_are_told_with_it(run: Run) -> None:
    assert run("fi", "dismiss").stderr.splitlines() == [
        "Käyttö: gensvar dismiss [VALITSIMET] ID",
        "Ohjeen saat komennolla `gensvar dismiss --help`.",
        "",
        "Virhe: Puuttuva argumentti 'ID'.",
    ]


def test_the_config_goes_before_the_system(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('language = "da"')
    assert run("sv", "--help").stdout.startswith("Brug: ")
    assert "Fejl: Mangler argumentet 'ID'." in run("sv", "reopen").stderr


def test_the_config_that_is_named_goes_before_the_one_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('language = "da"')
    named = tmp_path / "named.toml"
    named.write_text('language = "nb"')
    assert run("sv", "--config", str(named), "--help").stdout.startswith("Bruk: ")
    assert run("sv", "--config", str(named), "queue", "--help").stdout.startswith("Bruk: ")
    named.write_text("")
    assert run("sv", "--config", str(named), "--help").stdout.startswith("Användning: ")


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ('language = "fi"\nbogus = 1', "Käyttö: "),
        ('language = "xx"', "Användning: "),
        ("language = [", "Användning: "),
        ("language = 3", "Användning: "),
    ],
)
def test_a_broken_config_does_not_stop_help(
    run: Run, tmp_path: Path, written: str, begins: str
) -> None:
    (tmp_path / "config.toml").write_text(written)
    ended = run("sv", "--help")
    assert ended.stdout.startswith(begins)
    assert ended.exit_code == 0


def test_the_program_itself_speaks_swedish(tmp_path: Path) -> None:
    told = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    root = str(Path(__file__).parents[2])
    ended = subprocess.run(
        [sys.executable, "-m", "tui.cli", "import", "--help"],
        env={**told, "LANG": "sv_SE.UTF-8", "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": root},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ended.stdout.startswith("Användning: gensvar import [FLAGGOR] FIL\n")
    assert "Källans namn" in ended.stdout
    assert ended.stderr == ""


def test_click_still_says_what_is_translated() -> None:
    """Its words as they stand in its own code, whose next version may have others."""
    said = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value.casefold())
    ours = [one for told in OF_CLICK for one in ((told,) if isinstance(told, str) else told)]
    assert [one for one in ours if one.casefold() not in said] == []


def test_no_room_of_click_is_left_to_the_locale() -> None:
    """The progress bar's days, the completion of shells and Windows' console apart."""
    apart = {"click._termui_impl", "click.shell_completion", "click.utils", "click._winconsole"}
    left = {
        name
        for name, module in sys.modules.items()
        if name.startswith("click.") and getattr(module, "_", None) is gettext.gettext
    }
    assert left <= apart
    assert {vars(room)["_"] for room in SPOKEN} == {words._}
