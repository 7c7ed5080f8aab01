"""Entries that repeat a fault thousands of times: they take as long to check, to tell and to mend as they are long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from newsletter.checks.formats import text
from newsletter.checks.mending import edits, mend
from newsletter.model.extent import LONGEST
from newsletter.model.finding import Place
from tests.checks.workspace import FILES, NEWS, body, lint, write

_SHOWN = body("")[NEWS].rstrip("\n") + "\n"
_BODY = _SHOWN.count("\n") + 1
"""The line on which the body begins."""


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("EDT028", "the the "),
        ("EDT028", "the the\n"),
        ("EDT025", "a\N{ZERO WIDTH SPACE}b "),
        ("EDT032", "word , "),
        ("LNK009", "www.a.org "),
        ("EDT036", "• a\nb\n\n"),
    ],
)
def test_a_fault_is_found_thousands_of_times(tmp_path: Path, code: str, written: str) -> None:
    """Each at its own place, and none by reading the text from its beginning again."""
    many = LONGEST // len(written)
    source = _SHOWN + written * many
    write(tmp_path, {NEWS: source})
    begun = time.process_time()
    found = [finding for finding in lint(tmp_path) if finding.code == code]
    told = text.write(found, {NEWS: source})
    mended, made = mend(source, edits(found)[NEWS])
    assert time.process_time() - begun < 5
    assert (len(found), told.count("\n  --> ")) == (many, many)
    first, second, last = found[0].place, found[1].place, found[-1].place
    assert first.line == _BODY
    step = Place(NEWS, second.line - first.line, second.column - first.column)
    assert last == Place(NEWS, first.line + step.line * (many - 1), first.column + step.column * (many - 1))
    assert made == sum(finding.edit is not None for finding in found)
    assert (made > 0) == (mended != source)


def test_faults_in_a_folded_text_are_found_thousands_of_times(tmp_path: Path) -> None:
    """Where the file breaks lines that the text does not have; all can be mended at once."""
    many = LONGEST // 13
    lines = "  short  word\n" * many
    source = FILES[NEWS].replace("summary: ", f"summary: >\n{lines}  ")
    write(tmp_path, {NEWS: source})
    begun = time.process_time()
    found = [finding for finding in lint(tmp_path) if finding.code == "EDT024"]
    mended, made = mend(source, edits(found)[NEWS])
    assert time.process_time() - begun < 5
    assert (len(found), made, mended) == (many, many, source.replace("short  word", "short word"))


def test_thousands_of_links_are_checked_as_readers_get_them(tmp_path: Path) -> None:
    """In the HTML too each is led back to its template, whether or not another one is like it."""
    links = " ".join(f"[words](http://example.org/{number})" for number in range(2_500))
    write(tmp_path, {NEWS: FILES[NEWS].replace("summary: ", f"summary: >-\n  {links} ")})
    begun = time.process_time()
    found = lint(tmp_path)
    assert time.process_time() - begun < 5
    assert sum(finding.code == "LNK001" for finding in found) == 2_500
