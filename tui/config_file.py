"""config.toml as text: a line put in where it belongs, everything else left as it stands."""

import json
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_config_path

from models.errors import SettingsError
from models.settings import Settings, check, find
from models.words import _

_HEADER = r"(?m)^[ \t]*\[[ \t]*{section}[ \t]*\][ \t]*(#.*)?$"


def home(named: Path | None) -> Path:
    """The file that holds, or the one that would: that named, or in the user's config folder."""
    return (find(named) or user_config_path("gensvar") / "config.toml").absolute()


def text_of(file: Path) -> str:
    """What it says; empty where there is none."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def put(text: str, section: str, values: Mapping[str, str]) -> str:
    """These keys right below the header of [section], which comes last where it is missing."""
    lines = "".join(f"\n{key} = {quoted(value)}" for key, value in values.items())
    header = re.search(_HEADER.format(section=re.escape(section)), text)
    if header is None:
        return append(text, f"[{section}]{lines}")
    return text[: header.end()] + lines + text[header.end() :]


def append(text: str, block: str) -> str:
    """A block of its own at the end."""
    before = text.rstrip()
    return f"{before}\n\n{block}\n" if before else f"{block}\n"


def quoted(value: str) -> str:
    """As TOML writes a string; JSON's escapes are among its own, but for one sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def parsed(text: str, file: Path) -> Settings:
    """What this text would mean as that file. Raises SettingsError where it may not be."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = _("{file} is not valid TOML: {reason}")
        raise SettingsError(told.format(file=file, reason=error)) from None
    return check(content, str(file))


def save(text: str, file: Path) -> None:
    """In one step, so that no crash leaves half a file; a link stays one."""
    real = file.resolve()
    real.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=real.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(text)
        if real.exists():
            shutil.copymode(real, name)
        os.replace(name, real)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
