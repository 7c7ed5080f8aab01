"""The proxies that are believed: who they are, also on a socket that listens for IPv6."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(written: Sequence[str]) -> Networks:
    """Return networks as they are seen: those of IPv4 in both of their spellings (RFC 4291 §2.5.5.2)."""
    found = tuple(ip_network(text) for text in written)
    mapped = tuple(
        ip_network(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
        for network in found
        if network.version == 4
    )
    return found + mapped


def is_among(host: str, known: Networks) -> bool:
    """Whether a host is in one of the networks."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in known)
