"""`gensvar digest` and `insight`: the page shown, explained, written into files and sent."""

import json
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.words import LANGUAGES
from tests.listener.mailroom import Room, opened
from tests.tui.test_cli import Run, line, run_sqlite, write

__all__ = ("run_sqlite",)
TODAY = datetime.now(ZoneInfo("Europe/Stockholm")).date().isoformat()


@pytest.fixture
def filled(run_sqlite: Run, tmp_path: Path) -> Run:
    """Two complaints of today."""
    at = datetime.now(UTC).isoformat()
    lines = [line(number, posted_at=at) for number in (1, 2)]
    assert run_sqlite("import", str(write(tmp_path / "a.jsonl", *lines))).exit_code == 0
    return run_sqlite


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fits_and_its_ids_resolve(filled: Run, language: str) -> None:
    page = filled("digest", "--date", TODAY, "--lang", language).stdout.splitlines()
    assert len(page) <= 40
    assert max(map(len, page)) <= 78
    rows = json.loads(filled("digest", "--date", TODAY, "--rows", "needed").stdout)
    queued = json.loads(filled("queue", "--json").stdout)
    assert sorted(rows) == sorted(one["id"] for one in queued)


def test_every_figure_is_defined_in_every_language(filled: Run) -> None:
    told = {filled("digest", "--define", "--lang", one).stdout for one in LANGUAGES}
    assert len(told) == len(LANGUAGES)
    assert filled("digest", "--rows", "fun").exit_code == 2


def test_the_preview_is_text_page_and_mail(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert filled("digest", "--date", TODAY, "--lang", "sv", "--preview", str(out)).exit_code == 0
    text = (out / "digest.txt").read_text(encoding="utf-8")
    html = (out / "digest.html").read_text(encoding="utf-8")
    mail = BytesParser(policy=default).parsebytes((out / "digest.eml").read_bytes())
    assert text.splitlines()[3] == "HÅLLER VI VAD VI LOVAR?"
    assert "Håller vi vad vi lovar?" in html
    assert "2" in str(mail["Subject"])
    parts = [part.get_content_type() for part in mail.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


def test_a_folder_that_cannot_be_is_said(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = filled("digest", "--preview", str(tmp_path / "file" / "x"))
    assert done.exit_code != 0
    assert "cannot be written" in done.stderr or "cannot be written" in str(done.exception)


def test_a_test_mail_goes_to_one_address(filled: Run, tmp_path: Path) -> None:
    room = Room()
    with opened(room) as port:
        config = tmp_path / "c.toml"
        config.write_text(
            f"[smtp]\nhost = '127.0.0.1'\nport = {port}\nsecurity = 'none'\n"
            "sender = 'desk@tallkotte.example'\n"
        )
        done = filled(
            "--config", str(config), "digest", "--date", TODAY, "--test", "me@tallkotte.example"
        )
        wrong = filled("--config", str(config), "digest", "--test", "å@tallkotte.example")
    assert done.exit_code == 0, done.output
    assert room.readers == [["me@tallkotte.example"]]
    assert str(room.mails[0]["Subject"]).startswith("Test: ")
    assert "is no mail address" in str(wrong.exception)


def test_a_brand_the_config_does_not_name_is_called_as_its_account(
    filled: Run, tmp_path: Path
) -> None:
    assert filled("digest").stdout.startswith("GENSVAR · ")
    config = tmp_path / "c.toml"
    config.write_text("[[account]]\nchannel = 'x'\nhandle = 'tallkotte'\nname = 'Tallkotte AB'\n")
    assert filled("--config", str(config), "digest").stdout.startswith("TALLKOTTE AB · ")
    config.write_text(config.read_text() + "[brand]\nname = 'Tallkotte'\n")
    assert filled("--config", str(config), "digest").stdout.startswith("TALLKOTTE · ")


def test_what_was_learnt_stands_on_the_page(filled: Run) -> None:
    number = json.loads(filled("queue", "--json").stdout)[0]["id"]
    assert filled("insight", str(number), "Alla får två nummer.", "--named").exit_code == 0
    page = filled("digest", "--date", TODAY).stdout
    assert "Alla får två nummer." in page
    assert f"#{number}" in page
    assert filled("insight", "999", "Nej.").exit_code != 0
    assert filled("insight", str(number), " ").exit_code != 0
