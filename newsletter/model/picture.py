"""What a picture file is like, before it is made to fit an email."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
"""Of a file that is opened at all: a larger one is no picture for a mail, and may be made to fill the memory."""

DAMAGED = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, MemoryError)
"""What Pillow's readers raise on files that are cut off or made to harm."""

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture file of the team is like."""

    form: str
    """Such as PNG or GIF."""
    width: int
    height: int
    weight: int
    """Bytes."""
    frames: int = 1
    blank_start: bool = False
    """Whether its first frame shows nothing, in one colour."""


def unshown(data: bytes) -> tuple[str, str]:
    """Return what a file is that people take for a picture, or nothing, and how it becomes one that mails show.

    Its first thousand bytes will do.
    """
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        camera = "an iPhone takes JPEG itself under Settings, Camera, Formats, Most Compatible"
        return "a HEIC photo", f"save it as JPEG; {camera}"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return "an AVIF picture", "save it as JPEG"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "a TIFF picture", "save it as JPEG"
    if data.startswith(b"%PDF"):
        return "a PDF", "save the page as PNG or JPEG; the whole file can be linked to"
    if b"<svg" in data[:1000]:
        return "an SVG drawing", "save it as PNG, twice as wide as it is to be seen"
    return "", "save it as PNG or JPEG"
