"""Which hosts are of the public internet, as far as names and addresses tell, and which proxy leads there."""

from __future__ import annotations

import ipaddress

# RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what offices call their own networks.
_NOT_PUBLIC = (
    ".localhost",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
    ".test",
    ".invalid",
    ".alt",
    ".corp",
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# The only addresses of IPv6 that are given out. Python takes others for public, such as the old site-local ones, at
# which virtual machines still reach their host: https://www.iana.org/assignments/ipv6-address-space
_GIVEN_OUT = ipaddress.ip_network("2000::/3")


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet; one of IPv4 inside of IPv6 is judged by itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None:
            return address in _GIVEN_OUT and address.is_global
        address = inner
    return address.is_global and not address.is_multicast


def is_private(host: str) -> bool:
    """Return whether a host is not one of the public internet, as far as its name tells."""
    if not host:
        return False
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return host == "localhost" or host.endswith(_NOT_PUBLIC) or "." not in host


def has_proxy() -> bool:
    """Return whether the system names any proxy for web sites."""
    from urllib.request import getproxies

    return not {"http", "https", "all"}.isdisjoint(getproxies())


def proxy_of(scheme: str, host: str) -> str:
    """Return the proxy that the system names for a host, or nothing."""
    from urllib.request import getproxies, proxy_bypass

    known = getproxies()
    proxy = known.get(scheme) or known.get("all") or ""
    return "" if not proxy or proxy_bypass(host) else proxy if "://" in proxy else f"http://{proxy}"
