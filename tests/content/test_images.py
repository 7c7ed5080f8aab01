from __future__ import annotations

from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from tests.content import tree

LOST = "put the file at issues/{}, or correct the name; capital letters count"
WHERE = "a picture's path begins below issues/, such as images/hub.jpg"


def read(root: Path, src: str) -> list[tuple[str, str]]:
    """Return what is said about an entry whose picture is `src`, beside two pictures that exist."""
    found = tree.load(
        root,
        {
            "images/hub.jpg": b"",
            "2024-07/team.png": b"",
            "entries/news/a.md": f"---\ntitle: A\nimage: {{src: '{src}', alt: B}}\n---\n",
        },
    )
    assert {(finding.code, finding.field, finding.why) for finding in found.findings} <= {
        ("ENT010", "image.src", WHERE)
    }
    return [(finding.message, finding.fix) for finding in found.findings]


@pytest.mark.parametrize(
    "src", ["images/hub.jpg", "./images/hub.jpg", "2024-07/team.png", "https://www.example.org/a.png"]
)
def test_a_picture_that_is_there_is_fine(tmp_path: Path, src: str) -> None:
    """Pictures lie anywhere below the issues folder, or on the web."""
    assert read(tmp_path, src) == []


@pytest.mark.parametrize(("kept", "written"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_accents_may_be_put_together_in_either_way(
    tmp_path: Path, kept: Literal["NFC", "NFD"], written: Literal["NFC", "NFD"]
) -> None:
    """macOS keeps é as two characters and people type one; both look the same, and no message could tell them apart."""
    (tmp_path / "issues" / normalize(kept, "fotos für märz")).mkdir(parents=True)
    (tmp_path / "issues" / normalize(kept, "fotos für märz/café.png")).touch()
    assert read(tmp_path, normalize(written, "fotos für märz/café.png")) == []
    assert read(tmp_path, "fotos für märz/cafe.png") == [
        ("there is no picture 'fotos für märz/cafe.png'", "write fotos für märz/café.png")
    ]


@pytest.mark.parametrize(
    ("src", "message", "fix"),
    [
        ("images/hub.png", "there is no picture 'images/hub.png'", "write images/hub.jpg"),
        ("images/Hub.jpg", "there is no picture 'images/Hub.jpg'", "write images/hub.jpg"),
        ("hub.jpg", "there is no picture 'hub.jpg'", "write images/hub.jpg"),
        ("issues/images/hub.jpg", "there is no picture 'issues/images/hub.jpg'", "write images/hub.jpg"),
        ("images", "there is no picture 'images'", LOST.format("images")),
        ("images/huts.jpg", "there is no picture 'images/huts.jpg'", LOST.format("images/huts.jpg")),
        ("images/zebra.gif", "there is no picture 'images/zebra.gif'", LOST.format("images/zebra.gif")),
        ("images\\hub.jpg", "'images\\hub.jpg' has a backslash", "write images/hub.jpg"),
        (
            "D:\\Pictures\\a.png",
            "'D:\\Pictures\\a.png' is a place on one computer",
            "copy it to issues/images and write its path",
        ),
        (
            "\\\\server\\a.png",
            "'\\\\server\\a.png' is a place on one computer",
            "copy it to issues/images and write its path",
        ),
        ("../logo.png", "'../logo.png' leads out of issues/", "copy it to issues/images and write its path"),
        ("../issues/images/hub.jpg", "'../issues/images/hub.jpg' leads out of issues/", "write images/hub.jpg"),
        (
            "images/../../a.png",
            "'images/../../a.png' leads out of issues/",
            "copy it to issues/images and write its path",
        ),
        (
            "/srv/a.png",
            "'/srv/a.png' is a place on a web site, or on one computer",
            "copy it to issues/images and write its path",
        ),
        (
            "/images/hub.jpg",
            "'/images/hub.jpg' is a place on a web site, or on one computer",
            "write images/hub.jpg",
        ),
        (
            "/assets/2024/hub.jpg",
            "'/assets/2024/hub.jpg' is a place on a web site, or on one computer",
            "write images/hub.jpg",
        ),
        ("C:/a.png", "'C:/a.png' is a place on one computer", "copy it to issues/images and write its path"),
        ("file:///a.png", "'file:///a.png' is a place on one computer", "copy it to issues/images and write its path"),
    ],
)
def test_a_picture_that_cannot_be_found_is_reported(tmp_path: Path, src: str, message: str, fix: str) -> None:
    """The path says where the picture should be, and the fix what was probably meant."""
    assert read(tmp_path, src) == [(message, fix)]


def test_a_link_out_of_the_issues_is_no_picture(tmp_path: Path) -> None:
    """Whatever lies elsewhere on this computer is not sent to readers."""
    (tmp_path / "secret.png").write_bytes(b"")
    (tmp_path / "issues" / "images").mkdir(parents=True)
    (tmp_path / "issues" / "images" / "a.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "issues" / "photos").symlink_to(tmp_path, target_is_directory=True)
    fix = "put the picture itself there"
    assert read(tmp_path, "images/a.png") == [("'images/a.png' is a link out of issues/", fix)]
    assert read(tmp_path, "photos/secret.png") == [("'photos/secret.png' is a link out of issues/", fix)]
    copy = "copy it to issues/images and write its path"
    outside = "is a place on a web site, or on one computer"
    for src in ("/images/a.png", "/../secret.png"):
        assert read(tmp_path, src) == [(f"'{src}' {outside}", copy)]


def test_a_cover_is_a_picture_too(tmp_path: Path) -> None:
    """Every field that holds a picture is looked at."""
    text = "---\ntitle: A\ncover:\n  src: images/none.png\n  alt: B\n---\n"
    (finding,) = tree.load(tmp_path, {"entries/studies/a.md": text}).findings
    assert (str(finding.place), finding.message, finding.field, finding.fix) == (
        "issues/entries/studies/a.md:4:8",
        "there is no picture 'images/none.png'",
        "cover.src",
        LOST.format("images/none.png"),
    )


def test_an_entry_stays_although_its_picture_is_missing(tmp_path: Path) -> None:
    """The words can be judged before the photographer has delivered."""
    found = tree.load(tmp_path, {"entries/news/a.md": "---\ntitle: A\nimage: {src: a.png, alt: B}\n---\n"})
    assert ([entry.id for entry in found.entries], len(found.errors)) == (["a"], 1)
