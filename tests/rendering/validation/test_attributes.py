"""Attributes that an element does not have, or has with a value that does nothing good."""

from __future__ import annotations

import pytest

from newsletter.rendering.validation import validate
from tests.rendering.validation.documents import column, document, found, text

SITE = "which is not a link that works in an email, which has no folder or site around it"


@pytest.mark.parametrize(
    ("marked", "message", "fix"),
    [
        (
            column('<mj-text ¦colr="red">a</mj-text>'),
            "MJM002 <mj-text> has no attribute `colr`; did you mean `color`?",
            "write color=",
        ),
        (
            column('<mj-text\n  ¦class="lead">a</mj-text>'),
            "MJM002 <mj-text> has no attribute `class`; did you mean `css-class`?",
            "write css-class=",
        ),
        (
            column('<mj-button href="https://example.org" ¦backgroundColor="red">a</mj-button>'),
            "MJM002 <mj-button> has no attribute `backgroundColor`; did you mean `background-color`?",
            "write background-color=",
        ),
        (
            column('<mj-text ¦onclick="x">a</mj-text>'),
            "MJM002 <mj-text> has no attribute `onclick`",
            "delete it, or say it with a style sheet and css-class=",
        ),
        (column("", '<mj-title ¦lang="en">a</mj-title>'), "MJM002 <mj-title> has no attribute `lang`", "delete it"),
        (
            column("", '<mj-attributes><mj-all ¦colour="red" /></mj-attributes>'),
            "MJM002 <mj-all> has no attribute `colour`; did you mean `color`?",
            "write color=",
        ),
        (
            column('<mj-text padding="¦20">a</mj-text>'),
            "MJM004 `padding` of <mj-text> is '20', which has no unit after 20",
            "write 20px",
        ),
        (
            column("<mj-text align='¦middle'>a</mj-text>"),
            "MJM004 `align` of <mj-text> is 'middle', which is not left, right, center or justify",
            "write left, right, center or justify",
        ),
        (
            column('<mj-button href="¦/events">a</mj-button>'),
            f"MJM004 `href` of <mj-button> is '/events', {SITE}",
            "write the whole address, beginning with https://",
        ),
        (
            column("", '<mj-style inline="¦true">a{}</mj-style>'),
            "MJM004 `inline` of <mj-style> is 'true', which is not inline",
            "write inline",
        ),
        (
            column('<mj-text color="red" ¦color="blue">a</mj-text>'),
            "MJM005 `color` stands twice in the same tag",
            "delete one of them",
        ),
        (
            text('<a href="https://example.org" title="a" ¦HREF="https://example.com">b</a>'),
            "MJM005 `HREF` stands twice in the same tag",
            "delete one of them",
        ),
        (
            column('<mj-text padding="20px ¦0">a</mj-text>'),
            "MJM006 `padding` of <mj-text> has a 0 without a unit",
            'write padding="20px 0px"',
        ),
        (column('¦<mj-image alt="" />'), "MJM019 <mj-image> has no `src`", 'write src="…" into it'),
        (
            column("", '<mj-attributes>¦<mj-class color="red" /></mj-attributes>'),
            "MJM019 <mj-class> has no `name`",
            'write name="…" into it',
        ),
    ],
)
def test_an_attribute_that_cannot_be_used(marked: str, message: str, fix: str) -> None:
    """It is told once, at its name or at its value, with what was meant."""
    assert found(marked) == [(message, fix)]


