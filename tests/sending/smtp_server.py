"""A mail server on loopback (aiosmtpd) that breaks on demand and logs every message that it truly took."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import ssl
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.sending.mail_server import MailServer, main

USERNAME, PASSWORD = "newsletter", "smtp-test-password"
_DSN = re.compile(r" (RET|ENVID|NOTIFY|ORCPT)=(\S+)")

REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": ("554 5.3.0 Error: cannot take the message",),
    "429": ("421 4.7.0 Too many messages, try again later",),
    "451": ("451 4.3.0 Error: queue file write error",),
    "401": ("530 5.7.0 Authentication required",),
    "refused": ("550 5.7.1 Message refused by policy",),
}
"""What is said after the dot without anything being taken."""


@dataclass
class SmtpServer(MailServer):
    """A mail server: its 250 after the dot is the only thing that tells, and a lost one is lost for good."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    trust: ssl.SSLContext | None = None
    """Makes it offer STARTTLS."""
    implicit: bool = False
    """Encrypts from the first byte instead."""
    needs_login: bool = False
    login_needs_tls: bool = False
    """Whether it offers to log in only once it is encrypted."""
    wrong_passwords: int = 0
    dsn: bool = True
    smtputf8: bool = True
    size: int = 10_000_000
    sender_refused: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    """What is said to a recipient."""
    put_off: dict[str, int] = field(default_factory=dict)
    """How often a recipient's mailbox cannot take a message yet."""
    greylists: float = 0.0
    """For how many seconds it puts off a recipient of whom it has not heard."""
    heard_of: dict[str, float] = field(default_factory=dict)
    """When it first heard of a recipient."""
    spam: set[str] = field(default_factory=set)
    """Recipients whose messages are refused once they are there."""
    spam_said: str = "554 5.7.1 Refused as spam"
    hangs_up: bool = False
    """Whether it hangs up on who names a recipient that it refuses."""
    per_connection: int = 0
    """How many messages a connection may carry; 0 for any number."""
    full_said: str = "421 4.7.0 Too many messages on this connection"
    """What it says then, and hangs up where that is a 421."""
    in_all: int = 0
    """How many messages it takes; 0 for any number."""
    at_once: int = 0
    """How many connections there may be at the same time; 0 for any number."""
    connections: int = 0
    open: int = 0
    listener: asyncio.Server | None = None
    messages: list[tuple[str, str, bytes, dict[str, str]]] = field(default_factory=list)
    """Sender, recipient, content and notification parameters of each that was taken."""

    @contextmanager
    def listening(self, port: int) -> Iterator[None]:
        """Serve until left."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        trust = self.trust if self.implicit else None
        opening = loop.create_server(lambda: self._connection(loop), "127.0.0.1", port, ssl=trust, backlog=256)
        server = self.listener = asyncio.run_coroutine_threadsafe(opening, loop).result()
        self.url = f"{'smtps' if self.implicit else 'smtp'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(_closed(server), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _connection(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        self.connections += 1
        with warnings.catch_warnings():
            # It warns of passwords without encryption; these never leave the machine.
            warnings.simplefilter("ignore")
            return _Connection(
                self,
                hostname="mail.example.org",
                loop=loop,
                data_size_limit=self.size,
                enable_SMTPUTF8=self.smtputf8,
                tls_context=None if self.implicit else self.trust,
                auth_required=self.needs_login,
                auth_require_tls=self.login_needs_tls,
                authenticator=self.authenticate,
                auth_exclude_mechanism=["LOGIN"],
            )

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        """Offer notifications (RFC 3461)."""
        session.host_name = hostname
        return [answers[0], *(["250-DSN"] if self.dsn else []), *answers[1:]]

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer `MAIL FROM`."""
        if self.sender_refused:
            return self.sender_refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer `RCPT TO`."""
        if address in self.refused:
            return self.refused[address]
        now, come_again = time.monotonic(), f"450 4.2.0 <{address}>: Recipient address rejected: Greylisted"
        if now < self.heard_of.setdefault(address, now) + self.greylists:
            return come_again
        if self.put_off.get(address, 0) > 0:
            self.put_off[address] -= 1
            return come_again
        if address in self.bad:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        """Answer the dot."""
        await asyncio.sleep(self.latency())
        fault = server.broken
        if envelope.rcpt_tos[0] in self.spam:
            return f"{self.spam_said}, see entry {len(self.messages)}"
        if fault in REFUSALS:
            return str(REFUSALS[fault][0])
        if fault == "gone":
            assert self.listener
            self.listener.close()
        if fault in {"lost", "gone"}:
            server._break_off()
        content = envelope.original_content or b""
        message_id = email.message_from_bytes(content, policy=email.policy.default)["message-id"]
        delivery = str(message_id).strip("<>").partition("@")[0]
        self.messages.append((envelope.mail_from or "", envelope.rcpt_tos[0], content, dict(server.dsn)))
        self.record([(envelope.rcpt_tos[0], delivery)])
        if fault == "reset after":
            server._break_off()
        if fault == "stall":
            await asyncio.sleep(60)
        if fault == "late":
            await asyncio.sleep(self.late)
        if fault == "garbage":
            return "<html>We are back soon</html>"
        if fault in {"251", "354"}:
            return f"{fault} 2.0.0 Ok: queued"
        return f"250 2.0.0 Ok: queued as {len(self.messages):X}"

    def authenticate(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """Tell whether a password is right."""
        right = (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode())
        self.wrong_passwords += not right
        return AuthResult(success=right, handled=right)


async def _closed(server: asyncio.Server) -> None:
    server.close()
    mine = asyncio.current_task()
    for task in asyncio.all_tasks():
        if task is not mine:
            task.cancel()
    await asyncio.sleep(0.05)


class _Connection(SMTP):
    """Knows RFC 3461, and how to break off before the dot."""

    def __init__(self, owner: SmtpServer, **options: Any) -> None:
        super().__init__(owner, **options)
        self._owner = owner
        self._carried = 0
        self.dsn: dict[str, str] = {}
        self.broken: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._owner.open += 1
        if 0 < self._owner.at_once < self._owner.open:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(b"421 4.7.0 mail.example.org Error: too many connections\r\n")
            transport.close()
            self.transport = transport
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._owner.open -= 1
        if self.session is not None:
            super().connection_lost(error)

    def _break_off(self) -> NoReturn:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()
        raise asyncio.CancelledError

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.dsn = dict(_DSN.findall(arg or ""))
        owner = self._owner
        full = owner.in_all and len(owner.messages) >= owner.in_all
        if full or (owner.per_connection and self._carried >= owner.per_connection):
            await self.push(owner.full_said)
            if owner.full_said.startswith("421"):
                assert self.transport
                self.transport.close()
            return
        await super().smtp_MAIL(_DSN.sub("", arg or ""))

    async def smtp_RCPT(self, arg: str | None) -> None:
        self.dsn |= dict(_DSN.findall(arg or ""))
        await super().smtp_RCPT(_DSN.sub("", arg or ""))
        if self._owner.hangs_up and not (self.envelope and self.envelope.rcpt_tos):
            assert self.transport
            self.transport.close()

    async def smtp_DATA(self, arg: str | None) -> None:
        owner = self._owner
        owner.sends += 1
        self.broken = owner.fault(owner.sends)
        if self.broken == "reset before":
            await self.push("354 go on")
            assert self._reader
            await self._reader.readline()
            self._break_off()
        self._carried += 1
        await super().smtp_DATA(arg)


if __name__ == "__main__":
    main(SmtpServer)
