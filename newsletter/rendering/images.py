"""Pictures as a mail can carry them: not larger than their place needs, named by what they show, safe to open."""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import isqrt
from pathlib import Path
from typing import NoReturn

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from newsletter.config import Logo, Workspace
from newsletter.errors import RenderingError
from newsletter.files import spelled
from newsletter.model.edition import InlineImage
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.picture import DAMAGED, MOST_BYTES, MOST_PIXELS, Picture, unshown
from newsletter.rendering.shades import Shades, shades

DENSITY = 2
"""Pixels for each CSS pixel: sharp on the screens that most people read on."""
BUDGET = 150_000
"""Bytes for one picture."""
_HIGHEST_LOGO = 240
"""CSS pixels."""
_USUAL_LOGO = 160
_LOGO_AREA = 160 * 54
"""What a sign of any shape covers where nobody has said how wide it is, but for those limits."""
_WIDEST_UNASKED, _HIGHEST_UNASKED = 320, 120
UNUSABLE = "REN003"
_ON_ITS_SIDE = 5
"""From this orientation on a camera's picture is shown turned by a quarter: Exif 2.32, tag 0x0112."""
_QUALITIES = (88, 82, 74, 64, 50)
_FORMS = ("PNG", "JPEG", "GIF", "WEBP")
_TYPES = {"PNG": ("png", "image/png"), "JPEG": ("jpg", "image/jpeg"), "GIF": ("gif", "image/gif")}

_MOST_MADE = 256
_made: dict[tuple[bytes, int, int], Fitted] = {}
"""What pictures have become, by what they hold: most of those that a change is compared with are the same ones."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture for its place, in CSS pixels."""

    file: InlineImage
    width: int
    height: int


def _by_name(files: dict[str, InlineImage]) -> tuple[InlineImage, ...]:
    return tuple(files[name] for name in sorted(files))


