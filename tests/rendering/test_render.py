"""An edition as a whole: what readers see, in which order, and what must never be missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Origin, Place, Severity
from newsletter.model.slot import Slot
from newsletter.rendering import render
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.month import month
from tests.rendering.page import Element, parse

Page = Callable[..., Element]
Render = Callable[..., Edition]


def test_the_same_selection_gives_the_same_bytes(edition: Render) -> None:
    """Neither a clock nor chance has a part in it."""
    one, other = edition(month()), edition(month())
    assert (one.html, one.text, one.subject, one.preheader, one.mjml, one.digest) == (
        other.html,
        other.text,
        other.subject,
        other.preheader,
        other.mjml,
        other.digest,
    )


def test_a_word_more_is_another_digest(edition: Render) -> None:
    """An approval names the digest."""
    one = edition(make.selection())
    other = edition(make.selection((make.section(), [make.news(summary="Another sentence.")])))
    assert one.digest != other.digest


def test_every_entry_and_every_link_is_in_html_and_in_text(edition: Render) -> None:
    """A reader without HTML misses nothing."""
    rendered, shown = edition(month()), month()
    page = parse(rendered.html.fill(READER).decode())
    text = rendered.text.fill(READER).decode()
    links = {link.attributes["href"] for link in page.find("a")}
    for entry in shown.entries:
        assert entry.title in page.text
        assert entry.title in text.replace("\n", " ")
        if entry.url:
            assert entry.url in links
    assert [link for link in links if link not in text] == []


def test_html_and_text_have_the_same_order(edition: Render) -> None:
    """Who reads one and talks to who reads the other finds the place."""
    rendered = edition(month())
    page = parse(rendered.html.fill(READER).decode()).text
    text = rendered.text.fill(READER).decode().replace("\n", " ")
    titles = list(dict.fromkeys(entry.title for entry in month().entries if entry.type != "figure"))
    assert sorted(titles, key=page.index) == sorted(titles, key=text.index) == titles


def test_the_slots_are_open_and_everything_else_is_fixed(edition: Render) -> None:
    """A name with its fallback, the way out, the view in the browser."""
    rendered = edition(month())
    assert rendered.html.slots == (Slot("first_name", "reader"), Slot("view_url"), Slot("unsubscribe_url"))
    assert rendered.text.slots == rendered.html.slots
    assert b"slot.invalid" not in b"".join(rendered.html.chunks + rendered.text.chunks)
    assert "slot.invalid" not in rendered.mjml


def test_slots_stand_in_subject_and_preheader_too(edition: Render) -> None:
    """Where the team writes them in issue.yaml."""
    rendered = edition(
        make.selection(of=make.issue(subject="{first_name|Reader}, this is July", preheader="For {first_name|you}"))
    )
    assert rendered.subject.fill({}) == b"Reader, this is July"
    assert rendered.preheader.fill({"first_name": "Ana"}) == b"For Ana"
    assert b'<meta name="description" content="For Ana"' in rendered.html.fill({**READER, "first_name": "Ana"})


def test_without_a_preheader_the_first_titles_stand_for_it_as_far_as_inboxes_show_them(edition: Render) -> None:
    """Filters count what is hidden, and the team has hidden nothing."""
    long = "Long-term monitoring of sediment along the free-flowing river between two capitals, with an outlook"
    rows = [make.news(id="a", title=long), make.news(id="b", title="Wells for twelve villages"), make.news(id="c")]
    rendered = edition(make.selection((make.section(), rows), of=make.issue(preheader=None)))
    assert rendered.preheader.fill({}).decode() == f"{long} · Wells…"
    short = edition(make.selection((make.section(), rows[1:]), of=make.issue(preheader=None)))
    assert short.preheader.fill({}).decode() == f"Wells for twelve villages · {rows[2].title}"


@pytest.mark.parametrize(("language", "font"), [("th", '"Tahoma"'), ("hi", '"Nirmala UI"'), ("fa", "Georgia")])
def test_outlook_is_told_a_font_that_has_the_letters(edition: Render, language: str, font: str) -> None:
    """Georgia and Arial have none for Thai and Hindi, and Word would take one in which Thai is tiny."""
    html = edition(make.selection(of=make.issue(languages=[language])), language).html.fill(READER).decode()
    office = html.partition("<!--[if mso]><style>")[2].partition("</style>")[0]
    headings = re.search(r"h1,[^{]*{font-family:([^,]+),", office)
    assert headings is not None
    assert headings[1] == font


def test_a_preheader_without_blanks_is_cut_between_whole_letters(edition: Render) -> None:
    """Thai has none between words, and its vowels stand above, below, before and behind their consonants."""
    title = "น้ำ" * 36 + "เมือง"
    rendered = edition(make.selection((make.section(), [make.news(title=title)]), of=make.issue(preheader=None)))
    assert rendered.preheader.fill({}).decode() == "น้ำ" * 36 + "…"


def test_an_entry_cannot_write_a_slot(edition: Render) -> None:
    """Entries come from many hands and are shown as they are written."""
    rendered = edition(
        make.selection(
            (make.section(), [make.news(title="{first_name} and {unsubscribe_url}", summary="{first_name}")])
        )
    )
    assert [slot.name for slot in rendered.html.slots] == ["view_url", "unsubscribe_url"]
    assert "{first_name} and {unsubscribe_url}" in parse(rendered.html.fill(READER).decode()).text


def test_an_unknown_slot_is_refused_with_its_line(edition: Render) -> None:
    """Before anybody reads `{fist_name}`."""
    issue = make.issue(subject="Dear {fist_name}").at(Origin("issues/2024-07/issue.yaml", {("subject",): (4, 1)}))
    with pytest.raises(RenderingError) as caught:
        edition(make.selection(of=issue))
    assert [finding.place for finding in caught.value.findings] == [Place("issues/2024-07/issue.yaml", 4, 1)]


def test_a_preheader_that_nobody_wrote_is_made_of_the_first_titles(edition: Render) -> None:
    """Otherwise the inbox shows the first words of the masthead."""
    rendered = edition(
        make.selection(
            (make.section(), [make.news(title="One {a}"), make.news(id="b", title="Two")]),
            of=make.issue(preheader=None),
        )
    )
    assert rendered.preheader.fill({}) == b"One (a) \xc2\xb7 Two"


def test_without_a_public_address_there_is_no_view_in_the_browser(tmp_path: Path) -> None:
    """A link that leads nowhere is worse than none."""
    workspace = make.workspace(tmp_path, public_url=None, site=None)
    rendered = render(make.selection(), workspace, "en")
    assert [slot.name for slot in rendered.html.slots] == ["unsubscribe_url"]
    assert [slot.name for slot in rendered.text.slots] == ["unsubscribe_url"]


@pytest.mark.parametrize(
    ("deadline", "shown"),
    [
        ("2024-08-02", "Apply by 2 August 2024 5 days left"),
        ("2024-07-29", "Apply by 29 July 2024 1 day left"),
        ("2024-07-28T18:00", "Apply by 28 July 2024, 18:00 CEST closes today"),
        ("2024-07-28", "Apply by 28 July 2024 closes today"),
        ("2024-07-28T08:59", "Closed on 28 July 2024, 08:59 CEST"),
        ("2024-07-27", "Closed on 27 July 2024"),
    ],
)
def test_a_call_says_how_long_it_is_open_when_the_mail_goes_out(page: Page, deadline: str, shown: str) -> None:
    """Judged at the planned send time, 9 o'clock on 28 July; a call that is over offers no button."""
    document = page(make.selection((make.section("Calls", "call"), [make.call(deadline=deadline)])))
    assert shown in document.text.replace("\xa0", " ").replace("  ", " ")
    assert ("See how to apply" in document.text) == (not shown.startswith("Closed"))


