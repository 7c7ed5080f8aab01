"""What every kind of webhook must do, whatever stands in the registry."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.tracking.rehearsing import make_pair
from newsletter.tracking.webhooks import KINDS, Call, Unreadable, Unverified
from newsletter.tracking.webhooks.contract import CertificateNeeded, Need
from newsletter.tracking.webhooks.signing import sha256
from tests.tracking import making as make

each = pytest.mark.parametrize("kind", KINDS)
signed = pytest.mark.parametrize("kind", [*filter(make.signs_body, KINDS)])
timed = pytest.mark.parametrize("kind", [kind for kind, webhook in KINDS.items() if webhook.tolerance])
OTHERS = {"ses": make_pair("ses").public, "sendgrid": make_pair("sendgrid").public}
TOLD = [
    make.event(EventKind.ACCEPTED),
    make.event(EventKind.DEFERRED, code="4.7.1", reason="451 4.7.1 try again later"),
    make.event(EventKind.DELIVERED),
    make.event(EventKind.BOUNCED),
    make.event(EventKind.BOUNCED, bounce=Bounce.SOFT, code="4.2.2", reason="452 4.2.2 mailbox full"),
    make.event(EventKind.BOUNCED, bounce=Bounce.BLOCK, code="5.7.1", reason="550 5.7.1 not wanted"),
    make.event(EventKind.COMPLAINED),
    make.event(EventKind.UNSUBSCRIBED),
    make.event(EventKind.OPENED),
    make.event(EventKind.CLICKED),
]


def verify(kind: str, call: Call, *, now: dt.datetime = make.NOW, secret: str = "", previous: str = "") -> str:
    """Verify a call with a kind's keys."""
    return KINDS[kind].verify(call, make.keys(kind, secret=secret, previous=previous), now)


def parse(kind: str, call: Call) -> list[Event]:
    """Return the events of a call that is taken for verified."""
    return list(KINDS[kind].parse(KINDS[kind].read(call.body), "call-1"))


def other_secret(kind: str) -> str:
    """Return a secret of the right form that is not the one."""
    return OTHERS.get(kind) or ("whsec_" + "B" * 32 if kind == "resend" else "another-secret-nobody-guesses")


def test_the_nine_are_registered() -> None:
    """The suite would otherwise pass without testing anything."""
    assert list(KINDS) == [
        "resend",
        "mailgun",
        "postmark",
        "ses",
        "sendgrid",
        "brevo",
        "mailjet",
        "mailtrap",
        "mandrill",
    ]


# Mailtrap tells of nothing before a server has answered, Postmark neither; Resend has no link to leave by of its own.
NEVER = {
    ("postmark", EventKind.ACCEPTED),
    ("mailtrap", EventKind.ACCEPTED),
    ("mailtrap", EventKind.DEFERRED),
    ("resend", EventKind.UNSUBSCRIBED),
}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        pytest.param(kind, told, id=f"{kind} {told.bounce or ''} {told.kind}")
        for kind in KINDS
        for told in TOLD
        if (kind, told.kind) not in NEVER
    ],
)
def test_what_a_provider_tells_is_understood(kind: str, told: Event) -> None:
    """Kind, bounce, delivery id and recipient survive the way through the provider's own form."""
    call = make.call(kind, told)
    verify(kind, call)
    (event,) = parse(kind, call)
    assert (event.kind, event.bounce, event.delivery, event.recipient) == (
        told.kind,
        told.bounce,
        make.NOBODY,
        "anna@example.org",
    )
    assert event.at is not None
    assert abs(event.at - make.NOW) < dt.timedelta(seconds=1)
    if told.bounce:
        assert (event.code, event.reason) == (told.code, told.reason)


@pytest.mark.parametrize(("kind", "never"), sorted(NEVER))
def test_what_a_provider_never_tells_cannot_be_rehearsed(kind: str, never: EventKind) -> None:
    """A rehearsal shows what will happen, nothing else."""
    with pytest.raises((ValueError, KeyError)):
        make.call(kind, make.event(never))


@each
def test_a_call_is_known_by_one_key_however_often_it_comes(kind: str) -> None:
    """So that a repetition is not taken twice; another event has another key."""
    call, other = make.call(kind), make.call(kind, make.event(key="event-2", recipient="ben@example.org"))
    assert verify(kind, call) == verify(kind, call) != verify(kind, other)


@signed
def test_a_tampered_body_is_refused(kind: str) -> None:
    """Every single changed byte shows."""
    call = make.call(kind)
    for place in range(0, len(call.body), 7):
        changed = bytearray(call.body)
        changed[place] ^= 1
        with pytest.raises((Unverified, CertificateNeeded)) as caught:
            verify(kind, replace(call, body=bytes(changed)))
        # A changed address of the certificate is another certificate of Amazon's, which did not sign this.
        if isinstance(caught.value, CertificateNeeded):
            assert "amazonaws.com" in caught.value.url


