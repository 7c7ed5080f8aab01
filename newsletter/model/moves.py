"""What has changed in the sections of an edition and in the entries that they show."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.model import sequence
from newsletter.model.difference import Change, Kind
from newsletter.model.moment import in_words
from newsletter.model.outline import EditionOutline, EntryOutline, SectionOutline
from newsletter.model.wording import plural, quoted, was

_FIELDS = {
    "url": "link",
    "place": "place",
    "date": "date",
    "doi": "DOI",
    "image.src": "picture",
    "image.alt": "alternative text",
    "image.credit": "picture credit",
    "cover.src": "cover",
    "cover.alt": "cover's alternative text",
    "cover.credit": "cover's credit",
}

_Placed = dict[str, tuple[EntryOutline, int, int]]


def sections(before: EditionOutline, after: EditionOutline) -> Iterator[Change]:
    """Yield what became of the sections themselves."""
    pairs = _pairs(before.sections, after.sections)
    kept = sequence.in_order(pairs)
    for old, new in pairs:
        yield from _changed(before.sections[old], after.sections[new])
        if (old, new) not in kept:
            heading = after.sections[new].heading
            yield Change(
                Kind.SECTION_MOVED,
                f"The section {quoted(heading)} is number {new + 1}; it was number {old + 1}.",
                field=heading,
                before=str(old + 1),
                after=str(new + 1),
            )
    left, right = {old for old, _ in pairs}, {new for _, new in pairs}
    for index, section in enumerate(after.sections):
        if index not in right:
            yield Change(
                Kind.SECTION_ADDED,
                f"The section {quoted(section.heading)} is new.",
                field=section.heading,
                after=section.heading,
            )
    for index, section in enumerate(before.sections):
        if index not in left:
            yield Change(
                Kind.SECTION_REMOVED,
                f"The section {quoted(section.heading)} is gone.",
                field=section.heading,
                before=section.heading,
            )


def _changed(before: SectionOutline, after: SectionOutline) -> Iterator[Change]:
    heading = quoted(after.heading)
    if before.heading != after.heading:
        yield Change(
            Kind.SECTION_CHANGED,
            f"The section {quoted(before.heading)} is now called {heading}.",
            field="heading",
            before=before.heading,
            after=after.heading,
        )
    if before.intro != after.intro:
        yield Change(
            Kind.SECTION_CHANGED,
            was(f"The introduction of {heading}", before.intro, after.intro),
            field=f"{after.heading}: intro",
            before=before.intro,
            after=after.intro,
        )
    if before.layout != after.layout:
        yield Change(
            Kind.SECTION_CHANGED,
            f"The section {heading} is laid out as {after.layout or 'the template likes'}, "
            f"not as {before.layout or 'the template likes'}.",
            field=f"{after.heading}: layout",
            before=before.layout,
            after=after.layout,
        )


def _pairs(before: tuple[SectionOutline, ...], after: tuple[SectionOutline, ...]) -> list[tuple[int, int]]:
    """Return which sections are the same: by heading, and of the others those that share most entries."""
    free = list(range(len(before)))
    pairs: list[tuple[int, int]] = []
    rest: list[int] = []
    for new, section in enumerate(after):
        old = next((index for index in free if before[index].heading == section.heading), None)
        if old is None:
            rest.append(new)
        else:
            free.remove(old)
            pairs.append((old, new))
    for new in rest:
        ids = {entry.id for entry in after[new].entries}
        shared = {old: len(ids & {entry.id for entry in before[old].entries}) for old in free}
        best = max(shared, key=lambda old: shared[old], default=None)
        if best is not None and shared[best]:
            free.remove(best)
            pairs.append((best, new))
    return sorted(pairs, key=lambda pair: pair[1])


def entries(before: EditionOutline, after: EditionOutline) -> Iterator[Change]:
    """Yield which entries came, went, moved or are told in other words."""
    old, new = _placed(before), _placed(after)
    for earlier, name in _renamed(old, new):
        title = quoted(new[name][0].title)
        yield Change(
            Kind.ENTRY_CHANGED,
            f"{title} is the same entry with another id: it was {quoted(earlier)} and is now {quoted(name)}.",
            entry=name,
            field="id",
            before=earlier,
            after=name,
        )
        old[name] = old.pop(earlier)
    for name, (entry, section, _) in new.items():
        if name not in old:
            heading = after.sections[section].heading
            sentence = f"{quoted(entry.title)} was added to {quoted(heading)}."
            yield Change(Kind.ENTRY_ADDED, sentence, entry=name, after=heading)
    for name, (entry, section, _) in old.items():
        if name not in new:
            heading = before.sections[section].heading
            sentence = f"{quoted(entry.title)} was taken out of {quoted(heading)}."
            yield Change(Kind.ENTRY_REMOVED, sentence, entry=name, before=heading)
    yield from _moved(before, after, old, new)


def _moved(before: EditionOutline, after: EditionOutline, old: _Placed, new: _Placed) -> Iterator[Change]:
    """Yield what became of the entries that both editions show."""
    same = dict(_pairs(before.sections, after.sections))
    both = [name for name in new if name in old]
    stayed: dict[int, list[tuple[int, int]]] = {}
    for name in both:
        if same.get(old[name][1]) == new[name][1]:
            stayed.setdefault(new[name][1], []).append((old[name][2], new[name][2]))
    kept = {section: set(sequence.in_order(places)) for section, places in stayed.items()}
    for name in both:
        (earlier, old_section, old_place), (entry, section, place) = old[name], new[name]
        heading = after.sections[section].heading
        if same.get(old_section) != section:
            left = before.sections[old_section].heading
            sentence = f"{quoted(entry.title)} moved from {quoted(left)} to {quoted(heading)}."
            yield Change(Kind.ENTRY_MOVED, sentence, entry=name, before=left, after=heading)
        elif (old_place, place) not in kept[section]:
            yield Change(
                Kind.ENTRY_MOVED,
                f"{quoted(entry.title)} is number {place + 1} of {quoted(heading)}; it was number {old_place + 1}.",
                entry=name,
                before=str(old_place + 1),
                after=str(place + 1),
            )
        yield from _fields(earlier, entry)


def _renamed(old: _Placed, new: _Placed) -> list[tuple[str, str]]:
    """Return the ids of then and now of entries whose file was renamed: by their link, or without one by everything."""
    gone = {name: entry for name, (entry, _, _) in old.items() if name not in new}
    found: list[tuple[str, str]] = []
    for name, (entry, _, _) in new.items():
        if name not in old:
            earlier = next((then for then, other in gone.items() if _is_same(other, entry)), None)
            if earlier is not None:
                del gone[earlier]
                found.append((earlier, name))
    return found


def _is_same(one: EntryOutline, other: EntryOutline) -> bool:
    if one.type != other.type:
        return False
    url = one.fields.get("url")
    return url == other.fields.get("url") if url else one.fields == other.fields


def _placed(edition: EditionOutline) -> _Placed:
    """Return each entry with its section and its place there, by id."""
    return {
        entry.id: (entry, number, place)
        for number, section in enumerate(edition.sections)
        for place, entry in enumerate(section.entries)
    }


def _fields(before: EntryOutline, after: EntryOutline) -> Iterator[Change]:
    for name in dict.fromkeys((*after.fields, *before.fields)):
        old, new = before.fields.get(name, ""), after.fields.get(name, "")
        if old == new:
            continue
        label = _FIELDS.get(name, name.replace("_", " ").replace(".", " "))
        if name == "title" and old and new:
            sentence = f"{quoted(old)} is now called {quoted(new)}."
        else:
            sentence = was(f"The {label} of {quoted(before.title)}", in_words(old), in_words(new), several=plural(name))
        yield Change(Kind.ENTRY_CHANGED, sentence, entry=after.id, field=name, before=old, after=new)
