"""The pictures that a feed names, and those in the texts of its entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newsletter.content.sources import words
from newsletter.model.url import web_address

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)
_TINY = re.compile(r"[01]?\d(?:px)?")
"""A width or height of less than 20 pixels: what counts visits, and smileys."""
# The face of whoever wrote it, and emoji, which WordPress turns into pictures.
_BESIDE = re.compile(r"\b(?:avatars?\d?|gravatar|emoji|smil(?:ey|ie)s?)\b", re.IGNORECASE)


def first(pictures: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the first picture; what it shows may be said only where the same one stands again, of another size."""
    found = list(pictures)
    address, alt = found[0] if found else ("", "")
    return address, alt or next((other for again, other in found if other and _file(again) == _file(address)), "")


def _file(address: str) -> str:
    return address.partition("?")[0]


def is_picture(address: str, kind: str) -> bool:
    """Return whether a file is a picture, by its media type or its name."""
    return kind.startswith("image/") or _PICTURE.search(address) is not None


def in_markup(markup: str, base: str) -> Iterator[tuple[str, str]]:
    """Yield address and alternative text of each picture in a piece of HTML."""
    for image in words.parsed(markup).css("img[src]") if "<img" in markup else ():
        told = image.attributes
        if not any(_TINY.fullmatch(told.get(size) or "") for size in ("width", "height")):
            # Pictures that wait until they are seen have their address beside that of a placeholder.
            yield from usable(told.get("data-src") or told.get("src") or "", told.get("alt") or "", base)


def usable(address: str, alt: str, base: str) -> Iterator[tuple[str, str]]:
    """Yield a picture with its whole address, where it has one and shows what the page is about."""
    whole = web_address(base, address)
    if whole and not _BESIDE.search(whole):
        yield whole, words.of_text(alt)
