"""What staff do with a mention besides answering it; each act is one transaction with its event.

All of it is soft: a claim, a snooze or a hand-over moves nobody out of the counts, ends by itself
and never keeps anybody from answering. Nothing here leads to a reply.
"""

from models.records.work.claims import assign, claim, colleagues, let_go, take_next
from models.records.work.closing import dismiss_all, reopen_by_hand, reopen_closed
from models.records.work.marks import pin, tag, unpin
from models.records.work.notes import note, unnote
from models.records.work.snoozes import answer_back, hand_over, snooze
from models.records.work.undoing import restore

__all__ = [
    "answer_back",
    "assign",
    "claim",
    "colleagues",
    "dismiss_all",
    "hand_over",
    "let_go",
    "note",
    "pin",
    "reopen_by_hand",
    "reopen_closed",
    "restore",
    "snooze",
    "tag",
    "take_next",
    "unnote",
    "unpin",
]
