from __future__ import annotations

import email
import email.policy
import html
import re

import pytest

from tests.web.composer.studio import FORUM, PLAN, SETTINGS, WELLS, Studio
from tests.web.composer.test_pictures import keep, picture

ISSUE = "/issues/2024-07"


def lines(before: str, after: str) -> tuple[set[str], set[str]]:
    """Return the lines that are gone and those that are new."""
    old, new = before.splitlines(), after.splitlines()
    return set(old) - set(new), set(new) - set(old)


def test_the_last_change_can_be_taken_back_one_after_the_other(studio: Studio) -> None:
    """Undo restores the very bytes."""
    studio.press(f"{ISSUE}/decide", do="pin", entry="june", back=ISSUE)
    studio.press(f"{ISSUE}/move", entry="forum", to="1", back=ISSUE)
    studio.press("/undo", back=ISSUE)
    assert studio.told() == "Taken back: “A forum in Tripoli” is moved."
    studio.press("/undo", back=ISSUE)
    assert studio.plan == PLAN
    studio.press("/undo", back=ISSUE)
    assert studio.told().startswith("There is nothing to take back.")


def test_a_colleagues_change_is_not_taken_back_along(studio: Studio) -> None:
    """What was changed elsewhere since would get lost."""
    studio.press(f"{ISSUE}/decide", do="pin", entry="june", back=ISSUE)
    theirs = studio.plan.replace("What July brought", "A better subject")
    studio.write("issues/2024-07/issue.yaml", theirs)
    studio.press("/undo", back=ISSUE)
    assert studio.plan == theirs
    assert "issue.yaml was changed elsewhere since" in studio.told()


@pytest.mark.parametrize(
    ("field", "value", "gone", "new"),
    [
        ("subject", "Wells: twelve # of them", {"subject: What July brought"}, {'subject: "Wells: twelve # of them"'}),
        ("preheader", "", {"preheader: Wells, a study and a call"}, {"preheader:"}),
        ("intro", "One\n\n- two\n", {"  Dear {first_name|reader},", "  this is July."}, {"  One", "  - two"}),
        ("intro", "One\vtwo", {"  Dear {first_name|reader},", "", "  this is July."}, {"  One", "  two"}),
        ("send_at", "2024-08-01T09:00", set(), {"send_at: 2024-08-01T09:00"}),
        ("theme", "digest", set(), {"theme: digest"}),
    ],
)
def test_a_word_is_changed_at_its_place_alone(
    studio: Studio, field: str, value: str, gone: set[str], new: set[str]
) -> None:
    """Comments, order and every other line of the file stay."""
    was = {"subject": "What July brought", "preheader": "Wells, a study and a call"}.get(field, "")
    was = "Dear {first_name|reader},\n\nthis is July.\n" if field == "intro" else was
    answer = studio.press(f"{ISSUE}/words", field=field, value=value, was=was, back=f"{ISSUE}?panel=words")
    assert (answer.status_code, answer.headers.get("location")) == (303, f"{ISSUE}?panel=words")
    assert lines(PLAN, studio.plan) == (gone, new)


def test_days_and_lists_are_written_too(studio: Studio) -> None:
    """Both days of a period are inside, as people mean it."""
    studio.press(f"{ISSUE}/words", field="period", first="2024-06-01", last="2024-07-20")
    assert "period: {from: 2024-06-01, to: 2024-07-20}\n" in studio.plan
    assert studio.entries() == ["forum", "june"]
    refused = studio.press(f"{ISSUE}/words", field="period", first="2024-07-20", last="2024-06-01")
    told = "the period ends (2024-06-01) before it begins (2024-07-20) – choose from 2024-06-01 to 2024-07-20."
    assert f"Not saved: {told}" in html.unescape(refused.text)
    assert re.findall(r'<input type="date" id="\w+" name="\w+" value="([^"]*)">', refused.text) == [
        "2024-07-20",
        "2024-06-01",
    ]
    studio.press(f"{ISSUE}/words", field="period", first="2024-06-01", last="2024-07-31", since_last="1")
    assert "period: {since: last issue, to: 2024-07-31}\n" in studio.plan
    studio.press(f"{ISSUE}/words", field="lists")
    assert "lists: []\n" in studio.plan
    assert ": the choice of lists is changed</span>" in studio.show(ISSUE)


