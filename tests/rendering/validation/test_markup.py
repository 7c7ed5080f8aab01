"""Tags, comments and text that do not fit together."""

from __future__ import annotations

import pytest

from newsletter.rendering.validation import validate
from tests.rendering.validation.documents import column, document, found, text


@pytest.mark.parametrize(
    ("marked", "message", "fix"),
    [
        (text("a¦<p>b"), "MJM008 <p> is never closed", "write </p> where it ends"),
        (
            document("¦<mj-section><mj-column></mj-column><mj-section></mj-section><mj-wrapper></mj-wrapper>"),
            "MJM008 <mj-section> is never closed",
            "write </mj-section> where it ends",
        ),
        (text("¦<BR>"), "MJM008 <BR> in capitals is never closed for the MJML engine", "write <br>"),
        (
            text("¦<!--[if mso]>a"),
            "MJM008 this conditional comment for Outlook never ends",
            "write <![endif]--> where it ends",
        ),
        (
            text("a¦</b>"),
            "MJM009 </b> closes what was never opened",
            "delete it, or write the tag that opens it",
        ),
        (text("a<br>¦</br>"), "MJM009 <br> has no end tag", "delete it"),
        (
            document("<mj-section><mj-column>¦</mj-colum></mj-section>"),
            "MJM009 </mj-colum> does not close <mj-column>; did you mean </mj-column>?",
            "write </mj-column>",
        ),
        (
            text("¦<![endif]-->"),
            "MJM009 <![endif]--> ends a conditional comment that was never begun",
            "delete it, or write <!--[if mso]> where it begins",
        ),
        (text("1 ¦< 2"), "MJM010 this < begins no tag", "write &lt; where the sign itself is meant"),
        (text("<a ¦href=x>b</a>"), "MJM010 the value of `href` has no quotes", 'write href="x"'),
        (
            text('<a title="b" ¦href="c>d</a>'),
            "MJM010 the value of `href` has no closing quote",
            "close the quote",
        ),
        (text("<a ¦href= >b</a>"), "MJM010 `href` has no value after the =", 'write href=""'),
        (
            text('<a title="b"¦href="c">d</a>'),
            "MJM010 two attributes of <a> stand without a space between them",
            "write a space between them",
        ),
        (
            text('<a title="b"¦" href="c">d</a>'),
            "MJM010 there is a quote too many in <a>",
            "delete it, or write &quot; inside a value",
        ),
        (
            text("<br ¦/ >"),
            "MJM010 the / in <br> does not stand right before the >",
            "write /> without anything between",
        ),
        (
            text("<a ¦@click='x'>d</a>"),
            "MJM010 `@` cannot stand in the tag <a>",
            "delete it, or put the value that it belongs to in quotes",
        ),
        (
            text("¦<b"),
            "MJM010 the tag <b> has no > at its end",
            "write > there, or &lt; for a < that is meant as a sign",
        ),
        (
            text("a¦\x02b"),
            "MJM011 there is an invisible control character (U+0002)",
            "delete it; it often comes with text that was copied from elsewhere",
        ),
        (
            text("¦<![CDATA[a]]>"),
            "MJM011 <![CDATA[ is not for emails",
            "write the text itself, with &lt; for < and &amp; for &",
        ),
        (
            text("¦<?php echo ?>"),
            "MJM011 <? begins nothing that belongs here",
            "delete it, or write &lt; for the <",
        ),
        (text("¦<!-- a"), "MJM011 this comment never ends", "write --> where it ends"),
        # The next comment, of another template perhaps, is not what ends it.
        (text("¦<!-- a\n<p>b</p><!-- c -->"), "MJM011 this comment never ends", "write --> where it ends"),
        (text("¦<!-- a<!-- c -->"), "MJM011 this comment never ends", "write --> where it ends"),
        (
            text("¦<!-- a\n<!--[if mso]><table></table><![endif]-->"),
            "MJM011 this comment never ends",
            "write --> where it ends",
        ),
        (
            text("¦<!-- a -- b -->"),
            "MJM011 this comment has -- inside it",
            "write one dash, or another sign, inside the comment",
        ),
        (
            column("<mj-button>¦<!--[if mso]>a<![endif]--></mj-button>"),
            "MJM011 a conditional comment for Outlook cannot stand in <mj-button>",
            "put it into mj-text or mj-raw",
        ),
        (
            column("", "<mj-attributes>¦<!-- a --></mj-attributes>"),
            "MJM011 a comment cannot stand in <mj-attributes>",
            "write it as {# … #}, or outside of the element",
        ),
        (
            column("<mj-social>¦ </mj-social>"),
            "MJM011 the blank in <mj-social> stops the MJML engine",
            "begin a new line there, or delete it",
        ),
        (
            column("¦and  so\non "),
            "MJM012 the text 'and so on' stands directly in <mj-column>",
            "delete it, or put it into the mj-text of an mj-column",
        ),
        *(
            (
                column("", f"\n¦{invisible}\n"),
                f"MJM012 an invisible character (U+{ord(invisible):04X}) stands directly in <mj-head>",
                "delete it; it often comes with text that was copied from elsewhere",
            )
            for invisible in "\u00a0\u200b\u2028"
        ),
    ],
)
def test_a_tag_or_text_that_does_not_fit(marked: str, message: str, fix: str) -> None:
    """It is told once, where it begins."""
    assert found(marked) == [(message, fix)]


def test_one_mistake_is_one_fault() -> None:
    """What follows a broken tag, or an end tag too few, is read as if the mistake had not been made."""
    body = column(
        "<mj-text><p>a<p>b</mj-text><mj-button href=x>c</mj-button><mj-divider width=1px /><mj-text>d</mj-text>"
    )
    assert [fault.code for fault in validate(body)] == ["MJM008", "MJM008", "MJM010", "MJM010"]


def test_html_is_free_inside_elements_that_hold_it() -> None:
    """Its words are not looked at, only whether its tags have their partners."""
    html = '<blink x-y="1">a<br><wbr/><o:p>&nbsp;&amp; & &foo;</o:p> > <B>b</b><svg><path d="M0"/></svg></blink>'
    outlook = "<!--[if mso]><table><tr><td><![endif]-->a<!--[if !mso]><!--><b>b</b><!--<![endif]-->"
    outlook += "<!--[if mso]></td></tr></table><![endif]--><![if !mso]>c<![endif]><!-- <p> < -->"
    assert validate(text(html + outlook)) == ()
