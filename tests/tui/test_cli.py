"""The commands as scripts see them: names, JSON, exit codes, one sentence for every mistake."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from listener.sandbox import SandboxNetwork
from models.errors import Held, UserError
from tui.cli import gensvar, main

Run = Callable[..., Result]


def line(number: int, **more: Any) -> dict[str, Any]:
    """One line of an import file: a customer's invented post."""
    post = {
        "channel": "x",
        "external_id": str(number),
        "author": {"external_id": f"u{number}", "handle": f"kund{number}", "followers": 3},
        "text": "Tredje veckan utan paket. Var är det?",
        "posted_at": "2026-11-20T10:00:00Z",
        "conversation": str(number),
        "addressed": True,
        "lang": "sv",
    }
    return {**post, **more}


def write(file: Path, *lines: object) -> Path:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def run(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder, on a database of each kind."""
    address = request.getfixturevalue(f"{request.param}_address")
    return _runner(address, tmp_path, monkeypatch)


@pytest.fixture
def run_sqlite(sqlite_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return _runner(sqlite_address, tmp_path, monkeypatch)


def _runner(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("GENSVAR_DATABASE_URL", address)
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.chdir(folder)

    def invoke(*arguments: object, text: str | None = None) -> Result:
        result = CliRunner().invoke(gensvar, [str(part) for part in arguments], input=text)
        if isinstance(result.exception, UserError):  # what main() turns into a sentence
            return result
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return invoke


def read(result: Result) -> Any:
    return json.loads(result.stdout)


def test_import_queue_ledger_audit_agree(run: Run, tmp_path: Path) -> None:
    ours = line(2, own=True, in_reply_to="1", conversation="1", text="Hej! Vi söker det nu.")
    ours["posted_at"] = "2026-11-20T11:00:00Z"
    file = write(tmp_path / "a.jsonl", line(1), ours, line(3))
    result = run("import", file)
    assert result.exit_code == 0
    assert "2 new, 0 duplicate, 1 own, 0 rejected" in result.stderr
    (waiting,) = read(run("queue", "--json"))
    assert waiting["external_id"] == "3"
    wanted = {"id", "channel", "external_id", "lane", "due_at", "complaint", "author", "text"}
    assert wanted | {"why"} <= waiting.keys()
    assert sum(term["minutes"] for term in waiting["why"]) == waiting["allowance_minutes"]
    assert waiting["due_at"].endswith("Z")
    entries = read(run("ledger", "--json"))
    assert [(e["external_id"], e["state"], e["how"]) for e in entries] == [
        ("1", "answered", "native"),
        ("3", "open", None),
    ]
    assert entries[0]["waited_minutes"] == 60
    found = read(run("audit", "--json"))
    assert (found["mentions"], found["open"], found["answered_natively"]) == (2, 1, 1)
    assert found["violations"] == []
    assert "0 new, 3 duplicate, 0 own, 0 rejected" in run("import", file).stderr
    assert read(run("audit", "--json")) == found


def test_importing_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", line(1), line(2))
    run("import", file)
    again = read(run("import", file, "--json"))
    assert (again["new"], again["duplicate"], again["rejected"]) == (0, 2, [])


def test_bad_lines_are_named_and_the_good_ones_go_in(run: Run, tmp_path: Path) -> None:
    hostile = line(5, text="\u0000 \u001b]0;x\u0007 \u202egnp", posted_at="2031-01-01T00:00:00Z")
    file = write(
        tmp_path / "a.jsonl",
        line(1),
        "no json",
        line(2, text=7),
        {"channel": "x"},
        line(3, text="x" * 5_000_000),
        "[" * 200_000,
        '{"channel": "x", "external_id": "6", "author": {"external_id": "a", "handle": "b"},'
        ' "text": "\\ud800 hej", "posted_at": "2026-11-20T10:00:00Z"}',
        hostile,
        line(4),
    )
    result = run("import", file, "--json")
    assert result.exit_code == 1
    counts = json.loads(result.stdout)
    assert counts["new"] == 4
    assert [bad["line"] for bad in counts["rejected"]] == [2, 3, 4, 5, 6]
    assert all(bad["reason"] for bad in counts["rejected"])
    flags = {entry["external_id"]: entry["flags"] for entry in read(run("queue", "--json"))}
    assert flags["6"] == ["surrogate"]
    assert set(flags["5"]) == {"nul", "control characters", "bidi", "future date"}
    table = run("queue").stdout + run("ledger").stdout
    assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(table)


def test_a_sandbox_mention_is_answered_once_with_proof(
    run_sqlite: Run, tmp_path: Path, sqlite_address: str
) -> None:
    (tmp_path / "config.toml").write_text("[outbox]\nundo_seconds = 0\n", encoding="utf-8")
    run_sqlite("import", write(tmp_path / "a.jsonl", line(1), line(2)), "--sandbox")
    first = read(run_sqlite("queue", "--json", "--limit", 1))[0]
    assert first["channel"] == "sandbox"
    assert run_sqlite("reply", first["id"], "--text", "Jag beklagar. /Anna").exit_code == 0
    twice = run_sqlite("reply", first["id"], "--text", "Jag beklagar. /Bo")
    assert "being answered" in str(twice.exception)
    for _time in range(3):
        assert run_sqlite("listen", "--once").exit_code == 0
    entries = {entry["id"]: entry for entry in read(run_sqlite("ledger", "--json"))}
    entry = entries[first["id"]]
    assert (entry["state"], entry["how"]) == ("answered", "reply")
    network = SandboxNetwork(tmp_path / "gensvar.sandbox.db")
    (published,) = network.log("reply")
    assert entry["proof"] == f"sandbox://{published['external_id']}"
    assert read(run_sqlite("audit", "--json"))["violations"] == []


def test_the_other_exits(run: Run, tmp_path: Path) -> None:
    run("import", write(tmp_path / "a.jsonl", line(1), line(2), line(3)))
    ids = [entry["id"] for entry in read(run("queue", "--json"))]
    assert run("dismiss", ids[0], "--reason", "spam").exit_code == 0
    assert run("answered", ids[1], "--link", "https://x.com/a/1").exit_code == 0
    assert "Nothing can be sent to X from here. Answer there" in str(
        run("reply", ids[2], "--text", "Hej").exception
    )
    found = read(run("audit", "--json"))
    assert (found["dismissed"], found["answered_by_hand"], found["open"]) == (1, 1, 1)
    assert run("reopen", ids[0]).exit_code == 0
    assert read(run("audit", "--json"))["open"] == 2


def test_judge_streams_json_lines(run_sqlite: Run) -> None:
    texts = [
        {"id": "a", "text": "Det brinner i laddaren, röken väller ut!", "lang": "sv"},
        {"text": "When do you open on Saturday?"},
        {"text": ""},
        {"text": "😀😀 https://example.org"},
    ]
    result = run_sqlite("judge", "-", "--json", text="\n".join(map(json.dumps, texts)))
    lines = [json.loads(text) for text in result.stdout.splitlines()]
    assert [entry["id"] for entry in lines] == ["a", 2, 3, 4]
    assert lines[0]["lane"] == 0
    assert "safety" in lines[0]["cues"]
    assert lines[1]["question"] > 0.5
    for entry in lines:
        assert set(entry["sentiment"]) == {"negative", "neutral", "positive"}
        assert abs(sum(entry["sentiment"].values()) - 1) < 0.01
        assert sum(term["minutes"] for term in entry["why"]) == entry["allowance_minutes"]
    assert run_sqlite("judge", "-", text='{"text": 1}\n').exit_code == 1


def test_judge_shows_a_table_as_it_goes(run_sqlite: Run, tmp_path: Path) -> None:
    file = tmp_path / "posts.jsonl"
    lines = [json.dumps({"text": f"Laddaren brinner! {n}", "lang": "sv"}) for n in range(200)]
    file.write_text("\n".join(lines), encoding="utf-8")
    shown = run_sqlite("judge", str(file)).stdout.splitlines()
    assert len(shown) == 201
    assert shown[0].split() == ["lane", "lang", "complaint", "cues", "text"]
    assert all(line.index("Laddaren") == shown[0].index("text") for line in shown[1:])


def test_a_model_that_is_none_is_told_in_a_sentence(run_sqlite: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[sentiment]\nmodel = "{tmp_path}"\n', encoding="utf-8")
    result = run_sqlite("--config", tmp_path / "config.toml", "judge", "-", text="")
    assert "there is no" in str(result.exception)
    assert isinstance(result.exception, UserError)


WEAK = "Tack för ditt meddelande! Vi återkommer inom kort."
GOOD = "Hej, jag beklagar att paketet dröjer. Jag ringer dig senast kl 15 i morgon. /Anna"


def test_a_weak_reply_is_held_back_unless_every_warning_has_a_reason(
    run: Run, tmp_path: Path
) -> None:
    run("import", write(tmp_path / "a.jsonl", line(1), line(2)), "--sandbox")
    held = run("reply", 1, "--text", WEAK)
    assert isinstance(held.exception, Held)
    assert all(rule in str(held.exception) for rule in ("RC01", "RC03", "RC06", "--override"))
    assert run("reply", 1, "--text", WEAK, "--override", "RC01").exit_code == 2
    reasons = [f"--override={rule}=sagt i telefon" for rule in ("RC01", "RC03", "rc06")]
    assert isinstance(run("reply", 1, "--text", WEAK, *reasons[:2]).exception, Held)
    assert run("reply", 1, "--text", WEAK, *reasons).exit_code == 0
    blocked = run("reply", 2, "--text", "Hej {{namn}}!", "--override", "RC17=ändå")
    assert isinstance(blocked.exception, Held)


def test_what_a_sent_reply_promises_is_listed_handed_over_and_kept(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text("[outbox]\nundo_seconds = 0\n")
    run("import", write(tmp_path / "a.jsonl", line(1)), "--sandbox")
    assert run("reply", 1, "--text", GOOD).exit_code == 0
    assert read(run("promise", "list", "--json")) == []
    run("listen", "--once")
    (owed,) = read(run("promise", "list", "--json"))
    assert (owed["action"], owed["state"], owed["mention_id"]) == ("call", "open", 1)
    assert run("promise", "hand-over", owed["id"], "--to", "Bo").exit_code == 0
    assert "Bo" in run("promise").stdout
    assert run("promise", "keep", owed["id"], "--note", "Fick svar.").exit_code == 0
    assert read(run("promise", "list", "--json")) == []
    assert read(run("audit", "--json"))["violations"] == []


@pytest.mark.parametrize(
    "command",
    [
        "connect threads",
        "customers",
        "rules try",
        "suppression export",
    ],
)
def test_what_comes_later_has_its_name_and_says_so(run_sqlite: Run, command: str) -> None:
    result = run_sqlite(*command.split())
    assert result.exit_code == 2
    assert "is not built yet" in result.stderr


def test_the_demo_runs_without_a_screen(
    run_sqlite: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run_sqlite("demo", "--headless", "6", "--keep", tmp_path / "kept.db", "--lang", "sv")
    summary = read(result)
    assert summary["mentions"] >= 700  # its past, and forty of the play
    assert summary["open"] >= 5  # it answers them one by one meanwhile
    assert summary["answered_natively"] >= 100
    assert summary["replies_published"] >= 1  # of the play; the past was answered before
    assert summary["published_twice"] == 0
    assert summary["violations"] == []
    assert [alarm["kind"] for alarm in summary["alarms"]] == ["overdue promise"]
    monkeypatch.setenv("GENSVAR_DATABASE_URL", f"sqlite:///{tmp_path / 'kept.db'}")
    waiting = read(run_sqlite("queue", "--json", "--limit", "1000"))
    assert len(waiting) == summary["open"]
    assert {row["external_id"][0] for row in waiting} == {"s"}  # of the stage, none of the past
    page = run_sqlite("digest", "--lang", "en").stdout
    assert "In time, 13 weeks" in page
    assert "·····" not in page  # no week without posts


def test_doctor_names_what_is_missing(run_sqlite: Run, tmp_path: Path) -> None:
    missing = run_sqlite("doctor", "--json")
    assert missing.exit_code == 0  # nothing is broken before the first use
    assert any("no database" in finding["says"] for finding in read(missing))
    run_sqlite("import", write(tmp_path / "a.jsonl", line(1)))
    assert run_sqlite("doctor").exit_code == 0


def test_a_digest_nobody_sends_is_named(run_sqlite: Run, tmp_path: Path) -> None:
    ahead = 12 - datetime.now(UTC).hour  # where it is noon now; these names count the other way
    reader = f"[hours]\nzone = 'Etc/GMT{-ahead:+d}'\n[digest]\nat = '07:30'\n"
    reader += "[[digest.to]]\nmail = 'vd@tallkotte.example'\n"
    server = "[smtp]\nhost = 'mail.tallkotte.example'\nsender = 'desk@tallkotte.example'\n"
    run_sqlite("import", write(tmp_path / "a.jsonl", line(1)))
    (tmp_path / "half.toml").write_text(reader, encoding="utf-8")
    (tmp_path / "whole.toml").write_text(reader + server, encoding="utf-8")
    half, whole = (("--config", str(tmp_path / f"{name}.toml")) for name in ("half", "whole"))
    found = {one["what"]: one["says"] for one in read(run_sqlite(*half, "doctor", "--json"))}
    assert found["digest"] == "readers are named but [smtp] names no host"
    found = {one["what"]: one["says"] for one in read(run_sqlite(*whole, "doctor", "--json"))}
    assert found["digest"] == "1 reader, at 07:30, by mail.tallkotte.example"
    assert found["leaders' page"] == "yesterday's: 1 mail waits"
    assert "vd@tallkotte.example is missing since" in found["missing digest"]
    alarms = read(run_sqlite(*whole, "audit", "--json"))["alarms"]
    assert [one["kind"] for one in alarms] == ["missing digest"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["queue"], 3, "There is no database"),
        (["import", "absent.jsonl"], 2, "no file"),
        (["import", "."], 2, "cannot be read"),
        (["dismiss", "9" * 20, "--reason", "spam"], 2, "is not in the range"),
        (["ledger", "--date", "9999-12-31"], 2, "no mentions in that year"),
        (["ledger", "--date", "heute"], 2, "does not match the format"),
        (["--config", "absent.toml", "queue"], 2, "cannot be read"),
        (["dismiss", "7"], 2, "--reason"),
        (["nonsense"], 2, "No such command"),
        ([], 3, "needs a terminal"),
        (["demo"], 3, "needs a terminal"),
    ],
)
def test_mistakes_end_in_one_sentence(
    run_sqlite: Run,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == code
    shown = capsys.readouterr().err
    assert says in shown
    assert "Traceback" not in shown


def test_a_wrong_setting_names_file_key_and_the_nearest(
    run_sqlite: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("[outbox]\nundo_secs = 3\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["queue"])
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert "config.toml" in shown
    assert "outbox.undo_secs" in shown
    assert "undo_seconds" in shown


def test_a_read_only_folder_is_one_sentence() -> None:
    """As a user who may not write there; root may write anywhere."""
    script = (
        "import os, sys\n"
        "import listener.importing, listener.worker, models.sentiment.lexicon_judge\n"
        "import sqlalchemy.dialects.sqlite, tui.output\n"
        "from tui.cli import main\n"
        "os.geteuid() == 0 and os.seteuid(65534)\n"
        "main(sys.argv[1:])\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = write(folder / "a.jsonl", line(1))
        folder.chmod(0o555)
        result = subprocess.run(
            [sys.executable, "-c", script, "import", str(file)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "GENSVAR_DATABASE_URL": f"sqlite:///{folder / 'g.db'}"},
        )
        assert [left.name for left in folder.iterdir()] == ["a.jsonl"]
    assert result.returncode == 3, result.stderr
    assert "Traceback" not in result.stderr


def test_a_corrupt_database_is_left_as_it_is(
    run_sqlite: Run, sqlite_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(sqlite_address.removeprefix("sqlite:///"))
    file.write_bytes(b"garbage" * 1000)
    with pytest.raises(SystemExit) as ended:
        main(["import", str(write(tmp_path / "a.jsonl", line(1)))])
    assert ended.value.code == 3
    assert "not a Gensvar database" in capsys.readouterr().err
    assert file.read_bytes() == b"garbage" * 1000


def test_a_query_command_never_loads_what_it_does_not_need() -> None:
    """`--help` and wrong use answer at once; reading never loads the listener or alembic."""
    script = (
        "import sys\n"
        "from tui.cli import gensvar\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'alembic', 'apscheduler', 'eld', 'listener'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_table_survives_sqlite_being_written_meanwhile(
    run_sqlite: Run, tmp_path: Path, sqlite_address: str
) -> None:
    run_sqlite("import", write(tmp_path / "a.jsonl", line(1)))
    writer = sqlite3.connect(sqlite_address.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("begin immediate")
    assert len(read(run_sqlite("queue", "--json"))) == 1
    writer.execute("rollback")
    writer.close()