def test_a_button_that_saves_answers_where_nothing_has_changed(studio: Studio) -> None:
    """Whoever has put the days right that were refused hears that these are what the file says."""
    days = {"field": "period", "first": "2024-07-01", "last": "2024-07-31", "was": "2024-07-01 – 2024-07-31"}
    studio.press(f"{ISSUE}/words", **days, back=ISSUE)
    assert (studio.plan, studio.told()) == (PLAN, "Everything is saved already.")


def test_a_field_counts_as_the_checks_do(studio: Studio) -> None:
    """As long as its rule lets it be, the team's own setting included."""
    assert re.findall(r'data-most="(\d+)"', studio.show(f"{ISSUE}?panel=words")) == ["70", "120"]
    studio.write("newsletter.toml", SETTINGS + "\n[lint.parameters.EDT002]\nlongest = 50\n")
    assert re.findall(r'data-most="(\d+)"', studio.show(f"{ISSUE}?panel=words")) == ["50", "120"]


def test_a_value_that_cannot_be_is_not_written(studio: Studio) -> None:
    """The page keeps what was typed and says why; the file stays usable."""
    answer = studio.press(f"{ISSUE}/words", field="send_at", value="tomorrow", was="")
    assert (answer.status_code, studio.plan) == (422, PLAN)
    assert 'value="tomorrow"' in answer.text
    assert "Not saved: &#39;tomorrow&#39; is not a date" in answer.text
    answer = studio.press(f"{ISSUE}/words", field="languages", value="en, Deutsch", was="")
    assert "Not saved: &#39;Deutsch&#39; is not a language code – write de." in answer.text
    assert studio.plan == PLAN
    answer = studio.press(f"{ISSUE}/words", field="title", value="", was="Our newsletter – July 2024")
    assert (answer.status_code, studio.plan) == (422, PLAN)


