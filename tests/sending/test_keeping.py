"""Editions in the database."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import StorageError
from newsletter.model.edition import Edition, InlineImage
from newsletter.model.slot import SLOTS, Context, Slot, Slotted
from newsletter.sending.keeping import edition_bytes, read_edition, read_head, read_text
from tests.sending import making as make

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@st.composite
def slotted(draw: st.DrawFn, context: Context) -> Slotted:
    """Return chunks with slots between them."""
    slots = draw(st.lists(st.builds(Slot, st.sampled_from(sorted(SLOTS)), TEXT), max_size=3))
    chunks = draw(st.lists(TEXT, min_size=len(slots) + 1, max_size=len(slots) + 1))
    return Slotted(tuple(chunk.encode() for chunk in chunks), tuple(slots), context)


IMAGES = st.lists(st.builds(InlineImage, TEXT, TEXT, st.binary(max_size=50)), max_size=2).map(tuple)
EDITIONS = st.builds(
    Edition,
    issue=TEXT,
    language=TEXT,
    direction=st.sampled_from(["ltr", "rtl"]),
    subject=slotted(Context.HEADER),
    preheader=slotted(Context.PLAIN),
    html=slotted(Context.HTML),
    text=slotted(Context.PLAIN),
    mjml=TEXT,
    topics=st.lists(TEXT, max_size=2).map(tuple),
    images=IMAGES,
    hosted=IMAGES,
)


@settings(deadline=None)
@given(EDITIONS)
def test_an_edition_comes_back_as_it_was(edition: Edition) -> None:
    """What was approved is what is sent."""
    assert read_edition(edition_bytes(edition), edition.digest) == edition


@settings(deadline=None)
@given(EDITIONS)
def test_subject_and_preheader_are_read_from_the_beginning(edition: Edition) -> None:
    """Without what is not needed for them: a list of issues reads no whole editions."""
    kept = edition_bytes(edition)
    assert read_head(kept[: len(kept) - 4]) == (edition.subject, edition.preheader)


def test_the_text_part_is_read_without_the_pictures_behind_it() -> None:
    """Of a year of issues a rule wants the words."""
    pictures = tuple(InlineImage("a.png", "image/png", random.Random(number).randbytes(9000)) for number in range(3))
    edition = make.edition(images=pictures)
    kept = edition_bytes(edition)
    assert read_text(kept[: len(kept) - 20_000]) == edition.text


@pytest.mark.parametrize("beginning", [b"", b"no zlib", edition_bytes(make.edition())[:40]])
def test_too_short_a_beginning_says_nothing(beginning: bytes) -> None:
    """Whoever wants to know reads on."""
    assert read_head(beginning) is None
    assert read_text(beginning) is None


def test_the_same_edition_gives_the_same_bytes() -> None:
    """Neither clock nor chance has a part in it."""
    assert edition_bytes(make.edition()) == edition_bytes(make.edition())


@pytest.mark.parametrize("content", [b"", b"no zlib", edition_bytes(make.edition(mjml="other"))[:-3]])
def test_damage_is_told(content: bytes) -> None:
    """Half an edition is none."""
    with pytest.raises(StorageError):
        read_edition(content, make.edition().digest)


def test_another_edition_is_refused() -> None:
    """The digest is the judge."""
    with pytest.raises(StorageError, match="an edition in the database is not the one that was frozen"):
        read_edition(edition_bytes(make.edition(language="de")), make.edition().digest)
