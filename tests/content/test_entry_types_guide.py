"""The guide to entry types, executed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsletter import config, content, pipeline
from newsletter.cli.app import run
from newsletter.errors import ContentError
from newsletter.model.entry import SHIPPED_TYPES
from newsletter.model.shape import names

GUIDE = Path(__file__).parents[2] / "docs" / "entry-types.md"
VALUES = {"unsubscribe_url": "https://news.example.org/u", "view_url": "https://news.example.org/v"}
BLOCK = re.compile(r"^```\w+ title=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def example(tmp_path: Path) -> config.Workspace:
    """The guide's example as a workspace."""
    for name, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return config.load(tmp_path, {})


def test_the_type_of_the_guide_is_read_and_checked(example: config.Workspace) -> None:
    """A team's own type is read like a shipped one."""
    read = content.load(example)
    assert read.findings == ()
    (episode,) = read.entries
    assert episode.model_dump(include={"id", "type", "audio", "minutes", "guests"}) == {
        "id": "2024-07-10-voices",
        "type": "podcast",
        "audio": "https://www.example.org/podcasts/voices.mp3",
        "minutes": 24,
        "guests": ("First Guest", "Second Guest"),
    }


def test_a_mistake_in_a_field_of_their_own_is_told_in_plain_words(example: config.Workspace) -> None:
    """Fields that a team adds are explained as well as shipped ones."""
    path = example.entries / "podcasts" / "2024-07-10-voices.md"
    path.write_text(
        path.read_text().replace("minutes: 24", "minutes: 0\nguest: One").replace("audio: https", "audio: htp")
    )
    told = [(str(finding.place), finding.message, finding.fix) for finding in content.load(example).findings]
    file = "issues/entries/podcasts/2024-07-10-voices.md"
    assert told == [
        (
            f"{file}:6:8",
            "`audio`: 'htp://www.example.org/podcasts/voices.mp3' is not a web address; it begins with https://",
            "open the page in a browser and copy its address",
        ),
        (f"{file}:7:10", "`minutes` is 0; it must be 1 or more", "write 1 or more"),
        (
            f"{file}:8:1",
            "`guest` is not a field here",
            "delete the line, or put what it says into `guests`, which is written already",
        ),
    ]


def test_the_partial_templates_of_the_guide_show_their_own_fields(example: config.Workspace) -> None:
    """A partial template gets the entry with the team's own fields."""
    (edition,) = pipeline.build(example, "2024-07").editions
    line = "24 minutes with First Guest and Second Guest"
    assert line in edition.html.fill(VALUES).decode()
    assert line in edition.text.fill(VALUES).decode()


@pytest.fixture
def tours(example: config.Workspace) -> config.Workspace:
    """The guide's example with the tours of the guide, two of them, and an issue that takes them by their start."""
    settings, issue = example.root / "newsletter.toml", example.issues / "2024-07" / "issue.yaml"
    settings.write_text(settings.read_text() + 'tour = "tours:Tour"\n\n', encoding="utf-8")
    settings.write_text('public_url = "https://news.example.org"\n' + settings.read_text(), encoding="utf-8")
    section = "  - {heading: Guided tours, take: tour, order: start}\n"
    issue.write_text(issue.read_text() + section + "send_at: 2024-08-01T07:00\n", encoding="utf-8")
    for name, start in (("a-late", "2024-08-20T18:00"), ("b-early", "2024-08-06T18:00")):
        path = example.entries / "tours" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        fields = f"title: {name}\ndate: 2024-07-02\nstart: {start}\nprice: 7.5\nmeeting_point: Main gate\n"
        path.write_text(f"---\n{fields}url: https://www.example.org/{name}\n---\n", encoding="utf-8")
    return config.load(example.root, {})


def test_what_is_made_from_an_event_is_sorted_and_shown_like_one(tours: config.Workspace) -> None:
    """The first to come stands first, with its time, its calendar file and, beside these, its own fields."""
    (edition,) = pipeline.build(tours, "2024-07").editions
    html, text = edition.html.fill(VALUES).decode(), edition.text.fill(VALUES).decode()
    shown = text[text.index("GUIDED TOURS") :]
    assert shown.index("b-early\n6 August 2024, 18:00\u00a0CEST\n") < shown.index(
        "a-late\n20 August 2024, 18:00\u00a0CEST\n"
    )
    assert "2 July 2024" not in shown
    assert (text.count(".ics"), html.count("7.50 €\u00a0· Main gate")) == (2, 2)
    assert len(set(re.findall(r'href="[^"]+\.ics"', html))) == 2


@pytest.mark.parametrize("layout", ["hero", "cards", "story", "list"])
def test_what_is_made_from_an_event_has_its_calendar_file_in_every_layout(tours: config.Workspace, layout: str) -> None:
    """As an event has."""
    issue = tours.issues / "2024-07" / "issue.yaml"
    issue.write_text(issue.read_text().replace("order: start", f"order: start, layout: {layout}"), encoding="utf-8")
    (edition,) = pipeline.build(tours, "2024-07").editions
    assert len(set(re.findall(r'href="[^"]+\.ics"', edition.html.fill(VALUES).decode()))) == 2


@pytest.fixture
def talks(example: config.Workspace) -> config.Workspace:
    """The guide's example with the talk of the guide, alone in its section."""
    settings, issue = example.root / "newsletter.toml", example.issues / "2024-07" / "issue.yaml"
    settings.write_text(settings.read_text() + 'talk = "talks:Talk"\n', encoding="utf-8")
    issue.write_text(issue.read_text() + "  - {heading: Talks, take: talk, layout: list}\n", encoding="utf-8")
    path = example.entries / "talks" / "rivers.md"
    path.parent.mkdir()
    fields = "title: Rivers\ndate: 2024-07-02\nminutes: 1500\nspeaker: Ana Example\ncountries: [AT]\n"
    path.write_text(f"---\n{fields}url: https://www.example.org/rivers\n---\n", encoding="utf-8")
    return config.load(example.root, {})