@pytest.mark.parametrize("layout", ["hero", "cards"])
def test_the_way_to_a_call_that_is_over_does_not_say_how_to_apply(edition: Render, page: Page, layout: str) -> None:
    """What it was about can still be read."""
    plan = make.section("Calls", "call", layout=layout)
    selection = make.selection((plan, [make.call(deadline="2024-07-27")]))
    for text in (page(selection).text, edition(selection).text.fill(READER).decode()):
        assert ("Read more" in text, "See how to apply" in text) == (True, False)


def test_computed_figures_are_counted(page: Page) -> None:
    """Two of three projects go on, in seven countries."""
    text = page(month()).text
    assert "2 ongoing projects" in text
    assert "7 countries" in text
    assert "635,000 EUR of funding Source: Annual report" in text


def test_an_entry_shows_its_translation(edition: Render, page: Page) -> None:
    """Title, text, place and link in the edition's language; labels and dates too."""
    event = make.event(
        translations={
            "fr": {
                "title": "École d’été",
                "summary": "Cinq jours.",
                "url": "https://www.example.org/fr/ecole",
                "place": "Katchreti, Géorgie",
            }
        }
    )
    document = page(make.selection((make.section("Agenda", "event"), [event])), "fr")
    assert "École d’été 7–12 juil. 2024\u00a0· Katchreti, Géorgie Cinq jours. À propos de l’événement" in document.text
    assert "https://www.example.org/fr/ecole" in {link.attributes["href"] for link in document.find("a")}
    assert [heading.attributes.get("lang") for heading in document.find("h3")] == [None]


