"""The judge beside other judges: `python -m benchmarks.judge`, one process each, one thread.

Needs `pip install -r benchmarks/judge.txt` (torch among it). The same texts for all of them: the
posts written for this project by the hands that nothing was taught with.
"""

import json
import math
import os
import resource
import subprocess
import sys
import time
from statistics import median

from benchmarks.peers import PEERS

_LEAST_SECONDS, _ROUNDS = 5.0, 3
_EVERY = 4
"""Of the posts, in order of their hands; all of them would take XLM-R minutes a round."""
_FIRST = "Nionde dagen nu. Paketet ligger kvar i Örebro enligt er app."


def main() -> None:
    """Measure in turn and print the table; with a name, that one alone as JSON."""
    if len(sys.argv) > 1:
        print(json.dumps(_measured(sys.argv[1], float(sys.argv[2]))))
        return
    # A machine's speed drifts within minutes, so all take turns and the middle round counts.
    rounds = [{key: _in_a_process(key) for key in PEERS} for _round in range(_ROUNDS)]
    print("| judge | posts/s | × XLM-R | cold start, s | memory, MB | complaint, macro-F1 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for key, (name, _open, _means) in PEERS.items():
        failed = [one[key]["error"] for one in rounds if "error" in one[key]]
        if failed:
            print(f"| {name} | not measured: {failed[0]} | | | | |")
            continue
        rate, cold, memory = (
            median(one[key][figure] for one in rounds) for figure in ("rate", "cold", "memory")
        )
        ratio = median(one[key]["rate"] / one["xlmr"].get("rate", math.nan) for one in rounds)
        score = rounds[0][key]["f1"]
        told = f"{score:.3f}" if score is not None else "–"
        print(f"| {name} | {rate:.0f} | {ratio:.1f} | {cold:.2f} | {memory:.0f} | {told} |")


def _in_a_process(key: str) -> dict[str, float]:
    one_thread = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.judge", key, str(time.time())],
        capture_output=True,
        text=True,
        env={**os.environ, **one_thread},
    )
    if done.returncode:
        told = done.stderr.strip() or f"ended with {done.returncode}"
        return {"error": told.splitlines()[-1]}  # type: ignore[dict-item]
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measured(key: str, began: float) -> dict[str, float | None]:
    """`began`: when the process was asked for, so that every import counts as cold start."""
    _name, opened, means = PEERS[key]
    says = opened()
    says([_FIRST])
    cold = time.time() - began
    from models.sentiment.train import sets  # the test's own needs are not the judge's start
    from models.sentiment.train.evaluate import macro_f1

    posts = sets.posts("test")
    texts = [one.text for one in posts]
    some, judged = texts[::_EVERY], 0
    says(some[:64])
    start = time.process_time()
    while time.process_time() - start < _LEAST_SECONDS:
        says(some)
        judged += len(some)
    rate = judged / (time.process_time() - start)
    labels = [bool(one.complaint) for one in posts]
    score = macro_f1(list(zip(labels, says(texts), strict=True)), (True, False)) if means else None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": rate, "cold": cold, "memory": memory, "f1": score}


if __name__ == "__main__":
    main()
