"""Imported files, line by line: what is good survives, whatever stands around it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listener.lines import Line, read
from models.errors import NotFound
from models.instant import to_rfc3339
from models.outside import TEXT_LIMIT
from models.post import Author, Media, Post

POSTED = "2026-11-21T14:05:00Z"
HEADING = "channel,external_id,author.external_id,author.handle,text,posted_at"


def entry(**changes: Any) -> dict[str, Any]:
    """A good line's content, with changes; None takes a field away."""
    content = {
        "channel": "x",
        "external_id": "1001",
        "author": {"external_id": "77", "handle": "britta", "name": "Britta Ek", "followers": 12},
        "text": "Var är mitt paket?",
        "posted_at": POSTED,
        **changes,
    }
    return {key: value for key, value in content.items() if value is not None}


def raw(**changes: Any) -> bytes:
    return json.dumps(entry(**changes)).encode()


GOOD = raw()


def lines_of(folder: Path, *lines: bytes, name: str = "posts.jsonl") -> list[Line]:
    file = folder / name
    file.write_bytes(b"\n".join(lines))
    return list(read(file))


def only(folder: Path, line: bytes) -> Line:
    """What becomes of a line between two good ones, which must both survive."""
    before, found, after = lines_of(folder, GOOD, line, raw(external_id="1002"))
    assert (before.number, found.number, after.number) == (1, 2, 3)
    assert before.post is not None
    assert after.post is not None
    assert (before.post.external_id, after.post.external_id) == ("1001", "1002")
    return found


def reason(folder: Path, line: bytes) -> str:
    found = only(folder, line)
    assert found.post is None
    assert 0 < len(found.reason) <= 200
    return found.reason


def post(folder: Path, line: bytes) -> Post:
    found = only(folder, line)
    assert found.post is not None, found.reason
    assert found.reason == ""
    return found.post


def rows_of(folder: Path, *rows: str, heading: str = HEADING) -> list[Line]:
    return lines_of(folder, "\n".join((heading, *rows)).encode(), name="posts.CSV")


def row(number: int, text: str = "Hej", end: str = "") -> str:
    return f"x,{number},77,britta,{text},{POSTED}{end}"


def test_a_whole_line_becomes_a_whole_post(tmp_path: Path) -> None:
    line = raw(
        url="https://x.example/1001",
        in_reply_to="1000",
        conversation="999",
        addressed=False,
        lang="sv",
        media=[{"kind": "image", "alt": "trasig låda", "url": "https://x.example/a.jpg"}],
        own=True,
        something_else={"a": [1]},
    )
    found = post(tmp_path, line)
    assert to_rfc3339(found.posted_at) == POSTED
    assert found == Post(
        channel="x",
        external_id="1001",
        author=Author("77", "britta", "Britta Ek"),
        text="Var är mitt paket?",
        posted_at=found.posted_at,
        url="https://x.example/1001",
        in_reply_to="1000",
        conversation="999",
        addressed=False,
        lang="sv",
        media=(Media("image", "trasig låda", "https://x.example/a.jpg"),),
        own=True,
    )


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    found = post(tmp_path, raw(author={"external_id": "77", "handle": "britta"}))
    assert (found.addressed, found.own, found.media, found.flags) == (True, False, (), ())
    assert (found.author.name, found.url, found.conversation, found.lang) == (None,) * 4


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"hej",
        GOOD[:-1],
        GOOD + b"}",
        GOOD + GOOD,
        b"{'channel': 'x'}",
        b"\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"text": "rad\x01"}',
        b"\x1b[2J",
    ],
)
def test_what_is_not_json_says_so(tmp_path: Path, line: bytes) -> None:
    assert reason(tmp_path, line).startswith("not JSON: ")


@pytest.mark.parametrize(
    "line", [b"null", b"[]", b"3", b'"post"', b"true", b"NaN", b"[" + GOOD + b"]"]
)
def test_json_that_is_no_post_is_refused(tmp_path: Path, line: bytes) -> None:
    assert reason(tmp_path, line)


