"""Commands whose help is in the language of whoever reads it, and click's own words with them.

click builds its commands while they are imported, before a language is chosen. So help is kept in
English, marked by `deferred` for `make words`, and translated each time it is read.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

from models import words
from models.settings import language_in
from models.words import _, deferred, deferred_plural, plural

Decorated = TypeVar("Decorated", bound=Callable[..., Any] | click.Command)

SPOKEN = (core, decorators, exceptions, formatting, parser, termui, types)
"""click's rooms that say something. Each asks Python's gettext, which knows the environment's
locale only: it is given our two functions instead, which know the config too."""
for _room in SPOKEN:
    vars(_room).update(_=_, ngettext=plural)

OF_CLICK = (
    deferred("Usage:"),
    deferred("[OPTIONS]"),
    deferred("COMMAND [ARGS]..."),
    deferred("[COMMAND] [ARGS]..."),
    deferred("Options"),
    deferred("Commands"),
    deferred("TEXT"),
    deferred("PATH"),
    deferred("INTEGER RANGE"),
    deferred("required"),
    deferred("Try '{command} {option}' for help."),
    deferred("Error: {message}"),
    deferred("Invalid value: {message}"),
    deferred("Invalid value for {param_hint}: {message}"),
    deferred("Missing argument"),
    deferred("Missing option"),
    deferred("Missing command."),
    deferred("No such option {name!r}."),
    deferred("No such command {name!r}."),
    deferred_plural("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    deferred_plural(
        "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"
    ),
    deferred("Option {name!r} does not take a value."),
    deferred_plural(
        "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."
    ),
    deferred_plural("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    deferred_plural(
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
    ),
    deferred("{value!r} is not a valid {number_type}."),
    deferred("{value} is not in the range {range}."),
)
"""What click says of itself wherever we use it."""


class _Helpful:
    """Help that is stored in English and read in the language chosen."""

    _help: str | None

    @property
    def help(self) -> str | None:
        return self._help and _(self._help)

    @help.setter  # noqa: A003
    def help(self, written: str | None) -> None:
        self._help = written


class Option(_Helpful, click.Option):
    """An option of ours."""

    def make_metavar(self, ctx: click.Context) -> str:
        """`TIME` in `--at TIME`."""
        metavar = super().make_metavar(ctx)
        return _(metavar)


class Argument(click.Argument):
    """An argument of ours."""

    def make_metavar(self, ctx: click.Context) -> str:
        """`FILE` in the line of usage, and where it is missing."""
        metavar = super().make_metavar(ctx)
        return _(metavar)


class Command(_Helpful, click.Command):
    """A command of ours."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """`[OPTIONS]` and what comes after it."""
        return [_(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """click makes it once, maybe before the language is chosen."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("Show this message and exit.")
        return option


class Group(Command, click.Group):
    """Commands under one word."""

    command_class = Command


class Program(Group):
    """The whole command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The language is chosen before the first word is read, which may be a wrong one."""
        words.speak(language_in(None))
        return super().parse_args(ctx, args)


def option(*declarations: str, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """As click's."""
    return click.option(*declarations, cls=Option, **attributes)


def argument(name: str, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """As click's."""
    return click.argument(name, cls=Argument, **attributes)


def command(name: str | None = None, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """As click's."""
    return click.command(name, cls=Command, **attributes)


def group(
    name: str | None = None, cls: type[Group] = Group, **attributes: Any
) -> Callable[[Callable[..., Any]], Group]:
    """As click's."""
    return click.group(name, cls=cls, **attributes)