@pytest.mark.parametrize(
    ("marked", "message", "fix"),
    [
        (
            document('<mj-hero ¦mode="fluid-height"><mj-text>a</mj-text></mj-hero>'),
            "MJM014 mode fluid-height gets a negative height from this MJML engine",
            'write mode="fixed-height" with a height, or use mj-section with background-url',
        ),
        (
            document('<mj-section ¦full-width="false"></mj-section>'),
            "MJM014 this MJML engine takes full-width with any value for full width",
            "delete the attribute",
        ),
        (
            column("", '<mj-raw ¦position="file-start">a</mj-raw>'),
            "MJM014 this MJML engine cannot write before the document",
            "delete the attribute; what has to stand in front belongs in the head",
        ),
        (
            document('<mj-wrapper ¦gap="20px"></mj-wrapper>'),
            "MJM014 `gap` of <mj-wrapper> has no effect in this MJML engine",
            "put an mj-section with padding between the others",
        ),
        (
            document('<mj-section ¦text-padding="20px"></mj-section>'),
            "MJM015 `text-padding` of <mj-section> has no effect",
            "delete it",
        ),
        (
            column("", '<mj-attributes><mj-accordion-element ¦icon-width="9px" /></mj-attributes>'),
            "MJM014 `icon-width` of <mj-accordion-element> has no effect in mj-attributes",
            "write it into mj-accordion",
        ),
        (
            column(
                "<mj-accordion><mj-accordion-element>"
                '<mj-accordion-title ¦padding-left="24px">a</mj-accordion-title>'
                "</mj-accordion-element></mj-accordion>"
            ),
            "MJM014 `padding-left` of <mj-accordion-title> gives way to its padding in this MJML engine",
            'write all sides together, such as padding="16px 16px 16px 24px"',
        ),
        (
            column(
                '<mj-navbar hamburger="hamburger" ¦ico-padding-top="24px">'
                '<mj-navbar-link href="https://example.org">a</mj-navbar-link></mj-navbar>'
            ),
            "MJM014 `ico-padding-top` of <mj-navbar> gives way to its ico-padding in this MJML engine",
            'write all sides together, such as ico-padding="10px 10px 10px 24px"',
        ),
        (
            document('¦<mj-section full-width="full-width" border-radius="8px"></mj-section>'),
            "MJM014 <mj-section> with full-width and border-radius gets round corners at the edges of the window",
            "leave out one of the two",
        ),
        (
            document('<mj-hero height="200px" ¦inner-padding="20px"></mj-hero>'),
            "MJM014 `inner-padding` of <mj-hero> reaches nobody but Outlook in this MJML engine",
            "give the elements inside a padding of their own",
        ),
        (
            column('<mj-image src="https://example.org/a.png" alt="" ¦border-left="3px solid red" />'),
            "MJM014 `border-left` of <mj-image> is not drawn, but makes the picture narrower in this MJML engine",
            "use border for all sides",
        ),
        (
            column("", '<mj-attributes><mj-body ¦background-color="#eeeeee" /></mj-attributes>'),
            "MJM014 `background-color` of <mj-body> has no effect in mj-attributes",
            "write it into <mj-body> itself",
        ),
        (
            column("", '<mj-attributes><mj-social-element ¦icon-size="40px" /></mj-attributes>'),
            "MJM014 `icon-size` of <mj-social-element> has no effect in mj-attributes",
            "write it into mj-social",
        ),
        (
            column("", '<mj-attributes><mj-divider ¦align="right" /></mj-attributes>'),
            "MJM014 `align` of <mj-divider> has no effect in mj-attributes",
            "write it into each <mj-divider>",
        ),
        (
            column("<mj-divider />", '<mj-attributes><mj-all ¦align="right" /></mj-attributes>'),
            "MJM014 `align` of <mj-divider> has no effect in mj-all",
            "write it into each <mj-divider>",
        ),
        (
            column(
                '<mj-divider mj-class="wide ¦aside" />',
                '<mj-attributes><mj-class name="wide" width="90%" /><mj-class name="aside" align="right" />'
                "</mj-attributes>",
            ),
            "MJM014 `align` of <mj-divider> has no effect in an mj-class",
            "write it into each <mj-divider>",
        ),
        (
            document(
                '<mj-hero height="90px" mj-class="¦round"></mj-hero>',
                '<mj-attributes><mj-class name="round" border-radius="9px" /></mj-attributes>',
            ),
            "MJM014 `border-radius` of <mj-hero> has no effect in this MJML engine",
            "use mj-section with background-url, which has rounded corners",
        ),
        (
            document(
                '<mj-hero height="90px"></mj-hero>',
                '<mj-attributes><mj-all ¦inner-padding="9px" /></mj-attributes>',
            ),
            "MJM014 `inner-padding` of <mj-hero> reaches nobody but Outlook in this MJML engine",
            "give the elements inside a padding of their own",
        ),
        (
            document('<mj-hero height="90px" ¦padding="9px 20px"></mj-hero>'),
            "MJM015 `padding` of <mj-hero> makes nothing in it narrower in Outlook",
            "give the elements inside a padding to the left and right instead",
        ),
        (
            document('<mj-hero height="90px" ¦padding="0px 0px 5%"></mj-hero>'),
            "MJM014 `padding` of <mj-hero> in percent is not taken off its height in this MJML engine",
            'write it in pixels, such as padding="20px 40px"',
        ),
        (
            document('<mj-hero height="90px" ¦padding-top="5%"></mj-hero>'),
            "MJM014 `padding-top` of <mj-hero> in percent is not taken off its height in this MJML engine",
            'write it in pixels, such as padding-top="40px"',
        ),
        (
            document('<mj-section><mj-group><mj-column ¦padding="9px 20px"></mj-column></mj-group></mj-section>'),
            "MJM015 `padding` makes a column of <mj-group> narrower in Outlook",
            "leave out the <mj-group>, or give the elements inside a padding instead",
        ),
        (
            document('<mj-section><mj-group><mj-column ¦border-left="1px solid"></mj-column></mj-group></mj-section>'),
            "MJM015 `border-left` makes a column of <mj-group> narrower in Outlook",
            "leave out the <mj-group>, or give the elements inside a padding instead",
        ),
        (
            document('<mj-section ¦padding="10% 20px"></mj-section>'),
            "MJM014 `padding` of <mj-section> in percent is not taken off its width in this MJML engine",
            'write it in pixels, such as padding="20px 40px"',
        ),
        (
            document('<mj-section><mj-column ¦padding-left="5%"></mj-column></mj-section>'),
            "MJM014 `padding-left` of <mj-column> in percent is not taken off its width in this MJML engine",
            'write it in pixels, such as padding-left="40px"',
        ),
        (
            column(
                '<mj-divider mj-class="¦far" />', '<mj-attributes><mj-class name="far" padding="5%" /></mj-attributes>'
            ),
            "MJM014 `padding` of <mj-divider> in percent is not taken off its width in this MJML engine",
            'write it in pixels, such as padding="20px 40px"',
        ),
        (
            document(
                '<mj-hero height="90px"></mj-hero>',
                '<mj-attributes><mj-all ¦padding-bottom="5%" /></mj-attributes>',
            ),
            "MJM014 `padding-bottom` of <mj-hero> in percent is not taken off its height in this MJML engine",
            'write it in pixels, such as padding-bottom="40px"',
        ),
        (
            column('¦<mj-button href="https://example.org" width="200px" inner-padding="5% 9px">a</mj-button>'),
            "MJM014 a button with a width and an inner-padding in percent becomes wider than its width",
            "write the inner-padding in pixels",
        ),
        (
            document(
                '<mj-section><mj-column inner-border="3px solid red">'
                '¦<mj-image src="https://example.org/a.png" alt="" /></mj-column></mj-section>'
            ),
            "MJM014 the picture becomes wider than the column's `inner-border` leaves it room",
            "write width= into <mj-image>, or border= instead into <mj-column>",
        ),
        (
            column('¦<mj-button href="https://example.org" width="200px" border="1px solid red">a</mj-button>'),
            "MJM014 a button with width and border becomes wider than its width",
            "leave out width and set inner-padding, or leave out the border",
        ),
        (
            column('¦<mj-button href="https://example.org" width="200px" border-left="1px solid red">a</mj-button>'),
            "MJM014 a button with width and border becomes wider than its width",
            "leave out width and set inner-padding, or leave out the border",
        ),
    ],
)
def test_an_attribute_that_this_engine_treats_otherwise(marked: str, message: str, fix: str) -> None:
    """It is told, with what to write instead."""
    assert found(marked) == [(message, fix)]


