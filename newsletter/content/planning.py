"""The next issue's plan, made from the last one's: its sections and comments, without what concerned it alone."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import MAXYEAR, UTC, date, timedelta, tzinfo
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsletter.config import Workspace
from newsletter.content import document, kept, patch, rhythm
from newsletter.content.month_names import end_of, in_words, month_end, month_label
from newsletter.content.scalars import scalar
from newsletter.content.starting import words
from newsletter.content.writing import RESERVED
from newsletter.errors import ConfigurationError, Refused
from newsletter.model.issue import LAST_ISSUE, Issue, PeriodPlan, last_before, name_order
from newsletter.model.moment import read_moment

# Windows leaves out a dot at the end.
_NAME = re.compile(r"\w(?:[\w.-]*[\w-])?")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_LONGEST_NAME = 60
_SHORTEST_MONTH = timedelta(days=28)
_TAKEN = frozenset({"entries", "images"})
_NEARLY_A_MONTH = re.compile(r"([0-9]{4})[-_.]?([0-9]{1,2})")
_WHY_A_MONTH = "the name of a monthly issue says which days it covers, and where it stands among the others"
_WHY_A_DAY = "the name of an issue says when it is planned, and where it stands among the others"


def next_issue(workspace: Workspace, name: str, known: Mapping[str, Issue]) -> tuple[Path, str]:
    """Return the path and text of a new issue's file, made from the last of the `known` ones before it.

    Raises Refused where the file is there already, and what `next_issue_text` raises.
    """
    path = workspace.issues / name / "issue.yaml"
    # A link that leads nowhere is there, too, and would lead what is written out of the workspace.
    if os.path.lexists(path):
        raise Refused(
            f"{workspace.relative(path)} is there already",
            why="nothing that is there is written over",
            fix="open that one, or choose another name",
        )
    # Where there are several letters, an issue follows those of its own.
    earlier = rhythm.letter([other for other in known if name_order(other) < name_order(name)], rhythm.series(name))
    last = earlier[-1] if earlier else ""
    # What went to the same readers since then, such as a letter for the summer, has covered days and taken a number.
    later = (other for other in known if name_order(last) < name_order(other) < name_order(name))
    since = [known[other] for other in sorted(later, key=name_order) if known[other].shares_readers(known[last])]
    text = next_issue_text(
        name,
        (last, _read(workspace, last)) if last else None,
        before=_read(workspace, earlier[-2]) if len(earlier) > 1 else "",
        since=since,
        newsletter=workspace.settings.title,
        lists=tuple(workspace.settings.lists)[:1],
        language=workspace.settings.language,
        zone=workspace.settings.zone,
    )
    behind = rhythm.series(name)
    of_list = behind.removeprefix("-")
    if of_list in workspace.settings.lists and not any(rhythm.series(other) == behind for other in known):
        beside = name.removesuffix(behind)
        text = _begun(text, of_list, _read(workspace, beside) if beside in known else "")
        if beside not in known and (ends := rhythm.last_day(name)):
            text = _of_a_week(text, ends, workspace.settings.zone)
        same_readers = known[beside].shares_readers if beside in known else lambda issue: issue.reaches(of_list)
        after = last_before(beside, known, same_readers)
        text = _told_since(text, after)
    return path, text


def _begun(text: str, of_list: str, beside: str) -> str:
    """Return the first issue of a list's own letter: to that list, of the days of the one `beside` which it stands."""
    told: dict[str, Any] = document.read(beside).value if beside else {}
    text = patch.put(text, "lists", f"[{scalar(of_list)}]")
    said = document.read(text).value
    if "number" in said:
        text = patch.put(text, "number", "1")
    if "segment" in said:
        # Of other readers it chose some.
        text = patch.delete(text, "segment")
    if period := told.get("period"):
        days = (
            ", ".join(f"{key}: {scalar(str(value))}" for key, value in period.items())
            if isinstance(period, dict)
            else ""
        )
        text = patch.put(text, "period", f"{{{days}}}" if days else scalar(str(period)))
    if leaves := told.get("send_at"):
        text = patch.put(text, "send_at", str(leaves))
    return text


def _of_a_week(text: str, ends: date, zone: tzinfo) -> str:
    """Return a plan for the week that ends on a day: what it was made from goes to others, perhaps once a month."""
    leaves = _leaves(str(document.read(text).value.get("send_at") or ""), None, ends, zone)
    text = patch.put(text, "period", _week(ends))
    return patch.put(text, "send_at", leaves) if leaves else text


def _week(ends: date) -> str:
    return f"{{from: {ends - timedelta(days=6)}, to: {ends}}}"


def _told_since(text: str, after: str) -> str:
    """Return a plan that names the issue after which it begins: that to other readers would else be the last one."""
    planned = _planned(document.read(text).value)
    if not after or not planned or planned.since != LAST_ISSUE:
        return text
    until = f", to: {planned.last}" if planned.last else ""
    return patch.put(text, "period", f"{{since: {scalar(after)}{until}}}")


def _read(workspace: Workspace, name: str) -> str:
    return (workspace.issues / name / "issue.yaml").read_text(encoding="utf-8")


