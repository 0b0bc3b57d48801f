"""What an examination finds: one thing that works, wants a look, or fails."""

from dataclasses import asdict, dataclass

WORKS, LOOK, FAILS = "works", "check", "fails"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined; `says` ends with what to do."""

    level: str
    what: str
    says: str

    def as_json(self) -> dict[str, str]:
        """For scripts."""
        return asdict(self)
