"""The elements around everything that readers see."""

from __future__ import annotations

from newsletter.checks.rendered import Element, Page


def carries(page: Page) -> list[Element]:
    """Return the html element, and the first one inside the body that carries the letter."""
    found = list(page.all("html"))[:1]
    if page.body is not None:
        blocks = [child for child in page.body.children if page.light[child].shown and child.text]
        found += blocks[:1]
    return found
