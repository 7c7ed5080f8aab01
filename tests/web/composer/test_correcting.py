"""Something wrong in what has left: the page shows what readers would see otherwise, and wants a word to them."""

from __future__ import annotations

import datetime as dt
import html
import re
from zoneinfo import ZoneInfo

import pytest

from newsletter import approval, config, sending, store
from newsletter.cli.app import run
from newsletter.content import document
from tests.web.composer.studio import SETTINGS, Studio
from tests.web.composer.test_reviewing import digest

PAGE = "/issues/2024-07?panel=report"
CORRECT = "/issues/2024-07/correct"
NOTE = "An earlier version said it was July: it <was> June."


def shown(studio: Studio) -> str:
    """Return what the page says below the numbers, without its markup."""
    page = studio.show(PAGE)
    found = page[page.index("Something wrong in it?") : page.index('id="stage"')]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found)).split())


def correct(studio: Studio, **fields: str) -> str:
    """Press the button with what is typed, and return what is told then."""
    page = studio.show(PAGE)
    studio.press(CORRECT, **{"digest": digest(page) if "/correct" in page else "", "note": "", "back": PAGE, **fields})
    return studio.told(PAGE)


def corrections(studio: Studio) -> list[tuple[str, str]]:
    """Return who has corrected the issue, and what readers were told."""
    with store.open_database(config.load(studio.root)) as database:
        return [(one.by, one.note) for one in sending.corrected(database, "2024-07")]


@pytest.fixture
def sent(studio: Studio) -> Studio:
    """A studio whose issue one person has got."""
    studio.write("people.csv", "email\nanna@example.org\n")
    people = str(studio.root / "people.csv")
    assert run(["-C", str(studio.root), "subscribers", "import", people, "--list", "monthly", "--yes"]) == 0
    assert run(["-C", str(studio.root), "send", "2024-07", "--yes", "--expect", "1"]) == 0
    return studio


def mend(studio: Studio) -> None:
    """Put something right in the issue's file."""
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("this is July.", "this is June."))


def test_what_readers_would_see_otherwise_is_shown(sent: Studio) -> None:
    """By paragraphs, as `correct --dry-run` tells it; as long as nothing differs there is no button."""
    assert "Put it right on the other pages" in shown(sent)
    assert CORRECT not in sent.show(PAGE)
    mend(sent)
    assert "would see otherwise: − Gone: this is July. + New: this is June. What was wrong" in shown(sent)
    assert corrections(sent) == []


def test_what_came_after_the_issue_had_left_is_named(sent: Studio) -> None:
    """It would slip in with the correction, so the page leads to where it is left out."""
    mend(sent)
    sent.write("issues/entries/news/late.md", "---\ntitle: A late <b>piece\ndate: 2024-07-05\n---\nIt came late.\n")
    told = "late came after the issue had left, or has another title since; to leave it out: Entries . What was wrong"
    assert told in shown(sent)
    assert '<a href="/issues/2024-07?panel=entries">Entries</a>' in sent.show(PAGE)


def test_a_correction_tells_readers_what_was_wrong(sent: Studio) -> None:
    """The note is in the file and in what readers see; whoever looks later learns who did it."""
    mend(sent)
    told = correct(sent, note=NOTE)
    assert told == "It is corrected: whoever opens it in the browser sees it so from now on."
    assert corrections(sent) == [(approval.user(), NOTE)]
    today = dt.datetime.now(ZoneInfo("Europe/Vienna")).date()
    assert f'corrections:\n  - {{date: {today}, note: "{NOTE}"}}\n' in sent.plan
    with store.open_database(config.load(sent.root)) as database:
        ((_, _, edition),) = sending.shown_editions(database, "2024-07")
    assert "it &lt;was&gt; June." in edition.html.marked
    assert re.search(rf"Corrected on .* by {approval.user()}: {re.escape(NOTE)}", shown(sent))
    assert CORRECT not in sent.show(PAGE)


