"""What feeds say of events and of studies alone: when and where one takes place, and who has written it.

The modules of RSS for events, by TYPO3 (https://web.resource.org/rss/1.0/modules/event/), calendars and plugins of
WordPress, and PRISM and Dublin Core, by journals and catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from newsletter.content.sources import days, words

# As feedparser calls them.
_STARTS = ("ev_startdate", "xcal_dtstart", "mec_startdate")
_ENDS = ("ev_enddate", "xcal_dtend", "mec_enddate")
_PLACES = ("ev_location", "xcal_location", "mec_location")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def of_event(entry: Mapping[str, Any], zone: tzinfo) -> dict[str, str] | None:
    """Return the fields of an event, without a day that nobody can tell; None where it is none."""
    if not _first(entry, _STARTS):
        return None
    start, end = days.span(_first(entry, _STARTS), _first(entry, _ENDS), zone)
    told = {"start": start, "end": end if start else "", "place": words.of_attribute(_first(entry, _PLACES))}
    return {name: value for name, value in told.items() if value}


def of_study(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the authors and the DOI of a study; nothing where the feed may only name who put it on the web."""
    doi = doi_in(_first(entry, ("prism_doi", "dc_identifier")))
    authors = list(dict.fromkeys(_authors(entry)))
    if not doi and len(authors) < 2:
        return {}
    told = {"authors": "\n".join(authors), "doi": doi}
    return {name: value for name, value in told.items() if value}


def doi_in(written: str) -> str:
    """Return the DOI that a text has in it, if any."""
    found = _DOI.search(written)
    return found[0].rstrip(".,;") if found else ""


def turned(author: str) -> str:
    """Return `Ada Lovelace` for `Lovelace, Ada`, as catalogues write it."""
    family, comma, given = author.partition(", ")
    return f"{given} {family}" if comma and "," not in given else author


def _authors(entry: Mapping[str, Any]) -> Iterator[str]:
    for author in entry.get("authors", ()):
        if name := words.of_attribute(str(author.get("name") or "")):
            yield turned(name)


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(entry[name]) for name in names if entry.get(name)), "")
