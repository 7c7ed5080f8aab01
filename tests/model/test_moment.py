from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.model.meant import Unfit
from newsletter.model.moment import Moment, read_day, read_moment

VIENNA = ZoneInfo("Europe/Vienna")
HOW = "is not a date; write 2024-07-26, or with a time 2024-07-26T18:00 or 2024-07-26T18:00+02:00"


@pytest.mark.parametrize(
    ("written", "end", "expected"),
    [
        ("2024-07-26", False, "2024-07-26T00:00:00+02:00"),
        ("2024-07-31", True, "2024-07-31T23:59:59+02:00"),
        ("2024-07-31T18:00", True, "2024-07-31T18:00:00+02:00"),
        ("2024-12-31 18:00:30", False, "2024-12-31T18:00:30+01:00"),
        ("2024-07-31T18:00Z", False, "2024-07-31T20:00:00+02:00"),
        ("2024-07-31T18:00 +05:30", False, "2024-07-31T14:30:00+02:00"),
        ("2024-10-27T02:30", False, "2024-10-27T02:30:00+02:00"),
        (date(2024, 7, 26), False, "2024-07-26T00:00:00+02:00"),
    ],
)
def test_a_day_or_a_time_is_a_moment_in_the_newsletters_zone(written: Any, end: bool, expected: str) -> None:
    """A day alone begins at midnight or ends a second before the next; an hour that comes twice is the first one."""
    assert read_moment(written, VIENNA, end_of_day=end).at.isoformat() == expected


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("26 July", f"'26 July' {HOW}"),
        ("٢٠٢٤-٠٧-٢٦", f"'٢٠٢٤-٠٧-٢٦' {HOW}"),
        ("2024-02-30", "there is no day 2024-02-30 in the calendar"),
        ("2024-07-26T25:00", "there is no such moment as 2024-07-26T25:00"),
        ("2024-03-31T02:30", "clocks skip 2024-03-31 02:30 in Europe/Vienna; write a time before or after the change"),
        ("0204-07-26", "the year 0204 is too far away to be meant"),
        ("9999-12-31T23:59", "the year 9999 is too far away to be meant"),
        (["2024-07-26"], "is not a date; write year-month-day, such as 2024-07-26"),
        (True, "is not a date; write year-month-day, such as 2024-07-26"),
    ],
)
def test_what_is_no_moment_is_refused(written: Any, sentence: str) -> None:
    """Each refusal is a sentence for whoever wrote the value."""
    with pytest.raises(ValueError) as refused:
        read_moment(written, VIENNA)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("2024-07-31T24:00", "write 2024-07-31T23:59"),
        ("2024-07-31 24:00:00 +02:00", "write 2024-07-31T23:59+02:00"),
        ("2024-07-31T24:00:00.000Z", "write 2024-07-31T23:59Z"),
    ],
)
def test_midnight_is_called_by_a_time_of_one_day(written: str, fix: str) -> None:
    """Whoever writes 24:00 means the end of the day that stands before it."""
    with pytest.raises(Unfit, match="there is no such moment") as refused:
        read_moment(written, VIENNA)
    assert refused.value.fix == fix


def test_a_day_has_no_time() -> None:
    """The first and last day of a period are days."""
    assert read_day(" 2024-07-26 ") == date(2024, 7, 26)
    with pytest.raises(ValueError, match="write the day alone"):
        read_day(datetime(2024, 7, 26, tzinfo=UTC))


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=st.timezones()), st.timezones())
def test_an_instant_stays_the_same_in_every_zone(instant: datetime, zone: ZoneInfo) -> None:
    """A time with an offset means one instant, and is shown in the newsletter's zone."""
    written = instant.astimezone(UTC).replace(microsecond=0)
    moment = read_moment(written.isoformat(), zone)
    # Python calls no two times of different zones equal in an hour that a clock change repeats.
    assert (moment.at.astimezone(UTC), moment.at.tzinfo) == (written, zone)


# Until 2011 Newfoundland set its clocks back when a minute of the next day was over.
@given(st.dates(date(2012, 1, 1), date(2100, 12, 30)), st.timezones())
@example(date(2026, 10, 29), ZoneInfo("Africa/Cairo"))
@example(date(2026, 4, 23), ZoneInfo("Africa/Cairo"))
@example(date(2026, 10, 31), ZoneInfo("America/Havana"))
@example(date(2026, 10, 24), ZoneInfo("Asia/Beirut"))
@example(date(2026, 9, 5), ZoneInfo("America/Santiago"))
@example(date(2026, 10, 25), ZoneInfo("Europe/Dublin"))
def test_a_day_ends_a_second_before_the_next_in_every_zone(day: date, zone: ZoneInfo) -> None:
    """So it does where clocks are set back at midnight, and the last hour comes twice, or on, and the first is none."""
    end = read_moment(str(day), zone, end_of_day=True)
    following = read_moment(str(day + timedelta(days=1)), zone)
    assert end.at.astimezone(UTC) + timedelta(seconds=1) == following.at.astimezone(UTC)
    assert end.day == day


@pytest.mark.parametrize("written", ["2024-03-31 02:30:11", datetime(2024, 3, 31, 2, 30, 11)])
def test_an_hour_that_clocks_skip_is_the_next_where_a_program_has_recorded_it(written: Any) -> None:
    """It wrote the time of another zone, and nobody can correct a thousand rows."""
    assert read_moment(written, VIENNA, recorded=True).at.isoformat() == "2024-03-31T03:30:11+02:00"


def test_a_moment_says_what_was_written() -> None:
    """A whole day is shown without a time."""
    moments = [read_moment(text, VIENNA, end_of_day=True) for text in ("2024-07-31", "2024-07-31T18:00")]
    assert list(map(str, moments)) == ["2024-07-31", "2024-07-31T18:00+02:00"]
    assert isinstance(moments[0], Moment)