@pytest.mark.parametrize("layout", ["list", "cards", "hero"])
def test_words_of_the_issue_that_nobody_has_translated_are_marked(page: Page, layout: str) -> None:
    """In a letter that runs the other way they keep their own direction, and screen readers their language."""
    left = make.section("Nouvelles !", "news", layout=layout, intro="Trois.")
    translated = make.section(
        "Appels", "call", intro="Deux.", translations={"ar": {"heading": "دعوات", "intro": "اثنتان."}}
    )
    plan = make.issue(languages=["fr", "ar"], intro="Chers lecteurs,", sections=[left, translated])
    selection = make.selection((left, [make.news()]), (translated, [make.call()]), of=plan)

    def marked(language: str) -> dict[str | None, list[str]]:
        document = page(selection.edition(language), language)
        found: dict[str | None, list[str]] = {}
        told = [each for each in document.find("div") if each.attributes.get("class", "").startswith("ink text")]
        for element in (*document.find("h2"), *told):
            words = element.text.strip()
            if words in {"Nouvelles\u00a0!", "Trois.", "Chers lecteurs,", "Appels", "Deux.", "دعوات", "اثنتان."}:
                assert element.attributes.get("dir") == ("ltr" if element.attributes.get("lang") else None)
                found.setdefault(element.attributes.get("lang"), []).append(words)
        return found

    assert marked("fr") == {None: ["Nouvelles\u00a0!", "Appels", "Chers lecteurs,", "Trois.", "Deux."]}
    assert marked("ar") == {"fr": ["Nouvelles\u00a0!", "Chers lecteurs,", "Trois."], None: ["دعوات", "اثنتان."]}


def test_what_belongs_to_one_type_is_translated_too(page: Page) -> None:
    """Who may apply, and where a number is from."""
    call = make.call(
        eligibility="Women's organisations.", translations={"de": {"title": "Aufruf", "eligibility": "Frauenverbände."}}
    )
    figure = make.figure(source="Annual report", translations={"de": {"title": "Projekte", "source": "Jahresbericht"}})
    sections = ((make.section("Aufrufe", "call"), [call]), (make.section("Zahlen", "figure"), [figure]))
    text = page(make.selection(*sections), "de").text
    assert "Frauenverbände." in text
    assert "Women's organisations." not in text
    assert "Quelle: Jahresbericht" in text