def test_what_somebody_else_has_changed_is_not_written_over_unasked(studio: Studio) -> None:
    """Both are shown, and a person chooses."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("What July brought", "Theirs"))
    typed = {"field": "subject", "value": "Mine", "was": "What July brought"}
    answer = studio.press(f"{ISSUE}/words", **typed)
    assert (answer.status_code, "subject: Theirs" in studio.plan) == (409, True)
    assert "There it says: <q>Theirs</q>" in answer.text
    studio.press(f"{ISSUE}/words", **typed, mine="Theirs")
    assert "subject: Mine" in studio.plan


def test_what_forbids_sending_stands_first_among_the_findings(studio: Studio) -> None:
    """However many warnings there are, and whatever files they are about."""
    studio.write("issues/entries/news/forum.md", FORUM.replace("https:", "http:"))
    studio.write("issues/entries/news/wells.md", WELLS.replace("Twelve villages", "TODO Twelve villages"))
    findings = re.findall(r'class="finding (\w+)', studio.show(f"{ISSUE}?panel=checks"))
    assert list(dict.fromkeys(findings)) == ["error", "warning"]


def test_the_last_good_email_stays_under_what_is_wrong(studio: Studio) -> None:
    """A half-typed word never leaves an empty page."""
    assert "this is July" in studio.show(f"{ISSUE}/email")
    studio.press(f"{ISSUE}/words", field="subject", value="{nobody}", was="What July brought")
    page = studio.show(ISSUE)
    assert "This is the last version that could be built." in page
    assert "There is no slot <code>{nobody}</code>." in page
    assert "this is July" in studio.show(f"{ISSUE}/email")


def test_an_issue_that_cannot_be_read_leads_to_its_file(studio: Studio) -> None:
    """Where no form can help, the text does."""
    studio.write("issues/2024-07/issue.yaml", "title: [\n")
    assert 'href="/issues/2024-07/file"' in studio.show("/")
    assert 'href="/issues/2024-07/file"' in studio.show(ISSUE)
    assert "title: [" in studio.show(f"{ISSUE}/file")


def test_the_message_is_the_one_that_a_reader_would_get(studio: Studio) -> None:
    """It can be opened in any mail program."""
    answer = studio.browser.get(f"{ISSUE}/message.eml")
    parsed = email.message_from_bytes(answer.content, policy=email.policy.default)
    assert (parsed["subject"], parsed.defects) == ("What July brought", [])
    assert answer.headers["content-disposition"] == 'attachment; filename="2024-07-en.eml"'


def test_what_is_safe_is_mended_at_a_press(studio: Studio) -> None:
    """The same changes as `lint --fix` makes, and they can be taken back."""
    studio.write("issues/entries/news/wells.md", WELLS.replace("news/wells", "news/wells?utm_source=x"))
    assert "Mend what is safe to mend" in studio.show(f"{ISSUE}?panel=checks")
    studio.press(f"{ISSUE}/mend", back=ISSUE)
    assert studio.read("issues/entries/news/wells.md") == WELLS
    assert studio.told() == "1 change made."
    studio.press("/undo")
    assert "utm_source" in studio.read("issues/entries/news/wells.md")
    studio.press("/undo")
    studio.press(f"{ISSUE}/mend", back=ISSUE)


def test_one_press_mends_what_shows_only_after_something_else_is_mended(studio: Studio) -> None:
    """As `lint --fix` does: a field that got its name shows what is wrong with its value."""
    studio.write(
        "issues/entries/news/wells.md", WELLS.replace("url: ", "link: ").replace("wells\n", "wells?utm_source=x\n")
    )
    studio.press(f"{ISSUE}/mend", back=ISSUE)
    assert studio.read("issues/entries/news/wells.md") == WELLS
    assert studio.told() == "2 changes made."


def test_what_one_press_has_mended_is_taken_back_at_once(studio: Studio) -> None:
    """In however many files and rounds; all of it stays where somebody has changed one of them since."""
    wells, forum = "issues/entries/news/wells.md", "issues/entries/news/forum.md"
    odd = {
        wells: WELLS.replace("url: ", "link: ").replace("wells\n", "wells?utm_source=x\n"),
        forum: FORUM.replace("news/forum", "news/forum?utm_source=x"),
    }
    for path, text in odd.items():
        studio.write(path, text)
    studio.press(f"{ISSUE}/mend", back=ISSUE)
    assert studio.told() == "3 changes made."
    assert 'Undo<span class="what-undo">: what is safe to mend is mended</span>' in studio.show(ISSUE)
    studio.press("/undo")
    assert {path: studio.read(path) for path in odd} == odd
    assert "what-undo" not in studio.show(ISSUE)
    studio.press(f"{ISSUE}/mend", back=ISSUE)
    theirs = FORUM.replace("A forum", "The forum")
    studio.write(forum, theirs)
    studio.press("/undo")
    assert (studio.read(wells), studio.read(forum)) == (WELLS, theirs)
    assert "forum.md was changed elsewhere since" in studio.told()
    # As soon as that has gone, for example with a colleague's own undo, all of it can be taken back after all.
    assert "what-undo" not in studio.show(ISSUE)
    studio.write(forum, FORUM)
    assert 'Undo<span class="what-undo">: what is safe to mend is mended</span>' in studio.show(ISSUE)
    studio.press("/undo")
    assert {path: studio.read(path) for path in odd} == odd


def test_what_cannot_be_taken_back_keeps_nothing_else_from_it(studio: Studio) -> None:
    """What was done before it comes next; it waits itself."""
    for entry, date in (("wells", "2024-07-26"), ("forum", "2024-07-19")):
        studio.press(f"/entries/{entry}", **{"f.date": "2024-07-20", "was.date": date})
    forum = "issues/entries/news/forum.md"
    ours = studio.read(forum)
    studio.write(forum, f"{ours}Theirs.\n")
    studio.press("/undo")
    assert "forum.md was changed elsewhere since" in studio.told()
    assert 'what-undo">: “wells” is changed</span>' in studio.show(ISSUE)
    studio.press("/undo")
    assert (studio.read("issues/entries/news/wells.md"), studio.read(forum)) == (WELLS, f"{ours}Theirs.\n")
    studio.write(forum, ours)
    studio.press("/undo")
    assert studio.read(forum) == FORUM


def test_the_next_issue_is_made_from_the_last(studio: Studio) -> None:
    """Its name is proposed; what is there already is not written over."""
    assert 'value="2024-08"' in studio.show("/")
    answer = studio.press("/issues", name="2024-08", back="/")
    assert answer.headers["location"] == "/issues/2024-08"
    assert "title: Our newsletter – August 2024\n" in studio.read("issues/2024-08/issue.yaml")
    studio.press("/issues", name="2024-07", back="/")
    is_there = "issues/2024-07/issue.yaml is there already. Nothing that is there is written over."
    assert (studio.plan, studio.told()) == (PLAN, f"{is_there} Open that one, or choose another name.")
    studio.press("/undo")
    assert not (studio.root / "issues/2024-08").exists()
    studio.press("/issues", name="../../evil", back="/")
    assert "cannot be the name of an issue" in studio.told()


def test_settings_that_cannot_be_used_are_told_on_the_page(studio: Studio) -> None:
    """Whoever breaks them sees it where they are, not in the terminal."""
    studio.write("newsletter.toml", "title = 1\n")
    answer = studio.browser.get("/")
    assert answer.status_code == 500
    assert "The settings cannot be used." in answer.text


def test_a_subject_over_several_lines_is_shown_on_one_and_stays(studio: Studio) -> None:
    """A browser's field holds one line; what nobody has changed is not written."""
    plan = PLAN.replace("subject: What July brought", "subject: |\n  What July\n  brought")
    studio.write("issues/2024-07/issue.yaml", plan)
    page = studio.show("/issues/2024-07?panel=words")
    assert re.search(r'<textarea id="subject"[^>]*>\nWhat July brought</textarea>', page)
    studio.press("/issues/2024-07/words", field="subject", value="What July brought", was="What July brought")
    assert studio.plan == plan
    studio.press("/issues/2024-07/words", field="subject", value="Et après\u00a0?", was="What July brought")
    assert 'subject: "Et après\\u00a0?"\n' in studio.plan


