"""What a webhook is: verify the raw body first, then read it, then parse it into events. Pure functions of bytes.

`verify` and `read` may meet anything that somebody on the internet sends. `parse` only ever sees what was verified, and
never fails: a kind of event that it does not know is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from newsletter.model.event import Event


class Unverified(Exception):
    """A call that nobody proved to be the provider's; the text is for the team's log, not for the caller."""


class Unreadable(Exception):
    """A call of the provider's whose body is not what it sends."""


class CertificateNeeded(Exception):
    """The call can be judged with the certificate at this address, which is Amazon's."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Need(Enum):
    """What a kind of webhook cannot do without; the value says how to give it."""

    SECRET = 'name the variable that holds the secret: webhook_secret_env = "…", or a file: webhook_secret_file = "…"'  # noqa: S105
    TOPICS = 'write the topics whose messages count: topics = ["arn:aws:sns:…"]'


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came; the names of its headers are in small letters."""

    url: str
    """As the provider knows it."""
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    secret: str = field(default="", repr=False)
    """What stands after the provider's name in the path."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What calls are verified with."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    """The newest first; earlier ones still verify."""
    topics: tuple[str, ...] = ()
    certificates: Mapping[str, bytes] = field(default_factory=dict)
    """Those of Amazon, by their address."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider would say, for a rehearsal."""

    event: Event
    message_id: str
    now: datetime
    topic: str = ""
    """Of Amazon SNS."""


class Webhook(Protocol):
    """A provider's way to tell what became of messages."""

    @property
    def needs(self) -> Need:
        """What the settings must name."""

    @property
    def tolerance(self) -> timedelta | None:
        """How old a signature may be; None where the provider signs no time."""

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for a text that cannot be a secret, a key or a certificate of this provider."""

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return by what the call is known as a single one, so that it is not taken twice.

        Raises Unverified, and CertificateNeeded where judging needs a certificate that `keys` lack.
        """

    def read(self, body: bytes) -> Any:
        """Return the JSON that a verified body holds; raise Unreadable for another one."""

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events of a verified call that is known by `key`."""

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return the call by which the provider would tell an event, signed; raise ValueError where it never does."""


LARGEST_UNPROVED = 600_000
"""Bytes of a body that is read before anybody has proved that it is the provider's: SNS sends at most 256 KB, in JSON
once more, and everything else waits while a body is read."""


def read_unproved(body: bytes) -> Any:
    """Return what a body holds that carries its own signature; raise Unreadable for no JSON, or too much of it."""
    if len(body) > LARGEST_UNPROVED:
        raise Unreadable(f"the body has more than {LARGEST_UNPROVED:,} bytes")
    return read_json(body)


def read_json(body: bytes) -> Any:
    """Return what a body holds; raise Unreadable for one that is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
