"""The MJML boundary: what authors and entries write comes out as written, and nothing ends the process."""

from __future__ import annotations

import re

import pytest

from newsletter.errors import RenderingError
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.validation.vocabulary import VOID
from tests.rendering.page import Element, parse


def document(body: str, head: str = "") -> str:
    """Return an MJML document around some of its parts."""
    return (
        f'<mjml lang="en" dir="ltr"><mj-head>{head}</mj-head><mj-body><mj-section><mj-column>'
        f"{body}</mj-column></mj-section></mj-body></mjml>"
    )


def compiled(body: str, head: str = "") -> Element:
    """Return the parsed HTML of a document."""
    return parse(compile_mjml(document(body, head), name="x.mjml.j2"))


def refused(body: str, head: str = "") -> tuple[str, str]:
    """Return why a document is refused, and what to do."""
    with pytest.raises(RenderingError) as caught:
        compile_mjml(document(body, head), name="themes/x.mjml.j2")
    assert caught.value.message == "themes/x.mjml.j2 does not become an email"
    return caught.value.why, caught.value.fix


@pytest.mark.parametrize(
    "text",
    [
        "18\u00a0000\u202f€ – “quoted”",
        "soft\u00adhyphen and zero\u200bwidth",
        "👩‍👩‍👧 ✈️",
        "ภาษาไทยที่",
        "हिन्दी",
        "العَرَبِيَّة",
        "עִבְרִית",
        "e\u0301",
        "C:\\new\\table",
        "Tom & Jerry's <b> “&amp;”",
    ],
)
def test_an_attribute_comes_out_as_it_was_written(text: str) -> None:
    """The engine prints attributes like Rust's debugger; readers must not see that."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    page = compiled(f'<mj-image src="https://example.org/a.png" alt="{escaped}" />')
    assert [image.attributes["alt"] for image in page.find("img")] == [text]


def test_a_quote_inside_single_quotes_ends_no_attribute() -> None:
    """Otherwise whoever writes an alternative text could add an event handler."""
    page = compiled("""<mj-image src="https://example.org/a.png" alt='" onerror="x' />""")
    (image,) = page.find("img")
    assert image.attributes["alt"] == '" onerror="x'
    assert "onerror" not in image.attributes


def test_a_quote_in_the_title_ends_no_attribute() -> None:
    """The engine repeats the title in an aria-label."""
    page = compiled("<mj-text>x</mj-text>", head="<mj-title>A &#34;quoted&#34; title – é</mj-title>")
    assert [div.attributes["aria-label"] for div in page.find("div") if "aria-label" in div.attributes] == [
        'A "quoted" title – é'
    ]


def test_line_breaks_in_an_attribute_become_spaces() -> None:
    """A style over several lines is ordinary in templates."""
    page = compiled('<mj-text><p style="color:#123456;\n\t margin:0">x</p></mj-text>')
    assert [p.attributes["style"] for p in page.find("p")] == ["color:#123456;   margin:0"]


def test_a_colour_of_three_digits_is_written_out() -> None:
    """As MJML does it: in `bgcolor` some mail clients read six digits only."""
    page = compiled('<mj-button background-color="#04b" href="https://example.org">Read</mj-button>')
    assert [cell.attributes["bgcolor"] for cell in page.find("td") if "bgcolor" in cell.attributes] == ["#0044bb"]


def test_a_bare_zero_leaves_the_other_side_alone() -> None:
    """The engine would count `0 20px` as no padding at all: 600 pixels instead of 560."""
    page = compiled('<mj-image src="https://example.org/a.png" padding="0 20px" alt="" />')
    assert [image.attributes["width"] for image in page.find("img")] == ["560"]


@pytest.mark.parametrize(
    ("column", "picture"),
    [
        ('border="5px solid red" border-right="none"', "545"),
        ('border="5px solid red" border-left="0"', "545"),
        ('border="solid 5px rgb(1, 2, 3)"', "540"),
        ('border-left="solid red 20px"', "530"),
        ('width="33.33%"', "149"),
    ],
)
def test_a_picture_is_as_wide_as_borders_and_shares_leave_it_room(column: str, picture: str) -> None:
    """In whole pixels, as in MJML; the engine reads a thickness in front only, and `none` as if nothing was said."""
    source = document('<mj-image src="https://example.org/a.png" alt="" />').replace(
        "<mj-column>", f"<mj-column {column}>"
    )
    page = parse(compile_mjml(source, name="x"))
    assert [image.attributes["width"] for image in page.find("img")] == [picture]


def test_no_line_is_drawn_around_the_icon_of_a_social_network() -> None:
    """Old clients draw a blue one around every picture that is a link; MJML says border:0."""
    page = compiled('<mj-social><mj-social-element name="facebook" href="https://example.org" alt="f" /></mj-social>')
    assert [icon.attributes["style"] for icon in page.find("img")] == ["border:0;border-radius:3px;display:block;"]


def test_columns_are_rounded_to_whole_pixels_for_outlook() -> None:
    """As MJML does it."""
    columns = "<mj-column></mj-column>" * 3
    source = (
        document("").replace("<mj-section>", '<mj-section padding="20px">').replace("<mj-column></mj-column>", columns)
    )
    assert compile_mjml(source, name="x").count('<td style="vertical-align:top;width:187px;">') == 3


def test_three_columns_of_a_group_have_whole_shares_on_a_phone() -> None:
    """As in MJML: `width="33%"` of each, and the exact third only where the screen is wide."""
    group = f"<mj-group>{'<mj-column></mj-column>' * 3}</mj-group>"
    html = compile_mjml(document("").replace("<mj-column></mj-column>", group), name="x")
    assert (html.count(";width:33%;"), html.count("{ width:33.333332% !important;")) == (3, 2)


@pytest.mark.parametrize("width", ["33.3333%", "66.66666%", "20.12345%", "0.00001%"])
def test_a_column_of_a_group_keeps_the_share_that_it_was_given(width: str) -> None:
    """Its digits are not those of a third."""
    group = f'<mj-group><mj-column width="{width}"></mj-column></mj-group>'
    assert f";width:{width};" in compile_mjml(document("").replace("<mj-column></mj-column>", group), name="x")


def test_columns_of_a_group_in_pixels_keep_their_exact_share_on_a_phone() -> None:
    """Cut to whole percents, they would leave a gap."""
    group = '<mj-group><mj-column width="200px"></mj-column><mj-column width="400px"></mj-column></mj-group>'
    html = compile_mjml(document("").replace("<mj-column></mj-column>", group), name="x")
    assert re.findall(r"mj-column-px-\d+\" [^<>]*;width:([\d.]{6})\d*%;", html) == ["33.333", "66.666"]


@pytest.mark.parametrize(
    ("table", "style"),
    [
        ('border="1px solid red"', "border:1px solid red;"),
        ('border="1px solid red" cellspacing="8"', "border:1px solid red;border-collapse:separate;"),
        ('cellspacing="8"', "border:none;border-collapse:separate;"),
    ],
)
def test_the_cells_of_a_table_stand_apart_where_it_has_spacing(table: str, style: str) -> None:
    """And only there, as in MJML; the engine asks whether the table has a border."""
    page = compiled(f"<mj-table {table}><tr><td>x</td></tr></mj-table>")
    assert page.find("table")[-1].attributes["style"].partition("width:100%;")[2] == style


def test_of_two_classes_the_last_one_wins() -> None:
    """As in MJML itself; in the engine it is the first."""
    head = '<mj-attributes><mj-class name="a" color="#111111" /><mj-class name="b" color="#222222" /></mj-attributes>'
    page = compiled('<mj-text mj-class="a b">x</mj-text>', head)
    assert "color:#222222" in page.find("div")[-1].attributes["style"]


def test_a_picture_without_alternative_text_is_marked_as_decoration() -> None:
    """Screen readers would otherwise read the file's name."""
    page = compiled(
        '<mj-image src="https://example.org/a.png" /><mj-text><img src="https://example.org/b.png"></mj-text>'
    )
    assert [image.attributes["alt"] for image in page.find("img")] == ["", ""]


