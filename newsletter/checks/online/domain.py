"""Whether the world knows that a domain may send: DMARC, SPF, DKIM and a mailbox for answers, asked of DNS.

RFC 7489 (DMARC), RFC 7208 (SPF), RFC 6376 (DKIM). Gmail, Yahoo and Outlook.com refuse bulk mail without them:
https://support.google.com/mail/answer/81126
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.resolver import Resolver

SELECTORS: Mapping[str, tuple[str, ...]] = {
    "brevo": ("brevo1", "brevo2", "mail"),
    "mailchimp": ("k1", "k2", "k3"),
    "mailjet": ("mailjet",),
    "resend": ("resend",),
    "sendgrid": ("s1", "s2"),
}
"""Under which names providers ask for their DKIM keys, where these are the same for everybody."""

_LOOKUPS = re.compile(r"(?:^|\s)[+?~-]?(?:include:|a(?=[\s:/]|$)|mx(?=[\s:/]|$)|ptr|exists:|redirect=)", re.IGNORECASE)
_MOST_LOOKUPS = 10


class NoNetwork(Exception):
    """DNS gives no answer at all; that says nothing about the domain."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS says about one thing: whether that is as it should be, and what to do if not."""

    subject: str
    good: bool
    detail: str
    fix: str = ""


def examine(domain: str, provider: str, resolver: Resolver | None = None) -> tuple[Answer, ...]:
    """Return what DNS says of a sender's domain; raise NoNetwork where it says nothing.

    `provider` is the kind of the mail API, for its DKIM key.
    """
    return tuple(_answers(domain, provider, resolver or _resolver()))


def _answers(domain: str, provider: str, resolver: Resolver) -> Iterator[Answer]:
    yield _dmarc(domain, resolver)
    yield _spf(domain, resolver)
    if provider in SELECTORS:
        yield _dkim(domain, provider, resolver)
    yield _mailbox(domain, resolver)


def _dmarc(domain: str, resolver: Resolver) -> Answer:
    for name in _upwards(domain):
        found = [text for text in _texts(f"_dmarc.{name}", resolver) if text.lower().startswith("v=dmarc1")]
        if len(found) > 1:
            return Answer(
                "DMARC", False, f"_dmarc.{name} has {len(found)} policies, so none counts", "keep one of them"
            )
        if found:
            tags = dict(re.findall(r"(\w+)\s*=\s*([^;]+)", found[0]))
            policy = tags.get("p", "").strip().lower()
            if policy not in {"none", "quarantine", "reject"}:
                fix = f'write a TXT record for _dmarc.{name}: "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"'
                return Answer("DMARC", False, f"the policy of {name} says p={policy or 'nothing'}", fix)
            strict = ", DKIM must name the very same domain" if tags.get("adkim", "").strip() == "s" else ""
            return Answer("DMARC", True, f"{name} has the policy {policy}{strict}")
    fix = f'add a TXT record for _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"'
    return Answer("DMARC", False, f"{domain} has no policy; Gmail, Yahoo and Outlook.com refuse bulk mail from it", fix)


def _spf(domain: str, resolver: Resolver) -> Answer:
    found = [text for text in _texts(domain, resolver) if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]
    if not found:
        return Answer(
            "SPF", False, f"{domain} has no list of servers that may send for it", "ask the provider for its record"
        )
    if len(found) > 1:
        return Answer("SPF", False, f"{domain} has {len(found)} lists, so none counts", "join them into one record")
    if re.search(r"\s\+?all\b", found[0]):
        return Answer("SPF", False, f"{domain} lets everybody send in its name (+all)", "end the record with ~all")
    lookups = len(_LOOKUPS.findall(found[0]))
    if lookups > _MOST_LOOKUPS:
        return Answer(
            "SPF", False, f"{domain} asks for {lookups} lookups, more than {_MOST_LOOKUPS}", "take some of them out"
        )
    return Answer("SPF", True, found[0])


def _dkim(domain: str, provider: str, resolver: Resolver) -> Answer:
    names = [f"{selector}._domainkey.{domain}" for selector in SELECTORS[provider]]
    if any("p=" in text and not re.search(r"p=\s*(;|$)", text) for name in names for text in _texts(name, resolver)):
        return Answer("DKIM", True, f"{provider} has a key in {domain}, so its signature names the sender")
    fix = f"verify {domain} with {provider}, which shows the record to add"
    return Answer("DKIM", False, f"there is no key of {provider} at {' or '.join(names)}", fix)


def _mailbox(domain: str, resolver: Resolver) -> Answer:
    # One that takes no mail may say so: RFC 7505. Without any MX its own address is asked.
    servers = _records(domain, "MX", resolver) or _records(domain, "A", resolver) or _records(domain, "AAAA", resolver)
    if any(not server.endswith(" .") for server in servers):
        return Answer("answers", True, f"{domain} takes mail")
    return Answer("answers", False, f"{domain} takes no mail", "send from a domain whose mailbox somebody reads")


def _upwards(domain: str) -> Iterator[str]:
    """Yield a domain and those above it, of which the last with a policy counts (DMARC's tree walk)."""
    labels = domain.split(".")
    for number in range(len(labels) - 1):
        yield ".".join(labels[number:])


def _texts(name: str, resolver: Resolver) -> list[str]:
    return _records(name, "TXT", resolver)


def _records(name: str, kind: str, resolver: Resolver) -> list[str]:
    import dns.exception
    import dns.resolver

    try:
        answer = resolver.resolve(name, kind, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.Timeout, dns.resolver.NoNameservers, OSError) as error:
        raise NoNetwork(str(error)) from None
    if kind != "TXT":
        return [str(record) for record in answer]
    return [b"".join(record.strings).decode("utf-8", "replace").strip() for record in answer]


def _resolver() -> Resolver:
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise NoNetwork(str(error)) from None
    resolver.lifetime = 4.0
    return resolver
