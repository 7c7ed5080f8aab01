"""What a type of a team's own can write with: how one language puts numbers, days and lists into words."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from newsletter.model.moment import Moment


class Words(Protocol):
    """The words of one language; templates have the same under the name `words`, and `say` beside it."""

    @property
    def language(self) -> str:
        """The language's code, such as `en`."""

    def say(self, name: str, count: int | None = None, **values: object) -> str:
        """Return a label of the folder `templates/labels/`, with its `{places}` filled."""

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return such as 18,500, or with so many decimals, such as 3.50 with two."""

    def list(self, parts: tuple[str, ...]) -> str:
        """Return such as Georgia, Iraq and Libya."""

    def country(self, code: str) -> str:
        """Return the country's name."""

    def date(self, day: dt.date) -> str:
        """Return such as 26 July 2024."""

    def moment(self, moment: Moment) -> str:
        """Return such as 31 July 2024, 18:00 CEST."""
