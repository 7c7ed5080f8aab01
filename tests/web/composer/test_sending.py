"""The last step: the sentence of the command line, a number to type, and a process of its own that sends."""

from __future__ import annotations

import html
import re
import time

import pytest

from newsletter import config, sending, store
from newsletter.web.composer import desk
from tests.sending import resend_server
from tests.sending.mail_server import serving
from tests.waiting import until
from tests.web.composer.studio import PEOPLE, SETTINGS, Studio, command, subscribed
from tests.web.composer.test_reviewing import digest

PAGE = "/issues/2024-07?panel=send"
REPORT = "/issues/2024-07?panel=report"
SEND = "/issues/2024-07/send"
STEER = "/issues/2024-07/mailing"


def shown(page: str, mark: str = 'id="panel-') -> str:
    """Return what a page says from a mark on, without its markup."""
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page[page.index(mark) :])).split())
    return words.replace(" .", ".")


def state(studio: Studio) -> str:
    """Return how the newest mailing stands, without making a database where there is none."""
    space = config.load(studio.root)
    if not store.has_database(space):
        return ""
    with store.open_database(space) as database:
        found = sending.mailings_of(database, "2024-07")
        return str(found[0].state) if found else ""


def addresses(studio: Studio) -> list[str]:
    """Return to whom messages lie in the outbox."""
    letters = (studio.root / ".newsletter/outbox/2024-07").glob("*.eml")
    return sorted(re.search(rb"(?m)^To: (\S+)\r?$", letter.read_bytes())[1].decode() for letter in letters)  # type: ignore[index]


def hidden(page: str) -> dict[str, str]:
    """Return what the form that sends has in it beside the number."""
    form = page[page.index(SEND) :]
    return dict(re.findall(r'<input type="hidden" name="(digest|seen|at|first)" value="([^"]*)">', form))


def confirm(studio: Studio, page: str = PAGE, **fields: str) -> str:
    """Type the number that a page asks for, press the button, and return what is told then."""
    asked = studio.show(page)
    count = re.search(r'<label for="count">Type (\d+) to', asked)
    assert count
    studio.press(SEND, **{**hidden(asked), "count": count[1], "back": page, **fields})
    return studio.told(REPORT)


