"""Elements that MJML does not have, or not there."""

from __future__ import annotations

import pytest

from tests.rendering.validation.documents import column, document, found, text

ATTRIBUTES = "write the attributes into the HTML of mj-text or mj-raw"


@pytest.mark.parametrize(
    ("marked", "message", "fix"),
    [
        (
            document("<mj-section>¦<mj-colum><mj-text>a</mj-text></mj-colum></mj-section>"),
            "MJM001 MJML has no <mj-colum>; did you mean <mj-column>?",
            "write <mj-column>",
        ),
        (
            column("¦<MJ-TEXT>a</MJ-TEXT>"),
            "MJM001 MJML has no <MJ-TEXT>; did you mean <mj-text>?",
            "write <mj-text>",
        ),
        (column("¦<mj-zzzzzzzz />"), "MJM001 MJML has no <mj-zzzzzzzz>", "use one of the components of MJML"),
        (
            column("¦<p>a</p>"),
            "MJM001 <p> stands directly in <mj-column>",
            "put HTML into mj-text, mj-table or mj-raw",
        ),
        (
            column("¦<text>a</text>"),
            "MJM001 <text> stands directly in <mj-column>; did you mean <mj-text>?",
            "write <mj-text>",
        ),
        (
            column("", "<mj-style>a ¦<b>{}</b></mj-style>"),
            "MJM001 <b> cannot stand in <mj-style>, which holds text without tags",
            "delete it, or write &lt; for the <",
        ),
        (
            document("¦<mj-text>a</mj-text>"),
            "MJM003 <mj-text> cannot stand in <mj-body>",
            "put it into <mj-column> or <mj-hero>",
        ),
        (
            text("a ¦<mj-button>b</mj-button>"),
            "MJM003 <mj-button> cannot stand in <mj-text>",
            "put it into <mj-column> or <mj-hero>",
        ),
        (
            column("¦<mj-column></mj-column>"),
            "MJM003 <mj-column> cannot stand in <mj-column>",
            "put it into <mj-group> or <mj-section>",
        ),
        (
            column("¦<mjml></mjml>"),
            "MJM003 <mjml> cannot stand in <mj-column>",
            "delete it; the document's first tag is its only <mjml>",
        ),
        (
            column("", "¦<mj-text>a</mj-text>"),
            "MJM003 <mj-text> cannot stand in <mj-head>",
            "put it into <mj-column> or <mj-hero>",
        ),
        (
            column("", '<mj-attributes><mj-text color="red">¦<mj-all /></mj-text></mj-attributes>'),
            "MJM003 <mj-all> cannot stand in <mj-text> of mj-attributes",
            "define it beside <mj-text>, not inside",
        ),
    ],
)
def test_an_element_that_is_unknown_or_misplaced(marked: str, message: str, fix: str) -> None:
    """It is told once, with the element that was meant or the places where it may stand."""
    assert found(marked) == [(message, fix)]


@pytest.mark.parametrize(
    ("marked", "message", "fix"),
    [
        (
            document('¦<mj-include path="a.mjml" />'),
            "MJM014 <mj-include> would read files that nobody checks",
            'write {% include "…" %}, which is checked with the rest',
        ),
        (
            column('¦<mj-carousel>\n<mj-carousel-image src="cid:a" alt="" /></mj-carousel>'),
            "MJM014 <mj-carousel> never shows its controls in this MJML engine",
            "show one picture that links to the others, or pictures below each other",
        ),
        (
            column("", '¦<mj-html-attributes><mj-selector path="a">b</mj-selector></mj-html-attributes>'),
            "MJM014 <mj-html-attributes> is unknown to this MJML engine",
            ATTRIBUTES,
        ),
        (
            column("<mj-navbar>¦<mj-raw>a</mj-raw></mj-navbar>"),
            "MJM014 this MJML engine takes no <mj-raw> in <mj-navbar>",
            "put it into mj-head, mj-body or mj-column",
        ),
        (
            document("<mj-wrapper>¦<mj-raw>a</mj-raw></mj-wrapper>"),
            "MJM014 this MJML engine shows an <mj-raw> in <mj-wrapper> to nobody but Outlook",
            "put it between the wrappers, or into mj-column",
        ),
        (
            document("<mj-wrapper><mj-section></mj-section>¦<!-- a --><mj-section></mj-section></mj-wrapper>"),
            "MJM014 a comment cannot stand directly in <mj-wrapper>",
            "write it as {# … #}",
        ),
        (
            column("", '<mj-attributes><mj-class name="a">¦<mj-text color="red" /></mj-class></mj-attributes>'),
            "MJM014 <mj-text> cannot stand in <mj-class> of mj-attributes",
            "define it beside <mj-class>, not inside",
        ),
    ],
)
def test_an_element_that_this_engine_treats_otherwise(marked: str, message: str, fix: str) -> None:
    """It is refused, with what to write instead."""
    assert found(marked) == [(message, fix)]


def test_nesting_without_end() -> None:
    """The hundred and first level is told, and nothing after it is read."""
    message = "MJM016 <b> stands inside 100 other elements"
    fix = "look for a loop or a macro that opens elements without closing them"
    assert found(text("<b>" * 95 + "¦<b>" + "</i>" + "</b>" * 96)) == [(message, fix)]
