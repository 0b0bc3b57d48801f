"""An answer on its way from whoever wrote it to the outbox, as values."""

import uuid
from dataclasses import dataclass

CONCLUDE = "conclude"
"""What a reply owes that only holds the line: an answer that concludes."""


@dataclass(frozen=True, slots=True)
class Promised:
    """What a reply promises, as its writer let it stand; owed by the writer unless named."""

    action: str
    text: str
    due_at: int | None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as staff wrote it; `key` is made once for each composer, so a double Enter is one.

    `seen` are the mentions staff had before their eyes: what else the customer wrote still waits.
    None means everything that had come in. Instants would not do: what one transaction takes in
    can be seen only when it ends.
    """

    body: str
    staff: str
    key: str
    seen: frozenset[int] | None = None
    read: str | None = None
    """The customer's words as the writer saw them; None where nobody looked."""
    is_holding: bool = False
    promises: tuple[Promised, ...] | None = None
    """None for those of the text."""
    remarks: tuple[str, ...] = ()
    """Rules of the reply check that warned of it; advice is not kept."""
    overrides: tuple[tuple[str, str], ...] = ()
    """Rules of the reply check it is sent in spite of, each with its reason."""
    keys: tuple[int, ...] = ()
    """What near-identical replies share, see models.reply_check.copies."""

    @classmethod
    def by(cls, staff: str, body: str) -> "Answer":
        """An answer with a key of its own."""
        return cls(body, staff, uuid.uuid4().hex)
