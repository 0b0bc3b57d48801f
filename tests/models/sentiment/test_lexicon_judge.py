"""The plain judge: the same lists in five languages, bounded on any text, right on plain posts."""

import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sentiment.judgement import PRESSING_CUES, URGENT_CUES, Judgement
from models.sentiment.lexicon_judge import LexiconJudge
from models.sentiment.phrases import FOLDER, LANGUAGES
from models.settings import Allowances
from models.urgency import Lane, weigh
from tests.models.sentiment.posts import COMPLAINTS, PRAISE, PRESSING, QUESTIONS, URGENT

JUDGE = LexiconJudge()
EVERY_POST = [
    (language, post)
    for language in LANGUAGES
    for post in (
        *COMPLAINTS[language],
        *QUESTIONS[language],
        *PRAISE[language],
        *URGENT[language].values(),
        *PRESSING[language].values(),
    )
]


def judged(text: str, hint: str | None = None) -> Judgement:
    [judgement] = JUDGE.judge([(text, hint)])
    return judgement


def said_by(*kinds: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(lang, post) for kind in kinds for lang, posts in kind.items() for post in posts]


def cues_of(kind: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(lang, cue, post) for lang, posts in kind.items() for cue, post in posts.items()]


def assert_bounded(judgement: Judgement) -> None:
    tone = (judgement.negative, judgement.neutral, judgement.positive)
    assert all(0 <= share <= 1 for share in (*tone, judgement.complaint, judgement.question))
    assert sum(tone) == pytest.approx(1)
    assert judgement.language in (*LANGUAGES, None)
    assert set(judgement.cues) <= {*URGENT_CUES, *PRESSING_CUES}
    assert len(set(judgement.cues)) == len(judgement.cues)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_lists_and_none_is_empty(language: str) -> None:
    content = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert {section: set(entries) for section, entries in content.items()} == {
        "cues": {*URGENT_CUES, *PRESSING_CUES},
        "complaint": {"open", "implied", "resolved"},
        "sentiment": {"negative", "positive", "negation", "softened"},
        "question": {"openers", "wants"},
        "arousal": {"words"},
    }
    for entries in content.values():
        for phrases in entries.values():
            assert phrases
            assert all(isinstance(phrase, str) for phrase in phrases)


def test_the_posts_here_cover_every_language_and_cue() -> None:
    for kind in (COMPLAINTS, QUESTIONS, PRAISE, URGENT, PRESSING):
        assert set(kind) == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(URGENT[language]) == set(URGENT_CUES)
        assert set(PRESSING[language]) == set(PRESSING_CUES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "?",
        "🙂",
        "😡😡😡",
        "👩‍👩‍👧‍👦❤️",
        "https://example.org/a/b?c=d",
        "@tallkotte",
        "1234567890",
        "x" * 10_000,
        "Hej! " * 2_000,
        "!" * 10_000,
        "\n" * 10_000,
        "åÅ" * 200_000,
        "Warum antwortet mir hier eigentlich niemand, das Paket ist immer noch nicht da.",
        "Pourquoi personne ne me répond, le colis est toujours perdu ?",
        "なぜ誰も返事をくれないのですか",
        "لماذا لا يرد أحد",
        "\0\x1b[31m\x07\x85\x9b",
        "\u202eenskab\u2066\u200b\ufeff",
        "\ud800\udfff",
        "e" + "\u0301" * 5_000,
        "[/red] {x} %s \\ $( ; '--",
    ],
)
@pytest.mark.parametrize("hint", [None, "sv", "de", "zz", "", "no-NO", "\ud800"])
def test_any_text_is_answered_within_bounds(text: str, hint: str | None) -> None:
    assert_bounded(judged(text, hint))


@pytest.mark.parametrize("text", ["", " ", "🙂", "https://example.org/a", "@tallkotte", "12345"])
def test_a_post_that_says_nothing_is_neither_complaint_nor_question(text: str) -> None:
    judgement = judged(text)
    assert judgement.complaint < 0.5
    assert judgement.question < 0.5
    assert judgement.cues == ()
    assert judgement.neutral > max(judgement.negative, judgement.positive)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(), max_size=20),
            st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn"]), max_size=10),
            st.sampled_from([post for _language, post in EVERY_POST]),
        )
    ).map(" ".join),
    st.none() | st.sampled_from(["sv", "nb", "da", "fi", "en", "de"]),
)
def test_no_text_is_beyond_judgement(text: str, hint: str | None) -> None:
    assert_bounded(judged(text, hint))