class Pictures:
    """The pictures of one edition: those that travel inside it, or those that its `public_url` must show."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.issues
        self._linked = workspace.settings.linked_images
        self._base = f"{(workspace.settings.public_url or '').rstrip('/')}/images/"
        self._used: dict[str, InlineImage] = {}
        self._offered: dict[str, InlineImage] = {}

    @property
    def used(self) -> tuple[InlineImage, ...]:
        """Every picture asked for so far, by name."""
        return _by_name(self._used)

    @property
    def inside(self) -> tuple[InlineImage, ...]:
        """The pictures that travel in the message."""
        return () if self._linked else self.used

    @property
    def hosted(self) -> tuple[InlineImage, ...]:
        """Every file asked for so far that `public_url` must show, by name."""
        return _by_name(self._used | self._offered) if self._linked else _by_name(self._offered)

    def address(self, src: str, width: int, place: Place) -> str:
        """Return the address under which a message shows a picture `width` CSS pixels wide.

        `src` is a path below the issues folder, or a web address, which is kept. Raises RenderingError at `place`.
        """
        return self.at(src, width, 0, place)[0]

    def at(self, src: str, width: int, upright: int, place: Place) -> tuple[str, int, int]:
        """Return that address, the width, and the height, which is 0 for a picture elsewhere: nobody has seen it here.

        The width is `upright` for a picture that is taller than wide, if that is not 0.
        """
        if src.startswith(("https://", "http://")):
            return src, width, 0
        fitted = self._fitted(src, width, upright, place)
        return self._add(fitted.file), fitted.width, fitted.height

    def is_there(self, src: str) -> bool:
        """Return whether `src` is a file; where it is none, whoever reads the entry tells it."""
        return os.path.isfile(spelled(str(self._folder), src))  # noqa: PTH113  as below

    def ground(self, src: str, grounds: Mapping[str, str]) -> str:
        """Return on which of `grounds`, colours by name, a picture of the team's own loses least: the first by default.

        One that brings its own ground loses nothing.
        """
        return min(grounds, key=lambda name: self.lost_on(src, grounds[name]))

    def lost_on(self, src: str, ground: str) -> float:
        """Return which share of it would not be seen on a ground, 0 to 1, such as a dark name beside a bright sign."""
        found = self._shades(src)
        return found.lost_on(ground) if found else 0

    def _shades(self, src: str) -> Shades | None:
        path = spelled(str(self._folder), src)
        try:
            status = os.stat(path)  # noqa: PTH116  as below
        except (OSError, ValueError):
            return None
        return (
            None
            if not stat.S_ISREG(status.st_mode)
            else _shades(path, self._folder, (status.st_mtime_ns, status.st_ino), status.st_size)
        )

    def logo_width(self, logo: Logo) -> int:
        """Return how wide a logo is shown: no larger than its file, and not so high that it pushes the words away.

        Of one width a square would be a poster, and a long name too small to read.
        """
        known = look(self._workspace, logo.src)
        if not known or not known.height:
            return logo.width or _USUAL_LOGO
        width = logo.width or min(isqrt(_LOGO_AREA * known.width // known.height), _WIDEST_UNASKED)
        highest = _HIGHEST_LOGO if logo.width else _HIGHEST_UNASKED
        return max(1, min(width, known.width, highest * known.width // known.height))

    def drawn(self, data: bytes) -> str:
        """Return the address under which a message shows a PNG that was drawn for it."""
        return self._add(_named(data, "PNG"))

    def offered(self, calendar: bytes) -> str:
        """Return the address below `public_url` under which readers fetch a calendar file, which no message shows."""
        file = InlineImage(f"{hashlib.sha256(calendar).hexdigest()[:20]}.ics", "text/calendar", calendar)
        self._offered[file.name] = file
        return self._hosted_address(file)

    def _add(self, picture: InlineImage) -> str:
        self._used[picture.name] = picture
        return self._hosted_address(picture) if self._linked else f"cid:{picture.content_id}"

    def _hosted_address(self, file: InlineImage) -> str:
        return self._base + file.name

    def _fitted(self, src: str, width: int, upright: int, place: Place) -> Fitted:
        path = spelled(str(self._folder), src)
        try:
            status = os.stat(path)  # noqa: PTH116  ten times faster than pathlib, for each picture at each rendering
            if not stat.S_ISREG(status.st_mode):
                _refuse(place, f"{src} is no file", "put the picture itself there, or correct the name")
            if status.st_size > MOST_BYTES:
                _refuse(place, f"the picture {src} has {status.st_size / 1e6:.0f} MB", "save it smaller, below 5 MB")
            # A changed file keeps neither its time nor its size: reading it again each time would cost more than MJML.
            changed = (status.st_mtime_ns, status.st_size, status.st_ino)
            return _fit(path, self._folder, changed, width, upright)
        except FileNotFoundError:
            if os.path.normpath(src).startswith(("..", "/")):
                self._refuse_outside(src, place)
            _refuse(
                place,
                f"there is no picture {src}",
                f"put the file into {self._workspace.settings.issues}/, or correct the name",
            )
        except _OutsideError:
            self._refuse_outside(src, place)
        except Image.DecompressionBombError:
            _refuse(place, f"the picture {src} has too many pixels", "save it at most 2000 pixels wide")
        except UnidentifiedImageError:
            kind, fix = unshown(Path(path).read_bytes())
            what = f"{kind}, which mails cannot show" if kind else "not a picture that mails can show"
            _refuse(place, f"{src} is {what}", fix)
        except PermissionError:
            _refuse(place, f"the picture {src} may not be read", "give yourself the right to read the file")
        except DAMAGED as error:
            _refuse(place, f"the picture {src} is damaged: {error}", "save it again as PNG or JPEG")

    def _refuse_outside(self, src: str, place: Place) -> NoReturn:
        folder = self._workspace.settings.issues
        _refuse(place, f"the picture {src} lies outside {folder}/", "copy it into that folder")


class _OutsideError(Exception):
    """A picture that does not lie in the issues folder."""


def look(workspace: Workspace, src: str) -> Picture | None:
    """Return what a picture file below the issues folder is like; nothing for a web address or what is no picture."""
    folder = workspace.issues.resolve()
    try:
        path = Path(spelled(str(folder), src)).resolve()
        status = path.stat()
    except (OSError, ValueError):
        # That it is not there is told by whoever reads the entry.
        return None
    # To open a pipe waits for somebody who writes into it.
    return (
        None
        if not (path.is_relative_to(folder) and stat.S_ISREG(status.st_mode))
        else _look(path, (status.st_mtime_ns, status.st_ino), status.st_size)
    )


@lru_cache(maxsize=1024)
def _look(path: Path, _changed: tuple[int, int], size: int) -> Picture | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMS) as image:
                frames = int(getattr(image, "n_frames", 1))
                colors = image.convert("RGB").getcolors(maxcolors=1) if frames > 1 else None
                blank = colors is not None
                width, height = _size(image)
                return Picture(image.format or "", width, height, size, frames, blank)
    # Rendering tells it, at the entry's line.
    except (*DAMAGED, Image.DecompressionBombError):
        return None


@lru_cache(maxsize=16)
def _shades(path: str, folder: Path, changed: tuple[int, int], size: int) -> Shades | None:
    found = Path(path).resolve()
    if not found.is_relative_to(folder.resolve()) or _look(found, changed, size) is None:
        return None
    try:
        with Image.open(found, formats=_FORMS) as image:
            return shades(image)
    # As above: rendering tells it.
    except DAMAGED:
        return None


@lru_cache(maxsize=256)
def _fit(path: str, folder: Path, _changed: tuple[int, int, int], width: int, upright: int) -> Fitted:
    found = Path(path).resolve()
    if not found.is_relative_to(folder.resolve()):
        raise _OutsideError
    source = found.read_bytes()
    key = hashlib.sha256(source).digest(), width, upright
    made = _made.get(key)
    if made is None:
        made = _make(source, width, upright)
        if len(_made) >= _MOST_MADE:
            _made.clear()
        _made[key] = made
    return made


def _make(source: bytes, width: int, upright: int) -> Fitted:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(BytesIO(source), formats=_FORMS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            across, down = _size(image)
            if upright and down > across:
                width = upright
            height = round(width * down / across)
            form = image.format or ""
            whole = _named(source, form) if _may_stay(image, form) else None
            # Made smaller, an animation would lose its movement: what it weighs is told by a rule.
            moves = form == "GIF" and getattr(image, "is_animated", False)
            fits = moves or (len(source) <= BUDGET and image.width <= width * DENSITY)
            # A photograph much larger than its place is read at half its size or less, and takes as much less memory.
            image.draft(None, (width * DENSITY, width * DENSITY))
            image.load()
            if whole and fits:
                return Fitted(whole, width, height)
            lightest = _lightest(ImageOps.exif_transpose(image), form, width * DENSITY, whole)
            return Fitted(lightest, width, height)


def _size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as a picture is shown."""
    turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= _ON_ITS_SIDE
    return (image.height, image.width) if turned else image.size


