"""What is kept ready for many."""

from __future__ import annotations

import threading
import time

from newsletter.web.public.shelf import Shelf
from tests.web.readers import NOW


def test_what_is_asked_for_by_many_at_once_is_made_once() -> None:
    """A new issue is opened by everybody in the same minute."""
    shelf, made, found = Shelf(NOW), [], []

    def make() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"page"

    threads = [threading.Thread(target=lambda: found.append(shelf.get("a", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made, found) == ([1], [b"page"] * 8)


def test_what_is_least_asked_for_leaves_first() -> None:
    """So that memory is bounded, however many issues there are."""
    shelf, made = Shelf(NOW, most_bytes=20), []

    def get(key: str) -> bytes:
        return shelf.get(key, lambda: made.append(key) or key.encode() * 10)

    for key in "abacab":
        get(key)
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_shelf_is_handed_out_all_the_same() -> None:
    """And not kept."""
    shelf = Shelf(NOW, most_bytes=5)
    assert [shelf.get("a", lambda: b"too long") for _ in range(2)] == [b"too long"] * 2
    assert shelf.get("b", lambda: b"fits") == b"fits"


def test_one_answer_may_be_made_of_others() -> None:
    """As a feed is of its issues."""
    shelf = Shelf(NOW)
    assert shelf.get("feed", lambda: shelf.get("issue", lambda: b"issue") + b"!") == b"issue!"
