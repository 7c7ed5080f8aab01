"""Whose entry and which line of a template a part of an email belongs to, however its words are spelled in HTML."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.checks.deliverability.size import parts
from newsletter.checks.rendered import Page
from tests.checks.workspace import FILES, INTRO, ISSUE, MORE, PLAN, SETTINGS, lint, write

TITLES = (
    "The forum's ties",
    'A forum on "closer ties"',
    "Forum & ties <closer>",
    "Que faire au forum ? « Agir »",
    f"Forum{' ' * 60}ties",
)


def page(root: Path, language: str) -> Page:
    """Return one language's email of the issue."""
    space = config.load(root, environment={})
    built = pipeline.unchecked(space, ISSUE, pipeline.read(space))
    return next(Page(each, built.selection) for each in built.editions if each.language == language)


@pytest.mark.parametrize("title", TITLES)
def test_a_paragraph_belongs_to_the_entry_under_whose_title_it_stands(title: str, tmp_path: Path) -> None:
    """A mute of the entry before does not hide its faults, and a click on them leads to the right one."""
    write(
        tmp_path,
        {
            MORE: f"---\ntitle: {json.dumps(title)}\ndate: 2024-07-19\nsummary: Ministers met.\n---\n",
            SETTINGS: f'language = "fr"\n{FILES[SETTINGS]}',
        },
    )
    shown = page(tmp_path, "fr")
    assert [shown.entry(each) for each in shown.all("p") if each.text == "Ministers met."] == ["forum"]


def test_the_heading_of_a_section_belongs_to_no_entry_in_any_language(tmp_path: Path) -> None:
    """A translated heading ends the block of the entry before it, as the one of the main language does."""
    calls = "heading: Calls\n"
    translated = calls + "    translations: {de: {heading: Ausschreibungen}}\n"
    translations = "translations: {de: {title: Unser Brief, subject: Zwölf beginnen, preheader: Ein Forum}}\n"
    plan = f"{FILES[PLAN].replace(calls, translated)}languages: [en, de]\nuntranslated: show\n{translations}"
    write(tmp_path, {PLAN: plan})
    shown = page(tmp_path, "de")
    assert [shown.entry(each) for each in shown.all("h2") if each.text == "Ausschreibungen"] == [""]


@pytest.mark.parametrize("heading", TITLES)
def test_every_section_has_its_share_of_the_bytes(heading: str, tmp_path: Path) -> None:
    """Whoever has to shorten an email is told of its largest part, whatever signs stand in its heading."""
    plan = FILES[PLAN].replace("heading: News", f"heading: {json.dumps(heading)}")
    write(tmp_path, {PLAN: plan, SETTINGS: f'language = "fr"\n{FILES[SETTINGS]}'})
    assert [part.heading for part in parts(page(tmp_path, "fr"))] == [
        "head, masthead and intro",
        "Studies",
        heading,
        "Calls",
        "Events",
        "footer",
    ]


def test_words_with_an_apostrophe_lead_to_their_line(tmp_path: Path) -> None:
    """Two texts that say the same, with signs that HTML spells in many ways, have a line each."""
    small = '<mj-text font-size="9px">The "forum&#x27;s" ties &amp; more</mj-text>'
    write(tmp_path, {INTRO: f"<mj-section><mj-column>\n{small}\n{small}\n</mj-column></mj-section>\n"})
    assert [str(each.place) for each in lint(tmp_path) if each.code == "ACC015"] == [f"{INTRO}:2:1", f"{INTRO}:3:1"]
