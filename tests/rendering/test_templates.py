"""A workspace's own templates: they win file by file, see only what they may, and are told of mistakes by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Place, Severity
from newsletter.rendering import render
from newsletter.rendering.fingerprint import design
from newsletter.rendering.shipping import shipped
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.page import parse

Write = Callable[[str, str], None]


class Vacancy(Entry):
    """A team's own type."""

    type: Literal["vacancy"] = "vacancy"
    grade: str


def html(edition: Edition) -> str:
    """Return what a reader gets."""
    return edition.html.fill(READER).decode()


def refused(workspace: Workspace) -> tuple[str, Finding]:
    """Return the message and the finding with which rendering is refused."""
    with pytest.raises(RenderingError) as caught:
        render(make.selection(), workspace, "en")
    (finding,) = caught.value.findings
    return caught.value.message, finding


def test_a_file_of_the_workspace_wins_over_the_shipped_one(workspace: Workspace, template: Write) -> None:
    """The others stay as they are."""
    template("parts/footer.mjml.j2", "<mj-section><mj-column><mj-text>Ours</mj-text></mj-column></mj-section>")
    page = parse(html(render(make.selection(), workspace, "en")))
    assert page.text.endswith("Ours")
    assert page.find("h1")[0].text == "ICMPD Newsletter July 2024"


def test_copies_of_earlier_templates_still_choose_their_includes(workspace: Workspace, template: Write) -> None:
    """`first_of` takes the first template that there is."""
    template("parts/ours.mjml.j2", "<mj-section><mj-column><mj-text>Ours</mj-text></mj-column></mj-section>")
    template("parts/footer.mjml.j2", '{% include first_of("parts/none.mjml.j2", "parts/ours.mjml.j2") %}')
    assert parse(html(render(make.selection(), workspace, "en"))).text.endswith("Ours")


def test_a_changed_template_shows_at_once(workspace: Workspace, template: Write) -> None:
    """The composer's preview is live."""
    template("parts/intro.mjml.j2", "")
    before = render(make.selection(), workspace, "en")
    template("parts/intro.mjml.j2", "<mj-section><mj-column><mj-text>Fresh words</mj-text></mj-column></mj-section>")
    after = render(make.selection(), workspace, "en")
    assert ("Fresh words" in html(before), "Fresh words" in html(after)) == (False, True)


def test_a_type_of_the_team_s_own_has_a_row_without_any_template(workspace: Workspace) -> None:
    """Title, summary and link are known of every entry."""
    vacancy = Vacancy(id="v", title="Policy officer", grade="P3", summary="In Vienna.", url="https://www.example.org/v")
    edition = render(make.selection((make.section("Vacancies", "vacancy"), [vacancy])), workspace, "en")
    assert "Policy officer In Vienna. Read more" in parse(html(edition)).text
    assert (
        "Policy officer\n\nIn Vienna.\n\nRead more:\nhttps://www.example.org/v\n" in edition.text.fill(READER).decode()
    )


def test_a_type_of_the_team_s_own_may_add_to_the_row(workspace: Workspace, template: Write) -> None:
    """By a partial that bears its name, in HTML and in text."""
    template(
        "entries/vacancy.mjml.j2",
        '{% extends "entries/entry.mjml.j2" %}{% block facts %}<p>Grade {{ entry.fields.grade }}</p>{% endblock %}',
    )
    template(
        "entries/vacancy.txt.j2",
        '{% extends "entries/entry.txt.j2" %}{% block facts %}Grade {{ entry.fields.grade }}\n{% endblock %}',
    )
    vacancy = Vacancy(id="v", title="Policy officer", grade="P3 <&>", url="https://www.example.org/v")
    edition = render(make.selection((make.section("Vacancies", "vacancy"), [vacancy])), workspace, "en")
    assert "Policy officer Grade P3 <&> Read more" in parse(html(edition)).text
    assert "Policy officer\nGrade P3 <&>\n" in edition.text.fill(READER).decode()


def test_labels_can_be_changed_and_added(workspace: Workspace, template: Write) -> None:
    """A word that the organisation says in another way, a language that we do not ship."""
    template("labels/fi.toml", 'unsubscribe = "Peru tilaus"')
    assert "Peru tilaus" in html(render(make.selection(), workspace, "fi"))