def test_a_first_issue_has_no_last_one(studio: Studio) -> None:
    """Its sections are those that most begin with."""
    (studio.root / "issues/2024-07/issue.yaml").unlink()
    studio.press("/issues", name="2024-08", back="/")
    assert studio.told() == "Issue 2024-08 is there, with the usual sections."
    studio.press("/issues", name="2024-09", back="/")
    assert studio.told() == "Issue 2024-09 is there, with the sections of the last one."


def test_a_remedy_leads_to_a_page_and_not_to_a_command(studio: Studio) -> None:
    """Who writes here has no terminal open."""
    studio.write("issues/2024-07/issue.yaml", f"{studio.plan}  - {{heading: Calls, take: call}}\n")
    page = studio.show(f"{ISSUE}?panel=checks")
    assert "<b>Fix</b> see why under Entries; then put one in" in page
    assert "newsletter select" not in page


def changes(studio: Studio) -> set[tuple[str, str]]:
    """Return where the findings lead by “Change it”, with the codes of their rules."""
    _, *findings = re.split(r'<li class="finding', studio.show(f"{ISSUE}?panel=checks"))
    return {
        (str(told[1]), link)
        for finding in findings
        if (told := re.search(r"<code>(\w+)</code>", finding))
        for link in re.findall(r'<a class="show" href="([^"]+)">Change it</a>', finding)
    }


def test_findings_of_one_rule_stand_together(studio: Studio) -> None:
    """Reason and remedy are said once for all, and each keeps its own words, place and ways."""
    for name in ("wells", "forum"):
        file = f"issues/entries/news/{name}.md"
        studio.write(file, re.sub("title: .*", f"title: A TITLE OF {name.upper()} IN CAPITALS", studio.read(file)))
    _, *findings = studio.show(f"{ISSUE}?panel=checks").split('<li class="finding')
    (group,) = [finding for finding in findings if "<code>EDT026</code>" in finding]
    assert '<span class="number">2 alike</span>' in group
    assert re.findall("<b>(Why|Fix)</b>", group) == ["Why", "Fix"]
    assert re.findall(r'name="entry" value="(\w+)"', group) == ["forum", "wells"]
    assert re.findall(r'class="place">issues/entries/news/(\w+)\.md', group) == ["forum", "wells"]
    assert re.findall(r'href="/entries/(\w+)\?', group) == ["forum", "wells"]


