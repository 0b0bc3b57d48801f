"""A text in the editor of whoever writes it: $VISUAL, else $EDITOR."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from models.errors import Refused
from models.outside import storable
from models.words import _


def edited(text: str) -> str:
    """The text as it comes back; the caller has given the terminal up. Refused if none can run.

    Whatever the editor leaves beside the file goes with its folder, which only we can read.
    """
    command = _command()
    with tempfile.TemporaryDirectory(prefix="gensvar-") as folder:
        file = Path(folder) / "reply.txt"
        try:
            file.write_text(text, encoding="utf-8")
            ended = subprocess.run([*command, str(file)], check=False)  # noqa: S603  their editor
        except OSError as error:
            told = _("{editor} cannot be run ({reason}); set EDITOR to another.")
            raise Refused(told.format(editor=command[0], reason=error.strerror)) from None
        if ended.returncode:
            told = _("{editor} ended with {code}; your text is as it was.")
            raise Refused(told.format(editor=command[0], code=ended.returncode))
        try:
            back = file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            told = _("{editor} left no text ({reason}); yours is as it was.")
            raise Refused(told.format(editor=command[0], reason=error.strerror)) from None
    kept = storable(back)[0]
    plain = "".join(one for one in kept if one.isprintable() or one in "\n\t\u200c\u200d")
    return plain if text.endswith("\n") else plain.removesuffix("\n")


def _command() -> list[str]:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        if command := shlex.split(named):
            return command
    except ValueError:
        pass
    raise Refused(_("{editor} is no command; set EDITOR to another.").format(editor=named))
