"""Offers as files: the exact text of each, and nothing of a stranger that would act."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter import pipeline
from newsletter.content import sources
from newsletter.content.sources import words
from newsletter.errors import NotFound
from newsletter.model.content import Content
from newsletter.model.offer import Offer
from tests.content.sources.test_looking import space, with_source
from tests.content.sources.website import Website, on_this_machine, picture

WELLS = Offer(
    "https://www.example.org/wells",
    "New wells: *now* [here]",
    date(2024, 7, 26),
    "1. Twelve villages, 50% & more.",
    "https://www.example.org/wells.jpg",
    "A woman at a well",
    ("BORDERS", "Uncategorized"),
    "fr-FR",
    "news",
)


def test_a_draft_says_what_the_source_says(tmp_path: Path) -> None:
    """Every field in its place, topics only where they are the newsletter's, and hints for what is missing."""
    workspace = space(tmp_path, one="---\ntitle: A\ndate: 2024-07-01\ntopics: [borders]\n---\n")
    (draft,) = sources.drafts(workspace, [WELLS], {WELLS.picture: "images/wells.jpg"}, pipeline.read(workspace))
    assert workspace.relative(draft.path) == "issues/entries/news/2024-07-26-new-wells-now-here.md"
    assert draft.text == (
        "---\n"
        'title: "New wells: *now* [here]"\n'
        "date: 2024-07-26    # decides which issue takes it\n"
        'summary: "1\\\\. Twelve villages, 50% & more."\n'
        'url: "https://www.example.org/wells"\n'
        "image: {src: images/wells.jpg, alt: A woman at a well}\n"
        "topics: [borders]\n"
        "# countries: [AT, KE]   # two-letter codes\n"
        "status: draft       # ready, as soon as it may go out\n"
        "language: fr-FR\n"
        "---\n"
    )


def test_an_event_has_its_own_fields(tmp_path: Path) -> None:
    """What the type lacks is left out; what a type needs and the page does not say stays to be filled in."""
    workspace = space(tmp_path)
    event = Offer("https://example.org/e", "Talks", type="event", fields={"start": "2024-10-08T09:00", "doi": "10.1/x"})
    call = Offer("https://example.org/c", "Talks", type="call", fields={"start": "2024-10-08T09:00"})
    first, second = sources.drafts(workspace, [event, call], {}, Content())
    assert "start: 2024-10-08T09:00\n" in first.text
    assert "doi" not in first.text
    assert "deadline:           # such as" in second.text
    assert "start" not in second.text


def test_two_of_one_title_have_two_files(tmp_path: Path) -> None:
    """Nothing is written over, neither within one go nor what is there."""
    workspace = space(tmp_path, talks="---\ntitle: Talks\ndate: 2024-07-01\n---\n")
    offers = [Offer(f"https://example.org/{number}", "Talks", type="news") for number in range(2)]
    made = sources.drafts(workspace, offers, {}, pipeline.read(workspace))
    assert [draft.path.name for draft in made] == ["talks-2.md", "talks-3.md"]


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        *(("eng", ""), ("en_GB", ""), ("English", ""), ("EN", ""), ("", ""), ("und", ""), ("x-default", "")),
        *(("fre", "fr"), ("fr_CA", "fr-CA"), ("de-AT", "de-AT"), ("{{lang}}", "")),
    ],
)
def test_a_language_is_one_however_it_is_spelt(tmp_path: Path, written: str, tag: str) -> None:
    """Catalogues have three letters, others an underscore; an issue leaves out what is in another language."""
    offer = Offer("https://example.org/x", "X", language=written, type="news")
    (draft,) = sources.drafts(space(tmp_path), [offer], {}, Content())
    assert [line for line in draft.text.splitlines() if line.startswith("language:")] == (
        [f"language: {tag}"] if tag else []
    )


def test_an_unknown_type_is_told(tmp_path: Path) -> None:
    """With the one that was meant."""
    with pytest.raises(NotFound, match=r"there is no type 'newz'; did you mean news\?"):
        sources.drafts(space(tmp_path), [Offer("https://example.org/x", "X", type="newz")], {}, Content())


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(words.of_text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=_TEXT.filter(bool), summary=_TEXT, alt=_TEXT, place=_TEXT, topics=st.lists(_TEXT, max_size=3))
def test_whatever_a_stranger_writes_is_read_back(
    tmp_path: Path, title: str, summary: str, alt: str, place: str, topics: list[str]
) -> None:
    """Quotes, colons, dashes, braces and emoji of a web site are words in a file of ours, and never its structure."""
    workspace = space(tmp_path)
    offer = Offer(
        "https://www.example.org/x",
        title,
        date(2024, 7, 26),
        words.shortened(summary),
        "https://www.example.org/x.png",
        alt,
        tuple(topics),
        "en",
        "event",
        {"start": "2024-10-08", "place": place},
    )
    (draft,) = sources.drafts(workspace, [offer], {offer.picture: "images/x.png"}, Content())
    assert draft.path.parent == workspace.entries / "events"
    try:
        draft.path.parent.mkdir(exist_ok=True)
        draft.path.write_bytes(draft.text.encode())
        read = pipeline.read(workspace)
        assert [entry.title for entry in read.entries] == [title]
        (entry,) = read.entries
        assert (entry.summary, entry.status, entry.url) == (words.as_markdown(offer.summary), "draft", offer.url)
        assert entry.image is not None
        assert (entry.image.alt or "") == alt
        assert (getattr(entry, "place", None) or "") == place
    finally:
        draft.path.unlink(missing_ok=True)


def test_pictures_are_brought_here_and_checked(tmp_path: Path, site: Website) -> None:
    """By what they are, not by what they are called; one that fails keeps no other away."""
    workspace = with_source(tmp_path, site.address, "private = true\n")
    good = site.put("/photo.php?id=1", picture(form="JPEG"), "text/plain")
    offers = [
        Offer("https://example.org/1", "New wells v2.0", picture=good),
        Offer("https://example.org/2", "Page", picture=site.put("/evil.png", "<svg onload=alert(1)>", "image/png")),
        Offer("https://example.org/3", "None", picture=f"{site.address}/none.png"),
        Offer("https://example.org/4", "Without"),
    ]
    paths, troubles = sources.pictures(workspace, offers)
    assert paths == {good: "images/new-wells-v2-0.jpg"}
    assert (tmp_path / "issues/images/new-wells-v2-0.jpg").read_bytes() == picture(form="JPEG")
    assert [trouble.message for trouble in troubles] == [
        f"{site.address}/evil.png: this is an SVG drawing, which mails cannot show",
        f"{site.address}/none.png cannot be read",
    ]
    assert sources.pictures(workspace, offers[:1], on_this_machine)[0] == paths
