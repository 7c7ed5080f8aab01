from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from zoneinfo import ZoneInfo

import pytest

from tests.web.composer.studio import WELLS, Studio
from tests.web.composer.test_pictures import keep, picture

FILE = "issues/entries/news/wells.md"


def form(page: str) -> dict[str, str]:
    """Return what a browser would send with an entry's form as it is shown."""
    shown: dict[str, str] = {}
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        # HTML drops the line break right after the tag.
        shown[name] = html.unescape(text.removeprefix("\n"))
    for tag in re.findall(r"<input [^>]+>", page):
        name, value = re.search(r' name="(f\.[^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and "checkbox" not in tag:
            shown[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select [^>]*name="(f\.[^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        shown[name] = (chosen[1] if chosen[1] is not None else chosen[2]) if chosen else ""
    return shown


def save(studio: Studio, name: str = "wells", **changes: str) -> tuple[int, str]:
    """Change some fields of an entry's form and save it."""
    path = f"/entries/{name}"
    fields = form(studio.show(path))
    fields |= {f"f.{field.replace('__', '.')}": value for field, value in changes.items()}
    answer = studio.press(path, **fields)
    return answer.status_code, answer.text


def test_saving_a_form_as_it_is_changes_no_byte(studio: Studio) -> None:
    """Whatever a form shows is what the file says; who has pressed the button is answered all the same."""
    assert save(studio)[0] == 303
    assert (studio.read(FILE), studio.told("/entries/wells")) == (WELLS, "Everything is saved already.")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_what_was_changed_changes(studio: Studio, ends: str, mark: str) -> None:
    """Remarks, order, line ends and the byte order mark stay as somebody wrote them."""
    studio.write(FILE, mark + WELLS.replace("\n", ends))
    assert save(studio, summary="Thirteen villages.\nAnd: one more.", topics="borders\nwater, clean")[0] == 303
    after = WELLS.replace(
        "summary: Twelve villages have drinking water again.",
        "summary: |\n  Thirteen villages.\n  And: one more.",
    ).replace("[borders]", '[borders, "water, clean"]')
    assert studio.read(FILE) == mark + after.replace("\n", ends)


def test_a_box_that_is_unticked_is_written(studio: Studio) -> None:
    """Browsers send nothing of it; what the form had ticked tells it from a box that was never there."""
    file = "issues/entries/studies/rivers.md"
    study = "---\ntitle: Rivers\ndate: 2024-07-26\nsummary: s\nurl: https://www.example.org/r\nfeatured: true\n---\n"
    studio.write(file, study)
    fields = form(studio.show("/entries/rivers"))
    assert (fields["was.featured"], "f.featured" in fields) == ("true", False)
    assert studio.press("/entries/rivers", **fields, **{"f.featured": "true"}).status_code == 303
    assert studio.read(file) == study
    assert studio.press("/entries/rivers", **fields).status_code == 303
    assert studio.read(file) == study.replace("featured: true", "featured: false")


def test_fields_are_added_where_there_were_none(studio: Studio) -> None:
    """A picture is one group; an empty text for those who do not see it says that it is mere decoration."""
    studio.write("issues/images/wells.png", "no picture yet")
    assert save(studio, image__src="images/wells.png", image__alt="A well, and a woman", status="draft")[0] == 303
    added = 'image: {src: images/wells.png, alt: "A well, and a woman"}\n'
    assert added in studio.read(FILE)
    assert "status: draft\n" in studio.read(FILE)
    assert save(studio, image__src="", image__alt="")[0] == 303
    assert "image:\n" in studio.read(FILE)


def test_the_body_is_what_stands_below(studio: Studio) -> None:
    """Markdown with anything in it stays below the fields."""
    assert save(studio, body="# One\n\n---\n\ntitle: no field\n")[0] == 303
    assert studio.read(FILE) == WELLS.replace("The body.\n", "# One\n\n---\n\ntitle: no field\n")
    assert save(studio, body="")[0] == 303
    assert studio.read(FILE) == WELLS.replace("The body.\n", "")


@pytest.mark.parametrize(
    "value",
    ["x\ntitle: stolen", "a: b", "{a: b}", "[a", "# c", "'", '"', "&a *b", "!!python/name:os.system", "---", "…"],
)
def test_no_value_becomes_another_field(studio: Studio, value: str) -> None:
    """What is typed is a text, whatever it looks like to YAML."""
    assert save(studio, title=value)[0] == 303
    assert form(studio.show("/entries/wells"))["f.title"] == " ".join(value.split())
    assert studio.read(FILE).count("\n") == WELLS.count("\n")


def test_an_entry_that_could_not_be_used_any_more_is_not_saved(studio: Studio) -> None:
    """The reason stands at the field, and what was typed stays there."""
    status, page = save(studio, date="26.7.2024 maybe", url="www.example.org")
    assert (status, studio.read(FILE)) == (422, WELLS)
    assert 'value="www.example.org"' in page
    assert re.search(r'id="f-url"[^>]* aria-invalid="true"', page)
    words = "&#39;www.example.org&#39; is not a web address; it begins with https://. Write https://www.example.org."
    assert f'<p class="wrong" id="no-url">{words}</p>' in page


def test_a_colleagues_change_is_not_written_over_unasked(studio: Studio) -> None:
    """Only a field that both have changed is in question; the others come together."""
    fields = form(studio.show("/entries/wells"))
    studio.write(FILE, WELLS.replace("Twelve", "Ten").replace("[borders]", "[borders, water]"))
    answer = studio.press("/entries/wells", **fields | {"f.title": "Wells at last"})
    assert answer.status_code == 303
    assert "Ten villages" in studio.read(FILE)
    assert "title: Wells at last\n" in studio.read(FILE)
    answer = studio.press("/entries/wells", **fields | {"f.summary": "Mine"})
    assert (answer.status_code, "Ten villages" in studio.read(FILE)) == (409, True)
    assert "Summary was changed elsewhere meanwhile" in " ".join(answer.text.split())
    assert "<li>Summary says there: <q>Ten villages have drinking water again.</q></li>" in answer.text
    studio.press("/entries/wells", **form(answer.text))
    assert "summary: Mine\n" in studio.read(FILE)


def test_a_form_is_saved_into_the_file_that_it_has_shown(studio: Studio) -> None:
    """A colleague's new file may have the same name in another folder."""
    page = studio.show("/entries/wells")
    fields = form(page) | dict(re.findall(r'<input type="hidden" name="(file)" value="([^"]*)">', page))
    other = WELLS.replace("date:", "deadline: 2024-08-31\ndate:")
    studio.write("issues/entries/calls/wells.md", other)
    studio.press("/entries/wells", **fields | {"f.summary": "Mine."})
    assert studio.read("issues/entries/calls/wells.md") == other
    assert "summary: Mine.\n" in studio.read(FILE)


def test_two_who_write_the_same_are_of_one_mind(studio: Studio) -> None:
    """There is nothing to choose between."""
    fields = form(studio.show("/entries/wells"))
    studio.write(FILE, WELLS.replace("Twelve villages have drinking water again.", "Ten."))
    answer = studio.press("/entries/wells", **fields | {"f.summary": "Ten.", "f.title": "Wells at last"})
    assert (answer.status_code, "title: Wells at last\n" in studio.read(FILE)) == (303, True)


def test_a_file_with_several_entries_is_changed_as_text(studio: Studio) -> None:
    """A form for one of them could not keep the others' remarks."""
    studio.write("issues/entries/figures.yaml", "one:\n  label: Wells\n  value: 12\n")
    page = studio.show("/entries/one")
    assert "<h1>Wells</h1>" in page
    assert "Its file holds several entries" in page
    assert 'href="/entries/one/file"' in page


def test_ready_is_offered_once(studio: Studio) -> None:
    """An entry without a status is ready; a draft becomes ready by saying so, not by saying nothing."""
    offered = '<option value="" selected>ready</option><option>draft</option></select>'
    assert offered in studio.show("/entries/wells")
    assert save(studio, status="draft")[0] == 303
    status = studio.show("/entries/wells").partition('<select id="f-status"')[2].partition("</select>")[0]
    assert re.findall("<option[^/]*/option>", status) == ["<option selected>draft</option>", "<option>ready</option>"]


def test_an_entry_in_a_language_that_nobody_knows_has_its_form(studio: Studio) -> None:
    """What is wrong stands at the field, where it is mended."""
    studio.write(FILE, WELLS.replace("date:", "language: Deutsch\ndate:"))
    page = studio.show("/entries/wells")
    assert "cannot be shown as a form" not in page
    assert re.search(r'id="f-language"[^>]* aria-invalid="true"', page)


def test_a_broken_entry_can_be_mended(studio: Studio) -> None:
    """It stands in the list with what is wrong, and leads to its text."""
    studio.write("issues/entries/news/broken.md", "---\ntitle: [\n---\n")
    assert 'href="/entries/broken"' in studio.show("/entries")
    page = studio.show("/entries/broken")
    assert 'href="/entries/broken/file"' in page
    assert "It cannot be shown as a form: its fields cannot be read." in page


def test_a_new_entry_is_a_draft_with_the_fields_of_its_type(studio: Studio) -> None:
    """It is the file that `newsletter new` makes, opened."""
    answer = studio.press("/entries", type="event", title="A day in Vienna", date="2024-09-01", back="/entries")
    assert answer.headers["location"] == "/entries/2024-09-01-a-day-in-vienna"
    file = "issues/entries/events/2024-09-01-a-day-in-vienna.md"
    assert studio.read(file).startswith("---\ntitle: A day in Vienna\ndate: 2024-09-01")
    assert 'name="f.start"' in studio.show(answer.headers["location"])
    assert save(studio, "2024-09-01-a-day-in-vienna", start="2024-09-01", status="ready")[0] == 303
    assert "start: 2024-09-01\n" in studio.read(file)
    studio.press("/entries", type="event", title="", back="/entries")
    assert "the title" in studio.told().lower()
    studio.press("/entries", type="nothing", title="x", back="/entries")
    assert studio.told().startswith("There is no type 'nothing'.")


def test_an_empty_section_leads_to_an_entry_beside_its_issue(studio: Studio) -> None:
    """Whoever begins a month has sections and nothing in them."""
    studio.write("issues/2024-07/issue.yaml", f"{studio.plan}  - {{heading: Calls, take: call}}\n")
    assert '<a href="/entries?issue=2024-07&amp;type=call">Write one</a>' in studio.show("/issues/2024-07")
    page = studio.show("/entries?issue=2024-07&type=call")
    assert '<input type="hidden" name="issue" value="2024-07">' in page
    assert "<option selected>call</option>" in page
    assert "Issue 2024-07 takes what was published from 1 July to 31 July 2024." in page
    # The month is over: of today it would be in another issue.
    assert 'name="date" type="date" value="2024-07-31"' in page
    assert 'name="issue"' not in studio.show("/entries")
    today = f"{dt.datetime.now(ZoneInfo('Europe/Vienna')):%Y-%m-%d}"
    assert f'name="date" type="date" value="{today}"' in studio.show("/entries?type=none")
    answer = studio.press("/entries", type="call", title="Tenders", date="2024-07-20", issue="2024-07")
    assert answer.headers["location"] == "/entries/2024-07-20-tenders?issue=2024-07"
    assert "Back to 2024-07" in studio.show(answer.headers["location"])


def test_a_field_that_is_still_empty_is_told_without_its_file(studio: Studio) -> None:
    """In a form nobody writes after a colon; how it is written is told beside it until something stands there."""
    studio.press("/entries", type="call", title="Tenders", date="2024-07-20")
    page = studio.show("/entries/2024-07-20-tenders")
    told = '<p class="wrong" id="no-deadline">It is empty.</p><p class="hint" id="hint-deadline">Such as 2026-12-31'
    assert told in page
    assert re.search(r'id="f-deadline"[^>]* aria-describedby="no-deadline hint-deadline"', page)
    save(studio, "2024-07-20-tenders", deadline="soon")
    page = studio.show("/entries/2024-07-20-tenders")
    assert 'id="no-deadline">&#39;soon&#39; is not a date' in page
    assert 'id="hint-deadline"' not in page
    studio.write("issues/entries/calls/2024-07-20-tenders.md", '---\ntitle: ""\ndate: 2024-07-20\n---\n')
    assert '<p class="wrong" id="no-title">It is empty.</p>' in studio.show("/entries/2024-07-20-tenders")


def test_a_day_that_an_entrys_name_tells_is_proposed_without_a_line_of_a_file(studio: Studio) -> None:
    """Whoever empties the field reads what to write into it."""
    studio.press("/entries", type="news", title="Pumps", date="2024-07-20")
    save(studio, "2024-07-20-pumps", date="")
    page = html.unescape(studio.show("/entries/2024-07-20-pumps"))
    assert "The entry has no date, though its name begins with 2024-07-20. Write 2024-07-20 at “Date”.</p>" in page


def test_a_form_says_that_it_is_not_saved_and_each_reason_once(studio: Studio) -> None:
    """Whoever has mistyped two countries sees both below them, and no line of a file that was not written."""
    status, page = save(studio, countries="Kenia, Austria")
    assert (status, studio.read(FILE)) == (422, WELLS)
    assert "<strong>Not saved.</strong> 2 things are to be put right first: they are told below the fields." in page
    kenya = "&#39;Kenia&#39; is not a country code; did you mean KE? Write KE."
    austria = "&#39;Austria&#39; is not a country code; did you mean AT? Write AT."
    assert f'<p class="wrong" id="no-countries">{kenya}<br>{austria}</p>' in page
    assert page.count("is not a country code") == 2
    assert 'class="findings"' not in page


def test_what_an_issue_finds_in_an_entry_is_told_at_its_field(studio: Studio) -> None:
    """Who opens an entry because of a remark sees where it belongs; what keeps nothing from being saved is no error."""
    assert keep(studio, "wells.png", picture()) == (200, "images/wells.png")
    studio.write(
        FILE, WELLS.replace("topics", "image: {src: images/wells.png}\ntopics").replace("again.", "again\u200b.")
    )
    page = studio.show("/entries/wells?issue=2024-07")
    assert re.search(r'<p class="wrong" id="no-image">[^<]*has no alternative text', page)
    assert re.findall(r'id="f-image-(\w+)"[^>]* aria-invalid="true" aria-describedby="no-image"', page) == ["alt"]
    assert '<p class="wrong mild" id="no-summary">The text has an invisible character (zero width space).' in page
    assert "Not saved" not in page
    assert "invisible character" not in studio.show("/entries/wells")


def test_what_lacks_is_told_at_its_own_field_as_what_it_is(studio: Studio) -> None:
    """A remark that a study names nobody belongs to the authors, and keeps nothing from being saved."""
    fields = "title: Rivers\ndate: 2024-07-02\nurl: https://www.example.org/rivers\nkind: commentary\n"
    studio.write("issues/entries/studies/rivers.md", f"---\n{fields}---\n")
    page = studio.show("/entries/rivers?issue=2024-07")
    assert '<p class="wrong mild" id="no-summary">“Rivers” has no summary. Write one or two sentences.</p>' in page
    assert (
        '<p class="wrong mild" id="no-authors">The study “Rivers” names no authors. Name them, one a line.</p>' in page
    )
    assert not re.search(r'id="f-(summary|authors)"[^>]* aria-invalid', page)
    checks = studio.show("/issues/2024-07?panel=checks")
    assert re.findall(r'href="/entries/rivers\?issue=2024-07#f-(\w+)">Change it', checks) == ["summary", "authors"]


def test_a_picture_has_its_fault_at_the_part_that_is_wrong(studio: Studio) -> None:
    """Nothing is wrong with the words and the credit of a picture whose file lacks."""
    picture_of = "image: {src: images/none.png, alt: A well, credit: Ana}"
    studio.write(FILE, WELLS.replace("topics", f"{picture_of}\ntopics"))
    page = studio.show("/entries/wells")
    assert '<p class="wrong" id="no-image">There is no picture &#39;images/none.png&#39;.' in page
    assert re.findall(r'id="f-image-(\w+)"[^>]* aria-invalid="true"', page) == ["src"]


def test_a_box_that_is_neither_yes_nor_no_is_found_and_told(studio: Studio) -> None:
    """“Change it” leads to it by its name."""
    fields = "title: Rivers\ndate: 2024-07-02\nurl: https://www.example.org/rivers\nfeatured: perhaps\n"
    studio.write("issues/entries/studies/rivers.md", f"---\n{fields}---\n")
    assert 'href="/entries/rivers?issue=2024-07#f-featured"' in studio.show("/issues/2024-07?panel=checks")
    page = studio.show("/entries/rivers?issue=2024-07")
    assert re.search(r'type="checkbox" id="f-featured"[^>]* aria-invalid="true" aria-describedby="no-featured"', page)


def test_a_topic_with_a_comma_is_saved_and_told(studio: Studio) -> None:
    """It may be one; but whoever meant two has made one that no reader has chosen."""
    assert save(studio, topics="borders\nwater, rivers")[0] == 303
    assert studio.told("/entries/wells") == (
        "Saved. “water, rivers” is one topic; if you mean several, write each on a line of its own."
    )
    assert save(studio, topics="borders\nwater")[0] == 303
    assert studio.told("/entries/wells") == "Saved."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1.250", "Saved. 1.250 is read as 1.25; if you mean 1250, write it without the point."),
        ("12.5", "Saved."),
        ("0.125", "Saved."),
        ("1250", "Saved."),
    ],
)
def test_a_point_that_may_part_thousands_is_told(studio: Studio, typed: str, told: str) -> None:
    """Readers would get a thousandth of what somebody has counted."""
    studio.write("issues/entries/figures/wells.md", "---\nlabel: wells\nvalue: 3\n---\n")
    (studio.root / FILE).unlink()
    assert save(studio, value=typed)[0] == 303
    assert studio.told("/entries/wells") == told


