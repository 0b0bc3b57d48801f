"""The judge beside other judges: `python -m benchmarks.judge`, one process each, one thread.

Needs `pip install -r benchmarks/judge.txt` (torch among it). The same texts for all of them: the
posts written for this project by the hands that nothing was taught with.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.peers import PEERS

_LEAST_SECONDS = 5.0
_FIRST = "Nionde dagen nu. Paketet ligger kvar i Örebro enligt er app."


def main() -> None:
    """Measure each in turn and print the table; with a name, that one alone as JSON."""
    if len(sys.argv) > 1:
        print(json.dumps(_measured(sys.argv[1], float(sys.argv[2]))))
        return
    found = {key: _in_a_process(key) for key in PEERS}
    slowest = found["xlmr"].get("rate")
    print("| judge | posts/s | × XLM-R | cold start, s | memory, MB | complaint, macro-F1 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for key, (name, _open, _means) in PEERS.items():
        one = found[key]
        if "error" in one:
            print(f"| {name} | not measured: {one['error']} | | | | |")
            continue
        ratio = f"{one['rate'] / slowest:.1f}" if slowest else "–"
        score = f"{one['f1']:.3f}" if one["f1"] is not None else "–"
        rate, cold, memory = one["rate"], one["cold"], one["memory"]
        print(f"| {name} | {rate:.0f} | {ratio} | {cold:.2f} | {memory:.0f} | {score} |")


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
    answers, judged, start = says(texts[:64]), 0, time.process_time()
    while time.process_time() - start < _LEAST_SECONDS:
        answers = _all(says, texts)
        judged += len(texts)
    rate = judged / (time.process_time() - start)
    labels = [bool(one.complaint) for one in posts]
    score = macro_f1(list(zip(labels, answers, strict=True)), (True, False)) if means else None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": rate, "cold": cold, "memory": memory, "f1": score}


def _all(says: object, texts: Sequence[str]) -> list[bool]:
    assert callable(says)
    found: list[bool] = says(texts)
    return found


if __name__ == "__main__":
    main()
