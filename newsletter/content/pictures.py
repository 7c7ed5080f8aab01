"""Pictures that come from elsewhere, kept beside the others; what is no picture that mails can show is refused."""

from __future__ import annotations

import warnings
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from newsletter.config import Workspace
from newsletter.content.writing import RESERVED, slug
from newsletter.errors import ContentError
from newsletter.files import replace_file
from newsletter.model.picture import DAMAGED, MOST_PIXELS, unshown

FOLDER = "images"
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_OF_WEB_SITES = "AVIF"
"""What browsers show and mails do not."""
_QUALITY = 90


def keep(workspace: Workspace, name: str, data: bytes) -> str:
    """Write a picture into the folder of the others, under a name that no other has; return its path as entries say it.

    Raises ContentError for what is no picture.
    """
    data, ending = _shown(data)
    stem = slug(Path(name.replace("\\", "/")).stem, workspace.settings.language)
    if RESERVED.fullmatch(stem):
        stem = f"picture-{stem}"
    folder = workspace.issues / FOLDER
    number = 1
    while True:
        path = folder / (f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}")
        if not path.exists():
            replace_file(path, data)
            return f"{FOLDER}/{path.name}"
        if path.read_bytes() == data:
            return f"{FOLDER}/{path.name}"
        number += 1


def _shown(data: bytes) -> tuple[bytes, str]:
    """Return a picture as mails can show it, and the ending of its name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_readable()) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise ContentError("the picture has too many pixels", fix="save it at most 2000 pixels wide")
                image.load()
                form = image.format or ""
                return (data, _ENDINGS[form]) if form in _ENDINGS else _turned(image)
    except (*DAMAGED, Image.DecompressionBombError):
        kind, fix = unshown(data)
        message = f"this is {kind}, which mails cannot show" if kind else "this is not a picture that mails can show"
        raise ContentError(message, fix=fix) from None


@cache
def _readable() -> tuple[str, ...]:
    # Not every build of Pillow has all of them.
    Image.init()
    return tuple(form for form in (*_ENDINGS, _OF_WEB_SITES) if form in Image.OPEN)


def _turned(image: Image.Image) -> tuple[bytes, str]:
    """Return a picture as a PNG where one sees through it, or else as a JPEG."""
    upright, written = ImageOps.exif_transpose(image), BytesIO()
    if upright.mode != "RGBA":
        upright.convert("RGB").save(written, "JPEG", quality=_QUALITY, icc_profile=image.info.get("icc_profile"))
        return written.getvalue(), _ENDINGS["JPEG"]
    upright.save(written, "PNG")
    return written.getvalue(), _ENDINGS["PNG"]
