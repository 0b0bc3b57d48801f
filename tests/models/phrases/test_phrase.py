"""A phrase: what its signs mean, and what is told of one that breaks the syntax."""

import pytest

from models.phrases import BadPhrase, Grammar, Text

GROUPS = {"we": ["we", "our team", "i"], "number": ["two", "three"], "both": ["{we}", "they"]}


def matches(phrase: str, text: str) -> str | None:
    """The words it covers first, or None."""
    read = Text(text)
    for parsed in Grammar(GROUPS).parse(phrase):
        for cut in read.sentences:
            for at in range(cut.first, cut.last):
                end = parsed.end(read.words, at, cut.last)
                if end is not None and not (parsed.opens and at != cut.first):
                    return " ".join(word.text for word in read.words[at:end])
    return None


@pytest.mark.parametrize(
    ("phrase", "text", "covered"),
    [
        ("call you", "We CALL you today.", "call you"),
        ("call you", "We call. You wait.", None),
        ("call you", "We call, you wait", "call you"),
        ("call you", "recall you", None),
        ("refund*", "Refunded already", "refunded"),
        ("*number", "Your ordernumber please", "ordernumber"),
        ("*rule*", "by our houserules", "houserules"),
        ("sorry .. if", "sorry about that mess if", "sorry about that mess if"),
        ("sorry .. if", "sorry one two three four five if", None),
        ("sorry .. if", "sorry. What if", None),
        ("(so|very) sorry", "very sorry", "very sorry"),
        ("(so|) sorry", "sorry", "sorry"),
        ("(in|at the) end", "at the end", "at the end"),
        ("(a (big|small) thing|nothing)", "it is a small thing", "a small thing"),
        ("{we} call", "our team call", "our team call"),
        ("{both} call", "they call", "they call"),
        ("within <n> days", "within 5 days", "within 5 days"),
        ("within <n> days", "within two days", "within two days"),
        ("within <n> days", "within some days", None),
        ("^hello", "Hello there", "hello"),
        ("^hello", "Oh hello there", None),
        ("won't", "We won’t", "won't"),
    ],
)
def test_what_a_phrase_covers(phrase: str, text: str, covered: str | None) -> None:
    assert matches(phrase, text) == covered


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("", "needs words"),
        (".. sorry", "needs words"),
        ("sorry ..", "needs words"),
        ("(a|b", "cannot be read"),
        ("a) b", "cannot be read"),
        ("{them} call", "no group called 'them'"),
        ("(a .. b|c)", "plain words"),
        ("a .. b .. c .. d .. e", "more than"),
        ("*", "needs letters"),
        ("(|) .. x", "needs words"),
        ("".join("(a|b)" for _ in range(20)), "more than"),
        ("x (" + "(a|b) " * 12 + "|c)", "more than"),
    ],
)
def test_a_bad_phrase_says_what_is_wrong(phrase: str, told: str) -> None:
    with pytest.raises(BadPhrase, match=told):
        Grammar(GROUPS).parse(phrase)
