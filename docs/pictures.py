"""Take the pictures in docs/images anew: python docs/pictures.py, or make pictures.

Needs a Chromium on this machine, and shows the July 2024 issue of this repository as a reader gets it.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from newsletter import config, pipeline
from newsletter.model.edition import Edition

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
READER = {
    "first_name": "reader",
    "unsubscribe_url": "https://news.example.org/unsubscribe",
    "view_url": "https://news.example.org/view",
}
SCALE = 2
COLORS = 128


@dataclass(frozen=True)
class Picture:
    """One picture: `width` and `height` in CSS pixels; what is below `height` is cut off."""

    name: str
    width: int
    height: int
    dark: bool = False
    pictures: bool = True


PICTURES = (
    Picture("july-desktop", 700, 1965),
    Picture("july-phone", 375, 2470),
    Picture("july-dark", 700, 1900, dark=True),
    Picture("july-images-off", 700, 1900, pictures=False),
)


def page(edition: Edition, *, pictures: bool) -> str:
    """Return the HTML with its pictures inside it, or with none that can be fetched."""
    html = edition.html.fill(READER).decode()
    for image in edition.images:
        data = f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"
        html = html.replace(f"cid:{image.content_id}", data)
    return html if pictures else re.sub(r'src="[^"]*"', 'src="data:,"', html)


def take(browser: str, html: Path, picture: Picture, target: Path) -> None:
    """Write one screenshot, with few enough colours to be small."""
    subprocess.run(  # noqa: S603  a browser of this machine, with arguments of our own
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--force-device-scale-factor={SCALE}",
            f"--window-size={picture.width},{picture.height}",
            f"--screenshot={target}",
            *(["--blink-settings=preferredColorScheme=0"] if picture.dark else []),
            html.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with Image.open(target) as taken:
        small = taken.convert("RGB").quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(target, optimize=True)


def main() -> int:
    """Take every picture and say how large it is."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium was found; install one and try again", file=sys.stderr)
        return 2
    workspace = config.load(ROOT, environment={"NEWSLETTER_IMAGES": "inline"})
    edition = pipeline.build(workspace, "2024-07", languages=["en"]).editions[0]
    for picture in PICTURES:
        target = ROOT / "docs" / "images" / f"{picture.name}.png"
        with tempfile.TemporaryDirectory() as folder:
            html = Path(folder) / "issue.html"
            html.write_text(page(edition, pictures=picture.pictures), encoding="utf-8")
            take(browser, html, picture, target)
        print(f"wrote {target.relative_to(ROOT)}: {target.stat().st_size // 1000} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