def test_a_month_of_25_entries_is_not_clipped(edition: Render) -> None:
    """Gmail cuts a mail at about 100,000 bytes."""
    long = "A sentence of the length that summaries usually have, with what happened, where, and who took part. " * 2

    def many(kind: Callable[..., Entry], count: int) -> list[Entry]:
        return [
            kind(id=f"e{number}", summary=long, url=f"https://www.example.org/a/page/with/a/long/address/{number}")
            for number in range(count)
        ]

    rendered = edition(
        make.selection(
            (make.section("Featured", "study", layout="hero"), many(make.study, 1)),
            (make.section("Studies", "study"), many(make.study, 4)),
            (make.section("News", "news"), many(make.news, 14)),
            (make.section("Calls", "call"), many(make.call, 2)),
            (make.section("Events", "event"), many(make.event, 2)),
            (make.section("Where", "project"), many(make.project, 2)),
        )
    )
    assert len(rendered.html.fill(READER)) < 85_000


def test_an_empty_section_leaves_no_heading(page: Page) -> None:
    """The check on empty sections tells the team; readers see nothing."""
    document = page(make.selection((make.section(), [make.news()]), (make.section("Calls", "call"), [])))
    assert [heading.text for heading in document.find("h2")] == ["News"]


def test_a_body_stands_in_where_there_is_no_page_to_read_on(page: Page) -> None:
    """Otherwise nobody could read it."""
    entry = make.news(url=None, summary="The summary.", body="The *body*.")
    assert "The summary. The body." in page(make.selection((make.section(), [entry]))).text


def test_an_unknown_theme_is_refused(edition: Render) -> None:
    """At its line, with the one that was meant."""
    issue = make.issue(theme="montly").at(Origin("issues/2024-07/issue.yaml", {("theme",): (9, 1)}))
    with pytest.raises(RenderingError) as caught:
        edition(make.selection(of=issue))
    assert caught.value.message == "issue 2024-07 cannot be shown"
    assert caught.value.findings == (
        Finding(
            "REN004",
            Severity.ERROR,
            "there is no theme 'montly'; did you mean 'monthly'?",
            Place("issues/2024-07/issue.yaml", 9, 1),
            why="the themes are bulletin, digest, monthly",
            fix="write `theme: monthly`",
            field="theme",
        ),
    )


def test_a_theme_without_plain_text_is_refused(edition: Render, workspace: Workspace) -> None:
    """It is told where the theme is chosen, with what makes the second file."""
    (workspace.templates / "themes").mkdir(parents=True)
    (workspace.templates / "themes/special.mjml.j2").write_text("", encoding="utf-8")
    issue = make.issue(theme="special").at(Origin("issues/2024-07/issue.yaml", values={("theme",): (9, 8)}))
    with pytest.raises(RenderingError) as caught:
        edition(make.selection(of=issue))
    assert [(finding.code, finding.place, finding.fix) for finding in caught.value.findings] == [
        (
            "REN004",
            Place("issues/2024-07/issue.yaml", 9, 8),
            "run: newsletter templates eject themes/monthly.txt.j2; then rename it to themes/special.txt.j2",
        )
    ]


def test_drawings_stand_on_a_light_ground_at_night(edition: Render) -> None:
    """A dark one without a ground of its own would be gone. Photographs, which are JPEGs, have theirs."""
    html = edition(make.selection()).html.fill(READER).decode()
    dark = html.partition("@media (prefers-color-scheme:dark)")[2]
    assert '.picture img[src*=".png"],.thumb img[src*=".png"]{background:#ffffff!important}' in dark


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        *((language, ["REN005"]) for language in ("sv", "sv-FI", "zh-TW")),
        *((language, []) for language in ("en-GB", "de-AT", "ar", "pt-BR", "zh")),
    ],
)
def test_words_of_templates_in_a_language_that_nobody_has_written_are_told(
    edition: Render, language: str, codes: list[str]
) -> None:
    """Readers would wonder at English buttons."""
    assert [finding.code for finding in edition(make.selection(), language).findings] == codes