@pytest.mark.parametrize(
    "mjml",
    [
        column('<mj-table cellspacing="3"><tr><td>a</td></tr></mj-table>'),
        column(
            '<mj-social align="right"><mj-social-element name="x" alt="a" /></mj-social>',
            '<mj-attributes><mj-all color="#004b87" align="right" /></mj-attributes>',
        ),
        column('<mj-divider align="left" />', '<mj-attributes><mj-divider width="50%" /></mj-attributes>'),
        column(
            '<mj-divider align="left" mj-class="a" />',
            '<mj-attributes><mj-class name="a" align="right" /></mj-attributes>',
        ),
        document('<mj-hero height="90px" padding="9px 0px" padding-left="0px"></mj-hero>'),
        document('<mj-section padding="5% 0px" padding-top="9%"></mj-section>'),
        document(
            '<mj-section><mj-group><mj-column padding="9px 0px" border="none"></mj-column></mj-group></mj-section>'
        ),
        column('<mj-text padding="5%">a</mj-text>'),
        column('<mj-button href="https://example.org" width="200px" border-top="1px solid red">a</mj-button>'),
        document(
            '<mj-section><mj-column inner-border="3px solid red"><mj-text>a</mj-text>'
            '<mj-image src="https://example.org/a.png" alt="" width="90px" /></mj-column></mj-section>'
        ),
        document(
            '<mj-section><mj-column inner-border="none" inner-border-top="3px solid red">'
            '<mj-image src="https://example.org/a.png" alt="" /></mj-column></mj-section>'
        ),
    ],
)
def test_the_same_attributes_where_they_change_nothing(mjml: str) -> None:
    """What comes out as MJML describes it is not refused."""
    assert validate(mjml) == ()


