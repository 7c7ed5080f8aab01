"""`smtp`: any mail server that takes messages for delivery; what becomes of them is told by mails that come back.

RFC 5321 (the protocol), RFC 3463 (enhanced codes), RFC 3461 (notifications), RFC 6531 (addresses beyond ASCII),
RFC 1047 (why a lost answer leaves a message in doubt for good).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from newsletter.errors import AuthenticationError, ConfigurationError, NewsletterError, ProviderError
from newsletter.model.edition import Edition
from newsletter.model.mailing import Recipient
from newsletter.model.verp import bounce_address
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import sender_address, wire_address
from newsletter.sending.message import PreparedMessage, prepare
from newsletter.sending.providers.answers import field as field_of
from newsletter.sending.providers.answers import read_json, without_addresses, words
from newsletter.sending.providers.configuration import Configuration, Need, is_loopback
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    Because,
    Capabilities,
    NotTaken,
    Outcome,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
    not_taken,
    unsure,
)
from newsletter.sending.submission import Submission, pack

CAPABILITIES = Capabilities(
    # Nobody can be asked about a lost answer: so few are in doubt after a crash.
    max_recipients=10,
    max_body_bytes=25_000_000,
    in_flight=4,
    calls_per_second=None,
    replay_window=None,
    inline_images=True,
    reaches_readers=True,
    smtputf8=True,
)
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_LOGIN = frozenset({530, 534, 535, 538})
_US = re.compile(r"sender|relay|auth|spf|dkim|dmarc|polic|block|listed|reputation|spam|client|ptr|helo", re.IGNORECASE)
_WAY = re.compile(r"sender|relay|auth|listed|client|ptr|helo", re.IGNORECASE)
_THEM = re.compile(r"recipient|mailbox|user|addressee|no such", re.IGNORECASE)
_COME_AGAIN = re.compile(r"gr[ae]y-?list", re.IGNORECASE)
# What we may send, in the words of Google, Microsoft 365, Amazon, Zoho, cPanel and Plesk, with all kinds of codes.
_ALLOWANCE = re.compile(
    r"\b(daily|hourly|peak|per (hour|day)|tenant)\b|\bsend ?as|STOREDRV\.(Submission|ClientSubmit)|you have exceeded"
    r"|\b(relay|send|sending|sender|submission|outgoing|outbound)\b.{0,20}\b(limit|quota|rate)\b.{0,20}\bexceeded"
    r"|exceeded.{0,20}\b(relay|sending|sender|submission|outgoing|outbound)\b.{0,20}\b(limit|quota)"
    r"|exceeded the max\w* (emails|mails|messages|defers|recipients)|\b(mail|sending) rate exceeded|sending paused"
    r"|unusual sending",
    re.IGNORECASE,
)
# Postfix says so of a policy about one recipient, Exim of another server that does not answer.
_THIS_ONE = re.compile(r"recipient address rejected|recipient verify", re.IGNORECASE)
_TOO_FAST = re.compile(r"\brate\b|too many|too much mail|too fast|throttl", re.IGNORECASE)
_PAUSE = 5.0
_CLOSING, _UNAVAILABLE = 421, 450


@dataclass(frozen=True, slots=True)
class Smtp:
    """Hands messages to a mail server."""

    name: str
    base_url: str
    tls: str
    """`required` (STARTTLS), `never`, or `implicit`."""
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    bounces: str = ""
    """The mailbox that bounces go to; without it, the sender's."""
    verp: bool = True
    """Whether its address names the delivery, so that a bounce says by itself whom it is about."""
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = (Need.BASE_URL,)
    options: ClassVar[frozenset[str]] = frozenset(
        {"base_url", "username", "password_env", "password_file", "tls", "bounces", "verp"}
    )

    @classmethod
    def configured(cls, configuration: Configuration) -> Smtp:
        """Return the provider of these settings; raise ConfigurationError for a password that would travel openly."""
        settings, address = configuration.settings, urlsplit(configuration.base_url)
        loopback = is_loopback(address.hostname)
        tls = "implicit" if address.scheme == "smtps" else settings.tls or ("never" if loopback else "required")
        where = f"[providers.{configuration.name}]"
        if bool(settings.username) != bool(configuration.password):
            raise ConfigurationError(
                f"the provider '{configuration.name}' has {'a user name' if settings.username else 'a password'} alone",
                fix=f"write both username and password_env (or password_file) in {where}, or neither",
                setting="username" if settings.username else "password_env",
            )
        if tls == "never" and settings.username and not loopback:
            raise ConfigurationError(
                f"the password of the provider '{configuration.name}' would travel openly",
                why='with tls = "never", everybody on the way could read it',
                fix=f'take tls = "never" out of {where}',
                setting="tls",
            )
        return cls(
            configuration.name,
            configuration.base_url,
            tls,
            settings.username or "",
            configuration.password,
            settings.bounces or "",
            settings.verp,
            configuration.paced(CAPABILITIES),
        )

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> PreparedSubmissions:
        """Return the edition as messages."""
        mailbox = self.bounces or sender_address(envelope.sender)
        return PreparedSubmissions(self, prepare(edition, envelope, date, smtputf8=True), mailbox)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what the server said to each message."""
        answer = read_json(response.body)
        if response.status != 200:
            # Nobody answers so here.
            return Verdict(unsure(batch, f"the answer was {response.status}"), conclusive=False)
        problem = field_of(answer, "problem")
        if isinstance(problem, dict):
            reason = _reason(problem)
            return Verdict(not_taken(batch, reason), stop=self._shut(problem, reason), conclusive=False)
        told = field_of(answer, "messages")
        if not isinstance(told, list) or len(told) != len(batch.recipients):
            return Verdict(unsure(batch, "the answer cannot be read"), conclusive=False)
        return self._judge(batch.recipients, told)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return a short pause where the server says that it is too much."""
        answer = read_json(response.body)
        told = field_of(answer, "messages")
        said = [*(told if isinstance(told, list) else []), field_of(answer, "problem")]
        return _PAUSE if any(map(_is_too_much, said)) else 0.0

    def _judge(self, recipients: Sequence[Recipient], told: Sequence[Any]) -> Verdict:
        some_accepted = any(field_of(one, "state") == "accepted" for one in told)
        stop: NewsletterError | None = None
        outcomes: list[Outcome] = []
        for recipient, one in zip(recipients, told, strict=True):
            token, state, reason = recipient.delivery_id, field_of(one, "state"), _reason(one)
            if state == "accepted":
                outcomes.append(Accepted(token, words(field_of(one, "text"))[:200]))
            elif state == "unsent":
                outcomes.append(NotTaken(token, reason))
            elif state != "refused":
                outcomes.append(Unsure(token, reason or "the answer cannot be read"))
            elif _code(one) < 500:
                outcomes.append(NotTaken(token, reason, Because.MAILBOX if _is_put_off(one) else Because.CALL))
            elif _is_about_us(one, some_accepted=some_accepted):
                outcomes.append(NotTaken(token, reason, Because.CALL if _is_about_the_way(one) else Because.MESSAGE))
                stop = stop or self._refused(one, reason)
            else:
                outcomes.append(Rejected(token, reason, _is_certain(one)))
        return Verdict(tuple(outcomes), stop=stop)

    def _shut(self, problem: Any, reason: str) -> NewsletterError | None:
        what, code = field_of(problem, "what"), _code(problem)
        where = f"[providers.{self.name}]"
        if what == "certificate":
            return ConfigurationError(
                f"the mail server of '{self.name}' cannot prove who it is: {reason}",
                why="somebody could be standing between it and us",
                fix=f"correct base_url in {where}; name the issuer of a certificate of your own in SSL_CERT_FILE",
            )
        if what == "encryption":
            return ConfigurationError(
                f"the mail server of '{self.name}' does not encrypt as was asked: {reason}",
                why="smtps:// is encrypted from the first byte, smtp:// begins in the clear and goes on encrypted",
                fix=f"correct base_url in {where}: smtps:// is usually on port 465, smtp:// on 587",
            )
        if what == "starttls" and not 400 <= code < 500:
            return ConfigurationError(
                f"the mail server of '{self.name}' offers no encryption: {reason}",
                why="everybody on the way could read the messages",
                fix=f'correct base_url in {where}, or write tls = "never" if the way to it is safe',
            )
        if what == "authentication" and not code:
            # The server was never asked: it offers no way that we know.
            return ConfigurationError(
                f"the mail server of '{self.name}' takes no password here: {reason}",
                why="many do so on another port alone, or only once the way is encrypted",
                fix=f'correct base_url in {where}, or write tls = "required"; it may need no password at all',
            )
        if what == "authentication" and not 400 <= code < 500:
            return AuthenticationError(
                f"the mail server refused the user name or the password: {reason}",
                fix=f"correct username and password in {where}, then resume the mailing",
            )
        if code >= 500:
            return ProviderError(f"the mail server lets nobody in: {reason}", fix="mend what it says, then resume")
        return None

    def _refused(self, one: Any, reason: str) -> NewsletterError:
        if _code(one) in _LOGIN:
            return AuthenticationError(
                f"the mail server refused us: {reason}",
                fix=f"correct username and password in [providers.{self.name}], then resume the mailing",
            )
        return ProviderError(
            f"the mail server refused the sender or the message: {reason}",
            why="the same would happen to everybody",
            fix="mend what it says, then resume; a server that takes no senders with a plus needs verp = false",
        )


