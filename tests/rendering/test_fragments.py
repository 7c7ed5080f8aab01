"""What includes became is used again only where a template would read the same."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from jinja2.utils import Namespace
from markupsafe import Markup
from PIL import Image

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.entry import Entry
from newsletter.model.selection import Selection
from newsletter.rendering import bounds, environment, images, render
from newsletter.rendering.fragments import Asked, rendering
from newsletter.rendering.sandbox import Sandbox
from tests import factories as make
from tests.rendering.month import month

ROW = "{{ two }}{{ asked() }}"
PAGE_THAT_INCLUDES = "{% for word in words %}{% include 'row' %}{% endfor %}"
ROW_THAT_COUNTS = "{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ word|noted }}{{ ns.n }}"
SETTINGS = st.fixed_dictionaries(
    {"public_url": st.sampled_from(["https://news.example.org", "https://www.example.org/news"])},
    optional={
        "title": st.sampled_from(["Ours", "Theirs & co."]),
        "brand": st.just({"color": "#ffcc00"}),
        "images": st.sampled_from(["inline", "linked"]),
        "postal_address": st.just("Elsewhere"),
    },
)
THEMES = st.sampled_from(["monthly", "digest", "bulletin"])
LANGUAGES = st.sampled_from(["en", "de"])
ZONES = st.sampled_from(["Europe/Vienna", "Pacific/Honolulu"])
WORDS = st.sampled_from(["One", "Two", "<three>", "{{ 4 }}"])


def shown(templates: dict[str, str], *contexts: dict[str, Any]) -> list[str]:
    """Return what `page` becomes with each context in turn, in one environment."""
    made = Sandbox(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined, auto_reload=False)
    found = []
    for context in contexts:
        with rendering(context):
            found.append(made.get_template("page").render(context))
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=st.lists(st.tuples(st.integers(0, 20), WORDS, WORDS), min_size=1, max_size=5))
@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_an_issue_edited_again_and_again_is_what_it_would_be_at_once(
    theme: str, edits: list[tuple[int, str, str]]
) -> None:
    """Whatever was rendered before, the bytes are those of a process that has rendered nothing."""
    workspace = make.workspace(Path("has-nothing-of-its-own"), public_url="https://news.example.org")
    selection = month()
    for at, title, summary in edits:
        selection = edited(selection, at, title=title, summary=summary)
        warm = render(themed(selection, theme), workspace, "en")
    environment._templates.cache_clear()
    cold = render(themed(selection, theme), workspace, "en")
    assert (warm.html, warm.text, warm.mjml, warm.digest) == (cold.html, cold.text, cold.mjml, cold.digest)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.lists(st.tuples(SETTINGS, THEMES, LANGUAGES, ZONES), min_size=2, max_size=5))
def test_what_is_set_otherwise_again_and_again_counts_each_time(
    asked: list[tuple[dict[str, Any], str, str, str]],
) -> None:
    """Nothing of another setting, theme, language or zone stays in what was made before."""
    for more, theme, language, zone in asked:
        workspace, selection = make.workspace(Path("has-nothing-of-its-own"), **more), themed(month(), theme)
        selection = replace(selection, send_at=selection.send_at.astimezone(ZoneInfo(zone)))
        warm = render(selection, workspace, language)
    forget()
    cold = render(selection, workspace, language)
    assert (warm.html, warm.text, warm.mjml, warm.digest) == (cold.html, cold.text, cold.mjml, cold.digest)


def forget() -> None:
    """Forget what was made of anything so far, but for the code of templates, which takes long to be made."""
    for name, module in list(sys.modules.items()):
        for function in vars(module).values() if name.startswith("newsletter.") else ():
            if hasattr(function, "cache_clear") and function is not environment._compiled:
                function.cache_clear()
    images._made.clear()


def test_an_instant_in_another_zone_is_another_day(tmp_path: Path) -> None:
    """Whoever corrects the zone in the settings sees the days that are left counted by its calendar."""
    workspace, call = make.workspace(tmp_path), make.call(deadline="2024-08-02")
    sections = (make.section("Calls", "call"), [call])
    at = datetime(2024, 7, 28, 22, 30, tzinfo=UTC)
    left = [
        render(make.selection(sections, send_at=at.astimezone(zone)), workspace, "en").text.chunks
        for zone in (UTC, ZoneInfo("Asia/Tokyo"), UTC)
    ]
    assert [re.findall(rb"\d days? left", b"".join(text)) for text in left] == [
        [b"5 days left"],
        [b"4 days left"],
        [b"5 days left"],
    ]


def edited(selection: Selection, at: int, **fields: str) -> Selection:
    """Return a selection with other words in one of its entries."""
    filled: list[tuple[Any, list[Entry]]] = [(section.plan, list(section.entries)) for section in selection.sections]
    places = [(number, inside) for number, (_, entries) in enumerate(filled) for inside in range(len(entries))]
    number, inside = places[at % len(places)]
    filled[number][1][inside] = filled[number][1][inside].model_copy(update=fields)
    return make.selection(*filled, of=selection.issue, recurring=selection.recurring)


def themed(selection: Selection, theme: str) -> Selection:
    """Return a selection whose issue is shown by another theme."""
    filled = [(section.plan, list(section.entries)) for section in selection.sections]
    issue = selection.issue.model_copy(update={"theme": theme})
    return make.selection(*filled, of=issue, recurring=selection.recurring)


def test_an_include_is_made_once_for_the_same_values() -> None:
    """One changed entry renders one row again."""
    calls = []

    def counted(word: str) -> str:
        calls.append(word)
        return word

    page = "{% for word in words %}{% include 'row' %}{% endfor %}"
    asked = Asked("asked", counted)
    templates = {"page": page, "row": "{{ word }}{% if word == 'b' %}{{ asked(word) }}{% endif %};"}
    assert shown(templates, {"words": ["a", "b"], "asked": asked}, {"words": ["a", "c", "b"], "asked": asked}) == [
        "a;bb;",
        "a;c;bb;",
    ]
    assert calls == ["b", "b"]


def test_a_whole_letter_is_made_once_for_the_same_values() -> None:
    """What it reads itself, its includes read or the edition answers: any other value makes another letter."""
    made = Sandbox(
        loader=DictLoader(
            {"page": "{{ one }}{% if one == 'b' %}{{ three }}{% endif %}{% include 'row' %}", "row": ROW}
        ),
        undefined=StrictUndefined,
        auto_reload=False,
    )
    page = made.get_template("page")

    def whole(one: str, two: str, answer: str, **more: str) -> tuple[str, ...]:
        context = {"one": one, "two": two, "asked": Asked("asked", lambda: answer), **more}
        with rendering(context):
            return made.fragments.whole(page, context)

    first = whole("a", "x", "!", unread="1")
    assert "".join(first) == "ax!"
    assert "".join(whole("a", "x", "?")) == "ax?"
    assert "".join(whole("a", "y", "!")) == "ay!"
    assert "".join(whole("b", "x", "!", three="3")) == "b3x!"
    assert "".join(whole("b", "x", "!", three="4")) == "b4x!"
    with pytest.raises(UndefinedError):
        whole("b", "x", "!")
    again = whole("a", "x", "!", unread="2")
    assert again is whole("a", "x", "!") and again == first
    for number in range(100):
        assert "".join(whole("a", str(number), "!")) == f"a{number}!"


def test_what_is_too_much_work_is_too_much_each_time() -> None:
    """Or the letter that the team looks at could not be made where it is sent from."""
    much = "{% for _ in word %}{% for _ in word %}{% endfor %}{% endfor %}"
    page = "{% include 'one' %}{% if more %}{% include 'two' %}{% endif %};"
    made = Sandbox(loader=DictLoader({"page": page, "one": much, "two": much}), auto_reload=False)
    for more in (True, True, False, True, False):
        context = {"more": more, "word": "w" * 600}
        with rendering(context), bounds.bounded(), pytest.raises(OverflowError) if more else nullcontext():
            assert made.fragments.whole(made.get_template("page"), context)


def test_a_whole_letter_that_counts_is_made_each_time() -> None:
    """A namespace that comes with the context may be another one unseen."""
    made = Sandbox(loader=DictLoader({"page": "{% set ns.n = ns.n + 1 %}{{ ns.n }}"}), auto_reload=False)
    counted = {"ns": Namespace(n=0)}
    with rendering(counted):
        assert [made.fragments.whole(made.get_template("page"), counted) for _ in "ab"] == [("1",), ("2",)]


def test_another_answer_makes_another_text() -> None:
    """A picture that was saved anew has another address, although the entry is the same."""
    first, second = Asked("asked", lambda: "one"), Asked("asked", lambda: "two")
    templates = {"page": "{% include 'outer' %}", "outer": "{% include 'row' %}", "row": "{{ asked() }}"}
    assert shown(templates, {"asked": first}, {"asked": second}, {"asked": first}) == ["one", "two", "one"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, True, 1.0], ["1", "True", "1.0"]),
        (["<b>", Markup("<b>")], ["&lt;b&gt;", "<b>"]),
        ([("<b>",), (Markup("<b>"),)], ["(&#39;&lt;b&gt;&#39;,)", "(Markup(&#39;&lt;b&gt;&#39;),)"]),
        ([[1], [True], [1, 2]], ["[1]", "[True]", "[1, 2]"]),
    ],
)
def test_values_that_are_equal_but_look_different_are_not_taken_for_each_other(
    values: list[Any], expected: list[str]
) -> None:
    """`1 == True`, and marked text equals unmarked text."""
    page = {"page": "{% for value in values %}{% include 'row' %};{% endfor %}", "row": "{{ value }}"}
    assert shown(page, {"values": values}) == [";".join(expected) + ";"]


def test_an_include_that_counts_for_itself_is_made_once() -> None:
    """A namespace that a template makes begins alike each time, as cards have one to pair them."""
    made = Sandbox(loader=DictLoader({"page": PAGE_THAT_INCLUDES, "row": ROW_THAT_COUNTS}), auto_reload=False)
    calls: list[str] = []
    made.filters["noted"] = lambda word: calls.append(word) or word
    assert [made.get_template("page").render(words=words) for words in ("ab", "acb")] == ["a1b1", "a1c1b1"]
    assert calls == ["a", "b", "c"]


def test_what_counts_is_made_each_time() -> None:
    """A namespace changes while it stays the same object."""
    page = "{% set ns = namespace(n=0) %}{% for _ in 'abc' %}{% include 'row' %}{% endfor %}"
    row = "{% set ns.n = ns.n + 1 %}{{ ns.n }}"
    assert shown({"page": page, "row": row}, {}, {}) == ["123", "123"]
    assert shown({"page": page, "row": "{% include 'inner' %}", "inner": row}, {}, {}) == ["123", "123"]


def test_a_value_that_a_loop_gives_only_sometimes_is_not_mistaken() -> None:
    """Where the loop does not give it, the include finds the one around."""
    page = "{% for word in words %}{% if word == 'b' %}{% set seen = word %}{% endif %}{% include 'row' %}{% endfor %}"
    templates = {"page": page, "row": "{{ word }}{{ seen }};"}
    words = ["b", "a", "b", "a"]
    expected = ["bb;a1;bb;a1;", "bb;a2;bb;a2;"]
    assert shown(templates, {"words": words, "seen": 1}, {"words": words, "seen": 2}) == expected


def test_what_includes_and_blocks_and_imports_read_counts_too() -> None:
    """However deep a value is read, another one makes another text."""
    templates = {
        "page": "{% include 'child' %}",
        "child": "{% extends 'base' %}{% block b %}{{ super() }}{{ one }}{% include 'leaf' %}{% endblock %}",
        "base": "<{% block b %}{{ two }}{% endblock %}>",
        "leaf": "{% import 'macros' as m with context %}{{ m.say() }}",
        "macros": "{% macro say() %}{{ three }}{% endmacro %}",
    }
    given_ = [{"one": one, "two": two, "three": three} for one in "ab" for two in "ab" for three in "ab"]
    assert shown(templates, *given_, *given_) == 2 * [f"<{c['two']}{c['one']}{c['three']}>" for c in given_]


def test_a_list_of_templates_takes_the_first_that_is_there() -> None:
    """As Jinja2 has it, so that a team's own type needs a template only where it wants one."""
    templates = {"page": "{% include ['row-' ~ kind, 'row'] %}", "row": "any", "row-b": "b"}
    assert shown(templates, {"kind": "a"}, {"kind": "b"}, {"kind": "a"}) == ["any", "b", "any"]


