"""Which link was followed, as every kind of webhook tells it: enough to know the entry, and nothing of the reader."""

from __future__ import annotations

import pytest

from newsletter.model.event import EventKind
from newsletter.tracking.webhooks import KINDS
from tests.tracking import making as make

LINK = "https://www.example.org/news/wells?page=2"


def link_of(kind: str, what: EventKind, link: str) -> str:
    """Return what is kept of a link of which a provider tells."""
    call = make.call(kind, make.event(what, link=link))
    (event,) = KINDS[kind].parse(KINDS[kind].read(call.body), "call-1")
    return event.link


@pytest.mark.parametrize("kind", KINDS)
def test_a_click_says_which_link_was_followed(kind: str) -> None:
    """So that a team sees what its readers read; of an opening there is none."""
    assert link_of(kind, EventKind.CLICKED, LINK) == LINK
    assert link_of(kind, EventKind.OPENED, LINK) == ""


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        (f"{LINK}&utm_source=news&utm_campaign=x", LINK),
        (f"https://news.example.org/u/{'A' * 28}", ""),
        (f"https://news.example.org/path/v/{'A' * 28}?x=1", ""),
        (f"https://news.example.org/confirm/{'A' * 28}", ""),
        (f"https://news.example.org/preferences/{'A' * 28}/", ""),
        (f"https://elsewhere.example/?to=https%3A%2F%2Fnews.example.org%2Fu%2F{'A' * 28}", ""),
        ("https://example.org/form?email=anna%40example.org&x=1", "https://example.org/form"),
        ("https://example.org/login?next=%2Fform%3Femail%3Danna%2540example.org", "https://example.org/login"),
        (f"https://example.org/form?{'x' * 460}&email=anna.berg@example.org", "https://example.org/form"),
        (f"https://example.org/{'x' * 2000}", ""),
        ("https://anna@example.org@example.org/", ""),
        ("mailto:press@example.org", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_link_nothing_of_the_reader_is_kept(kind: str, link: str, kept: str) -> None:
    """Neither the way to leave, which is theirs alone, nor an address in it."""
    assert link_of(kind, EventKind.CLICKED, link) == kept


@pytest.mark.parametrize(
    "link",
    [
        "https://www.youtube.com/@example",
        "https://medium.com/@example/a-story?id=4012",
        "https://maps.example/@48.2,16.3,15z",
        f"https://forms.example/?id={'x' * 600}",
    ],
)
def test_a_link_that_names_nobody_is_kept_whole(link: str) -> None:
    """Channels and places have an @ as well, and an entry is known by its whole address."""
    assert link_of("postmark", EventKind.CLICKED, link) == link
