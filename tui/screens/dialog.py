"""A dialog: some lines in a box over the screen, perhaps with a field to write in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from models.outside import first_line
from models.personal import masked
from models.words import _
from tui.keymap import DIALOG, TOLD, Group, bindings
from tui.widgets.bars import Bars, Sheet
from tui.widgets.fields import Line
from tui.widgets.lines import Drawn, wrapped

if TYPE_CHECKING:
    from models.records.conversation import Thread
    from tui.desk import Desk

A = TypeVar("A")
_WIDTH = 72


class Dialog(ModalScreen[A | None], Generic[A]):
    """`title`, `lines` and, where `asks` is given, a field with that placeholder.

    One `about` a mention stands at once, so that what is typed ahead reaches its field, and fills
    when the conversation is read.
    """

    SCROLLS: ClassVar[bool] = False
    """Whether its words may be more than the screen holds; then their keys are the list's."""
    KEYS: ClassVar[Group] = DIALOG
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    def __init__(self, title: str, asks: str | None = None, about: int | None = None) -> None:
        super().__init__()
        self._title, self._asks, self._about = title, asks, about
        self.thread: Thread | None = None

    def dismiss(self, result: A | None = None) -> Any:
        """Once, and only from the top: Textual would take away whatever stands there instead."""
        return super().dismiss(result) if self.is_active else None

    @property
    def desk(self) -> "Desk":
        """The app, by its own type."""
        return cast("Desk", self.app)

    def lines(self, width: int) -> Sequence[Drawn]:
        """What it says in `width` cells."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box"):
            yield Sheet(id="words") if self.SCROLLS else Bars(id="words")
            if self._asks is not None:
                yield Line(placeholder=self._asks, id="field")

    def on_mount(self) -> None:
        """Make the box as high as its words."""
        box = self.query_one("#box")
        box.border_title = self._title.replace("[", "(")  # a title is read as markup
        box.border_subtitle = self.told_below()
        self.fill()
        for field in self.query(Input):
            field.cursor_blink = False
            self.set_focus(field)
        if self._about is not None:
            self._read(self._about)

    def told_below(self) -> str:
        """The keys of the box's lower edge: the way out."""
        return _("{key}: back").format(key=self.desk.label("cancel"))

    def on_resize(self) -> None:
        """Wrap anew."""
        self.fill()

    def fill(self) -> None:
        """Draw the words at the box's width."""
        width = max(20, min(_WIDTH, self.size.width - 8))
        lines = self.lines(width)
        words = self.query_one("#words", Sheet)
        self.query_one("#box").styles.width = width + 6
        words.styles.height = max(1, len(lines))
        words.show(lines)

    @property
    def words(self) -> str:
        """The beginning of the post it is about."""
        return first_line(masked(self.thread.mention.text or ""), _WIDTH) if self.thread else ""

    @work(exclusive=True, exit_on_error=False)
    async def _read(self, mention_id: int) -> None:
        self.thread = await self.desk.attempt(lambda seat: seat.thread(mention_id))
        if self.thread is None:
            self.dismiss(None)
        elif self.is_mounted:
            self.fill()

    def action_away(self) -> None:
        """Leave; nothing is done."""
        self.dismiss(None)


class Told(Dialog[None]):
    """Words to read; nothing is asked, so that it is left by more keys."""

    SCROLLS = True
    KEYS: ClassVar[Group] = TOLD
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)


def said(text: str, width: int, style: str = "plain") -> list[Drawn]:
    """A text on as many lines as it needs."""
    return [Drawn(((line, style),)) for line in wrapped(text, width)]
