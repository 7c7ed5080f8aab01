"""How often the same network and the same address may ask, kept in the database: a new process forgets nothing.

The generic cell rate algorithm, as in `sending.pacing`. Neither networks nor addresses are kept, only keyed hashes.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import Connection, delete, select, update

from newsletter.store import SigningKey
from newsletter.store.bulk import insert
from newsletter.store.schema import limits

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_HOUR, _DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Limit:
    """How many times within how many seconds."""

    name: str
    times: int
    seconds: float


# A conference, a school or a company may share one address.
NETWORK = Limit("network", 60, _HOUR)
ADDRESS = Limit("address", 10, _DAY)


def wait(connection: Connection, limit: Limit, who: str, key: SigningKey, now: datetime) -> float:
    """Count one more time for somebody; return 0, or how many seconds too early it was and is not counted."""
    name = hmac.digest(key.secret, f"limit {limit.name} {who}".encode(), "sha256").hex()
    present = now.timestamp()
    connection.execute(insert(connection, limits).values(key=name, next_at=present).on_conflict_do_nothing())
    next_at: float = connection.execute(
        select(limits.c.next_at).where(limits.c.key == name).with_for_update()
    ).scalar_one()
    step = limit.seconds / limit.times
    # A row farther ahead was written by a clock that has been set back since.
    begin = max(next_at, present) if next_at <= present + limit.seconds else present
    if begin - present > limit.seconds - step:
        return begin - present - (limit.seconds - step)
    connection.execute(update(limits).where(limits.c.key == name).values(next_at=begin + step))
    return 0.0


def forget_limits(connection: Connection, now: datetime) -> None:
    """Forget those who have used nothing lately."""
    connection.execute(delete(limits).where(limits.c.next_at < now.timestamp()))


def mailbox_of(address_key: str) -> str:
    """Return whose an address is for a limit: what follows a plus makes no new mailbox, nor do dots
    and the other name of Gmail."""
    local, _, domain = address_key.rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@gmail.com" if domain in _GMAIL else f"{local}@{domain}"


def network_of(client: str | None) -> str:
    """Return the network by which somebody is counted: IPv4 addresses alone, of IPv6 the /64 that one line has."""
    try:
        address = ip_address((client or "").partition("%")[0])
    except ValueError:
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))