def test_a_correction_tells_readers_of_each_language(sent: Studio) -> None:
    """Each language has its field, and a sentence that they could not read stands in no edition."""
    french = f"languages: [en, fr]\ntranslations: {{fr: {{title: Juillet, subject: Un}}}}\n{sent.plan}"
    sent.write("issues/2024-07/issue.yaml", french.replace("this is July.", "this is June."))
    assert "What was wrong, for readers The same in French A slip" in shown(sent)
    correct(sent, note=NOTE, **{"note.fr": "C’était juin.", "note.de": "Es war Juni."})
    (said,) = document.read(sent.plan).value["corrections"]
    assert (said["note"], said["translations"]) == (NOTE, {"fr": {"note": "C’était juin."}})


def test_a_slip_needs_no_note(sent: Studio) -> None:
    """But somebody has to say that it is one."""
    mend(sent)
    assert correct(sent).startswith("Nobody says what was wrong, so nothing is corrected.")
    assert corrections(sent) == []
    correct(sent, slip="yes")
    assert corrections(sent) == [(approval.user(), "")]
    assert "a slip, of which readers are not told" in shown(sent)


def test_what_readers_see_already_is_not_corrected_again(sent: Studio) -> None:
    """A second press says so, and leaves neither a note nor a line in the history."""
    seen = digest(sent.show("/issues/2024-07?panel=review"))
    told = correct(sent, digest=seen, note=NOTE, slip="yes")
    assert told == "Nothing is corrected. Readers see it already as it is on this page."
    assert (corrections(sent), NOTE in sent.plan) == ([], False)


def test_what_nobody_has_seen_is_not_shown_to_readers(sent: Studio) -> None:
    """The page may have stood open while a colleague changed something else."""
    mend(sent)
    seen = digest(sent.show(PAGE))
    sent.write("issues/2024-07/issue.yaml", sent.plan.replace("What July brought", "Another subject"))
    assert correct(sent, digest=seen, note=NOTE).startswith("Nothing is corrected. The issue has changed since")
    assert (corrections(sent), NOTE in sent.plan) == ([], False)


def test_a_note_that_no_file_can_hold_is_told(sent: Studio) -> None:
    """And nothing of it is written."""
    mend(sent)
    before = sent.plan
    assert correct(sent, note="a\x07b").startswith(
        "The note contains the invisible control character U+0007 after “a”. Readers are told what was wrong. "
        "Delete it; if you cannot see it, type the text again."
    )
    assert (corrections(sent), sent.plan) == ([], before)


def test_the_note_waits_for_its_approval(sent: Studio) -> None:
    """It is a part of what is approved, so it is there first; then no field asks for it again."""
    mend(sent)
    sent.write("newsletter.toml", "approval = true\n" + SETTINGS)
    told = correct(sent, note=NOTE)
    assert told.startswith("Nothing is corrected without an approval.")
    assert corrections(sent) == []
    assert f"Readers are told: {NOTE}" in shown(sent)
    assert "What was wrong, for readers" not in shown(sent)
    sent.press("/issues/2024-07/approve", by="Anna Berg", digest=digest(sent.show("/issues/2024-07?panel=review")))
    correct(sent)
    assert corrections(sent) == [(approval.user(), NOTE)]


def test_what_has_not_left_is_not_corrected(studio: Studio) -> None:
    """It is taken back, mended and sent."""
    studio.write("people.csv", "email\nanna@example.org\n")
    people = str(studio.root / "people.csv")
    assert run(["-C", str(studio.root), "subscribers", "import", people, "--list", "monthly", "--yes"]) == 0
    later = ["send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "1"]
    assert run(["-C", str(studio.root), *later]) == 0
    assert "Something wrong in it?" not in studio.show(PAGE)
    page = studio.show("/issues/2024-07?panel=review")
    studio.press(CORRECT, digest=digest(page), note=NOTE, back=PAGE)
    assert studio.told(PAGE).startswith("Issue 2024-07 has not left yet, so there is nothing to correct.")
    assert NOTE not in studio.plan


def test_an_issue_that_cannot_be_built_still_has_its_report(sent: Studio) -> None:
    """What became of it is told; only correcting waits."""
    sent.write("issues/2024-07/issue.yaml", sent.plan.replace("What July brought", "For {nobody}"))
    page = sent.show(PAGE)
    assert "1 person when it began" in page
    assert CORRECT not in page
