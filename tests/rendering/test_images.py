"""Pictures: as large as their place needs, light, named by content, and refused with a place when they do harm."""

from __future__ import annotations

import hashlib
import io
import os
import random
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest
from PIL import Image, ImageCms, ImageStat

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.finding import Finding, Place, Severity
from newsletter.rendering.images import BUDGET, Pictures, look
from tests import factories as make

HERE = Place("issues/entries/news/a.md", 5, 8)


@pytest.fixture
def inline(tmp_path: Path) -> Workspace:
    """Return a workspace whose pictures travel inside the message."""
    (tmp_path / "issues" / "images").mkdir(parents=True)
    return make.workspace(tmp_path, images="inline")


@pytest.fixture
def save(inline: Workspace) -> Callable[..., bytes]:
    """Return a function that saves a picture as `images/a.<form>` and returns its bytes."""

    def saved(image: Image.Image, form: str = "png", **options: object) -> bytes:
        path = inline.issues / "images" / f"a.{form}"
        image.save(path, {"jpg": "JPEG"}.get(form, form.upper()), **options)
        return path.read_bytes()

    return saved


def noise(width: int, height: int) -> Image.Image:
    """Return a picture that no format can make small."""
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def fitted(workspace: Workspace, src: str, width: int) -> Image.Image:
    """Return a picture as a message carries it."""
    pictures = Pictures(workspace)
    pictures.address(src, width, HERE)
    (image,) = pictures.used
    return Image.open(io.BytesIO(image.data))


def refused(workspace: Workspace, src: str) -> Finding:
    """Return the finding that a picture is refused with."""
    with pytest.raises(RenderingError) as caught:
        Pictures(workspace).address(src, 300, HERE)
    (finding,) = caught.value.findings
    assert (finding.code, finding.severity, finding.place, finding.field) == ("REN003", Severity.ERROR, HERE, "image")
    assert finding.why == "readers would see a broken picture"
    return finding


def test_a_light_picture_of_the_right_size_stays_as_the_team_saved_it(
    inline: Workspace, save: Callable[..., bytes]
) -> None:
    """Every new encoding loses something."""
    data = save(Image.new("RGB", (600, 300), "#004b87"))
    pictures = Pictures(inline)
    name = hashlib.sha256(data).hexdigest()[:20] + ".png"
    assert pictures.address("images/a.png", 300, HERE) == f"cid:{name}@newsletter"
    assert [(image.name, image.media_type, image.data) for image in pictures.used] == [(name, "image/png", data)]


def test_a_picture_of_a_mac_is_shown_on_every_system(inline: Workspace, save: Callable[..., bytes]) -> None:
    """Its name is kept with accents of their own, and written in an entry without."""
    data = save(Image.new("RGB", (600, 300), "#004b87"))
    (inline.issues / "images" / normalize("NFD", "café.png")).write_bytes(data)
    src = normalize("NFC", "images/café.png")
    pictures, seen = Pictures(inline), look(inline, src)
    assert (pictures.is_there(src), seen.width if seen else 0) == (True, 600)
    pictures.address(src, 300, HERE)
    assert [image.data for image in pictures.used] == [data]


def test_a_large_photograph_becomes_twice_as_wide_as_its_place(inline: Workspace, save: Callable[..., bytes]) -> None:
    """Sharp where screens are, and no heavier than the budget."""
    save(noise(1600, 800), "jpg", quality=100)
    pictures = Pictures(inline)
    pictures.address("images/a.jpg", 300, HERE)
    (image,) = pictures.used
    assert image.media_type == "image/jpeg"
    assert len(image.data) <= BUDGET
    assert Image.open(io.BytesIO(image.data)).size == (600, 300)


def test_a_picture_that_is_all_grain_is_shown(inline: Workspace, save: Callable[..., bytes]) -> None:
    """In the best quality it would have more bytes than dots, and Pillow gives up on that."""
    save(noise(900, 500))
    shown = fitted(inline, "images/a.png", 300)
    assert (shown.format, shown.size) == ("JPEG", (600, 333))


