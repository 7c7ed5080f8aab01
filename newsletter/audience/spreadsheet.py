"""Cells that spreadsheet programs would run as formulas."""

from __future__ import annotations

import re

# https://owasp.org/www-community/attacks/CSV_Injection
# Where numbers have a decimal comma Excel parts cells at semicolons, and LibreOffice offers to do both: what stands
# behind one may begin a cell, without the quotation marks that it begins with. Wide signs are formulas to programs in
# Japanese.
_FORMULA = re.compile(r"(^|[;\r\n])(?=['\"]*[=+\-@\t\r＝＋－＠])")
_GUARDED = re.compile(r"(^|[;\r\n])'(?=['\"]*[=+\-@\t\r＝＋－＠])")


def guarded(cell: str) -> str:
    """Return a cell that spreadsheets show as it is, with an apostrophe before what they would run."""
    return _FORMULA.sub(r"\1'", cell)


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return _GUARDED.sub(r"\1", cell)
