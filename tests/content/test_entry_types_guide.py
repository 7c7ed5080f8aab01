"""The guide to entry types, executed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsletter import config, content, pipeline
from newsletter.cli.app import run
from newsletter.model.entry import SHIPPED_TYPES
from newsletter.model.shape import names

GUIDE = Path(__file__).parents[2] / "docs" / "entry-types.md"
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
    values = {"unsubscribe_url": "https://news.example.org/u", "view_url": "https://news.example.org/v"}
    assert line in edition.html.fill(values).decode()
    assert line in edition.text.fill(values).decode()


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
