"""The few elements that every mail client draws, with their looks said inline.

Outlook on Windows draws with Word, which knows tables, `bgcolor` and widths in percent, but no
flex, no positions and no max-width. Gmail ignores the sheet's `prefers-color-scheme`.
"""

from html import escape

from models.outside import visible

SANS = "font-family:'Segoe UI',-apple-system,Roboto,'Helvetica Neue',Arial,sans-serif"
"""Word takes the first name it is given, whether or not it is installed."""
SERIF = "font-family:Georgia,'Times New Roman',serif"

_COLOURS = {
    "desk": ("background-color", "#f1f2f0", "#101214"),
    "sheet": ("background-color", "#ffffff", "#1b1e21"),
    "fill": ("background-color", "#2a7484", "#86c5cf"),
    "track": ("background-color", "#e2e8e8", "#363c41"),
    "ink": ("color", "#1a1d20", "#eceeef"),
    "mute": ("color", "#575e64", "#aab1b7"),
    "rule": ("border-color", "#dadfde", "#3c4349"),
    "edge": ("border-color", "#2a7484", "#86c5cf"),
    "loud": ("border-color", "#a3231f", "#ff9a8f"),
}
"""A class -> the property it colours, by day and by night."""


def sheet() -> str:
    """Only what no inline style can say: the night's colours and narrow screens."""
    night = "\n".join(
        f".{name}{{{what}:{hue}!important}}" for name, (what, _day, hue) in _COLOURS.items()
    )
    return (
        ":root{color-scheme:light dark}\n"
        f"@media (prefers-color-scheme:dark){{\n{night}\n}}\n"
        "@media (max-width:480px){\n"
        ".around{padding:0!important}\n"
        ".pad{padding-left:22px!important;padding-right:22px!important;hyphens:auto}\n"
        ".ask{font-size:25px!important}\n}"
    )


def safe(text: str) -> str:
    """Words as HTML: controls made visible, markup taken literally."""
    return escape(visible(text))


def look(*classes: str, css: str = "") -> str:
    """Attributes `class`, `style` and, for Word, `bgcolor`; borders take their hue from `line`."""
    told = [css] if css else []
    ground = ""
    for name in classes:
        what, day, _night = _COLOURS.get(name, ("", "", ""))
        if what in {"color", "background-color"}:
            told.append(f"{what}:{day}")
        if what == "background-color":
            ground = f' bgcolor="{day}"'
    return f'class="{" ".join(classes)}" style="{";".join(told)}"{ground}'


def line(side: str, width: int, colour: str) -> str:
    """A border in pixels, as CSS; the element needs the colour's class too."""
    return f"border-{side}:{width}px solid {_COLOURS[colour][1]}"


def words(tag: str, text: str, *classes: str, css: str) -> str:
    """An element that holds one text."""
    return f"<{tag} {look(*classes, css=lettering(css))}>{safe(text)}</{tag}>"


def lettering(css: str, face: str = SANS) -> str:
    """With a face, as Word inherits none, and so that a word of 200 letters breaks."""
    height = "" if "line-height" in css else ";line-height:1.5"
    return f"{css}{height};{face};word-break:break-word;overflow-wrap:anywhere"


def table(rows: str, *classes: str, css: str = "width:100%", width: str = "100%") -> str:
    """A table for layout alone, said so to whoever has it read aloud."""
    return (
        f'<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="{width}" '
        f"{look(*classes, css=f'border-collapse:collapse;{css}')}>\n{rows}\n</table>"
    )


def block(colour: str, height: int) -> str:
    """A cell that is nothing but its colour, `height` pixels tall."""
    css = f"padding:0;height:{height}px;font-size:1px;line-height:1px"
    return f'<td height="{height}" {look(colour, css=css)}>&nbsp;</td>'


def gap(height: int) -> str:
    """Empty pixels; Word gives neither a div nor a table a margin."""
    css = f"height:{height}px;font-size:1px;line-height:{height}px;mso-line-height-rule:exactly"
    return f'<div aria-hidden="true" style="{css}">&nbsp;</div>'
