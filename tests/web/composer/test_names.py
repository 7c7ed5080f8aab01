from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from tests.web.composer.studio import PLAN, WELLS, Studio

ODD = ("a b", "a#b", "a?b", "a%2fb", "50%", 'a"b', "it's", "a<b>", "Zürich–日本", "a&b", "a+b", "a;b")


def linked(page: str, below: str) -> list[str]:
    """Return the addresses that a page leads to, below a path."""
    return [html.unescape(found) for found in re.findall(rf'href="({below}[^"]*)"', page)]


def test_entries_are_reached_whatever_their_files_are_called(studio: Studio) -> None:
    """What means something in an address is written so that it does not."""
    for name in ODD:
        studio.write(f"issues/entries/news/{name}.md", WELLS)
    assert len(linked(studio.show("/entries"), "/entries/")) == len(ODD) + 3
    for path in linked(studio.show("/entries"), "/entries/"):
        assert f'action="{path}"' in studio.show(path).replace("&#39;", "'")
    for path in linked(studio.show("/issues/2024-07"), "/entries/"):
        assert "Back to 2024-07" in studio.show(path)


@pytest.mark.parametrize("name", ODD)
def test_an_entry_is_saved_whatever_its_file_is_called(studio: Studio, name: str) -> None:
    """The page after saving is the entry's own."""
    file = f"issues/entries/news/{name}.md"
    studio.write(file, WELLS)
    typed = {"f.summary": "New.", "was.summary": "Twelve villages have drinking water again."}
    answer = studio.press(f"/entries/{quote(name, safe='')}?issue=2024-07", **typed)
    assert answer.headers["location"] == f"/entries/{quote(name, safe='')}?issue=2024-07"
    assert "summary: New.\n" in studio.read(file)
    assert "Saved." in studio.show(answer.headers["location"])


def test_an_entry_whose_id_has_a_slash_is_reached(studio: Studio) -> None:
    """In a file with several entries an id may be anything."""
    studio.write("issues/entries/news.yaml", '"a/b":\n  title: Both\n  date: 2024-07-03\n  summary: s\n')
    (path,) = [found for found in linked(studio.show("/entries"), "/entries/") if "%2F" in found]
    assert "holds several entries" in studio.show(path)
    assert "a/b" in studio.show(f"{path}/file")


def test_an_issue_is_reached_whatever_its_folder_is_called(studio: Studio) -> None:
    """A folder made by hand may have a blank or a # in its name."""
    studio.write("issues/July #1/issue.yaml", PLAN)
    (path,) = [found for found in linked(studio.show("/"), "/issues/") if "July" in found]
    assert path == "/issues/July%20%231"
    studio.press(f"{path}/words", field="subject", value="New", was="What July brought", back=path)
    assert "subject: New\n" in studio.read("issues/July #1/issue.yaml")
    assert all("July%20%231" in found for found in linked(studio.show(path), "/issues/"))


@pytest.mark.parametrize("name", ["entries", "images", "Images", "a" * 61])
def test_an_issue_takes_no_folder_that_holds_something_else(studio: Studio, name: str) -> None:
    """`entries/issue.yaml` would be read as an entry."""
    before = studio.files()
    answer = studio.press("/issues", name=name)
    assert answer.status_code == 303
    assert "cannot be the name of an issue" in studio.told()
    assert studio.files() == before


def test_a_file_that_is_not_used_is_told_of_among_the_entries(studio: Studio) -> None:
    """The first page counts problems in files, and leads to where each of them stands."""
    studio.write("issues/entries/news/notes.docx", "no entry")
    assert '<a class="bad-text" href="/entries">1 problem in files</a>' in studio.show("/")
    page = studio.show("/entries")
    assert "Files that are not used" in page
    assert "issues/entries/news/notes.docx" in page


def test_an_address_that_leads_elsewhere_is_not_followed(studio: Studio) -> None:
    """Even with the key the way leads nowhere but to the studio's own pages."""
    request = studio.stranger().build_request("GET", "http://127.0.0.1:8150/x?key=the-key-of-this-session")
    request.url = request.url.copy_with(raw_path=b"//elsewhere.example/x?key=the-key-of-this-session")
    answer = studio.stranger().send(request)
    assert (answer.status_code, answer.headers["location"]) == (303, "/elsewhere.example/x")
