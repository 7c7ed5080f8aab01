"""What people are told in two ways: who has files and a terminal, and who has a page with fields and buttons."""

from __future__ import annotations

from typing import Self


class Phrase(str):
    """Words for files and a terminal; `on_page` are those for a page.

    Without the latter, a page has nothing to say where it shows the field itself.
    """

    __slots__ = ("on_page",)
    on_page: str

    def __new__(cls, words: str, on_page: str = "") -> Self:
        """Return the words; what is made of them anew, as with `+`, is a plain text without the others."""
        phrase = super().__new__(cls, words)
        phrase.on_page = on_page
        return phrase
