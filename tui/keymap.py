"""Every key of the desk: its name in keymap.toml, the keys it starts with, and what it does.

The screens bind from these lists, the help reads them, `gensvar keys` prints them. A key that
Nordic keyboards give only with AltGr has a twin without.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import punctuation

from textual.binding import Binding, BindingType
from textual.keys import _character_to_key

_SIGNS = {
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    **{_character_to_key(sign): sign for sign in punctuation},
}


@dataclass(frozen=True, slots=True)
class Key:
    """`keys` and `action` as Textual writes them, `told` a message for the help."""

    name: str
    keys: str
    action: str
    told: str
    is_first: bool = True
    """Before the widget that has the focus; not so where letters may be typed."""

    def binding(self) -> Binding:
        """As Textual wants it."""
        return Binding(self.keys, self.action, show=False, priority=self.is_first, id=self.name)


Group = tuple[Key, ...]

DESK: Group = (Key("leave_desk", "ctrl+q", "leave", "leave the desk"),)
ANYWHERE: Group = (
    Key("take_back", "u", "take_back", "undo your last reply, while it has not left", False),
    Key("help", "question_mark,f1", "keys", "the keys of this screen", False),
    Key("commands", "colon,ctrl+p", "commands", "command line: type what you want", False),
    Key("guide", "f2", "end_guide", "in the demo: no more first steps", False),
    Key(
        "theme",
        "f8",
        "app.next_theme",
        "next theme: dark, light, contrast, the terminal's own",
        False,
    ),
)
LIST: Group = (
    Key("down", "down,j", "move(1)", "next"),
    Key("up", "up,k", "move(-1)", "previous"),
    Key("page_down", "pagedown,ctrl+d", "page(1)", "a page down"),
    Key("page_up", "pageup,ctrl+u", "page(-1)", "a page up"),
    Key("first", "home,g", "top", "first"),
    Key("last", "end,G", "bottom", "last"),
    Key("open", "enter,l", "choose", "read the conversation"),
)
SHEET: Group = (
    Key("down", "down,j", "scroll_by_lines(1)", "next"),
    Key("up", "up,k", "scroll_by_lines(-1)", "previous"),
    Key("page_down", "pagedown,ctrl+d,space", "page(1)", "a page down"),
    Key("page_up", "pageup,ctrl+u", "page(-1)", "a page up"),
    Key("first", "home,g", "top", "first"),
    Key("last", "end,G", "bottom", "last"),
)
PLACES: Group = (
    Key("queue", "1", "go('queue')", "queue"),
    Key("search", "slash", "go('search')", "search"),
    Key("outbox", "8,O", "go('outbox')", "outbox: replies on their way"),
    Key("promises", "9,P", "go('promises')", "promises: what we owe"),
    Key("ledger", "L", "go('ledger')", "ledger: every mention of a day, with its proof"),
    Key("page", "D", "go('page')", "page for the leaders"),
    Key("status", "0", "status", "the system's status"),
)
MENTION: Group = (
    Key("reply", "r", "reply", "reply"),
    Key("close", "c", "close_without_reply", "close without reply, with a reason"),
    Key("by_hand", "b", "by_hand", "answered by hand: paste the link to your answer"),
    Key("why", "E", "why", "why it stands here"),
    Key("topics", "number_sign", "about", "what it is about, to put it right"),
    Key("open_post", "o", "open_post", "open the post in the browser"),
    Key("copy_link", "y", "copy_link", "copy the post's link"),
    Key("copy_words", "Y", "copy_words", "copy the post's words"),
    Key("reopen", "R", "reopen", "reopen what is closed"),
    Key("unveil", "v", "unveil", "show personal numbers, which stand as dots"),
)
WORK: Group = (
    Key("claim", "a", "claim", "see to it yourself; again: leave it to anybody"),
    Key("assign", "A", "assign", "give it to a colleague"),
    Key("tag", "plus,T", "tag", "tag it; a tag with - before it is taken off"),
    Key("pin", "asterisk", "pin", "pin it to the top; again: let it go down"),
    Key("snooze", "s", "snooze", "put it off until a time"),
    Key("note", "n", "note", "a note for colleagues, never sent"),
    Key("hand_over", "H", "hand_over", "ask a team about it; again: their answer"),
    Key("insight", "I", "insight", "what we learn from it, for the leaders' page"),
    Key("undo", "z", "undo", "undo what you did last, but for replies"),
)
QUEUE: Group = (
    Key("take", "full_stop", "take_next", "take the most urgent and answer; what came in is shown"),
    Key("next_lane", "tab,right_square_bracket", "lane(1)", "next lane"),
    Key("previous_lane", "shift+tab,left_square_bracket", "lane(-1)", "previous lane"),
    Key("mark", "x,space", "mark", "mark it, to close, give or tag several at once"),
    Key("show_new", "ctrl+r,f5", "show_new", "show what came in meanwhile"),
    Key("open", "enter,l", "read", "read the conversation"),
    Key("back", "escape,h", "back", "back to the list"),
    Key("leave", "q", "leave", "leave"),
)
AWAY: Group = (Key("away", "escape,q,h", "away", "back"),)
DAYS: Group = (
    Key("day_before", "left", "day(-1)", "the day before"),
    Key("day_after", "right", "day(1)", "the day after"),
)
PAGE: Group = (Key("send_test", "s", "test", "send this page to one address, as a test"),)
LEDGER: Group = (Key("copy_proof", "p", "copy_proof", "copy the proof"),)
SEARCH: Group = (Key("to_found", "down", "to_found", "to what was found", False),)
OUTBOX: Group = (
    Key("write_anew", "e", "write_anew", "write a reply anew that did not leave"),
    Key("send_again", "s", "send_again", "in doubt: it is not there, review and send again"),
    Key("is_there", "t", "it_is_there", "in doubt: it is there, under this link"),
    Key("give_up", "x", "give_up", "in doubt: give it up"),
)
PROMISES: Group = (
    Key("keep", "k", "keep", "kept: what came of it"),
    Key("hand_promise", "m", "hand_over", "hand the promise over"),
    Key("withdraw", "w", "withdraw", "take the promise back"),
)
WRITING: Group = (
    Key("review", "ctrl+s", "review", "review; only there it can be sent"),
    Key("mend", "ctrl+n", "mend", "put the suggestion in"),
    Key("put_saved", "ctrl+o", "saved", "put a saved reply in"),
    Key("next_seam", "tab", "next_seam", "next open place of a saved reply"),
    Key("editor", "ctrl+e", "edit_outside", "write in your own editor ($VISUAL or $EDITOR)"),
    Key("away_by_hand", "ctrl+b", "by_hand", "answered by hand: take your text along"),
    Key("stop_writing", "escape", "away", "back, the draft is kept"),
    Key("thread_up", "pageup", "scroll_thread(-1)", "conversation, a page up"),
    Key("thread_down", "pagedown", "scroll_thread(1)", "conversation, a page down"),
)
REVIEW: Group = (
    Key("send", "y", "send", "send"),
    Key("override", "exclamation_mark", "override", "send in spite of a warning, with a reason"),
    Key("promised", "t", "promises", "what it promises, to put it right"),
    Key("edit", "e,escape,q", "away", "back to the text, nothing is sent"),
    Key("no_undo", "u", "nothing", "nothing: it has not left yet"),
)
DIALOG: Group = (Key("cancel", "escape", "away", "back; nothing is done", False),)
TOLD: Group = (Key("close_words", "q,enter,question_mark,f1", "away", "back", False),)
BY_HAND: Group = (
    Key("copy_text", "f2", "copy_text", "copy your text"),
    Key("copy_its_link", "f3", "copy_link", "copy the post's link"),
    Key("open_its_link", "f4", "open_link", "open the post in the browser"),
)
ABOUT: Group = (Key("keep_topics", "enter", "keep", "these topics from now on", False),)
SAVED: Group = (
    Key("saved_down", "down", "move(1)", "the saved reply below", False),
    Key("saved_up", "up", "move(-1)", "the saved reply above", False),
)
COMMANDS: Group = (
    Key("command_down", "down,ctrl+n", "choose(1)", "the command below"),
    Key("command_up", "up,ctrl+p", "choose(-1)", "the command above"),
)
SURE: Group = (Key("sure", "enter", "yes", "yes, give it up"),)

SCREENS: Mapping[str, tuple[Group, ...]] = {
    "queue": (QUEUE, WORK, MENTION, PLACES, ANYWHERE, LIST, DESK),
    "conversation": (AWAY, WORK, MENTION, ANYWHERE, SHEET, DESK),
    "composer": (WRITING, ANYWHERE, DESK),
    "review": (REVIEW, SHEET, ANYWHERE, DESK),
    "ledger": (LEDGER, DAYS, AWAY, WORK, MENTION, PLACES, ANYWHERE, LIST, DESK),
    "search": (SEARCH, AWAY, WORK, MENTION, PLACES, ANYWHERE, LIST, DESK),
    "outbox": (OUTBOX, AWAY, PLACES, ANYWHERE, LIST, DESK),
    "promises": (PROMISES, AWAY, PLACES, ANYWHERE, LIST, DESK),
    "page": (PAGE, DAYS, AWAY, PLACES, ANYWHERE, SHEET, DESK),
    "words to read": (TOLD, DIALOG, SHEET, DESK),
    "by hand": (BY_HAND, DIALOG, DESK),
    "saved replies": (SAVED, DIALOG, DESK),
    "commands": (COMMANDS, DIALOG, DESK),
    "topics": (ABOUT, DIALOG, DESK),
    "give up": (SURE, DIALOG, DESK),
}
"""The groups that hold at once, what is asked first before the others."""
FIXED = frozenset({"send", "no_undo", "leave_desk"})
"""Not to be put on other keys: the one that sends stays the one."""


def bindings(*groups: Group) -> list[BindingType]:
    """What a class of Textual binds."""
    return [key.binding() for group in groups for key in group]


def label(key: str) -> str:
    """A key as a person reads it: `Ctrl-S`, `?`, `←`."""
    *held, last = key.split("+")
    sign = _SIGNS.get(last, last)
    if len(last) > 1 and len(sign) > 1:
        sign = sign[0].upper() + sign[1:]
    if held and len(sign) == 1:
        sign = sign.upper()
    return "-".join([*(one.capitalize() for one in held), sign])


def every(*groups: Group) -> Mapping[str, Key]:
    """By name; where a name stands twice, the first."""
    found: dict[str, Key] = {}
    for key in (key for group in groups for key in group):
        found.setdefault(key.name, key)
    return found


KEYS = every(*(group for groups in SCREENS.values() for group in groups))


def clashes(groups: Iterable[Group], chosen: Mapping[str, str]) -> Sequence[tuple[str, str, str]]:
    """Keys that two names of one screen would share since one was moved: key, name, other name.

    As shipped, a key of a screen goes before the same key of its list.
    """
    taken: dict[str, str] = {}
    found = []
    keys = every(*groups)
    moved = {name for name in keys if chosen.get(name, keys[name].keys) != keys[name].keys}
    for name, key in keys.items():
        for one in chosen.get(name, key.keys).split(","):
            if (other := taken.setdefault(one, name)) != name and {name, other} & moved:
                found.append((one, other, name))
    return found
