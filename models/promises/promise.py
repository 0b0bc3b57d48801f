"""What a reply promises, as a value."""

from dataclasses import dataclass
from typing import Any

from models.instant import to_rfc3339

ACTIONS = ("call", "send", "reply", "refund", "check", "fix", "visit", "other")
_STEPS = ("check", "reply", "other")


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing we owe, as it is worded in a text."""

    action: str
    """One of ACTIONS."""
    text: str
    """The sentence that promises it."""
    span: tuple[int, int]
    """Where the promising words stand in the text as written."""
    due_at: int | None
    """The instant by which it is owed; None where no time is given."""
    soon: tuple[int, int] | None = None
    """Where soon, as soon as possible stands, which is no time."""
    is_too_long: bool = False
    """Later than the end of the next working day."""

    @property
    def is_vague(self) -> bool:
        """Whether soon is all it says of when."""
        return self.soon is not None

    @property
    def is_step(self) -> bool:
        """Whether it only leads to another: who looks into it and calls by three owes the call."""
        return self.action in _STEPS

    def as_json(self) -> dict[str, Any]:
        """As scripts see it."""
        return {
            "action": self.action,
            "text": self.text,
            "due_at": None if self.due_at is None else to_rfc3339(self.due_at),
            "span": list(self.span),
            "vague": self.is_vague,
            "too_long": self.is_too_long,
        }
