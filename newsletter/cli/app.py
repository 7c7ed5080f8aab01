"""The verbs, and what becomes of an error: one sentence on stderr and an exit code by kind."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from newsletter import __version__
from newsletter.cli import output
from newsletter.cli.groups import Verbs
from newsletter.errors import NewsletterError
from newsletter.model import file_failures

_VERBS = {
    "init": "workspace:init",
    "new": "workspace:new",
    "fetch": "fetching:fetch",
    "doctor": "doctor:doctor",
    "entries": "editorial:entries",
    "select": "editorial:select",
    "pin": "deciding:pin",
    "drop": "deciding:drop",
    "feature": "deciding:feature",
    "move": "deciding:move",
    "release": "deciding:release",
    "build": "editorial:build",
    "templates": "templates:templates",
    "lint": "linting:lint",
    "rule": "linting:rule",
    "preview": "preview:preview",
    "compose": "composing:compose",
    "lists": "audience:lists",
    "subscribers": "audience:subscribers",
    "serve": "serve:serve",
    "keys": "serve:keys",
    "database": "database:database",
    "proof": "sending:proof",
    "approve": "approving:approve",
    "send": "sending:send",
    "status": "mailing:status",
    "pause": "mailing:pause",
    "resume": "mailing:resume",
    "stop": "mailing:stop",
    "reconcile": "mailing:reconcile",
    "worker": "mailing:worker",
    "deliver": "mailing:deliver",
    "correct": "correcting:correct",
    "report": "tracking:report",
    "bounces": "tracking:bounces",
    "simulate": "simulating:simulate",
    "docs": "reading:docs",
}

_OTHER_WORDS = {
    "help": "--help",
    "version": "--version",
    "check": "lint",
    "test": "proof",
    "publish": "send",
    "edit": "compose",
    "open": "compose",
    "start": "compose",
}
"""What other programs call it."""


class _Verbs(Verbs):
    """Imports a verb when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        module, _, attribute = _VERBS[cmd_name].partition(":")
        command = getattr(importlib.import_module(f"newsletter.cli.{module}"), attribute)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; what a person can mend is told while it is known which workspace was meant, and no traceback."""
        try:
            return super().invoke(ctx)
        except NewsletterError as error:
            output.show_error(error)
            return error.exit_code

    def better(self, ctx: click.Context, word: str) -> list[str]:
        """Return the verbs of groups that have that very name, such as `subscribers import`, before what is alike."""
        if word in _OTHER_WORDS:
            return [_OTHER_WORDS[word]]
        groups = {name: self.get_command(ctx, name) for name in _VERBS}
        below = [
            f"{name} {word}"
            for name, group in groups.items()
            if isinstance(group, click.Group) and group.get_command(ctx, word)
        ]
        return below or super().better(ctx, word)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="newsletter %(version)s")
@click.option(
    "-C",
    "--workspace",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The newsletter's folder; otherwise it is looked for from here upwards.",
)
@click.pass_context
def app(ctx: click.Context, workspace: Path | None) -> None:
    """From a month of typed entries to one email in every subscriber's inbox."""
    ctx.obj = workspace
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    elif os.environ.get("FORCE_COLOR"):
        ctx.color = True


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        result = app.main(list(arguments), prog_name="newsletter", standalone_mode=False)
    except click.ClickException as error:
        _explained(error).show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except OSError as error:
        if _is_unread(error):
            # The reader of our output, such as `head`, has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return 0
        # A folder that may not be written, a full disk: a person's to mend, not a fault of ours.
        told = file_failures.told(error)
        output.show_error(told)
        return told.exit_code
    return result if isinstance(result, int) else 0


def _is_unread(error: OSError) -> bool:
    """Return whether an output is closed; Windows calls that an invalid argument."""
    closed = sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    return closed or isinstance(error, BrokenPipeError)


def _explained(error: click.ClickException) -> click.ClickException:
    """Return the error of an option that is left out with what the option is for."""
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Option):
        told = error.param.help or ""
        # Click puts a full stop before the values that the type knows of.
        known = error.param.type.get_missing_message(param=error.param, ctx=error.ctx)
        return click.MissingParameter(told.removesuffix(".") if known else told, error.ctx, error.param)
    return error
