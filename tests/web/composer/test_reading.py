"""A large file of readers in the studio: it is read beside the pages, which say how far it is."""

from __future__ import annotations

import itertools
import re

import pytest

from newsletter.errors import Refused
from newsletter.web.composer import errands
from tests.waiting import settles
from tests.web.composer.studio import Studio, subscribed
from tests.web.composer.test_importing import fields, held, kept, plan, planned
from tests.web.composer.test_readers import words

MANY = 30_000
READERS = "email\n" + "".join(f"reader{number}@example.org\n" for number in range(MANY))
AGAIN = '<noscript><meta http-equiv="refresh" content="3"></noscript>'


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch, patience: None) -> None:
    """No page waits for anything."""
    monkeypatch.setattr(errands, "PATIENCE", 0.0)


def read(studio: Studio, path: str) -> str:
    """Wait until a file is read, and return its page."""
    settles(lambda: "data-moving" in studio.show(path), False, 60)
    return studio.show(path)


def test_a_page_says_how_far_a_large_file_is_read_and_then_what_it_would_do(studio: Studio) -> None:
    """With scripts and without it asks again by itself; the page of readers leads back to it."""
    path = planned(studio, READERS)
    page = studio.show(path)
    assert re.search(r"<progress [^>]*data-moving", page)
    assert AGAIN in page
    assert "The file is being read …" in words(page)
    assert re.search(r"\d+% of the file is read\.|All of it is read; now it is compared", words(page))
    assert "people.csv It is being read How far it is : people.csv" in words(studio.show("/readers"))
    page = read(studio, path)
    assert AGAIN not in page
    assert "The file is read: 30,000 rows." in words(page)
    assert plan(page) == {"Added": "30,000"}
    assert "people.csv Nothing of it is imported yet What it would do" in words(studio.show("/readers"))
    assert held(studio) == []
    studio.press(path, do="import", **fields(page))
    assert "It is being imported …" in words(studio.show(path))
    # Whoever presses once more meanwhile, or drops the file, changes nothing.
    assert studio.press(path, do="import", **fields(page)).headers["location"] == path
    assert studio.press(f"{path}/drop").headers["location"] == path
    assert "It is imported, and the file is removed from here." in read(studio, path)
    assert len(held(studio)) == MANY
    assert 'id="waiting"' not in studio.show("/readers")


def test_what_stands_in_the_way_of_a_large_file_is_told_on_its_page(studio: Studio) -> None:
    """It was found out when nobody waited any more; the file goes at a press."""
    path = planned(studio, READERS.encode() + "jörg@example.org\n".encode("latin-1"))
    assert "data-moving" in studio.show(path)
    page = words(read(studio, path))
    assert "people.csv is not written in UTF-8: row 30002" in page
    studio.press(f"{path}/drop")
    assert studio.browser.get(path).status_code == 404


def test_a_file_that_is_still_read_can_be_dropped(studio: Studio) -> None:
    """It may be the wrong one, and large; nothing of it stays."""
    path = planned(studio, READERS)
    page = studio.show(path)
    assert page.index("data-moving") < page.index(f'action="{path}/drop"')
    assert studio.press(f"{path}/drop").headers["location"] == "/readers"
    assert studio.told("/readers") == "Nothing is imported, and the file is removed from here."
    assert (studio.browser.get(path).status_code, kept(studio), held(studio)) == (404, [], [])


def test_what_is_stopped_ends_where_it_tells_how_far_it_is() -> None:
    """Whoever asks for the answer learns why there is none."""
    errand = errands.Errand(lambda progress: [progress(number, 0) for number in itertools.count()])
    assert not errand.is_over
    errand.stop()
    settles(lambda: errand.is_over, True, 60)
    with pytest.raises(Refused, match="this was stopped before its end"):
        errand.answer()


def test_lists_that_have_changed_stop_a_large_import_as_a_small_one(studio: Studio) -> None:
    """Nothing is imported, and the page says why beside the new plan."""
    path = planned(studio, "email\n" + "".join(f"reader{number}@example.org\n" for number in range(2_000)))
    page = read(studio, path)
    subscribed(studio, "reader7")
    studio.press(path, do="import", **fields(page))
    page = read(studio, path)
    assert "Nothing is imported. The lists have changed since the plan was made." in words(page)
    assert plan(page) == {"Added": "1,999", "Unchanged": "1"}
    assert held(studio) == ["reader7@example.org"]
    studio.press(path, do="import", **fields(page))
    page = read(studio, path)
    assert ("Nothing is imported" in page, len(held(studio))) == (False, 2_000)
