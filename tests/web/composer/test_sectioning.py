from __future__ import annotations

from typing import Any

import pytest

from tests.web.composer.studio import PLAN, Studio

PAGE = "/issues/2024-07"


def press(studio: Studio, verb: str, number: int = 0, was: str = "News", **typed: str) -> str:
    """Press a button of a section and return what is said."""
    fields = {"f.heading": was, "f.intro": "", "f.limit": "", "f.layout": "", "f.order": ""}
    fields |= {f"f.{name}": value for name, value in typed.items()}
    studio.press(f"{PAGE}/section", do=verb, section=str(number), was=was, back=PAGE, **fields)
    return studio.told(PAGE)


def test_what_a_section_says_and_takes_is_changed_at_its_place(studio: Studio) -> None:
    """Every other line of the file stays."""
    assert press(studio, "save", heading="What happened: all of it", limit="1") == "The section “News” is changed."
    assert studio.plan == PLAN.replace(
        "{heading: News, take: news}", '{heading: "What happened: all of it", take: news, limit: 1}'
    )
    assert studio.entries() == ["wells"]
    assert press(studio, "save", was="What happened: all of it", limit="") != ""
    assert "limit" not in studio.plan


def test_sections_come_go_and_change_places(studio: Studio) -> None:
    """And each of that can be taken back."""
    assert press(studio, "down") == "The section “News” is moved."
    assert studio.plan.index("Studies") < studio.plan.index("heading: News")
    studio.press(f"{PAGE}/sections", heading="Open calls", take="call", back=PAGE)
    assert "  - heading: Open calls\n    take: call\n" in studio.plan
    assert press(studio, "remove", 0, "Studies") == "The section “Studies” is taken out."
    for _ in range(3):
        studio.press("/undo")
    assert studio.plan == PLAN


@pytest.mark.parametrize("typed", [{"limit": "many"}, {"limit": "-1"}, {"layout": "nothing"}, {"heading": " "}])
def test_what_a_section_cannot_be_is_not_written(studio: Studio, typed: dict[str, Any]) -> None:
    """The file stays usable."""
    assert press(studio, "save", **typed).startswith("issues/2024-07/issue.yaml is not changed.")
    assert studio.plan == PLAN


def test_a_section_that_was_changed_elsewhere_is_left_alone(studio: Studio) -> None:
    """Its number may be that of another one by now."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("heading: News", "heading: Other news"))
    before = studio.plan
    assert press(studio, "remove").startswith("Nothing is changed. The sections were changed elsewhere")
    for number in ("7", "-1", "x"):
        studio.press(f"{PAGE}/section", do="remove", section=number, was="News", back=PAGE)
    assert studio.plan == before
