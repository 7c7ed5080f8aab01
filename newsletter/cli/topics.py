"""What is said of topics that nothing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config import Workspace

_SHOWN = 30
AS_IN_ENTRIES = "write it as your entries do"


def tell(topics: Sequence[str], space: Workspace, *, fix: str) -> None:
    """Say which topics lead to nothing; where the entries cannot be read, that this is not known."""
    if not topics:
        return
    from newsletter import audience, pipeline
    from newsletter.errors import NewsletterError

    try:
        entries = pipeline.read(space).entries
    except NewsletterError as error:
        # What the command was asked for is done, and it must not look as if it were not.
        output.say("note: whether anything here has these topics is not known, because the entries cannot be read")
        output.show_error(error)
        return
    unknown = audience.unknown_topics(topics, space.settings, entries)
    if unknown:
        more = len(unknown) - _SHOWN
        named = ", ".join(f"“{topic}”" for topic in unknown[:_SHOWN]) + (f" and {more:,} others" if more > 0 else "")
        output.say(
            f"note: nothing here has the topic {named}: whoever chose no other gets only what has no topic; {fix}"
        )
