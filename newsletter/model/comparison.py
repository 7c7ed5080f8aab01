"""Two outlines of an issue become the difference between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from newsletter.model import moves
from newsletter.model.difference import Change, Difference, Kind, Resized
from newsletter.model.outline import EditionOutline, ImageOutline, Outline
from newsletter.model.wording import plural, quoted, was

_TEXTS = {"subject": "subject", "preheader": "preheader", "title": "title", "intro": "introduction"}
_NEWSLETTER = {"title": "newsletter’s title", "tagline": "tagline", "postal_address": "postal address"}
_HEADERS = {
    "sender": "From",
    "reply_to": "Reply-To",
    "public_url": "address of readers' links",
    "list_name": "list that gives the headers its name",
    "list_title": "list's title",
}


def compare(before: Outline, after: Outline) -> Difference:
    """Return what has changed from one outline to the other, the most important first."""
    old = {edition.name: edition for edition in before.editions}
    new = {edition.name: edition for edition in after.editions}
    both = [name for name in new if name in old]
    found = [
        *_table(before.audience, after.audience, Kind.AUDIENCE_CHANGED, {}),
        *_table(before.sender, after.sender, Kind.SENDER_CHANGED, _HEADERS),
        *(Change(Kind.EDITION_ADDED, f"There is a new edition: {name}.", (name,)) for name in new if name not in old),
        *(Change(Kind.EDITION_REMOVED, f"The edition {name} is gone.", (name,)) for name in old if name not in new),
    ]
    if _redesigned(before, after) and any(old[name].html_digest != new[name].html_digest for name in both):
        found.append(Change(Kind.DESIGN_CHANGED, "The templates or the colours have changed.", tuple(both)))
    redesigned = any(change.kind is Kind.DESIGN_CHANGED for change in found)
    inside = [change for name in both for change in _edition(old[name], new[name], redesigned=redesigned)]
    return Difference(
        before.digest,
        after.digest,
        (*found, *_together(inside, len(after.editions))),
        tuple(size for name in both if (size := _size(old[name], new[name]))),
    )


def _redesigned(before: Outline, after: Outline) -> bool:
    return bool(before.design and after.design and before.design != after.design)


def _size(before: EditionOutline, after: EditionOutline) -> Resized | None:
    sizes = (before.html_bytes, after.html_bytes, before.text_bytes, after.text_bytes)
    return Resized(after.name, *sizes) if sizes[0] != sizes[1] or sizes[2] != sizes[3] else None


def _together(changes: Iterable[Change], editions: int) -> Iterator[Change]:
    """Yield each change once, with all editions that show it, in an order that puts what matters first."""
    merged: dict[tuple[str, ...], Change] = {}
    for change in changes:
        ends = () if change.entry and not change.field else (change.before, change.after)
        key = (change.kind, change.entry, change.field, *ends)
        known = merged.get(key)
        merged[key] = replace(known, editions=(*known.editions, *change.editions)) if known else change
    order = list(Kind)
    for change in sorted(merged.values(), key=lambda change: order.index(change.kind)):
        where = f" ({', '.join(change.editions)})." if len(change.editions) < editions else ""
        yield replace(change, sentence=change.sentence.removesuffix(".") + where) if where else change


def _edition(before: EditionOutline, after: EditionOutline, *, redesigned: bool) -> Iterator[Change]:
    """Yield what has changed in one edition; where only bytes differ, say at least that."""
    name = (after.name,)
    found = [
        *_texts(before, after),
        *_corrections(before, after),
        *moves.sections(before, after),
        *moves.entries(before, after),
    ]
    found += _links(before, after, found)
    found += _images(before, after, found)
    yield from (replace(change, editions=name) for change in found)
    if found or redesigned or before.digest == after.digest:
        return
    if before.html_digest != after.html_digest:
        sentence = "The HTML is made differently; entries, words, links and pictures are the same."
    elif before.text_digest != after.text_digest:
        sentence = "The plain text is made differently; entries, words and links are the same."
    else:
        sentence = "Something else in the message has changed."
    yield Change(Kind.LOOK_CHANGED, sentence, name)


def _texts(before: EditionOutline, after: EditionOutline) -> Iterator[Change]:
    for name, label in _TEXTS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(Kind.TEXT_CHANGED, was(f"The {label}", old, new), field=name, before=old, after=new)
    for name, label in _NEWSLETTER.items() if before.newsletter and after.newsletter else ():
        old, new = before.newsletter.get(name, ""), after.newsletter.get(name, "")
        if old != new:
            field, sentence = f"newsletter.{name}", was(f"The {label}", old, new)
            yield Change(Kind.TEXT_CHANGED, sentence, field=field, before=old, after=new)


def _corrections(before: EditionOutline, after: EditionOutline) -> Iterator[Change]:
    for note in after.corrections:
        if note not in before.corrections:
            sentence = f"Readers are told of a correction: {quoted(note)}."
            yield Change(Kind.TEXT_CHANGED, sentence, field="correction", after=note)
    for note in before.corrections:
        if note not in after.corrections:
            sentence = f"Readers are told no more of a correction: {quoted(note)}."
            yield Change(Kind.TEXT_CHANGED, sentence, field="correction", before=note)


def _table(before: Mapping[str, str], after: Mapping[str, str], kind: Kind, labels: Mapping[str, str]) -> list[Change]:
    return [
        Change(
            kind,
            was(f"The {labels.get(name, name.replace('_', ' '))}", old, new, several=plural(name)),
            field=name,
            before=old,
            after=new,
        )
        for name in dict.fromkeys((*after, *before))
        if (old := before.get(name, "")) != (new := after.get(name, ""))
    ]


def _links(before: EditionOutline, after: EditionOutline, known: Iterable[Change]) -> Iterator[Change]:
    """Yield links that no entry explains; an entry's own are told with it, and so is the calendar file of an event."""
    entries = (*before.entries, *after.entries)
    told = {entry.fields.get("url") for entry in entries}
    concerned = {change.entry for change in known}
    # Of an event, or of a team's own type that is made from it.
    if any("start" in entry.fields and entry.id in concerned for entry in entries):
        told |= {link for link in (*before.links, *after.links) if link.endswith(".ics")}
    for link in after.links:
        if link not in before.links and link not in told:
            yield Change(Kind.LINK_ADDED, f"There is a new link: {quoted(link)}.", field="link", after=link)
    for link in before.links:
        if link not in after.links and link not in told:
            yield Change(Kind.LINK_REMOVED, f"A link is gone: {quoted(link)}.", field="link", before=link)


