"""`preview`: what readers will get, in every mode, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import ISSUE, Number
from newsletter.model.finding import summary

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.errors import NewsletterError
    from newsletter.preview import Preview
    from newsletter.preview.pictures import Camera

_MOST_PICTURED = 3


@click.command()
@click.argument("issue", type=ISSUE, required=False)
@click.option("--ci", is_flag=True, help="Write pictures, a report and the differences, and end.")
@click.option("--base", metavar="REF", help="Compare with a branch or commit, such as origin/main (with --ci).")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; otherwise build/preview/ISSUE (with --ci).",
)
@click.option("--port", type=Number(0, 65535), default=0, help="The live preview's port; otherwise a free one.")
@click.option("--no-open", is_flag=True, help="Do not open the live preview in a browser.")
def preview(issue: str | None, ci: bool, base: str | None, out: Path | None, port: int, no_open: bool) -> int:
    """Show ISSUE as readers will get it: live while you write, or as a report with --ci.

    With --ci and no ISSUE, every issue is shown that differs from --base.
    """
    if not ci and (base or out):
        raise click.UsageError("--base and --out belong to --ci; the live preview writes nothing")
    if ci and (port or no_open):
        raise click.UsageError("--port and --no-open belong to the live preview, without --ci")
    if not ci and issue is None:
        raise click.UsageError("name the ISSUE to show; without one, --ci shows every issue that differs from --base")
    space = here.workspace()
    if issue is None:
        return _report(space, None, base, out or space.root / "build" / "preview")
    if ci:
        return _report(space, issue, base, out or space.root / "build" / "preview" / issue)
    from newsletter.cli import live

    return live.serve(space, issue, port=port, open_browser=not no_open)


def _report(space: Workspace, asked: str | None, base: str | None, out: Path) -> int:
    from newsletter import pipeline
    from newsletter.cli import comparing, preview_files

    preview_files.refuse_others(out)
    clock = comparing.Clock()
    with clock.time("all"), _camera() as (camera, lens):
        with clock.time("reading"):
            read = pipeline.read(space)
        with comparing.earlier(space, base) as before:
            with clock.time("touched"):
                names = comparing.touched(space, before)
            issue = asked or (names[0] if names else comparing.newest(space, read))
            with clock.time("building"):
                looked = [comparing.look(space, read, name, before) for name in dict.fromkeys((issue, *names))]
                tried = comparing.themes(space, read, issue, before)
        built = {shown.issue: build for shown, build in looked if build}
        shown = [replace(one, no_pictures=lens) for one, _ in looked] + tried
        if camera:
            with clock.time("pictures"):
                shown = _pictured(camera, shown, full=1 if asked else _MOST_PICTURED)
        with clock.time("writing"):
            files = preview_files.write(space, built, shown, out, every=asked is None)
    failed = any(one.failed for one in (shown if asked is None else shown[:1]) if not one.theme)
    code = 1 if failed else 0
    preview_files.finish(shown, None if shown[0].no_pictures else camera, clock.seconds, code, out)
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


def _pictured(camera: Camera, shown: list[Preview], *, full: int) -> list[Preview]:
    """Return previews with pictures, of the first `full` issues in all modes; pages of the others do without most."""
    from newsletter.preview.pictures import NoBrowser
    from newsletter.preview.shooting import shoot

    try:
        return list(shoot(camera, shown, full=full))
    except NoBrowser as error:
        return [replace(one, no_pictures=error) for one in shown]


def _tell(previews: list[Preview], seconds: float) -> None:
    shown = previews[0]
    if shown.failure:
        output.show_error(shown.failure)
    if shown.no_pictures:
        output.say(f"{click.style('NO PICTURES:', fg='yellow', bold=True)} {shown.no_pictures.message}")
        output.say(f"  why: {shown.no_pictures.why}\n  fix: {shown.no_pictures.fix}")
    if shown.base and shown.base.problem:
        output.say(f"{click.style('NOT COMPARED:', fg='yellow', bold=True)} {shown.base.problem.message}")
        if shown.base.problem.fix:
            output.say(f"  fix: {shown.base.problem.fix}")
    if shown.base and shown.base.unfit:
        output.say(
            f"{click.style('LOOKS NOT COMPARED:', fg='yellow', bold=True)} the templates of {shown.base.name} do not "
            f"fit this version of newsletter, so both states are shown in today's\n  why: {shown.base.unfit.why}"
        )
    if shown.difference is not None:
        for sentence in shown.difference.sentences:
            output.say(f"- {sentence}")
    others = ", ".join(dict.fromkeys(one.issue for one in previews[1:] if not one.theme))
    if others:
        output.say(f"also touched: {others}; see the site")
    if shown.base and shown.base.gone:
        output.say(f"deleted: {', '.join(shown.base.gone)}")
    output.say(f"{shown.issue}: {summary(shown.findings)}; made in {seconds:.1f} s; open the first of:")
