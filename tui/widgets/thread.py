"""The conversation around one mention, as a person reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING

from models.networks import ONLY_THERE, PRIVATE
from models.outside import first_line, visible
from models.personal import masked
from models.records.kinds import MentionState, NoteKind, ReplyState, Voice
from models.records.views import Noted
from models.words import _, counted, spoken
from tui import saying
from tui.place import Place
from tui.widgets.lines import BLANK, Cell, Drawn, Lines, wrapped

if TYPE_CHECKING:
    from models.records.conversation import Said, Thread
    from models.records.tables import Mention

_MARGIN = "▎ "


class ThreadView(Lines):
    """Shows one `Thread`; the mention it is about stands out."""

    def __init__(self, place: Place, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone, self._topics = place.zone, place.topics
        self._thread: Thread | None = None
        self._now = 0
        self._lines: list[Drawn] = []
        self._here, self._unveiled = 0, False

    @property
    def mention_id(self) -> int | None:
        """The mention it is about."""
        return self._thread.mention.id if self._thread else None

    def show(self, thread: "Thread | None", now: int) -> None:
        """This conversation from now on; the same one stays where it was scrolled to."""
        is_new = thread is None or thread.mention.id != self.mention_id
        self._thread, self._now = thread, now
        self._unveiled = self._unveiled and not is_new
        self._compose_lines()
        if is_new:
            self.scroll_to(y=self._first_to_show(), animate=False, force=True, immediate=True)
        self.repaint()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._compose_lines()

    def unveil(self) -> None:
        """Show personal numbers, or dots in their place again."""
        self._unveiled = not self._unveiled
        self._compose_lines()
        self.repaint()

    def draw(self, index: int, width: int) -> Drawn:
        """A line of the wrapped conversation."""
        return self._lines[index] if 0 <= index < len(self._lines) else BLANK

    def _compose_lines(self) -> None:
        width = max(10, self.size.width - 1)
        self._lines, self._here = [], 0
        if self._thread is not None:
            self._lines = [*_head(self._thread, width), *self._about(width), BLANK]
            told: list[Said | Noted] = [*self._thread.said, *self._thread.notes]
            for one in sorted(told, key=lambda one: one.at):
                self._lines += [*self._shown(one, self._thread, width), BLANK]
        self.set_count(len(self._lines))

    def _shown(self, one: "Said | Noted", thread: "Thread", width: int) -> Iterator[Drawn]:
        if isinstance(one, Noted):
            yield from _note(one, width, self._now, self._zone)
            return
        if _is_here(one, thread):
            self._here = len(self._lines)
        if not self._unveiled and one.who == Voice.THEIRS:
            one = replace(one, text=one.text and masked(one.text))
        yield from _block(one, thread, width, self._now, self._zone)

    def _about(self, width: int) -> Iterator[Drawn]:
        """Its topics, on one line."""
        if self._thread is not None and (names := self._thread.mention.topics):
            told = " · ".join(self._topics.label(name, spoken()) for name in names)
            yield Drawn(((first_line(told, width), "dim"),))

    def _first_to_show(self) -> int:
        """The end of the thread if the mention is on it, else the mention."""
        return max(0, min(self._here - 2, len(self._lines) - self.size.height))


def _is_here(said: "Said", thread: "Thread") -> bool:
    return said.who == Voice.THEIRS and said.id == thread.mention.id


def _head(thread: "Thread", width: int) -> Iterator[Drawn]:
    author, mention = thread.author, thread.mention
    name = first_line(author.name or author.handle or "?", max(8, width // 2))
    about = [saying.network(mention.channel), mention.language or mention.lang or "–"]
    if author.handle and author.name:
        about.insert(0, "@" + first_line(author.handle, 30))
    yield Drawn(((name, "strong"), ("  " + " · ".join(about), "dim")))
    if thread.cut:
        told = _("A long thread: only the posts around this one are shown.")
        yield Drawn(((told, "dim"),))


def _block(said: "Said", thread: "Thread", width: int, now: int, zone: tzinfo) -> Iterator[Drawn]:
    here = _is_here(said, thread)
    margin = "theirs" if here else "ours" if said.who != Voice.THEIRS else "dim"
    text = "strong" if here else "plain"
    yield _margined(margin, *_title(said, now, zone))
    if said.gone_at is not None:
        gone = saying.moment(said.gone_at, now, zone)
        told = _("deleted by its author, {when}").format(when=gone)
        yield _margined(margin, (told, "dim"))
    elif said.text is not None:
        for line in wrapped(visible(said.text, lines=True), width - len(_MARGIN)):
            yield _margined(margin, (line, text))
    for line in _notes(said, thread.mention, now, zone):
        for part in wrapped(line, width - len(_MARGIN)):
            yield _margined(margin, (part, "warn"))


def _note(note: Noted, width: int, now: int, zone: tzinfo) -> Iterator[Drawn]:
    """In a box of its own words: nobody may take it for something that was said in public."""
    kind = {NoteKind.QUESTION: _("QUESTION"), NoteKind.ANSWER: _("ANSWER")}
    title = kind.get(NoteKind(note.kind), _("NOTE"))
    when = saying.moment(note.at, now, zone)
    about = f"  {first_line(note.staff, 20)} · {when} · " + _("only colleagues read it")
    yield _margined("warn", (title, "warn"), (about, "dim"))
    for line in wrapped(visible(note.text, lines=True), width - len(_MARGIN)):
        yield _margined("warn", (line, "plain"))


def _title(said: "Said", now: int, zone: tzinfo) -> Sequence[Cell]:
    name = first_line(said.name or said.handle or "?", 30)
    cells = [(name, "ours" if said.who != Voice.THEIRS else "theirs")]
    parts = [saying.moment(said.at, now, zone)]
    if said.staff:
        parts.insert(0, first_line(said.staff, 20))
    if said.who == Voice.NATIVE:
        parts.append(_("on the network"))
    elif said.who == Voice.OURS:
        parts.append(saying.reply_word(said.state))
        parts += [_("concludes nothing yet")] if said.is_holding else []
    else:
        parts.append(saying.state_word(said.state))
    if said.edited_at is not None:
        edited = saying.moment(said.edited_at, now, zone)
        parts.append(_("changed {when}").format(when=edited))
    return [*cells, ("  " + " · ".join(parts), "dim")]


def _notes(said: "Said", mention: "Mention", now: int, zone: tzinfo) -> Iterator[str]:
    if said.media:
        told = counted("{number} attachment", "{number} attachments", len(said.media))
        alts = [first_line(str(item["alt"]), 120) for item in said.media if item.get("alt")]
        yield "▣ " + "; ".join([told, *(f"“{alt}”" for alt in alts)])
    if PRIVATE in said.flags:
        yield _("PRIVATE: not everybody can read this, nor what answers it.")
    signs = [flag for flag in said.flags if flag not in (ONLY_THERE, PRIVATE)]
    if signs:
        yield "⚠ " + _("Holds {what}; shown as signs.").format(what=", ".join(signs))
    if ONLY_THERE in said.flags and said.state == MentionState.OPEN:
        yield _("Does not name us: to be answered on the network itself, with b.")
    if said.perhaps_answered and said.state == MentionState.OPEN:
        yield _("Perhaps answered: we wrote to somebody else here after it.")
    if said.who == Voice.OURS and said.error and said.state != ReplyState.SENT:
        yield visible(said.error)


def _margined(style: str, *cells: Cell) -> Drawn:
    return Drawn(((_MARGIN, style), *cells))
