"""`doctor`: is everything there that this newsletter needs?"""

from __future__ import annotations

from itertools import chain

import click

from newsletter.cli import here, output

_SIGNS = {"ok": ("✓", "green"), "note": ("○", "cyan"), "failed": ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> int:
    """Check settings, entries, database, providers, webhooks, DNS, sources and what is installed."""
    from newsletter.pipeline.examining import examine, examine_online

    space = here.workspace()
    found = list(chain(examine(space), examine_online(space)))
    if as_json:
        output.data({"schema": 1, "checks": [item.as_json() for item in found]})
    else:
        for item in found:
            sign, color = _SIGNS[item.state]
            click.echo(f"{click.style(sign, fg=color)} {item.subject}: {item.detail}")
            if item.fix:
                click.echo(f"  fix: {item.fix}")
    return 1 if any(item.state == "failed" for item in found) else 0
