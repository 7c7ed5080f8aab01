"""Somebody who is put on a list by hand: from the page of all readers, or from their own."""

from __future__ import annotations

import datetime as dt

from newsletter import audience, store
from newsletter.audience import Verdict
from newsletter.config import Settings
from newsletter.errors import Refused
from newsletter.model.wording import listed
from newsletter.web.composer import topics
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form

SOURCE = "by hand, in the composer"
_TOLD = {
    Verdict.ADDED: "They are on {}.",
    Verdict.RESUBSCRIBED: "They had left, and are on {} again.",
    Verdict.CONFIRMED: "They were pending, by a file, and are on {}.",
    Verdict.UPDATED: "They were on {} already; what is new of them is kept.",
    Verdict.UNCHANGED: "They were on {} already; nothing changed.",
}


def put_on(desk: Desk, address: str, form: Form) -> str:
    """Put a person on the list that a form names; return their address as it is held.

    What became of it is told on the next page, without who they are. Raises AudienceError for what cannot be used;
    that they stay off is the next page's trouble.
    """
    space = desk.workspace()
    settings, now = space.settings, dt.datetime.now(dt.UTC)
    name = settings.known_list(form.text("list"))
    title = settings.lists[name].title
    agreed = audience.read_evidence(form.line("agreed_on"), form.line("agreed_how"), zone=settings.zone, now=now)
    attributes = {name: text for name, text in form.below("attribute.").items() if text.strip()}
    newcomer = audience.Newcomer(address, form.line("name"), form.line("language"), form.line("topics"), attributes)
    with store.open_database(space) as database:
        try:
            verdict = audience.add(database, newcomer, name, agreed, settings=settings, source=SOURCE, now=now)
        except Refused as error:
            desk.notice, desk.trouble = "", Refused(f"they are not put on {title}", why=error.why, fix=error.fix)
        else:
            desk.notice = _TOLD[verdict].format(title) + _thin(desk, settings, form.line("topics"))
        held: str = audience.show(database, audience.read_mailbox(address)[0])["address"]
    return held


def _thin(desk: Desk, settings: Settings, typed: str) -> str:
    """Return what to say of topics that nothing has."""
    unknown = topics.unknown(desk, settings, audience.part_topics(typed))
    if not unknown:
        return ""
    named = listed([f"“{topic}”" for topic in unknown])
    word = "topic" if len(unknown) == 1 else "topics"
    return f" Nothing here has the {word} {named}: whoever chose no other gets only what has no topic."