def test_references_that_are_no_characters_stay_as_they_are() -> None:
    """A surrogate cannot be encoded, and beyond Unicode there is nothing."""
    html = compile_mjml(document("<mj-text>&#55296; &#1114112; &#128; &#8217;</mj-text>"), name="x")
    assert "&#55296; &#1114112; &#128; ’" in html


def test_blanks_between_the_elements_of_the_head_do_no_harm() -> None:
    """The engine takes line breaks there, but no blanks."""
    assert compiled("<mj-text>x</mj-text>", '  <mj-title>t</mj-title>  <mj-breakpoint width="480px" /> ').text == "x"


def test_what_is_inside_comments_and_styles_is_left_alone() -> None:
    """Neither a tag in a comment nor a `>` in a style sheet opens anything."""
    html = compile_mjml(document("<mj-text><!-- a <b> --></mj-text>", "<mj-style>.a>b{color:red}</mj-style>"), name="x")
    assert "<!-- a <b> -->" in html
    assert ".a>b{color:red}" in html


@pytest.mark.parametrize(
    ("body", "why", "fix"),
    [
        (
            "<mj-text>a <b>x</mj-text>",
            "line 1, column 93 of the composed MJML: </mj-text> comes while <b> is still open",
            "write </b> before it",
        ),
        (
            "<mj-text>\nx</b></mj-text>",
            "line 2, column 2 of the composed MJML: </b> closes what was never opened",
            "delete it, or write the tag that opens it",
        ),
        (
            "<mj-txt>x</mj-txt>",
            "line 1, column 78 of the composed MJML: MJML has no <mj-txt>, and readers would see it as text",
            "did you mean <mj-text>?",
        ),
        (
            "<MJ-TEXT>x</MJ-TEXT>",
            "line 1, column 78 of the composed MJML: MJML has no <MJ-TEXT>, and readers would see it as text",
            "did you mean <mj-text>?",
        ),
        (
            '<mj-include path="x.mjml" />',
            "line 1, column 78 of the composed MJML: <mj-include> would read files that nobody checks",
            'write {% include "…" %} instead',
        ),
        (
            "<mj-raw><!-- x</mj-raw>",
            "line 1, column 86 of the composed MJML: a comment is never closed",
            "write --> where it ends",
        ),
        (
            "<mj-text>1 < 2</mj-text>",
            "the MJML engine says: unable to parse next template in root template",
            "look for a stray `<`, a missing quote or an attribute without a value",
        ),
        (
            "<mj-text>a\x00b</mj-text>",
            "the MJML engine says: unable to parse next template in root template",
            "look for a stray `<`, a missing quote or an attribute without a value",
        ),
        (
            "<div>" * 10_000 + "</div>" * 10_000,
            "line 1, column 558 of the composed MJML: more than 100 elements inside each other",
            "flatten the template",
        ),
    ],
    ids=["unclosed", "unopened", "unknown", "capitals", "include", "comment", "stray", "control", "deep"],
)
def test_what_the_engine_gets_wrong_is_refused_in_words(body: str, why: str, fix: str) -> None:
    """No traceback, no dead process, and no unknown tag as text in front of readers."""
    assert refused(body) == (why, fix)


