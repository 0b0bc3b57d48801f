"""`python -m models.sentiment.train DATA`: from packages and data to the folder that ships.

Needs `pip install -r models/sentiment/train/requirements.txt`. It can be stopped and started again.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch

from models.sentiment import SHIPPED, open_judge
from models.sentiment.train import calibrate, card, figures, folder, loud, sets, shrink
from models.sentiment.train.figures import Figures
from models.sentiment.train.folds import unmet_domains
from models.sentiment.train.net import Net
from models.sentiment.train.workshop import Started, Workshop

_SETS = ("norec", "scandisent", "xed", "tweeteval", "complaints-en")


def main() -> None:
    """Learn, shrink, calibrate, measure each variant, and write the card."""
    options = _options()
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # a tenth of the time, for nothing
    shop = Workshop(options.data, options.work, frozenset(options.without), options.seed)
    started = shop.start()
    learnt = shop.posts(started)
    ships = options.work / "ships"
    found = {"this file": _finish(ships, learnt, started, shop, tweets=False)}
    found["before shrinking"] = _unshrunk(ships, started, shop)
    figures.write_misses(open_judge(str(ships)), options.work / "misses.tsv")
    tweets = shop.tweets(learnt, started)
    if tweets is not None:
        place = options.work / "with-tweets"
        found["with tweets"] = _finish(place, tweets, started, shop, tweets=True)
    if "complaints-en" not in shop.without:
        unmet = unmet_domains(shop, learnt, started)
        found["with tweets"]["complaints-en, brand posts, domain left out"] = unmet
    card.write(ships, found, shop)
    if options.out.exists():
        shutil.rmtree(options.out)
    shutil.copytree(ships, options.out)
    print(figures.as_table(found))


def _finish(place: Path, network: Net, started: Started, shop: Workshop, tweets: bool) -> Figures:
    """The folder of this network in eight bits, calibrated; and its figures."""
    if not place.with_suffix(".json").exists():
        whole = place.with_suffix(".onnx")
        shrink.export(loud.set_apart(network, started.pieces(sets.posts("dev"))), whole)
        folder.write(place, started.tokenizer)
        shrink.shrink(whole, place / folder.ONNX)
        folder.calibrate(place, calibrate.found(place, sets.posts("dev")))
    return _figures(place, shop, tweets)


def _unshrunk(ships: Path, started: Started, shop: Workshop) -> Figures:
    """The figures of the same network in 32 bits, under the same calibration."""
    place = shop.work / "unshrunk"
    folder.write(place, started.tokenizer)
    shutil.copyfile(ships.with_suffix(".onnx"), place / folder.ONNX)
    shutil.copyfile(ships / "config.json", place / "config.json")
    return _figures(place, shop, tweets=False)


def _figures(place: Path, shop: Workshop, tweets: bool) -> Figures:
    """Measured once, and kept beside the folder."""
    kept = place.with_suffix(".json")
    if not kept.exists():
        found = figures.measured(open_judge(str(place)), shop.data, shop.without, tweets)
        kept.write_text(json.dumps(found, indent=1), encoding="utf-8")
    figures_of: Figures = json.loads(kept.read_text(encoding="utf-8"))
    return figures_of


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.sentiment.train")
    parser.add_argument("data", type=Path, help="folder with a folder for each set")
    parser.add_argument("--work", type=Path, required=True, help="where work in progress is kept")
    parser.add_argument(
        "--out", type=Path, default=SHIPPED, help="the folder that ships; written anew"
    )
    parser.add_argument("--without", action="append", default=[], choices=_SETS, help="a set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
