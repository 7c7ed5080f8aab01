"""The fonts that pictures are taken with: the same few on every machine that has them, whatever else it has."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_PINNED = "Liberation"
# Metric-compatible stand-ins for what mail programs have, and Noto for every other script.
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  {folders}
  <cachedir prefix="xdg">fontconfig</cachedir>
  <selectfont>
    <rejectfont>{rejected}</rejectfont>
    <acceptfont><glob>*/Liberation*</glob><glob>*/Noto*</glob></acceptfont>
  </selectfont>
  {aliases}
</fontconfig>
"""
# By their endings: a bare * would reject folders too.
_ENDINGS = "ttf otf ttc otc woff woff2 pfa pfb pcf pcf.gz bdf t1".split()
_STANDING_IN = {
    "Liberation Sans": ("Arial", "Helvetica", "sans-serif", "system-ui"),
    "Liberation Serif": ("Times New Roman", "Times", "serif"),
    "Liberation Mono": ("Courier New", "Courier", "monospace"),
    "Noto Color Emoji": ("emoji",),
}


@dataclass(frozen=True, slots=True)
class Font:
    """A font that a picture shows; `version` is empty where its file was not found."""

    family: str
    name: str
    version: str


def pin(folder: Path) -> Path | None:
    """Write a configuration for the browser into `folder` and return it; None where the pinned fonts are missing."""
    found = [place for place in FOLDERS if place.is_dir()]
    if not any(_files(found, f"{_PINNED}*.ttf")):
        return None
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{font}</family></prefer></alias>\n  '
        for font, names in _STANDING_IN.items()
        for name in names
    )
    configuration = folder / "fonts.conf"
    folders = "".join(f"<dir>{place}</dir>" for place in found)
    rejected = "".join(f"<glob>*.{ending}</glob>" for ending in _ENDINGS)
    text = _CONFIGURATION.format(folders=folders, aliases=aliases, rejected=rejected)
    configuration.write_text(text, encoding="utf-8")
    return configuration


def versions(shown: Iterable[tuple[str, str]]) -> tuple[Font, ...]:
    """Return the fonts of some families and PostScript names, with the versions of their files."""
    wanted = sorted(set(shown))
    files = {path.stem: path for path in _files(FOLDERS, "*.[to]t[fc]")} if wanted else {}
    return tuple(
        Font(family, name, _version(files.get(name) or files.get(f"{name}-Regular"))) for family, name in wanted
    )


def _files(folders: Iterable[Path], pattern: str) -> Iterable[Path]:
    return (path for folder in folders if folder.is_dir() for path in folder.rglob(pattern))


def _version(path: Path | None) -> str:
    """Return the revision that a font file gives itself in its `head` table: OpenType 1.9, fontRevision."""
    if path is None:
        return ""
    data = path.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for number in range(min(tables, 64)):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        if tag == b"head":
            (revision,) = struct.unpack_from(">i", data, offset + 4)
            return f"{revision / 65536:.3f}".rstrip("0").rstrip(".")
    return ""
