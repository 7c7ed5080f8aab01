"""Mail servers: messages handed over one by one on connections that stay open (RFC 5321).

A server has a message only once the line with the single dot has reached it. What breaks off before is not sent; what
breaks off after may be, whatever the exception is called.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPResponse,
    SMTPServerDisconnected,
)

from newsletter.sending.admission import Shut, said_in_the_clear, why_shut
from newsletter.sending.providers.contract import WireRequest, WireResponse
from newsletter.sending.submission import Submission, unpack
from newsletter.sending.transport import NotSent
from newsletter.sending.waiting import first_of

_CONNECT = 15.0
_COMMAND = 60.0
# RFC 5321 §4.5.3.2.6: the server may be working on the message; impatience would leave it in doubt.
_LAST_WORD = 600.0
_DOT = re.compile(rb"(?m)^\.")
_CLOSING = 421
# RFC 5321 §4.2.1: what a code begins with tells, whatever follows.
_LAST_WORDS = {2: "accepted", 4: "refused", 5: "refused"}
_CUT_OFF = "the call was cut off"
_PORTS = {"smtp": 587, "smtps": 465}


_Key = tuple[str, tuple[tuple[str, str], ...]]
"""An address and how to get in."""


class _Connection(SMTP):
    """Lets go at once, whoever says that it is over: closed politely, an encrypted one waits for the other's farewell.

    A server that says 421 may wait for ours, and count the connection among those that it allows.
    """

    carried = 0
    """Messages that were taken on it."""

    def close(self) -> None:
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


class MailServers:
    """Connections to mail servers, kept for the next batch."""

    def __init__(
        self,
        *,
        connect: float = _CONNECT,
        command: float = _COMMAND,
        last_word: float = _LAST_WORD,
        ending: asyncio.Event | None = None,
    ) -> None:
        self._ending = ending or asyncio.Event()
        self._timeouts = (connect, command, last_word)
        self._idle: dict[_Key, list[_Connection]] = {}
        self._busy: Counter[_Key] = Counter()
        self._given_back = asyncio.Event()
        self._trust: ssl.SSLContext | None = None
        self._logging_in = asyncio.Lock()
        self._refused: dict[_Key, SMTPAuthenticationError] = {}

    async def send(self, request: WireRequest) -> WireResponse:
        """Return what the server said to each message as JSON; raise NotSent where it could not be reached.

        `{"messages": [{"state", "stage", "code", "text"}, …]}` with the states `accepted`, `refused`, `unsent` and
        `unsure`, or `{"problem": {"what", "code", "text"}}` where it let nobody in because of its `greeting`,
        `starttls`, `encryption`, `certificate` or `authentication`. Where it is cancelled, only the message whose last
        line was under way is `unsure`.
        """
        key = request.url, request.headers
        submissions = list(unpack(request.body))
        try:
            client = await self._connected(request, submissions[0].sender.rpartition("@")[2])
        except Shut as shut:
            told = {"what": shut.what, "code": shut.code, "text": shut.text}
            return WireResponse(200, {}, json.dumps({"problem": told}).encode())
        except asyncio.CancelledError:
            raise NotSent("the call was cut off before it began") from None
        told_of: list[dict[str, Any]] = []
        try:
            for one in submissions:
                if told_of and not client.is_connected and not _is_over(told_of):
                    # What broke off is in doubt; what comes after it need not be.
                    client = await self._again(request, client)
                said = await self._submit(client, one)
                if client.carried and _wants_another(said):
                    client = await self._again(request, client)
                    said = await self._submit(client, one) if client.is_connected else said
                told_of.append(said)
            if client.is_connected:
                self._idle.setdefault(key, []).append(client)
        except BaseException:
            client.close()
            raise
        finally:
            self._busy[key] -= 1
            self._wake()
        return WireResponse(200, {}, json.dumps({"messages": told_of}).encode())

    async def close(self) -> None:
        """Take leave of every server."""
        clients = [client for idle in self._idle.values() for client in idle]
        self._idle.clear()
        await asyncio.gather(*(_quit(client) for client in clients))

    async def _connected(self, request: WireRequest, domain: str) -> _Connection:
        """Return a connection, which is the caller's until it is given back."""
        key = request.url, request.headers
        while True:
            self._busy[key] += 1
            try:
                return await self._one_of(key) or await self._connect(request, domain)
            except BaseException as error:
                self._busy[key] -= 1
                full = isinstance(error, Shut) and error.code == _CLOSING
                # Many servers take only a few connections from one place: then calls wait for those there are.
                if not full or not (self._busy[key] or self._idle.get(key)):
                    self._wake()
                    raise
            if not self._idle.get(key):
                await first_of(None, self._given_back, self._ending)
            if self._ending.is_set():
                raise NotSent("the call was given up before it began")

    async def _one_of(self, key: _Key) -> _Connection | None:
        idle = self._idle.get(key, [])
        while idle:
            client = idle.pop()
            # Servers hang up on who says nothing for minutes.
            if client.is_connected and await _is_alive(client):
                return client
            client.close()
        return None

    def _wake(self) -> None:
        self._given_back.set()
        self._given_back = asyncio.Event()

    async def _again(self, request: WireRequest, lost: _Connection) -> _Connection:
        lost.close()
        try:
            return await self._connect(request, lost.local_hostname or "")
        except (Shut, NotSent, asyncio.CancelledError):
            return lost

    async def _connect(self, request: WireRequest, domain: str) -> _Connection:
        address, given = urlsplit(request.url), dict(request.headers)
        host, port = address.hostname or "", address.port or _PORTS[address.scheme]
        at_once, after_hello = address.scheme == "smtps", given.get("tls") == "required"
        if (at_once or after_hello) and self._trust is None:
            # Tens of milliseconds, which a server in the same house does without.
            self._trust = await asyncio.to_thread(ssl.create_default_context)
        connect, command, _ = self._timeouts
        client = _Connection(
            hostname=host,
            port=port,
            # The name of this machine is nobody's business, and finding it out may take seconds.
            local_hostname=domain or "localhost",
            use_tls=at_once,
            start_tls=after_hello,
            tls_context=self._trust,
            timeout=command,
        )
        try:
            await client.connect(timeout=connect)
            if client.is_ehlo_or_helo_needed:
                await _introduce(client)
            if "username" in given:
                await self._log_in(client, request)
        except asyncio.CancelledError:
            client.close()
            raise
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            why = why_shut(error, host, port)
            # An alert is how a server says no that does encrypt (RFC 8446 §6).
            clear = isinstance(why, Shut) and why.what == "encryption" and "ALERT" not in why.text
            if clear and address.scheme == "smtps":
                why = await said_in_the_clear(host, port, connect) or why
            raise why from error
        return client

    async def _log_in(self, client: _Connection, request: WireRequest) -> None:
        """Log in; what was refused to one connection is not tried by the others.

        Each tries all ways that are offered, and servers shut out for hours whoever is wrong too often.
        """
        key, given = (request.url, request.headers), dict(request.headers)
        async with self._logging_in:
            if key in self._refused:
                raise self._refused[key]
            try:
                await client.login(given["username"], given["password"])
            except SMTPAuthenticationError as error:
                if error.code >= 500:
                    self._refused[key] = error
                raise

    async def _submit(self, client: _Connection, one: Submission) -> dict[str, Any]:
        if not client.is_connected:
            return _told("unsent", "", 0, "the connection was lost before")
        handed_over = False
        try:
            impossible = _impossible(client, one)
            if impossible:
                return impossible
            for stage, command in _envelope(client, one):
                response = await client.execute_command(*command)
                if response.code not in ({250, 251} if stage != "data" else {354}):
                    # Some hang up on who names a wrong address; what was said before holds nevertheless.
                    if not (client.is_connected and await _is_alive(client)):
                        client.close()
                    return _told("refused", stage, response.code, response.message)
            await self._hand_over(client, one.content)
            handed_over = True
            response = await self._last_word(client)
        except (SMTPException, OSError, TimeoutError, ValueError, asyncio.CancelledError) as error:
            client.close()
            text = _CUT_OFF if isinstance(error, asyncio.CancelledError) else str(error) or type(error).__name__
            return _told("unsure" if handed_over else "unsent", "", 0, text)
        state = _LAST_WORDS.get(response.code // 100, "unsure")
        client.carried += state == "accepted"
        return _told(state, "end", response.code, response.message)

    async def _hand_over(self, client: SMTP, content: bytes | memoryview) -> None:
        """Write everything but the line that makes it a message; return when the system has taken it."""
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("the connection was lost")
        protocol.write(_DOT.sub(b"..", bytes(content)))
        async with asyncio.timeout(self._timeouts[1]):
            while protocol.is_connected and cast("asyncio.WriteTransport", protocol.transport).get_write_buffer_size():  # noqa: ASYNC110
                await asyncio.sleep(0.002)
        if not protocol.is_connected:
            raise SMTPServerDisconnected("the connection was lost")

    async def _last_word(self, client: SMTP) -> SMTPResponse:
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("the connection was lost")
        protocol.write(b".\r\n")
        response = await protocol.read_response(timeout=self._timeouts[2])
        if response.code == _CLOSING:
            client.close()
        return response


def _envelope(client: SMTP, one: Submission) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    """Return the commands before a message, with what the server has offered."""
    sender, recipient = [f"SIZE={len(one.content)}"], []
    if not client.supports_extension("size"):
        sender.clear()
    if one.smtputf8:
        sender.append("SMTPUTF8")
    if client.supports_extension("dsn"):
        sender += ["RET=HDRS", f"ENVID={one.id}"]
        recipient.append("NOTIFY=FAILURE")
    yield "mail", (b"MAIL", f"FROM:<{one.sender}>".encode(), *(option.encode() for option in sender))
    yield "rcpt", (b"RCPT", f"TO:<{one.recipient}>".encode(), *(option.encode() for option in recipient))
    yield "data", (b"DATA",)


def _impossible(client: SMTP, one: Submission) -> dict[str, Any] | None:
    limit = client.esmtp_extensions.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(one.content):
        return _told(
            "refused", "mail", 552, f"5.3.4 the server takes {limit} bytes, the message has {len(one.content)}"
        )
    if one.smtputf8 and not client.supports_extension("smtputf8"):
        return _told("refused", "rcpt", 553, "5.6.7 the server takes no addresses with letters beyond ASCII")
    return None


def _wants_another(said: dict[str, Any]) -> bool:
    """Whether a server may take the message on a new connection: many take only so many messages on one.

    Most say 421 then. OpenSMTPD says 452 after a hundred, and goes on saying so until one hangs up.
    """
    return bool(said["code"] // 100 == 4 and said["stage"] == "mail")


def _is_over(told_of: list[dict[str, Any]]) -> bool:
    """Whether the server wants no more for now, or nobody waits for more."""
    task = asyncio.current_task()
    return any(one["code"] == _CLOSING for one in told_of) or bool(task and task.cancelling())


def _told(state: str, stage: str, code: int, text: str) -> dict[str, Any]:
    return {"state": state, "stage": stage, "code": code, "text": text[:500]}


async def _introduce(client: SMTP) -> None:
    try:
        await client.ehlo()
    except SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


async def _is_alive(client: SMTP) -> bool:
    try:
        await client.rset(timeout=10)
    except asyncio.CancelledError:
        client.close()
        raise
    except (SMTPException, OSError):
        return False
    return True


async def _quit(client: SMTP) -> None:
    try:
        if client.is_connected:
            await client.quit(timeout=2)
    except (SMTPException, OSError):
        pass
    finally:
        client.close()
