"""Worked replies to one complaint a language: exactly these rules, and no other, are raised."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.models.reply_check.drafts import rules

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "worked.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['lang']}:{row['reply'][:30]}")
def test_worked(row: dict[str, Any]) -> None:
    assert rules(row["reply"], row["lang"]) == set(row["must"])