def test_a_drawing_stays_a_drawing(inline: Workspace, save: Callable[..., bytes]) -> None:
    """Flat colours are lighter and sharper as PNG."""
    drawing = Image.new("RGB", (1600, 900), "#004b87")
    drawing.paste("#ffffff", (200, 200, 900, 700))
    save(drawing.quantize(16))
    pictures = Pictures(inline)
    pictures.address("images/a.png", 300, HERE)
    (image,) = pictures.used
    assert image.media_type == "image/png"


def test_transparency_is_kept(inline: Workspace, save: Callable[..., bytes]) -> None:
    """A logo stands on the letter's own ground, light or dark."""
    logo = noise(900, 300).convert("RGBA")
    logo.putalpha(120)
    save(logo)
    pictures = Pictures(inline)
    pictures.address("images/a.png", 160, HERE)
    (image,) = pictures.used
    assert (image.media_type, Image.open(io.BytesIO(image.data)).has_transparency_data) == ("image/png", True)


def test_a_camera_s_notes_do_not_travel(inline: Workspace, save: Callable[..., bytes]) -> None:
    """EXIF may hold where a photograph was taken, and its turn must not be lost with it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right
    exif[0x010F] = "Camera"
    save(Image.new("RGB", (400, 200), "#777777"), "jpg", exif=exif)
    pictures = Pictures(inline)
    pictures.address("images/a.jpg", 300, HERE)
    (image,) = pictures.used
    sent = Image.open(io.BytesIO(image.data))
    assert (sent.size, dict(sent.getexif())) == ((200, 400), {})


def test_what_other_programs_noted_does_not_travel(inline: Workspace, save: Callable[..., bytes]) -> None:
    """XMP holds the place and the names of the people as well, and a comment may hold anything."""
    place = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>48.2082N Alma Berger</x:xmpmeta>"
    noise(300, 200).save(inline.issues / "images" / "noted.jpg", xmp=place)
    noise(1500, 900).save(inline.issues / "images" / "large.jpg", xmp=place, comment=b"Alma Berger")
    pictures = Pictures(inline)
    for name in ("noted", "large"):
        pictures.address(f"images/{name}.jpg", 300, Place())
    assert [b"Alma" in picture.data for picture in pictures.used] == [False, False]


def test_the_colours_of_print_become_those_of_screens(inline: Workspace) -> None:
    """Some mail programs show a CMYK file in false colours."""
    Image.new("CMYK", (400, 300), (0, 255, 255, 0)).save(inline.issues / "images" / "a.jpg")
    shown = fitted(inline, "images/a.jpg", 300)
    assert shown.mode == "RGB"
    pixel = shown.getpixel((200, 150))
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    assert red > 200
    assert green < 90
    assert blue < 90


def test_the_colours_of_a_profile_become_those_of_screens(inline: Workspace) -> None:
    """A picture made smaller has no profile: what was red in the camera's colours is not red in those of screens."""
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = screen.replace(b"rXYZ", b"####", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"####", b"bXYZ", 1)
    picture = Image.new("RGB", (1200, 800), "#ff0000")
    picture.save(inline.issues / "images" / "phone.jpg", icc_profile=swapped, quality=95)
    small = fitted(inline, "images/phone.jpg", 300)
    mean = [round(value) for value in ImageStat.Stat(small).mean]
    assert ("icc_profile" in small.info, mean) == (False, [0, 0, 254])


def test_a_profile_of_other_colours_is_passed_over(inline: Workspace) -> None:
    """As viewers do: it says nothing of a picture in grey, and rubbish says nothing of any."""
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, profile in (("grey", screen), ("rubbish", b"\x00" * 600_000)):
        Image.new("L", (1200, 800), 128).save(inline.issues / "images" / f"{name}.jpg", icc_profile=profile)
        small = fitted(inline, f"images/{name}.jpg", 300)
        assert (small.mode, small.getpixel((300, 200))) == ("RGB", (128, 128, 128))


