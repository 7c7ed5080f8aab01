from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from newsletter.model import shape
from newsletter.model.content import Unreadable
from newsletter.model.finding import Place
from tests.content import tree

ENTRY = "---\ntitle: A\n---\n"


def test_an_entry_has_all_that_its_file_says(tmp_path: Path) -> None:
    """Fields, body, id from the name, type from the folder, language from the newsletter."""
    text = "\ufeff---\r\ntitle: Köln\r\ndate: 2024-07-26\r\ncountries: NO\r\n---\r\n\r\nThe *text*.\r\n\r\nMore.\r\n"
    (entry,) = tree.load(tmp_path, {"entries/news/2024-07-26-story.md": text}, language="fr").entries
    assert entry.model_dump(exclude_defaults=True) == {
        "id": "2024-07-26-story",
        "title": "Köln",
        "date": "2024-07-26",
        "countries": ("NO",),
        "body": "The *text*.\n\nMore.",
        "language": "fr",
    }
    assert (
        entry.type,
        entry.origin.place("countries"),
        entry.origin.value("countries"),
        entry.origin.place("body"),
    ) == (
        "news",
        Place("issues/entries/news/2024-07-26-story.md", 4, 1),
        Place("issues/entries/news/2024-07-26-story.md", 4, 12),
        Place("issues/entries/news/2024-07-26-story.md", 7, 1),
    )


@pytest.mark.parametrize(
    ("path", "fields", "type_"),
    [
        ("news/a.md", "", "news"),
        ("study/a.md", "", "study"),
        ("studys/a.md", "", "study"),
        ("studies/2024/summer/a.md", "", "study"),
        ("news/calls/a.md", "deadline: 2024-07-31\n", "call"),
        ("a.md", "type: news\n", "news"),
        ("whatever/a.md", "type: news\n", "news"),
    ],
)
def test_the_type_is_told_by_field_or_nearest_folder(tmp_path: Path, path: str, fields: str, type_: str) -> None:
    """A field `type` wins over the nearest folder, and a folder may be singular or plural."""
    read = tree.load(tmp_path, {f"entries/{path}": f"---\ntitle: A\n{fields}---\n"})
    assert ([(entry.id, entry.type) for entry in read.entries], read.findings) == ([("a", type_)], ())


@pytest.mark.parametrize(
    ("path", "text", "entries"),
    [
        (
            "figures.yaml",
            "a:\n  label: A\n  value: 1\n'2024':\n  label: B\n  value: 2\n",
            [("2024", "figure"), ("a", "figure")],
        ),
        ("news/july.yml", "a:\n  title: A\nb:\n  title: B\n", [("a", "news"), ("b", "news")]),
        ("mixed.yaml", "a:\n  type: news\n  title: A\nb: {type: study, title: B}\n", [("a", "news"), ("b", "study")]),
        ("2024/figures.yaml", "a: {label: A, value: 1}\n", [("a", "figure")]),
    ],
)
def test_one_file_may_hold_several_entries(
    tmp_path: Path, path: str, text: str, entries: list[tuple[str, str]]
) -> None:
    """In a .yaml file the name above the fields is the id; the file's name may tell the type."""
    read = tree.load(tmp_path, {f"entries/{path}": text})
    assert ([(entry.id, entry.type) for entry in read.entries], read.findings) == (entries, ())


def test_each_of_several_entries_knows_its_own_lines(tmp_path: Path) -> None:
    """A check that looks at one entry points into its part of the file."""
    read = tree.load(tmp_path, {"entries/figures.yaml": "a:\n  label: A\n  value: 1\nb:\n  value: 2\n  label: B\n"})
    file = "issues/entries/figures.yaml"
    assert [(entry.origin.place(), entry.origin.value("label")) for entry in read.entries] == [
        (Place(file, 1, 1), Place(file, 2, 10)),
        (Place(file, 4, 1), Place(file, 6, 10)),
    ]


