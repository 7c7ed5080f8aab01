"""Compare our HTML with that of the official MJML, as pictures, and write docs/mjml-conformance.md.

    python tests/conformance/compare.py [--pictures DIR] [NAME …]

A tool of developers: it needs Node.js (npm installs the official MJML into a temporary folder) and a Chromium. Where
either is missing it says so and ends with exit code 2.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageChops, ImageDraw  # noqa: E402

from newsletter.errors import RenderingError  # noqa: E402
from newsletter.model.finding import Severity  # noqa: E402
from newsletter.rendering.assembly import assemble  # noqa: E402
from newsletter.rendering.mjml import compile_mjml  # noqa: E402
from newsletter.rendering.validation import Fault, validate  # noqa: E402
from tests.conformance import official  # noqa: E402

CORPUS = Path(__file__).resolve().parent / "corpus"
REPORT = ROOT / "docs" / "mjml-conformance.md"
WIDTHS = (800, 375)
THRESHOLD = 16
"""Steps of 255 by which a channel may differ: below lies what fonts are smoothed with."""


@dataclass(frozen=True, slots=True)
class Result:
    """A construct: what the validator says, and the share of pixels that differ at each width."""

    name: str
    faults: tuple[Fault, ...]
    refused: bool
    shares: tuple[float, ...]

    @property
    def exact(self) -> bool:
        """Whether no pixel differs at any width."""
        return not self.refused and not any(self.shares)


def main() -> int:
    """Compare, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="constructs of the corpus; all of them, and the report, if none")
    parser.add_argument("--pictures", type=Path, help="keep both pictures of what differs here")
    chosen = parser.parse_args()
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.mjml"))}
    sources = {name: sources[name] for name in chosen.names or sources}
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not browser:
        print("NOT COMPARED: there is no Chromium; set CHROMIUM to its path", file=sys.stderr)
        return 2
    try:
        theirs = official.render(list(sources.values()))
    except official.Absent as error:
        print(f"NOT COMPARED: {error}", file=sys.stderr)
        return 2
    results = list(_compare(sources, [html for html, _ in theirs], browser, chosen.pictures))
    for result in results:
        print(_row(result))
    if not chosen.names:
        REPORT.write_text(_report(results), encoding="utf-8")
        print(f"written: {REPORT.relative_to(ROOT)}")
    return 0


def _compare(sources: dict[str, str], theirs: Sequence[str], browser: str, pictures: Path | None) -> Iterator[Result]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"]).new_page()
        page.route("**/*", _answer)
        for (name, source), their in zip(sources.items(), theirs, strict=True):
            faults = validate(source)
            ours = _ours(name, source, faults)
            if not ours or not their:
                yield Result(name, faults, True, ())
                continue
            shares = []
            for width in WIDTHS:
                pair = _shot(page, ours, width), _shot(page, their, width)
                shares.append(_difference(*pair))
                if pictures and shares[-1]:
                    pictures.mkdir(parents=True, exist_ok=True)
                    for side, picture in zip(("ours", "official"), pair, strict=True):
                        picture.save(pictures / f"{name}-{width}-{side}.png")
            yield Result(name, faults, False, tuple(shares))


def _ours(name: str, source: str, faults: Sequence[Fault]) -> str:
    if any(fault.severity is Severity.ERROR for fault in faults):
        return ""
    try:
        # As readers get it: put together, where nothing is wrong.
        assembled = assemble([source], name)
        return b"".join(assembled).decode() if assembled else compile_mjml(source, name=name)
    except RenderingError as error:
        print(f"{name}: {error.message}: {error.why}", file=sys.stderr)
        return ""


def _answer(route: Any) -> None:
    """Give every picture the same answer, and nothing else any."""
    if route.request.resource_type == "image":
        route.fulfill(body=_picture(), content_type="image/png")
    elif route.request.resource_type == "document":
        route.continue_()
    else:
        route.abort()


def _picture() -> bytes:
    picture = Image.new("RGB", (600, 400), "#7a9cc0")
    draw = ImageDraw.Draw(picture)
    draw.line([(0, 0), (600, 400)], fill="#aa0000", width=9)
    draw.ellipse((60, 60, 240, 240), fill="#f4d35e")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _shot(page: Any, html: str, width: int) -> Image.Image:
    page.set_viewport_size({"width": width, "height": 400})
    page.set_content(html, wait_until="load")
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def _difference(ours: Image.Image, theirs: Image.Image) -> float:
    """Return the share of pixels that differ; where one picture is longer, all of the rest does."""
    size = (max(ours.width, theirs.width), max(ours.height, theirs.height))
    canvases = []
    for picture, ground in ((ours, "#ff00ff"), (theirs, "#00ff00")):
        canvas = Image.new("RGB", size, ground)
        canvas.paste(picture, (0, 0))
        canvases.append(canvas)
    channels = ImageChops.difference(*canvases).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    differing = sum(most.histogram()[THRESHOLD + 1 :])
    return differing / (size[0] * size[1])


def _row(result: Result) -> str:
    said = ", ".join(dict.fromkeys(f"{fault.code}" for fault in result.faults))
    said = said or ("boundary" if result.refused else "–")
    shares = [_share(share) for share in result.shares] or ["refused"] * len(WIDTHS)
    return f"| `{result.name}` | {said} | {' | '.join(shares)} |"


def _share(share: float) -> str:
    if not share:
        return "identical"
    return "under 0.01 %" if share < 0.0001 else f"{share:.2%}".replace("%", " %")


def _report(results: Sequence[Result]) -> str:
    rendered = [result for result in results if not result.refused]
    exact = [result for result in rendered if result.exact]
    silent = [result for result in rendered if not result.exact and not result.faults]
    shots = sum(len(result.shares) for result in rendered)
    same = sum(1 for result in rendered for share in result.shares if not share)
    said = "none" if not silent else ", ".join(f"`{result.name}`" for result in silent)
    head = "| construct | validator | " + " | ".join(f"{width} px" for width in WIDTHS) + " |"
    rule = "|---|---|" + "---|" * len(WIDTHS)
    lines = [
        "# How our HTML compares with that of the official MJML",
        "",
        "Written by `python tests/conformance/compare.py`; do not edit by hand.",
        "",
        "Each construct of `tests/conformance/corpus/` is rendered by us (mjml-python",
        f"{version('mjml-python')} behind our own boundary) and by the official MJML {official.VERSION} from npm.",
        f"Chromium draws both at {' and '.join(map(str, WIDTHS))} pixels of width; a pixel differs where one of its",
        f"channels is more than {THRESHOLD} of 255 steps away. Pictures are the same local file on both sides, and web",
        "fonts are not loaded.",
        "",
        f"- {len(results)} constructs; {len(results) - len(rendered)} of them are refused before anything is rendered",
        f"- {same} of {shots} pictures identical; {len(exact)} of {len(rendered)} constructs identical at both widths",
        f"- constructs that differ without a finding of the validator: {said}",
        "",
        "The column *validator* names what an author is told; `newsletter rule CODE` explains each.",
        "",
        head,
        rule,
        *map(_row, results),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
