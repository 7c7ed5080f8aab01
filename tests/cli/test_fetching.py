"""`fetch`: what web sites have published, as drafts of the team's choice."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.cli.app import run
from newsletter.cli.fetching import chosen
from tests.cli.conftest import Output, read
from tests.content.sources.website import Website, picture, website


@pytest.fixture
def site() -> Iterator[Website]:
    """A web site on this machine."""
    with website() as made:
        yield made


@pytest.fixture
def source(space: Path, issue: str, site: Website) -> str:
    """The name of an issue, in a newsletter whose source has two pages in its period and one before."""
    items = "".join(
        f"<item><title>{title}</title><link>/{title.lower()}</link><pubDate>{day}T12:00:00Z</pubDate>"
        f'<enclosure url="/{title.lower()}.png" type="image/png" length="1"/></item>'
        for title, day in (("Wells", f"{issue}-26"), ("Forum", f"{issue}-19"), ("Before", "2020-01-01"))
    )
    url = site.put("/feed", f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', "text/xml")
    site.put("/wells.png", picture(), "image/png")
    with (space / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[sources.website]\nurl = "{url}"\nprivate = true\n')
    return issue


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Sit at a terminal and type."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(text))


def test_without_a_terminal_what_is_new_is_shown_and_nothing_written(
    space: Path, source: str, site: Website, capsys: Output
) -> None:
    """From where the newest issue begins; a job of CI makes no drafts unasked."""
    before = sorted(space.rglob("*"))
    assert run(["fetch"]) == 0
    out, err = capsys.readouterr()
    assert [line.rstrip() for line in out.splitlines()] == [
        "   date        type  title  address",
        f"1  {source}-26  news  Wells  {site.address}/wells",
        f"2  {source}-19  news  Forum  {site.address}/forum",
    ]
    assert err == (
        f"looking from {source}-01 on, where issue {source} begins; --from says another day\n"
        "nothing was written; take everything with --all, or one page by its address\n"
    )
    assert sorted(space.rglob("*")) == before


def test_what_is_chosen_becomes_drafts(
    space: Path, source: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that makes no sense is asked for again, and a picture that is not there is told."""
    answer(monkeypatch, "3\n2\n")
    assert run(["fetch"]) == 3
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == f"issues/entries/news/{source}-19-forum.md"
    assert "Write numbers from 1 to 2 with spaces between them, or all; nothing takes none.\n" in err
    assert "a draft: read what the web site says, fill in what is missing, then write `status: ready`\n" in err
    assert re.search(r"error: no picture: \S+/forum.png cannot be read\n  why: there is no such page\n", err)
    assert not (space / "issues/entries/news" / f"{source}-26-wells.md").exists()
    answer(monkeypatch, "\n")
    assert run(["fetch"]) == 0
    assert "Forum" not in capsys.readouterr().out