def test_labels_that_cannot_be_read_are_refused(workspace: Workspace, template: Write) -> None:
    """With what TOML says about them, at its place."""
    template("labels/fi.toml", 'website = "Sivusto"\nunsubscribe = Peru\n')
    with pytest.raises(RenderingError, match=r"templates/labels/fi\.toml cannot be read") as caught:
        render(make.selection(), workspace, "fi")
    (finding,) = caught.value.findings
    assert (finding.place, finding.message) == (
        Place("templates/labels/fi.toml", 2, 15),
        "this is not valid TOML: invalid value",
    )


@pytest.mark.parametrize(
    ("labels", "line", "message"),
    [
        (
            '[read]\nnews = "Read {it}"\n[types]\nnews = "{it}"\n',
            2,
            "the label 'read.news' in labels/en.toml has a place {it} that nothing fills",
        ),
        ('website = "Site"\nunsubscribe = 3\n', 2, "the label 'unsubscribe' in the language 'en' is no text"),
        ('read.news = "{it}"\n', 1, "the label 'read.news' in labels/en.toml has a place {it} that nothing fills"),
    ],
)
def test_a_label_that_cannot_be_used_is_told_with_its_own_line(
    workspace: Workspace, template: Write, labels: str, line: int, message: str
) -> None:
    """The template that says it is right: it stands in a file of ours."""
    template("labels/en.toml", labels)
    _, finding = refused(workspace)
    assert (finding.place, finding.message) == (Place("templates/labels/en.toml", line, 1), message)


def test_a_place_of_a_shipped_label_that_a_template_does_not_fill_is_its_fault(
    workspace: Workspace, template: Write
) -> None:
    """The label is as it was."""
    template("labels/en.toml", '[types]\nnews = "News"\n')
    template("entries/news.mjml.j2", 'a\n{{ say("days_left") }}')
    _, finding = refused(workspace)
    assert finding.place == Place("templates/entries/news.mjml.j2", 2, 1)
    assert "the label 'days_left' in labels/en.toml has a place {count} that nothing fills" in finding.message


def test_labels_that_end_too_early_are_refused_at_their_end(workspace: Workspace, template: Write) -> None:
    """TOML names no line there."""
    template("labels/fi.toml", 'website = "Sivusto"\nread = """Lue\n')
    with pytest.raises(RenderingError) as caught:
        render(make.selection(), workspace, "fi")
    assert [finding.place for finding in caught.value.findings] == [Place("templates/labels/fi.toml", 2, 1)]


@pytest.mark.parametrize("name", ["entries/news.mjml.j2", "themes/monthly.txt.j2", "labels/en.toml"])
def test_a_file_in_another_encoding_is_refused_with_its_place(workspace: Workspace, template: Write, name: str) -> None:
    """The file itself is named, not the one that includes it."""
    template(name, "")
    (workspace.templates / name).write_bytes(b'one = "\xc3\xa9"\ntwo = "\xc3\xa9\xe9"')
    _, finding = refused(workspace)
    assert finding.place == Place(f"templates/{name}", 2, 9)
    assert finding.message == "the file is not UTF-8 text; the first strange byte is here"


@pytest.mark.parametrize("name", ["entries/news.mjml.j2", "themes/monthly.txt.j2", "labels/en.toml"])
def test_a_nul_in_a_template_is_refused_with_its_place(workspace: Workspace, template: Write, name: str) -> None:
    """Wherever it stands: the engine would stop without saying where, and the text part would take it to readers."""
    template(name, 'one = "é"\ntwo = "é\0"')
    _, finding = refused(workspace)
    assert (finding.place, finding.message) == (
        Place(f"templates/{name}", 2, 9),
        "there is an invisible NUL character (U+0000)",
    )


def test_a_byte_order_mark_is_no_part_of_a_template(workspace: Workspace, template: Write) -> None:
    """Some editors write one, and readers would get it as an invisible character."""
    template("parts/intro.mjml.j2", "\ufeff{% if issue.intro %}{% endif %}")
    template("labels/en.toml", "\ufeff" + (shipped() / "labels" / "en.toml").read_text(encoding="utf-8"))
    assert "\ufeff" not in render(make.selection(), workspace, "en").mjml


