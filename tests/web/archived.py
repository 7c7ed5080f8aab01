"""What a reader finds in the archive, for tests."""

from __future__ import annotations

import re
from html import unescape

import httpx
from sqlalchemy import text

from tests.web.readers import World


def listed(page: httpx.Response) -> list[tuple[str, ...]]:
    """Return what a page lists: date and list, subject, preheader, address."""
    found = []
    for item in re.findall(r"<li>\s*<p class=\"when\">.*?</li>", page.text, re.DOTALL):
        when, title, *about = re.findall(r"<(?:p|h3)[ >].*?</(?:p|h3)>", item, re.DOTALL)
        words = [unescape(re.sub(r"<[^>]+>", "", part)) for part in (when, title, *about)]
        href = re.search(r'href="([^"]+)"', title)
        found.append((*(each.rpartition('">')[2] for each in words), href[1] if href else ""))
    return found


def names(world: World) -> list[str]:
    """Return the names of the issues that the archive lists."""
    return [item[-1].rpartition("/")[2] for item in listed(world.visitor.get("/issues"))]


def write(world: World, statement: str) -> None:
    """Change the database, which the service sees soon after."""
    world.clock.forward(seconds=5)
    with world.database.writing() as connection:
        connection.execute(text(statement))
