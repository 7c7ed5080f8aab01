"""SendGrid: whole calls, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import sending
from newsletter.errors import AuthenticationError, ConfigurationError, PartlyAccepted, ProviderError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
)
from newsletter.sending.providers.sendgrid import CAPABILITIES, SendGrid
from newsletter.tracking.webhooks.sendgrid import SendGrid as Webhook
from tests.contract.test_answers import JSON, check
from tests.contract.test_providers import batch
from tests.sending import making as make
from tests.sending.calls import SUBJECT, answer, both, call, two
from tests.sending.mail_server import faults, serving
from tests.sending.sendgrid_server import API_KEY, SendGridServer
from tests.sending.test_controls import deliver, start

SENDGRID = SendGrid("main", "https://api.eu.sendgrid.com", "SG.key")
BATCH, SINGLE = both(*two("O'Hara <b>"))
DIGEST = make.edition(subject=SUBJECT).digest[:16]


def tag(name: str) -> str:
    """Return what stands for a value: nobody can write it before there is the text."""
    return f"-{DIGEST}-{name}-"


def personalization(token: str, to: str, name: str, html_name: str) -> dict[str, Any]:
    """Return what a reader alone gets."""
    view, leave = f"https://news.example.org/v/{token}", f"https://news.example.org/u/{token}"
    values = {"s0": name, "s3": html_name, "s1": leave, "s5": leave, "s2": view, "s4": view}
    return {
        "to": [{"email": to}],
        "headers": {
            "List-Unsubscribe": f"<{leave}>",
            "List-Id": "Monthly newsletter <monthly.example.org>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Feedback-ID": "2024-07:monthly:newsletter:nbfabc3743295",
        },
        "substitutions": {tag(place): value for place, value in values.items()},
        "custom_args": {"delivery": token, "batch": "newsletter-0123"},
    }


def test_a_call_is_exactly_this() -> None:
    """Every byte: one message with tags, what they stand for, and every kind of tracking switched off."""
    request = SENDGRID.prepare(make.edition(subject=SUBJECT), make.ENVELOPE, make.NOW).encode(BATCH)
    text = f"Dear {tag('s0')},\n\nZwölf Projekte.\n\nUnsubscribe: {tag('s1')}\nView: {tag('s2')}\n"
    html = (
        f"<!doctype html><p>Dear {tag('s3')},</p>\n<p>Zwölf Projekte für Grenzgemeinden = 12 projects.</p>\n"
        f'<a href="{tag("s4")}">View</a> <a href="{tag("s5")}">Unsubscribe</a>\n'
    )
    off = {"enable": False}
    body = {
        "from": {"email": "news@example.org", "name": "ICMPD Newsletter"},
        "reply_to": {"email": "press@example.org"},
        "subject": f"For {tag('s0')}: “quoted” – Wien",
        "content": [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": off,
            "subscription_tracking": off,
            "ganalytics": off,
        },
        "mail_settings": {"footer": off},
        "personalizations": [
            personalization("tokenOne", "anna@example.org", "O'Hara", "O&#x27;Hara"),
            personalization("tokenTwo", "reader@xn--bcher-kva.example", "reader", "reader"),
        ],
    }
    assert request == WireRequest(
        "POST",
        "https://api.eu.sendgrid.com/v3/mail/send",
        (("Authorization", "Bearer SG.key"), ("Content-Type", "application/json")),
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
    )
    assert "SG.key" not in f"{SENDGRID!r}{request!r}"


def test_pictures_travel_inline_once_a_call() -> None:
    """Named as the text names them."""
    request = SENDGRID.prepare(make.edition(images=(make.image(),)), make.ENVELOPE, make.NOW).encode(BATCH)
    (picture,) = json.loads(request.body)["attachments"]
    assert picture.pop("content").startswith("iVBORw0KGgo")
    assert picture == {
        "type": "image/png",
        "filename": "3f2a.png",
        "disposition": "inline",
        "content_id": "3f2a.png@newsletter",
    }


def error(status: int, *fields: str | None, text: str = "said so") -> WireResponse:
    """Return an answer with an error about each field."""
    return answer(status, {"errors": [{"message": text, "field": field, "help": None} for field in fields]})


def test_one_id_stands_for_all() -> None:
    """It comes in a header; without it the call was taken all the same."""
    assert SENDGRID.decode(BATCH, answer(202, x_message_id="abc-1")) == Verdict(
        (Accepted("tokenOne", "abc-1"), Accepted("tokenTwo", "abc-1"))
    )
    assert SENDGRID.decode(SINGLE, answer(202)) == Verdict((Accepted("tokenOne"),))


def test_only_the_sandbox_answers_200() -> None:
    """From anything else it is not SendGrid's answer, such as a page of somebody in between."""
    assert SENDGRID.decode(SINGLE, answer(200, b"<html>")) == Verdict(
        (Unsure("tokenOne", "the answer was 200, which is none of SendGrid's"),)
    )
    assert replace(SENDGRID, test=True).decode(SINGLE, answer(200)) == Verdict((Accepted("tokenOne"),))