@pytest.mark.parametrize("field", ["channel", "external_id", "author", "text", "posted_at"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    assert reason(tmp_path, raw(**{field: None})) == f"{field}: is missing"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": 3}, "channel"),
        ({"text": 3}, "text"),
        ({"text": ["a"]}, "text"),
        ({"author": "britta"}, "author"),
        ({"author": {"external_id": "77"}}, "author.handle"),
        ({"author": {"handle": "britta"}}, "author.external_id"),
        ({"author": {"external_id": True, "handle": "b"}}, "author.external_id"),
        ({"external_id": 1.5}, "external_id"),
        ({"external_id": True}, "external_id"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "9" * 301}, "external_id"),
        ({"external_id": ["1"]}, "external_id"),
        ({"addressed": "yes"}, "addressed"),
        ({"addressed": 1}, "addressed"),
        ({"own": "true"}, "own"),
        ({"media": {}}, "media"),
        ({"media": [{}]}, "media.0.kind"),
        ({"media": [{"kind": "image"}] * 51}, "media"),
        ({"url": 1}, "url"),
        ({"url": "h" * 2_001}, "url"),
        ({"lang": ["sv"]}, "lang"),
        ({"in_reply_to": {}}, "in_reply_to"),
    ],
)
def test_a_wrong_type_names_its_field(tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    assert reason(tmp_path, raw(**changes)).startswith(f"{field}: ")


@pytest.mark.parametrize("channel", ["facebook", "X", "", "x ", "\x1b[31m"])
def test_an_unknown_channel_is_answered_with_the_known_ones(tmp_path: Path, channel: str) -> None:
    assert reason(tmp_path, raw(channel=channel)) == (
        "channel: must be one of bluesky, mastodon, reddit, sandbox, x"
    )


@pytest.mark.parametrize("channel", ["bluesky", "mastodon", "reddit", "sandbox", "x"])
def test_every_network_can_be_imported(tmp_path: Path, channel: str) -> None:
    assert post(tmp_path, raw(channel=channel)).channel == channel


@pytest.mark.parametrize(
    "posted",
    [
        "2026-11-21T14:05:00",
        "2026-11-21",
        "igår",
        "",
        "2026-13-01T00:00:00Z",
        "99999-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "2026-11-21T14:05:00+99:00",
        1795269900,
        17952699.5,
        True,
        ["2026-11-21T14:05:00Z"],
        "igår" * 20_000,
        "\ud800",
    ],
)
def test_a_time_that_is_none_is_answered_with_one_that_is(tmp_path: Path, posted: object) -> None:
    found = reason(tmp_path, raw(posted_at=posted))
    assert found.startswith("posted_at: must be a time such as 2026-11-21T14:05:00Z")


def test_a_time_in_any_zone_is_the_same_instant(tmp_path: Path) -> None:
    oslo = post(tmp_path, raw(posted_at="2026-11-21T15:05:00.25+01:00"))
    assert to_rfc3339(oslo.posted_at) == POSTED


def test_numbers_for_ids_become_text(tmp_path: Path) -> None:
    found = post(
        tmp_path,
        raw(
            external_id=1859999999999999999,
            author={"external_id": 0, "handle": "britta"},
            in_reply_to=12,
            conversation=-1,
        ),
    )
    assert (found.external_id, found.author.external_id) == ("1859999999999999999", "0")
    assert (found.in_reply_to, found.conversation) == ("12", "-1")


def test_the_longest_text_is_taken_and_one_letter_more_is_not(tmp_path: Path) -> None:
    assert len(post(tmp_path, raw(text="å" * TEXT_LIMIT)).text) == TEXT_LIMIT
    assert reason(tmp_path, raw(text="å" * (TEXT_LIMIT + 1))).startswith("text: ")


def test_a_post_without_words_is_still_a_post(tmp_path: Path) -> None:
    assert post(tmp_path, raw(text="")).text == ""


def test_a_line_over_a_million_bytes_is_one_line(tmp_path: Path) -> None:
    for size in (1_000_001, 2_000_000, 2_000_001, 3_500_000):
        assert "longer than 1000000 bytes" in reason(tmp_path, b"x" * size)
    assert "longer than" in reason(tmp_path, raw(something="a" * 1_000_000))


def test_a_huge_last_line_without_an_end_is_one_line(tmp_path: Path) -> None:
    found = lines_of(tmp_path, GOOD, b"y" * 2_500_000)
    assert [(line.number, line.post is None) for line in found] == [(1, False), (2, True)]


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"media":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        *(b'{"a":' + b"[" * depth + b"]" * depth + b"}" for depth in (200, 300, 400, 600, 900)),
    ],
)
def test_brackets_without_end_stop_nothing(tmp_path: Path, line: bytes) -> None:
    assert reason(tmp_path, line)


