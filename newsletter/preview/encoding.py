"""Pictures as small files."""

from __future__ import annotations

import base64
from io import BytesIO

from PIL import Image

_GROUNDS = 48
_MOST_WEBP = 16_383
"""Pixels on a side: a limit of the format."""


def png(picture: Image.Image) -> bytes:
    """Return a PNG with at most 256 colours, large grounds exact: a third of the weight, and nobody sees it."""
    # Colours are chosen from a sixteenth of the pixels, which takes a tenth of the time.
    sample = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)), Image.Resampling.NEAREST)
    chosen = sample.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few = picture.quantize(palette=chosen, dither=Image.Dither.NONE)
    counted = sorted(sample.getcolors(sample.width * sample.height) or [], reverse=True)[:_GROUNDS]
    grounds = Image.new("RGB", (len(counted), 1))
    grounds.putdata([color for _, color in counted])
    # Pillow maps to a palette coarsely: white becomes 252. What an entry mostly stands for is what it should be.
    places = grounds.quantize(palette=few, dither=Image.Dither.NONE).tobytes()
    palette, used = few.getpalette() or [], few.resize(sample.size, Image.Resampling.NEAREST).histogram()
    for (count, color), place in zip(counted, places, strict=True):
        if isinstance(color, tuple) and count * 2 > used[place]:
            palette[place * 3 : place * 3 + 3] = color
    few.putpalette(palette)
    return _bytes(few, "PNG", compress_level=6)


def inline(picture: Image.Image) -> str:
    """Return a picture as an address that a page can hold in itself."""
    if max(picture.size) > _MOST_WEBP:
        return _address("png", png(picture))
    return _address("webp", _bytes(picture, "WEBP", quality=80, method=1))


def contact_sheet(pictures: list[Image.Image]) -> Image.Image:
    """Return the upper parts of some pictures side by side, 1280 pixels wide and 900 high at most."""
    width, gap = 1280, 16
    each = (width - gap * (len(pictures) + 1)) // len(pictures)
    small = [picture.resize((each, round(picture.height * each / picture.width))) for picture in pictures]
    tall = min(900, max(picture.height for picture in small) + 2 * gap)
    sheet = Image.new("RGB", (width, tall), (226, 229, 233))
    for number, picture in enumerate(small):
        sheet.paste(picture.crop((0, 0, each, min(picture.height, tall - 2 * gap))), (gap + number * (each + gap), gap))
    return sheet


def _address(form: str, data: bytes) -> str:
    return f"data:image/{form};base64,{base64.b64encode(data).decode()}"


def _bytes(picture: Image.Image, form: str, **options: int) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()
