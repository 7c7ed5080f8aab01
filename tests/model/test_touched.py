"""Which issues a change touches."""

from __future__ import annotations

from dataclasses import replace

from newsletter.model.outline import Outline
from newsletter.model.touched import touched
from tests.model import outlines as make


def issue(name: str, *entries: str, html: str = "", design: str = "x", **fields: str) -> Outline:
    """Return an issue with these entries."""
    section = make.section("News", *map(make.entry, entries))
    sender = {"sender": fields.get("sender", "us@example.org")}
    edition = make.edition(section, subject=fields.get("subject", "News"), html_digest=f"{html}{entries}{fields}")
    edition = replace(edition, language=fields.get("language", "en"))
    audience = {"lists": fields.get("lists", "monthly")}
    return make.outline(edition, issue=name, sender=sender, design=design, audience=audience)


def issues(**differing: Outline) -> dict[str, Outline]:
    """Return three issues, some of them as given: `may=…`."""
    known = {"may": "2024-05", "june": "2024-06", "july": "2024-07"}
    return {name: differing.get(month, issue(name, month)) for month, name in known.items()}


def test_nothing_touches_nothing() -> None:
    """A template that no reader sees is nothing."""
    assert touched(issues(), issues()) == []
    assert touched(issues(), issues(july=issue("2024-07", "july", design="y"))) == []


def test_an_issue_with_other_words_or_entries_is_touched() -> None:
    """Whether it is the newest or not; a new issue is."""
    changed = issues(may=issue("2024-05", "may", subject="Other"), june=issue("2024-06", "june", "more"))
    assert touched(issues(), changed) == ["2024-05", "2024-06"]
    assert touched(issues(), issues() | {"2024-08": issue("2024-08")}) == ["2024-08"]


def test_an_issue_with_another_picture_is_touched() -> None:
    """The HTML differs although neither words nor design nor sender do."""
    assert touched(issues(), issues(may=issue("2024-05", "may", html="other"))) == ["2024-05"]


def test_a_change_of_design_or_sender_shows_in_the_newest_issue() -> None:
    """All others would show the same; those with other words are shown too."""
    redesigned = {
        month: issue(name, month, html="y", design="y")
        for month, name in (("may", "2024-05"), ("june", "2024-06"), ("july", "2024-07"))
    }
    assert touched(issues(), issues(**redesigned)) == ["2024-07"]
    redesigned["may"] = issue("2024-05", "may", "more", design="y")
    assert touched(issues(), issues(**redesigned)) == ["2024-05", "2024-07"]
    resent = {
        month: issue(name, month, sender="other@example.org")
        for month, name in (("may", "2024-05"), ("june", "2024-06"))
    }
    assert touched(issues(), issues(**resent)) == ["2024-06"]


def test_the_tenth_issue_is_newer_than_the_ninth() -> None:
    """A change of design shows in the tenth; both stand in their order where both have other words."""
    before = {name: issue(name) for name in ("10", "9")}
    assert touched(before, {name: issue(name, html="y", design="y") for name in before}) == ["10"]
    assert touched(before, {name: issue(name, "more") for name in before}) == ["9", "10"]


def test_a_change_of_design_shows_in_the_newest_issue_of_each_letter() -> None:
    """One letter may be in English and weekly, and the other in Arabic; the same readers need not be shown twice."""

    def letters(design: str) -> dict[str, Outline]:
        weekly = {name: issue(name, design=design, html=design, lists="weekly") for name in ("2024-W30", "2024-W31")}
        monthly = {name: issue(name, design=design, html=design, language="ar") for name in ("2024-06", "2024-07")}
        earlier = {
            name: issue(name, design=design, html=design, lists="weekly") for name in ("2023-11-02", "2023-11-09")
        }
        return {**weekly, **monthly, **earlier}

    assert touched(letters("x"), letters("y")) == ["2024-07", "2024-W31"]
    assert touched({}, letters("x")) == ["2024-07", "2024-W31"]


def test_of_issues_that_broke_the_newest_is_shown() -> None:
    """So that the pull request says why; the others are likely to break for the same reason."""
    assert touched(issues(), {}, broken=["2024-05", "2024-06", "2024-07"]) == ["2024-07"]


def test_with_nothing_to_compare_the_newest_is_shown() -> None:
    """The first pull request of a newsletter brings all its issues."""
    assert touched({}, issues()) == ["2024-07"]