def test_line_ends_of_windows_are_no_other_design(workspace: Workspace, template: Write) -> None:
    """git writes them there; the comparison with what git keeps would tell of a change that nobody sees."""
    written = (shipped() / "labels" / "en.toml").read_text(encoding="utf-8")
    template("labels/en.toml", written)
    before = design(workspace, "")
    (workspace.templates / "labels/en.toml").write_bytes(written.replace("\n", "\r\n").encode())
    assert design(workspace, "") == before
    template("labels/en.toml", f"{written}\n")
    assert design(workspace, "") != before


def test_what_does_not_exist_is_refused_with_its_place_and_entry(workspace: Workspace, template: Write) -> None:
    """A hole in the newsletter is worse than an error."""
    template("entries/news.mjml.j2", "<tr>\n<td>{{ entry.titel }}</td>\n</tr>")
    _, finding = refused(workspace)
    assert finding.place == Place("templates/entries/news.mjml.j2", 2, 14)
    assert "did you mean `title`?" in finding.message
    assert "2024-07-26-border-communities" in finding.message + finding.why


def test_only_what_an_entry_has_is_offered_instead_of_what_it_has_not(workspace: Workspace, template: Write) -> None:
    """Methods of the library that reads entries are nothing to show."""
    template("entries/news.mjml.j2", "<tr><td>{{ entry.fields.xyzzy }}</td></tr>")
    _, finding = refused(workspace)
    assert finding.fix.startswith("use one of at, body, canonical_url, closes, countries, date, day, embargo, ")


def test_a_mistake_in_the_syntax_is_refused_with_its_place(workspace: Workspace, template: Write) -> None:
    """The tag that is never closed is named."""
    template("parts/intro.mjml.j2", "\n\n{% if x %}")
    message, finding = refused(workspace)
    assert message == "the template themes/monthly.mjml.j2 cannot be used"
    assert (finding.code, finding.place.file, finding.place.line) == ("TPL001", "templates/parts/intro.mjml.j2", 3)


@pytest.mark.parametrize(
    ("name", "opened", "closed"),
    [
        ("parts/intro.mjml.j2", "{# a note", "#}"),
        ("parts/intro.mjml.j2", "{% raw %} {{", "{% endraw %}"),
        ("themes/monthly.mjml.j2", "{# a note", "#}"),
        ("layouts/list.txt.j2", "{# a note", "#}"),
    ],
)
def test_a_comment_without_its_end_is_refused_with_its_place(
    workspace: Workspace, template: Write, name: str, opened: str, closed: str
) -> None:
    """Jinja2 gives the path of the file then, not the name of the template."""
    template(name, f"\n  {opened}\n")
    _, finding = refused(workspace)
    assert (finding.code, finding.place, finding.fix) == (
        "TPL001",
        Place(f"templates/{name}", 2, 3),
        f"write {closed} where it ends",
    )


def test_a_template_that_is_not_there_is_refused(workspace: Workspace, template: Write) -> None:
    """With the one that was meant, at the place that asks for it."""
    template("parts/intro.mjml.j2", '{% include "parts/foter.mjml.j2" %}')
    _, finding = refused(workspace)
    assert finding.place == Place("templates/parts/intro.mjml.j2", 1, 12)
    assert "parts/footer.mjml.j2" in finding.message + finding.fix


def test_a_fault_of_mjml_is_refused_at_the_template_that_wrote_it(workspace: Workspace, template: Write) -> None:
    """Not at a line of what the templates composed, which nobody has seen."""
    template("parts/intro.mjml.j2", "\n<mj-section>\n  <mj-colum></mj-colum>\n</mj-section>")
    message, finding = refused(workspace)
    assert message == "themes/monthly.mjml.j2 does not become an email"
    assert (finding.severity, finding.place) == (Severity.ERROR, Place("templates/parts/intro.mjml.j2", 3, 3))
    assert "mj-column" in finding.message + finding.fix


