"""What our rules say of contrast, links and headings is what axe-core says in a browser, of the same pages.

axe-core comes from npm into `.cache/`, once. Where we differ on purpose, `docs/comparisons.md` says why.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter import config, pipeline
from newsletter.checks import RULES
from newsletter.checks.accessibility.colour_alone import alone
from newsletter.checks.accessibility.contrast import faint
from newsletter.checks.rendered import Page
from newsletter.checks.subject import Subject
from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slotted
from tests import factories as make
from tests.browser.axe import source
from tests.checks.test_faulty import planted

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
THEMES = ("monthly", "digest", "bulletin")
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_AT = re.compile(r'data-at="(\d+)"')
pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return source()


def by_hand(body: str) -> Page:
    """Return a page written for a test."""
    html = f'<!doctype html><html lang="en" dir="ltr"><head><title>T</title></head><body>{body}</body></html>'
    nothing = Slotted((b"",), (), Context.PLAIN)
    whole = Slotted((html.encode(),), (), Context.HTML)
    return Page(Edition("2024-07", "en", "ltr", nothing, nothing, whole, nothing, ""), make.selection())


def themed(theme: str) -> Page:
    """Return the July 2024 issue in a theme."""
    space = config.load(ROOT, environment={})
    chosen = pipeline.choose(space, "2024-07", pipeline.read(space))
    chosen = replace(chosen, issue=chosen.issue.model_copy(update={"theme": theme}))
    (edition,) = pipeline.render(space, chosen, ["en"]).editions
    return Page(edition, chosen)


def faulty(folder: Path) -> Page:
    """Return the issue of sixty faults."""
    planted(folder)
    space = config.load(folder, environment={})
    chosen = pipeline.choose(space, "2024-07", pipeline.read(space))
    (edition,) = pipeline.render(space, chosen, ["en"]).editions
    return Page(edition, chosen)


def judged(browser: Any, axe: str, page: Page, rules: list[str], scheme: str = "light") -> dict[str, set[int]]:
    """Return where axe-core finds violations of some rules, by the offsets of the tags."""
    html = _TAG.sub(lambda tag: f'{tag[0]} data-at="{tag.start()}"', page.html)
    context = browser.new_context(viewport={"width": 700, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.route("**/*", lambda route: route.abort())
    tab.set_content(html)
    tab.evaluate(axe)
    options = {"runOnly": {"type": "rule", "values": rules}, "resultTypes": ["violations"]}
    results = tab.evaluate(f"axe.run(document, {json.dumps(options)})")
    context.close()
    found: dict[str, set[int]] = {rule: set() for rule in rules}
    for violation in results["violations"]:
        for node in violation["nodes"]:
            found[violation["id"]] |= {int(at) for at in _AT.findall(node["html"])[:1]}
    return found


def described(page: Page, offsets: set[int]) -> list[str]:
    """Return elements in words, for the message of a test that fails."""
    return [f"<{page.by_offset[at].tag}> {page.by_offset[at].text[:50]}" for at in sorted(offsets)]


def _cases() -> dict[str, str]:
    parts = re.split(r"<!-- (.+?) -->\n", (HERE / "contrast.html").read_text(encoding="utf-8"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


CASES = _cases()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", CASES)
def test_contrast_by_hand(browser: Any, axe: str, name: str, scheme: str) -> None:
    """Each way in which a colour comes about: the same elements are too faint for both."""
    page = by_hand(CASES[name])
    looks = page.light if scheme == "light" else page.dark
    ours = {element.at for element, *_ in faint(page, looks)}
    theirs = judged(browser, axe, page, ["color-contrast"], scheme)["color-contrast"]
    assert described(page, ours) == described(page, theirs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_contrast_of_our_themes(browser: Any, axe: str, theme: str, scheme: str) -> None:
    """Nothing is too faint, for neither of us."""
    page = themed(theme)
    ours = {element.at for element, *_ in faint(page, page.light if scheme == "light" else page.dark)}
    theirs = judged(browser, axe, page, ["color-contrast"], scheme)["color-contrast"]
    assert (ours, theirs) == (set(), set())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_an_issue_full_of_faults(browser: Any, axe: str, scheme: str, tmp_path: Path) -> None:
    """The same elements are too faint for both."""
    page = faulty(tmp_path)
    ours = {element.at for element, *_ in faint(page, page.light if scheme == "light" else page.dark)}
    theirs = judged(browser, axe, page, ["color-contrast"], scheme)["color-contrast"]
    assert described(page, ours) == described(page, theirs)
    assert ours


def test_links_by_colour_alone(browser: Any, axe: str) -> None:
    """What tells a link from the words around it counts for both alike."""
    page = by_hand((HERE / "links.html").read_text(encoding="utf-8"))
    theirs = judged(browser, axe, page, ["link-in-text-block"])["link-in-text-block"]
    assert described(page, {link.at for link in alone(page, page.light)}) == described(page, theirs)


@pytest.mark.parametrize("theme", THEMES)
def test_everything_that_axe_asks_of_a_mail_is_fulfilled(browser: Any, axe: str, theme: str) -> None:
    """The rules of axe-core that make sense for mails find nothing in our themes."""
    rules = """
    aria-allowed-attr aria-allowed-role aria-valid-attr aria-valid-attr-value bypass color-contrast document-title
    empty-heading heading-order html-has-lang html-lang-valid image-alt image-redundant-alt label link-in-text-block
    link-name list listitem page-has-heading-one presentation-role-conflict role-img-alt scope-attr-valid tabindex
    target-size td-headers-attr th-has-data-cells valid-lang
    """.split()
    page = themed(theme)
    found = judged(browser, axe, page, rules)
    assert {rule: described(page, at) for rule, at in found.items() if at} == {}


def test_names_headings_and_titles(browser: Any, axe: str, tmp_path: Path) -> None:
    """Links without words, headings without order: the same elements for both."""
    page = faulty(tmp_path)
    subject = Subject(page.selection, (page.edition,), parameters={rule.code: rule.parameters for rule in RULES})
    codes = {"ACC005": "heading-order", "ACC006": "empty-heading", "ACC011": "link-name", "ACC013": "document-title"}
    theirs = judged(browser, axe, page, list(codes.values()))
    for rule in RULES:
        if rule.code in codes:
            assert (rule.code, len(list(rule.check(subject)))) == (rule.code, len(theirs[codes[rule.code]]))