def next_issue_text(
    name: str,
    last: tuple[str, str] | None,
    *,
    before: str = "",
    since: Sequence[Issue] = (),
    newsletter: str,
    lists: Sequence[str] = (),
    language: str = "en",
    zone: tzinfo = UTC,
) -> str:
    """Return the issue.yaml of the issue `name`, such as `2024-08`.

    `last` is the name and the issue.yaml of the issue before, and `before` the issue.yaml of the one before that;
    `since` are issues of other letters that went to the same readers after the last one; `newsletter` is the
    newsletter's title, `language` the one in which issues' titles name months, and `zone` that of its clocks. Raises
    ConfigurationError for a name that no folder can have, and ContentError for a last issue that cannot be read.
    """
    _judge_name(name, last[0] if last else "", language)
    return _after(name, *last, before, since, language, zone) if last else _first(name, newsletter, lists, language)


def _judge_name(name: str, last_name: str, language: str) -> None:
    """Raise ConfigurationError for what cannot be the name of an issue, or is a month written in another way."""
    if said := in_words(name, language):
        year, month = said
        meant = f"{year}-{month:02d}" if year else _next(month, last_name)
        raise ConfigurationError(
            f"'{name}' is a month in words",
            why=_WHY_A_MONTH,
            fix="write " + (meant or f"the year and the month in digits, such as 2024-{month:02d}"),
        )
    if not _NAME.fullmatch(name):
        raise _no_name(name, "it becomes the name of a folder and a part of links", "letters, digits and dashes")
    if RESERVED.fullmatch(name.casefold().partition(".")[0]):
        raise _no_name(name, "Windows keeps it for a device, so colleagues there could not have its folder")
    if len(name) > _LONGEST_NAME:
        raise _no_name(name[:_LONGEST_NAME], f"it is longer than {_LONGEST_NAME} letters")
    if name.casefold() in _TAKEN:
        raise _no_name(name, "the folder of that name holds what all issues share")
    if week := rhythm.nearly(name):
        # Among others that are written like it, it stands where it should, and the right spelling would not.
        if not rhythm.nearly(last_name):
            why = "issues stand in the order of their names, and this one would not stand among the other weeks"
            raise ConfigurationError(f"'{name}' is a week in another spelling", why=why, fix=f"write {week}")
    elif unknown := rhythm.no_such(name):
        raise ConfigurationError(unknown, why=_WHY_A_DAY, fix="look it up in a calendar")
    if (turned := rhythm.turned(name)) and not rhythm.turned(last_name):
        why = "issues stand in the order of their names: 01-2025 would stand before 12-2024"
        raise ConfigurationError(f"'{name}' has its year at the end", why=why, fix=f"write {turned}")
    near = _NEARLY_A_MONTH.fullmatch(name)
    if near and not end_of(name):
        meant = f"{near[1]}-{int(near[2]):02d}"
        raise ConfigurationError(
            f"'{name}' is not a month",
            why=_WHY_A_MONTH,
            fix="write " + (meant if end_of(meant) else "the year and the month with two digits, such as 2024-08"),
        )


def _no_name(name: str, why: str, other: str = "another name") -> ConfigurationError:
    return ConfigurationError(f"'{name}' cannot be the name of an issue", why=why, fix=f"use {other}, such as 2024-08")


def next_name(names: Collection[str], today: date, known: Mapping[str, Issue]) -> str:
    """Return the name of the issue after these, or the month of `today` for the first; nothing where no name tells.

    Of the `known` issues none to the same readers stands behind it: days would be told twice.
    """
    if not names:
        return f"{today:%Y-%m}"
    *_, last = names = rhythm.letter(names, "")
    ended = end_of(last)
    if ended is None:
        following = rhythm.following(names)
    else:
        following = f"{ended + timedelta(days=1):%Y-%m}" if ended.year < MAXYEAR else ""
    behind = (issue for other, issue in known.items() if name_order(other) > name_order(following))
    return "" if last in known and any(issue.shares_readers(known[last]) for issue in behind) else following


