"""keymap.toml: keys put elsewhere, checked before the desk opens; and the one that ships."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import punctuation

from platformdirs import user_config_path
from textual.keys import Keys, _character_to_key

from models.errors import SettingsError
from models.settings import find
from models.words import _
from tui.keymap import FIXED, KEYS, SCREENS, clashes

FILE = "keymap.toml"
_HELD = ("ctrl", "shift", "alt", "meta", "super")
_NAMED = {
    *(key.value for key in Keys if key.value.isidentifier()),
    *(_character_to_key(sign) for sign in punctuation),
}


def find_keymap(config: Path | None) -> Path | None:
    """Beside the config file, else in the user's config folder; None if there is none."""
    beside = find(config)
    folders = [beside.parent] if beside else []
    files = (folder / FILE for folder in (*folders, user_config_path("gensvar")))
    return next((file for file in files if file.is_file()), None)


def read(file: Path) -> Mapping[str, str]:
    """Keys by name, as Textual writes them. SettingsError says what is wrong, and with which."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        told = _("{file} cannot be read: {reason}")
        raise SettingsError(told.format(file=file, reason=error.strerror)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        told = _("{file} is not valid TOML: {reason}")
        raise SettingsError(told.format(file=file, reason=error)) from None
    chosen = {name: _keys(file, name, written) for name, written in content.items()}
    for screen, groups in SCREENS.items():
        for key, one, other in clashes(groups, chosen):
            told = _("{file}: {key} would do two things on one screen ({screen}): {one}, {other}")
            raise SettingsError(
                told.format(file=file, key=key, screen=screen, one=one, other=other)
            )
    return chosen


def shipped() -> Iterator[str]:
    """The keys as they are, as lines of a keymap.toml: each once, what it does behind it."""
    for name, key in KEYS.items():
        if name not in FIXED:
            keys = key.keys.split(",")
            written = ", ".join(f'"{one}"' for one in keys)
            value = f"[{written}]" if len(keys) > 1 else written
            yield f"# {name} = {value}".ljust(48) + f" # {_(key.told)}"


def _keys(file: Path, name: str, written: object) -> str:
    """One or several, checked."""
    if name not in KEYS or name in FIXED:
        near = difflib.get_close_matches(name, KEYS, n=1, cutoff=0.5)
        told = _("{file}: there is no key called {name}.").format(file=file, name=name)
        if name in FIXED:
            told = _("{file}: {name} stays where it is.").format(file=file, name=name)
            near = []
        hint = _(" Did you mean {name}?").format(name=near[0]) if near else ""
        raise SettingsError(told + hint)
    keys = written if isinstance(written, list) else [written]
    return ",".join(_key(file, name, key) for key in keys or [""])


def _key(file: Path, name: str, written: object) -> str:
    if isinstance(written, str) and _is_key(written):
        return _character_to_key(written) if len(written) == 1 else written
    told = _('{file}: {name}: {key} is no key; write "a", "ctrl+a" or "f2"')
    raise SettingsError(told.format(file=file, name=name, key=repr(written)))


def _is_key(written: str) -> bool:
    *held, last = written.replace("++", "+plus").split("+")
    return set(held) <= set(_HELD) and (len(last) == 1 or last in _NAMED)
