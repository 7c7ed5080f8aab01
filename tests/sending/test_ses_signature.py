"""Signature Version 4 against the vectors that Amazon has published, and over real HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsletter.sending.providers.contract import WireRequest, WireResponse
from newsletter.sending.providers.ses_signature import Signature
from newsletter.sending.transport import Transports
from tests.sending import ses_server
from tests.sending.mail_server import serving

MOMENT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
VECTORS = Signature("us-east-1", ses_server.ACCESS_KEY, ses_server.SECRET_KEY, service="service")
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def proof(signature: Signature, request: WireRequest, now: datetime = MOMENT) -> str:
    """Return the header `Authorization` of a call."""
    return dict(signature.headers(request, now))["Authorization"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "names", "signature"),
    [
        ("GET", "/", (), b"", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET", "", (), b"", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "/", (), b"", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            "GET",
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            (),
            b"",
            "",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        (
            "POST",
            "/",
            (("My-Header1", "VALUE1"),),
            b"",
            "my-header1;",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
        ),
        (
            "GET",
            "/",
            (("My-Header1", " value1"), ("My-Header2", ' "a   b   c"')),
            b"",
            "my-header1;my-header2;",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        (
            "POST",
            "/",
            (FORM,),
            b"Param1=value1",
            "",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
        (
            "POST",
            "/",
            ((FORM[0], f"{FORM[1]}; charset=utf8"),),
            b"Param1=value1",
            "",
            "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
        ),
    ],
)
def test_calls_are_signed_as_amazons_vectors_are(
    method: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes, names: str, signature: str
) -> None:
    """The AWS Signature Version 4 Test Suite, as far as it is about calls without a query."""
    request = WireRequest(method, f"https://example.amazonaws.com{path}", headers, body)
    signed = f"content-type;host;{names}x-amz-date" if FORM[0] in dict(headers) else f"host;{names}x-amz-date"
    assert proof(VECTORS, request) == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={signed}, Signature={signature}"
    )


REQUEST = WireRequest(
    "POST", "https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails", (("Content-Type", "a/b"),), b"{}"
)
SES = Signature("eu-central-1", ses_server.ACCESS_KEY, ses_server.SECRET_KEY)


def test_a_session_token_is_sent_and_signed() -> None:
    """The value is that of botocore 1.44's signer for the same call."""
    date, token, (name, value) = replace(SES, session_token="token//of=an+hour").headers(REQUEST, MOMENT)
    assert (date, token) == (("X-Amz-Date", "20150830T123600Z"), ("X-Amz-Security-Token", "token//of=an+hour"))
    assert name == "Authorization"
    credential, signed, signature = value.removeprefix("AWS4-HMAC-SHA256 ").split(", ")
    assert credential == "Credential=AKIDEXAMPLE/20150830/eu-central-1/ses/aws4_request"
    assert signed == "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"
    assert signature == "Signature=98dab7782c1dcdaf25e34273cee4a72e4a601a82601147f215d83681093342e6"


def test_the_moment_counts_wherever_it_is_told() -> None:
    """A zone changes nothing, a second changes the signature."""
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=9)))
    assert proof(SES, REQUEST, elsewhere) == proof(SES, REQUEST)
    assert proof(SES, REQUEST, MOMENT + timedelta(seconds=1)) != proof(SES, REQUEST)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://EMAIL.example.org:443/v2", "https://email.example.org/v2"),
        ("http://email.example.org:80/v2", "http://email.example.org/v2"),
    ],
)
def test_a_port_that_goes_without_saying_is_not_signed(one: str, other: str) -> None:
    """HTTP clients leave it out of `Host`; others they write."""
    assert proof(SES, replace(REQUEST, url=one)) == proof(SES, replace(REQUEST, url=other))
    third = other.replace("org", "org:8443")
    assert proof(SES, replace(REQUEST, url=third)) != proof(SES, replace(REQUEST, url=other))


def test_a_call_is_sealed_when_it_leaves_and_keeps_its_bytes() -> None:
    """By the clock of that moment, however long ago it was made; another key is refused."""

    def send(secret: str) -> WireResponse:
        seal = Signature(ses_server.REGION, ses_server.ACCESS_KEY, secret)
        request = WireRequest("POST", f"{server.url}/v2", (("Content-Type", "application/json"),), b'{"a": 1}', seal)

        async def carry() -> WireResponse:
            async with Transports(1) as transports:
                return await transports.send(request)

        return asyncio.run(carry())

    with serving(ses_server.SesServer()) as server:
        assert b"UnknownOperationException" in send(ses_server.SECRET_KEY).body
        assert b"InvalidSignatureException" in send("another").body
    call = server.calls[0]
    assert call["body"] == b'{"a": 1}'
    sent = datetime.strptime(call["headers"]["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=1)


def test_neither_key_nor_token_is_shown() -> None:
    """Representations end up in logs."""
    shown = repr(replace(SES, session_token="token"))
    assert shown == "Signature(region='eu-central-1', service='ses')"
