"""How lost calls are found at Mailgun."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from newsletter.sending.providers.contract import (
    Accepted,
    Evidence,
    WireResponse,
)
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.transport import MaybeSent
from tests.sending import making as make
from tests.sending.calls import answer, call, readers, search
from tests.sending.mail_server import faults, serving
from tests.sending.mailgun_server import API_KEY, DOMAIN, MailgunServer
from tests.sending.test_mailgun import BATCH, MAILGUN, said


def query(more: str) -> dict[str, str]:
    """Return what a question asks for."""
    asked = urlsplit(MAILGUN.probe(BATCH, make.NOW, more).url)
    assert asked.path == f"/v3/{DOMAIN}/events"
    return {name: value for name, (value,) in parse_qs(asked.query).items()}


def test_questions_are_exactly_these() -> None:
    """First for witnesses, then for everything of those minutes with the batch's tag."""
    common = {"ascending": "yes", "limit": "300", "event": "accepted"}
    assert query("") == {**common, "begin": "1722149100", "recipient": "anna@example.org"}
    assert query("witness 1") == {**common, "begin": "1722149100", "recipient": "reader@xn--bcher-kva.example"}
    assert query("page 0") == {**common, "begin": "1722149880", "end": "1722150720", "tags": "newsletter-c9"}
    assert MAILGUN.probe(BATCH, make.NOW, "page 1 /W3si?a=b").url == (
        f"https://api.eu.mailgun.net/v3/{DOMAIN}/events/W3si?a=b"
    )


def test_who_was_erased_is_no_witness() -> None:
    """Nothing is left of their address; where that holds for all, everything with the batch's tag is read at once."""
    anna, reader = BATCH.recipients
    some = replace(BATCH, recipients=(replace(anna, address=""), reader))
    assert "recipient=reader%40xn--bcher-kva.example&" in MAILGUN.probe(some, make.NOW).url + "&"
    assert MAILGUN.evidence(some, events(), "") == Evidence({}, "page 0")
    none = replace(BATCH, recipients=tuple(replace(one, address="") for one in BATCH.recipients))
    assert MAILGUN.probe(none, make.NOW) == MAILGUN.probe(BATCH, make.NOW, "page 0")
    assert MAILGUN.evidence(none, events(following="https://api.mailgun.net/v3/d/events/x"), "") == Evidence({})
    shown = events(event("other", "x"), following="https://api.mailgun.net/v3/d/events/x")
    assert MAILGUN.evidence(none, shown, "") == Evidence({}, "page 1 /x")


def events(*items: Any, following: str = "https://api.mailgun.net/v3/d/events/W3si") -> WireResponse:
    """Return a page."""
    return answer(200, {"items": items, "paging": {"next": following}})


def event(batch: str, delivery: str = "tokenTwo") -> dict[str, Any]:
    """Return an event."""
    return {
        "event": "accepted",
        "user-variables": {"batch": batch, "delivery": delivery},
        "message": {"headers": {"message-id": "20240728.1@mail.example.org"}},
    }


def test_one_witness_proves_the_whole_call() -> None:
    """Mailgun takes a call whole or not at all; another call's events prove nothing."""
    assert MAILGUN.evidence(BATCH, events(event("other"), event("newsletter-0123")), "") == Evidence(
        {"tokenOne": "", "tokenTwo": "20240728.1@mail.example.org"}
    )
    assert MAILGUN.evidence(BATCH, events(event("other", "x"), {"event": "accepted"}, None), "") == Evidence(
        {}, "witness 1"
    )


def test_an_earlier_call_proves_what_it_carried() -> None:
    """A delivery that another call carried is found, by its variable or by its message id; the others are not."""
    by_id = {"event": "accepted", "message": {"headers": {"message-id": "tokenOne@example.org"}}}
    assert MAILGUN.evidence(BATCH, events(event("other")), "") == Evidence(
        {"tokenTwo": "20240728.1@mail.example.org"}, "witness 1"
    )
    assert MAILGUN.evidence(BATCH, events(by_id), "witness 1") == Evidence(
        {"tokenOne": "tokenOne@example.org"}, "page 0"
    )


def test_a_search_ends_after_all_witnesses_and_all_pages() -> None:
    """Only then is it sure that the call was not taken."""
    assert MAILGUN.evidence(BATCH, events(), "witness 1") == Evidence({}, "page 0")
    assert MAILGUN.evidence(BATCH, events(event("other", "x")), "page 0") == Evidence({}, "page 1 /W3si")
    assert MAILGUN.evidence(BATCH, events(), "page 1 /W3si") == Evidence({})


@pytest.mark.parametrize(
    "following", ["", "https://evil.example/steal", "https://x/events/../messages", "\n", "x" * 3000]
)
def test_pages_lead_nowhere_else(following: str) -> None:
    """The key goes to Mailgun's events alone."""
    assert MAILGUN.evidence(BATCH, events(event("other", "x"), following=following), "page 0") == Evidence({})


@pytest.mark.parametrize("response", [said(500), said(401), answer(200, b"<html>"), answer(200, {"items": 7})])
def test_nothing_is_concluded_from_what_is_no_answer(response: WireResponse) -> None:
    """The search is made again later."""
    found = MAILGUN.evidence(BATCH, response, "")
    assert (found.found, found.more) == ({}, "")
    assert found.problem


def test_lost_calls_are_found_and_those_never_taken_are_not() -> None:
    """Against a server that takes one of two, answers neither, and shows what it took a little later."""
    server = MailgunServer(fault=faults("2=reset after,3=lost"), lag=3600)
    since = datetime.now(UTC)
    with serving(server):
        provider = Mailgun("main", server.url, DOMAIN, API_KEY)
        assert type(call(provider, readers("a", 0, 700)).outcomes[0]) is Accepted
        for batch in (readers("b", 700, 5), readers("c", 800, 5)):
            with pytest.raises(MaybeSent):
                call(provider, batch)
        assert search(provider, readers("b", 700, 5), since) == set()
        server.lag = 0
        assert search(provider, readers("a", 0, 700), since) == {f"delivery{number}" for number in range(700)}
        assert search(provider, readers("b", 700, 5), since) == {f"delivery{number}" for number in range(700, 705)}
        assert search(provider, readers("c", 800, 5), since) == set()
        assert search(provider, readers("b", 700, 5), since + timedelta(hours=1)) == set()
    assert server.accepted == {f"reader{number}@example.org": 1 for number in range(705)}
