"""`subscribers prefer`: what one person has asked for."""

from __future__ import annotations

import datetime as dt

import click

from newsletter.cli import here, output, topics
from newsletter.model.consent import Frequency
from newsletter.model.wording import listed


@click.command("prefer")
@click.argument("address")
@click.option("--language", help="Such as de-AT; empty for the newsletter's own.")
@click.option("--topic", "wished", multiple=True, metavar="TOPIC", help="What they want; may be given again.")
@click.option("--everything", is_flag=True, help="All topics.")
@click.option(
    "--frequency", type=click.Choice([word.value for word in Frequency]), help="How often they are written to at most."
)
@click.option("--pause-until", "pause", metavar="DAY", help="Nothing before that day: 2027-01-15.")
@click.option("--no-pause", is_flag=True, help="They get issues again.")
def prefer(
    address: str,
    language: str | None,
    wished: tuple[str, ...],
    everything: bool,
    frequency: str | None,
    pause: str | None,
    no_pause: bool,
) -> None:
    """Change what an ADDRESS prefers, as they could on their own page; what is not named stays as it is."""
    from newsletter import audience, store

    if everything and wished:
        raise click.UsageError("--everything and --topic say different things; give one of them")
    if no_pause and pause:
        raise click.UsageError("--no-pause and --pause-until say different things; give one of them")
    wishes = audience.Wishes(
        language=language,
        topics=wished if wished or everything else None,
        frequency=frequency,
        pause="" if no_pause else pause,
    )
    if wishes == audience.Wishes():
        raise click.UsageError("say what they prefer: --language, --topic, --everything, --frequency or a pause")
    space = here.workspace()
    with store.open_database(space) as database:
        now = dt.datetime.now(dt.UTC)
        changed = audience.prefer(database, address, wishes, source="command line", zone=space.settings.zone, now=now)
    if changed:
        output.say(f"{address}: {listed(changed)} changed")
    else:
        output.say(f"{address} has it so already; nothing changed")
    topics.tell(wished, space, fix=topics.AS_IN_ENTRIES)
