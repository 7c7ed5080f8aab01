"""The files that `preview --ci` writes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from newsletter.checks import formats
from newsletter.cli import artefacts, output
from newsletter.config import Workspace
from newsletter.content import ci
from newsletter.errors import ConfigurationError
from newsletter.files import replace_file
from newsletter.model.finding import Finding, Severity
from newsletter.pipeline import Build
from newsletter.preview import Preview, encoding, overview, report, summary
from newsletter.preview.manifest import manifest
from newsletter.preview.pictures import Camera

_ANEW = ("shots", "diff", "site")
"""Folders that begin empty: what an earlier run has left would be taken for this one's."""
_SHEET = ("desktop", "phone", "dark", "images-off")


def refuse_others(out: Path) -> None:
    """Raise ConfigurationError for a folder in which something would be deleted that no earlier run has written."""
    there = [name for name in _ANEW if (out / name).exists()]
    if there and not (out / "report.html").is_file():
        raise ConfigurationError(
            f"{out / there[0]} is there, and no report beside it",
            why="the report has a folder of that name, and to write it would delete what lies there",
            fix="name another folder with --out, such as --out build/preview",
        )


def write(
    space: Workspace, built: Mapping[str, Build], previews: Sequence[Preview], out: Path, *, every: bool
) -> list[Path]:
    """Write everything but the manifest into `out`, and return what a person opens first.

    The first preview is the one that was asked for; with `every`, the findings of all count.
    """
    for name in _ANEW:
        shutil.rmtree(out / name, ignore_errors=True)
    shown, *others = previews
    files: dict[str, str | bytes] = {"report.html": report.html(shown, [one for one in others if not one.theme])}
    found = dict.fromkeys(finding for one in (previews if every else [shown]) for finding in one.findings)
    files |= _lint(space, list(found))
    files |= _pictures(shown, "")
    files["diff/diff.json"] = _json(_differences(shown))
    files["summary.md"] = summary.summary(shown, others)
    files["comment.md"] = summary.comment(shown, others)
    files["site/index.html"] = overview.index(previews)
    files[f"site/{overview.folder(shown)}/index.html"] = files["report.html"]
    for one in others:
        files[f"site/{overview.folder(one)}/index.html"] = report.html(one)
        files |= _pictures(one, f"site/{overview.folder(one)}/")
    # The report first: whoever is interrupted leaves no folder that looks like somebody else's.
    for name, content in files.items():
        replace_file(out / name, content.encode() if isinstance(content, str) else content)
    for number, one in enumerate(previews):
        if one.issue in built and not one.theme:
            artefacts.write(built[one.issue], out / f"site/{overview.folder(one)}" if number else out)
    if os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as page:
            page.write(str(files["summary.md"]))
    return [out / "report.html", out / "site" / "index.html", out / "summary.md"]


def finish(
    previews: Sequence[Preview], camera: Camera | None, timings: Mapping[str, float], exit_code: int, out: Path
) -> None:
    """Write the manifest, which tells the time that everything took, and what a workflow wants to know."""
    shown, *others = previews
    path = out / "manifest.json"
    known: dict[str, Any] = {"schema": 1, "issue": shown.issue, "digest": None, "editions": []}
    if shown.state:
        known = json.loads(path.read_text(encoding="utf-8"))
    touched = [{"issue": one.issue, "theme": one.theme or None} for one in others]
    replace_file(path, _json({**known, **manifest(shown, camera, timings, exit_code), "touched": touched}).encode())
    if os.environ.get("GITHUB_OUTPUT"):
        _tell_github(previews, out)


def _tell_github(previews: Sequence[Preview], out: Path) -> None:
    """Tell the next steps of a workflow which issues are shown, and whether anything forbids sending."""
    changed = any(one.base and (one.base.is_new or one.base.gone or one.difference) for one in previews)
    values = {
        "issues": " ".join(dict.fromkeys(one.issue for one in previews)),
        "errors": str(sum(one.count(Severity.ERROR) for one in previews if not one.theme)),
        "changed": str(changed).lower(),
        "report": str(out / "report.html"),
    }
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as page:
        page.write("".join(f"{name}={' '.join(value.split())}\n" for name, value in values.items()))


def _lint(space: Workspace, findings: Sequence[Finding]) -> dict[str, str | bytes]:
    sources, folder = output.sources(space.root), ci.within(space.root)
    return {file: formats.write(findings, name, sources=sources, folder=folder) for name, file in formats.FILES.items()}


def _pictures(shown: Preview, folder: str) -> dict[str, str | bytes]:
    """Return the pictures and what differs in them, by their files."""
    wanted = {}
    several = len({shot.page for shot in shown.shots}) > 1
    for shot in shown.shots:
        name = f"{shot.page.replace(', ', '+')}-{shot.mode.key}" if several else shot.mode.key
        wanted[f"{folder}shots/{name}.png"] = shot.after.image
        if shot.changed and shot.difference and shot.difference.picture:
            wanted[f"{folder}diff/{name}.png"] = shot.difference.picture
    first = {shot.mode.key: shot.after.image for shot in reversed(shown.shots)}
    if set(_SHEET) <= set(first):
        wanted[f"{folder}shots/contact-sheet.png"] = encoding.contact_sheet([first[key] for key in _SHEET])
    with ThreadPoolExecutor() as pool:
        return dict(zip(wanted, pool.map(encoding.png, wanted.values()), strict=True))


def _differences(shown: Preview) -> dict[str, Any]:
    """Return what differs in meaning and in pictures."""
    return {
        "schema": 1,
        "issue": shown.issue,
        "base": shown.base.name if shown.base else None,
        "commit": shown.base.revision.commit if shown.base and shown.base.revision else None,
        "problem": shown.base.problem.message if shown.base and shown.base.problem else None,
        "new": bool(shown.base and shown.base.is_new),
        "deleted": list(shown.base.gone) if shown.base else [],
        "semantic": shown.difference.as_json() if shown.difference is not None else None,
        "templates": list(shown.templates),
        "pictures": [
            {
                "edition": shot.page,
                "mode": shot.mode.key,
                "tiles": shot.difference.tiles,
                "of": shot.difference.of,
                "share": round(shot.difference.share, 6),
            }
            for shot in shown.shots
            if shot.difference is not None
        ],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
