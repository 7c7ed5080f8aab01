"""What somebody prefers, changed for them on their page: only what was changed on it, whatever they do meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter import audience, store
from newsletter.config import Settings
from newsletter.model import tongues
from newsletter.model.consent import Frequency
from newsletter.model.entry import Entry
from newsletter.model.topics import canonical_topics
from newsletter.model.wording import listed
from newsletter.web.composer.adding import SOURCE
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form

_TOPIC = "topic."


def context(settings: Settings, entries: Iterable[Entry], held: Mapping[str, Any], form: Form | None) -> dict[str, Any]:
    """Return the form of a person's page: what they have, and among what they may choose."""
    paused = held["paused_until"]
    until = dt.datetime.fromisoformat(paused).astimezone(settings.zone) if paused else None
    pause = until.date().isoformat() if until and until > dt.datetime.now(dt.UTC) else ""
    chosen = tuple(held["topics"] or ())
    known = [*settings.readers.topics, *(topic for entry in entries for topic in entry.topics), *chosen]
    tags = {*settings.readers.languages, *settings.translations, settings.language, held["language"]} - {""}
    shown = {"language": held["language"], "frequency": held["frequency"], "pause": pause}
    return {
        "languages": {"": "the newsletter’s own", **{tag: tongues.name_of(tag) for tag in sorted(tags)}},
        "topics": _titles(known),
        "frequencies": list(Frequency),
        "had": shown | {"topics": ", ".join(chosen)},
        "wish": {name: form.line(name) if form else value for name, value in shown.items()},
        "wished": _topics(form) if form else chosen,
    }


def change(desk: Desk, address: str, form: Form) -> None:
    """Do what the form says otherwise than it was shown; raise AudienceError for what cannot be used."""
    space = desk.workspace()
    topics = _topics(form)

    def asked(name: str) -> str | None:
        return None if form.line(name) == form.line(f"had.{name}") else form.line(name)

    wishes = audience.Wishes(
        language=asked("language"),
        topics=None if ", ".join(topics) == form.line("had.topics") else topics,
        frequency=asked("frequency"),
        pause=asked("pause"),
    )
    with store.open_database(space) as database:
        now = dt.datetime.now(dt.UTC)
        changed = audience.prefer(database, address, wishes, source=SOURCE, zone=space.settings.zone, now=now)
    desk.notice = "They had it so already; nothing changed."
    if changed:
        desk.notice = f"Changed: {listed(changed)}."


def _titles(known: Iterable[str]) -> dict[str, str]:
    """Return topics as they are held, each as it was written first."""
    found: dict[str, str] = {}
    for written in known:
        for topic in canonical_topics([written]):
            found.setdefault(topic, written)
    return dict(sorted(found.items()))


def _topics(form: Form) -> tuple[str, ...]:
    return canonical_topics(form.below(_TOPIC).values())