def test_deep_brackets_in_a_field_nobody_reads_do_no_harm_or_name_themselves(
    tmp_path: Path,
) -> None:
    for depth in (10, 100, 480, 900, 100_000):
        nested = b"[" * depth + b"]" * depth
        found = only(tmp_path, GOOD[:-1] + b', "x": ' + nested + b"}")
        assert found.post is not None or found.reason == "nested too deep"


def test_huge_numbers_are_no_ids(tmp_path: Path) -> None:
    digits = b"9" * 5_000
    assert reason(tmp_path, GOOD.replace(b'"1001"', digits)).startswith("not JSON: ")
    assert reason(tmp_path, GOOD.replace(b'"1001"', digits[:4_000])).startswith("external_id: ")
    assert reason(tmp_path, GOOD.replace(b'"1001"', b"1e400")).startswith("external_id: ")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_are_none_are_no_values(tmp_path: Path, number: bytes) -> None:
    assert reason(tmp_path, GOOD.replace(b'"1001"', number)).startswith("external_id: ")
    assert reason(tmp_path, GOOD[:-1] + b', "own": ' + number + b"}").startswith("own: ")


def test_of_two_equal_keys_the_last_one_counts(tmp_path: Path) -> None:
    assert post(tmp_path, GOOD[:-1] + b', "text": "Senare"}').text == "Senare"
    assert reason(tmp_path, GOOD[:-1] + b', "text": 4}').startswith("text: ")


def test_a_byte_order_mark_is_no_part_of_a_line(tmp_path: Path) -> None:
    found = lines_of(tmp_path, b"\xef\xbb\xbf" + GOOD, b"\xef\xbb\xbf" + raw(external_id="2"))
    assert [line.post.external_id for line in found if line.post] == ["1001", "2"]


def test_bytes_that_are_no_utf8_are_replaced_and_flagged(tmp_path: Path) -> None:
    found = post(tmp_path, GOOD.replace(b"mitt", b"m\xf6tt \xc3"))
    assert found.text == "Var är m\ufffdtt \ufffd paket?"
    assert found.flags == ("not UTF-8",)


def test_what_no_database_holds_is_replaced_and_flagged_wherever_it_stands(tmp_path: Path) -> None:
    found = post(tmp_path, raw(text="a\0b", author={"external_id": "7\ud800", "handle": "\udfff"}))
    assert (found.text, found.author) == ("a\ufffdb", Author("7\ufffd", "\ufffd"))
    assert sorted(found.flags) == ["nul", "surrogate"]
    found.text.encode()


def test_a_pair_of_surrogates_is_one_letter(tmp_path: Path) -> None:
    found = post(tmp_path, GOOD.replace(b"Var", rb"\ud83d\ude42 Var"))
    assert (found.text[0], found.flags) == ("🙂", ())
    assert post(tmp_path, GOOD.replace(b"Var", rb"\ude42\ud83d")).flags == ("surrogate",)


def test_controls_and_bidi_are_kept_and_flagged(tmp_path: Path) -> None:
    hostile = "\x1b]52;c;aGVq\x07 \u202egnal"
    found = post(tmp_path, raw(text=hostile))
    assert found.text == hostile
    assert found.flags == ("control characters", "bidi")
    named = post(tmp_path, raw(author={"external_id": "7", "handle": "b", "name": "\u2066B"}))
    assert named.flags == ("bidi",)


def test_empty_lines_are_counted_and_passed_over(tmp_path: Path) -> None:
    found = lines_of(tmp_path, b"", GOOD, b"  \t ", b"", b"{", raw(external_id="2") + b"\r\n")
    assert [(line.number, line.post is not None) for line in found] == [
        (2, True),
        (5, False),
        (6, True),
    ]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert lines_of(tmp_path, b"") == lines_of(tmp_path, b"", name="posts.csv") == []