def test_sixteen_bits_of_grey_stay_grey(inline: Workspace) -> None:
    """A scanner's file: Pillow by itself would make all of it white."""
    grain = Image.effect_noise((1200, 800), 60)
    scanned = Image.frombytes("I;16", grain.size, b"".join(bytes((0, value)) for value in grain.tobytes()))
    scanned.save(inline.issues / "images" / "scan.png")
    small = fitted(inline, "images/scan.png", 300)
    assert (small.width, round(ImageStat.Stat(small.convert("L")).mean[0])) == (
        600,
        round(ImageStat.Stat(grain).mean[0]),
    )


def test_a_photograph_on_its_side_is_set_upright_however_large(inline: Workspace) -> None:
    """Cameras note how they were held; the notes are left out."""
    photograph = Image.new("RGB", (4000, 1000), "blue")
    notes = photograph.getexif()
    notes[274] = 6
    photograph.save(inline.issues / "images" / "a.jpg", exif=notes)
    assert fitted(inline, "images/a.jpg", 300).size == (600, 2400)


def test_a_changed_file_is_read_again(inline: Workspace, save: Callable[..., bytes]) -> None:
    """Otherwise the preview would show yesterday's picture."""
    save(Image.new("RGB", (10, 10), "#000000"))
    before = Pictures(inline).address("images/a.png", 300, HERE)
    save(Image.new("RGB", (20, 10), "#ffffff"))
    assert Pictures(inline).address("images/a.png", 300, HERE) != before


def test_a_copy_of_a_picture_is_not_worked_on_again(tmp_path: Path) -> None:
    """The issues that a change is compared with lie in another folder, with the same pictures."""
    (tmp_path / "now" / "issues").mkdir(parents=True)
    noise(1600, 800).save(tmp_path / "now" / "issues" / "a.png")
    shutil.copytree(tmp_path / "now", tmp_path / "then")
    now, then = (Pictures(make.workspace(tmp_path / name, images="inline")) for name in ("now", "then"))
    for pictures in (now, then):
        pictures.address("a.png", 300, HERE)
    assert now.used[0] is then.used[0]


def test_linked_pictures_lie_below_the_public_address(tmp_path: Path) -> None:
    """Readers fetch them from there, and the edition says which must be there."""
    workspace = make.workspace(tmp_path, public_url="https://news.example.org/")
    workspace.issues.mkdir()
    Image.new("RGB", (10, 10)).save(workspace.issues / "a.png")
    pictures = Pictures(workspace)
    (name,) = [Path(pictures.address("a.png", 300, HERE)).name for _ in range(1)]
    assert pictures.address("a.png", 300, HERE) == f"https://news.example.org/images/{name}"
    assert [image.name for image in pictures.used] == [name]


def test_a_picture_on_the_web_keeps_its_address(inline: Workspace) -> None:
    """Rendering never goes to the network."""
    pictures = Pictures(inline)
    assert pictures.address("https://www.example.org/a.png", 300, HERE) == "https://www.example.org/a.png"
    assert pictures.used == ()


def test_a_missing_picture_is_refused_at_its_place(inline: Workspace) -> None:
    """With the file and line of the entry that names it."""
    finding = refused(inline, "images/none.png")
    assert (finding.message, finding.fix) == (
        "there is no picture images/none.png",
        "put the file into issues/, or correct the name",
    )


