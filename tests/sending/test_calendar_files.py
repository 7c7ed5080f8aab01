"""Calendar files that were sent."""

from __future__ import annotations

import datetime as dt

from newsletter import sending
from newsletter.model.edition import InlineImage
from newsletter.rendering.calendars import calendar_file
from newsletter.sending.providers.null import Null
from newsletter.store import Database
from tests import factories
from tests.sending import making as make

IDS = ("2024-07-22-summer-school", f"2024-07-22-{'a-very-long-name-' * 6}")


def test_each_is_known_by_the_event_that_it_is_of(database: Database) -> None:
    """Of every mailing asked for, however long the event's name is; pictures are none."""
    for issue, name in zip(("2024-07", "2024-08"), IDS, strict=True):
        event = factories.event(id=name)
        data = calendar_file(event, event.title, "", "", stamp=make.NOW, domain="example.org")
        files = (InlineImage(f"{issue}.ics", "text/calendar", data), make.image())
        sending.start(
            database,
            issue=issue,
            lists=["monthly"],
            editions=[make.edition(hosted=files), make.edition(language="fr"), make.edition(topics=("Labour",))],
            envelope=make.ENVELOPE,
            provider=Null("null"),
            expect=None,
            now=make.NOW + dt.timedelta(hours=1),
        )
    assert sending.calendars(database, 1, 2) == {"2024-07.ics": IDS[0], "2024-08.ics": IDS[1]}
    assert sending.calendars(database, 2) == {"2024-08.ics": IDS[1]}
