"""What is fetched, from a real server, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from pathlib import Path

import pytest
import trustme

from newsletter.content.sources.fetching import Fetched, Fetcher
from newsletter.errors import SourceError
from tests.content.sources.website import HTML, Website, on_this_machine, website


def fetch(url: str, most: int = 1000, fetcher: Fetcher | None = None) -> Fetched:
    """Return what an address answers."""

    async def once() -> Fetched:
        async with fetcher or on_this_machine() as opened:
            return await opened.fetch(url, most)

    return asyncio.run(once())


def told(url: str, most: int = 1000, fetcher: Fetcher | None = None) -> tuple[str, str, str]:
    """Return why an address answers nothing that is of use."""
    with pytest.raises(SourceError) as caught:
        fetch(url, most, fetcher)
    return caught.value.message, caught.value.why, caught.value.fix


def test_a_page_is_what_its_redirects_lead_to(site: Website) -> None:
    """The address in the end is the page's own."""
    there = site.put("/there", "here it is")
    here = site.put("/here", "", status=301, Location="/there")
    assert fetch(here) == Fetched(there, b"here it is", HTML)


def test_what_is_compressed_is_unpacked(site: Website) -> None:
    """Servers compress whether they are asked to or not."""
    page = site.put("/page", gzip.compress(b"words"), Content_Encoding="gzip")
    assert fetch(page).content == b"words"


def test_nothing_larger_than_it_may_be_is_read(site: Website) -> None:
    """A megabyte of zeros is a kilobyte on its way here."""
    page = site.put("/page", gzip.compress(b"0" * 3_000_000), Content_Encoding="gzip")
    assert told(page, 1_000_000) == (f"{page} is larger than 1 MB", "so it is not what it should be", "")


@pytest.mark.parametrize(
    ("status", "why", "fix"),
    [
        (403, "the web site refuses programs, or this one", "ask whoever runs the web site to let newsletter in"),
        (404, "there is no such page", "open it in a browser, and copy the address from there"),
        (500, "the web site answers with the number 500", "try again later"),
    ],
)
def test_what_a_web_site_refuses_is_told_with_its_reason(site: Website, status: int, why: str, fix: str) -> None:
    """In the words of people, with what to do."""
    page = site.put("/page", "no", status=status)
    assert told(page) == (f"{page} cannot be read", why, fix)


def test_redirects_end(site: Website) -> None:
    """Neither a circle nor a leap to something else leads anywhere."""
    circle = site.put("/circle", "", status=302, Location="/circle")
    file = site.put("/file", "", status=302, Location="file:///etc/passwd")
    assert told(circle)[0] == f"{circle} leads from one address to the next without end"
    assert told(file)[0] == f"{file} leads to no web address"
    assert site.asked.count("/circle") == 8
    nowhere = site.put("/nowhere", "", status=302)
    assert told(nowhere)[:2] == (f"{nowhere} cannot be read", "the web site answers with the number 302")


def test_no_private_network_is_entered_unasked(site: Website) -> None:
    """Neither by an address nor by a redirect; this machine itself is private, too."""
    inside = site.put("/inside", "", status=302, Location="http://10.0.0.8/secret")
    message, why, fix = told(inside)
    assert message == f"{inside} is not on the public internet"
    assert why == "10.0.0.8 leads to 10.0.0.8, and a feed or a redirect must not lead into a network of yours unasked"
    assert fix == "if it is a source of yours, write `private = true` in its section of the settings"
    assert told(site.put("/page", "x"), 1000, Fetcher())[0].endswith(" is not on the public internet")


def test_only_the_hosts_that_are_private_may_be(site: Website) -> None:
    """A page of the organisation's own network leads to nothing else in there."""
    page = site.put("/page", "inside")
    asked = site.put("/asked", "", status=302, Location="/page")
    beside = site.put("/beside", "", status=302, Location=page.replace("127.0.0.1", "localhost"))
    assert fetch(asked, fetcher=Fetcher(["127.0.0.1"])).content == b"inside"
    assert told(beside, fetcher=Fetcher(["127.0.0.1"]))[0] == f"{beside} is not on the public internet"


def test_an_answer_that_is_damaged_is_told(site: Website) -> None:
    """It is not the address that is wrong."""
    page = site.put("/page", "no zip", Content_Encoding="gzip")
    message, why, fix = told(page)
    assert (message, fix) == (f"{page} cannot be read", "try again later")
    assert why.startswith("what the web site answers is damaged: ")


def test_a_certificate_of_ones_own_is_trusted_where_the_computer_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As organisations have them in their own networks; elsewhere it is told what to do."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with website(context) as site:
        page = site.put("/page", "secret")
        message, why, fix = told(page)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert fetch(page).content == b"secret"
    assert message == f"{page} cannot be reached"
    assert why.startswith("its certificate is not one that this computer trusts: ")
    assert fix == "tell whoever runs the web site; name the issuer of a certificate of your own in SSL_CERT_FILE"


def test_a_proxy_is_told_of_where_nothing_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not used unasked: what it asks for on our behalf may lie in a private network."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    message, why, fix = told("https://no-such-host.invalid/x")
    assert message == "https://no-such-host.invalid/x cannot be reached"
    assert why.endswith("; this computer has a proxy, which newsletter uses only where the settings say so")
    assert fix == 'write `proxy = "system"` into the settings; what that means stands in `newsletter docs sources`'


def test_a_network_that_is_not_there_keeps_nobody_from_the_other(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many offices are told of addresses in IPv6 that they cannot reach."""
    port = int(site.address.rpartition(":")[2])
    page = site.put("/page", "here").replace("127.0.0.1", "www.example.org")
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
    ]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    assert fetch(page).content == b"here"


def test_what_is_not_there_is_told() -> None:
    """A name without an address, and a computer that does not listen."""
    assert told("http://no-such-host.invalid/x") == (
        "http://no-such-host.invalid/x cannot be reached",
        "no-such-host.invalid has no address; either it is misspelt, or this computer is not connected",
        "open it in a browser, and copy the address from there",
    )
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert told(f"http://127.0.0.1:{closed.getsockname()[1]}/")[0].endswith(" cannot be reached")


@pytest.mark.parametrize("url", ["https://", "http://[::1", "http://exa mple.org/", "http://example.org:99999/"])
def test_what_is_no_address_is_told(url: str) -> None:
    """Whatever is typed, the answer is a sentence."""
    assert told(url)[0] == f"{url} cannot be reached"
