"""`check-reply` and `promise parse` as scripts see them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tui.cli import gensvar

Run = Callable[..., Result]
WEAK = "Tack för ditt meddelande! Vi återkommer inom kort."
MENTION = "Tredje veckan utan paket. Var är det?"
AT = "2026-11-23T10:00:00+01:00"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object, text: str | None = None) -> Result:
        return CliRunner().invoke(gensvar, [str(part) for part in arguments], input=text)

    return invoke


def file(folder: Path, *rows: object) -> Path:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in rows]
    (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "rows.jsonl"


def raised(findings: list[dict[str, Any]]) -> set[str]:
    return {one["rule"] for one in findings if one["level"] != "hint"}


def test_a_weak_reply_is_told_why(run: Run) -> None:
    done = run("check-reply", "--mention", MENTION, "--reply", WEAK, "--lang", "sv",
               "--intent", "complaint", "--at", AT, "--json")  # fmt: skip
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert raised(found) == {"RC01", "RC03", "RC06"}
    assert {"rule", "level", "span", "why", "fix"} <= set(found[0])
    [promise] = [one for one in found if one["rule"] == "RC06"]
    assert WEAK[slice(*promise["span"])].startswith("Vi återkommer")


def test_without_json_it_is_a_table(run: Run) -> None:
    done = run("check-reply", "--mention", MENTION, "--reply", WEAK)
    assert done.exit_code == 0
    assert "RC01" in done.stdout
    assert "Soon is no time" in done.stdout


def test_language_and_intent_are_told_from_the_post(run: Run) -> None:
    fine = "Hi Kim, yes, on Saturday from ten to four. /Anna"
    done = run("check-reply", "--mention", "What time do you open on Saturday?", "--reply", fine)
    assert done.exit_code == 0
    assert "RC01" not in done.stdout


def test_private_and_name(run: Run) -> None:
    reply = "Hej Stig! Förlåt. Skriv ditt personnummer, så ringer jag i dag. /Anna"
    done = run("check-reply", "--mention", MENTION, "--reply", reply, "--name", "Patrik", "--json")
    assert {"RC05", "RC10"} <= raised(json.loads(done.stdout))
    done = run("check-reply", "--mention", MENTION, "--reply", reply, "--name", "Patrik",
               "--private", "--json")  # fmt: skip
    assert raised(json.loads(done.stdout)) == {"RC05"}


def test_a_file_of_replies(run: Run, tmp_path: Path) -> None:
    good = {
        "id": "a",
        "mention": MENTION,
        "reply": WEAK,
        "lang": "sv",
        "intent": "complaint",
        "at": AT,
    }
    private = {
        "id": 2,
        "mention": MENTION,
        "reply": "Förlåt. Skriv ditt personnummer.",
        "public": False,
    }
    rows = file(tmp_path, good, "{broken", "", private, {"id": 3}, {"reply": 5}, "[]",
                {"reply": "x", "intent": "rant"}, {"reply": "x", "at": "soon"})  # fmt: skip
    done = run("check-reply", "--file", rows)
    assert done.exit_code == 1
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], raised(first["findings"])) == ("a", {"RC01", "RC03", "RC06"})
    assert second["id"] == 2
    assert "RC10" not in raised(second["findings"])
    for number in (2, 5, 6, 7, 8, 9):
        assert f"line {number}:" in done.stderr


def test_standard_input_and_a_missing_file(run: Run, tmp_path: Path) -> None:
    done = run("check-reply", "--file", "-", text=json.dumps({"mention": "", "reply": ""}))
    assert done.exit_code == 0
    assert json.loads(done.stdout)["id"] == 1
    assert run("check-reply", "--file", tmp_path / "none.jsonl").exit_code != 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("check-reply",),
        ("check-reply", "--reply", "x", "--at", "tomorrow"),
        ("check-reply", "--reply", "x", "--intent", "rant"),
        ("promise", "parse"),
        ("promise", "parse", "--text", "x", "--tz", "Mars/Base"),
    ],
)
def test_wrong_use(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_promises_of_a_text(run: Run) -> None:
    done = run(
        "promise", "parse", "--text", "Jag ringer dig senast kl 15 i dag", "--at", AT, "--json"
    )
    assert done.exit_code == 0
    [one] = json.loads(done.stdout)
    assert one["action"] == "call"
    assert one["due_at"] == "2026-11-23T14:00:00Z"
    assert one["text"] == "Jag ringer dig senast kl 15 i dag"
    assert (
        json.loads(run("promise", "parse", "--text", "Hej!", "--lang", "sv", "--json").stdout) == []
    )
    assert (
        "no time" in run("promise", "parse", "--text", "Vi återkommer snart", "--lang", "sv").stdout
    )


def test_a_file_of_promises(run: Run, tmp_path: Path) -> None:
    rows = file(
        tmp_path,
        {
            "id": 1,
            "text": "Soitan huomenna.",
            "lang": "fi",
            "at": "2026-12-05T10:00:00+02:00",
            "tz": "Europe/Helsinki",
        },
        {"id": 2, "text": "x", "tz": "Mars/Base"},
        {"id": 3},
    )
    done = run("promise", "parse", "--file", rows)
    assert done.exit_code == 1
    [only] = map(json.loads, done.stdout.splitlines())
    assert only["id"] == 1
    assert only["promises"][0]["due_at"] == "2026-12-07T16:00:00Z"
    assert "line 2:" in done.stderr
    assert "line 3:" in done.stderr


_LOADED = """
import sys
from tui.cli import main
try:
    main(["check-reply", "--mention", "Var är det?", "--reply", "Tack! Vi återkommer.", "--json"])
finally:
    heavy = {"sqlalchemy", "onnxruntime", "transformers", "numpy", "textual"}
    print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_it_ends_within_a_second_and_loads_no_records_and_no_model() -> None:
    began = os.times()
    command = [sys.executable, "-c", _LOADED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ended = os.times()
    assert done.stderr.strip().endswith("[]"), done.stderr
    used = ended.children_user - began.children_user + ended.children_system - began.children_system
    assert used < 3  # half a second on a quiet machine
