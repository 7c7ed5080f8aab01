"""A picture from the team's computer, put beside the others; what is no picture that mails can show is refused."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter.content.writing import RESERVED, slug
from newsletter.errors import ContentError, NewsletterError
from newsletter.files import replace_file
from newsletter.model.wording import sentence
from newsletter.rendering.images import MOST_BYTES, MOST_PIXELS
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import by_the_system, desk_of

FOLDER = "images"
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


async def take(request: Request) -> Response:
    """Keep a picture and answer with the path by which entries name it, or say why not."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            return PlainTextResponse(f"The picture has more than {MOST_BYTES / 1e6:.0f} MB; save it smaller.", 413)
    try:
        path = await run_in_threadpool(keep, desk_of(request), request.query_params.get("name", ""), bytes(data))
    except NewsletterError as error:
        return _told(error, 422)
    except OSError as error:
        return _told(by_the_system(error), 500)
    return PlainTextResponse(path)


def _told(error: NewsletterError, status: int) -> Response:
    """Return what a browser shows as it is: no page, because the one with the form stays."""
    return PlainTextResponse(" ".join(filter(None, map(sentence, (error.message, error.why, error.fix)))), status)


def keep(desk: Desk, name: str, data: bytes) -> str:
    """Write a picture into the folder of the others, under a name that no other has; return its path as entries say it.

    Raises ContentError for what is no picture.
    """
    ending = _ENDINGS[_form(data)]
    stem = slug(Path(name.replace("\\", "/")).stem)
    if RESERVED.fullmatch(stem):
        stem = f"picture-{stem}"
    with desk.lock:
        folder = desk.workspace().issues / FOLDER
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
    # Pillow's readers raise all of these on files that are cut off or made to harm.
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, MemoryError, Image.DecompressionBombError):
        raise ContentError("this is not a picture that mails can show", fix="save it as PNG or JPEG") from None
