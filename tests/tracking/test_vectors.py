"""Signatures that others have published, byte for byte.

None were found for Mailgun (its documentation shows a signature without the key, and its SDKs' tests sign by
themselves); Postmark, Brevo and Mailjet sign nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from newsletter.model.event import Bounce, EventKind
from newsletter.tracking.amazon import confirmation
from newsletter.tracking.webhooks import KINDS, Call, CertificateNeeded, Keys, Unverified
from tests.tracking.making import vector

SNS_TOPIC = "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic"
SNS_CERTIFICATE = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem"
SNS: dict[str, dict[str, Any]] = json.loads(vector("sns-messages.json"))
sns = pytest.mark.parametrize("message", SNS.values(), ids=SNS)


def at(seconds: int) -> dt.datetime:
    """Return the moment of a published time."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def test_the_specification_of_standard_webhooks() -> None:
    """The example of https://docs.svix.com/receiving/verifying-payloads/how-manual, which Resend's pages repeat."""
    headers = {
        "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "svix-timestamp": "1614265330",
        "svix-signature": "v1,bm90LXRoaXMtb25l v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    keys = Keys(("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",))
    resend, body, now = KINDS["resend"], b'{"test": 2432232314}', at(1614265330)
    assert resend.verify(Call("", headers, body), keys, now) == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    unbranded = {name.replace("svix", "webhook"): value for name, value in headers.items()}
    assert resend.verify(Call("", unbranded, body), keys, now) == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    for changed in (b'{"test": 2432232315}', b'{"test": 2432232314} '):
        with pytest.raises(Unverified):
            resend.verify(Call("", headers, changed), keys, now)
    with pytest.raises(Unverified, match="ago"):
        resend.verify(Call("", headers, body), keys, at(1614265330 + 301))


def test_the_sdks_of_sendgrid() -> None:
    """The fixture of sendgrid-python, -ruby, -php and -java (test_eventwebhook), whose body ends with CR LF."""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eN"
        "Ec6wEA3F+g=="
    )
    failing_key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R"
        "1NGe1OPzpA=="
    )
    signature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
    failing_signature = (
        "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0="
    )
    event = {
        "email": "hello@world.com",
        "event": "dropped",
        "reason": "Bounced Address",
        "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
        "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
        "smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",
        "timestamp": 1600112492,
    }
    body = json.dumps([event], separators=(",", ":")).encode() + b"\r\n"
    headers = {
        "x-twilio-email-event-webhook-signature": signature,
        "x-twilio-email-event-webhook-timestamp": "1600112502",
    }
    sendgrid, now = KINDS["sendgrid"], at(1600112502)
    sendgrid.verify(Call("", headers, body), Keys((key,)), now)
    (dropped,) = sendgrid.parse(sendgrid.read(body), "call")
    assert (dropped.kind, dropped.bounce, dropped.key) == (EventKind.BOUNCED, Bounce.HARD, event["sg_event_id"])
    wrong = [
        (headers, body, failing_key),
        (headers | {"x-twilio-email-event-webhook-signature": failing_signature}, body, key),
        (headers | {"x-twilio-email-event-webhook-timestamp": "1600112503"}, body, key),
        (headers, body.rstrip(), key),
    ]
    for some_headers, some_body, some_key in wrong:
        with pytest.raises(Unverified):
            sendgrid.verify(Call("", some_headers, some_body), Keys((some_key,)), now)


def test_the_sdks_of_mailtrap() -> None:
    """The fixture that all six official SDKs share (mailtrap-python: tests/unit/test_webhook_signature.py)."""
    body = (
        b'{"event":"delivery","sending_stream":"transactional","category":"welcome",'
        b'"message_id":"a8b1d8f6-1f8d-4a3c-9b2e-1a2b3c4d5e6f","email":"recipient@example.com",'
        b'"event_id":"f1e2d3c4-b5a6-7890-1234-567890abcdef","timestamp":1716070000}'
    )
    headers = {"mailtrap-signature": "6d262e2611cd09be1f948382b5c611d63b0e585c4c9c5e40139d6ac3876d5433"}
    mailtrap, keys = KINDS["mailtrap"], Keys(("8d9a3c0e7f5b2d4a6c1e9f8b3a7d5c2e",))
    mailtrap.verify(Call("", headers, body), keys, at(1716070000))
    (delivered,) = mailtrap.parse(mailtrap.read(body), "call")
    assert (delivered.kind, delivered.key) == (EventKind.DELIVERED, "f1e2d3c4-b5a6-7890-1234-567890abcdef")
    for signature in ("", "not-hex", headers["mailtrap-signature"].upper(), headers["mailtrap-signature"][:-1]):
        with pytest.raises(Unverified):
            mailtrap.verify(Call("", {"mailtrap-signature": signature}, body), keys, at(1716070000))


