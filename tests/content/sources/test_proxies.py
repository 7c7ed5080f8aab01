"""Web sites asked through a proxy of the system: a real one on this machine, and what never goes through it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from newsletter import config
from newsletter.checks.online import Visitor
from newsletter.content import sources
from newsletter.content.sources.fetching import Fetcher
from newsletter.model.visit import Outcome
from tests.content.sources.proxy import Proxy, proxy
from tests.content.sources.test_fetching import fetch, told
from tests.content.sources.test_looking import feed, with_source
from tests.content.sources.website import Website, website

NAMES = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}


@pytest.fixture
def office(site: Website, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that leads every name to the web site on this machine, which knows no address of any name itself."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    real = socket.getaddrinfo

    def known(host: Any, *more: Any, **named: Any) -> Any:
        if host == "inside.example.org":
            return real("10.0.0.8", *more, **named)
        if str(host).endswith(".example.org"):
            raise socket.gaierror("nobody knows")
        return real(host, *more, **named)

    monkeypatch.setattr("socket.getaddrinfo", known)
    with proxy(int(site.address.rpartition(":")[2])) as found:
        monkeypatch.setenv("HTTP_PROXY", found.address)
        monkeypatch.setenv("HTTPS_PROXY", found.address)
        yield found


def through() -> Fetcher:
    """Return what fetches through the system's proxy."""
    return Fetcher(proxied=True)


def test_a_web_site_is_asked_through_the_proxy(site: Website, office: Proxy) -> None:
    """Its name is for the proxy to find."""
    site.put("/page", "here")
    assert fetch("http://www.example.org/page", fetcher=through()).content == b"here"
    assert office.asked == ["GET http://www.example.org/page"]


def test_the_proxy_is_not_used_unasked(site: Website, office: Proxy) -> None:
    """It could be led into a private network, and nobody here would see it."""
    site.put("/page", "here")
    assert "newsletter uses only where the settings say so" in told("http://www.example.org/page")[1]
    assert office.asked == []


def test_over_tls_the_proxy_sees_the_name_alone(office: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The certificate is that of the web site, by whoever this computer trusts."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("www.example.org").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with website(context) as secret:
        office.leads_to = int(secret.address.rpartition(":")[2])
        secret.put("/page", "secret")
        assert fetch("https://www.example.org/page", fetcher=through()).content == b"secret"
    assert office.asked == ["CONNECT www.example.org:443"]


@pytest.mark.parametrize(
    "host", "127.0.0.1 10.0.0.8 [::1] 127.1 0x7f.1 localhost localhost. intranet wiki.local inside.example.org".split()
)
def test_what_is_known_as_private_is_refused_before_the_proxy(office: Proxy, host: str) -> None:
    """Addresses in every spelling, names that are none of the internet, and what this computer knows of a name."""
    assert told(f"http://{host}/page", fetcher=through())[0] == f"http://{host}/page is not on the public internet"
    assert office.asked == []


def test_a_redirect_leads_into_no_private_network(site: Website, office: Proxy) -> None:
    """Each address on the way is judged."""
    site.put("/away", "", status=302, Location="http://wiki.local/secret")
    message, why, _ = told("http://www.example.org/away", fetcher=through())
    assert message == "http://www.example.org/away is not on the public internet"
    assert why.startswith("wiki.local is no name of the public internet")
    assert office.asked == ["GET http://www.example.org/away"]


def test_a_private_source_is_asked_without_the_proxy(site: Website, office: Proxy) -> None:
    """It lies on this side of it; so does what NO_PROXY names, which is judged as without any proxy."""
    page = site.put("/page", "inside")
    assert fetch(page, fetcher=Fetcher(["127.0.0.1"], proxied=True)).content == b"inside"
    assert office.asked == []


def test_what_the_system_asks_directly_is_judged_as_ever(
    site: Website, office: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_PROXY is no way around the guard."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,www.example.org")
    page = site.put("/page", "inside")
    assert told(page, fetcher=through())[0] == f"{page} is not on the public internet"
    assert told("http://www.example.org/page", fetcher=through())[1].startswith("www.example.org has no address")
    assert office.asked == []


def test_a_proxy_that_refuses_or_is_none_is_told(office: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """With whom to ask; what it is called, which may hold a password, is not."""
    office.leads_to = 0
    message, why, fix = told("https://www.example.org/page", fetcher=through())
    assert (message, why) == (
        "https://www.example.org/page cannot be reached",
        "the proxy does not lead there: 403 Forbidden",
    )
    assert fix == "ask whoever runs the proxy of your office"
    monkeypatch.setenv("HTTPS_PROXY", "socks5://us:secret@127.0.0.1:9")
    assert told("https://www.example.org/page", fetcher=through())[1] == (
        "the proxy does not lead there: it is of the kind socks5, and newsletter knows http and https alone"
    )
    monkeypatch.setenv("HTTPS_PROXY", "us:secret@127.0.0.1:9")
    _, why, fix = told("https://www.example.org/page", fetcher=through())
    assert why.startswith("the proxy of this computer does not answer")
    assert "secret" not in why
    assert fix == "ask whoever runs the proxy of your office"


def test_the_settings_say_so(site: Website, office: Proxy, tmp_path: Path) -> None:
    """For sources, pages and pictures, and for the links that are followed."""
    site.put("/feed", feed(("New", "/new", "")), "text/xml")
    workspace = with_source(tmp_path, "http://www.example.org/feed")
    (looked,) = sources.look(workspace)
    assert looked.trouble is not None
    file = tmp_path / "newsletter.toml"
    file.write_text(f'proxy = "system"\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
    (looked,) = sources.look(config.load(tmp_path))
    assert [offer.title for offer in looked.offers] == ["New"]


async def _visited(url: str) -> Outcome:
    visitor = Visitor(proxied=True)
    try:
        return (await visitor.visit(url)).outcome
    finally:
        await visitor.close()


def test_links_are_followed_through_the_proxy(site: Website, office: Proxy) -> None:
    """Those into a private network are not."""
    site.put("/page", "<title>A page</title>")
    assert asyncio.run(_visited("http://www.example.org/page")) is Outcome.OK
    assert asyncio.run(_visited("http://wiki.local/page")) is Outcome.PRIVATE
    assert office.asked == ["GET http://www.example.org/page"]