@pytest.mark.parametrize(("language", "post"), said_by(COMPLAINTS))
def test_a_plain_complaint_is_one(language: str, post: str) -> None:
    judgement = judged(post)
    assert judgement.complaint >= 0.5
    assert judgement.negative > judgement.positive
    assert judgement.question < 0.5
    assert weigh(judgement, addressed=True, allowances=Allowances()).lane is Lane.COMPLAINT


@pytest.mark.parametrize(("language", "post"), said_by(QUESTIONS))
def test_a_plain_question_is_one_and_no_complaint(language: str, post: str) -> None:
    judgement = judged(post)
    assert judgement.question >= 0.5
    assert judgement.complaint < 0.5
    assert weigh(judgement, addressed=True, allowances=Allowances()).lane is Lane.QUESTION


@pytest.mark.parametrize(("language", "post"), said_by(PRAISE))
def test_plain_praise_is_positive_and_asks_for_nothing(language: str, post: str) -> None:
    judgement = judged(post)
    assert judgement.positive > max(judgement.negative, judgement.neutral)
    assert judgement.complaint < 0.5
    assert judgement.question < 0.5
    assert weigh(judgement, addressed=True, allowances=Allowances()).lane is Lane.OTHER


@pytest.mark.parametrize(("language", "post"), said_by(COMPLAINTS, QUESTIONS, PRAISE))
def test_an_everyday_post_is_not_urgent(language: str, post: str) -> None:
    assert not set(judged(post).cues) & set(URGENT_CUES)


@pytest.mark.parametrize(("language", "cue", "post"), cues_of(URGENT))
def test_what_cannot_wait_is_seen_in_every_language(language: str, cue: str, post: str) -> None:
    judgement = judged(post)
    assert cue in judgement.cues
    assert weigh(judgement, addressed=False, allowances=Allowances()).lane is Lane.URGENT


@pytest.mark.parametrize(("language", "cue", "post"), cues_of(PRESSING))
def test_what_presses_is_seen_in_every_language(language: str, cue: str, post: str) -> None:
    assert judged(post).cues == (cue,)


@pytest.mark.parametrize(("language", "post"), EVERY_POST)
def test_capitals_change_no_cue(language: str, post: str) -> None:
    cues = judged(post, language).cues
    for same in (post.upper(), post.lower(), post.title(), post.swapcase()):
        assert judged(same, language).cues == cues


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_known_by_its_own_posts(language: str) -> None:
    posts = [post for found, post in EVERY_POST if found == language and len(post) > 40]
    known = [judged(post).language for post in posts]
    kin = {"nb": {"nb", "da"}, "da": {"nb", "da"}}.get(language, {language})
    assert set(known) <= kin
    assert known.count(language) * 2 >= len(known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maten var bra.", "Maten var inte bra."),
        ("Maten var deilig.", "Maten var ikke deilig."),
        ("Maden var dejlig.", "Maden var ikke dejlig."),
        ("Ruoka oli herkullista.", "Ruoka ei ollut herkullista."),
        ("The food was great.", "The food was not great."),
    ],
)
def test_a_negation_turns_praise_round(one: str, other: str) -> None:
    nothing = judged("")
    assert judged(one).positive > nothing.positive
    assert judged(one).negative < nothing.negative
    assert judged(other).negative > nothing.negative
    assert judged(other).positive < nothing.positive


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maten var äcklig.", "Maten var inte äcklig."),
        ("The staff were rude.", "The staff were not rude."),
    ],
)
def test_a_negation_takes_the_sting_out_of_a_hard_word(one: str, other: str) -> None:
    nothing = judged("")
    assert judged(one).negative > nothing.negative
    assert judged(other).negative == nothing.negative


def test_what_follows_after_ten_thousand_letters_is_not_read() -> None:
    filler = "Hej. " * 2_000
    assert judged(filler + URGENT["sv"]["safety"]) == judged(filler)


def test_judgements_come_in_the_order_of_the_texts() -> None:
    posts = [(post, None) for _language, post in EVERY_POST]
    together = JUDGE.judge(posts)
    assert together == [judged(post) for post, _hint in posts]
    assert JUDGE.judge([]) == []


def test_the_lists_judge_under_a_name_of_their_own() -> None:
    judge = LexiconJudge()
    assert judge.name == "lexicon-1"
    assert judge.judge([("Hej", "sv")])[0].language == "sv"