def _may_stay(image: Image.Image, form: str) -> bool:
    """Return whether a file may travel as it was saved: without a camera's notes, and not in the colours of print."""
    return form in _TYPES and image.mode != "CMYK" and (form == "GIF" or not (image.getexif() or "xmp" in image.info))


def _lightest(image: Image.Image, form: str, width: int, whole: InlineImage | None) -> InlineImage:
    """Return the picture at `width` pixels, or as it is where that weighs less."""
    drawing = image.mode == "P"
    clear = image.has_transparency_data
    image = _for_screens(image, "RGBA" if clear else "RGB")
    if image.width > width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    candidates = [whole] if whole else []
    if clear or drawing:
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        candidates.append(_named(_bytes(few, "PNG", optimize=True), "PNG"))
    if clear:
        candidates.append(_named(_bytes(image, "PNG", optimize=True), "PNG"))
    else:
        candidates.append(_photograph(image))
    # With the same weight the first wins: what the team saved, then what is sharper.
    return min(candidates, key=lambda candidate: len(candidate.data))


def _for_screens(image: Image.Image, mode: str) -> Image.Image:
    """Return the picture with eight bits a colour, in the colours that a file without a profile is shown in (sRGB)."""
    profile = image.info.pop("icc_profile", None)
    if image.mode.startswith("I"):
        # Pillow would cut sixteen bits of grey off at 255: all of it white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif mode == "RGBA" or image.mode not in {"CMYK", "L"}:
        image = image.convert(mode)
    if profile:
        from PIL import ImageCms

        try:
            wide, screen = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, wide, screen, outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            # A damaged profile, or one of other colours than the picture's: viewers pass over it as well.
            pass
    return image.convert(mode)


def _photograph(image: Image.Image) -> InlineImage:
    """Return a JPEG of the best quality that keeps the budget, or else of the least."""
    data = b""
    for quality in _QUALITIES:
        try:
            # Without chroma subsampling, because newsletters show diagrams and lettering more than skin and sky.
            data = _bytes(image, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True, comment=b"")
        except OSError:
            # Pillow gives up where grain makes more bytes than the picture has dots.
            if quality == _QUALITIES[-1]:
                raise
            continue
        if len(data) <= BUDGET:
            break
    return _named(data, "JPEG")


def _bytes(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def _named(data: bytes, form: str) -> InlineImage:
    extension, media_type = _TYPES[form]
    return InlineImage(f"{hashlib.sha256(data).hexdigest()[:20]}.{extension}", media_type, data)


def _refuse(place: Place, problem: str, fix: str) -> NoReturn:
    raise RenderingError(
        problem,
        findings=[
            Finding(
                UNUSABLE,
                Severity.ERROR,
                problem,
                place,
                why="readers would see a broken picture",
                fix=fix,
                field="image",
            )
        ],
    )
