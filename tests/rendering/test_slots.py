"""Slots: found where the team writes them, never where an entry pretends to, and cut out exactly once each."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RenderingError
from newsletter.model.finding import Place
from newsletter.model.slot import Context, Slot, Slotted
from newsletter.rendering.slots import Slots

HERE = Place("issues/2024-07/issue.yaml", 4, 8)


def test_a_marker_becomes_a_slot_with_its_fallback() -> None:
    """`{name|fallback}`, as the team writes it in subject, preheader and intro."""
    slots = Slots()
    marked = slots.mark("Dear {first_name|reader}, dear {first_name}", HERE, "intro")
    assert slots.cut(marked, Context.PLAIN) == Slotted(
        (b"Dear ", b", dear ", b""), (Slot("first_name", "reader"), Slot("first_name")), Context.PLAIN
    )


@pytest.mark.parametrize("text", ["{", "{}", "{ first_name }", "{1}", "a {b c} d", "{{first_name", "{first_name|a\nb}"])
def test_other_braces_are_text(text: str) -> None:
    """Only the exact form is a slot."""
    slots = Slots()
    assert slots.mark(text, HERE, "intro") == text


def test_an_unknown_slot_is_refused_at_its_place() -> None:
    """A misspelt slot would stand in every reader's mail."""
    with pytest.raises(RenderingError) as caught:
        Slots().mark("Dear {fist_name}", HERE, "subject")
    (finding,) = caught.value.findings
    assert (finding.code, finding.message, finding.place, finding.why, finding.fix) == (
        "REN001",
        "there is no slot `{fist_name}`",
        HERE,
        "did you mean {first_name}?",
        "correct the name, or leave out the braces",
    )


def test_an_unknown_slot_in_a_template_is_refused() -> None:
    """Templates ask for slots by name."""
    with pytest.raises(RenderingError) as caught:
        Slots().token("elephant")
    assert (caught.value.message, caught.value.why) == (
        "there is no slot 'elephant'",
        "the slots are {first_name}, {unsubscribe_url}, {view_url}",
    )


def test_a_slot_for_an_address_passes_for_one_until_it_is_cut() -> None:
    """Markdown, nh3 and MJML let only addresses stand in links."""
    slots = Slots()
    token = slots.token("unsubscribe_url")
    assert token.startswith("https://slot.invalid/")
    assert token.isascii()
    assert slots.cut_pieces([b'<a href="', token.encode(), b'">'], Context.HTML) == Slotted(
        (b'<a href="', b'">'), (Slot("unsubscribe_url"),), Context.HTML
    )


@pytest.mark.parametrize("address", ["https://a.example/?n={first_name}", "<https://a.example/a b{first_name|x}>"])
def test_a_name_in_the_address_of_a_link_is_told_where_the_team_wrote_it(address: str) -> None:
    """The template that shows the text has no fault; the words of a link, and what stands behind it, may have one."""
    with pytest.raises(RenderingError) as caught:
        Slots().mark(f"See [the page]({address}).", HERE, "intro")
    (finding,) = caught.value.findings
    assert (finding.code, finding.place, finding.message, finding.fix) == (
        "REN001",
        HERE,
        "the slot `{first_name}` stands in the address of a link",
        "leave it out of the address; in the words of the link it may stand",
    )
    slots = Slots()
    text = "[Dear {first_name}]({view_url}) {first_name} ({first_name}) [a] ({first_name})"
    assert slots.show(slots.mark(text, HERE, "intro")) == text


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('<a href="', '">', "`href`"),
        ("<mj-button href='https://example.org/?name=", "'>", "`href`"),
        ('<p title="a > b" style="color:', '">', "`style`"),
        ('<p onclick="', '">', "`onclick`"),
        ("<p ", ">", "a tag"),
        ("<mj-style>.a{color:", "}</mj-style>", "a style sheet"),
        ('<style type="text/css">.a > .b{color:', "}</style>", "a style sheet"),
    ],
)
def test_a_reader_s_words_are_refused_where_they_could_do_harm(before: str, after: str, where: str) -> None:
    """Escaped or not: there they would be an address, a style or an attribute of the reader's own."""
    slots = Slots()
    text = f"<p>{slots.token('view_url')}</p>{before}"
    assert slots.exposed(text + slots.token("first_name") + after) == (len(text), "first_name", where)


@pytest.mark.parametrize(
    "before", ["<p>", "1 &lt; 2 ", '<img alt="a > b ', "<mj-title>", "<!-- ", '<p title="', "<p>'"]
)
def test_a_reader_s_words_may_stand_where_words_are_shown(before: str) -> None:
    """In text, and in attributes that are read out; addresses of our own anywhere."""
    slots = Slots()
    link = f'<a href="{slots.token("unsubscribe_url")}">'
    assert slots.exposed(f"{link}{before}{slots.token('first_name')}") is None


def test_tokens_are_drawn_by_chance_and_equally_long() -> None:
    """Nobody can write one into an entry, and none moves a line break of the text part."""
    program = "from newsletter.rendering.slots import Slots; print(Slots().token('first_name'))"
    one, other = (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert one != other
    assert len(one) == len(other)


@given(st.lists(st.one_of(st.text(), st.sampled_from(["first_name", "view_url", "unsubscribe_url"]))))
def test_cutting_loses_nothing(parts: list[str]) -> None:
    """Chunks and slots in their order are the text again."""
    slots = Slots()
    text, names = "", []
    for part in parts:
        if part in {"first_name", "view_url", "unsubscribe_url"}:
            text += slots.token(part)
            names.append(part)
        else:
            text += part.encode("utf-8", "ignore").decode()
    cut = slots.cut(text, Context.PLAIN)
    assert [slot.name for slot in cut.slots] == names
    shown = b"".join(
        part
        for chunk, name in zip(cut.chunks, [*names, None], strict=True)
        for part in (chunk, f"{{{name}}}".encode() if name else b"")
    )
    assert shown.decode() == slots.show(text)


def test_a_slot_that_mjml_loses_or_doubles_is_refused() -> None:
    """A reader would miss their link, or find it where it does not belong."""
    slots = Slots()
    token = slots.token("unsubscribe_url")
    slots.expect_same([f"a {token}"], [f"{token} b".encode()])
    for after in ("", token * 2):
        with pytest.raises(RenderingError, match="the slot unsubscribe_url was lost or doubled"):
            slots.expect_same([token], [after.encode()])
