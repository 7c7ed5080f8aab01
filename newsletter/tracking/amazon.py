"""What must be fetched from Amazon: certificates, each once, and the confirmation of a subscription."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.ses import CONFIRMATION
from newsletter.tracking.webhooks.signing import check_rsa_key

Fetch = Callable[[str], Awaitable[bytes]]
_LARGEST = 64_000
_PATIENCE = 10.0
_KEPT = 20
_FAILED_FOR = 60.0


class Unreachable(Exception):
    """Amazon did not answer as it should; the call may come again."""


async def fetch(url: str) -> bytes:
    """Return what is at an address of Amazon; no redirect is followed."""
    import httpx

    try:
        async with (
            asyncio.timeout(_PATIENCE),
            httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=_PATIENCE) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise Unreachable(f"{httpx.URL(url).host} answered {response.status_code}")
            content = b""
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > _LARGEST:
                    raise Unreachable(f"{httpx.URL(url).host} sent too much")
            return content
    except (httpx.HTTPError, TimeoutError) as error:
        raise Unreachable(f"{httpx.URL(url).host} cannot be reached: {error or type(error).__name__}") from error


class Certificates:
    """Certificates by their address. Only addresses that were found to be Amazon's may be asked for."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: dict[str, bytes] = {}
        self._failed: dict[str, float] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def known(self) -> Mapping[str, bytes]:
        """Those that were fetched."""
        return self._known

    async def get(self, url: str) -> None:
        """Fetch a certificate that is not known yet; raise Unreachable, for a minute without asking again."""
        async with self._one_at_a_time:
            if url in self._known:
                return
            if time.monotonic() < self._failed.get(url, 0.0):
                raise Unreachable("the certificate could not be fetched a moment ago")
            try:
                content = await self._fetch(url)
                _check(content)
            except Unreachable:
                _bound(self._failed)
                self._failed[url] = time.monotonic() + _FAILED_FOR
                raise
            _bound(self._known)
            self._known[url] = content


def _check(content: bytes) -> None:
    try:
        check_rsa_key(content.decode("ascii"))
    except ValueError:
        raise Unreachable("what was fetched is no certificate") from None


def _bound(store: dict[str, Any]) -> None:
    while len(store) >= _KEPT:
        del store[next(iter(store))]


def confirmation(content: Any) -> str | None:
    """Return the address by which a verified message's subscription is confirmed; None for other messages.

    It is made from the topic, which the settings name, and never the one that the message gives.
    """
    message = reading.mapping(content)
    topic, token = message.get("TopicArn"), message.get("Token")
    if message.get("Type") != CONFIRMATION or not isinstance(topic, str) or not isinstance(token, str):
        return None
    _, partition, _, region, *_ = topic.split(":")
    domain = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    asked = urlencode({"Action": "ConfirmSubscription", "TopicArn": topic, "Token": token, "Version": "2010-03-31"})
    return f"https://sns.{region}.{domain}/?{asked}"
