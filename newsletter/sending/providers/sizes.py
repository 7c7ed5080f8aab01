"""How large a message may be: what would be refused for every reader is told before anybody is written to."""

from __future__ import annotations

from newsletter.errors import Refused


def within(provider: str, size: int, most: int) -> None:
    """Raise Refused for a message that has more bytes, once it is encoded, than a provider takes."""
    if size <= most:
        return
    raise Refused(
        f"the message has {size / 1e6:,.0f} MB, which is more than {provider} takes",
        why=f"a message may have {most / 1e6:,.0f} MB once it is encoded",
        fix='let readers\' programs fetch its pictures: set images = "linked" and a public_url in the settings',
    )