def test_line_breaks_of_a_word_processor_are_line_breaks(studio: Studio) -> None:
    """Word copies them as a vertical tab, which nobody sees and could delete."""
    assert save(studio, summary="Twelve villages.\vThirteen soon.", title="Wells\vand pumps")[0] == 303
    assert "summary: |\n  Twelve villages.\n  Thirteen soon.\n" in studio.read(FILE)
    assert "title: Wells and pumps\n" in studio.read(FILE)


def delete(studio: Studio, page: str) -> str:
    """Delete an entry from its page as it was shown, and return where that leads."""
    form = page.partition('id="delete"')[2]
    fields = dict(re.findall(r'name="(file|seen)" value="([^"]*)"', form))
    return studio.press("/entries/wells/delete", **fields).headers["location"]


def test_a_draft_is_deleted_and_brought_back(studio: Studio) -> None:
    """What was begun by mistake would stand among the entries for ever."""
    studio.write(FILE, WELLS.replace("topics", "status: draft\ntopics"))
    written = studio.read(FILE)
    assert (delete(studio, studio.show("/entries/wells")), FILE in studio.files()) == ("/entries", False)
    assert studio.told("/entries") == "“Border communities get new wells” is deleted; Undo brings it back."
    studio.press("/undo")
    assert studio.read(FILE) == written


