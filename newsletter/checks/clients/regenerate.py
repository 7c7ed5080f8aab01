"""Make `support.json` of caniemail's data: `python -m newsletter.checks.clients.regenerate [FOLDER]`.

FOLDER is an unpacked npm package `caniemail`; without it npm fetches the package. Its data is that of
https://www.caniemail.com, under the MIT licence that stands beside the result.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSION = "2.0.2"

_PLURAL = {
    "css-left-right-top-bottom": ("property", ["left", "right", "top", "bottom"]),
    "css-gap": ("property", ["gap", "column-gap", "row-gap"]),
    "css-grid-template": (
        "property",
        ["grid-template-columns", "grid-template-rows", "grid-template-areas", "grid-template"],
    ),
    "css-column-layout-properties": (
        "property",
        [f"column-{part}" for part in "fill rule rule-color rule-style rule-width span width".split()] + ["columns"],
    ),
    "css-block-inline-size": ("property", ["block-size"]),
    "css-border-radius-logical": (
        "property",
        [f"border-{a}-{b}-radius" for a in ("start", "end") for b in ("start", "end")],
    ),
    "css-border-inline-block": ("property", ["border-inline", "border-block"]),
    "css-border-inline-block-longhand": (
        "property",
        [f"border-{axis}-{part}" for axis in ("inline", "block") for part in ("color", "style", "width")],
    ),
    "css-border-inline-block-individual": (
        "property",
        [f"border-{axis}-{side}" for axis in ("inline", "block") for side in ("start", "end")],
    ),
    "css-scroll-snap": ("property", ["scroll-snap-type", "scroll-snap-align", "scroll-snap-stop"]),
    "css-intrinsic-size": ("keyword", ["fit-content", "min-content", "max-content"]),
    "css-sytem-ui": ("keyword", ["system-ui", "ui-serif", "ui-sans-serif", "ui-rounded", "ui-monospace"]),
    "css-modern-color": ("function", ["lch", "oklch", "lab", "oklab"]),
    "css-unit-calc": ("function", ["calc"]),
    "css-variables": ("function", ["var"]),
    "css-unit-initial": ("keyword", ["initial"]),
    "css-unit-percent": ("unit", ["%"]),
    "css-important": ("keyword", ["!important"]),
    "css-at-media": ("at", ["media"]),
    "css-at-media-device-pixel-ratio": ("media", ["device-pixel-ratio"]),
    "css-at-media-hover": ("media", ["hover", "any-hover"]),
    "css-comments": ("comment", ["/*"]),
    "css-nesting": ("selector", ["nesting"]),
    "css-pseudo-class-lang": ("pseudo", [":lang"]),
    "css-pseudo-class-has": ("pseudo", [":has"]),
    "css-inert-attribute": ("attribute", ["inert"]),
    "html-address": ("element", ["address"]),
    "html-anchor-links": ("link", ["#"]),
    "html-mailto-links": ("link", ["mailto:"]),
    "html-h1-h6": ("element", ["h1", "h2", "h3", "h4", "h5", "h6"]),
    "html-lists": ("element", ["ul", "ol", "dl"]),
    "html-image-maps": ("element", ["map"]),
    "html-semantics": (
        "element",
        "article aside details figcaption figure footer header main mark nav section summary time".split(),
    ),
    "html-srcset": ("attribute", ["srcset", "sizes"]),
    "html-svg": ("element", ["svg"]),
    "html-meta-color-scheme": ("meta", ["color-scheme"]),
    "html-comments": ("comment", ["<!--"]),
    "html-doctype": ("doctype", ["html"]),
    "image-base64": ("link", ["data:"]),
    "image-apng": ("image", ["apng"]),
    "image-jpg": ("image", ["jpg", "jpeg"]),
    "image-heif": ("image", ["heif", "heic"]),
    "image-mp4": ("image", ["mp4"]),
    "image-tiff": ("image", ["tif", "tiff"]),
}
"""What features are recognised by whose title does not say it."""

_SELECTORS = {
    "css-selector-adjacent-sibling": "+",
    "css-selector-attribute": "[",
    "css-selector-chaining": "chaining",
    "css-selector-child": ">",
    "css-selector-class": ".",
    "css-selector-descendant": "descendant",
    "css-selector-general-sibling": "~",
    "css-selector-grouping": ",",
    "css-selector-id": "#",
    "css-selector-type": "type",
    "css-selector-universal": "*",
}
# Nobody can do without these, and no finding about them would help anybody.
_LEFT_OUT = {"html-body", "html-img", "html-p", "html-div", "html-span", "html-table", "html-style", "html-doctype"}


_NOTICE = """\
support.json is made of the data of https://www.caniemail.com, as the npm package `caniemail` carries it. Both are under
the MIT licence:

