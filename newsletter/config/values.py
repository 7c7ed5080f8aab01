"""What a setting's value may be, each with a sentence for people where it is something else."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from newsletter.config import shell
from newsletter.model.fields import read_url
from newsletter.model.inbox_address import read_inbox_address
from newsletter.model.meant import Unfit

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TWICE = re.compile(r"\s*([^\s<>\"]+)\s*<\1>\s*")
# What email-validator, which takes long to import, lets through as well.
_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9]{1,32}(?:[._+-][a-z0-9]{1,15}){0,2}@(?:[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?\.){1,3}"
    r"(?!(?:arpa|invalid|local|localhost|onion|alt)\Z)[a-z]{2,63}",
    re.IGNORECASE,
)


def _zone(value: object) -> object:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"'{value}' is not a time zone; write one such as Europe/Vienna") from None
    return value


def _mailbox(value: object) -> object:
    if isinstance(value, str):
        if "\n" in value or "\r" in value:
            raise ValueError("has a line break; write it on one line")
        said = _TWICE.fullmatch(value)
        # Not every Python reads an @ in a name without quotes; one that is the address again says nothing.
        value = said[1] if said else value
        name, address = parseaddr(value)
        before = " ".join(value.rpartition("<")[0].split())
        # RFC 5322, 3.4: a comma would begin the next mailbox, and the name of a group would end at a colon.
        is_cut = before not in {"", " ".join(name.split())} and '"' not in before
        if is_cut or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            sign = next((sign for sign in ",:;@[]" if sign in before), "")
            how = f"""'"Name{sign} more" <name@example.org>'""" if sign else "Name <name@example.org>"
            raise ValueError(f"'{value}' is not a mailbox; write {how}")
        _judge(address)
    return value


def _mail_address(value: object) -> object:
    if not isinstance(value, str):
        return value
    address = value.strip()
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", address):
        raise ValueError(f"'{value}' is not an address; write it alone, such as name@example.org")
    _judge(address)
    return address


def _mail_addresses(value: object) -> object:
    # A variable of the environment holds no list.
    return [part for part in re.split(r"[,;\s]+", value) if part] if isinstance(value, str) else value


def _judge(address: str) -> None:
    """Raise ValueError for an address that no message could bear."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except EmailNotValidError as error:
        raise ValueError(f"'{address}' is not an address: {error}") from None


def _color(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f"'{value}' is not a colour; write six digits such as #004b87")
    return value.lower() if isinstance(value, str) else value


def _list_name(value: object) -> object:
    if isinstance(value, str) and not _NAME.fullmatch(value):
        small = re.sub(r"\s+", "-", value.strip().lower())
        fix = f"write '{small}'" if _NAME.fullmatch(small) else ""
        raise Unfit(f"'{value}' is not a name; use small letters, digits and dashes", fix=fix)
    return value


def _variable(value: object) -> object:
    # A key written here by mistake must not be repeated in a message, which ends up in logs. Amazon's look like names.
    if isinstance(value, str) and not re.fullmatch(r"(?!A[KS]IA[A-Z0-9]{16}$)[A-Z_][A-Z0-9_]*", value):
        raise Unfit(
            "is not the name of an environment variable; write the name, never the secret itself",
            fix="write a name in capitals, such as NEWS_API_KEY, and give the secret to that variable before you start "
            f"newsletter: {shell.variable('NEWS_API_KEY')}; if the secret itself stood here and others could read it, "
            "ask your provider for a new one",
        )
    return value


def _topic(value: object) -> object:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    if isinstance(value, str) and not re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+", value):
        raise ValueError(f"'{value}' is not an SNS topic; write one such as arn:aws:sns:eu-west-1:123456789012:news")
    return value


def _service(value: object) -> object:
    if isinstance(value, str) and value.startswith(("smtp://", "smtps://")):
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError as error:
            raise ValueError(f"'{value}' is not an address: {error}") from None
        if not parts.hostname or parts.username or parts.path not in {"", "/"}:
            raise ValueError("is not the address of a mail server; write it such as smtp://mail.example.org:587")
        return value
    if isinstance(value, str) and urlsplit(value).username:
        raise ValueError(
            "has a user name or a password in it, which would be shown in messages; write the address alone"
        )
    return read_url(value)


def _region(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"us|eu|[a-z]{2,4}(-[a-z]+)+-\d{1,2}", value):
        raise ValueError(f"'{value}' is not a region; write us or eu, or Amazon's name for one, such as eu-central-1")
    return value


def _address(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9._=-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+", value):
        raise ValueError(f"'{value}' is not an address for bounces; write one such as bounce@example.org")
    return value


def _inbox(value: object) -> object:
    if isinstance(value, str):
        read_inbox_address(value)
    return value


def _list_id(value: object) -> object:
    # https://www.rfc-editor.org/rfc/rfc2919#section-3
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", value):
        raise ValueError(f"'{value}' is not a List-Id; write one such as monthly.news.example.org")
    return value


def _network(value: object) -> object:
    if isinstance(value, str):
        from ipaddress import ip_network

        try:
            return str(ip_network(value.strip(), strict=False))
        except ValueError:
            raise ValueError(f"'{value}' is not a network; write an address, or one such as 10.0.0.0/8") from None
    return value


def _origin(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", value):
        raise ValueError(f"'{value}' is not where a page lives; write it without a path: https://www.example.org")
    return value.lower() if isinstance(value, str) else value


def _web_address(value: object) -> object:
    address = read_url(value)
    if address.startswith("mailto:"):
        raise ValueError(f"'{address}' is a mailbox; write the address of a page or a feed, which begins with https://")
    return address


def _public_url(value: object) -> object:
    """Return the address in ASCII: `List-Unsubscribe` holds no other letters, and browsers ask for such a host."""
    address = str(_web_address(value))
    if address.isascii():
        return address
    from httpx import URL, InvalidURL

    parts = urlsplit(address)
    if not f"{parts.path}{parts.query}{parts.fragment}".isascii():
        raise Unfit(
            f"'{address}' has letters after its domain that headers of mail cannot carry",
            fix="choose a path of unaccented letters and digits, or none",
        )
    try:
        return str(URL(address))
    except InvalidURL as error:
        raise ValueError(f"'{address}' is not a web address: {error}") from None


Color = Annotated[str, BeforeValidator(_color)]
Mailbox = Annotated[str, BeforeValidator(_mailbox)]
MailAddresses = Annotated[tuple[Annotated[str, BeforeValidator(_mail_address)], ...], BeforeValidator(_mail_addresses)]
"""Addresses without names."""
Name = Annotated[str, BeforeValidator(_list_name)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Variable = Annotated[str, BeforeValidator(_variable)]
"""The name of an environment variable."""
Topic = Annotated[str, BeforeValidator(_topic)]
Service = Annotated[str, BeforeValidator(_service)]
"""The address of a mail API or a mail server."""
Region = Annotated[str, BeforeValidator(_region)]
"""Where a provider's servers are; each kind knows its own."""
BounceAddress = Annotated[str, BeforeValidator(_address)]
Inbox = Annotated[str, BeforeValidator(_inbox)]
"""The address of an IMAP folder."""
ListId = Annotated[str, BeforeValidator(_list_id)]
Network = Annotated[str, BeforeValidator(_network)]
Origin = Annotated[str, BeforeValidator(_origin)]
"""Where a page lives: scheme, host and port."""
WebAddress = Annotated[str, BeforeValidator(_web_address)]
"""The address of a page or a feed."""
PublicUrl = Annotated[str, BeforeValidator(_public_url)]
"""Where readers reach the service, in ASCII."""
