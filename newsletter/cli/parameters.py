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


class _Moment(click.ParamType[str]):
    """A moment such as 2024-08-01T09:00, read in the newsletter's zone once that is known."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from newsletter.model.moment import read_moment

        try:
            moment = read_moment(value, dt.UTC)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if moment.whole_day:
            self.fail(f"'{value}' has no time; write {value}T09:00", param, ctx)
        return str(value)


MOMENT = _Moment()
