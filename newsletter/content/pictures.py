"""Pictures that come from elsewhere, kept beside the others; what is no picture that mails can show is refused."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image

from newsletter.config import Workspace
from newsletter.content.writing import RESERVED, slug
from newsletter.errors import ContentError
from newsletter.files import replace_file
from newsletter.model.picture import DAMAGED, MOST_PIXELS, unshown

FOLDER = "images"
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


def keep(workspace: Workspace, name: str, data: bytes) -> str:
    """Write a picture into the folder of the others, under a name that no other has; return its path as entries say it.

    Raises ContentError for what is no picture.
    """
    ending = _ENDINGS[_form(data)]
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


def _form(data: bytes) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(_ENDINGS)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise ContentError("the picture has too many pixels", fix="save it at most 2000 pixels wide")
                image.load()
                return image.format or ""
    except (*DAMAGED, Image.DecompressionBombError):
        kind, fix = unshown(data)
        message = f"this is {kind}, which mails cannot show" if kind else "this is not a picture that mails can show"
        raise ContentError(message, fix=fix) from None