@pytest.mark.parametrize("name", ["absent.jsonl", "absent.csv", "folder.jsonl", "folder.csv"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(NotFound, match=f"{name} cannot be read: "):
        list(read(tmp_path / name))


def test_a_file_may_be_a_pipe(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, GOOD + b"\n")
    os.close(theirs)
    [line] = read(Path(f"/dev/fd/{ours}"))
    os.close(ours)
    assert line.post is not None


def test_csv_columns_with_a_dot_are_the_authors(tmp_path: Path) -> None:
    heading = (
        "channel,external_id,author.external_id,author.handle,author.name,author.followers,text,"
        "posted_at,url,in_reply_to,conversation,addressed,lang,media,own"
    )
    cells = (
        'reddit,t1_a,u7,ola,"Ola, N.",3,Når kommer den?,2026-11-21T15:05:00+01:00,https://r.example,'
        't3_b,t3_c,No,nb,"[{""kind"": ""image"", ""alt"": ""kart""}]",0'
    )
    [line] = rows_of(tmp_path, cells, heading=heading)
    assert line.post is not None, line.reason
    assert line.post == Post(
        channel="reddit",
        external_id="t1_a",
        author=Author("u7", "ola", "Ola, N."),
        text="Når kommer den?",
        posted_at=line.post.posted_at,
        url="https://r.example",
        in_reply_to="t3_b",
        conversation="t3_c",
        addressed=False,
        lang="nb",
        media=(Media("image", "kart"),),
    )
    assert to_rfc3339(line.post.posted_at) == POSTED


def test_an_empty_csv_cell_is_absent_but_a_text_may_be_empty(tmp_path: Path) -> None:
    heading = f"{HEADING},url,media,own"
    no_text, no_id = rows_of(
        tmp_path, row(1, "", ",,,"), row(2, end=",,,").replace("77", ""), heading=heading
    )
    assert no_text.post is not None
    assert (no_text.post.text, no_text.post.url, no_text.post.media) == ("", None, ())
    assert no_id.reason == "author.external_id: is missing"


@pytest.mark.parametrize("word", ["true", "TRUE", "1", "yes", " Yes "])
def test_csv_writes_yes_in_many_ways(tmp_path: Path, word: str) -> None:
    [line] = rows_of(tmp_path, row(1, end=f",{word}"), heading=f"{HEADING},own")
    assert line.post is not None
    assert line.post.own


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("own", "maybe", "own: must be true or false"),
        ("addressed", "ja", "addressed: must be true or false"),
        ("media", "picture.jpg", "Expecting value"),
        ("media", "{}", "media: "),
        ("media", "[" * 200_000, ""),
        ("url", "a,b", "more cells than the heading has"),
    ],
)
def test_a_bad_csv_cell_costs_its_row_alone(
    tmp_path: Path, column: str, cell: str, why: str
) -> None:
    rows = (row(1, end=","), row(2, end=f",{cell}"), row(3, end=","))
    one, two, three = rows_of(tmp_path, *rows, heading=f"{HEADING},{column}")
    assert (one.number, two.number, three.number) == (2, 3, 4)
    assert one.post is not None
    assert three.post is not None
    assert two.post is None
    assert two.reason.startswith(why)


def test_a_short_row_misses_its_last_fields(tmp_path: Path) -> None:
    one, two = rows_of(tmp_path, "x,1,77,britta", row(2))
    assert one.reason == "text: is missing"
    assert two.post is not None


def test_a_quoted_text_may_hold_line_ends_and_commas(tmp_path: Path) -> None:
    one, two = rows_of(tmp_path, row(1, '"Hej,\n\n""hallå""\r\nsvara"'), row(2))
    assert one.post is not None
    assert one.post.text == 'Hej,\n\n"hallå"\r\nsvara'
    assert two.post is not None
    assert two.number == 6


def test_a_cell_over_a_million_letters_costs_its_row_alone(tmp_path: Path) -> None:
    one, two, three = rows_of(tmp_path, row(1), row(2, "x" * 1_000_001), row(3))
    assert (one.number, two.number, three.number) == (2, 3, 4)
    assert two.reason.startswith("not CSV: ")
    assert three.post is not None
    assert three.post.external_id == "3"


def test_a_quote_nobody_closes_costs_one_row(tmp_path: Path) -> None:
    found = rows_of(tmp_path, row(1), row(2, '"öppen'), row(3), row(4, '5" rör'))
    assert [line.number for line in found if line.post] == [2, 4, 5]
    assert [(line.number, "never closed" in line.reason) for line in found if not line.post] == [
        (3, True)
    ]


def test_a_quote_closed_hundreds_of_rows_later_swallows_nobody(tmp_path: Path) -> None:
    later = [row(number) for number in range(10, 310)]
    found = rows_of(tmp_path, row(1, '"öppen'), *later, row(2, 'slut"'))
    assert sum(line.post is not None for line in found) == 301


