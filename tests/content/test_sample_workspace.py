"""This repository's own workspace, which shows what the product does."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from newsletter import config, content, pipeline

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def space() -> config.Workspace:
    """The workspace of this repository."""
    return config.load(ROOT, {})


def test_the_sample_has_no_finding(space: config.Workspace) -> None:
    """What we show as an example is without a mistake."""
    assert content.load(space).findings == ()


def test_july_shows_what_it_should(space: config.Workspace) -> None:
    """The issue of the facts we were given, section by section."""
    selection = pipeline.choose(space, "2024-07", content.load(space))
    assert {section.plan.heading: [entry.id for entry in section.entries] for section in selection.sections} == {
        "Featured study of the month": ["eu-asylum-policy-since-2020"],
        "Lead stories": ["resource-centres-iraq-pakistan", "2024-07-26-border-communities"],
        "News": ["2024-07-23-emlink-start-ups", "2024-07-19-mediterranean-forum", "2024-07-15-diaspora-youth"],
        "Open calls": ["2024-07-25-diaspora-innovation-hub"],
        "Events": ["2024-07-22-summer-school"],
        "Where we work": ["bomca", "emlink", "migrant-resource-centres"],
        "In figures": [
            "figure-ongoing-projects",
            "figure-countries",
            "figure-border-projects",
            "figure-border-funding",
            "figure-start-ups",
        ],
    }


def test_august_leaves_out_what_july_has_shown(space: config.Workspace) -> None:
    """Repeats are recognised by id and by address, and a call by its deadline."""
    selection = pipeline.choose(space, "2024-08", content.load(space))
    assert [entry.id for section in selection.sections[:2] for entry in section.entries] == [
        "2024-08-19-send-us-your-dates",
        "2024-08-12-about-the-featured-study",
        "khartoum-thematic-meeting",
    ]
    assert {left.id: (str(left.reason), left.detail) for left in selection.out} == {
        "2024-07-15-diaspora-youth": ("already_featured", "in issue 2024-07"),
        "2024-07-19-mediterranean-forum": ("already_featured", "in issue 2024-07"),
        "2024-07-22-summer-school": ("already_featured", "in issue 2024-07"),
        "2024-07-23-emlink-start-ups": ("already_featured", "in issue 2024-07"),
        "2024-07-25-diaspora-innovation-hub": (
            "past_deadline",
            "closed on 2024-07-31; the issue leaves on 2024-09-02 09:00",
        ),
        "2024-07-26-border-communities": ("already_featured", "in issue 2024-07"),
        "2024-08-20-border-communities-again": (
            "already_featured",
            "in issue 2024-07, as 2024-07-26-border-communities with the same link",
        ),
        "eu-asylum-policy-since-2020": ("already_featured", "in issue 2024-07"),
        "resource-centres-iraq-pakistan": ("already_featured", "in issue 2024-07"),
    }


def test_every_link_leads_to_a_reserved_name(space: config.Workspace) -> None:
    """A sample must not send anybody to a page that is not ours to write about."""
    addresses = {entry.url for entry in content.load(space).entries if entry.url}
    assert {address for address in addresses if not address.startswith("https://www.example.org/")} == set()


def test_every_address_of_the_sample_list_is_reserved() -> None:
    """A send in earnest must not reach anybody."""
    with (ROOT / "issues" / "subscribers.csv").open(encoding="utf-8", newline="") as file:
        domains = {row["address"].partition("@")[2] for row in csv.DictReader(file)}
    assert {
        name for name in domains if not name.endswith((".example", "example.org", "example.com", "example.net"))
    } == set()
