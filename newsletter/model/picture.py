"""What a picture file is like, before it is made to fit an email."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
"""Of a file that is opened at all: a larger one is no picture for a mail, and may be made to fill the memory."""

DAMAGED = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, MemoryError)
"""What Pillow's readers raise on files that are cut off or made to harm."""


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
