"""Saved replies: what their file may hold, those in the box, what the check makes of them."""

import tomllib
from pathlib import Path

import pytest

from models.reply_check import COMPLAINT, HINT, PRAISE, Names, Remark, Thread, salutation
from models.saved_replies import SEAM, STARTER, SavedReplies, SavedReply, filled, load
from models.settings import SAVED_REPLIES
from models.settings import load as load_settings
from tests.models.reply_check.drafts import remarks

WRITTEN = {
    (entry["language"], entry["name"]): entry
    for entry in tomllib.loads(Path(__file__).with_name("written.toml").read_text("utf-8"))[
        "written"
    ]
}
PRAISED = ("Tack för beröm", "Takk for ros", "Tak for ros", "Kiitos kehuista", "Thanks for praise")
SHIPPED = pytest.mark.parametrize(
    "saved", load().all, ids=lambda saved: f"{saved.language} {saved.name}"
)
GOOD = '[[saved]]\nname = "{}"\nlanguage = "{}"\ntext = "{}"\n'
TEXT = "Vi beklagar {vad}. Vi ringer dig i dag."


def file_of(folder: Path, content: str) -> SavedReplies:
    """The saved replies of a file with this content."""
    file = folder / SAVED_REPLIES
    file.write_text(content, encoding="utf-8")
    return SavedReplies(file)


def checked(reply: str, saved: SavedReply) -> list[Remark]:
    """What is said of a reply that began with a saved one, to the post it would answer."""
    post = WRITTEN[saved.language, saved.name]["post"]
    intent = PRAISE if saved.name in PRAISED else COMPLAINT
    begun = Thread(saved=saved.text)
    found = remarks(reply, saved.language, begun, mention=post, intent=intent)
    return [one for one in found if one.level != HINT]


def in_words(saved: SavedReply) -> str:
    """A saved reply as somebody would fill it in."""
    words = iter(WRITTEN[saved.language, saved.name]["words"])
    text = SEAM.sub(lambda _seam: str(next(words)), saved.text)
    assert next(words, None) is None
    return text


def test_six_in_each_language_are_in_the_box() -> None:
    shipped = load()
    assert shipped.problems == ()
    languages = [one.language for one in shipped.all]
    assert {name: languages.count(name) for name in languages} == dict.fromkeys(
        ("sv", "nb", "da", "fi", "en"), 6
    )


@SHIPPED
def test_filled_in_it_passes_our_own_check(saved: SavedReply) -> None:
    greeting = salutation(Names("Patrik"), saved.language)
    assert checked(f"{greeting} {in_words(saved)} /Anna", saved) == []
    assert checked(in_words(saved), saved) == []


@SHIPPED
def test_with_its_seams_it_cannot_leave(saved: SavedReply) -> None:
    greeting = salutation(Names("Patrik"), saved.language)
    for reply in (saved.text, f"{greeting} {saved.text} /Anna"):
        assert {"RC04", "RC17"} <= {one.rule for one in checked(reply, saved)}
    bare = SEAM.sub("", saved.text)
    for reply in (bare, f"{greeting} {bare} /Anna"):
        assert "RC04" in {one.rule for one in checked(reply, saved)}


@SHIPPED
def test_a_single_seam_left_blocks(saved: SavedReply) -> None:
    words = WRITTEN[saved.language, saved.name]["words"]
    for number in range(len(words)):
        left = iter([*words[:number], "{här}", *words[number + 1 :]])
        reply = SEAM.sub(lambda _seam, left=left: next(left), saved.text)  # type: ignore[misc]
        assert "RC17" in {one.rule for one in checked(reply, saved)}


