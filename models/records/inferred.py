"""What was inferred about somebody's health or need: known while they wait, then forgotten."""

from models.records.tables import Mention

SENSITIVE = frozenset({"health", "vulnerable"})
_AFTERWARDS = "urgent"


def forget(mention: Mention) -> None:
    """Drop the inference from a mention that is closed; its minutes still add up."""
    mention.cues = [cue for cue in mention.cues or [] if cue not in SENSITIVE]
    mention.why = [
        {**term, "term": _AFTERWARDS} if term["term"] in SENSITIVE else term
        for term in mention.why or []
    ]
