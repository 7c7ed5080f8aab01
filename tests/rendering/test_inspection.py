"""Faults of the composed MJML are told at the template line that wrote them."""

from __future__ import annotations

from newsletter.rendering.inspection import inspect
from tests.rendering.composing import environment

PAGE = (
    '<mjml lang="en" dir="ltr"><mj-head><mj-title>a</mj-title></mj-head><mj-body>\n'
    "{% import 'parts' as the %}\n"
    "{% for entry in entries %}\n"
    '  <mj-section padding="0px 9px">{% include "card" %}</mj-section>\n'
    "{% endfor %}\n"
    "</mj-body></mjml>\n"
)
CARD = "<mj-column>\n  {{ the.title(entry) }}\n</mj-column>"
PARTS = '{% macro title(entry) %}\n<mj-text color="red">{{ entry }}</mj-text>\n{% endmacro %}'


def inspected(**changed: str) -> list[tuple[str, str]]:
    """Return place and message of what is found in the templates above, some of them changed."""
    known = environment({"page": PAGE, "card": CARD, "parts": PARTS} | changed)
    context = {"entries": ["a & b", "c"]}
    mjml = known.get_template("page").render(context)
    return [
        (str(finding.place), finding.message)
        for finding in inspect(mjml, known, "page", context, lambda name: f"templates/{name}")
    ]


def test_templates_without_fault() -> None:
    """Nothing is found, and nothing is rendered twice."""
    assert inspected() == []


def test_a_fault_in_the_page_itself() -> None:
    """Inside a loop it is still one finding."""
    assert inspected(page=PAGE.replace("0px 9px", "0 9px")) == [
        ("templates/page:4:24", "`padding` of <mj-section> has a 0 without a unit")
    ]


def test_a_fault_in_an_included_template() -> None:
    """It is told in the file that is included."""
    assert inspected(card=CARD.replace("</mj-column>", "text</mj-column>")) == [
        ("templates/card:3:1", "the text 'text' stands directly in <mj-column>")
    ]


def test_a_fault_in_an_imported_macro() -> None:
    """It is told where the macro is written, not where it is called."""
    assert inspected(parts=PARTS.replace("color=", "colr=")) == [
        ("templates/parts:2:10", "<mj-text> has no attribute `colr`; did you mean `color`?")
    ]


def test_a_fault_in_a_value() -> None:
    """It is told at the expression that put the value there."""
    assert inspected(parts=PARTS.replace("red", "{{ 'gren' }}")) == [
        ("templates/parts:2:17", "`color` of <mj-text> is 'gren', which is not a colour")
    ]