def test_what_a_colleague_took_meanwhile_is_not_taken_again(
    space: Path, source: str, site: Website, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is asked may think for an hour."""

    class Thinking(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, *_: object) -> str:  # type: ignore[override]
            entry = space / "issues/entries/news/theirs.md"
            entry.write_text(
                f"---\ntitle: Wells\ndate: {source}-26\nurl: {site.address}/wells\n---\n", encoding="utf-8"
            )
            return "all\n"

    monkeypatch.setattr("sys.stdin", Thinking())
    run(["fetch"])
    out, err = capsys.readouterr()
    assert out.splitlines()[3:] == [f"issues/entries/news/{source}-19-forum.md"]
    assert f"note: {site.address}/wells is an entry already\n" in err


def test_all_takes_everything_once(space: Path, source: str, site: Website, capsys: Output) -> None:
    """What is an entry is not offered again, and can be built as soon as it is ready."""
    site.put("/forum.png", picture(form="JPEG"), "image/jpeg")
    assert run(["fetch", "website", "--all", "--issue", source]) == 0
    files = capsys.readouterr().out.splitlines()[3:]
    assert files == [f"issues/entries/news/{source}-26-wells.md", f"issues/entries/news/{source}-19-forum.md"]
    assert (space / "issues/images/forum.jpg").read_bytes() == picture(form="JPEG")
    assert run(["fetch", "--all"]) == 0
    assert capsys.readouterr().err.endswith("nothing is new\n")
    for file in files:
        path = space / file
        path.write_text(path.read_text(encoding="utf-8").replace("status: draft", "status: ready"), encoding="utf-8")
    shown = [one["id"] for one in read(capsys, "select", source, "--json")["in"]]
    assert {f"{source}-26-wells", f"{source}-19-forum"} <= set(shown)


def test_days_can_be_named(source: str, site: Website, capsys: Output) -> None:
    """Or those of an issue; both at once would contradict each other, and so do days that are turned round."""
    found = read(capsys, "fetch", "--from", "2020-01-01", "--to", f"{source}-20", "--json")
    assert [offer["title"] for offer in found["offers"]] == ["Forum", "Before"]
    assert run(["fetch", "--issue", source, "--from", "2020-01-01"]) == 2
    assert "error: --issue says the days already\n" in capsys.readouterr().err
    assert run(["fetch", "--from", "2020-01-02", "--to", "2020-01-01"]) == 2
    assert "fix: write --from 2020-01-01 --to 2020-01-02\n" in capsys.readouterr().err


def test_a_page_becomes_an_entry_by_its_address(space: Path, source: str, site: Website, capsys: Output) -> None:
    """With nothing asked; the second time it is an entry already."""
    page = site.put("/study", "<title>A study</title><time datetime='2024-07-05'>")
    assert run(["fetch", page, "--plan"]) == 0
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()[1:]] == [
        f"1  2024-07-05  news  A study  {page}"
    ]
    found = read(capsys, "fetch", page, "--type", "study", "--json")
    assert found == {
        "schema": 1,
        "offers": [
            {
                "source": None,
                "type": "study",
                "date": "2024-07-05",
                "title": "A study",
                "url": page,
                "file": "issues/entries/studies/2024-07-05-a-study.md",
            }
        ],
        "troubles": [],
    }
    assert run(["fetch", page]) == 0
    assert capsys.readouterr() == ("", f"note: {page} is an entry already\n")
    assert run(["fetch", page.replace("/study", "/none")]) == 3
    assert run(["fetch", page, "--type", "studie"]) == 0


def test_where_nothing_is_there_is_no_table(source: str, site: Website, capsys: Output) -> None:
    """Its heading alone says nothing."""
    assert run(["fetch", f"{site.address}/none", "--plan"]) == 3
    assert capsys.readouterr().out == ""


def test_an_unknown_type_writes_nothing(space: Path, source: str, capsys: Output) -> None:
    """Neither drafts nor pictures."""
    before = sorted(space.rglob("*"))
    assert run(["fetch", "--all", "--type", "newz"]) == 2
    assert "error: there is no type 'newz'; did you mean news?\n" in capsys.readouterr().err
    assert sorted(space.rglob("*")) == before


def test_doctor_reads_every_source(source: str, site: Website, capsys: Output) -> None:
    """A feed that is gone is told before the month is over."""
    assert run(["doctor"]) == 0
    assert f"✓ source website: 3 pages, the newest of {source}-26\n" in capsys.readouterr().out
    site.put("/feed", "gone", status=404)
    assert run(["doctor"]) == 1
    assert f"✗ source website: {site.address}/feed cannot be read: there is no such page\n" in capsys.readouterr().out


def test_a_newsletter_without_sources_says_how_to_have_one(space: Path, issue: str, capsys: Output) -> None:
    """Or that a page will do."""
    assert run(["fetch"]) == 2
    assert capsys.readouterr().err.endswith(
        "error: the settings name no source\n"
        "  why: a source is a web site whose feed says what is new\n"
        "  fix: add the section [sources.website] to newsletter.toml, with the line "
        'url = "https://www.example.org/feed"; or take a single page: newsletter fetch ADDRESS\n'
    )


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", []),
        ("none", []),
        ("all", [1, 2, 3, 4, 5]),
        ("1 3-5", [1, 3, 4, 5]),
        ("5, 1", [5, 1]),
        ("2 2-3", [2, 3]),
        ("3–4", [3, 4]),
        ("0", None),
        ("6", None),
        ("3-2", None),
        ("1-", None),
        ("all 2", None),
        ("٣", None),
        ("9999999", None),
    ],
)
def test_an_answer_names_numbers(typed: str, numbers: list[int] | None) -> None:
    """Single ones and runs, in the order in which they are typed; anything else is asked again."""
    assert chosen(typed, 5) == numbers


def test_an_address_without_https_is_told_how_to_write_it(space: Path, capsys: Output) -> None:
    """People leave it out; it is no name of a source, and nothing is looked up."""
    assert run(["fetch", "www.example.org/news/wells"]) == 2
    assert capsys.readouterr().err == (
        "error: 'www.example.org/news/wells' is neither a source nor the whole address of a page\n"
        "  fix: write it as a browser copies it: newsletter fetch https://www.example.org/news/wells\n"
    )
