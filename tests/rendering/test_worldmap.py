"""The map picture: which countries stand out, and the same bytes each time."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image

from newsletter.model.country import COUNTRIES
from newsletter.rendering.world import world
from newsletter.rendering.worldmap import HEIGHT, WIDTH, MapColors, draw

COLORS = MapColors(water="#eef3f7", land="#d3dde6", border="#ffffff", highlight="#004b87")
HIGHLIGHT = (0, 75, 135)


def picture(*codes: str) -> Image.Image:
    """Return the map of these countries."""
    return Image.open(io.BytesIO(draw(codes, COLORS))).convert("RGB")


def highlighted(image: Image.Image) -> int:
    """Return how many pixels have exactly the highlight's colour."""
    return sum(count for count, color in image.getcolors(1 << 24) or [] if color == HIGHLIGHT)


def test_the_same_countries_give_the_same_bytes() -> None:
    """Neither the order of the codes nor the run makes a difference."""
    assert draw(["KZ", "GE", "BE"], COLORS) == draw(["BE", "GE", "KZ", "KZ"], COLORS)


def test_the_picture_has_twice_the_pixels_of_its_place_and_stays_light() -> None:
    """1200 × 600 pixels, under 80 KB, for one country, for many and for none."""
    for codes in ([], ["MT"], ["KZ", "KG", "TJ", "TM", "UZ", "GE", "BE", "IQ", "PK"], sorted(COUNTRIES)):
        png = draw(codes, COLORS)
        assert Image.open(io.BytesIO(png)).size == (WIDTH, HEIGHT)
        assert len(png) < 80_000


def test_no_country_stands_out_unless_named() -> None:
    """The world without projects has no highlight."""
    assert highlighted(picture()) == 0


@pytest.mark.parametrize("code", sorted(COUNTRIES - {"AQ", "TF", "HM"}))
def test_every_country_can_be_seen(code: str) -> None:
    """Each code of ISO 3166-1 shows, the smallest as a dot; but for three without people: AQ, HM and TF."""
    assert code in world().countries or code in world().points


@pytest.mark.parametrize("code", ["MT", "LS", "RU", "FJ", "US", "GI", "XK"])
def test_small_enclosed_and_date_line_countries_are_highlighted(code: str) -> None:
    """An island, an enclave, three at the date line, and one that has only a point."""
    assert highlighted(picture(code)) > 100


@pytest.mark.parametrize(
    ("codes", "is_found"), [(["LU"], True), (["MT"], True), (["AT"], False), (["LU", "PL"], False)]
)
def test_what_nobody_would_find_has_a_ring(codes: list[str], is_found: bool) -> None:
    """A country of a few pixels alone on the map, seen on a phone; beside a larger one the eye is led there."""
    image = picture(*codes)
    seen = [(x, y) for x in range(WIDTH) for y in range(HEIGHT) if image.getpixel((x, y)) == HIGHLIGHT]
    middle = WIDTH / 2, HEIGHT / 2
    distances = sorted((x - middle[0]) ** 2 + (y - middle[1]) ** 2 for x, y in seen)
    gaps = [after**0.5 - before**0.5 for before, after in pairwise(distances)]
    assert (len(seen) < 3000 and max(gaps) > 4) is is_found


def test_an_unknown_code_is_left_out() -> None:
    """What cannot be drawn changes nothing; the alternative text still names it."""
    assert draw(["BE", "QQ"], COLORS) == draw(["BE"], COLORS)


def test_countries_around_the_date_line_are_seen_together() -> None:
    """Samoa and Fiji are neighbours; at both edges of the world nobody would know them as such."""
    image = picture("FJ", "WS", "TO")
    seen = [x for x in range(WIDTH) for y in range(HEIGHT) if image.getpixel((x, y)) == HIGHLIGHT]
    assert min(seen) > WIDTH / 8
    assert max(seen) < WIDTH * 7 / 8
    assert max(seen) - min(seen) > WIDTH / 10


def test_countries_all_around_the_world_keep_the_usual_view() -> None:
    """The world is turned only where that brings countries together; America stays on the left."""
    image = picture("FR", "JP", "US")
    parts = [highlighted(image.crop((left, 0, left + 400, HEIGHT))) for left in (0, 400, 800)]
    assert parts[0] > parts[1] > 100
    assert parts[0] > parts[2] > 100
