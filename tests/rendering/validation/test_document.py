"""The document as a whole: its frame, its language, its pictures; and the rules as a whole."""

from __future__ import annotations

import pytest

from newsletter.model.finding import Severity
from newsletter.rendering.validation import RULES, validate
from tests.rendering.validation.documents import column, document, found, text

ALT = 'write alt="…" with what the picture tells, or alt="" where it only decorates'


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("¦", "MJM017 the document is empty"),
        ("¦<!-- a -->", "MJM017 there is no <mjml>"),
        (
            '¦<mjml lang="en" dir="ltr"><mj-head><mj-title>a</mj-title></mj-head></mjml>',
            "MJM017 there is no <mj-body>",
        ),
        (
            document("").replace("<mj-head>", "¦<mj-head>").replace("</mj-head>", ""),
            "MJM008 <mj-head> is never closed",
        ),
        (document("") + "¦a", "MJM012 the text 'a' stands outside of <mjml>"),
        (document("").replace("</mjml>", "¦<mj-body></mj-body></mjml>"), "MJM017 there is a second <mj-body>"),
        (document("").replace('<mjml lang="en"', "¦<mjml"), "MJM020 <mjml> has no `lang`"),
        (
            document("").replace("<mj-title>News</mj-title>", "").replace("<mj-head>", "¦<mj-head>"),
            "MJM020 the document has no title",
        ),
    ],
)
def test_a_fault_of_the_whole(marked: str, message: str) -> None:
    """The frame of a document has to be there, once, and to say its language and title."""
    assert [each for each, _ in found(marked)] == [message]


def test_pictures_need_alternative_text() -> None:
    """Those of MJML and those of HTML alike; an empty one marks decoration."""
    assert found(column('¦<mj-image src="cid:a" />')) == [("MJM013 <mj-image> has no alternative text", ALT)]
    assert found(text('¦<img src="cid:a">')) == [("MJM013 <img> has no alternative text", ALT)]
    assert validate(column('<mj-image src="cid:a" alt="" />')) == ()


def test_alternative_text_may_come_from_elsewhere() -> None:
    """From `mj-attributes`, from a class, or from the words beside a social icon."""
    picture = '<mj-image src="cid:a" />'
    assert validate(column(picture, '<mj-attributes><mj-image alt="" /></mj-attributes>')) == ()
    assert validate(column(picture, '<mj-attributes><mj-all alt="" /></mj-attributes>')) == ()
    head = '<mj-attributes><mj-class name="a" alt="" /></mj-attributes>'
    assert validate(column('<mj-image mj-class="a" src="cid:a" />', head)) == ()
    social = (
        '<mj-social>{}<mj-social-element name="facebook" href="https://example.org">{}</mj-social-element></mj-social>'
    )
    assert validate(column(social.format("", "Facebook"))) == ()
    assert [message for message, _ in found(column(social.format("¦", "")))] == [
        "MJM013 <mj-social-element> has no alternative text"
    ]


def test_each_rule_has_a_code_of_its_own() -> None:
    """Codes run from MJM001 on; only warnings leave a build alone."""
    assert [rule.code for rule in RULES] == [f"MJM{number:03}" for number in range(1, 21)]
    assert [rule.code[-2:] for rule in RULES if rule.severity is Severity.WARNING] == [
        "06",
        "07",
        "13",
        "15",
        "18",
        "20",
    ]
    assert all(rule.why for rule in RULES)
