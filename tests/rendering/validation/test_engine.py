"""The validator against the MJML engine itself: what passes compiles, and what is said of the engine is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model.finding import Severity
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.validation import differences, validate, vocabulary
from newsletter.rendering.validation.vocabulary import Content
from tests.rendering.validation.documents import column, document

CORPUS = Path(__file__).resolve().parents[2] / "conformance" / "corpus"
GOOD = {
    "boolean": "true",
    "border": "1px solid red",
    "color": "#004b87",
    "decoration": "underline",
    "fonts": "'Times New Roman', serif",
    "integer": "7",
    "line": "dashed",
    "link": "https://example.org/?a=1&amp;b=é",
    "name": "lead",
    "picture": "cid:a",
    "position": "top center",
    "size": "cover",
    "string": "18\u00a0000 € \\ “é”",
    "unit(px,%){1,4}": "10px 5%",
    "weight": "700",
}
BAD = ["", "0", "0 20px", "é", "<", "a\tb", "fluid-height", "full-width"]
HTML = [
    "text ",
    "a &amp; b",
    "a & b > c",
    "é",
    "<br>",
    "<b>a</b>",
    "<B>a</b>",
    "{{ x }}",
    "<img src='cid:a' alt=''>",
    "\n",
]
OUTLOOK = [
    "<!--[if mso]><b>",
    "</b><![endif]-->",
    "<!--[if !mso]><!-->",
    "<!--<![endif]-->",
    "<![if mso]>",
    "<![endif]>",
]
WRONG = ["1 < 2", "\x01", "</b>", "<p>", "<!-- a--b -->", "<![CDATA[x]]>", "<mj-text>a</mj-text>", "text", " ", "  \n"]


@st.composite
def start_tag(draw: st.DrawFn, name: str) -> str:
    """Draw a tag without its brackets, mostly with values that fit."""
    known = vocabulary.attributes(name)
    needed = {"mj-class": ["name"], "mj-font": ["name", "href"], "mj-image": ["src", "alt"], "mj-breakpoint": ["width"]}
    chosen = draw(st.lists(st.sampled_from(sorted(known)), max_size=2, unique=True)) if known else []
    tag = name
    for attribute in dict.fromkeys([*needed.get(name, []), *chosen]):
        kind = known[attribute][0]
        value = GOOD.get(kind, kind[5:-1].split(",")[0] if kind.startswith("enum") else "20px")
        tag += f' {attribute}="{value if draw(st.integers(0, 19)) else draw(st.sampled_from(BAD))}"'
    return tag


@st.composite
def element(draw: st.DrawFn, name: str, depth: int) -> str:
    """Draw an element, mostly as MJML wants it."""
    tag = draw(start_tag(name))
    content = vocabulary.content(name)
    children = sorted(vocabulary.children(name) - differences.REFUSED_ELEMENTS.keys())
    parts = []
    for _ in range(draw(st.integers(0, 3)) if depth else 0):
        if not draw(st.integers(0, 29)):
            parts.append(draw(st.sampled_from(WRONG)))
        elif children:
            parts.append(draw(element(draw(st.sampled_from(children)), depth - 1)))
        elif content is Content.TEXT:
            parts.append(draw(st.sampled_from(HTML[:4])))
        elif content is not Content.PARTS and content is not Content.NOTHING:
            parts.append(draw(st.sampled_from([*HTML, *HTML, *OUTLOOK, "<!-- c -->"])))
    inner = "".join(parts)
    return f"<{tag}>{inner}</{name}>" if inner or draw(st.booleans()) else f"<{tag} />"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a document, sometimes with a few characters changed."""
    head = draw(element("mj-head", 2))
    body = draw(element("mj-body", 5))
    text = f'<mjml lang="en" dir="ltr">{head}{body}</mjml>'
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at] + draw(st.sampled_from(["", "<", ">", "/", '"', "'", "=", "-", "!", " ", "é"])) + text[at + 1 :]
        )
    return text


