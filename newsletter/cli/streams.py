"""What the two outputs can say: a sign that an encoding lacks is no reason to stop halfway."""

from __future__ import annotations

import codecs
import os
import sys
from io import TextIOWrapper
from typing import TextIO

_HANDLER = "newsletter.plainer"
_PLAINER = {
    "–": "-",
    "—": "-",
    "−": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "·": "-",
    "→": "->",
    "✓": "+",
    "✗": "x",
    "\u00a0": " ",
    "\u202f": " ",
}
"""What stands for a sign where only an older set of letters can be written; for all others a question mark does."""


def open_missing() -> None:
    """Open what whoever started this process has closed: standard input, output and errors.

    Else the next file that is opened, such as the database, would have that number, and be what a child writes to.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # The system gives the lowest number that is free.
            nothing = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115  for as long as we live
            os.set_inheritable(nothing.fileno(), True)
            setattr(sys, name, nothing)


def prepare(*streams: TextIO) -> None:
    """Let streams take any text: UTF-8 for files and other programs, plainer signs on a terminal that has no others.

    What the environment variable PYTHONIOENCODING asks for stays.
    """
    codecs.register_error(_HANDLER, _plainer)
    asked = bool(os.environ.get("PYTHONIOENCODING"))
    for stream in streams:
        if not isinstance(stream, TextIOWrapper):
            continue
        # To a file or pipe on Windows Python writes in the code page of the region, which nobody reads JSON by.
        stream.reconfigure(encoding=None if asked or stream.isatty() else "utf-8", errors=_HANDLER)


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_PLAINER.get(sign, "?") for sign in signs), error.end
