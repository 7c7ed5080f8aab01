"""Small documents, and what is found in them."""

from __future__ import annotations

from newsletter.rendering.validation import validate
from tests.rendering.composing import MARK


def document(body: str, head: str = "") -> str:
    """Return a document without fault around some of its parts."""
    return (
        f'<mjml lang="en" dir="ltr"><mj-head><mj-title>News</mj-title>{head}</mj-head><mj-body>{body}</mj-body></mjml>'
    )


def column(content: str, head: str = "") -> str:
    """Return a document with a column of components."""
    return document(f"<mj-section><mj-column>{content}</mj-column></mj-section>", head)


def text(content: str) -> str:
    """Return a document with a column of HTML."""
    return column(f"<mj-text>{content}</mj-text>")


def found(marked: str) -> list[tuple[str, str]]:
    """Return `CODE message` and fix of the faults, the first of which stands at the mark."""
    at = marked.index(MARK)
    faults = validate(marked.replace(MARK, ""))
    assert [fault.start for fault in faults[:1]] == [at]
    return [(f"{fault.code} {fault.message}", fault.fix) for fault in faults]
