from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.web.composer.studio import BASE, WELLS, Studio

FILE = "issues/entries/news/wells.md"


def picture(form: str = "PNG", color: str = "red") -> bytes:
    """Return a small picture."""
    buffer = BytesIO()
    Image.new("RGB", (40, 30), color).save(buffer, form)
    return buffer.getvalue()


def keep(studio: Studio, name: str, data: bytes) -> tuple[int, str]:
    """Choose a picture from the computer."""
    answer = studio.browser.post("/pictures", params={"name": name}, content=data, headers={"Origin": BASE})
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("name", "form", "path"),
    [
        ("Well in May.PNG", "PNG", "images/well-in-may.png"),
        ("photo.jpeg", "JPEG", "images/photo.jpg"),
        ("../../evil.png", "PNG", "images/evil.png"),
        ("C:\\Users\\Anna\\Ärger.gif", "GIF", "images/arger.gif"),
        ("", "PNG", "images/untitled.png"),
        ("page.html", "PNG", "images/page.png"),
        ("Aux.png", "PNG", "images/picture-aux.png"),
    ],
)
def test_a_picture_lies_beside_the_others_under_a_plain_name(studio: Studio, name: str, form: str, path: str) -> None:
    """Its name says what it is, leads nowhere else, and ends as its content does."""
    data = picture(form)
    assert keep(studio, name, data) == (200, path)
    assert studio.files()[f"issues/{path}"] == data


def test_no_picture_takes_the_place_of_another(studio: Studio) -> None:
    """The same one again is the same file; another one gets a number."""
    assert keep(studio, "well.png", picture()) == (200, "images/well.png")
    assert keep(studio, "well.png", picture()) == (200, "images/well.png")
    assert keep(studio, "well.png", picture(color="blue")) == (200, "images/well-2.png")
    assert studio.files()["issues/images/well.png"] == picture()


@pytest.mark.parametrize(("mode", "ending"), [("RGB", "jpg"), ("RGBA", "png")])
def test_a_picture_made_for_web_sites_becomes_one_that_mails_show(studio: Studio, mode: str, ending: str) -> None:
    """AVIF is what many web sites hand out; turned as the camera held it, and without what it tells of the place."""
    Image.init()
    if "AVIF" not in Image.SAVE:
        pytest.skip("THIS PILLOW KNOWS NO AVIF")
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = BytesIO()
    Image.new(mode, (40, 30), (255, 0, 0, 99)[: len(mode)]).save(buffer, "AVIF", exif=exif)
    assert keep(studio, "well.avif", buffer.getvalue()) == (200, f"images/well.{ending}")
    assert keep(studio, "well.avif", buffer.getvalue()) == (200, f"images/well.{ending}")
    with Image.open(studio.root / f"issues/images/well.{ending}") as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG" if mode == "RGB" else "PNG", (30, 40), {})


IPHONE = "Save it as JPEG; an iPhone takes JPEG itself under Settings, Camera, Formats, Most Compatible."


@pytest.mark.parametrize(
    ("data", "told"),
    [
        *((data, "not a picture that mails can show. Save it as PNG or JPEG.") for data in (b"", b"GIF89a")),
        (picture()[:40], "not a picture that mails can show. Save it as PNG or JPEG."),
        (
            b"<svg onload=alert(1)>",
            "an SVG drawing, which mails cannot show. Save it as PNG, twice as wide as it is to be seen.",
        ),
        (b"%PDF-1.7", "a PDF, which mails cannot show. Save the page as PNG or JPEG; the whole file can be linked to."),
        (b"II*\0\x08", "a TIFF picture, which mails cannot show. Save it as JPEG."),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", f"a HEIC photo, which mails cannot show. {IPHONE}"),
    ],
)
def test_what_is_no_picture_is_refused(studio: Studio, data: bytes, told: str) -> None:
    """Nothing is written; what people take for a picture is called by its name, with the way to one."""
    before = studio.files()
    status, said = keep(studio, "x.png", data)
    assert (status, said) == (422, f"This is {told}")
    assert studio.files() == before