def test_a_reader_s_name_in_an_address_is_refused_where_the_template_writes_it(
    workspace: Workspace, template: Write
) -> None:
    """Whoever calls themselves `javascript:…` would write a link of their own."""
    template(
        "parts/intro.mjml.j2",
        "<mj-section><mj-column>\n"
        "<mj-text><a href=\"{{ slot('first_name') }}\">é</a></mj-text></mj-column></mj-section>",
    )
    _, finding = refused(workspace)
    assert (finding.code, finding.message, finding.place) == (
        "TPL003",
        "the slot first_name stands in `href`",
        Place("templates/parts/intro.mjml.j2", 2, 19),
    )


def test_a_weakness_of_a_template_is_told_without_stopping_the_issue(workspace: Workspace, template: Write) -> None:
    """Warnings go along with the edition, for lint to show."""
    template(
        "parts/intro.mjml.j2",
        '<mj-section padding="0 20px"><mj-column><mj-text>Hello</mj-text></mj-column></mj-section>',
    )
    edition = render(make.selection(), workspace, "en")
    assert [(found.severity, str(found.place)) for found in edition.findings] == [
        (Severity.WARNING, "templates/parts/intro.mjml.j2:1:22")
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ issue.__class__ }}",
        "{{ say.__globals__ }}",
        "{{ entry_list.append(1) }}",
        "{{ settings.brand.__init__ }}",
        "{{ 1 / 0 }}",
        "{{ sections[99].heading }}",
        "{{ say() }}",
        "{{ undefined_name }}",
    ],
)
def test_templates_stay_in_their_sandbox(workspace: Workspace, template: Write, source: str) -> None:
    """They come with the workspace, and so from whoever may write there."""
    template("parts/intro.mjml.j2", source)
    _, finding = refused(workspace)
    assert (finding.place.file, finding.place.line) == ("templates/parts/intro.mjml.j2", 1)


def test_a_slot_that_the_head_swallows_is_refused(workspace: Workspace, template: Write) -> None:
    """Unsubscribing must not depend on luck."""
    source = '<mj-image src="https://www.example.org/a.png" alt="" sizes="{{ slot("unsubscribe_url") }}" />'
    template("parts/preheader.mjml.j2", f"<mj-section><mj-column>{source}</mj-column></mj-section>")
    with pytest.raises(RenderingError, match="the slot unsubscribe_url was lost or doubled"):
        render(make.selection(), workspace, "en")


def test_who_made_the_pictures_is_said_once_each(workspace: Workspace) -> None:
    """In the footer."""
    entries = [
        make.news(id=name, image={"src": "https://example.org/a.png", "alt": "", "credit": credit})
        for name, credit in (("a", "One Studio"), ("b", "Another"), ("c", "One Studio"))
    ]
    page = parse(html(render(make.selection((make.section(), entries)), workspace, "en")))
    assert "Pictures: One Studio and Another" in page.text


def test_labels_of_the_workspace_change_single_words(workspace: Workspace, template: Write) -> None:
    """A file from an earlier version lacks what came later, and the letter needs it all the same."""
    template("labels/en.toml", 'unsubscribe = "Leave"\n[read]\nnews = "Go on"\n')
    edition = render(make.selection(), workspace, "en")
    text = edition.text.fill(READER).decode()
    assert "Leave:\n" in text
    assert "Go on:\n" in text
    assert "View in your browser:\n" in text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('# Ours\nunsubscribr = "Leave"\n', [(2, 1, "the label 'unsubscribr'", "write unsubscribe")]),
        ('[read]\n  "polcy brief" = "Go on"\n', [(2, 4, "the label 'polcy brief'", "write policy brief")]),
        ('[types]\nvacancy = "Vacancy"\n[days_left]\nfew = "{count} days"\nother = "{count} days"\n', []),
        ('unsubscribe = "Leave"\n', []),
    ],
)
def test_a_misspelt_label_is_told_at_its_place(
    workspace: Workspace, template: Write, source: str, expected: list[tuple[int, int, str, str]]
) -> None:
    """It changes nothing, and nobody would see why; a label of a team's own is no mistake."""
    template("labels/en.toml", source)
    found = render(make.selection(), workspace, "en").findings
    assert [(each.code, each.place.file) for each in found] == [("REN006", "templates/labels/en.toml")] * len(expected)
    told = [(each.place.line, each.place.column, each.message.split(" is none")[0], each.fix) for each in found]
    assert told == expected
