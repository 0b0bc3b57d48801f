"""A phrase file: look-alikes, values, and what of a broken one still works."""

from pathlib import Path

from models.phrases import Book, Books, Text

WHOLE = """
[number]
two = 2
[groups]
we = ["we", "i"]
[tone]
sorry = ["sorry", "{we} regret"]
sorry_not = ["sorry sight"]
[time]
days = ["within <n> days"]
[suggest]
apology = "I am sorry."
"""


def book(folder: Path, text: str) -> Book:
    (folder / "en.toml").write_text(text, encoding="utf-8")
    return Book(folder / "en.toml")


def found(read: Book, name: str, text: str) -> list[str]:
    seen = read.read(Text(text))
    return [text[slice(*seen.span(hit))] for hit in seen.all(name)]


def test_lists_look_alikes_and_values(tmp_path: Path) -> None:
    whole = book(tmp_path, WHOLE)
    assert whole.problems == []
    assert found(whole, "tone.sorry", "Sorry! We regret this sorry sight.") == [
        "Sorry",
        "We regret",
    ]
    assert found(whole, "time.days", "within two days, within 3 days") == [
        "within two days",
        "within 3 days",
    ]
    assert whole.values("number") == {"two": 2}
    assert whole.said("suggest", "apology") == "I am sorry."
    assert whole.said("suggest", "nothing") == ""


def test_a_broken_list_is_named_with_its_line_and_the_others_work(tmp_path: Path) -> None:
    broken = WHOLE.replace('days = ["within', 'days = "within')
    read = book(tmp_path, broken)
    [problem] = read.problems
    assert problem.startswith("en.toml, line 10:")
    assert found(read, "tone.sorry", "sorry, we regret it") == ["sorry", "we regret"]
    assert found(read, "time.days", "within two days") == []
    assert read.said("suggest", "apology") == "I am sorry."


def test_a_bad_phrase_is_named_with_its_line_and_the_others_work(tmp_path: Path) -> None:
    read = book(tmp_path, WHOLE.replace('"{we} regret"', '"{them} regret", "we (regret"'))
    assert [problem[:17] for problem in read.problems] == ["en.toml, line 7: "] * 2
    assert "{them} regret" in read.problems[0]
    assert found(read, "tone.sorry", "sorry, we regret it") == ["sorry"]


def test_a_file_that_is_no_text_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "sv.toml").write_bytes(b"\xff\xfe\x00")
    books = Books(tmp_path)
    assert books["sv"].words("a", "b") == frozenset()
    assert books["da"].read(Text("hej")).all("tone.sorry") == []
    assert [problem[:7] for problem in books.problems] == ["sv.toml", "da.toml"]


def test_the_shipped_files_hold_the_same_lists_and_no_mistake() -> None:
    from models import promises, reply_check

    for books in (reply_check.PHRASES, promises.PHRASES):
        names = [{n for n in one.lists if not n.endswith("_not")} for one in books.every]
        assert books.problems == []
        for one in names:
            missing = set[str]().union(*names) - one
            assert {name for name in missing if not name.startswith(OPTIONAL)} == set()


OPTIONAL = ("greeting.after_name", "time.before_date", "loose.", "minutes.")
"""Lists that a language may do without."""


def test_only_the_lists_asked_for_are_made_ready(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    file.write_text('[shoes]\nsv = ["sko*"]\nsv_not = ["skola"]\nen = ["(shoe"]\n', "utf-8")
    book = Book(file, only=("sv",))
    assert book.problems == []
    assert book.read(Text("Skorna")).any("shoes.sv")
    assert not book.read(Text("Skola")).any("shoes.sv")
    assert not Book(file, only=()).read(Text("Skorna")).any("shoes.sv")
    assert len(Book(file).problems) == 1
