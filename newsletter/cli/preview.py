"""`preview`: what readers will get, in every mode, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.errors import NewsletterError
    from newsletter.preview import Preview
    from newsletter.preview.pictures import Camera


@click.command()
@click.argument("issue")
@click.option("--ci", is_flag=True, help="Write pictures, a report and the differences, and end.")
@click.option("--base", metavar="REF", help="Compare with a branch or commit, such as origin/main (with --ci).")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; otherwise build/preview/ISSUE (with --ci).",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The live preview's port; otherwise a free one.")
@click.option("--no-open", is_flag=True, help="Do not open the live preview in a browser.")
def preview(issue: str, ci: bool, base: str | None, out: Path | None, port: int, no_open: bool) -> int:
    """Show ISSUE as readers will get it: live while you write, or as a report with --ci."""
    if not ci and (base or out):
        raise click.UsageError("--base and --out belong to --ci; the live preview writes nothing")
    if ci and (port or no_open):
        raise click.UsageError("--port and --no-open belong to the live preview, without --ci")
    space = here.workspace()
    if ci:
        return _report(space, issue, base, out or space.root / "build" / "preview" / issue)
    from newsletter.cli import live

    return live.serve(space, issue, port=port, open_browser=not no_open)


def _report(space: Workspace, issue: str, base: str | None, out: Path) -> int:
    from newsletter import pipeline
    from newsletter.cli import comparing, previews

    clock = comparing.Clock()
    with clock.time("all"), _camera() as (camera, lens):
        with clock.time("reading"):
            read = pipeline.read(space)
        with comparing.earlier(space, base) as before:
            with clock.time("building"):
                shown, built = comparing.look(space, read, issue, before)
                shown = replace(shown, no_pictures=lens)
            with clock.time("other issues"):
                others, untold = comparing.touched(space, read, issue, before)
        if camera and shown.state:
            with clock.time("pictures"):
                shown, others = _pictured(camera, shown, others)
        with clock.time("writing"):
            files = previews.write(space, built, shown, others, untold, out)
    code = 1 if shown.failed else 0
    previews.finish(shown, others, camera, clock.seconds, code, out)
    _tell(shown, clock.seconds["all"])
    for path in files:
        click.echo(path)
    return code


@contextmanager
def _camera() -> Iterator[tuple[Camera | None, NewsletterError | None]]:
    """Yield a browser, which starts while the issue is still being read, or why there is none."""
    from newsletter.preview.pictures import Camera, NoBrowser

    try:
        camera = Camera()
    except NoBrowser as error:
        yield None, error
        return
    with camera:
        yield camera, None


def _pictured(camera: Camera, shown: Preview, others: list[Preview]) -> tuple[Preview, list[Preview]]:
    """Return previews with pictures; of other issues than the one asked for there are none, their pages do without."""
    from newsletter.preview.pictures import NoBrowser
    from newsletter.preview.shooting import shoot

    themed = [one for one in others if one.theme]
    try:
        first, *rest = shoot(camera, [shown, *themed])
    except NoBrowser as error:
        return replace(shown, no_pictures=error), others
    return first, [*(one for one in others if not one.theme), *rest]


def _tell(shown: Preview, seconds: float) -> None:
    if shown.failure:
        output.show_error(shown.failure)
    if shown.no_pictures:
        output.say(f"{click.style('NO PICTURES:', fg='yellow', bold=True)} {shown.no_pictures.message}")
        output.say(f"  why: {shown.no_pictures.why}\n  fix: {shown.no_pictures.fix}")
    if shown.base and shown.base.problem:
        output.say(f"{click.style('NOT COMPARED:', fg='yellow', bold=True)} {shown.base.problem.message}")
        if shown.base.problem.fix:
            output.say(f"  fix: {shown.base.problem.fix}")
    if shown.difference is not None:
        for sentence in shown.difference.sentences:
            output.say(f"- {sentence}")
    output.say(f"{output.summary(shown.findings)}; made in {seconds:.1f} s; open the first of:")
