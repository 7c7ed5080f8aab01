"""The words of an issue: subject, preheader, introduction, and when it goes out to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from newsletter import rendering
from newsletter.checks import RULES, settling
from newsletter.content import document, editing
from newsletter.content.line_ends import on_one_line, pasted, plain
from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.issue import LAST_ISSUE
from newsletter.web.composer import issue_translations
from newsletter.web.composer.desk import Look
from newsletter.web.composer.forms import Form
from newsletter.web.composer.plans import ELSEWHERE, Rejected, judged, plan_of

NAMES = {
    "title": "the title",
    "subject": "the subject",
    "preheader": "the preheader",
    "intro": "the introduction",
    "send_at": "the time of sending",
    "theme": "the theme",
    "period": "the period",
    "lists": "the choice of lists",
    "languages": "the choice of languages",
}
_LONGEST = {"subject": "EDT002", "preheader": "EDT005"}
"""Which rule says how long a field may be."""
_PLAIN = ("title", "subject", "preheader", "intro", "send_at", "theme", "languages")


def context(look: Look) -> dict[str, Any]:
    """Return what the form shows: the file's own values, not what they are taken for."""
    values = _values(look)
    period = look.selection.period if look.selection else None
    return {
        "values": {field: _shown(field, values.get(field)) for field in _PLAIN},
        "chosen_lists": _lists(values),
        "lists": look.workspace.settings.lists,
        "themes": rendering.themes(look.workspace),
        "zone": look.workspace.settings.zone.key,
        "first": period.start.isoformat() if period else "",
        "last": period.last.isoformat() if period else "",
        "since_last": _since_last(look),
        "days": _days(look),
        "tongues": issue_translations.tongues(look),
        "first_tongue": issue_translations.first(look),
        "rejected": None,
        "longest": _longest(look),
    }


def _longest(look: Look) -> dict[str, object]:
    """Return how many characters a field may have, as the checks count them."""
    try:
        found = settling.parameters(look.workspace.settings.lint, look.workspace.origin, RULES)
    except ConfigurationError:
        # The checks say what is wrong with the settings.
        found = {rule.code: dict(rule.parameters) for rule in RULES}
    return {field: found[code]["longest"] for field, code in _LONGEST.items()}


def changed(look: Look, form: Form) -> str | Rejected:
    """Return the text of the issue's file with one of its words changed, or why it is not.

    Raises NotFound for a field that is not changed here, and ContentError for a file that is not safe to change.
    """
    if form.line("language"):
        return issue_translations.changed(look, form)
    field = form.text("field")
    _, plan, file = plan_of(look)
    was = ""
    if field == "period":
        first, last, now = "" if form.text("since_last") else form.line("first"), form.line("last"), _days(look)
        typed, seen = f"{first or LAST_ISSUE} – {last}", form.fields.get("was", now)
        write = partial(editing.cover, plan, first, last)
    elif field == "lists":
        current = _lists(_values(look))
        # The order is the file's, and what the settings do not name is not dropped unasked.
        every = dict.fromkeys((*current, *look.workspace.settings.lists))
        chosen = [name for name in every if form.text(f"list.{name}")]
        typed, now = ", ".join(chosen), ", ".join(current)
        seen = form.fields.get("was", now)
        write = partial(editing.reword, plan, field, chosen)
    elif field in _PLAIN:
        typed = pasted(form.text("value")).strip("\n").rstrip() if field == "intro" else form.line("value")
        now = _shown(field, _values(look).get(field))
        was = _shown(field, form.text("was"))
        seen = was if form.fields.get("mine") is None else _shown(field, form.text("mine"))
        value = re.findall(r"[^\s,]+", typed) if field == "languages" else typed
        write = partial(editing.reword, plan, field, value)
    else:
        raise NotFound(f"'{field}' is no field of an issue that is changed here")
    if now not in {seen, typed}:
        return Rejected(field, typed, ELSEWHERE, now, was)
    return judged(look, plan, plan if typed == now else write(file=file), field, typed)


def days_typed(form: Form) -> dict[str, Any]:
    """Return what the fields of the days show where they were typed and are refused; nothing for other words."""
    if form.text("field") != "period":
        return {}
    return {"first": form.line("first"), "last": form.line("last"), "since_last": bool(form.text("since_last"))}


def name_of(form: Form) -> str:
    """Return what a form changes, as a sentence begins."""
    tag = form.line("language")
    return issue_translations.name_in(form.text("field"), tag) if tag else NAMES[form.text("field")]


def _values(look: Look) -> Mapping[str, Any]:
    _, plan, _ = plan_of(look)
    written = document.read(plain(plan)).value
    return written if isinstance(written, dict) else {}


def _lists(values: Mapping[str, Any]) -> list[str]:
    lists = values.get("lists") or []
    return [lists] if isinstance(lists, str) else [str(one) for one in lists] if isinstance(lists, list) else []


def _since_last(look: Look) -> bool:
    return bool(look.selection and look.selection.issue.period.since == LAST_ISSUE)


def _days(look: Look) -> str:
    """Return the days that an issue covers as the form sends them, or nothing where its file cannot be used."""
    if look.selection is None:
        return ""
    period = look.selection.period
    return f"{LAST_ISSUE if _since_last(look) else period.start} – {period.last}"


def _shown(field: str, value: object) -> str:
    written = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return written.strip("\n").rstrip() if field == "intro" else on_one_line(written)