@pytest.mark.parametrize(
    ("authors", "told"), [(["Анна К."], "Автор: Анна К."), (["Анна К.", "Лев Т."], "Авторы: Анна К. и Лев Т.")]
)
def test_authors_are_told_by_their_number(edition: Render, authors: list[str], told: str) -> None:
    """Where a language has another word for one than for several."""
    selection = make.selection((make.section("Study", "study", layout="hero"), [make.study(authors=authors)]))
    assert told in edition(selection, "ru").text.fill(READER).decode()


def test_an_old_doi_becomes_an_address(edition: Render, page: Page) -> None:
    """Those with < and > would end in the middle where mail programs make links of addresses."""
    doi = "10.1002/(SICI)1097-4679(199807)54:5<601::AID-JCLP1>3.0.CO;2-H"
    written = "https://doi.org/10.1002/%28SICI%291097-4679%28199807%2954%3A5%3C601%3A%3AAID-JCLP1%3E3.0.CO%3B2-H"
    selection = make.selection((make.section("Study", "study", layout="hero"), [make.study(doi=doi)]))
    (link,) = [each for each in page(selection).find("a") if each.text == doi]
    assert (link.attributes["href"], link.attributes["dir"]) == (written, "ltr")
    assert f"\n{written}\n" in edition(selection).text.fill(READER).decode()


@pytest.mark.parametrize("layout", ["list", "story"])
def test_in_plain_text_entries_stand_further_apart_than_their_paragraphs(edition: Render, layout: str) -> None:
    """Nothing else tells where the next one begins."""
    news = [make.news(id=f"2024-07-{day}-n", title=f"Story {day}", summary="One.\n\nTwo.") for day in (11, 12)]
    text = edition(make.selection((make.section(layout=layout), news)), "en").text.fill(READER).decode()
    first, second = text.index("Story 11"), text.index("Story 12")
    assert text[:second].endswith("\n\n\n")
    assert "\n\n\n" not in text[first:second].rstrip()


def test_the_plain_text_is_wrapped_from_its_title_on(edition: Render) -> None:
    """Long names and titles too."""
    title = "Newsletter of the International Centre for Everything and Everybody – a special double edition"
    text = edition(make.selection(of=make.issue(title=title))).text.fill(READER).decode()
    assert text.startswith(
        "NEWSLETTER OF THE INTERNATIONAL CENTRE FOR EVERYTHING AND EVERYBODY – A\nSPECIAL DOUBLE EDITION\n"
    )


@pytest.mark.parametrize(
    ("brand", "title", "language", "head"),
    [
        ("Lettre d’information", "Lettre d’information – juillet 2024", "fr", "Juillet 2024"),
        ("移民ニュース", "移民ニュース\u30002024年7月号", "ja", "2024年7月号"),
        ("ICMPD", "ICMPD", "en", "ICMPD"),
        ("ICMPD", "A summer of migration", "en", "A summer of migration"),
    ],
)
def test_the_masthead_says_the_newsletters_name_once(
    workspace: Workspace, brand: str, title: str, language: str, head: str
) -> None:
    """Above the rest of the title, which then stands alone: without the sign between the two, and with a capital."""
    plan = make.issue(title=title, languages=[language], number=None)
    edition = render(make.selection(of=plan), make.workspace(workspace.root, title=brand), language)
    (top,) = parse(edition.html.fill(READER).decode()).find("h1")
    assert top.text == (head if head == title else f"{brand} {head}")


def test_the_masthead_does_not_repeat_a_period_that_it_says_in_capitals(page: Page) -> None:
    """French writes it with a small letter, and the masthead alone with a capital."""
    plan = make.issue(title="ICMPD Newsletter – juillet 2024", languages=["fr"])
    assert page(make.selection(of=plan), "fr").text.lower().count("juillet 2024") == 1
