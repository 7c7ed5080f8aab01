"""`init --ci`: workflows for a repository that holds a newsletter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from newsletter.cli import output
from newsletter.files import replace_file

_NAMES = {"github": "GitHub", "gitlab": "GitLab"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written where."""

    kind: str
    root: Path
    files: Mapping[str, bytes]
    own: Mapping[str, bytes]
    """The team's files that stay, with what they should say."""
    requirement: str


def workspace(folder: Path) -> Path | None:
    """Return the newsletter's folder that is this one or holds it; a repository inside a newsletter is none of it."""
    from newsletter import config
    from newsletter.content import ci
    from newsletter.errors import ConfigurationError

    whole = folder.resolve()
    try:
        found: Path | None = config.load(folder, {}).root
    except ConfigurationError as error:
        # Settings that cannot be read are there all the same, and `init` would refuse to write over them.
        folders = (whole, *whole.parents) if error.findings else ()
        found = next((each for each in folders if any((each / name).is_file() for name in config.FILE_NAMES)), None)
    root = ci.repository(whole)
    is_apart = found is not None and root != found and root.is_relative_to(found) and (root / ".git").exists()
    return None if is_apart else found


def plan(folder: Path, kind: str) -> Plan:
    """Return which workflows `github` or `gitlab` needs; raise Refused where other files stand in their place."""
    from newsletter.content import ci
    from newsletter.errors import Refused

    root = ci.repository(folder)
    requirement = ci.requirement(root)
    files = ci.files(kind, ci.within(folder), requirement)
    other = [name for name, content in files.items() if (root / name).exists() and _differs(root / name, content)]
    refused = [name for name in other if not ci.optional(name)]
    if refused:
        raise Refused(
            f"{root} already has {' and '.join(refused)}, and not as it would be written",
            why="init writes over nothing",
            fix="move it away, run this again, and compare the two",
        )
    new = {name: content for name, content in files.items() if not (root / name).exists()}
    return Plan(kind, root, new, {name: files[name] for name in other}, requirement)


def write(made: Plan) -> None:
    """Write the workflows and say what is left to do."""
    for name, content in made.files.items():
        replace_file(made.root / name, content)
        click.echo(made.root / name)
    for name, content in made.own.items():
        output.say(f"{name} is yours and stays as it is; add to it:\n\n{content.decode()}")
    if not made.files and not made.own:
        output.say("the workflows are there already")
        return
    if not made.requirement:
        installing = next((name for name, content in made.files.items() if b"NEWSLETTER:" in content), "the workflow")
        output.say(
            f"newsletter was installed from a folder that {_NAMES[made.kind]} does not have: "
            f"write where pip finds it behind NEWSLETTER in {installing}, such as newsletter[preview] @ git+https://…; "
            "without [preview] there are no pictures"
        )
    proposal = "pull" if made.kind == "github" else "merge"
    output.say(f"commit these files; every {proposal} request then shows what readers would get, and nothing is sent")


def _differs(path: Path, content: bytes) -> bool:
    # git on Windows gives text files other line ends.
    return not path.is_file() or path.read_bytes().replace(b"\r\n", b"\n") != content.replace(b"\r\n", b"\n")
