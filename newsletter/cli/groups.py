"""Verbs below a verb, and the list of them."""

from __future__ import annotations

import click

from newsletter.model.wording import listed

_SENTENCE = 400


class Verbs(click.Group):
    """A group whose list says the whole first sentence of each verb, and which suggests one for a name that is none."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that is meant; an option is left to click, which tells what is wrong with it."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            verbs = [f"'{verb}'" for verb in self.better(ctx, args[0])]
            hint = f" Did you mean {listed(verbs, 'or')}?" if verbs else ""
            raise click.UsageError(f"there is no command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def better(self, ctx: click.Context, word: str) -> list[str]:
        """Return what may be meant by a word that is no verb."""
        from newsletter.model import meant

        verb = meant.did_you_mean(word, self.list_commands(ctx))
        return [verb] if verb else []

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        shown = [(name, command) for name, command in commands if command and not command.hidden]
        rows = [(name, command.get_short_help_str(limit=_SENTENCE)) for name, command in shown]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
