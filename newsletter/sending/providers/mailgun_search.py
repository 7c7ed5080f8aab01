"""Whether Mailgun has taken a call of which nobody heard: questions to its events, page by page.

Neither tags (20,000 a domain) nor message ids (our own replace Mailgun's) are asked for by batch. First, witnesses: an
event of one recipient with the batch's key among its variables proves the whole call, because Mailgun takes a call
whole or not at all. Only where no witness is found, every event of the minutes in question with the batch's tag is
read; there are 256 such tags.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from newsletter.errors import ProviderError
from newsletter.model.mailing import Recipient
from newsletter.sending.headers import wire_address
from newsletter.sending.providers.answers import field, identifier
from newsletter.sending.providers.contract import Batch, Evidence

_WITNESSES = 3
_CLOCKS = timedelta(minutes=15)
"""By how much two clocks may differ, when that costs nothing."""
_BEFORE = timedelta(minutes=2)
_AFTER = timedelta(minutes=12)
"""The longest call, and as much for the clocks and for Mailgun's queue."""
_PAGE = re.compile(r"[A-Za-z0-9_.~%=+/?&:-]{1,2000}")
_LONGEST_SEARCH = 2000
"""Pages; a server that never comes to an end proves nothing."""


def tag(key: str) -> str:
    """Return the tag of a batch: one of 256, because Mailgun keeps a limited number of them."""
    return f"newsletter-{zlib.crc32(key.encode()) % 256:02x}"


@dataclass(frozen=True, slots=True)
class Search:
    """The questions about one batch; `more` is empty, `witness N`, or `page N ADDRESS`."""

    batch: Batch
    since: datetime

    def path(self, more: str) -> str:
        """Return what follows the domain's address."""
        kind, _, rest = (more or _first(self.batch)).partition(" ")
        number, _, page = rest.partition(" ")
        if page and _PAGE.fullmatch(page):
            return f"/events{page}"
        if kind == "page":
            times = {"begin": _epoch(self.since - _BEFORE), "end": _epoch(self.since + _AFTER)}
            filters = {"tags": tag(self.batch.key)}
        else:
            times = {"begin": _epoch(self.since - _CLOCKS)}
            filters = {"recipient": wire_address(_witnesses(self.batch)[int(number)].address)}
        query = {**times, "ascending": "yes", "limit": "300", "event": "accepted", **filters}
        return f"/events?{urlencode(query)}"

    @staticmethod
    def read(batch: Batch, answer: Any, more: str) -> Evidence:
        """Return what the events of an answer prove, or where to ask next."""
        items = field(answer, "items")
        found: dict[str, str] = {}
        for event in items:
            variables = field(event, "user-variables")
            message_id = identifier(field(field(field(event, "message"), "headers"), "message-id"))
            # The message id is ours: the delivery's, whatever call carried it.
            told = field(variables, "delivery") or message_id.partition("@")[0]
            if field(variables, "batch") == batch.key:
                # One for all; the message ids of the others are not known by it.
                everybody = {recipient.delivery_id: "" for recipient in batch.recipients}
                return Evidence({**everybody, told: message_id} if told in everybody else everybody)
            if any(recipient.delivery_id == told for recipient in batch.recipients):
                found[told] = message_id
        kind, _, rest = (more or _first(batch)).partition(" ")
        number = int(rest.partition(" ")[0]) + 1
        if kind != "page":
            return Evidence(found, f"witness {number}" if number < len(_witnesses(batch)) else "page 0")
        following = _following(field(field(answer, "paging"), "next")) if items else ""
        if number >= _LONGEST_SEARCH and following:
            return Evidence(found, problem=ProviderError("Mailgun's events come to no end", fix="look into its log"))
        return Evidence(found, f"page {number} {following}" if following else "")


def _following(address: Any) -> str:
    """Return the part of a page's address that comes after `/events`: the host stays ours, whatever it says."""
    if not isinstance(address, str):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    _, found, page = parts.path.partition("/events")
    page += f"?{parts.query}" if parts.query else ""
    return page if found and _PAGE.fullmatch(page) and ".." not in page else ""


def _first(batch: Batch) -> str:
    return "witness 0" if _witnesses(batch) else "page 0"


def _witnesses(batch: Batch) -> list[Recipient]:
    # Of those who were erased since, no address is left to ask for.
    known = [recipient for recipient in batch.recipients if recipient.address]
    last = len(known) - 1
    return [known[place] for place in sorted({last * step // (_WITNESSES - 1) for step in range(_WITNESSES)}) if known]


def _epoch(moment: datetime) -> str:
    return f"{moment.timestamp():.0f}"