def test_an_empty_field_is_a_field_that_is_not_there(tmp_path: Path) -> None:
    """Hints that nobody has filled in yet do no harm, unless the field is needed."""
    text = "---\ntitle: A\nsummary:\nurl:   # later\ntopics:\nimage:\n---\n"
    read = tree.load(tmp_path, {"entries/news/a.md": text})
    assert (read.entries[0].model_dump(exclude_defaults=True), read.findings) == ({"id": "a", "title": "A"}, ())


@pytest.mark.parametrize(
    "group",
    [
        "image: {src: '', alt: '', credit: ''}",
        "image: {src: '', alt: }",
        "translations: {fr: {title: '', summary: ''}}",
    ],
)
def test_a_group_in_which_nothing_is_said_is_not_there(tmp_path: Path, group: str) -> None:
    """An editor that shows fields as a form writes all of them where nobody has filled in any."""
    read = tree.load(tmp_path, {"entries/news/a.md": f"---\ntitle: A\n{group}\n---\n"})
    assert (read.entries[0].model_dump(exclude_defaults=True), read.findings) == ({"id": "a", "title": "A"}, ())


def test_what_is_left_blank_beside_what_is_said_is_not_there(tmp_path: Path) -> None:
    """A picture that nobody has taken credit for is shown all the same, and what is needed stays needed."""
    told = "{title: T, summary: '', url: '', place: '', source: ''}"
    fields = f"image: {{src: a.png, alt: '', credit: ''}}\ntranslations: {{fr: {told}, de: {{title: '', summary: S}}}}"
    read = tree.load(tmp_path, {"entries/news/a.md": f"---\ntitle: A\n{fields}\n---\n", "images/a.png": ""})
    assert [(one.message, str(one.place)) for one in read.findings] == [
        ("`translations de title` is empty", "issues/entries/news/a.md:4:89")
    ]


def test_entries_come_sorted_by_id_whatever_the_disk_says(tmp_path: Path) -> None:
    """The order of files and folders never matters."""
    names = ["projects/b", "news/c", "calls/a", "news/B"]
    needed = "countries: [AT]\n"
    files = {
        f"entries/{name}.md": f"---\ntitle: A\n{needed if name[0] == 'p' else ''}"
        f"{'deadline: 2024-07-31' if name.startswith('calls') else ''}\n---\n"
        for name in names
    }
    assert [entry.id for entry in tree.load(tmp_path, files).entries] == ["B", "a", "b", "c"]


def test_an_id_is_the_same_on_every_system(tmp_path: Path) -> None:
    """Some systems take accents in file names apart."""
    apart = unicodedata.normalize("NFD", "café")
    (entry,) = tree.load(tmp_path, {f"entries/news/{apart}.md": ENTRY}).entries
    assert entry.id == unicodedata.normalize("NFC", "café")


def test_of_a_shared_id_neither_entry_is_used(tmp_path: Path) -> None:
    """Each file is told of the other, whether it can be read or not."""
    read = tree.load(
        tmp_path,
        {
            "entries/news/a.md": ENTRY,
            "entries/studies/a.md": "---\ntitle:\n---\n",
            "entries/news/b.md": ENTRY,
            "entries/extra.yaml": "c: {type: news, title: C}\nb: {type: news, title: B}\n",
        },
    )
    assert [entry.id for entry in read.entries] == ["c"]
    assert read.unreadable == (
        Unreadable("a", "news", "issues/entries/news/a.md", "A"),
        Unreadable("a", "study", "issues/entries/studies/a.md"),
        Unreadable("b", "news", "issues/entries/extra.yaml", "B"),
        Unreadable("b", "news", "issues/entries/news/b.md", "A"),
    )
    assert [(str(found.place), found.message) for found in read.findings if found.code == "ENT007"] == [
        ("issues/entries/extra.yaml:2:1", "the id 'b' is also that of issues/entries/news/b.md"),
        ("issues/entries/news/a.md", "the id 'a' is also that of issues/entries/studies/a.md"),
        ("issues/entries/news/b.md", "the id 'b' is also that of issues/entries/extra.yaml"),
        ("issues/entries/studies/a.md", "the id 'a' is also that of issues/entries/news/a.md"),
    ]