Copyright (c) 2019 HTeuMeuLeu (the data)

"""


def recognised(slug: str, title: str) -> tuple[str, list[str]] | None:
    """Return how a feature is recognised: the kind of thing it is, and its names; nothing for one that cannot be."""
    if slug in _PLURAL:
        return _PLURAL[slug]
    if slug in _SELECTORS:
        return "selector", [_SELECTORS[slug]]
    plain = title.strip().removesuffix(" shorthand").removesuffix(" property").removesuffix(" CSS")
    patterns: tuple[tuple[str, str], ...] = (
        (r"@media \((?:-webkit-)?([\w-]+)\)", "media"),
        (r"@([\w-]+)", "at"),
        (r"(::?[\w-]+)", "pseudo"),
        (r"([\w-]+)\(\)", "function"),
        (r"([\w-]+):\s*([\w-]+)", "pair"),
        (r"([\w-]+) unit", "unit"),
        (r"([a-z-]+) attribute", "attribute"),
        (r'<(\w+) type="(\w+)"> element', "typed"),
        (r"<(\w+)>(?: element)?", "element"),
        (r"(\w+) image format", "image"),
    )
    for pattern, kind in patterns:
        match = re.fullmatch(pattern, plain)
        if match:
            return kind, [part.lower() for part in match.groups()]
    if slug.startswith("css-") and re.fullmatch(r"[a-z-]+(?: & [a-z-]+)*", plain):
        return "property", plain.split(" & ")
    return None


def table(data: dict[str, Any]) -> dict[str, Any]:
    """Return what `support.json` holds: for each feature a letter for each client, as caniemail has them."""
    features = [each for each in data["data"] if each["category"] in {"css", "html", "image"}]
    clients = sorted({client for feature in features for client, _ in _stats(feature)})
    rows = []
    for feature in sorted(features, key=lambda each: str(each["slug"])):
        known = recognised(feature["slug"], feature["title"])
        if known is None:
            raise SystemExit(f"it is not known how to recognise {feature['slug']}: {feature['title']!r}")
        if feature["slug"] not in _LEFT_OUT:
            support = dict(_stats(feature))
            letters = "".join(support.get(client, "u") for client in clients)
            rows.append([feature["slug"], feature["title"].strip(), known[0], known[1], letters])
    return {"updated": data["last_update_date"][:10], "clients": clients, "features": rows}


def _stats(feature: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each client with what its newest version does: y(es), n(o), a(lmost) or u(nknown)."""
    for family, platforms in feature["stats"].items():
        for platform, versions in platforms.items():
            yield f"{family}.{platform}", str(list(versions.values())[-1]).split()[0]


def main() -> None:
    """Write the table and the licence."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(sys.argv[1]) if len(sys.argv) > 1 else _fetched(Path(folder))
        data = json.loads((package / "data/caniemail.json").read_text(encoding="utf-8"))
        made = table(data)
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in made["features"])
        head = json.dumps({"updated": made["updated"], "clients": made["clients"]}, separators=(",", ":"))
        (HERE / "support.json").write_text(f'{head[:-1]},"features":[\n{lines}\n]}}\n', encoding="utf-8")
        licence = (package / "LICENSE").read_text(encoding="utf-8")
        (HERE / "LICENSE").write_text(f"{_NOTICE}{licence.strip()}\n", encoding="utf-8")


def _fetched(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not here; give the folder of an unpacked npm package `caniemail`")
    subprocess.run([npm, "pack", "--silent", f"caniemail@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


if __name__ == "__main__":
    main()
