"""What DNS says of a sender's domain, asked of a real name server on this machine."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from newsletter.checks.online.domain import Answer, NoNetwork, examine
from newsletter.cli.app import run
from newsletter.model.url import is_reserved
from tests.checks.workspace import FILES, SETTINGS, write

ZONE: dict[tuple[str, str], list[str]] = {
    ("good.org", "MX"): ["10 mail.good.org."],
    ("good.org", "TXT"): ['"unrelated"', '"v=spf1 include:spf.provider.net ~all"'],
    ("_dmarc.good.org", "TXT"): ['"v=DMARC1; p=quarantine; " "rua=mailto:d@good.org"'],
    ("resend._domainkey.good.org", "TXT"): ['"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB"'],
    ("open.org", "TXT"): ['"v=spf1 +all"'],
    ("_dmarc.open.org", "TXT"): ['"v=DMARC1; p=maybe"'],
    ("open.org", "A"): ["93.184.216.34"],
    ("mute.org", "MX"): ["0 ."],
    ("mute.org", "A"): ["93.184.216.34"],
    ("six.org", "AAAA"): ["2606:2800:220:1:248:1893:25c8:1946"],
    ("two.org", "TXT"): ['"v=spf1 -all"', '"v=spf1 mx -all"'],
    ("_dmarc.two.org", "TXT"): ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'],
    ("resend._domainkey.two.org", "TXT"): ['"p="'],
}


class _NameServer(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, socket = self.request
        query = dns.message.from_wire(data)
        (question,) = query.question
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        reply = dns.message.make_response(query)
        if values := ZONE.get((name, kind)):
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(known == name for known, _ in ZONE):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(reply.to_wire(), self.client_address)


@pytest.fixture
def resolver() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks our own name server."""
    with socketserver.UDPServer(("127.0.0.1", 0), _NameServer) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        found = dns.resolver.Resolver(configure=False)
        found.nameservers, found.port, found.lifetime = ["127.0.0.1"], server.server_address[1], 2.0
        yield found
        server.shutdown()


def test_a_domain_that_may_send(resolver: dns.resolver.Resolver) -> None:
    """DMARC, SPF, the provider's key, and a mailbox; of a subdomain the policy above counts."""
    assert examine("good.org", "resend", resolver) == (
        Answer("DMARC", True, "good.org has the policy quarantine"),
        Answer("SPF", True, "v=spf1 include:spf.provider.net ~all"),
        Answer("DKIM", True, "resend has a key in good.org, so its signature names the sender"),
        Answer("answers", True, "good.org takes mail"),
    )
    assert examine("news.good.org", "", resolver)[0] == Answer("DMARC", True, "good.org has the policy quarantine")


def test_a_domain_of_which_nothing_is_known(resolver: dns.resolver.Resolver) -> None:
    """Each thing that is missing, with the record to add."""
    answers = examine("none.org", "resend", resolver)
    assert [answer.good for answer in answers] == [False] * 4
    assert answers[0].fix == 'add a TXT record for _dmarc.none.org: "v=DMARC1; p=none; rua=mailto:dmarc@none.org"'
    assert answers[2].detail == "there is no key of resend at resend._domainkey.none.org"


@pytest.mark.parametrize(
    ("domain", "details"),
    [
        ("open.org", ["the policy of open.org says p=maybe", "open.org lets everybody send in its name (+all)"]),
        ("two.org", ["_dmarc.two.org has 2 policies, so none counts", "two.org has 2 lists, so none counts"]),
    ],
)
def test_records_that_do_harm(resolver: dns.resolver.Resolver, domain: str, details: list[str]) -> None:
    """What is there may be worse than nothing; a revoked key is none."""
    answers = examine(domain, "resend", resolver)
    assert [answer.detail for answer in answers if not answer.good][:2] == details
    assert not answers[2].good


@pytest.mark.parametrize(
    ("domain", "takes"), [("good.org", True), ("open.org", True), ("six.org", True), ("mute.org", False)]
)
def test_whether_anybody_can_answer(resolver: dns.resolver.Resolver, domain: str, takes: bool) -> None:
    """Without a mail server the domain's own one is asked; a domain may also say that it takes no mail."""
    assert examine(domain, "", resolver)[-1].good is takes


def test_without_a_network_nothing_is_said() -> None:
    """Nobody answers at that port."""
    silent = dns.resolver.Resolver(configure=False)
    silent.nameservers, silent.port, silent.lifetime = ["127.0.0.1"], 9, 0.5
    with pytest.raises(NoNetwork):
        examine("good.org", "", silent)


@pytest.mark.parametrize(
    ("domain", "reserved"),
    [("example.org", True), ("mail.example", True), ("counterexample.org", False), ("a.test", True)],
)
def test_names_for_examples(domain: str, reserved: bool) -> None:
    """They have no records to ask for."""
    assert is_reserved(domain) is reserved


def test_doctor_says_that_there_is_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is a note, and no failure."""
    write(tmp_path, {SETTINGS: FILES[SETTINGS].replace("example.org", "good-domain.org")})

    def nothing(*_: object) -> object:
        raise NoNetwork

    monkeypatch.setattr("newsletter.checks.online.domain.examine", nothing)
    assert run(["-C", str(tmp_path), "doctor"]) == 0
    said = capsys.readouterr().out
    assert "○ sender's domain: good-domain.org is not looked at: there is no network, or no DNS" in said
