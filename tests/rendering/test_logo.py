"""The sender's sign: never too wide, and on a ground that shows it."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from newsletter.config import Workspace
from newsletter.model.finding import Place
from newsletter.rendering import render
from tests import factories as make
from tests.rendering.page import parse
from tests.rendering.test_templates import html, refused


def test_a_logo_is_never_wider_than_the_words_below_it(workspace: Workspace) -> None:
    """Outlook would widen the letter for it, and any client for its words where pictures are off."""
    logo = {"src": "https://example.org/logo.png", "alt": "ICMPD", "width": 600}
    document = parse(html(render(make.selection(), make.workspace(workspace.root, brand={"logo": logo}), "en")))
    (image,) = document.find("img")
    assert image.attributes["width"] == "536"
    assert "width:100%;max-width:536px" in image.attributes["style"]


@pytest.mark.parametrize(
    ("size", "said", "width"),
    [
        ((600, 600), None, 92),
        ((600, 200), None, 160),
        ((2400, 240), None, 293),
        ((2400, 120), None, 320),
        ((120, 1600), None, 9),
        ((60, 60), None, 60),
        ((600, 600), 160, 160),
        ((600, 600), 400, 240),
        ((2400, 120), 160, 160),
    ],
)
def test_a_logo_has_the_room_that_its_shape_needs(
    workspace: Workspace, size: tuple[int, int], said: int | None, width: int
) -> None:
    """Of one width a square would be a poster, and a long name too small to read; the settings may say another."""
    (workspace.issues / "images").mkdir(parents=True)
    Image.new("RGB", size, "navy").save(workspace.issues / "images/logo.png")
    logo = {"src": "images/logo.png", "alt": "ICMPD"} | ({"width": said} if said else {})
    document = parse(html(render(make.selection(), make.workspace(workspace.root, brand={"logo": logo}), "en")))
    (image,) = document.find("img")
    assert image.attributes["width"] == str(width)


@pytest.mark.parametrize(
    ("letters", "ground", "dark", "plate"),
    [
        ("#111111", None, False, True),
        ("#111111", None, True, False),
        ("#111111", "#ffffff", False, False),
        ("#f2a900", None, False, False),
    ],
)
def test_a_logo_that_is_lost_in_the_dark_gets_a_plate(
    workspace: Workspace, letters: str, ground: str | None, dark: bool, plate: bool
) -> None:
    """Dark letters without a ground; not a sign with a ground of its own, a light one, or one for dark beside it."""
    (workspace.issues / "images").mkdir(parents=True)
    sign = Image.new("RGBA", (300, 100), ground or "#00000000")
    sign.paste(letters, (20, 20, 200, 80))
    sign.save(workspace.issues / "images/logo.png")
    logo = {"src": "images/logo.png", "alt": "ICMPD"} | ({"dark": "images/logo.png"} if dark else {})
    shown = html(render(make.selection(), make.workspace(workspace.root, brand={"logo": logo}), "en"))
    assert ('class="plate"' in shown, ".plate{background:#ffffff" in shown) == (plate, plate)
    # What stands there without the picture is read on the plate, too.
    assert (".plate{color:" in shown) == plate


@pytest.mark.parametrize(
    ("mark", "name", "icon", "plate"),
    [
        ("#f6a800", "#222222", "#f6a800", True),
        ("#f6a800", "#f6a800", "#222222", False),
        ("#f6a800", "#ffffff", "#222222", False),
    ],
)
def test_a_name_beside_a_bright_sign_is_seen_as_well(
    workspace: Workspace, mark: str, name: str, icon: str, plate: bool
) -> None:
    """By day a dark one stands on white, at night on a plate; what is dark inside of the sign itself is seen there."""
    (workspace.issues / "images").mkdir(parents=True)
    sign = Image.new("RGBA", (1200, 300))
    sign.paste(mark, (0, 0, 300, 300))
    sign.paste(icon, (60, 60, 240, 240))
    for stroke in range(360, 1180, 60):
        sign.paste(name, (stroke, 100, stroke + 12, 200))
    sign.save(workspace.issues / "images/logo.png")
    logo = {"src": "images/logo.png", "alt": "ICMPD"}
    shown = html(render(make.selection(), make.workspace(workspace.root, brand={"logo": logo}), "en"))
    assert ('class="plate"' in shown) == plate
    behind = re.findall(r"(?:background|background-color):(#[0-9a-f]{6})", shown[: shown.index('alt="ICMPD"')])
    assert behind[-1] == ("#ffffff" if name == "#222222" else "#1f4b6e")


@pytest.mark.parametrize(
    ("letters", "brand", "ground"),
    [
        ("#004b87", "#004b87", "#ffffff"),
        ("#ffffff", "#004b87", "#004b87"),
        ("#ffffff", "#ffd400", "#302f1a"),
        ("#ffd400", "#ffd400", "#302f1a"),
    ],
)
@pytest.mark.parametrize("theme", ["monthly", "bulletin"])
def test_a_logo_stands_on_a_ground_that_shows_it(
    workspace: Workspace, letters: str, brand: str, ground: str, theme: str
) -> None:
    """White on the masthead's colour, and where that is as bright, on the colour of dark words."""
    (workspace.issues / "images").mkdir(parents=True)
    sign = Image.new("RGBA", (300, 100))
    sign.paste(letters, (20, 20, 200, 80))
    sign.save(workspace.issues / "images/logo.png")
    settings = {"color": brand, "logo": {"src": "images/logo.png", "alt": "ICMPD"}}
    selection = make.selection(of=make.issue(theme=theme))
    shown = html(render(selection, make.workspace(workspace.root, brand=settings), "en"))
    behind = re.findall(r"(?:background|background-color):(#[0-9a-f]{6})", shown[: shown.index('alt="ICMPD"')])
    assert behind[-1] == ground
    # What stands there without the picture takes the band's quiet colour in the dark only where it is on the band.
    (sign_shown,) = re.findall(r'<img[^>]*alt="ICMPD"[^>]*>', shown)
    assert ('class="soft"' in sign_shown) == (ground == brand)