@pytest.mark.parametrize("tag", sorted(VOID))
def test_an_element_that_holds_nothing_needs_no_end(tag: str) -> None:
    """What the check of templates lets pass becomes an email."""
    assert f"a<{tag} " in compile_mjml(document(f"<mj-text>a<{tag}>b</mj-text>"), name="x.mjml.j2")


def test_an_inline_style_goes_into_the_elements_and_no_other_does() -> None:
    """The engine would keep it in the head, where some clients never look; Outlook's comments and the rest stay."""
    head = '<mj-style inline="inline">.a{color:red}</mj-style><mj-style>.a{background:blue}</mj-style>'
    body = '<mj-section><mj-column><mj-text css-class="a">One</mj-text><mj-text>Two</mj-text></mj-column></mj-section>'
    source = "<mjml><mj-head>{}</mj-head><mj-body>" + body + "</mj-body></mjml>"
    inlined = compile_mjml(source.format(head), name="x")
    plain = compile_mjml(source.format("<mj-style>.a{background:blue}</mj-style>"), name="x")
    assert inlined.count("color: red") + inlined.count("color:red") == 1
    assert "background:blue" in inlined
    assert "background: blue" not in inlined
    assert inlined.count("<!--[if mso") == plain.count("<!--[if mso")


def test_a_panic_of_the_engine_is_our_error(capfd: pytest.CaptureFixture[str]) -> None:
    """Its class derives from BaseException and would end a worker."""
    assert refused("<mj-raw><!--[if</mj-raw><mj-raw>--></mj-raw>") == (
        "the MJML engine gave up on it without saying why",
        "undo the last change of the template",
    )
    assert "panicked" in capfd.readouterr().err