@settings(max_examples=300, deadline=None)
@given(documents())
def test_what_has_no_error_compiles(text: str) -> None:
    """So the engine never has to be asked what it does not like, of which it says neither line nor column."""
    errors = [fault for fault in validate(text) if fault.severity is Severity.ERROR]
    if not errors and "inline=" not in text:
        compile_mjml(text, name="x")


@pytest.mark.parametrize("construct", sorted(CORPUS.glob("*.mjml")), ids=lambda path: path.stem)
def test_the_constructs_of_the_conformance_corpus(construct: Path) -> None:
    """Those that are compared with the official MJML compile, or are refused with a reason."""
    text = construct.read_text(encoding="utf-8")
    if not any(fault.severity is Severity.ERROR for fault in validate(text)) and "inline=" not in text:
        assert "<body" in compile_mjml(text, name=construct.stem)


SAMPLES = {
    ("mj-accordion-title", "font-weight"): "700",
    ("mj-body", "id"): "a",
    ("mj-button", "title"): "a",
    ("mj-column", "inner-border-radius"): "9px",
    ("mj-hero", "border-radius"): "9px",
    ("mj-image", "border-bottom"): "3px solid red",
    ("mj-image", "border-top"): "3px solid red",
    ("mj-image", "sizes"): "50vw",
    ("mj-section", "gutter"): "20px",
    ("mj-section", "text-padding"): "9px",
    ("mj-social", "border"): "3px solid red",
    ("mj-social-element", "border"): "3px solid red",
    ("mj-social-element", "icon-position"): "right",
    ("mj-social-element", "sizes"): "50vw",
    ("mj-social-element", "srcset"): "https://example.org/a.png 2x",
    ("mj-table", "role"): "presentation",
    ("mj-wrapper", "gap"): "20px",
    ("mj-wrapper", "gutter"): "20px",
    ("mj-wrapper", "text-padding"): "9px",
}
PLACES = {
    "mj-accordion-title": column(
        "<mj-accordion><mj-accordion-element><mj-accordion-title{}>a</mj-accordion-title></mj-accordion-element>"
        "</mj-accordion>"
    ),
    "mj-body": document("").replace("<mj-body>", "<mj-body{}>"),
    "mj-button": column('<mj-button href="https://example.org"{}>a</mj-button>'),
    "mj-column": document("<mj-section><mj-column{}><mj-text>a</mj-text></mj-column></mj-section>"),
    "mj-hero": document('<mj-hero height="300px" background-url="https://example.org/a.png"{}></mj-hero>'),
    "mj-image": column('<mj-image src="https://example.org/a.png"{} />'),
    "mj-section": document("<mj-section{}><mj-column></mj-column><mj-column></mj-column></mj-section>"),
    "mj-social": column('<mj-social{}><mj-social-element name="facebook">a</mj-social-element></mj-social>'),
    "mj-social-element": column('<mj-social><mj-social-element name="facebook"{}>a</mj-social-element></mj-social>'),
    "mj-table": column("<mj-table{}><tr><td>a</td></tr></mj-table>"),
    "mj-wrapper": document("<mj-wrapper{}><mj-section></mj-section><mj-section></mj-section></mj-wrapper>"),
}


@pytest.mark.parametrize(("name", "attribute"), sorted(SAMPLES))
def test_an_attribute_said_to_have_no_effect_has_none(name: str, attribute: str) -> None:
    """As soon as the engine learns it, the warning has to go."""
    without, given_it = PLACES[name].format(""), PLACES[name].format(f' {attribute}="{SAMPLES[name, attribute]}"')
    assert compile_mjml(given_it, name="x") == compile_mjml(without, name="x")
    assert [fault.code for fault in validate(given_it) if fault not in validate(without)][-1:] == [
        "MJM014" if (name, attribute) in differences.UNSEEN else "MJM015"
    ]


def test_every_attribute_said_to_have_no_effect_is_tried() -> None:
    """None is added without its proof."""
    assert set(SAMPLES) == set(differences.UNSEEN) | set(differences.IGNORED) | set(differences.IGNORED_BY_ALL)
