"""Pictures of an issue in all its modes, each beside the earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from newsletter.preview.modes import DESKTOP, Mode, document, modes_of
from newsletter.preview.page import Page
from newsletter.preview.pictures import Camera, Exposure, Picture
from newsletter.preview.pixels import compare
from newsletter.preview.states import Preview, Shot


def shoot(camera: Camera, previews: Sequence[Preview], *, full: int = 1) -> tuple[Preview, ...]:
    """Return previews with their pictures, all taken in one go; what looks the same is taken once.

    The first `full` issues are shown in all modes, the others and themes that are tried on on a desktop alone.
    """
    exposures: dict[Exposure, int] = {}

    def exposed(page: Page, mode: Mode, sender: str) -> int:
        exposure = Exposure(document(page, mode, sender=sender), mode)
        return exposures.setdefault(exposure, len(exposures))

    wanted = []
    for number, preview in enumerate(previews):
        base = preview.base.state if preview.base else None
        earlier = {page.name: page for page in base.pages} if base else {}
        for place, page in enumerate(preview.state.pages if preview.state else ()):
            alone = bool(preview.theme) or number >= full
            for mode in (DESKTOP,) if alone else modes_of(page, first=place == 0):
                then = earlier.get(page.name)
                before = exposed(then, mode, base.sender) if base and then else None
                wanted.append(_Wanted(number, page.name, mode, exposed(page, mode, _sender(preview)), before))
    pictures = camera.take(list(exposures))
    with ThreadPoolExecutor() as pool:
        shots = list(pool.map(lambda one: (one.preview, _shot(one, pictures)), wanted))
    return tuple(
        replace(preview, shots=tuple(shot for owner, shot in shots if owner == number))
        for number, preview in enumerate(previews)
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A shot by the numbers of its preview and of its pictures."""

    preview: int
    page: str
    mode: Mode
    after: int
    before: int | None


def _sender(preview: Preview) -> str:
    return preview.state.sender if preview.state else ""


def _shot(wanted: _Wanted, pictures: Sequence[Picture]) -> Shot:
    after = pictures[wanted.after]
    before = None if wanted.before is None else pictures[wanted.before]
    difference = compare(before.image, after.image) if before else None
    return Shot(wanted.page, wanted.mode, after, before, difference)