def test_the_checks_know_at_once_that_an_issue_has_left(ready: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can join it any more, and readers have what another issue shows again, though no file has changed."""
    monkeypatch.setattr(desk, "_MOMENT", 0.0)
    ready.write("issues/entries/calls/tender.md", "---\ntitle: T\ndate: 2024-07-10\ndeadline: 2024-08-30\n---\n")
    ready.write("issues/2024-08/issue.yaml", ready.plan.replace("2024-07", "2024-08") + "pin: [wells]\n")
    checks = ("/issues/2024-07?panel=checks", "/issues/2024-08?panel=checks")
    before = [shown(ready.show(page)) for page in checks]
    command(ready, "send", "2024-07", "--yes", "--expect", "4")
    after = [shown(ready.show(page)) for page in checks]
    no_section, had = "is of these days and in no issue", "readers have had wells in issue 2024-07"
    assert [(no_section in july, had in august) for july, august in (before, after)] == [(True, False), (False, True)]
    # While the ledger cannot be asked, what it has said holds.
    for file in (ready.root / ".newsletter").glob("newsletter.db*"):
        file.write_bytes(b"x" * 5000)
    assert had in shown(ready.show(checks[1]))


def test_a_ledger_that_lets_wait_is_asked_less_often(ready: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server out of reach answers after ten seconds that it does not, and every page would wait for that."""
    asked = []

    def ask(space: config.Workspace) -> None:
        asked.append(space.root)
        time.sleep(0.3)

    monkeypatch.setattr(desk, "_MOMENT", 0.0)
    monkeypatch.setattr(desk, "_mailings", ask)
    for _ in range(2):
        ready.show("/issues/2024-07?panel=checks")
    assert len(asked) == 1


def test_the_sentence_is_that_of_the_command_line(ready: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    """One question, asked of the ledger once; who is left out, and what somebody may not expect, stands below it."""
    command(ready, "subscribers", "unsubscribe", "ben@example.org", "--list", "monthly")
    capsys.readouterr()
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--canary", "2", "--dry-run")
    said = capsys.readouterr().err.splitlines()
    sentence, left_out = said[0], said[1]
    notes = [line.removeprefix("note: ") for line in said if line.startswith("note: ")]
    page = ready.show(f"{PAGE}&at=2031-01-05T09:00&first=2")
    assert sentence == (
        "“What July brought” goes to 3 people on Monthly newsletter, from Our organisation <news@example.org>, through "
        "outbox, on Sunday 5 January 2031, 09:00 Europe/Vienna. The first 2 get it then, the others after your word."
    )
    assert sentence in shown(page)
    assert left_out == "  left out: 1, reason: unsubscribed"
    assert "1 left out: unsubscribed" in shown(page)
    assert len(notes) == 1
    assert f"▲ {notes[0][:1].upper()}{notes[0][1:]}.".replace("`", "") in shown(page)
    assert "Type 3 to schedule it" in shown(page)


def test_what_was_typed_sends_by_a_process_of_its_own(anywhere: Studio) -> None:
    """The studio answers at once, and everybody gets it once."""
    assert "Type 4 to send it" in shown(anywhere.show(PAGE))
    assert confirm(anywhere) == "It is being sent."
    until(lambda: state(anywhere) == "sent")
    assert addresses(anywhere) == [f"{name}@example.org" for name in PEOPLE]
    page = shown(anywhere.show(REPORT))
    assert "Accepted the provider has taken the message 4 100.0%" in page
    assert "nothing is left to send" in shown(anywhere.show(PAGE))
    assert 'name="count"' not in anywhere.show(PAGE)


@pytest.mark.parametrize("typed", ["", "3", "four", "-4", "44"])
def test_another_number_sends_nothing(ready: Studio, typed: str) -> None:
    """Neither a slip nor an empty field is a yes."""
    told = confirm(ready, count=typed)
    assert told.startswith("Nothing is sent.")
    assert (state(ready), addresses(ready)) == ("", [])


def test_a_number_with_its_thousands_is_the_same_number(ready: Studio) -> None:
    """As people copy it from the sentence."""
    confirm(ready, count=" 4 ")
    until(lambda: state(ready) == "sent")


def test_what_has_changed_since_is_not_sent(ready: Studio) -> None:
    """The number is a yes to what stood on the page, and to nothing else."""
    seen = digest(ready.show(PAGE))
    ready.write("issues/2024-07/issue.yaml", ready.plan.replace("What July brought", "Another subject"))
    told = confirm(ready, digest=seen)
    assert told.startswith("Nothing is sent. The issue has changed since the page was shown")
    subscribed(ready, "emil")
    ready.press(SEND, digest=digest(ready.show(PAGE)), at="", first="", count="4")
    assert ready.told().startswith("Nothing is sent. 5 people would get it, and what was typed is “4”.")
    assert state(ready) == ""


def test_looking_sends_nothing(ready: Studio) -> None:
    """Addresses are opened again by browsers, and by whoever has them in the history."""
    for address in (PAGE, f"{PAGE}&at=&first=1", f"{SEND}?count=4", f"{STEER}?do=resume"):
        ready.browser.get(address)
    assert (state(ready), addresses(ready)) == ("", [])


def test_that_the_outbox_sends_nothing_is_said_where_sending_is(ready: Studio) -> None:
    """It is what a new newsletter has."""
    told = "▲ Through outbox nobody gets an email, and the issue counts as sent all the same; provider in the settings"
    assert told in shown(ready.show(PAGE))
    assert "Nothing leaves for a minute" not in shown(ready.show(PAGE))


def test_what_stands_in_the_way_is_told_with_the_way_there(studio: Studio) -> None:
    """Instead of a button that would be refused."""
    assert 'There are no subscribers yet. <a href="/readers">Import them</a>' in studio.show(PAGE)
    subscribed(studio, *PEOPLE)
    studio.write("newsletter.toml", "approval = true\n" + SETTINGS)
    page = studio.show(PAGE)
    assert 'Nobody has approved it yet. <a href="/issues/2024-07?panel=review">Approve it</a>' in page
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("lists: [monthly]", "lists: []"))
    assert "It goes to no list yet." in shown(studio.show(PAGE))
    studio.write("issues/entries/news/wells.md", studio.read("issues/entries/news/wells.md").replace("Twelve", "TODO"))
    page = studio.show(PAGE)
    assert re.search(
        r'The checks find \d errors?\. <a href="/issues/2024-07\?panel=checks">Mend what they find</a>', page
    )
    studio.write("issues/2024-07/issue.yaml", "title: [")
    assert "The issue cannot be built yet." in shown(studio.show(PAGE))
    studio.press(SEND, digest="", at="", first="", count="4")
    assert studio.told().startswith("Nothing is sent.")
    assert state(studio) == ""


def test_without_the_approval_nothing_is_sent(ready: Studio) -> None:
    """The form may have stood open from before."""
    ready.write("newsletter.toml", "approval = true\n" + SETTINGS)
    page = ready.show("/issues/2024-07?panel=review")
    ready.press(SEND, digest=digest(page), at="", first="", count="4")
    assert ready.told() == "Nothing is sent. Nobody has approved it yet. Approve it."
    ready.press("/issues/2024-07/approve", by="Anna Berg", digest=digest(page))
    confirm(ready)
    until(lambda: state(ready) == "sent")
    # What is in the way of the others does not hide that it was sent.
    ready.write("issues/2024-07/issue.yaml", ready.plan.replace("What July brought", "What July left"))
    page = ready.show(PAGE)
    assert 'It was sent before: <a href="/issues/2024-07?panel=report">what became of it</a>.' in page
    assert "Before it can be sent to those who have not got it" in page


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("at=2020-01-01T09:00", "Wednesday 1 January 2020, 09:00 Europe/Vienna is over. Choose a time to come"),
        ("at=tomorrow", "choose a day and a time"),
        ("first=many", "“many” is no number of people. Write one, such as 50, or nothing."),
        ("first=0", "“0” is no number of people."),
    ],
)
def test_a_wish_that_cannot_be_is_told(ready: Studio, wish: str, told: str) -> None:
    """A time that is over would mean at once, which nobody may have meant."""
    page = ready.show(f"{PAGE}&{wish}")
    assert told.casefold() in shown(page).casefold()
    assert 'name="count"' not in page