def test_a_recorded_call_of_mandrill() -> None:
    """Recorded from Mandrill with its key: mandrill-rails, spec/fixtures/webhook_examples/click_with_signature.json."""
    url, body = "http://requestb.in/q9a918q9", vector("mandrill-form.txt").encode()
    headers = {"x-mandrill-signature": "7rUa4lNJitlb178MgGOcHO6T4Bg="}
    mandrill, keys = KINDS["mandrill"], Keys(("ntynTMaFpM_octE5R1DKAw",))
    mandrill.verify(Call(url, headers, body), keys, at(1379233940))
    events = list(mandrill.parse(mandrill.read(body), "call"))
    assert [(event.kind, event.recipient, event.at) for event in events] == [
        (EventKind.CLICKED, "example.webhook@mandrillapp.com", at(1379233940))
    ] * 2
    for other in (Call(url + "/", headers, body), Call(url, headers, body + b"&a=b"), Call(url, {}, body)):
        with pytest.raises(Unverified):
            mandrill.verify(other, keys, at(1379233940))


def verify_sns(message: dict[str, Any], **keys: Any) -> str:
    """Verify a message of Amazon SNS with the published certificate, a second after it was signed."""
    signed = dt.datetime.fromisoformat(message["Timestamp"])
    known = {"topics": (SNS_TOPIC,), "certificates": {SNS_CERTIFICATE: vector("sns-certificate.pem").encode()}}
    call = Call("", {}, json.dumps(message).encode())
    return KINDS["ses"].verify(call, Keys(**(known | keys)), signed + dt.timedelta(seconds=1))


@sns
def test_messages_of_amazon_sns(message: dict[str, Any]) -> None:
    """Messages that Amazon signed, of each type and version: aws-sdk-java-v2, services-custom/sns-message-manager."""
    assert verify_sns(message) == message["MessageId"]


@sns
@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp", "Type", "SignatureVersion", "Signature"])
def test_a_changed_message_of_amazon_sns(message: dict[str, Any], field: str) -> None:
    """Every field that is signed counts, and which signature it is as well."""
    others = {
        "Timestamp": "2026-03-06T19:53:21.425Z",
        "Type": "Notification" if message["Type"] != "Notification" else "SubscriptionConfirmation",
        "SignatureVersion": "1" if message["SignatureVersion"] == "2" else "2",
    }
    with pytest.raises(Unverified):
        verify_sns(message | {field: others.get(field, "A" + message[field][1:])})


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-west-2.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.us-west-2.amazonaws.com.example.org/a.pem",
        "https://sns-us-west-2.s3.amazonaws.com/a.pem",
        "https://bucket.s3.amazonaws.com/sns.us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.amazonaws.com@example.org/a.pem",
        "https://sns.us-west-2.amazonaws.com:8443/a.pem",
        "https://sns.us-west-2.amazonaws.com/a.pem?x=.pem",
        "https://sns.us-west-2.amazonaws.com/a.pem#.pem",
        "https://sns.us-west-2.amazonaws.com/a.txt",
        "https://sns.us-west-2.amazonaws.com/../a.pem\n",
        "https://sns.us.west.amazonaws.com/a.pem",
        "https://sns.eu.amazonaws.com/a.pem",
        "",
        None,
    ],
)
def test_certificates_come_from_amazon_alone(url: str | None) -> None:
    """A host that merely ends like Amazon's may be anybody's; nothing is fetched from there."""
    message = SNS["notification, version 2"] | {"SigningCertURL": url}
    with pytest.raises(Unverified):
        verify_sns(message)


@pytest.mark.parametrize("host", ["sns.eu-west-1.amazonaws.com", "sns.cn-north-1.amazonaws.com.cn"])
def test_a_certificate_that_is_not_known_is_asked_for(host: str) -> None:
    """In every region, China's too."""
    url = f"https://{host}/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem"
    with pytest.raises(CertificateNeeded) as caught:
        verify_sns(SNS["notification, version 2"] | {"SigningCertURL": url})
    assert caught.value.url == url


@sns
def test_other_topics_are_refused_although_amazon_signed(message: dict[str, Any]) -> None:
    """Anybody can have a topic and point it here."""
    with pytest.raises(Unverified, match="topic"):
        verify_sns(message, topics=("arn:aws:sns:us-west-2:131990247566:another",))
    with pytest.raises(Unverified, match="topic"):
        verify_sns(message, topics=())


def test_only_a_confirmation_is_confirmed_and_where_the_topic_lives() -> None:
    """The address is made from the topic in the settings, never taken from the message."""
    asked = {name: confirmation(message | {"SubscribeURL": "https://evil.example"}) for name, message in SNS.items()}
    token = SNS["subscription confirmation"]["Token"]
    assert asked.pop("subscription confirmation") == (
        "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription"
        f"&TopicArn=arn%3Aaws%3Asns%3Aus-west-2%3A131990247566%3Adongie-standard-topic&Token={token}&Version=2010-03-31"
    )
    assert set(asked.values()) == {None}