def _after(
    name: str, last_name: str, last_text: str, before: str, since: Sequence[Issue], language: str, zone: tzinfo
) -> str:
    text = last_text.removeprefix("\ufeff").replace("\r\n", "\n")
    patch.check(text, f"{last_name}/issue.yaml")
    last: dict[str, Any] = document.read(text).value
    ended = covered = _ended(last)
    step = None if end_of(name) else rhythm.between(last_name, name) or _step(last, before)
    ends = end_of(name) or _ends(name, ended, step)
    if since:
        covered = since[-1].period.last
        if covered and not end_of(name) and (ends is None or ends <= covered):
            # Nor does it leave as long after the last one, which may have been a year ago.
            ends, step = _ends(name, covered, step), None
    title = kept.title(last, last_name, name, language)
    text = patch.put(text, "title", scalar(title))
    numbers = [number for number in (last.get("number"), *(issue.number for issue in since)) if isinstance(number, int)]
    if isinstance(last.get("number"), int):
        text = patch.put(text, "number", str(numbers[-1] + 1))
    text = patch.put(text, "period", _period(name, covered, ends))
    if leaves := _leaves(str(last.get("send_at") or ""), step, ends, zone):
        text = patch.put(text, "send_at", leaves)
    else:
        text = patch.delete(text, "send_at")
    text = patch.put(text, "subject", scalar(title) + kept.SUBJECT_HINT)
    greeting = kept.greeting(last)
    text = patch.put(text, "intro", f"|\n  {greeting}") if greeting else patch.delete(text, "intro")
    others = kept.translations(last, last_name, name)
    text = patch.put(text, "translations", others) if others else patch.delete(text, "translations")
    for key in ("preheader", "pin", "feature", "drop", "order", "corrections"):
        text = patch.delete(text, key)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _step(last: dict[str, Any], before: str) -> timedelta | None:
    """Return how long it is from issue to issue, where that is less than a month: by the periods of the last two."""
    planned = _planned(last)
    if planned is None or planned.last is None:
        return None
    if planned.first:
        step = planned.last - planned.first + timedelta(days=1)
    else:
        previous = _ended(document.read(before).value) if before else None
        step = planned.last - previous if previous else timedelta()
    return step if timedelta() < step < _SHORTEST_MONTH else None


def _ends(name: str, ended: date | None, step: timedelta | None) -> date | None:
    """Return the last day of a period whose issue is not named by a month."""
    if ended is None:
        return None
    if step:
        return ended + step
    said = rhythm.last_day(name)
    # What ends with February ends with March.
    if ended == month_end(ended.year, ended.month):
        said = said or end_of(rhythm.dated(name))
    return said if said and said > ended else _same_day_next_month(ended)


def _leaves(before: str, step: timedelta | None, ends: date | None, zone: tzinfo) -> str:
    """Return when an issue leaves: as long after the last one as its period, or else on the working day after that.

    It is the same hour by the newsletter's clocks, which may have been set on or back since.
    """
    if not before:
        return ""
    try:
        sent = read_moment(before, zone)
    except ValueError:
        # What cannot be read is told of the last issue, and is no plan for this one.
        sent = None
    day = sent.day + step if sent and step else ends and working_day_after(ends)
    return f"{day}T{sent.at:%H:%M}" if sent and not sent.whole_day and day else f"{day}T09:00" if day else ""


def _first(name: str, newsletter: str, lists: Sequence[str], language: str) -> str:
    month = rhythm.dated(name)
    ends = end_of(month) or rhythm.last_day(name)
    title = scalar(f"{newsletter} – {month_label(month, language) or month}")
    period = _week(ends) if ends else f"{{since: {LAST_ISSUE}}}"
    if end_of(month):
        period = month
    send_at = f"send_at: {working_day_after(ends)}T09:00\n" if ends else ""
    chosen = f"lists: [{', '.join(lists)}]\n" if lists else ""
    told = words(language)
    heading = {key.removeprefix("headings."): scalar(word) for key, word in told.items()}
    return f"""title: {title}
number: 1
period: {period}
{send_at}subject: {title}{kept.SUBJECT_HINT}
# preheader: the line that mail programs show beside the subject
intro: |
  {told["issue.greeting"]}
{chosen}
# From top to bottom. What a full section cannot take goes on to the next one that takes its type.
sections:
  - heading: {heading["featured"]}
    take: study
    featured: true
    limit: 1
    layout: hero
  - heading: {heading["news"]}
    take: news
  - heading: {heading["studies"]}
    take: study
  - heading: {heading["calls"]}
    take: call
  - heading: {heading["events"]}
    take: event
  - heading: {heading["projects"]}
    take: project
    layout: map
    period: any
"""


def _ended(last: Any) -> date | None:
    """Return the last day of an issue's period, as far as its file alone tells."""
    planned = _planned(last)
    return planned.last if planned else None


def _planned(issue: Any) -> PeriodPlan | None:
    try:
        return PeriodPlan.model_validate(issue.get("period") if isinstance(issue, dict) else None)
    except ValidationError:
        return None


def _period(name: str, ended: date | None, ends: date | None) -> str:
    """Return a period that begins where the last one ended."""
    if ends is None:
        return f"{{since: {LAST_ISSUE}}}"
    if _MONTH.fullmatch(name) and ended and (ended + timedelta(days=1) == ends.replace(day=1) or ended >= ends):
        return name
    return f"{{since: {LAST_ISSUE}, to: {ends}}}"


def _next(month: int, last_name: str) -> str:
    """Return the first `month` after a monthly issue; nothing where the last one is none."""
    ended = end_of(last_name)
    return f"{ended.year + (month <= ended.month)}-{month:02d}" if ended else ""


def _same_day_next_month(day: date) -> date:
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, month_end(year, month).day))


def working_day_after(day: date) -> date:
    """Return the first day after `day` on which people work nearly everywhere: no weekend, and not New Year's Day."""
    following = day + timedelta(days=1)
    while following.weekday() > 4 or (following.month, following.day) == (1, 1):
        following += timedelta(days=1)
    return following