@SHIPPED
def test_it_is_found_again_by_its_words(saved: SavedReply) -> None:
    for draft in (saved.text, in_words(saved), f"Hej!\n\n{in_words(saved)}\n/Anna"):
        assert load().begun(draft) == saved
    halved = in_words(saved)[: len(in_words(saved)) // 2]
    assert load().begun(halved) is None


@SHIPPED
def test_its_topics_are_those_of_our_sets(saved: SavedReply) -> None:
    from models import topics

    known = {one.name for trade in topics.TRADES for one in topics.load(trade).all}
    assert {*saved.topics} <= known


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[[saved]\nname = "a"\n', ("saved_replies.toml is not valid TOML", "line 1")),
        ('[[save]]\nname = "a"\n', ("saved_replies.toml", "save is unknown", "[[saved]]")),
        ('saved = "a"\n', ("saved is unknown", "[[saved]]")),
        (GOOD.format("Sent", "sv", "Vi beklagar."), ("saved reply Sent", "no open place")),
        (GOOD.format("Sent", "sv", "Vi beklagar {}."), ("saved reply Sent", "no open place")),
        (GOOD.format("Sent", "sv", "Vi {a} och {b."), ("saved reply Sent", "brace stands alone")),
        (GOOD.format("Sent", "sv", "Vi {a} och {b {c}}."), ("Sent", "brace stands alone")),
        (GOOD.format("Sent", "sv", "Vi {a} {" + "b" * 79 + "}."), ("Sent", "too many words")),
        (GOOD.format("Sent", "is", TEXT), ("saved reply Sent", "is is none of our languages")),
        (GOOD.format("Sent", "sv", TEXT * 30), ("Sent", "text has more than 1000 characters")),
        (GOOD.format("S" * 61, "sv", TEXT), ("name has more than 60 characters",)),
        (GOOD.format("Sent", "sv", TEXT + "\\u001b"), ("saved reply Sent", "control characters")),
        (GOOD.format("Sent", "sv", TEXT + "\\u202e"), ("saved reply Sent", "control characters")),
        (GOOD.format("Se\\nnt", "sv", TEXT), ("Se nt", "control characters")),
        (GOOD.format("Sent", "sv", TEXT) + 'topic = ["a"]\n', ("Sent", "topic is unknown")),
        (GOOD.format("Sent", "sv", TEXT) + 'topics = "a"\n', ("Sent", "no list of names")),
        (GOOD.format("Sent", "sv", TEXT) + "topics = [1]\n", ("Sent", "no list of names")),
        ('[[saved]]\nlanguage = "sv"\ntext = "{a}"\n', ("saved reply #1", "name is missing")),
        ('[[saved]]\nname = "a"\nlanguage = "sv"\ntext = 5\n', ("reply a", "text is missing")),
        (
            GOOD.format("Sent", "sv", TEXT) + GOOD.format("SENT", "sv", "Hej {a}."),
            ("saved reply SENT", "its name stands twice for sv"),
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, content: str, told: tuple[str, ...]
) -> None:
    (problem,) = file_of(tmp_path, content).problems
    assert all(words in problem for words in told), problem


def test_a_fault_leaves_the_others_at_work(tmp_path: Path) -> None:
    good, bad = GOOD.format("Sent", "sv", TEXT), GOOD.format("Fel", "xx", TEXT)
    same = GOOD.format("Sent", "nb", "Vi beklager {hva}.")
    found = file_of(tmp_path, bad + good + same)
    assert [(one.name, one.language) for one in found.all] == [("Sent", "sv"), ("Sent", "nb")]
    assert len(found.problems) == 1


def test_an_empty_file_has_none_and_a_missing_one_is_named(tmp_path: Path) -> None:
    assert file_of(tmp_path, "").all == ()
    assert file_of(tmp_path, "").problems == ()
    (problem,) = load(str(tmp_path / "nowhere.toml")).problems
    assert "nowhere.toml cannot be read" in problem
    latin = tmp_path / "latin.toml"
    latin.write_bytes('[[saved]]\nname = "å"\n'.encode("latin-1"))
    assert "latin.toml is not valid TOML" in SavedReplies(latin).problems[0]


def test_those_that_fit_stand_first_and_none_is_left_out() -> None:
    found = load().fitting("da", ["late_refund", "price"])
    assert {*found} == {*load().all}
    assert [one.language for one in found[:6]] == ["da"] * 6
    assert found[0].name == "Pengene er på vej"
    assert load().fitting(None, []) == [*load().all]


def test_of_two_that_a_draft_holds_it_began_with_the_longer(tmp_path: Path) -> None:
    saved = file_of(
        tmp_path,
        GOOD.format("Kort", "sv", "Vi beklagar {vad}.") + GOOD.format("Lång", "sv", TEXT),
    )
    long = saved.begun("Vi beklagar väntan. Vi ringer\ndig i dag!")
    short = saved.begun("vi  BEKLAGAR väntan")
    assert long is not None
    assert short is not None
    assert (long.name, short.name) == ("Lång", "Kort")
    assert saved.begun("Vi ringer dig i dag. Vi beklagar väntan.") is not None
    assert saved.begun("Hej!") is None


def test_words_that_a_seam_alone_has_are_no_fixed_words(tmp_path: Path) -> None:
    assert file_of(tmp_path, GOOD.format("Fri", "sv", "{allt}!")).begun("Vad som helst") is None


def test_what_stands_where_the_seams_were() -> None:
    assert filled("A {x} b {y}.", "Hej! A 1 b 2 /C") == ("hej! ", [" 1 ", " 2 /c"], "")
    assert filled("{x} a {y}{z} b", "1 a 2 b /C") == ("", ["1 ", " 2 "], " /c")
    assert filled("A {x} b", "A {x} b") == ("", [" "], "")
    assert filled("A {x} b", "b {x} A") is None


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Hej Patrik! Vi beklagar. Vi ringer dig i dag. /Anna", True),
        ("Vi beklagar {vad}. Vi ringer dig i dag. Hälsningar Anna", True),
        ("VI  BEKLAGAR … Vi ringer dig i dag", True),
        ("Hej Patrik! Vi beklagar väntan. Vi ringer dig i dag. /Anna", False),
        ("Hej! Ditt paket står kvar i Luleå. Vi beklagar. Vi ringer dig i dag.", False),
        ("Vi beklagar. Vi ringer dig i dag, för paketet står kvar i Luleå.", False),
        ("Vi beklagar, och vi ringer i dag.", False),
    ],
)
def test_rc04_a_greeting_and_a_name_are_not_written_for_this_customer(
    reply: str, found: bool
) -> None:
    rules = {one.rule for one in remarks(reply, thread=Thread(saved=TEXT))}
    assert ("RC04" in rules) == found