def test_classes_that_disagree() -> None:
    """Two classes may both say a thing if they say the same, or if the element itself says it."""
    head = (
        '<mj-attributes><mj-class name="a" color="red" align="left" /><mj-class name="b" color="blue" align="left" />'
        "</mj-attributes>"
    )
    assert found(column('<mj-text mj-class="a ¦b">x</mj-text>', head)) == [
        (
            "MJM007 the classes 'a' and 'b' of <mj-text> disagree about `color`",
            "keep one of the classes, or write color= into the element",
        )
    ]
    assert validate(column('<mj-text mj-class="a b" color="red">x</mj-text>', head)) == ()


def test_a_class_that_nothing_defines() -> None:
    """The class that was probably meant is named."""
    head = '<mj-attributes><mj-class name="lead" color="red" /></mj-attributes>'
    assert found(column('<mj-text mj-class="¦leed">x</mj-text>', head)) == [
        ("MJM018 no mj-class is called 'leed'; did you mean 'lead'?", 'write mj-class="lead"')
    ]
    assert found(column('<mj-text mj-class="lead ¦zz">x</mj-text>', head)) == [
        ("MJM018 no mj-class is called 'zz'", 'add <mj-class name="zz" … /> to mj-attributes')
    ]


def test_values_are_read_as_the_reader_gets_them() -> None:
    """Escaped quotes around the name of a font are quotes."""
    assert validate(column('<mj-text font-family="&#34;Times New Roman&#34;, serif">a</mj-text>')) == ()
    assert found(column('<mj-text font-family="¦&#34;Times, serif">a</mj-text>')) == [
        (
            "MJM004 `font-family` of <mj-text> is '\"Times, serif', which has a quotation mark without its partner",
            "close the quotation, or leave the marks out",
        )
    ]