def test_what_an_issue_may_show_is_not_deleted(studio: Studio) -> None:
    """Its page offers it not; whoever sends the form otherwise is told what to do first."""
    assert 'action="/entries/wells/delete"' not in studio.show("/entries/wells")
    seen = hashlib.sha256(WELLS.encode()).hexdigest()[:12]
    studio.press("/entries/wells/delete", file=FILE, seen=seen)
    assert studio.told("/entries/wells") == (
        "“Border communities get new wells” is not deleted. Only a draft that has a file of its own can be, "
        "because no issue shows it. Set its status to draft first."
    )
    assert studio.read(FILE) == WELLS


def test_what_a_colleague_has_written_meanwhile_is_not_deleted(studio: Studio) -> None:
    """Nobody has seen it who wants the draft to go."""
    studio.write(FILE, WELLS.replace("topics", "status: draft\ntopics"))
    page = studio.show("/entries/wells")
    studio.write(FILE, studio.read(FILE) + "A whole afternoon's work.\n")
    delete(studio, page)
    assert studio.told("/entries/wells") == (
        "“Border communities get new wells” is not deleted. Somebody else has changed it meanwhile. "
        "Look at it again, then delete it if nobody needs it."
    )
    assert studio.read(FILE).endswith("A whole afternoon's work.\n")
    assert (delete(studio, studio.show("/entries/wells")), FILE in studio.files()) == ("/entries", False)


def test_what_cannot_be_read_is_deleted_too(studio: Studio) -> None:
    """No issue shows it, and nobody need find its file."""
    studio.write(FILE, "---\ntitle: [\n---\n")
    page = studio.show("/entries/wells")
    # Nobody can tell whether it is a draft.
    assert ("Delete this file" in page, "Delete this draft" in page) == (True, False)
    delete(studio, page)
    assert FILE not in studio.files()
