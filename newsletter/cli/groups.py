"""Verbs below a verb, and the list of them."""

from __future__ import annotations

import click

_SENTENCE = 400


class Verbs(click.Group):
    """A group whose list says the whole first sentence of each verb: half of one explains nothing."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        shown = [(name, command) for name, command in commands if command and not command.hidden]
        rows = [(name, command.get_short_help_str(limit=_SENTENCE)) for name, command in shown]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
