"""Each piece of a composed text is known to the line and column of the template that wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader

from newsletter.model.finding import Place
from newsletter.rendering import bounds
from newsletter.rendering.provenance import Provenance, trace
from newsletter.rendering.sandbox import Sandbox
from tests.rendering.composing import environment, unmarked


def traced(templates: Mapping[str, str], **context: Any) -> Provenance:
    """Return the provenance of what template `page` becomes."""
    known = environment(templates)
    return trace(known, "page", context, known.get_template("page").render(context), lambda name: f"templates/{name}")


@pytest.mark.parametrize(
    "templates",
    [
        {"page": "<p>\n  one ¦X two\n</p>"},
        {"page": "a\n{% include 'part' %}\nb", "part": "{# note #}\n\n ¦X"},
        {
            "page": "{% extends 'base' %}\n{% block body %}\n ¦X{% endblock %}",
            "base": "a {% block body %}b{% endblock %}",
        },
        {
            "page": "{% extends 'base' %}\n{% block body %}{{ super() }}{% endblock %}",
            "base": "{% block body %}\n¦X{% endblock %}",
        },
        {"page": "{% import 'm' as m %}{{ m.a() }}", "m": "{% macro a() -%}\n   ¦X\n{%- endmacro %}"},
        {
            "page": "{% from 'm' import a %}\n{% call a() %}\n  ¦X{% endcall %}",
            "m": "{% macro a() %}[{{ caller() }}]{% endmacro %}",
        },
        {"page": "{% for i in range(3) %}\n  {% if i == 2 %}\n    ¦X{% endif %}\n{% endfor %}"},
        {"page": "{% set kept %}\n b ¦X{% endset %}\n c {{ kept }}"},
        {"page": "{% filter upper %}\n b ¦X{% endfilter %}"},
        {"page": "{% raw %}{{ a }} ¦X{% endraw %}"},
        {"page": "{{- 'a' -}}   ¦X  {%- if 1 %} b{% endif %}"},
        {"page": "a\r\n\r\nb ¦X\r\n"},
        {"page": "{% macro a(t) %}<b>{{ t }}</b> ¦X{% endmacro %}{{ a(a('y')) }}"},
    ],
)
def test_what_a_template_says_itself(templates: dict[str, str]) -> None:
    """Its own words are where they are, to the character: through includes, inheritance, macros, calls and loops."""
    clean, (file, line, column) = unmarked(templates)
    known = traced(clean)
    assert known.exact
    assert known(known.text.index("X")) == Place(f"templates/{file}", line, column)


@pytest.mark.parametrize(
    "templates",
    [
        {"page": "<p>\n  one ¦{{ title }} two\n</p>"},
        {"page": "one ¦{{ title|upper|replace('Y', 'Z') }} two"},
        {"page": "one ¦{{ (title) ~ '!' }} two"},
        {"page": "one ¦{{ 'X' ~ 'Y' }} two"},
        {"page": "{% for title in [title] %}\n{% include 'part' %}\n{% endfor %}", "part": " ¦{{ title }}"},
        {"page": "{% import 'm' as m %}{{ m.a(title) }}", "m": "{% macro a(t) %}\n <b>¦{{ t }}</b>{% endmacro %}"},
        {"page": "{% autoescape false %}¦{{ title }}{% endautoescape %}"},
    ],
)
def test_what_an_entry_says(templates: dict[str, str]) -> None:
    """Its words stand where the `{{` is that shows them."""
    clean, (file, line, column) = unmarked(templates)
    known = traced(clean, title="<X>")
    assert known.exact
    assert known(known.text.index("X")) == Place(f"templates/{file}", line, column)


def test_blanks_stay_blanks() -> None:
    """A condition on an empty block holds in the second render as it did in the first."""
    known = traced({"page": "{% set a %}\n  \n{% endset %}{% if a|trim %}full{% else %}empty{% endif %}"})
    assert (known.text.strip(), known.exact) == ("empty", True)


def test_nothing_outside_of_the_text_is_asked_for_in_vain() -> None:
    """Offsets before and behind the text are those of its ends; an empty text has no place."""
    known = traced({"page": "ab"})
    assert [known(offset) for offset in (-5, 0, 1, 2, 99)] == [
        Place("templates/page", 1, 1),
        Place("templates/page", 1, 1),
        Place("templates/page", 1, 2),
        Place("templates/page", 1, 2),
        Place("templates/page", 1, 2),
    ]
    assert traced({"page": ""})(0) == Place()


def test_texts_that_differ_are_known_around_the_difference() -> None:
    """Where the length of a block decides, the second render may differ: before and behind that it is exact."""
    known = traced({"page": "{% set a %}four{% endset %}before {{ a|length }} after"})
    assert (known.text, known.exact) == ("before 4 after", False)
    assert known(0) == Place("templates/page", 1, 28)
    assert known(known.text.index("after")) == Place("templates/page", 1, 50)


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("\ue0f0\ue0f1\ue0f2 0123456789X<{%é"), max_size=40))
def test_an_entry_cannot_write_marks(title: str) -> None:
    """Characters like those of the marks come through as they are written, and mislead nobody."""
    known = traced({"page": "a{{ title }}\n{{ title }}END"}, title=title)
    assert known.exact
    assert known(known.text.index("END")) == Place("templates/page", 2, 12)


LITERALS = st.integers(0, 10_000).map(lambda number: f"L{number}L")


@st.composite
def pages(draw: st.DrawFn, depth: int = 3) -> str:
    """Draw a template of words that stand once each in its text, in blocks of all kinds."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        kind = (
            draw(st.sampled_from(["word", "word", "value", "if", "for", "set", "call", "blank"])) if depth else "word"
        )
        inner = draw(pages(depth - 1)) if kind in {"if", "for", "set", "call"} else ""
        parts.append(
            {
                "word": "{number}",
                "value": "{{{{ value }}}}",
                "if": "{{% if value %}}{inner}{{% endif %}}",
                "for": "{{% for i in [1, 2] %}}{inner}{{% endfor %}}",
                "set": "{{% set kept %}}{inner}{{% endset %}}{{{{ kept }}}}",
                "call": "{{% call box() %}}{inner}{{% endcall %}}",
                "blank": draw(st.sampled_from([" ", "\n", "\n\n  ", "{{# a\nb #}}"])),
            }[kind].format(number=draw(LITERALS), inner=inner)
        )
    return draw(st.sampled_from(["", " ", "\n", "\n  "])).join(parts)


@settings(max_examples=150, deadline=None)
@given(pages())
def test_every_word_of_any_template_is_found_where_it_stands(body: str) -> None:
    """Each of the words that come out is written at the place that is told."""
    page = "{% macro box() %}[{{ caller() }}]{% endmacro %}\n" + body
    known = traced({"page": page}, value="<V>")
    assert known.exact
    lines = page.split("\n")
    for word in re.finditer(r"L\d+L|&lt;V&gt;", known.text):
        place = known(word.start())
        written = lines[place.line - 1][place.column - 1 :]
        assert written.startswith("{{ value }}" if word[0].startswith("&") else word[0])


def test_what_with_its_marks_is_larger_than_an_email_has_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding without a place is better than none, of an issue with a thousand entries."""
    templates = {"page": "{% for _ in range(100) %}<p>{{ 'word' }}</p>{% endfor %}"}
    known = Sandbox(loader=DictLoader(templates), autoescape=True)
    text = known.get_template("page").render()
    monkeypatch.setattr(bounds, "LARGEST", len(text))
    assert known.get_template("page").render() == text
    assert trace(known, "page", {}, text)(text.index("word")) == Place()
