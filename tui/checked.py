"""What `check-reply` and `promise parse` print: drafts from options or lines, findings as rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models import instant, promises
from models.instant import from_rfc3339, to_rfc3339
from models.outside import first_line, storable
from models.phrases import Text
from models.promises import Promise
from models.reply_check import (
    INTENTS,
    PHRASES,
    Draft,
    Names,
    Remark,
    Thread,
    check,
    guess,
)
from models.reply_check.tongue import told
from models.saved_replies import load as load_saved
from models.settings import Settings
from models.words import _
from tui import lines, output
from tui.saying import action_word

Row = dict[str, Any]


def check_one(settings: Settings, row: Row, at: int | None, as_json: bool) -> None:
    """Check one reply and print what is found."""
    found = _found(settings, row, at)
    _tell_problems()
    if as_json:
        output.print_array(remark.as_json() for remark in found)
    elif found:
        output.table(_headings(), [_remark_row(remark, row["reply"]) for remark in found])
    else:
        output.say(_("Nothing to mend."))


def check_file(settings: Settings, file: Path) -> int:
    """Check a file's replies, an object a line; how many lines were rejected."""
    rejected = lines.each(file, lambda number, row: _checked(settings, number, row))
    _tell_problems()
    return rejected


def parse_one(settings: Settings, row: Row, at: int | None, as_json: bool) -> None:
    """Print what one text promises."""
    found = _promises(settings, row, at)
    _tell_problems()
    if as_json:
        output.print_array(one.as_json() for one in found)
    elif found:
        headings = [_("what"), _("due"), _("words")]
        output.table(headings, [_promise_row(one) for one in found])
    else:
        output.say(_("It promises nothing."))


def parse_file(settings: Settings, file: Path) -> int:
    """Print what a file's texts promise, an object a line; how many lines were rejected."""
    rejected = lines.each(file, lambda number, row: _parsed(settings, number, row))
    _tell_problems()
    return rejected


def _checked(settings: Settings, number: int, row: Row) -> Row:
    found = [remark.as_json() for remark in _found(settings, row, _at(row))]
    return {"id": row.get("id", number), "findings": found}


def _found(settings: Settings, row: Row, at: int | None) -> tuple[Remark, ...]:
    """What is said of a reply, which may have begun with a saved one."""
    draft = _draft(settings, row, at)
    begun = load_saved(settings.desk.saved_replies).begun(draft.reply)
    return check(draft, Thread(saved=begun.text if begun else None))


def _parsed(settings: Settings, number: int, row: Row) -> Row:
    found = [one.as_json() for one in _promises(settings, row, _at(row))]
    return {"id": row.get("id", number), "promises": found}


def _at(row: Row) -> int | None:
    at = _text(row, "at")
    return None if at is None else from_rfc3339(at)


def _draft(settings: Settings, row: Row, at: int | None) -> Draft:
    """A draft of options or of a line; KeyError without a reply, ValueError for a wrong value."""
    mention, language = _text(row, "mention") or "", _text(row, "lang")
    intent = _text(row, "intent") or guess(mention, language)
    if intent not in INTENTS:
        raise ValueError(_("{intent} is no intent").format(intent=intent))
    reply = _text(row, "reply")
    if reply is None:
        raise KeyError("reply")
    return Draft(
        mention=mention,
        reply=reply,
        at=instant.now() if at is None else at,
        calendar=settings.calendar(),
        language=language,
        intent=intent,
        names=Names(_text(row, "name"), _text(row, "full_name"), _text(row, "handle")),
        is_private=_is_private(row),
        network=_text(row, "network"),
        brand=(settings.brand.name, settings.brand.handle),
    )


def _is_private(row: Row) -> bool:
    public = row.get("public", not row.get("private", False))
    if not isinstance(public, bool):
        raise TypeError
    return not public


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    if not isinstance(value, str | None):
        raise TypeError
    return None if value is None else storable(value)[0]


def _promises(settings: Settings, row: Row, at: int | None) -> tuple[Promise, ...]:
    text, zone = _text(row, "text"), _text(row, "tz")
    if text is None:
        raise KeyError("text")
    calendar = settings.calendar()
    if zone is not None:
        try:
            calendar = calendar.moved(ZoneInfo(zone))
        except (KeyError, OSError):
            raise ValueError(_("there is no time zone called {zone}").format(zone=zone)) from None
    language = told(PHRASES, Text(text), _text(row, "lang"))
    return promises.found(text, language, instant.now() if at is None else at, calendar)


def _headings() -> Sequence[str]:
    return [_("rule"), _("level"), _("words"), _("why"), _("what to do")]


def _remark_row(remark: Remark, reply: str) -> list[str]:
    words = first_line(reply[slice(*remark.span)], 30) if remark.span else "–"
    return [remark.rule, _level(remark.level), words, remark.why, remark.fix]


def _level(level: str) -> str:
    return {"block": _("block"), "warn": _("warning"), "hint": _("hint")}[level]


def _promise_row(one: Promise) -> list[str]:
    due = _("no time given") if one.due_at is None else to_rfc3339(one.due_at)
    return [action_word(one.action), due, first_line(one.text, 60)]


def _tell_problems() -> None:
    """What is wrong with the phrase files; the rest of them was applied."""
    for problem in (*PHRASES.problems, *promises.PHRASES.problems):
        output.say(problem)