def test_a_picture_outside_the_issues_folder_is_refused(inline: Workspace) -> None:
    """An entry must not send a file of the machine to all readers."""
    finding = refused(inline, "../../etc/passwd")
    assert finding.message == "the picture ../../etc/passwd lies outside issues/"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "images/a.png is not a picture that mails can show"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "images/a.png is an SVG drawing, which mails cannot show"),
        (b"%PDF-1.7 ", "images/a.png is a PDF, which mails cannot show"),
    ],
)
def test_what_is_no_picture_is_refused(inline: Workspace, data: bytes, message: str) -> None:
    """An SVG or an empty file would be a broken picture in most clients; a browser shows it, so what it is is told."""
    (inline.issues / "images" / "a.png").write_bytes(data)
    assert refused(inline, "images/a.png").message == message


@pytest.mark.parametrize("make_it", [Path.mkdir, getattr(os, "mkfifo", Path.mkdir)], ids=["folder", "pipe"])
def test_what_is_no_file_is_refused_and_not_opened(inline: Workspace, make_it: Callable[[Path], None]) -> None:
    """To open a pipe would wait for ever."""
    make_it(inline.issues / "images" / "a.png")
    assert refused(inline, "images/a.png").message == "images/a.png is no file"
    assert look(inline, "images/a.png") is None
    assert Pictures(inline).lost_on("images/a.png", "#ffffff") == 0


def test_a_picture_that_may_not_be_read_is_not_called_damaged(
    inline: Workspace, save: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be somebody else's; saving it again would mend nothing."""
    save(noise(20, 20))

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    finding = refused(inline, "images/a.png")
    assert (finding.message, finding.fix) == (
        "the picture images/a.png may not be read",
        "give yourself the right to read the file",
    )


def test_a_truncated_picture_is_refused(inline: Workspace, save: Callable[..., bytes]) -> None:
    """A download that broke off."""
    data = save(noise(200, 200))
    (inline.issues / "images" / "a.png").write_bytes(data[: len(data) // 2])
    assert refused(inline, "images/a.png").message.startswith("the picture images/a.png is damaged: ")


def test_a_decompression_bomb_is_refused_before_it_unfolds(inline: Workspace) -> None:
    """100,000 × 100,000 pixels in 70 bytes would take 30 GB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    (inline.issues / "images" / "a.png").write_bytes(bomb)
    assert refused(inline, "images/a.png").message == "the picture images/a.png has too many pixels"


def test_any_bytes_are_a_picture_or_our_error(inline: Workspace, save: Callable[..., bytes]) -> None:
    """Damage anywhere in a file is told in words."""
    chance = random.Random(2)
    outcomes = set()
    for form in ("png", "jpg", "gif", "webp"):
        data = save(noise(40, 30), form)
        path = inline.issues / "images" / f"a.{form}"
        for _ in range(60):
            damaged = bytearray(data)
            for _ in range(chance.randint(1, 6)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            path.write_bytes(damaged)
            try:
                Pictures(inline).address(f"images/a.{form}", 300, HERE)
                outcomes.add("shown")
            except RenderingError:
                outcomes.add("refused")
    assert outcomes == {"shown", "refused"}


def test_a_heavy_animation_goes_on_moving(inline: Workspace, save: Callable[..., bytes]) -> None:
    """Made smaller it would be a still picture; a rule tells what it weighs."""
    frames = [noise(700, 400), noise(700, 400).rotate(180)]
    data = save(frames[0], "gif", save_all=True, append_images=frames[1:])
    assert len(data) > BUDGET
    assert getattr(fitted(inline, "images/a.gif", 300), "n_frames", 1) == 2


def test_a_picture_that_a_camera_turned_is_looked_at_as_it_is_shown(
    inline: Workspace, save: Callable[..., bytes]
) -> None:
    """Otherwise rules would call an upright photograph flat."""
    turned = Image.Exif()
    turned[0x0112] = 6
    save(Image.new("RGB", (300, 200)), "jpg", exif=turned)
    known = look(inline, "images/a.jpg")
    assert known is not None
    assert (known.width, known.height) == (200, 300)
    assert Pictures(inline).at("images/a.jpg", 320, 180, HERE)[1] == 180