def test_names_that_differ_by_capitals_alone_are_told(tmp_path: Path) -> None:
    """Both entries are there on Linux; a colleague's Windows or Mac has one file for the two."""
    read = tree.load(
        tmp_path,
        {
            "entries/news/Wells.md": ENTRY,
            "entries/news/wells.md": ENTRY,
            "entries/studies/WELLS-2.md": "---\ntitle: A\ndate: 2024-07-26\n---\n",
        },
    )
    assert {entry.id for entry in read.entries} >= {"Wells", "wells"}
    assert [(found.severity, str(found.place), found.message) for found in read.findings if found.code == "ENT007"] == [
        (
            "warning",
            f"issues/entries/news/{name}.md",
            f"the name of this file differs from issues/entries/news/{other}.md by capitals alone",
        )
        for name, other in (("Wells", "wells"), ("wells", "Wells"))
    ]


def test_what_cannot_be_used_keeps_its_name_and_type(tmp_path: Path) -> None:
    """Selection lists an unreadable entry under its id, with type and title as far as they are known."""
    read = tree.load(
        tmp_path,
        {
            "entries/calls/a.md": ENTRY,
            "entries/news/b.md": "no fields",
            "entries/c.md": ENTRY,
            "entries/figures.yaml": "d: 1\ne: {label: E, value: 1}\n",
            "entries/news/f.md": "---\ntitle: A\ntitle: B\n---\n",
        },
    )
    assert read.unreadable == (
        Unreadable("a", "call", "issues/entries/calls/a.md", "A"),
        Unreadable("b", "news", "issues/entries/news/b.md"),
        Unreadable("c", "", "issues/entries/c.md", "A"),
        Unreadable("d", "figure", "issues/entries/figures.yaml"),
        Unreadable("f", "news", "issues/entries/news/f.md", "A"),
    )
    assert [entry.id for entry in read.entries] == ["e"]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    """Nobody mends one line only to hear of the next."""
    read = tree.load(
        tmp_path,
        {
            "entries/news/a.md": "---\ntitel: A\ndate: soon\ncountries: [XX, YY]\nstatus: done\ntitle: A\n"
            "title: B\n---\n",
            "entries/calls/b.md": "---\ntitle: B\n---\n",
            "2024-07/issue.yaml": "title: A\n",
        },
    )
    assert [f"{finding.place}: {finding.code}" for finding in read.findings] == [
        "issues/2024-07/issue.yaml:1:1: ISS005",
        "issues/2024-07/issue.yaml:1:1: ISS005",
        "issues/2024-07/issue.yaml:1:1: ISS005",
        "issues/entries/calls/b.md:2:1: ENT005",
        "issues/entries/news/a.md:2:1: ENT004",
        "issues/entries/news/a.md:3:7: ENT006",
        "issues/entries/news/a.md:4:13: ENT006",
        "issues/entries/news/a.md:4:17: ENT006",
        "issues/entries/news/a.md:5:9: ENT006",
        "issues/entries/news/a.md:7:1: ENT003",
    ]


def test_the_fields_of_a_type_are_looked_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many files have a picture and translations, of which each value may say nothing."""
    looked: list[str] = []

    def counted(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
        looked.append(model.__name__)
        return every(model)

    every = shape.fields
    monkeypatch.setattr(shape, "fields", counted)
    fields = "title: A\nimage: {src: images/a.png, alt: A}\ntranslations: {fr: {title: B, summary: C}}\n"
    files = {f"entries/news/{number}.md": f"---\n{fields}---\n" for number in range(20)}
    assert len(tree.load(tmp_path, files).entries) == 20
    assert all(number == 1 for number in Counter(looked).values()), Counter(looked)
