"""Outlines of issues for tests, and strategies that make any of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from newsletter.model.outline import EditionOutline, EntryOutline, ImageOutline, Outline, SectionOutline


def entry(name: str, **fields: str) -> EntryOutline:
    """Return an entry with a title; dots in field names are written as two underscores."""
    values = {"title": name.title(), "url": f"https://www.example.org/{name}"}
    values |= {key.replace("__", "."): value for key, value in fields.items()}
    return EntryOutline(name, "news", f"digest of {name} {values}", {key: part for key, part in values.items() if part})


def section(heading: str, *entries: EntryOutline, layout: str = "list", intro: str = "") -> SectionOutline:
    """Return a section."""
    return SectionOutline(heading, layout, intro, entries)


def edition(*sections: SectionOutline, **fields: Any) -> EditionOutline:
    """Return an English edition whose digests follow from what is in it, as rendering would have it."""
    values: dict[str, Any] = {
        "language": "en",
        "topics": (),
        "title": "Newsletter",
        "subject": "News from July",
        "preheader": "And more",
        "intro": "Dear reader",
        "links": tuple(one.fields["url"] for part in sections for one in part.entries if "url" in one.fields),
        "images": (),
    } | fields
    shown = repr((sections, sorted(values.items(), key=lambda item: item[0])))
    made: dict[str, Any] = {"html_digest": shown, "html_bytes": 1000, "text_digest": shown, "text_bytes": 100} | values
    return EditionOutline(**{"digest": repr(sorted(made.items(), key=lambda item: item[0])), **made}, sections=sections)


def outline(*editions: EditionOutline, **fields: Any) -> Outline:
    """Return an issue that goes to the monthly list."""
    values: dict[str, Any] = {
        "issue": "2024-07",
        "sender": {"sender": "ICMPD <news@example.org>", "reply_to": ""},
        "audience": {"lists": "monthly"},
    } | fields
    digest = repr((values["sender"], values["audience"], [(one.name, one.digest) for one in editions]))
    return Outline(digest=digest, editions=editions, **values)


def picture(alt: str, src: str = "https://news.example.org/images/a.png") -> ImageOutline:
    """Return a picture."""
    return ImageOutline(src, alt)


_WORDS = st.text("abc ", min_size=1, max_size=4)
_FIELDS = st.fixed_dictionaries({"title": _WORDS}, optional={"summary": _WORDS, "url": _WORDS, "image.alt": _WORDS})


@st.composite
def editions(draw: st.DrawFn) -> EditionOutline:
    """Return any edition; ids are unique in it, as selection has them, and headings may repeat."""
    ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True))
    places = draw(st.lists(st.integers(0, 3), min_size=len(ids), max_size=len(ids)))
    headings = draw(st.lists(st.sampled_from(["News", "Studies", "Calls"]), min_size=4, max_size=4))
    sections = tuple(
        section(
            heading,
            *(
                EntryOutline(name, "news", "", draw(_FIELDS))
                for name, place in zip(ids, places, strict=True)
                if place == number
            ),
        )
        for number, heading in enumerate(headings)
        if number in places
    )
    return edition(
        *sections,
        subject=draw(_WORDS),
        links=tuple(draw(st.lists(_WORDS, unique=True, max_size=3))),
        images=tuple(picture(*draw(st.tuples(_WORDS, _WORDS))) for _ in range(draw(st.integers(0, 2)))),
    )


def outlines() -> st.SearchStrategy[Outline]:
    """Return any issue of one edition."""
    lists = st.sampled_from(["monthly", "monthly, press"])
    return st.builds(lambda one, names: outline(one, audience={"lists": names}), editions(), lists)