def test_what_is_wrong_in_an_issue_is_changed_where_it_has_a_field(studio: Studio) -> None:
    """Who writes here need not find the words in a file."""
    odd = studio.plan.replace("this is July.", "see [here](www.example.org).")
    studio.write("issues/2024-07/issue.yaml", f"{odd}  - {{heading: Calls, take: call}}\n")
    links = changes(studio)
    assert {("LNK003", f"{ISSUE}?panel=words#word-intro"), ("SEC001", f"{ISSUE}#part-3")} <= links
    assert 'id="word-intro"' in studio.show(f"{ISSUE}?panel=words")
    assert 'id="part-3"' in studio.show(ISSUE)
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("{first_name|reader}", "{name}"))
    assert f'href="{ISSUE}?panel=words#word-intro">Change it</a>' in studio.show(f"{ISSUE}?panel=checks")
    studio.write("issues/2024-07/issue.yaml", f"{odd}pin: [nobody]\n")
    assert f'href="{ISSUE}/file">Change it</a>' in studio.show(f"{ISSUE}?panel=checks")


def test_what_no_section_takes_is_put_in_among_what_is_out(studio: Studio) -> None:
    """Its own page is not where that is decided."""
    told = "title: What & when?\ndate: 2024-07-02\nsummary: S\nstart: 2024-09-01\n"
    studio.write("issues/entries/events/when.md", f"---\n{told}---\n")
    page = studio.show(f"{ISSUE}?panel=checks")
    assert "“What &amp; when?” is of these days and in no issue: no section takes this event" in page
    way = f"{ISSUE}?find=What%20%26%20when%3F#out-when"
    assert f'href="{way}">Change it</a>' in page
    assert 'id="out-when"' in studio.show(way.partition("#")[0])


def test_a_preheader_that_lacks_is_written_into_its_own_field(studio: Studio) -> None:
    """Its file can tell only where it would stand, which is beside another."""
    studio.write("issues/2024-07/issue.yaml", re.sub("preheader: .*\n", "", PLAN))
    (finding,) = studio.show(f"{ISSUE}?panel=checks").split("<code>EDT004</code>")[1:]
    assert f'href="{ISSUE}?panel=words#word-preheader">Change it</a>' in finding.partition("</li>")[0]
    assert 'data-block="inbox"' in finding.partition("</li>")[0]


def test_what_is_not_translated_is_written_into_the_form_of_its_language(studio: Studio) -> None:
    """And what is wrong in a language is changed there, not in a file."""
    plan = PLAN.replace("lists:", "languages: [en, fr, de]\nlists:")
    plan += 'translations:\n  de: {subject: Der Juli, preheader: "Brunnen\u200b, eine Studie und ein Aufruf"}\n'
    studio.write("issues/2024-07/issue.yaml", plan)
    links = changes(studio)
    words, wells = f"{ISSUE}?panel=words", "/entries/wells?issue=2024-07"
    assert {
        ("EDT019", f"{words}#word-subject-fr"),
        ("EDT019", f"{words}#word-sections.0.heading-fr"),
        ("EDT025", f"{words}#word-preheader-de"),
        ("EDT018", f"{wells}#f-fr-title"),
    } <= links
    shown = studio.show(words) + studio.show(wells)
    for way in ("word-subject-fr", "word-sections.0.heading-fr", "word-preheader-de", "f-fr-title"):
        assert f'id="{way}"' in shown


def test_what_is_wrong_in_an_entry_is_changed_in_its_field(studio: Studio) -> None:
    """A form is long, and only the page before it says what is wrong."""
    assert keep(studio, "wells.png", picture()) == (200, "images/wells.png")
    entry = WELLS.replace("topics", "image: {src: images/wells.png, alt: wells.png}\ntopics")
    studio.write("issues/entries/news/wells.md", entry.replace("again.", "again\u200b."))
    links = changes(studio)
    assert {
        ("EDT025", "/entries/wells?issue=2024-07#f-summary"),
        ("IMG002", "/entries/wells?issue=2024-07#f-image-alt"),
    } <= links
    form = studio.show("/entries/wells?issue=2024-07")
    assert 'id="f-summary"' in form
    assert 'id="f-image-alt"' in form


def test_a_change_that_is_made_once_more_does_not_wait_with_the_first(studio: Studio) -> None:
    """Nobody has been told yet that it cannot be taken back."""
    wells = "issues/entries/news/wells.md"
    for _ in range(2):
        studio.write(wells, WELLS)
        studio.press("/entries/wells", **{"f.date": "2024-07-20", "was.date": "2024-07-26"})
        studio.write(wells, f"{studio.read(wells)}Theirs.\n")
        studio.press("/undo")
        assert "wells.md was changed elsewhere since" in studio.told()
