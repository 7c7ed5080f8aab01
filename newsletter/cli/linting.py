"""`lint` and `rule`: what an experienced editor would object to, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import ISSUE
from newsletter.model.finding import summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.config import Workspace
    from newsletter.errors import NewsletterError
    from newsletter.model.content import Content
    from newsletter.model.finding import Finding, Place
    from newsletter.model.selection import Selection
    from newsletter.model.visit import Visit

_FORMATS = click.Choice(["text", "json", "github", "gitlab", "sarif", "junit"])


@click.command()
@click.argument("issues", type=ISSUE, nargs=-1)
@click.option("--output-format", type=_FORMATS, default="text", show_default=True, help="Who reads the findings.")
@click.option("--json", "as_json", is_flag=True, help="The same as --output-format json.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="From which severity on the exit code is 1.",
)
@click.option("--online", is_flag=True, help="Follow the links too.")
@click.option("--spam", is_flag=True, help="Ask SpamAssassin too.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without harm.")
def lint(
    issues: tuple[str, ...], output_format: str, as_json: bool, fail_on: str, online: bool, spam: bool, fix: bool
) -> int:
    """Check the entries, and each ISSUE or all of them."""
    from newsletter.checks import formats, mending
    from newsletter.model.finding import Severity

    space = here.workspace()
    found = _findings(space, issues, online=online, spam=spam)
    for _ in range(mending.ROUNDS if fix else 0):
        mended = _mend(space, found)
        if not mended:
            break
        output.say(f"{mended} {'fault' if mended == 1 else 'faults'} mended")
        found = _findings(space, issues, online=online, spam=spam)
    if as_json:
        output_format = "json"
    if output_format == "text":
        output.show_findings(found, space.root, err=False)
    else:
        from newsletter.content import ci

        sources = output.sources(space.root)
        click.echo(formats.write(found, output_format, sources=sources, folder=ci.within(space.root)), nl=False)
    output.say(summary(found))
    stops = {Severity.ERROR} if fail_on == "error" else {Severity.ERROR, Severity.WARNING}
    return 1 if any(finding.severity in stops for finding in found) else 0


def _findings(space: Workspace, issues: Sequence[str], *, online: bool, spam: bool) -> list[Finding]:
    from newsletter import checks, pipeline
    from newsletter.checks import spamassassin
    from newsletter.errors import ContentError, NotFound, RenderingError

    read = pipeline.read(space)
    findings = list(read.findings)
    names = issues or tuple(read.issues)
    try:
        selections = pipeline.choose_each(space, names, read)
    except ContentError as error:
        # A period that leads nowhere, or an issue that cannot be read: told with the rest.
        return _sorted([*findings, *error.findings])
    known = _ledger(space, read, names)
    facts = checks.Facts(left=known.left)
    if online:
        facts = replace(facts, visits=_visits(space, pipeline.choose_several(space, names, read).values()))
    if spam:
        facts = replace(facts, spam=spamassassin.score)
    for chosen in selections:
        try:
            told = replace(facts, sent=known.sent.get(chosen.issue.lists, {}))
            findings += pipeline.render(space, chosen, read_content=read, facts=told).findings
        except (ContentError, RenderingError, NotFound) as error:
            # A list that the settings do not have, or code of the team's own, stops one issue, and no other one.
            findings += error.findings or _as_finding(error, chosen.issue.origin.place(), findings)
    # A picture that is not there is told where its path is written; rendering has only met it again.
    absent = {finding.place.file for finding in findings if finding.code == "ENT010"}
    findings = [finding for finding in findings if finding.code != "REN003" or finding.place.file not in absent]
    return _sorted(findings)


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda finding: finding.sort_key)


def _visits(space: Workspace, chosen: Iterable[Selection]) -> Mapping[str, Visit]:
    """Follow the links of some issues, and say what of that was not possible."""
    from newsletter import pipeline

    with output.progress("following links") as told:
        followed = pipeline.follow_links(space, chosen, told)
    for line in filter(None, (followed.missing, followed.remedy)):
        output.say(line)
    return followed.visits


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What the ledger has of issues: which have left, and the texts of the last ones for each choice of lists."""

    left: frozenset[str] = frozenset()
    sent: Mapping[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)


def _ledger(space: Workspace, read: Content, names: Sequence[str]) -> _Ledger:
    """Return what the ledger tells; checking makes no database, as in CI."""
    from newsletter import pipeline, sending, store
    from newsletter.errors import ConfigurationError, StorageError

    if not store.has_database(space):
        return _Ledger()
    try:
        with store.open_database(space) as database:
            letters = {read.issues[name].lists: name for name in names}
            sent = {lists: pipeline.sent(database, read, name) for lists, name in letters.items()}
            return _Ledger(sending.issues_left(database), sent)
    except (ConfigurationError, StorageError) as error:
        output.say(f"issues are not compared with what was sent: {error.message}")
        return _Ledger()


def _as_finding(error: NewsletterError, place: Place, known: Sequence[Finding]) -> list[Finding]:
    """Return an error that stops an issue as a finding about it, unless its files have told the reason."""
    if any(finding.severity == "error" and finding.place.file == place.file for finding in known):
        return []
    from newsletter.model.finding import Finding, Severity

    return [Finding("ISS015", Severity.ERROR, error.message, place, why=error.why, fix=error.fix)]


def _mend(space: Workspace, findings: Sequence[Finding]) -> int:
    """Make the changes that findings offer and return how many were made."""
    from newsletter.checks import mending
    from newsletter.files import replace_file

    made = 0
    for file, changes in mending.edits(findings).items():
        path: Path = space.root / file
        mended, number = mending.mend(path.read_bytes().decode("utf-8"), changes)
        if number:
            replace_file(path, mended.encode())
            made += number
    return made


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rule(code: str | None, as_json: bool) -> int:
    """Explain the rule CODE, or list all rules."""
    from newsletter.checks import explaining

    if code:
        found = explaining.find(code)
        if as_json:
            output.data({"schema": 1, "rule": explaining.as_json(found)})
        else:
            click.echo(explaining.explain(found, lambda words: click.style(words, bold=True)), nl=False)
        return 0
    if as_json:
        output.data({"schema": 1, "rules": [explaining.as_json(each) for each in explaining.RULES]})
        return 0
    output.table(
        ["code", "about", "severity", "rule"],
        [(each.code, each.group, each.severity, each.title) for each in explaining.RULES],
    )
    output.say(f"{len(explaining.RULES)} rules; newsletter rule CODE says more about one")
    return 0