@pytest.mark.parametrize("response", [error(500, None), error(503, None), error(408, None)])
def test_a_failure_of_sendgrid_is_unsure(response: WireResponse) -> None:
    """It may have taken the messages before it failed."""
    assert SENDGRID.decode(SINGLE, response) == Verdict((Unsure("tokenOne", "said so"),), conclusive=False)


def test_whoever_an_error_names_is_refused_alone() -> None:
    """All or nothing: nobody was sent to; the others are tried again without the one."""
    assert SENDGRID.decode(BATCH, error(400, "personalizations.1.to.0.email")) == Verdict(
        (NotTaken("tokenOne", "said so"), Rejected("tokenTwo", "said so", certain=True))
    )
    assert SENDGRID.decode(BATCH, error(400, "personalizations.0.to", "personalizations.1.substitutions")) == Verdict(
        (Rejected("tokenOne", "said so", certain=True), Rejected("tokenTwo", "said so"))
    )


@pytest.mark.parametrize("field", [None, "null"])
def test_an_error_about_nothing_divides_the_batch(field: str | None) -> None:
    """Until the one is found, who is not certainly at fault."""
    assert SENDGRID.decode(BATCH, error(400, field)) == Verdict(
        (NotTaken("tokenOne", "said so"), NotTaken("tokenTwo", "said so")), divide=True
    )
    assert SENDGRID.decode(SINGLE, error(400, field)) == Verdict((Rejected("tokenOne", "said so"),))
    assert SENDGRID.decode(BATCH, answer(413)).divide


@pytest.mark.parametrize(
    ("response", "kind", "text"),
    [
        (error(401, None), AuthenticationError, "SendGrid refused the key or the sender: said so"),
        (error(403, "from"), AuthenticationError, "SendGrid refused the key or the sender: said so"),
        (
            error(401, None, text="Maximum credits exceeded"),
            ProviderError,
            "SendGrid's credits are used up: Maximum credits exceeded",
        ),
        (error(400, "from.email"), ProviderError, "SendGrid refused the call: said so"),
        (error(400, "personalizations.0.headers"), ProviderError, "SendGrid refused the call: said so"),
        (error(400, "personalizations.2.to"), ProviderError, "SendGrid refused the call: said so"),
        (error(400, "personalizations.0.to", "subject"), ProviderError, "SendGrid refused the call: said so"),
        (answer(302), ConfigurationError, "the provider 'main' answers that it has moved (302)"),
        (answer(404), ConfigurationError, "the provider 'main' does not know the call (404)"),
    ],
)
def test_what_would_fail_for_everybody_stops(response: WireResponse, kind: type[Exception], text: str) -> None:
    """Nobody was sent to, and nobody is tried after."""
    verdict = SENDGRID.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert type(verdict.stop) is kind
    assert str(verdict.stop) == text


@pytest.mark.parametrize("response", [error(429, None), answer(400, b"<html>"), answer(418)])
def test_other_refusals_are_tried_again(response: WireResponse) -> None:
    """Too many calls, or an answer that is not SendGrid's."""
    verdict = SENDGRID.decode(BATCH, response)
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken, NotTaken]
    assert (verdict.stop, verdict.divide) == (None, False)


NOW = int(make.NOW.timestamp())


