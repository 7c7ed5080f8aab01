"""Which item of Postmark's answer belongs to which message: they come in order, and are not believed to."""

from __future__ import annotations

from typing import Any

from newsletter.sending.headers import wire_address
from newsletter.sending.providers.answers import field
from newsletter.sending.providers.contract import Batch


def aligned(batch: Batch, items: list[Any]) -> list[Any]:
    """Return an item for each recipient of the batch, or None where none is certainly theirs.

    An item about a message that was taken names its recipient in `To`; one about a refusal names it, if at all, in its
    words. Where the order agrees with all that is named, it is believed.
    """
    addresses = [wire_address(recipient.address).casefold() for recipient in batch.recipients]
    named = [_named(item) for item in items]
    if len(items) == len(addresses) and all(
        name in {"", address} for name, address in zip(named, addresses, strict=True)
    ):
        return [item if isinstance(item, dict) else None for item in items]
    by_address = {name: item for name, item in zip(named, items, strict=True) if name}
    found = [by_address.get(address) for address in addresses]
    for name, item in zip(named, items, strict=True):
        message = field(item, "Message")
        if not name and isinstance(message, str):
            told = message.casefold()
            meant = [place for place, address in enumerate(addresses) if found[place] is None and address in told]
            if len(meant) == 1:
                found[meant[0]] = item
    return found


def _named(item: Any) -> str:
    to = field(item, "To")
    return to.casefold() if isinstance(to, str) else ""
