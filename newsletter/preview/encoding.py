"""Pictures as small files."""

from __future__ import annotations

import base64
from io import BytesIO

from PIL import Image

_MOST_WEBP = 16_383
"""Pixels on a side: a limit of the format."""


def png(picture: Image.Image) -> bytes:
    """Return a PNG with at most 256 colours, large grounds exact: a third of the weight, and nobody sees it."""
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return _bytes(few, "PNG", compress_level=6)


def inline(picture: Image.Image, *, quality: int = 80) -> str:
    """Return a picture as an address that a page can hold in itself."""
    if max(picture.size) > _MOST_WEBP:
        return _address("png", png(picture))
    return _address("webp", _bytes(picture, "WEBP", quality=quality, method=1))


def contact_sheet(pictures: list[Image.Image], *, width: int = 1280, height: int = 900) -> Image.Image:
    """Return the upper parts of some pictures side by side, as wide and high as given at most."""
    gap = 16
    each = (width - gap * (len(pictures) + 1)) // len(pictures)
    small = [picture.resize((each, round(picture.height * each / picture.width))) for picture in pictures]
    tall = min(height, max(picture.height for picture in small) + 2 * gap)
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