def test_the_logo_stands_above_the_masthead(workspace: Workspace) -> None:
    """With its alternative text, and with another one for the night."""
    logo = {"src": "https://example.org/logo.png", "alt": "ICMPD"}
    one, two = (
        parse(html(render(make.selection(), make.workspace(workspace.root, brand={"logo": brand}), "en"))).find("img")
        for brand in (logo, logo | {"dark": "https://example.org/night.png"})
    )
    assert [(image.attributes["alt"], image.attributes["width"]) for image in one] == [("ICMPD", "160")]
    assert [(image.attributes["src"], image.attributes["class"]) for image in two] == [
        ("https://example.org/logo.png", "logo"),
        ("https://example.org/night.png", "logo-dark"),
    ]


@pytest.mark.parametrize(
    ("size", "asked", "shown"), [((200, 900), 160, "53"), ((40, 20), 300, "40"), ((800, 200), 300, "300")]
)
def test_a_logo_is_no_larger_than_suits_it(workspace: Workspace, size: tuple[int, int], asked: int, shown: str) -> None:
    """A tall one would push the words away, and a small one would be blurred."""
    (workspace.issues / "images").mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "#004b87").save(workspace.issues / "images" / "logo.png")
    own = make.workspace(workspace.root, brand={"logo": {"src": "images/logo.png", "alt": "ICMPD", "width": asked}})
    (image,) = parse(html(render(make.selection(), own, "en"))).find("img")
    assert image.attributes["width"] == shown


def test_a_logo_that_is_missing_is_refused_where_it_is_set(workspace: Workspace) -> None:
    """In the settings."""
    own = make.workspace(workspace.root, brand={"logo": {"src": "images/logo.png", "alt": "ICMPD"}})
    _, finding = refused(own)
    assert (finding.message, finding.place) == ("there is no picture images/logo.png", Place("newsletter.toml"))


def test_a_mistake_in_the_logo_is_told_at_its_line(workspace: Workspace) -> None:
    """Of each of the two pictures."""
    logo = {"src": "https://example.org/a.png", "dark": "b.png", "alt": "ICMPD"}
    written = '[brand]\ncolor = "#004b87"\n[brand.logo]\nsrc = "https://example.org/a.png"\ndark = "b.png"\n'
    (workspace.root / "newsletter.toml").write_text(written, encoding="utf-8")
    _, finding = refused(make.workspace(workspace.root, brand={"logo": logo}))
    assert finding.place == Place("newsletter.toml", 5, 1)


@pytest.mark.parametrize(("ink", "section", "kind"), [("white", "band", "soft"), ("#101010", "surface", "plate")])
def test_a_logo_without_a_ground_shows_on_the_one_that_suits_it(
    workspace: Workspace, ink: str, section: str, kind: str
) -> None:
    """White letters on the masthead's colour, black ones at night on a light plate."""
    logo = Image.new("RGBA", (320, 80), "#00000000")
    logo.paste(ink, (40, 20, 280, 60))
    workspace.issues.mkdir(parents=True, exist_ok=True)
    logo.save(workspace.issues / "logo.png")
    own = make.workspace(workspace.root, brand={"color": "#004b87", "logo": {"src": "logo.png", "alt": "ICMPD"}})
    tree = parse(html(render(make.selection(), own, "en")))
    (image,) = tree.find("img")
    assert image.attributes["class"] == kind
    grounds = [one for one in tree.find("div") if one.attributes.get("class") in {"band", "surface"}]
    assert grounds[0].attributes["class"] == section
