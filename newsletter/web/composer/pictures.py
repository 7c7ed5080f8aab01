"""A picture from the team's computer, put beside the others."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter.content import pictures
from newsletter.errors import NewsletterError
from newsletter.model.picture import MOST_BYTES
from newsletter.model.wording import sentence
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import by_the_system, desk_of


async def take(request: Request) -> Response:
    """Keep a picture and answer with the path by which entries name it, or say why not."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            return PlainTextResponse(f"The picture has more than {MOST_BYTES / 1e6:.0f} MB; save it smaller.", 413)
    try:
        path = await run_in_threadpool(_keep, desk_of(request), request.query_params.get("name", ""), bytes(data))
    except NewsletterError as error:
        return _told(error, 422)
    except OSError as error:
        return _told(by_the_system(error), 500)
    return PlainTextResponse(path)


def _keep(desk: Desk, name: str, data: bytes) -> str:
    with desk.lock:
        return pictures.keep(desk.workspace(), name, data)


def _told(error: NewsletterError, status: int) -> Response:
    """Return what a browser shows as it is: no page, because the one with the form stays."""
    return PlainTextResponse(" ".join(filter(None, map(sentence, (error.message, error.why, error.fix)))), status)
