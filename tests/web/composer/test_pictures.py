from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.web.composer.studio import BASE, Studio


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