@pytest.mark.parametrize(
    ("language", "names", "told"),
    [
        ("sv", Names("Britta", "Brita Ek"), "Hej Britta!"),
        ("nb", Names(None, "Ola Nordmann"), "Hei Ola!"),
        ("da", Names(None, "Søren Ø"), "Hej Søren."),
        ("fi", Names(None, "Anna-Liisa Aho"), "Hei Anna-Liisa!"),
        ("en", Names(None, "Zoë", "zoe99"), "Hi Zoë."),
        ("sv", Names(None, None, "kund17"), "Hej!"),
        ("sv", Names(None, "🌸 Britta"), "Hej!"),
        ("da", Names(None, "xX_britta_Xx"), "Hej."),
        ("en", Names(None, "K1llroy"), "Hi."),
    ],
)
def test_the_greeting_has_the_first_name_or_none(language: str, names: Names, told: str) -> None:
    assert salutation(names, language) == told


def test_the_file_is_looked_for_beside_the_settings(tmp_path: Path) -> None:
    config, beside = tmp_path / "config.toml", tmp_path / SAVED_REPLIES
    config.write_text("", "utf-8")
    assert load(load_settings(config).desk.saved_replies).all == SavedReplies(STARTER).all
    beside.write_text(GOOD.format("Sent", "sv", TEXT), "utf-8")
    assert load_settings(config).desk.saved_replies == str(beside)
    other = tmp_path / "other.toml"
    config.write_text(f'[desk]\nsaved_replies = "{other}"\n', "utf-8")
    assert load_settings(config).desk.saved_replies == str(other)
