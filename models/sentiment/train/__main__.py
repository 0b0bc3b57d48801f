"""`python -m models.sentiment.train DATA`: from packages and data to the folder that ships.

Needs `pip install -r models/sentiment/train/requirements.txt`. It can be stopped and started again.
"""

import argparse
import json
from pathlib import Path

import torch

from models.sentiment import SHIPPED
from models.sentiment.train import calibrate, card, figures, folder, sets
from models.sentiment.train.workshop import Workshop

_SETS = ("norec", "scandisent", "xed", "tweeteval", "complaints-en")


def main() -> None:
    """Build, calibrate, measure, and write the card."""
    options = _options()
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    without = frozenset(options.without)
    shop = Workshop(options.data, options.work, without, options.seed)
    shop.build(options.out)
    folder.calibrate(options.out, calibrate.found(options.out, sets.posts("dev")))
    found = figures.measured(options.out, options.data, without)
    (options.work / "figures.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    card.write(options.out, found, without, options.seed)
    print(figures.as_table(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.sentiment.train")
    parser.add_argument("data", type=Path, help="folder with a folder for each set")
    parser.add_argument("--work", type=Path, required=True, help="where work in progress is kept")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the folder that ships")
    parser.add_argument("--without", action="append", default=[], choices=_SETS, help="a set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