def test_the_planned_time_is_what_is_offered(ready: Studio) -> None:
    """What the plan says is not sent at once by the first button."""
    ready.write("issues/2024-07/issue.yaml", ready.plan + "send_at: 2031-02-03T08:30\n")
    page = ready.show(PAGE)
    assert "on Monday 3 February 2031, 08:30 Europe/Vienna." in shown(page)
    assert 'name="at" value="2031-02-03T08:30"' in page
    at_once = shown(ready.show(f"{PAGE}&at="))
    assert "Type 4 to send it" in at_once
    assert "correct “Goes out” under Words first if that is wrong, or choose that time at “Not before” to" in at_once


def test_a_planned_second_is_kept(ready: Studio) -> None:
    """The field shows minutes, and what leaves is what the sentence meant."""
    ready.write("issues/2024-07/issue.yaml", ready.plan + "send_at: 2031-10-26T02:30:30+01:00\n")
    confirm(ready)
    with store.open_database(config.load(ready.root)) as database:
        (mailing,) = sending.mailings_of(database, "2024-07")
        assert str(mailing.begins_at) == "2031-10-26 01:30:30+00:00"
        sending.stop(database, mailing.id, "stopped by the test", mailing.started_at)


def test_the_first_few_get_it_and_the_others_after_a_word(ready: Studio) -> None:
    """Which is one press, and nobody gets it twice."""
    confirm(ready, f"{PAGE}&at=&first=1")
    until(lambda: state(ready) == "paused")
    page = shown(ready.show(REPORT))
    assert "The first one has it; look at theirs before the others get it. Send it to the others" in page
    assert len(addresses(ready)) == 1
    until(lambda: "Nobody" not in shown(ready.show(REPORT)))
    ready.press(STEER, do="resume", back=REPORT)
    assert ready.told(REPORT).startswith("Nothing was done.")
    ready.press(STEER, do="others", back=REPORT)
    until(lambda: state(ready) == "sent")
    assert addresses(ready) == [f"{name}@example.org" for name in PEOPLE]


def test_those_who_joined_since_get_it_too(ready: Studio) -> None:
    """And nobody else: the sentence says so."""
    confirm(ready)
    until(lambda: state(ready) == "sent")
    subscribed(ready, "emil")
    page = shown(ready.show(PAGE))
    assert "goes to 1 person on Monthly newsletter who has not got it yet" in page
    confirm(ready)
    until(lambda: len(addresses(ready)) == 5)


