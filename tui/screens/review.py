"""The last look before a reply leaves: the exact text, the account, who can read it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from models.networks import NETWORKS
from models.outside import first_line, visible
from models.records.conversation import Thread
from models.records.tables import Account
from models.words import _
from tui import saying
from tui.screens.framed import Framed
from tui.widgets.bars import Bars
from tui.widgets.lines import BLANK, Drawn, wrapped


class Review(Framed):
    """Ends with True on `y`, the only key in the house that sends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "send", show=False),
        Binding("e,escape,q", "away", show=False),
        Binding("u", "nothing", show=False),
    ]
    hints = (("y", "send"), ("e", "edit"), ("Esc", "back, nothing is sent"))

    def __init__(
        self, thread: Thread, account: Account | None, body: str, warning: str = ""
    ) -> None:
        super().__init__()
        self._thread, self._account = thread, account
        self._body, self._warning = body, warning

    def body(self) -> ComposeResult:
        """The page."""
        yield Bars(id="page")

    def on_mount(self) -> None:
        """Draw it once its width is known."""
        super().on_mount()
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Wrap anew."""
        super().on_resize()
        self.call_after_refresh(self._fill)

    def action_send(self) -> None:
        """Yes."""
        self.dismiss(True)

    def action_away(self) -> None:
        """Not yet."""
        self.dismiss(False)

    def action_nothing(self) -> None:
        """Taking another reply back has no place here."""

    def _fill(self) -> None:
        page = self.query_one("#page", Bars)
        page.show(self._lines(max(20, page.size.width - 2)))

    def _lines(self, width: int) -> Sequence[Drawn]:
        author, mention, account = self._thread.author, self._thread.mention, self._account
        network = saying.network(mention.channel)
        to = first_line(author.name or author.handle or "?", 40)
        ours = f"@{first_line(account.handle, 30)}" if account else "–"
        lines = [
            BLANK,
            Drawn(
                (
                    (
                        _("PUBLIC: everybody on {network} can read this.").format(network=network),
                        "warn",
                    ),
                )
            ),
            Drawn(((_("From {account} to {name}").format(account=ours, name=to), "strong"),)),
            Drawn(((self._length(), "dim"),)),
            BLANK,
        ]
        for line in wrapped(visible(self._body, lines=True), width - 2):
            lines.append(Drawn((("▎ ", "ours"), (line, "strong"))))
        lines.append(BLANK)
        if self._warning:
            lines += [Drawn(((line, "late"),)) for line in wrapped(self._warning, width)]
        lines.append(
            Drawn((("y", "strong"), (_(" sends it. Every other key sends nothing."), "dim")))
        )
        return lines

    def _length(self) -> str:
        network = NETWORKS.get(self._thread.mention.channel)
        if network is None:
            return ""
        told = _("{length} of {limit} characters")
        return told.format(length=network.count(self._body), limit=network.limit)