@dataclass(frozen=True, slots=True)
class PreparedSubmissions:
    """An edition as messages with their envelopes."""

    provider: Smtp
    message: PreparedMessage
    mailbox: str
    """Where bounces go."""
    bytes_once: ClassVar[int] = 0
    notes: ClassVar[tuple[str, ...]] = ()

    @property
    def at_once(self) -> int:
        """As many as a call may have."""
        return self.provider.capabilities.max_recipients

    @property
    def bytes_each(self) -> int:
        """About how many bytes a message has."""
        return self.message.size + 2_500

    def encode(self, batch: Batch) -> WireRequest:
        """Return the messages as one body; see `submission`."""
        provider = self.provider
        headers = [("tls", provider.tls)]
        if provider.username:
            headers += [("username", provider.username), ("password", provider.password)]
        body = pack(
            Submission(
                self._bounces_to(recipient.delivery_id),
                wire_address(recipient.address, smtputf8=True),
                recipient.delivery_id,
                self.message.compose(recipient),
            )
            for recipient in batch.recipients
        )
        return WireRequest("SEND", provider.base_url, tuple(headers), body)

    def _bounces_to(self, token: str) -> str:
        # One that has a plus already would not be read back.
        if not self.provider.verp or "+" in self.mailbox:
            return self.mailbox
        try:
            return bounce_address(self.mailbox, token)
        except ValueError:
            # A proof's id is no delivery's.
            return self.mailbox


