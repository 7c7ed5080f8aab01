"""The words that we bring along, in every language that they are written in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from newsletter.rendering.shipping import shipped

FOLDERS = ("labels", "readers")
FILES = sorted(path for folder in FOLDERS for path in (shipped() / folder).glob("*.toml"))
MANY = range(1_000)


def name_of(path: Path) -> str:
    """Return such as readers/fr."""
    return f"{path.parent.name}/{path.stem}"


def read(path: Path) -> dict[str, dict[str, str]]:
    """Return texts by their whole names, and those of each by their plural form: `other` where there is one alone."""
    return dict(_forms(tomllib.loads(path.read_text(encoding="utf-8")), ""))


def _forms(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield before + name, {"other": value}
        elif "other" in value:
            yield before + name, value
        else:
            yield from _forms(value, f"{before}{name}.")


def places(text: str) -> list[str]:
    """Return what is to be filled in, in its order."""
    return re.findall(r"{\w+}", text)


def test_a_language_has_words_for_emails_and_for_pages() -> None:
    """A reader of an issue in Spanish comes to pages in Spanish."""
    emails, pages = ({path.stem for path in FILES if path.parent.name == folder} for folder in FOLDERS)
    assert emails == pages


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_language_says_everything(path: Path) -> None:
    """The same names as English, nothing empty, and the same places to fill in: a hole where a date belongs is told."""
    english, own = read(path.parent / "en.toml"), read(path)
    assert own.keys() == english.keys()
    assert [name for name, forms in own.items() if not all(text.strip() for text in forms.values())] == []
    assert {name: places(forms["other"]) for name, forms in own.items()} == {
        name: places(forms["other"]) for name, forms in english.items()
    }


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_plural_forms_are_those_of_the_language(path: Path) -> None:
    """By the rules of Unicode CLDR: one that misses sounds wrong, and one too many is never said."""
    rule = Locale.parse(path.stem, sep="-").plural_form
    said = {name: set(forms) for name, forms in read(path).items() if len(forms) > 1}
    assert {name: forms for name, forms in said.items() if forms != {*rule.tags, "other"}} == {}
    counted = {name for name, forms in read(path).items() if "{count}" in forms["other"]}
    assert counted <= set(said) or not rule.tags


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_plural_form_for_several_numbers_says_which(path: Path) -> None:
    """In Arabic one day is a word of its own; the Russian form for one is also that for twenty-one."""
    rule = Locale.parse(path.stem, sep="-").plural_form
    served = [rule(number) for number in MANY]
    for name, forms in read(path).items():
        for form, text in forms.items():
            if served.count(form) != 1:
                assert places(text) == places(forms["other"]), f"{name}.{form}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_french_signs_never_begin_a_line(folder: str) -> None:
    """The blank before them is one that does not break."""
    texts = [text for forms in read(shipped() / folder / "fr.toml").values() for text in forms.values()]
    assert [text for text in texts if re.search(" [?!:;»]|« ", text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize(
    ("language", "gendered"),
    [
        ("fr", r"\(e\)|\babonné|désabonné\b|bienvenue?\b"),
        ("he", r"\bאת[הםן]\b|[א-ת]/[א-ת]"),
        ("hi", r"(?<!अपने )(?<!\S)(मैं|आप)(?!\S)"),
    ],
)
def test_readers_are_taken_for_neither_men_nor_women(language: str, gendered: str, folder: str) -> None:
    """The words speak of the subscription, or of what readers asked for."""
    texts = [text for forms in read(shipped() / folder / f"{language}.toml").values() for text in forms.values()]
    assert [text for text in texts if re.search(gendered, text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize(
    ("language", "changing"), [("it", r"\b([Ii]l|[Aa]l|[Dd]al|[Dd]el) {date}"), ("el", "στις {date}")]
)
def test_no_word_stands_before_a_date_that_some_days_would_change(language: str, changing: str, folder: str) -> None:
    """Italian says l’8 and l’11 agosto for il 7 agosto, and Greek την 1 Αυγούστου."""
    texts = [text for forms in read(shipped() / folder / f"{language}.toml").values() for text in forms.values()]
    assert [text for text in texts if re.search(changing, text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", ["ja", "zh"])
def test_chinese_and_japanese_signs_are_as_wide_as_their_characters(language: str, folder: str) -> None:
    """Latin ones are those of another script; an address keeps its own."""
    texts = [text for forms in read(shipped() / folder / f"{language}.toml").values() for text in forms.values()]
    assert [text for text in texts if re.search(r"[,;:?!()]|\.(?!org)", text)] == []
