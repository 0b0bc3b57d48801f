"""The judges that ours is measured against, each as its own users would run it, on one thread."""

from collections.abc import Callable, Sequence
from typing import Any

from models.sentiment import SHIPPED

Says = Callable[[Sequence[str]], list[bool]]
"""Texts in; out, whether each is a complaint."""


def ours() -> Says:
    """The judge in the box: every head, the cue lists and the language."""
    from models.sentiment.labels import Heads
    from models.sentiment.network import FastTokens, OnnxNetwork, read_config
    from models.sentiment.trained_judge import Calibration, TrainedJudge

    config = read_config(SHIPPED)
    network = OnnxNetwork(SHIPPED, SHIPPED / "onnx/model.onnx", FastTokens(SHIPPED), threads=1)
    judge = TrainedJudge("ours", network, Heads.of(config["labels"]), Calibration.of(config))
    return lambda texts: [
        said.complaint >= 0.5 for said in judge.judge([(text, None) for text in texts])
    ]


def xlm_roberta() -> Says:
    """XLM-R base (278 M) by transformers on torch; its weights are random, for speed alone."""
    import torch
    from tokenizers import Tokenizer
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification

    torch.set_num_threads(1)
    config = XLMRobertaConfig(vocab_size=250_002, max_position_embeddings=514, type_vocab_size=1)
    model: Any = XLMRobertaForSequenceClassification(config)
    model.eval()
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))  # ours cuts 1 % more pieces
    tokenizer.enable_padding(pad_id=1)
    tokenizer.enable_truncation(256)

    def says(texts: Sequence[str]) -> list[bool]:
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        found = [False] * len(texts)
        for start in range(0, len(order), 32):
            rows = order[start : start + 32]
            pieces = tokenizer.encode_batch([texts[row] for row in rows])
            ids = torch.tensor([one.ids for one in pieces])
            mask = torch.tensor([one.attention_mask for one in pieces])
            with torch.inference_mode():
                logits = model(input_ids=ids, attention_mask=mask).logits
            for row, yes in zip(rows, (logits[:, 1] > logits[:, 0]).tolist(), strict=True):
                found[row] = yes
        return found

    return says


def tfidf() -> Says:
    """Words and letters weighted by rarity, logistic regression, taught with the same posts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    from models.sentiment.train import sets

    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
        ),
        LogisticRegression(C=10, max_iter=1000),
    )
    posts = sets.posts("train")
    model.fit([one.text for one in posts], [bool(one.complaint) for one in posts])
    return lambda texts: [bool(yes) for yes in model.predict(list(texts))]


def vader() -> Says:
    """English words with weights; negative is taken for a complaint."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda texts: [analyzer.polarity_scores(text)["compound"] < 0 for text in texts]


def afinn() -> Says:
    """Words with weights; negative is taken for a complaint. It holds English and Danish."""
    from afinn import Afinn

    lists = [Afinn(language=code) for code in ("en", "da")]
    return lambda texts: [min(one.score(text) for one in lists) < 0 for text in texts]


PEERS: dict[str, tuple[str, Callable[[], Says], bool]] = {
    "ours": ("Gensvar's", ours, True),
    "xlmr": ("XLM-R base, transformers on torch", xlm_roberta, False),
    "tfidf": ("TF-IDF + logistic regression", tfidf, True),
    "vader": ("VADER", vader, True),
    "afinn": ("AFINN", afinn, True),
}
"""Key -> name, how it is opened, whether its answers mean anything."""