def _code(one: Any) -> int:
    code = field_of(one, "code")
    return code if isinstance(code, int) else 0


def _reason(one: Any) -> str:
    text, code = words(field_of(one, "text")), _code(one)
    return f"{code} {text}".strip() if code else text


def _is_too_much(one: Any) -> bool:
    code, text = _code(one), words(field_of(one, "text"))
    if code == _CLOSING:
        return True
    return 400 <= code < 500 and (bool(_TOO_FAST.search(text)) or _is_about_allowance(without_addresses(text)))


def _is_put_off(one: Any) -> bool:
    """Whether a refusal for now is about the one mailbox (RFC 5321: 450; RFC 3463: 4.1, 4.2), not about the server."""
    text = without_addresses(words(field_of(one, "text")))
    if _code(one) == _CLOSING or _is_about_allowance(text):
        return False
    if _COME_AGAIN.search(text):
        return True
    if field_of(one, "stage") != "rcpt":
        return False
    enhanced, fast = _ENHANCED.match(text), _TOO_FAST.search(text)
    if enhanced and enhanced[2] in {"1", "2"}:
        return True
    if not fast and (not enhanced or enhanced[2] == "7") and _THIS_ONE.search(text):
        return True
    return not enhanced and _code(one) == _UNAVAILABLE and not fast


def _is_about_allowance(text: str) -> bool:
    """Whether it is how much we may send, or in whose name, that is refused, and not how much a reader may receive."""
    if "receiv" in text.casefold():
        return False
    enhanced = _ENHANCED.match(text)
    return bool(_ALLOWANCE.search(text)) and not (enhanced and enhanced[2] == "2" and _THEM.search(text))


def _is_certain(one: Any) -> bool:
    """Whether a mail server says that it is the address or the mailbox (RFC 3463: 5.1.1 to 5.1.6, 5.2)."""
    if field_of(one, "stage") != "rcpt":
        return False
    text = without_addresses(words(field_of(one, "text")))
    if enhanced := _ENHANCED.match(text):
        return enhanced[2] == "2" or (enhanced[2] == "1" and 1 <= int(enhanced[3]) <= 6)
    return bool(_THEM.search(text)) and not _US.search(text)


def _is_about_the_way(one: Any) -> bool:
    """Whether it is who we are, or whence we come, that is refused, whatever the message and whoever its reader."""
    text = without_addresses(words(field_of(one, "text")))
    enhanced = _ENHANCED.match(text)
    return bool(
        _code(one) in _LOGIN
        or field_of(one, "stage") == "mail"
        or _is_about_allowance(text)
        or (enhanced and enhanced[2] == "1")
        or _WAY.search(text)
    )


def _is_about_us(one: Any, *, some_accepted: bool) -> bool:
    """Whether a refusal for good is not the recipient's fault: then it would be the same for everybody."""
    code, stage, text = _code(one), field_of(one, "stage"), without_addresses(words(field_of(one, "text")))
    if code in _LOGIN or stage == "mail" or _is_about_allowance(text):
        # An allowance may end in the middle of a call.
        return True
    if some_accepted:
        # Others got through with the same sender and the same message.
        return False
    enhanced = _ENHANCED.match(text)
    subject, detail = (int(enhanced[2]), int(enhanced[3])) if enhanced else (0, 0)
    if subject == 1:
        # Most servers refuse a sender only when they are told the recipient.
        return detail in {7, 8} or (detail == 0 and bool(_US.search(text)) and not _THEM.search(text))
    if subject == 2:
        return False
    if subject in {3, 5, 6}:
        return detail != 7
    if subject == 7:
        return not _THEM.search(text) or bool(_US.search(text))
    return stage in {"data", "end"} or bool(_US.search(text) and not _THEM.search(text))