@pytest.mark.parametrize("kind", ["mailgun", "ses"])
def test_little_is_read_before_a_call_is_proved(kind: str) -> None:
    """Where the signature stands in the body, that is read first; four million bytes would keep everybody waiting."""
    call = make.call(kind)
    verify(kind, replace(call, body=call.body + b" " * 200_000))
    with pytest.raises(Unverified):
        verify(kind, replace(call, body=call.body + b" " * 600_000))


@each
def test_a_wrong_key_is_refused(kind: str) -> None:
    """Whoever does not know the secret is not the provider."""
    with pytest.raises(Unverified):
        verify(kind, make.call(kind), secret=other_secret(kind))


@pytest.mark.parametrize("kind", [kind for kind, webhook in KINDS.items() if webhook.needs is Need.SECRET])
def test_an_earlier_key_is_good_while_it_is_being_changed(kind: str) -> None:
    """Secrets change without a lost event: the new one is set here first, then at the provider."""
    earlier = make.SECRETS.get(kind, make.SECRET)
    assert verify(kind, make.call(kind), secret=other_secret(kind), previous=earlier)


@each
def test_no_key_verifies_nothing(kind: str) -> None:
    """An empty configuration is closed, not open."""
    with pytest.raises(Unverified):
        KINDS[kind].verify(make.call(kind), replace(make.keys(kind), secrets=()), make.NOW)


@each
def test_a_call_without_signature_is_refused(kind: str) -> None:
    """Neither headers nor body speak for it."""
    with pytest.raises(Unverified):
        verify(kind, Call(make.URL, {}, b"{}"))


@timed
def test_an_old_signature_is_refused(kind: str) -> None:
    """What was recorded on the way cannot be played again later."""
    tolerance = KINDS[kind].tolerance
    assert tolerance
    call = make.call(kind)
    assert verify(kind, call, now=make.NOW + tolerance - dt.timedelta(seconds=2))
    for late in (tolerance + dt.timedelta(seconds=2), dt.timedelta(days=400)):
        with pytest.raises(Unverified, match="ago"):
            verify(kind, call, now=make.NOW + late)
    with pytest.raises(Unverified, match="ahead"):
        verify(kind, call, now=make.NOW - dt.timedelta(minutes=6))


@each
def test_a_body_that_is_not_json_is_refused(kind: str) -> None:
    """Unsigned it is not verified; signed by the secret it is not read, and so never parsed."""
    call = replace(make.call(kind), body=b"<html>not JSON</html>")
    if make.repeats_a_secret(kind):
        verify(kind, call)
        with pytest.raises(Unreadable):
            KINDS[kind].read(call.body)
        return
    with pytest.raises(Unverified):
        verify(kind, call)
    with pytest.raises(Unreadable):
        KINDS[kind].read(call.body)


@each
def test_ten_megabytes_of_rubbish_are_refused(kind: str) -> None:
    """The service reads only four of them; the verifier would not fall for ten either."""
    rubbish = bytes(range(256)) * 40_000
    call = replace(make.call(kind), body=rubbish)
    if not make.repeats_a_secret(kind):
        with pytest.raises(Unverified):
            verify(kind, call)
    with pytest.raises(Unreadable):
        KINDS[kind].read(rubbish)


HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["", "0", "1722157200", "v1,", "Basic", "Basic Og==", "\ud800", "=" * 9]
)
BODIES = st.binary(max_size=60) | st.sampled_from(
    [
        b'{"signature": {"token": "\\ud800", "timestamp": 1722157200, "signature": "x"}}',
        b'{"signature": {"token": [], "timestamp": {}, "signature": null}}',
        b'{"Type": "Notification", "SignatureVersion": "1", "TopicArn": []}',
        b'{"Type": "Notification", "SignatureVersion": []}',
        b'{"Type": ["Notification"]}',
        b"mandrill_events=[&mandrill_events=]",
        b"[" * 5000,
    ]
)


@each
@settings(deadline=None)
@given(values=st.lists(HOSTILE, min_size=6, max_size=6), body=BODIES)
def test_nothing_makes_a_verifier_fail_otherwise(kind: str, values: list[str], body: bytes) -> None:
    """Whatever a stranger sends, the answer is that it is not verified."""
    names = [
        "svix-id",
        "svix-timestamp",
        "svix-signature",
        "authorization",
        "x-twilio-email-event-webhook-signature",
        "x-twilio-email-event-webhook-timestamp",
    ]
    headers = dict(zip(names, values, strict=True)) | {
        "mailtrap-signature": values[0],
        "x-mandrill-signature": values[1],
    }
    with pytest.raises(Unverified):
        verify(kind, Call(make.URL, headers, body, values[2]))


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([make.NOBODY, "bounce", "email.bounced", "Notification", "{}", "[]", '{"eventType":"Bounce"}'])
)
NAMES = st.sampled_from(
    "event type events data tags bounce event-data delivery-status user-variables id RecordType Type ID Metadata msg to"
    " Message eventType mail status reason response ts_epoch X-Mailin-custom event_id custom_variables metadata ts time"
    " Payload CustomID error timestamp sg_event_id email created_at signature headers destination delivery".split()
)
CONTENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=6),
    max_leaves=15,
)
KNOWN = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("event", "type", "bounce", "data", "msg", "mail", "reason", "email"), LEAVES | CONTENTS),
)


