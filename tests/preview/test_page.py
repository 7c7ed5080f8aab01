"""A page is shown as mail programs show the message."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from tests.preview import shown


def test_the_style_sheet_finds_the_drawings_of_the_message_in_the_preview_too(tmp_path: Path) -> None:
    """By the ending of their names they get a light ground in dark mode, where dark letters would not be seen."""
    folder = tmp_path / "issues/images"
    folder.mkdir(parents=True)
    drawing = Image.new("RGBA", (600, 400))
    drawing.paste((20, 20, 20, 255), (100, 100, 500, 300))
    drawing.save(folder / "drawing.png")
    chosen = shown.selection(image={"src": "images/drawing.png", "alt": "A drawing"})
    (page,) = shown.state(tmp_path, chosen).pages
    (selector,) = set(re.findall(r"\.thumb img(\[[^]]+\])\{background", page.html))
    assert selector == '[src*=".png"]'
    sources = [re.findall(r'<img src="([^"]+)" alt="A drawing"', html)[0] for html in (page.html, page.shown)]
    assert [".png" in source for source in sources] == [True, True]
    assert sources[1].startswith("data:image/png;")
