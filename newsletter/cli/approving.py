"""`approve`, and what other verbs need of it: nothing leaves that nobody has answered for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import ISSUE
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.errors import Refused
    from newsletter.model.approval import Approval, Person, Standing
    from newsletter.pipeline import Build

_CHANGES_SHOWN = 20


@click.command()
@click.argument("issue", type=ISSUE)
@click.option("--by", metavar="NAME", help="Who approves; otherwise the name and address in git's settings.")
@click.option("--check", is_flag=True, help="Only say whether an approval matches; exit code 5 where none does.")
@click.option("--withdraw", is_flag=True, help="Take an approval back.")
@click.option("--json", "as_json", is_flag=True, help="With --check: print JSON.")
def approve(issue: str, by: str | None, check: bool, withdraw: bool, as_json: bool) -> int:
    """Answer for ISSUE as it is now; whatever changes afterwards needs another approval."""
    from newsletter import pipeline
    from newsletter.model.approval import State

    if sum((check, withdraw, by is not None)) > 1 or (as_json and not check):
        raise click.UsageError("--by, --check and --withdraw exclude one another; --json goes with --check")
    space = here.workspace()
    if withdraw:
        _withdraw(space, issue)
        return 0
    built = pipeline.build(space, issue)
    standing = pipeline.standing(space, built)
    if check:
        if as_json:
            output.data(standing.as_json())
        if standing.state is State.APPROVED:
            output.say(_told(space, standing))
            return 0
        raise _refusal(space, standing)
    pipeline.refuse_faulty(built)
    if standing.state is State.APPROVED:
        output.say(_told(space, standing))
        output.say("nothing has changed since, so nothing is left to do")
        given = standing.approval
        if by is not None and given and str(_approver(space, by)) != str(given.by):
            output.say(f"for another name take it back first: newsletter approve {issue} --withdraw")
        return 0
    _record(space, built, standing, _approver(space, by))
    return 0


def refuse_unapproved(space: Workspace, built: Build) -> None:
    """Raise Refused where the settings want an approval and none matches what would be sent; else say whose it is."""
    from newsletter import pipeline
    from newsletter.model.approval import State

    if not space.settings.approval.required:
        return
    standing = pipeline.standing(space, built)
    if standing.state is not State.APPROVED:
        raise _refusal(space, standing)
    output.say(_told(space, standing))


def state(space: Workspace, built: Build) -> str:
    """Return in one sentence whether a build is approved."""
    from newsletter import pipeline

    return _told(space, pipeline.standing(space, built))


def mention(space: Workspace, issue: str, *, asked: bool = False) -> None:
    """Say who has approved an issue, if anybody has.

    `asked` is for an issue that has not left yet: it also says that nobody has where somebody must.
    """
    from newsletter import approval

    given = approval.read(space, issue)
    if given:
        holds = f"; whether that still holds says: newsletter approve {issue} --check" if asked else ""
        output.say(f"approved by {given.by} on {_when(space, given)}{holds}")
    elif asked and space.settings.approval.required:
        output.say(f"not approved yet; do it with: newsletter approve {issue}")


def _record(space: Workspace, built: Build, standing: Standing, approver: Person) -> None:
    from newsletter import pipeline

    output.show_findings(built.findings, space.root, err=True)
    if standing.difference:
        _say_changes(standing)
    for path in pipeline.approve(space, built, approver, dt.datetime.now(space.settings.zone)):
        click.echo(path)
    issue = built.selection.issue.name
    lists = [space.settings.lists[name].title for name in built.selection.issue.lists if name in space.settings.lists]
    subject = built.editions[0].subject.fill({}).decode()
    output.say(
        f"{approver} approves {issue}, “{subject}” ({', '.join(edition.language for edition in built.editions)}), "
        f"from {space.settings.sender} to {' and '.join(lists) or 'no list yet'}"
    )
    output.say(f"digest {built.digest}")
    output.say("commit both files, so that it shows who has answered for it")


def _withdraw(space: Workspace, issue: str) -> None:
    from newsletter import approval
    from newsletter.errors import NotFound

    known = approval.paths(space, issue)
    if not known:
        raise NotFound(
            f"there is no approval of {issue} to take back",
            fix=f"see what is approved with: newsletter approve {issue} --check",
        )
    for path in known:
        path.unlink()
        click.echo(path)
    output.say(f"{issue} is no longer approved")


def _approver(space: Workspace, by: str | None) -> Person:
    from newsletter import approval
    from newsletter.errors import ConfigurationError

    given = approval.person(by) if by is not None else approval.whoami(space.root)
    if given is None or not str(given) or not str(given).isprintable():
        raise ConfigurationError(
            "an approval needs a name" if by is None or not by.strip() else f"'{by.strip()}' is not a name",
            why="it says who answers for the issue" + (", and git's settings have none" if by is None else ""),
            fix='give it: newsletter approve ISSUE --by "Your Name <you@example.org>"',
        )
    return given


def _told(space: Workspace, standing: Standing) -> str:
    from newsletter.model.approval import State

    given = standing.approval
    if given is None:
        if not space.settings.approval.required:
            return "not approved; the settings ask for no approval"
        return f"not approved yet; do it with: newsletter approve {standing.issue}"
    told = f"approved by {given.by} on {_when(space, given)}"
    if standing.state is State.APPROVED:
        return told
    problem = "but changed since then" if standing.state is State.CHANGED else "who is not known to be another person"
    return f"{told}, {problem}; see newsletter approve {standing.issue} --check"


def _refusal(space: Workspace, standing: Standing) -> Refused:
    from newsletter.errors import Refused
    from newsletter.model.approval import State

    issue, given = standing.issue, standing.approval
    if given is None:
        return Refused(
            f"{issue} is not approved",
            why="the settings want an approval before anything is sent" if space.settings.approval.required else "",
            fix=f"whoever answers for it runs: newsletter approve {issue}",
        )
    if standing.state is State.BY_AUTHOR:
        return Refused(
            f"the approval of {issue} does not count",
            why=f"{given.by} made its last change, and the settings want the approval of another person"
            if given.authors
            else "it does not say who had made the last change, and the settings want the approval of another person",
            fix=f"ask a colleague to look at it and to approve it: newsletter approve {issue}",
        )
    _say_changes(standing)
    return Refused(
        f"{issue} is not what {given.by} approved on {_when(space, given)}",
        why="what was approved is what is sent, and the changes above came later"
        if standing.difference
        else f"its digest is {standing.digest}, not {given.digest}; what was approved was not kept in issue.lock",
        fix=f"have it looked at again, then: newsletter approve {issue}",
    )


def _say_changes(standing: Standing) -> None:
    if standing.difference and standing.approval:
        output.say(f"since {standing.approval.by} approved {standing.issue}:")
        sentences = standing.difference.sentences
        for sentence in sentences[:_CHANGES_SHOWN]:
            output.say(f"  {sentence}")
        more = len(sentences) - _CHANGES_SHOWN
        if more > 0:
            output.say(f"  … and {more} more")


def _when(space: Workspace, given: Approval) -> str:
    return wording.moment(given.at, space.settings.zone)