def _images(before: EditionOutline, after: EditionOutline, known: Iterable[Change]) -> Iterator[Change]:
    """Yield pictures that are not what they were, unless the entry to which they belong has told it."""
    told = {change.entry for change in known if change.kind in {Kind.ENTRY_ADDED, Kind.ENTRY_REMOVED}}
    explained = {
        text
        for entry in (*before.entries, *after.entries)
        if entry.id in told
        for field, text in entry.fields.items()
        if field.endswith(".alt")
    }
    reworded = {(change.before, change.after) for change in known if change.field.endswith(".alt")}
    gone = [image for image in before.images if image not in after.images]
    come = [image for image in after.images if image not in before.images]
    for image in come:
        twin = _twin(image, gone)
        if twin is None:
            if image.alt not in explained:
                yield Change(Kind.IMAGE_ADDED, f"There is a new picture: {_described(image)}.", after=image.src)
            continue
        gone.remove(twin)
        if twin.src != image.src:
            yield Change(
                Kind.IMAGE_CHANGED,
                f"Another picture, or another size of it, is shown: {_described(image)}.",
                before=twin.src,
                after=image.src,
            )
        elif (twin.alt, image.alt) not in reworded:
            yield Change(
                Kind.ALT_CHANGED,
                was("The alternative text of a picture", twin.alt, image.alt),
                field="alt",
                before=twin.alt,
                after=image.alt,
            )
    for image in gone:
        if image.alt not in explained:
            yield Change(Kind.IMAGE_REMOVED, f"A picture is gone: {_described(image)}.", before=image.src)


def _twin(image: ImageOutline, gone: list[ImageOutline]) -> ImageOutline | None:
    """Return the picture that stood in its place: with the same address, or else the same words."""
    same = [other for other in gone if other.src == image.src]
    return next(iter(same or [other for other in gone if other.alt == image.alt and image.alt]), None)


def _described(image: ImageOutline) -> str:
    return quoted(image.alt) if image.alt else "one without words"
