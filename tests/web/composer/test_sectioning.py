from __future__ import annotations

import re
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


def test_what_somebody_else_has_said_of_a_section_meanwhile_stays(studio: Studio) -> None:
    """Whoever limits a section sends the words below its heading along, as they were on the page."""
    page = studio.show(PAGE)
    shown = dict(re.findall(r'name="(was\.\w+)" value="([^"]*)"', page[: page.index('value="save"')]))
    assert shown == {"was.heading": "News", "was.limit": "", "was.layout": "", "was.order": ""}
    assert '<textarea name="was.intro" hidden' in page
    theirs = PLAN.replace("take: news}", "take: news, intro: From the field}")
    studio.write("issues/2024-07/issue.yaml", theirs)
    fields = {name.replace("was.", "f."): value for name, value in shown.items()} | {"f.intro": "", "was.intro": ""}
    studio.press(f"{PAGE}/section", do="save", section="0", was="News", back=PAGE, **shown | fields | {"f.limit": "1"})
    assert studio.plan == theirs.replace("From the field}", "From the field, limit: 1}")
    mine = {"was.limit": "1", "f.limit": "1", "f.intro": "Mine"}
    studio.press(f"{PAGE}/section", do="save", section="0", was="News", back=PAGE, **shown | fields | mine)
    assert studio.told(PAGE) == (
        "The section “News” is not changed. Somebody else has changed its words below the heading since the page was "
        "shown. Look at it again, then change what you meant."
    )
    assert studio.plan == theirs.replace("From the field}", "From the field, limit: 1}")