def test_a_picture_that_cannot_be_written_is_told_in_plain_words(studio: Studio) -> None:
    """The browser shows the answer as it is, so it is no page."""
    studio.write("issues/images", "a file where the folder belongs")
    status, told = keep(studio, "well.png", picture())
    assert status == 500
    assert told.startswith("Images cannot be read or written. The system says: ")


@pytest.mark.parametrize("written", ["{src: images/wells.png}", "images/wells.png", "{src: images/wells.png, alt: W}"])
def test_a_picture_is_decoration_where_somebody_has_ticked_it(studio: Studio, written: str) -> None:
    """The file says so by an empty alternative text, the remark about a missing one offers it, and it is taken back."""
    assert keep(studio, "wells.png", picture()) == (200, "images/wells.png")
    studio.write(FILE, WELLS.replace("topics", f"image: {written}   # until 2027\ntopics"))
    alt = "W" if "alt" in written else ""
    said = {"f.image.src": "images/wells.png", "was.image.src": "images/wells.png"}
    offered = "Say under “What it shows” what the picture shows, or tick “Decoration” if it is nothing more."
    assert (offered in studio.show("/entries/wells?issue=2024-07")) is (written == "{src: images/wells.png}")
    assert not ticked(studio)
    tick = {"f.image.alt": alt, "was.image.alt": alt, "f.image.decoration": "true", "was.image.decoration": ""}
    assert studio.press("/entries/wells", **said | tick).status_code == 303
    assert 'image: {src: images/wells.png, alt: ""}   # until 2027\n' in studio.read(FILE)
    assert (studio.told("/entries/wells"), ticked(studio)) == ("Saved.", True)
    assert "IMG001" not in studio.show("/issues/2024-07?panel=checks")
    untick = {"f.image.alt": "", "was.image.alt": "", "was.image.decoration": "true"}
    assert studio.press("/entries/wells", **said | untick).status_code == 303
    assert "image: {src: images/wells.png}   # until 2027\n" in studio.read(FILE)
    assert not ticked(studio)
    assert 'href="/entries/wells?issue=2024-07#f-image-alt">Change it' in studio.show("/issues/2024-07?panel=checks")


def ticked(studio: Studio) -> bool:
    """Whether the form says that the picture is decoration."""
    box = re.search(r'<input type="checkbox" id="f-image-decoration"([^>]*)>', studio.show("/entries/wells"))
    assert box
    return " checked" in box[1]


def test_words_that_say_what_a_picture_shows_count_more_than_a_tick(studio: Studio) -> None:
    """They do no harm, and nobody has written them by accident; that the tick is gone is told."""
    assert keep(studio, "wells.png", picture()) == (200, "images/wells.png")
    studio.write(FILE, WELLS.replace("topics", 'image: {src: images/wells.png, alt: ""}\ntopics'))
    form = {"f.image.alt": "A well", "was.image.alt": "", "f.image.decoration": "true", "was.image.decoration": "true"}
    assert studio.press("/entries/wells", **form).status_code == 303
    assert "image: {src: images/wells.png, alt: A well}\n" in studio.read(FILE)
    assert studio.told("/entries/wells") == (
        "Saved. The picture is no decoration, because words say what it shows; to make it one, take them out."
    )


def test_what_a_colleague_says_of_a_picture_is_not_ticked_away(studio: Studio) -> None:
    """Who has ticked it has not read the words that stand there meanwhile."""
    written = WELLS.replace("topics", "image: {src: https://www.example.org/a.png, alt: A well}\ntopics")
    studio.write(FILE, written)
    form = {"f.image.alt": "", "was.image.alt": "", "f.image.decoration": "true", "was.image.decoration": ""}
    answer = studio.press("/entries/wells", **form)
    assert (answer.status_code, studio.read(FILE)) == (409, written)
    assert "Picture says there: <q>A well</q>" in answer.text