@each
@settings(deadline=None)
@given(content=CONTENTS | KNOWN | st.lists(KNOWN, max_size=2))
def test_any_json_is_parsed(kind: str, content: object) -> None:
    """A parser never fails, and what it returns can be kept: short, printable, without addresses where it is raw."""
    content = json.loads(json.dumps(content))
    wrapped = {"Type": "Notification", "Message": json.dumps(content)} if kind == "ses" else {"event-data": content}
    for given_content in (content, wrapped, {"events": content}):
        for event in KINDS[kind].parse(given_content, "call-1"):
            check(event)


def check(event: Event) -> None:
    """See that an event can be kept."""
    assert isinstance(event.kind, EventKind)
    assert 0 < len(event.key) <= 100
    assert event.delivery == "" or len(event.delivery) == 28
    assert (event.kind is EventKind.BOUNCED) == (event.bounce is not None)
    assert event.at is None or event.at.tzinfo is not None
    for text in (event.key, event.recipient, event.code, event.reason):
        assert text.isprintable()
        assert len(text) <= 500
    assert (event.raw != "") == (event.kind is EventKind.OTHER)
    assert event.raw.isascii()
    assert len(event.raw) <= 5_000


@each
def test_an_unknown_kind_is_kept_without_the_person(kind: str) -> None:
    """Neither an error nor lost, and free of addresses, names, places and devices."""
    told = {
        "event": "teleported",
        "type": "teleported",
        "RecordType": "Teleported",
        "eventType": "Teleported",
        "id": "1",
        "email": "anna@example.org",
        "note": "to <anna@example.org> or anna%40example.org",
        "first_name": "Anna",
        "ip": "192.0.2.7",
        "data": {"to": ["anna@example.org"]},
    }
    content: object = {"event-data": told} if kind == "mailgun" else told
    if kind == "ses":
        content = {"Type": "Notification", "MessageId": "1", "Message": json.dumps(told)}
    (event,) = KINDS[kind].parse(content, "call-1")
    assert event.kind is EventKind.OTHER
    assert "eleported" in event.raw
    for secret in ("anna", "Anna", "example.org", "192.0.2.7"):
        assert secret not in event.raw


@each
def test_the_same_event_has_the_same_key_in_whatever_order_its_fields_come(kind: str) -> None:
    """Also where the provider has no id of its own for it."""

    def backwards(value: object) -> object:
        if isinstance(value, dict):
            return {name: backwards(content) for name, content in reversed(value.items())}
        return [backwards(item) for item in value] if isinstance(value, list) else value

    content = KINDS[kind].read(make.call(kind).body)
    (one,), (two,) = (list(KINDS[kind].parse(value, "call-1")) for value in (content, backwards(content)))
    assert one == two


@each
def test_a_secret_that_cannot_be_one_is_noticed(kind: str) -> None:
    """When the service starts, not when the first event is lost."""
    with pytest.raises(ValueError):
        KINDS[kind].check_secret("short")
    KINDS[kind].check_secret(make.SECRETS.get(kind, make.SECRET))


@each
def test_no_secret_is_in_a_representation(kind: str) -> None:
    """Representations end up in logs."""
    shown = f"{make.call(kind)!r}{make.keys(kind)!r}"
    for secret in (make.SECRETS.get(kind, make.SECRET), "anna@example.org"):
        assert secret not in shown
    assert sha256(b"") not in shown


@pytest.mark.parametrize("header", ["authorization", "x-webhook-secret", ""])
@pytest.mark.parametrize("kind", ["postmark", "brevo", "mailjet"])
def test_unsigned_providers_repeat_a_secret_where_they_can(kind: str, header: str) -> None:
    """By Basic authentication, a bearer token, a header of the team's own, or the path."""
    body = make.call(kind).body
    ways: dict[str, Callable[[str], Call]] = {
        "authorization": lambda secret: Call(make.URL, {"authorization": f"Bearer {secret}"}, body),
        "x-webhook-secret": lambda secret: Call(make.URL, {"x-webhook-secret": secret}, body),
        "": lambda secret: Call(make.URL, {}, body, secret),
    }
    assert verify(kind, ways[header](make.SECRET)) == sha256(body)
    for wrong in ("", make.SECRET[:-1], make.SECRET + "x"):
        with pytest.raises(Unverified):
            verify(kind, ways[header](wrong))


@each
def test_the_guide_says_how_calls_are_verified(kind: str) -> None:
    """A team finds its provider in docs/tracking.md."""
    guide = (Path(__file__).parents[2] / "docs" / "tracking.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `")]
    assert any(f"`{kind}`" in line.split("|")[1] for line in rows)
