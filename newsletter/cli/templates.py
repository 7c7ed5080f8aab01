"""`templates`: which there are, what is in them, and a copy to change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.groups import Verbs
from newsletter.files import replace_file

if TYPE_CHECKING:
    from newsletter.config import Workspace

_COMMENT = re.compile(r"\s*(?:\{#-?\s*(.*?)\s*-?#\}|# ([^\n]+))", re.DOTALL)


@click.group(cls=Verbs)
def templates() -> None:
    """List, show and copy the email's templates."""


@templates.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the templates, and which of them this newsletter has of its own."""
    from newsletter.rendering import copies

    space = here.workspace()
    old = copies.outdated(space.templates)
    rows = [(name, _origin(space, name), _about(path)) for name, path in sorted(_all(space).items())]
    if as_json:
        output.data(
            {
                "schema": 1,
                "templates": [
                    {"name": name, "origin": origin, "about": about, "outdated": name in old}
                    for name, origin, about in rows
                ],
            }
        )
    else:
        output.table(["template", "from", "about"], rows)
        for name in old:
            output.say(f"{name}: the shipped one has changed since yours was copied; {copies.SEE.format(name)}")


@templates.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Print the template NAME as this newsletter uses it."""
    click.echo(_find(here.workspace(), name)[1].read_text(encoding="utf-8-sig", errors="replace"), nl=False)


@templates.command("eject")
@click.argument("name")
def eject(name: str) -> None:
    """Copy the shipped template NAME into this newsletter, to be changed there."""
    from newsletter.errors import Refused
    from newsletter.rendering import copies

    space = here.workspace()
    name, path = _find(space, name)
    target = space.templates / name
    if target.exists():
        raise Refused(
            f"{space.relative(target)} is there already", why="eject writes over nothing", fix="edit that file"
        )
    replace_file(target, path.read_bytes())
    copies.note(space.templates, name)
    click.echo(target)
    output.say("this copy is used from now on; delete it to go back to the shipped one")


@templates.command("diff")
@click.argument("name")
@click.option("--taken", is_flag=True, help="Your template NAME has all that it wants of the shipped one as it is now.")
def diff(name: str, taken: bool) -> None:
    """Show how the shipped template NAME differs from yours, such as after an upgrade."""
    from difflib import unified_diff

    from newsletter.errors import Refused
    from newsletter.rendering import copies
    from newsletter.rendering.shipping import shipped

    space = here.workspace()
    name, _ = _find(space, name)
    own, theirs = space.templates / name, shipped() / name
    if not (own.is_file() and theirs.is_file()):
        raise Refused(
            f"there is only one {name}",
            why=f"{'no template of this name is shipped' if own.is_file() else 'this newsletter has no copy of it'}",
        )
    if taken:
        copies.note(space.templates, name)
        output.say(f"{space.relative(own)} counts as up to date, until the shipped one changes again")
        return
    yours, shipped_one = (file.read_text("utf-8-sig", "replace").splitlines() for file in (own, theirs))
    for line in unified_diff(yours, shipped_one, f"yours/{name}", f"shipped/{name}", lineterm=""):
        click.echo(line)
    if name in copies.outdated(space.templates):
        output.say(
            "the shipped one has changed since yours was copied: take over what you want, then say so with: "
            f"newsletter templates diff {name} --taken"
        )


def _all(space: Workspace) -> dict[str, Path]:
    """Return the file of each template, the workspace's own before the shipped one of the same name."""
    from newsletter.rendering.shipping import shipped

    found: dict[str, Path] = {}
    for folder in (shipped(), space.templates):
        files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
        found.update((path.relative_to(folder).as_posix(), path) for path in files)
    return found


def _find(space: Workspace, name: str) -> tuple[str, Path]:
    """Return a template by its name, which may be short where no other has it: `hero` for `layouts/hero.mjml.j2`."""
    from newsletter.errors import NotFound
    from newsletter.model import meant

    known = _all(space)
    if name in known:
        return name, known[name]
    full = {one.removesuffix(".j2").removesuffix(".mjml").removesuffix(".toml"): one for one in known}
    alike = [name] if name in full else [one for one in full if one.rpartition("/")[2] == name]
    if len(alike) == 1:
        return full[alike[0]], known[full[alike[0]]]
    guesses = alike or [meant.did_you_mean(name, [*known, *full])]
    raise NotFound(
        f"there is no template '{name}'" + (f"; did you mean {' or '.join(map(repr, guesses))}?" if guesses[0] else ""),
        fix="see them all with: newsletter templates list",
    )


def _origin(space: Workspace, name: str) -> str:
    from newsletter.rendering.shipping import shipped

    own, theirs = (space.templates / name).exists(), (shipped() / name).exists()
    if own and theirs and shipped() != space.templates:
        return "yours, over the shipped one" if name.endswith(".toml") else "yours, instead of the shipped one"
    return "shipped" if theirs else "yours"


def _about(path: Path) -> str:
    comment = _COMMENT.match(path.read_text(encoding="utf-8-sig", errors="replace"))
    sentence = " ".join((comment[1] or comment[2]).split()) if comment else ""
    return sentence.partition(". ")[0].rstrip(".")