@pytest.mark.parametrize("layout", ["hero", "cards", "story", "list", "map", "figures"])
def test_what_a_class_says_of_its_entries_stands_in_every_layout(talks: config.Workspace, layout: str) -> None:
    """And in plain text, as the language writes it."""
    issue = talks.issues / "2024-07" / "issue.yaml"
    plan = issue.read_text().replace("layout: list", f"layout: {layout}") + "languages: [en, de]\n"
    issue.write_text(plan, encoding="utf-8")
    for edition, number in zip(pipeline.build(talks, "2024-07").editions, ("1,500", "1.500"), strict=True):
        html, text = edition.html.fill(VALUES).decode(), edition.text.fill(VALUES).decode()
        assert f"{number} min" in html
        assert f"{number} min" in text
        assert "Ana Example" in html


@pytest.mark.parametrize("given", ["'24 minutes'", "(24,)", "None"])
def test_what_is_no_texts_is_told_at_the_line_of_the_class(talks: config.Workspace, given: str) -> None:
    """A text alone would be shown letter by letter."""
    code = talks.root / "talks.py"
    line = '        return (f"{words.number(self.minutes)} min", self.speaker)\n'
    code.write_text(code.read_text().replace(line, f"        return {given}\n"), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        pipeline.build(talks, "2024-07")
    (finding,) = caught.value.findings
    assert (finding.place.file, "`more_facts` gives" in finding.message) == ("talks.py", True)


def test_facts_that_are_a_property_are_told_at_the_line_of_the_class(talks: config.Workspace) -> None:
    """As `starts` and `closes` are; nobody could hand it the words of a language."""
    code = talks.root / "talks.py"
    method = "    def more_facts(self, words: Words) -> tuple[str, ...]:\n"
    own = "    @property\n    def more_facts(self) -> tuple[str, ...]:\n        return (self.speaker,)\n"
    code.write_text(code.read_text().partition(method)[0] + own, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        pipeline.build(talks, "2024-07")
    (finding,) = caught.value.findings
    assert (finding.place.file, "`more_facts` is a property" in finding.message) == ("talks.py", True)


def test_a_class_made_from_another_one_adds_to_its_facts(talks: config.Workspace) -> None:
    """However it hands the words on."""
    more = "        return (*super().more_facts(words=words), 'recorded')\n"
    code = talks.root / "talks.py"
    own = "class Talk(Recorded):\n    def more_facts(self, words: Words) -> tuple[str, ...]:\n" + more
    code.write_text(f"{code.read_text().replace('class Talk(', 'class Recorded(')}\n\n{own}", encoding="utf-8")
    (edition,) = pipeline.build(talks, "2024-07").editions
    assert "Ana Example · recorded" in " ".join(edition.text.fill(VALUES).decode().split())


def test_words_of_a_field_of_their_own_are_translated(tours: config.Workspace) -> None:
    """By a class of translations that has the field, too."""
    path = tours.entries / "tours" / "a-late.md"
    translated = "translations: {de: {title: Spät, meeting_point: Haupttor}}\n---\n"
    path.write_text(path.read_text().removesuffix("---\n") + translated, encoding="utf-8")
    issue = tours.issues / "2024-07" / "issue.yaml"
    issue.write_text(issue.read_text() + "languages: [en, de]\n", encoding="utf-8")
    html = pipeline.build(tours, "2024-07", languages=["de"]).editions[0].html.fill(VALUES).decode()
    assert (html.count("7,50 €\u00a0· Haupttor"), html.count("7,50 €\u00a0· Main gate")) == (1, 1)


def test_a_type_that_says_when_it_starts_is_sorted_by_that_and_shows_it(tours: config.Workspace) -> None:
    """Although it is made from no shipped type; the day of its publication would mislead."""
    (tours.root / "tours.py").write_text(
        (tours.root / "tours.py").read_text()
        + "\n\nfrom newsletter.model.entry import Entry\nfrom newsletter.model.fields import Start\n\n\n"
        "class Tour(Entry):\n    type: Literal['tour'] = 'tour'\n    start: Start\n    price: float\n"
        "    meeting_point: Line\n\n    @property\n    def starts(self):\n        return self.start\n",
        encoding="utf-8",
    )
    (tours.root / "templates" / "entries" / "tour.mjml.j2").unlink()
    (edition,) = pipeline.build(tours, "2024-07").editions
    html, text = edition.html.fill(VALUES).decode(), edition.text.fill(VALUES).decode()
    shown = text[text.index("GUIDED TOURS") :]
    assert shown.index("b-early\n6 August 2024, 18:00\u00a0CEST\n") < shown.index(
        "a-late\n20 August 2024, 18:00\u00a0CEST\n"
    )
    assert re.findall(r">(\d+)</p><p[^>]*>Aug<", re.sub(r"\s*\n\s*", "", html)) == ["6", "20"]


def test_the_row_of_the_guide_can_be_read_by_day_and_by_night(
    example: config.Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever copies the example does not begin with words that dark mode hides."""
    run(["-C", str(example.root), "lint", "2024-07", "--output-format", "json"])
    codes = [finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert [code for code in codes if code.startswith("ACC")] == []


def test_the_guide_names_every_field() -> None:
    """A field that is not in the guide is a field that nobody finds."""
    guide = GUIDE.read_text(encoding="utf-8")
    written = set().union(*map(names, SHIPPED_TYPES)) - {"type"}
    assert {name for name in written if f"`{name}`" not in guide} == set()
