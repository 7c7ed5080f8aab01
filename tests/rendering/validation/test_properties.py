"""Whatever the text, the validator answers, and speaks of characters that are there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model.finding import Place
from newsletter.rendering.validation import findings, validate
from tests.rendering.validation.documents import column, text

PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        """
        < > </ /> <! <!-- --> <![endif]--> <![CDATA[ ]]> <? ?> = " ' & <mjml> </mjml> <mj-head> </mj-head> <mj-body>
        </mj-body> <mj-section> </mj-section> <mj-column> </mj-column> <mj-text </mj-text> <mj-attributes> <mj-class
        <mj-all mj-class="a" name="a" padding="0" color= <p> </p> <br> <mj-zzz> <mj-raw> </mj-raw>
        """.split()
    ),
    st.sampled_from(["<!--[if mso]>", "<![if mso]>", " ", "\n"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_answered(mjml: str) -> None:
    """Faults come in order, inside the text, each with its words."""
    faults = validate(mjml)
    assert faults
    assert [fault.start for fault in faults] == sorted(fault.start for fault in faults)
    for fault in faults:
        assert 0 <= fault.start <= fault.end <= len(mjml)
        assert fault.message and fault.why and fault.fix


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="<\x0b\x0c", exclude_categories=["Cc", "Cs"])))
def test_text_without_a_bracket_is_no_fault(words: str) -> None:
    """Readers' languages, signs and `&` of all kinds are free."""
    assert validate(text(words)) == ()


def test_a_hostile_text_is_not_read_to_its_end() -> None:
    """Neither a million faults nor a million open elements take their time: what is told ends at some point."""
    assert len(validate(column("<" * 1_000_000))) == 501
    assert [fault.code for fault in validate(column("<mj-text>" + "<b>" * 1_000_000))] == ["MJM016"]


def test_a_fault_that_a_loop_repeats_is_one_finding() -> None:
    """Ten entries with the same misspelt attribute are one line to mend."""
    mjml = column('<mj-text colr="red">a</mj-text>' * 10)
    place = Place("templates/layouts/list.mjml.j2", 3, 12)
    (finding,) = findings(mjml, lambda _: place)
    assert (finding.code, finding.place) == ("MJM002", place)
    assert finding.why == (
        "the MJML engine passes over what it does not know, and the email looks different from what was meant"
    )