def test_templates_that_read_nothing_are_not_taken_for_each_other() -> None:
    """What a loop includes by its name is that template, also where its text depends on nothing."""
    page = "{% for part in parts %}{% include part %}{% endfor %}"
    parts = {"one": "1", "two": "2", "named": "{{ part }}"}
    assert shown({"page": page} | parts, {"parts": ["one", "two", "one", "named"]}) == ["121named"]


def test_a_failure_inside_an_include_is_not_kept() -> None:
    """The next render with the value succeeds, and the one after it fails again."""
    templates = {"page": "{% include 'row' %}", "row": "{{ there }}"}
    with pytest.raises(UndefinedError):
        shown(templates, {"there": "yes"}, {})


def test_a_picture_that_goes_missing_is_told_although_the_entry_is_the_same(tmp_path: Path) -> None:
    """Nothing that was rendered before hides it."""
    workspace: Workspace = make.workspace(tmp_path)
    file = workspace.issues / "a.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (9, 9)).save(file)
    selection = make.selection((make.section(), [make.news(image={"src": "a.png", "alt": "A"})]))
    assert len(render(selection, workspace, "en").hosted) == 1
    assert len(render(selection, workspace, "en").hosted) == 1
    file.unlink()
    with pytest.raises(RenderingError) as caught:
        render(selection, workspace, "en")
    assert [finding.message for finding in caught.value.findings] == ["there is no picture a.png"]
    assert caught.value.message == "the email cannot be made"


def test_renderings_at_once_that_look_up_other_names_do_not_mix() -> None:
    """What a template became by the values of some names is not what it becomes by the same values of others."""
    row = "{% if one == 'x' %}{% include 'left' %}{% else %}{{ asked() }}{% include 'right' %}{% endif %}"
    templates = {
        "page": "{% include 'row' %}",
        "row": row,
        "left": "{{ two }}{{ three }}",
        "right": "{{ four }}{{ five }}",
    }
    made = Sandbox(loader=DictLoader(templates), auto_reload=False)

    def shown(**context: Any) -> str:
        with rendering(context):
            return "".join(made.fragments.whole(made.get_template("page"), context))

    def meanwhile() -> str:
        with ThreadPoolExecutor() as threads:
            return threads.submit(shown, one="x", asked="x", two="x", three="x").result()

    assert shown(one="y", asked=Asked("asked", meanwhile), four="!", five="!") == "xx!!"
    assert shown(one="x", asked="x", two="-", three="-", four="x", five="x") == "--"