@pytest.mark.parametrize(
    ("response", "seconds"),
    [
        (answer(202), 0.0),
        (answer(202, x_ratelimit_remaining="3", x_ratelimit_reset=str(NOW + 9)), 0.0),
        (answer(202, x_ratelimit_remaining="0", x_ratelimit_reset=str(NOW + 9)), 9.0),
        (answer(429, x_ratelimit_reset=str(NOW + 9)), 9.0),
        (answer(429, x_ratelimit_reset=str(NOW - 9)), 1.0),
        (answer(429, x_ratelimit_reset=str(NOW + 99_999)), 3600.0),
        (answer(429, retry_after="2", x_ratelimit_reset=str(NOW + 9)), 2.0),
        (answer(429, x_ratelimit_reset="soon"), 1.0),
        (answer(429, x_ratelimit_reset="9" * 400), 1.0),
        (answer(503, retry_after="3"), 3.0),
        (answer(503), 0.0),
    ],
)
def test_pauses_are_those_that_were_asked_for(response: WireResponse, seconds: float) -> None:
    """At most an hour; the header tells a second since 1970."""
    assert SENDGRID.throttle(response, make.NOW) == seconds


PLACES = st.sampled_from(["personalizations.0.to.0.email", "personalizations.1", "personalizations.7.to", "from"])
ERRORS = st.lists(st.fixed_dictionaries({"field": PLACES | JSON, "message": st.text(max_size=9) | JSON}), max_size=3)
LIMITS = st.dictionaries(
    st.sampled_from(["x-ratelimit-reset", "x-ratelimit-remaining", "retry-after", "x-message-id"]),
    st.sampled_from(["0", "-1", "nan", "9" * 400]) | st.text(),
)


@given(st.integers(1, 3), st.integers(200, 599), ERRORS | JSON, LIMITS)
def test_any_answer_speaks_once_of_each_delivery(size: int, status: int, errors: Any, headers: dict[str, str]) -> None:
    """Whatever its errors name."""
    asked = batch(size)
    response = WireResponse(status, headers, json.dumps({"errors": errors}).encode())
    check(asked, SENDGRID.decode(asked, response))
    assert 0 <= SENDGRID.throttle(response, make.NOW) <= 3600


def test_an_event_says_whose_it_is() -> None:
    """SendGrid repeats the arguments of each message among the fields of its events."""
    token = "t" * 28
    reader = make.ENVELOPE.recipient(token, "anna@example.org", "")
    body = json.loads(SENDGRID.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(Batch("key", (reader,))).body)
    told = {"event": "processed", "email": "anna@example.org", "sg_event_id": "1"}
    (event,) = Webhook().parse([told | body["personalizations"][0]["custom_args"]], "")
    assert event.delivery == token


def test_nothing_leaves_in_the_sandbox() -> None:
    """SendGrid checks the call and drops it."""
    with serving(SendGridServer()) as server:
        provider = SendGrid("main", server.url, API_KEY, test=True)
        assert call(provider, BATCH) == Verdict((Accepted("tokenOne"), Accepted("tokenTwo")))
        assert not server.accepted


def test_one_bad_address_costs_a_single_call_more(tmp_path: Path) -> None:
    """Because the answer names its place."""
    able = replace(CAPABILITIES, in_flight=1)
    with make.database(tmp_path) as database, serving(SendGridServer(bad={"reader0042@example.org"})) as server:
        make.subscribe(database, make.addresses(100))
        provider = SendGrid("main", server.url, API_KEY, capabilities=able)
        assert deliver(database, start(database, provider), provider) == Totals(accepted=99, rejected=1)
        assert server.sends == 2


def test_who_is_in_doubt_is_held(tmp_path: Path) -> None:
    """The server took the second call and hung up before it said so: nobody is written to again."""
    able = replace(CAPABILITIES, max_recipients=10, in_flight=1)
    with make.database(tmp_path) as database, serving(SendGridServer(fault=faults("2=reset after"))) as server:
        make.subscribe(database, make.addresses(30))
        provider = SendGrid("main", server.url, API_KEY, capabilities=able)
        with pytest.raises(PartlyAccepted, match="of 10 nobody can tell"):
            deliver(database, start(database, provider), provider)
        progress = sending.status(database, "2024-07")
        assert (progress.mailing.state, progress.totals) == (
            MailingState.PARTLY_SENT,
            Totals(accepted=20, unknown=10),
        )
        assert set(server.accepted.values()) == {1}
        assert len(server.accepted) == 30
