"""Which item of Postmark's answer belongs to which message: they come in order, and are not believed to."""

from __future__ import annotations

from typing import Any

from newsletter.sending.headers import wire_address
from newsletter.sending.providers.answers import field, identifier, words
from newsletter.sending.providers.contract import Batch

_TAKEN = frozenset({"Accepted", "Processing", "Completed"})


def fault(item: Any) -> tuple[int, str]:
    """Return Postmark's error number and words; no error has the number 0."""
    code = field(item, "ErrorCode")
    return code if isinstance(code, int) else 0, words(field(item, "Message"))


def faults(answer: Any) -> list[tuple[int, str]]:
    """Return everything that a refused call is refused for.

    Several faults in a bulk call stand under `Errors`, by the name of the field; the answer's own words only say so:
    https://postmarkapp.com/developer/api/bulk-email
    """
    fields = field(answer, "Errors")
    found = [
        fault(item)
        for items in (fields.values() if isinstance(fields, dict) else [])
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]
    return found or [fault(answer)]


def bulk_job(answer: Any) -> tuple[str, str]:
    """Return the id of a bulk call, if the answer has one, and why it was not taken nevertheless.

    The documents write `ID` and `Id`, and so do Postmark's own libraries.
    """
    job = identifier(field(answer, "Id")) or identifier(field(answer, "ID"))
    status = field(answer, "Status")
    refused = isinstance(status, str) and status not in _TAKEN
    return job, f"Postmark says that the call is {words(status)}" if refused else ""


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
