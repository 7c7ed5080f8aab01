"""Values on the command line that are more than text."""

from __future__ import annotations

import datetime as dt

import click


class _Day(click.ParamType[dt.date]):
    """A day such as 2024-07-26."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from newsletter.model.moment import read_day

        try:
            return read_day(value)
        except ValueError as error:
            self.fail(f"{value} {error}", param, ctx)


DAY = _Day()