def test_people_have_a_minute_to_take_it_back(ready: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where messages reach readers nothing leaves at once; pausing, going on and stopping are presses."""
    with serving(resend_server.ResendServer()) as server:
        monkeypatch.setenv("RESEND_KEY", resend_server.API_KEY)
        ready.write(
            "newsletter.toml",
            f'provider = "main"\n{SETTINGS}\n[providers.main]\nkind = "resend"\nbase_url = "{server.url}"\n'
            'api_key_env = "RESEND_KEY"\n',
        )
        assert re.fullmatch(r"Nothing leaves before \d\d:\d\d:\d\d; until then you can take it back\.", confirm(ready))
        assert re.search(r"Nothing leaves before \d\d:\d\d:\d\d\. Take it back", shown(ready.show(REPORT)))
        ready.press(STEER, do="pause", back=REPORT)
        assert ready.told(REPORT) == "It is paused. Calls that are under way come to their end."
        assert re.search(r"Paused by \S+\. Go on", shown(ready.show(REPORT)))
        ready.press(STEER, do="stop", back=REPORT)
        assert "Nothing has left: it can be mended, and sent again." in shown(ready.show(REPORT))
        assert server.accepted == {}


def test_a_key_that_is_missing_is_told_before_anything_begins(ready: Studio) -> None:
    """And not to a process that nobody listens to."""
    ready.write(
        "newsletter.toml",
        f'provider = "main"\n{SETTINGS}\n[providers.main]\nkind = "resend"\napi_key_env = "NO_SUCH_KEY"\n',
    )
    assert "NO_SUCH_KEY" in shown(ready.show(PAGE))
    assert state(ready) == ""


def test_deeds_that_make_no_sense_are_told(ready: Studio) -> None:
    """A page may stand open while a colleague has done it."""
    ready.press(STEER, do="pause", back=REPORT)
    assert ready.told().startswith("Issue 2024-07 has not been sent.")
    ready.press(STEER, do="reconcile", back=REPORT)
    assert ready.told().startswith("Of nobody it is unknown any more.")
    ready.press(STEER, do="explode", back=REPORT)
    assert ready.told().startswith("'explode' is nothing that can be done with a mailing.")


def test_through_whom_it_goes_is_a_part_of_what_was_seen(ready: Studio) -> None:
    """The number stands for the whole sentence, and the settings are no part of the issue."""
    asked = dict(re.findall(r'<input type="hidden" name="(digest|seen)" value="([^"]*)">', ready.show(PAGE)))
    ready.write("newsletter.toml", f'provider = "null"\n{SETTINGS}')
    ready.press(SEND, **asked, at="", first="", count="4")
    assert ready.told().startswith("Nothing is sent. What stands above the number is another sentence now")
    assert state(ready) == ""


def test_an_old_page_sends_nothing_to_those_who_joined_since(ready: Studio) -> None:
    """It spoke of everybody, and there happen to be as many who have not got it yet."""
    old = ready.show(PAGE)
    confirm(ready)
    until(lambda: state(ready) == "sent")
    subscribed(ready, "emil", "fay", "gina", "hugo")
    asked = dict(re.findall(r'<input type="hidden" name="(digest|seen)" value="([^"]*)">', old))
    ready.press(SEND, **asked, at="", first="", count="4")
    assert ready.told().startswith("Nothing is sent. What stands above the number is another sentence now")
    assert len(addresses(ready)) == 4


def test_first_ones_who_are_everybody_are_told_beforehand(ready: Studio) -> None:
    """Nobody is left who would wait for a word."""
    page = shown(ready.show(f"{PAGE}&at=&first=4"))
    assert "after your word" not in page
    assert "The first 4 are everybody, so nobody waits until you have looked." in page


def test_what_everybody_was_refused_goes_to_them_again(studio: Studio) -> None:
    """Nothing has left, and yet it was sent, so it goes to the rest; also where that was taken back."""
    subscribed(studio, "über")
    command(studio, "send", "2024-07", "--yes", "--expect", "1")
    assert "It was sent before: what became of it. Some have not got it" in shown(studio.show(PAGE))
    command(studio, "send", "2024-07", "--rest", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "1")
    studio.press(STEER, do="stop", back=REPORT)
    assert "The others have not got it: send it to them" in shown(studio.show(REPORT))
    assert "goes to 1 person on Monthly newsletter" in shown(studio.show(PAGE))


def test_of_whom_nobody_can_tell_is_asked_after_a_stop_too(ready: Studio) -> None:
    """Those who were still to come get it from another mailing, and these from none."""
    confirm(ready)
    until(lambda: state(ready) == "sent")
    with store.open_database(config.load(ready.root)) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailings SET state = 'stopped', reason = 'stopped by Ana'")
        connection.exec_driver_sql("UPDATE deliveries SET state = 'pending'")
        connection.exec_driver_sql("UPDATE deliveries SET state = 'unknown' WHERE subscriber_id = 1")
    page = shown(ready.show(REPORT))
    assert "The others have not got it: send it to them." in page
    assert "Of 1 person nobody can tell whether they have it." in page
    assert "Ask the provider" in page


def test_before_sending_a_page_speaks_of_its_own_fields(ready: Studio) -> None:
    """Of days to come, of an issue that was forgotten, and of what comes twice; a terminal has other words for it."""
    command(ready, "send", "2024-07", "--yes", "--expect", "4")
    for name in ("2098-12", "2099-01"):
        more = "" if name == "2098-12" else "pin: [wells]\n"
        plan = ready.plan.replace("period: 2024-07", f"period: {name}")
        ready.write(f"issues/{name}/issue.yaml", f"{plan}{more}")
    command(ready, "approve", "2099-01", "--by", "Anna Berg")
    page = shown(ready.show("/issues/2099-01?panel=send&at=2099-01-10T09:00"))
    assert "or let “Days that it covers” under Words end on 2099-01-10, so that the next issue begins there." in page
    assert "tick “from where the last issue ended” under Words of this one." in page
    assert "Readers have had wells in issue 2024-07." in page
    checks = ready.show("/issues/2099-01?panel=checks")
    assert 'href="/issues/2099-01#in-wells"' in checks[checks.index("<code>CNS012</code>") :]
