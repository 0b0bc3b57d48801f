"""Sessions that a network has opened for us: secrets that change by themselves, kept for later.

A listener started by cron each minute would else sign in 1,440 times a day, where Bluesky lets
it 300 times. They are no part of the records, which are copied, sent and backed up: they lie in
the system's keyring, and where there is none, as on most servers, in a file that only our own
user can read, below the user's state folder.
"""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from models import secrets


def kept(name: str) -> str:
    """What was kept under a name; empty where nothing was, or where others could have read it."""
    return secrets.found(name) or _read(_file(name))


def keep(name: str, text: str) -> None:
    """Keep it under a name. Where nothing can be written, the next start signs in anew."""
    if secrets.put(name, text):
        return
    with suppress(OSError):
        _write(_file(name), text)


def _file(name: str) -> Path:
    number = hashlib.sha256(name.encode()).hexdigest()[:16]
    return user_state_path("gensvar") / "sessions" / f"{number}.json"


def _read(file: Path) -> str:
    try:
        found = file.stat()
        is_ours = os.name == "nt" or (
            found.st_uid == os.getuid() and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        )
        return file.read_text(encoding="utf-8") if is_ours else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and never readable for others, not even for a moment."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
    beside.replace(file)
