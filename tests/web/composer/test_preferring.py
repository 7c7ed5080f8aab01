"""What somebody prefers, changed on their page in the studio for whoever asks by phone."""

from __future__ import annotations

import html
import re

import pytest

from newsletter import audience, config, store
from tests.audience.people import states
from tests.web.composer.studio import SETTINGS, Studio
from tests.web.composer.test_readers import look_up, told
from tests.web.composer.test_reviewing import cli

ANNA = "email,name,language,topics\nanna@example.org,Anna Berg,de,borders\n"


@pytest.fixture
def known(lists: Studio) -> Studio:
    """The same, with somebody on the first list."""
    lists.write("people.csv", ANNA)
    cli(lists, "subscribers", "import", str(lists.root / "people.csv"), "--list", "monthly")
    return lists


def form(page: str) -> dict[str, str]:
    """Return the form as a browser would send it."""
    text = page[page.index('id="prefer"') : page.index("</form>", page.index('id="prefer"'))]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    fields["pause"] = re.findall(r'name="pause" type="date" value="([^"]*)"', text)[0]
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', text):
        fields[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    ticked = re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)" id="[^"]+" checked', text)
    return {name: html.unescape(value) for name, value in fields.items()} | dict(ticked)


def held(studio: Studio) -> tuple[object, ...]:
    """Return what Anna prefers."""
    with store.open_database(config.load(studio.root)) as database:
        found = audience.show(database, "anna@example.org")
    return found["language"], found["topics"], found["frequency"], found["paused_until"]


def test_what_somebody_asks_for_is_changed_and_told(known: Studio) -> None:
    """Language, topics, how often, a pause; consent stays as it was."""
    known.write("newsletter.toml", known.read("newsletter.toml") + '\n[readers]\nlanguages = ["en", "fr"]\n')
    path = look_up(known, "anna@example.org")
    page = known.show(path)
    shown = form(page)
    assert ('<option value="fr">French</option>' in page, shown["language"], shown["had.topics"]) == (
        True,
        "de",
        "borders",
    )
    with store.open_database(config.load(known.root)) as database:
        before = states(database)
    known.press(f"{path}/prefer", **shown | {"language": "fr", "frequency": "quarterly", "pause": "2099-01-15"})
    assert known.told(path) == "Changed: language, how often and pause."
    assert held(known) == ("fr", ["borders"], "quarterly", "2099-01-14T23:00:00+00:00")
    assert re.search(r"Preferences</th><td>changed on [^<]+ \(by hand, in the composer\)</td>", known.show(path))
    shown = form(known.show(path))
    assert (shown["pause"], shown["frequency"]) == ("2099-01-15", "quarterly")
    known.press(f"{path}/prefer", **{name: value for name, value in shown.items() if not name.startswith("topic.")})
    assert known.told(path) == "Changed: topics."
    assert held(known) == ("fr", None, "quarterly", "2099-01-14T23:00:00+00:00")
    known.press(f"{path}/prefer", **form(known.show(path)))
    assert known.told(path) == "They had it so already; nothing changed."
    with store.open_database(config.load(known.root)) as database:
        assert states(database) == before


def test_what_they_change_themselves_meanwhile_stays(known: Studio) -> None:
    """The page was open when the reader chose: only what was changed on it is done."""
    path = look_up(known, "anna@example.org")
    shown = form(known.show(path))
    assert cli(known, "subscribers", "prefer", "anna@example.org", "--language", "fr", "--everything").returncode == 0
    known.press(f"{path}/prefer", **shown | {"frequency": "monthly"})
    assert held(known) == ("fr", None, "monthly", None)


def test_a_day_that_is_over_is_told_below_the_form_and_what_was_typed_stays(known: Studio) -> None:
    """The form stays open, and nothing is changed."""
    path = look_up(known, "anna@example.org")
    answer = known.press(f"{path}/prefer", **form(known.show(path)) | {"pause": "2024-01-01", "language": ""})
    assert (answer.status_code, told(answer)) == (
        422,
        "A pause until 2024-01-01 is over already. Name a day that is still to come.",
    )
    assert '<details class="more" id="preferences" open>' in answer.text
    assert (form(answer.text)["pause"], form(answer.text)["language"]) == ("2024-01-01", "")
    assert held(known) == ("de", ["borders"], "every issue", None)


def test_who_is_no_reader_has_nothing_to_change(known: Studio) -> None:
    """A press that comes after they were erased names them nowhere."""
    path = look_up(known, "anna@example.org")
    shown = form(known.show(path))
    cli(known, "subscribers", "erase", "anna@example.org", "--yes")
    assert known.press(f"{path}/prefer", **shown | {"language": "fr"}).headers["location"] == path
    assert 'id="prefer"' not in known.show(path)
    assert "anna@" not in known.show("/")


def test_the_command_says_what_has_changed(studio: Studio) -> None:
    """And refuses what contradicts itself, or says nothing."""
    studio.write("newsletter.toml", SETTINGS)
    studio.write("people.csv", ANNA)
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    command = ("subscribers", "prefer", "anna@example.org")
    done = cli(studio, *command, "--frequency", "quarterly", "--topic", "Work", "--topic", "borders")
    told, note = done.stderr.splitlines()
    assert (done.returncode, told) == (0, "anna@example.org: topics and how often changed")
    assert note.startswith("note: nothing here has the topic “work”: ")
    assert cli(studio, *command, "--frequency", "quarterly").stderr.endswith("has it so already; nothing changed\n")
    assert held(studio) == ("de", ["borders", "work"], "quarterly", None)
    for wrong in ([], ["--everything", "--topic", "x"], ["--no-pause", "--pause-until", "2099-01-01"]):
        assert cli(studio, *command, *wrong).returncode == 2
