"""How lost calls are found at Postmark, and answers over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newsletter.sending.providers.contract import (
    Accepted,
    Evidence,
    Rejected,
    Unsure,
    WireRequest,
    WireResponse,
)
from newsletter.sending.transport import MaybeSent
from tests.sending import making as make
from tests.sending.calls import answer, call, readers, search
from tests.sending.mail_server import faults, serving
from tests.sending.postmark_server import API_KEY, PostmarkServer
from tests.sending.test_postmark import BATCH, BULK, HEADERS, POSTMARK, error


def test_questions_are_exactly_these() -> None:
    """In the stream that the messages went to, by the one metadata field that a search may name."""
    for more, offset in (("", 0), ("500", 500)):
        assert POSTMARK.probe(BATCH, make.NOW, more) == WireRequest(
            "GET",
            f"https://api.postmarkapp.com/messages/outbound?count=500&offset={offset}"
            "&messagestream=broadcast&metadata_batch=newsletter-0123",
            HEADERS,
            b"",
        )


def message(delivery: str, message_id: str, batch: str = "newsletter-0123") -> dict[str, Any]:
    """Return a message as a search shows it."""
    return {"MessageID": message_id, "Metadata": {"batch": batch, "delivery": delivery}, "Recipients": ["x@y.example"]}


def page(total: int, *messages: Any) -> WireResponse:
    """Return an answer to a search."""
    return answer(200, {"TotalCount": total, "Messages": messages})


def test_what_is_shown_is_found() -> None:
    """Our deliveries of this batch, and nothing else."""
    shown = page(4, message("tokenTwo", "b"), message("tokenOne", "a", "other"), message("stranger", "c"), None)
    assert POSTMARK.evidence(BATCH, shown, "") == Evidence({"tokenTwo": "b"})
    assert POSTMARK.evidence(BATCH, page(0), "") == Evidence({})
    full = [message("tokenTwo", "b"), *[None] * 499]
    assert POSTMARK.evidence(BATCH, page(501, *full), "") == Evidence({"tokenTwo": "b"}, "500")


@pytest.mark.parametrize(("total", "shown", "before"), [(502, 1, "500"), (10_001, 500, "9500")])
def test_a_search_that_does_not_show_what_it_tells_of_says_nothing_of_the_others(
    total: int, shown: int, before: str
) -> None:
    """A page that is not full, and the depth that Postmark allows, end a search; it is made again later."""
    messages = [message("tokenTwo", "b"), *[None] * (shown - 1)]
    found = POSTMARK.evidence(BATCH, page(total, *messages), before)
    assert (found.found, found.more) == ({"tokenTwo": "b"}, "")
    assert found.problem
    assert found.problem.message == (
        f"Postmark's messages cannot be searched: it tells of {total} messages, but does not show all of them"
    )


@pytest.mark.parametrize(
    "response",
    [error(0, status=500), error(10, status=401), answer(200, b"<html>"), answer(200, {"Messages": []}), page(5)],
)
def test_nothing_is_concluded_from_what_is_no_answer(response: WireResponse) -> None:
    """The search is made again later."""
    found = POSTMARK.evidence(BATCH, response, "")
    assert (found.found, found.more) == ({}, "")
    assert found.problem


@pytest.mark.parametrize("bulk", [False, True])
def test_lost_calls_are_found_and_those_never_taken_are_not(bulk: bool) -> None:
    """Against a server that takes one of two, answers neither, and shows what it took page by page."""
    server = PostmarkServer(fault=faults("2=reset after,3=lost"))
    with serving(server):
        provider = replace(BULK if bulk else POSTMARK, base_url=server.url, api_key=API_KEY)
        assert {type(outcome) for outcome in call(provider, readers("a", 0, 5)).outcomes} == {Accepted}
        for batch in (readers("b", 100, 500), readers("c", 800, 5)):
            with pytest.raises(MaybeSent):
                call(provider, batch)
        assert search(provider, readers("b", 100, 500)) == {f"delivery{number}" for number in range(100, 600)}
        assert search(provider, readers("c", 800, 5)) == set()
        if bulk:
            call(provider, readers("d", 1000, 1200))
            assert len(search(provider, readers("d", 1000, 1200))) == 1200
            assert server.searches == 5


def test_answers_in_another_order_and_with_items_missing_are_sorted_out() -> None:
    """Over real HTTP, with one address refused and one inactive."""
    server = PostmarkServer(
        fault=faults("1=shuffled,2=missing"), bad={"reader3@example.org"}, inactive={"reader4@example.org"}
    )
    with serving(server):
        provider = replace(POSTMARK, base_url=server.url, api_key=API_KEY)
        verdict = call(provider, readers("a", 0, 8))
        assert [type(outcome) for outcome in verdict.outcomes] == [
            *[Accepted] * 3,
            Rejected,
            Rejected,
            *[Accepted] * 3,
        ]
        assert [outcome.provider_id for outcome in verdict.outcomes if isinstance(outcome, Accepted)] == [
            f"{number:08}-message" for number in range(6)
        ]
        again = call(provider, readers("b", 10, 3))
        assert [type(outcome) for outcome in again.outcomes] == [Unsure, Accepted, Accepted]
        assert search(provider, readers("b", 10, 3)) == {"delivery10", "delivery11", "delivery12"}
