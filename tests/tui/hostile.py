"""Text that wants to be more than text, for the tests of the screens."""

import re

from hypothesis import strategies as st

CONTROLS = "".join(map(chr, (*range(1, 32), *range(0x7F, 0xA0))))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
HIDDEN = "\u200b\ufeff\u00ad\u2060\u2064\u180e\u034f\ufff9\U000e0041\U000e007f\u2028\u2029"
FORBIDDEN = re.compile(f"[{CONTROLS}{BIDI}{HIDDEN}\0\ud800-\udfff]")
"""What no line on a screen may hold."""

TRICKS = (
    "\x1b[31m",
    "\x1b[2J\x1b[H",
    "\x1b[8;1;1t",
    "\x1b[21t",
    "\x1b[?1049l",
    "\x1bc",
    "\x1b(0",
    "\x1b]0;ägare\x07",
    "\x1b]52;c;ZWdhcmU=\x07",
    "\x1b]8;;https://evil.example\x1b\\",
    '\x1bP$q"p\x1b\\',
    "\x1b_Gf=32\x1b\\",
    "\x9b31m",
    "\x9d0;ägare\x9c",
    "\x84\x85\x90",
    "\x07\x08\x08\x08",
    "\x7f",
    "\r\r\n",
    "\tå\x0b\x0c",
    "\u202egnp.exe\u202c",
    "\u2066\u2069\u200f\u061c",
    "\u200b\u200d\u200c\ufeff",
    "[/red]",
    "[@click=app.exit]x[/]",
    "[bold",
    "[link=https://evil.example]här[/link]",
    "\\[/]",
    "$primary {0} %s",
    "a" + "\u0301\u0327\u0489" * 40,
    "\u0301\u0489",
    "👩\u200d👩\u200d👧\u200d👦",
    "🏴\U000e0067\U000e0062\U000e0073\U000e007f",
    "❤\ufe0f" * 30,
    "1\ufe0f\u20e3🇸🇪🇳🇴",
    "ＦＵＬＬ　ＷＩＤＴＨ",
    "한국어العربيةไทย",
    "x" * 300,
    "\ue000\U0010ffff\ufdd0\ud800",
    "\u2028\u2029",
    "\0",
)
anything = st.text(st.characters(codec="utf-8"), max_size=12)
tricky = st.lists(st.sampled_from(TRICKS) | anything, min_size=1, max_size=4).map(" ".join)
"""Tricks with some other letters; lone surrogates are for the JSON that carries them."""
