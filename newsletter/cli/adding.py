"""`subscribers add`: one person who has agreed."""

from __future__ import annotations

import datetime as dt

import click

from newsletter.cli import here, output, topics
from newsletter.cli.importing import LIST, evidence_of


@click.command("add")
@click.argument("address")
@LIST
@click.option(
    "--consent-evidence",
    "evidence",
    nargs=2,
    required=True,
    metavar="DATE SOURCE",
    help='When and how they agreed, such as: 2024-07-20 "email to the press office"',
)
@click.option("--name", default="", help="How they are called.")
@click.option("--language", default="", help="Such as de-AT.")
@click.option("--topic", "wished", multiple=True, metavar="TOPIC", help="What they want; may be given again.")
@click.option(
    "--attribute", "pairs", multiple=True, metavar="NAME=VALUE", help="As the settings know it: --attribute country=AT"
)
def add(
    address: str,
    list_name: str,
    evidence: tuple[str, str],
    name: str,
    language: str,
    wished: tuple[str, ...],
    pairs: tuple[str, ...],
) -> None:
    """Put one ADDRESS on a list, with the proof that they agreed.

    ADDRESS may be as a mail program copies it: "Anna Berg <anna@example.org>".
    Who has left comes back only if they agreed after that, and who must not be written to does not.
    """
    from newsletter import audience, store
    from newsletter.audience import Verdict

    space = here.workspace()
    now = dt.datetime.now(dt.UTC)
    agreed = evidence_of(evidence, space, now)
    newcomer = audience.Newcomer(address, name, language, audience.write_topics(wished), _attributes(pairs))
    with store.open_database(space) as database:
        verdict = audience.add(
            database, newcomer, list_name, agreed, settings=space.settings, source="command line", now=now
        )
    address, _ = audience.read_mailbox(address)
    told = {
        Verdict.ADDED: f"{address} is on {list_name}",
        Verdict.RESUBSCRIBED: f"{address} had left, and is on {list_name} again",
        Verdict.CONFIRMED: f"{address} was pending, by a file, and is on {list_name}",
        Verdict.UPDATED: f"{address} was on {list_name} already; what is new of them is kept",
        Verdict.UNCHANGED: f"{address} was on {list_name} already; nothing changed",
    }
    output.say(told[verdict])
    topics.tell(wished, space, fix=topics.AS_IN_ENTRIES)


def _attributes(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not value.strip():
            raise click.BadParameter(f"'{pair}' is not NAME=VALUE, such as country=AT", param_hint="--attribute")
        found[name.strip().lower()] = value
    return found
