"""Webhooks as a provider would post them, so that a team can try what it has set up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from newsletter.config import Workspace
from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.store import Database, SigningKey, delivery_id
from newsletter.store.schema import deliveries, keys, mailings
from newsletter.tracking.webhooks.configuration import Endpoint
from newsletter.tracking.webhooks.contract import Call, Told
from newsletter.tracking.webhooks.signing import need_cryptography

_SAID = {
    Bounce.HARD: ("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist"),
    Bounce.SOFT: ("4.2.2", "452 4.2.2 The recipient's inbox is full"),
    Bounce.BLOCK: ("5.7.1", "550 5.7.1 Message rejected because of the sender's reputation"),
}
_DEFERRED = ("4.7.1", "451 4.7.1 Greylisted, try again later")
# Their private halves are with the provider, so a rehearsal needs a pair of its own.
PAIRED = frozenset({"ses", "sendgrid"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of keys for rehearsals, as PEM."""

    private: str
    public: str


def hook_path(name: str) -> str:
    """Return where a provider's webhook is, below the public address."""
    return f"/hooks/{name}"


def rehearse(
    endpoint: Endpoint,
    kind: EventKind,
    *,
    bounce: Bounce | None,
    delivery: str,
    recipient: str,
    url: str,
    now: datetime,
    private: str = "",
    link: str = "",
) -> Call:
    """Return the signed call by which a provider would tell an event.

    `url` is the address that the provider would be given. Raises ConfigurationError where the provider never tells such
    an event, or where signing needs a private key that is not there.
    """
    code, reason = _SAID[bounce] if bounce else _DEFERRED if kind is EventKind.DEFERRED else ("", "")
    number = secrets.token_hex(12)
    event = Event(kind, f"rehearsal-{number}", delivery, recipient, now, bounce, code, reason, link=link)
    topic = endpoint.keys.topics[0] if endpoint.keys.topics else ""
    if endpoint.kind in PAIRED and not private:
        raise ConfigurationError(
            f"a rehearsal of {endpoint.kind} needs a pair of keys of its own",
            why="its webhooks are signed with a private key that only the provider has",
            fix=f"make one with: newsletter simulate key --provider {endpoint.name}",
        )
    secret = private or endpoint.keys.secrets[0]
    try:
        return endpoint.webhook.rehearse(Told(event, f"message-{number}", now, topic), url, secret)
    except (ValueError, KeyError):
        raise ConfigurationError(
            f"{endpoint.kind} tells nothing of messages that were {kind}",
            fix="choose another event: " + ", ".join(kind for kind in EventKind if kind is not EventKind.OTHER),
        ) from None


def find_delivery(database: Database, issue: str, address: str) -> str:
    """Return the delivery id of an issue's newest mailing to an address; raise NotFound where there is none."""
    with database.reading() as connection:
        row = connection.execute(
            select(mailings.c.id, deliveries.c.subscriber_id, keys.c.id, keys.c.secret)
            .join(deliveries, deliveries.c.mailing_id == mailings.c.id)
            .join(keys, keys.c.id == mailings.c.key_id)
            .where(mailings.c.issue == issue, deliveries.c.address_key == address.strip().lower())
            .order_by(mailings.c.id.desc())
        ).first()
    if row is None:
        raise NotFound(
            f"issue {issue} has no delivery to {address}",
            why="it was not sent yet, or not to this address",
            fix=f"see what was sent with: newsletter status {issue}",
        )
    mailing, subscriber, number, secret = row
    return delivery_id(mailing, subscriber, SigningKey(number, secret))


def make_pair(kind: str) -> Pair:
    """Return a new pair of keys of the sort that a provider signs with."""
    need_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    key = ec.generate_private_key(ec.SECP256R1()) if kind == "sendgrid" else rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Pair(private.decode(), public.decode())


def pair_files(workspace: Workspace, name: str) -> tuple[Path, Path]:
    """Return where the private and the public half of a provider's rehearsal keys are."""
    folder = workspace.state / "rehearsal"
    return folder / f"{name}.key", folder / f"{name}.pub"
