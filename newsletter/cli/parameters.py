"""Values on the command line that are more than text."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from newsletter.config import Workspace


class _Day(click.ParamType[dt.date]):
    """A day such as 2024-07-26."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from newsletter.model.moment import read_day

        try:
            return read_day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


DAY = _Day()


def refuse_turned_round(first: dt.date | None, last: dt.date | None) -> None:
    """Raise ConfigurationError for a first day that is after the last one, with which nothing would be found."""
    from newsletter.errors import ConfigurationError

    if first and last and first > last:
        raise ConfigurationError(
            f"no day lies from {first} to {last}",
            why="the first day is after the last one",
            fix=f"write --from {last} --to {first}",
        )


class _Moment(click.ParamType[str]):
    """A moment such as 2024-08-01T09:00, read in the newsletter's zone once that is known."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from newsletter.model.moment import read_moment

        try:
            moment = read_moment(value, dt.UTC)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if moment.whole_day:
            self.fail(f"'{value}' has no time; write {value}T09:00", param, ctx)
        return str(value)


MOMENT = _Moment()


class Number(click.IntRange):
    """A whole number, refused in words that say what would do."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, within its bounds."""
        try:
            number = int(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a whole number", param, ctx)
        if self.min is not None and number < self.min:
            self.fail(f"{number} is too small; the least is {self.min}", param, ctx)
        if self.max is not None and number > self.max:
            self.fail(f"{number} is too large; the most is {self.max}", param, ctx)
        return number


class _Issue(click.ParamType[str]):
    """The name of an issue; the shell completes it, and who leaves it out is told the names."""

    name = "issue"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str | None:
        from newsletter.errors import NewsletterError

        try:
            names = _issues(ctx)
        except NewsletterError as error:
            return error.message[:1].upper() + error.message[1:]
        if not names:
            return "There is no issue yet; make one, such as 2024-08, with: newsletter new issue NAME"
        return f"The issues are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from newsletter.errors import NewsletterError

        # A line that is being typed is no place for an error.
        with suppress(NewsletterError):
            return [CompletionItem(name) for name in _issues(ctx) if name.startswith(incomplete)]
        return []


class _List(click.ParamType[str]):
    """The name of a list; the shell completes it, and who leaves it out is told the names."""

    name = "list"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str | None:
        from newsletter.errors import NewsletterError

        # What is wrong with the settings is told as soon as something is to be done.
        with suppress(NewsletterError):
            if names := _lists(ctx):
                return f"The lists are: {', '.join(names)}"
        return None

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from newsletter.errors import NewsletterError

        with suppress(NewsletterError):
            return [CompletionItem(name) for name in _lists(ctx) if name.startswith(incomplete)]
        return []


def names_of_issues(space: Workspace) -> list[str]:
    """Return the names of the issues of a newsletter, the last first."""
    from newsletter.content.files import ISSUE_FILE
    from newsletter.model.issue import name_order

    names = (file.parent.name for file in space.issues.glob(f"*/{ISSUE_FILE}"))
    return sorted(names, key=name_order, reverse=True)


def _issues(ctx: click.Context | None) -> list[str]:
    """Return the names of the issues here; raise ConfigurationError where there is no newsletter."""
    from newsletter import config

    return names_of_issues(config.load(ctx.find_object(Path) if ctx else None))


def _lists(ctx: click.Context | None) -> list[str]:
    """Return the names of the lists here; raise ConfigurationError where there is no newsletter."""
    from newsletter import config

    return list(config.load(ctx.find_object(Path) if ctx else None).settings.lists)


ISSUE = _Issue()
LIST_NAME = _List()