def test_a_quoted_cell_over_two_lines_has_its_first_number(tmp_path: Path) -> None:
    found = rows_of(tmp_path, row(1, '"två\nrader, med ""citat"" i"'), row(2))
    assert [(line.number, line.post.text) for line in found if line.post] == [
        (2, 'två\nrader, med "citat" i'),
        (4, "Hej"),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_spreadsheets_own_ways_are_understood(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    text = "\r\n".join((HEADING.upper(), row(1, "Hör av er, är ni där"))).replace(
        "Hör av er, är", "Hör av er är"
    )
    found = lines_of(tmp_path, text.replace(",", delimiter).encode(encoding), name="posts.csv")
    assert [line.post.text for line in found if line.post] == ["Hör av er är ni där"]


def test_a_missing_column_is_said_once(tmp_path: Path) -> None:
    found = lines_of(tmp_path, b"channel,text\nx,Hej\nx,Hej\n", name="posts.csv")
    assert [line.number for line in found] == [1]
    assert "author.handle" in found[0].reason


def test_csv_is_read_with_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    content = ("\ufeff" + "\r\n".join((HEADING, row(1, "Å"), row(2)))).encode()
    found = lines_of(tmp_path, content, name="posts.csv")
    assert [line.post.text for line in found if line.post] == ["Å", "Hej"]


def test_what_no_database_holds_is_flagged_in_csv_too(tmp_path: Path) -> None:
    content = "\n".join((HEADING, row(1, "a\0b"), row(2, "sm?r"), row(3, "\x1b[0m"), row(4)))
    found = lines_of(tmp_path, content.encode().replace(b"?", b"\xf6"), name="posts.csv")
    shown = [(line.post.text, line.post.flags) for line in found if line.post]
    assert shown == [
        ("a\ufffdb", ("nul",)),
        ("smör", ()),  # no UTF-8, so as Western Windows writes it
        ("\x1b[0m", ("control characters",)),
        ("Hej", ()),
    ]


@pytest.mark.parametrize(
    "extra", ["author", "brand.text", "author.", ".", "text.", "media.kind", ""]
)
def test_columns_we_do_not_know_do_no_harm(tmp_path: Path, extra: str) -> None:
    for heading, cells in (
        (f"{HEADING},{extra}", row(1, end=",Okänd")),
        (f"{extra},{HEADING}", f"Okänd,{row(1)}"),
    ):
        [line] = rows_of(tmp_path, cells, heading=heading)
        assert line.post is not None, line.reason
        assert (line.post.text, line.post.author) == ("Hej", Author("77", "britta"))


def test_ids_and_flags_of_one_row_do_not_reach_the_next(tmp_path: Path) -> None:
    found = lines_of(tmp_path, raw(text="\0", in_reply_to="1"), raw(external_id="2"))
    [_first, second] = [line.post for line in found if line.post]
    assert (second.flags, second.in_reply_to) == ((), None)


def _as_json(value: object) -> bytes:
    return json.dumps(value).encode()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
fields = st.sampled_from([*entry(), "media", "own", "addressed", "url", "lang", "conversation"])
changed = st.dictionaries(fields, values, max_size=3).map(lambda changes: {**entry(), **changes})
hostile = st.one_of(
    st.binary(max_size=200).map(lambda line: line.replace(b"\n", b"")),
    values.map(_as_json),
    changed.map(_as_json),
    changed.map(_as_json).map(lambda line: line.replace(b'"', b"", 1)),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=hostile)
def test_no_line_ever_stops_the_lines_around_it(tmp_path: Path, line: bytes) -> None:
    found = lines_of(tmp_path, GOOD, line, raw(external_id="1002"))
    assert (found[0].number, found[-1].number) == (1, 3)
    assert found[0].post is not None
    assert found[-1].post is not None
    for each in found:
        assert (each.post is None) == bool(each.reason)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.binary(max_size=200).map(lambda cells: cells.translate(None, b'\r\n"')))
def test_no_csv_row_ever_stops_the_rows_around_it(tmp_path: Path, line: bytes) -> None:
    content = b"\n".join((HEADING.encode(), row(1).encode(), line, row(2).encode()))
    found = lines_of(tmp_path, content, name="posts.csv")
    assert [found[0].number, found[-1].number] == [2, 4]
    assert found[0].post is not None
    assert found[-1].post is not None
